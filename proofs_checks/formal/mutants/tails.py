"""Wrong statements about regret of b queries, tails and an unknown m."""

from __future__ import annotations

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef
FILE = "TailStatements"


def _max(x: Real, y: Real) -> Real:
    return z3.If(x > y, x, y)


def _pos(x: Real) -> Real:
    return _max(x, z3.RealVal(0))


def _reals(names: str) -> list[Real]:
    return list(z3.Reals(names))


def _two_points() -> tuple[list[Real], list[Real], list[Real], list[Real], list[Formula]]:
    """Gains, harms and stakes of two points, a design, and what makes them a pool."""
    g, h, q = _reals("g0 g1"), _reals("h0 h1"), _reals("q0 q1")
    s = [a + b for a, b in zip(g, h, strict=True)]
    return g, h, s, q, [*(x > 0 for x in g), *(x >= 0 for x in h)]


def _benchmark_keeps_its_gain() -> list[Formula]:
    """b = m = 1, j = 1: the first point is wrong, yet its gain stays in the benchmark."""
    g, _, s, q, pool = _two_points()
    earned = q[0] * g[0] + q[1] * g[1]
    regrets = [
        _pos(_max(g[0] - s[0] * l0, g[1] - s[1] * l1))
        - earned
        + q[0] * s[0] * l0
        + q[1] * s[1] * l1
        for l0, l1 in ((0, 0), (1, 0), (0, 1))
    ]
    place = g[0] + g[1] - earned + q[0] * s[0]
    return [*pool, g[1] <= g[0], *(x < place for x in regrets)]


def _gains_in_any_order() -> list[Formula]:
    """b = 1, m = 0: the only place is the first point, the best is the second."""
    g, _, _, q, pool = _two_points()
    earned = q[0] * g[0] + q[1] * g[1]
    return [*pool, g[1] - earned > g[0] - earned]


def _negative_price() -> list[Formula]:
    """b = m = 1, j = 0 and no mistake made: a negative price of mistakes pays the learner."""
    g, _, s, q, pool = _two_points()
    beta = z3.Real("beta")
    place = g[0] - q[0] * g[0] - q[1] * g[1]
    return [*pool, place > place + beta + _pos(q[1] * s[1] - beta)]


def _whole_share() -> list[Formula]:
    """One draw: half of the cases have half of the total."""
    (z,) = _reals("z")
    return [z / 2 != z]


def _share_not_divided() -> list[Formula]:
    """One draw that earns the most there is, a loss."""
    z, a = _reals("z a")
    return [a > 0, a <= 1, z - (1 - a) * z > z]


def _short_not_divided() -> list[Formula]:
    """Two draws of probability 1/2, the worse one is the worst share."""
    low, high, eta = _reals("low high eta")
    return [low <= high, eta - (_pos(eta - low) + _pos(eta - high)) / 2 > low]


def _in_both_worlds() -> list[Formula]:
    """g = (2, 1), no harm, no mistake or one: W + W' is 2 at most, V + V' = 8/3."""
    (p,) = _reals("p")
    earned = 2 * p + (1 - p)
    kept = earned - _max(2 * p, 1 - p)
    apart = 2 + z3.Q(2, 3) - 2
    return [p >= 0, p <= 1, _max(2 - earned, z3.Q(2, 3) - kept) < apart]


def _harmless() -> list[Formula]:
    """No mistake or two on two points: the first point alone earns more than twice the level."""
    g, _, s, _, pool = _two_points()
    (lam,) = _reals("lam")
    level = _pos(g[0] - lam) / s[0] + _pos(g[1] - lam) / s[1] == 1
    return [*pool, level, lam > 0, g[0] + (g[0] - s[0]) > 2 * lam]


MUTANTS = (
    Mutant(
        "the benchmark keeps what is wrong",
        ("(fun i => l i * (q i * s i - g i))", "(fun i => l i * (q i * s i))"),
        "BudgetRegret",
        _benchmark_keeps_its_gain,
        FILE,
    ),
    Mutant(
        "places in any order of gains",
        ("pool n g h -> descending n g -> (b + m <= n)%nat", "pool n g h -> (b + m <= n)%nat"),
        "BudgetRegret",
        _gains_in_any_order,
        FILE,
    ),
    Mutant(
        "a negative price of mistakes",
        ("(b + m <= n)%nat -> 0 <= beta ->", "(b + m <= n)%nat -> beta <= 0 ->"),
        "BudgetRegret",
        _negative_price,
        FILE,
    ),
    Mutant(
        "the mean of half of the cases",
        ("cases K P 1 w ->", "cases K P (1 / 2) w ->"),
        "Unknown",
        _whole_share,
        FILE,
    ),
    Mutant(
        "a tail not divided by its share",
        ("(U - (1 - a) * most) / a <=", "U - (1 - a) * most <="),
        "Unknown",
        _share_not_divided,
        FILE,
    ),
    Mutant(
        "a shortfall not divided by its share",
        (
            "sum K (fun k => P k * pos (eta - Z k)) / a <=",
            "sum K (fun k => P k * pos (eta - Z k)) <=",
        ),
        "Unknown",
        _short_not_divided,
        FILE,
    ),
    Mutant(
        "the whole loss in one world",
        ("(v0 x + v1 x - both x)) / 2", "(v0 x + v1 x - both x))"),
        "Unknown",
        _in_both_worlds,
        FILE,
    ),
    Mutant(
        "twice the value of the mean without harm",
        ("  (forall i, (i < n)%nat -> g i <= h i) -> 0 <= m0 <= m1 ->", "  0 <= m0 <= m1 ->"),
        "Unknown",
        _harmless,
        FILE,
    ),
)
