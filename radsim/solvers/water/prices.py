r"""The two prices of V3 and V3b: of a query, :math:`\lambda`, and of a mistake, :math:`\tau`."""

from __future__ import annotations

import math

import numpy as np

from radsim.game import Array
from radsim.solvers.water.capped import Box, Found, Prices, Sums, bisect, in_order
from radsim.solvers.water.chunks import Chunk, Pool, arrays, joined, some
from radsim.solvers.water.levels import total_of

__all__ = ["find_prices", "sample_size"]

# Up to this many points are sorted and bisected; above, a sample boxes the prices.
SMALL = 16_384
# Most points kept from within a box; beyond, passes take the place of memory.
KEPT = 25_000_000
# A box is this many standard deviations of the sample's error wide; the second, if the first fails.
DEVIATIONS = (3.0, 12.0)
# A sample of so many points is boxed by a sample of its own, wide enough to hold the corners too.
LARGE, WIDER = 5_000, 1.35


def find_prices(pool: Pool, mistakes: float, budget: float, abstain: bool) -> Prices | None:
    r"""Solve the capped game: the same idea as `find_level`, in two dimensions.

    A sample is solved for budgets and mistakes a few standard deviations off; the prices of all
    these games span a box.  One pass sums up the points that play the same part in the whole box
    and keeps the others, and so on until they are few; those are sorted and bisected.  Should the
    prices not lie in a box, that box is widened, and at last given up.

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
    Theory page: V3, V3b.
    """
    box = Box(0.0 if abstain else -np.inf, np.inf, 0.0, np.inf)
    with np.errstate(all="ignore"):
        found = _search(pool, mistakes, budget, abstain, Sums(), box)
    return None if found is None else found.prices


def _search(pool: Pool, m: float, b: float, abstain: bool, base: Sums, box: Box) -> Found | None:
    """The prices within a box, given what the points outside of the pool add up to."""
    for deviations in DEVIATIONS if pool.n > SMALL else ():
        inner = _smaller(pool, m, b, abstain, base, box, deviations)
        sums, kept = _tally(pool, base, inner, abstain)
        if kept is None:
            return None
        if 4 * len(kept[0]) <= 3 * pool.n:
            left = arrays(*kept, pool.multiple, pool.kernels)
            found = _search(left, m, b, abstain, sums, inner)
        else:  # ties: the box gets no smaller
            points = in_order(kept, abstain, inner)
            found = bisect(points, m, b, abstain, sums, inner, pool.kernels)
        if found is None or found.inside:
            return found
    if pool.n > KEPT:
        return None
    points = in_order(pool.whole(), abstain, box)
    return bisect(points, m, b, abstain, base, box, pool.kernels)


def sample_size(n: int) -> int:
    """How many points box the prices of a large pool."""
    # Measured: the sample costs about as much as the points that it leaves in the box.
    return min(n // 4, int(50 * n**0.385))


def _smaller(
    pool: Pool,
    m: float,
    b: float,
    abstain: bool,
    base: Sums,
    box: Box,
    deviations: float,
) -> Box:
    """The box that the prices of a sample span, its budget and mistakes being uncertain."""
    points, part = pool.sample(sample_size(pool.n))
    sample = arrays(*points, pool.multiple, pool.kernels)
    prices = _corners(sample, part * m, part * b, abstain, base.times(part), box, deviations)
    knots = points[0] if abstain else np.concatenate((points[0], -points[1]))
    low, high = _around([p.level for p in prices], knots, box.low, box.high)
    least, most = _around([p.threshold for p in prices], points[2], box.least, box.most)
    return Box(low, high, least, most)


def _around(prices: list[float], knots: Array, least: float, most: float) -> tuple[float, float]:
    """The knots next to the prices: where any price in between will do, neighbours are kept."""
    low = knots[knots <= min(prices)].max(initial=least)
    high = knots[knots >= max(prices)].min(initial=most)
    return float(low), float(high)


def _corners(
    sample: Pool, m: float, b: float, abstain: bool, base: Sums, box: Box, deviations: float
) -> list[Prices]:
    """Prices of a sample for its mistakes and budget, and for what those may be instead."""
    boxes = [box]
    if sample.n > LARGE:
        boxes = [_smaller(sample, m, b, abstain, base, box, WIDER * deviations), box]
    for inner in boxes:
        whole = inner is box
        sums, kept = (base, sample.whole()) if whole else _tally(sample, base, inner, abstain)
        assert kept is not None  # a sample is never too many
        points = in_order(kept, abstain, inner)
        middle = bisect(points, m, b, abstain, sums, inner, sample.kernels)
        dm, db = (deviations * x for x in _errors(sample.whole(), middle.prices))
        found = [middle]
        for a in (-dm, dm):
            for c in (-db, db):
                game = max(0.0, m + a), max(0.0, b + c), abstain
                found.append(bisect(points, *game, sums, inner, sample.kernels))
        if all(x.inside for x in found):
            break
    return [x.prices for x in found]


def _errors(points: Chunk, prices: Prices) -> tuple[float, float]:
    """Standard errors of the mistakes made and the budget spent on a sample: sums of squares."""
    g, _, s = points
    l = np.minimum(1, np.maximum(0, g - prices.level) / s)
    l[~(s > prices.threshold)] = 0
    q = np.minimum(1, prices.threshold / s)
    q[~(g > prices.level)] = 0
    return math.sqrt(float(l @ l) + 1), math.sqrt(float(q @ q) + 1)


def _tally(pool: Pool, base: Sums, box: Box, abstain: bool) -> tuple[Sums, Chunk | None]:
    """One pass: sums over the points that are settled in the box, and the others."""
    sums: list[Sums] = [base]
    kept: list[list[Array]] = []
    n_kept = 0
    low, high, least, most = box
    unit, ends = 1.0, (least, most)
    if pool.multiple is not None:  # stakes are read off the gains; what is close is kept
        unit = 1 + pool.multiple
        ends = (least / unit * (1 - 1e-15), most / unit * (1 + 1e-15))
    multiple, loop, forced = pool.multiple, pool.kernels.prices, not (abstain or low > 0)

    def work(chunk: Chunk) -> tuple[Sums, list[Array]]:
        g, _, s = chunk
        if not forced:
            given = s if multiple is None else None
            ratio, density, sure, gain, index = loop(g, given, low, high, *ends)
            ratio, density, full = ratio / unit, density / unit, 0.0
        else:
            ratio, density, sure, full, gain, index = _forced(*chunk, box)
        return Sums(ratio, density, sure, full, gain), some(chunk, index, multiple)

    for found, points in pool.each("prices", work):
        sums.append(found)
        if len(points[0]) and n_kept <= KEPT:
            n_kept += len(points[0])
            kept.append(points)
    total = Sums(*(total_of(x) for x in zip(*sums, strict=True)))
    if n_kept > KEPT:
        return total, None
    return total, joined(kept, pool.multiple)


def _forced(
    g: Array, h: Array, s: Array, box: Box
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
