"""N6 and N7 against linear programs of their own: tails of a draw, and rules that see v answers.

`RADSIM_GAMES=1000 pytest tests/property/test_tails.py -s` runs the long version and prints the
worst figures.
"""

import os
from collections import Counter
from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.optimize import linprog

from radsim import Game, solve, worst_case
from radsim.extensions import best_tail_law, price_of_a_bound, tail_guarantee, two_pools
from radsim.game import Count
from radsim.inference import mistakes_upper_bound
from radsim.sampling import Law, law

N_GAMES = int(os.environ.get("RADSIM_GAMES", "10"))
DESIGNS = ("systematic", "pivotal", "conditional_poisson", "sampford")


def drawn(k, largest_n=6):
    """A small game with two or more picks, inclusion probabilities and a share."""
    rng = np.random.default_rng([41, k])
    n = int(rng.integers(3, largest_n + 1))
    b = int(rng.integers(2, n))
    g = [rng.random(n), 1 + rng.pareto(1.1, n), rng.integers(1, 5, n) * 1.0][k % 3]
    h = [0 * g, g, g.max() * rng.random(n)][k // 3 % 3]
    game = Game(g, Count(int(rng.integers(0, n))), b, harms=h)
    q = rng.random(n)
    while q.sum() < b:  # raised to the budget, none above one
        q = np.minimum(1, q * (1.01 * b / q.sum()) + 1e-3)
    return game, q * (b / q.sum()), float(rng.choice([0.1, 0.25, 0.5, 0.8]))


def realised(game, outcomes):
    sets = list(combinations(range(game.n), int(game.mistakes)))
    wrong = np.array([[float(i in a) for i in range(game.n)] for a in sets])
    return outcomes @ (game.gains - game.stakes * wrong).T


def worst_share_by_program(z, p, a):
    """Least mean over cases of total probability a of both draws; z has a row for each pick."""
    picks, sets = z.shape
    cost = np.append(z.ravel(), np.zeros(sets))
    above = np.hstack(
        (np.eye(picks * sets), -np.kron(p[:, None] / a, np.eye(sets)).reshape(picks * sets, sets))
    )
    total = np.zeros((2, len(cost)))
    total[0, : z.size] = 1
    total[1, z.size :] = 1
    found = linprog(cost, A_ub=above, b_ub=np.zeros(z.size), A_eq=total, b_eq=[1, 1])
    assert found.status == 0
    return found.fun


def best_at_level(game, q, a, eta):
    """The best law at one level, by a program that prices nothing."""
    n, b = game.n, int(game.budget)
    outcomes = np.array([[float(i in c) for i in range(n)] for c in combinations(range(n), b)])
    short = np.maximum(0, eta - realised(game, outcomes)).T / a
    equal = np.vstack((outcomes.T, np.ones(len(outcomes))))
    found = linprog(
        np.append(np.zeros(len(outcomes)), 1),
        A_ub=np.column_stack((short, -np.ones(len(short)))),
        b_ub=np.zeros(len(short)),
        A_eq=np.column_stack((equal, np.zeros(n + 1))),
        b_eq=np.append(q, 1),
        bounds=[(0, None)] * len(outcomes) + [(None, None)],
    )
    assert found.status == 0
    return eta - found.fun


def test_tails_of_designs_and_of_the_best_law():
    worst, lost = Counter(), Counter()
    for k in range(N_GAMES):
        game, q, a = drawn(k)
        unit = game.scale
        best = best_tail_law(game, a, q)
        free = best_tail_law(game, a)
        assert best.lower <= best.upper
        assert np.allclose(best.inclusion, q, atol=1e-7)
        for design in DESIGNS:
            of = law(q, design)
            tail = tail_guarantee(game, of, a)
            program = worst_share_by_program(realised(game, of.outcomes), of.probability, a)
            mean = worst_case(game, q)[0]
            worst["tail - program"] = max(worst["tail - program"], abs(tail - program) / unit)
            one = abs(tail_guarantee(game, of, 1.0) - mean) / unit
            worst["a = 1: tail - W"] = max(worst["a = 1: tail - W"], one)
            assert tail <= best.upper + 1e-9 * unit
            assert tail <= mean + 1e-9 * unit
            lost[design] = max(lost[design], (best.lower - tail) / unit)
        again = worst_share_by_program(realised(game, best.law.outcomes), best.law.probability, a)
        worst["best law - program"] = max(
            worst["best law - program"], abs(again - best.lower) / unit
        )
        z = realised(game, best.law.outcomes)
        for eta in [best.level, *np.linspace(z.min(), z.max(), 7)]:
            assert best_at_level(game, q, a, eta) <= best.upper + 1e-8 * unit
        assert free.upper >= best.lower - 1e-9 * unit
        worst["gap"] = max(worst["gap"], (best.upper - best.lower) / unit)
    print(f"\n{N_GAMES} games", {key: f"{x:.1e}" for key, x in worst.items()})
    print("lost to the best law, of b max(g):", {key: f"{x:.3f}" for key, x in lost.items()})
    assert worst["gap"] <= 0.05
    assert max(x for key, x in worst.items() if key != "gap") <= 1e-8
    assert lost["pivotal"] > 1e-3


def test_one_pick_has_one_law():
    for k in range(5):
        game, q, a = drawn(k)
        one, p = game.replace(budget=1), q / q.sum()
        best = best_tail_law(one, a, p)
        only = tail_guarantee(one, Law(np.eye(game.n, dtype=int), p), a)
        assert abs(best.lower - only) <= 1e-9 * game.scale


def test_a_mixture_of_laws_may_have_a_worse_tail_than_their_average():
    # Why the best law against one fixed set of mistakes is no linear program.
    game = Game([3, 1, 1, 0], 0, 2, harm=0)
    pairs = [[1, 1, 0, 0], [0, 0, 1, 1]], [[1, 0, 0, 1], [0, 1, 1, 0]]
    one, other = (Law(np.array(pair), np.array([0.5, 0.5])) for pair in pairs)
    mixed = Law(np.vstack((one.outcomes, other.outcomes)), np.full(4, 0.25))
    assert np.allclose(one.inclusion(), other.inclusion())
    assert [tail_guarantee(game, of, 0.25) for of in (one, other, mixed)] == [1, 2, 1]


def two_worlds_by_program(game, m, more):
    """Most that one design guarantees in both worlds together."""
    g, s, n = game.gains, game.stakes, game.n
    # Variables: q, two prices, two rows of excess.
    cost = np.concatenate((-2 * g, [m, more], np.ones(2 * n)))
    above = np.zeros((2 * n + 1, len(cost)))
    for world in range(2):
        rows = np.arange(n) + world * n
        above[rows, np.arange(n)], above[rows, n + world] = s, -1
        above[rows, n + 2 + rows] = -1
    above[-1, :n] = 1
    right = np.append(np.zeros(2 * n), game.budget)
    most = 1 if game.capped else None
    found = linprog(
        cost, A_ub=above, b_ub=right, bounds=[(0, most)] * n + [(0, None)] * (2 * n + 2)
    )
    assert found.status == 0
    return -found.fun


def seen(n, v, wrong):
    low, high = max(0, wrong - n), min(v, wrong)
    return {
        x: comb(wrong, x) * comb(n + v - wrong, v - x) / comb(n + v, v)
        for x in range(low, high + 1)
    }


def lost(game, pair, v, rule):
    """What a rule loses on average in either world."""
    total = []
    for wrong in pair:
        losses = 0.0
        for x, p in seen(game.n, v, wrong).items():
            true = game.replace(mistakes=Count(wrong - x))
            losses += p * (solve(true, method="linprog").value - worst_case(true, rule(x))[0])
        total.append(losses)
    return total


def rules(game, pair, v, rng):
    """S4's rule, that of either world and of their mean, and one that knows nothing."""

    def playing(m):
        return solve(game.replace(mistakes=Count(min(max(m, 0), game.n)))).inclusion

    return {
        "S4": lambda x: playing(mistakes_upper_bound(game.n, v, x, 0.1)),
        "few": lambda x: playing(pair[0] - x),
        "many": lambda x: playing(pair[1] - x),
        "mean": lambda x: playing(sum(pair) / 2 - x),
        "any": lambda x: rng.dirichlet(np.ones(game.n)) * min(1, game.budget),
    }


def pools(k):
    """A game, the number of validation answers, and two numbers of wrong ones."""
    game, _, _ = drawn(k, 8)
    game = game.replace(mistakes=Count(0), capped=k % 2 == 0)
    if k % 4 > 1:
        game = game.replace(harms=np.maximum(game.gains, game.harms))
    rng, v = np.random.default_rng([42, k]), 1 + k % 4
    pair = tuple(sorted(rng.choice(game.n + v + 1, 2, replace=False).tolist()))
    return game, v, pair, rng


def apart_by_program(game, m, more):
    """V(m) + V(m') less the most that one design guarantees in both worlds."""
    values = [solve(game.replace(mistakes=Count(k)), method="linprog").value for k in (m, more)]
    return sum(values) - two_worlds_by_program(game, m, more)


def test_no_rule_loses_less_than_two_worlds_ask():
    worst, tight = Counter(), 0
    for k in range(N_GAMES):
        game, v, pair, rng = pools(k)
        unit, found = game.scale, two_pools(game, v, pair)
        exactly = not game.capped and bool((game.harms >= game.gains).all())
        for x, apart in zip(found.counts.tolist(), found.apart, strict=True):
            exact = apart_by_program(game, pair[0] - x, pair[1] - x)
            worst["above the program"] = max(worst["above the program"], (apart - exact) / unit)
            if exactly:
                worst["off where tight"] = max(worst["off where tight"], abs(apart - exact) / unit)
                tight += exact > 1e-6 * unit
        losses = {
            name: lost(game, pair, v, rule) for name, rule in rules(game, pair, v, rng).items()
        }
        prices = [price_of_a_bound(game, v, wrong, 0.1) for wrong in pair]
        off = float(np.max(np.abs(np.subtract(prices, losses["S4"])))) / unit
        worst["S4's price"] = max(worst["S4's price"], off)
        assert min(map(max, losses.values())) >= found.bound - 1e-9 * unit
    print(f"\n{N_GAMES} games", {key: f"{x:.1e}" for key, x in worst.items()}, f"tight: {tight}")
    assert max(worst.values()) <= 1e-7
    assert tight > 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: best_tail_law(Game(np.ones(8), 1, 2), 0.5), "8 points"),
        (lambda: best_tail_law(Game([1, 1, 1], 1.5, 2), 0.5), "mistakes = 1.5 must be whole"),
        (lambda: best_tail_law(Game([1, 1, 1], 1, 2), 0), "share = 0"),
        (
            lambda: tail_guarantee(Game([1, 1], 1), Law(np.eye(2), np.array([0.5, 0.6])), 1),
            "sums to",
        ),
        (lambda: two_pools(Game([1, 1], 0), 2, (1, 1)), r"wrong\[1\] = 1 must be above"),
        (lambda: two_pools(Game([1, 1], 0), 2, (1, 9)), r"wrong\[1\] = 9"),
        (lambda: price_of_a_bound(Game([1, 1], 0, abstain=False), 2, 1, 0.1), "abstain is False"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
