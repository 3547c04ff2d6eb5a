r"""Solve a game by linear programming: the learner's or the teacher's program, with HiGHS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.door import number, one_of
from radsim.game import Array
from radsim.payoffs import AnyGame
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import rounded

__all__ = ["ALGORITHMS", "FORMULATIONS", "INTERIOR_ABOVE", "solve_value"]

ALGORITHMS = ("highs-ds", "highs-ipm")
# Above this many points the interior point method is the default; see benchmarks/README.md.
INTERIOR_ABOVE = 2_000

# What HiGHS said -> q, l, the price of one unit of the budget and the largest of a mistake.
Read = Callable[[Any], tuple[Array, Array, float, float]]


def solve_value(
    game: AnyGame,
    *,
    formulation: str = "learner",
    algorithm: str | None = None,
    time_limit: float | None = None,
) -> Solution:
    r"""Value by linear programming; the dual variables are the other side's strategy.

    The learner's program: :math:`\max\ q \cdot g - \sum_A m_A y_A - \sum_i r_i v_i` subject to
    :math:`s_i q_i \le \sum_{A \ni i} y_A + v_i` and :math:`\sum_i c_i q_i \le b`, for any groups,
    limits and costs; a plain game has one group of m mistakes, limits and costs of one.  The
    teacher's, capped: :math:`\min\ b\lambda + \sum_i \mu_i` subject to
    :math:`c_i \lambda + \mu_i \ge g_i - s_i l_i`, :math:`\sum_{i \in A} l_i \le m_A`,
    :math:`0 \le l \le r`.

    Parameters
    ----------
    game : Game or ConstrainedGame
    formulation : {"learner", "teacher"}
        The default is the faster one, by benchmarks/README.md.
    algorithm : {"highs-ds", "highs-ipm"}, optional
        Dual simplex or interior point; None chooses by n.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    Solution
        `stats` holds the options as they were used, `iterations` and HiGHS's `message`.

    Raises
    ------
    ValueError
        If an option is unknown.
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    Theory page: V1 to V3b, A1, A2.

    Examples
    --------
    >>> from radsim import ConstrainedGame, Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution = solve_value(game, formulation="teacher")
    >>> round(7 * solution.value, 9), solution.certificate.accepts(1e-9)
    (1.0, True)
    >>> groups = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> round(7 * solve_value(groups).value, 9)
    12.0
    """
    one_of(formulation, FORMULATIONS, "formulation")
    if algorithm is None:
        algorithm = "highs-ipm" if game.n > INTERIOR_ABOVE else "highs-ds"
    one_of(algorithm, ALGORITHMS, "algorithm")
    g, s, unit = game.normalised()
    program, read = FORMULATIONS[formulation](game, g, s)
    options: dict[str, Any] = {
        "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-10,
    }
    if time_limit is not None:
        options["time_limit"] = number(time_limit, "time_limit")
    result = linprog(**program, method=algorithm, options=options)
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog ({formulation}, {algorithm}): {result.message}")
    q, l, price, threshold = read(result)
    stats = {
        "formulation": formulation,
        "algorithm": algorithm,
        "time_limit": time_limit,
        "iterations": int(result.nit),
        "message": result.message,
    }
    return rounded(game, "linprog", q, l, price * unit, stats, threshold=threshold * unit)


def _teacher(game: AnyGame, g: Array, s: Array) -> tuple[dict[str, Any], Read]:
    n, rules, eye = game.n, game.rules, sparse.identity(game.n, format="csr")
    costs, budget, unit = game.prices()
    prices = sparse.csr_matrix(costs[:, None])
    # Variables l, lam, and mu if capped; rows -s_i l_i - c_i lam - mu_i <= -g_i, then sums of l.
    blocks = [[-sparse.diags(s), -prices], [sparse.csr_matrix(rules.members.astype(float)), None]]
    cost: list[Any] = [np.zeros(n), [budget]]
    bounds = [*((0, top) for top in rules.limits), (0 if game.abstain else None, None)]
    if game.capped:
        blocks[0].append(-eye)
        blocks[1].append(None)
        cost.append(np.ones(n))
        bounds += [(0, None)] * n
    program = {
        "c": np.concatenate(cost),
        "A_ub": sparse.bmat(blocks, format="csr"),
        "b_ub": np.append(-g, rules.mistakes),
        "bounds": bounds,
    }

    def read(result: Any) -> tuple[Array, Array, float, float]:
        dual = -result.ineqlin.marginals
        return dual[:n], result.x[:n], float(result.x[n]) / unit, float(dual[n:].max())

    return program, read


def _learner(game: AnyGame, g: Array, s: Array) -> tuple[dict[str, Any], Read]:
    n, rules = game.n, game.rules
    k = len(rules.mistakes)
    costs, budget, unit = game.prices()
    members = sparse.csr_matrix(rules.members.T.astype(float))
    # Variables q, y, v; rows s_i q_i - sum y - v_i <= 0; then sum c q <= b (= b when forced).
    rows = sparse.bmat([[sparse.diags(s), -members, -sparse.identity(n)]], format="csr")
    spent = sparse.csr_matrix(np.concatenate((costs, np.zeros(k + n)))[None, :])
    program: dict[str, Any] = {
        "c": np.concatenate((-g, rules.mistakes, rules.limits)),
        "bounds": [(0, 1 if game.capped else None)] * n + [(0, None)] * (k + n),
    }
    if game.abstain:
        program["A_ub"] = sparse.vstack([rows, spent], format="csr")
        program["b_ub"] = np.append(np.zeros(n), budget)
    else:
        program["A_ub"], program["b_ub"] = rows, np.zeros(n)
        program["A_eq"], program["b_eq"] = spent, [budget]

    def read(result: Any) -> tuple[Array, Array, float, float]:
        dual = -result.ineqlin.marginals
        price = dual[n] if game.abstain else -result.eqlin.marginals[0]
        return result.x[:n], dual[:n], float(price) / unit, float(result.x[n : n + k].max())

    return program, read


FORMULATIONS = {"learner": _learner, "teacher": _teacher}
