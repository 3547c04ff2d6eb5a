"""Groups, limits on mistakes and contaminated teachers in fractions, each value with gap 0."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from proofs_checks.exact import formulas
from proofs_checks.exact.formulas import part
from proofs_checks.exact.instances import (
    differs,
    draw,
    fractions,
    kinds,
    numbers,
    prove,
    row,
    same,
    told,
)
from radsim import Game, solve
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.game import Count
from radsim.payoffs import best_response, payoff, worst_case

FILE = "exact/constrained.py"
Q = Fraction


# A1: disjoint groups.
def grouped() -> list[ConstrainedGame]:
    rng = np.random.default_rng(11)
    found = []
    while len(found) < 120:
        game = draw(rng, largest_n=5)
        k = int(rng.integers(min(2, game.n), min(3, game.n) + 1))
        labels = rng.permutation(np.concatenate((np.arange(k), rng.integers(0, k, game.n - k))))
        m = [int(rng.integers(0, 3 * np.sum(labels == a) + 1)) / 4 for a in range(k)]
        if game.stakes.min() > 0:
            richer = constrain(game, groups=labels, mistakes=m, capped=len(found) % 2 == 0)
            found.append(richer)
    return found


def groups_of(game: ConstrainedGame) -> list[formulas.Group]:
    budgets = zip(game.members, game.mistakes, strict=True)
    return [(np.flatnonzero(points).tolist(), Q(m)) for points, m in budgets]


def levels(game: ConstrainedGame) -> list[Q]:
    g, s, _ = numbers(game)
    return [
        formulas.water_level([g[i] for i in on], [s[i] for i in on], m) for on, m in groups_of(game)
    ]


def check_a1(game: ConstrainedGame) -> list[str]:
    g, s, b = numbers(game)
    solution = solve(game, method="rational")
    prove(solution, told(game))
    if game.capped:
        formula = formulas.least_price(g, s, [Q(1)] * game.n, groups_of(game), b)
        same(solution.value, formula, told(game))
        return ["capped"]
    found = levels(game)
    lam = max(found)
    same(solution.value, b * lam, told(game))
    if lam > 0:  # the best group's p, and every group shaved to its level
        on = set(groups_of(game)[found.index(lam)][0])
        inside = [g[i] if i in on else Q(0) for i in range(game.n)]
        p, _ = formulas.saddle_point(inside, s, lam)
        _, l = formulas.saddle_point(g, s, lam)
        pair = {"inclusion": np.array([b * x for x in p]), "mistake_probabilities": np.array(l)}
        prove(replace(solution, **pair), told(game))
    return ["uncapped", *["several groups"] * (len(found) > 1)]


A1 = row(
    "A1",
    "uncapped V = max_G V(G, m_G) with its strategies; capped V = min of b lam + sum f_G(lam)",
    "1 to 3 disjoint groups, fractional m_G, n <= 5",
    FILE,
    grouped,
    check_a1,
    {
        "groups merged": differs(
            grouped,
            lambda game: (
                solve(
                    game.replace(
                        groups=np.zeros(game.n, dtype=int), mistakes=[game.mistakes.sum()]
                    ),
                    method="rational",
                ).value
            ),
        ),
    },
)


# A2: limits, stakes below gains, gains of any sign.
def limited() -> list[ConstrainedGame]:
    rng = np.random.default_rng(12)
    found = []
    for k in range(120):
        n = int(rng.integers(1, 6))
        g, s = rng.integers(-4, 13, n) / 4, rng.integers(1, 13, n) / 4
        m, b = int(rng.integers(0, 3 * n + 1)) / 4, int(rng.integers(1, 4 * n + 1)) / 4
        limits = rng.integers(0, 5, n) / 4
        found.append(ConstrainedGame(g, s, Count(m), b, limits=limits, capped=k % 2 == 0))
    return found


def check_a2(game: ConstrainedGame) -> list[str]:
    g, s, b = numbers(game)
    r, m = fractions(game.limits), Q(game.mistakes[0])
    solution = solve(game, method="rational")
    prove(solution, told(game))
    helps = ["stake below gain"] * any(0 < y < x for x, y in zip(g, s, strict=True))
    if game.capped:
        same(solution.value, formulas.least_price(g, s, r, groups_of(game), b), told(game))
        return ["capped", *helps]
    level = formulas.water_level(g, s, m)
    protected = [g[i] - s[i] * r[i] for i in range(game.n)]
    best = max(Q(0), level, *protected)
    same(solution.value, b * best, told(game))
    l = np.array([min(r[i], part(g[i] - best) / s[i]) for i in range(game.n)])
    p = [Q(0)] * game.n
    if best > 0 and best == level:
        p, _ = formulas.saddle_point(g, s, level)
    elif best > 0:
        p[protected.index(best)] = Q(1)
    pair = {"inclusion": np.array([b * x for x in p]), "mistake_probabilities": l}
    prove(replace(solution, **pair), told(game))
    return ["uncapped", *helps, *["a limit protects"] * (best > level)]


A2 = row(
    "A2",
    "uncapped V = max(0, g - s r, level) with its strategies; capped min F with limited shaving",
    "s > 0, gains of any sign, 0 <= r <= 1, n <= 5",
    FILE,
    limited,
    check_a2,
    {
        "limits ignored": differs(
            limited,
            lambda game: solve(game.replace(limits=np.ones(game.n)), method="rational").value,
        ),
    },
)


# A5: known errors with a weight.
class Contaminated(NamedTuple):
    game: Game
    profile: np.ndarray
    weight: float


def contaminated() -> list[Contaminated]:
    rng = np.random.default_rng(13)
    found = []
    while len(found) < 80:
        game = draw(rng, largest_n=5)
        found.append(
            Contaminated(
                game, rng.integers(0, 5, game.n) / 4, float(rng.choice([0, 1, 2, 3, 4]) / 4)
            )
        )
    return found


def check_a5(instance: Contaminated) -> list[str]:
    game, profile, weight = instance
    g, s, b = numbers(game)
    r, w = fractions(profile), Q(weight)
    words = told(game, r=profile.tolist(), w=weight)
    solution = solve(contaminate(game, profile, weight), method="rational")
    prove(solution, words)
    gains = [x - w * y * z for x, y, z in zip(g, s, r, strict=True)]
    stakes, ones = [(1 - w) * x for x in s], [Q(1)] * game.n
    everybody = [(range(game.n), Q(game.mistakes))]
    same(solution.value, formulas.least_price(gains, stakes, ones, everybody, b), words)
    # In the terms of the game itself: known errors with weight w, the adversary with 1 - w.
    q, l = solution.inclusion, solution.mistake_probabilities
    known = np.array(r)
    earned = w * payoff(game, q, known) + (1 - w) * worst_case(game, q)[0]
    same(earned, solution.value, words)
    same(best_response(game, w * known + (1 - w) * l)[0], solution.value, words)
    if w == 0:
        same(solve(game, method="rational").value, solution.value, words)
    return [*kinds(game), *["w = 0"] * (w == 0), *["w = 1"] * (w == 1)]


def wrong_side() -> str:
    for game, profile, weight in contaminated():
        exact = solve(contaminate(game, profile, weight), method="rational").value
        other = solve(contaminate(game, profile, 1 - weight), method="rational").value
        if other != exact:
            return f"{told(game, r=profile.tolist(), w=weight)}: {other}, not {exact}"
    raise AssertionError("planted error: right on every instance")


A5 = row(
    "A5",
    "gains g - w s r and stakes (1 - w) s: gap 0, and so in the payoff w U(q, r) + (1 - w) U(q, l)",
    "0 <= w, r <= 1, capped, n <= 5",
    FILE,
    contaminated,
    check_a5,
    {"weight on the wrong side": wrong_side},
)

CHECKS = (A1, A2, A5)
