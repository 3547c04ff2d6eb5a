"""Theorems of RoundStatements.v: rounds with one budget of mistakes, and with an unknown one."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import POOL, Theorem

__all__ = ["THEOREMS"]

ROUNDS = f"T rounds, each of {POOL}; real b_t >= 0, without replacement"

THEOREMS = (
    Theorem(
        "N1",
        "N1_sort",
        "A(tau) is attained by a fractional sort: above a level, one share of what is at it",
        f"{POOL}; real b, tau >= 0",
        "ManyRounds.v",
    ),
    Theorem(
        "N1",
        "N1_guarantee",
        "a design at price tau earns q g - tau for each mistake, whatever the teacher does",
        "n points, real s > 0, any real g",
        "ManyRounds.v",
    ),
    Theorem(
        "N1",
        "N1_prices",
        "V is the maximum over tau >= 0 of sum A_t(tau) - tau M, and a price attains it",
        f"{ROUNDS}; real M >= 0; the rounds have a saddle point",
        "ManyRounds.v",
    ),
    Theorem(
        "N1",
        "N1_splits",
        "V is the minimum over the splits of M of sum V_t(m_t), and a split attains it",
        f"{ROUNDS}; T >= 1; any real M; the rounds have a saddle point",
        "ManyRounds.v",
    ),
    Theorem(
        "N1",
        "N1_single",
        "one round: V_b exists and is the maximum over tau >= 0 of A(tau) - tau m",
        f"{POOL}; real m >= 0, b >= 0, without replacement",
        "ManyRounds.v",
    ),
    Theorem(
        "N1",
        "N1_refuted",
        "stakes below the gains: V = 23/16 where no price gives more than 5/4",
        "g = (1, 1), s = (1/2, 1/8), b = 2, m = 3/2",
        "ManyRounds.v",
        "refuted variant",
    ),
    Theorem(
        "N2",
        "N2_hedge",
        "Hedge over K prices earns what the best does, less L/eta + eta T w^2/8",
        "any payoffs within a width w in each round; eta > 0; exp L = K",
        "PriceHedge.v",
    ),
    Theorem(
        "N2",
        "N2",
        "Hedge over a grid of prices earns V_T(M) - eps T B G - B (G + H) sqrt(T L/2)",
        f"{ROUNDS}, at most B; at most N points, gains at most G, harms at most H, all known "
        "beforehand; exp L = K; any "
        "mistakes, M in all, known round by round; the rounds have a saddle point at M",
        "PriceHedge.v",
    ),
)
