r"""The loops of `radsim.kernels`, compiled by Numba (`pip install radsim[fast]`)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from radsim.game import Array
from radsim.kernels import Kernels

__all__ = ["compiled"]

# Points summed in one piece: rounding grows with its length, and its mask fits the nearest cache.
_PIECE = 1_024
# Every so many columns of a row of games tell where Newton's method should start.
_STRIDE = 8


@cache
def compiled() -> Kernels:
    """The loops, compiled when they are first called; later processes find them on disk.

    Raises
    ------
    ValueError
        If Numba is not installed.
    """
    try:
        from numba import njit
    except ImportError as error:
        raise ValueError("kernels = 'numba' needs Numba: pip install radsim[fast]") from error
    fast: Any = njit(fastmath={"reassoc"}, error_model="numpy", cache=True, nogil=True)

    # Numba reads the types off each call, so these loops have no annotations.

    @fast
    def gather(place, k, first, mask, words):  # type: ignore[no-untyped-def]
        """Append where the mask of a piece is set; most words of eight points are empty."""
        for w in range(len(words)):
            if words[w] != 0:
                for j in range(8 * w, 8 * w + 8):
                    place[k] = first + j
                    k += mask[j]
        return k

    @fast
    def level_one(g, low, high, place, mask, words):  # type: ignore[no-untyped-def]
        count, density, k = 0, 0.0, 0
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            mask[end - first :] = 0
            above, part = 0, 0.0
            for i in range(first, end):
                up = (g[i] > high) & (g[i] > 0)
                part += 1 / g[i] if up else 0.0
                above += up
                mask[i - first] = (g[i] > low) & (g[i] <= high)
            count += above
            density += part
            k = gather(place, k, first, mask, words)
        return count, density, k

    @fast
    def level_two(g, s, low, high, place, mask, words):  # type: ignore[no-untyped-def]
        ratio, density, k = 0.0, 0.0, 0
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            mask[end - first :] = 0
            share, part = 0.0, 0.0
            for i in range(first, end):
                x = 1 / s[i] if (g[i] > high) & (s[i] > 0) else 0.0
                part += x
                share += x * g[i]
                mask[i - first] = (g[i] > low) & (g[i] <= high)
            ratio += share
            density += part
            k = gather(place, k, first, mask, words)
        return ratio, density, k

    @fast
    def both(g, s, low, high, least, most, place, mask, words):  # type: ignore[no-untyped-def]
        count, ratio, density, sure, gain, k = 0, 0.0, 0.0, 0, 0.0, 0
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            mask[end - first :] = 0
            heavies, share, part, lights, earned = 0, 0.0, 0.0, 0, 0.0
            for i in range(first, end):
                above = g[i] > high
                heavy = above & (s[i] > most)
                light = above & (s[i] < least)
                x = 1 / s[i] if heavy & (s[i] > 0) else 0.0
                part += x
                share += x * g[i]
                heavies += heavy
                lights += light
                earned += g[i] if light else 0.0
                mask[i - first] = (g[i] >= low) & (g[i] > 0 if low == 0 else True) & ~heavy & ~light
            count += heavies
            ratio += share
            density += part
            sure += lights
            gain += earned
            k = gather(place, k, first, mask, words)
        return count, ratio, density, sure, gain, k

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
    def newton(g, inverse, mistakes, cutoff):  # type: ignore[no-untyped-def]
        """Level and density of one game by steps of Newton's method from a cutoff."""
        started = False
        while True:
            total, shaved = 0.0, 0.0
            for i in range(len(g)):
                x = inverse[i] if g[i] > cutoff else 0.0
                total += x
                shaved += x * g[i]
            level = (shaved - mistakes) / total
            if started and not level > cutoff:
                return cutoff, total
            cutoff, started = level, True

    @fast
    def solve(out, g, s, mistakes, budgets, found):  # type: ignore[no-untyped-def]
        n = g.shape[1]
        few = n // _STRIDE
        some, parts = np.empty(few), np.empty(few)
        for row in range(len(g)):
            gains, stakes, q = g[row], s[row], out[row]
            for i in range(n):
                q[i] = 1 / stakes[i]
            start = -np.inf
            if n >= 256:
                highest = -np.inf
                for j in range(few):
                    some[j], parts[j] = gains[_STRIDE * j], q[_STRIDE * j]
                    highest = max(highest, some[j])
                start, total = newton(some, parts, mistakes[row] * few / n, -np.inf)
                if not start < highest:
                    start = -np.inf
            level, total = newton(gains, q, mistakes[row], start)
            threshold, spent, over = budgets[row] / total, 0.0, 0
            for i in range(n):
                x = threshold / stakes[i] if gains[i] > level else 0.0
                q[i] = x
                spent += x
                over += x > 1
            found[0, row], found[1, row], found[2, row], found[3, row] = level, total, spent, over

    def scratch(n: int) -> tuple[Array, Array, Array]:
        mask = np.empty(_PIECE, dtype=np.uint8)
        # A place is written before it is known whether it is kept.
        return np.empty(n + 1, dtype=np.int64), mask, mask.view(np.uint64)

    def level(g: Array, s: Array | None, low: float, high: float) -> tuple[float, float, Array]:
        room = scratch(len(g))
        if s is None:
            ratio, density, k = level_one(g, low, high, *room)
        else:
            ratio, density, k = level_two(g, s, low, high, *room)
        return ratio, density, room[0][:k]

    def prices(
        g: Array, s: Array | None, low: float, high: float, least: float, most: float
    ) -> tuple[float, float, float, float, Array]:
        room = scratch(len(g))
        stakes = g if s is None else s
        count, ratio, density, sure, gain, k = both(g, stakes, low, high, least, most, *room)
        return (count if s is None else ratio), density, sure, gain, room[0][:k]

    def rows(
        out: Array, g: Array, s: Array | None, mistakes: Array, budgets: Array
    ) -> tuple[Array, Array, Array, Array]:
        found = np.empty((4, len(g)))
        solve(out, g, g if s is None else s, mistakes, budgets, found)
        return found[0], found[1], found[2], found[3]

    return Kernels(level, prices, include, rows)
