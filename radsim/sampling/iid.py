r"""Draws with replacement."""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import factorial

import numpy as np

from radsim.game import Array
from radsim.sampling.design import WHOLE, Law

__all__ = ["draw", "joint", "law"]


def _draws(q: Array) -> tuple[int, float]:
    """Whole number of draws and the probability of one more."""
    b = float(q.sum())
    if abs(b - round(b)) <= WHOLE * max(1.0, b):
        return round(b), 0.0
    return int(b), b - int(b)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples with replacement: independent draws from q/b."""
    n, (k, part) = len(q), _draws(q)
    out = np.zeros(size * n, dtype=np.int16)
    if k:
        picks = rng.choice(n, size=(size, k), p=q / q.sum())
        place = (picks + n * np.arange(size)[:, None]).ravel()
        out += np.bincount(place, minlength=size * n).astype(np.int16)
    if part:
        extra = np.flatnonzero(rng.random(size) < part)
        out[extra * n + rng.choice(n, size=len(extra), p=q / q.sum())] += 1
    return out.reshape(size, n)


def law(q: Array) -> Law:
    """All outcomes of draws with replacement, with their probabilities."""
    p, (k, part) = q / q.sum(), _draws(q)
    rows, weights = [], []
    for size, share in ((k, 1 - part), (k + 1, part)):
        if share == 0:
            continue
        for picks in combinations_with_replacement(range(len(q)), size):
            row = np.bincount(np.array(picks, dtype=int), minlength=len(q))
            ways = factorial(size) / np.prod([factorial(int(c)) for c in row])
            rows.append(row)
            weights.append(share * ways * float(np.prod(p**row)))
    return Law(np.array(rows, dtype=np.int16), np.array(weights))


def joint(q: Array) -> Array:
    """E[N_i N_j] for i != j: E[K(K-1)] p_i p_j with K draws."""
    p, (k, part) = q / q.sum(), _draws(q)
    pairs = (1 - part) * k * (k - 1) + part * (k + 1) * k
    return np.asarray(pairs * np.outer(p, p))
