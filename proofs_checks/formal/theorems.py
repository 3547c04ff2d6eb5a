"""Every formal theorem: its claim, its name in Main.v, its hypotheses in words and its file.

A row counts as proved only when the build in `test_formal.py` has accepted it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["THEOREMS", "Theorem"]


@dataclass(frozen=True)
class Theorem:
    """One theorem of Main.v; its statement is `name_statement` in Statements.v."""

    claim: str
    name: str
    says: str
    hypotheses: str
    file: str
    status: str = "proved for all n"


POOL = "n points, real g > 0 and h >= 0 of any kind"
PROPORTIONAL = "n points, real g > 0, h = c*g, real c >= 0"

THEOREMS = (
    Theorem(
        "V1",
        "V1_level",
        "the level exists, is the only root, is max g at m = 0, and is positive iff m < sum g/s",
        f"{POOL}; n >= 1; real m >= 0",
        "Levels.v",
    ),
    Theorem(
        "V1",
        "V1_phi",
        "phi is continuous, convex, and strictly decreasing where positive",
        POOL,
        "Levels.v",
    ),
    Theorem(
        "V1",
        "V1_saddle",
        "b*p and l are a saddle point with value b*lam; formula of lam",
        f"{POOL}; real m with a positive level; real b >= 0, with replacement",
        "Levels.v",
    ),
    Theorem(
        "V1",
        "V1_zero",
        "value 0 and no design with a positive guarantee where sum g/s <= m",
        f"{POOL}; real b >= 0",
        "Levels.v",
    ),
    Theorem(
        "V1",
        "value_unique",
        "two saddle points have the same value",
        "any two sets of strategies, any payoff",
        "Levels.v",
    ),
    Theorem(
        "V2",
        "V2_prefix",
        "the level is the largest prefix ratio, met at k = |S|, and S is that prefix",
        f"{POOL}; g sorted, largest first; real m",
        "Prefixes.v",
    ),
    Theorem(
        "V2",
        "V2_unimodal",
        "step identity; the ratio rises iff the next gain exceeds it, then falls; ties are neutral",
        f"{POOL}; g sorted, largest first; any real m",
        "Prefixes.v",
    ),
    Theorem(
        "V2",
        "V2_newton",
        "Newton's method from any x <= lam is monotone and ends at lam within n steps",
        f"{POOL}; real m > 0",
        "Prefixes.v",
    ),
    Theorem(
        "V3",
        "V3_certificate",
        "prices and strategies of V3's form are optimal, with value sum q g - tau m = F(lam)",
        f"{POOL}; any real m, b; lam, tau >= 0",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_brackets",
        "both brackets give such strategies, with one theta for the points at the level",
        f"{POOL}; any real m, b; lam, tau >= 0",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_threshold",
        "a threshold tau0 at level 0 exists",
        f"{POOL}; real 0 <= m <= sum g/s",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_existence",
        "prices that meet both brackets exist for every budget up to b0",
        f"{POOL}; real 0 <= m <= sum g/s; real 0 < b <= b0",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_regime",
        "the first bracket has no solution where sum g/s < m: V3 needs m <= sum g/s",
        f"{POOL}; real m > sum g/s; lam, tau >= 0",
        "Capped.v",
        "refuted variant",
    ),
    Theorem(
        "V3",
        "V3_beyond",
        "for b >= b0 the design min(1, tau0/s) stays optimal and the value stays",
        f"{POOL}; any real m with a threshold at level 0; real b >= b0",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_value",
        "V_b exists and is the minimum over lam >= 0 and l of b*lam + surplus",
        f"{POOL}; real m >= 0, b >= 0",
        "Capped.v",
    ),
    Theorem(
        "V3",
        "V3_refuted",
        "with an equation in place of the first bracket there is no solution; value 22/5",
        "g = (10, 3, 2), h = 0, b = 2, m = 1",
        "Capped.v",
        "refuted variant",
    ),
    Theorem(
        "V3a",
        "V3a",
        "while b <= s_j H on S the cap does not bind; V_b <= b*lam in any case",
        f"{POOL}; real m with a positive level; real b >= 0",
        "Answers.v",
    ),
    Theorem(
        "V3a",
        "V3a_budget",
        "V_b is nondecreasing and concave in b",
        "any gains, stakes and set of mistakes; real b",
        "Answers.v",
    ),
    Theorem(
        "V3b",
        "V3b",
        "with the budget forced the value is max(lam, -min h), lam the root over all reals",
        f"{POOL}; b = 1; real m >= 0",
        "Answers.v",
    ),
    Theorem(
        "V3b",
        "V3b_proportional",
        "V = max((n - M)/H', -c*min g)",
        f"{PROPORTIONAL}; b = 1; real M = (1 + c)*m >= n",
        "Answers.v",
    ),
    Theorem(
        "V3b",
        "V3b_example",
        "V = -1 where the prefix form gives -30/19; a larger gain lowers V to -3/2",
        "g = (10, 10, 5, 2, x), m = 4, c = 1, x = 1 and 3/2",
        "Answers.v",
        "refuted variant",
    ),
    Theorem(
        "V4",
        "V4_mistakes",
        "V is nonincreasing and convex in m",
        "any gains and stakes, any set of the learner (capped, uncapped, forced, ...)",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_piecewise",
        "V is the largest of 0 and n affine functions of m",
        f"{POOL}; g sorted, largest first; real m, b >= 0, with replacement",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_harms",
        "V is nonincreasing in every harm",
        "any real gains and harms; any q >= 0, any l >= 0",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_scale",
        "V(r*g, r*h) = r*V",
        "any gains and harms, any sets; real r > 0",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_point",
        "adding a point never lowers V",
        "any real gains and stakes; capped, uncapped or forced; real m, b",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_order",
        "the order of the points is irrelevant",
        "any real gains and stakes; capped, uncapped or forced; real m, b",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_gains",
        "V is nondecreasing in every gain",
        f"{PROPORTIONAL}; capped or uncapped; real m, b",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_lipschitz",
        "|V(g) - V(g')| <= b*max|g - g'|",
        f"{PROPORTIONAL}; real m, b >= 0, with replacement",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_harm_convex",
        "V is convex in c",
        f"{PROPORTIONAL}; capped or uncapped; real m, b",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_support",
        "the level falls and the support grows with m",
        f"{POOL}; real m",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_slope",
        "on a fixed support the level moves by -1/H for each mistake",
        f"{POOL}; real m; no gain at the level",
        "Shape.v",
    ),
    Theorem(
        "V4",
        "V4_neither",
        "V is neither concave nor convex in one gain",
        "g = (1, 1, x), c = 1, m = 1/2, x = 1/4, 1/2, 3/4, 7/8, 1",
        "Shape.v",
        "refuted variant",
    ),
    Theorem(
        "V5",
        "V5",
        "the exact worst case of the design for another m",
        f"{POOL}; real m >= 0; b = 1",
        "Answers.v",
    ),
    Theorem(
        "V6",
        "V6",
        "the guarantee of the design for estimated gains",
        "estimates g' > 0, h' >= 0; true gains and stakes within a relative e >= 0; b = 1",
        "Answers.v",
    ),
    Theorem(
        "V6",
        "V6_proportional",
        "the guarantee V' - e*(k' + (c - 1)*m)/H'",
        "h = c*g, real c >= 0; true gains >= 0 within a relative e >= 0; positive level; b = 1",
        "Answers.v",
    ),
    Theorem(
        "V7",
        "V7_deterministic",
        "a deterministic choice of at most m points has worst case -sum of its harms <= 0",
        f"{POOL}; real m",
        "Answers.v",
    ),
    Theorem(
        "V7",
        "V7_worst",
        "no design's worst case exceeds the value",
        "any sets and payoff",
        "Answers.v",
    ),
    Theorem(
        "V7",
        "V7_top",
        "W(q) = sum q g - T_m(q s), fractional m included",
        "any real gains and stakes; bites q s >= 0 sorted, largest first",
        "Answers.v",
    ),
    Theorem(
        "V7",
        "V7_uniform",
        "uniform has W = (sum g - T_m(s))/n",
        f"{POOL}; s sorted, largest first; integer m < n",
        "Answers.v",
    ),
    Theorem(
        "R1",
        "R_pivot",
        "the pivot j exists, j <= m + 1, g_j >= V, and g_j minimises E",
        f"{POOL}; g sorted, largest first; integer m; V > 0; b = 1",
        "Regret.v",
    ),
    Theorem(
        "R1",
        "R_law",
        "a finite joint law of benchmark and mistakes with the given marginals exists",
        "n points, any marginals in [0, 1] of sum at most the integer m, any pivot",
        "Laws.v",
    ),
    Theorem(
        "R1",
        "R1",
        "rho* = V/E(g_j), both sides, teacher restricted to 0/1 mistakes",
        f"{POOL}; g sorted, largest first; integer m; V > 0; b = 1",
        "Regret.v",
    ),
    Theorem(
        "R2",
        "R2",
        "R* = E(max(g_j, t_1)) - V, both sides, the clamped case included",
        f"{POOL}; g sorted, largest first; integer m; V > 0; b = 1",
        "Regret.v",
    ),
    Theorem(
        "R3",
        "R3",
        "rho* = V/(V + R*) where t_1 <= g_j",
        f"{POOL}; g sorted, largest first; integer m; V > 0; b = 1",
        "Regret.v",
    ),
    Theorem(
        "A1",
        "A1_uncapped",
        "V = max over groups of V(G, m_G)",
        "any gains and stakes; disjoint groups whose values exist; real m_G; real b > 0, "
        "with replacement",
        "Answers.v",
    ),
    Theorem(
        "A2",
        "A2_uncapped",
        "V = b*max(0, max(g - s r), lam)",
        "real gains of any sign, s > 0, r >= 0; real m, b >= 0, with replacement",
        "Answers.v",
    ),
    Theorem(
        "A2",
        "A2_capped",
        "V_b = F(lam) with the shaving limited to r, largest stakes first; existence",
        "real gains of any sign, s > 0, r >= 0; real m, b >= 0",
        "Capped.v",
    ),
    Theorem(
        "checker",
        "check_sound",
        "what the rational checker accepts is a saddle point of the capped game",
        "any lists of rationals",
        "Checker.v",
    ),
)
