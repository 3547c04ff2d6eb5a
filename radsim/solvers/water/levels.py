r"""The water level (V1, V2), found without sorting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, number, steady, vector
from radsim.solvers.water.chunks import Bare, Pool, arrays, joined, some
from radsim.solvers.water.vectorised import pieces

__all__ = [
    "Level",
    "WaterLevel",
    "find_level",
    "level_of",
    "sample_size",
    "total_of",
    "water_level",
]

# Up to this many points Newton's method runs on whole arrays; above, a sample brackets the root.
SMALL = 20_000
# A bracket is this many standard deviations of the sample's error wide to each side.
DEVIATIONS = 3.0
# Most points kept from within a bracket; beyond, passes take the place of memory.
KEPT = 25_000_000
# A gain is met often if so many points of the sample in the bracket have it, and one in so many.
_OFTEN, _CLASSES = 8, 20


class WaterLevel(NamedTuple):
    r"""Level :math:`\lambda`, the points that stand above it, and :math:`H = \sum_S 1/s_i`."""

    level: float
    support: Array
    density: float


class Level(NamedTuple):
    """A water level whose support is a rule, not an array.

    `closed`: S holds the points at the level, else only those above it.
    """

    level: float
    closed: bool
    density: float

    def support(self, gains: Array) -> Array:
        """Mask of S."""
        return gains >= self.level if self.closed else gains > self.level


@steady
def water_level(gains: ArrayLike, stakes: ArrayLike, mistakes: float) -> WaterLevel:
    r"""Water level of a pool: the value per query of the uncapped game (V1).

    Solves :math:`\varphi(\lambda) = \sum_i \max(0, g_i - \lambda)/s_i = m` for real
    :math:`\lambda`; for m = 0 the level is :math:`\max_i g_i`.  See `find_level`.

    Parameters
    ----------
    gains, stakes : array_like, shape (n,)
        :math:`g_i`, of any sign, and :math:`s_i \ge 0`; a point without stake has no part.
    mistakes : float
        :math:`m \ge 0`.

    Returns
    -------
    WaterLevel
        `level`, `support` (boolean mask of S) and `density` H; the equilibrium of V1 is
        :math:`p_i = 1/(s_i H)` on S.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    Theory page: V1, V2.

    Examples
    --------
    >>> import numpy as np
    >>> g = np.array([1, 0.5, 0.25])
    >>> round(7 * water_level(g, 2 * g, 1.0).level, 12)
    1.0
    """
    g = vector(gains, "gains", least=1, low=-np.inf)
    return level_of(g, vector(stakes, "stakes", len(g)), number(mistakes, "mistakes"))


def level_of(gains: Array, stakes: Array, mistakes: float) -> WaterLevel:
    """Water level of arrays that have been checked; nothing is copied."""
    found = find_level(arrays(gains, None, stakes), mistakes)
    return WaterLevel(found.level, found.support(gains), found.density)


class _Sums(NamedTuple):
    """Sums of g/s and 1/s over the points that are surely above the level."""

    ratio: float = 0.0  # sum of g/s
    density: float = 0.0  # sum of 1/s

    def root(self, mistakes: float) -> float:
        """Where their line meets zero; it is never to the right of the level."""
        return (self.ratio - mistakes) / self.density if self.density > 0 else -math.inf


def find_level(pool: Pool, mistakes: float) -> Level:
    r"""Find the water level of a pool in one pass, or in two if the sample misleads.

    A sample brackets the root.  One pass sums g/s and 1/s above the bracket and keeps the points
    within it; the same is done to those until they are few, and Newton's method ends on them.  It
    is monotone on the convex :math:`\varphi` and ends after finitely many steps.  Whether the root
    lies in a bracket is decided by the exact sums, so the sample costs time at worst: the next
    bracket is then one that cannot miss.

    Parameters
    ----------
    pool : Pool
    mistakes : float

    Returns
    -------
    Level

    Notes
    -----
    Each Newton step either quarters the product of residual and slope or ends (the usual argument
    for Dinkelbach's method), so the number of steps is logarithmic in the range of the data.

    The idea is selection by sampling: Floyd and Rivest, "Expected time bounds for selection",
    CACM 18 (1975).

    References
    ----------
    Theory page: V1, V2.
    """
    if mistakes == 0:
        return _highest(pool)
    base, low, high = _Sums(), -np.inf, np.inf
    with np.errstate(all="ignore"):
        while pool.n > SMALL:
            lo, hi, often = _bracket(pool, mistakes, base)
            # A sample without stakes, which says nothing, brackets by NaN.
            lo, hi = float(np.fmax(lo, low)), float(np.fmin(hi, high))
            above, gains, stakes = _tally(pool, lo, hi, base, often)
            if gains is None:
                return _newton_by_passes(pool, mistakes, base, low)
            if lo > low and _overfull(above, gains, stakes, lo, mistakes):
                # The root lies below; the tangent at lo meets zero at or before it.
                low, high = max(low, _with(above, gains, stakes).root(mistakes)), lo
                above, gains, stakes = _tally(pool, low, high, base, often)
            elif hi < high and above.ratio - hi * above.density > mistakes:
                low = hi
                above, gains, stakes = _tally(pool, low, high, base, often)
            else:
                low, high = lo, hi
            if gains is None:
                return _newton_by_passes(pool, mistakes, base, low)
            shrunk = 2 * len(gains) <= pool.n
            base, pool = above, arrays(gains, None, stakes, kernels=pool.kernels)
            if not shrunk:
                break
        chunks = list(pool.chunks())
        if len(chunks) == 1:
            gains, _, stakes = chunks[0]
        else:
            gains = np.concatenate([c[0] for c in chunks]) if chunks else np.empty(0)
            stakes = np.concatenate([c[2] for c in chunks]) if chunks else np.empty(0)
        return _newton(gains, stakes, mistakes, base, low)


def _highest(pool: Pool) -> Level:
    """The level that nothing is shaved to: the highest gain."""
    highest = max(float(gains.max()) for gains, _, _ in pool.read("highest"))
    below = float(np.nextafter(highest, -np.inf))
    with np.errstate(all="ignore"):
        sums = _tally(pool, below, below, _Sums())[0]
    return Level(highest, True, sums.density)


def _with(base: _Sums, gains: Array, stakes: Array) -> _Sums:
    """`base` and these points, none of a stake of zero."""
    positive = stakes > 0
    if not positive.all():
        gains, stakes = gains[positive], stakes[positive]
    if not len(stakes):
        return base
    return _Sums(
        base.ratio + float(np.sum(gains / stakes)), base.density + float(np.sum(1 / stakes))
    )


def _overfull(above: _Sums, gains: Array, stakes: Array, lo: float, mistakes: float) -> bool:
    """Whether shaving all down to `lo` takes fewer than m mistakes, so that the root is lower."""
    both = _with(above, gains, stakes)
    return both.ratio - lo * both.density < mistakes


def sample_size(n: int) -> int:
    """How many points bracket the level of a large pool."""
    return max(2_048, int(n**0.65))


def _bracket(pool: Pool, mistakes: float, base: _Sums) -> tuple[float, float, list[float]]:
    """Where the root is, by the prefix form (V2) of a sample; the error sums terms in [0, 1].

    And which gains the sample often meets there.
    """
    (gains, _, stakes), part = pool.sample(sample_size(pool.n))
    if pool.multiple is None:
        order = np.argsort(gains)[::-1]
        g, s = gains[order], stakes[order]
    else:  # sorting values is faster, and the stakes are in the same order
        g, s = np.sort(gains)[::-1], np.sort(stakes)[::-1]
    inverse = 1 / np.where(s > 0, s, np.inf)
    ratio = np.cumsum(g * inverse) + part * base.ratio
    density = np.cumsum(inverse) + part * base.density
    used = ratio - g * density  # mistakes that shave the higher gains down to this one

    def root(target: float) -> tuple[int, float]:
        k = max(1, int(np.searchsorted(used, target, side="left")))
        return k, float((ratio[k - 1] - target) / density[k - 1])

    k, level = root(part * mistakes)
    cut = (g[:k] - level) * inverse[:k]
    error = DEVIATIONS * math.sqrt(float(np.sum(cut * cut)) + 1)
    lo = root(part * mistakes + error)[1]
    hi = root(part * mistakes - error)[1] if part * mistakes > error else np.inf
    values, counts = np.unique(g[(g > lo) & ~(g > hi)], return_counts=True)
    often = values[counts >= max(_OFTEN, counts.sum() // _CLASSES)].tolist()
    return lo, hi, often


def _tally(
    pool: Pool, lo: float, hi: float, base: _Sums, often: Sequence[float] = ()
) -> tuple[_Sums, Array | None, Array]:
    """One pass: sums over g > hi, and the points with lo < g <= hi (None: too many to keep).

    All points of a gain that is met often are one, whose 1/s is the sum of theirs.
    """
    multiple, room = pool.multiple, [KEPT]
    often = [gain for gain in often if lo < gain <= hi]

    def work(chunk: Bare) -> tuple[Array, Array, int, list[Array], list[Array]]:
        given = chunk[2] if multiple is None else None
        ratios, densities, inside = pool.kernels.level(chunk[0], given, lo, hi)
        inverses = []
        for gain in often:
            same = chunk[0] == gain
            inside = inside[~same[inside]]
            stakes = chunk[0] if given is None else given
            inverses.append(pieces(np.where(same & (stakes > 0), 1 / stakes, 0.0)))
        room[0] -= len(inside)  # so what is kept is bounded while a pass goes on
        kept = some(chunk, inside if room[0] >= 0 else inside[:0], multiple)
        return ratios, densities, len(inside), kept, inverses

    ratios, densities, n_inside, kept, inverses = zip(*pool.each("level", work), strict=True)
    unit = 1 if multiple is None else 1 + multiple
    sums = _Sums(total_of(base.ratio, ratios, unit), total_of(base.density, densities, unit))
    if sum(n_inside) > KEPT:
        return sums, None, np.empty(0)
    gains, _, stakes = joined(list(kept), multiple)
    for gain, found in zip(often, zip(*inverses, strict=True), strict=False):
        total = total_of(0.0, found, unit)
        gains, stakes = np.append(gains, gain), np.append(stakes, 1 / total if total else 0.0)
    return sums, gains, stakes


def total_of(base: float, parts: Sequence[Array], unit: float = 1.0) -> float:
    """`base` and the sums of pieces over `unit`.

    These are added up exactly and divided once, so it depends on no order, nor on how many parts
    a number of points came in.
    """
    values = np.concatenate(parts)
    if np.isfinite(values).all():
        return base + math.fsum(values.tolist()) / unit
    return base + float(values.sum()) / unit


def _newton(gains: Array, stakes: Array, mistakes: float, base: _Sums, low: float) -> Level:
    """Newton's method on points above `low`, together with those in `base` that are higher yet."""
    positive = stakes > 0
    if np.count_nonzero(positive) < len(stakes):
        gains, stakes = gains[positive], stakes[positive]
    ratio, inverse = gains / stakes, 1 / stakes
    highest = float(gains.max(initial=-np.inf))
    cutoff, started = low, np.isfinite(low)
    support = gains > cutoff
    size = np.count_nonzero(support)
    total = np.add.reduce
    while True:
        density = base.density + float(total(inverse[support]))
        if not density > 0:  # no stake at all: nothing stands at any level
            return Level(-np.inf, False, 0.0)
        level = (base.ratio + float(total(ratio[support])) - mistakes) / density
        if base.density == 0 and level >= highest:  # less to shave than a rounding
            return Level(highest, True, float(total(inverse[gains == highest])))
        # Newton's first step may come from above the root; from then on the level only rises.
        if started and not level > cutoff:
            return Level(cutoff, False, density)
        support = gains > level
        if np.count_nonzero(support) == size:  # each support is within the one before
            return Level(level, False, density)
        size, cutoff, started = np.count_nonzero(support), level, True


def _newton_by_passes(pool: Pool, mistakes: float, base: _Sums, low: float) -> Level:
    """The same, one pass a step, keeping no point; for pools whose points crowd the level."""
    cutoff, started = low, False
    while True:
        sums = _tally(pool, cutoff, cutoff, base)[0]
        level = sums.root(mistakes)
        if not sums.density > 0 or (started and not level > cutoff):
            return Level(cutoff, False, sums.density)
        cutoff, started = level, True
