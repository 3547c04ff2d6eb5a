r"""Which selector the answers on checked points speak for: margin, RAD, neither yet, or none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, index_of, number, same_index, steady, vector
from radsim.game import Game
from radsim.intervals import least_mean, share_intervals
from radsim.payoffs import worst_case
from radsim.selectors.formulas import margin, uniform
from radsim.solvers import solve

__all__ = ["Estimate", "Recommendation", "advise"]

# Error rates for which RAD may be solved.  They are set before the answers are seen, so that a rate
# chosen by the answers costs no more than a union over these.
RATES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.75, 1.0)
# Intervals that hold together: what margin and uniform lose, their difference on both sides, the
# shares of wrong answers in the pool and on margin's points; and for each rate what RAD loses, and
# both sides of its difference to margin.
STATEMENTS = 6 + 3 * len(RATES)


@dataclass(frozen=True)
class Estimate:
    """Estimate of a mean, with an interval that holds it.

    Attributes
    ----------
    mean, low, high : float
        The mean is NaN where no checked point tells it.

    Examples
    --------
    >>> print(Estimate(0.2, 0.1, 0.3))
    0.2 [0.1, 0.3]
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        mean = "not known" if math.isnan(self.mean) else f"{self.mean:.3g}"
        return f"{mean} [{self.low:.3g}, {self.high:.3g}]"


@dataclass(frozen=True)
class Recommendation:
    """Advice on a selector, and what it rests on; robust gains are per query of the budget.

    Attributes
    ----------
    selector : {"margin", "RAD", "guarded", "none"}
        "guarded": the answers do not tell margin and RAD apart.  "none": do not query.
    reason : str
    n_checked, n_wrong : int
    rate : float
        Error rate for which RAD was solved: the share seen wrong, rounded up to one of `RATES`.
    wrong, wrong_at_margin : Estimate
        Share of wrong answers in the pool, and on the points that margin takes.
    margin, uniform, rad : Estimate
        Expected robust gain, if the teacher errs in the pool as it did on the checked points.
    over_rad, over_uniform : Estimate
        Margin's less RAD's, and less uniform's.
    margin_guarantee, rad_guarantee : float
        Whatever mistakes the teacher makes, as long as at most `rate` of the pool are wrong: that
        is a premise, not a bound, and `wrong` says what else these points allow.
    alike : float
        P-value of the gains of checked points and pool coming from one law.
    error : float
        Probability that some interval misses.

    Examples
    --------
    >>> gains = np.linspace(0, 1, 1000)
    >>> found = advise(gains, 100, gains[::2], np.zeros(500))
    >>> found.selector, found.n_checked, found.n_wrong
    ('guarded', 500, 0)
    >>> found.needed  # points to check until margin and RAD are told apart, or so
    2141
    """

    selector: str
    reason: str
    n_checked: int
    n_wrong: int
    rate: float
    wrong: Estimate
    wrong_at_margin: Estimate
    margin: Estimate
    uniform: Estimate
    rad: Estimate
    over_rad: Estimate
    over_uniform: Estimate
    margin_guarantee: float
    rad_guarantee: float
    alike: float
    error: float

    @property
    def lift(self) -> float:
        """How much more often the teacher is wrong where margin asks; NaN if it never was wrong."""
        everywhere = self.wrong.mean
        return self.wrong_at_margin.mean / everywhere if everywhere else float("nan")

    @property
    def needed(self) -> int | None:
        """Checked points that would tell margin and RAD apart, or so; None if nobody can say."""
        mean = self.over_rad.mean
        half = mean - self.over_rad.low if mean > 0 else self.over_rad.high - mean
        share = half / abs(mean) if mean else float("inf")
        return math.ceil(self.n_checked * share**2) if math.isfinite(share) else None


def _of_gain(gains: Array, q: Array, at: Array) -> Array:
    """Inclusion probabilities as a function of the gain: the mean at the pool's nearest gain."""
    values, place = np.unique(gains, return_inverse=True)
    mean = np.bincount(place, weights=q) / np.bincount(place)
    after = np.clip(np.searchsorted(values, at), 1, max(1, len(values) - 1))
    if len(values) == 1:
        return np.full(len(at), mean[0])
    left_is_nearer = at - values[after - 1] <= values[after] - at
    return np.asarray(mean[np.where(left_is_nearer, after - 1, after)])


