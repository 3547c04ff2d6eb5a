"""A game that makes no array of harms or stakes says what one with both says, to the last bit."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim import Game, best_response, payoff, sample, solve, worst_case
from radsim.game import Count
from radsim.testing import games

MULTIPLES = st.sampled_from([0.0, 1.0, 0.1, 2.5, 1e-3, 1e200])
ARRAYS = {"harms", "stakes"}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(games(), MULTIPLES, st.sampled_from([1.0, 1e-300, 1e100, 5e-324]))
def test_what_is_made_late_is_what_is_made_at_once(drawn, multiple, unit):
    gains = unit * drawn.gains
    rules = {name: getattr(drawn, name) for name in ("mistakes", "budget", "capped", "abstain")}
    late = Game(gains, harm=multiple, **rules)
    with np.errstate(under="ignore"):
        harms = multiple * gains
    early = Game(gains, harms=harms, **rules)
    assert not ARRAYS & set(vars(late))
    assert late.digest() == early.digest()
    assert late.scale == early.scale and late.largest_stake == early.largest_stake
    assert early.largest_stake == early.stakes.max() and late.highest == gains.max()
    assert not ARRAYS & set(vars(late))
    again = pickle.loads(pickle.dumps(late))
    assert again.digest() == late.digest() and repr(again) == repr(late)
    for name, expected in (("harms", harms), ("stakes", gains + harms)):
        for game in (late, early, again):
            found = getattr(game, name)
            assert found.tobytes() == expected.tobytes() and found is getattr(game, name)
        assert not getattr(late, name).flags.writeable
    assert late.replace(budget=late.budget).digest() == late.digest()
    for part in (slice(None), slice(1, 3), np.array([0])):
        for found, whole in zip(late.points(part), (gains, harms, gains + harms), strict=True):
            assert found.tobytes() == whole[part].tobytes()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(games(), MULTIPLES.filter(lambda c: c < 1e9))
def test_answers_to_both_are_equal(drawn, multiple):
    rules = {name: getattr(drawn, name) for name in ("mistakes", "budget", "capped", "abstain")}
    late = Game(drawn.gains, harm=multiple, **rules)
    early = Game(drawn.gains, harms=multiple * drawn.gains, **rules)
    one, other = solve(late), solve(early)
    assert abs(one.value - other.value) <= 1e-12 * late.scale
    q, l = one.inclusion, one.mistake_probabilities
    assert worst_case(late, q)[0] == worst_case(early, q)[0]
    assert best_response(late, l)[0] == best_response(early, l)[0]
    assert payoff(late, q, l) == payoff(early, q, l)


@pytest.mark.parametrize("n", [100, 70_000])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5])
def test_no_array_is_made_on_the_way_from_gains_to_picks(n, share):
    budget = max(1, int(share * n))
    game = Game(np.random.default_rng(n).random(n), 0.1 * n, budget)
    solution = solve(game)
    picks = sample(solution.inclusion, "systematic", rng=0)
    assert len(picks) == budget
    assert game.digest() and repr(game) and worst_case(game, solution.inclusion)[0] > 0
    assert not ARRAYS & set(vars(game))


def test_a_game_stays_frozen():
    game = Game([1, 0.5], mistakes=1)
    for name in ("gains", "harms", "stakes", "multiple", "highest", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(game, name, 0)
    with pytest.raises(FrozenInstanceError):
        del game.gains
    for array in (game.gains, game.harms, game.stakes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"gains": [1, 1e308]}, r"gains\[1\] = 1e\+308 with harm 1e\+308 is too large"),
        ({"gains": [1, 2], "harm": 1e308}, r"gains\[1\] = 2.0 with harm inf is too large"),
        ({"gains": [1, 1], "harms": [1, 1.7e308]}, r"gains\[1\] = 1.0 with harm 1.7e\+308 is too"),
        ({"gains": [1e307, 1], "harms": [1, 9e307]}, r"gains\[1\] = 1.0 with harm 9e\+307 is too"),
    ],
)
def test_stakes_whose_sum_is_no_float_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        Game(mistakes=1, **arguments)


def test_large_gains_and_large_harms_of_other_points_are_no_large_stakes():
    # No bound from the largest of each would tell: 8e307 is fine, twice that is not.
    game = Game([4e307, 0], Count(0.5), harms=[0, 8e307])
    assert game.largest_stake == 8e307
