"""Answers checked by Coq: small ones by its kernel, large ones by the program extracted from it.

A small answer becomes a theorem: a Coq file states that its interval encloses the value, and the
kernel runs the checker.  A large one is read by a program that Coq extracted from the same checker;
then the extraction, the OCaml compiler and `reader.ml` are trusted besides.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from proofs_checks.formal import coq
from proofs_checks.formal.answers import Answer, answer_of, bounds_of, scale_of, text_of
from radsim import Solution

__all__ = [
    "LARGEST_IN_KERNEL",
    "WIDEST",
    "Checked",
    "build",
    "check_answers",
    "check_compiler",
    "enclosed",
    "program",
    "run_program",
    "theorem",
]

# Points of an answer for Coq's kernel, which reads some 200 points a second, and of one file.
LARGEST_IN_KERNEL, POINTS_A_FILE = 200, 1_000
# Of an interval, as a part of the most that could be earned.
WIDEST = Fraction(1, 10**12)
TARGETS = ("Checks", "CheckedRegret")

PRELUDE = f"""Require Import ZArith List.
From {coq.LIBRARY} Require Import Statements CheckStatements.
From {coq.LIBRARY} Require {" ".join(TARGETS)}.
Import ListNotations.
Open Scope Z_scope.
"""
LEMMAS = {
    "value": ("enclosed", "Checks.verdict_sound"),
    "regret": ("regret_enclosed", "CheckedRegret.regret_sound"),
}
EXTRACTION = f"""From {coq.LIBRARY} Require Import CheckStatements.
Require Import ExtrOcamlBasic.
Extraction "checker.ml" verdict regret_verdict.
"""


@dataclass(frozen=True)
class Checked:
    """An answer, and the interval that Coq proved; none, and why, where it did not.

    `by` is "kernel" or "program"; the digest is that of the answer's text.
    """

    answer: Answer | None
    digest: str
    interval: tuple[Fraction, Fraction] | None
    by: str
    words: str = ""

    @property
    def width(self) -> Fraction:
        """Of the interval, as a part of the most that could be earned."""
        assert self.answer is not None and self.interval is not None
        low, high = self.interval
        scale = scale_of(self.answer)
        return (high - low) / scale if scale else high - low


def check_compiler() -> None:
    """ValueError where Coq is missing, naming Debian's package."""
    if shutil.which("coqc") is None:
        raise ValueError(f"coqc is missing; Debian's package is coq: {coq.INSTALL}")


def build(folder: Path) -> None:
    """Compile the soundness of the checker in `folder`."""
    coq.build(folder, TARGETS)


def theorem(name: str, answer: Answer, bounds: tuple[int, int]) -> str:
    """Coq source: the theorem that these bounds, in the checker's unit, enclose the answer's value.

    It begins with the SHA-256 of the answer's text, and of what the answer was made from.
    """
    conclusion, lemma = LEMMAS[answer.objective]
    groups = ";\n  ".join(
        f"Group {_number(group.most)} {_number(group.price)} ["
        + ";\n    ".join(f"Point {' '.join(map(_number, point))}" for point in group.points)
        + "]"
        for group in answer.groups
    )
    numbers = (answer.one, answer.grain, answer.budget, answer.level)
    flags = " ".join("true" if x else "false" for x in (answer.capped, answer.abstain))
    low, high = map(_number, bounds)
    return f"""
(* answer {_digest(answer)} of {answer.source} *)
Definition {name}_answer : answer := Answer {flags} {" ".join(map(_number, numbers))} [
  {groups}].
Theorem {name} : {conclusion} {name}_answer {low} {high}.
Proof. apply {lemma}. vm_compute. reflexivity. Qed.
"""


def _number(x: int) -> str:
    return f"(-{-x:#x})" if x < 0 else f"{x:#x}"


def _digest(answer: Answer) -> str:
    return text_of(answer).split(maxsplit=2)[1]


def program(folder: Path) -> Path:
    """Extract the checker in a folder that `build` filled, and compile it."""
    (folder / "Extract.v").write_text(EXTRACTION)
    coq.compile_file(folder, "Extract")
    (folder / "reader.ml").write_text((coq.HERE / "reader.ml").read_text())
    command = ["ocamlopt", "-O3", "-inline", "100", "checker.mli", "checker.ml", "reader.ml"]
    made = subprocess.run([*command, "-o", "checker"], cwd=folder, capture_output=True, text=True)
    if made.returncode:
        raise coq.BuildError("reader", made.stdout + made.stderr)
    return folder / "checker"


