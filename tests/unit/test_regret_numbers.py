"""Regret and ratio worked by hand, the corner regimes, refusals, and evaluation by brute force."""

from fractions import Fraction as F
from itertools import chain, combinations

import numpy as np
import pytest
from programs import solve_program

from radsim import SOLVERS, Game, competitive_ratio, payoff, regret, solve
from radsim.hindsight import hindsight
from radsim.mixtures import (
    benchmark_value,
    mixture_infeasibility,
    mixture_of_sets,
    systematic_mixture,
)

LADDER = Game([1, 0.5, 0.25], 1)
# Harm 0 and m = n - 1: g_j = 1 < t_1 = 4/3.
CLAMPED = Game([4, 2, 1], 2, harm=0)
ALMOST_NOTHING = 2.0**-40

CASES = [
    # game, regret, ratio
    (LADDER, F(9, 14), F(2, 11)),
    (CLAMPED, F(4, 3), F(1, 3)),
    (Game([3, 2, 1], 0), F(0), F(1)),  # m = 0
    (Game([3], 0), F(0), F(1)),  # no t_1: g/s = 1/2
    (Game([1, 0.5, 0.25], 2), F(3, 4), F(0)),  # V = 0: insurance alone
    (Game([1, 1, 1, 1], 2, harm=0), F(1, 2), F(1, 2)),  # ties
    (Game([1, 0.5, 0.25], 1, 3.0, capped=False), F(27, 14), F(2, 11)),  # budgets scale
    (Game([1, 0.5, 0.25], 1, 0.5), F(9, 28), F(2, 11)),
    # All stakes equal: V = e/2 with e the missing harm.
    (
        Game([1, 1, 1, 1], 2, harms=np.full(4, 1 - ALMOST_NOTHING)),
        F(1) - F(ALMOST_NOTHING) / 2,
        F(ALMOST_NOTHING) / 2,
    ),
]


@pytest.mark.parametrize(("game", "least", "best"), CASES)
def test_worked_numbers(game, least, best):
    for objective, value in (("regret", least), ("ratio", best)):
        exact = solve(game, objective, "rational")
        assert exact.value == value
        assert exact.certificate.gap == 0
        assert exact.certificate.infeasibility == 0
        for method, row in SOLVERS["plain", objective].items():
            found = solve(game, objective, method)
            assert float(found.value) == pytest.approx(float(value), abs=1e-9)
            assert found.certificate.accepts(row.rtol), method
        assert solve(game, objective).certificate.accepts(1e-12)


def test_worked_strategies():
    exact = solve(LADDER, "regret", "rational")
    assert list(exact.inclusion) == [F(5, 14), F(3, 14), F(3, 7)]
    assert list(exact.mistake_probabilities) == [F(3, 7), F(5, 14), F(3, 14)]
    assert exact.stats["insured_above"] == F(1, 2)
    # V = 1/7: the first point is right with 4/7 and then the benchmark; the rest falls on j = 2.
    first = sum(exact.mixture.weights[exact.mixture.benchmarks == 0])
    assert first == F(4, 7)
    assert set(exact.mixture.benchmarks) == {0, 1}
    assert set(exact.mixture.sizes()) == {1}
    clamped = solve(CLAMPED, "regret", "rational")
    assert list(clamped.inclusion) == [F(2, 3), F(1, 3), 0]
    assert list(clamped.mistake_probabilities) == [F(2, 3), F(1, 3), 0]
    assert clamped.level == F(4, 3)  # mu, above V = 4/7
    nothing = solve(Game([1, 0.5, 0.25], 2), "ratio", "rational")
    assert not any(nothing.inclusion)
    alone = solve(Game([1, 0.5, 0.25], 2), "regret", "rational")
    assert list(alone.inclusion) == [F(1, 4), 0, 0]


def test_the_identity_fails_where_clamped():
    value = solve(CLAMPED, method="rational").value
    least, best = (solve(CLAMPED, name, "rational").value for name in ("regret", "ratio"))
    assert (value, value / (value + least), best) == (F(4, 7), F(3, 10), F(1, 3))
    assert solve(CLAMPED, "regret").stats["branch"] == "clamped"
    assert solve(CLAMPED, "ratio").stats["branch"] == "benchmark"


