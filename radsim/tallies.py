r"""What two strategies prove, from one pass over the points and two prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum, isfinite
from typing import Any, NamedTuple

import numpy as np

from radsim.door import Array

__all__ = [
    "ALIKE",
    "TINY",
    "Bounds",
    "Piece",
    "Price",
    "Tally",
    "allowed",
    "at_prices",
    "bounds_at_prices",
    "look_at",
    "nowhere",
    "of_a_mistake",
    "of_a_query",
    "sum_of",
    "tally",
]

# Scales below this are evaluated in fractions: products of such floats lose their digits.
TINY = 1e-280
# Bites and robust gains that should be equal differ by a few roundings: they count as equal.
ALIKE = 2.0**-50

Piece = tuple[Array, Array, Array, Array]  # gains, stakes, q, l of some points


class Bounds(NamedTuple):
    """What a pair of strategies proves, and what gaps are measured against.

    `lower` and `upper` enclose the value whatever the strategies were; `infeasibility` says how
    far these had to be moved to obey the rules.
    """

    lower: Any
    upper: Any
    infeasibility: Any
    scale: Any


def nowhere(infeasibility: float = float("nan")) -> Bounds:
    nan = float("nan")
    return Bounds(nan, nan, infeasibility, nan)


def bounds_at_prices(game: Any, pieces: Iterable[Piece], level: float, threshold: float) -> Bounds:
    r"""Bounds of the value from one pass over the points, by any two prices.

    For every :math:`\tau \ge 0`, :math:`T_m(x) \le m\tau + \sum_i \max(0, x_i - \tau)`, so no sort
    is needed for the learner's side; likewise
    :math:`b\lambda + \sum_i \max(0, g_i - s_i l_i - \lambda)` is above any reply of the learner.
    Both are equalities at the right prices.  Nor is more lost than everything that is at stake, or
    more earned than b times the largest robust gain, which a tiny budget needs.

    Parameters
    ----------
    game : Game or StoredGame
    pieces : iterable of (gains, stakes, q, l)
        All points, some at a time.
    level, threshold : float
        :math:`\lambda` and :math:`\tau`; wrong ones widen the bounds and no more.

    Returns
    -------
    Bounds

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> points = game.gains, game.stakes, np.array([1, 2, 4]) / 7, np.array([6, 5, 3]) / 14
    >>> found = bounds_at_prices(game, [points], 1 / 7, 2 / 7)
    >>> round(7 * found.lower, 12), round(7 * found.upper, 12)
    (1.0, 1.0)
    """
    prices = at_prices(game, level, threshold)
    found = tally(game, (look_at(game, piece, *prices) for piece in pieces), *prices)
    return found.bounds(game) if found.is_finite else nowhere()


class Price(NamedTuple):
    r"""A price that may split an amount of points off the others.

    The amount times the price, and what values pass it by, is no less than the largest values that
    add up to the amount.  It is their sum if no more points are above the price, and no fewer at it
    or above; values between `low` and `high` count as at it.
    """

    amount: float
    low: float
    high: float

    def look(self, values: Array, largest: float) -> tuple[float, float, float]:
        """How many values are at it or above, how many above, and what these pass it by."""
        n_at_least = int(np.count_nonzero(values >= self.low))
        if largest <= self.high:
            return n_at_least, 0, 0.0
        n_above = int(np.count_nonzero(values > self.high))
        values -= self.high  # they are looked at no more
        return n_at_least, n_above, float(np.maximum(values, 0.0, out=values).sum())

    def total(self, passed: float) -> float:
        return (self.amount * self.high if self.amount else 0.0) + passed


def of_a_mistake(game: Any, threshold: float, error: float = 0.0) -> Price:
    m = game.mistakes
    # Below nothing the sum is no bound in floats: m times it cancels what passes it by.
    tau, error = max(0.0, threshold), max(0.0, error)
    return Price(m, tau - error, tau + error) if m else Price(m, np.inf, np.inf)


def of_a_query(game: Any, level: float, error: float = 0.0) -> Price:
    lam = max(0.0, level) if game.abstain else level
    # Who may abstain counts what is negative as nothing, so all points are at a price of nothing.
    low = -np.inf if game.abstain and lam <= error else lam - error
    return Price(game.budget, low, lam + error)


def at_prices(game: Any, level: float, threshold: float) -> tuple[Price, Price]:
    """The price of a mistake and that of a query, whoever names them."""
    # Roundings of n bites are not to be added up.
    return of_a_mistake(game, threshold, threshold * ALIKE), of_a_query(game, level)


class Tally(NamedTuple):
    """Sums and extremes over all points."""

    earned: float
    spent: float
    made: float
    shaved: float
    most_lost: float
    most_earned: float
    best: float  # robust gain
    largest: float  # gain, or stake if the budget must be spent
    violation: float
    splits: bool  # whether both prices split off what they should
    is_finite: bool

    def bounds(self, game: Any) -> Bounds:
        m, b, spent = game.mistakes, game.budget, self.spent
        # Scaled down by f, q loses f times as much.
        lower = min(1.0, b / spent) * (self.earned - self.most_lost) if spent > 0 else 0.0
        if not game.abstain and spent < b:  # what is still to be spent costs at most a stake
            lower -= (b - spent) * self.largest
        upper = b * (max(0.0, self.best) if game.abstain else self.best)
        if game.capped:
            upper = min(upper, self.most_earned)
        if self.made > m:
            # l scaled down by f leaves (1 - f)*s*l more of each gain, and no more than the gain.
            most = min(1.0, b) if game.capped else b  # of any q
            more = min(most * self.shaved, b * self.largest - upper)
            upper += (1 - m / self.made) * max(0.0, more)
        return Bounds(lower, upper, self.violation, b * self.largest)


def _clipped(values: Array, most: float) -> tuple[Array, float]:
    """Probabilities between zero and a bound, and how far outside they were."""
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= most:
        return values, 0.0
    return np.clip(values, 0.0, most), max(-low, high - most)


def allowed(game: Any, gains: Array, q: Array) -> tuple[Array, float, float]:
    """Inclusion probabilities that obey the cap, what they spend, and how far outside they were."""
    q, outside = _clipped(q, 1.0 if game.capped else np.inf)
    spent = float(q.sum())
    if game.abstain and not gains.min() > 0:  # a point without gain can only cost
        q = np.where(gains > 0, q, 0.0)
    return q, spent, outside


def look_at(game: Any, piece: Piece, mistake: Price, query: Price) -> tuple[float, ...]:
    """Sums over some points, and then their extremes."""
    g, s, raw_q, raw_l = piece
    q, asked, outside_q = allowed(game, g, raw_q)
    l, outside_l = _clipped(raw_l, 1.0)
    work = q * g
    earned = work.sum()  # pairwise, and not by as many threads as there are
    spent = asked if q is raw_q else q.sum()
    bite = np.multiply(q, s, out=work)
    hardest, bitten = float(bite.max()), bite.sum()
    bites = mistake.look(bite, hardest)
    shaved = np.multiply(s, l, out=work)
    taken = shaved.sum()
    robust = np.subtract(g, shaved, out=work)
    best = float(robust.max())
    left = query.look(robust, best) if game.capped else (query.amount, 0, 0.0)
    sums = (earned, spent, asked, l.sum(), taken, bitten, *bites, *left)
    outside = max(outside_q, outside_l)
    return *map(float, sums), best, float((g if game.abstain else s).max()), outside, hardest


def tally(game: Any, rows: Iterable[tuple[float, ...]], mistake: Price, query: Price) -> Tally:
    *sums, best, largest, outside, hardest = zip(*rows, strict=True)
    earned, spent, asked, made, shaved, bitten, *counts = map(sum_of, sums)
    n_bites, n_over, over_all, n_left, n_richer, surplus = counts
    m, b = game.mistakes, game.budget
    excess = (asked - b) / max(b, TINY)
    violations = (excess if game.abstain else abs(excess), (made - m) / max(1.0, m), *outside)
    # No stake is so large that a level lies so low; there b times it would cancel all else.
    deep = not game.abstain and not query.high >= -1.001 * max(largest)
    # Minima and maxima of Python would pass over what is no number.
    numbers = (earned, spent, asked, made, shaved, bitten, *best, *hardest)
    return Tally(
        earned,
        spent,
        made,
        shaved,
        min(mistake.total(over_all), bitten),
        query.total(surplus),
        max(best),
        max(largest),
        max(0.0, *violations),
        n_over <= m <= n_bites and n_richer <= b <= n_left,
        all(map(isfinite, numbers)) and not deep,
    )


def sum_of(parts: Sequence[float]) -> float:
    """Sum of sums of chunks, rounded once; what is no number, or too large for one, stays so.

    Examples
    --------
    >>> sum_of([1e16, 1.0, -1e16]), sum_of([1e308, 1e308])
    (1.0, inf)
    """
    try:
        return fsum(parts)
    except (OverflowError, ValueError):  # beyond the largest float; or both infinities
        with np.errstate(all="ignore"):
            return float(np.sum(parts))
