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
        (
            "b * lam + sum n (fun i => pos (g i - s i * l i - lam))",
            "lam + sum n (fun i => pos (g i - s i * l i - lam))",
        ),
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
)
