r"""The teacher's convex program in CVXPY: groups, limits and costs, written as they are stated."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from radsim.constrained import ConstrainedGame
from radsim.solution import Solution, SolveError
from radsim.solvers.constrained.finishing import finish, unit_size
from radsim.solvers.convex import SOLVER_ORDER

__all__ = ["solve_value"]

_ENOUGH = 1e-10  # duality gap, relative to the scale, at which the next solver is not tried


def solve_value(game: ConstrainedGame) -> Solution:
    r"""Minimise the learner's best payoff over the teacher's mistakes.

    Capped: :math:`\min_{l, \lambda} b\lambda + \sum_i \max(0, g_i - s_i l_i - c_i\lambda)`;
    uncapped: :math:`\min_l b \max_i (g_i - s_i l_i)/c_i`.  The dual variables of the mistakes'
    effect are q.

    Parameters
    ----------
    game : ConstrainedGame

    Raises
    ------
    SolveError
        If Clarabel, HiGHS and SCS all fail; holds the words of each.

    References
    ----------
    THEORY A4, A1, A2.

    Examples
    --------
    >>> from radsim.constrained import ConstrainedGame
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> round(7 * solve_value(game).value, 8)
    12.0
    """
    import cvxpy as cp

    unit = unit_size(game)
    g, s, c = game.gains / unit, game.stakes / unit, game.costs / game.budget
    l, robust = cp.Variable(game.n), cp.Variable(game.n)
    price = cp.Variable(nonneg=game.abstain)
    left = robust >= g - cp.multiply(s, l)
    allowed = [l >= 0, l <= game.limits, game.members.astype(float) @ l <= game.mistakes]
    if game.capped:
        objective = price + cp.sum(cp.pos(robust - c * price))
    else:
        objective = price
        allowed.append(robust <= c * price)
    problem = cp.Problem(cp.Minimize(objective), [left, *allowed])
    failures: dict[str, str] = {}
    best: Solution | None = None
    for name, options in SOLVER_ORDER.items():
        try:
            status = _attempt(problem, name, options)
            mistakes, q = np.array(l.value), np.array(left.dual_value)
        except Exception as error:
            failures[name] = str(error).splitlines()[0] if str(error) else repr(error)
            continue
        stats: dict[str, Any] = {"solver": name, "status": status, "failures": dict(failures)}
        level = float(np.asarray(price.value)) * unit / game.budget
        solution = finish(game, "convex", q, mistakes, level, stats)
        gap = abs(solution.certificate.gap)
        if best is None or gap < abs(best.certificate.gap):
            best = solution
        if gap <= _ENOUGH * game.scale:
            break
        failures[name] = f"gap {gap:.1e}"
    if best is None:
        raise SolveError("convex: " + "; ".join(f"{k}: {v}" for k, v in failures.items()))
    return best


def _attempt(problem: Any, name: str, options: dict[str, Any]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inaccurate solutions are judged by their certificate
        problem.solve(solver=name, **options)
    if problem.status not in ("optimal", "optimal_inaccurate"):
        raise SolveError(f"{name}: {problem.status}")
    return str(problem.status)
