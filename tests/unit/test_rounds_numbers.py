"""N1 and N2 by hand: numbers, the counterexample without h >= 0, refusals, forgers."""

from fractions import Fraction

import numpy as np
import pytest

from radsim import Game, solve
from radsim.extensions import (
    PriceHedge,
    RoundsGame,
    certify_rounds,
    design_at_price,
    solve_rounds,
)
from radsim.game import Count
from radsim.simplex import maximise

POOL = [10, 3, 2]  # at b = 2, m = 1, h = 0: V = 22/5 at the price 3 (V3)


def solved(*given, **options):
    solution = solve_rounds(RoundsGame(*given, **options))
    assert solution.certificate.accepts(1e-12)
    return solution


def test_one_round_is_the_game():
    solution = solved([POOL], 1, 2, 0)
    assert solution.value == pytest.approx(22 / 5, abs=1e-14)
    assert solution.price == pytest.approx(3, abs=1e-14)
    assert solution.inclusion[0] == pytest.approx([0.3, 1, 0.7], abs=1e-14)


def test_two_rounds_by_hand():
    # One point each, gains 1 and 2, h = 0: sum A is 2 tau up to tau = 1, and 1 + tau from there.
    solution = solved([[1], [2]], 1.5, harm=0)
    assert (solution.value, solution.price) == pytest.approx((0.5, 1), abs=1e-15)
    # q = (1, 1/2): 1 + 1 - 3/2.
    assert np.concatenate(solution.inclusion) == pytest.approx([1, 0.5], abs=1e-15)
    assert solution.split == pytest.approx([0.5, 1], abs=1e-15)


def test_without_mistakes_everything_is_taken():
    solution = solved([POOL, [4, 0]], 0, [2, 1])
    assert solution.value == 10 + 3 + 4
    assert solution.split.tolist() == [0, 0]


def test_no_round_is_worth_anything_against_enough_mistakes():
    # h = g: half a mistake shaves a gain to nothing.
    solution = solved([POOL, [1, 1, 0]], Count(2.5))
    assert (solution.value, solution.price) == (0, 0)
    assert sum(q.sum() for q in solution.inclusion) == 0


def test_rounds_without_gain():
    assert solved([[0, 0], [0]], 1).value == 0
    alone, beside = solved([POOL], 1, 2), solved([POOL, [0, 0]], 1, 2, harms=[POOL, [5, 0]])
    assert beside.value == pytest.approx(alone.value, abs=1e-14)


@pytest.mark.parametrize("unit", [1e-300, 1e-12, 1e12, 1e300])
def test_the_unit_of_the_gains_does_not_matter(unit):
    gains = [np.array(POOL) * unit, np.array([4.0, 1]) * unit]
    right = solved([POOL, [4, 1]], 1.5).value
    assert solved(gains, 1.5).value / unit == pytest.approx(right, rel=1e-13)


def test_order_of_rounds_and_of_points_does_not_matter():
    value = solved([POOL, [4, 1, 1]], 1.5, [2, 1]).value
    assert solved([[1, 4, 1], POOL[::-1]], 1.5, [1, 2]).value == pytest.approx(value, rel=1e-14)


def test_fractional_budgets_and_mistakes():
    game = RoundsGame([POOL, [4, 1]], 1.25, [1.5, 0.25], harms=[[1, 2, 3], [0, 7]])
    solution = solve_rounds(game)
    assert solution.certificate.accepts(1e-12)
    parts = [solve(game.round(t, m)).value for t, m in enumerate(solution.split)]
    assert sum(parts) == pytest.approx(solution.value, abs=1e-14)


# --- h >= 0 is needed ---


def test_stakes_below_the_gains_refute_the_form_by_prices():
    """g = (1, 1), s = (1/2, 1/8), b = 2, m = 3/2: V = 23/16; no price gives more than 5/4."""
    g, s, m = np.ones(2), np.array([0.5, 0.125]), Fraction(3, 2)
    # max q.g - m y - sum v, s q - y - v <= 0, q <= 1, in fractions.
    half, eighth, one = Fraction(1, 2), Fraction(1, 8), Fraction(1)
    rows = [
        [half, 0, -one, -one, 0],
        [0, eighth, -one, 0, -one],
        [one, 0, 0, 0, 0],
        [0, one, 0, 0, 0],
    ]
    profit = [one, one, -m, -one, -one]
    x, _ = maximise(
        profit, [[Fraction(a) for a in row] for row in rows], [Fraction(0)] * 2 + [one] * 2
    )
    assert sum(a * c for a, c in zip(profit, x, strict=True)) == Fraction(23, 16)
    prices = np.append(np.linspace(0, 1, 1001), [0.5, 0.125])
    worth = design_at_price(g, s, 2.0, prices[:, None]) @ g - float(m) * prices
    assert worth.max() == pytest.approx(5 / 4, abs=1e-12)


# --- A certificate refuses what is forged ---


def forgeries(solution):
    q, l, v = solution.inclusion, solution.mistake_probabilities, solution.value
    nan = float("nan")
    yield "value 5 % up", q, l, 1.05 * v
    yield "value 5 % down", q, l, 0.95 * v
    yield "no value", q, l, nan
    yield "twice the mistakes", q, [2 * x for x in l], v
    yield "half of the mistakes", q, [x / 2 for x in l], v
    yield "rounds exchanged", q[::-1], l, v
    yield "designs rolled", [np.roll(x, 1) for x in q], l, v
    yield "more budget", [1.2 * x for x in q], l, v
    yield "negative", [x - 0.1 for x in q], l, v
    yield "an entry that is no number", [q[0] * nan, *q[1:]], l, v
    yield "each round against all mistakes", *_apart(solution.game)


