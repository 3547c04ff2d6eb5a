r"""The loops over one cache-sized chunk, in NumPy."""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.solvers.water.kernels import Kernels

__all__ = ["NUMPY"]


def _level(g: Array, s: Array | None, low: float, high: float) -> tuple[float, float, Array]:
    above = g > high
    inside = np.flatnonzero((g > low) ^ above)
    # Zeros and ones divide faster than a mask multiplies.
    inverse = above.astype(np.float64)
    inverse /= g if s is None else s
    density = float(inverse.sum())
    if not density < np.inf:  # a zero stake made a NaN
        stakes = g if s is None else s
        above &= stakes > 0
        g, stakes = g[above], stakes[above]
        ratio = len(g) if s is None else float(np.sum(g / stakes))
        return ratio, float(np.sum(1 / stakes)), inside
    if s is None:
        return int(np.count_nonzero(above)), density, inside
    inverse *= g
    return float(inverse.sum()), density, inside


def _prices(
    g: Array, s: Array | None, low: float, high: float, least: float, most: float
) -> tuple[float, float, float, float, Array]:
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
    index = np.flatnonzero(band)
    ratio = density = sure = gain = 0.0
    if heavy.any():
        inverse = heavy.astype(np.float64)
        inverse /= stakes
        density = float(inverse.sum())
        if s is None:
            ratio = float(np.count_nonzero(heavy))
        elif density < np.inf:
            inverse *= g
            ratio = float(inverse.sum())
        if not density < np.inf:  # a zero stake made a NaN
            some = stakes[heavy]
            ratio, density = float(np.sum(g[heavy] / some)), float(np.sum(1 / some))
    if light.any():
        sure = float(np.count_nonzero(light))
        earned = light.astype(np.float64)
        earned *= g
        gain = float(earned.sum())
    return ratio, density, sure, gain, index


def _include(
    out: Array, g: Array, s: Array, level: float, threshold: float, theta: float, capped: bool
) -> None:
    most = (g >= level if theta else g > level).astype(np.float64)
    np.divide(threshold, s, out=out)
    if capped:
        np.fmin(out, most, out=out)  # 0/0, a point without a stake, is taken surely
    else:
        out *= most
        if not out.max(initial=0.0) < np.inf:  # a quotient overflowed, or was 0/0
            out[(s == 0) | (most == 0)] = 0.0
    if theta:
        at = g == level
        if at.any():
            out[at] *= theta


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


NUMPY = Kernels(_level, _prices, _include, _rows)
_STRIDE = 16
