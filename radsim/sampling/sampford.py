r"""Sampford's design: :math:`P(s) \propto \sum_{i \in s}(1 - q_i) \prod_{j \in s} q_j/(1 - q_j)`.

Its inclusion probabilities are q without any calibration.  The sum says how to draw it without the
classical rejection of repeated draws: a first point with probability proportional to
:math:`q_i(1 - q_i)`, then coins q for the others, kept if b points are in.
"""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.sampling.conditional_poisson import draw_given_size, spectrum
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
    weight = np.prod(np.where(rows, q, 1 - q), axis=1) * (rows @ (1 - q))
    return Law(rows, weight / weight.sum())


def joint(q: Array) -> Array:
    r"""Second-order probabilities: the sum over i splits into i in the pair and i outside."""
    here = spectrum(q, round(float(q.sum())))
    outside = here.heads @ (1 - q)
    own = here.second() * (1 - q)[:, None]
    # sum over i of (1 - q_i) [i heads] is 1 - q_i for i in the pair, the wave for the others.
    waves = here.heads * (1 - q)
    cross = ((here.heads * waves * here.mass[:, None]).T @ here.heads).real
    pairs = here.second(here.mass * outside) + own + own.T - cross - cross.T
    return np.asarray(pairs / float((here.mass @ outside).real))
