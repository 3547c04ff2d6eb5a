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


def _missed(game):
    """Whether wrong sums are: the prices are refused, which costs a pass, or the certificate is."""
    found = solve(game, certify=False)
    return found.stats["passes"] > 1 or not found.certificate.accepts(1e-12)


def test_repeated_points_that_are_not_counted_are_missed(monkeypatch):
    def forgetful(*chunk):
        *found, counts = NUMPY.prices(*chunk)
        return *found, counts // 2

    assert not _missed(_two_values())
    monkeypatch.setitem(ENGINES, "numpy", lambda: NUMPY._replace(prices=forgetful))
    assert _missed(_two_values())


@pytest.mark.parametrize("of", ["one gain above", "one gain below", "one stake"])
def test_points_of_a_crowd_that_are_lost_are_missed(of, monkeypatch):
    n = 50_000
    rng = np.random.default_rng(0)
    gains = rng.random(n) if of == "one stake" else np.where(rng.random(n) < 0.3, 1.0, 0.4)
    width = {"one gain above": 10.0, "one gain below": 1.0}
    harms = 1 - gains if of == "one stake" else width[of] * rng.random(n)
    game = Game(gains, 0.05 * n, n / 2, harms=harms)
    crowd = prices.Crowd.one
    met = []

    def half(self, box, count, total):
        met.append(self)
        return crowd(self, box, count // 2, total / 2)

    assert not _missed(game)
    monkeypatch.setattr(prices.Crowd, "one", half)
    assert _missed(game)
    wanted = {"one gain above": np.inf, "one gain below": 0.0, "one stake": 1.0}[of]
    assert wanted in [x.stake for x in met]
