"""Wrong statements about the draws, limits, rounds and committees of BoundStatements.v."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef
FILE = "BoundStatements"


def _coin(exponent: Real, t: Real, gap: Real) -> list[Formula]:
    """One draw from two values that are `gap` apart, t = gap/2: it is low with probability 1/2.

    That is more than exp(-x) <= 1/(1 + x + x^2/2).
    """
    series = 1 + exponent + exponent * exponent / 2
    return [gap > 0, 2 * t == gap, 1 / series < z3.Q(1, 2)]


def _twice_the_exponent() -> list[Formula]:
    t, low, high = z3.Reals("t low high")
    gap = high - low
    return _coin(4 * t * t / (gap * gap), t, gap)


def _range_of_the_gains() -> list[Formula]:
    """g = (g, g), h = (h, h), a mistake on the first point: the values are -h and g."""
    g, h, t = z3.Reals("g h t")
    return [g > 0, h >= 0, *_coin(2 * t * t / (g * g), t, g + h)]


def _tail(total: int, marked: int, drawn: int, k: int) -> Fraction:
    """The hypergeometric distribution function."""
    ways = sum(comb(marked, j) * comb(total - marked, drawn - j) for j in range(k + 1))
    return Fraction(ways, comb(total, drawn))


def _limit(n: int, v: int, k: int, delta: Fraction) -> int:
    return max(m for m in range(n + 1) if _tail(n + v, k + m, v, k) > delta)


def _uncovered(claimed: Fraction, seen_count: bool = True) -> list[Formula]:
    """n = v = 1, delta = 1/2: mistakes M among the two points that are covered too seldom."""
    delta, wrong = Fraction(1, 2), z3.Int("M")
    cases = []
    for total in range(3):
        cover = sum(
            _tail(2, total, 1, k) - (_tail(2, total, 1, k - 1) if k else 0)
            for k in range(2)
            if total <= k * seen_count + _limit(1, 1, k, delta)
        )
        cases.append(z3.And(wrong == total, z3.RealVal(cover) < z3.RealVal(claimed)))
    return [z3.Or(*cases)]


def _half_the_error() -> list[Formula]:
    return _uncovered(Fraction(3, 4))


def _seen_forgotten() -> list[Formula]:
    return _uncovered(Fraction(1, 2), seen_count=False)


def _root_of_log(two_to_the: int) -> tuple[Real, list[Formula]]:
    """Above sqrt(ln 2 / 2^k), as ln 2 < 7/10."""
    root = z3.Real("root")
    return root, [root >= 0, root * root == z3.Q(7, 10) / 2**two_to_the]


def _regret_without_harms() -> list[Formula]:
    """One round, two points, L = ln 2: Hedge is uniform, and the first point is a mistake."""
    g, h = _gains_and_harms()
    root, known = _root_of_log(1)
    earned = [-h, g]
    return [g > 0, h >= 0, *known, earned[1] - z3.Sum(*earned) / 2 > g * root]


def _gap_of_any_replies() -> list[Formula]:
    """Two rounds, g = (g, g), m = 1, and a teacher that errs nowhere: Hedge stays uniform."""
    g, h = _gains_and_harms()
    root, known = _root_of_log(2)
    worst = g / 2 - h / 2
    return [g > 0, h >= 0, *known, g - worst > (g + h) * root]


def _gains_and_harms() -> tuple[Real, Real]:
    return z3.Real("g"), z3.Real("h")


def _votes(k: int, f: int, bound_divisor: int) -> list[Formula]:
    """One point of class 0 and two classes: the vote fails, and the mistakes are below it."""
    vote = z3.Ints(" ".join(f"vote{t}" for t in range(k + f)))
    mistakes = z3.Int("mistakes")
    right = z3.Sum(*(z3.If(x == 0, 1, 0) for x in vote))
    return [
        *(z3.And(x >= 0, x <= 1) for x in vote),
        mistakes == z3.Sum(*(z3.If(x == 0, 0, 1) for x in vote[:k])),
        2 * right <= k + f,
        mistakes / bound_divisor < 1,
    ]


def _arbitrary_ignored() -> list[Formula]:
    return _votes(2, 1, bound_divisor=2)


def _tie_wins() -> list[Formula]:
    return _votes(2, 0, bound_divisor=2)


def _flat_labels() -> list[Formula]:
    """Two soft-labels with more than 1/3 on class 0, an arbitrary third: no mistake, a wrong one.

    The median of three is max(min(a, b), min(max(a, b), c)).
    """
    soft = [[z3.Real(f"soft{t}{c}") for c in range(3)] for t in range(3)]

    def largest(x: Real, y: Real) -> Real:
        return z3.If(x > y, x, y)

    def smallest(x: Real, y: Real) -> Real:
        return z3.If(x < y, x, y)

    def median(c: int) -> Real:
        a, b, d = (label[c] for label in soft)
        return largest(smallest(a, b), smallest(largest(a, b), d))

    return [
        *(x >= 0 for label in soft for x in label),
        *(z3.Sum(*label) == 1 for label in soft),
        *(label[0] > z3.Q(1, 3) for label in soft[:2]),
        median(0) <= median(1),
    ]


MUTANTS = (
    Mutant(
        "Hoeffding with twice the exponent",
        ("- (2 * INR k * t ^ 2 / (high - low) ^ 2)", "- (4 * INR k * t ^ 2 / (high - low) ^ 2)"),
        "Bounds",
        _twice_the_exponent,
        FILE,
    ),
    Mutant(
        "S2 with the range of the gains",
        ("t ^ 2 / (top + worst) ^ 2", "t ^ 2 / top ^ 2"),
        "Bounds",
        _range_of_the_gains,
        FILE,
    ),
    Mutant(
        "S4 at half the error",
        (
            "1 - delta <= chance (n + v) v\n    (fun V => all_hits",
            "1 - delta / 2 <= chance (n + v) v\n    (fun V => all_hits",
        ),
        "Hypergeometric",
        _half_the_error,
        FILE,
    ),
    Mutant(
        "S4 without the mistakes seen",
        ("hits wrong V + limit (hits wrong V)", "limit (hits wrong V)"),
        "Hypergeometric",
        _seen_forgotten,
        FILE,
    ),
    Mutant(
        "S6 without the harms",
        (
            "(top + worst) * sqrt (INR T * L / 2)",
            "top * sqrt (INR T * L / 2)",
        ),
        "Hedge",
        _regret_without_harms,
        FILE,
    ),
    Mutant(
        "S6 against any replies",
        (
            "(q t) (l t) <= payoff n g s (q t) l') ->\n  forced",
            "(q t) (l t) <= payoff n g s (q t) (l t)) ->\n  forced",
        ),
        "Hedge",
        _gap_of_any_replies,
        FILE,
    ),
    Mutant(
        "A3 without the arbitrary teachers",
        (
            "(count n (outvoted (k + f) C vote truth) <= whole_sum k m / (half (k + f) - f))%nat",
            "(count n (outvoted (k + f) C vote truth) <= whole_sum k m / half (k + f))%nat",
        ),
        "Majorities",
        _arbitrary_ignored,
        FILE,
    ),
    Mutant(
        "A3 where a tie is right",
        ("((K + 1) / 2)%nat", "(K / 2 + 1)%nat"),
        "Majorities",
        _tie_wins,
        FILE,
    ),
    Mutant(
        "A3 with a third on the true class",
        ("1 / 2 < soft t i (truth i)", "1 / 3 < soft t i (truth i)"),
        "Majorities",
        _flat_labels,
        FILE,
    ),
)
