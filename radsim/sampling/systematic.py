r"""Systematic sampling, in random order and in the order given."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise, permutations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law

__all__ = ["draw", "draw_in_order", "joint_in_order", "law", "law_in_order"]


def _ends(q: Array) -> Array:
    """Probabilities laid end to end; the last end is whole."""
    ends = np.cumsum(q, axis=-1)
    total = ends[..., -1:]
    ends = np.asarray(ends * (np.round(total) / total))
    ends[..., -1:] = np.round(total)  # to the last bit, or a rare sample would be one short
    return ends


def _taken(ends: Array, u: Array) -> Array:
    """Points that hold one of u, u + 1, u + 2, ... with 0 <= u < 1."""
    whole = np.floor(ends)
    marks = whole + (u < ends - whole)  # how many lie before each end; no rounding
    return np.diff(marks, axis=-1, prepend=0.0).astype(np.int64)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples systematically, each in a random order of its own."""
    order = rng.permuted(np.broadcast_to(np.arange(len(q)), (size, len(q))), axis=1)
    out = np.zeros((size, len(q)), dtype=np.int64)
    np.put_along_axis(out, order, _taken(_ends(q[order]), rng.random((size, 1))), axis=1)
    return out


def draw_in_order(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples systematically in the order given."""
    return _taken(_ends(q)[None, :], rng.random((size, 1)))


def law_in_order(q: Array) -> Law:
    """One outcome between each two neighbouring fractional parts of the ends, in fractions."""
    part = [Fraction(x) for x in q.tolist()]
    scale = round(sum(part)) / sum(part)
    ends = list(accumulate(x * scale for x in part))
    cuts = sorted({Fraction(), Fraction(1), *(x % 1 for x in ends)})
    width = np.array([float(after - cut) for cut, after in pairwise(cuts)])
    rank = {cut: k for k, cut in enumerate(cuts)}
    whole, parts = np.array([(int(x), rank[x % 1]) for x in ends]).T
    # A number u between a cut and the next lies before the fractional parts beyond that cut.
    marks = whole + (np.arange(len(width))[:, None] < parts)
    return Law(np.diff(marks, axis=1, prepend=0), width)


def law(q: Array) -> Law:
    """The average of `law_in_order` over all orders."""
    rows, weights = [], []
    orders = list(permutations(range(len(q))))
    for order in orders:
        found = law_in_order(q[list(order)])
        placed = np.zeros_like(found.outcomes)
        placed[:, list(order)] = found.outcomes
        rows.append(placed)
        weights.append(found.probability / len(orders))
    outcomes, index = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    return Law(outcomes, np.bincount(index.ravel(), weights=np.concatenate(weights)))


def joint_in_order(q: Array) -> Array:
    """Second-order probabilities: the law has at most n + 1 outcomes."""
    return law_in_order(q).joint()
