r"""Claims, their comparisons, and the three-way verdict on an instance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.data.instances import Instance
from radsim.door import checked, generator, number, one_of, steady
from radsim.game import Game
from radsim.inference import MeanTest, mean_at_least
from radsim.solution import UncertifiedError
from radsim.solvers import rows_for

__all__ = ["ERROR", "Claim", "Comparison", "SampledComparison", "Verdict", "check"]

# Chance that some verdict that rests on samples calls a true claim violated.
ERROR = 1e-9

Kind = Literal["tight", "lower", "upper"]
Status = Literal["HOLDS", "VIOLATED", "UNDECIDED"]
Interval = tuple[float, float]


class Comparison(NamedTuple):
    """Comparison of a number that a claim states with an interval for the measured one.

    `kind` says what the claim makes of `bound`: the measured number equals it (tight), is at least
    it (lower) or at most it (upper).

    Attributes
    ----------
    label : str
        What is compared, in words.
    kind : {"tight", "lower", "upper"}
    bound : float
        What the claim says.
    measured : tuple of float
        Interval that holds the measured number.
    scale : float
        What slack is relative to.

    Examples
    --------
    >>> Comparison("V = b lam", "tight", 0.5, (0.5, 0.5), scale=1.0).bound
    0.5
    """

    label: str
    kind: Kind
    bound: float
    measured: Interval
    scale: float


class SampledComparison(NamedTuple):
    """Comparison of a number that a claim states with the mean of draws.

    `kind` is as in `Comparison`.  The draws are tested at the level that `check` gives them, by an
    anytime-valid test: a comparison need not, and cannot, choose its own.

    Attributes
    ----------
    label : str
        What is compared, in words.
    kind : {"tight", "lower", "upper"}
    bound : float
        What the claim says of the mean.
    draws : array_like, shape (T,)
        In the order drawn.
    support : tuple of float
        Interval that holds every draw.
    tolerance : float
        How far off the mean may be and still count as reaching the bound.
    scale : float
        What slack is relative to.

    Examples
    --------
    >>> heads = np.random.default_rng(0).random(10_000) < 0.5
    >>> SampledComparison("mean >= 1/2", "lower", 0.5, heads, (0, 1), 0.05, 1.0).bound
    0.5
    """

    label: str
    kind: Kind
    bound: float
    draws: ArrayLike
    support: Interval
    tolerance: float
    scale: float


@dataclass(frozen=True)
class Claim:
    """Claim of the theory: a statement, its hypotheses and the comparisons that test it.

    Attributes
    ----------
    id : str
        As in the theory.
    statement : str
    kind : {"tight", "lower", "upper"}
    applies : callable
        Whether a game meets the hypotheses.
    compare : callable
        (game, method, rng) -> comparisons, exact or sampled; `method` is the solver whose certified
        enclosure the formula is set against.

    Examples
    --------
    >>> from radsim import Game, Instance, solve
    >>> def compare(game, method, rng):
    ...     found = solve(game, method=method).certificate.interval
    ...     yield Comparison("V <= max g", "upper", game.gains.max(), found, game.scale)
    >>> mine = Claim("M1", "V is at most the largest gain", "upper", lambda game: True, compare)
    >>> check(mine, Instance("two", Game([2, 1], mistakes=1))).status
    'HOLDS'
    """

    id: str
    statement: str
    kind: Kind
    applies: Callable[[Game], bool]
    compare: Callable[[Game, str, np.random.Generator], Iterable[Comparison | SampledComparison]]

    def __post_init__(self) -> None:
        checked(self, id=str, statement=str, applies=Callable, compare=Callable)
        one_of(self.kind, ("tight", "lower", "upper"), "kind")


@dataclass(frozen=True)
class Verdict:
    """HOLDS, VIOLATED or UNDECIDED, with the comparison that came out worst.

    Attributes
    ----------
    claim : str
        Its id.
    status : {"HOLDS", "VIOLATED", "UNDECIDED"}
    label : str
        Of the worst comparison.
    bound : float
        What the claim says there.
    measured : tuple of float
        What was found there, as an interval.
    slack : float
        Relative to the scale; negative: on the wrong side.
    n_comparisons : int
    n_sampled : int
        Comparisons that rest on samples.

    Examples
    --------
    >>> from radsim import CLAIMS, Game, Instance, check
    >>> verdict = check(CLAIMS["V7"], Instance("two", Game([2, 1], mistakes=1)))
    >>> verdict.status, verdict.n_comparisons > 0
    ('HOLDS', True)
    """

    claim: str
    status: Status
    label: str
    bound: float
    measured: Interval
    slack: float
    n_comparisons: int
    n_sampled: int = 0


def _judge_draws(item: SampledComparison, error: float) -> tuple[Status, float, Interval]:
    """Status, slack and mean of a sampled comparison; a true one is VIOLATED with chance `error`.

    A tight one is two tests, each at half the level.
    """
    x = np.asarray(item.draws, dtype=np.float64)
    low, high = item.support
    sides: list[MeanTest] = []
    level = error / 2 if item.kind == "tight" else error
    if item.kind != "upper":
        sides.append(
            mean_at_least(x, item.bound, (low, high), tolerance=item.tolerance, error=level)
        )
    if item.kind != "lower":
        sides.append(
            mean_at_least(-x, -item.bound, (-high, -low), tolerance=item.tolerance, error=level)
        )
    statuses = [side.status for side in sides]
    status: Status = (
        "VIOLATED"
        if "VIOLATED" in statuses
        else "UNDECIDED"
        if "UNDECIDED" in statuses
        else "HOLDS"
    )
    scale = item.scale if item.scale > 0 else 1.0
    slack = min((side.mean - side.bound + side.tolerance) / scale for side in sides)
    mean = float(x.mean()) if x.size else float("nan")
    return status, slack, (mean, mean)


def _judge(item: Comparison, rtol: float) -> tuple[Status, float]:
    """Status and slack of one comparison, relative to its scale; negative: the wrong side."""
    low, high = (float(x) for x in item.measured)
    scale = item.scale if item.scale > 0 else 1.0
    above, below = (low - item.bound) / scale, (item.bound - high) / scale  # >= 0: surely so
    inside = {"lower": above, "upper": below, "tight": min(above, below)}[item.kind]
    # How far the whole interval lies on the wrong side (<= 0: it reaches the right one).
    wrong = {
        "lower": (item.bound - high) / scale,
        "upper": (low - item.bound) / scale,
        "tight": max((item.bound - high) / scale, (low - item.bound) / scale),
    }[item.kind]
    if inside >= -rtol:
        return "HOLDS", inside
    return ("VIOLATED" if wrong > rtol else "UNDECIDED"), inside


def _undecided(claim: Claim, label: str) -> Verdict:
    nan = float("nan")
    return Verdict(claim.id, "UNDECIDED", label, nan, (nan, nan), nan, 0)


@steady
def check(
    claim: Claim,
    instance: Instance,
    *,
    method: str = "linprog",
    rtol: float = 1e-9,
    rng: np.random.Generator | int = 0,
    error: float = ERROR,
) -> Verdict:
    r"""Check a claim on the game of one instance.

    Comparisons that rest on samples share the level `error` equally.  If the claim is true, each of
    the k is VIOLATED with probability at most error/k (Ville's inequality, see
    `radsim.inference.bet`), so the verdict is with probability at most k (error/k) = error, however
    the samples hang together (union bound).  Exact comparisons use up none of it.

    Parameters
    ----------
    claim : Claim
        A row of `CLAIMS`, or your own.
    instance : Instance
        Of your own: ``Instance("mine", game)``.
    method : str
        The solver whose certified enclosure of the value is set against the claim's formula.
    rtol : float
        What rounding may cost, relative to b*max(g).
    rng : numpy.random.Generator or int
        Of the perturbations that some claims draw.
    error : float
        Chance that a true claim is VIOLATED because of its samples; in (0, 1).

    Returns
    -------
    Verdict
        VIOLATED only if the whole enclosure is on the wrong side; UNDECIDED if the enclosure is too
        wide to tell, the solver's answer is not certified, or the game does not meet the
        hypotheses.

    Raises
    ------
    ValueError
        If `claim` is no claim or `instance` no instance, saying how to make one, or if the claim
        compares nothing.

    Examples
    --------
    >>> from radsim import CLAIMS, Game, Instance, check
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> check(CLAIMS["V2"], three, method="rational").status
    'HOLDS'
    """
    if not isinstance(claim, Claim):
        raise ValueError(f"claim = {claim!r} must be a Claim: a row of CLAIMS, or your own")
    if not isinstance(instance, Instance):
        raise ValueError(f"instance = {instance!r} must be an Instance: Instance('mine', game)")
    game, rtol, rng = instance.game, number(rtol, "rtol"), generator(rng)
    one_of(method, rows_for(game), "method")
    error = number(error, "error", high=1, open_low=True, open_high=True)
    if not claim.applies(game):
        return _undecided(claim, "outside the hypotheses")
    order = {"VIOLATED": 0, "UNDECIDED": 1, "HOLDS": 2}
    worst: tuple[int, float, Status, str, float, Interval] | None = None
    try:
        items = list(claim.compare(game, method, rng))
    except UncertifiedError as refused:
        return _undecided(claim, str(refused))
    n_sampled = sum(isinstance(item, SampledComparison) for item in items)
    for item in items:
        if isinstance(item, SampledComparison):
            status, slack, measured = _judge_draws(item, error / n_sampled)
        else:
            (status, slack), measured = _judge(item, rtol), item.measured
        if not np.isfinite(slack):
            status, slack = "UNDECIDED", -np.inf
        key = (order[status], slack)
        if worst is None or key < worst[:2]:
            worst = (*key, status, item.label, item.bound, measured)
    if worst is None:
        raise ValueError(f"claim {claim.id} compared nothing on {game}")
    _, slack, status, label, bound, measured = worst
    return Verdict(claim.id, status, label, bound, measured, slack, len(items), n_sampled)
