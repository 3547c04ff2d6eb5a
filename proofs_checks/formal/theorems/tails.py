"""Theorems of TailStatements.v: N3, N6 and N7."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import POOL, Theorem

__all__ = ["THEOREMS"]

THEOREMS = (
    Theorem(
        "N3",
        "N3_places",
        "the worst regret of any q is the largest over the places of the b-th right point",
        f"{POOL}; g sorted, largest first; whole b, m with b + m <= n; any real q",
        "BudgetRegret.v",
    ),
    Theorem(
        "N3",
        "N3_attained",
        "every place is the regret against some mistakes and some b points",
        f"{POOL}; whole b, m with b + m <= n; any real q",
        "BudgetRegret.v",
    ),
    Theorem(
        "N3",
        "N3_prices",
        "two prices bound every reply at a place from above: the rows of the linear program",
        "any real g, s, q; whole b, m with b + m <= n; real alpha, real beta >= 0",
        "BudgetRegret.v",
    ),
    Theorem(
        "N6",
        "N6_mean",
        "a = 1: every law with the same inclusion probabilities has the mean U(q, l)",
        "any finite law of draws, any real g, s, l",
        "Unknown.v",
    ),
    Theorem(
        "N6",
        "N6_between",
        "the worst share has a mean of at most U and of at least (U - (1 - a) max)/a",
        "any finite law of draws, any real g, s, l; real 0 < a <= 1",
        "Unknown.v",
    ),
    Theorem(
        "N6",
        "N6_level",
        "every level eta bounds the worst share: eta - E max(0, eta - Z)/a",
        "any finite law and any real Z; real a > 0",
        "Unknown.v",
    ),
    Theorem(
        "N7",
        "N7_two_worlds",
        "every rule loses, in one of two worlds, at least half of what their overlap keeps apart",
        "finitely many counts; any real g, s, any set of designs; real m that may depend on the "
        "count; values and worst cases exist",
        "Unknown.v",
    ),
    Theorem(
        "N7",
        "N7_mean",
        "one design guarantees in two worlds together at most twice the value of their mean m",
        f"{POOL}; h >= g; real 0 <= m0 <= m1; a positive level at the mean m; real b, with "
        "replacement",
        "Unknown.v",
    ),
)
