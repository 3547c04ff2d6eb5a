"""Coq accepts every theorem, built from nothing, on the axioms of its real numbers alone."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from proofs_checks.formal import coq
from proofs_checks.formal.theorems import THEOREMS
from radsim import Game, solve
from radsim.game import Count

pytestmark = pytest.mark.skipif(coq.compiler() is None, reason=f"no coqc: {coq.INSTALL}")

SOURCES = sorted(coq.HERE.glob("*.v"))


def test_everything_is_built_from_nothing(built):
    folder, seconds = built
    print(f"coqc, {len(coq.ORDER)} files: {seconds:.1f} s")
    assert all((folder / f"{name}.vo").is_file() for name in coq.ORDER)


def test_coq_reads_the_project_file_as_the_build_does(tmp_path):
    """What an editor steps through, it finds by Coq's own reading of `_CoqProject`."""
    command = ["coq_makefile", "-f", str(coq.HERE / "_CoqProject"), "-o", "CoqMakefile"]
    subprocess.run(command, cwd=tmp_path, check=True)
    read = (tmp_path / "CoqMakefile.conf").read_text()
    found = dict(re.findall(r"^COQMF_(\w+) = *(.*?) *$", read, flags=re.M))
    assert found["VFILES"].split() == [f"{name}.v" for name in coq.ORDER]
    options = (*shlex.split(found["COQLIBS"]), *shlex.split(found["OTHERFLAGS"]))
    assert options == coq.OPTIONS


def test_every_statement_is_a_row_and_a_theorem(built):
    texts = "\n".join((coq.HERE / f"{name}.v").read_text() for name in coq.STATEMENTS)
    stated = re.findall(r"^Definition (\w+)_statement\b", texts, flags=re.M)
    assert sorted(stated) == sorted(row.name for row in THEOREMS)
    assert {path.stem for path in SOURCES} == set(coq.ORDER)
    for row in THEOREMS:
        # The row names the file that holds the proof.
        proof = (coq.HERE / row.file).read_text()
        assert re.search(rf"^Lemma {row.name} : {row.name}_statement\.$", proof, flags=re.M), row


def test_only_the_axioms_of_the_reals_are_used(built):
    found = coq.assumptions(built[0], tuple(row.name for row in THEOREMS))
    print("axioms:", *sorted(found))
    assert found
    assert found <= coq.ALLOWED


def test_the_checker_over_the_rationals_uses_no_axiom(built):
    assert coq.assumptions(built[0], ("check_rational",)) == frozenset()
    assert coq.assumptions(built[0], ("check_rational", "check_sound"))


def test_a_missing_compiler_skips_but_not_in_ci(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    assert coq.compiler() is None
    monkeypatch.setenv("CI", "true")
    with pytest.raises(FileNotFoundError, match="apt-get install"):
        coq.compiler()


def test_nothing_is_left_open():
    for path in SOURCES:
        words = re.search(r"\b(Admitted|admit|Axioms?|Parameters?|Conjecture)\b", path.read_text())
        assert words is None, (path.name, words)
    # Variables and hypotheses only inside sections, where they become premises.
    for path in SOURCES:
        depth = 0
        for line in path.read_text().splitlines():
            depth += line.startswith("Section ") - line.startswith("End ")
            if re.match(r"\s*(Variables?|Hypothes[ie]s|Context)\b", line):
                assert depth > 0, (path.name, line)


# Names of the library that a reader of the proofs relies on.
LIBRARY_NAMES = {"S", "O", "I", "R", "R0", "In", "nat", "le", "lt", "eq"}
LONGEST_PROOF = 60  # lines


def bound_names(text: str) -> set[str]:
    """Names that a Coq source binds: to statements, variables, hypotheses, patterns."""
    text = coq.without_comments(text)
    word = r"[A-Za-z_][\w']*"
    found = re.findall(r"\b(?:intros?|as)\b((?:(?!\bby\b)[^.;])*)", text)
    # Before a colon or := that is not the end of a type.
    found += re.findall(rf"(?:^|[(\[{{.,;|)])\s*((?:{word}\s+)*{word})\s*:(?!:)", text)
    quantified = rf"\b(?:forall|fun|exists)\b((?:\s*\([^():]*:[^()]*\)|\s+{word})+)\s*(?:,|=>)"
    found += [re.sub(r":[^)]*", "", names) for names in re.findall(quantified, text)]
    return {name for names in found for name in re.findall(word, names)}


def proof_lengths(text: str) -> list[int]:
    """Lines of each proof, from the line of `Proof.` to that of `Qed.`."""
    found, start = [], None
    for k, line in enumerate(text.splitlines()):
        if re.search(r"\bProof\.", line):
            start = k
        if start is not None and re.search(r"\bQed\.", line):
            found.append(k - start + 1)
            start = None
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_proof_fits_on_a_page(path):
    lengths = proof_lengths(path.read_text())
    assert len(lengths) == len(re.findall(r"\bQed\.", path.read_text()))
    assert max(lengths, default=0) <= LONGEST_PROOF


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_name_shadows_the_library(path):
    assert not bound_names(path.read_text()) & LIBRARY_NAMES


@pytest.mark.parametrize(
    "text",
    [
        "Lemma one S : S = 1.",
        "Lemma one (n : nat) S : S = 1.",
        "Hypothesis S : positive n s.",
        "Variables (n : nat) (g S : nat -> R).",
        "Let S := stake g h.",
        "assert (S := pool_stakes n g h P : positive n s).",
        "intros n g S h.",
        "destruct A as (x & [S|T]); auto.",
        "Lemma one : forall (x : R) S, S = x.",
        "apply (f (fun S => S + 1)).",
    ],
)
def test_a_shadowing_name_would_be_seen(text):
    assert "S" in bound_names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fixpoint f (n : nat) : nat := match n with O => O | S k => S (f k) end.",
        "exists (S k), A. intros; apply (f (S k)). rewrite S_INR.",
        "replace (S n - k)%nat with (S (n - k)) by lia. (* S : a successor *)",
        "destruct (f x) as (a & b) by (exact (S k)).",
    ],
)
def test_a_use_is_no_binding(text):
    assert "S" not in bound_names(text)


