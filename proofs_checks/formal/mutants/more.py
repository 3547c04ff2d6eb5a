"""Wrong statements about forced budgets, groups, contamination, slopes and unsorted games."""

from __future__ import annotations

from collections.abc import Callable

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef


def _pos(x: Real) -> Real:
    return z3.If(x > 0, x, z3.RealVal(0))


def _payoff(q: list[Real], g: list[Real], s: list[Real], l: list[Real]) -> Real:
    return z3.Sum(*(a * (b - c * d) for a, b, c, d in zip(q, g, s, l, strict=True)))


def _shift_without_budget() -> list[Formula]:
    """One point, m = 0: the shift is worth K*b, not K."""
    g, h, b, k = z3.Reals("g h b k")
    return [g > 0, h >= 0, k > h, b > 0, b <= 1, b * (g + k) != b * g + k]


def _no_negative_price() -> list[Formula]:
    """One point, m = b = 1: the value is -h, and no price lam >= 0 gives less than 0."""
    g, h, lam, l = z3.Reals("g h lam l")
    f = lam + _pos(g - (g + h) * l - lam)
    reaches = z3.ForAll([lam, l], z3.Implies(z3.And(lam >= 0, l >= 0, l <= 1), f != -h))
    return [g == 1, h == 1, reaches]


def _forced_beyond_b0() -> list[Formula]:
    """Two points, m = 1, b = 2: tau0 fits the bracket, and all of b spent is below 0."""
    g, h = list(z3.Reals("g0 g1")), list(z3.Reals("h0 h1"))
    s = [a + b for a, b in zip(g, h, strict=True)]
    tau = z3.Real("tau0")
    shaved = [a / c for a, c in zip(g, s, strict=True)]
    heavier = z3.Sum(*(z3.If(c > tau, x, 0) for c, x in zip(s, shaved, strict=True)))
    as_heavy = z3.Sum(*(z3.If(c >= tau, x, 0) for c, x in zip(s, shaved, strict=True)))
    one, zero = z3.RealVal(1), z3.RealVal(0)
    return [
        *(a > 0 for a in g),
        *(b >= 0 for b in h),
        tau >= 0,
        heavier <= 1,
        as_heavy >= 1,
        _payoff([one, one], g, s, [zero, one]) < 0,
    ]


def _more_than_all() -> list[Formula]:
    """One point: no design without replacement spends b > 1."""
    b, q = z3.Reals("b q")
    return [b >= 0, z3.ForAll([q], z3.Implies(z3.And(q >= 0, q <= 1), q != b))]


def _small_gains_ignored() -> list[Formula]:
    """One point, m = 0, b = 1: the value is its gain, not that of no point."""
    g = z3.Real("g")
    return [g <= 1, _pos(g) != 0]


def _known_errors_in_full() -> list[Formula]:
    g, s, r, w, l = z3.Reals("g s r w l")
    mixed = w * (g - s * r) + (1 - w) * (g - s * l)
    box = [z3.And(x >= 0, x <= 1) for x in (w, r, l)]
    return [g > 0, s > 0, *box, mixed != g - s * r - (1 - w) * s * l]


def _whole_stakes() -> list[Formula]:
    """One point, b = 1, r = 0: the value is (g - (1 - w) s m)+."""
    g, s, w, m = z3.Reals("g s w m")
    return [g > 0, s >= g, 0 < w, w < 1, 0 < m, m < 1, _pos(g - (1 - w) * s * m) > _pos(g - s * m)]


def _losses_taken() -> list[Formula]:
    """One point, b = 1, w = 1: nobody has to query it where g < s r."""
    g, s, r = z3.Reals("g s r")
    return [g > 0, s >= g, 0 <= r, r <= 1, _pos(g - s * r) != g - s * r]


def _mistakes_left_over() -> list[Formula]:
    """A group of one point holds no more than one mistake."""
    m, l = z3.Reals("m l")
    return [m >= 0, z3.ForAll([l], z3.Implies(z3.And(l >= 0, l <= 1), l != m))]


