"""Wrong statements about linear inequalities, polytopes of mistakes and certificates."""

from __future__ import annotations

import z3

from proofs_checks.formal.mutants.mutant import Mutant

__all__ = ["MUTANTS"]

Formula = z3.BoolRef
Real = z3.ArithRef

FILE = "DualStatements"


def _pos(x: Real) -> Real:
    return z3.If(x > 0, x, z3.RealVal(0))


def _any_weights() -> list[Formula]:
    """One row that has a solution, and a negative weight that seems to refute it."""
    row, bound, x, y = z3.Reals("row bound x y")
    return [row * x <= bound, y * row == 0, y * bound < 0]


def _any_prices() -> list[Formula]:
    """x <= 0 and x <= 1, c = 1: with prices of any sign, y0 + y1 = 1, no y1 is the smallest."""
    y0, y1 = z3.Reals("y0 y1")
    cheaper = z3.And((y0 + 1) + (y1 - 1) == 1, y1 - 1 < y1)
    return [z3.ForAll([y0, y1], z3.Implies(y0 + y1 == 1, cheaper))]


def _no_guarantee() -> list[Formula]:
    """q = 1 alone, l any number, payoff q l: 0 bounds it from above at l = 0, nothing below."""
    v, l = z3.Reals("v l")
    return [z3.ForAll([v], z3.Exists([l], l < v))]


def _least_is_most() -> list[Formula]:
    """One point of gain g and stake 2g, l in [0, 1]: V = 0 at l = 1, and l = 0 leaves b g."""
    g, b, v, w = z3.Reals("g b v w")
    return [g > 0, b > 0, v == b * _pos(g - 2 * g), w == b * _pos(g), z3.Not(w <= v)]


def _one_query() -> list[Formula]:
    """One point and no mistakes: V = b g, and with lam for b lam nothing is below g."""
    g, b, lam = z3.Reals("g b lam")
    below = z3.Implies(lam >= 0, lam + _pos(g - lam) > b * g)
    return [g > 0, b > 0, b < 1, z3.ForAll([lam], below)]


def _fewer_than_none() -> list[Formula]:
    """m < 0: no mistakes in [0, 1] sum to so little."""
    m, l = z3.Reals("m l")
    return [m < 0, z3.ForAll([l], z3.Implies(z3.And(l >= 0, l <= 1), z3.Not(l <= m)))]


def _negative_price() -> list[Formula]:
    """One point, one inequality l <= d, and a price below 0."""
    g, s, q, l, r, d, y = z3.Reals("g s q l r d y")
    bound = q * g - y * d - r * _pos(q * s - y)
    return [l >= 0, l <= r, l <= d, y < 0, bound > q * (g - s * l)]


def _accepted(d: Real, lo: Real, hi: Real, v: Real) -> Formula:
    return z3.And(hi - lo <= d, lo - hi <= d, lo - d <= v, v <= hi + d)


def _smaller_factor() -> list[Formula]:
    """One point, g = 1, m = 0: V = 1, and q = lo is worth lo."""
    d, lo, v = z3.Reals("d lo v")
    wrong = z3.Or(10 * (v - 1) > 19 * d, 10 * (1 - v) > 19 * d)
    return [lo >= 0, lo <= 1, _accepted(d, lo, z3.RealVal(1), v), wrong]


def _no_rounding() -> list[Formula]:
    """The same with an upper bound that is e too low."""
    d, e, lo, v = z3.Reals("d e lo v")
    accepted = _accepted(d, lo, 1 - e, v)
    return [lo >= 0, lo <= 1, e > 0, accepted, z3.Or(v - 1 > 2 * d, 1 - v > 2 * d)]


def _not_clipped() -> list[Formula]:
    """One point: a negative number sums to less than b and stays."""
    q, b = z3.Reals("q b")
    return [b >= 0, q <= b, z3.Not(z3.And(q >= 0, q <= 1))]


def _not_moved() -> list[Formula]:
    """One point, m = 0, b = 1: q above 1 earns more than V = g."""
    q, g, lo = z3.Reals("q g lo")
    return [g > 0, q > 1, lo == q * g, z3.Not(lo <= g)]


def _limit_ignored() -> list[Formula]:
    """One point in no group: a mistake above its limit stays."""
    l, r = z3.Reals("l r")
    return [r >= 0, l > r, z3.Not(z3.And(_pos(l) >= 0, _pos(l) <= r))]


def _not_taken_back() -> list[Formula]:
    """One point, m = 0: l = 1 is scaled to 0 and V = b g, but the surplus is that of l = 1."""
    g, b, lam = z3.Reals("g b lam")
    return [g > 0, b > 0, b <= 1, lam == 0, z3.Not(b * g <= b * lam + _pos(g - g - lam))]


def _claim_too_low() -> list[Formula]:
    r = z3.Real("r")
    return [r >= 0, r <= 1, z3.Not(_accepted(r, 1 - r, z3.RealVal(1), 1 - 3 * r))]


def _obedient() -> list[Formula]:
    """With strategies that obey the rules no accepted answer is wrong by more than K = 2."""
    d, lo, hi, v, w = z3.Reals("d lo hi v w")
    right = z3.And(v - w <= 2 * d, w - v <= 2 * d)
    given = z3.And(lo <= w, w <= hi, _accepted(d, lo, hi, v))
    return [z3.ForAll([d, lo, hi, v, w], z3.Implies(given, right))]


