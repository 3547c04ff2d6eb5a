r"""The loops of `radsim.solvers.water.kernels`, compiled by Numba (`pip install radsim[fast]`)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from radsim.game import Array
from radsim.solvers.water.kernels import PIECE, Kernels

__all__ = ["compiled"]

# Points of a block of a piece, summed straight on: rounding grows with the length of a block and
# the number of blocks.  The mask of a piece fits the nearest cache.
_BLOCK = 256
# Points of a call, which takes no longer to start than to go over a few thousand.
_CHUNK = 128 * PIECE
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
    def level_one(g, low, high, densities, place, mask, words, hits):  # type: ignore[no-untyped-def]
        count, k = 0, 0
        floor = max(high, 0.0)
        for first in range(0, len(g), PIECE):
            end = min(len(g), first + PIECE)
            if end < first + PIECE:
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
            densities[first // PIECE] = part
            k = gather(place, k, first, mask, words, hits)
        return count, k

    @fast
    def level_two(g, s, low, high, ratios, densities, place, mask, words, hits):  # type: ignore[no-untyped-def]
        k = 0
        for first in range(0, len(g), PIECE):
            end = min(len(g), first + PIECE)
            if end < first + PIECE:
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
            ratios[first // PIECE], densities[first // PIECE] = share, part
            k = gather(place, k, first, mask, words, hits)
        return k

    @fast
    def both(g, s, low, high, least, most, ties, counts, sums, place, mask, words, hits):  # type: ignore[no-untyped-def]
        count, sure, k = 0, 0, 0
        for first in range(0, len(g), PIECE):
            end = min(len(g), first + PIECE)
            if end < first + PIECE:
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
            at = first // PIECE
            sums[0, at], sums[1, at], sums[2, at] = share, part, earned
            x, y = g[first:end], s[first:end]
            for t in range(len(counts)):
                gain, stake, n = ties[0, t], ties[1, t], 0
                for i in range(len(x)):
                    same = mask[i] & (x[i] == gain) & (y[i] == stake)
                    n += same
                    mask[i] ^= same
                counts[t] += n
            k = gather(place, k, first, mask, words, hits)
        return count, sure, k

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

    def scratch(n: int) -> tuple[Array, Array, Array, Array]:
        mask = np.empty(PIECE, dtype=np.uint8)
        words = mask.view(np.uint64)
        # A place is written before it is known whether it is kept.
        places, hits = (np.empty(k + 1, dtype=np.int64) for k in (n, len(words)))
        return places, mask, words, hits

    def level(g: Array, s: Array | None, low: float, high: float) -> tuple[Array, Array, Array]:
        room, sums = scratch(len(g)), np.empty((2, -(-len(g) // PIECE)))
        if s is None:
            count, k = level_one(g, low, high, sums[1], *room)
            return np.array([count]), sums[1], room[0][:k]
        k = level_two(g, s, low, high, *sums, *room)
        return sums[0], sums[1], room[0][:k]

    def prices(
        g: Array,
        s: Array | None,
        low: float,
        high: float,
        least: float,
        most: float,
        ties: tuple[Array, Array],
    ) -> tuple[Array, Array, int, Array, Array, Array]:
        room, sums = scratch(len(g)), np.empty((3, -(-len(g) // PIECE)))
        pairs, counts = np.array(ties), np.zeros(len(ties[0]), dtype=np.int64)
        stakes = g if s is None else s
        low = low if low != 0 else np.nextafter(0, 1)  # what is worth nothing is left out
        box = low, high, least, most
        count, sure, k = both(g, stakes, *box, pairs, counts, sums, *room)
        ratios = np.array([count]) if s is None else sums[0]
        return ratios, sums[1], sure, sums[2], room[0][:k], counts

    def rows(
        out: Array, g: Array, s: Array | None, mistakes: Array, budgets: Array
    ) -> tuple[Array, Array, Array, Array]:
        found = np.empty((4, len(g)))
        solve(out, g, g if s is None else s, mistakes, budgets, found)
        return found[0], found[1], found[2], found[3]

    return Kernels(level, prices, include, rows, chunk=_CHUNK)
