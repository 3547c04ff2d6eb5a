"""A second opinion on the exact values: z3's exact optimiser of the learner's linear program."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import z3

from proofs_checks.exact import constrained, values
from proofs_checks.exact.instances import (
    AnyGame,
    differs,
    fractions,
    numbers,
    prove,
    row,
    same,
    told,
)
from radsim import Game, solve
from radsim.constrained import constrain
from radsim.runs.evidence import Check

FILE = "exact/linear_program.py"
Q = Fraction


def optimum(game: AnyGame, twice: bool = False) -> Q:
    """max q g - sum m_A y_A - sum r v, s q <= prices y of the point's groups + v, sum q <= b."""
    rules = constrain(game) if isinstance(game, Game) else game
    g, s, b = numbers(rules)
    n, limits = range(rules.n), fractions(rules.limits)
    q, v = z3.RealVector("q", rules.n), z3.RealVector("v", rules.n)
    y = z3.RealVector("y", len(rules.mistakes))
    program = z3.Optimize()
    program.add(*(x >= 0 for x in (*q, *v, *y)))
    if rules.capped:
        program.add(*(x <= 1 for x in q))
    spent = z3.Sum(q)
    program.add(spent <= rational(b) if rules.abstain else spent == rational(b))
    for i in n:
        prices = [y[a] for a, on in enumerate(rules.members) if on[i]]
        program.add(rational(s[i]) * q[i] <= z3.Sum([*prices, v[i]]))
    budgets = [Q(m) * (2 if twice else 1) for m in rules.mistakes]
    terms = [rational(g[i]) * q[i] - rational(limits[i]) * v[i] for i in n]
    terms += [-rational(m) * price for m, price in zip(budgets, y, strict=True)]
    goal = program.maximize(z3.Sum(terms))
    assert program.check() == z3.sat, told(game)
    return Q(str(program.upper(goal)))


def rational(x: Q) -> z3.RatNumRef:
    return z3.Q(x.numerator, x.denominator)


POOLS: tuple[tuple[str, str, Callable[[], list]], ...] = (
    ("V1", "uncapped, n <= 7", lambda: values.uncapped()[:10]),
    ("V3", "capped, abstaining, n <= 7", lambda: values.capped()[:30]),
    ("V3b", "capped, sum q = b, n <= 7", lambda: values.forced()[-20:]),
    ("A1", "1 to 3 disjoint groups, n <= 5", lambda: constrained.grouped()[:20]),
    ("A2", "s > 0, gains of any sign, 0 <= r <= 1, n <= 5", lambda: constrained.limited()[:20]),
)


def check_opinion(game: AnyGame) -> list[str]:
    solution = solve(game, method="rational")
    prove(solution, told(game))
    same(solution.value, optimum(game), told(game))
    return ["z3 agrees"]


def opinion(claim: str, hypotheses: str, instances: Callable[[], list]) -> Check:
    return row(
        claim,
        "z3's exact optimiser of the learner's linear program finds the same value",
        hypotheses,
        FILE,
        instances,
        check_opinion,
        {"twice the mistakes": differs(instances, lambda game: optimum(game, twice=True))},
    )


CHECKS = tuple(opinion(*pool) for pool in POOLS)
