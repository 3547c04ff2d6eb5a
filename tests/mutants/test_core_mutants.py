"""Planted errors in the loops over chunks, each rejected by what the tests compare."""

import numpy as np
import pytest
from pools import differing, drawn

from radsim import Game, solve
from radsim.solvers.water import prices
from radsim.solvers.water.engines import ENGINES
from radsim.solvers.water.vectorised import NUMPY


def _by_chunk(loop):
    """Sums over a chunk instead of over its pieces: they depend on where the pool is cut."""

    def summed(g, s, *box):
        return tuple(
            np.array([x.sum()]) if isinstance(x, np.ndarray) and x.dtype == np.float64 else x
            for x in loop(g, s, *box)
        )

    return summed


@pytest.mark.parametrize("loop", ["level", "prices"])
def test_sums_that_depend_on_the_chunks_differ_in_some_bit(loop):
    broken = NUMPY._replace(**{loop: _by_chunk(getattr(NUMPY, loop))})
    pools = [game for _, game in drawn(24, seed=2)]
    assert any(differing(game, broken) for game in pools)
    assert not any(differing(game, NUMPY) for game in pools)


def _two_values():
    n = 50_000
    return Game(np.where(np.arange(n) % 10 < 3, 1.0, 0.4), 0.05 * n, n / 2)


def _passes(game):
    """Of a certified answer; a second one if prices from wrong sums were refused."""
    found = solve(game, certify=False)
    assert found.certificate.accepts(1e-12)
    return found.stats["passes"]


def test_repeated_points_that_are_not_counted_are_missed(monkeypatch):
    def forgetful(*chunk):
        *found, counts = NUMPY.prices(*chunk)
        return *found, counts // 2

    assert _passes(_two_values()) == 1
    monkeypatch.setitem(ENGINES, "numpy", lambda: NUMPY._replace(prices=forgetful))
    assert _passes(_two_values()) > 1


@pytest.mark.parametrize("place", [0, 2])
def test_points_at_the_only_price_that_are_lost_are_missed(place, monkeypatch):
    """Of the heavy ones at the level, and of those at the threshold."""
    n = 50_000
    rng = np.random.default_rng(0)
    gains = np.where(rng.random(n) < 0.3, 1.0, 0.4) if place == 0 else rng.random(n)
    harms = rng.random(n) * gains if place == 0 else 1 - gains
    game = Game(gains, 0.05 * n, n / 2, harms=harms)
    whole = prices._for_all

    def lost(box, density, gain, numbers):
        found = whole(box, density, gain, numbers)
        return found._replace(count=np.where(np.arange(3) == place, 0.0, found.count))

    assert _passes(game) == 1
    monkeypatch.setattr(prices, "_for_all", lost)
    assert _passes(game) > 1
