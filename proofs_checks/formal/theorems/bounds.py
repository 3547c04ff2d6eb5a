"""Theorems of BoundStatements.v: draws, limits from validation points, Hedge, and committees."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import POOL, Theorem

__all__ = ["THEOREMS"]

_LAW = "any law on n points; real values within [low, high] on its support"
_POINTS = "n + v points of which any are wrong; v of them drawn, all subsets equally likely"
_HEDGE = "n points, real 0 <= g <= top and 0 <= h <= worst, top + worst > 0; T >= 1 rounds"

THEOREMS = (
    Theorem(
        "S2",
        "hoeffding_lemma",
        "E exp(t (X - EX)) <= exp(t^2 (high - low)^2 / 8)",
        f"{_LAW}; any real t",
        "Bounds.v",
    ),
    Theorem(
        "S2",
        "hoeffding_draws",
        "P(mean of k independent draws <= EX - t) <= exp(-2 k t^2 / (high - low)^2)",
        f"{_LAW}, low < high; k >= 1; real t >= 0",
        "Bounds.v",
    ),
    Theorem(
        "S2",
        "S2",
        "P(mean robust gain of k draws <= U - t) <= exp(-2 k t^2 / (max g + max h)^2)",
        f"{POOL}; any law p and fixed 0 <= l <= 1; the maxima on the support; k >= 1; real t >= 0",
        "Bounds.v",
    ),
    Theorem(
        "S2",
        "bernstein_draws",
        "P(mean of k draws <= EX - t) <= exp(-k t^2 / (2 variance + 2 (high - low) t / 3))",
        f"{_LAW}, low < high; k >= 1; real t >= 0",
        "Bernstein.v",
    ),
    Theorem(
        "S2",
        "S2_bernstein",
        "P(mean robust gain of k draws <= U - t) <= exp(-k t^2/(2 variance + 2 width t/3)), width "
        "max g + max h",
        f"{POOL}; any law p and fixed 0 <= l <= 1; the maxima on the support; k >= 1; real t >= 0",
        "Bernstein.v",
    ),
    Theorem(
        "S2",
        "sample_spread",
        "P(sd > sample sd + (high - low) sqrt(2 L / (k - 1))) <= exp(-L)",
        f"{_LAW}, low < high; k >= 2; real L >= 0",
        "Empirical.v",
    ),
    Theorem(
        "S2",
        "empirical_bernstein",
        "P(mean - r > EX) <= 2 exp(-L), "
        "r = sqrt(2 L sample variance / k) + 7 (high - low) L / (3 (k - 1))",
        f"{_LAW}, low < high; k >= 2; real L >= 0",
        "Empirical.v",
    ),
    Theorem(
        "S2",
        "S2_empirical",
        "P(mean robust gain - r > U) <= 2 exp(-L), r as above with width max g + max h",
        f"{POOL}; any law p and fixed 0 <= l <= 1; the maxima on the support; k >= 2; real L >= 0",
        "Empirical.v",
    ),
    Theorem(
        "S4",
        "S4_law",
        "the mistakes seen among the points drawn are hypergeometric",
        "N points of which any are wrong; v <= N drawn, all subsets equally likely",
        "Hypergeometric.v",
    ),
    Theorem(
        "S4",
        "S4_monotone",
        "more mistakes in all: as few seen are no likelier",
        "0 <= M < N mistakes among N points; v <= N drawn",
        "Hypergeometric.v",
    ),
    Theorem(
        "S4",
        "S4_limit",
        "the upper limit exists and is unique",
        "n points in the pool, v others; k <= v mistakes seen; real delta < 1",
        "Hypergeometric.v",
    ),
    Theorem(
        "S4",
        "S4_coverage",
        "the mistakes on the pool are at most the limit with probability 1 - delta",
        f"{_POINTS}; real 0 <= delta < 1",
        "Hypergeometric.v",
    ),
    Theorem(
        "S4",
        "S4_guarantee",
        "what holds for every reply with at most as many mistakes as the limit, none on the points "
        "drawn, holds for the true mistakes with probability 1 - delta",
        f"{_POINTS}; designs and guarantees that may depend on the draw, gains and stakes that do "
        "not; real 0 <= delta < 1",
        "Hypergeometric.v",
    ),
    Theorem(
        "S6",
        "logarithm",
        "L = ln x, in which S6 is written, exists and is unique",
        "real x >= 1",
        "Growth.v",
    ),
    Theorem(
        "S6",
        "S6_regret",
        "regret of Hedge <= (max g + max h) sqrt(T L / 2), L >= ln n",
        f"{_HEDGE}; n <= exp(L), L > 0; any replies in [0, 1]",
        "Hedge.v",
    ),
    Theorem(
        "S6",
        "S6_gap",
        "duality gap of the averages <= (max g + max h) sqrt(L / (2 T)), L >= ln n",
        f"{_HEDGE}; n >= 1; n <= exp(L), L > 0; best replies with real m >= 0; the "
        "whole budget 1 spent",
        "Hedge.v",
    ),
    Theorem(
        "S6",
        "S6_abstaining",
        "the same where the learner may abstain, by one more point worth nothing, L >= ln(n + 1)",
        f"{_HEDGE}; n + 1 <= exp(L), L > 0; best replies with real m >= 0; budget 1",
        "Hedge.v",
    ),
    Theorem(
        "A3",
        "A3_majority",
        "a majority is wrong on at most floor(sum m_t / (ceil(K/2) - f)) points; ties are wrong",
        "K teachers, f < ceil(K/2) of them arbitrary, m_t mistakes of an honest one",
        "Majorities.v",
    ),
    Theorem(
        "A3",
        "median_exists",
        "the lower median exists and is unique",
        "K >= 1 real numbers",
        "Majorities.v",
    ),
    Theorem(
        "A3",
        "A3_median",
        "the same bound for the coordinate-wise lower median",
        "as for the majority; a correct teacher's soft-label is a distribution with more than "
        "half on the true class",
        "Majorities.v",
    ),
    Theorem(
        "A3",
        "A3_flat",
        "without more than half on the true class the lower median is wrong where the bound is 0",
        "(.50, .45, .05), (.34, .33, .33) and an arbitrary (0, 1, 0)",
        "Majorities.v",
        "refuted variant",
    ),
)
