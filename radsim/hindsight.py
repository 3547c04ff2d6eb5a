r"""Regret and competitive ratio of given inclusion probabilities.

The benchmark is the best single point in hindsight, :math:`B(l) = \max_i (g_i - s_i l_i)`, or for
a capped budget of b > 1 queries the b best points.  Nothing here solves the game: :func:`regret`
and :func:`competitive_ratio` are the teacher's exact best reply over all pairs of a benchmark and a
set of mistakes; they are exact when their arrays hold fractions.
"""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import one_of, steady, typed
from radsim.game import Array, Game
from radsim.payoffs import number_like, strategy

__all__ = [
    "NOBODY",
    "Hindsight",
    "by_gain",
    "check_benchmarks",
    "check_one_benchmark",
    "competitive_ratio",
    "hindsight",
    "many_benchmarks",
    "regret",
]

NOBODY = -1  # benchmark of an atom in which every point is wrong and the learner may abstain


@steady
def check_benchmarks(game: Game, objective: str = "regret") -> None:
    """Refuse games for which regret or ratio is not defined.

    Parameters
    ----------
    game : Game
    objective : {"regret", "ratio"}

    Raises
    ------
    ValueError
        If m is not whole (a benchmark in hindsight sees one set of mistakes); if a capped budget
        above one is not whole, or m exceeds n - b, so that b right points need not be left; for the
        ratio, if a capped budget exceeds one, or m mistakes can spoil every point with gain, so
        that the benchmark is zero.

    Examples
    --------
    >>> check_benchmarks(Game([2, 1], mistakes=1.5))
    Traceback (most recent call last):
    ...
    ValueError: mistakes = 1.5 must be whole for the regret
    """
    one_of(objective, ("regret", "ratio"), "objective")
    m, b = typed(game, Game, "game").mistakes, game.budget
    if m != int(m):
        raise ValueError(f"mistakes = {m} must be whole for the {objective}")
    if many_benchmarks(game):
        if objective == "ratio":
            check_one_benchmark(game, "ratio")
        if b != int(b):
            raise ValueError(
                f"budget = {b} must be whole, or at most 1, for the regret of a capped game: "
                "the benchmark is the best so many points; with capped=False budgets scale"
            )
        if m > game.n - b:
            raise ValueError(
                f"mistakes = {m} must be at most {game.n - int(b)} for the regret: "
                f"of {game.n} points the benchmark needs {int(b)} that are right"
            )
    n_gainful = int(np.sum(game.gains > 0))
    if objective == "ratio" and m >= n_gainful:
        raise ValueError(
            f"mistakes = {m} must be below {n_gainful}, the points with gain, for the ratio: "
            "with all of them wrong there is nothing to compare with"
        )


def many_benchmarks(game: Game) -> bool:
    """Whether the benchmark in hindsight is a set of points: a capped budget above one."""
    return game.capped and game.budget > 1


@steady
def check_one_benchmark(game: Game, what: str) -> None:
    """Refuse a game whose benchmark is a set of points, for what knows one point."""
    if many_benchmarks(game):
        raise ValueError(
            f"budget = {game.budget} must be at most 1 for the {what} of a capped game: "
            "the benchmark is one point; with capped=False budgets scale"
        )


class Hindsight(NamedTuple):
    r"""The teacher's undominated replies to q, one for each benchmark point.

    `benchmark` (indices), `best` (:math:`b\,B(l)`) and `payoff` (the least :math:`U(q, l)` over the
    mistakes that leave this benchmark the best one), each of shape (k,) with k at most m + 1.
    """

    benchmark: Array
    best: Array
    payoff: Array


@steady
def by_gain(game: Game) -> Array:
    """Indices of the points in falling order of gain."""
    return np.argsort(-game.gains, kind="stable")


@steady
def hindsight(game: Game, q: ArrayLike) -> Hindsight:
    r"""List the teacher's undominated replies to given inclusion probabilities, in O(n log n).

    Point k is the best in hindsight iff all points of larger gain are wrong; the other
    :math:`m - k + 1` mistakes go to the largest :math:`q_i s_i` of the points behind it.

    Parameters
    ----------
    game : Game
        Whole m; budget at most one unless uncapped.
    q : array_like, shape (n,)
        Inclusion probabilities.

    Returns
    -------
    Hindsight

    Raises
    ------
    ValueError
        If q has another shape, or the game has no such benchmark.

    Examples
    --------
    >>> hindsight(Game([4, 2, 1], mistakes=1), [0.5, 0.5, 0]).payoff.tolist()
    [1.0, -1.0]
    """
    check_one_benchmark(typed(game, Game, "game"), "list of benchmarks")
    check_benchmarks(game)
    q = strategy(game, q, "q")
    g, s = game.numbers(q)
    b = number_like(game.budget, q)
    n, m, order = game.n, int(game.mistakes), by_gain(game)
    # What is right earns g, what is wrong costs h = s - g: sums without cancellation, so that a
    # benchmark far below the largest gain keeps its digits.
    gain, harm = (
        list((q * g)[order]),
        list((q * (game.harms if q.dtype != object else s - g))[order]),
    )
    bite = list((q * s)[order])
    zero = q[0] * 0
    last = min(m, n - 1)
    spare = [(-bite[i], gain[i], harm[i]) for i in range(last + 1, n)]
    heapq.heapify(spare)
    ahead = list(np.cumsum([zero, *harm]))  # harm of the points of larger gain, all wrong
    behind = list(np.cumsum([zero, *gain[::-1]]))[::-1]  # gain of the others, all right
    lost = zero
    payoffs = [behind[last] - ahead[last]]
    for k in range(last - 1, -1, -1):
        # One more point lies behind the benchmark, and one more mistake is free for them.
        _, right, wrong = heapq.heappushpop(spare, (-bite[k + 1], gain[k + 1], harm[k + 1]))
        lost = lost + right + wrong
        payoffs.append(behind[k] - lost - ahead[k])
    best = list(b * g[order[: last + 1]])
    benchmark = list(order[: last + 1])
    payoffs.reverse()
    if m == n:  # everything is wrong: nobody is right, or the least harmful is
        idle = NOBODY if game.abstain else int(np.argmin(game.harms))
        benchmark.append(idle)
        best.append(zero if idle == NOBODY else b * (g[idle] - s[idle]))
        payoffs.append(-ahead[n])
    kind = q.dtype
    return Hindsight(
        np.array(benchmark, dtype=int), np.array(best, dtype=kind), np.array(payoffs, dtype=kind)
    )


