"""Attacks on selectors: intervals, draws that are no selections, verdicts, the scorecard."""

import itertools
import random
import time

import numpy as np
import pytest

from radsim import SELECTORS, Game, Instance, Selector, scorecard, solve, worst_case
from radsim.analysis import attack
from radsim.game import Count
from radsim.intervals import least_mean, lower_mean, share_intervals
from radsim.selectors import Nonsense, guarantee_from_draws, inclusion_on
from radsim.selectors.draws import draw_picks, sure_picks
from radsim.selectors.guarantee import least_in_box

BAIT = Game([1, 0.5, 0.5, 0.4], mistakes=1)
POOL = Instance("pool", Game(np.linspace(1, 0.2, 12), mistakes=2, budget=3))


def largest(gains, budget, *, rng):
    return np.argsort(-gains, kind="stable")[:budget]


def fair(gains, budget, *, rng):
    return rng.choice(len(gains), budget, replace=False)


# --- intervals ---


def test_shares_by_hand():
    low, high = share_intervals([0, 10], 10, error=0.1)
    # Never seen in ten draws: (1 - p)^10 = 0.025.
    assert high[0] == pytest.approx(1 - 0.025**0.1)
    assert low[1] == pytest.approx(0.025**0.1)
    assert (low[0], high[1]) == (0, 1)


def test_a_mean_that_is_always_the_most():
    # kl(1, w) = log(1/w).
    assert least_mean(1.0, 100, (0, 1), error=1e-3) == pytest.approx(1e-3**0.01)
    assert least_mean(0.0, 100, (0, 1), error=1e-3) == 0
    assert least_mean(2.0, 5, (2, 2), error=0.1) == 2


def test_what_hardly_varies_is_known_closely():
    draws = np.tile([4.9, 5.1], 5_000)
    assert 4.85 < lower_mean(draws, (0, 100), error=1e-4) < 5
    assert 5 < -lower_mean(-draws, (-100, 0), error=1e-4) < 5.15
    assert lower_mean([], (0, 1), error=0.1) == 0


def test_a_box_of_one_point_is_the_worst_case():
    rng = np.random.default_rng(0)
    for _ in range(50):
        n = int(rng.integers(1, 8))
        b = int(rng.integers(1, n + 1))
        game = Game(rng.random(n), Count(rng.random() * n), b, harms=rng.random(n))
        q = np.clip(rng.random(n), 0, 1)
        total = float(q.sum())
        assert least_in_box(game, q, q, (total, total)) == pytest.approx(worst_case(game, q)[0])


def test_a_box_holds_the_least_of_its_corners():
    rng = np.random.default_rng(1)
    for _ in range(20):
        n = 5
        game = Game(rng.random(n), rng.integers(0, n), 2, harms=rng.random(n))
        low = rng.random(n) / 2
        high = low + rng.random(n) / 2
        least = least_in_box(game, low, high)
        corners = itertools.product(*zip(low, high, strict=True))
        exact = min(worst_case(game, np.array(q))[0] for q in corners)
        # W is concave: the least over a box is at a corner.
        assert least == pytest.approx(exact)
        inside = low + rng.random(n) * (high - low)
        size = (float(inside.sum()),) * 2
        assert least - 1e-9 <= least_in_box(game, low, high, size) <= worst_case(game, inside)[0]


# --- draws ---

WRONG = [
    (lambda gains, budget, *, rng: [0, 0, 1], "draw 1: point 0 is picked twice"),
    (lambda gains, budget, *, rng: [0, 1], "draw 1: 2 points are picked, the budget is 3"),
    (lambda gains, budget, *, rng: [0, 1, 2, 3], "draw 1: 4 points are picked, the budget is 3"),
    (lambda gains, budget, *, rng: [0, 1, 12], r"draw 1: pick 12 is not an index in \[0, 12\)"),
    (lambda gains, budget, *, rng: [0, 1, -1], r"draw 1: pick -1 is not an index"),
    (lambda gains, budget, *, rng: [0.0, 1.0, 2.0], "draw 1: picks are float64 of shape"),
    (lambda gains, budget, *, rng: gains > 0, "draw 1: picks are bool of shape"),
    (lambda gains, budget, *, rng: None, "draw 1: picks are object of shape"),
    (lambda gains, budget, *, rng: [[0], [1, 2]], "is no row of indices"),
    (lambda gains, budget, *, rng: 1 / 0, "the selector raises ZeroDivisionError"),
    (lambda gains, budget: [0, 1, 2], "the selector raises TypeError"),
    (lambda gains, budget, *, rng: exit(3), "the selector raises SystemExit"),
    (lambda gains, budget, *, rng: time.sleep(30), "the selector gives no answer in 0.2 s"),
]


@pytest.mark.parametrize(("selector", "words"), WRONG)
def test_an_answer_that_is_no_selection_is_named(selector, words):
    found = attack(selector, POOL, rng=0, patience=0.2)
    assert found.status == "broken"
    assert found.guarantee is None and found.broken_by.size == 0
    with pytest.raises(Nonsense, match=words):
        list(draw_picks(Selector(selector), POOL, 1, rng=0, patience=0.2))


