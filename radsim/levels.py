r"""The primitives behind the closed forms: water levels, greedy shaving, shares of a budget."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array, exact

__all__ = ["Shaved", "WaterLevel", "shares", "shave", "water_level"]

# Above this many points a strided sample is levelled first; it places the start, not the answer.
_SAMPLE_ABOVE = 20_000
_STRIDE = 64


class WaterLevel(NamedTuple):
    r"""Level :math:`\lambda`, the points that stand above it, and :math:`H = \sum_S 1/s_i`."""

    level: float
    support: Array
    density: float


def water_level(gains: Array, stakes: Array, mistakes: float) -> WaterLevel:
    r"""Shave the gains from above until the mistakes are used up (V1).

    Solves :math:`\varphi(\lambda) = \sum_i \max(0, g_i - \lambda)/s_i = m` for real
    :math:`\lambda` by Newton's method, which is monotone on the convex :math:`\varphi` and ends
    after finitely many steps; for m = 0 the level is :math:`\max_i g_i`.

    Parameters
    ----------
    gains, stakes : ndarray, shape (n,)
        :math:`g_i \ge 0` and :math:`s_i > 0`.
    mistakes : float
        :math:`m \ge 0`.

    Returns
    -------
    WaterLevel
        `level`, `support` (boolean mask of S) and `density` H; the equilibrium of V1 is
        :math:`p_i = 1/(s_i H)` on S.

    Notes
    -----
    Each Newton step either quarters the product of residual and slope or ends (the usual argument
    for Dinkelbach's method), so the number of passes is logarithmic in the range of the data.

    Examples
    --------
    >>> import numpy as np
    >>> g = np.array([1, 0.5, 0.25])
    >>> round(7 * water_level(g, 2 * g, 1.0).level, 12)
    1.0
    """
    if mistakes == 0:
        support = gains == gains.max()
        return WaterLevel(float(gains.max()), support, float(np.sum(1 / stakes[support])))
    ratio, inverse = gains / stakes, 1 / stakes
    cutoff = -np.inf
    if len(gains) > _SAMPLE_ABOVE:
        part = slice(None, None, _STRIDE)
        share = mistakes * len(gains[part]) / len(gains)
        cutoff = water_level(gains[part], stakes[part], share).level
        if not np.any(gains > cutoff):
            cutoff = -np.inf
    support = gains > cutoff
    started = False
    while True:
        density = float(np.sum(inverse[support]))
        level = (float(np.sum(ratio[support])) - mistakes) / density
        # Newton's first step may come from above the root; from then on the level only rises.
        if started and level <= cutoff:
            return WaterLevel(cutoff, support, density)
        above = gains > level
        if not above.any() or (above == support).all():
            return WaterLevel(level, support, density)
        support, cutoff, started = above, level, True


def shares(weights: Array, budget: float, capped: Array) -> Array:
    r"""Share a budget in proportion to weights, at most one for the capped: the largest fill first.

    :math:`q_i = \min(1, c\,w_i)` with c such that they sum to b; the relative-entropy projection.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Non-negative, some positive.
    budget : float
    capped : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        Sums to less than b only if the points with positive weight are too few.

    Examples
    --------
    >>> import numpy as np
    >>> shares(np.array([8.0, 1.0, 1.0]), 2.0, np.ones(3, dtype=bool)).tolist()
    [1.0, 0.5, 0.5]
    """
    q = budget * weights / weights.sum()
    over = np.zeros(len(q), dtype=bool)
    while True:
        new = capped & (q > 1) & ~over
        if not new.any():
            return q
        over |= new
        q[over] = 1.0
        rest = weights[~over].sum()
        if rest <= 0:
            return q
        q[~over] = (budget - over.sum()) * weights[~over] / rest


class Shaved(NamedTuple):
    """Mistakes placed greedily, and the price of one more in each group."""

    mistakes: Array
    prices: Array


def shave(weights: Array, most: Array, members: Array, budgets: Array) -> Shaved:
    r"""Place mistakes on the largest weights first, within limits and nested or disjoint groups.

    Maximises :math:`\sum_i w_i l_i` over :math:`0 \le l_i \le u_i`, :math:`\sum_A l_i \le m_A`: for
    laminar groups a polymatroid, on which greed is optimal.  Small groups come first; a larger one
    then cuts what they leave.

    Parameters
    ----------
    weights, most : ndarray, shape (n,)
        :math:`w_i \ge 0` and :math:`u_i \ge 0`; floats or fractions.
    members : ndarray of bool, shape (k, n)
        Laminar.
    budgets : ndarray, shape (k,)

    Returns
    -------
    Shaved
        `mistakes`, shape (n,); `prices`, shape (k,): the largest weight that the group had to cut,
        0 if none.  What one more mistake on point i must beat is the largest price among its
        groups.

    References
    ----------
    THEORY A1; J. Edmonds, "Submodular functions, matroids, and certain polyhedra", 1970.

    Examples
    --------
    >>> import numpy as np
    >>> halves = np.array([[True, True, False, False], [False, False, True, True]])
    >>> shave(np.array([4.0, 3, 2, 1]), np.ones(4), halves, np.array([1, 0.5])).mistakes.tolist()
    [1.0, 0.0, 0.5, 0.0]
    """
    order = np.argsort(-weights, kind="stable")
    l = most.copy()
    rational = most.dtype == object
    m = exact(budgets) if rational else budgets
    prices = np.full(len(m), weights[0] * 0)
    for a in np.argsort(members.sum(axis=1), kind="stable"):
        inside = order[members[a][order]]
        wanted = l[inside]
        left = m[a] - (np.cumsum(wanted) - wanted)
        l[inside] = np.minimum(wanted, np.maximum(left, 0))
        cut = np.flatnonzero(l[inside] < wanted)
        if cut.size:
            prices[a] = weights[inside[cut[0]]]
    return Shaved(l, prices)
