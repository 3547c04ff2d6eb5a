r"""Checks of a solver: both strategies certified, the value exact, in any order and any unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy, builds, just

from radsim.data.instances import Instance
from radsim.game import Game
from radsim.solution import Solution
from radsim.solvers import Solver, solve
from radsim.testing.checks import Broken, Check, relabelled, scaled
from radsim.testing.run import Run
from radsim.testing.strategies import games

__all__ = ["SOLVER_CHECKS"]


def _solve(solver: Solver, game: Game) -> Solution:
    solution = solver.solve(game)
    if not isinstance(solution, Solution):
        raise Broken(f"returns {type(solution).__name__}, not a Solution")
    return solution


def _certificate(solver: Solver, case: Instance, run: Run) -> float:
    found = _solve(solver, case.game).certificate
    if not found.accepts(solver.rtol):
        raise Broken(
            f"value {float(found.value):.10g}, strategies prove [{float(found.lower):.10g}, "
            f"{float(found.upper):.10g}], infeasibility {float(found.infeasibility):.2g}"
        )
    return solver.rtol - abs(float(found.gap)) / (case.game.scale or 1.0)


def _near(solver: Solver, game: Game, value: Any, other: Any, words: str) -> float:
    gap = abs(float(value) - float(other))
    if not gap <= max(solver.rtol, 1e-12) * game.scale:
        raise Broken(f"value {float(value):.10g}, {words} {float(other):.10g}")
    return max(solver.rtol, 1e-12) - gap / (game.scale or 1.0)


def _exact(solver: Solver, case: Instance, run: Run) -> float:
    exact = solve(case.game, method="rational").value
    return _near(solver, case.game, _solve(solver, case.game).value, exact, "exactly")


def _permutation(solver: Solver, case: Instance, run: Run) -> float:
    order = np.random.default_rng([run.seed, 1]).permutation(case.game.n)
    other = _solve(solver, relabelled(case, order).game).value
    return _near(solver, case.game, _solve(solver, case.game).value, other, "in another order")


def _scale(solver: Solver, case: Instance, run: Run) -> float:
    value, slacks = _solve(solver, case.game).value, []
    for power in (-40, 40):
        other = float(_solve(solver, scaled(case, 2.0**power).game).value) / 2.0**power
        words = f"in a unit 2^{power} times as large"
        slacks.append(_near(solver, case.game, value, other, words))
    return min(slacks)


def _repeat(solver: Solver, case: Instance, run: Run) -> float:
    first, second = (_solve(solver, case.game) for _ in range(2))
    if first.value != second.value or not np.array_equal(first.inclusion, second.inclusion):
        raise Broken(f"value {float(first.value)!r} and then {float(second.value)!r}")
    return float("inf")


def _cases(solver: Solver, run: Run) -> SearchStrategy[Instance]:
    return builds(Instance, just("drawn"), games((1, min(6, solver.largest_n))))


def _hopeless(solver: Solver, run: Run) -> list[Instance]:
    made = [Game([0], 0), Game([0, 0], 1, 1.5), Game([1, 1], 1), Game([3, 2, 1], 3, 2)]
    return [Instance("no guarantee", game) for game in made]


def _nothing(solver: Solver, case: Instance, run: Run) -> float:
    value = float(_solve(solver, case.game).value)
    if not abs(value) <= max(solver.rtol, 1e-12) * (case.game.scale or 1.0):
        raise Broken(f"value {value:.10g} where no selection has a positive guarantee")
    return _certificate(solver, case, run)


SOLVER_CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        Check("no_guarantee", "contract", "hopeless games are worth nothing", _nothing, _hopeless),
        Check("certificate", "contract", "both strategies meet at the value", _certificate, _cases),
        Check("exact_value", "contract", "the value is that of exact arithmetic", _exact, _cases),
        Check("permutation", "contract", "the order does not matter", _permutation, _cases),
        Check("scale", "contract", "the unit does not matter", _scale, _cases),
        Check("repeat", "contract", "the same game gives the same solution", _repeat, _cases),
    )
}