def run_program(path: Path, text: str) -> list[tuple[str, tuple[int, int] | None]]:
    """What the extracted checker says of each answer of a text: its digest, and both bounds."""
    run = subprocess.run([path], input=text, capture_output=True, text=True, preexec_fn=_deep)
    if run.returncode:
        raise ValueError(run.stderr.strip() or f"the checker ended with {run.returncode}")
    found: list[tuple[str, tuple[int, int] | None]] = []
    for line in run.stdout.splitlines():
        digest, _, word, *bounds = line.split()
        low_high = (int(bounds[0], 16), int(bounds[1], 16)) if word == "accepted" else None
        found.append((digest, low_high))
    return found


def _deep() -> None:
    """The extracted program recurses over the digits of sums, not over the points."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))


def enclosed(
    folder: Path, answers: Sequence[Answer], progress: Callable[[object], None] = lambda done: None
) -> list[tuple[int, int] | None]:
    """Bounds that Coq's kernel accepts, none where it refuses; files of some 1,000 points each."""
    found: list[tuple[int, int] | None] = []
    for k, batch in enumerate(_batches(answers)):
        bounds = [bounds_of(answer) for answer in batch]
        name = f"Answers{k}"
        try:
            _compile(folder, name, batch, bounds)
        except coq.BuildError:  # one at a time tells which
            for i, (answer, both) in enumerate(zip(batch, bounds, strict=True)):
                try:
                    _compile(folder, f"{name}_{i}", [answer], [both])
                except coq.BuildError:
                    bounds[i] = None
        found += bounds
        for answer in batch:
            progress(answer)
    return found


def _compile(
    folder: Path, name: str, batch: list[Answer], bounds: list[tuple[int, int] | None]
) -> None:
    texts = [
        theorem(f"answer_{i}", answer, both)
        for i, (answer, both) in enumerate(zip(batch, bounds, strict=True))
        if both is not None
    ]
    (folder / f"{name}.v").write_text(PRELUDE + "".join(texts))
    coq.compile_file(folder, name)


def _batches(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    batch: list[Answer] = []
    for answer in answers:
        if batch and sum(x.n for x in batch) + answer.n > POINTS_A_FILE:
            yield batch
            batch = []
        batch.append(answer)
    if batch:
        yield batch


@contextmanager
def _workshop() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="radsim-coq-") as place:
        yield Path(place)


def check_answers(
    solutions: Sequence[Solution], progress: Callable[[object], None] = lambda done: None
) -> list[Checked]:
    """Prove the intervals of solutions, in their order.

    Raises ValueError where Coq, or for large answers OCaml, is missing, saying what to install, and
    where Coq does not accept the checker's own proofs.
    """
    check_compiler()
    made: list[Answer | ValueError] = []
    for solution in solutions:
        try:
            made.append(answer_of(solution))
        except ValueError as error:
            made.append(error)
    answers = [x for x in made if isinstance(x, Answer)]
    small = [x for x in answers if x.n <= LARGEST_IN_KERNEL]
    large = [x for x in answers if x.n > LARGEST_IN_KERNEL]
    if large and shutil.which("ocamlopt") is None:
        raise ValueError(
            "ocamlopt is missing, for answers of many points: apt-get install ocaml-nox"
        )
    bounds: dict[int, tuple[int, int] | None] = {}
    with _workshop() as folder:
        try:
            build(folder)
        except coq.BuildError as error:
            words = " ".join(str(error).split())[:300]
            raise ValueError(f"coqc does not accept the proofs of the checker: {words}") from None
        bounds |= zip(map(id, small), enclosed(folder, small, progress), strict=True)
        path = program(folder) if large else None
        for answer in large:
            assert path is not None
            ((digest, found),) = run_program(path, text_of(answer))
            bounds[id(answer)] = found if digest == _digest(answer) else None
            progress(answer)
    return [_checked(x, bounds) for x in made]


def _checked(made: Answer | ValueError, bounds: dict[int, tuple[int, int] | None]) -> Checked:
    if isinstance(made, ValueError):
        return Checked(None, "", None, "", str(made))
    by = "kernel" if made.n <= LARGEST_IN_KERNEL else "program"
    both = bounds[id(made)]
    if both is None:
        return Checked(made, _digest(made), None, by, "a strategy is infeasible")
    low, high = made.real(both[0]), made.real(both[1])
    width = high - low
    if width > WIDEST * scale_of(made):
        words = f"the interval is {float(width / (scale_of(made) or 1)):.1e} of the scale wide"
        return Checked(made, _digest(made), None, by, words)
    return Checked(made, _digest(made), (low, high), by)
