"""Value, regret and ratio of small instances in fractions, compared with the theory's formulas.

A pair of strategies whose certificate has gap 0 proves the value of its instance, whoever found it.
Each row takes the pair of the rational solver, the formulas of the theory worked out by
`formulas.py` (no code shared), and where the theory names strategies also those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import numpy as np

from proofs_checks.exact import formulas
from proofs_checks.exact.formulas import total
from proofs_checks.exact.instances import (
    differs,
    games,
    kinds,
    numbers,
    positive,
    prove,
    row,
    same,
    told,
)
from radsim import Game, solve
from radsim.hindsight import competitive_ratio, regret
from radsim.payoffs import worst_case

FILE = "exact/values.py"
Q = Fraction


# V1, V2: uncapped.
def uncapped() -> list[Game]:
    return list(islice(games(1, capped=False), 220))


def check_v1(game: Game) -> list[str]:
    g, s, b = numbers(game)
    solution = solve(game, method="rational")
    prove(solution, told(game))
    lam = formulas.water_level(g, s, Q(game.mistakes))
    same(solution.value, b * lam, told(game))
    if lam > 0:
        p, l = formulas.saddle_point(g, s, lam)
        pair = {"inclusion": np.array([b * x for x in p]), "mistake_probabilities": np.array(l)}
        prove(replace(solution, value=b * lam, **pair), told(game))
    return kinds(game)


def proportional() -> list[Game]:
    rng = np.random.default_rng(2)
    return [Game(rng.integers(1, 9, 5), 1, harm=1, capped=False) for _ in range(5)]


def largest_ratio(game: Game, m: Q) -> Q:
    g, _, b = numbers(game)
    return b * max(formulas.prefix_ratios(g, g, m))


V1 = row(
    "V1",
    "p = 1/(s H), l = max(0, g - lam)/s have gap 0, value b lam, phi(lam) = m; rational solver too",
    "uncapped, n <= 7; lam = 0 where sum g/s <= m",
    FILE,
    uncapped,
    check_v1,
    {
        # In the prefix form with D*m mistakes over plain 1/g, D = 2.
        "m for D*m": differs(proportional, lambda game: largest_ratio(game, Q(game.mistakes))),
    },
)


def more_uncapped() -> list[Game]:
    return list(islice(games(2, capped=False), 180))


def check_v2(game: Game) -> list[str]:
    g, s, b = numbers(game)
    solution = solve(game, method="rational")
    prove(solution, told(game))
    ratios = formulas.prefix_ratios(g, s, Q(game.mistakes))
    same(solution.value, b * max([Q(0), *ratios]), told(game))
    top = ratios.index(max(ratios)) if ratios else 0
    up, down = ratios[: top + 1], ratios[top:]
    assert up == sorted(up) and down == sorted(down, reverse=True), f"{told(game)}: {ratios}"
    return kinds(game)


V2 = row(
    "V2",
    "V = b max_k F_k, and F_k rises to it and then falls",
    "uncapped, n <= 7; V = 0 if no F_k is positive",
    FILE,
    more_uncapped,
    check_v2,
    {
        "all points in place of the best prefix": differs(
            lambda: list(islice(filter(positive, games(2, capped=False)), 50)),
            lambda game: (
                numbers(game)[2] * formulas.prefix_ratios(*numbers(game)[:2], Q(game.mistakes))[-1]
            ),
        ),
        "2 m": differs(proportional, lambda game: Q(game.budget) * max(_twice(game))),
    },
)


def _twice(game: Game) -> list[Q]:
    g, s, _ = numbers(game)
    return formulas.prefix_ratios(g, s, 2 * Q(game.mistakes))


# V3: capped, budget may be left.
def capped() -> list[Game]:
    return list(islice(games(3), 260))


def one_group(game: Game) -> list[formulas.Group]:
    return [(range(game.n), Q(game.mistakes))]


def check_v3(game: Game) -> list[str]:
    g, s, b = numbers(game)
    m, ones = Q(game.mistakes), [Q(1)] * game.n
    solution = solve(game, method="rational")
    prove(solution, told(game))
    found = formulas.brackets(g, s, m, b)
    same(solution.value, found.value, told(game))
    same(solution.value, formulas.least_price(g, s, ones, one_group(game), b), told(game))
    pair = {"inclusion": np.array(found.q), "mistake_probabilities": np.array(found.l)}
    prove(replace(solution, value=found.value, **pair), told(game))
    b0 = formulas.full_budget(g, s, m)
    assert found.met == (b <= b0), told(game, b0=b0)
    assert not found.met or (sum(found.q), sum(found.l)) == (b, m), told(game, b0=b0)
    if b > b0:
        beyond = formulas.brackets(g, s, m, b0).value if b0 else Q(0)
        same(solution.value, beyond, told(game, b0=b0))
    fractional = any(g[i] == found.lam and 0 < found.q[i] < 1 for i in range(game.n))
    return [*kinds(game), *["b > b0"] * (b > b0), *["0 < q < 1 at g = lam"] * fractional]


def best_prefix(game: Game) -> Q:
    """The best q = min(1, tau/s) over a prefix of the gains, without a fractional point."""
    g, s, b = numbers(game)
    order = sorted(range(game.n), key=lambda i: -g[i])
    best = Q(0)
    for k in range(1, game.n + 1):
        on = order[:k]
        for tau in {*s, *formulas.thresholds(on, s, b)}:
            q = [formulas.share(tau, s[i]) if i in on else Q(0) for i in range(game.n)]
            if sum(q) <= b:
                best = max(best, worst_case(game, np.array(q))[0])
    return best


def bracket_example() -> list[Game]:
    return [Game([10, 3, 2], 1, 2, harm=0)]


V3 = row(
    "V3",
    "q and l of the two brackets have gap 0; V = min F(lam) = sum q g - tau m; V_b = V_{b0} beyond",
    "capped, abstaining, n <= 7, b real",
    FILE,
    capped,
    check_v3,
    {
        "prefix without the fractional point": differs(bracket_example, best_prefix),
        "prefix without the fractional point, drawn": differs(capped, best_prefix),
        "uncapped level": differs(
            capped,
            lambda game: (
                Q(game.budget) * formulas.water_level(*numbers(game)[:2], Q(game.mistakes))
            ),
        ),
    },
)


def check_v3a(game: Game) -> list[str]:
    g, s, b = numbers(game)
    lam = formulas.water_level(g, s, Q(game.mistakes))
    solution = solve(game, method="rational")
    prove(solution, told(game))
    assert solution.value <= b * lam, f"{told(game)}: {solution.value} above {b * lam}"
    on = [i for i in range(game.n) if g[i] >= lam > 0]
    density = total(1 / s[i] for i in on)
    free = bool(on) and all(b <= s[i] * density for i in on)
    if free:
        same(solution.value, b * lam, told(game))
    return [*kinds(game), *["b <= s H"] * free]


V3A = row(
    "V3a",
    "V_b <= b lam, equal while b <= s_j H on S",
    "capped, abstaining, n <= 7",
    FILE,
    capped,
    check_v3a,
    {
        "equal for every b": differs(
            capped,
            lambda game: (
                Q(game.budget) * formulas.water_level(*numbers(game)[:2], Q(game.mistakes))
            ),
        ),
    },
)


# V3b: forced budget, capped and (b = 1) proportional past the positive regime.
def forced() -> list[Game]:
    spoiled = np.random.default_rng(5)
    past = []
    for _ in range(60):
        n, c = int(spoiled.integers(1, 7)), float(spoiled.choice([0, 0.5, 1, 2]))
        low = max(1, int(np.ceil(n / (1 + c))))
        g = spoiled.integers(1, 11, n)
        past.append(Game(g, int(spoiled.integers(low, n + 1)), 1, harm=c, abstain=False))
    return [*islice(games(4, abstain=False), 140), *past]


def spoiled_pool(game: Game) -> Q | None:
    """max((n - M)/H', -c min g) where harm is proportional, b = 1, M >= n, m whole and >= 1."""
    g, s, b = numbers(game)
    if min(g) == 0 or b != 1 or len({x / y for x, y in zip(s, g, strict=True)}) > 1:
        return None
    multiple, m = s[0] / g[0], Q(game.mistakes)
    if m.denominator > 1 or m < 1 or multiple * m < game.n:
        return None
    return max((game.n - multiple * m) / total(1 / x for x in g), -(multiple - 1) * min(g))


def check_v3b(game: Game) -> list[str]:
    g, s, b = numbers(game)
    m, ones = Q(game.mistakes), [Q(1)] * game.n
    solution = solve(game, method="rational")
    prove(solution, told(game))
    formula = formulas.least_price(g, s, ones, one_group(game), b, forced=True)
    same(solution.value, formula, told(game))
    inside = b <= formulas.full_budget(g, s, m)
    if inside:
        same(solution.value, formulas.brackets(g, s, m, b).value, told(game))
    special = spoiled_pool(game)
    if special is not None:
        same(solution.value, special, told(game))
    return [
        *kinds(game),
        *["b <= b0"] * inside,
        *["M >= n, b = 1, proportional"] * (special is not None),
        *["V < 0"] * (solution.value < 0),
    ]


def theory_example() -> list[Game]:
    return [Game([10, 10, 5, 2, 1], 4, abstain=False)]


V3B = row(
    "V3b",
    "V = min of F over all real lam; as with abstaining up to b0; M >= n: max((n-M)/H', -c min g)",
    "capped, sum q = b, n <= 7",
    FILE,
    forced,
    check_v3b,
    {
        "V2 alone": differs(
            theory_example,
            lambda game: max(formulas.prefix_ratios(*numbers(game)[:2], Q(game.mistakes))),
        ),
        "lam >= 0 as with abstaining": differs(
            forced,
            lambda game: formulas.least_price(
                *numbers(game)[:2], [Q(1)] * game.n, one_group(game), numbers(game)[2]
            ),
        ),
    },
)


# R1, R2: one query, whole m, V > 0.
def hindsight_games(seed: int, count: int) -> list[Game]:
    """Instances for regret and ratio: ten without mistakes, the rest with some."""
    drawn = [game for game in islice(games(seed, whole=True, budget=1), 2000) if positive(game)]
    none = [game for game in drawn if game.mistakes == 0][:10]
    return [*none, *(game for game in drawn if game.mistakes > 0)][:count]


def value_of(game: Game) -> Q:
    return formulas.water_level(*numbers(game)[:2], Q(game.mistakes))


def check_hindsight(game: Game, objective: str) -> list[str]:
    g, s, _ = numbers(game)
    value = value_of(game)
    found = formulas.in_hindsight(g, s, value)
    solution = solve(game, objective, method="rational")
    prove(solution, told(game))
    same(solution.value, getattr(found, objective), told(game))
    assert found.j <= int(game.mistakes), f"{told(game)}: j = {found.j + 1} > m + 1"
    # The theory's own p: its exact worst case over all 0/1 mistakes is the optimum.
    t, weight = (found.t, Q(1)) if objective == "regret" else (_last(g, found.j), found.ratio)
    p = np.array(formulas.insured(g, s, value, t, weight))
    assert min(p) >= 0 and sum(p) == 1, f"{told(game)}: p = {p}"
    worst = regret(game, p) if objective == "regret" else competitive_ratio(game, p)
    same(worst, getattr(found, objective), told(game))
    return [*kinds(game), *["clamped"] * found.clamped]


def _last(g: list[Q], j: int) -> Q:
    return sorted(g, reverse=True)[j]


def exact_hindsight(objective: str) -> Callable[[Game], Q]:
    return lambda game: solve(game, objective, method="rational").value


def ratio_games() -> list[Game]:
    return hindsight_games(6, 160)


R1 = row(
    "R1",
    "rho* = V/E(g_j), j <= m + 1; the theory's p attains it against every set of mistakes",
    "b = 1, whole m, V > 0, n <= 7",
    FILE,
    ratio_games,
    lambda game: check_hindsight(game, "ratio"),
    {
        "rho = V/(E + V)": differs(
            ratio_games,
            lambda game: value_of(game) / (_expected(game) + value_of(game)),
            exact_hindsight("ratio"),
        ),
    },
)


def _expected(game: Game) -> Q:
    return formulas.in_hindsight(*numbers(game)[:2], value_of(game)).expected


def regret_games() -> list[Game]:
    """Instances for regret: every third one is clamped, t_1 above g_j."""
    drawn, clamped = hindsight_games(7, 110), []
    for game in filter(positive, games(8, whole=True, budget=1)):
        if formulas.in_hindsight(*numbers(game)[:2], value_of(game)).clamped:
            clamped.append(game)
            if len(clamped) == 50:
                return [*drawn, *clamped]
    raise AssertionError("unreachable")


R2 = row(
    "R2",
    "R* = E(t) - V, t = max(g_j, t_1); the theory's p attains it against every set of mistakes",
    "b = 1, whole m, V > 0, n <= 7",
    FILE,
    regret_games,
    lambda game: check_hindsight(game, "regret"),
    {
        "V for mu where t is clamped": differs(
            regret_games,
            lambda game: _expected(game) - value_of(game),
            exact_hindsight("regret"),
        ),
    },
)


def check_r3(game: Game) -> list[str]:
    value = value_of(game)
    worst, best = (solve(game, x, method="rational") for x in ("regret", "ratio"))
    for solution in (worst, best):
        prove(solution, told(game))
    clamped = formulas.in_hindsight(*numbers(game)[:2], value).clamped
    if not clamped:
        same(best.value, value / (value + worst.value), told(game))
    return [*kinds(game), *["clamped, identity not claimed"] * clamped]


R3 = row(
    "R3",
    "rho* = V/(V + R*) where t = g_j, both optima with gap 0",
    "b = 1, whole m, V > 0, n <= 7",
    FILE,
    lambda: ratio_games()[:80],
    check_r3,
    {
        "where t is clamped too": differs(
            regret_games,
            lambda game: value_of(game) / (value_of(game) + exact_hindsight("regret")(game)),
            exact_hindsight("ratio"),
        ),
    },
)

CHECKS = (V1, V2, V3, V3A, V3B, R1, R2, R3)
