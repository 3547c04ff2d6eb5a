"""Wrong statements about the games of Statements.v."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef


def _pos(x: Real) -> Real:
    return z3.If(x > 0, x, z3.RealVal(0))


def _min(x: Real, y: Real) -> Real:
    return z3.If(x < y, x, y)


def _max(x: Real, y: Real) -> Real:
    return z3.If(x > y, x, y)


def _reals(letter: str, n: int) -> list[Real]:
    return [z3.Real(f"{letter}{i}") for i in range(n)]


def _payoff(q: list[Real], g: list[Real], s: list[Real], l: list[Real]) -> Real:
    return z3.Sum(*(a * (b - c * d) for a, b, c, d in zip(q, g, s, l, strict=True)))


def _box(l: list[Real]) -> list[Formula]:
    return [z3.And(x >= 0, x <= 1) for x in l]


def _mistakes(l: list[Real], m: Real, times: int = 1) -> list[Formula]:
    return [*_box(l), z3.Sum(*l) <= times * m]


@dataclass(frozen=True)
class Pool:
    """Two points, their level lam for m, and what V1 assumes of them."""

    g: list[Real]
    h: list[Real]
    s: list[Real]
    m: Real
    lam: Real
    hypotheses: list[Formula]


def _pool(harmful: bool = True) -> Pool:
    g, h = _reals("g", 2), _reals("h", 2)
    m, lam = z3.Real("m"), z3.Real("lam")
    s = [a + b for a, b in zip(g, h, strict=True)]
    level = z3.Sum(*(_pos(a - lam) / c for a, c in zip(g, s, strict=True))) == m
    below = [b >= 0 if harmful else z3.And(b > -1, a + b > 0) for a, b in zip(g, h, strict=True)]
    hypotheses = [
        *(a > 0 for a in g),
        *below,
        m >= 0,
        lam > 0,
        level,
        z3.Or(*(a >= lam for a in g)),
    ]
    return Pool(g, h, s, m, lam, hypotheses)


def _weights(pool: Pool, weight: list[Real]) -> list[Real]:
    """A design proportional to `weight` on the support, which is both points here."""
    total = z3.Sum(*weight)
    return [w / total for w in weight]


def _design_fails(weight: Callable[[Pool], list[Real]], times: int = 1) -> list[Formula]:
    """A design, a budget of mistakes, and mistakes that push it below the level."""
    pool, l = _pool(), _reals("l", 2)
    p = _weights(pool, weight(pool))
    return [
        *pool.hypotheses,
        *(a >= pool.lam for a in pool.g),
        *_mistakes(l, pool.m, times),
        _payoff(p, pool.g, pool.s, l) < pool.lam,
    ]


def _proportional_to_gains() -> list[Formula]:
    return _design_fails(lambda pool: pool.g)


def _inverse_gains() -> list[Formula]:
    constant = [z3.Real("h0") == 1, z3.Real("h1") == 1]
    return [*constant, *_design_fails(lambda pool: [1 / a for a in pool.g])]


def _twice_the_mistakes() -> list[Formula]:
    return _design_fails(lambda pool: [1 / c for c in pool.s], times=2)


def _no_stake() -> list[Formula]:
    """l = (g - lam)+/g: more mistakes than m."""
    pool = _pool()
    l = [_pos(a - pool.lam) / a for a in pool.g]
    return [*pool.hypotheses, z3.Not(z3.And(*_mistakes(l, pool.m)))]


def _helpful_harm() -> list[Formula]:
    """h > -1: the shaving asks for more than one mistake on a point."""
    pool = _pool(harmful=False)
    l = [_pos(a - pool.lam) / c for a, c in zip(pool.g, pool.s, strict=True)]
    return [*pool.hypotheses, z3.Or(*(x > 1 for x in l))]


def _points_at_the_level_dropped() -> list[Formula]:
    """A support of the gains above the level: empty at m = 0, so p does not sum to one."""
    pool = _pool()
    density = z3.Sum(*(z3.If(a > pool.lam, 1 / c, 0) for a, c in zip(pool.g, pool.s, strict=True)))
    return [*pool.hypotheses, pool.m == 0, density == 0]


def _more_draws() -> list[Formula]:
    """A feasible q' of total 2b earns more than b*lam against the shaving."""
    pool, q = _pool(), _reals("q", 2)
    l = [_pos(a - pool.lam) / c for a, c in zip(pool.g, pool.s, strict=True)]
    feasible = [*(x >= 0 for x in q), z3.Sum(*q) <= 2]
    return [*pool.hypotheses, *feasible, _payoff(q, pool.g, pool.s, l) > pool.lam]


def _equation() -> list[Formula]:
    """No threshold uses up exactly m = 1/2 of g = s = (10, 3, 2) at level 0."""
    tau = z3.Real("tau")
    used = z3.Sum(*(z3.If(x > tau, z3.RealVal(1), z3.RealVal(0)) for x in (10, 3, 2)))
    return [z3.ForAll([tau], z3.Implies(tau >= 0, used != z3.Q(1, 2)))]