def _groups_at_negative_prices() -> list[Formula]:
    """One point, m = b = 1: the value is 0, and F(-h) = -h."""
    g, h = z3.Reals("g h")
    lam = -h
    return [g > 0, h >= 0, lam + _pos(g - (g + h) * 1 - lam) < 0]


def _slope_of_relative_gain() -> list[Formula]:
    """One point: V = g (1 - (1 + c) m), so the slope is V/g and not V."""
    g, c, m = z3.Reals("g c m")
    slope = 1 - (1 + c) * m
    return [g > 0, c >= 0, m > 0, slope > 0, slope != g * slope]


def _slope_by_density() -> list[Formula]:
    """One point: V = g - s m and H = 1/s, so the slope is -s."""
    g, h = z3.Reals("g h")
    return [g > 0, h >= 0, -1 / (g + h) != -(g + h)]


def _nothing_to_sort() -> list[Formula]:
    f0, f1 = z3.Reals("f0 f1")
    return [f0 < f1]


def _prefix_of_unsorted() -> list[Formula]:
    """Two points, the larger gain last: no prefix has the level as its ratio."""
    g0, g1, h0, h1, m, lam = z3.Reals("g0 g1 h0 h1 m lam")
    s0, s1 = g0 + h0, g1 + h1
    level = _pos(g0 - lam) / s0 + _pos(g1 - lam) / s1 == m
    pool = [g0 > 0, g1 > g0, h0 >= 0, h1 >= 0, m > 0, level, lam > 0]
    both = (g0 / s0 + g1 / s1 - m) / (1 / s0 + 1 / s1)
    return [*pool, (g0 / s0 - m) * s0 != lam, both != lam]


def _first_bite() -> list[Formula]:
    """Two points, m = 1: a mistake on the second costs more than the first bite."""
    bite0, bite1, earned = z3.Reals("bite0 bite1 earned")
    return [bite0 >= 0, bite1 >= 0, earned - bite1 < earned - bite0]


def _pivot_of_unsorted() -> list[Formula]:
    """g = (1, 2), h = 0, m = 1: V = 2/3, the pivot is the second point, and E(2) > E(1)."""
    value = z3.Real("V")
    first, second = value / 1, value / 2
    level = _pos(1 - value) / 1 + _pos(2 - value) / 2 == 1
    return [level, value > 0, first < 1, first + second >= 1, 2 > 1 + (2 - 1) * second]


def _regret_with_the_value() -> list[Formula]:
    """One point, m = 0: asking it has no regret, and E(g) = g."""
    g = z3.Real("g")
    return [g > 0, g - g < g]


def _insurance_without_clamp() -> list[Formula]:
    """g = (10, 9), h = 0, m = 2: V = 0 and E(0) = 0, yet this law leaves every design regret."""
    w = list(z3.Reals("w00 w01 w10 w11"))
    best = 10 * (w[0] + w[1]) + 9 * w[2]
    pays = [10 * (w[0] + w[1]), 9 * (w[0] + w[2]), z3.RealVal(0)]
    return [*(x >= 0 for x in w), z3.Sum(*w) == 1, *(best - x > 0 for x in pays)]


def _benchmark_that_must_ask() -> list[Formula]:
    """One point, m = 1, q = 1: against a benchmark that asks, its regret is 0, not g h/(g + h)."""
    g, h = z3.Reals("g h")
    claimed = g * h / (g + h)
    return [g > 0, h > 0, g - g < claimed, -h + h < claimed]


def _unit_slopes() -> list[Formula]:
    """One point, b = 1: V = (g - s m)+ falls by s for each mistake."""
    g, h, m = z3.Reals("g h m")
    return [g > 0, h >= 0, 0 < m, m < 1, _pos(g - (g + h) * m) != g - m]


def _mutant(
    name: str, old: str, new: str, breaks: str, counterexample: Callable[[], list[Formula]]
) -> Mutant:
    return Mutant(name, (old, new), breaks, counterexample, file="MoreStatements")


