r"""Trade-offs between guaranteed value, regret and competitive ratio."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from radsim.door import entries, steady, typed
from radsim.game import Game
from radsim.hindsight import check_benchmarks, check_one_benchmark, hindsight
from radsim.payoffs import worst_case
from radsim.solvers import solve

__all__ = ["faces", "insurance", "trade_off"]

# Bends of a path that are all looked at.
MOST_BENDS = 100


@steady
def trade_off(game: Game, n_points: int = 51) -> pd.DataFrame:
    r"""Value, regret and ratio along the segment from the max-min to the least-regret solution.

    .. math:: q_\theta = (1 - \theta)\, q_V + \theta\, q_R, \qquad 0 \le \theta \le 1.

    Where t = g_j (R2) and no gain equals V (such a point is neutral) the ratio solution lies on the
    segment, at :math:`\theta = \rho^*`: all three are
    :math:`p_i s_i = r + \theta \max(0, g_i - t)` on S.  Value and regret are linear in
    :math:`\theta`.  :func:`insurance` is a better path between the same ends.

    Parameters
    ----------
    game : Game
        Whole m; budget at most one unless uncapped; V > 0, or abstaining.
    n_points : int
        At least 2, both ends included.

    Returns
    -------
    pandas.DataFrame
        Columns `weight` (:math:`\theta`), `value` W(q), `regret`, `ratio` (NaN where m can spoil
        every point with gain).

    Raises
    ------
    ValueError
        If regret is not defined for the game, or n_points is below 2.

    References
    ----------
    Theory page: R1 to R3.

    Examples
    --------
    >>> frame = trade_off(Game([1, 0.5, 0.25], mistakes=1), n_points=3)
    >>> (frame["value"].round(9) + 0.0).tolist(), frame["regret"].round(9).tolist()
    ([0.142857143, 0.0, -0.142857143], [0.857142857, 0.75, 0.642857143])
    """
    check_one_benchmark(typed(game, Game, "game"), "trade-off")
    n_points = entries(n_points, "n_points", low=2)
    safe, insured = solve(game).inclusion, solve(game, "regret").inclusion
    path = [((1 - x) * safe + x * insured, x) for x in np.linspace(0, 1, n_points)]
    return pd.DataFrame([{"weight": x} | faces(game, q) for q, x in path])


@steady
def insurance(game: Game, n_points: int = 51) -> pd.DataFrame:
    r"""Value, regret and ratio as more and more of the highest gains are insured.

    .. math:: p_i s_i = r + \max(0, g_i - t') \quad\text{on } S, \qquad
              W = V - (E(t') - t'), \qquad R = E(t') - V,

    with t' from :math:`\max_i g_i` (nothing insured: the max-min solution) down to the t of R2
    (the least regret).  E is convex and falls, so this path is at least as good as the segment of
    :func:`trade_off`; linear programs found no selector with more value at the same regret.

    Parameters
    ----------
    game : Game
        Whole m; budget at most one unless uncapped; V > 0.
    n_points : int
        At least 2; the gains above t are added, as the path bends there, or of more than a hundred
        n_points that are evenly spaced by rank.

    Returns
    -------
    pandas.DataFrame
        Columns `insured_above` (t'), `value`, `regret`, `ratio`.

    Raises
    ------
    ValueError
        If regret is not defined for the game, V = 0, or n_points is below 2.

    References
    ----------
    Theory page: R2.

    Examples
    --------
    >>> frame = insurance(Game([1, 0.5, 0.25], mistakes=1), n_points=3)
    >>> frame["insured_above"].tolist(), frame["regret"].round(9).tolist()
    ([1.0, 0.75, 0.5], [0.857142857, 0.75, 0.642857143])
    """
    check_one_benchmark(typed(game, Game, "game"), "insurance path")
    n_points = entries(n_points, "n_points", low=2)
    safe = solve(game)
    if not safe.value > 0:
        raise ValueError(
            f"mistakes = {game.mistakes} leaves no positive guarantee: nothing to start from"
        )
    g, s, b = game.gains, game.stakes, game.budget
    t = float(solve(game, "regret").stats["insured_above"])
    top = float(g.max())
    bends = np.unique(g[(g > t) & (g < top)])
    if len(bends) > MOST_BENDS:
        bends = bends[np.linspace(0, len(bends) - 1, n_points).astype(np.int64)]
    levels = np.unique(np.concatenate((np.linspace(t, top, n_points), bends)))
    rows = []
    for level in levels[::-1]:
        y = np.maximum(0, g - level)
        extra = np.divide(y, s, out=np.zeros(game.n), where=y > 0)
        q = (1 - float(extra.sum())) * safe.inclusion + b * extra
        rows.append({"insured_above": float(level)} | faces(game, np.maximum(0, q)))
    return pd.DataFrame(rows)


def faces(game: Game, q: Any) -> dict[str, float]:
    """Guaranteed value, regret and ratio of inclusion probabilities; a ratio that is none is NaN.

    Parameters
    ----------
    game : Game
    q : array of float
        Inclusion probabilities.

    Returns
    -------
    dict
        Of a float for each of "value", "regret" and "ratio".

    Raises
    ------
    ValueError
        If `q` is not one number for each point of the game.

    Examples
    --------
    >>> game = Game([4, 2, 1], mistakes=1)
    >>> faces(game, np.array([0.5, 0.5, 0]))
    {'value': -1.0, 'regret': 3.0, 'ratio': -0.5}
    """
    replies = hindsight(game, q)  # of regret and ratio alike, and most of their work
    try:
        check_benchmarks(game, "ratio")
        competitive = float(np.min(replies.payoff / replies.best))
    except ValueError:
        competitive = float("nan")
    worst = float(np.max(replies.best - replies.payoff))
    return {"value": worst_case(game, q)[0], "regret": worst, "ratio": competitive}
