"""The enclosure of a float solution holds the exact value, in every regime, and is narrow."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solvers import games

from radsim import SOLVERS, ConstrainedGame, Game, draw_instance, enclose, solve


@settings(max_examples=400, deadline=None, derandomize=True)
@given(games())
def test_holds_the_exact_value(game):
    proof = enclose(solve(game))
    exact = solve(game, method="rational").value
    assert proof.lower <= exact <= proof.upper
    assert proof.accepts(1e-13)
    low, high = proof.interval
    assert Fraction(low) <= proof.lower and proof.upper <= Fraction(high)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(games(), st.data())
def test_holds_the_exact_value_whatever_the_strategies(game, data):
    numbers = st.lists(st.floats(-1, 3), min_size=game.n, max_size=game.n)
    wrong = replace(
        solve(game),
        inclusion=np.array(data.draw(numbers)),
        mistake_probabilities=np.array(data.draw(numbers)),
    )
    proof = enclose(wrong)
    assert proof.lower <= solve(game, method="rational").value <= proof.upper


@pytest.mark.parametrize("method", SOLVERS["plain", "value"])
def test_takes_every_method(method):
    rng = np.random.default_rng(3)
    for _ in range(5):
        game = draw_instance(rng=rng, largest_n=6).game
        proof = enclose(solve(game, method=method))
        assert proof.lower <= solve(game, method="rational").value <= proof.upper
        assert proof.accepts(SOLVERS["plain", "value"][method].rtol + 1e-15)


REGIMES = {
    "water level": dict(budget=100),
    "capped": dict(budget=50_000.5),
    "uncapped": dict(budget=7, capped=False),
    "forced": dict(budget=90_000, abstain=False),
    "forced, uncapped": dict(budget=3, capped=False, abstain=False),
}


@pytest.mark.parametrize("mistakes", [1_000, 1_234.5])
@pytest.mark.parametrize("regime", REGIMES)
def test_a_hundred_thousand_points(regime, mistakes):
    rng = np.random.default_rng(0)
    for gains in (rng.random(100_000), 1 + rng.pareto(1.1, 100_000)):
        solution = solve(Game(gains, mistakes, **REGIMES[regime]))
        proof = enclose(solution)
        assert proof.gap <= Fraction(1e-12) * proof.lower  # relative to the value itself
        assert proof.accepts(1e-15)


def test_extreme_data():
    gains = [1e300, 1.0, 1e-300, 0.0]
    for abstain in (True, False):
        game = Game(gains, 1, 2, abstain=abstain)
        proof = enclose(solve(game))
        exact = solve(game, method="rational").value
        assert proof.lower <= exact <= proof.upper
        assert proof.accepts(1e-15)


def test_refuses_what_it_cannot_enclose():
    solution = solve(Game([1, 0.5], 1))
    with pytest.raises(ValueError, match=r"inclusion\[1\] = inf must be finite"):
        enclose(replace(solution, inclusion=np.array([0.5, np.inf])))
    with pytest.raises(ValueError, match="shape"):
        enclose(replace(solution, mistake_probabilities=np.zeros(3)))
    restricted = solve(solution.game, method="convex", constraints=lambda l: [l <= 0.5])
    with pytest.raises(ValueError, match="restricted by convex constraints"):
        enclose(restricted)


FRACTIONS = solve(Game([1, 0.5, 0.25], 1), method="rational")


def test_fractions_and_objects_are_made_feasible_too():
    doubled = enclose(replace(FRACTIONS, inclusion=2 * FRACTIONS.inclusion))
    assert doubled.lower <= Fraction(1, 7) == doubled.upper
    rng = np.random.default_rng(4)
    for _ in range(400):
        game = draw_instance(rng=rng, largest_n=5).game
        q, l = (rng.uniform(-0.5, 2, game.n).astype(object) for _ in range(2))
        proof = enclose(replace(solve(game), inclusion=q, mistake_probabilities=l))
        assert proof.lower <= solve(game, method="rational").value <= proof.upper


@pytest.mark.parametrize("groups", [[0, 0, 1, 1], [[1, 1, 1, 0], [0, 1, 1, 1]]])
def test_constrained_games_are_enclosed(groups):
    game = ConstrainedGame([4, 3, 2, 2], [4, 3, 5, 2], [1, 0.5], 1.3, groups=groups, capped=False)
    exact = solve(game, method="rational").value
    for method in SOLVERS["constrained", "value"]:
        proof = enclose(solve(game, method=method))
        assert proof.lower <= exact <= proof.upper
        assert proof.accepts(SOLVERS["constrained", "value"][method].rtol + 1e-13)


@pytest.mark.parametrize("objective", ["regret", "ratio"])
def test_regret_and_ratio_are_enclosed(objective):
    game = Game([4, 2.5, 1, 0.3], 1, harms=[1, 0, 2, 0.1])
    exact = solve(game, objective, "rational").value
    proof = enclose(solve(game, objective))
    assert proof.lower <= exact <= proof.upper
    assert proof.accepts(1e-14)
