"""What the theory page says where a hypothesis ends: each with the game that shows it."""

from fractions import Fraction

import numpy as np
import pytest

from radsim import Game, constrain, draw_instance, solve, worst_case
from radsim.claims.value import VALUE_CLAIMS
from radsim.game import Count
from radsim.sampling import DESIGNS, law


def value(*arguments, **rules):
    return solve(Game(*arguments, **rules), method="rational").value


@pytest.mark.parametrize("lam", [0, 0.25, 1])
def test_the_brackets_of_v3_have_no_threshold_beyond_the_sum_of_the_shares(lam):
    game = Game([1, 1, 0.5], 2, budget=2)  # sum g/s = 3/2 < m
    assert value([1, 1, 0.5], 2, budget=2) == 0
    need = np.maximum(0, game.gains - lam) / game.stakes
    for tau in (0, 0.5, 1, 2, 3):
        assert need[game.stakes >= tau].sum() < game.mistakes
    assert solve(game).inclusion.tolist() == [0, 0, 0]
    # At the sum itself there is one.
    edge = game.replace(mistakes=1.5)
    assert (edge.gains / edge.stakes).sum() == edge.mistakes
    assert value([1, 1, 0.5], 1.5, budget=2) == 0


def test_a_forced_budget_may_rest_on_a_point_of_no_gain():
    # On the points of positive gain V3b's formula says -1.
    assert value([1, 0], 2, abstain=False) == 0
    assert value([1], 1, abstain=False) == -1
    # And with harm at that point it costs something.
    assert value([1, 0], 2, harms=[1, 0.5], abstain=False) == Fraction(-1, 2)


def test_forced_budgets_lose_from_the_first_query_on_beyond_the_sum_of_the_shares():
    for budget in (0.25, 0.5, 1):
        assert value([1, 1], 2, budget, abstain=False) == -Fraction(budget)
        assert value([1, 1], 2, budget) == 0


def test_v3b_at_one_query_is_not_its_formula_at_two():
    # g = (10, 10, 5, 2, 1), m = 4, c = 1: -1 at b = 1, and -3 at b = 2, not twice -1.
    gains = [10, 10, 5, 2, 1]
    assert value(gains, 4, abstain=False) == -1
    assert value(gains, 4, 2, abstain=False) < -2


def test_a_capped_group_game_is_not_the_best_group():
    game = constrain(Game([4, 3, 2, 2], 0, budget=2, harm=0), groups=[0, 0, 1, 1], mistakes=[1, 1])
    best = max(value([4, 3], 1, harm=0), value([2, 2], 1, harm=0))
    found = solve(game, method="rational").value
    assert solve(game.replace(capped=False), method="rational").value == 2 * best
    assert found < 2 * best


def test_a_capped_budget_of_two_is_not_twice_one():
    assert value([10, 3, 2], 1, 2, harm=0) == Fraction(22, 5)
    assert 2 * value([10, 3, 2], 1, harm=0) > Fraction(22, 5)


def test_the_value_may_fall_when_a_forced_budget_grows():
    gains = [4, 1]
    values = [value(gains, 1, b, harm=1, abstain=False) for b in (0.5, 1, 2)]
    assert values[2] < values[1]


@pytest.mark.parametrize("mistakes", [Count(0.5), 1, 1.5, 2.5])
def test_v6_costs_no_more_than_it_says_and_that_much_at_whole_m(mistakes):
    gains, c, e = np.array([9.0, 7, 5, 4, 4]), 0.5, 0.1
    game = Game(gains, mistakes, harm=c)
    q = solve(game).inclusion
    on = q > 0
    bound = solve(game).value - e * (on.sum() + (c - 1) * mistakes) / np.sum(1 / gains[on])
    corners = 1 + e * (2 * ((np.arange(32)[:, None] >> np.arange(5)) & 1) - 1)
    worst = min(worst_case(Game(gains * x, mistakes, harm=c), q)[0] for x in corners)
    assert worst >= bound - 1e-12
    assert (worst <= bound + 1e-12) == (mistakes == int(mistakes))


def test_pivotal_has_the_same_q_in_each_order_and_no_positive_covariance():
    q = np.array([0.3, 0.7, 0.5, 0.9, 0.6])
    assert DESIGNS["pivotal"].associated == "rayleigh"
    found = law(q, "pivotal")
    assert np.abs(found.probability @ found.outcomes - q).max() <= 1e-12
    pairs = found.joint() - np.outer(q, q)
    np.fill_diagonal(pairs, 0)
    assert pairs.max() <= 1e-12


def test_claims_of_forced_budgets_count_points_of_no_gain():
    claim = next(claim for claim in VALUE_CLAIMS if claim.id == "V3b")
    game = Game([1, 0], 2, abstain=False)
    assert claim.applies(game)
    for item in claim.compare(game, "rational", np.random.default_rng(0)):
        assert item.bound == pytest.approx(0, abs=1e-12)


def test_v5_and_v3a_at_ties_zeros_and_fractions():
    for seed in range(200):
        game = draw_instance(rng=seed).game.replace(budget=1, abstain=True)
        solution = solve(game)
        if not solution.value > 0:
            continue
        s, q = game.stakes, solution.inclusion
        on = q > 0
        density = np.sum(1 / s[on])
        for m in (0, Count(0.5), Count(game.n / 2), game.n):
            bound = (np.sum(game.gains[on] / s[on]) - min(m, on.sum())) / density
            assert worst_case(game.replace(mistakes=m), q)[0] == pytest.approx(
                bound, abs=1e-9 * game.stakes.max()
            )