def test_nonsense_that_is_rare_is_found_too():
    def rare(gains, budget, *, rng):
        return [0, 0, 1] if rng.random() < 0.01 else [0, 1, 2]

    found = attack(rare, POOL, rng=0)
    assert found.status == "broken" and "picked twice" in found.words


@pytest.mark.parametrize(
    "selector",
    [
        fair,
        lambda gains, budget, *, rng: np.random.permutation(12)[:budget],  # noqa: NPY002
        lambda gains, budget, *, rng: random.sample(range(12), budget),
    ],
)
def test_chance_is_seen_wherever_it_comes_from(selector):
    assert sure_picks(Selector(selector), POOL) is None
    assert sure_picks(Selector(largest), POOL).tolist() == [0, 1, 2]


def test_a_selector_gets_whole_budgets_as_whole_numbers_and_copies_of_the_gains():
    seen = []

    def writes(gains, budget, *, rng):
        seen.append(budget)
        picks = rng.choice(len(gains), budget, replace=False)
        gains[:] = 0
        return picks

    assert attack(writes, POOL, rng=0, draws=200).status in ("acceptable", "undecided")
    assert {type(budget) for budget in seen} == {int}
    assert POOL.game.gains.min() > 0


# --- verdicts ---


def test_what_leaves_nothing_to_chance_is_exact():
    found = attack(largest, BAIT, rng=0)
    assert found.status == "below uniform"
    assert (found.guarantee.low, found.guarantee.high, found.guarantee.n_draws) == (-1, -1, 1)
    assert found.broken_by.tolist() == [0]
    assert found.rivals["uniform"][0] == pytest.approx(0.1)
    assert found.rivals["rad"][0] == pytest.approx(solve(BAIT).value)


@pytest.mark.parametrize(
    ("name", "status"),
    [("uniform", "acceptable"), ("rad", "acceptable"), ("margin", "below uniform")],
)
def test_rows_are_judged_as_their_exact_values_say(name, status):
    found = attack(name, POOL, rng=1, tolerance=0.05)
    value = worst_case(POOL.game, inclusion_on(SELECTORS[name], POOL))[0]
    assert found.status == status, found.words
    assert found.guarantee.low - 1e-12 <= value <= found.guarantee.high + 1e-12


def test_undecided_says_how_many_draws_would_do():
    few = attack(fair, POOL, rng=0, draws=1_000)
    assert few.status == "undecided"
    assert few.needed > 1_000
    assert attack(fair, POOL, rng=0, draws=2 * few.needed).status == "acceptable"


def test_without_tolerance_uniform_itself_is_never_told():
    assert attack(fair, POOL, rng=0, draws=2_000, tolerance=0).status == "undecided"


@pytest.mark.parametrize(
    ("gains", "mistakes", "budget", "options"),
    [
        ([0, 0, 0], 1, 1, {}),
        ([1.0], 1, 1, {}),
        ([1, 1, 1], 3, 3, {}),
        ([1e-300, 2e-300], 1, 1, {}),
        ([1e300, 2e300, 1e299], 1, 2, {}),
        ([3, 2, 1], 0, 2, {}),
        ([3, 2, 1], Count(0.5), 2, {"harm": 0}),
        ([3, 2, 1], 1, 2.5, {}),
        ([3, 2, 1], 2, 1, {"harm": 7, "abstain": False}),
    ],
)
def test_pools_at_the_edge(gains, mistakes, budget, options):
    def own(gains, budget, *, rng):
        return rng.choice(len(gains), int(budget), replace=False)

    game = Game(gains, mistakes, budget, **options)
    found = attack(own, game, rng=0, draws=1_000).guarantee
    exact = worst_case(game, np.full(game.n, int(budget) / game.n))[0]
    assert found.low <= exact + 1e-12 * abs(exact)
    assert exact <= found.high + 1e-12 * abs(exact)


def test_a_large_pool_that_is_hardly_known_gets_a_forecast():
    game = Game(np.random.default_rng(0).random(20_000), 1_000, 100)
    found = attack(fair, game, rng=0, draws=1_000)
    assert found.status == "undecided" and found.needed > 1_000


def test_a_game_with_repeats_is_refused():
    with pytest.raises(ValueError, match="is uncapped"):
        attack(fair, Game([1, 0.5], 1, 3, capped=False), rng=0)
    with pytest.raises(ValueError, match="error = 0"):
        attack(fair, POOL, rng=0, error=0)
    with pytest.raises(ValueError, match="draws = 1"):
        guarantee_from_draws(Selector(fair), POOL, rng=0, draws=1)
    with pytest.raises(ValueError, match="selector = 3 must be a function"):
        attack(3, POOL, rng=0)


# --- beside the rivals ---


def test_a_selector_of_ones_own_is_on_the_card():
    card = scorecard(POOL, {"mine": largest, "mine too": fair}, draws=4_000)
    assert card["mine"] == pytest.approx(card["margin"])
    assert card["mine too"] < card["uniform"]
    assert max(card, key=card.get) == "rad"
    with pytest.raises(ValueError, match="'rad' is the name of a selector"):
        scorecard(POOL, {"rad": fair})
    with pytest.raises(ValueError, match=r"own\['odd'\]: draw 1: point 0 is picked twice"):
        scorecard(POOL, {"odd": WRONG[0][0]})
