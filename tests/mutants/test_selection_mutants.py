"""Certificates that trust the prices they are told, or select wrongly, are not those by sorting."""

import numpy as np
import pytest
from sorted_bounds import answer, draw_answer, named, off

from radsim import bounds, certify

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
