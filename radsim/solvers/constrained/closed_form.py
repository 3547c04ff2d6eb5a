r"""Closed forms A1 and A2: the highest water level when uncapped, one price otherwise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.constrained import ConstrainedGame
from radsim.game import Array
from radsim.greedy import shave
from radsim.solution import Solution
from radsim.solvers.water.levels import level_of

__all__ = ["solve_value"]

_ROUNDING = 4 * np.finfo(float).eps
_MOST_STEPS = 400


def solve_value(game: ConstrainedGame) -> Solution:
    r"""Value and both strategies by water levels (uncapped), or by the price of the budget.

    Uncapped, the level is the highest of the groups' water levels and of what the limits protect:

    .. math::
        \lambda = \max\Big(\max_A \lambda_A,\ \max_i \frac{g_i - s_i r_i}{c_i}\Big), \qquad
        \sum_{i \in A} \frac{\max(0, g_i - c_i \lambda_A)}{s_i} = m_A,

    for any groups, overlapping or not (the teacher's set is closed downwards, so it can shave to
    :math:`\lambda` exactly when each group and each limit allows it).  The learner plays the water
    level of the group that attains it, or the one point that its limit protects.

    Capped, :math:`V = \min_{\lambda \ge 0} F(\lambda)` with
    :math:`F(\lambda) = b\lambda + \min_l \sum_i \max(0, g_i - c_i\lambda - s_i l_i)`.  The inner
    minimum shaves the largest stakes first, point i by at most
    :math:`\min(r_i, \max(0, g_i - c_i\lambda)/s_i)`.  F is convex and piecewise linear; each q that
    answers the shaving at a price gives a line below it, and two lines that cross on F give the
    optimal q as a mixture.  A price per query thus keeps the form of V3: the price of the budget is
    multiplied by the cost of the point.

    Parameters
    ----------
    game : ConstrainedGame
        With groups that are nested or disjoint when capped.

    Returns
    -------
    Solution
        `level` is :math:`\lambda`, the price of one unit of the budget.

    Raises
    ------
    ValueError
        If the game is capped and groups overlap: linprog, convex and rational solve it.

    References
    ----------
    Theory page: A1, A2, A5.

    Examples
    --------
    >>> from radsim.constrained import ConstrainedGame
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> solution = solve_value(game)
    >>> round(7 * solution.value, 12), (7 * solution.inclusion).round(12).tolist()
    (12.0, [3.0, 4.0, 0.0, 0.0])
    >>> solution.certificate.accepts(1e-14)
    True
    """
    exponent = _centre(game)
    unit = game.replace(
        gains=np.ldexp(game.gains, -exponent), stakes=np.ldexp(game.stakes, -exponent)
    )
    level, q, l, branch = _levels(unit)
    value = game.budget * level
    if game.capped and np.any(q > 1):
        if not game.laminar:
            raise ValueError(
                "groups overlap and queries are capped: no closed form, "
                "use method 'linprog', 'convex' or 'rational'"
            )
        value, level, q, l = _price(unit)
        branch = "price"
    return Solution(
        game=game,
        value=float(np.ldexp(value, exponent)),
        inclusion=q,
        mistake_probabilities=l,
        level=float(np.ldexp(level, exponent)),
        threshold=float(np.max(np.where(l > 0, q * game.stakes, 0.0))),
        method="closed_form",
        stats={"branch": branch},
    )


def _centre(game: ConstrainedGame) -> int:
    """Exponent of two in the middle of the range of the data."""
    sizes = np.concatenate((np.abs(game.gains), game.stakes))
    sizes = sizes[sizes > 0]
    if not sizes.size:
        return 0
    return int(np.frexp(sizes.min())[1] + np.frexp(sizes.max())[1]) // 2


def _needs(game: ConstrainedGame, price: float) -> Array:
    """Mistakes that bring each point down to its price, as far as its limit allows."""
    surplus = game.gains - game.costs * price
    # What rounding leaves above the price must not use up mistakes where stakes are tiny.
    surplus = np.where(surplus > _ROUNDING * np.abs(game.gains), surplus, 0.0)
    bites = game.stakes > 0  # where a mistake takes nothing away none is needed
    whole = surplus >= game.stakes * game.limits
    part = np.divide(surplus, game.stakes, out=np.zeros(game.n), where=bites & ~whole)
    return np.where(whole & bites & (surplus > 0), game.limits, part)


def _levels(game: ConstrainedGame) -> tuple[float, Array, Array, str]:
    """Highest of the water levels, and the strategies, as if uncapped."""
    g, s, c, b = game.gains, game.stakes, game.costs, game.budget
    protected = (g - s * game.limits) / c
    i = int(np.argmax(protected))
    level, branch = float(protected[i]), "protected point"
    q = np.zeros(game.n)
    q[i] = b / c[i]
    for a, row in enumerate(game.members):
        play = np.flatnonzero(row & (s > 0) & ((g > 0) | (not game.abstain)))
        if not play.size:
            continue
        found = level_of(g[play] / c[play], s[play] / c[play], float(game.mistakes[a]))
        # A level that only rounding puts above is no better, and its strategy may be far worse.
        if found.level > level + _ROUNDING * abs(level):
            level, branch = found.level, f"water level of group {a}"
            q = np.zeros(game.n)
            on = play[found.support]
            q[on] = (b / found.density) / s[on]
    if game.abstain and level <= 0:
        return 0.0, np.zeros(game.n), _needs(game, 0.0), "no positive guarantee"
    return level, q, _needs(game, level), branch


class _Line(NamedTuple):
    """A line below F: the learner's q that answers the shaving at a price."""

    price: float
    value: float
    slope: float
    q: Array


