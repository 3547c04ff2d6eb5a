"""The anytime-valid test errs no more often than it says, even when it is peeked at."""

import numpy as np
import pytest
from scipy import stats

from radsim.inference import bet, mean_at_least, no_capital


@pytest.mark.parametrize("mean", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["coin", "beta"])
def test_capital_rarely_exceeds_its_target(mean, kind, rng):
    """Ville: at the null the capital ever exceeds 1/a with probability at most a."""
    shape, error = (500, 4000), 0.05
    x = rng.random(shape) < mean if kind == "coin" else rng.beta(2 * mean, 2 * (1 - mean), shape)
    _, path = bet(no_capital((4000,)), x.astype(float), mean)
    n_over = int(np.sum(path.max(axis=0) >= np.log(1 / error)))
    assert stats.binom.sf(n_over - 1, 4000, error) > 1e-9


def test_three_way_verdict(rng):
    draws = rng.random(4000)
    assert mean_at_least(draws, 0.5, (0, 1), tolerance=0.1).status == "HOLDS"
    assert mean_at_least(draws, 0.6, (0, 1), tolerance=0.05).status == "VIOLATED"
    assert mean_at_least(draws[:20], 0.5, (0, 1), tolerance=0.01).status == "UNDECIDED"
    assert mean_at_least([], 0.5, (0, 1), tolerance=0.01).status == "UNDECIDED"
    with pytest.raises(ValueError, match=r"draws\[1\] = 2.0"):
        mean_at_least([0, 2], 0.5, (0, 1), tolerance=0.01)
    with pytest.raises(ValueError, match=r"draws\[0\] = nan"):
        mean_at_least([np.nan], 0.5, (0, 1), tolerance=0.01)


def test_a_bet_that_looks_ahead_would_be_caught(rng):
    """The check above sees a bettor who may look at the draw he bets on."""
    x = (rng.random((500, 4000)) < 0.5).astype(float)
    growth = np.cumsum(np.log1p(0.2 * np.abs(x - 0.5)), axis=0)
    n_over = int(np.sum(growth.max(axis=0) >= np.log(20)))
    assert stats.binom.sf(n_over - 1, 4000, 0.05) < 1e-9
