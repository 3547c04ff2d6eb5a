"""Selectors spend the budget within the caps; none guarantees more than RAD."""

import numpy as np
import pytest

from radsim import Game, Instance
from radsim.instances import mixture_instance
from radsim.selectors import SELECTORS, scorecard

MIXTURE = mixture_instance(np.random.default_rng(0), n=80, budget=7)


@pytest.mark.parametrize("name", SELECTORS)
def test_feasible_and_spent(name):
    q = SELECTORS[name](MIXTURE, np.zeros(80))
    assert q.shape == (80,)
    assert q.min() >= 0
    assert q.max() <= 1 + 1e-12
    assert q.sum() == pytest.approx(7)


def test_margin_takes_the_largest_gains_and_oracle_avoids_mistakes():
    instance = Instance("three", Game([3, 2, 1], 1, budget=1))
    assert SELECTORS["margin"](instance, None).tolist() == [1, 0, 0]
    assert SELECTORS["oracle"](instance, np.array([1.0, 0, 0])).tolist() == [0, 1, 0]
    with pytest.raises(ValueError, match="oracle"):
        SELECTORS["oracle"](instance, None)
    with pytest.raises(ValueError, match="no class probabilities"):
        SELECTORS["entropy"](instance, None)


def test_no_selector_guarantees_more_than_rad():
    for seed in range(20):
        instance = mixture_instance(np.random.default_rng(seed), n=60, budget=6, rate=0.15)
        card = scorecard(instance)
        assert max(card.values()) <= card["rad"] + 1e-12 * instance.game.scale


def test_zero_gains_and_extreme_scales():
    for scale in (0.0, 1e-300, 1e300):
        instance = Instance("x", Game(scale * np.array([1.0, 0.5, 0.25]), 1, budget=2))
        for name in ("margin", "softmax", "power", "uniform"):
            q = SELECTORS[name](instance, None)
            assert q.sum() == pytest.approx(2), (name, scale)
