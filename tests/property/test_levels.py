"""The sort-free searches against a sorted reference, on inputs that are meant to mislead them."""

import math

import numpy as np
import pytest

from radsim import Game, SolveError, solve, water_level
from radsim.data.instances import FAMILIES
from radsim.game import Count
from radsim.solvers.water import prices
from radsim.solvers.water.chunks import arrays
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.levels import SMALL, find_level

N = 60_000
KERNELS = ["numpy", "numba"]


def _loops(name):
    if name == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    return load(name)


def _reference(gains, stakes, mistakes):
    """V2 on the sorted pool, with sums that are rounded once; and the condition of its quotient."""
    order = np.argsort(-gains, kind="stable")
    g, s = gains[order], stakes[order]
    positive = s > 0
    g, s = g[positive], s[positive]
    wide = np.longdouble
    ratio = np.cumsum(g.astype(wide) / s) - wide(mistakes)
    k = int(np.argmax(ratio / np.cumsum(1 / s.astype(wide)))) + 1
    total, density = math.fsum(g[:k] / s[:k]), math.fsum(1 / s[:k])
    return (total - mistakes) / density, (total + mistakes) / abs(total - mistakes)


def _misleading(n):
    rng = np.random.default_rng(0)
    random = rng.random(n)
    sampled = np.full(n, 0.1)
    places = arrays(np.arange(n) * 1.0, None, np.ones(n)).sample(max(2_048, int(n**0.65)))[0][0]
    sampled[places.astype(int)] = 1 + rng.random(len(places))
    unseen = 1 + random
    unseen[places.astype(int)] = 0.1 * rng.random(len(places))
    return {
        "random": random,
        "sorted": np.sort(random),
        "reversed": np.sort(random)[::-1].copy(),
        "all equal": np.full(n, 0.7),
        "two levels": np.where(random < 0.3, 1.0, 0.4),
        "every 64th": np.where(np.arange(n) % 64 == 0, 1 + random, 0.1 * random),
        "all but every 29th": np.where(np.arange(n) % 29 == 0, 0.1 * random, 1 + random),
        "high where sampled": sampled,
        "low where sampled": unseen,
        "zeros": np.where(random < 0.5, 0.0, random),
        "geometric": np.geomspace(1e-250, 1e250, n),
        "integers": np.floor(4 * random),
    }


MISLEADING = _misleading(N)


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("harm", ["one", "third", "vector"])
@pytest.mark.parametrize("name", MISLEADING)
def test_level_is_that_of_the_sorted_pool(name, harm, kernels):
    gains = MISLEADING[name]
    multiple = {"one": 1.0, "third": 0.3, "vector": None}[harm]
    other = gains.max() * np.random.default_rng(1).random(N)
    stakes = gains + (other if multiple is None else multiple * gains)
    for share in (1e-5, 0.01, 0.05, 0.3, 0.45, 1 / 3):
        pool = arrays(gains, None, stakes, multiple, _loops(kernels))
        found = find_level(pool, share * N)
        level, condition = _reference(gains, stakes, share * N)
        assert abs(found.level - level) <= 4 * np.spacing(abs(level)) * condition
        assert len(pool.passes) <= 2
    whole = water_level(gains[stakes > 0], stakes[stakes > 0], 0.05 * N)
    assert whole.density == pytest.approx(math.fsum(1 / stakes[stakes > 0][whole.support]), 1e-14)


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("harm", [1.0, None])
def test_level_at_a_gain_that_most_points_have(harm, kernels):
    """Two values, and mistakes with which the level is the lower one, or next to it."""
    rng = np.random.default_rng(5)
    gains = np.where(rng.random(N) < 0.3, 1.0, 0.4)
    stakes = gains + (rng.random(N) if harm is None else harm * gains)
    at = float(np.sum(np.maximum(0, gains - 0.4) / stakes))
    for mistakes in (at * (1 - 1e-3), at, at * (1 + 1e-12), at + 0.5, at * 1.001):
        found = find_level(arrays(gains, None, stakes, harm, _loops(kernels)), mistakes)
        level, condition = _reference(gains, stakes, mistakes)
        assert abs(found.level - level) <= 4 * np.spacing(abs(level)) * condition


