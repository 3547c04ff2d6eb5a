r"""Regret and ratio over all sets of at most m mistakes, for small pools."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np
from scipy.optimize import linprog

from radsim.feasible import fit_inclusion
from radsim.game import Game
from radsim.hindsight import check_benchmarks, many_benchmarks
from radsim.mixtures import mixture_of_sets
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import need_positive_value, rounded_hindsight, solution_of

__all__ = ["LARGEST_N", "solve_hindsight"]

LARGEST_N = 12


def solve_hindsight(game: Game, *, objective: str) -> Solution:
    r"""Regret or ratio by definition: one row for every set of at most m mistakes.

    Parameters
    ----------
    game : Game
        At most 12 points.
    objective : {"regret", "ratio"}

    Raises
    ------
    ValueError
        If the game has more points, or regret or ratio is not defined.
    SolveError
        If HiGHS does not report an optimum.

    References
    ----------
    Theory page: regret and ratio.

    Examples
    --------
    >>> from radsim import Game
    >>> round(solve_hindsight(Game([1, 0.5, 0.25], mistakes=1), objective="ratio").value, 9)
    0.181818182
    """
    n = game.n
    if n > LARGEST_N:
        raise ValueError(f"enumeration takes at most {LARGEST_N} points, the game has {n}")
    check_benchmarks(game, objective)
    if objective == "ratio":
        need_positive_value(game, "the ratio is for selectors that earn something")
    g, s, _ = game.normalised()
    sets = list(
        chain.from_iterable(combinations(range(n), k) for k in range(int(game.mistakes) + 1))
    )
    marks = np.zeros((len(sets), n))
    for row, points in enumerate(sets):
        marks[row, list(points)] = 1.0
    robust = g - s * marks
    # Of budgets up to one, or uncapped, a share p; of larger ones q itself.
    many = many_benchmarks(game)
    unit, cap = (int(game.budget), 1.0) if many else (1, None)
    best = np.sort(robust, axis=1)[:, -unit:].sum(axis=1)
    if game.abstain:
        best = np.maximum(best, 0.0)
    # Variables p and z.  Regret: best - p.robust <= z.  Ratio: z best <= p.robust.
    if objective == "regret":
        rows, right, cost = np.column_stack((-robust, -np.ones(len(sets)))), -best, 1.0
    else:
        rows, right, cost = np.column_stack((-robust, best)), np.zeros(len(sets)), -1.0
    total = np.append(np.ones(n), 0.0)[None, :]
    rules: dict[str, Any] = {"A_ub": rows, "b_ub": right}
    if game.abstain:
        rules = {"A_ub": np.vstack((rows, total)), "b_ub": np.append(right, unit)}
    else:
        rules |= {"A_eq": total, "b_eq": [unit]}
    result = linprog(
        np.append(np.zeros(n), cost),
        bounds=[(0, cap)] * n + [(None, None)],
        method="highs",
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"enumeration: {result.message}")
    weights = -result.ineqlin.marginals[: len(sets)]
    l = weights @ marks / max(float(weights.sum()), 1e-300)
    stats = {"sets": len(sets), "iterations": int(result.nit)}
    if many:
        kept = np.flatnonzero(weights > 0)
        first = [int(np.argmax(robust[a])) for a in kept]
        law = weights[kept] / weights[kept].sum()
        mixture = mixture_of_sets(first, [sets[a] for a in kept], law)
        q, l = fit_inclusion(game, result.x[:n]), mixture.marginals(n)
        proof = solution_of(
            game, objective, "enumeration", 0.0, q, l, stats, mixture=mixture
        ).certificate
        value = float(proof.lower) / 2 + float(proof.upper) / 2
        return solution_of(game, objective, "enumeration", value, q, l, stats, mixture=mixture)
    return rounded_hindsight(game, objective, "enumeration", game.budget * result.x[:n], l, stats)
