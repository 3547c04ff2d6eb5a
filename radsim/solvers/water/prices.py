r"""The two prices of V3 and V3b: of a query, :math:`\lambda`, and of a mistake, :math:`\tau`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from radsim.game import Array
from radsim.solvers.water.capped import Box, Found, Points, Prices, Sums, bisect, in_order
from radsim.solvers.water.chunks import Bare, Chunk, Pool, arrays, filled, joined, some
from radsim.solvers.water.levels import total_of
from radsim.solvers.water.proportional import in_proportion
from radsim.solvers.water.vectorised import pieces

__all__ = ["Crowd", "find_prices", "sample_size"]

# Up to this many points are sorted and bisected; above, a sample boxes the prices.
SMALL = 16_384
# Most points kept from within a box; beyond, passes take the place of memory.
KEPT = 25_000_000
# A box is this many standard deviations of the sample's error wide; the second, if the first fails.
DEVIATIONS = (3.0, 12.0)
# A sample of so many points is boxed by a sample of its own, wide enough to hold the corners too.
LARGE, WIDER = 5_000, 1.35
# A sample of n points has so many times n^0.385; more where it is solved without bisection.
SIZE, LARGER = 50, 60
# A point is counted instead of kept if at least so many of the sample in the box equal it, and at
# least one in so many.
_OFTEN, _CLASSES = 8, 20
_NO_SUMS = np.empty(0)
_NONE: Chunk = (_NO_SUMS,) * 3


class _Left(NamedTuple):
    """What has not been settled, and what the points that have been add up to."""

    pool: Pool
    ties: Points  # what stands for many points that are equal
    base: Sums

    def whole(self) -> Points:
        """All points, for few of them."""
        return Points.of(self.pool.whole(), self.ties)

    def sample(self, size: int) -> tuple[_Left, float]:
        """A sample of the pool, and which part of it that is; the ties and sums are not sampled."""
        points, part = self.pool.sample(size)
        pool = arrays(*points, self.pool.multiple, self.pool.kernels)
        ties = self.ties._replace(weight=part * self.ties.weight)
        return _Left(pool, ties, self.base.times(part)), part


def find_prices(pool: Pool, mistakes: float, budget: float, abstain: bool) -> Prices | None:
    r"""Solve the capped game: the same idea as `find_level`, in two dimensions.

    A sample is solved for budgets and mistakes a few standard deviations off; the prices of all
    these games span a box.  One pass sums up the points that play the same part in the whole box,
    counts those that equal one that the sample repeats, keeps the others, and so on until they are
    few; those are sorted and bisected.  Should the prices not lie in a box, that box is widened,
    and at last given up.

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
        left = _Left(pool, Points.of((np.empty(0),) * 3), Sums())
        found = _search(left, mistakes, budget, abstain, box)
    return None if found is None else found.prices


def _search(left: _Left, m: float, b: float, abstain: bool, box: Box) -> Found | None:
    """The prices within a box, given what the points outside of the pool add up to."""
    n = left.pool.n
    for deviations in DEVIATIONS if n > SMALL else ():
        # Measured: the sample costs about as much as the points that it leaves in the box.
        sample, part = left.sample(sample_size(n, _fast(left, abstain, box)))
        inner = _smaller(sample, part * m, part * b, abstain, box, deviations)
        ties = _repeated(sample.pool.whole(), inner, abstain)
        # Where points are repeated those are counted first, and the next pass is shorter.
        crowds = [] if len(ties[0]) else _crowded(sample.pool, inner, abstain)
        rest = _tally(left, inner, abstain, ties, crowds)
        if rest is None:
            return None
        if 4 * rest.pool.n <= 3 * n:
            found = _search(rest, m, b, abstain, inner)
        else:  # the box gets no smaller
            points = in_order(rest.whole(), abstain, inner)
            found = bisect(points, m, b, abstain, rest.base, inner)
        if found is None or found.inside:
            return found
    if n > KEPT:
        return None
    return bisect(in_order(left.whole(), abstain, box), m, b, abstain, left.base, box)


