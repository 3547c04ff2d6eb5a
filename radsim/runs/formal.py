"""Answers of the closed form as theorems: a run's intervals, proved by the checkout's Coq proofs.

The checker stands in `proofs_checks/formal`, and Coq's own kernel runs it: what it accepts is a
theorem about the numbers of the game as they are, floats being whole numbers times powers of two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import radsim
from radsim.runs import evidence
from radsim.runs.verify import Record
from radsim.solution import Solution
from radsim.solvers import solve

__all__ = ["Formal", "answers", "check_answers", "check_ready", "folder"]


@dataclass(frozen=True)
class Formal:
    """How many answers of a run are theorems now.

    Attributes
    ----------
    values, regrets : int
        Answers proved: intervals of the value, and of the regret at b = 1.
    widest : float
        Widest interval, as a part of the most that could be earned.
    refused : tuple of str
        Of the others: the instance, and what is wrong.
    by_program : int
        Of those proved: answers too long for Coq's kernel, which the program extracted from the
        checker accepted.  They rest on the extraction, and on OCaml, besides.
    """

    values: int
    regrets: int
    widest: float
    refused: tuple[str, ...]
    by_program: int = 0

    @property
    def line(self) -> str:
        """The words of the last line.

        Examples
        --------
        >>> Formal(3, 1, 2e-15, ("instance 2, value: a strategy is infeasible",)).line[:35]
        '4 of 5 answers are theorems now: 3 '
        >>> Formal(3, 1, 2e-15, (), by_program=2).line[:57]
        '4 of 4 answers are proved, 2 of them theorems of Coq, 2 b'
        """
        proved = self.values + self.regrets
        each = f"{self.values} of the value, {self.regrets} of the regret"
        kind = "are theorems now"
        if self.by_program:
            kind = (
                f"are proved, {proved - self.by_program} of them theorems of Coq, "
                f"{self.by_program} by the program extracted from its checker"
            )
        return (
            f"{proved} of {proved + len(self.refused)} answers {kind}: {each}; "
            f"widest interval {self.widest:.0e} of b max(g)"
        )


def folder() -> Path:
    """The proof checks of the checkout that radsim was imported from, or of the current folder.

    Raises
    ------
    ValueError
        If neither holds them, as where radsim was installed as a package.
    """
    places = [Path(radsim.__file__).resolve().parents[1] / "proofs_checks", Path("proofs_checks")]
    for place in places:
        if (place / "formal" / "_CoqProject").is_file():
            return place
    raise ValueError(
        "the Coq proofs are in a checkout of radsim, not in the installed package: run this in one"
    )


def _load() -> tuple[Callable[[], None], Callable[..., list[Any]]]:
    package: Any = evidence.package(folder())
    return package.check_compiler, package.check_answers


def check_ready() -> None:
    """Refuse at once where Coq or the checkout is missing.

    Raises
    ------
    ValueError
        Saying what is missing, and what to install.
    """
    try:
        ready, _ = _load()
    except ImportError as error:
        raise ValueError(f"{error}; the proof checks need radsim[proofs]") from None
    ready()


def answers(records: Sequence[Record]) -> list[tuple[int, Solution]]:
    """The closed form's value on each instance, and its regret where one is defined at b = 1."""
    found = []
    for record in records:
        game = record.instance.game
        solution = solve(game, certify=False)
        found.append((record.index, solution))
        whole = game.mistakes == int(game.mistakes) and game.budget == 1
        if whole and solution.value > 0:
            found.append((record.index, solve(game, "regret", certify=False)))
    return found


def check_answers(
    asked: Sequence[tuple[int, Solution]],
    progress: Callable[[object], None] = lambda done: None,
) -> Formal:
    """Have Coq prove the interval of each answer.

    Parameters
    ----------
    asked : sequence of (int, Solution)
        Instance and answer, from `answers`.
    progress : callable
        Called after each answer.

    Returns
    -------
    Formal

    Raises
    ------
    ValueError
        If Coq or the checkout is missing, or Coq does not accept the checker's own proofs.
    """
    _, check = _load()
    found = check([solution for _, solution in asked], progress)
    proved = {"value": 0, "regret": 0}
    refused, widest, by_program = [], 0.0, 0
    for (index, solution), checked in zip(asked, found, strict=True):
        if checked.interval is None:
            refused.append(f"instance {index}, {solution.objective}: {checked.words}")
        else:
            proved[solution.objective] += 1
            by_program += checked.by == "program"
            widest = max(widest, float(checked.width))
    return Formal(proved["value"], proved["regret"], widest, tuple(refused), by_program)
