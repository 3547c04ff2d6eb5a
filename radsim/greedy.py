r"""Two greedy allocations: mistakes on the largest weights first, and shares of a budget."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.payoffs import exact

__all__ = ["Shaved", "shares", "shave"]


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

    mistake_probabilities: Array
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
        `mistake_probabilities`, shape (n,); `prices`, shape (k,): the largest weight that the group
        had to cut, 0 if none.  What one more mistake on point i must beat is the largest price
        among its groups.

    References
    ----------
    Theory page: A1; J. Edmonds, "Submodular functions, matroids, and certain polyhedra", 1970.

    Examples
    --------
    >>> import numpy as np
    >>> halves = np.array([[True, True, False, False], [False, False, True, True]])
    >>> found = shave(np.array([4.0, 3, 2, 1]), np.ones(4), halves, np.array([1, 0.5]))
    >>> found.mistake_probabilities.tolist()
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