def _brute(game, q):
    """All sets of at most m mistakes: (B(l), U(q, l))."""
    n = game.n
    for points in chain.from_iterable(
        combinations(range(n), k) for k in range(int(game.mistakes) + 1)
    ):
        l = np.zeros(n)
        l[list(points)] = 1
        best = float(np.max(game.gains - game.stakes * l))
        yield game.budget * (max(0.0, best) if game.abstain else best), payoff(game, q, l)


def test_evaluation_is_the_worst_over_all_sets():
    rng = np.random.default_rng(3)
    for _ in range(300):
        n = int(rng.integers(1, 7))
        gains = rng.integers(0, 4, n) if rng.random() < 0.5 else rng.random(n)
        game = Game(
            gains,
            int(rng.integers(0, n + 1)),
            harms=rng.random(n) * rng.integers(0, 2),
            abstain=bool(rng.random() < 0.5),
        )
        q = rng.dirichlet(np.ones(n)) * rng.choice([1.0, 0.3])
        pairs = list(_brute(game, q))
        assert regret(game, q) == pytest.approx(max(b - u for b, u in pairs), abs=1e-12)
        exact = regret(game, np.array([F(x) for x in q], dtype=object))
        assert float(exact) == pytest.approx(regret(game, q), abs=1e-12)
        if game.mistakes < np.sum(game.gains > 0):
            assert competitive_ratio(game, q) == pytest.approx(
                min(u / b for b, u in pairs), abs=1e-9
            )


def test_no_joint_law_has_a_better_benchmark():
    from scipy.optimize import linprog

    rng = np.random.default_rng(4)
    for _ in range(40):
        n = int(rng.integers(2, 6))
        m = int(rng.integers(1, n))
        game = Game(rng.random(n), m)
        l = rng.random(n)
        l *= m / l.sum() * rng.choice([1.0, 0.7])
        l = np.minimum(l, 1)
        sets = list(chain.from_iterable(combinations(range(n), k) for k in range(m + 1)))
        marks = np.array([[float(i in points) for i in range(n)] for points in sets])
        best = (game.gains * (1 - marks)).max(axis=1)
        found = linprog(
            -best, A_eq=np.vstack((marks.T, np.ones(len(sets)))), b_eq=np.append(l, 1.0)
        )
        mixture = systematic_mixture(game, l)
        assert benchmark_value(game, mixture) == pytest.approx(-found.fun, abs=1e-9)
        assert mixture.marginals(n) == pytest.approx(l, abs=1e-15)
        assert mixture_infeasibility(game, mixture) <= 0
        assert len(mixture.weights) <= n + 1
        for benchmark, points in zip(mixture.benchmarks, mixture.sets(), strict=True):
            assert benchmark not in points
            assert len(points) <= m


def test_exact_and_float_mixtures_agree():
    game = Game([5, 4, 3, 2, 1], 3)
    l = [F(3, 4), F(3, 4), F(1, 2), F(1, 2), F(1, 2)]
    exact = systematic_mixture(game, np.array(l, dtype=object))
    float_ = systematic_mixture(game, [float(x) for x in l])
    assert [float(x) for x in exact.weights] == float_.weights.tolist()
    assert exact.sets() == float_.sets()
    assert list(exact.marginals(5)) == l
    assert set(exact.sizes()) == {3}
    copy = mixture_of_sets(exact.benchmarks, exact.sets(), exact.weights)
    assert benchmark_value(game, copy) == benchmark_value(game, exact)


def test_everything_may_be_wrong():
    game = Game([2, 1], 2, harms=[1, 3])
    assert hindsight(game, [0.5, 0]).benchmark.tolist() == [0, 1, -1]
    forced = game.replace(abstain=False)
    assert hindsight(forced, [0.5, 0.5]).best.tolist() == [2, 1, -1]
    found = solve(game, "regret")
    assert found.certificate.accepts(1e-14)
    for formulation in ("compact", "blocks", "generation"):
        for rules in (game, forced):
            again = solve_program(rules, "regret", formulation)
            assert again.certificate.accepts(1e-9)
            wanted = solve(rules, "regret", "enumeration").value
            assert again.value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e300])
