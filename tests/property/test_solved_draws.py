"""Every design draws from every solved game: gains far apart or alike, caps, harms, no choice."""

import os

import numpy as np
import pytest

from radsim import DESIGNS, Game, sample, solve
from radsim.sampling import law, sample_counts
from radsim.sampling.design import open_points, unlisted

# Each family; 2600 solves the 5,200 games of both.
GAMES = int(os.environ.get("RADSIM_GAMES", "150"))
FAMILIES = {
    "100 decades": lambda rng, n: 10.0 ** rng.uniform(-50, 50, n),
    "alike": lambda rng, n: rng.uniform(0.19, 1, n),
}


def _inclusions(family):
    rng = np.random.default_rng(len(family))
    for _ in range(GAMES):
        n = int(rng.choice([2, 3, 5, 8, 20, 60]))
        game = Game(
            FAMILIES[family](rng, n),
            int(rng.integers(0, n + 1)),
            int(rng.integers(1, n + 1)),
            harm=float(rng.choice([0, 1, 5])),
            abstain=bool(rng.integers(2)),
        )
        yield solve(game).inclusion


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("family", FAMILIES)
def test_solved_games_can_be_drawn(family, design):
    row = DESIGNS[design]
    for k, q in enumerate(_inclusions(family)):
        counts = sample_counts(q, design, rng=k, size=3)
        assert counts.shape == (3, len(q))
        assert counts.max(initial=0) <= 1 or row.with_replacement
        assert not counts[:, q == 0].any()
        assert counts[:, q == 1].all() or row.with_replacement
        if row.fixed_size:
            sizes = set(counts.sum(axis=1).tolist())
            assert sizes <= {int(np.floor(q.sum() + 1e-9)), int(np.ceil(q.sum() - 1e-9))}
            if len(sizes) == 1 and abs(q.sum() - round(q.sum())) < 1e-12:
                assert sample(q, design, rng=k, size=2).shape == (2, round(q.sum()))
        if k % 10 == 0 and not unlisted(open_points(q, row).q, row):
            assert law(q, design).inclusion() == pytest.approx(q, rel=1e-9, abs=0)
