"""Selectors that draw and claim nothing: the kit judges them by their draws alone."""

import numpy as np
import pytest

from radsim import Selector
from radsim.testing import check_selector, standings


@pytest.fixture(autouse=True)
def failures_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def softmax(gains, budget, *, rng):
    """Honest, random, and fond of baits; the budget goes to NumPy as it comes."""
    weight = np.exp(gains / (0.2 * (gains.max() or 1)))
    return rng.choice(len(gains), budget, replace=False, p=weight / weight.sum())


def first_half(gains, budget, *, rng):
    """Random, among the first points of the pool, however little they earn."""
    return rng.permutation(max(int(budget), (len(gains) + 1) // 2))[: int(budget)]


def takes_turns(gains, budget, *, rng, calls=[0]):  # noqa: B006 - the fault itself
    """Its law changes from call to call."""
    calls[0] += 1
    order = np.argsort(-gains, kind="stable") if calls[0] > 2_100 else rng.permutation(len(gains))
    return order[: int(budget)]


@pytest.mark.parametrize(
    ("selector", "check", "words"),
    [
        (softmax, "guarantee", "below uniform sampling"),
        (first_half, "permutation", "with the points in order"),
        (takes_turns, "inclusion", "in the next"),
    ],
)
def test_a_random_selector_that_claims_nothing_is_judged_by_its_draws(selector, check, words):
    (result,) = check_selector(selector, only=[check], on_fail=None)
    assert result.status == "failed"
    assert words in result.words


def test_a_fair_random_selector_that_claims_nothing_passes():
    def fair(gains, budget, *, rng):
        return rng.choice(len(gains), budget, replace=False)

    results = check_selector(fair, only=["permutation", "inclusion", "noise"])
    assert {result.status for result in results} == {"passed"}


def test_the_standing_of_a_random_selector_is_an_interval():
    rows = standings(Selector(softmax))
    assert len(rows) == len(standings(Selector(lambda gains, budget, *, rng: np.arange(budget))))
    for row in rows:
        low, high = row.interval
        assert low <= high
        assert low <= row.rad + 1e-9
