"""N1 and N2 on drawn rounds: the closed form against linear programs, Hedge against a teacher.

`RADSIM_ROUNDS=full pytest -s tests/property/test_many_rounds.py` draws 3,000 single rounds, 2,000
games of two to four rounds, and 120 plays of up to 4,000 rounds.
"""

import os

import numpy as np
import pytest

from radsim import Game, solve
from radsim.claims.rounds import union_interval
from radsim.extensions import PriceHedge, RoundsGame, design_at_price, solve_rounds
from radsim.game import Count

FULL = os.environ.get("RADSIM_ROUNDS") == "full"
SINGLE, SEVERAL, PLAYS, LONGEST = (3_000, 2_000, 120, 4_000) if FULL else (100, 60, 6, 250)


def _gains(rng, n):
    kinds = (rng.random(n), rng.pareto(1, n), rng.integers(0, 4, n) * 1.0)
    return kinds[int(rng.integers(3))]


def _harms(rng, g):
    kinds = (g * 0, g, g * rng.random() * 3, rng.random(len(g)), np.full(len(g), rng.random()))
    return kinds[int(rng.integers(5))]


def drawn(rng, n_rounds, largest=8):
    """Rounds of different sizes, with every kind of gains, harms, budgets and mistakes."""
    sizes = rng.integers(1, largest + 1, n_rounds)
    gains = [_gains(rng, n) for n in sizes]
    budgets = [(1, n, n * (1 - rng.random()))[int(rng.integers(3))] for n in sizes]
    part = rng.random() * sizes.sum() * (1, 0.3)[int(rng.integers(2))]
    mistakes = Count((part, np.floor(part), 0)[rng.choice(3, p=[0.5, 0.45, 0.05])])
    return RoundsGame(gains, mistakes, budgets, harms=[_harms(rng, g) for g in gains])


def test_one_round_has_the_value_of_the_game():
    worst = 0.0
    for k in range(SINGLE):
        rounds = drawn(np.random.default_rng([1, k]), 1)
        solution = solve_rounds(rounds)
        assert solution.certificate.accepts(1e-12), (k, rounds)
        value = solve(rounds.round(0, rounds.mistakes), method="linprog").value
        worst = max(worst, abs(solution.value - value) / (rounds.scale or 1))
    print(f"\nT = 1: {SINGLE} games against the LP of the game, {worst:.1e} of the scale")
    assert worst <= 1e-9


def test_rounds_have_the_value_of_their_union_and_of_the_best_split():
    off = wide = apart = 0.0
    for k in range(SEVERAL):
        rng = np.random.default_rng([2, k])
        rounds = drawn(rng, int(rng.integers(2, 5)))
        solution, scale = solve_rounds(rounds), rounds.scale or 1
        assert solution.certificate.accepts(1e-12), (k, rounds)
        low, high = union_interval(rounds)
        wide = max(wide, (high - low) / scale)
        off = max(off, (low - solution.value) / scale, (solution.value - high) / scale)
        parts = [solve(rounds.round(t, m)).value for t, m in enumerate(solution.split)]
        apart = max(apart, abs(sum(parts) - solution.value) / scale)
        other = rng.dirichlet(np.ones(rounds.n_rounds)) * rounds.mistakes
        worse = sum(solve(rounds.round(t, m)).value for t, m in enumerate(other))
        assert worse >= solution.value - 1e-12 * scale
        assert solution.split.sum() <= rounds.mistakes * (1 + 1e-12)
    print(
        f"\nT = 2 to 4: {SEVERAL} games; outside the interval of the LP of the union by {off:.1e}"
    )
    print(
        f"of the scale, which is {wide:.1e} wide; sum of V_t(m_t) at the split off by {apart:.1e}"
    )
    assert max(off, wide) <= 1e-9 and apart <= 1e-12


