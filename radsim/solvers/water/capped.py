r"""Solve a small capped game (V3): bisect the price of a query, read off that of a mistake."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.solvers.water.chunks import Chunk

__all__ = ["Box", "Found", "Points", "Prices", "Sorted", "Sums", "bisect", "in_order"]


class Prices(NamedTuple):
    """Prices, the shares `theta` and `edge` of `radsim.solvers.water.rule.Rule`, and the value."""

    level: float
    threshold: float
    theta: float
    edge: float
    value: float


class Box(NamedTuple):
    """Intervals in which the two prices lie."""

    low: float
    high: float
    least: float  # of the threshold
    most: float


class Sums(NamedTuple):
    """Sums over the points whose strategies are the same for all prices in the box."""

    ratio: float = 0.0  # sum of g/s of points shaved to the level
    density: float = 0.0  # sum of 1/s of the same
    sure: float = 0.0  # number of points taken surely
    full: float = 0.0  # of those, the ones surely mistaken
    gain: float = 0.0  # sum of what the points taken surely earn

    def times(self, factor: float) -> Sums:
        return Sums(*(factor * x for x in self))


class Found(NamedTuple):
    """Prices found in a box, and whether those of the whole pool lie in it."""

    prices: Prices
    inside: bool  # False: the prices of the whole pool lie outside the box


class Points(NamedTuple):
    """Points, each of which stands for `weight` equal ones."""

    g: Array
    h: Array
    s: Array
    weight: Array

    @classmethod
    def of(cls, chunk: Chunk, ties: Points | None = None) -> Points:
        """Single points, and some that stand for many."""
        alone = cls(*chunk, np.ones(len(chunk[0])))
        if ties is None or not len(ties.g):
            return alone
        return cls(*(np.concatenate(x) for x in zip(alone, ties, strict=True)))

    def at(self, index: Array) -> Points:
        """Some of them, in that order."""
        return Points(*(x[index] for x in self))


class Sorted(NamedTuple):
    """Points sorted by stake, and the sorted levels at which the solution can change."""

    points: Points
    inverse: Array  # weight / stake
    knots: Array


def in_order(points: Points, abstain: bool, box: Box) -> Sorted:
    """Sort the points by stake, and the levels of the box at which the solution can change."""
    if abstain and not (points.g > 0).all():
        points = points.at(points.g > 0)
    points = points.at(np.argsort(-points.s))
    g, h, s, count = points
    inverse = np.divide(count, s, out=np.zeros(len(s)), where=s > 0)
    forced = not abstain and box.low <= 0
    knots = np.unique(np.concatenate((g, -h)) if forced else g)
    knots = knots[(knots >= box.low) & (knots <= box.high)]
    if abstain and box.low == 0 and not (len(knots) and knots[0] == 0):
        knots = np.concatenate(([0.0], knots))
    return Sorted(points, inverse, knots)


def bisect(ordered: Sorted, m: float, b: float, abstain: bool, base: Sums, box: Box) -> Found:
    """Bisect the price of a query over the gains, and read off the rest."""
    (g, h, s, count), inverse, knots = ordered
    n, rising = len(g), -s
    forced = not abstain and box.low <= 0
    some, many = m * (1 - 1e-15), m * (1 + 1e-15)

    def needs(lam: float) -> tuple[Array, float]:
        """Mistakes that bring each point down to lam, or to -h, and those of the base."""
        need = g - lam
        np.maximum(need, 0, out=need)
        need *= inverse
        np.minimum(need, count, out=need)
        used = base.ratio - lam * base.density if base.density else 0.0
        return need, max(0.0, used) + base.full

    def totals(lam: float) -> tuple[Array, float]:
        need, used = needs(lam)
        need[:1] += used
        return (np.cumsum(need, out=need) if n else np.array([used])), used

    def largest(lam: float) -> float:
        """The largest threshold that uses up the m mistakes."""
        total, used = totals(lam)
        if total[-1] < some:
            return box.least
        return float(s[int(np.searchsorted(total, some))]) if n and used < some else box.most

    def ends(lam: float) -> tuple[float, float]:
        """Thresholds that use up the m mistakes; two only if some prefix uses m exactly."""
        most, (total, used) = largest(lam), totals(lam)
        if total[-1] < some or used > many:
            return most, most
        after = int(np.searchsorted(total, many, side="right"))
        low = float(s[after]) if after < n else box.least
        return low, max(low, most)

    def share(tau: float) -> Array:
        return np.where(s > tau, tau * inverse, count) if tau < np.inf else count

    def smallest_q(lam: float, tau: float) -> Array:
        """The smallest q that is a best reply at prices lam and tau, of all points that it is."""
        part = share(tau)
        return np.where(-h > lam, count, part) * (g > lam) if forced else part * (g > lam)

    def largest_q(lam: float, tau: float) -> Array:
        """The largest."""
        part = share(tau)
        return np.where(-h >= lam, count, part) * (g >= lam) if forced else part * (g >= lam)

    def settled(tau: float) -> float:
        return base.sure + (tau * base.density if base.density else 0.0)

    def most_spent(lam: float, tau: float) -> float:
        """The largest budget that can be spent at these prices."""
        if forced or not tau < np.inf:
            return float(largest_q(lam, tau).sum()) + settled(tau)
        k = int(np.searchsorted(rising, -tau))  # the first stake that is no larger
        above = (g >= lam).astype(np.float64)
        heavy, light = above[:k], above[k:]
        heavy *= inverse[:k]
        light *= count[k:]
        return tau * float(heavy.sum()) + float(light.sum()) + settled(tau)

    # Largest knot at which at least b could be spent: spending falls as the price rises.
    left, right = -1, len(knots)
    while right - left > 1:
        middle = (left + right) // 2
        lam = float(knots[middle])
        if (lam == 0 and abstain) or most_spent(lam, largest(lam)) >= b:
            left = middle
        else:
            right = middle
    lam = float(knots[left]) if left >= 0 else 0.0
    least, most = ends(lam)
    if left >= 0 and float(smallest_q(lam, least).sum()) + settled(least) <= b:
        if float(largest_q(lam, least).sum()) + settled(least) >= b:
            tau = least
        elif float(smallest_q(lam, most).sum()) + settled(most) <= b:
            tau = most
        else:
            full = -h >= lam if forced else np.zeros(n, dtype=bool)
            mid = (g >= lam) & ~full
            sure = base.sure + float(count[full & (g >= lam)].sum())
            tau = _fill(s[mid], count[mid], b - sure, base.density)
            tau = min(max(tau, least), most)
    else:
        floor = lam if left >= 0 else box.low
        ceiling = float(knots[right]) if right < len(knots) else box.high
        full = np.zeros(n, dtype=bool)
        if forced:
            full = -h >= ceiling if left < 0 else -h > floor
        mid = (g > floor) & ~full
        sure = base.sure + float(count[full & (g > floor)].sum())
        tau = _fill(s[mid], count[mid], b - sure, base.density)
        tau = min(max(tau, box.least), box.most)
        heavy = s > tau
        density = float(np.sum(inverse[mid & heavy])) + base.density
        lam = floor + (ceiling - floor) / 2 if np.isfinite(floor + ceiling) else max(floor, 0.0)
        if density > 0:
            rest = m - base.full - float(np.sum(count[full & heavy]))
            lam = (float(np.sum((g * inverse)[mid & heavy])) + base.ratio - rest) / density
        lam = float(np.clip(lam, floor, ceiling))

    q, most_q = smallest_q(lam, tau), largest_q(lam, tau)
    spent, room = float(q.sum()) + settled(tau), float(np.sum(most_q - q))
    theta = 0.0
    if spent < b and room > 0 and not (abstain and lam <= 0):
        theta = min(1.0, (b - spent) / room)
    need, used = needs(lam)
    l = np.where(s > tau, need, 0.0)
    used += float(l.sum())
    at = np.where(s == tau, need, 0.0)
    edge, more = 0.0, float(at.sum())
    if used < m and more > 0:
        edge = min(1.0, (m - used) / more)
    l += edge * at
    # The four brackets of V3: whoever found the prices, this says whether they are the prices.
    # Where m > sum g/s the last one has no solution, and tau = 0 is the answer.
    slip_b, slip_m = 1e-13 * (b + base.sure), 1e-13 * (m + base.ratio + base.full)
    inside = (
        spent <= b + slip_b
        and (spent + room >= b - slip_b or (abstain and lam == 0))
        and used <= m + slip_m
        and (used + more >= m - slip_m or tau == 0)
    )
    # The price of the budget plus what is not shaved: no cancellation.
    kept = count * (g - lam) - s * l
    value = b * lam + float(np.sum(np.maximum(0, kept))) + base.gain - lam * base.sure
    return Found(Prices(lam, tau, theta, edge, value), inside)


def _fill(s: Array, count: Array, total: float, density: float) -> float:
    """Threshold tau with sum min(1, tau/s) + tau*density = total; s is sorted, largest first."""
    n = len(s)
    if total <= 0:
        return 0.0
    inverse = np.concatenate(([0.0], np.cumsum(count / s))) + density
    # With the k largest stakes above tau: tau = (total - others) / (density + sum 1/s of those).
    others = np.concatenate((np.cumsum(count[::-1])[::-1], [0.0]))
    tau = (total - others) / inverse
    if density == 0:
        tau[0] = np.inf if total >= others[0] else -np.inf
    above = np.concatenate(([np.inf], s))
    below = np.append(s, 0.0)
    fits = np.flatnonzero((tau >= below) & (tau <= above * (1 + 1e-12)))
    if not fits.size:
        return float(np.max(tau[np.isfinite(tau)], initial=0.0))
    best = int(fits[0])
    if inverse[best] == 0:
        return float(s[0]) if n and total == others[0] else np.inf
    return float((total - others[best]) / (density + float(np.sum(count[:best] / s[:best]))))