def _share_without_cap() -> list[Formula]:
    """q = tau/s on one point: V3's conditions hold with q > 1."""
    g, h, lam, tau, b, m = z3.Reals("g h lam tau b m")
    s = g + h
    q, l = tau / s, (g - lam) / s
    priced = [z3.Implies(tau < s, m == l), z3.Implies(tau > s, m == 0), tau != s]
    return [g > 0, h >= 0, lam > 0, lam < g, tau > 0, *priced, b == q, z3.Not(q <= 1)]


def _twice_the_threshold() -> list[Formula]:
    """q = min(1, 2*tau/s) on two points: the learner's bound and the teacher's differ."""
    g, h, l = _reals("g", 2), _reals("h", 2), _reals("l", 2)
    lam, tau, b, m = z3.Reals("lam tau b m")
    s = [x + y for x, y in zip(g, h, strict=True)]
    q = [_min(z3.RealVal(1), 2 * tau / x) for x in s]
    priced = [
        z3.And(a > lam, z3.If(tau < c, x == (a - lam) / c, x == 0), tau != c)
        for a, c, x in zip(g, s, l, strict=True)
    ]
    lower = z3.Sum(*(x * y for x, y in zip(q, g, strict=True))) - tau * m
    upper = b * lam + z3.Sum(*(_pos(a - c * x - lam) for a, c, x in zip(g, s, l, strict=True)))
    return [
        *(x > 0 for x in g),
        *(x >= 0 for x in h),
        lam > 0,
        tau > 0,
        *priced,
        z3.Sum(*q) == b,
        z3.Sum(*l) == m,
        lower != upper,
    ]


def _all_mistakes_count() -> list[Formula]:
    """One point, p = 1, m > 1: the worst case is -h, not (g/s - m)*s."""
    g, h, m = z3.Reals("g h m")
    return [g > 0, h >= 0, m > 1, g - m * (g + h) != -h]


def _no_floor() -> list[Formula]:
    """Forced budget, one point: l <= 1 leaves -h, above the root of phi."""
    g, h, m, lam = z3.Reals("g h m lam")
    return [g > 0, h >= 0, m >= 0, _pos(g - lam) / (g + h) == m, lam < -h]


def _cap_on_mistakes_ignored() -> list[Formula]:
    """One point whose mistakes are capped: it earns g - s*r, above the level."""
    g, s, r, m, lam = z3.Reals("g s r m lam")
    level = _pos(g - lam) / s == m
    return [s > 0, r >= 0, m >= 0, level, lam <= g, g - s * r > _max(z3.RealVal(0), lam)]


def _mixture(g: list[int], h: list[int], m: int) -> tuple[list[Real], list[Real], Real]:
    """Weights of the 0/1 mistakes; what each point pays against them; the benchmark's mean."""
    n = len(g)
    marked = [l for l in product((0, 1), repeat=n) if sum(l) <= m]
    weights = _reals("w", len(marked))
    pays = [
        z3.Sum(*(w * (g[i] - (g[i] + h[i]) * l[i]) for w, l in zip(weights, marked, strict=True)))
        for i in range(n)
    ]
    best = [
        max(-Fraction(b) if x else Fraction(a) for a, b, x in zip(g, h, l, strict=True))
        for l in marked
    ]
    benchmark = z3.Sum(*(w * z3.RealVal(b) for w, b in zip(weights, best, strict=True)))
    return weights, pays, benchmark


def _harms_forgotten() -> list[Formula]:
    """g = (2, 1), h = (1, 1), m = 1: V = 1/5, pivot 1; no design has the ratio V/(1 + V/3)."""
    weights, pays, benchmark = _mixture([2, 1], [1, 1], 1)
    ratio = z3.Q(1, 5) / (1 + z3.Q(1, 5) / 3)
    law = [*(w >= 0 for w in weights), z3.Sum(*weights) == 1]
    return [*law, *(x < ratio * benchmark for x in pays)]


def _clamp_forgotten() -> list[Formula]:
    """g = (10, 9, 4), h = 0, m = 2: V = 180/83, pivot 2, t_1 = 90/19; more regret than E(4) - V."""
    weights, pays, benchmark = _mixture([10, 9, 4], [0, 0, 0], 2)
    value = z3.Q(180, 83)
    regret = 4 + 6 * value / 10 + 5 * value / 9 - value
    law = [*(w >= 0 for w in weights), z3.Sum(*weights) == 1]
    return [*law, *(benchmark - x > regret for x in pays)]


def _cap_that_binds() -> list[Formula]:
    """One point, b = 2: b <= 2 s H holds, and q = 2."""
    g, h, m, lam, b = z3.Reals("g h m lam b")
    s = g + h
    return [g > 0, h >= 0, m >= 0, lam > 0, g - lam == m * s, b == 2, b <= 2 * (s / s), b > 1]


