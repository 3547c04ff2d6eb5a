"""Closed forms of regret and ratio against linear programs and exact rationals.

`RADSIM_INSTANCES=5000 pytest tests/property/test_regret.py -s` runs the long version and prints
the worst figures.
"""

import os
from collections import Counter
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import solve_program
from scipy import sparse
from scipy.optimize import linprog

from radsim import SOLVERS, Game, solve
from radsim.analysis import insurance
from radsim.solvers.hindsight.linprog import program
from radsim.solvers.rounding import positive_value

N_INSTANCES = int(os.environ.get("RADSIM_INSTANCES", "150"))
FAMILIES = {
    "uniform": lambda n, rng: rng.random(n),
    "pareto": lambda n, rng: 1 + rng.pareto(1.1, n),
    "ties": lambda n, rng: rng.integers(1, 5, n).astype(float),
}
HARMS = {
    "proportional": lambda g, rng: rng.choice([0.0, 0.05, 0.5, 1.0, 2.0]) * g,
    "constant": lambda g, rng: np.full(len(g), g.max() * rng.choice([0.02, 0.1, 1.0])),
    "random": lambda g, rng: g.max() * rng.random(len(g)) * rng.choice([0.1, 1.0]),
    "decreasing": lambda g, rng: g.max() - g,
}


