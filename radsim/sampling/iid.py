r"""Draws with replacement."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law, splits

__all__ = ["draw", "joint", "law", "multinomial"]

# Draws at a time; a sample of more is drawn as counts.
_BATCH = 4_000_000


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples with replacement: independent draws from q/b."""
    n, (k, part) = len(q), splits(float(q.sum()))
    if k > _BATCH:
        sizes = k + (rng.random(size) < part)
        rows = [multinomial(x, q, rng) for x in sizes.tolist()]
        return np.array(rows, dtype=np.int64).reshape(size, n)
    p, out = q / q.sum(), np.zeros(size * n, dtype=np.int64)
    for start in range(0, size * k, _BATCH):
        turn = np.arange(start, min(start + _BATCH, size * k))
        out += np.bincount(rng.choice(n, len(turn), p=p) + turn // k * n, minlength=size * n)
    if part:
        extra = np.flatnonzero(rng.random(size) < part)
        out[extra * n + rng.choice(n, size=len(extra), p=p)] += 1
    return out.reshape(size, n)


def multinomial(total: int, weights: Array, rng: np.random.Generator) -> Array:
    r"""How often each point is met in `total` independent draws in proportion to the weights.

    The total is split in halves of the points, again and again, each time by a binomial number:
    the law of the draws, in time and memory of the points and not of the draws.  Sums of
    neighbours are small sums, so the shares of the lightest points keep all their digits.

    Parameters
    ----------
    total : int
    weights : ndarray, shape (n,)
        Not negative, and some positive.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> multinomial(10**12, np.array([1.0, 0, 0]), np.random.default_rng(0)).tolist()
    [1000000000000, 0, 0]
    """
    rows = [weights]
    while len(rows[-1]) > 1:
        rows[-1] = np.append(rows[-1], np.zeros(len(rows[-1]) % 2))
        rows.append(rows[-1][::2] + rows[-1][1::2])
    counts = np.array([total], dtype=np.int64)
    for row, both in zip(rows[-2::-1], rows[:0:-1], strict=True):
        half = len(row) // 2
        both, counts = both[:half], counts[:half]
        share = np.divide(row[::2], both, out=np.zeros(half), where=both > 0)
        first = rng.binomial(counts, share)
        counts = np.stack((first, counts - first), axis=1).ravel()
    return counts[: len(weights)]


def law(q: Array) -> Law:
    """All outcomes of draws with replacement: Poisson counts with mean q, given their total."""
    k, part = splits(float(q.sum()))
    rows, weights = [], []
    for total, share in ((k, 1 - part), (k + 1, part)):
        if share == 0:
            continue
        # Stars and bars: the counts are the gaps between bars.
        places = total + len(q) - 1
        bars = np.array(list(combinations(range(places), len(q) - 1)), dtype=np.int64)
        counts = np.diff(bars, axis=1, prepend=-1, append=places) - 1
        weight = np.ones(len(counts))
        for mean, times in zip(total * (q / q.sum()), counts.T, strict=True):
            weight = weight * _poisson(mean, total)[times]
        rows.append(counts)
        weights.append(weight * (share / weight.sum()))
    return Law(np.concatenate(rows), np.concatenate(weights))


def _poisson(mean: float, most: int) -> Array:
    """Probabilities of 0 to `most`, relative to the largest, from which both sides are reached."""
    mode = min(int(mean), most)
    counts = np.arange(1, most + 1)
    fewer = np.cumprod(counts[:mode][::-1] / mean)[::-1]
    return np.concatenate((fewer, [1.0], np.cumprod(mean / counts[mode:])))


def joint(q: Array) -> Array:
    """E[N_i N_j] for i != j: E[K(K-1)] p_i p_j with K draws."""
    p, (k, part) = q / q.sum(), splits(float(q.sum()))
    pairs = (1 - part) * k * (k - 1) + part * (k + 1) * k
    return np.asarray(pairs * np.outer(p, p))
