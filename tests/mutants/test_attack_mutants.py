"""Planted selectors, right and wrong, under attack; and bounds that would mislead it."""

import itertools

import numpy as np
import pytest

from radsim import SELECTORS, Game, Instance, Selector, worst_case
from radsim.analysis import attack
from radsim.selectors import Selection, guarantee_from_draws, inclusion_on, select_on

POOL = Instance("pool", Game([1, 0.95, 0.9, 0.5, 0.45, 0.4, 0.4, 0.35, 0.3, 0.3], 2, 3))
N, B = POOL.game.n, 3
UNIFORM = worst_case(POOL.game, np.full(N, B / N))[0]


def _weights(gains):
    weight = np.exp(gains / 0.2)
    return weight / weight.sum()


def softmax(gains, budget, *, rng):
    return rng.choice(len(gains), budget, replace=False, p=_weights(gains))


def softmax_q():
    """All orders in which NumPy may pick, each with its chance."""
    p, q = _weights(POOL.game.gains), np.zeros(N)
    for picks in itertools.permutations(range(N), B):
        chance, left = 1.0, 1.0
        for i in picks:
            chance *= p[i] / left
            left -= p[i]
        q[list(picks)] += chance
    return q


def coin(gains, budget, *, rng):
    """Margin as often as not, else uniform: each look at it is fine half of the time."""
    if rng.random() < 0.5:
        return np.argsort(-gains, kind="stable")[:budget]
    return rng.choice(len(gains), budget, replace=False)


def liar(gains, budget, *, rng):
    """Claims uniform sampling, and draws among the five largest."""
    picks = np.argsort(-gains, kind="stable")[:5]
    return Selection(rng.permutation(picks)[:budget], np.full(len(gains), budget / len(gains)))


def fair(gains, budget, *, rng):
    return rng.choice(len(gains), budget, replace=False)


def silent_rad(gains, budget, *, rng):
    """RAD, without a word on its inclusion probabilities."""
    return select_on(SELECTORS["rad"], POOL, rng=rng).indices


def _mixed():
    q = np.full(N, B / N) / 2
    q[:B] += 0.5
    return q


PLANTED = {
    "softmax": (softmax, softmax_q(), "below uniform"),
    "coin": (coin, _mixed(), "below uniform"),
    "liar": (liar, np.where(np.arange(N) < 5, B / 5, 0.0), "below uniform"),
    "fair": (fair, np.full(N, B / N), "acceptable"),
    "silent rad": (silent_rad, inclusion_on(SELECTORS["rad"], POOL), "acceptable"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_the_wrong_ones_among_the_planted_are_found(name):
    selector, q, status = PLANTED[name]
    value = worst_case(POOL.game, q)[0]
    assert (value < UNIFORM - 1e-9) == (status == "below uniform")
    found = attack(selector, POOL, rng=0, error=1e-6)
    assert found.status == status, found.words
    assert found.guarantee.low <= value <= found.guarantee.high
    if status == "below uniform":
        # The teacher that is named does break it.
        wrong = found.guarantee.mistakes
        assert q @ (POOL.game.gains - POOL.game.stakes * wrong) < UNIFORM


FLAT = Instance("flat", Game(np.ones(40), 20, 4))


def _fitted(rows, game):
    """Upper bound by mistakes that are tested on the draws to which they were fitted."""
    hits = np.zeros(game.n)
    for row in rows:
        hits[row] += 1
    return worst_case(game, hits / len(rows))[0]


def test_mistakes_tested_on_the_draws_they_were_fitted_to_would_mislead():
    rng, exact = np.random.default_rng(0), 0.0  # W of uniform: 4 - 20 * 2 * 0.1
    rows = [rng.choice(40, 4, replace=False) for _ in range(500)]
    assert _fitted(rows, FLAT.game) < exact - 0.1
    found = guarantee_from_draws(Selector(fair), FLAT, rng=0, draws=1_000)
    assert found.low <= exact <= found.high


@pytest.mark.parametrize(
    ("bound", "forged"),
    [
        ("least_mean", lambda least, n, support, *, error: least + 0.1),
        ("least_in_box", lambda game, low, high, size: 0.2),
        ("lower_mean", lambda draws, support, *, error: float(np.mean(draws)) + 0.2),
    ],
)
def test_a_bound_that_is_too_sure_is_seen(bound, forged, monkeypatch):
    """What the coverage of the intervals is tested with notices each of the three bounds."""
    monkeypatch.setattr(f"radsim.selectors.guarantee.{bound}", forged)
    missed = 0
    for seed in range(3):
        found = guarantee_from_draws(Selector(fair), FLAT, rng=seed, draws=16_000)
        missed += not found.low <= 0.0 <= found.high
    assert missed
