"""Wrong statements about errors of any size and several teachers."""

from __future__ import annotations

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef
FILE = "TeacherStatements"
HALF = z3.Q(1, 2)


def _within(x: Real, low: float, high: Real) -> Formula:
    return z3.And(x >= low, x <= high)


def _doubled(x: Real) -> Real:
    """Damage of which half an error does all."""
    return z3.If(2 * x < 1, 2 * x, z3.RealVal(1))


def _stakes_forgotten() -> list[Formula]:
    """g = (2, 1), h = 0, phi(x) = x, m = 5/4: lam = 1/2; q = (1/2, 1/2) can be left with less."""
    l0, l1 = z3.Reals("l0 l1")
    mistakes = [_within(l0, 0, 1), _within(l1, 0, 1), l0 + l1 <= z3.Q(5, 4)]
    return [*mistakes, HALF * (2 - 2 * l0) + HALF * (1 - l1) < HALF]


def _damage_for_envelope() -> list[Formula]:
    """One point, g = 1, h = 0; half an error costs nothing, the rest is straight: psi(1/2) = 3/4.

    At m = 3/4 the level were 1/2; the teacher who is wholly wrong with probability 3/4 leaves less.
    """
    psi, t, q = z3.Reals("psi t q")
    leaves_less = z3.ForAll([q], z3.Implies(_within(q, 0, 1), q * (1 - t) < HALF))
    return [2 * psi - 1 == HALF, _within(t, 0, psi), leaves_less]


def _few_mistakes() -> list[Formula]:
    """One point, g = 1, h = 0, phi(x) = x: with m <= g/s one query is worth more than 0."""
    m, x = z3.Reals("m x")
    return [m >= 0, m <= 1, z3.ForAll([x], z3.Implies(_within(x, 0, m), 1 - x > 0))]


def _concave_is_straight() -> list[Formula]:
    """The line is no envelope of min(2x, 1), which is concave."""
    x = z3.Real("x")
    return [_within(x, 0, 1), z3.Not(_doubled(x) <= x)]


def _better_than_plain() -> list[Formula]:
    """g = 1, h = 0, b = 1, m = 1/2 and min(2x, 1): 0 is guaranteed, and 1/2 in the plain game."""
    v, plain, x = z3.Reals("v plain x")
    return [_within(x, 0, HALF), v <= 1 - _doubled(x), plain == 1 - HALF, z3.Not(plain <= v)]


def _spent_at_a_loss() -> list[Formula]:
    """One teacher, one point, two mistakes: the root is negative, and nobody need ask."""
    g, h, lam = z3.Reals("g h lam")
    return [g > 0, h >= 0, g - lam == 2 * (g + h), lam < 0]


def _price_forgotten() -> list[Formula]:
    """One teacher, one point, b = 1: no purchase earns the level of a whole query."""
    g, h, m, c, lam, q = z3.Reals("g h m c lam q")
    most = z3.ForAll([q], z3.Implies(z3.And(q >= 0, c * q <= 1), q * lam < lam))
    return [g == 1, h == 0, m == HALF, c == 2, lam == g - (g + h) * m, lam > 0, most]


def _one_vote_is_enough() -> list[Formula]:
    """Three teachers with a mistake each, on a point of its own: 3 points, not 3/2."""
    wrong = [[z3.Real(f"w{t}{i}") for i in range(3)] for t in range(3)]
    zero_one = [z3.Or(x == 0, x == 1) for row in wrong for x in row]
    once = [z3.Sum(*row) <= 1 for row in wrong]
    y = z3.Sum(*(z3.If(z3.Sum(*(row[i] for row in wrong)) >= 1, 1.0, 0.0) for i in range(3)))
    return [*zero_one, *once, z3.Not(y <= z3.Q(3, 2))]


def _a_vote_at_the_price_of_one() -> list[Formula]:
    """One point, g = 1, h = 0; m = (1, 0, 0), c = (1, 10, 10): half a mistake, for 1."""
    x = z3.Real("x")
    lam = [z3.RealVal(0), z3.Q(1, 10), z3.Q(1, 10)]
    return [1 - 1 * x == HALF, *(z3.Not(x <= a) for a in lam)]


