"""Constrained games: every route certified and equal to the exact value; the plain game inside.

`RADSIM_CASES=2000 pytest tests/property/test_constrained.py -k cvxpy -s` is the long run against
CVXPY; it prints the worst distances.
"""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim import Game, draw_instance, solve
from radsim.claims.constrained import (
    draw_groups,
    draw_limits,
    draw_overlapping,
    draw_profile,
)
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.solvers import SOLVERS

CASES = int(os.environ.get("RADSIM_CASES", "40"))
NUMBER = st.one_of(st.integers(0, 4).map(float), st.floats(1e-6, 10))


@st.composite
def constrained_games(draw, largest_n=6, laminar=True):
    n = draw(st.integers(1, largest_n))

    def vector(entries):
        return draw(st.lists(entries, min_size=n, max_size=n))

    gains = vector(st.one_of(NUMBER, st.integers(-3, 4).map(float)))
    k = draw(st.integers(1, 3))
    rules = {"stakes": vector(NUMBER)}
    if laminar:
        rules["groups"] = vector(st.integers(0, k - 1))
        sizes = np.bincount(rules["groups"], minlength=k)
    else:
        rules["groups"] = np.array([vector(st.booleans()) for _ in range(k)])
        sizes = rules["groups"].sum(axis=1)
    rules["mistakes"] = [
        draw(st.one_of(st.integers(0, int(size)).map(float), st.floats(0, float(size))))
        for size in sizes
    ]
    if draw(st.booleans()):
        rules["total"] = draw(st.floats(0, n))
    if draw(st.booleans()):
        rules["limits"] = vector(st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1)))
    costs = np.ones(n)
    if draw(st.booleans()):
        rules["costs"] = costs = vector(st.one_of(st.sampled_from([0.5, 1, 2]), st.floats(0.1, 3)))
    rules["capped"] = draw(st.booleans())
    share = draw(st.one_of(st.just(1.0), st.floats(0.01, 1)))
    return ConstrainedGame(
        gains, budget=share * float(np.sum(costs)), abstain=draw(st.booleans()), **rules
    )


ROWS = SOLVERS["constrained", "value"]
# A name of its own, for Hypothesis derives its draws from the text of the test.
EXAMPLES = {method: row.examples for method, row in ROWS.items()}


@pytest.mark.parametrize("method", ROWS)
def test_certified_and_equal_to_the_exact_value(method):
    row = ROWS[method]

    @settings(max_examples=EXAMPLES[method], deadline=None, derandomize=True)
    @given(constrained_games())
    def run(game):
        solution = solve(game, method=method)
        assert solution.certificate.accepts(row.rtol)
        exact = solve(game, method="rational")
        assert exact.certificate.gap == 0
        assert abs(float(solution.value) - float(exact.value)) <= row.rtol * game.scale

    run()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(constrained_games(laminar=False))
def test_overlapping_groups(game):
    exact = solve(game, method="rational")
    assert exact.certificate.gap == 0
    found = solve(game, method="linprog")
    assert found.certificate.accepts(1e-7)
    assert abs(found.value - float(exact.value)) <= 1e-7 * game.scale
    # Uncapped, the highest water level over the rows is the value, overlapping or not.
    free = game.replace(capped=False)
    levels = solve(free)
    assert levels.certificate.accepts(1e-9)
    exact = solve(free, method="rational")
    assert abs(levels.value - float(exact.value)) <= 1e-12 * free.scale


DRAWS = {
    "groups": draw_groups,
    "limits": draw_limits,
    "contaminated": lambda game, rng: contaminate(
        game, draw_profile(game, rng), float(rng.random())
    ),
}


@pytest.mark.parametrize("kind", DRAWS)
def test_closed_form_equals_cvxpy(kind):
    worst = {"distance": 0.0, "gap": 0.0}
    for seed in range(CASES):
        rng = np.random.default_rng([41, list(DRAWS).index(kind), seed])
        game = DRAWS[kind](draw_instance(rng=rng, largest_n=15).game, rng)
        closed = solve(game)
        assert closed.certificate.accepts(1e-9), seed
        scale = game.scale or 1.0
        distance = abs(closed.value - solve(game, method="convex").value) / scale
        assert distance <= 1e-6, seed
        worst["distance"] = max(worst["distance"], distance)
        worst["gap"] = max(worst["gap"], abs(closed.certificate.gap) / scale)
    print(f"{kind}: {CASES} instances", *(f"worst {k} {v:.1e}" for k, v in worst.items()))


