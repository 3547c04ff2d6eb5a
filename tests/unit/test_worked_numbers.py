"""The worked numbers and counterexamples of the theory, by hand, in exact arithmetic."""

from fractions import Fraction as F

import numpy as np
import pytest

from radsim import Game, best_response, solve, water_level, worst_case
from radsim.game import Count

CASES = [
    # gains, m, keyword arguments, value
    ([1, 0.5, 0.25], 1, {"harm": 0}, F(1, 3)),
    ([1, 0.5, 0.25], 1, {"harm": 1}, F(1, 7)),
    ([10, 5, 5, 2, 2, 1], 1, {}, F(2)),
    ([10, 5, 5, 2, 2, 1], 2, {}, F(4, 5)),
    ([9, 7, 4, 4, 1, 1, 1], 3, {"harm": 1}, F(126, 473)),
    ([9, 7, 4, 4, 1, 1, 1], 3, {"harm": 0}, F(126, 95)),
    ([1, 0.5, 0.25], 0.5, {"harms": [1, 1, 1]}, F(2, 7)),
    ([10, 3, 2], 1, {"budget": 2, "harm": 0}, F(22, 5)),
    ([10, 10, 5, 2, 1], 4, {"abstain": False}, F(-1)),
    ([10, 10, 5, 2, 1], 4, {}, F(0)),
    ([1, 1, 0.25], 0.5, {}, F(1, 2)),
    ([1, 1, 0.5], 0.5, {}, F(1, 2)),
    ([1, 1, 0.75], 0.5, {}, F(3, 5)),
]


@pytest.mark.parametrize(("gains", "m", "rules", "value"), CASES)
def test_worked_value(gains, m, rules, value):
    game = Game(gains, Count(m), **rules)
    exact = solve(game, method="rational")
    assert exact.value == value
    assert exact.certificate.gap == 0
    assert solve(game).value == pytest.approx(float(value), rel=1e-14, abs=1e-15)
    assert solve(game).certificate.accepts(1e-13)


def test_worked_strategies():
    solution = solve(Game([1, 0.5, 0.25], 1), method="rational")
    assert list(solution.inclusion) == [F(1, 7), F(2, 7), F(4, 7)]
    assert list(solution.mistake_probabilities) == [F(3, 7), F(5, 14), F(3, 14)]
    solution = solve(Game([1, 0.5, 0.25], 1, harm=0), method="rational")
    assert list(solution.inclusion) == [F(1, 3), F(2, 3), 0]
    assert list(solution.mistake_probabilities) == [F(2, 3), F(1, 3), 0]


def test_fractional_point_at_the_level():
    solution = solve(Game([10, 3, 2], 1, budget=2, harm=0), method="rational")
    assert list(solution.inclusion) == [F(3, 10), 1, F(7, 10)]
    assert solution.level == 2


def test_no_guarantee_returns_no_distribution():
    for method in ("closed_form", "rational"):
        solution = solve(Game([3, 2, 1], 2), method=method)
        assert solution.value == 0
        assert not np.any(solution.inclusion)
        assert solution.certificate.accepts(0)


def test_no_mistakes_takes_the_largest_gains():
    solution = solve(Game([3, 2, 1], 0, budget=2))
    assert solution.inclusion.tolist() == [1, 1, 0]
    assert solution.value == 5


def test_extreme_scales():
    for scale in (1e-300, 1e-12, 1e12, 1e300):
        solution = solve(Game(scale * np.array([1, 0.5, 0.25]), 1))
        assert solution.value == pytest.approx(scale / 7, rel=1e-13)
        assert solution.certificate.accepts(1e-13)
    mixed = solve(Game([1e300, 1e-300, 1e-300], 1))
    assert mixed.value == pytest.approx(0.25e-300, rel=1e-12)


def test_best_replies():
    game = Game([4, 2, 0], 1.5, budget=2)
    value, l = worst_case(game, [1, 1, 0])
    assert l.tolist() == [1, 0.5, 0]
    assert value == -4
    value, q = best_response(game, [1, 0, 0])
    assert (value, q.tolist()) == (2, [0, 1, 0])
    value, q = best_response(game.replace(abstain=False), [1, 0, 0])
    assert (value, q.tolist()) == (2, [0, 1, 1])


def test_water_level_without_sorting_matches_the_prefix_form():
    rng = np.random.default_rng(1)
    g = 1 + rng.pareto(1.1, 50_000)
    for m in (1.0, 0.3 * len(g)):
        order = np.sort(g)[::-1]
        ratio = (np.arange(1, len(g) + 1) / 2 - m) / np.cumsum(1 / (2 * order))
        assert water_level(g, 2 * g, m).level == pytest.approx(ratio.max(), rel=1e-11)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, float("nan")], 1), r"gains\[1\] = nan"),
        (([1, -2], 1), r"gains\[1\] = -2.0"),
        (([[1, 2]], 1), r"gains must be one-dimensional"),
        (([], 0), "gains has 0 entries"),
        (([1, 2], 3), "mistakes = 3.0 must be at most n = 2"),
        (([1, 2], 1, 3), r"budget = 3.0 must be in \(0, 2\]"),
        (([1, 2], 1, 0), "budget = 0.0"),
        (([1, 2], 1, 1, -1), "harm = -1.0"),
        (([1.7e308, 1.7e308], 1), "must be finite"),
        ((["x"], 0), r"gains\[0\] = 'x' must be a number"),
    ],
)
def test_bad_games_name_the_culprit(arguments, words):
    with pytest.raises(ValueError, match=words):
        Game(*arguments)


def test_unknown_method_and_objective():
    with pytest.raises(ValueError, match="method = 'magic'"):
        solve(Game([1], 0), method="magic")
    with pytest.raises(ValueError, match="objective = 'luck'"):
        solve(Game([1], 0), objective="luck")


def test_game_is_frozen():
    gains = np.array([1.0, 2.0])
    game = Game(gains, 1)
    gains[0] = 5
    assert game.gains[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        game.gains[0] = 2
