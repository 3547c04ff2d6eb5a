r"""Stochastic batches: weighted draws one by one, inclusion probabilities unknown."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.data.gains import gains_from_probabilities
from radsim.door import Array, count, generator, number, steady
from radsim.selectors.formulas import EXPONENT, TEMPERATURE
from radsim.selectors.selection import Selection, as_gains

__all__ = ["m_raru", "power_top", "softmax_top"]


def _gumbel_top(score: Array, slope: float, b: int, rng: np.random.Generator | int) -> Selection:
    """The b largest slope * score + Gumbel noise."""
    rng = generator(rng)
    noise = rng.gumbel(size=len(score))
    # A multiple of it, which neither overflows nor loses the scores or the noise.
    key = (min(slope, 1.0) * score if slope else 0.0) + noise / max(slope, 1.0)
    # Points without weight (key -inf) come last, in random order.
    order = np.lexsort((rng.random(len(key)), -key))
    return Selection(order[:b], None, {"law": "successive sampling"})


@steady
def softmax_top(
    gains: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    temperature: float = TEMPERATURE,
) -> Selection:
    r"""The b largest :math:`g_i/T` + Gumbel noise: stochastic batches of softmax type.

    Weighted draws one by one without replacement; the inclusion probabilities are not b times the
    softmax (S1), so none are claimed.

    References
    ----------
    Kirsch et al., "Stochastic batch acquisition", TMLR 2023.

    Examples
    --------
    >>> sorted(softmax_top([9, 8, 0], 2, rng=0).indices.tolist())
    [0, 1]
    """
    g = as_gains(gains)
    b = count(budget, "budget", low=1, high=len(g))
    unit = number(temperature, "temperature", open_low=True)
    return _gumbel_top(g / (float(g.max()) or 1.0), 1 / max(unit, 1e-300), b, rng)


@steady
def power_top(
    gains: ArrayLike, budget: float, *, rng: np.random.Generator | int, exponent: float = EXPONENT
) -> Selection:
    r"""The b largest :math:`e \log g_i` + Gumbel noise: stochastic batches of power type.

    References
    ----------
    Kirsch et al., "Stochastic batch acquisition", TMLR 2023.

    Examples
    --------
    >>> sorted(power_top([1, 1, 0], 2, rng=0).indices.tolist())
    [0, 1]
    """
    g = as_gains(gains)
    b = count(budget, "budget", low=1, high=len(g))
    exponent = number(exponent, "exponent")
    with np.errstate(divide="ignore"):
        score = np.log(g) - np.log(g.max()) if g.any() else np.zeros(len(g))
    return _gumbel_top(score, exponent, b, rng)


@steady
def m_raru(probabilities: ArrayLike, budget: float, *, rng: np.random.Generator | int) -> Selection:
    r"""M-RARU: a random point is accepted with the probability that the student is wrong.

    Points are drawn evenly from those not taken yet, and one is taken with probability
    :math:`1 - \max_k p_k`, until b are.  The next point taken is thus point i with a probability in
    proportion to that, which Gumbel noise draws at once: the law is the same, and no pool keeps the
    loop waiting.

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    After Luccioli et al., "LLM on a budget: active knowledge distillation for efficient
    classification of large text corpora", arXiv 2511.11574: multi-class randomised accept/reject
    uncertainty sampling.  That the uncertainty is the least confidence is ours.

    Examples
    --------
    >>> p = [[1.0, 0.0], [0.5, 0.5], [0.6, 0.4]]
    >>> sorted(m_raru(p, 2, rng=0).indices.tolist())
    [1, 2]
    """
    return power_top(
        gains_from_probabilities(probabilities, "least_confidence"), budget, rng=rng, exponent=1.0
    )
