r"""The pivotal method as a random tournament: pairs are resolved round by round."""

from __future__ import annotations

import numpy as np

from radsim.game import Array

__all__ = ["draw"]


def draw(q: Array, rng: np.random.Generator) -> Array:
    r"""Deville and Tille's pivotal method on randomly paired points.

    Two points fight with :math:`a = q_i + q_j`: if a <= 1 one of them is out and the other keeps a
    (it is i with probability :math:`q_i/a`); else one is in and the other keeps a - 1.  Means are
    kept in each fight, so inclusion probabilities are exact.
    """
    p = q.copy()
    open_ = np.flatnonzero((p > 0) & (p < 1))
    rng.shuffle(open_)
    while len(open_) > 1:
        pairs = len(open_) // 2
        i, j = open_[:pairs].copy(), open_[pairs : 2 * pairs].copy()
        a, u = p[i] + p[j], rng.random(pairs)
        light = a <= 1
        keep = np.where(light, u * a < p[i], u * (2 - a) < 1 - p[j])
        # Light: i keeps a, j is out.  Heavy: i is in, j keeps a - 1; else the roles are swapped.
        first, second = np.where(keep, i, j), np.where(keep, j, i)
        p[first] = np.where(light, a, 1.0)
        p[second] = np.where(light, 0.0, a - 1)
        # A sum within rounding of whole must not leave a sliver behind.
        near = np.round(p[open_])
        p[open_] = np.where(np.abs(p[open_] - near) < 1e-12, near, p[open_])
        open_ = open_[(p[open_] > 0) & (p[open_] < 1)]
        rng.shuffle(open_)
    if len(open_):
        left = p[open_[0]]
        p[open_[0]] = float(rng.random() < left)
    return np.flatnonzero(p == 1)
