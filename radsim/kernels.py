r"""What is done to one cache-sized chunk: in NumPy, or compiled by Numba when that is asked for.

Both sum a chunk block by block and leave it to the caller to add the chunks up exactly, so results
agree to a few units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from radsim.game import Array

__all__ = ["NUMPY", "Kernels", "kernels"]


class Kernels(NamedTuple):
    """The loops over points.

    Attributes
    ----------
    level : callable
        (gains, stakes or None, low, high) -> sum of g/s over g > high (their number if there are no
        stakes), sum of 1/s (of 1/g), and where low < g <= high.
    prices : callable
        (gains, stakes or None, low, high, least, most) -> over g > high: sums of g/s and 1/s where
        s > most, number and sum of g where s < least; and where else g >= low and g > 0.
    include : callable
        (out, gains, stakes, level, threshold, capped): q of the points above the level.
    rows : callable
        (out, gains, stakes, 1 + c or None, mistakes, budgets) -> level and density of each row, by
        Newton; writes q, and returns its sum and how many entries are above one too.
    """

    level: Callable[..., tuple[float, float, Array]]
    prices: Callable[..., tuple[float, float, float, float, Array]]
    include: Callable[..., None]
    rows: Callable[..., tuple[Array, Array, Array, Array]]


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


def _include(out: Array, g: Array, s: Array, level: float, threshold: float, capped: bool) -> None:
    most = (g > level).astype(np.float64)
    np.divide(threshold, s, out=out)
    if capped:
        np.fmin(out, most, out=out)  # 0/0, a point without a stake, is taken surely
        return
    out *= most
    if not out.max(initial=0.0) < np.inf:
        out[s == 0] = 0.0


def _rows(
    out: Array, g: Array, s: Array, unit: float | None, mistakes: Array, budgets: Array
) -> tuple[Array, Array, Array, Array]:
    inverse = 1 / s
    ratio = None if unit is not None else g * inverse
    level, density = _newton(g, inverse, ratio, unit or 1.0, mistakes)
    np.divide((budgets / density)[:, None], s, out=out)
    out *= g > level[:, None]
    return level, density, out.sum(axis=1), np.count_nonzero(out > 1, axis=1)


def _newton(
    gains: Array, inverse: Array, ratio: Array | None, unit: float, mistakes: Array
) -> tuple[Array, Array]:
    """Newton's method on all rows until none moves, from where a few columns are level."""
    n = gains.shape[1]
    cutoff = np.full(len(gains), -np.inf)
    if n > 8 * _STRIDE:
        part = slice(None, None, _STRIDE)
        some = None if ratio is None else np.ascontiguousarray(ratio[:, part])
        few = np.ascontiguousarray(gains[:, part])
        share = mistakes * few.shape[1] / n
        cutoff = _newton(few, np.ascontiguousarray(inverse[:, part]), some, unit, share)[0]
        # A cutoff with no point above it says nothing.
        cutoff = np.where(cutoff < gains.max(axis=1), cutoff, -np.inf)
    started = False
    work = np.empty_like(gains)
    while True:
        above = gains > cutoff[:, None]
        np.multiply(inverse, above, out=work)
        density = work.sum(axis=1)
        if ratio is None:
            shaved = np.bitwise_count(np.packbits(above, axis=1)).sum(axis=1) / unit
        else:
            np.multiply(ratio, above, out=work)
            shaved = work.sum(axis=1)
        level = (shaved - mistakes) / density
        # The first step may come from above the root; from then on a level only rises.
        settled = (level <= cutoff) if started else np.zeros(len(level), dtype=bool)
        level = np.where(settled, cutoff, level)
        if settled.all() or (started and not (level > cutoff).any()):
            return level, density
        cutoff, started = level, True


NUMPY = Kernels(_level, _prices, _include, _rows)
_BLOCK, _GROUP = 32, 1_024
_STRIDE = 16


