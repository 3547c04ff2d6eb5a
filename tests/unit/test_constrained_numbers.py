"""Constrained games by hand: worked numbers, edges, and what the door refuses."""

from fractions import Fraction as F

import numpy as np
import pytest

from radsim import SOLVERS, Game, best_response, payoff, solve, worst_case
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.greedy import shave
from radsim.simplex import maximise

CASES = [
    # A1, uncapped: group (4, 3) has level (2 - 1)/(1/4 + 1/3) = 12/7, group (2, 2) has 1.
    ("groups, b = 1", ([4, 3, 2, 2], [4, 3, 2, 2], [1, 1]), {"groups": [0, 0, 1, 1]}, F(12, 7)),
    # Shaved by (3/4, 1/4 | 1/2, 1/2) the gains are 1, 9/4, 1, 1: two queries earn 13/4.
    (
        "groups, b = 2",
        ([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2),
        {"groups": [0, 0, 1, 1]},
        F(13, 4),
    ),
    # One mistake in each group but only one in all: the plain m = 1, 3/(19/12).
    (
        "a total on top",
        ([4, 3, 2, 2], [4, 3, 2, 2], [1, 1]),
        {"groups": [0, 0, 1, 1], "total": 1},
        F(36, 19),
    ),
    # Overlapping rows {1, 2}, {2, 3}, one mistake each, uncapped: levels 12/7 and 6/5.
    (
        "overlapping",
        ([4, 3, 2], [4, 3, 2], [1, 1]),
        {"groups": [[1, 1, 0], [0, 1, 1]], "capped": False},
        F(12, 7),
    ),
    # A2: at most half a mistake on each: 1 - 2/2 = 0, 1/2 - 1/2 = 0, but the limit 1/8 protects.
    ("a protected point", ([1, 0.5, 0.25], [2, 1, 0.5], 1), {"limits": [0.5, 0.125, 0.5]}, F(3, 8)),
    # The level 1/7 of m = 1 stands: the limits are what the teacher wants, no less.
    ("limits that just bind", ([1, 0.5, 0.25], [2, 1, 0.5], 1), {"limits": [1, 1, 1]}, F(1, 7)),
    # Stakes below the gain: a wrong label of point 1 is still worth 3.
    ("wrong labels help", ([4, 1], [1, 1], 1), {}, F(3)),
    # Gains of any sign: the second is never asked.
    ("a bad point", ([2, -5, 1], [2, 1, 1], 1), {}, F(2, 3)),
    # Forced to spend three of four: less of the first means more of the last, which is worse.
    ("forced", ([3, 0, 0, -1], [3, 1, 1, 1], 1, 3), {"abstain": False}, F(0)),
    # Forced to spend all: the teacher takes the largest stake, 3 - 1 - 3.
    ("forced, all", ([3, 0, 0, -1], [3, 1, 1, 1], 1, 4), {"abstain": False}, F(-1)),
    # Costs, uncapped: gains per cost (4, 1), stakes per cost (4, 1), m = 1: 4 - 4 l = 1 - (1 - l).
    ("costs", ([4, 2], [4, 2], 1), {"costs": [1, 2], "capped": False}, F(4, 5)),
    # Costs, capped, budget 3 buys all: U = 6 - 4.
    ("costs buy all", ([4, 2], [4, 2], 1, 3), {"costs": [1, 2]}, F(2)),
    ("no mistakes", ([4, 3, 2, 2], [4, 3, 2, 2], [0, 0], 2), {"groups": [0, 0, 1, 1]}, F(7)),
    ("V just above zero", ([1, 1], [1, 1], 1.999), {}, F(1, 2) * (2 - F(1.999))),
    ("V just zero", ([1, 1], [1, 1], 2), {}, F(0)),
    ("no gains", ([0, -1], [1, 1], 1), {}, F(0)),
    ("ties", ([2, 2, 2, 2], [2, 2, 2, 2], [1, 1], 2), {"groups": [0, 0, 1, 1]}, F(2)),
    ("a point in no group", ([2, 1], [2, 1], [1], 1), {"groups": [[1, 0]]}, F(0)),
]


@pytest.mark.parametrize(
    ("arguments", "rules", "value"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_worked_value(arguments, rules, value):
    game = ConstrainedGame(*arguments, **rules)
    exact = solve(game, method="rational")
    assert exact.value == value
    assert exact.certificate.gap == 0
    closed = solve(game)
    assert closed.value == pytest.approx(float(value), rel=1e-12, abs=1e-15)
    assert closed.certificate.accepts(1e-12)
    for method, row in SOLVERS["constrained", "value"].items():
        found = solve(game, method=method)
        assert found.certificate.accepts(row.rtol), method
        assert abs(float(found.value) - value) <= max(row.rtol, 1e-12) * game.scale, method


def test_worked_strategies():
    game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    exact = solve(game, method="rational")
    assert list(exact.inclusion[:2]) == [F(3, 4), 1]
    assert sum(exact.inclusion) == 2
    value, l = worst_case(game, [0.75, 1, 0.125, 0.125])
    assert value == pytest.approx(13 / 4, rel=1e-15)
    assert l.tolist() == [1, 0, 1, 0]
    value, q = best_response(game, [0.75, 0.25, 0.5, 0.5])
    assert (value, q[1], q.sum()) == (3.25, 1, 2)
    assert payoff(game, [0.75, 1, 0, 0], [1, 0, 0, 0]) == 3


def test_best_replies_obey_limits_costs_and_overlaps():
    game = ConstrainedGame([4, 3, 2], [4, 3, 2], 1, 2, limits=[0.25, 0.5, 1], costs=[1, 1, 2])
    value, l = worst_case(game, [1, 1, 0.5])
    assert l.tolist() == [0.25, 0.5, 0.25]
    assert value == pytest.approx(8 - 1 - 1.5 - 0.25)
    value, q = best_response(game, [0, 1, 0])
    assert (value, q.tolist()) == (5, [1, 0, 0.5])
    free = game.replace(capped=False)
    assert best_response(free, [0, 1, 0])[1].tolist() == [2, 0, 0]
    # Overlapping rows: greed would take the middle point and stop; two outer ones bite more.
    crossed = ConstrainedGame([4, 5, 4], [4, 5, 4], [1, 1], 3, groups=[[1, 1, 0], [0, 1, 1]])
    assert not crossed.laminar
    for q in (np.ones(3), np.array([F(1)] * 3, dtype=object)):
        value, l = worst_case(crossed, q)
        assert value == pytest.approx(5, abs=1e-9)
        assert [round(float(x), 9) for x in l] == [1, 0, 1]


def test_overlapping_capped_games_have_no_closed_form():
    game = ConstrainedGame([4, 5, 4], [4, 5, 4], [1, 1], 2, groups=[[1, 1, 0], [0, 1, 1]])
    with pytest.raises(ValueError, match="groups overlap"):
        solve(game)
    assert solve(game, method="linprog").certificate.accepts(1e-9)


def test_nested_groups_are_shaved_greedily():
    rows = np.array([[True] * 4, [True, True, False, False]])
    found = shave(np.array([4.0, 3, 2, 1]), np.ones(4), rows, np.array([2.0, 1.0]))
    assert found.mistake_probabilities.tolist() == [1, 0, 1, 0]
    assert found.prices.tolist() == [1, 3]


def test_contamination_by_hand():
    game = Game([4, 2], 1, harm=0)
    mixed = contaminate(game, [1, 0], 0.5)
    # Gains (2, 2), stakes (2, 1): 2 - 2 l = 2 - (1 - l), so 4/3.
    assert solve(mixed, method="rational").value == F(4, 3)
    assert solve(contaminate(game, [1, 0], 0)).value == pytest.approx(4 / 3)
    assert solve(contaminate(game, [1, 0], 1)).value == 2
    grouped = constrain(game, groups=[0, 1], mistakes=[0.5, 0.5])
    assert contaminate(grouped, [1, 0], 0.5).mistakes.tolist() == [0.5, 0.5]


def test_a_forced_budget_that_costs_all_points():
    costs = [0.1] * 3  # their sum is not a float
    game = ConstrainedGame([1, 1, 1], [2, 2, 2], 1, sum(costs), costs=costs, abstain=False)
    assert solve(game, method="rational").certificate.gap == 0
    assert solve(game).value == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "rules", "words"),
    [
        (([], [], 0), {}, "gains has 0 entries"),
        (([1, np.nan], [1, 1], 1), {}, r"gains\[1\] = nan"),
        (([1, 2], [1, -1], 1), {}, r"stakes\[1\] = -1.0 must be finite and non-negative"),
        (([1, 2], [1], 1), {}, "stakes has 1 entries, gains has 2"),
        (([1, 2], [1, 1], 3), {}, r"mistakes\[0\] = 3.0 must be at most the 2 points"),
        (([1, 2], [1, 1], [1, 1]), {}, "mistakes must be a number"),
        (([1, 2], [1, 1], [1, -1]), {"groups": [0, 1]}, r"mistakes\[1\] = -1.0"),
        (([1, 2], [1, 1], [1, 1]), {"groups": [0, 2]}, r"groups\[1\] = 2"),
        (([1, 2], [1, 1], [1, 1]), {"groups": [0]}, "groups has 1 entries"),
        (
            ([1, 2], [1, 1], [1]),
            {"groups": [[1, 2]]},
            r"groups\[0, 1\] = 2.0 must be a whole number in \[0, 1\]",
        ),
        (([1, 2], [1, 1], [1]), {"groups": np.ones((2, 2))}, "groups must have shape"),
        (([1, 2], [1, 1], [1, 0]), {"groups": [0, 1], "total": 3}, "total = 3.0 must be at most"),
        (([1, 2], [1, 1], 1), {"limits": [0, 1.5]}, r"limits\[1\] = 1.5"),
        (([1, 2], [1, 1], 1), {"costs": [1, 0]}, r"costs\[1\] = 0.0 must be finite and positive"),
        (([1, 2], [1, 1], 1, 3), {}, r"budget = 3.0 must be in \(0, 2\]"),
        (([1, 2], [1, 1], 1, 0), {}, "budget = 0.0"),
        (([1e308, 1e308], [1e308, 1], 1), {}, r"gains\[0\] = 1e\+308"),
        ((["x"], [1], 0), {}, r"gains\[0\] = 'x' must be a number"),
    ],
)
def test_bad_games_name_the_culprit(arguments, rules, words):
    with pytest.raises(ValueError, match=words):
        ConstrainedGame(*arguments, **rules)


def test_bad_contamination_is_named():
    with pytest.raises(ValueError, match=r"weight = 1.5"):
        contaminate(Game([1, 2], 1), [0, 0], 1.5)
    with pytest.raises(ValueError, match=r"profile\[1\] = 2.0"):
        contaminate(Game([1, 2], 1), [0, 2], 0.5)


def test_unknown_routes_are_named():
    game = constrain(Game([1, 2], 1))
    with pytest.raises(ValueError, match="method = 'enumeration'"):
        solve(game, method="enumeration")


def test_simplex_method():
    x, y = maximise([F(1), F(1)], [[F(1), F(2)], [F(3), F(1)]], [F(4), F(6)])
    assert (x, y) == ([F(8, 5), F(6, 5)], [F(2, 5), F(1, 5)])
    with pytest.raises(ValueError, match="unbounded"):
        maximise([F(1)], [[F(-1)]], [F(0)])
    with pytest.raises(ValueError, match=r"bounds\[0\] = -1"):
        maximise([F(1)], [[F(1)]], [F(-1)])
    # Beale's degenerate program, on which the usual pivoting rule cycles for ever.
    rows = [[F(1, 4), F(-8), F(-1), F(9)], [F(1, 2), F(-12), F(-1, 2), F(3)], [0, 0, F(1), 0]]
    x, _ = maximise([F(3, 4), F(-20), F(1, 2), F(-6)], rows, [F(0), F(0), F(1)])
    assert x == [1, 0, 1, 0]


@pytest.mark.parametrize("unit", [1e-10, 1e-6, 1.0, 1e6, 1e12])
@pytest.mark.parametrize("capped", [True, False])
@pytest.mark.parametrize("method", SOLVERS["constrained", "value"])
def test_the_unit_of_costs_and_budget_does_not_matter(method, capped, unit):
    costs = np.array([1.0, 2, 1])
    rules = dict(gains=[4, 3, 2], stakes=[8, 6, 4], mistakes=1, capped=capped)
    game = ConstrainedGame(**rules, budget=1.5 * unit, costs=unit * costs)
    exact = solve(ConstrainedGame(**rules, budget=1.5, costs=costs), method="rational").value
    found, row = solve(game, method=method), SOLVERS["constrained", "value"][method]
    assert found.certificate.accepts(row.rtol)
    assert abs(float(found.value) - float(exact)) <= max(row.rtol, 1e-12) * game.scale
