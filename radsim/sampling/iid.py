r"""Draws with replacement."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law, splits

__all__ = ["draw", "joint", "law"]

_BATCH = 4_000_000  # draws at a time


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples with replacement: independent draws from q/b."""
    n, (k, part) = len(q), splits(float(q.sum()))
    p, out = q / q.sum(), np.zeros(size * n, dtype=np.int64)
    for start in range(0, size * k, _BATCH):
        turn = np.arange(start, min(start + _BATCH, size * k))
        out += np.bincount(rng.choice(n, len(turn), p=p) + turn // k * n, minlength=size * n)
    if part:
        extra = np.flatnonzero(rng.random(size) < part)
        out[extra * n + rng.choice(n, size=len(extra), p=p)] += 1
    return out.reshape(size, n)


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
