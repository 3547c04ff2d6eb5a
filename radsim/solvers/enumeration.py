r"""Solve a small game by listing all sets of mistakes."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import linprog

from radsim.game import Array, Game
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import rounded

__all__ = ["LARGEST_N", "solve_value"]

LARGEST_N = 18


def _sets(n: int, size: int) -> Array:
    """All 0/1 rows with `size` ones."""
    chosen = np.array(list(combinations(range(n), size)), dtype=int)
    rows = np.zeros((len(chosen), n))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows


def solve_value(game: Game) -> Solution:
    r"""Value of the matrix game whose rows are the sets of mistakes.

    For a fractional m = k + f the teacher's polytope is the Minkowski sum of (1 - f) times the
    k-subsets and f times the (k+1)-subsets: it picks one of each.

    Parameters
    ----------
    game : Game
        At most 18 points.

    Raises
    ------
    ValueError
        If the game has more points.
    SolveError
        If HiGHS does not report an optimum.

    References
    ----------
    Theory page: the game.

    Examples
    --------
    >>> from radsim import Game
    >>> round(solve_value(Game([10, 3, 2], mistakes=1, budget=2, harm=0)).value, 9)
    4.4
    """
    n = game.n
    if n > LARGEST_N:
        raise ValueError(f"enumeration takes at most {LARGEST_N} points, the game has {n}")
    g, s, unit = game.normalised()
    size = int(game.mistakes)
    part = game.mistakes - size
    groups = [(1 - part, _sets(n, size))] + ([(part, _sets(n, size + 1))] if part else [])
    # Variables q and one payoff t per group; rows t - U(q, row) <= 0.
    blocks, k = [], len(groups)
    for j, (_, rows) in enumerate(groups):
        own = np.zeros((len(rows), k))
        own[:, j] = 1.0
        blocks.append(np.hstack((s * rows - g, own)))
    budget = np.append(np.ones(n), np.zeros(k))[None, :]
    rules: dict[str, Any] = {"A_ub": np.vstack(blocks)}
    rules["b_ub"] = np.zeros(len(rules["A_ub"]))
    if game.abstain:
        rules["A_ub"] = np.vstack((*blocks, budget))
        rules["b_ub"] = np.append(rules["b_ub"], game.budget)
    else:
        rules["A_eq"], rules["b_eq"] = budget, [game.budget]
    result = linprog(
        np.append(np.zeros(n), [-weight for weight, _ in groups]),
        bounds=[(0, 1 if game.capped else None)] * n + [(None, None)] * k,
        method="highs",
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"enumeration: {result.message}")
    dual, l, start = -result.ineqlin.marginals, np.zeros(n), 0
    for _, rows in groups:
        l += dual[start : start + len(rows)] @ rows
        start += len(rows)
    stats = {"sets": start, "iterations": int(result.nit)}
    q = result.x[:n]
    level = float(dual[start]) if game.abstain else -float(result.eqlin.marginals[0])
    return rounded(game, "enumeration", q, l, level * unit, stats)
