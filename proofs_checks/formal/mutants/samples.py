"""Wrong statements about the samples of SampleStatements.v."""

from __future__ import annotations

from functools import partial

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef


def _euler() -> tuple[z3.ArithRef, list[Formula]]:
    """A real that may be e: between 2.7 and 2.8."""
    e = z3.Real("e")
    return e, [e > z3.Q(27, 10), e < z3.Q(28, 10)]


def _even_light_fight() -> list[Formula]:
    """The winner carries c + d; the first is in with probability (c + d)/2."""
    c, d = z3.Reals("c d")
    return [c > 0, d > 0, c + d < 1, (c + d) / 2 != c]


def _heavy_fight_as_light() -> list[Formula]:
    """The loser is in, the winner goes on with c + d - 1."""
    c, d = z3.Reals("c d")
    first_on = c / (c + d)
    return [
        c > 0,
        d > 0,
        c <= 1,
        d <= 1,
        c + d > 1,
        first_on * (c + d - 1) + (1 - first_on) != c,
    ]


def _starts_cut_elsewhere() -> list[Formula]:
    """Two points; the last interval runs from q0 to 1 and its sample holds the second point."""
    q0, q1 = z3.Reals("q0 q1")
    return [0 < q1, q1 < q0, q0 + q1 < 1, 1 - q0 != q1]


def _nearest_size() -> list[Formula]:
    """One point: size 0 or 1, and each has a positive weight."""
    q = z3.Real("q")
    return [0 < q, q < 1, z3.Or(q >= z3.Q(1, 2), 1 - q >= z3.Q(1, 2))]


def _one_function_twice() -> list[Formula]:
    """f = g = z0: the mean of its square is q0."""
    q = z3.Real("q")
    return [0 < q, q < 1, q > q * q]


def _two_signs() -> list[Formula]:
    """q = (1/2, 1/2), one of both is in, w = (1, -1): Z = -1 with probability 1/2; t = 1, V = 2."""
    e, hypotheses = _euler()
    return [*hypotheses, z3.Q(1, 2) > 1 / e]


def _three_for_two() -> list[Formula]:
    """One point with q = 1/2, w = 1, t = 1/2: the bound would be exp(-3/4)."""
    e, hypotheses = _euler()
    bound = z3.Real("bound")
    return [*hypotheses, bound > 0, bound**4 * e**3 == 1, z3.Q(1, 2) > bound]


def _shift_at_any_size() -> list[Formula]:
    """One point with q = 1/2, w = -1, c = 3/2, t = 1/2: V = 1/4 and the bound would be exp(-2)."""
    e, hypotheses = _euler()
    return [*hypotheses, z3.Q(1, 2) > 1 / e**2]


def _mistakes_after_the_sample(m: int) -> list[Formula]:
    """Two points, h = 0, one draw: the teacher is wrong on the point that was drawn."""
    g0, g1, p, value = z3.Reals("g0 g1 p value")
    return [
        g0 > 0,
        g1 > 0,
        0 < p,
        p < 1,
        value > 0,
        # Against each mistake chosen before the draw the design earns the value.
        p * g0 == value,
        (1 - p) * g1 == value,
        p * (g0 - m * g0) + (1 - p) * (g1 - m * g1) < value,
    ]


def _drawn_as_wished() -> list[Formula]:
    """First or second: p0 + p1 p0/(1 - p1) + p2 p0/(1 - p2), at p = (1/2, 1/4, 1/4)."""
    p0, p1, p2 = z3.Reals("p0 p1 p2")
    weights = [p0 == z3.Q(1, 2), p1 == z3.Q(1, 4), p2 == z3.Q(1, 4)]
    return [*weights, p0 + p1 * p0 / (1 - p1) + p2 * p0 / (1 - p2) != 1]


def _any_inclusion() -> list[Formula]:
    """One point that is never drawn, q = 1, no mistakes."""
    g, q = z3.Reals("g q")
    return [g > 0, q == 1, 0 * g != q * g]


_sample = partial(Mutant, file="SampleStatements")

MUTANTS: tuple[Mutant, ...] = (
    _sample(
        "any inclusion probabilities",
        ("proper D -> includes n q D ->\n  (forall l,", "proper D ->\n  (forall l,"),
        "Designs",
        _any_inclusion,
    ),
    _sample(
        "draws one by one include b*p",
        (
            "expectation D (fun z => z 0%nat) = 5 / 6",
            "expectation D (fun z => z 0%nat) = 1",
        ),
        "Designs",
        _drawn_as_wished,
    ),
    _sample(
        "systematic: starts cut at q, not at its sums",
        ("cut (frac_part (sum (S k) q))", "cut (frac_part (q k))"),
        "Systematic",
        _starts_cut_elsewhere,
    ),
    _sample(
        "the size is the nearest whole number",
        ("Rabs (sum n z - sum n q) < 1)", "Rabs (sum n z - sum n q) < 1 / 2)"),
        "Systematic",
        _nearest_size,
    ),
    _sample(
        "pivotal: even fights",
        ("let x := quotient c (c + d) in", "let x := 1 / 2 in"),
        "Pivotal",
        _even_light_fight,
    ),
    _sample(
        "pivotal: all fights as the light ones",
        ("let x := quotient (1 - c) (2 - (c + d)) in", "let x := quotient c (c + d) in"),
        "Pivotal",
        _heavy_fight_as_light,
    ),
    _sample(
        "association on sets that meet",
        ("forall A B f g, disjoint A B -> rising A f", "forall A B f g, rising A f"),
        "Association",
        _one_function_twice,
    ),
    _sample(
        "S3 for weights of both signs",
        (
            "  one_signed n (fun i => w i + c) -> (c = 0 \\/ exists k, surely D",
            "  (c = 0 \\/ exists k, surely D",
        ),
        "Products",
        _two_signs,
    ),
    _sample(
        "S3 with 3 for 2",
        (
            "(total n w q - t) <= exp (- (2 * t^2 / V))",
            "(total n w q - t) <= exp (- (3 * t^2 / V))",
        ),
        "Products",
        _three_for_two,
    ),
    _sample(
        "S3 shifted at any size",
        (" -> (c = 0 \\/ exists k, surely D (fun z => sum n z = k)) ->", " ->"),
        "Products",
        _shift_at_any_size,
    ),
    _sample(
        "S5 with mistakes chosen after the sample",
        ("(s past) z (l past) in", "(s past) z (l (z :: past)) in"),
        "Designs",
        partial(_mistakes_after_the_sample, m=1),
    ),
)
