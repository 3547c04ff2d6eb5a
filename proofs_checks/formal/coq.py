"""Compile the Coq proofs, write exact answers as theorems, and read which axioms were used."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

from radsim import Solution

__all__ = [
    "ALLOWED",
    "INSTALL",
    "LIBRARY",
    "ORDER",
    "PRELUDE",
    "STATEMENTS",
    "BuildError",
    "assumptions",
    "build",
    "build_edited",
    "compiler",
    "fingerprint",
    "instance",
    "needs",
    "without_comments",
]

HERE = Path(__file__).parent
INSTALL = "apt-get install -y --no-install-recommends coq"

# The project file that IDEs read: options of coqc, and the files in the order of their needs.
PROJECT = shlex.split((HERE / "_CoqProject").read_text(), comments=True)
ORDER = tuple(word.removesuffix(".v") for word in PROJECT if word.endswith(".v"))
OPTIONS = tuple(word for word in PROJECT if word != "-arg" and not word.endswith(".v"))
# What is to be audited: the games and what builds on them, one file a topic.
STATEMENTS = tuple(name for name in ORDER if name.endswith("Statements"))
# The name under which the files require each other.
LIBRARY = OPTIONS[OPTIONS.index("-Q") + 2]

# The axioms of Coq's real numbers (8.16), and nothing else.
ALLOWED = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)


class BuildError(Exception):
    """A file that Coq refused: its name and what Coq said."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}.v: {message}")
        self.name = name


def compiler() -> str | None:
    """Path of coqc; None where it is missing, an error where it must not be (CI)."""
    found = shutil.which("coqc")
    if found is None and os.environ.get("CI"):
        raise FileNotFoundError(f"coqc is missing: {INSTALL}")
    return found


def compile_file(folder: Path, name: str, *options: str) -> str:
    """Compile one file; what Coq printed, or BuildError."""
    # -q: no resource file of the user.
    command = ["coqc", "-q", *OPTIONS, *options, f"{name}.v"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        raise BuildError(name, run.stdout + run.stderr)
    return run.stdout


def build(folder: Path, targets: Sequence[str] = ORDER) -> None:
    """Compile files and what they need from nothing in `folder`; all files unless told.

    Two files at a time, each after those that it needs.  BuildError names the first file refused.
    """
    wanted = {*targets}.union(*map(needs, targets))
    order = [name for name in ORDER if name in wanted]
    for name in order:
        (folder / f"{name}.v").write_text((HERE / f"{name}.v").read_text())
    with ThreadPoolExecutor(2) as pool:
        started: dict[str, Future[str]] = {}
        for name in order:
            before = [started[need] for need in needs(name)]
            started[name] = pool.submit(_compile_after, before, folder, name)
        for name in order:
            started[name].result()


def _compile_after(before: list[Future[str]], folder: Path, name: str) -> str:
    # No deadlock: files start in the order of their needs, so the oldest that runs waits for none.
    for need in before:
        need.result()
    return compile_file(folder, name)


def build_edited(
    built: Path, folder: Path, edit: tuple[str, str], target: str, edited: str = "Statements"
) -> None:
    """Check the proofs of one file against an edited file of statements.

    What does not depend on the edit is taken from `built`, a folder that `build` filled; the rest
    of what `target` needs is read without its proofs.  Raises BuildError if a proof breaks, and
    ValueError if the old text of the edit is not there exactly once.
    """
    old, new = edit
    text = (HERE / f"{edited}.v").read_text()
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {edited}.v")
    needed = needs(target)
    for name in ORDER:
        if name not in needed | {target}:
            continue
        if name != edited and edited not in needs(name):
            (folder / f"{name}.vo").symlink_to(built / f"{name}.vo")
            continue
        source = text.replace(old, new) if name == edited else (HERE / f"{name}.v").read_text()
        (folder / f"{name}.v").write_text(source)
        compile_file(folder, name, "-vok" if name == target else "-vos")


def needs(name: str) -> set[str]:
    """Files of ours that a file requires, and those that they require."""
    text = (HERE / f"{name}.v").read_text()
    lines = re.findall(rf"^From {LIBRARY} Require (?:Import )?([\w ]+)\.$", text, flags=re.M)
    words = {word for line in lines for word in line.split()} & set(ORDER)
    return words.union(*(needs(word) for word in words))


def assumptions(folder: Path, names: tuple[str, ...]) -> frozenset[str]:
    """Axioms on which these theorems of Main.v rest; each is checked against its statement."""
    pairs = ", ".join(f"(Main.{name} : {name}_statement)" for name in names)
    files = " ".join((*STATEMENTS, "Main"))
    text = f"From {LIBRARY} Require Import {files}.\nDefinition audit := ({pairs}, I).\n"
    (folder / "Audit.v").write_text(text + "Print Assumptions audit.\n")
    printed = compile_file(folder, "Audit")
    # The type of an axiom is indented or follows a colon; its name starts the line.
    axioms = frozenset(re.findall(r"^([\w.']+)(?=\s+:)", printed, flags=re.M))
    if not axioms and "Closed under the global context" not in printed:
        raise BuildError("Audit", printed)
    return axioms


def without_comments(text: str) -> str:
    """A Coq source with a space for each comment."""
    while (bare := re.sub(r"\(\*(?:(?!\(\*|\*\)).)*\*\)", " ", text, flags=re.S)) != text:
        text = bare
    return text


def fingerprint(text: str) -> str:
    """SHA-256 of a Coq source without comments and layout."""
    return hashlib.sha256(" ".join(without_comments(text).split()).encode()).hexdigest()


def _rational(x: Fraction) -> str:
    return f"({x.numerator} # {x.denominator})"


def _list(values: list[Fraction]) -> str:
    return "(" + " :: ".join([*map(_rational, values), "nil"]) + ")%list"


PRELUDE = f"""
Require Import Reals QArith Qreals List.
From {LIBRARY} Require Import Statements.
From {LIBRARY} Require Main.
Open Scope R_scope.
"""


def instance(name: str, solution: Solution) -> str:
    """Coq source of a theorem: this exact answer is a saddle point of its capped game.

    The proof is a run of the verified `check`, so a wrong answer is refused.
    """
    game = solution.game
    g = [Fraction(x) for x in game.gains]
    h = [Fraction(x) for x in game.harms]
    q, l = list(solution.inclusion), list(solution.mistake_probabilities)
    m, b = Fraction(game.mistakes), Fraction(game.budget)
    # Any price proves something; the last bite that the teacher takes proves the most.
    bites = sorted((a * (c + d) for a, c, d in zip(q, g, h, strict=True)), reverse=True)
    tau = bites[int(m)] if m < len(bites) else Fraction(0)
    numbers = (solution.level, tau, solution.value)
    return f"""
Section {name}.
Let g : list Q := {_list(g)}.
Let h : list Q := {_list(h)}.
Let q : list Q := {_list(q)}.
Let l : list Q := {_list(l)}.
Theorem {name} :
  saddle (capped {game.n} (Q2R {_rational(b)})) (mistakes {game.n} (Q2R {_rational(m)}))
    (payoff {game.n} (real g) (stake (real g) (real h)))
    (real q) (real l) (Q2R {_rational(solution.value)}).
Proof.
  refine (Main.check_sound g h _ _ q l {" ".join(map(_rational, numbers))} _).
  vm_compute. reflexivity.
Qed.
End {name}.
"""
