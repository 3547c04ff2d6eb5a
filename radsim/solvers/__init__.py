"""Solvers of games: one module a solver, one row a solver in `SOLVERS`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from radsim.door import checked, count, flag, names, number, one_of, steady, typed
from radsim.solution import Solution, SolveError
from radsim.solvers.asking import asked

if TYPE_CHECKING:
    from radsim.constrained import ConstrainedGame
    from radsim.game import Game
    from radsim.solvers.water.stored import StoredGame, StoredSolution

__all__ = ["SOLVERS", "Solver", "rows_for", "solve"]


@dataclass(frozen=True)
class Solver:
    """Solver, a row of `SOLVERS`: how it is called, its tolerance, and its largest n.

    Attributes
    ----------
    solve : callable
        ``(game, **options)`` -> solution.
    rtol : float
        Of its certificate.
    largest_n : int
        Most points it is asked for in tests, benchmarks and `radsim verify`.
    examples : int
        Games that Hypothesis draws to test it.
    options : tuple of str
        Which options of `solve` it takes.

    Examples
    --------
    >>> SOLVERS["plain", "value"]["rational"].rtol
    0.0
    """

    solve: Callable[..., Any]
    rtol: float = 1e-9
    largest_n: int = 1_000
    examples: int = 40
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked(self, solve=Callable)
        number(self.rtol, "rtol")
        count(self.largest_n, "largest_n")
        count(self.examples, "examples")
        names(self.options, "options")


def _late(module: str, function: str, **fixed: Any) -> Callable[..., Any]:
    """A solver whose module is imported when it is first called: some are slow to import."""

    def solve(game: Any, **options: Any) -> Any:
        route = importlib.import_module(f"radsim.solvers.{module}")
        return getattr(route, function)(game, **fixed, **options)

    solve.__name__ = solve.__qualname__ = f"{module}.{function}"
    return solve


def _value(module: str, *numbers: Any) -> Solver:
    return Solver(_late(module, "solve_value"), *numbers)


def _hindsight(objective: str) -> dict[str, Solver]:
    def row(method: str, *numbers: Any) -> Solver:
        route = _late(f"hindsight.{method}", "solve_hindsight", objective=objective)
        return Solver(route, *numbers)

    return {
        "closed_form": row("closed_form", 1e-9, 1_000_000, 200),
        "linprog": row("linprog", 1e-7, 2_000, 60),
        "rational": row("rational", 0.0, 60, 100),
        "enumeration": row("enumeration", 1e-7, 10, 40),
    }


# (kind of game, objective) -> method -> row: rtol, largest n, examples, options.
SOLVERS: dict[tuple[str, str], dict[str, Solver]] = {
    ("plain", "value"): {
        "closed_form": _value("water.closed_form", 1e-12, 10_000_000, 300, ("kernels", "threads")),
        "linprog": _value("linprog", 1e-7, 5_000, 60, ("formulation", "algorithm", "time_limit")),
        "convex": _value("convex", 1e-9, 500, 15, ("constraints",)),
        "rational": _value("rational", 0.0, 60, 200),
        "hedge": _value("hedge", 2.5e-2, 30, 5, ("gap", "max_steps")),
        "enumeration": _value("enumeration", 1e-7, 12, 40),
    },
    ("plain", "regret"): _hindsight("regret"),
    ("plain", "ratio"): _hindsight("ratio"),
    ("constrained", "value"): {
        "closed_form": _value("constrained.closed_form", 1e-9, 1_000_000, 300),
        "linprog": _value("linprog", 1e-7, 5_000, 60, ("formulation", "algorithm", "time_limit")),
        "convex": _value("convex", 1e-6, 500, 15, ("constraints",)),
        "rational": _value("constrained.rational", 0.0, 12, 100),
        "hedge": _value("constrained.hedge", 2.5e-2, 30, 5, ("gap", "max_steps")),
    },
    ("stored", "value"): {
        "closed_form": Solver(
            _late("water.stored", "solve_stored"), 1e-12, 1_000_000_000, 20, ("kernels",)
        ),
    },
}


@steady
def rows_for(game: Any, objective: str = "value") -> Mapping[str, Solver]:
    """Rows of `SOLVERS` for a game and an objective.

    Parameters
    ----------
    game : Game, ConstrainedGame or StoredGame
    objective : {"value", "regret", "ratio"}

    Returns
    -------
    mapping
        From the method's name to its row.

    Raises
    ------
    ValueError
        If the objective is unknown, or not known for that kind of game.

    Examples
    --------
    >>> from radsim import Game
    >>> row = rows_for(Game([2, 1], mistakes=1), "regret")["rational"]
    >>> row.rtol, row.largest_n
    (0.0, 60)
    """
    kind: Any = getattr(type(game), "kind", None)
    if isinstance(objective, str) and (kind, objective) in SOLVERS:
        return SOLVERS[kind, objective]
    one_of(objective, {name: None for _, name in SOLVERS}, "objective")
    if kind not in {kind for kind, _ in SOLVERS}:
        # Only the refusal names the classes; SOLVERS is to load without them.
        from radsim.constrained import ConstrainedGame
        from radsim.game import Game

        typed(game, (Game, ConstrainedGame), "game")
    raise ValueError(f"objective = {objective!r} is not known for a {type(game).__name__}")


@overload
def solve(
    game: Game | ConstrainedGame,
    objective: str = ...,
    method: str = ...,
    *,
    certify: bool = ...,
    kernels: str | None = ...,
    threads: int | None = ...,
    formulation: str | None = ...,
    algorithm: str | None = ...,
    time_limit: float | None = ...,
    constraints: Callable[[Any], list[Any]] | None = ...,
    gap: float | None = ...,
    max_steps: int | None = ...,
) -> Solution: ...
@overload
def solve(
    game: StoredGame,
    objective: str = ...,
    method: str = ...,
    *,
    certify: bool = ...,
    kernels: str | None = ...,
) -> StoredSolution: ...
@steady
def solve(
    game: Game | ConstrainedGame | StoredGame,
    objective: str = "value",
    method: str = "closed_form",
    *,
    certify: bool = True,
    kernels: str | None = None,
    threads: int | None = None,
    formulation: str | None = None,
    algorithm: str | None = None,
    time_limit: float | None = None,
    constraints: Callable[[Any], list[Any]] | None = None,
    gap: float | None = None,
    max_steps: int | None = None,
) -> Solution | StoredSolution:
    r"""Solve a game and certify the answer, which carries both strategies and its certificate.

    The certificate is computed from the raw game and must accept at the tolerance of the method's
    row, or at the `gap` that was asked for; no other answer is returned.

    Parameters
    ----------
    game : Game, ConstrainedGame or StoredGame
        The last two for the value only.  A stored game (a pool larger than memory) is solved in
        closed form; its solution is a rule.
    objective : {"value", "regret", "ratio"}
        The guaranteed expected payoff :math:`\max_q \min_l U(q, l)`; the regret
        :math:`\min_q \max_l [b\,B(l) - U(q, l)]` or the competitive ratio
        :math:`\max_q \min_l U(q, l)/(b\,B(l))` against the best single point in hindsight,
        :math:`B(l) = \max_i (g_i - s_i l_i)`.  The regret of a capped budget b > 1 is that against
        the best b points.
    method : str
        A row of `SOLVERS` for the kind of game and the objective.  The regret of a capped budget
        above one has no known closed form: linprog then answers for closed_form.
    certify : bool
        False: return the answer without asking its certificate.
    kernels : {"numpy", "numba"}, optional
        Loops of closed_form: NumPy's, or those that Numba compiles (extra `fast`).
    threads : int, optional
        Of closed_form; unless given, all processors that the process may use, where that pays.
        The answer is the same to the last bit.
    formulation : {"learner", "teacher"}, optional
        Whose linear program linprog solves.
    algorithm : {"highs-ds", "highs-ipm"}, optional
        HiGHS's algorithm in linprog: dual simplex, or interior point.
    time_limit : float, optional
        Seconds that linprog may take.
    constraints : callable, optional
        For convex: from CVXPY's variable of the mistakes to further convex constraints (A4).
    gap : float, optional
        Duality gap at which hedge stops, relative to the scale.
    max_steps : int, optional
        Most steps of hedge.

    Returns
    -------
    Solution or StoredSolution
        `stats` echoes the options.

    Raises
    ------
    ValueError
        If the objective is unknown or has no such method, the method has no such option, or the
        objective is not defined for the game: regret and ratio need a whole m, the ratio a budget
        of at most one unless uncapped, the regret else a whole one that leaves m points beside it.
    SolveError
        If the solver fails; it holds the solver's words.
    UncertifiedError
        A SolveError: if the certificate of the answer does not accept.

    References
    ----------
    Theory page: V1 to V3b, R1, R2, A1, A2.

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
    rows = rows_for(game, objective)
    row = rows[one_of(method, rows, "method")]
    certify = flag(certify, "certify")
    options = {
        "kernels": kernels,
        "threads": threads,
        "formulation": formulation,
        "algorithm": algorithm,
        "time_limit": time_limit,
        "constraints": constraints,
        "gap": gap,
        "max_steps": max_steps,
    }
    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        if name not in row.options:
            known = ", ".join(row.options) or "none"
            raise ValueError(f"{name} = {value!r} is no option of {method!r}; it has {known}")
    try:
        answer = row.solve(game, **given)
    except (SolveError, ValueError, TypeError, OSError, MemoryError):
        raise
    except Exception as error:
        raise SolveError(f"{method}: {error}") from error
    if certify:
        restricted = "constraints" in given
        rtol = max(row.rtol, float(gap or 0))
        asked(answer, game, objective, method, rtol, tuple(rows), restricted=restricted)
    return answer
