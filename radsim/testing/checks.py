r"""Checks: a test, its cases, and the search for the smallest failing case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as with_seed
from hypothesis.strategies import SearchStrategy

from radsim.data.instances import Instance
from radsim.door import checked
from radsim.game import Array, Game
from radsim.testing.run import Run

__all__ = ["Broken", "Check", "CheckFailed", "Result", "describe", "run_check"]


class Broken(AssertionError):
    """A check failed: what the check saw, in one line."""


@dataclass(frozen=True)
class Check:
    """A row of a table of checks: what must be true, its test, and the cases to try.

    Attributes
    ----------
    id : str
    part : str
        "contract", "guarantee", "sampling" or "noise".
    says : str
        What must be true.
    test : callable
        (subject, case, run) -> slack: by how much it held, relative (infinite: it is so or not;
        None, or a text that says why: the case tells nothing); raises `Broken`, or whatever the
        subject raises.
    cases : callable
        (subject, run) -> a Hypothesis strategy, or a list that starts with the smallest.  Checks
        that draw samples take lists: Hypothesis would search for the unlucky seed.
    unless : callable
        subject -> why the check does not apply, or "".

    Examples
    --------
    >>> from radsim.testing import SELECTOR_CHECKS
    >>> check = SELECTOR_CHECKS["ties"]
    >>> check.part, check.says
    ('contract', 'with equal points the contract holds')
    """

    id: str
    part: str
    says: str
    test: Callable[[Any, Any, Run], float | str | None]
    cases: Callable[[Any, Run], SearchStrategy[Any] | Iterable[Any]]
    unless: Callable[[Any], str] = lambda subject: ""

    def __post_init__(self) -> None:
        checked(self, id=str, part=str, says=str, test=Callable, cases=Callable, unless=Callable)


@dataclass(frozen=True, eq=False)
class Result:
    """Outcome of one check of a selector, solver or design.

    Attributes
    ----------
    check, subject : str
    status : {"passed", "failed", "skipped"}
    slack : float or None
        Smallest margin by which the check held, relative; None if it has none.
    words : str
        What was seen, or why it was skipped.
    case : Instance or ndarray, optional
        The smallest failing one.
    replay : str
        Command that runs the check on that case again.

    Examples
    --------
    >>> from radsim.testing import check_design
    >>> (result,) = check_design("sampford", only=["shape"])
    >>> result.check, result.subject, result.status
    ('shape', 'sampford', 'passed')
    """

    check: str
    subject: str
    status: Literal["passed", "failed", "skipped"]
    slack: float | None = None
    words: str = ""
    case: Any = None
    replay: str = ""


class CheckFailed(AssertionError):
    """A check failed; `result` holds the smallest failing case."""

    def __init__(self, result: Result, says: str) -> None:
        super().__init__(
            f"{result.subject} fails check {result.check!r}: {says}\n"
            f"  seen: {result.words}\n"
            f"  smallest failing case: {describe(result.case)}\n"
            f"  replay: {result.replay}"
        )
        self.result = result


def describe(case: Any) -> str:
    """A failing case as the Python that makes it."""
    if not isinstance(case, Instance):
        return f"inclusion = {_short(np.asarray(case))}"
    game = case.game
    words = f"Game({_short(game.gains)}, mistakes={game.mistakes:g}, budget={game.budget:g}"
    words += "" if np.array_equal(game.harms, game.gains) else f", harms={_short(game.harms)}"
    words += "" if game.capped else ", capped=False"
    words += "" if game.abstain else ", abstain=False"
    words += ")"
    for name, data in (("probabilities", case.probabilities), ("embeddings", case.features)):
        words += "" if data is None else f", {name} = {_short(data)}"
    return words


def _short(values: Array) -> str:
    if values.size > 24:
        return f"<{' x '.join(map(str, values.shape))} array>"
    return str(values.tolist())


def run_check(check: Check, subject: Any, name: str, run: Run) -> Result:
    """Run one check to its smallest failing case, and note the outcome."""
    result = _run(check, subject, name, run)
    run.notes.append((check.id, name, result.status, result.slack))
    return result


def _run(check: Check, subject: Any, name: str, run: Run) -> Result:
    if reason := check.unless(subject):
        return Result(check.id, name, "skipped", words=reason)
    slacks: list[float] = []
    told, failed = 0, []
    words = "picks are random and no inclusion probabilities are claimed"

    def one(case: Any) -> None:
        nonlocal told, words
        try:
            slack = check.test(subject, case, run)
        except Exception as error:
            failed.append((case, error))
            raise
        if isinstance(slack, str):
            words = slack
            return
        told += slack is not None
        if slack is not None and np.isfinite(slack):
            slacks.append(slack)

    cases = check.cases(subject, run)
    try:
        if isinstance(cases, SearchStrategy):
            _search(one, cases, run)
        else:
            for case in cases:
                one(case)
    except Exception:
        if not failed:
            raise
        # Hypothesis ends with the smallest failing case; a list starts with its smallest.
        case, error = failed[-1]
        words = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
        return Result(check.id, name, "failed", words=words, case=case)
    if not told:
        return Result(check.id, name, "skipped", words=words)
    return Result(check.id, name, "passed", min(slacks, default=None))


def _search(one: Callable[[Any], None], cases: SearchStrategy[Any], run: Run) -> None:
    def drawn(case: Any) -> None:
        one(case)

    configured = settings(
        max_examples=run.profile.examples,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with_seed(run.seed)(configured(given(cases)(drawn)))()


def relabelled(instance: Instance, order: Array) -> Instance:
    """The same points in another order."""
    game = instance.game
    moved = game.replace(gains=game.gains[order], harms=game.harms[order])
    return _with(instance, moved, lambda data: data[order])


def scaled(instance: Instance, unit: float) -> Instance:
    """The same points in another unit of gain and of distance."""
    game = instance.game
    made = game.replace(gains=unit * game.gains, harms=unit * game.harms)
    features = None if instance.features is None else unit * instance.features
    return replace(instance, game=made, features=features)


def _with(instance: Instance, game: Game, change: Callable[[Array], Array]) -> Instance:
    data: dict[str, Any] = {
        name: None if getattr(instance, name) is None else change(getattr(instance, name))
        for name in ("labels", "features", "probabilities", "wrong")
    }
    return replace(instance, game=game, **data)