def test_a_long_proof_would_be_seen():
    text = "Lemma a : b.\nProof. auto. Qed.\nProof.\n" + "  auto.\n" * LONGEST_PROOF + "Qed.\n"
    assert proof_lengths(text) == [1, LONGEST_PROOF + 2]


def test_an_axiom_would_be_seen(built, tmp_path):
    for path in built[0].glob("*.vo"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (coq.HERE / "Main.v").read_text()
    lie = text.replace("Proof. exact Levels.V1_zero. Qed.", "Proof. Admitted.")
    assert lie != text
    (tmp_path / "Main.v").write_text(lie)
    coq.compile_file(tmp_path, "Main")
    assert coq.assumptions(tmp_path, ("V1_level",)) <= coq.ALLOWED
    assert coq.assumptions(tmp_path, ("V1_level", "V1_zero")) - coq.ALLOWED == {"V1_zero"}


def test_the_statements_are_the_golden_ones():
    """A changed statement is a changed claim: read it, then write the new fingerprint."""
    golden = (coq.HERE / "statements.sha256").read_text().splitlines()
    files = {name: (coq.HERE / f"{name}.v").read_text() for name in coq.STATEMENTS}
    assert sorted(golden) == sorted(f"{coq.fingerprint(files[k])}  {k}.v" for k in files)


def test_the_fingerprint_sees_statements_and_not_comments():
    text = "Definition a : Prop := 0 < 1. (* why (* nested *) *)"
    assert coq.fingerprint(text) == coq.fingerprint("Definition a :\n Prop := 0 < 1.")
    assert coq.fingerprint(text) != coq.fingerprint(text.replace("<", "<="))


def dyadic(n: int, seed: int, steps: int = 16) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 8 * steps, n) / steps


GAMES = {
    "worked": Game([1, 0.5, 0.25], mistakes=1),
    "example": Game([10, 3, 2], mistakes=1, budget=2, harm=0),
    "constant_harm": Game([1, 0.5, 0.25], mistakes=Count(0.5), harms=[1, 1, 1]),
    "no_guarantee": Game([3, 2, 1], mistakes=2),
    "beyond_b0": Game([10, 5, 5, 2, 2, 1], mistakes=1, budget=6),
    "ties": Game([2, 2, 2, 1, 1, 1, 1], mistakes=1.5, budget=3, harm=0.5),
    "ten": Game(dyadic(10, 1), mistakes=2.5, budget=3.5),
    "twenty": Game(dyadic(20, 2), mistakes=4, budget=5, harm=0),
    "falling_harms": Game(dyadic(30, 3), mistakes=3, budget=8, harms=8 - dyadic(30, 3)),
    "fifty": Game(dyadic(50, 4), mistakes=6, budget=10),
    "fifty_fractional": Game(dyadic(50, 5), mistakes=4.75, budget=12.5, harm=0.25),
}


def test_exact_answers_become_theorems(built):
    folder = built[0]
    answers = {name: solve(game, method="rational") for name, game in GAMES.items()}
    text = coq.PRELUDE + "".join(coq.instance(name, answers[name]) for name in GAMES)
    (folder / "Instances.v").write_text(text)
    start = time.perf_counter()
    coq.compile_file(folder, "Instances")
    print(f"{len(GAMES)} instances: {time.perf_counter() - start:.1f} s")


@pytest.mark.parametrize("wrong", ["value", "design", "mistakes", "m", "gains"])
def test_the_checker_refuses_a_wrong_answer(built, wrong):
    game = GAMES["worked"]
    right = solve(game, method="rational")
    answer = {
        "value": replace(right, value=right.value + Fraction(1, 10**9)),
        "design": replace(right, inclusion=np.roll(right.inclusion, 1)),
        "mistakes": replace(right, mistake_probabilities=np.roll(right.mistake_probabilities, 1)),
        "m": replace(right, game=game.replace(mistakes=1.5)),
        "gains": replace(right, game=Game([1, 0.5, 0.375], mistakes=1)),
    }[wrong]
    name = f"Wrong_{wrong}"
    (built[0] / f"{name}.v").write_text(coq.PRELUDE + coq.instance(name, answer))
    with pytest.raises(coq.BuildError, match='Unable to unify "true" with "false"'):
        coq.compile_file(built[0], name)


@pytest.mark.slow
def test_coqchk_accepts(built):
    run = subprocess.run(
        ["coqchk", "-silent", "-o", "-Q", ".", coq.LIBRARY, f"{coq.LIBRARY}.Main"],
        cwd=built[0],
        capture_output=True,
        text=True,
    )
    print(run.stdout + run.stderr)
    assert run.returncode == 0
    axioms = set(re.findall(r"^    (\S+)$", run.stdout + run.stderr, flags=re.M))
    # Everything that is loaded is listed, so also the library's excluded middle, on which no
    # theorem of ours rests (`Print Assumptions` above).
    library = {
        f"Coq.Reals.{name}" if "Dedekind" in name else f"Coq.Logic.{name}" for name in coq.ALLOWED
    }
    assert axioms == library | {"Coq.Logic.Classical_Prop.classic"}
