r"""Systematic sampling in random order."""

from __future__ import annotations

import numpy as np

from radsim.game import Array

__all__ = ["draw"]


def draw(q: Array, rng: np.random.Generator) -> Array:
    """Lay the probabilities end to end in random order; take those that hold u, u + 1, ..."""
    order = rng.permutation(len(q))
    ends = np.cumsum(q[order])
    near = np.round(ends[-1])
    if abs(ends[-1] - near) < 1e-9 * max(1.0, near):
        ends *= near / ends[-1] if near else 1.0
    marks = np.floor(ends - rng.random()).astype(int)
    chosen = np.diff(marks, prepend=-1) > 0
    return order[chosen]