@pytest.mark.parametrize("method", SOLVERS["plain", "regret"])
def test_extreme_scales(method, scale):
    game = Game(scale * np.array([1, 0.5, 0.25]), 1)
    found = solve(game, "regret", method)
    assert float(found.value) / scale == pytest.approx(9 / 14, rel=1e-9)
    assert found.certificate.accepts(1e-9)
    assert float(solve(game, "ratio", method).value) == pytest.approx(2 / 11, rel=1e-9)


@pytest.mark.parametrize("objective", ["regret", "ratio"])
def test_huge_gains_beside_tiny_ones(objective):
    game = Game([1e299] * 5 + [1e-299] * 5, 1)
    found = solve(game, objective)
    wanted = solve(game, objective, "rational").value
    assert found.value == pytest.approx(float(wanted), rel=1e-14)
    assert found.certificate.accepts(1e-14)


def test_a_pool_without_gains_has_no_regret():
    for method in SOLVERS["plain", "regret"]:
        found = solve(Game([0, 0], 1, harms=[1, 2]), "regret", method)
        assert float(found.value) == 0
        assert found.certificate.accepts(0)


@pytest.mark.parametrize(
    ("game", "objective", "method", "words"),
    [
        (Game([2, 1], 1.5), "regret", "closed_form", "mistakes = 1.5 must be whole for the regret"),
        (Game([2, 1], 1.5), "ratio", "linprog", "mistakes = 1.5 must be whole for the ratio"),
        (Game([2, 1], 0, 2), "regret", "rational", "budget = 2.0 must be at most 1"),
        (Game([2, 1, 0], 2), "ratio", "closed_form", "mistakes = 2.0 must be below 2"),
        (Game([2, 1, 1], 2, abstain=False), "ratio", "linprog", "no positive guarantee"),
        (Game([2, 1, 1], 2, abstain=False), "regret", "closed_form", "no positive guarantee"),
        (Game([2, 1, 1], 2, abstain=False), "regret", "rational", "no positive guarantee"),
        (Game([2, 1], 1), "regret", "hedge", "method = 'hedge' must be one of closed_form"),
        (Game([2, 1], 1), "ratio", "convex", "method = 'convex'"),
        (Game(np.ones(13), 1), "ratio", "enumeration", "at most 12 points, the game has 13"),
    ],
)
def test_refusals_name_the_culprit(game, objective, method, words):
    with pytest.raises(ValueError, match=words):
        solve(game, objective, method)


def test_options_of_another_method_are_refused():
    with pytest.raises(ValueError, match="formulation = 'x' is no option of 'linprog'"):
        solve(LADDER, "regret", "linprog", formulation="x")
    with pytest.raises(ValueError, match="is no option of 'closed_form'; it has kernels"):
        solve(LADDER, gap=0.1)


@pytest.mark.parametrize("harm", [0.0, 1.0])
def test_larger_pools(harm):
    rng = np.random.default_rng(8)
    for objective in ("regret", "ratio"):
        game = Game(1 + rng.pareto(1.1, 60), 20, harm=harm)
        wanted = solve(game, objective)
        assert wanted.certificate.accepts(1e-12)
        for formulation in ("compact", "blocks", "generation"):
            found = solve_program(game, objective, formulation)
            assert found.certificate.accepts(1e-8)
            assert abs(found.value - wanted.value) <= 1e-8 * wanted.certificate.scale
        huge = solve(Game(1 + rng.pareto(1.1, 30_000), 5_000, harm=harm), objective)
        assert huge.certificate.accepts(1e-10)
        assert len(huge.mixture.weights) <= 30_001


def test_harms_far_above_the_gains_cost_digits_of_the_mixture_only():
    rng = np.random.default_rng(9)
    for factor in (1e3, 1e6):
        for _ in range(30):
            n = int(rng.integers(2, 8))
            game = Game(rng.random(n), n - 1, harms=factor * rng.random(n))
            for objective in ("regret", "ratio"):
                found, exact = (solve(game, objective, x) for x in ("closed_form", "rational"))
                assert abs(found.value - float(exact.value)) <= 1e-12
                assert found.certificate.accepts(1e-15 * factor)
