"""Routes to the value of a game: one module a route, one row a route in `SOLVERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from radsim.game import Game
from radsim.solution import Solution, SolveError
from radsim.solvers import closed_form, convex, enumeration, hedge, linprog, rational
from radsim.solvers.batches import Solutions, solve_many
from radsim.stored import StoredGame, StoredSolution, solve_stored

__all__ = ["SOLVERS", "Solutions", "Solver", "solve", "solve_many"]


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


@overload
def solve(game: Game, objective: str = ..., method: str = ..., **options: Any) -> Solution: ...
@overload
def solve(
    game: StoredGame, objective: str = ..., method: str = ..., **options: Any
) -> StoredSolution: ...
def solve(
    game: Game | StoredGame, objective: str = "value", method: str = "closed_form", **options: Any
) -> Solution | StoredSolution:
    r"""Solve a game; the answer carries both strategies and its own certificate.

    Parameters
    ----------
    game : Game or StoredGame
        Of a pool larger than memory, only in closed form; its solution is a rule.
    objective : {"value"}
        The guaranteed expected payoff :math:`\max_q \min_l U(q, l)`.
    method : {"closed_form", "linprog", "convex", "rational", "hedge", "enumeration"}
    **options
        Passed to the method, see its module.

    Returns
    -------
    Solution or StoredSolution

    Raises
    ------
    ValueError
        If the objective or the method is unknown.
    SolveError
        If the solver fails; it holds the solver's words.

    References
    ----------
    THEORY V1 to V3b.

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
    if method not in SOLVERS:
        raise ValueError(f"method = {method!r} must be one of {', '.join(SOLVERS)}")
    try:
        if isinstance(game, StoredGame):
            if method != "closed_form":
                raise ValueError(f"method = {method!r} must be 'closed_form' for a stored game")
            return solve_stored(game, **options)
        return SOLVERS[method].solve(game, **options)
    except (SolveError, ValueError, TypeError):
        raise
    except Exception as error:
        raise SolveError(f"{method}: {error}") from error