def _line(game: ConstrainedGame, price: float) -> tuple[_Line, Array]:
    g, s, c = game.gains, game.stakes, game.costs
    surplus = np.maximum(0, g - c * price)
    need = _needs(game, price)
    l, prices = shave(s, need, game.members, game.mistakes)
    threshold = np.max(np.where(game.members, prices[:, None], 0.0), axis=0)
    # A point that its limit protects is taken surely, as is one below its threshold.
    shared = (need < game.limits) & (s > threshold)
    q = np.where(surplus > 0, np.where(shared, threshold / np.where(shared, s, 1.0), 1.0), 0.0)
    value = game.budget * price + float(np.sum(np.maximum(0, surplus - s * l)))
    return _Line(price, value, game.budget - float(c @ q), q), l


def _price(game: ConstrainedGame) -> tuple[float, float, Array, Array]:
    """Minimise F: bisect over the prices at which a point enters, then cross lines."""
    g, s, c = game.gains, game.stakes, game.costs
    ends = np.concatenate((g / c, (g - s * game.limits) / c))
    # Forced to spend, the price may be negative; below all ends every point is taken surely.
    bottom = 0.0 if game.abstain else ends.min() - (np.ptp(ends) or 1.0)
    knots = np.unique(np.append(ends[ends > bottom], bottom))
    first, last = 0, len(knots) - 1
    low, l = _line(game, float(knots[0]))
    if low.slope >= 0:
        return _spend_all(game, low, low, l)
    high, _ = _line(game, float(knots[-1]))
    while last - first > 1:
        middle = (first + last) // 2
        line, l = _line(game, float(knots[middle]))
        if line.slope == 0:
            return _spend_all(game, line, line, l)
        if line.slope < 0:
            first, low = middle, line
        else:
            last, high = middle, line
    for step in range(_MOST_STEPS):
        price = low.price + _crossing(low, high) * (high.price - low.price)
        below = low.value + low.slope * (price - low.price)
        line, l = _line(game, price)
        done = line.value - below <= _ROUNDING * abs(below)
        if done or not low.price < price < high.price or line.slope == 0:
            return _spend_all(game, low, high, l, line)
        low, high = (line, high) if line.slope < 0 else (low, line)
        if step % 3 == 2:  # lines that creep up on a bend are overtaken by halving
            line, _ = _line(game, low.price + (high.price - low.price) / 2)
            low, high = (line, high) if line.slope < 0 else (low, line)
    return _spend_all(game, low, high, l, line)


def _crossing(low: _Line, high: _Line) -> float:
    """Where two lines cross, as a share of the way from the one's price to the other's."""
    width = high.price - low.price
    run = (high.slope - low.slope) * width
    share = (low.value - high.value + high.slope * width) / run if run > 0 else 0.5
    return float(np.clip(share, 0.0, 1.0))


def _spend_all(
    game: ConstrainedGame, low: _Line, high: _Line, l: Array, at: _Line | None = None
) -> tuple[float, float, Array, Array]:
    """Mix the q of two lines so that the budget is spent (or left over at price zero)."""
    at = at or low
    if at.slope == 0 or low.slope >= 0:
        return at.value, at.price, at.q, l
    part = high.slope / (high.slope - low.slope)
    return at.value, at.price, part * low.q + (1 - part) * high.q, l
