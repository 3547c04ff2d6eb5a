"""Options and refusals of the single solvers."""

import inspect

import numpy as np
import pytest

from radsim import SOLVERS, Game, SolveError, constrain, solve

GAME = Game([9, 7, 4, 4, 1, 1, 1], 2.5, 2, harms=[9, 1, 4, 2, 3, 1, 1])


@pytest.mark.parametrize("formulation", ["teacher", "learner"])
@pytest.mark.parametrize("algorithm", ["highs-ds", "highs-ipm"])
def test_both_programs_and_algorithms_agree(formulation, algorithm):
    found = solve(GAME, method="linprog", formulation=formulation, algorithm=algorithm)
    assert found.certificate.accepts(1e-8)
    assert found.value == pytest.approx(solve(GAME).value, rel=1e-8)
    assert found.stats["formulation"] == formulation


def test_unknown_options_are_named():
    with pytest.raises(ValueError, match="formulation = 'x'"):
        solve(GAME, method="linprog", formulation="x")
    with pytest.raises(ValueError, match="algorithm = 'x'"):
        solve(GAME, method="linprog", algorithm="x")


def test_a_solver_that_stops_early_raises_with_its_words(monkeypatch):
    from scipy.optimize import OptimizeResult

    from radsim.solvers import linprog

    stopped = OptimizeResult(status=1, message="Time limit reached.", x=None)
    monkeypatch.setattr(linprog, "linprog", lambda *args, **options: stopped)
    with pytest.raises(SolveError, match="Time limit reached"):
        solve(GAME, method="linprog")


def test_hedge_says_how_far_it_got():
    with pytest.raises(SolveError, match="hedge: gap"):
        solve(GAME, method="hedge", gap=1e-9, max_steps=300)


def test_hedge_gap_keeps_its_bound():
    game = Game([1, 0.5, 0.25, 0.2], 1)
    found = solve(game, method="hedge", gap=0.01)
    assert found.certificate.gap <= found.stats["bound"] * (1 + 1e-12)


def test_enumeration_refuses_large_pools():
    with pytest.raises(ValueError, match="at most 18 points, the game has 19"):
        solve(Game(np.ones(19), 1), method="enumeration")


def test_convex_takes_constraints_on_the_mistakes():
    # At most 0.4 of a mistake on each point: the largest gain cannot be shaved to the level.
    game = Game([1, 0.5, 0.25], 1)
    found = solve(game, method="convex", constraints=lambda l: [l <= 0.4])
    assert found.value == pytest.approx(0.2, abs=1e-7)
    assert found.certificate.accepts(1e-7)
    assert found.value > solve(game).value


def test_convex_records_its_solver():
    assert solve(GAME, method="convex").stats["solver"] in ("CLARABEL", "SCIPY", "SCS")


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("method", SOLVERS["plain", "value"])
def test_extreme_scales_in_every_solver(method, scale):
    game = Game(scale * np.array([1, 0.5, 0.25]), 1)
    found = solve(game, method=method)
    rtol = SOLVERS["plain", "value"][method].rtol
    assert abs(float(found.value) / scale - 1 / 7) <= min(0.02, max(rtol, 1e-15))
    assert found.certificate.accepts(rtol)


def test_every_option_of_a_row_is_named_by_solve_and_echoed():
    named = set(inspect.signature(solve).parameters) - {"game", "objective", "method"}
    values = {
        "kernels": "numpy",
        "threads": 2,
        "formulation": "teacher",
        "algorithm": "highs-ipm",
        "time_limit": 9.0,
        "constraints": lambda l: [l <= 0.9],
        "gap": 0.1,
        "max_steps": 5_000,
    }
    seen = set()
    for (kind, objective), rows in SOLVERS.items():
        game = {"plain": GAME, "constrained": constrain(GAME)}.get(kind)
        for method, row in rows.items() if game is not None else ():
            for option in row.options:
                stats = solve(game, objective, method, **{option: values[option]}).stats
                assert stats[option] is values[option] or stats[option] == values[option]
                seen.add(option)
    assert seen == named - {"certify"} == set(values)


@pytest.mark.parametrize("formulation", ["teacher", "learner"])
@pytest.mark.parametrize(
    ("game", "threshold"),
    [
        (Game([10, 3, 2], 1, budget=2, harm=0), 3),
        (Game([4, 3], 0), 8),
        (Game([1, 0.5, 0.25], 1), 2 / 7),
        (Game([4, 3, 2], 3, budget=2, abstain=False), 0),
    ],
)
def test_the_programs_know_the_price_of_a_mistake(formulation, game, threshold):
    found = solve(game, method="linprog", formulation=formulation)
    assert found.threshold == pytest.approx(threshold, abs=1e-9)
    assert solve(game).threshold == pytest.approx(threshold)