@pytest.mark.parametrize("kind", [*DRAWS, "overlapping"])
def test_rational_gap_is_zero(kind):
    draw = {**DRAWS, "overlapping": draw_overlapping}[kind]
    for seed in range(2 * CASES):
        rng = np.random.default_rng([43, seed])
        game = draw(draw_instance(rng=rng, largest_n=8).game, rng)
        exact = solve(game, method="rational")
        assert exact.certificate.gap == 0
        assert exact.certificate.infeasibility <= 0
        if game.laminar or not game.capped:
            assert abs(solve(game).value - float(exact.value)) <= 1e-12 * game.scale


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_one_group_without_limits_is_the_plain_game(seed):
    game = draw_instance(rng=np.random.default_rng([47, seed])).game
    plain, richer = solve(game), solve(constrain(game))
    assert abs(plain.value - richer.value) <= 1e-12 * game.scale
    # Three equal copies in three groups: three times the budget earns three times as much.
    if game.capped:
        copies = ConstrainedGame(
            np.tile(game.gains, 3),
            np.tile(game.stakes, 3),
            [game.mistakes] * 3,
            3 * game.budget,
            groups=np.repeat(np.arange(3), game.n),
            abstain=game.abstain,
        )
        assert abs(solve(copies).value - 3 * plain.value) <= 1e-11 * game.scale


@settings(max_examples=150, deadline=None, derandomize=True)
@given(constrained_games(), st.integers(-30, 30), st.integers(0, 2**32 - 1))
def test_reformulations(game, power, seed):
    value, tol = solve(game).value, 1e-11 * game.scale
    r = 2.0**power
    scaled = game.replace(gains=r * game.gains, stakes=r * game.stakes)
    assert abs(solve(scaled).value - r * value) <= r * tol
    # Costs and budget in another currency.
    priced = game.replace(costs=r * game.costs, budget=r * game.budget)
    assert abs(solve(priced).value - value) <= tol
    order = np.random.default_rng(seed).permutation(game.n)
    moved = game.replace(
        gains=game.gains[order],
        stakes=game.stakes[order],
        limits=game.limits[order],
        costs=game.costs[order],
        groups=game.members[:, order],
    )
    assert abs(solve(moved).value - value) <= tol
    # More mistakes, or higher limits, never help the learner.
    worse = game.replace(limits=np.minimum(1, game.limits + 0.2))
    assert solve(worse).value <= value + tol
    if game.abstain:
        assert value >= -tol
        richer = game.replace(budget=game.budget / 2)
        assert solve(richer).value <= value + tol
        assert 2 * solve(richer).value >= value - tol  # concave in the budget


@pytest.mark.parametrize("seed", range(5))
def test_hedge_keeps_its_bound_at_every_horizon(seed):
    rng = np.random.default_rng([53, seed])
    game = draw_groups(draw_instance(rng=rng, largest_n=8).game, rng)
    bounds = []
    for requested in (1.0, 0.05, 0.02):
        found = solve(game, method="hedge", gap=requested)
        assert found.certificate.gap <= found.stats["bound"] * (1 + 1e-9) + 1e-15 * game.scale
        bounds.append(found.stats["bound"] * np.sqrt(found.stats["steps"]))
    assert np.ptp(bounds) <= 1e-9 * bounds[0]  # the bound falls as one over the root of the steps


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_contamination_interpolates(seed, weight):
    rng = np.random.default_rng([59, seed])
    game = draw_instance(rng=rng).game
    profile = draw_profile(game, rng)
    # A profile that the adversary could play himself costs nothing beyond what he costs.
    profile *= min(1.0, game.mistakes / max(float(profile.sum()), 1e-300))
    tol = 1e-11 * max(game.scale, contaminate(game, profile, 1).scale, 1e-300)
    milder = solve(contaminate(game, profile, weight)).value
    assert milder >= solve(game).value - tol
    # The adversary may imitate the profile, so the value falls as his weight grows.
    assert milder <= solve(contaminate(game, profile, 1.0)).value + tol