def _fast(left: _Left, abstain: bool, box: Box) -> bool:
    """Whether samples are solved without bisection, so that larger ones pay."""
    return left.pool.multiple is not None and (abstain or box.low > 0)


def _smaller(sample: _Left, m: float, b: float, abstain: bool, box: Box, deviations: float) -> Box:
    """The box that the prices of a sample span, its budget and mistakes being uncertain."""
    multiple = sample.pool.multiple
    if multiple is not None and _fast(sample, abstain, box):
        rising = np.sort(sample.pool.whole()[0])
        prices = _quickly(sample, rising, m, b, box, deviations)
        g, _, s = filled((np.sort(np.append(rising, sample.ties.g)), None, None), multiple)
    else:
        prices = _corners(sample, m, b, abstain, box, deviations)
        g, h, s, _ = sample.whole()
        g, s = np.sort(g if abstain else np.append(g, -h)), np.sort(s)
    low, high = _around([x for x, _ in prices], g, *box[:2])
    least, most = _around([x for _, x in prices], s, *box[2:])
    return Box(low, high, least, most)


def _around(prices: list[float], knots: Array, least: float, most: float) -> tuple[float, float]:
    """The knots next to the prices: where any price in between will do, neighbours are kept."""
    below = int(np.searchsorted(knots, min(prices), side="right"))
    above = int(np.searchsorted(knots, max(prices)))
    low = max(least, float(knots[below - 1])) if below else least
    return low, min(most, float(knots[above])) if above < len(knots) else most


def _off(m: float, b: float, dm: float, db: float) -> list[tuple[float, float]]:
    """Mistakes and budgets that a sample may have instead of its own."""
    return [(max(0.0, m + a), max(0.0, b + c)) for a in (-dm, dm) for c in (-db, db)]


def _quickly(
    sample: _Left, rising: Array, m: float, b: float, box: Box, deviations: float
) -> list[tuple[float, float]]:
    """The same as `_corners` where the harms are a multiple of the gains."""
    assert sample.pool.multiple is not None
    prices = in_proportion(rising[::-1], sample.ties, sample.base, 1 + sample.pool.multiple, box)
    middle = prices(m, b)
    dm, db = (deviations * x for x in _errors(sample.pool.whole(), *middle))
    return [middle, *(prices(*game) for game in _off(m, b, dm, db))]


