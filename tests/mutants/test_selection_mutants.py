"""Certificates that trust the prices they are told, or select wrongly, are not those by sorting."""

from dataclasses import replace

import numpy as np
import pytest
from sorted_bounds import answer, draw_answer, named, off

from radsim import Game, StoredGame, bounds, certify, check_answer, solve, solve_many
from radsim.tallies import bounds_at_prices

TALLY, LEAST = bounds.tally, bounds._least_of


def trusting(*given):
    return TALLY(*given)._replace(splits=True)


def one_too_many(values, amount):
    return LEAST(values, min(amount + 1, len(values)))


def one_too_few(values, amount):
    return LEAST(values, max(amount - 1, 0))


def by_the_smallest(values, amount):
    return -LEAST(-values, amount)


MUTANTS = {
    "trusting": ("tally", trusting),
    "one too many": ("_least_of", one_too_many),
    "one too few": ("_least_of", one_too_few),
    "the smallest": ("_least_of", by_the_smallest),
    "equal if near": ("ALIKE", 1e-6),
}


def is_caught(attempts):
    rng = np.random.default_rng(0)
    for _ in range(attempts):
        game, q, l = draw_answer(rng)
        if not off(certify(answer(game, q, l, *named(rng, game, q, l))), game, q, l) <= 2.0**-48:
            return True
    return False


@pytest.mark.parametrize("name", MUTANTS)
def test_wrong_selections_are_caught(name, monkeypatch):
    monkeypatch.setattr(bounds, "MANY", 1)
    assert not is_caught(200)
    monkeypatch.setattr(bounds, *MUTANTS[name])
    assert is_caught(1_000)


def test_both_ways_are_taken(monkeypatch):
    monkeypatch.setattr(bounds, "MANY", 1)
    seen = []
    monkeypatch.setattr(bounds, "tally", lambda *a: seen.append(TALLY(*a)) or seen[-1])
    is_caught(500)
    first = sum(found.splits for found in seen)
    print(f"\n{len(seen)} passes, {first} with prices that split")
    # Every selection is a pass more, and splits.
    assert 0 < len(seen) - first < first


def test_prices_below_nothing_prove_nothing():
    """In floats m times such a price cancels what passes it by."""
    games = solve_many([[1, 0.5, 0.25], [4, 3, 2]], [3, 1])
    forged = replace(
        games,
        value=np.array([1.0, games.value[1]]),
        level=np.array([1.0, games.level[1]]),
        threshold=np.array([-1e20, games.threshold[1]]),
        inclusion=np.array([[1.0, 0.0, 0.0], games.inclusion[1]]),
    )
    assert forged.certificates.accepts(1e-9).tolist() == [False, True]
    game = Game([1, 0.5, 0.25], mistakes=3)
    piece = game.gains, game.stakes, np.array([1.0, 0, 0]), np.zeros(3)
    found = bounds_at_prices(game, [piece], 1.0, -1e20)
    assert found.lower <= 0 <= found.upper
    forced = Game([1, 0.5, 0.25], mistakes=3, budget=3, abstain=False)
    piece = forced.gains, forced.stakes, np.ones(3), np.ones(3)
    assert not bounds_at_prices(forced, [piece], -1e20, 0.0).upper <= forced.stakes.sum()


def test_a_stored_answer_in_another_unit_proves_nothing():
    found = solve(StoredGame(np.array([1, 0.5, 0.25]), 1, 1))
    assert found.certificate.accepts(1e-12)
    for change in (
        {"unit": 1100},
        {"unit": -1100},
        {"unit": 1100, "level": 0.25, "threshold": np.nan},
        {"level": 0.25, "threshold": -1e20},
    ):
        forged = replace(found, value=0.0, rule=replace(found.rule, **change))
        assert not forged.certificate.accepts(1e-9)


def test_a_batch_of_the_smallest_floats_is_proved_in_fractions():
    unit, n = 5e-324, 2000
    right = solve_many(np.full((1, n), 3000 * unit), 0, certify=False)
    forged = replace(
        right,
        value=np.array([4000 * unit]),
        level=np.array([4000 * unit]),
        threshold=np.ones(1),
        inclusion=np.full((1, n), 1.5 / 3000),
    )
    assert not forged.certificates.accepts(1e-9)[0]


def test_sums_beyond_the_largest_float_prove_nothing_and_are_no_error():
    game = Game(np.ones(65_536), mistakes=1, capped=False)
    assert not check_answer(game, np.full(65_536, 4e303)).accepts(1e-9)
