r"""Selectors that are a formula: data and budget in, exact inclusion probabilities out."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.constrained import constrain
from radsim.data.gains import gains_from_probabilities
from radsim.door import Array, number, steady, vector
from radsim.game import Game
from radsim.greedy import shares
from radsim.payoffs import best_response
from radsim.selectors.selection import as_budget, as_gains
from radsim.solvers import solve

__all__ = [
    "entropy",
    "least_confidence",
    "margin",
    "oracle",
    "power",
    "rad",
    "softmax",
    "uniform",
]

TEMPERATURE = 0.1  # of the softmax selectors, in units of the largest gain
EXPONENT = 2.0  # of the power selectors


@steady
def rad(
    gains: ArrayLike,
    budget: float,
    *,
    mistakes: ArrayLike,
    harm: float = 1.0,
    harms: ArrayLike | None = None,
    capped: bool = True,
    abstain: bool = True,
    objective: str = "value",
    groups: ArrayLike | None = None,
) -> Array:
    r"""Robust Active Distillation: the learner's side of the solved game.

    .. math:: q = \arg\max_q \min_l \sum_i q_i (g_i - s_i l_i)

    Parameters
    ----------
    gains : array_like, shape (n,) or (n, C)
        Gains, or class probabilities whose margin makes them.
    budget : float
    mistakes, harm, harms, capped, abstain
        As in `Game`.
    objective : str
        As in `solve`; "regret" and "ratio" need a budget of one or `capped=False`.
    groups : array_like, optional
        As in `ConstrainedGame`: `mistakes` then holds one number a group.

    Returns
    -------
    ndarray, shape (n,)
        Zero everywhere if the learner may abstain and no selection has a positive guarantee.

    References
    ----------
    Theory page: V1 to V3b, R1, R2, A1; after Baykal et al., "Robust Active Distillation", ICLR
    2023.

    Examples
    --------
    >>> (7 * rad([1, 0.5, 0.25], 1, mistakes=1)).round(12).tolist()
    [1.0, 2.0, 4.0]
    >>> rad([1, 0.5, 0.25], 1, mistakes=[0.25, 0.5], groups=[0, 1, 1]).tolist()
    [1.0, 0.0, 0.0]
    """
    game = Game(
        as_gains(gains),
        0.0 if groups is not None else mistakes,  # type: ignore[arg-type]  # Game refuses arrays
        budget,
        harm,
        harms=harms,
        capped=capped,
        abstain=abstain,
    )
    known = game if groups is None else constrain(game, groups=groups, mistakes=mistakes)
    return np.asarray(solve(known, objective).inclusion, dtype=np.float64)


def _top(score: Array, budget: float) -> Array:
    """Inclusion probabilities that put the budget on the largest scores, ties on the first."""
    ranked = Game(score, 0, as_budget(budget, len(score)), abstain=False)
    return best_response(ranked, np.zeros(len(score)))[1]


@steady
def margin(gains: ArrayLike, budget: float) -> Array:
    r"""Margin sampling: the b largest gains, or the b smallest margins of class probabilities.

    References
    ----------
    Scheffer, Decomain, Wrobel, "Active hidden Markov models for information extraction", IDA 2001.

    Examples
    --------
    >>> margin([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]], 2).tolist()
    [0.0, 1.0, 1.0]
    """
    return _top(as_gains(gains), budget)


@steady
def entropy(probabilities: ArrayLike, budget: float) -> Array:
    r"""Entropy sampling: the b largest entropies :math:`-\sum_c p_c \log p_c`.

    References
    ----------
    Shannon 1948; Settles, "Active Learning Literature Survey", 2009.

    Examples
    --------
    >>> entropy([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]], 1).tolist()
    [0.0, 0.0, 1.0]
    """
    return _top(gains_from_probabilities(probabilities, "entropy"), budget)


@steady
def least_confidence(probabilities: ArrayLike, budget: float) -> Array:
    r"""Least-confidence sampling: the b points whose largest class probability is smallest.

    References
    ----------
    Lewis and Gale, "A sequential algorithm for training text classifiers", SIGIR 1994.

    Examples
    --------
    >>> least_confidence([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]], 1).tolist()
    [0.0, 0.0, 1.0]
    """
    return _top(gains_from_probabilities(probabilities, "least_confidence"), budget)


def _weighted(weights: Array, budget: float) -> Array:
    """In proportion to the weights, at most one; what they cannot take goes to the weightless."""
    b = as_budget(budget, len(weights))
    q = shares(weights, b, np.ones(len(weights), dtype=bool))
    none, rest = weights == 0, b - float(q.sum())
    if none.any() and rest > 1e-12 * b:
        q[none] = rest / none.sum()
    return np.minimum(q, 1)


@steady
def uniform(gains: ArrayLike, budget: float) -> Array:
    r"""Uniform random sampling, :math:`q_i = b/n`.

    Examples
    --------
    >>> uniform([3, 2, 1, 0], 2).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    return _weighted(np.ones(len(as_gains(gains))), budget)


def softmax_weights(g: Array, temperature: float) -> Array:
    """exp(g/T), the largest one; T in units of the largest gain."""
    unit = number(temperature, "temperature", open_low=True)
    with np.errstate(over="ignore"):
        return np.exp((g / (float(g.max()) or 1.0) - 1) / unit)


def power_weights(g: Array, exponent: float) -> Array:
    """g^e, the largest one."""
    unit, exponent = float(g.max()), number(exponent, "exponent")
    return (g / unit) ** exponent if unit else np.ones(len(g))


@steady
def softmax(gains: ArrayLike, budget: float, *, temperature: float = TEMPERATURE) -> Array:
    r"""Inclusion in proportion to :math:`\exp(g_i/T)`, T in units of the largest gain.

    Examples
    --------
    >>> softmax([1, 1, 0], 1).round(4).tolist()
    [0.5, 0.5, 0.0]
    """
    return _weighted(softmax_weights(as_gains(gains), temperature), budget)


@steady
def power(gains: ArrayLike, budget: float, *, exponent: float = EXPONENT) -> Array:
    r"""Inclusion in proportion to :math:`g_i^2`.

    Examples
    --------
    >>> power([2, 1, 0], 1).tolist()
    [0.8, 0.2, 0.0]
    """
    return _weighted(power_weights(as_gains(gains), exponent), budget)


@steady
def oracle(
    gains: ArrayLike,
    budget: float,
    *,
    harms: ArrayLike,
    capped: bool = True,
    abstain: bool = True,
    wrong: ArrayLike,
) -> Array:
    r"""The b largest robust gains :math:`g_i - s_i l_i`, mistakes known: nobody can do better.

    Examples
    --------
    >>> oracle([3, 2, 1], 1, harms=[3, 2, 1], wrong=[1, 0, 0]).tolist()
    [0.0, 1.0, 0.0]
    """
    game = Game(as_gains(gains), 0, budget, harms=harms, capped=capped, abstain=abstain)
    return best_response(game, vector(wrong, "wrong", game.n, high=1))[1]
