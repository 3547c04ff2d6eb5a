"""Somebody else's answer: the interval holds the true value, whatever was handed in."""

from fractions import Fraction

import numpy as np
import pytest

from radsim import Game, check_answer, constrain, solve
from radsim.mixtures import Mixture

OBJECTIVES = ("value", "regret", "ratio")


def games(seed, objective):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    gains = np.round(rng.random(n) * 8 + 0.5) * 2.0 ** int(rng.integers(-40, 40))
    m = (
        int(rng.integers(0, n))
        if objective != "value"
        else Fraction(int(rng.integers(0, 4 * n)), 4)
    )
    harms = gains * rng.integers(0, 3, n)
    if objective == "value" and seed % 3 == 0:
        return constrain(Game(gains, max(1, int(m)), 1.5, harms=harms), limits=rng.random(n))
    budget = float(rng.choice([1e-9, 0.5, 1, n - 0.5]))
    return Game(gains, int(m) if m == int(m) else max(m, 1), budget, harms=harms)


def handed_in(rng, n):
    return rng.choice([0, 1, 1e-3, 1e3]) * rng.uniform(-0.2, 1.2, n) * rng.integers(0, 2, n)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_interval_holds_the_true_value(objective):
    held = 0
    for seed in range(120):
        game = games(seed, objective)
        try:
            best = solve(game, objective, "rational")
        except ValueError:  # no benchmark, or no positive value to divide by
            continue
        true = float(best.value)
        rng = np.random.default_rng(1_000 + seed)
        q, l = handed_in(rng, game.n), handed_in(rng, game.n)
        teacher = {
            "some": l if objective == "value" else _bent(best.mixture, rng),
            "own": best.mistake_probabilities if objective == "value" else best.mixture,
            "none": None,
        }
        for name, side in teacher.items():
            for answer in (q, best.inclusion.astype(float)):
                proof = check_answer(game, answer, side, objective=objective)
                slack = 1e-9 * float(proof.scale)
                low, high = proof.interval
                assert low <= true + slack, (seed, name)
                assert true <= high + slack or np.isnan(high), (seed, name)
                if name != "some" and answer is not q:
                    assert proof.accepts(1e-9), (seed, name)
                    wrong = true + 1e-6 * float(proof.scale)
                    refused = check_answer(game, answer, side, wrong, objective=objective)
                    assert not refused.accepts(1e-9), (seed, name)
        held += 1
    assert held >= 60


def _bent(mixture, rng):
    """The best mixture with other weights, which may not even be a law."""
    weights = np.array(mixture.weights, dtype=float) * rng.uniform(0.5, 2, len(mixture.weights))
    return Mixture(weights, mixture.benchmarks, mixture.points, mixture.starts, mixture.stops)


def test_fractions_stay_fractions():
    game = Game([1, 0.5, 0.25], mistakes=1)
    q = np.array([Fraction(1, 7), Fraction(2, 7), Fraction(4, 7)], dtype=object)
    l = np.array([Fraction(6, 14), Fraction(5, 14), Fraction(3, 14)], dtype=object)
    proof = check_answer(game, q, l, Fraction(1, 7))
    assert (proof.lower, proof.upper, proof.value) == (Fraction(1, 7),) * 3
    assert proof.accepts(0.0)


def test_a_claim_without_a_value_is_what_is_guaranteed():
    game = Game([1, 0.5, 0.25], mistakes=1)
    assert check_answer(game, [1, 0, 0]).value == -1.0  # sure of the point that is mislabelled
    assert check_answer(game, [1, 0, 0], objective="regret").value > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.5, 0.5],), r"q must have shape \(3,\)"),
        (([0.5, np.nan, 0],), r"q\[1\] = nan"),
        (([0.5, 0.5, 0], [0, np.inf, 0]), r"l\[1\] = inf"),
        (([0.5, 0.5, 0], [0, 1]), r"l must have shape \(3,\)"),
        (([0.5, 0.5, 0], None, np.nan), "value = nan"),
        (([0.5, 0.5, 0], None, "much"), "value = 'much'"),
        (([0.5, 0.5, 0], None, True), "value = True"),
        (([0.5, 0.5, 0], None, 10**400), "value"),
        ((["1", "0", "0"],), r"q\[0\] = '1'"),
        (([1 + 0j, 0, 0],), r"q\[0\] = \(1\+0j\)"),
        ((np.ma.array([0.5, 0.5, 0], mask=[0, 1, 0]),), r"q\[1\] = masked"),
        ((np.array([Fraction(1, 7), np.nan, 0], dtype=object),), r"q\[1\] = nan"),
    ],
)
def test_what_cannot_be_checked_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        check_answer(Game([1, 0.5, 0.25], mistakes=1), *arguments)


def test_a_mixture_is_needed_in_hindsight_and_must_be_one_of_the_pool():
    game = Game([1, 0.5, 0.25], mistakes=1)
    with pytest.raises(ValueError, match=r"l = .* must be of type Mixture"):
        check_answer(game, [1, 0, 0], [1, 0, 0], objective="regret")
    ones = np.ones(1)
    far = Mixture(ones, np.array([7]), np.array([7]), np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match="l must be a mixture of points 0 to 2"):
        check_answer(game, [1, 0, 0], far, objective="regret")