def instances(count, seed, largest_n=12):
    """Pools of every family and harm in turn, each with all whole m that leave V > 0."""
    made = pool = 0
    while made < count:
        rng = np.random.default_rng([seed, pool])
        family = list(FAMILIES)[pool % 3]
        harm = list(HARMS)[pool // 3 % 4]
        gains = FAMILIES[family](int(rng.integers(1, largest_n + 1)), rng)
        harms = HARMS[harm](gains, rng)
        for m in range(len(gains)):
            game = Game(gains, m, harms=harms)
            if positive_value(game) and made < count:
                made += 1
                yield f"{family}/{harm}", game
        pool += 1


def test_closed_form_equals_the_linear_programs():
    worst, seen = Counter(), Counter()
    for name, game in instances(N_INSTANCES, 11):
        for objective in ("regret", "ratio"):
            found = solve(game, objective)
            scale = found.certificate.scale
            assert found.certificate.accepts(1e-9)
            gap = abs(found.certificate.gap) / scale
            worst[objective, "gap of the closed form"] = max(
                gap, worst[objective, "gap of the closed form"]
            )
            seen[objective, found.stats["branch"]] += 1
            for formulation in ("blocks", "compact"):
                other = solve_program(game, objective, formulation)
                assert other.certificate.accepts(1e-9)
                distance = abs(other.value - found.value) / scale
                assert distance <= 1e-7
                for key, x in (
                    ((objective, formulation, "distance"), distance),
                    ((objective, formulation, "gap"), abs(other.certificate.gap) / scale),
                ):
                    worst[key] = max(worst[key], x)
        seen[name] += 1
    print(f"\n{N_INSTANCES} instances", dict(seen), {k: f"{x:.1e}" for k, x in worst.items()})
    assert seen["regret", "clamped"] >= N_INSTANCES // 50
    assert len(seen) == 3 + 12


def test_exact_gap_identity_and_segment():
    seen = Counter()
    for _, game in instances(max(60, N_INSTANCES // 10), 12, largest_n=9):
        value, least, best = (
            solve(game, name, "rational") for name in ("value", "regret", "ratio")
        )
        for solution in (value, least, best):
            assert solution.certificate.gap == 0
            assert solution.certificate.infeasibility == 0
        assert least.value == least.certificate.lower == least.certificate.upper
        identity = value.value / (value.value + least.value)
        clamped = least.stats["insured_above"] != best.stats["insured_above"]
        if clamped:
            assert least.stats["insured_above"] > best.stats["insured_above"]
            assert best.value > identity
        else:
            assert best.value == identity
            # A point whose gain is V is neutral: there the max-min solution is not unique.
            if value.value not in [F(x) for x in game.gains]:
                mixed = (1 - best.value) * value.inclusion + best.value * least.inclusion
                assert list(mixed) == list(best.inclusion)
                seen["on the segment"] += 1
        seen["clamped" if clamped else "t = g_j"] += 1
    print("\nexact", dict(seen))
    assert seen["clamped"] >= 1
    assert seen["on the segment"] >= 20


@st.composite
def games(draw, largest_n=6):
    n = draw(st.integers(1, largest_n))
    number = st.one_of(st.integers(0, 4).map(float), st.floats(1e-6, 10))
    capped = draw(st.booleans())
    return Game(
        draw(st.lists(number, min_size=n, max_size=n)),
        draw(st.integers(0, n)),
        draw(st.sampled_from([1.0, 0.5] if capped else [1.0, 0.5, 2.5])),
        harms=draw(st.lists(number, min_size=n, max_size=n)),
        capped=capped,
    )


def rounding(game):
    """What is exact to some 1e-16 max(s), relative to max(g): more than 1e-9 from 1e6 on."""
    highest = game.gains.max()
    return 1e-15 * game.stakes.max() / highest if highest > 0 else 0.0


# A name of its own, for Hypothesis derives its draws from the text of the test.
EXAMPLES = {method: row.examples for method, row in SOLVERS["plain", "regret"].items()}


@pytest.mark.parametrize("objective", ["regret", "ratio"])
@pytest.mark.parametrize("method", SOLVERS["plain", "regret"])
def test_certified_and_equal_to_the_exact_value(method, objective):
    row = SOLVERS["plain", objective][method]

    @settings(max_examples=EXAMPLES[method], deadline=None, derandomize=True)
    @given(games())
    def run(game):
        if objective == "ratio" and game.mistakes >= np.sum(game.gains > 0):
            with pytest.raises(ValueError, match="must be below"):
                solve(game, objective, method)
            return
        solution = solve(game, objective, method)
        certificate = solution.certificate
        assert certificate.accepts(max(row.rtol, rounding(game)))
        exact = solve(game, objective, "rational")
        assert exact.certificate.gap == 0
        distance = abs(float(solution.value) - float(exact.value))
        assert distance <= row.rtol * float(certificate.scale)

    run()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(games(), st.integers(-40, 40), st.randoms(use_true_random=False))
def test_reformulations(game, power, random):
    value = solve(game, "regret").value
    r, tol = 2.0**power, 1e-12 * game.scale
    scaled = game.replace(gains=r * game.gains, harms=r * game.harms)
    assert abs(solve(scaled, "regret").value - r * value) <= r * tol
    order = list(range(game.n))
    random.shuffle(order)
    moved = game.replace(gains=game.gains[order], harms=game.harms[order])
    assert abs(solve(moved, "regret").value - value) <= tol
    more = game.replace(gains=np.append(game.gains, 0), harms=np.append(game.harms, 9))
    assert abs(solve(more, "regret").value - value) <= tol


def _least_regret_with_value(game, value):
    """Least regret of the selectors that guarantee `value`, by a linear program; gains up to 1."""
    cost, rows, right, bounds = program(game, "regret")
    n, width = game.n, rows.shape[1]
    blank = sparse.csr_matrix((rows.shape[0], n + 1))
    one = sparse.csr_matrix(np.ones((n, 1)))
    middle = sparse.csr_matrix((n, width - n))
    extra = sparse.hstack([sparse.diags(game.stakes), middle, -one, -sparse.identity(n)])
    worth = np.concatenate((-game.gains, np.zeros(width - n), [game.mistakes], np.ones(n)))
    total = np.concatenate((np.ones(n), np.zeros(width + 1)))
    found = linprog(
        np.append(cost, np.zeros(n + 1)),
        A_ub=sparse.vstack([sparse.hstack([rows, blank]), extra, worth[None, :], total[None, :]]),
        b_ub=np.concatenate((right, np.zeros(n), [1e-10 - value, 1.0])),
        bounds=bounds + [(0, None)] * (n + 1),
    )
    assert found.status == 0
    return found.fun


def test_no_selector_beats_the_insurance_path():
    for _, game in instances(40, 13, largest_n=8):
        unit = game.gains.max()
        game = game.replace(gains=game.gains / unit, harms=game.harms / unit)
        for row in insurance(game, 4).itertuples():
            assert row.regret <= _least_regret_with_value(game, row.value) + 1e-6


def test_fractions_of_the_weights_are_exact():
    solution = solve(Game([3, 2, 1, 1], 2, harm=0.5), "regret", "rational")
    assert sum(solution.mixture.weights) == 1
    assert all(isinstance(x, F) for x in solution.mixture.weights)
