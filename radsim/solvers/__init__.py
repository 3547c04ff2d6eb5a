"""Routes to the value of a game: one module a route, one row a route in `SOLVERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, overload

from radsim.constrained import ConstrainedGame
from radsim.game import Game
from radsim.solution import Solution, SolveError
from radsim.solvers import (
    closed_form,
    constrained,
    convex,
    enumeration,
    hedge,
    hindsight,
    linprog,
    rational,
)
from radsim.solvers.batches import Solutions, solve_many
from radsim.stored import StoredGame, StoredSolution, solve_stored

__all__ = [
    "CONSTRAINED_SOLVERS",
    "OBJECTIVES",
    "SOLVERS",
    "Solutions",
    "Solver",
    "solve",
    "solve_many",
]


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


def _hindsight(objective: str) -> dict[str, Solver]:
    def row(module: ModuleType, rtol: float, largest_n: int, evidence: str) -> Solver:
        return Solver(
            partial(module.solve_hindsight, objective=objective), rtol, largest_n, evidence
        )

    return {
        "closed_form": row(hindsight.closed_form, 1e-9, 1_000_000, "certificate"),
        "linprog": row(hindsight.linprog, 1e-7, 2_000, "lp"),
        "rational": row(hindsight.rational, 0.0, 60, "exact"),
        "enumeration": row(hindsight.enumeration, 1e-7, 10, "enumeration"),
    }


OBJECTIVES: dict[str, dict[str, Solver]] = {
    "value": SOLVERS,
    "regret": _hindsight("regret"),
    "ratio": _hindsight("ratio"),
}


@overload
def solve(
    game: Game | ConstrainedGame, objective: str = ..., method: str = ..., **options: Any
) -> Solution: ...
@overload
def solve(
    game: StoredGame, objective: str = ..., method: str = ..., **options: Any
) -> StoredSolution: ...
def solve(
    game: Game | ConstrainedGame | StoredGame,
    objective: str = "value",
    method: str = "closed_form",
    **options: Any,
) -> Solution | StoredSolution:
    r"""Solve a game; the answer carries both strategies and its own certificate.

    Parameters
    ----------
    game : Game, ConstrainedGame or StoredGame
        The last two for the value only.  A stored game (a pool larger than memory) is solved in
        closed form; its solution is a rule.
    objective : {"value", "regret", "ratio"}
        The guaranteed expected payoff :math:`\max_q \min_l U(q, l)`; the regret
        :math:`\min_q \max_l [b\,B(l) - U(q, l)]` or the competitive ratio
        :math:`\max_q \min_l U(q, l)/(b\,B(l))` against the best single point in hindsight,
        :math:`B(l) = \max_i (g_i - s_i l_i)`.
    method : {"closed_form", "linprog", "convex", "rational", "hedge", "enumeration"}
        The rows of `OBJECTIVES`; convex and hedge know the value only.
    **options
        Passed to the method, see its module.

    Returns
    -------
    Solution or StoredSolution

    Raises
    ------
    ValueError
        If the objective is unknown or has no such method, or is not defined for the game: regret
        and ratio need a whole m and a budget of at most one unless uncapped.
    SolveError
        If the solver fails; it holds the solver's words.

    References
    ----------
    THEORY V1 to V3b, R1, R2, A1, A2.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> solution = solve(Game([1, 0.5, 0.25], mistakes=1))
    >>> round(7 * solution.value, 12), (7 * solution.inclusion).round(12).tolist()
    (1.0, [1.0, 2.0, 4.0])
    >>> solution.certificate.accepts()
    True
    >>> round(solve(Game([1, 0.5, 0.25], mistakes=1), "ratio").value, 12)
    0.181818181818
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective = {objective!r} must be one of {', '.join(OBJECTIVES)}")
    rows = OBJECTIVES[objective]
    if isinstance(game, StoredGame):
        if objective != "value":
            raise ValueError(f"objective = {objective!r} is not known for a StoredGame")
        if method != "closed_form":
            raise ValueError(f"method = {method!r} must be 'closed_form' for a StoredGame")
        return solve_stored(game, **options)
    if isinstance(game, ConstrainedGame):
        if objective != "value":
            raise ValueError(f"objective = {objective!r} is not known for a ConstrainedGame")
        rows = CONSTRAINED_SOLVERS
    if method not in rows:
        raise ValueError(f"method = {method!r} must be one of {', '.join(rows)} for {objective}")
    try:
        return rows[method].solve(game, **options)
    except (SolveError, ValueError, TypeError):
        raise
    except Exception as error:
        raise SolveError(f"{method}: {error}") from error
