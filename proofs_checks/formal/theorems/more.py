"""Theorems of MoreStatements.v: forced budgets, groups, contamination, slopes, any order."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import POOL, PROPORTIONAL, Theorem

__all__ = ["THEOREMS"]

THEOREMS = (
    Theorem(
        "V3b",
        "V3b_shift",
        "a forced budget is the game with gains g + K where the learner may abstain, minus K*b: "
        "the same strategies are optimal",
        "any real g, h and K with g + K > 0 and h < K; real m; real b <= n, without replacement",
        "Forced.v",
    ),
    Theorem(
        "V3b",
        "V3b_minimum",
        "the forced V_b exists and is the least F(lam) over all real lam, at most one mistake on "
        "a point, largest stakes first",
        "real gains of any sign, s > 0; real m >= 0, 0 <= b <= n, without replacement",
        "Forced.v",
    ),
    Theorem(
        "V3b",
        "V3b_same",
        "up to b0 the forced value is the value",
        f"{POOL}; real 0 <= m <= sum g/s; real 0 < b <= b0",
        "Forced.v",
    ),
    Theorem(
        "V3",
        "V3_stakeless",
        "V_b exists and is the minimum of F; forced: over all real lam",
        "real gains of any sign, s >= 0, zero included; real m >= 0, b >= 0 (forced: b <= n)",
        "Forced.v",
    ),
    Theorem(
        "V3",
        "V3_gainless",
        "points without gain change nothing",
        "any stakes; gains <= 0 from point k on; capped or uncapped, abstaining; the value without "
        "them exists; real m, b",
        "Forced.v",
    ),
    Theorem(
        "A5",
        "A5",
        "the mixed payoff is that of gains g - w s r and stakes (1 - w) s: the same saddle points",
        "any real g, s, r and w; any sets of strategies",
        "Forced.v",
    ),
    Theorem(
        "A5",
        "A5_value",
        "V_b exists and is the minimum of F of that game",
        "real gains of any sign, s >= 0, any r; real 0 <= w <= 1, m >= 0, b >= 0",
        "Forced.v",
    ),
    Theorem(
        "A5",
        "A5_known",
        "at w = 1 the value is the sum of the b best expected robust gains, the positive ones",
        "any real g, s, r; g - s r sorted, largest first; integer b <= n; real m >= 0",
        "Forced.v",
    ),
    Theorem(
        "A1",
        "A1_capped",
        "prices exist and certify: one lam for the budget, one threshold a group, in each the "
        "largest stakes first",
        "real gains of any sign, s > 0; disjoint groups; real m_G >= 0, b >= 0, "
        "without replacement",
        "Groups.v",
    ),
    Theorem(
        "A1",
        "A1_minimum",
        "V_b exists and is the least of b*lam + sum of f_G(lam) over lam >= 0; every f_G(lam) "
        "exists",
        "real gains of any sign, s > 0; disjoint groups; real m_G >= 0, b >= 0, "
        "without replacement",
        "Groups.v",
    ),
    Theorem(
        "V4",
        "V4_gain_slope",
        "dV/dg_i = V p_i/g_i, as a derivative",
        f"{PROPORTIONAL}; real m with a positive level, no gain at it; b = 1",
        "Slopes.v",
    ),
    Theorem(
        "V4",
        "V4_mistake_slope",
        "dV/dm = -1/H, as a derivative; -(1 + c)/H' at proportional harm",
        f"{POOL}; real m with a positive level, no gain at it; b = 1",
        "Slopes.v",
    ),
    Theorem(
        "V2",
        "sorting",
        "every order of points can be sorted by gain",
        "n points, any real numbers",
        "Orders.v",
    ),
    Theorem(
        "V2",
        "V2_unsorted",
        "the level is the largest prefix ratio of the sorted copy",
        f"{POOL}, in any order; real m",
        "Orders.v",
    ),
    Theorem(
        "V7",
        "V7_unsorted",
        "W(q) = sum q g - T_m(q s), and uniform's, with the largest of a sorted copy",
        "any real gains and stakes, bites q s >= 0 in any order; uniform: "
        f"{POOL}, in any order, integer m < n",
        "Orders.v",
    ),
    Theorem(
        "R3",
        "R_unsorted",
        "pivot, rho*, R* and their identity with the pivot of the sorted copy",
        f"{POOL}, in any order; integer m; V > 0; b = 1",
        "Orders.v",
    ),
    Theorem(
        "R2",
        "R2_abstaining",
        "R* = E(max(g_j, t_1)) - V where the learner may ask nothing, both sides",
        f"{POOL}; g sorted, largest first; integer m; V > 0; b = 1",
        "Idle.v",
    ),
    Theorem(
        "R2",
        "R2_zero",
        "R* = E(max(g_j, t_1)) at V = 0, with 0 for g_j where the weights h/s stay below one",
        f"{POOL}; g sorted, largest first; integer m >= sum g/s; b = 1, abstaining",
        "Idle.v",
    ),
    Theorem(
        "V4",
        "V4_capped_pieces",
        "V_b is the largest of finitely many affine functions of m",
        f"{POOL}, in any order; real m, b >= 0, without replacement; where the values exist",
        "Pieces.v",
    ),
)
