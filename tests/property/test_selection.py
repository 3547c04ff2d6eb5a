"""Certificates say what sorting would say, whatever prices a solution names."""

import numpy as np
import pytest
from sorted_bounds import answer, draw_answer, named, off

from radsim import Game, bounds, certify, solve, worst_case
from radsim.game import Count
from radsim.payoffs import top

# A few roundings of a sum of forty terms.
ROUNDING = 2.0**-48


def test_bounds_are_those_by_sorting_whatever_is_named(monkeypatch):
    monkeypatch.setattr(bounds, "MANY", 1)
    rng = np.random.default_rng(0)
    for _ in range(1_500):
        game, q, l = draw_answer(rng)
        for _ in range(3):
            proof = certify(answer(game, q, l, *named(rng, game, q, l)))
            assert off(proof, game, q, l) <= ROUNDING, (game, q, l)


def test_bounds_of_few_points_are_those_by_sorting():
    rng = np.random.default_rng(1)
    for _ in range(500):
        game, q, l = draw_answer(rng)
        proof = certify(answer(game, q, l, float("nan"), float("nan")))
        assert off(proof, game, q, l) <= ROUNDING, (game, q, l)


@pytest.mark.parametrize("n", [4_096, 32_767, 32_768, 32_769, 65_537])
@pytest.mark.parametrize("budget", [1, 500.5])
def test_a_solution_of_many_points_has_the_same_bounds_whatever_it_names(n, budget):
    rng = np.random.default_rng(n)
    gains = rng.choice(rng.random(50), n) if budget > 1 else rng.random(n)
    good = solve(Game(gains, 0.1 * n, budget))
    unit = good.certificate.scale
    for level, threshold in ((0.9, 0.9), (1.0, 1 + 1e-13), (float("nan"), 0), (-5, 1e300)):
        found = certify(
            answer(
                good.game,
                good.inclusion,
                good.mistake_probabilities,
                level * good.level,
                threshold * good.threshold,
            )
        )
        assert abs(found.lower - good.certificate.lower) <= ROUNDING * unit
        assert abs(found.upper - good.certificate.upper) <= ROUNDING * unit
    assert abs(good.certificate.lower - worst_case(good.game, good.inclusion)[0]) <= 1e-14 * unit


def test_threads_do_not_change_a_bit(monkeypatch):
    rng = np.random.default_rng(3)
    game = Game(rng.random(200_001), 20_000.5, 3_000)
    answers = []
    for threads in (1, 2, 4):
        monkeypatch.setattr(bounds, "threads_for", lambda n, given, k=threads: k)
        answers.append(solve(game).certificate)
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 40_000, 69_999])
def test_what_is_no_number_in_any_chunk_proves_nothing(wrong, place):
    n = 70_000
    good = solve(Game(np.linspace(0.1, 1, n), n // 3, 1.5))
    for name in ("inclusion", "mistake_probabilities"):
        sides = {"q": good.inclusion.copy(), "l": good.mistake_probabilities.copy()}
        sides["q" if name == "inclusion" else "l"][place] = wrong
        proof = certify(answer(good.game, *sides.values(), good.level, good.threshold))
        assert not proof.accepts(0.1)


def test_the_largest_values_are_chosen_as_a_stable_sort_chooses_them(monkeypatch):
    monkeypatch.setattr("radsim.payoffs.FEW", 0)
    rng = np.random.default_rng(5)
    for _ in range(3_000):
        n = int(rng.integers(1, 12))
        values = rng.choice([0.0, -0.0, 1, 2, -1, 5e-324, np.inf, rng.random()], n)
        values[rng.integers(n)] = rng.choice([np.nan, 1.0])
        amount = float(rng.choice([0, n, rng.integers(0, n + 1), rng.uniform(0, n)]))
        order = np.argsort(-values, kind="stable")
        expected = np.zeros(n)
        expected[order[: int(amount)]] = 1
        if int(amount) < n:
            expected[order[int(amount)]] = amount - int(amount)
        assert np.array_equal(top(values, amount), expected)


def test_a_game_of_no_mistakes_and_one_of_only_mistakes():
    for n in (3, 5_000):
        gains = np.linspace(0.5, 1, n)
        for mistakes in (0, n, Count(0.5)):
            assert solve(Game(gains, mistakes, 2)).certificate.accepts(1e-12)
            assert solve(Game(gains, mistakes, 2, abstain=False)).certificate.accepts(1e-12)
