"""Wrong checkers of CheckStatements.v: each accepts what its theorem then calls proved.

The counterexamples are games of one point, whose bounds are written out: price t of a mistake,
price x of a query, the chances q, l and the largest r, all in the units of the real game.
"""

from __future__ import annotations

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
FILE = "CheckStatements"

g, h, r, q, l, m, b, t, x, q_, l_ = z3.Reals("g h r q l m b t x q_ l_")


def _pos(a: z3.ArithRef) -> z3.ArithRef:
    return z3.If(a > 0, a, z3.RealVal(0))


GAME = [g > 0, h >= 0, b > 0, m >= 0, q >= 0, l >= 0, r == 1]
TEACHER = [l_ >= 0, l_ <= r, l_ <= m]  # any teacher of the game
LEARNER = [q_ >= 0, q_ <= 1, q_ <= b]  # any learner that is capped and may abstain
ANSWER = [q <= 1, q <= b, l <= r, l <= m]
LOWER = q * g - r * _pos(q * (g + h) - t) - m * t
UPPER = b * x + _pos(g - (g + h) * l - x)
EARNED, EARNED_AT_MOST = q * (g - (g + h) * l_), q_ * (g - (g + h) * l)


def _surplus_uncapped() -> list[Formula]:
    learner = [q_ >= 0, q_ <= b]
    return [*GAME, q <= b, l <= r, l <= m, x >= 0, *learner, EARNED_AT_MOST > UPPER]


def _too_many_mistakes() -> list[Formula]:
    return [*GAME, q <= 1, q <= b, l <= r, l <= m + 1, l > m]


def _negative_price() -> list[Formula]:
    return [*GAME, *ANSWER, *TEACHER, EARNED < LOWER]


def _negative_level() -> list[Formula]:
    return [*GAME, *ANSWER, *LEARNER, EARNED_AT_MOST > UPPER]


def _harmless() -> list[Formula]:
    lower = q * g - r * _pos(q * g - t) - m * t
    return [*GAME, *ANSWER, *TEACHER, t >= 0, EARNED < lower]


def _unspent() -> list[Formula]:
    return [*GAME, q <= 1, q <= b, q != b]


def _unlimited() -> list[Formula]:
    return [*GAME, q <= 1, q <= b, l <= m, l > r]


def _no_value() -> list[Formula]:
    # The claim v < lower of a feasible answer, where v is what the design earns at the worst.
    return [*GAME, *ANSWER, *TEACHER, t >= 0, EARNED < q * g - m * t]


# Regret: two points, of which the second may be left out of sight by a weight of zero.
g1, s1, q1, g2, s2, q2 = z3.Reals("g1 s1 q1 g2 s2 q2")
TWO = [g1 > 0, g2 > 0, q1 >= 0, q2 >= 0, q1 + q2 == 1, t >= 0]
PARTS = _pos(q1 * s1 - t), _pos(q2 * s2 - t)


def _most(a: z3.ArithRef, c: z3.ArithRef) -> z3.ArithRef:
    return z3.If(a > c, a, c)


REST = PARTS[0] + PARTS[1] - q1 * g1 - q2 * g2 + _most(g1 - PARTS[0], g2 - PARTS[1])


def _no_benchmark() -> list[Formula]:
    # One point that is always mistaken, m = 1: the regret is 0, the benchmark earned nothing.
    return [g > 0, h >= 0, 0 - (g - (g + h)) > 0]


def _free_mistakes() -> list[Formula]:
    # m = 1, on the first point; the benchmark is the second.
    return [*TWO, s1 >= g1, s2 >= g2, g2 - q1 * (g1 - s1) - q2 * g2 > REST]


def _helpful_mistakes() -> list[Formula]:
    # m = 1, on the first point, which is then the benchmark.
    return [*TWO, s2 >= 0, s1 < 0, (g1 - s1) - q1 * (g1 - s1) - q2 * g2 > t + REST]


MUTANTS = (
    Mutant(
        "a surplus is left where nothing caps it",
        ("(with_cap a || (rest =? 0))", "(with_cap a || (0 <=? rest))"),
        "Checks",
        _surplus_uncapped,
        FILE,
    ),
    Mutant(
        "one mistake too many",
        (
            "(total missed (members G) <=? most G).",
            "(total missed (members G) <=? most G + 1).",
        ),
        "Checks",
        _too_many_mistakes,
        FILE,
    ),
    Mutant(
        "a mistake may have a negative price",
        ("(0 <=? price G) && (total", "(price G <=? price G) && (total"),
        "Checks",
        _negative_price,
        FILE,
    ),
    Mutant(
        "a query may have a negative price where budget may stay unspent",
        ("(0 <=? level a)", "(level a <=? level a)"),
        "Checks",
        _negative_level,
        FILE,
    ),
    Mutant(
        "gains for stakes",
        ("limit p * Z.max 0 (asked p * stakes p", "limit p * Z.max 0 (asked p * gain p"),
        "Checks",
        _harmless,
        FILE,
    ),
    Mutant(
        "a forced budget that is not spent",
        ("else spent a =? budget a", "else spent a <=? budget a"),
        "Checks",
        _unspent,
        FILE,
    ),
    Mutant(
        "mistakes beyond their limit",
        ("(missed p <=? limit p)", "(missed p <=? limit p + 1)"),
        "Checks",
        _unlimited,
        FILE,
    ),
    Mutant(
        "the mistakes above the threshold cost nothing",
        ("limit p * Z.max 0 (asked p", "0 * Z.max 0 (asked p"),
        "Checks",
        _no_value,
        FILE,
    ),
    Mutant(
        "no point need be left right",
        ("[] => None", "[] => Some earned"),
        "CheckedRegret",
        _no_benchmark,
        FILE,
    ),
    Mutant(
        "mistakes are free",
        ("price G * count a + total", "0 * count a + total"),
        "CheckedRegret",
        _free_mistakes,
        FILE,
    ),
    Mutant(
        "mistakes that help",
        ("(0 <=? stakes p)", "(stakes p <=? stakes p)"),
        "CheckedRegret",
        _helpful_mistakes,
        FILE,
    ),
)
