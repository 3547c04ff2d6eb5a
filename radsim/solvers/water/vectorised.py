r"""The loops over one cache-sized chunk, in NumPy."""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.solvers.water.kernels import PIECE, Kernels

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
    out: Array, g: Array, s: Array | None, mistakes: Array, budgets: Array
) -> tuple[Array, Array, Array, Array]:
    inverse = 1 / (g if s is None else s)
    ratio = None if s is None else g * inverse
    level, density = _newton(g, inverse, ratio, mistakes)
    np.divide((budgets / density)[:, None], g if s is None else s, out=out)
    out *= g > level[:, None]
    return level, density, out.sum(axis=1), np.count_nonzero(out > 1, axis=1)


def _newton(
    gains: Array, inverse: Array, ratio: Array | None, mistakes: Array
) -> tuple[Array, Array]:
    """Newton's method on all rows until none moves, from where a few columns are level."""
    n = gains.shape[1]
    cutoff = np.full(len(gains), -np.inf)
    if n > 8 * _STRIDE:
        part = slice(None, None, _STRIDE)
        some = None if ratio is None else np.ascontiguousarray(ratio[:, part])
        few = np.ascontiguousarray(gains[:, part])
        share = mistakes * few.shape[1] / n
        cutoff = _newton(few, np.ascontiguousarray(inverse[:, part]), some, share)[0]
        # A cutoff with no point above it says nothing.
        cutoff = np.where(cutoff < gains.max(axis=1), cutoff, -np.inf)
    started = False
    work = np.empty_like(gains)
    while True:
        above = gains > cutoff[:, None]
        work[:] = above  # floats multiply faster than a mask does
        work *= inverse
        density = work.sum(axis=1)
        if ratio is None:
            shaved = np.bitwise_count(np.packbits(above, axis=1)).sum(axis=1)
        else:
            work[:] = above
            work *= ratio
            shaved = work.sum(axis=1)
        level = (shaved - mistakes) / density
        # The first step may come from above the root; from then on a level only rises.
        settled = (level <= cutoff) if started else np.zeros(len(level), dtype=bool)
        level = np.where(settled, cutoff, level)
        if settled.all() or (started and not (level > cutoff).any()):
            return level, density
        cutoff, started = level, True


# Four arrays of this many float64 fit the second-level cache of any processor of the last decade.
NUMPY = Kernels(_level, _prices, _include, _rows, chunk=16 * PIECE)
_STRIDE = 16
