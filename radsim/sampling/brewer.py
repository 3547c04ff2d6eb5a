r"""Brewer's design: one point a draw, with probabilities that add up to q over the b draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law

__all__ = ["draw", "grown", "law", "left_total"]

# From this many points samples are drawn one by one, by rejection.
MANY = 512


def _next(q: Array, taken: Array, left: int) -> Array:
    r"""Probability of each point to be taken next, `left` draws to go.

    With :math:`a = \sum_{i \notin s} q_i` over the points not yet taken it is proportional to
    :math:`q_i (a - q_i)/(a - q_i \cdot left)`, which is :math:`q_i` for the last draw.  As
    :math:`a = left + \sum_{i \in s} (1 - q_i)`, the denominator is a sum of positive terms.
    """
    rest = 1 - q
    spared = np.where(taken, rest, 0.0).sum(axis=1, keepdims=True)
    weight = q * (left + spared - q) / (left * rest + spared) if left > 1 else q
    weight = np.where(taken, 0.0, weight)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def left_total(q: Array, taken: Array) -> Array:
    """Sum of q over the points not yet taken, a column."""
    return np.asarray(np.where(taken, 0.0, q).sum(axis=1, keepdims=True))


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples by Brewer's method."""
    b = round(float(q.sum()))
    taken = np.zeros((size, len(q)), dtype=bool)
    if len(q) >= MANY:
        for row in taken:
            _take(q, b, row, rng)
        return taken.astype(np.int64)
    for step in range(b):
        ends = np.cumsum(_next(q, taken, b - step), axis=1)
        u = rng.random((size, 1)) * ends[:, -1:]
        pick = np.minimum((ends <= u).sum(axis=1), len(q) - 1)
        taken[np.arange(size), pick] = True
    return taken.astype(np.int64)


class _Class(NamedTuple):
    """Points whose 1 - q are within a factor of two, proposed by q."""

    points: Array
    ends: Array  # cumulative q
    top: float  # largest q

    @classmethod
    def of(cls, points: Array, q: Array) -> _Class:
        return cls(points, np.cumsum(q[points]), float(q[points].max()))


def _take(q: Array, b: int, taken: Array, rng: np.random.Generator) -> None:
    r"""Take b points of one sample by rejection, in some O(n + b log n) steps.

    The factor :math:`(a - q_i)/(a - q_i \cdot left)` beside :math:`q_i` at most doubles while
    :math:`1 - q_i` halves.  So a point is proposed by q within a class of such points, the class
    by its sum of q times the factor of its largest; what is taken or too little is refused.
    """
    kind = np.frexp(1 - q)[1]
    classes = [_Class.of(np.flatnonzero(kind == k), q) for k in np.unique(kind)]
    gone = [0.0 for _ in classes]  # sum of q over what was taken since a class was made
    spared = 0.0

    def factor(x: float, left: int) -> float:
        return (left + spared - x) / (left * (1 - x) + spared)

    for left in range(b, 0, -1):
        tops = [factor(c.top, left) for c in classes]
        sums = np.cumsum([c.ends[-1] * top for c, top in zip(classes, tops, strict=True)])
        while True:
            k = int(np.searchsorted(sums, rng.random() * sums[-1], "right"))
            c = classes[k]
            i = int(c.points[np.searchsorted(c.ends, rng.random() * c.ends[-1], "right")])
            x = float(q[i])
            if not taken[i] and rng.random() * tops[k] < factor(x, left):
                break
        taken[i] = True
        spared += 1 - x
        gone[k] += x
        if gone[k] > c.ends[-1] / 2:  # else every other proposal would be refused
            rest = c.points[~taken[c.points]]
            classes[k : k + 1] = [_Class.of(rest, q)] if len(rest) else []
            gone[k : k + 1] = [0.0] if len(rest) else []


def law(q: Array) -> Law:
    """All outcomes of Brewer's method with their probabilities."""
    b = round(float(q.sum()))
    return grown(b, len(q), lambda sets, step: _next(q, sets, b - step))


def grown(b: int, n: int, chance: Callable[[Array, int], Array]) -> Law:
    """Law of a draw point by point: sets of growing size, `chance(sets, step)` of what is next."""
    sets: Array = np.zeros((1, n), dtype=bool)
    weight: Array = np.ones(1)
    for step in range(b):
        following = chance(sets, step) * weight[:, None]
        row, point = np.nonzero(following > 0)
        larger = sets[row].copy()
        larger[np.arange(len(row)), point] = True
        sets, index = np.unique(larger, axis=0, return_inverse=True)
        weight = np.bincount(index.ravel(), weights=following[row, point])
    return Law(sets.astype(np.int64), weight)
