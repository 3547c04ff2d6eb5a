r"""The price of not knowing m: what every rule that sees v validation answers must lose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from radsim.door import Array, count, number, steady, typed
from radsim.game import Count, Game
from radsim.inference import mistakes_upper_bound
from radsim.payoffs import best_response, worst_case
from radsim.solution import Solution
from radsim.solvers import solve

__all__ = ["TwoPools", "price_of_a_bound", "two_pools"]


# Counts that are less likely are left out: together they weigh some roundings.
_NEVER = 1e-16


@dataclass(frozen=True, eq=False)
class TwoPools:
    """Two numbers of wrong answers that v validation answers can hardly tell apart.

    Attributes
    ----------
    wrong : tuple of int
        Wrong answers among the pool and the validation points together, in either world.
    overlap : float
        Sum over the counts that may be seen of the smaller of their two probabilities.
    counts : ndarray of int, shape (k,)
        What may be seen in both worlds.
    apart : ndarray, shape (k,)
        For each count: what any one design loses in the two worlds together, at least.
    bound : float
        What every rule loses in one of the two worlds, at least.

    Examples
    --------
    >>> found = two_pools(Game([1, 0.5, 0.25, 0.1], 0), 2, (0, 2))
    >>> found.counts.tolist(), round(found.overlap, 6)
    ([0], 0.4)
    """

    wrong: tuple[int, int]
    overlap: float
    counts: Array
    apart: Array
    bound: float


def _seen(n: int, v: int, wrong: int) -> dict[int, float]:
    """Hypergeometric probabilities of the wrong answers among v of n + v points."""
    low, high = max(0, wrong - n), min(v, wrong)
    total = comb(n + v, v)
    return {x: comb(wrong, x) * comb(n + v - wrong, v - x) / total for x in range(low, high + 1)}


def _abstaining(game: Game) -> None:
    if not typed(game, Game, "game").abstain:
        raise ValueError("abstain is False: the bound is for rules that may query less")


@steady
def two_pools(game: Game, n_validation: int, wrong: tuple[int, int]) -> TwoPools:
    r"""What every rule must lose that sees only how many of v validation answers are wrong.

    Of the pool and the validation points, n + v exchangeable points, K are wrong; x wrong ones
    among the v leave :math:`K - x` in the pool.  A rule turns x into a design, which loses
    :math:`V(m) - W_m(q)` against the design for the true m.  For each x one design serves both
    worlds, so (Le Cam)

    .. math:: \max_{k=0,1} E_k[\text{loss}] \ge \tfrac12 \sum_x \min(P_0(x), P_1(x))\,
              \big[V(m_0) + V(m_1) - \max_q (W_{m_0}(q) + W_{m_1}(q))\big],
              \quad m_k = K_k - x.

    Each bracket is bounded from below by strategies that are evaluated: the learner's guarantees
    for both m, and mistakes for both m against which no design earns more.

    Parameters
    ----------
    game : Game
        Its number of mistakes is not used.
    n_validation : int
        v.
    wrong : tuple of two int
        :math:`K_0 < K_1`.

    Returns
    -------
    TwoPools

    Raises
    ------
    ValueError
        Naming the argument that cannot be.

    References
    ----------
    Theory page: N7; L. Le Cam, "Convergence of estimates under dimensionality restrictions", 1973.

    Examples
    --------
    >>> found = two_pools(Game([1, 0.9, 0.2, 0.2], 0), 4, (1, 3))
    >>> found.counts.tolist(), round(found.bound, 4)
    ([0, 1], 0.1494)
    """
    _abstaining(game)
    v = count(n_validation, "n_validation", low=1)
    n = game.n
    if not isinstance(wrong, tuple) or len(wrong) != 2:
        raise ValueError(f"wrong = {wrong!r} must be a pair of numbers of wrong answers")
    few, many = (count(x, f"wrong[{i}]", high=n + v) for i, x in enumerate(wrong))
    if few >= many:
        raise ValueError(f"wrong[1] = {many} must be above wrong[0] = {few}")
    one, other = _seen(n, v, few), _seen(n, v, many)
    both = sorted(one.keys() & other.keys())
    weight = np.array([min(one[x], other[x]) for x in both])
    certified = cache(lambda m: float(_solved(game, m).certificate.lower))
    apart = np.array(
        [
            max(0.0, certified(few - x) + certified(many - x) - _together(game, few - x, many - x))
            if p > _NEVER
            else 0.0
            for x, p in zip(both, weight, strict=True)
        ]
    )
    return TwoPools(
        (few, many), float(weight.sum()), np.array(both, int), apart, float(weight @ apart) / 2
    )


def _solved(game: Game, m: float) -> Solution:
    return solve(game.replace(mistakes=Count(m)))


def _together(game: Game, m: int, more: int) -> float:
    """Most that one design guarantees against m and against more mistakes, added up: a bound.

    The teacher of the mean shaves in both worlds alike, each time with that world's mistakes.
    """
    mean = (m + more) / 2
    l = _solved(game, mean).mistake_probabilities
    shares = [np.minimum(1.0, l * (k / mean)) for k in (m, more)]
    return 2 * float(best_response(game, (shares[0] + shares[1]) / 2)[0])


@steady
def price_of_a_bound(game: Game, n_validation: int, wrong: int, delta: float) -> float:
    r"""What the design for the upper bound on m loses on average, against knowing m (S4's price).

    Parameters
    ----------
    game : Game
        Its number of mistakes is not used.
    n_validation : int
        v.
    wrong : int
        K, wrong answers among the pool and the validation points together.
    delta : float
        Of the upper confidence bound, in (0, 1).

    Returns
    -------
    float
        :math:`E[V(K - X) - W_{K-X}(q)]` with q the design for the bound at the count X: a sum over
        all counts.

    Raises
    ------
    ValueError
        Naming the argument that cannot be.

    References
    ----------
    Theory page: N7, S4.

    Examples
    --------
    >>> game = Game([1, 0.9, 0.2, 0.2], 0)
    >>> bool(price_of_a_bound(game, 4, 1, 0.1) > 0)
    True
    """
    _abstaining(game)
    v = count(n_validation, "n_validation", low=1)
    k = count(wrong, "wrong", high=game.n + v)
    delta = number(delta, "delta", high=1, open_low=True, open_high=True)
    lost = 0.0
    for x, p in _seen(game.n, v, k).items():
        if p > _NEVER:
            feared = mistakes_upper_bound(game.n, v, x, delta)
            true = game.replace(mistakes=Count(k - x))
            q = _solved(game, feared).inclusion
            lost += p * (float(_solved(game, k - x).value) - worst_case(true, q)[0])
    return lost
