r"""The loops over one cache-sized chunk, in NumPy."""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.solvers.water.kernels import PIECE, Kernels
from radsim.solvers.water.ragged import points_of

__all__ = ["NUMPY", "pieces"]


def pieces(x: Array) -> Array:
    """Sums of the pieces of a chunk, each pairwise."""
    whole = len(x) - len(x) % PIECE
    sums: Array = x[:whole].reshape(-1, PIECE).sum(axis=1)
    return sums if whole == len(x) else np.append(sums, x[whole:].sum())


def _dots(x: Array, y: Array) -> Array:
    """Sums of the products of the pieces of two chunks; in one go, but not pairwise."""
    whole = len(x) - len(x) % PIECE
    shape = (-1, PIECE)
    sums: Array = np.vecdot(x[:whole].reshape(shape), y[:whole].reshape(shape))
    return sums if whole == len(x) else np.append(sums, np.vecdot(x[whole:], y[whole:]))


def _level(g: Array, s: Array | None, low: float, high: float) -> tuple[Array, Array, Array]:
    above = g > high
    inside = np.flatnonzero((g > low) ^ above)
    # Zeros and ones divide faster than a mask multiplies.
    inverse = above.astype(np.float64)
    stakes = g if s is None else s
    inverse /= stakes
    densities = pieces(inverse)
    if not densities.sum() < np.inf:  # a zero stake made a NaN
        above &= stakes > 0
        inverse[stakes == 0] = 0.0
        densities = pieces(inverse)
    if s is None:
        return np.array([np.count_nonzero(above)]), densities, inside
    inverse *= g
    return pieces(inverse), densities, inside


def _prices(
    g: Array,
    s: Array | None,
    low: float,
    high: float,
    least: float,
    most: float,
    ties: tuple[Array, Array],
) -> tuple[Array, Array, int, Array, Array, Array]:
    stakes = g if s is None else s
    heavy = stakes > (max(most, high) if s is None else most)
    light = stakes < least
    above = g > high
    light &= above
    if s is not None:
        heavy &= above
    band = g > 0 if low == 0 else g >= low
    band ^= heavy
    band ^= light
    counts = np.zeros(len(ties[0]), dtype=np.int64)
    for k, (gain, stake) in enumerate(zip(*ties, strict=True)):
        same = g == gain
        if s is not None:
            same &= s == stake
        same &= band
        counts[k] = np.count_nonzero(same)
        band ^= same
    index = np.flatnonzero(band)
    ratios = densities = gains = np.empty(0)
    n_light = int(np.count_nonzero(light))
    n_heavy = int(np.count_nonzero(heavy))
    if n_heavy:
        inverse = heavy.astype(np.float64)
        inverse /= stakes
        densities = pieces(inverse)
        if not densities.sum() < np.inf:  # a zero stake made a NaN
            inverse[~heavy] = 0.0
            densities = pieces(inverse)
        if s is not None:
            inverse *= g
        ratios = np.array([n_heavy]) if s is None else pieces(inverse)
    if n_light:
        gains = _dots(light.astype(np.float64), g)
    return ratios, densities, n_light, gains, index, counts


def _include(
    out: Array, g: Array, s: Array, level: float, threshold: float, theta: float, capped: bool
) -> None:
    most = (g > level).astype(np.float64)
    np.divide(threshold, s, out=out)
    at = g == level if theta else None
    if at is not None and at.any():  # multiplied as a whole: to pick what ties takes far longer
        most += theta * at
        if capped:
            np.fmin(out, 1.0, out=out)
        capped = False
    if capped:
        np.fmin(out, most, out=out)  # 0/0, a point without a stake, is taken surely
        return
    out *= most
    if not out.max(initial=0.0) < np.inf:  # a quotient overflowed, or was 0/0
        out[(s == 0) | (most == 0)] = 0.0


def _rows(
    out: Array,
    g: Array,
    s: Array | None,
    offsets: Array,
    mistakes: Array,
    budgets: Array,
    room: Array,
) -> tuple[Array, Array, Array, Array]:
    stakes = g if s is None else s
    starts, sizes = offsets[:-1], np.diff(offsets)
    inverse, work = room[0, : len(g)], room[1, : len(g)]
    ratio = None if s is None else room[2, : len(g)]
    np.divide(1, stakes, out=inverse)
    if ratio is not None:
        np.multiply(g, inverse, out=ratio)
    cutoff = _start(g, inverse, ratio, offsets, mistakes)
    level, density = _newton(g, inverse, ratio, offsets, mistakes, cutoff, work)
    np.divide(np.repeat(budgets / density, sizes), stakes, out=out)
    work[:] = g > np.repeat(level, sizes)  # floats multiply faster than a mask does
    out *= work
    return level, density, np.add.reduceat(out, starts), np.maximum.reduceat(out, starts)


def _start(g: Array, inverse: Array, ratio: Array | None, offsets: Array, mistakes: Array) -> Array:
    """Levels of every sixteenth point of the games that have some; minus infinity for the rest."""
    sizes = np.diff(offsets)
    cutoff = np.full(len(sizes), -np.inf)
    large = np.flatnonzero(sizes > 8 * _STRIDE)
    if len(large):
        few = sizes[large] // _STRIDE
        at, ends = points_of(offsets[large], few, _STRIDE)
        some = None if ratio is None else ratio[at]
        gains, share = g[at], mistakes[large] * few / sizes[large]
        work = np.empty(len(at))
        level, _ = _newton(gains, inverse[at], some, ends, share, cutoff[large], work)
        # A cutoff with no point above it says nothing.
        fits = level < np.maximum.reduceat(gains, ends[:-1])
        cutoff[large] = np.where(fits, level, -np.inf)
    return cutoff


def _newton(
    gains: Array,
    inverse: Array,
    ratio: Array | None,
    offsets: Array,
    mistakes: Array,
    cutoff: Array,
    work: Array,
    *,
    started: bool = False,
) -> tuple[Array, Array]:
    """Newton's method on every game until its level stays; each sees its own points only."""
    starts, sizes = offsets[:-1], np.diff(offsets)
    above = np.empty(len(gains), dtype=bool)
    while True:
        np.greater(gains, np.repeat(cutoff, sizes), out=above)
        work[:] = above
        shaved = np.add.reduceat(work, starts) if ratio is None else None
        work *= inverse
        density = np.add.reduceat(work, starts)
        if ratio is not None:
            work[:] = above
            work *= ratio
            shaved = np.add.reduceat(work, starts)
        level = (shaved - mistakes) / density
        # The first step may come from above the root; from then on a level only rises.
        if started:
            level = np.where(level <= cutoff, cutoff, level)
        moving = level > cutoff if started else np.ones(len(level), dtype=bool)
        left = int(np.count_nonzero(moving))
        if not left:
            return level, density
        if 2 * left < len(level):  # the others are settled
            at, ends = points_of(starts[moving], sizes[moving])
            level[moving], density[moving] = _newton(
                gains[at],
                inverse[at],
                None if ratio is None else ratio[at],
                ends,
                mistakes[moving],
                level[moving],
                work[: len(at)],
                started=True,
            )
            return level, density
        cutoff, started = level, True


# Four arrays of this many float64 fit the second-level cache of any processor of the last decade.
NUMPY = Kernels(_level, _prices, _include, _rows, chunk=16 * PIECE)
_STRIDE = 16
