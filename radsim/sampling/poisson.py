r"""Poisson sampling: each point on its own, so the size is random."""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law

__all__ = ["all_subsets", "draw", "joint", "law"]


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples point by point, each on its own."""
    return (rng.random((size, len(q))) < q).astype(np.int64)


def all_subsets(n: int) -> Array:
    """All 2^n rows of zeros and ones."""
    return ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.int64)


def law(q: Array) -> Law:
    """All subsets."""
    rows = all_subsets(len(q))
    return Law(rows, np.prod(np.where(rows, q, 1 - q), axis=1))


def joint(q: Array) -> Array:
    """Independent points: q_i q_j."""
    return np.outer(q, q)
