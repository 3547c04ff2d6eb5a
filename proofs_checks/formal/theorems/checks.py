"""Theorems of CheckStatements.v: what the checker of float answers accepts lies in its interval."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import Theorem

__all__ = ["THEOREMS"]

THEOREMS = (
    Theorem(
        "checker",
        "verdict_sound",
        "both strategies are feasible, the design earns the lower bound against every teacher, no "
        "design earns more than the upper bound, and every saddle value lies between",
        "any answer in whole numbers over common denominators: capped or not, abstaining or "
        "forced, disjoint groups, limits, gains and harms of any sign",
        "Checks.v",
    ),
    Theorem(
        "checker",
        "verdict_value",
        "the value exists, and lies between the two bounds",
        "any answer in whole numbers: one group, capped, abstaining, limits, stakes > 0",
        "Checks.v",
    ),
    Theorem(
        "checker",
        "regret_sound",
        "the design's regret is at most the upper bound on every set of mistakes, every design's "
        "is at least the lower bound on one, and the least regret, where it is attained, lies "
        "between",
        "any answer in whole numbers: one group, integer m, stakes >= 0, gains of any sign; b = 1, "
        "spent; points in any order",
        "CheckedRegret.v",
    ),
)
