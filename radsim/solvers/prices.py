r"""The two prices of V3 and V3b: of a query, :math:`\lambda`, and of a mistake, :math:`\tau`."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.levels import total_of
from radsim.pools import Chunk, Pool, arrays

__all__ = ["Prices", "find_prices"]

SMALL = 16_384
SAMPLE = 8_192
KEPT = 25_000_000


class Prices(NamedTuple):
    """Prices, the shares `theta` and `edge` of `radsim.rule.Rule`, and the value."""

    level: float
    threshold: float
    theta: float
    edge: float
    value: float


class _Box(NamedTuple):
    """Where the prices lie, ends included."""

    low: float
    high: float
    least: float  # of the threshold
    most: float


class _Sums(NamedTuple):
    """What the points add up to whose part in the game is the same all over the box."""

    ratio: float = 0.0  # sum of g/s of points shaved to the level
    density: float = 0.0  # sum of 1/s of the same
    sure: float = 0.0  # number of points taken surely
    full: float = 0.0  # of those, the ones surely mistaken
    gain: float = 0.0  # sum of what the points taken surely earn

    def times(self, factor: float) -> _Sums:
        return _Sums(*(factor * x for x in self))


class _Found(NamedTuple):
    prices: Prices
    inside: bool  # False: the prices of the whole pool lie outside the box
    errors: tuple[float, float]  # root of the sum of squared mistakes and probabilities


def find_prices(pool: Pool, mistakes: float, budget: float, abstain: bool) -> Prices | None:
    r"""Solve the capped game: the same idea as `find_level`, in two dimensions.

    A sample is solved for budgets and mistakes a few standard deviations off; the prices of all
    these games span a box.  One pass sums up the points that play the same part in the whole box
    and keeps the others, and so on until they are few; those are sorted and bisected.  Should the
    prices not lie in the box, the box is widened, and at last given up.

    Parameters
    ----------
    pool : Pool
    mistakes, budget : float
    abstain : bool

    Returns
    -------
    Prices or None
        None if more points than memory is meant for crowd the prices.

    References
    ----------
    THEORY V3, V3b.
    """
    everywhere = _Box(0.0 if abstain else -np.inf, np.inf, 0.0, np.inf)
    with np.errstate(all="ignore"):
        for deviations in (3.0, 12.0, math.inf):
            found = _search(pool, mistakes, budget, abstain, everywhere, deviations)
            if found is None or found.inside:
                break
    return None if found is None else found.prices


def _search(
    pool: Pool, m: float, b: float, abstain: bool, everywhere: _Box, deviations: float
) -> _Found | None:
    base, box, first = _Sums(), everywhere, True
    while pool.n > SMALL and deviations < math.inf:
        box = _smaller(pool, m, b, abstain, base, box, deviations)
        base, kept = _tally(pool, base, box, abstain)
        if kept is None:
            return None
        shrunk = 4 * len(kept[0]) <= 3 * pool.n
        pool, first = arrays(*kept, kernels=pool.kernels), False
        if not shrunk:
            break
    if first and pool.n > KEPT:
        return None
    chunks = list(pool.chunks())
    g, h, s = (np.concatenate([c[k] for c in chunks] or [np.empty(0)]) for k in range(3))
    if abstain:
        play = g > 0
        if not play.all():
            g, h, s = g[play], h[play], s[play]
    return _exact((g, h, s), m, b, abstain, base, box)


def _smaller(
    pool: Pool,
    m: float,
    b: float,
    abstain: bool,
    base: _Sums,
    box: _Box,
    deviations: float,
) -> _Box:
    """The box that the prices of a sample span, its budget and mistakes being uncertain."""
    points, part = pool.sample(max(1_024, min(SAMPLE, int(2.6 * math.sqrt(pool.n)))))
    if abstain and not (points[0] > 0).all():
        play = points[0] > 0
        points = (points[0][play], points[1][play], points[2][play])
    scaled = base.times(part)
    middle = _exact(points, part * m, part * b, abstain, scaled, box)
    dm, db = (deviations * math.sqrt(x * x + 1) for x in middle.errors)
    seen = [middle.prices]
    for a in (-dm, dm):
        for c in (-db, db):
            mistakes, budget = max(0.0, part * m + a), max(0.0, part * b + c)
            corner = _exact(points, mistakes, budget, abstain, scaled, box)
            seen.append(corner.prices)
    levels, thresholds = [p.level for p in seen], [p.threshold for p in seen]
    return _Box(min(levels), max(levels), min(thresholds), max(thresholds))


def _tally(pool: Pool, base: _Sums, box: _Box, abstain: bool) -> tuple[_Sums, Chunk | None]:
    """One pass: sums over the points that are settled in the box, and the others."""
    sums: list[_Sums] = [base]
    kept: list[Chunk] = []
    n_kept = 0
    low, high, least, most = box
    unit, ends = 1.0, (least, most)
    if pool.multiple is not None:  # stakes are read off the gains; what is close is kept
        unit = 1 + pool.multiple
        ends = (least / unit * (1 - 1e-15), most / unit * (1 + 1e-15))
    for g, h, s in pool.read("prices"):
        if abstain or low > 0:
            given = s if pool.multiple is None else None
            ratio, density, sure, gain, index = pool.kernels.prices(g, given, low, high, *ends)
            ratio, density, full = ratio / unit, density / unit, 0.0
        else:
            ratio, density, sure, full, gain, index = _forced(g, h, s, box)
        sums.append(_Sums(ratio, density, sure, full, gain))
        if len(index) and n_kept <= KEPT:
            n_kept += len(index)
            stakes = s[index]
            kept.append((g[index], stakes if abstain else h[index], stakes))
    total = _Sums(*(total_of(x) for x in zip(*sums, strict=True)))
    if n_kept > KEPT:
        return total, None
    none = [(np.empty(0),) * 3]
    return total, tuple(np.concatenate([c[k] for c in kept or none]) for k in range(3))  # type: ignore[return-value]


def _forced(
    g: Array, h: Array, s: Array, box: _Box
) -> tuple[float, float, float, float, float, Array]:
    """A chunk at levels that are not positive: some points cannot be shaved down to them."""
    above, floor = g > box.high, -h
    heavy, light = above & (s > box.most), above & (s < box.least)
    heavy &= (floor < box.low) | (floor > box.high)
    full = heavy & (floor > box.high)
    shaved = heavy ^ full
    ratio, density = float(np.sum(g[shaved] / s[shaved])), float(np.sum(1 / s[shaved]))
    n_full = float(np.count_nonzero(full))
    gain = float(np.sum(g[light])) + float(np.sum(floor[full]))
    band = (g >= box.low) ^ heavy ^ light
    return ratio, density, np.count_nonzero(light) + n_full, n_full, gain, np.flatnonzero(band)


def _exact(points: Chunk, m: float, b: float, abstain: bool, base: _Sums, box: _Box) -> _Found:
    """Sort by stake, bisect the price of a query over the gains, and read off the rest."""
    order = np.argsort(-points[2], kind="stable")
    g, h, s = (x[order] for x in points)
    n, positive = len(g), s > 0
    ratio = np.divide(g, s, out=np.zeros(n), where=positive)
    inverse = np.divide(1, s, out=np.zeros(n), where=positive)
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
        least, most = ends(lam)
        low, high = bounds(lam, least)[0], bounds(lam, most)[1]
        return float(low.sum()) + settled(least), float(high.sum()) + settled(most)

    knots = np.unique(np.concatenate((g, -h)) if forced else g)
    knots = knots[(knots >= box.low) & (knots <= box.high)]
    if abstain and box.low == 0 and not (len(knots) and knots[0] == 0):
        knots = np.concatenate(([0.0], knots))
    # Largest knot at which at least b could be spent: spending falls as the price rises.
    left, right, found = -1, len(knots), False
    lam = tau = 0.0
    while right - left > 1:
        middle = (left + right) // 2
        lam = float(knots[middle])
        low, high = spend(lam)
        if low > b:
            left = middle
        elif high < b and not (lam == 0 and abstain):
            right = middle
        else:
            found = True
            break
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
    slip_b, slip_m = 1e-13 * (b + base.sure), 1e-13 * (m + base.ratio + base.full)
    inside = (
        spent <= b + slip_b
        and (spent + room >= b - slip_b or (abstain and lam == 0))
        and used <= m + slip_m
        and (used + more >= m - slip_m or tau == 0)
    )
    # The price of the budget plus what is not shaved: no cancellation.
    value = b * lam + float(np.sum(np.maximum(0, g - lam - s * l))) + base.gain - lam * base.sure
    q = q + theta * (most_q - q)
    errors = (float(np.sqrt(np.sum(l * l))), float(np.sqrt(np.sum(q * q))))
    return _Found(Prices(lam, tau, theta, edge, value), inside, errors)


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