def test_many_random_games_agree_with_the_sorted_pool():
    rng = np.random.default_rng(2)
    for _ in range(150):
        n = int(rng.integers(SMALL + 1, 3 * SMALL))
        gains = FAMILIES[str(rng.choice(["uniform", "beta", "pareto", "ties", "two_level"]))](
            n, rng
        )
        stakes = gains + gains.max() * rng.random(n) * rng.choice([0.0, 1.0], n)
        mistakes = float(rng.choice([1, 2.5, n / 100, rng.uniform(0, n / 2)]))
        level, condition = _reference(gains, stakes, mistakes)
        found = find_level(arrays(gains, None, stakes), mistakes)
        assert abs(found.level - level) <= 4 * np.spacing(abs(level)) * condition


def test_a_sample_that_misleads_costs_a_pass_and_no_more():
    for name in ("high where sampled", "low where sampled"):
        gains = MISLEADING[name]
        pool = arrays(gains, None, 2 * gains)
        find_level(pool, 0.05 * N)
        assert pool.passes == ["level", "level"]


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("abstain", [True, False])
@pytest.mark.parametrize("name", MISLEADING)
def test_two_prices_are_certified(name, abstain, kernels):
    _loops(kernels)
    gains = MISLEADING[name]
    rng = np.random.default_rng(3)
    for budget in (0.5 * N, 0.01 * N + 0.5, float(N)):
        for harms in (None, gains.max() * rng.random(N), np.maximum(0, gains.max() - gains)):
            game = Game(gains, Count(rng.uniform(0, 0.4) * N), budget, harms=harms, abstain=abstain)
            solution = solve(game, kernels=kernels)
            assert solution.certificate.accepts(1e-12)


def test_the_sample_changes_no_price(monkeypatch):
    gains = MISLEADING["random"]
    game = Game(gains, 0.1 * N, N / 2, harms=gains.max() - gains)
    first = solve(game)
    monkeypatch.setattr(prices, "SMALL", 10 * N)  # sorted as a whole
    second = solve(game)
    for a, b in ((first.level, second.level), (first.threshold, second.threshold)):
        assert abs(a - b) <= 16 * np.spacing(b)
    assert np.abs(first.inclusion - second.inclusion).max() <= 1e-13


def test_a_game_solved_twice_is_the_same_to_the_last_bit():
    game = Game(MISLEADING["random"], 0.1 * N, N / 2)
    first, second = solve(game), solve(game)
    assert (first.inclusion == second.inclusion).all()
    assert (first.mistake_probabilities == second.mistake_probabilities).all()


@pytest.mark.parametrize("unit", [1e-300, 1e299])
@pytest.mark.parametrize("budget", [1.0, 1_000.0, 15_000.0])
def test_extreme_units(unit, budget):
    n = 30_000
    gains = unit * np.random.default_rng(4).random(n)
    solution = solve(Game(gains, 0.1 * n, budget))
    assert solution.level > 0
    assert solution.certificate.accepts(1e-12)


@pytest.mark.parametrize("budget", [1.0, 1_000.0, 15_000.0])
def test_subnormal_gains(budget):
    # Payoffs of so small a unit have too few digits for a certificate; the strategies have not.
    gains = 1e-320 * np.random.default_rng(4).random(30_000)
    game = Game(gains, 3_000, budget)
    solution = solve(game, certify=False)
    normal = solve(Game(np.ldexp(gains, 1_000), 3_000, budget))
    assert np.abs(solution.inclusion - normal.inclusion).max() <= 1e-15
    assert solution.level == np.ldexp(normal.level, -1_000) > 0


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("n", [10, 30_000])
@pytest.mark.parametrize("rules", [{}, {"harm": 0.0}, {"abstain": False}, {"capped": False}])
def test_huge_gains_beside_tiny_ones(n, rules, kernels):
    _loops(kernels)
    gains = np.where(np.arange(n) % 2, 1e299, 1e-299) / n
    for rate in (0.0, 0.05, 0.1):
        for budget in (1.0, n / 10, n / 5):
            solution = solve(Game(gains, None, budget, rate=rate, **rules), kernels=kernels)
            assert solution.certificate.accepts(1e-12)


def test_gains_too_far_apart_are_refused():
    gains = [1e300, 1e300, 5e-324, 5e-324]
    with pytest.raises(SolveError, match=r"stakes from 1e-323 to 2e\+300 .* method='rational'"):
        solve(Game(gains, 1))
    assert solve(Game(gains, 1), method="rational").certificate.gap == 0