def _lost(game: Game, q: Array, checked: tuple[Array, Array, Array], error: float) -> Estimate:
    """What wrong answers take of a query, if points are asked with these probabilities."""
    asked = q > 0
    if not asked.any():
        return Estimate(0.0, 0.0, 0.0)
    weight = float(asked.sum()) / game.budget
    largest = weight * float((q * game.stakes).max())
    # What is lost if every answer is wrong: the checked points' mean may come out above it.
    most = min(largest, float(q @ game.stakes) / game.budget)
    # The share of the pool that may be asked is known: only checked points of that kind count.
    g, h, wrong = checked
    f = _of_gain(game.gains, q, g)
    taken = np.minimum(weight * f * (g + h) * wrong, largest)[f > 0]
    if not taken.size:
        return Estimate(float("nan"), 0.0, most)
    mean, v = float(taken.mean()), len(taken)
    low = least_mean(mean, v, (0, largest), error=error / 2)
    high = -least_mean(-mean, v, (-largest, 0), error=error / 2)
    return Estimate(min(mean, most), min(low, most), min(high, most))


def _earned(
    game: Game, q: Array, less: Array, checked: tuple[Array, Array, Array], error: float
) -> Estimate:
    """Robust gain per query of one selector less another's: what right answers earn is known."""
    known = float((q - less) @ game.gains) / game.budget
    more = _lost(game, np.maximum(0.0, q - less), checked, error)
    saved = _lost(game, np.maximum(0.0, less - q), checked, error)
    return Estimate(
        known - more.mean + saved.mean, known - more.high + saved.low, known - more.low + saved.high
    )


def _share(wrong: Array, error: float) -> Estimate:
    if not wrong.size:
        return Estimate(float("nan"), 0.0, 1.0)
    low, high = share_intervals([int(wrong.sum())], len(wrong), error=error)
    return Estimate(float(wrong.mean()), float(low[0]), float(high[0]))


def _chosen(found: dict[str, Estimate], asks: bool, highest: float) -> tuple[str, str]:
    """The selector that the intervals speak for, and why; `asks`: RAD queries at all."""
    if not highest:
        return "none", "every gain of the pool is 0, so no answer earns anything"
    best = max(found["margin"].high, found["uniform"].high, found["rad"].high if asks else 0.0)
    if best <= 0:
        return "none", "wrong answers cost more than right ones earn, wherever one asks"
    if found["over_rad"].low > 0 and found["over_uniform"].low > 0:
        return "margin", "the mistakes do not follow the gain enough to cost margin its lead"
    if not asks:
        return "none", (
            "so many answers are wrong that no selection has a positive guarantee, and none is "
            "shown to earn"
        )
    if found["over_rad"].high < 0:
        return "RAD", "the mistakes sit where the gain is high"
    return "guarded", "so few checked points do not tell margin and RAD apart"


