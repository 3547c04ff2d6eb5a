r"""The check of a claim on one game, with its three-way verdict."""

from __future__ import annotations

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval, SampledComparison, Status, Verdict
from radsim.claims.table import CLAIMS
from radsim.data.instances import Instance
from radsim.door import generator, number, one_of, steady, typed
from radsim.game import Game
from radsim.inference import MeanTest, mean_at_least
from radsim.solution import UncertifiedError
from radsim.solvers import rows_for

__all__ = ["ERROR", "check"]

# Chance that some verdict that rests on samples calls a true claim violated.
ERROR = 1e-9


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
    claim: Claim | str,
    instance: Instance | Game,
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
    claim : Claim or str
        A row of `CLAIMS` or its id, or a claim of your own.
    instance : Instance or Game
        A game alone is ``Instance("game", game)``.
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
        If `claim` is no claim or `instance` no game, or if the claim compares nothing.

    Examples
    --------
    >>> from radsim import CLAIMS, Game, Instance, check
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> check("V2", game, method="rational").status
    'HOLDS'
    >>> check(CLAIMS["V2"], Instance("three", game)).claim
    'V2'
    """
    if not isinstance(claim, Claim):
        claim = CLAIMS[one_of(claim, CLAIMS, "claim", "or a Claim of your own")]
    typed(instance, (Game, Instance), "instance")
    game = instance.game if isinstance(instance, Instance) else instance
    rtol, rng = number(rtol, "rtol"), generator(rng)
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