class Teacher:
    """Replies best to q: every mistake it may still make where most is at stake, above a price."""

    def __init__(self, rng, n, n_rounds):
        self.each = int(rng.integers(0, max(1, n // 2) + 1))
        self.left = rng.random() * self.each * n_rounds * 1.5
        self.price = rng.random() * 0.3

    def mistakes(self, q, s):
        bite = q * s
        order = np.argsort(-bite, kind="stable")[: self.each]
        l = np.zeros(len(q))
        l[order[bite[order] > self.price]] = 1.0
        if l.sum() > self.left:
            l[:] = 0.0
        self.left -= l.sum()
        return l


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_hedge_keeps_its_bound_against_a_teacher_that_replies_best(share):
    least, lost = np.inf, -np.inf
    for k in range(PLAYS // 2):
        rng = np.random.default_rng([3, k, int(10 * share)])
        n, n_rounds = int(rng.integers(2, 21)), int(rng.integers(LONGEST // 8, LONGEST + 1))
        n_rounds = LONGEST if k == 0 else n_rounds
        budget = float((1, rng.integers(1, n + 1), n * (1 - rng.random()))[int(rng.integers(3))])
        factor = (0.0, 1.0, 3 * rng.random())[int(rng.integers(3))]
        hedge = PriceHedge(n_rounds, n, budget, 1.0, factor, tolerance=share)
        teacher, total, rounds, made = Teacher(rng, n, n_rounds), 0.0, [], 0.0
        for _ in range(n_rounds):
            g = rng.random(n) ** rng.integers(1, 4)
            q = hedge.inclusion(g, factor)
            l = teacher.mistakes(q, g * (1 + factor))
            total += float(q @ (g - g * (1 + factor) * l))
            made += l.sum()
            hedge = hedge.after(g, l, factor)
            rounds.append(g)
        known = solve_rounds(RoundsGame(rounds, Count(made), budget, factor))
        assert known.certificate.accepts(1e-9)
        slack = (total - (known.value - hedge.loss)) / hedge.loss
        least = min(least, slack)
        lost = max(lost, (known.value - total) / hedge.loss)
    print(
        f"\neps = {share}: {PLAYS // 2} plays of up to {LONGEST} rounds; of what the bound allows"
    )
    print(f"to be lost at most {lost:.1%} was lost; least slack {least:.1%}")
    assert least >= 0


def test_a_learner_that_follows_the_worst_prices_breaks_the_bound():
    """The bound can fail: the same game, with the weights in the order of what was lost."""
    rng, n_rounds = np.random.default_rng(5), 3_000
    hedge, total, rounds = PriceHedge(n_rounds, 4, largest_harm=0, tolerance=0.02), 0.0, []
    for _ in range(n_rounds):
        g = rng.random(4)
        weights = np.sort(hedge.weights)[np.argsort(np.argsort(-hedge.earned, kind="stable"))]
        total += float(weights @ design_at_price(g, g, 1.0, hedge.prices[:, None]) @ g)
        hedge = hedge.after(g, np.zeros(4), 0)
        rounds.append(g)
    assert total < solve_rounds(RoundsGame(rounds, 0, harm=0)).value - hedge.loss


def test_the_drawn_rounds_are_of_every_kind():
    games = [drawn(np.random.default_rng([2, k]), 3) for k in range(60)]
    values = [solve_rounds(game) for game in games]
    assert any(game.mistakes == 0 for game in games)
    assert any(one.value == 0 for one in values) and any(one.value > 0 for one in values)
    assert any((g == 0).any() for game in games for g in game.gains)
    assert len({game.sizes for game in games}) > 30
    assert isinstance(games[0].round(0, 0), Game)


def test_rounds_far_apart_in_scale_are_solved():
    """Gains and harms over 24 orders of magnitude, budgets and mistakes next to nothing."""
    rng, worst = np.random.default_rng(9), 0.0
    for k in range(1_500 if FULL else 200):
        sizes = rng.integers(1, 30, rng.integers(1, 6))
        gains = [_gains(rng, n) * 10.0 ** rng.integers(-12, 13) for n in sizes]
        harms = [_harms(rng, g) * 10.0 ** rng.integers(-6, 7) for g in gains]
        budgets = [(1e-12, 1, n, n * (1 - rng.random()))[int(rng.integers(4))] for n in sizes]
        part = float(rng.random() * sizes.sum())
        mistakes = Count((0, part, 1e-9 * part, 1e-300, sizes.sum())[int(rng.integers(5))])
        proof = solve_rounds(RoundsGame(gains, mistakes, budgets, harms=harms)).certificate
        assert proof.accepts(1e-12), k
        worst = max(worst, abs(proof.gap) / (proof.scale or 1))
    print(f"\nlargest gap {worst:.1e} of the scale")
