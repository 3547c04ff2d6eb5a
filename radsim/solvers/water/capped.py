r"""Solve a small capped game (V3): bisect the price of a query, read off that of a mistake."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.solvers.water.chunks import Chunk
from radsim.solvers.water.kernels import Kernels

__all__ = ["Box", "Found", "Prices", "Sorted", "Sums", "bisect", "in_order"]


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


class Sorted(NamedTuple):
    """Points sorted by stake, and the sorted levels at which the solution can change."""

    g: Array
    h: Array
    s: Array
    ratio: Array
    inverse: Array
    knots: Array


def in_order(points: Chunk, abstain: bool, box: Box) -> Sorted:
    """Sort the points by stake, and the levels of the box at which the solution can change."""
    g, h, s = points
    if abstain and not (g > 0).all():
        play = g > 0
        g, h, s = g[play], h[play], s[play]
    order = np.argsort(-s)
    g, h, s = g[order], h[order], s[order]
    n, positive = len(g), s > 0
    ratio = np.divide(g, s, out=np.zeros(n), where=positive)
    inverse = np.divide(1, s, out=np.zeros(n), where=positive)
    forced = not abstain and box.low <= 0
    knots = np.unique(np.concatenate((g, -h)) if forced else g)
    knots = knots[(knots >= box.low) & (knots <= box.high)]
    if abstain and box.low == 0 and not (len(knots) and knots[0] == 0):
        knots = np.concatenate(([0.0], knots))
    return Sorted(g, h, s, ratio, inverse, knots)


def bisect(
    points: Sorted, m: float, b: float, abstain: bool, base: Sums, box: Box, loops: Kernels
) -> Found:
    """Bisect the price of a query over the gains, and read off the rest."""
    g, h, s, ratio, inverse, knots = points
    n = len(g)
    forced = not abstain and box.low <= 0

    def needs(lam: float) -> tuple[Array, float]:
        """Mistakes that bring each point down to lam, or to -h, and those of the base."""
        need = np.maximum(0, g - lam)
        need *= inverse
        np.minimum(need, 1, out=need)
        used = base.ratio - lam * base.density if base.density else 0.0
        return need, max(0.0, used) + base.full

    def ends(lam: float) -> tuple[float, float]:
        """The thresholds that use up the m mistakes; two only if some prefix uses m exactly."""
        need, used = needs(lam)
        need[:1] += used
        total = np.cumsum(need, out=need)
        if n == 0:
            total = np.array([used])
        if total[-1] < m * (1 - 1e-15):
            return box.least, box.least
        first = int(np.searchsorted(total, m * (1 - 1e-15), side="left"))
        after = int(np.searchsorted(total, m * (1 + 1e-15), side="right"))
        high = s[first] if n and used < m * (1 - 1e-15) else box.most
        low = s[after] if after < n else box.least
        if after == 0 and used > m * (1 + 1e-15):
            low = box.most
        return float(low), float(max(high, low))

    def share(tau: float) -> Array:
        return np.where(s > tau, tau * inverse, 1.0) if tau < np.inf else np.ones(n)

    def bounds(lam: float, tau: float) -> tuple[Array, Array]:
        """Smallest and largest q that are a best reply at prices lam and tau."""
        part = share(tau)
        if not forced:
            return part * (g > lam), part * (g >= lam)
        low = np.where(g > lam, np.where(-h > lam, 1.0, part), 0.0)
        high = np.where(g >= lam, np.where(-h >= lam, 1.0, part), 0.0)
        return low, high

    def settled(tau: float) -> float:
        return base.sure + (tau * base.density if base.density else 0.0)

    def spend(lam: float) -> tuple[float, float]:
        """Range of the budget that can be spent at price lam."""
        if loops.spend is not None:
            return loops.spend(g, h, s, inverse, lam, m, base, box, forced)
        least, most = ends(lam)
        low, high = bounds(lam, least)[0], bounds(lam, most)[1]
        return float(low.sum()) + settled(least), float(high.sum()) + settled(most)

    # Largest knot at which at least b could be spent: spending falls as the price rises.
    left, right, found = -1, len(knots), False
    lam = tau = 0.0
    while right - left > 1:
        middle = (left + right) // 2
        low, high = spend(float(knots[middle]))
        if high >= b or (knots[middle] == 0 and abstain):
            left, lam, found = middle, float(knots[middle]), low <= b
        else:
            right = middle
    if found:
        least, most = ends(lam)
        if float(bounds(lam, least)[1].sum()) + settled(least) >= b:
            tau = least
        elif float(bounds(lam, most)[0].sum()) + settled(most) <= b:
            tau = most
        else:
            full = -h >= lam if forced else np.zeros(n, dtype=bool)
            mid = (g >= lam) & ~full
            tau = _fill(s[mid], b - base.sure - float((full & (g >= lam)).sum()), base.density)
            tau = min(max(tau, least), most)
    else:
        floor = float(knots[left]) if left >= 0 else box.low
        ceiling = float(knots[right]) if right < len(knots) else box.high
        full = np.zeros(n, dtype=bool)
        if forced:
            full = -h >= ceiling if left < 0 else -h > floor
        mid = (g > floor) & ~full
        tau = _fill(s[mid], b - base.sure - float((full & (g > floor)).sum()), base.density)
        tau = min(max(tau, box.least), box.most)
        heavy = s > tau
        density = float(np.sum(inverse[mid & heavy])) + base.density
        lam = floor + (ceiling - floor) / 2 if np.isfinite(floor + ceiling) else max(floor, 0.0)
        if density > 0:
            rest = m - base.full - float(np.sum(full & heavy))
            lam = (float(np.sum(ratio[mid & heavy])) + base.ratio - rest) / density
        lam = float(np.clip(lam, floor, ceiling))

    q, most_q = bounds(lam, tau)
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
    value = b * lam + float(np.sum(np.maximum(0, g - lam - s * l))) + base.gain - lam * base.sure
    return Found(Prices(lam, tau, theta, edge, value), inside)


def _fill(s: Array, total: float, density: float) -> float:
    """Threshold tau with sum min(1, tau/s) + tau*density = total; s is sorted, largest first."""
    n = len(s)
    if total <= 0:
        return 0.0
    inverse = np.concatenate(([0.0], np.cumsum(1 / s))) + density
    # With the k largest stakes above tau, tau = (total - (n - k)) / (density + sum 1/s of those).
    k = np.arange(n + 1)
    tau = (total - (n - k)) / inverse
    if density == 0:
        tau[0] = np.inf if total >= n else -np.inf
    above = np.concatenate(([np.inf], s))
    below = np.append(s, 0.0)
    fits = np.flatnonzero((tau >= below) & (tau <= above * (1 + 1e-12)))
    if not fits.size:
        return float(np.max(tau[np.isfinite(tau)], initial=0.0))
    best = int(fits[0])
    if inverse[best] == 0:
        return float(s[0]) if n and total == n else np.inf
    return float((total - (n - best)) / (density + float(np.sum(1 / s[:best]))))
