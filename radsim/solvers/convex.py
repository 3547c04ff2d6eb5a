r"""The teacher's convex program in CVXPY; takes extra convex constraints on the mistakes (A4)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from radsim.game import Array, Game
from radsim.solution import Solution, SolveError
from radsim.solvers.scaling import finish, normalised

__all__ = ["SOLVER_ORDER", "solve_value"]

# HiGHS is called as SciPy ships it: highspy greets on standard output once a process.
SOLVER_ORDER: dict[str, dict[str, Any]] = {
    "CLARABEL": {"tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12},
    "SCIPY": {
        "scipy_options": {
            "method": "highs",
            "primal_feasibility_tolerance": 1e-10,
            "dual_feasibility_tolerance": 1e-10,
        }
    },
    "SCS": {"eps_abs": 1e-10, "eps_rel": 1e-10, "max_iters": 200_000},
}
_ENOUGH = 1e-10  # duality gap, relative to the scale, at which the next solver is not tried


def solve_value(game: Game, *, constraints: Callable[[Any], list[Any]] | None = None) -> Solution:
    r"""Minimise the sum of the b largest robust gains over the teacher's mistakes.

    :math:`\min_l T_b(g - s \circ l)`, with positive parts when the learner may abstain and b times
    the maximum when uncapped.  The dual variable of :math:`r \ge g - s \circ l` is q.

    Parameters
    ----------
    game : Game
    constraints : callable, optional
        Takes the CVXPY variable l and returns further convex constraints (A4).  The learner's
        guarantee is then against that smaller set, found by a second convex program.

    Raises
    ------
    SolveError
        If Clarabel, HiGHS and SCS all fail; holds the words of each.

    References
    ----------
    THEORY A4, V3.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution = solve_value(game)
    >>> round(7 * solution.value, 8), solution.stats["solver"]
    (1.0, 'CLARABEL')
    >>> spread = solve_value(game, constraints=lambda l: [l <= 0.4])
    >>> round(spread.value, 6), spread.certificate.accepts(1e-7)
    (0.2, True)
    """
    import cvxpy as cp

    g, s, unit = normalised(game)
    l, r = cp.Variable(game.n), cp.Variable(game.n)
    top = cp.pos(r) if game.abstain else r
    if not game.capped:
        objective = game.budget * cp.max(top)
    elif game.budget == game.n:
        objective = cp.sum(top)
    else:
        objective = cp.sum_largest(top, game.budget)
    shaved = r >= g - cp.multiply(s, l)
    further = [] if constraints is None else list(constraints(l))
    allowed = [l >= 0, l <= 1, cp.sum(l) <= game.mistakes, *further]
    problem = cp.Problem(cp.Minimize(objective), [shaved, *allowed])
    extra: dict[str, Any] = {}
    if constraints is not None:

        def reply(q: Array) -> tuple[float, Array]:
            """Teacher's best reply to q within the restricted set."""
            cost = cp.Problem(cp.Maximize((q * s) @ l), allowed)
            _attempt(cost, "CLARABEL")
            worst = np.asarray(l.value)
            return float(np.sum(q * (game.gains - game.stakes * worst))), worst

        extra["reply"] = reply
    failures: dict[str, str] = {}
    best: Solution | None = None
    for name in SOLVER_ORDER:
        try:
            status = _attempt(problem, name)
            mistakes = np.array(l.value)
            q = np.array(shaved.dual_value)
        except Exception as error:
            failures[name] = str(error).splitlines()[0] if str(error) else repr(error)
            continue
        stats = {"solver": name, "status": status, "failures": dict(failures)}
        robust = np.sort(g - s * mistakes)[::-1]
        level = float(robust[min(game.n - 1, int(game.budget) if game.capped else 0)])
        threshold = float(np.max(np.where(mistakes > 1e-9, q * s, 0.0)))
        solution = finish(game, "convex", unit, q, mistakes, level, threshold, stats, **extra)
        gap = abs(solution.certificate.gap)
        if best is None or gap < abs(best.certificate.gap):
            best = solution
        if gap <= _ENOUGH * game.scale or constraints is not None:
            break
        failures[name] = f"gap {gap:.1e}"
    if best is None:
        raise SolveError("convex: " + "; ".join(f"{k}: {v}" for k, v in failures.items()))
    return best


def _attempt(problem: Any, name: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inaccurate solutions are judged by their certificate
        problem.solve(solver=name, **SOLVER_ORDER[name])
    if problem.status not in ("optimal", "optimal_inaccurate"):
        raise SolveError(f"{name}: {problem.status}")
    return str(problem.status)
