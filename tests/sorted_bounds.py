"""The bounds of a pair of strategies by sorting, in fractions: what a certificate is held to."""

from fractions import Fraction

import numpy as np

from radsim import Game
from radsim.game import Count
from radsim.solution import Solution


def top_sum(values, amount):
    """Sum of the largest values that add up to an amount of points."""
    amount = Fraction(amount)
    total = Fraction(0)
    for value in sorted(values, reverse=True):
        take = min(Fraction(1), amount)
        total, amount = total + take * value, amount - take
    return total


def by_sorting(game, q, l):
    """Lower and upper bound, exactly: clipped, scaled down, evaluated."""
    m, b = Fraction(game.mistakes), Fraction(game.budget)
    g = [Fraction(x) for x in game.gains]
    s = [Fraction(x) + Fraction(y) for x, y in zip(game.gains, game.harms, strict=True)]
    q = [max(Fraction(0), Fraction(x)) for x in q]
    if game.capped:
        q = [min(Fraction(1), x) for x in q]
    if game.abstain:
        q = [x if y > 0 else Fraction(0) for x, y in zip(q, g, strict=True)]
    if sum(q) > b:
        q = [x * b / sum(q) for x in q]
    l = [min(Fraction(1), max(Fraction(0), Fraction(x))) for x in l]
    if sum(l) > m:
        l = [x * m / sum(l) for x in l]
    earned = sum(x * y for x, y in zip(q, g, strict=True))
    lower = earned - top_sum([x * y for x, y in zip(q, s, strict=True)], m)
    robust = [x - y * z for x, y, z in zip(g, s, l, strict=True)]
    if game.abstain:
        robust = [max(Fraction(0), x) for x in robust]
    return lower, top_sum(robust, b) if game.capped else b * max(robust)


def draw_answer(rng):
    """A game of ties, zeros and far units, and two strategies for it that are about feasible."""
    n = int(rng.integers(1, 40))
    unit = 10.0 ** float(rng.choice([0, 0, 0, -100, 100, -270, 290]))
    gains = rng.choice([0.0, 0.25, 0.5, 1.0, *rng.random(3)], n)
    gains[rng.integers(n)] = 1
    mistakes = Count(rng.choice([0, n, rng.integers(0, n + 1), rng.uniform(0, n)]))
    budget = float(rng.choice([1, n, rng.uniform(0.1, n)]))
    harm = {"harm": float(rng.choice([0, 1, 1, 2.5]))}
    if rng.random() < 0.5:
        harm = {"harms": unit * rng.choice([0.0, 1.0, 3.0, rng.random()], n)}
    rules = {"capped": bool(rng.random() < 0.6), "abstain": bool(rng.random() < 0.7)}
    game = Game(unit * gains, mistakes, budget, **harm, **rules)
    # The forced learner spends it all, for how the rest is spread has a rule of its own.
    q = rng.choice([0.0, 1.0, 0.5, rng.random()], n) + (0.0 if game.abstain else 0.01)
    q = np.full(n, budget / n) if game.capped and not game.abstain else q
    q *= budget / q.sum() if q.sum() and not (game.capped and not game.abstain) else 1
    l = rng.choice([0.0, 1.0, 0.5, rng.random()], n)
    l *= float(mistakes) / l.sum() * rng.choice([1, 1, 0.7, 1.3]) if l.sum() else 1
    return game, q, l


def named(rng, game, q, l):
    """The prices that split the points, others near them, and some that are far off."""
    bites = np.sort(q * game.stakes)[::-1]
    robust = np.sort(game.gains - game.stakes * l)[::-1]
    m, b = int(np.ceil(game.mistakes)), int(np.ceil(game.budget))
    tau = bites[min(max(m, 1), game.n) - 1]
    lam = robust[min(b, game.n) - 1]
    wrong = [1.0, 1.0, 1 + 1e-15, 1 - 1e-12, 1 + 1e-9, 0.5, 3.0, 0.0, -1.0, 1e200, np.nan, np.inf]
    with np.errstate(all="ignore"):
        return float(lam * rng.choice(wrong)), float(tau * rng.choice(wrong))


def answer(game, q, l, level, threshold):
    """Somebody's solution."""
    return Solution(
        game=game,
        value=0.0,
        inclusion=q,
        mistake_probabilities=l,
        level=level,
        threshold=threshold,
        method="somebody",
    )


def off(proof, game, q, l):
    """How far the bounds are from those by sorting, relative to the largest total at stake."""
    unit = max(Fraction(game.budget) * Fraction(game.largest_stake), Fraction(5e-324))
    found = Fraction(proof.lower), Fraction(proof.upper)
    return max(float(abs(x - y) / unit) for x, y in zip(found, by_sorting(game, q, l), strict=True))