def _apart(game):
    alone = [solve(game.round(t, game.mistakes)) for t in range(game.n_rounds)]
    return (
        [one.inclusion for one in alone],
        [one.mistake_probabilities for one in alone],
        sum(one.value for one in alone),
    )


def test_forged_answers_are_refused():
    game = RoundsGame([POOL, [6, 5, 1]], 2, [2, 1])
    solution = solve_rounds(game)
    assert solution.certificate.accepts(1e-12)
    accepted = [
        says
        for says, q, l, value in forgeries(solution)
        if certify_rounds(game, q, l, value).accepts(1e-6)
    ]
    assert accepted == []


# --- Refusals ---


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: RoundsGame([], 0), "gains has no round"),
        (lambda: RoundsGame(3, 0), "gains = 3 must be a sequence of rounds"),
        (lambda: RoundsGame("ab", 0), "gains = 'ab' must be a sequence of rounds"),
        (lambda: RoundsGame([[1], []], 0), r"gains\[1\] has 0 entries"),
        (lambda: RoundsGame([[1], [1, np.nan]], 0), r"gains\[1\]\[1\] = nan"),
        (lambda: RoundsGame([[1], [1]], 3), "mistakes = 3.0 must be at most n = 2"),
        (lambda: RoundsGame([[1], [1]], -1), "mistakes = -1"),
        (lambda: RoundsGame([[1], [1]], 1, 2), r"budget\[0\] = 2.0 must be at most 1"),
        (lambda: RoundsGame([[1], [1]], 1, [1]), "budget has 1 entries, gains has 2"),
        (lambda: RoundsGame([[1], [1]], 1, [1, 0]), r"budget\[1\] = 0.0"),
        (lambda: RoundsGame([[1], [1]], 1, harms=[[1]]), "harms has 1 rounds, gains has 2"),
        (lambda: RoundsGame([[1], [1]], 1, harms=[[1], [1, 2]]), r"harms\[1\] has 2 entries"),
        (lambda: RoundsGame([[1], [1]], 1, harms=[[1], [-1]]), r"harms\[1\]\[0\] = -1.0"),
        (lambda: RoundsGame([[1], [1, 1e308]], 1), r"gains\[1\]\[1\] = 1e\+308"),
        (lambda: solve_rounds(Game([1], 1)), "game = .* must be of type RoundsGame"),
        (
            lambda: certify_rounds(RoundsGame([[1]], 1), [[1], [1]], [[0]], 0),
            "inclusion has 2 rounds, the game has 1",
        ),
        (
            lambda: certify_rounds(RoundsGame([[1]], 1), [[1]], [[0, 0]], 0),
            r"mistake_probabilities\[0\]",
        ),
        (lambda: PriceHedge(0, 3), "n_rounds = 0"),
        (lambda: PriceHedge(9, 3, budget=4), "budget = 4.0"),
        (lambda: PriceHedge(9, 3, tolerance=0), "tolerance = 0.0"),
        (lambda: PriceHedge(9, 3, tolerance=1e-9), "needs .* prices"),
        (lambda: PriceHedge(9, 3, largest_gain=1e308), "must be floats"),
        (lambda: PriceHedge(9, 2).inclusion([1, 1, 1]), "gains has 3 entries, must have at most n"),
        (lambda: PriceHedge(9, 2).inclusion([1, 2]), r"gains\[1\] = 2.0"),
        (lambda: PriceHedge(9, 2).inclusion([1, 1], harm=3), r"harms\[0\] = 3.0 must be at most"),
        (lambda: PriceHedge(9, 2).after([1, 1], [0, 2]), r"mistakes\[1\] = 2.0"),
        (lambda: PriceHedge(9, 2).after([1, 1], [0]), "mistakes has 1 entries"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_rate_for_a_count_warns():
    with pytest.warns(UserWarning, match="read as a count"):
        RoundsGame([[1, 1]], 0.5)


# --- Hedge over prices ---


def test_the_grid_reaches_from_the_largest_stake_to_where_it_does_not_matter():
    hedge = PriceHedge(100, n=10, budget=2, largest_gain=3, largest_harm=1, tolerance=0.1)
    assert hedge.prices[-1] == pytest.approx(4)
    assert hedge.prices[0] <= 0.1 * 2 * 3 / 10
    assert (np.diff(hedge.prices) > 0).all()
    assert (hedge.prices[1:] <= 1.1 * hedge.prices[:-1] * (1 + 1e-12)).all()


def test_weights_follow_what_was_earned():
    hedge = PriceHedge(100, n=2)
    assert hedge.weights == pytest.approx(np.full(len(hedge.prices), 1 / len(hedge.prices)))
    right = hedge.after([1, 0.5], [0, 0])  # without mistakes the dearest price earns most
    assert np.argmax(right.weights) == len(right.prices) - 1
    assert hedge.n_played == 0 and (hedge.earned == 0).all()  # the state itself is as it was
    wrong = hedge.after([1, 0.5], [1, 1])
    assert np.argmax(wrong.weights) == 0


def test_a_single_price_has_nothing_to_learn():
    hedge = PriceHedge(4, n=1, largest_harm=0, tolerance=1)
    assert hedge.prices.tolist() == [1] and hedge.weights.tolist() == [1]
    assert hedge.loss == 4
