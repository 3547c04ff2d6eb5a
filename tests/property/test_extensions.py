"""Errors of any size, several teachers and rates of certainty, against programs that know no form.

`RADSIM_GAMES=N` draws N games a test in place of the few of a plain run.
"""

import os

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from radsim import Game, contaminate, draw_instance, solve
from radsim.extensions import (
    Damage,
    Market,
    certainty_mistakes,
    certainty_rate,
    certainty_rate_at_share,
    check_deviations,
    damage_from,
    route,
    solve_deviations,
    vote,
)
from radsim.game import Count

N_GAMES = int(os.environ.get("RADSIM_GAMES", "20"))
SHAPES = {
    "linear": lambda x: x,
    "square": lambda x: x * x,
    "root": np.sqrt,
    "threshold": lambda x: min(1.0, 2 * x) if x > 0.25 else 0.5 * x,
    "wave": lambda x: x + np.sin(4 * np.pi * x) / (8 * np.pi),
    "plateau": lambda x: min(1.0, 3 * x),
}


def programme(rows, limits, profit, upper=None):
    """Largest profit of x >= 0 under rows of a matrix, by HiGHS."""
    found = linprog(
        -np.asarray(profit),
        A_ub=sparse.csr_matrix(rows),
        b_ub=limits,
        bounds=(0, upper),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert found.status == 0, found.message
    return -found.fun


def any_size(game, damage):
    """V over laws on the sizes of the profile: q, the price of a mistake, what a point loses."""
    n, unit = game.n, float(game.gains.max())
    g, s = game.gains / unit, game.stakes / unit
    rows, one = [], np.eye(n)
    for x, y in zip(damage.sizes, damage.damages, strict=True):
        rows.append(np.hstack((np.diag(s) * y, -x * np.ones((n, 1)), -one)))
    rows.append(np.concatenate((np.ones(n), np.zeros(n + 1)))[None])
    limits = np.append(np.zeros(n * len(damage.sizes)), game.budget)
    return unit * programme(
        np.vstack(rows), limits, np.concatenate((g, [-game.mistakes], -np.ones(n)))
    )


def union(gains, stakes, mistakes, prices, budget):
    """V over all pairs of a teacher and a point: queries, prices of mistakes, what pairs lose."""
    k, n, unit = len(mistakes), len(gains), float(gains.max())
    g, s = np.tile(gains, k) / unit, np.tile(stakes, k) / unit
    owner = np.repeat(np.eye(k), n, axis=0)
    lost = np.hstack((np.diag(s), -owner, -np.eye(k * n)))
    spent = np.concatenate((np.repeat(prices, n), np.zeros(k + k * n)))[None]
    return unit * programme(
        np.vstack((lost, spent)),
        np.append(np.zeros(k * n), budget),
        np.concatenate((g, -np.asarray(mistakes), -np.ones(k * n))),
    )


def drawn(k, largest_n=9):
    rng = np.random.default_rng([41, k])
    while True:
        game = draw_instance(rng=rng, largest_n=largest_n, capped=False, abstain=True).game
        if game.gains.max() > 0:
            return game, rng


def random_damage(rng):
    k = int(rng.integers(0, 5))
    sizes = np.concatenate(([0.0], np.sort(rng.uniform(0.01, 1, k)), [1.0]))
    return Damage(sizes, np.concatenate(([0.0], np.sort(rng.random(k)), [1.0])))


@pytest.mark.parametrize("shape", [*SHAPES, "random"])
def test_errors_of_any_size_have_the_value_of_the_program(shape):
    worst = 0.0
    for k in range(N_GAMES):
        game, rng = drawn(k)
        damage = random_damage(rng) if shape == "random" else damage_from(SHAPES[shape], 17)
        found = solve_deviations(game, damage)
        scale = game.scale
        worst = max(worst, abs(found.value - any_size(game, damage)) / scale)
        assert found.certificate.accepts(1e-11)
        assert found.value <= solve(game).value + 1e-11 * scale  # concave damage is worse
        if shape in ("linear", "square"):
            assert abs(found.value - solve(game).value) <= 1e-11 * scale
    print(f"{shape}: {N_GAMES} games, {worst:.1e} at most from the program")
    assert worst <= 1e-9


def test_a_mixture_of_two_sizes_is_the_envelope():
    game, wave = Game([3, 2, 2, 1], mistakes=1, harm=0.5), damage_from(SHAPES["wave"], 33)
    found = solve_deviations(game, wave)
    for size, weight, mean in zip(found.sizes, found.weights, found.mean_sizes, strict=True):
        assert set(size) <= set(wave.vertices[0])
        assert weight @ wave(size) == pytest.approx(np.interp(mean, *wave.vertices), abs=1e-14)
    assert found.mean_sizes.sum() == pytest.approx(game.mistakes, rel=1e-12)


def test_an_envelope_lies_above_its_profile_and_on_it_at_its_corners():
    for k in range(N_GAMES):
        damage = random_damage(np.random.default_rng([42, k]))
        x, y = damage.vertices
        grid = np.linspace(0, 1, 200)
        assert np.all(np.interp(grid, x, y) >= damage(grid) - 1e-15)
        assert np.array_equal(damage(x), y)
        assert np.all(np.diff(np.diff(y) / np.diff(x)) < 0) or len(x) == 2


@pytest.mark.parametrize(
    "forged",
    [
        lambda a: {"inclusion": np.roll(a.inclusion, 1)},
        lambda a: {"inclusion": 1.1 * a.inclusion},
        lambda a: {"weights": a.weights[:, ::-1]},
        lambda a: {"weights": np.ones_like(a.weights), "sizes": np.ones_like(a.sizes)},
        lambda a: {"sizes": np.tile(a.mean_sizes[:, None], 2)},  # the mean size for the mixture
        lambda a: {"value": 1.05 * a.value},
        lambda a: {"value": 0.95 * a.value},
    ],
)
def test_a_forged_answer_is_refused(forged):
    step = Damage([0, 0.2, 0.6, 1], [0, 0.0, 0.9, 1])
    right = solve_deviations(Game([9, 7, 4, 4, 1], mistakes=1.5, capped=False), step)
    names = ("inclusion", "sizes", "weights", "value")
    given = {name: getattr(right, name) for name in names}
    assert check_deviations(right.game, step, **given).accepts(1e-12)
    assert not check_deviations(right.game, step, **(given | forged(right))).accepts(1e-6)


def test_bounds_of_any_answer_enclose_the_value():
    for k in range(N_GAMES):
        game, rng = drawn(k)
        damage = random_damage(rng)
        sizes, weights = rng.random((game.n, 3)), rng.random((game.n, 3))
        q = rng.random(game.n) * game.budget
        proof = check_deviations(game, damage, q, sizes, weights, 0.0)
        value = any_size(game, damage)
        slack = 1e-9 * game.scale
        assert proof.lower - slack <= value <= proof.upper + slack


def market(k):
    game, rng = drawn(k, largest_n=6)
    n_teachers = int(rng.integers(1, 5))
    whole = rng.integers(0, game.n + 1, n_teachers).astype(float)
    mistakes = whole if rng.random() < 0.5 else rng.random(n_teachers) * game.n
    prices = rng.choice([0.5, 1, 2, 3], n_teachers) if k % 2 else rng.uniform(0.1, 3, n_teachers)
    return Market(game.gains, mistakes, prices, game.budget, harms=game.harms)


def test_one_teacher_is_worth_as_much_as_all_of_them():
    worst = 0.0
    for k in range(N_GAMES):
        one = market(k)
        found = route(one)
        exact = union(one.gains, one.gains + one.harms, one.mistakes, one.prices, one.budget)
        scale = one.budget * one.gains.max() / one.prices.min()
        worst = max(worst, abs(found.value - exact) / scale)
        assert found.certificate.accepts(1e-11)
        assert np.count_nonzero(found.inclusion.sum(axis=1)) <= 1
    print(f"{N_GAMES} markets, {worst:.1e} at most from the program of all pairs")
    assert worst <= 1e-9


def test_no_committee_beats_the_best_of_its_members():
    for k in range(N_GAMES):
        one = market(k)
        best = route(one)
        for members in (range(one.n_teachers), range(1, one.n_teachers)):
            if members:
                found = vote(one, members)
                assert found.value <= best.value * (1 + 1e-12)
                assert found.mistakes >= one.mistakes[list(members)].min() - 1e-12
        for t in range(one.n_teachers):
            alone = vote(one, [t])
            assert alone.value == pytest.approx(one.budget * best.levels[t], rel=1e-12)


def falling(rng):
    n = int(rng.integers(2, 9))
    gains = np.sort(rng.pareto(1.5, n) if rng.random() < 0.3 else rng.random(n))[::-1]
    if rng.random() < 0.3:
        gains = np.round(4 * gains) / 4
    return (
        gains,
        int(rng.integers(1, n)),
        float(rng.choice([0.2, 1, 3])),
        float(rng.uniform(0, 0.95)),
    )


def taken_surely(gains, b, h, rate, weight, m):
    """Whether the b largest gains are optimal, by a solver: value and what they are worth."""
    n = len(gains)
    game = Game(gains, Count(m), b, harms=np.full(n, h), abstain=False)
    known = contaminate(game, np.full(n, rate), weight)
    worth = float(np.sum((known.gains - known.stakes)[:b]))
    value = float(solve(known, method="linprog").value)
    return value, worth, game.scale


def test_certainty_begins_where_it_is_said_to():
    worst, seen = 0.0, 0
    for k in range(N_GAMES):
        rng = np.random.default_rng([43, k])
        gains, b, h, w = falling(rng)
        n, r = len(gains), float(rng.random())
        m = certainty_mistakes(gains, b, r, w, harm=h)
        for at in (m, (m + n) / 2, n):
            value, worth, scale = taken_surely(gains, b, h, r, w, at)
            worst = max(worst, abs(value - worth) / scale)
        value, worth, scale = taken_surely(gains, b, h, r, w, (b + m) / 2)
        if m > b + 1e-3:
            seen += 1
            assert value > worth + 1e-9 * scale
        rate = certainty_rate(gains, b, w, harm=h)
        for at in (rate, (rate + 1) / 2, 1.0):
            value, worth, scale = taken_surely(gains, b, h, at, w, at * n)
            worst = max(worst, abs(value - worth) / scale)
        below = (b / n + rate) / 2
        value, worth, scale = taken_surely(gains, b, h, below, w, below * n)
        if rate > b / n + 1e-3:
            assert value > worth + 1e-9 * scale
        kappa = float(rng.uniform(0.05, 1))
        rate = certainty_rate_at_share(gains, b, kappa, harm=h)
        value, worth, scale = taken_surely(
            gains, b, h, rate, (1 - kappa) / (1 - kappa * rate), rate * n
        )
        worst = max(worst, abs(value - worth) / scale)
    print(f"{N_GAMES} pools, {worst:.1e} at most between the value and the b largest gains")
    assert worst <= 1e-9
    assert seen


BAD = [
    (lambda: Damage([0, 1], [0, 0.5]), r"damages\[1\] = 0.5 must be 1"),
    (lambda: Damage([0.1, 1], [0, 1]), r"sizes\[0\] = 0.1 must be 0"),
    (lambda: Damage([0, 0.5, 0.4, 1], [0, 0, 0, 1]), r"sizes\[2\] = 0.4 must be at least"),
    (lambda: Damage([0, 0, 1], [0, 0.5, 1]), r"damages\[1\] = 0.5 must be 0"),
    (lambda: Damage([0, 1], [0]), "damages has 1 entries, sizes has 2"),
    (lambda: Damage([0, float("nan"), 1], [0, 0, 1]), r"sizes\[1\] = nan"),
    (lambda: Damage([0, 1e-320, 1], [0, 1, 1]), r"sizes\[1\] = 1e-320 is too small"),
    (lambda: damage_from(lambda x: 1 - x, 3), r"damages\[1\] = 0.5 must be at least"),
    (lambda: damage_from(lambda x: 2 * x, 3), r"function\(1\) = 2.0 must be in \[0, 1\]"),
    (lambda: damage_from(3), "function = 3 must be a function"),
    (lambda: solve_deviations(Game([1, 1], 1, 2), Damage([0, 1], [0, 1])), "budget = 2.0 must be"),
    (
        lambda: solve_deviations(Game([1], 1, abstain=False), Damage([0, 1], [0, 1])),
        "abstain = False",
    ),
    (lambda: Market([1, 1], [1, 1], [1]), "prices has 1 entries, mistakes has 2"),
    (lambda: Market([1, 1], [1], [0]), r"prices\[0\] = 0.0 must be finite and positive"),
    (lambda: Market([1, 1], [], []), "mistakes has 0 entries, needs at least 1"),
    (lambda: vote(Market([1], [1], [1]), [1]), r"members\[0\] = 1.0 must be"),
    (lambda: vote(Market([1], [1], [1]), []), "members must name at least one"),
    (lambda: vote(Market([1], [1, 1], [1, 1]), [0, 0]), r"members\[1\] = 0 is named twice"),
    (lambda: certainty_rate([1, 2], 3, 0.5), "budget = 3 must be"),
    (lambda: certainty_rate([1, 2], 1, 1.0), r"weight = 1.0 must be in \[0, 1\)"),
    (lambda: certainty_rate_at_share([1, 2], 1, 0), r"share = 0.0 must be in \(0, 1\]"),
    (lambda: certainty_mistakes([1, 2], 1, 2, 0.5), r"rate = 2.0 must be in \[0, 1\]"),
]


@pytest.mark.parametrize(("call", "words"), BAD)
def test_what_cannot_be_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("unit", [1e-300, 1e-12, 1.0, 1e12, 1e290])
def test_in_any_unit(unit):
    gains = unit * np.array([9.0, 7, 4, 0])
    step = Damage([0, 0.2, 0.6, 1], [0, 0.0, 0.9, 1])
    found = solve_deviations(Game(gains, mistakes=1), step)
    assert found.value / unit == pytest.approx(
        solve_deviations(Game([9, 7, 4, 0], mistakes=1), step).value, rel=1e-12
    )
    asked = route(Market(gains, [1, 2], [1, 0.5]))
    assert asked.teacher == 0 and asked.certificate.accepts(1e-9)


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_nothing_can_be_promised_or_nothing_is_to_fear(m):
    found = solve_deviations(Game([4, 2, 0], mistakes=m), Damage([0, 0.5, 1], [0, 0.9, 1]))
    assert (found.value == 4) == (m == 0)
    assert (found.value == 0) == (m > 0) == (not found.inclusion.any())
    assert found.certificate.accepts(1e-15)


def test_no_gains_at_all():
    assert (
        solve_deviations(Game([0, 0], mistakes=1, harms=[1, 0]), Damage([0, 1], [0, 1])).value == 0
    )
    assert route(Market([0, 0], [1, 0], [1, 1], harms=[1, 0])).teacher == -1