def _mistakes_do_not_move() -> list[Formula]:
    """One point whose gain is smaller and whose stake is larger than believed."""
    g, h, m, e = z3.Reals("g h m e")
    s = g + h
    lam = g - m * s
    paid = (1 - e) * g - (1 + e) * s * m
    return [g > 0, h >= 0, m > 0, m <= 1, lam > 0, e > 0, e < 1, paid < lam - e * g]


def _twice_the_regret() -> list[Formula]:
    """g = (1, 1), h = 0, m = 1: V = 1/2, E = 1, so rho* = 1/2 and R* = 1/2."""
    V, E, x, y = z3.Reals("V E x y")
    return [2 * (1 - V) == 1, E == 1, x == V / E, y == E - V, x != V / (V + 2 * y)]


MUTANTS = (
    Mutant(
        "p ~ g",
        ("(fun i => / (s i * density n g s lam)).", "(fun i => g i / sum n (supported g lam g))."),
        "Levels",
        _proportional_to_gains,
    ),
    Mutant(
        "p ~ 1/g at constant harm",
        (
            "(fun i => / (s i * density n g s lam)).",
            "(fun i => / (g i * sum n (supported g lam (fun i => / g i)))).",
        ),
        "Levels",
        _inverse_gains,
    ),
    Mutant(
        "l without the stake",
        (
            "(fun i => b * p i) (shaved g s lam) (b * lam).",
            "(fun i => b * p i) (fun i => pos (g i - lam) / g i) (b * lam).",
        ),
        "Levels",
        _no_stake,
    ),
    Mutant(
        "harms above -1",
        ("(i < n)%nat -> 0 < g i /\\ 0 <= h i.", "(i < n)%nat -> 0 < g i /\\ -1 < h i."),
        "Levels",
        _helpful_harm,
    ),
    Mutant(
        "2m mistakes",
        (
            "sum n l <= m.\nDefinition uncapped",
            "sum n l <= 2 * m.\nDefinition uncapped",
        ),
        "Levels",
        _twice_the_mistakes,
    ),
    Mutant(
        "2b draws",
        ("nonneg n q /\\ sum n q <= b.", "nonneg n q /\\ sum n q <= 2 * b."),
        "Levels",
        _more_draws,
    ),
    Mutant(
        "support without the points at the level",
        (
            "Rle_dec lam (g i) then f i else 0.\nDefinition density",
            "Rlt_dec lam (g i) then f i else 0.\nDefinition density",
        ),
        "Levels",
        _points_at_the_level_dropped,
    ),
    Mutant(
        "an equation for the bracket",
        (
            " <= m <= sum n (as_heavy s tau (shaved g s lam)).",
            " = m.",
        ),
        "Capped",
        _equation,
    ),
    Mutant(
        "shares without the cap",
        ("Rmin 1 (tau / s i).", "tau / s i."),
        "Capped",
        _share_without_cap,
    ),
    Mutant(
        "threshold off by a factor",
        ("Rmin 1 (tau / s i).", "Rmin 1 (2 * tau / s i)."),
        "Capped",
        _twice_the_threshold,
    ),
    Mutant(
        "V5 without min(m, k)",
        ("- Rmin m k) / density n g s lam).", "- m) / density n g s lam)."),
        "Answers",
        _all_mistakes_count,
    ),
    Mutant(
        "V3b without the floor",
        ("(payoff n g s) (Rmax lam (- low)).", "(payoff n g s) lam."),
        "Answers",
        _no_floor,
    ),
    Mutant(
        "A2 without the caps",
        ("(b * Rmax 0 (Rmax top lam)).", "(b * Rmax 0 lam)."),
        "Answers",
        _cap_on_mistakes_ignored,
    ),
    Mutant(
        "E without the harms",
        ("pos (g i - t) * (h i + V) / stake g h i).", "pos (g i - t) * V / stake g h i)."),
        "Regret",
        _harms_forgotten,
    ),
    Mutant(
        "R2 without the clamp",
        ("(excess n g h V (Rmax (g j) t1) - V)", "(excess n g h V (g j) - V)"),
        "Regret",
        _clamp_forgotten,
    ),
    Mutant(
        "V3a while b <= 2 s H",
        (
            "lam <= g i -> b <= s i * density n g s lam)",
            "lam <= g i -> b <= 2 * (s i * density n g s lam))",
        ),
        "Answers",
        _cap_that_binds,
    ),
    Mutant(
        "V6 without the mistakes",
        ("g' i / s' i)) + m) / density n g' s' lam", "g' i / s' i))) / density n g' s' lam"),
        "Answers",
        _mistakes_do_not_move,
    ),
    Mutant(
        "R3 with twice the regret",
        ("x = V / (V + y).", "x = V / (V + 2 * y)."),
        "Regret",
        _twice_the_regret,
    ),
)
