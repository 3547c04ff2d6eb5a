"""Designs have the size and the inclusion probabilities that they promise."""

import numpy as np
import pytest

from radsim import DESIGNS, sample, solve
from radsim.game import Game

Q = np.array([1.0, 0.75, 0.5, 0.5, 0.25, 0.0])
REPEATS = 20_000
# Hoeffding: |mean - q| > RADIUS has probability below 1e-9 over all points and designs.
RADIUS = np.sqrt(np.log(2 * len(Q) * 3 / 1e-9) / (2 * REPEATS))


@pytest.mark.parametrize("design", ["pivotal", "systematic"])
def test_marginals_and_size(design):
    draws = sample(Q, design, rng=np.random.default_rng(1), size=REPEATS)
    assert draws.shape == (REPEATS, 3)
    assert all(len(set(row)) == 3 for row in draws[:100])
    counts = np.bincount(draws.ravel(), minlength=len(Q)) / REPEATS
    assert np.all(np.abs(counts - Q) <= RADIUS)
    assert counts[0] == 1
    assert counts[5] == 0


def test_iid_counts():
    q = np.array([2.5, 1.0, 0.5])
    draws = sample(q, "iid", rng=np.random.default_rng(2), size=REPEATS)
    share = np.bincount(draws.ravel(), minlength=3) / draws.size
    assert np.all(np.abs(share - q / 4) <= RADIUS)


@pytest.mark.parametrize("design", ["pivotal", "systematic"])
def test_fractional_total_gives_floor_or_ceiling(design):
    rng = np.random.default_rng(3)
    sizes = [len(sample([0.5, 0.5, 0.3], design, rng=rng)) for _ in range(2000)]
    assert set(sizes) == {1, 2}
    with pytest.raises(ValueError, match="differ in size"):
        sample([0.5, 0.2], design, rng=rng, size=2)


@pytest.mark.parametrize("design", DESIGNS)
def test_nothing_to_draw(design):
    assert len(sample([0.0, 0.0], design, rng=np.random.default_rng(0))) == 0


def test_large_pool_draws_the_budget():
    game = Game(np.random.default_rng(0).random(100_000), 5_000, 1_000)
    for design in ("pivotal", "systematic"):
        picks = sample(solve(game).inclusion, design, rng=np.random.default_rng(1))
        assert len(picks) == len(set(picks)) == 1_000


def test_bad_probabilities_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"inclusion\[1\] = 1.5"):
        sample([0.5, 1.5], rng=rng)
    with pytest.raises(ValueError, match=r"inclusion\[0\] = nan"):
        sample([np.nan, 0.5], rng=rng)
    with pytest.raises(ValueError, match="design = 'magic'"):
        sample([0.5], "magic", rng=rng)
