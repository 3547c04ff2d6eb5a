r"""Two linear programs, solved by HiGHS through SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.game import Array, Game
from radsim.solution import Solution, SolveError
from radsim.solvers.scaling import finish, normalised

__all__ = ["ALGORITHMS", "FORMULATIONS", "INTERIOR_ABOVE", "solve_value"]

FORMULATIONS = ("teacher", "learner")
ALGORITHMS = ("highs-ds", "highs-ipm")
# Above this many points the interior point method is the default; see benchmarks/README.md.
INTERIOR_ABOVE = 2_000


def solve_value(
    game: Game,
    *,
    formulation: str = "learner",
    algorithm: str | None = None,
    time_limit: float | None = None,
) -> Solution:
    r"""Value by linear programming; the dual variables are the other side's strategy.

    The teacher's program, capped: :math:`\min b\lambda + \sum_i \mu_i` subject to
    :math:`\lambda + \mu_i \ge g_i - s_i l_i`, :math:`\sum_i l_i \le m`, :math:`0 \le l \le 1`.
    The learner's: :math:`\max q \cdot g - m\tau - \sum_i u_i` subject to
    :math:`u_i \ge q_i s_i - \tau`, :math:`\sum_i q_i \le b`.

    Parameters
    ----------
    game : Game
    formulation : {"learner", "teacher"}
        The default is the faster one, by benchmarks/README.md.
    algorithm : {"highs-ds", "highs-ipm"}, optional
        Dual simplex or interior point; None chooses by n.
    time_limit : float, optional
        Seconds.

    Raises
    ------
    ValueError
        If an option is unknown.
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    THEORY V1 to V3b.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution = solve_value(game, formulation="teacher")
    >>> round(7 * solution.value, 9), solution.certificate.accepts(1e-9)
    (1.0, True)
    """
    if formulation not in FORMULATIONS:
        raise ValueError(f"formulation = {formulation!r} must be one of {FORMULATIONS}")
    if algorithm is None:
        algorithm = "highs-ipm" if game.n > INTERIOR_ABOVE else "highs-ds"
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm = {algorithm!r} must be one of {ALGORITHMS}")
    g, s, unit = normalised(game)
    build = _teacher if formulation == "teacher" else _learner
    program, read = build(game, g, s)
    options: dict[str, Any] = {
        "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-10,
    }
    if time_limit is not None:
        options["time_limit"] = float(time_limit)
    result = linprog(**program, method=algorithm, options=options)
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog ({formulation}, {algorithm}): {result.message}")
    q, l, level, threshold = read(result)
    stats = {
        "formulation": formulation,
        "algorithm": algorithm,
        "iterations": int(result.nit),
        "message": result.message,
    }
    return finish(game, "linprog", unit, q, l, level, threshold, stats)


def _teacher(game: Game, g: Array, s: Array) -> tuple[dict[str, Any], Any]:
    n, eye = game.n, sparse.identity(game.n, format="csr")
    one = sparse.csr_matrix(np.ones((n, 1)))
    # Variables l, lam, and mu if capped; rows -s_i l_i - lam - mu_i <= -g_i, then sum l <= m.
    blocks = [[-sparse.diags(s), -one], [sparse.csr_matrix(np.ones((1, n))), None]]
    cost: list[Any] = [np.zeros(n), [game.budget]]
    bounds = [(0, 1)] * n + [(0 if game.abstain else None, None)]
    if game.capped:
        blocks[0].append(-eye)
        blocks[1].append(None)
        cost.append(np.ones(n))
        bounds += [(0, None)] * n
    program = {
        "c": np.concatenate(cost),
        "A_ub": sparse.bmat(blocks, format="csr"),
        "b_ub": np.append(-g, game.mistakes),
        "bounds": bounds,
    }

    def read(result: Any) -> tuple[Array, Array, float, float]:
        dual = -result.ineqlin.marginals
        return dual[:n], result.x[:n], float(result.x[n]), float(dual[n])

    return program, read


def _learner(game: Game, g: Array, s: Array) -> tuple[dict[str, Any], Any]:
    n, eye = game.n, sparse.identity(game.n, format="csr")
    one = sparse.csr_matrix(np.ones((n, 1)))
    # Variables q, tau, u; rows s_i q_i - tau - u_i <= 0; then sum q <= b (= b when forced).
    total = np.concatenate((np.ones(n), np.zeros(n + 1)))[None, :]
    rows = sparse.bmat([[sparse.diags(s), -one, -eye]], format="csr")
    program: dict[str, Any] = {
        "c": np.concatenate((-g, [game.mistakes], np.ones(n))),
        "bounds": [(0, 1 if game.capped else None)] * n + [(0, None)] * (n + 1),
    }
    if game.abstain:
        program["A_ub"] = sparse.vstack([rows, sparse.csr_matrix(total)], format="csr")
        program["b_ub"] = np.append(np.zeros(n), game.budget)
    else:
        program["A_ub"], program["b_ub"] = rows, np.zeros(n)
        program["A_eq"], program["b_eq"] = sparse.csr_matrix(total), [game.budget]

    def read(result: Any) -> tuple[Array, Array, float, float]:
        dual = -result.ineqlin.marginals
        price = dual[n] if game.abstain else -result.eqlin.marginals[0]
        return result.x[:n], dual[:n], float(price), float(result.x[n])

    return program, read
