r"""Sampford's design: :math:`P(s) \propto \sum_{i \in s}(1 - q_i) \prod_{j \in s} q_j/(1 - q_j)`.

Its inclusion probabilities are q without any calibration.  The sum says how to draw it without the
classical rejection of repeated draws: a first point with probability proportional to
:math:`q_i(1 - q_i)`, then coins q for the others, kept if b points are in.
"""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.sampling.conditional_poisson import draw_given_size, others, pairs
from radsim.sampling.design import Law
from radsim.sampling.poisson import all_subsets

__all__ = ["draw", "joint", "law"]


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples by Sampford's rejective method."""
    b = round(float(q.sum()))
    first = q * (1 - q)
    return draw_given_size(q, b, rng, size, forced=first / first.sum())


def law(q: Array) -> Law:
    """All subsets of size b by the formula."""
    b, rows = round(float(q.sum())), all_subsets(len(q))
    rows = rows[rows.sum(axis=1) == b]
    weight = np.prod(np.where(rows, q / (1 - q), 1.0), axis=1) * (rows @ (1 - q))
    return Law(rows, weight / weight.sum())


def joint(q: Array) -> Array:
    r"""Second-order probabilities: coins q, each outcome weighted by the sum of 1 - q over it.

    The weight is a derivative, of :math:`\prod_{j \in s} q_j e^{t (1 - q_j)}` at t = 0, and is
    read off an imaginary part: with a tiny imaginary t nothing cancels.
    """
    b, t = round(float(q.sum())), 1e-100
    rest = 1 - q
    heads = q * (1 + 1j * t * rest)
    out, into = others(rest, heads, b)
    return np.asarray(pairs(rest, heads, b).imag / (rest[0] * out[0] + heads[0] * into[0]).imag)
