"""Intervals of a guarantee hold the exact one, worked out from the selector's whole law.

RADSIM_TRIES=1000 runs as many tries; each may miss with probability 1e-3 at most.
"""

import itertools
import os

import numpy as np
from scipy import stats

from radsim import Game, Instance, Selector, payoff, worst_case
from radsim.data.instances import digits_instance
from radsim.selectors import guarantee_from_draws

TRIES = int(os.environ.get("RADSIM_TRIES", "40"))
ERROR = 1e-3


def softmax(gains, budget, *, rng):
    weight = np.exp(gains / 0.2)
    return rng.choice(len(gains), budget, replace=False, p=weight / weight.sum())


def law_of_softmax(gains, budget):
    """Inclusion probabilities: all orders in which NumPy may pick, each with its chance."""
    weight = np.exp(gains / 0.2)
    p, q = weight / weight.sum(), np.zeros(len(gains))
    for picks in itertools.permutations(range(len(gains)), budget):
        chance, left = 1.0, 1.0
        for i in picks:
            chance *= p[i] / left
            left -= p[i]
        q[list(picks)] += chance
    return q


def test_intervals_hold_the_exact_guarantee():
    rng = np.random.default_rng(2)
    student = digits_instance(rng=0).game.gains
    missed, widths = 0, []
    for k in range(TRIES):
        n = int(rng.integers(4, 8))
        budget = int(rng.integers(1, 4))
        game = Game(rng.choice(student, n, replace=False), int(rng.integers(1, n)), budget)
        q = law_of_softmax(game.gains, budget)
        value = worst_case(game, q)[0]
        usual = payoff(game, q, np.full(n, game.mistakes / n))
        found = guarantee_from_draws(
            Selector(softmax), Instance("digits", game), rng=k, error=ERROR, draws=1_000
        )
        missed += not (
            found.low <= value <= found.high
            and found.typical[0] <= usual <= found.typical[1]
            and (found.inclusion_low <= q).all()
            and (q <= found.inclusion_high).all()
        )
        widths.append((found.high - found.low) / game.scale)
    print(f"\n{TRIES} tries, {missed} missed, mean width {np.mean(widths):.3f} of the scale")
    # More would happen with probability 1e-9 at most.
    assert missed <= stats.binom.isf(1e-9, TRIES, ERROR)
    assert np.mean(widths) < 0.4
