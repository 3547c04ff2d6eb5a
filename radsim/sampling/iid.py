r"""Draws with replacement."""

from __future__ import annotations

import numpy as np

from radsim.game import Array

__all__ = ["draw"]


def draw(q: Array, rng: np.random.Generator) -> Array:
    """Independent draws from q/b; a point may come more than once."""
    b = float(q.sum())
    n_draws = int(np.floor(b + 1e-9)) + int(rng.random() < b - np.floor(b + 1e-9))
    if n_draws == 0:
        return np.empty(0, dtype=np.intp)
    return rng.choice(len(q), size=n_draws, p=q / b)