def sample_size(n: int, fast: bool) -> int:
    """How many points box the prices of a large pool."""
    return min(n // 4, int((LARGER if fast else SIZE) * n**0.385))


def _corners(
    sample: _Left, m: float, b: float, abstain: bool, box: Box, deviations: float
) -> list[tuple[float, float]]:
    """Prices of a sample for its mistakes and budget, and for what those may be instead."""
    n = sample.pool.n
    boxes = [box]
    if n > LARGE:
        few, part = sample.sample(sample_size(n, False))
        wide = WIDER * deviations
        boxes = [_smaller(few, part * m, part * b, abstain, box, wide), box]
    for inner in boxes:
        left = sample if inner is box else _tally(sample, inner, abstain)
        assert left is not None  # a sample is never too many
        points = in_order(left.whole(), abstain, inner)
        middle = bisect(points, m, b, abstain, left.base, inner)
        dm, db = (deviations * x for x in _errors(sample.pool.whole(), *middle.prices[:2]))
        others = _off(m, b, dm, db)
        found = [middle, *(bisect(points, *x, abstain, left.base, inner) for x in others)]
        if all(x.inside for x in found):
            break
    return [x.prices[:2] for x in found]


def _errors(points: Chunk, level: float, threshold: float) -> tuple[float, float]:
    """Standard errors of the mistakes made and the budget spent on a sample: sums of squares."""
    g, _, s = points
    l = np.minimum(1, np.maximum(0, g - level) / s)
    l[~(s > threshold)] = 0
    q = np.minimum(1, threshold / s)
    q[~(g > level)] = 0
    return math.sqrt(float(np.sum(l * l)) + 1), math.sqrt(float(np.sum(q * q)) + 1)


def _parts(points: Chunk, box: Box, abstain: bool) -> tuple[Array, Array, Array, Array]:
    """Which points are shaved to the level all over the box, surely mistaken, taken, and none."""
    g, h, s = points
    above = g > box.high
    heavy, light = above & (s > box.most), above & (s < box.least)
    full = np.zeros(len(g), dtype=bool)
    band = g > 0 if abstain and box.low == 0 else g >= box.low
    if not abstain and box.low <= 0:  # some cannot be shaved down to so low a level
        floor = -h
        heavy &= (floor < box.low) | (floor > box.high)
        full = heavy & (floor > box.high)
    return heavy ^ full, full, light, band ^ heavy ^ light


def _repeated(points: Chunk, box: Box, abstain: bool) -> Chunk:
    """The points of a sample that are often met in the box, once each."""
    band = _parts(points, box, abstain)[3]
    g, h, s = (x[band] for x in points)
    often = max(_OFTEN, len(g) // _CLASSES)
    gains, counts = np.unique(g, return_counts=True)
    places: list[int] = []
    for gain in gains[counts >= often]:
        same = np.flatnonzero(g == gain)
        _, first, counts = np.unique(s[same], return_index=True, return_counts=True)
        places += same[first[counts >= often]].tolist()
    return g[places], h[places], s[places]


class Crowd(NamedTuple):
    """Points of one gain or of one stake, at an end of the box, that play one part all over it.

    For their mistakes and queries only a sum of them matters.
    """

    gain: float  # or NaN: of one stake, with gains above the box
    stake: float  # or infinite, or zero: of one gain, with stakes above or below the box

    def mask(self, points: Chunk, box: Box) -> Array:
        """Which points they are."""
        g, _, s = points
        if self.gain != self.gain:
            return (s == self.stake) & (g > box.high)
        return (g == self.gain) & (s > box.most if self.stake else s < box.least)

    def sums(self, points: Chunk, mask: Array) -> Array:
        """Of the pieces of a chunk: of the gains, or of 1/s where that matters."""
        if not mask.any() or self.stake == 0:
            return _NO_SUMS
        return pieces(np.where(mask, points[0] if self.gain != self.gain else 1 / points[2], 0.0))

    def one(self, box: Box, count: float, total: float) -> tuple[float, float, float, float]:
        """One point that stands for them, on its side of the box whatever rounding does."""
        lower, upper = np.nextafter((box.least, box.most), (-np.inf, np.inf)).tolist()
        if self.gain != self.gain:
            return max(total / count, float(np.nextafter(box.high, np.inf))), 0.0, self.stake, count
        return self.gain, 0.0, max(upper, count / total) if self.stake else lower, count


def _crowded(pool: Pool, box: Box, abstain: bool) -> list[Crowd]:
    """The crowds that a sample shows at the ends of the box."""
    if pool.multiple is not None or not (abstain or box.low > 0):
        return []
    points = pool.whole()
    often = max(_OFTEN, int(np.count_nonzero(_parts(points, box, abstain)[3])) // _CLASSES)
    gains = {x for x in box[:2] if 0 < x < np.inf}
    crowds = [Crowd(gain, stake) for gain in sorted(gains) for stake in (0.0, np.inf)]
    crowds += [Crowd(np.nan, x) for x in sorted({y for y in box[2:] if 0 < y < np.inf})]
    return [x for x in crowds if np.count_nonzero(x.mask(points, box)) >= often]


def _tally(
    left: _Left,
    box: Box,
    abstain: bool,
    ties: Chunk = _NONE,
    crowds: Sequence[Crowd] = (),
) -> _Left | None:
    """One pass over what is left: sums over the points that are settled in the box, and the rest.

    None: too many to keep.
    """
    pool, multiple, room = left.pool, left.pool.multiple, [KEPT]
    unit, ends, seen = 1.0, box[2:], (ties[0], ties[2])
    if multiple is not None:  # stakes are read off the gains; what is close is kept
        unit = 1 + multiple
        ends = (box.least / unit * (1 - 1e-15), box.most / unit * (1 + 1e-15))
        seen = ties[0], ties[0]

    def work(chunk: Bare) -> tuple[Any, ...]:
        if abstain or box.low > 0:
            given = chunk[2] if multiple is None else None
            *sums, index, counts = pool.kernels.prices(chunk[0], given, *box[:2], *ends, seen)
            full = 0
        else:
            own = multiple is None
            *sums, full, index, counts = _forced(filled(chunk, multiple), box, seen, own)
        of_crowds = []
        if crowds:
            points = filled(chunk, multiple)
            masks = [crowd.mask(points, box) for crowd in crowds]
            index = index[~np.logical_or.reduce(masks)[index]]
            for crowd, mask in zip(crowds, masks, strict=True):
                of_crowds.append((np.count_nonzero(mask), crowd.sums(points, mask)))
        room[0] -= len(index)  # so what is kept is bounded while a pass goes on
        kept = some(chunk, index if room[0] >= 0 else index[:0], multiple)
        return *sums, full, of_crowds, counts, len(index), kept

    ratios, densities, sure, gains, full, of_crowds, counts, n_kept, kept = zip(
        *pool.each("prices", work), strict=True
    )
    if sum(n_kept) > KEPT:
        return None
    g, h, s, count = left.ties
    shaved, mistaken, taken, band = _parts((g, h, s), box, abstain)
    base = Sums(
        total_of(left.base.ratio, [*ratios, (unit * count * g / s)[shaved]], unit),
        total_of(left.base.density, [*densities, (unit * count / s)[shaved]], unit),
        left.base.sure + sum(sure) + sum(full) + float(count[taken | mistaken].sum()),
        left.base.full + sum(full) + float(count[mistaken].sum()),
        total_of(left.base.gain, [*gains, (count * g)[taken], (-count * h)[mistaken]]),
    )
    ones = []
    for crowd, found in zip(crowds, zip(*of_crowds, strict=True), strict=False):
        numbers, sums = zip(*found, strict=True)
        if any(numbers):
            ones.append(crowd.one(box, float(sum(numbers)), total_of(0.0, sums)))
    together = [
        left.ties.at(band),
        Points(*ties, sum(counts).astype(np.float64)),
        Points(*np.array(ones).reshape(-1, 4).T),
    ]
    points = Points(*(np.concatenate(x) for x in zip(*together, strict=True)))
    pool = arrays(*joined(list(kept), multiple), multiple, pool.kernels)
    return _Left(pool, points.at(points.weight > 0), base)


def _forced(
    points: Chunk, box: Box, ties: tuple[Array, Array], own_stakes: bool
) -> tuple[Array, Array, int, Array, int, Array, Array]:
    """A chunk at levels that are not positive: some points cannot be shaved down to them."""
    g, h, s = points
    shaved, full, light, band = _parts(points, box, abstain=False)
    counts = np.zeros(len(ties[0]), dtype=np.int64)
    s = s if own_stakes else g  # the sums are divided by the multiple at the end
    for k, (gain, stake) in enumerate(zip(*ties, strict=True)):
        same = band & (g == gain) & (s == stake)
        counts[k] = np.count_nonzero(same)
        band ^= same
    ratios, densities = (pieces(np.where(shaved, x / s, 0.0)) for x in (g, 1.0))
    gains = pieces(np.where(light, g, np.where(full, -h, 0.0)))
    n_light, n_full = int(np.count_nonzero(light)), int(np.count_nonzero(full))
    return ratios, densities, n_light, gains, n_full, np.flatnonzero(band), counts
