r"""What is said of a solution and of one draw from it, for pools in memory and for stored ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np

from radsim.door import Array
from radsim.payoffs import best_response, worst_case, wrong_share
from radsim.solution import Solution
from radsim.solvers.water.draws import Draw
from radsim.solvers.water.largest import Largest, settle
from radsim.solvers.water.stored import StoredSolution

__all__ = [
    "Answer",
    "Figures",
    "Picks",
    "answer",
    "figures",
    "first_rows",
    "rows_of",
    "stored_answer",
    "stored_figures",
]


@dataclass(frozen=True)
class Figures:
    r"""Numbers about a solution, one draw from it, and two rivals that spend the same budget.

    Attributes
    ----------
    guaranteed : float
        :math:`W(q)`.
    drawn : float
        The worst case of the draw, of a teacher who knows it.
    margin : float
        The worst case of the largest gains, queried surely.
    wrong, uniform_wrong, margin_wrong : float
        Largest expected share of wrong labels (`wrong_share`), also of a uniform draw and of
        margin; NaN where nothing is picked.
    met : float
        The share against the teacher's own mixed strategy.
    level, gap : float
        The price of a query; upper less lower bound of the certificate.
    support : int
        Points with a positive inclusion probability.
    spent : float
        The sum of all of them.
    """

    guaranteed: float
    drawn: float
    margin: float
    wrong: float
    uniform_wrong: float
    margin_wrong: float
    met: float
    level: float
    support: int
    spent: float
    gap: float


class Picks(NamedTuple):
    """Some points of a draw, in the order of the pool.

    Attributes
    ----------
    place, times : ndarray of int
        Where in the pool, and how often drawn.
    gains, inclusion : ndarray
    """

    place: Array
    times: Array
    gains: Array
    inclusion: Array


@dataclass(frozen=True)
class Answer:
    """A solution's figures, and the draw from it.

    Attributes
    ----------
    figures : Figures
    size : int
        How many points were drawn, each as often as it was.
    picks : callable
        () -> iterator over `Picks`.
    """

    figures: Figures
    size: int
    picks: Callable[[], Iterator[Picks]]


def answer(solution: Solution, counts: Array) -> Answer:
    """The answer of a pool in memory; `counts` is how often the draw has each point.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> found = answer(solve(Game([1, 0.5, 0.25], mistakes=1)), np.array([0, 1, 0]))
    >>> found.size, [picks.gains.tolist() for picks in found.picks()]
    (1, [[0.5]])
    """
    place = np.flatnonzero(counts)
    q = np.asarray(solution.inclusion, dtype=float)
    picks = Picks(place, counts[place], solution.game.gains[place], q[place])
    return Answer(figures(solution, counts), int(counts.sum()), lambda: iter([picks]))


def stored_answer(solution: StoredSolution, draw: Draw) -> Answer:
    """The answer of a stored pool; its picks are one pass.

    Examples
    --------
    >>> from radsim import StoredGame, solve
    >>> solution = solve(StoredGame(np.array([1, 0.5, 0.25]), mistakes=1))
    >>> found = stored_answer(solution, solution.draw("pivotal", rng=0))
    >>> found.size, sum(len(picks.place) for picks in found.picks())
    (1, 1)
    """

    def picks() -> Iterator[Picks]:
        start = 0
        for (g, _, q), counts in zip(solution.pieces(), draw.counts(), strict=True):
            some = np.flatnonzero(counts)
            if len(some):
                yield Picks(some + start, counts[some], g[some], q[some])
            start += len(g)

    return Answer(stored_figures(solution, draw), draw.size, picks)


def rows_of(answer: Answer, counted: bool = False, most: int = 1 << 17) -> Iterator[Picks]:
    """Rows of an answer's picks, in blocks: one a draw, or one a point and how often it was drawn.

    Parameters
    ----------
    answer : Answer
    counted : bool
    most : int
        Rows of a block, or somewhat more.

    Returns
    -------
    iterator over Picks

    Examples
    --------
    >>> some = Picks(np.array([2, 5]), np.array([1, 2]), np.ones(2), np.ones(2))
    >>> found = Answer(None, 3, lambda: iter([some]))
    >>> [rows.place.tolist() for rows in rows_of(found)]
    [[2, 5, 5]]
    >>> [rows.place.tolist() for rows in rows_of(found, counted=True)]
    [[2, 5]]
    """
    waiting: list[Picks] = []
    n_waiting = 0
    for picks in answer.picks():
        ends = np.arange(1, len(picks.place) + 1) if counted else np.cumsum(picks.times)
        for start in range(0, int(ends[-1]) if len(ends) else 0, most):
            rows = np.arange(start, min(start + most, int(ends[-1])))
            waiting.append(Picks(*(x[np.searchsorted(ends, rows, "right")] for x in picks)))
            n_waiting += len(rows)
            if n_waiting >= most:
                yield Picks(*map(np.concatenate, zip(*waiting, strict=True)))
                waiting, n_waiting = [], 0
    if waiting:
        yield Picks(*map(np.concatenate, zip(*waiting, strict=True)))


def first_rows(answer: Answer, most: int = 20) -> list[int]:
    """The first rows of the draw, from 0, each as often as it was drawn.

    Examples
    --------
    >>> some = Picks(np.array([2, 5]), np.array([1, 10**12]), np.ones(2), np.ones(2))
    >>> first_rows(Answer(None, 10**12 + 1, lambda: iter([some])), most=3)
    [2, 5, 5]
    """
    first: list[int] = []
    for picks in answer.picks():
        few = picks.place[:most], np.minimum(picks.times[:most], most)
        first += np.repeat(*few).tolist()
        if len(first) >= most:
            break
    return first[:most]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def figures(solution: Solution, counts: Array) -> Figures:
    """Figures of a pool in memory.

    Parameters
    ----------
    solution : Solution
    counts : ndarray of int, shape (n,)
        How often the draw has each point.

    Returns
    -------
    Figures

    Examples
    --------
    >>> from radsim import Game, solve
    >>> found = figures(solve(Game([1, 0.5, 0.25], mistakes=1)), np.array([0, 1, 0]))
    >>> round(7 * found.guaranteed, 12), found.drawn, found.margin
    (1.0, -0.5, -1.0)
    """
    game, q = solution.game, np.asarray(solution.inclusion, dtype=float)
    l = np.asarray(solution.mistake_probabilities, dtype=float)
    margin = best_response(game.replace(abstain=False), np.zeros(game.n))[1]
    spent = float(q.sum())
    return Figures(
        guaranteed=float(worst_case(game, q)[0]),
        drawn=float(worst_case(game, counts.astype(float))[0]),
        margin=float(worst_case(game, margin)[0]),
        wrong=wrong_share(game, q),
        uniform_wrong=wrong_share(game, np.full(game.n, game.budget / game.n)),
        margin_wrong=wrong_share(game, margin),
        met=_share(float(q @ l), spent),
        level=float(solution.level),
        support=int(np.count_nonzero(q)),
        spent=spent,
        gap=float(solution.certificate.gap),
    )


def stored_figures(solution: StoredSolution, draw: Draw) -> Figures:
    r"""Figures of a stored pool, in some five passes and bounded memory.

    .. math:: W(q) = \sum_i q_i g_i - T_m(q s), \qquad \max_l \sum_i q_i l_i = T_m(q),

    with each :math:`T_m` from a search of its own (`Largest`), all in the same passes.

    Parameters
    ----------
    solution : StoredSolution
    draw : Draw
        From `StoredSolution.draw`.

    Returns
    -------
    Figures

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from radsim import StoredGame, solve
    >>> path = Path(tempfile.mkdtemp(), "gains.npy")
    >>> np.save(path, np.array([1, 0.5, 0.25]))
    >>> solution = solve(StoredGame(path, mistakes=1))
    >>> found = stored_figures(solution, solution.draw("iid", rng=0))
    >>> round(7 * found.guaranteed, 12), found.margin
    (1.0, -1.0)
    """
    game, rule = solution.game, solution.rule
    m, b, n = float(game.mistakes), float(game.budget), game.n
    bites, shares, stakes = Largest(m), Largest(m), Largest(m)
    gains, lost = Largest(b if game.capped else 0), Largest(m)
    sums: list[tuple[float, ...]] = []
    support, best, best_stake = 0, -1.0, 0.0

    def first() -> Iterator[tuple[Array, ...]]:
        nonlocal support, best, best_stake
        sums.clear()
        support, best = 0, -1.0
        for (g, s, q), c in zip(solution.pieces(), draw.counts(), strict=True):
            l = rule.mistake_probabilities(g, s)
            sums.append(tuple(float(x.sum()) for x in (q, l, q * l, q * g, c * g)))
            support += int(np.count_nonzero(q))
            if g.max() > best:
                best, best_stake = float(g.max()), float(s[np.argmax(g)])
            yield q * s, q, c * s, g

    settle([bites, shares, stakes, gains], first)
    spent, made, met, earned, picked = (fsum(x) for x in zip(*sums, strict=True))
    if game.capped:
        top: list[float] = []

        def margin() -> Iterator[tuple[Array]]:
            top.clear()
            left = b - gains.above
            for g, s, _ in solution.pieces():
                weights = (g > gains.value).astype(float)
                ties = np.flatnonzero(g == gains.value)
                weights[ties] = np.clip(left - np.arange(len(ties)), 0, 1)
                left -= len(ties)
                top.append(float((weights * g).sum()))
                yield (weights * s,)

        settle([lost], margin)
        whole = int(b)
        wrong_margin = min(m, whole) + (b - whole) * min(1, max(0, m - whole))
        worst_of_margin = fsum(top) - lost.total
    else:
        wrong_margin = b * min(1, m)
        worst_of_margin = b * (best - best_stake * min(1, m))
    return Figures(
        guaranteed=earned - bites.total,
        drawn=picked - stakes.total,
        margin=worst_of_margin,
        wrong=_share(shares.total, spent),
        uniform_wrong=m / n,
        margin_wrong=wrong_margin / b,
        # Roundings of n mistakes are taken back, as in the pool in memory.
        met=_share(met * (min(1, m / made) if made > 0 else 0), spent),
        level=solution.level,
        support=support,
        spent=spent,
        gap=float(solution.certificate.gap),
    )
