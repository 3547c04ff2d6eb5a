"""Brewer's samples of large pools, drawn by rejection, have the law of the formula.

Fixed seeds; a right draw fails a case with probability 1e-6.
"""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from radsim.sampling import brewer

N_SAMPLES = 4_000
POOLS = {
    "spread": [0.1, 0.5, 0.7, 0.9, 0.8],
    "one nearly sure": [0.999, 0.001, 0.5, 0.5],
    "tied": [0.3, 0.3, 0.3, 0.3, 0.3, 0.5],
    "both ends": [1 - 1e-9, 1e-9, 0.9, 0.1, 0.6, 0.4],
    "all but one": [0.97, 0.98, 0.99, 0.06],
}


def p_value(q, factor=1.0):
    law = brewer.law(q)
    drawn = Counter(
        map(tuple, brewer.draw(q, rng=np.random.default_rng(0), size=N_SAMPLES).tolist())
    )
    chances = dict(zip(map(tuple, law.outcomes.tolist()), law.probability, strict=True))
    assert set(drawn) <= set(chances)
    often = [x for x, p in chances.items() if N_SAMPLES * p > 5]
    expected = np.array([chances[x] for x in often]) ** factor
    seen = np.array([drawn[x] for x in often])
    return stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue


@pytest.mark.parametrize("pool", POOLS)
def test_the_law_is_that_of_the_formula(pool, monkeypatch):
    monkeypatch.setattr(brewer, "MANY", 1)
    assert p_value(np.array(POOLS[pool])) > 1e-6


def test_another_law_is_told_apart(monkeypatch):
    monkeypatch.setattr(brewer, "MANY", 1)
    assert p_value(np.array(POOLS["spread"]), 1.3) < 1e-6


def test_large_pools_keep_their_inclusion_probabilities():
    rng = np.random.default_rng(1)
    q = np.append(rng.random(600) / 20, [0.99, 0.9, 1e-6])
    q[0] += np.ceil(q.sum()) - q.sum()
    drawn = brewer.draw(q, rng=rng, size=500)
    assert (drawn.sum(axis=1) == round(q.sum())).all()
    z = (drawn.mean(axis=0) - q) / np.sqrt(q * (1 - q) / 500)
    assert np.sum(z[q > 5e-3] ** 2) < stats.chi2.isf(1e-6, int(np.sum(q > 5e-3)))
