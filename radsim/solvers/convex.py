r"""The teacher's convex program in CVXPY; takes extra convex constraints on the mistakes (A4)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from radsim.game import Array
from radsim.payoffs import AnyGame
from radsim.restriction import Restriction
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import rounded

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


def solve_value(
    game: AnyGame, *, constraints: Callable[[Any], list[Any]] | None = None
) -> Solution:
    r"""Minimise the learner's best payoff over the teacher's mistakes.

    :math:`\min_l T_b(g - s \circ l)`, the sum of the b largest robust gains, with positive parts
    when the learner may abstain, and b times the maximum when uncapped.  With costs
    :math:`\min_{l, \lambda} b\lambda + \sum_i \max(0, g_i - s_i l_i - c_i\lambda)`, uncapped
    :math:`\min_l b \max_i (g_i - s_i l_i)/c_i`.  The dual variable of
    :math:`r \ge g - s \circ l` is q.

    Parameters
    ----------
    game : Game or ConstrainedGame
    constraints : callable, optional
        Takes the CVXPY variable l and returns further convex constraints (A4).  The learner's
        guarantee is then against that smaller set, found by a second convex program.

    Returns
    -------
    Solution
        `stats`: `solver`, its `status`, and the words of those that failed before it.

    Raises
    ------
    SolveError
        If Clarabel, HiGHS and SCS all fail; holds the words of each.

    References
    ----------
    Theory page: A4, A1, A2, V3.

    Examples
    --------
    >>> from radsim import ConstrainedGame, Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution = solve_value(game)
    >>> round(7 * solution.value, 8), solution.stats["solver"]
    (1.0, 'CLARABEL')
    >>> spread = solve_value(game, constraints=lambda l: [l <= 0.4])
    >>> round(spread.value, 6), spread.certificate.accepts(1e-7)
    (0.2, True)
    >>> groups = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> round(7 * solve_value(groups).value, 8)
    12.0
    """
    import cvxpy as cp  # a second to import, and for this route alone

    g, s, unit = game.normalised()
    rules = game.rules
    restriction = None if constraints is None else Restriction(game, constraints)
    r = cp.Variable(game.n)
    l = cp.Variable(game.n) if restriction is None else restriction.variable
    groups = rules.members.astype(float) @ l <= rules.mistakes
    free = [l >= 0, l <= rules.limits, groups]
    shaved = r >= g - cp.multiply(s, l)
    best_payoff, priced = _best_payoff(game, r)
    allowed = free if restriction is None else restriction.allowed
    problem = cp.Problem(cp.Minimize(best_payoff), [shaved, *allowed, *priced])
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
        stats = {
            "constraints": constraints,
            "solver": name,
            "status": status,
            "failures": dict(failures),
        }
        level = _level(game, (g - s * mistakes) / rules.costs) * unit
        solution = rounded(game, "convex", q, mistakes, level, stats, restriction=restriction)
        gap = abs(solution.certificate.gap)
        if best is None or gap < abs(best.certificate.gap):
            best = solution
        if gap <= _ENOUGH * game.scale or constraints is not None:
            break
        failures[name] = f"gap {float(gap):.1e}"
    if best is None:
        raise SolveError("convex: " + "; ".join(f"{k}: {v}" for k, v in failures.items()))
    return best


def _best_payoff(game: AnyGame, robust: Any) -> tuple[Any, list[Any]]:
    """What the best reply to the mistakes earns, a convex expression, and what its price obeys."""
    import cvxpy as cp  # see solve_value

    costs, budget, _ = game.prices()
    top = cp.pos(robust) if game.abstain else robust
    if (costs == 1).all():  # no price needed: a smaller program, in two thirds of the time
        if not game.capped:
            return budget * cp.max(top), []
        return cp.sum(top) if budget == game.n else cp.sum_largest(top, budget), []
    price = cp.Variable(nonneg=game.abstain)
    if not game.capped:
        return budget * price, [robust <= costs * price]
    return budget * price + cp.sum(cp.pos(robust - costs * price)), []


def _level(game: AnyGame, rates: Array) -> float:
    """Robust gain per cost at which the budget runs out."""
    order = np.argsort(-rates, kind="stable")
    spent = np.cumsum(game.rules.costs[order])
    last = int(np.searchsorted(spent, game.budget, side="right")) if game.capped else 0
    return float(rates[order[min(game.n - 1, last)]])


def _attempt(problem: Any, name: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inaccurate solutions are judged by their certificate
        problem.solve(solver=name, **SOLVER_ORDER[name])
    if problem.status not in ("optimal", "optimal_inaccurate"):
        raise SolveError(f"{name}: {problem.status}")
    return str(problem.status)