def _whole_benchmark() -> list[Formula]:
    """One point that is wrong for sure: its regret is 0, its stake is not."""
    g, s, x = z3.Reals("g s x")
    return [g > 0, s >= g, x == 0, z3.Not(g - (g - s) <= x)]


def _worthless_benchmark() -> list[Formula]:
    """Gains 1 and 1, m = 1: the ratio is (1 - h)/2, and a wrong point as benchmark pays -h."""
    h, x = z3.Reals("h x")
    return [h > 0, h < 1, x == (1 - h) / 2, z3.Not(x <= 1 / (-h))]


def _twice_the_budget() -> list[Formula]:
    """One point, q = 1, m = 1/2: V = g/2, and two times the mistakes leave less."""
    g, l = z3.Reals("g l")
    return [g > 0, l >= 0, l <= 1, z3.Not(g / 2 <= g - g * l)]


MUTANTS = (
    Mutant(
        "Farkas with weights of any sign",
        (
            "let refuted := exists y, nonneg k y\n      /\\ (forall",
            "let refuted := exists y, (forall",
        ),
        "Polytopes",
        _any_weights,
        FILE,
    ),
    Mutant(
        "duality with prices of any sign",
        ("let dual y := nonneg k y /\\ forall", "let dual y := forall"),
        "Restricted",
        _any_prices,
        FILE,
    ),
    Mutant(
        "minimax without a guarantee",
        ("((exists q0 lo, Q q0 /\\ forall l, L l -> lo <= U q0 l)", "((exists q0, Q q0)"),
        "Polytopes",
        _no_guarantee,
        FILE,
    ),
    Mutant(
        "polytopes without bounds",
        ("  /\\ (exists K, forall x, P x -> forall i, (i < n)%nat -> - K <= x i <= K)\n", ""),
        "Restricted",
        _no_guarantee,
        FILE,
    ),
    Mutant(
        "A4's least maximum as the largest",
        ("best Q U l w /\\ v <= w)", "best Q U l w /\\ w <= v)"),
        "Restricted",
        _least_is_most,
        FILE,
    ),
    Mutant(
        "A4's program for one query",
        ("let F lam l := b * lam + sum", "let F lam l := lam + sum"),
        "Restricted",
        _one_query,
        FILE,
    ),
    Mutant(
        "fewer mistakes than none",
        (
            "(forall n m, 0 <= m -> polytope n (mistakes n m))",
            "(forall n m, polytope n (mistakes n m))",
        ),
        "Restricted",
        _fewer_than_none,
        FILE,
    ),
    Mutant(
        "a guarantee by prices of any sign",
        ("(forall y l, nonneg k y -> L l ->", "(forall y l, L l ->"),
        "Guarantees",
        _negative_price,
        FILE,
    ),
    Mutant(
        "a certificate to 1.9",
        ("-> Rabs (v - w) <= 2 * d).", "-> Rabs (v - w) <= 19 / 10 * d)."),
        "Certificates",
        _smaller_factor,
        FILE,
    ),
    Mutant(
        "a certificate without its roundings",
        ("Rabs (v - w) <= 2 * d + e.", "Rabs (v - w) <= 2 * d."),
        "Certificates",
        _no_rounding,
        FILE,
    ),
    Mutant(
        "a move without the clipping",
        ("shrunk n b (fun i => clip (q i)).", "shrunk n b q."),
        "Certificates",
        _not_clipped,
        FILE,
    ),
    Mutant(
        "a certificate of what was handed in",
        ("worst (mistakes n m) U (fit n b q) lo", "worst (mistakes n m) U q lo"),
        "Certificates",
        _not_moved,
        FILE,
    ),
    Mutant(
        "a move without the limits",
        ("(fun i => Rmin (r i) (pos (l i)))", "(fun i => pos (l i))"),
        "Certificates",
        _limit_ignored,
        FILE,
    ),
    Mutant(
        "one pass without what is taken back",
        ("\n             + back * sum n (fun i => s i * l i)", ""),
        "Guarantees",
        _not_taken_back,
        FILE,
    ),
    Mutant(
        "a claim too low to be accepted",
        ("accepted (r * 1) (1 - r) 1 (1 - 2 * r)", "accepted (r * 1) (1 - r) 1 (1 - 3 * r)"),
        "Certificates",
        _claim_too_low,
        FILE,
    ),
    Mutant(
        "any factor with strategies that obey",
        ("sum n l <= m + r\n", "sum n l <= m\n"),
        "Certificates",
        _obedient,
        FILE,
    ),
    Mutant(
        "a benchmark that knows no mistakes",
        (
            "let lo := mean joint_law (fun i l => g i - s i * l i) - top in",
            "let lo := mean joint_law (fun i l => g i) - top in",
        ),
        "Hindsight",
        _whole_benchmark,
        FILE,
    ),
    Mutant(
        "a ratio to worthless benchmarks",
        ("  0 < B -> ratio_value n m g s x ->", "  ratio_value n m g s x ->"),
        "Hindsight",
        _worthless_benchmark,
        FILE,
    ),
    Mutant(
        "rational strategies with twice the budget",
        ("/\\ qsum n q <= b)%Q.", "/\\ qsum n q <= b + b)%Q."),
        "Rationals",
        _twice_the_budget,
        FILE,
    ),
)