@steady
def advise(
    gains: ArrayLike,
    budget: float,
    checked_gains: ArrayLike,
    checked_wrong: ArrayLike,
    *,
    harm: float = 1.0,
    harms: ArrayLike | None = None,
    checked_harms: ArrayLike | None = None,
    error: float = 0.05,
) -> Recommendation:
    r"""Advise on a selector from a teacher's answers on checked points.

    A selector's inclusion probabilities are a function q of the gain, fixed by the pool.  If the
    teacher errs in the pool as on checked points, which were drawn at random from it or its like,
    a query earns in the mean

    .. math:: \frac1b \Big( \sum_i q_i g_i - |A| \, E[\, q(g)\, s\, w \mid A\,] \Big),
        \qquad A = \{q > 0\}, \quad w = 1 \text{ where the teacher is wrong}.

    The sum is known; the mean is that of the checked points in A, with Hoeffding's interval by
    relative entropy (of shares: Clopper and Pearson's).  All intervals hold together but with
    probability `error`, at any number of checked points.  Of a difference the points that one
    selector asks more often, and those that the other does, are taken apart in the same way.  RAD
    is solved for the next of `RATES` from the share seen wrong on, and the union over all of them
    pays for that choice.

    Parameters
    ----------
    gains : array_like, shape (n,)
        Of the pool.
    budget : float
        Points to query, at most n.
    checked_gains : array_like, shape (v,)
        Of points like the pool's, whose answers were checked.
    checked_wrong : array_like of 0 and 1, shape (v,)
        Where the teacher was wrong.
    harm : float
        Harm as a multiple of the gain; ignored where harms are given.
    harms, checked_harms : array_like, shape (n,) and (v,), optional
        Both or neither.
    error : float
        In (0, 1).

    Returns
    -------
    Recommendation

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be, or pandas Series of other labels.

    Notes
    -----
    Nothing that was checked tells what a teacher would do who knew which points are asked: margin's
    interval is of a teacher who errs as it did, RAD's guarantee of any who is wrong on no more of
    the pool than the rate.  The rate is the share seen, rounded up, and may be below the true one;
    `mistakes_upper_bound` (S4) gives a count that is exceeded with a chosen probability at most.

    References
    ----------
    Hoeffding, JASA 1963, theorem 1; Clopper and Pearson, Biometrika 1934.

    Examples
    --------
    >>> gains = np.linspace(0, 1, 2000)
    >>> seen = np.linspace(0, 1, 400)
    >>> advise(gains, 200, seen, seen > 0.85).selector  # wrong on the largest gains
    'RAD'
    >>> advise(gains, 200, seen, np.ones(400)).selector  # always wrong
    'none'
    """
    # Slow to import, and only advice needs it.
    from scipy.stats import ks_2samp

    g = vector(gains, "gains", least=1)
    w = vector(checked_wrong, "checked_wrong", least=2, high=1, whole=True)
    seen = vector(checked_gains, "checked_gains", len(w), of="checked_wrong")
    error = number(error, "error", high=1, open_low=True, open_high=True)
    same_index(harms, "harms", index_of(gains), "gains")
    same_index(checked_wrong, "checked_wrong", index_of(checked_gains), "checked_gains")
    same_index(checked_harms, "checked_harms", index_of(checked_gains), "checked_gains")
    same_index(checked_harms, "checked_harms", index_of(checked_wrong), "checked_wrong")
    if (harms is None) != (checked_harms is None):
        raise ValueError("harms and checked_harms must be given together")
    rate = min(x for x in RATES if x >= float(w.mean()))
    game = Game(g, budget=budget, harm=harm, harms=harms, rate=rate)
    h = harm * seen
    if checked_harms is not None:
        h = vector(checked_harms, "checked_harms", len(w), of="checked_wrong")
    # What lies outside of the pool's range is brought to its ends: payoffs then have known bounds.
    checked = np.clip(seen, g.min(), g.max()), np.minimum(h, game.harms.max()), w
    selectors = {
        "margin": margin(g, budget),
        "uniform": uniform(g, budget),
        "rad": np.asarray(solve(game).inclusion),
    }
    each = error / STATEMENTS
    # Points of one gain are told apart by nothing here: each is asked with their mean probability.
    selectors = {name: _of_gain(g, q, g) for name, q in selectors.items()}
    none = np.zeros(len(g))
    found = {name: _earned(game, q, none, checked, each) for name, q in selectors.items()}
    at_margin = w[_of_gain(g, selectors["margin"], checked[0]) > 0]
    over = {
        f"over_{name}": _earned(game, selectors["margin"], selectors[name], checked, each)
        for name in ("rad", "uniform")
    }
    chosen, reason = _chosen(found | over, bool(selectors["rad"].any()), game.highest)
    return Recommendation(
        selector=chosen,
        reason=reason,
        n_checked=len(w),
        n_wrong=int(w.sum()),
        rate=rate,
        wrong=_share(w, each),
        wrong_at_margin=_share(at_margin, each),
        margin_guarantee=worst_case(game, selectors["margin"])[0] / budget,
        rad_guarantee=worst_case(game, selectors["rad"])[0] / budget,
        alike=float(ks_2samp(seen, g).pvalue),
        error=error,
        **found,
        **over,
    )
