"""Wrong statements about the rounds of RoundStatements.v."""

from __future__ import annotations

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef


def _pos(x: Real) -> Real:
    return z3.If(x > 0, x, z3.RealVal(0))


def _min(x: Real, y: Real) -> Real:
    return z3.If(x < y, x, y)


def _price_for_nothing() -> list[Formula]:
    """One point, b = 1: what it earns at a price exceeds its value, max(0, g - s M)."""
    g, s, m, tau = z3.Reals("g s m tau")
    return [
        0 < g,
        g <= s,
        0 <= m,
        m <= 1,
        tau >= 0,
        _min(z3.RealVal(1), tau / s) * g > _pos(g - s * m),
    ]


def _splits(name: str, m: Real) -> tuple[list[Real], list[Formula]]:
    split = [z3.Real(f"{name}{t}") for t in range(2)]
    return split, [*(z3.And(x >= 0, x <= 1) for x in split), z3.Sum(*split) == m]


def _every_split_is_worst() -> list[Formula]:
    """Two rounds of one point, b = 1: one split leaves more than another, and V is no more."""
    m, g, s = z3.Real("m"), z3.Reals("g0 g1"), z3.Reals("s0 s1")
    (one, first), (two, second) = _splits("x", m), _splits("y", m)

    def left(split: list[Real]) -> Real:
        return z3.Sum(*(_pos(a - c * x) for a, c, x in zip(g, s, split, strict=True)))

    pools = [z3.And(0 < a, a <= c) for a, c in zip(g, s, strict=True)]
    return [*pools, *first, *second, left(one) > left(two)]


def _half_price() -> list[Formula]:
    """One point: its mistake takes more than half of the price."""
    g, s, tau, q, l = z3.Reals("g s tau q l")
    box = [z3.And(0 <= q, q <= 1, q * s <= tau, 0 <= l, l <= 1)]
    return [0 < g, g <= s, 0 <= tau, *box, q * g - tau * l / 2 > q * (g - s * l)]


def _learnt_for_nothing() -> list[Formula]:
    """One round, two prices at equal weights: the better one is not followed yet."""
    x, y, low, w, eta = z3.Reals("x y low w eta")
    within = [z3.And(low <= z, z <= low + w) for z in (x, y)]
    return [*within, eta > 0, x - eta * w * w / 8 > (x + y) / 2]


def _grid_for_nothing() -> list[Formula]:
    """One round of two equal points, b = 1, a single price and one mistake on the point taken."""
    g, price, eps, v = z3.Reals("g price eps v")
    grid = [0 < price, price <= eps * g / 2, g <= price]
    # V1 at m = 1 and h = 0: 2 (g - v)/g = 1; at a price above the stakes one point is taken surely.
    return [0 < g, eps > 0, *grid, 2 * (g - v) / g == 1, v > 0]


def _less_than_a_price_gives() -> list[Formula]:
    """g = (1, 1), s = (1/2, 1/8): a price that gives more than 9/8."""
    tau, a = z3.Reals("tau a")
    one = z3.RealVal(1)
    return [tau >= 0, a == _min(one, 2 * tau) + _min(one, 8 * tau), a - tau * 3 / 2 > z3.Q(9, 8)]


MUTANTS = (
    Mutant(
        "mistakes without a price",
        ("     sum T a - tau * M <= v)", "     sum T a <= v)"),
        "ManyRounds",
        _price_for_nothing,
        "RoundStatements",
    ),
    Mutant(
        "every split is the teacher's best",
        ("     v <= sum T x)", "     sum T x <= v)"),
        "ManyRounds",
        _every_split_is_worst,
        "RoundStatements",
    ),
    Mutant(
        "half of the price",
        ("- tau * sum n l <= payoff n g s q l.", "- tau * sum n l / 2 <= payoff n g s q l."),
        "ManyRounds",
        _half_price,
        "RoundStatements",
    ),
    Mutant(
        "stakes below the gains lose less",
        ("a - tau * (3 / 2) <= 5 / 4.", "a - tau * (3 / 2) <= 9 / 8."),
        "ManyRounds",
        _less_than_a_price_gives,
        "RoundStatements",
    ),
    Mutant(
        "learning costs nothing",
        ("sum T (fun t => x t k) - L / eta - eta *", "sum T (fun t => x t k) - eta *"),
        "PriceHedge",
        _learnt_for_nothing,
        "RoundStatements",
    ),
    Mutant(
        "the grid costs nothing",
        ("v - eps * INR T * B * G - B *", "v - B *"),
        "PriceHedge",
        _grid_for_nothing,
        "RoundStatements",
    ),
)
