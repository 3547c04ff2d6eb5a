"""Figures of a stored pool are those of the pool in memory, and its draws have the right law."""

from dataclasses import fields
from math import isnan

import numpy as np
import pytest
from scipy.stats import chi2

from radsim import Game, StoredGame, solve
from radsim.analysis import figures as module
from radsim.analysis.figures import figures, stored_figures
from radsim.sampling import law, sample_counts
from radsim.sampling.iid import multinomial
from radsim.solvers.water import columns
from radsim.solvers.water.draws import DRAWS
from radsim.solvers.water.largest import Largest

N_GAMES = 240


def game_of(rng):
    """A game of any kind, with ties, zeros and huge or tiny gains now and then."""
    n = int(rng.integers(1, 60))
    gains = rng.random(n) ** rng.choice([1, 4])
    if rng.random() < 0.4:
        gains = np.round(gains, 1)
    gains *= 10.0 ** rng.choice([0, 0, 0, -200, 200])
    harms = [None, None, np.full(n, float(gains.max()) / 2), gains.max() * rng.random(n)]
    capped = bool(rng.random() < 0.7)
    m = float(rng.choice([0, 1, n, n * rng.random() / 2, round(n * 0.3)]))
    b = float(rng.choice([1, 0.5, max(1, n // 3), 1 + (n - 1) * rng.random(), n]))
    rules = {"harms": harms[rng.integers(4)], "capped": capped, "abstain": bool(rng.random() < 0.7)}
    return (gains, min(m, n)), {"budget": b, "harm": float(rng.choice([0, 1, 2.5])), **rules}


def both(seed):
    """Figures in memory and of the same game stored, for the same draw; and the scale."""
    rng = np.random.default_rng(seed)
    (gains, m), rules = game_of(rng)
    stored = solve(StoredGame(gains, rate=m / len(gains), **rules))
    game = Game(gains, rate=m / len(gains), **rules)
    design = rng.choice(["pivotal", "ordered_systematic", "poisson", "iid"])
    draw = stored.draw(design if game.capped else "iid", rng=seed)
    counts = np.concatenate(list(draw.counts()))
    assert counts.sum() == draw.size
    return figures(solve(game), counts), stored_figures(stored, draw), game


def differences(chunk=7):
    """Which figures differ in which of the games."""
    wrong = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "CHUNK", chunk)
        for seed in range(N_GAMES):
            one, other, game = both(seed)
            scale = game.n * float(game.stakes.max()) * max(1, game.budget)
            for field in fields(one):
                x, y = getattr(one, field.name), getattr(other, field.name)
                size = scale if field.name in ("guaranteed", "drawn", "margin", "gap") else 1
                if not (abs(x - y) <= 1e-13 * size + 1e-12 * abs(x) or (isnan(x) and isnan(y))):
                    wrong.append((seed, field.name, x, y))
    return wrong


def test_stored_figures_are_those_in_memory():
    assert not differences()


class Greedy(Largest):
    """One more than k."""

    def turn(self):
        super().turn()
        if self.settled:
            self.total += self.value


class Unranked(Largest):
    """Points that tie are all above."""

    def turn(self):
        super().turn()
        self.above += self.settled


@pytest.mark.parametrize("mutant", [Greedy, Unranked])
def test_a_wrong_search_shows_in_the_figures(mutant, monkeypatch):
    monkeypatch.setattr(module, "Largest", mutant)
    assert differences()


def test_a_draw_reads_the_same_every_time(monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 5)
    gains = np.random.default_rng(3).random(37)
    for design in DRAWS:
        solution = solve(StoredGame(gains, 3, 6, capped=design != "iid"))
        draw = solution.draw(design, rng=1)
        first, again = (np.concatenate(list(draw.counts())) for _ in range(2))
        assert (first == again).all() and first.sum() == draw.size
        if design in ("pivotal", "ordered_systematic"):
            stored = "systematic" if design == "ordered_systematic" else design
            assert solution.sample(stored, rng=1).tolist() == np.flatnonzero(first).tolist()


def surprise(counts, probability):
    """Error level of a chi-squared test that samples have this law."""
    expected = counts.sum() * probability
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return float(chi2.sf(statistic, len(counts) - 1))


def frequencies(draws, listed):
    rows = {tuple(row): k for k, row in enumerate(listed.outcomes.tolist())}
    return np.bincount([rows[tuple(row)] for row in draws], minlength=len(rows))


WEIGHTS = np.array([0.5, 1.0, 0.0, 1.5, 0.25])  # 3.25 draws in the mean


def test_halves_of_halves_have_the_law_of_the_draws():
    rng = np.random.default_rng(0)
    listed = law(WEIGHTS * (4 / WEIGHTS.sum()), "iid")
    draws = [tuple(multinomial(4, WEIGHTS, rng)[[0, 1, 3, 4]]) for _ in range(20_000)]
    assert surprise(frequencies(draws, small(listed)), small(listed).probability) > 1e-9


def small(listed):
    """The law without the point that cannot be met."""
    some = listed.outcomes.sum(axis=0) > 0
    return type(listed)(listed.outcomes[:, some], listed.probability)


def test_a_stored_draw_with_replacement_has_its_law(monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 2)
    solution = solve(StoredGame(np.array([1, 0.9, 0.8, 0.7, 0.6]), 1, 3.25, capped=False))
    q = np.concatenate(list(solution.inclusion()))
    listed = law(q, "iid")
    draws = [
        tuple(np.concatenate(list(solution.draw("iid", rng=seed).counts())))
        for seed in range(6_000)
    ]
    assert surprise(frequencies(draws, listed), listed.probability) > 1e-9


def test_the_test_of_a_law_sees_a_wrong_one():
    listed = small(law(WEIGHTS * (4 / WEIGHTS.sum()), "iid"))
    rng = np.random.default_rng(0)
    draws = [multinomial(4, WEIGHTS**1.1, rng)[[0, 1, 3, 4]] for _ in range(20_000)]
    assert surprise(frequencies(draws, listed), listed.probability) < 1e-9


def test_a_trillion_draws_are_counted():
    q = np.random.default_rng(0).random(1_000)
    q *= 1e12 / q.sum()
    counts = sample_counts(q, "iid", rng=0, size=2)
    assert counts.sum(axis=1).tolist() == [10**12] * 2
    # Each count is binomial: nine standard deviations for each of 2,000.
    assert (np.abs(counts - q) < 9 * np.sqrt(q) + 9).all()
