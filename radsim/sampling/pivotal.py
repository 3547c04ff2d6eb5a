r"""The pivotal method as a random tournament: pairs are resolved round by round."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law, complements

__all__ = ["draw", "law", "listed", "tournament"]


# Larger pools are seeded by shuffled blocks and shuffled point by point once this few are left: the
# random access of a full shuffle would cost more than all the fights.
_SHUFFLED = 1 << 17
_BLOCK = 64


def _seeding(n: int, size: int, rng: np.random.Generator) -> Array:
    """Random places in the tournament, one row a sample."""
    if n <= _SHUFFLED:
        return rng.permuted(np.broadcast_to(np.arange(n, dtype=np.int32), (size, n)), axis=1)
    blocks = np.arange(n - n % _BLOCK, dtype=np.int32).reshape(-1, _BLOCK)
    rest = np.arange(n - n % _BLOCK, n, dtype=np.int32)
    rows = [np.append(blocks[rng.permutation(len(blocks))].ravel(), rest) for _ in range(size)]
    return np.array(rows)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    r"""Deville and Tille's pivotal method on a random knock-out tournament.

    Two points fight with :math:`a = q_i + q_j`: if a < 1 one is out and the other goes on with a
    (it is i with probability :math:`q_i/a`); else one is in and the other goes on with a - 1.
    Means are kept in each fight, so inclusion probabilities are exact.  An empty place fights with
    probability zero, so all rounds are alike: about :math:`\log_2 n` of them.

    Strongly Rayleigh given the order of fights (Branden and Jonasson 2012); whether the mixture
    over random orders is, is not known.  The bounds of S3 hold for it: given each order the
    inclusion probabilities, and so the mean, are the same, and a tail bounded given each order is
    bounded on average.
    """
    out, who, p = tournament(q, rng, size)
    # The total is whole, so what is left of the last point is 0 or 1 but for rounding.
    last = np.flatnonzero(rng.random(size) < p)
    out[last, who[last]] = 1
    return out


def tournament(q: Array, rng: np.random.Generator, size: int) -> tuple[Array, Array, Array]:
    """Run the tournament until one point a sample is undecided."""
    out = np.zeros((size, len(q)), dtype=np.int64)
    who = _seeding(len(q), size, rng)
    p, shuffled = q[who], len(q) <= _SHUFFLED
    while (width := p.shape[1]) > 1:
        if not shuffled and width <= _SHUFFLED:
            place = rng.permuted(np.broadcast_to(np.arange(width), who.shape), axis=1)
            who, p = np.take_along_axis(who, place, 1), np.take_along_axis(p, place, 1)
            shuffled = True
        half = width // 2
        i, j, pi = who[:, :half], who[:, half : 2 * half], p[:, :half]
        rest = pi + p[:, half : 2 * half]
        u = rng.random(rest.shape)
        on = u * rest < pi  # does i go on?
        heavy = np.nonzero(rest >= 1)
        if len(heavy[0]):  # the other one is in; i goes on with probability (1 - q_i)/(2 - a)
            a = rest[heavy]
            first = u[heavy] * (2 - a) < 1 - pi[heavy]
            on[heavy] = first
            out[heavy[0], np.where(first, j[heavy], i[heavy])] = 1
            rest[heavy] = a - 1
        go = np.where(on, i, j)
        if width % 2:
            go, rest = np.hstack((go, who[:, -1:])), np.hstack((rest, p[:, -1:]))
        who, p = go, rest
    return out, who[:, 0], p[:, 0]


def law(q: Array) -> Law:
    """All outcomes of the tournament with their probabilities."""
    orders = np.array(list(permutations(range(len(q)))))
    return listed(q, orders, lambda width: width // 2)


def listed(q: Array, who: Array, fights: Callable[[int], int]) -> Law:
    """All outcomes of the pivotal method in some orders of the points, shape (K, n).

    `fights` says of a number of points how many pairs of them fight at once.  Beside each p stands
    1 - p, so that both keep their digits where they are small.
    """
    n = len(q)
    p, rest, weight = q[who], complements(q)[who], np.full(len(who), 1.0 / len(who))
    chosen = np.zeros((len(who), n), dtype=np.int64)
    while (width := p.shape[1]) > 1:
        half = fights(width)
        for k in range(half):
            i, j, pair = who[:, k], who[:, half + k], [k, half + k]
            low, gap = p[:, pair].min(axis=1), rest[:, pair].min(axis=1)
            heavy = low >= gap
            share = np.where(heavy[:, None], rest[:, pair], p[:, pair])
            total = share.sum(axis=1)
            share[total == 0, 0] = 1.0
            p[:, k] = np.where(heavy, low - gap, total)
            rest[:, k] = np.where(heavy, total, gap - low)
            # First half: i goes on; second half: j does.
            weight = (weight * (share.T / share.sum(axis=1))).ravel()
            who, p, rest, chosen = (np.concatenate((x, x)) for x in (who, p, rest, chosen))
            who[:, k] = np.concatenate((i, j))
            rows = np.flatnonzero(np.concatenate((heavy, heavy)))
            chosen[rows, np.concatenate((j, i))[rows]] = 1
            keep = weight > 0
            who, p, rest, chosen, weight = (x[keep] for x in (who, p, rest, chosen, weight))
        on = [*range(half), *range(2 * half, width)]
        who, p, rest = who[:, on], p[:, on], rest[:, on]
    rows = np.flatnonzero(p[:, 0] > 0.5)
    chosen[rows, who[rows, 0]] = 1
    # A probability below the rounding of the others is left over: its point then takes a place.
    rows = np.flatnonzero((p[:, 0] <= 0.5) & (p[:, 0] > 0))
    swapped, place = chosen[rows], np.arange(len(rows))
    swapped[place, swapped.argmax(axis=1)] = 0
    swapped[place, who[rows, 0]] = 1
    chosen, weight = np.concatenate((chosen, swapped)), np.append(weight, weight[rows] * p[rows, 0])
    outcomes, index = np.unique(chosen, axis=0, return_inverse=True)
    return Law(outcomes, np.bincount(index.ravel(), weights=weight))
