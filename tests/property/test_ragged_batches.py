"""A batch gives each game what the game alone is given, whatever stands beside it."""

from functools import partial

import numpy as np
import pytest

from radsim import Game, solve, solve_many
from radsim.game import Count
from radsim.solvers.water import batches, ragged
from radsim.solvers.water.proofs import row_bounds

DRAWS = {
    "uniform": lambda rng, n: rng.random(n),
    "ties": lambda rng, n: rng.integers(0, 3, n) * 1.0,
    "two values": lambda rng, n: rng.choice([0.25, 0.75], n),
    "one value": lambda rng, n: np.full(n, rng.random()),
    "zeros": lambda rng, n: np.where(rng.random(n) < 0.5, 0.0, rng.random(n)),
    "Pareto": lambda rng, n: 1 + rng.pareto(1.1, n),
    "1 ulp apart": lambda rng, n: 1 + rng.integers(0, 3, n) * 2.0**-52,
    "tiny": lambda rng, n: 1e-300 * (1 + rng.random(n)),
    "huge": lambda rng, n: 1e300 * (1 + rng.random(n)),
    "far apart": lambda rng, n: 10.0 ** rng.uniform(-100, 100, n),
}
RULES = [{"capped": c, "abstain": a} for c in (True, False) for a in (True, False)]


def _batch(family, seed, games=25):
    """Games of 1 to 700 points, m and b of each, and harms or none."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 10, 60, 127, 128, 129, 300, 700], games)
    gains = [DRAWS[family](rng, n) for n in sizes]
    mistakes = np.array([rng.choice([0, 0.5, 1, n / 20, n / 3, n]) for n in sizes])
    budget = np.array([rng.choice([0.5, 1, n / 10 + 0.1, n / 2, n]) for n in sizes])
    mistakes, budget = np.minimum(mistakes, sizes), np.minimum(budget, sizes)
    harms = None
    if seed % 2:
        harms = [g.max() * rng.choice([0, 0.1, rng.random()], len(g)) for g in gains]
    return gains, mistakes, budget, harms


def _same(one, other):
    for name in ("value", "level", "threshold", "inclusion"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize("kernels", ["numpy", "numba"])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("family", DRAWS)
def test_ragged_is_flat_is_one_by_one_to_the_last_bit(family, seed, kernels):
    if kernels == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    gains, mistakes, budget, harms = _batch(family, seed)
    ask = partial(solve_many, kernels=kernels, **RULES[seed])
    found = ask(gains, mistakes, budget, harms=harms)
    offsets = np.concatenate(([0], np.cumsum([len(g) for g in gains])))
    flat = None if harms is None else np.concatenate(harms)
    _same(found, ask(np.concatenate(gains), mistakes, budget, harms=flat, offsets=offsets))
    assert np.array_equal(found.offsets, offsets)
    assert found.certificates.accepts(1e-9).all()
    for k, g in enumerate(gains):
        h = None if harms is None else harms[k]
        m, b = Count(mistakes[k]), budget[k]
        alone = ask([g], m, b, harms=None if h is None else [h])
        assert alone.value[0] == found.value[k]
        assert np.array_equal(alone.inclusion[0], found[k].inclusion)
        game = Game(g, m, b, harms=h, **RULES[seed])
        assert abs(found.value[k] - solve(game).value) <= 1e-12 * game.scale
        assert found[k].certificate.accepts(1e-9)


@pytest.mark.parametrize("kernels", ["numpy", "numba"])
@pytest.mark.parametrize("family", DRAWS)
def test_threads_and_blocks_change_no_bit(family, kernels, monkeypatch):
    if kernels == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    gains, mistakes, budget, harms = _batch(family, 1, games=60)
    found = [solve_many(gains, mistakes, budget, harms=harms, kernels=kernels, threads=1)]
    monkeypatch.setattr(ragged, "_WORTH", 0)
    for block in (1, 1_000, 5_000):
        monkeypatch.setattr(ragged, "_BLOCK", block)
        for threads in (1, 2, 4):
            ask = partial(solve_many, kernels=kernels, threads=threads)
            found.append(ask(gains, mistakes, budget, harms=harms))
    for other in found[1:]:
        _same(found[0], other)
        for name in ("lower", "upper", "infeasibility", "scale"):
            one, two = (getattr(x.certificates, name) for x in (found[0], other))
            assert np.array_equal(one, two)


def test_the_first_wrong_game_is_named_on_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(ragged, "_WORTH", 0)
    monkeypatch.setattr(ragged, "_BLOCK", 100)
    gains = [np.ones(n) for n in np.random.default_rng(0).integers(1, 50, 200)]
    gains[70][-1] = gains[150][0] = -1
    for threads in (1, 2, 4):
        with pytest.raises(ValueError, match=rf"gains\[70, {len(gains[70]) - 1}\] = -1"):
            solve_many(gains, 0, threads=threads)


def test_one_number_for_all_is_that_number_for_each():
    gains = [np.random.default_rng(k).random(5 + k) for k in range(9)]
    _same(solve_many(gains, 2, 1.5), solve_many(gains, np.full(9, 2), np.full(9, 1.5)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("family", DRAWS)
def test_games_whose_caps_bind_are_solved_together(family, seed, monkeypatch):
    rng = np.random.default_rng(seed)
    sizes = rng.choice([4, 10, 60, 300], 30)
    gains = [DRAWS[family](rng, n) for n in sizes]
    if seed % 2:
        harms = [g.max() * rng.choice([0, rng.random()], len(g)) for g in gains]
    else:
        harms = None
    mistakes, budget = sizes * rng.uniform(0.02, 0.3, 30), sizes * rng.choice([0.5, 0.9, 1], 30)
    one_by_one = []
    solved = batches.solve_value
    monkeypatch.setattr(batches, "solve_value", lambda g: one_by_one.append(g) or solved(g))
    found = solve_many(gains, mistakes, budget, harms=harms, abstain=seed < 2)
    assert found.certificates.accepts(1e-12).all()
    if family not in ("tiny", "huge", "far apart") and seed < 2:
        assert len(one_by_one) <= 3
    for k, g in enumerate(gains):
        h = None if harms is None else harms[k]
        game = Game(g, Count(mistakes[k]), budget[k], harms=h, abstain=seed < 2)
        assert abs(found.value[k] - solve(game).value) <= 1e-12 * game.scale
        assert found.inclusion[found.offsets[k] : found.offsets[k + 1]].max() <= 1


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(10))
def test_bounds_hold_whatever_prices_are_named(seed, rules):
    rng = np.random.default_rng(seed)
    gains, mistakes, budget, harms = _batch(list(DRAWS)[seed % 7], seed)
    found = solve_many(gains, mistakes, budget, harms=harms, **rules)
    scale = found.certificates.scale
    g, o = found.gains, found.offsets
    s = 2 * g if harms is None else g + np.concatenate(harms)
    for power in (0, 1e-9, 0.1, 1.0):
        wrong = [
            x * (1 + power * rng.standard_normal(len(x))) for x in (found.level, found.threshold)
        ]
        q = found.inclusion * (1 + power * rng.standard_normal(len(g)))
        lower, upper, *_ = row_bounds(g, s, q, o, *wrong, mistakes, budget, **rules)
        assert (lower <= found.value + 1e-12 * scale).all()
        assert (upper >= found.value - 1e-12 * scale).all()
