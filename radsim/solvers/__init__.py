"""Routes to the value of a game: one module a route, one row a route in `SOLVERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from radsim.constrained import ConstrainedGame
from radsim.game import Game
from radsim.solution import Solution, SolveError
from radsim.solvers import closed_form, constrained, convex, enumeration, hedge, linprog, rational

__all__ = ["CONSTRAINED_SOLVERS", "SOLVERS", "Solver", "solve"]


@dataclass(frozen=True)
class Solver:
    """A row: how to call a solver, what its certificate must meet, and how far it goes."""

    solve: Callable[..., Solution]
    rtol: float  # of its certificate
    largest_n: int  # in tests and in `verify`; enumeration also refuses above
    evidence: str  # kind of evidence that agreement with it is


SOLVERS: dict[str, Solver] = {
    "closed_form": Solver(closed_form.solve_value, 1e-12, 10_000_000, "certificate"),
    "linprog": Solver(linprog.solve_value, 1e-7, 5_000, "lp"),
    "convex": Solver(convex.solve_value, 1e-9, 500, "convex"),
    "rational": Solver(rational.solve_value, 0.0, 60, "exact"),
    "hedge": Solver(hedge.solve_value, 2.5e-2, 30, "dynamics"),
    "enumeration": Solver(enumeration.solve_value, 1e-7, 12, "enumeration"),
}

# The routes of a ConstrainedGame.
CONSTRAINED_SOLVERS: dict[str, Solver] = {
    "closed_form": Solver(constrained.closed_form.solve_value, 1e-9, 1_000_000, "certificate"),
    "linprog": Solver(constrained.linprog.solve_value, 1e-7, 5_000, "lp"),
    "convex": Solver(constrained.convex.solve_value, 1e-6, 500, "convex"),
    "rational": Solver(constrained.rational.solve_value, 0.0, 12, "exact"),
    "hedge": Solver(constrained.hedge.solve_value, 2.5e-2, 30, "dynamics"),
}


def solve(
    game: Game | ConstrainedGame,
    objective: str = "value",
    method: str = "closed_form",
    **options: Any,
) -> Solution:
    r"""Solve a game; the answer carries both strategies and its own certificate.

    Parameters
    ----------
    game : Game or ConstrainedGame
    objective : {"value"}
        The guaranteed expected payoff :math:`\max_q \min_l U(q, l)`.
    method : {"closed_form", "linprog", "convex", "rational", "hedge", "enumeration"}
    **options
        Passed to the method, see its module.

    Returns
    -------
    Solution

    Raises
    ------
    ValueError
        If the objective or the method is unknown.
    SolveError
        If the solver fails; it holds the solver's words.

    References
    ----------
    THEORY V1 to V3b, A1, A2.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> solution = solve(Game([1, 0.5, 0.25], mistakes=1))
    >>> round(7 * solution.value, 12), (7 * solution.inclusion).round(12).tolist()
    (1.0, [1.0, 2.0, 4.0])
    >>> solution.certificate.accepts()
    True
    """
    if objective != "value":
        raise ValueError(f"objective = {objective!r} must be 'value'")
    rows = CONSTRAINED_SOLVERS if isinstance(game, ConstrainedGame) else SOLVERS
    if method not in rows:
        raise ValueError(f"method = {method!r} must be one of {', '.join(rows)}")
    try:
        return rows[method].solve(game, **options)
    except (SolveError, ValueError, TypeError):
        raise
    except Exception as error:
        raise SolveError(f"{method}: {error}") from error
