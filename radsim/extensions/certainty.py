r"""When the hedge is off (A5): from which error rate on the b largest gains are taken surely.

A teacher errs at the same rate on every point with weight w, and is otherwise an adversary; a wrong
label costs the same everywhere; the whole budget is spent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, number, steady, vector

__all__ = ["certainty_mistakes", "certainty_rate", "certainty_rate_at_share"]


def _pool(gains: ArrayLike, budget: int, harm: float) -> tuple[Array, int, float]:
    """Gains in falling order, the budget and the harm."""
    g = vector(gains, "gains", least=1)
    b = count(budget, "budget", low=1, high=len(g))
    h = number(harm, "harm", open_low=True)
    return np.sort(g)[::-1], b, h


def _needed(g: Array, b: int, h: float, share: float) -> float:
    """Mistakes that leave no point behind the first b worth more than a wrong one of theirs."""
    over = share * (g[b - 1] + h) - (g[b - 1] - g[b:])
    return b + float(np.sum(np.maximum(0, over) / (share * (g[b:] + h))))


@steady
def certainty_mistakes(
    gains: ArrayLike, budget: int, rate: float, weight: float, *, harm: float = 1.0
) -> float:
    r"""Adversary's mistakes from which on the contaminated solution takes the b largest gains.

    With weight w the teacher errs on every point with probability r, else it is an adversary with
    m mistakes; a wrong label costs h.  Taking the b largest gains surely is optimal, the budget
    being spent, for every

    .. math:: m \ge b + \sum_{i > b} \frac{\max(0, \kappa (g_b + h) - (g_b - g_i))}
        {\kappa (g_i + h)}, \qquad \kappa = \frac{1 - w}{1 - w r},

    gains in falling order; for no m between b and this number is it.

    Parameters
    ----------
    gains : array_like, shape (n,)
    budget : int
        b.
    rate : float
        :math:`r \in [0, 1]`.
    weight : float
        :math:`w \in [0, 1)`.
    harm : float
        :math:`h > 0`, in the unit of the gains.

    Returns
    -------
    float
        Between b and n.

    Raises
    ------
    ValueError
        Naming the argument that cannot be, and its value.

    References
    ----------
    Theory page: A5.

    Examples
    --------
    >>> round(certainty_mistakes([4, 1, 0], 1, rate=0.5, weight=0.5, harm=1), 9)
    1.25
    """
    g, b, h = _pool(gains, budget, harm)
    r = number(rate, "rate", high=1)
    w = number(weight, "weight", high=1, open_high=True)
    return min(float(len(g)), _needed(g, b, h, (1 - w) / (1 - w * r)))


@steady
def certainty_rate(gains: ArrayLike, budget: int, weight: float, *, harm: float = 1.0) -> float:
    r"""Error rate from which on the contaminated solution takes the b largest gains surely.

    As `certainty_mistakes`, where one error rate :math:`\rho` is both the profile's and the
    adversary's, :math:`r = \rho` and :math:`m = \rho n`: the smallest :math:`\rho \ge b/n` with

    .. math:: \rho n = b + \sum_{i > b} \max\left(0, \frac{(1 - w)(g_b + h)
        - (1 - w \rho)(g_b - g_i)}{(1 - w)(g_i + h)}\right) .

    The right side is convex in :math:`\rho` and n at :math:`\rho = 1`, so every higher rate has it
    too.

    Parameters
    ----------
    gains : array_like, shape (n,)
    budget : int
        b.
    weight : float
        :math:`w \in [0, 1)`, the same at every rate.
    harm : float
        :math:`h > 0`, in the unit of the gains.

    Returns
    -------
    float
        :math:`\rho \in [b/n, 1]`.

    Raises
    ------
    ValueError
        Naming the argument that cannot be, and its value.

    References
    ----------
    Theory page: A5.

    Examples
    --------
    Four points, one query, half of the weight on the adversary:

    >>> round(certainty_rate([4, 2, 2, 0], 1, weight=0.5, harm=1), 9)
    0.625
    """
    g, b, h = _pool(gains, budget, harm)
    w = number(weight, "weight", high=1, open_high=True)
    n, slope = len(g), w * (g[b - 1] - g[b:])
    start = (1 - w) * (g[b - 1] + h) - (g[b - 1] - g[b:])
    stakes = (1 - w) * (g[b:] + h)
    rate = b / n
    # Newton's method from below on a concave function: it cannot pass its first root.
    while True:
        over = start + slope * rate
        counts = over > 0
        missing = b + float(np.sum(over[counts] / stakes[counts])) - rate * n
        rising = n - float(np.sum(slope[counts] / stakes[counts]))
        if not (missing > 0 and rising > 0 and rate + missing / rising > rate):
            return min(1.0, rate)
        rate += missing / rising


@steady
def certainty_rate_at_share(
    gains: ArrayLike, budget: int, share: float, *, harm: float = 1.0
) -> float:
    r"""As `certainty_rate`, with the adversary's share of what a point earns held the same.

    A weight that depends on the rate so that :math:`(1 - w)/(1 - w \rho) = \kappa`, as
    `radsim.distillation.guarded.trust` has it, gives the rate at once:

    .. math:: \rho = \frac1n \left(b + \sum_{i > b} \frac{\max(0, \kappa (g_b + h) - (g_b - g_i))}
        {\kappa (g_i + h)}\right) .

    Parameters
    ----------
    gains : array_like, shape (n,)
    budget : int
        b.
    share : float
        :math:`\kappa \in (0, 1]`.
    harm : float
        :math:`h > 0`, in the unit of the gains.

    Returns
    -------
    float
        :math:`\rho \in [b/n, 1]`.

    Raises
    ------
    ValueError
        Naming the argument that cannot be, and its value.

    References
    ----------
    Theory page: A5.

    Examples
    --------
    >>> certainty_rate_at_share([4, 1, 1, 0], 1, 0.5, harm=1)
    0.25
    >>> certainty_rate_at_share([4, 1, 1, 0], 1, 1, harm=1)
    1.0
    """
    g, b, h = _pool(gains, budget, harm)
    kappa = number(share, "share", high=1, open_low=True)
    return min(1.0, _needed(g, b, h, kappa) / len(g))
