r"""The learner's linear program for regret and ratio, solved by HiGHS through SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.game import Array, Game
from radsim.hindsight import check_benchmarks, many_benchmarks
from radsim.solution import Solution, SolveError
from radsim.solvers.hindsight.places import solve_places
from radsim.solvers.rounding import need_positive_value, rounded_hindsight

__all__ = ["least_benchmark", "program", "run", "shares_of", "solve_hindsight"]


def solve_hindsight(game: Game, *, objective: str) -> Solution:
    r"""Regret or ratio by linear programming; the dual variables are the teacher's marginals.

    For the regret (the ratio has :math:`\rho g_i` in place of :math:`g_i` and maximises
    :math:`\rho`): minimise :math:`R = \alpha + m \tau + \sum_i u_i - p \cdot g` subject to
    :math:`u_i \ge g_i - \alpha` and :math:`u_i \ge p_i s_i - \tau`.  By definition there is one
    block of variables for each benchmark I; but the pairs (I, l) with :math:`l_I = 0` are the
    vertices of :math:`\{w_i + l_i \le 1, \sum w = 1, \sum l \le m\}`, as each point has at most
    one of two roles (a transportation polytope), so that the n blocks fold into one.

    Parameters
    ----------
    game : Game
        As `check_benchmarks` has it; a capped budget above one has a program of its own
        (`radsim.solvers.hindsight.places`).
    objective : {"regret", "ratio"}

    Returns
    -------
    Solution

    Raises
    ------
    ValueError
        If regret or ratio is not defined.
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    Theory page: R1, R2.

    Examples
    --------
    >>> from radsim import Game
    >>> round(solve_hindsight(Game([1, 0.5, 0.25], mistakes=1), objective="regret").value, 9)
    0.642857143
    """
    check_benchmarks(game, objective)
    if many_benchmarks(game):
        return solve_places(game)
    if objective == "ratio":
        need_positive_value(game, "the ratio is for selectors that earn something")
    n = game.n
    result = run(game, *program(game, objective))
    dual = -result.ineqlin.marginals
    l = shares_of(dual[n + 1 : 2 * n + 1], dual[0])
    stats = {"iterations": int(result.nit), "message": result.message}
    return rounded_hindsight(game, objective, "linprog", game.budget * result.x[:n], l, stats)


def least_benchmark(game: Game, g: Array, s: Array) -> float:
    """Least benchmark: 0, unless every point may be wrong and the budget is forced."""
    return 0.0 if game.abstain or game.mistakes < game.n else float(np.max(g - s))


def run(game: Game, cost: Array, rows: Any, right: Array, bounds: list[Any]) -> Any:
    """Minimise over variables whose first n are p, of which the sum is one (or at most one)."""
    n = game.n
    total = sparse.csr_matrix((np.ones(n), (np.zeros(n, int), np.arange(n))), (1, len(cost)))
    rules: dict[str, Any] = {"A_ub": rows, "b_ub": right}
    if game.abstain:
        rules = {"A_ub": sparse.vstack([rows, total], format="csr"), "b_ub": np.append(right, 1.0)}
    else:
        rules |= {"A_eq": total, "b_eq": [1.0]}
    result = linprog(
        cost,
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog: {result.message}")
    return result


def program(game: Game, objective: str) -> tuple[Array, Any, Array, list[Any]]:
    """Cost, rows, right-hand side and bounds of the compact program.

    Row 0 prices p, the next n are the benchmark points, the last n the mistakes.
    """
    g, s, _ = game.normalised()
    n, m = game.n, game.mistakes
    eye, none = sparse.identity(n, format="csr"), sparse.csr_matrix((n, n))
    one = sparse.csr_matrix(np.ones((n, 1)))
    # Variables p, u, alpha, tau, z: z is the bound R or the ratio rho.
    if objective == "regret":
        # price - z <= 0;  -u - alpha <= -g;  p s - u - tau <= 0
        wanted, right, sign = 0 * one, -g, -1.0
    else:
        # price <= 0;  rho g - u - alpha <= 0;  p s - u - tau <= 0
        wanted, right, sign = sparse.csr_matrix(g[:, None]), np.zeros(n), 0.0
    first = sparse.csr_matrix(np.concatenate((-g, np.ones(n), [1.0, m, sign]))[None, :])
    rows = sparse.bmat(
        [
            [none, -eye, -one, 0 * one, wanted],
            [sparse.diags(s), -eye, 0 * one, -one, 0 * one],
        ],
        format="csr",
    )
    cost = np.zeros(2 * n + 3)
    cost[-1] = 1.0 if objective == "regret" else -1.0
    bounds = [(0, None)] * (2 * n) + [(least_benchmark(game, g, s), None), (0, None), (None, None)]
    right = np.concatenate(([0.0], right, np.zeros(n)))
    return cost, sparse.vstack([first, rows], format="csr"), right, bounds


def shares_of(mass: Array, total: float) -> Array:
    """Dual mass as probabilities: divided by what all benchmarks weigh."""
    return mass / total if total > 0 else mass