@cache
def _compiled() -> Kernels:
    try:
        from numba import njit
    except ImportError as error:
        raise ValueError("kernels = 'numba' needs Numba: pip install radsim[fast]") from error
    fast: Any = njit(fastmath={"reassoc"}, error_model="numpy", cache=True, nogil=True)

    # Numba reads the types off each call, so these loops have no annotations.
    # Blocks are summed within groups, groups within the chunk: rounding grows with their depth.
    @fast
    def level_one(g, low, high, place):  # type: ignore[no-untyped-def]
        count, density, k = 0, 0.0, 0
        for first in range(0, len(g), _GROUP):
            group = 0.0
            for start in range(first, min(len(g), first + _GROUP), _BLOCK):
                end = min(len(g), start + _BLOCK)
                above, inside, part = 0, 0, 0.0
                for i in range(start, end):
                    up = (g[i] > high) & (g[i] > 0)
                    part += 1 / g[i] if up else 0.0
                    above += up
                    inside += g[i] > low
                count += above
                group += part
                if inside > above:
                    for i in range(start, end):
                        place[k] = i
                        k += (g[i] > low) & (g[i] <= high)
            density += group
        return count, density, k

    @fast
    def level_two(g, s, low, high, place):  # type: ignore[no-untyped-def]
        ratio, density, k = 0.0, 0.0, 0
        for first in range(0, len(g), _GROUP):
            shares, group = 0.0, 0.0
            for start in range(first, min(len(g), first + _GROUP), _BLOCK):
                end = min(len(g), start + _BLOCK)
                inside, part, share = 0, 0.0, 0.0
                for i in range(start, end):
                    up = (g[i] > high) & (s[i] > 0)
                    x = 1 / s[i] if up else 0.0
                    part += x
                    share += x * g[i]
                    inside += (g[i] > low) & (g[i] <= high)
                shares += share
                group += part
                if inside:
                    for i in range(start, end):
                        place[k] = i
                        k += (g[i] > low) & (g[i] <= high)
            ratio += shares
            density += group
        return ratio, density, k

    @fast
    def include(out, g, s, level, threshold, capped):  # type: ignore[no-untyped-def]
        if capped:
            for i in range(len(g)):
                x = threshold / s[i] if s[i] > threshold else 1.0
                out[i] = x if g[i] > level else 0.0
        else:
            for i in range(len(g)):
                out[i] = threshold / s[i] if (g[i] > level) & (s[i] > 0) else 0.0

    @fast
    def newton(out, g, s, mistakes, budgets, found):  # type: ignore[no-untyped-def]
        n = g.shape[1]
        for row in range(len(g)):
            # Every eighth column gives the start: Newton's method then needs two or three steps.
            cutoff, total, share = -np.inf, 0.0, mistakes[row] / 8
            for i in range(0, n - n % 8, 8):
                cutoff = max(cutoff, g[row, i])
            highest, cutoff, started = cutoff, -np.inf, False
            while n >= 256:
                shaved, total = 0.0, 0.0
                for i in range(0, n - n % 8, 8):
                    x = 1 / s[row, i] if g[row, i] > cutoff else 0.0
                    total += x
                    shaved += x * g[row, i]
                at = (shaved - share) / total
                if (started and not at > cutoff) or not at < highest:
                    break
                cutoff, started = at, True
            started = False
            while True:
                shaved, total = 0.0, 0.0
                for i in range(n):
                    x = 1 / s[row, i] if g[row, i] > cutoff else 0.0
                    total += x
                    shaved += x * g[row, i]
                at = (shaved - mistakes[row]) / total
                if started and not at > cutoff:
                    break
                cutoff, started = at, True
            # The row is still in the first-level cache.
            threshold, spent, over = budgets[row] / total, 0.0, 0
            for i in range(n):
                x = threshold / s[row, i] if g[row, i] > cutoff else 0.0
                out[row, i] = x
                spent += x
                over += x > 1
            found[0, row], found[1, row], found[2, row], found[3, row] = cutoff, total, spent, over

    def rows(
        out: Array, g: Array, s: Array, unit: float | None, mistakes: Array, budgets: Array
    ) -> tuple[Array, Array, Array, Array]:
        found = np.empty((4, len(g)))
        newton(out, g, s, mistakes, budgets, found)
        return found[0], found[1], found[2], found[3]

    def level(g: Array, s: Array | None, low: float, high: float) -> tuple[float, float, Array]:
        place = np.empty(len(g) + 1, dtype=np.int64)
        if s is None:
            ratio, density, k = level_one(g, low, high, place)
        else:
            ratio, density, k = level_two(g, s, low, high, place)
        return ratio, density, place[:k]

    # Compiled, the loop for two prices took as long as NumPy's.
    return Kernels(level, _prices, include, rows)


def kernels(name: str) -> Kernels:
    """Loops by name: "numpy" or "numba".

    Raises
    ------
    ValueError
        If the name is unknown or Numba is not installed.
    """
    if name not in ("numpy", "numba"):
        raise ValueError(f"kernels = {name!r} must be 'numpy' or 'numba'")
    return NUMPY if name == "numpy" else _compiled()