@steady
def regret(game: Game, q: ArrayLike) -> Any:
    r"""Worst-case regret :math:`\max_l [b\,B(l) - U(q, l)]` of given inclusion probabilities.

    For a capped budget of b > 1 the benchmark is the best b points in hindsight, whose b-th right
    one has j mistakes before it.  With gains in falling order and :math:`T_k` the sum of the k
    largest,

    .. math:: R(q) = \max_{0 \le j \le m} \Big[\sum_{i \le b+j} g_i - q \cdot g
              + T_j(q_i s_i - g_i : i \le b + j) + T_{m-j}(q_i s_i : i > b + j)\Big],

    in O(n log n).

    Parameters
    ----------
    game : Game
        Whole m; a capped budget above one is whole, and leaves m points beside it.
    q : array_like, shape (n,)
        Inclusion probabilities; NaN passes through.

    Returns
    -------
    float
        In the unit of the gains; a `Fraction` if q is an object array of fractions.

    Raises
    ------
    ValueError
        If q has another shape, or the game has no such benchmark (see `check_benchmarks`).

    References
    ----------
    Theory page: R2, N3.

    Examples
    --------
    >>> regret(Game([4, 2, 1], mistakes=1), [0.5, 0.5, 0])
    3.0
    >>> regret(Game([4, 2, 1], mistakes=1, budget=2), [0.5, 1, 0.5])
    4.5
    """
    if many_benchmarks(typed(game, Game, "game")):
        check_benchmarks(game)
        q = strategy(game, q, "q")
        replies = _replies(game, q)
        worst = replies[0]
        for reply in replies[1:]:
            worst = worst if worst != worst or worst >= reply else reply
        return worst if q.dtype == object else float(worst)
    found = hindsight(game, q)
    worst = np.max(found.best - found.payoff)
    return worst if found.payoff.dtype == object else float(worst)


def _replies(game: Game, q: Array) -> list[Any]:
    """Regret of q against the best reply with j mistakes before the b-th right point, for each j.

    From one j to the next either side gains a point and a mistake: the largest of what was left out
    and the new point joins the sum.
    """
    g, s = game.numbers(q)
    b, m, order = int(game.budget), int(game.mistakes), by_gain(game)
    bite = list((q * s)[order])
    over = list((q * s - g)[order])
    front = list(np.cumsum(g[order]))
    head = [over[0] * 0]
    left = [-x for x in over[:b]]
    heapq.heapify(left)
    for x in over[b : b + m]:
        head.append(head[-1] - heapq.heappushpop(left, -x))
    tail = [bite[0] * 0]
    left = [-x for x in bite[b + m :]]
    heapq.heapify(left)
    for x in bite[b : b + m][::-1]:
        tail.append(tail[-1] - heapq.heappushpop(left, -x))
    earned = np.sum(q * g)
    return [front[b + j - 1] - earned + head[j] + tail[m - j] for j in range(m + 1)]


@steady
def competitive_ratio(game: Game, q: ArrayLike) -> Any:
    r"""Competitive ratio :math:`\min_l U(q, l)/(b\,B(l))` of given inclusion probabilities.

    Parameters
    ----------
    game : Game
        Whole m below the number of points with gain; budget at most one unless uncapped.
    q : array_like, shape (n,)
        Inclusion probabilities; NaN passes through.

    Returns
    -------
    float
        At most 1, negative if the worst case is; a `Fraction` if q holds fractions.

    Raises
    ------
    ValueError
        If q has another shape, m is not whole or leaves no benchmark, or a capped budget exceeds
        one.

    References
    ----------
    Theory page: R1.

    Examples
    --------
    >>> competitive_ratio(Game([4, 2, 1], mistakes=1), [0.25, 0.75, 0])
    -0.125
    """
    check_benchmarks(game, "ratio")
    found = hindsight(game, q)
    worst = np.min(found.payoff / found.best)
    return worst if found.payoff.dtype == object else float(worst)
