r"""Strategies moved into their polytopes: what no rule allows is taken away before it can count.

Every function takes float arrays, or object arrays of :class:`fractions.Fraction`; with fractions
the result is exactly feasible, with floats to a few roundings.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from radsim.door import Array
from radsim.mixtures import Mixture
from radsim.payoffs import AnyGame, exact, number_like

__all__ = ["fit_inclusion", "fit_mistakes", "fit_mixture"]


def _like(values: Array, array: Array) -> Array:
    return exact(values) if array.dtype == object else values


def _number_array(values: Array) -> Array:
    found = np.asarray(values)
    return found if found.dtype == object else found.astype(np.float64)


def fit_inclusion(game: AnyGame, q: Array) -> Array:
    """Inclusion probabilities moved into the learner's polytope.

    Clipped, then scaled down if they cost too much; budget that must be spent and is not goes to
    all points in proportion to their room.
    """
    q = _number_array(q)
    costs, budget = _like(game.rules.costs, q), number_like(game.budget, q)
    zero = budget * 0
    one = zero + 1
    q = np.maximum(q, zero)
    if game.capped:
        q = np.minimum(q, one)
    if game.abstain:
        q = np.where(game.gains > 0, q, zero)  # a point without gain can only cost
    spent = np.sum(costs * q)
    if spent > budget:
        q = q * (budget / spent)
        spent = np.sum(costs * q)  # which may now miss the budget by a rounding
    if not game.abstain and spent < budget:
        room = one - q if game.capped else np.full(game.n, one)
        open_costs = np.sum(costs * room)
        if open_costs > 0:
            q = q + room * ((budget - spent) / open_costs)
            if game.capped:
                q = np.minimum(one, q)
    return q


def fit_mistakes(game: AnyGame, l: Array) -> Array:
    """Mistake probabilities moved into the teacher's polytope: clipped, scaled by group."""
    l = _number_array(l)
    rules = game.rules
    limits, budgets = _like(rules.limits, l), _like(rules.mistakes, l)
    l = np.minimum(np.maximum(l, limits[0] * 0), limits)
    for row, most in zip(rules.members, budgets, strict=True):
        made = np.sum(l[row])
        if made > most:
            l[row] *= most / made
    return l


def fit_mixture(mixture: Mixture) -> Mixture:
    """Mixture whose weights are a law: none is negative and they sum to one."""
    weights = _number_array(mixture.weights)
    weights = np.maximum(weights, weights[0] * 0)
    total = np.sum(weights)
    return replace(mixture, weights=weights / total if total != 1 else weights)