MUTANTS = (
    _mutant("V3b: shift by K", "q l (v + K * b).", "q l (v + K).", "Forced", _shift_without_budget),
    _mutant(
        "V3b: prices below zero forgotten",
        "exists lam tau q l, 0 <= tau\n    /\\ (forall",
        "exists lam tau q l, 0 <= lam /\\ 0 <= tau\n    /\\ (forall",
        "Forced",
        _no_negative_price,
    ),
    _mutant(
        "V3b: the same value beyond b0",
        "0 < b <= sum n (share tau0 s) ->\n  (value",
        "0 < b <= INR n ->\n  (value",
        "Forced",
        _forced_beyond_b0,
    ),
    _mutant(
        "V3b: more than one query of every point",
        "(b <= INR n -> exists v,",
        "(0 <= b -> exists v,",
        "Forced",
        _more_than_all,
    ),
    _mutant(
        "V3: small gains ignored", "g i <= 0) ->", "g i <= 1) ->", "Forced", _small_gains_ignored
    ),
    _mutant(
        "A5: known errors in full",
        "g i - w * s i * r i.",
        "g i - (1 + 0 * w) * s i * r i.",
        "Forced",
        _known_errors_in_full,
    ),
    _mutant(
        "A5: whole stakes",
        "surplus n (known_gain g s r w) (scaled (1 - w) s) lam l",
        "surplus n (known_gain g s r w) s lam l",
        "Forced",
        _whole_stakes,
    ),
    _mutant(
        "A5: losses taken",
        "(sum k (fun i => pos (",
        "(sum k (fun i => 1 * (",
        "Forced",
        _losses_taken,
    ),
    _mutant(
        "A1: all mistakes used",
        "sum n (inside c j l) = m j \\/ tau j = 0)",
        "sum n (inside c j l) = m j)",
        "Groups",
        _mistakes_left_over,
    ),
    _mutant(
        "A1: prices below zero",
        "forall lam x, 0 <= lam -> (forall j",
        "forall lam x, (forall j",
        "Groups",
        _groups_at_negative_prices,
    ),
    _mutant(
        "V4: slope without the gain",
        "(lam * design n g s lam i / g i)",
        "(lam * design n g s lam i)",
        "Slopes",
        _slope_of_relative_gain,
    ),
    _mutant(
        "V4: slope -H",
        "derivable_pt_lim V m (- / density n g s lam))",
        "derivable_pt_lim V m (- density n g s lam))",
        "Slopes",
        _slope_by_density,
    ),
    _mutant(
        "V2: nothing to sort",
        "/\\ descending n (reordered sigma f)",
        "/\\ descending n f",
        "Orders",
        _nothing_to_sort,
    ),
    _mutant(
        "V2: prefixes of unsorted gains",
        "descending n g' -> level n g (stake g h) m lam",
        "level n g (stake g h) m lam",
        "Orders",
        _prefix_of_unsorted,
    ),
    _mutant(
        "V7: first bites of unsorted ones",
        "in descending n bite ->",
        "in",
        "Orders",
        _first_bite,
    ),
    _mutant(
        "R: pivot of unsorted gains",
        "  descending n (reordered sigma g) ->\n  level",
        "  level",
        "Orders",
        _pivot_of_unsorted,
    ),
    _mutant(
        "R2: regret without V",
        "idle_regret_value n m g (stake g h) (excess n g h V (Rmax (g j) t1) - V).",
        "idle_regret_value n m g (stake g h) (excess n g h V (Rmax (g j) t1)).",
        "Idle",
        _regret_with_the_value,
    ),
    _mutant(
        "R2: V = 0 without the clamp",
        "(excess n g h 0 (Rmax x t1)).",
        "(excess n g h 0 x).",
        "Idle",
        _insurance_without_clamp,
    ),
    _mutant(
        "R2: a benchmark that must ask",
        "x <= Rmax 0 b - payoff n g s q l).",
        "x <= b - payoff n g s q l).",
        "Idle",
        _benchmark_that_must_ask,
    ),
    _mutant(
        "V4: pieces of slope one",
        "greatest N (fun j => a j - t j * m) v.",
        "greatest N (fun j => a j - m) v.",
        "Pieces",
        _unit_slopes,
    ),
)
