r"""The loops of `radsim.solvers.water.kernels`, compiled by Numba (`pip install radsim[fast]`)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from radsim.game import Array
from radsim.solvers.water.kernels import Kernels

__all__ = ["compiled"]

# Points of a piece, whose mask fits the nearest cache, and of a block of it, summed straight on:
# rounding grows with the length of a block, the number of blocks and the number of pieces.
_PIECE, _BLOCK = 2_048, 256
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
        # Of the extra `fast`, and a second to import.
        from numba import njit
    except ImportError as error:
        raise ValueError("kernels = 'numba' needs Numba: pip install radsim[fast]") from error
    fast: Any = njit(fastmath={"reassoc"}, error_model="numpy", cache=True, nogil=True)

    # Numba reads the types off each call, so these loops have no annotations.

    @fast
    def gather(place, k, first, mask, words, hits):  # type: ignore[no-untyped-def]
        """Append where the mask of a piece is set; most words of eight points are empty."""
        n = 0  # no branch depends on the data, so none is guessed wrong
        for w in range(len(words)):
            hits[n] = w
            n += words[w] != 0
        for hit in hits[:n]:
            for j in range(8 * hit, 8 * hit + 8):
                place[k] = first + j
                k += mask[j]
        return k

    @fast
    def level_one(g, low, high, place, mask, words, hits):  # type: ignore[no-untyped-def]
        count, density, k = 0, 0.0, 0
        floor = max(high, 0.0)
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            if end < first + _PIECE:
                mask[end - first :] = 0
            above, part = 0, 0.0
            for start in range(first, end, _BLOCK):
                x, marks = g[start : min(end, start + _BLOCK)], mask[start - first :]
                inverse = 0.0
                for i in range(len(x)):
                    up = x[i] > floor
                    inverse += 1 / x[i] if up else 0.0
                    above += up
                    marks[i] = (x[i] > low) ^ (x[i] > high)
                part += inverse
            count += above
            density += part
            k = gather(place, k, first, mask, words, hits)
        return count, density, k

    @fast
    def level_two(g, s, low, high, place, mask, words, hits):  # type: ignore[no-untyped-def]
        ratio, density, k = 0.0, 0.0, 0
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            if end < first + _PIECE:
                mask[end - first :] = 0
            share, part = 0.0, 0.0
            for start in range(first, end, _BLOCK):
                stop = min(end, start + _BLOCK)
                x, y, marks = g[start:stop], s[start:stop], mask[start - first :]
                shaved, inverse = 0.0, 0.0
                for i in range(len(x)):
                    z = 1 / y[i] if (x[i] > high) & (y[i] > 0) else 0.0
                    inverse += z
                    shaved += z * x[i]
                    marks[i] = (x[i] > low) ^ (x[i] > high)
                share += shaved
                part += inverse
            ratio += share
            density += part
            k = gather(place, k, first, mask, words, hits)
        return ratio, density, k

    @fast
    def both(g, s, low, high, least, most, place, mask, words, hits):  # type: ignore[no-untyped-def]
        count, ratio, density, sure, gain, k = 0, 0.0, 0.0, 0, 0.0, 0
        for first in range(0, len(g), _PIECE):
            end = min(len(g), first + _PIECE)
            if end < first + _PIECE:
                mask[end - first :] = 0
            heavies, share, part, lights, earned = 0, 0.0, 0.0, 0, 0.0
            for start in range(first, end, _BLOCK):
                stop = min(end, start + _BLOCK)
                x, y, marks = g[start:stop], s[start:stop], mask[start - first :]
                shaved, inverse, earns = 0.0, 0.0, 0.0
                for i in range(len(x)):
                    heavy = (x[i] > high) & (y[i] > most)
                    z = 1 / y[i] if heavy else 0.0
                    inverse += z
                    shaved += z * x[i]
                    heavies += heavy
                    marks[i] = (x[i] >= low) & ((x[i] <= high) | (y[i] >= least) & (y[i] <= most))
                for i in range(len(x)):  # in one loop with the above these make no vectors
                    light = (x[i] > high) & (y[i] < least)
                    earns += x[i] if light else 0.0
                    lights += light
                share += shaved
                part += inverse
                earned += earns
            count += heavies
            sure += lights
            ratio += share
            density += part
            gain += earned
            k = gather(place, k, first, mask, words, hits)
        return count, ratio, density, sure, gain, k

    @fast
    def include(out, g, s, level, threshold, theta, capped):  # type: ignore[no-untyped-def]
        if capped:
            for i in range(len(g)):
                x = threshold / s[i] if s[i] > threshold else 1.0
                out[i] = x if g[i] > level else (theta * x if g[i] == level else 0.0)
        else:
            for i in range(len(g)):
                x = threshold / s[i] if s[i] > 0 else 0.0
                out[i] = x if g[i] > level else (theta * x if g[i] == level else 0.0)

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
    def solve(out, g, s, offsets, mistakes, budgets, found):  # type: ignore[no-untyped-def]
        few = 0
        for k in range(len(mistakes)):
            few = max(few, (offsets[k + 1] - offsets[k]) // _STRIDE)
        some, parts = np.empty(few), np.empty(few)
        for k in range(len(mistakes)):
            first, end = offsets[k], offsets[k + 1]
            gains, stakes, q = g[first:end], s[first:end], out[first:end]
            n = end - first
            for i in range(n):
                q[i] = 1 / stakes[i]
            start = -np.inf
            if n >= 256:
                few, highest = n // _STRIDE, -np.inf
                for j in range(few):
                    some[j], parts[j] = gains[_STRIDE * j], q[_STRIDE * j]
                    highest = max(highest, some[j])
                start, total = newton(some[:few], parts[:few], mistakes[k] * few / n, -np.inf)
                if not start < highest:
                    start = -np.inf
            level, total = newton(gains, q, mistakes[k], start)
            threshold, spent, most = budgets[k] / total, 0.0, 0.0
            for i in range(n):
                x = threshold / stakes[i] if gains[i] > level else 0.0
                q[i] = x
                spent += x
                most = max(most, x)
            found[0, k], found[1, k], found[2, k], found[3, k] = level, total, spent, most

    @fast
    def spent(g, h, s, inverse, lam, m, base, least, most, forced):  # type: ignore[no-untyped-def]
        n, low, high = len(g), least, least
        used = max(0.0, base[0] - lam * base[1] if base[1] else 0.0) + base[3]
        first, some, many = -1, m * (1 - 1e-15), m * (1 + 1e-15)
        total = used
        if used >= some:
            first, high = 0, most
        if used > many:
            low = most
        else:
            for i in range(n):
                total += min(1.0, max(0.0, g[i] - lam) * inverse[i])
                if first < 0 and total >= some:
                    first, high = i, s[i]
                if total > many:
                    low = s[i]
                    break
        high = max(high, low)
        fewest, greatest = 0.0, 0.0
        for i in range(n):
            x = 1.0 if s[i] <= low or (forced and -h[i] > lam) else low * inverse[i]
            fewest += x if g[i] > lam else 0.0
            x = 1.0 if s[i] <= high or (forced and -h[i] >= lam) else high * inverse[i]
            greatest += x if g[i] >= lam else 0.0
        if base[1]:
            fewest, greatest = fewest + low * base[1], greatest + high * base[1]
        return fewest + base[2], greatest + base[2]

    def scratch(n: int) -> tuple[Array, Array, Array, Array]:
        mask = np.empty(_PIECE, dtype=np.uint8)
        words = mask.view(np.uint64)
        # A place is written before it is known whether it is kept.
        places, hits = (np.empty(k + 1, dtype=np.int64) for k in (n, len(words)))
        return places, mask, words, hits

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
        low = low if low != 0 else np.nextafter(0, 1)  # what is worth nothing is left out
        count, ratio, density, sure, gain, k = both(g, stakes, low, high, least, most, *room)
        return (count if s is None else ratio), density, sure, gain, room[0][:k]

    def rows(
        out: Array,
        g: Array,
        s: Array | None,
        offsets: Array,
        mistakes: Array,
        budgets: Array,
        room: Array,
    ) -> tuple[Array, Array, Array, Array]:
        found = np.empty((4, len(mistakes)))
        solve(out, g, g if s is None else s, offsets, mistakes, budgets, found)
        return found[0], found[1], found[2], found[3]

    def spend(
        g: Array,
        h: Array,
        s: Array,
        inverse: Array,
        lam: float,
        m: float,
        base: tuple[float, ...],
        box: tuple[float, ...],
        forced: bool,
    ) -> tuple[float, float]:
        return spent(g, h, s, inverse, lam, m, tuple(base), *box[2:], forced)  # type: ignore[no-any-return]

    return Kernels(level, prices, include, rows, spend)
