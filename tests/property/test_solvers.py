"""All routes agree, and the value has the shape that V4 says, on games that Hypothesis draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim import SOLVERS, Game, draw_instance, solve
from radsim.game import Count
from radsim.testing import games

ROWS = SOLVERS["plain", "value"]
# A name of its own, for Hypothesis derives its draws from the text of the test.
EXAMPLES = {method: row.examples for method, row in ROWS.items()}


@pytest.mark.parametrize("method", ROWS)
def test_certified_and_equal_to_the_exact_value(method):
    row = ROWS[method]

    @settings(max_examples=EXAMPLES[method], deadline=None, derandomize=True)
    @given(games((1, min(7, row.largest_n))))
    def run(game):
        solution = solve(game, method=method)
        assert solution.certificate.accepts(row.rtol)
        exact = solve(game, method="rational")
        assert exact.certificate.gap == 0
        assert abs(float(solution.value) - float(exact.value)) <= row.rtol * game.scale

    run()


@pytest.mark.parametrize("method", ROWS)
@pytest.mark.parametrize("capped", [True, False])
@pytest.mark.parametrize("budget", [0.35, 1.0, 2.0])
def test_a_pool_without_gains_is_worth_nothing(method, capped, budget):
    game = Game([0, 0], Count(0.6), budget, harms=[1, 0.1], capped=capped)
    solution = solve(game, method=method)
    assert solution.value == 0
    assert solution.certificate.accepts(0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(games(), st.integers(-40, 40), st.randoms(use_true_random=False))
def test_reformulations(game, power, random):
    value, tol = solve(game).value, 1e-12 * game.scale
    r = 2.0**power
    scaled = game.replace(gains=r * game.gains, harms=r * game.harms)
    assert abs(solve(scaled).value - r * value) <= r * tol
    order = list(range(game.n))
    random.shuffle(order)
    moved = game.replace(gains=game.gains[order], harms=game.harms[order])
    assert abs(solve(moved).value - value) <= tol
    # Every point twice, twice the mistakes and the budget: twice the value (capped).
    if game.capped:
        twice = game.replace(
            gains=np.tile(game.gains, 2),
            harms=np.tile(game.harms, 2),
            mistakes=Count(2 * game.mistakes),
            budget=2 * game.budget,
        )
        assert abs(solve(twice).value - 2 * value) <= 4 * tol
    # A dominated point, worth nothing and costing much, is never needed.
    if game.abstain:
        more = game.replace(gains=np.append(game.gains, 0), harms=np.append(game.harms, 9))
        assert abs(solve(more).value - value) <= tol


@settings(max_examples=200, deadline=None, derandomize=True)
@given(games(), st.floats(0, 1))
def test_monotone_and_convex_in_m(game, weight):
    ends = [solve(game.replace(mistakes=Count(m))).value for m in (0, game.n)]
    value = solve(game.replace(mistakes=Count(weight * game.n))).value
    tol = 1e-12 * game.scale
    assert ends[1] - tol <= value <= ends[0] + tol
    assert value <= (1 - weight) * ends[0] + weight * ends[1] + tol


def test_a_thousand_well_conditioned_values_to_1e13():
    worst, count, seed = 0.0, 0, 0
    while count < 1000:
        game = draw_instance(rng=np.random.default_rng([7, seed])).game
        seed += 1
        exact = float(solve(game, method="rational").value)
        # Well-conditioned: the value is not the small difference of large numbers.
        if exact == 0 or abs(exact) < 1e-2 * game.scale:
            continue
        count += 1
        worst = max(worst, abs(solve(game).value - exact) / abs(exact))
    assert worst <= 1e-13