def _any_number() -> list[Formula]:
    """g = (2, 1), h = 1, w = 1/2, r = 0, b = 1, m = 1: whatever errs on the first, the second pays.

    Of all mistakes with a sum of one, those that leave less than 1/2 + epsilon to the design that
    takes the first point err on it, and leave 1 to the second.
    """
    l0, l1 = z3.Reals("l0 l1")
    stakes = HALF * 3, HALF * 2
    optimal = z3.And(
        l0 >= 0,
        l1 >= 0,
        l0 <= 1,
        l1 <= 1,
        l0 + l1 <= 1,
        2 - stakes[0] * l0 <= HALF,
        1 - stakes[1] * l1 <= 2 - stakes[0] * l0,
    )
    return [z3.ForAll([l0, l1], z3.Not(optimal))]


def _weight_forgotten() -> list[Formula]:
    """g = (2, 1), h = 1, w = 1/2, r = 0, b = 1, one mistake: the second point is left worth more.

    Were the difference of gains counted twice, m = 1 would do: m* = 1 + max(0, 3/2 - 2)/1.
    """
    wrong, other = z3.Reals("wrong other")
    return [wrong == 2 - HALF * 3, other == 1, other > wrong, z3.Not(z3.Q(3, 2) - 2 > 0)]


MUTANTS = (
    Mutant(
        "q without the stake, errors of any size",
        ("(fun i => d i / s i) in", "(fun i => d i) in"),
        "Deviations",
        _stakes_forgotten,
        FILE,
    ),
    Mutant(
        "a damage for its envelope",
        (
            "concave env /\\ forall x, 0 <= x <= 1 -> phi x <= env x /\\ mixed phi x (env x).",
            "forall x, 0 <= x <= 1 -> phi x = env x.",
        ),
        "Deviations",
        _damage_for_envelope,
        FILE,
    ),
    Mutant(
        "nothing with few mistakes",
        ("sum n (fun i => psi (g i / s i)) <= m ->", "m <= sum n (fun i => psi (g i / s i)) ->"),
        "Deviations",
        _few_mistakes,
        FILE,
    ),
    Mutant(
        "concave damage is V1",
        ("forall phi, damage phi -> convex phi ->", "forall phi, damage phi -> concave phi ->"),
        "Deviations",
        _concave_is_straight,
        FILE,
    ),
    Mutant(
        "any damage is better than errors that are whole",
        ("(payoff n g s) v' -> v <= v'.", "(payoff n g s) v' -> v' <= v."),
        "Deviations",
        _better_than_plain,
        FILE,
    ),
    Mutant(
        "a market without abstaining",
        ("c m b q l (b * Rmax 0 top)", "c m b q l (b * top)"),
        "Routing",
        _spent_at_a_loss,
        FILE,
    ),
    Mutant(
        "a market without prices",
        (
            "(c t * lam t)) ->\n  greatest k lam top ->\n  exists",
            "(lam t)) ->\n  greatest k lam top ->\n  exists",
        ),
        "Routing",
        _price_forgotten,
        FILE,
    ),
    Mutant(
        "a majority of one",
        ("INR (half k) <= sum k (fun t => w t i)", "1 <= sum k (fun t => w t i)"),
        "Routing",
        _one_vote_is_enough,
        FILE,
    ),
    Mutant(
        "a vote at the price of one",
        ("(sum k c * x) ->", "(c 0%nat * x) ->"),
        "Routing",
        _a_vote_at_the_price_of_one,
        FILE,
    ),
    Mutant(
        "a hedge that is off too early",
        (
            "- (1 - w * r) * (g (pred b) - g i))",
            "- 2 * (1 - w * r) * (g (pred b) - g i))",
        ),
        "Certainty",
        _weight_forgotten,
        FILE,
    ),
    Mutant(
        "a hedge that is off whatever is feared",
        ("(certain n b g h w r <= m ->", "(INR b <= m ->"),
        "Certainty",
        _any_number,
        FILE,
    ),
)
