r"""The learner's linear program by HiGHS; its dual variables are the teacher's mistakes."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.constrained import ConstrainedGame
from radsim.solution import Solution, SolveError
from radsim.solvers.constrained.finishing import finish, unit_size

__all__ = ["solve_value"]


def solve_value(game: ConstrainedGame, *, algorithm: str = "highs-ds") -> Solution:
    r"""Value by linear programming, for any groups, limits and costs.

    .. math::
        \max\ q \cdot g - \sum_A m_A y_A - \sum_i r_i v_i \quad\text{subject to}\quad
        s_i q_i \le \sum_{A \ni i} y_A + v_i, \quad \sum_i c_i q_i \le b.

    Parameters
    ----------
    game : ConstrainedGame
    algorithm : {"highs-ds", "highs-ipm"}

    Raises
    ------
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    THEORY A1, A2.

    Examples
    --------
    >>> from radsim.constrained import ConstrainedGame
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> round(7 * solve_value(game).value, 9)
    12.0
    """
    n, k = game.n, len(game.mistakes)
    unit = unit_size(game)
    g, s, c = game.gains / unit, game.stakes / unit, game.costs / game.budget
    members = sparse.csr_matrix(game.members.T.astype(np.float64))
    shaved = sparse.hstack((sparse.diags(s), -members, -sparse.identity(n)), format="csr")
    spent = sparse.csr_matrix(np.concatenate((c, np.zeros(k + n)))[None, :])
    top = 1.0 if game.capped else None
    rules = (
        {"A_ub": sparse.vstack((shaved, spent), format="csr"), "b_ub": np.append(np.zeros(n), 1.0)}
        if game.abstain
        else {"A_ub": shaved, "b_ub": np.zeros(n), "A_eq": spent, "b_eq": [1.0]}
    )
    result = linprog(
        np.concatenate((-g, game.mistakes, game.limits)),
        bounds=[(0, top)] * n + [(0, None)] * (k + n),
        method=algorithm,
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog ({algorithm}): {result.message}")
    dual = -result.ineqlin.marginals
    price = float(dual[n] if game.abstain else -result.eqlin.marginals[0])
    stats = {"algorithm": algorithm, "iterations": int(result.nit), "message": result.message}
    return finish(game, "linprog", result.x[:n], dual[:n], price * unit / game.budget, stats)