def test_extreme_scales():
    for scale in (1e-300, 1e-12, 1e12, 1e300):
        gains = scale * np.array([4.0, 3, 2, 2])
        for budget in (1, 2):
            game = ConstrainedGame(gains, gains, [1, 1], budget, groups=[0, 0, 1, 1])
            solution = solve(game)
            assert solution.certificate.accepts(1e-13)
            want = {1: 12 / 7, 2: 13 / 4}[budget]
            assert solution.value == pytest.approx(scale * want, rel=1e-13)
            for method, row in ROWS.items():
                found = float(solve(game, method=method).value)
                assert abs(found / scale - want) <= max(row.rtol, 1e-13) * want, method


def test_stakes_and_gains_of_any_ratio():
    for seed in range(300):
        rng = np.random.default_rng([79, seed])
        n, reach = int(rng.integers(1, 12)), float(rng.choice([20, 100, 150]))
        labels = rng.integers(3, size=n)
        costs = 10 ** rng.uniform(-3, 3, n)
        game = ConstrainedGame(
            10 ** rng.uniform(-reach, reach, n) * rng.choice([1, 1, -1, 0], n),
            10 ** rng.uniform(-reach, reach, n),
            rng.random(3) * np.bincount(labels, minlength=3),
            float(rng.choice([0.5, 1, 1e-9]) * costs.sum()),
            groups=labels,
            limits=10 ** rng.uniform(-20, 0, n),
            costs=costs,
            capped=bool(rng.random() < 0.8),
            abstain=bool(rng.random() < 0.7),
        )
        assert solve(game).certificate.accepts(1e-9), seed


def test_rounding_above_the_level_uses_up_no_mistakes():
    # The stake of the first point is below the last digit of its gain, and its group may not err.
    game = ConstrainedGame(
        [1.97256946e111, 1.0], [1.08309250e-124, 1.0], [0, 1], 3.6e-07, groups=[0, 1],
        limits=[0.83796248, 0.5], costs=[4.17115154e-02, 1.0],
    )  # fmt: skip
    worst = 0.0
    for seed in range(200):
        factor = 1 + np.random.default_rng([83, seed]).random()
        solution = solve(game.replace(costs=factor * game.costs, gains=factor**2 * game.gains))
        assert solution.certificate.accepts(1e-12)
        worst = max(worst, float(solution.mistake_probabilities[0]))
    assert worst == 0


def test_a_level_that_rounding_lifts_above_a_protected_point():
    # What the limit of the third point protects is its gain, to the last digit; the water level is
    # the same number, but its strategy stands on a point whose stake is 1e70 times its gain.
    for seed in range(200):
        third = 8.27471401e21 * (1 + np.random.default_rng([89, seed]).random())
        game = ConstrainedGame(
            [7e-96, 8.68196660e23, third, 5e-48],
            [8.8e101, 7.79430289e94, 1.59267911e-3, 2.5e-73],
            3.89778539,
            4e-9,
            limits=[0.18, 0.88061502, 0.89622523, 0.73],
        )
        assert solve(game).certificate.accepts(1e-12)


def test_large_pools():
    rng = np.random.default_rng(0)
    n, k = 20_000, 8
    gains = 1 + rng.pareto(1.1, n)
    game = constrain(
        Game(gains, 0, 0.3 * n, harms=rng.random(n) * gains),
        groups=rng.integers(k, size=n),
        mistakes=rng.integers(1, 400, k),
        limits=rng.uniform(0.1, 1, n),
        costs=rng.uniform(0.5, 2, n),
    )
    assert solve(game).certificate.accepts(1e-12)


def test_the_water_level_picture_takes_a_constrained_game(tmp_path):
    from radsim.plots import water_level_plot

    game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    water_level_plot(solve(game), tmp_path / "level.png")
    assert (tmp_path / "level.png").read_bytes().startswith(b"\x89PNG")
