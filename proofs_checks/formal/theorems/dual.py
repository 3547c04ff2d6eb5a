"""Theorems of DualStatements.v: linear inequalities, polytopes of mistakes, and certificates."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import Theorem

__all__ = ["THEOREMS"]

_POLYTOPE = "any polytope of mistakes (not empty, bounded, finitely many inequalities)"

THEOREMS = (
    Theorem(
        "A4",
        "farkas",
        "a system A x <= a has a solution, or nonnegative multiples of its rows add up "
        "to 0 <= b with b < 0; not both",
        "any finite system of real inequalities",
        "Polytopes.v",
    ),
    Theorem(
        "A4",
        "linear_duality",
        "max c x = min y a over A x <= a and over y >= 0 with y A = c, both attained",
        "any real program with a feasible point, whose dual has one",
        "Restricted.v",
    ),
    Theorem(
        "A4",
        "minimax",
        "a saddle point exists iff each side has a strategy that is worth something",
        "any two sets given by finitely many inequalities, any bilinear payoff",
        "Polytopes.v",
    ),
    Theorem(
        "A4",
        "polytopes",
        "a saddle point exists, with value min max = max min, all attained",
        "any two polytopes, any bilinear payoff",
        "Restricted.v",
    ),
    Theorem(
        "A4",
        "A4_polytopes",
        "V exists and is min over the set of max_q U, and max over q of W, all attained",
        f"real gains and stakes of any sign; {_POLYTOPE}; with replacement, without, or "
        "forced; a budget that can be met",
        "Restricted.v",
    ),
    Theorem(
        "A4",
        "A4_program",
        "V is the minimum of b*lam + sum max(0, g - s l - lam) over lam >= 0 and l, attained",
        f"real gains and stakes of any sign; {_POLYTOPE}; real b >= 0, without replacement",
        "Restricted.v",
    ),
    Theorem(
        "A4",
        "A4_sets",
        "the sets of m mistakes, of limits and of groups are polytopes, and so is what further "
        "inequalities leave of them",
        "real m, b and limits >= 0; disjoint groups (overlapping ones are further inequalities); "
        "what is left is not empty",
        "Restricted.v",
    ),
    Theorem(
        "A4",
        "A4_guarantee",
        "any prices y >= 0 of the inequalities guarantee q a payoff, and some guarantee its worst "
        "case",
        "any q, gains and stakes; limits r >= 0 and finitely many inequalities that can be met",
        "Guarantees.v",
    ),
    Theorem(
        "certificate",
        "certificate_sound",
        "lower <= V <= upper, and what is accepted is right to 2*rtol*scale",
        "any sets, any payoff with a value; strategies that obey every rule",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_rounded",
        "bounds computed to e: what is accepted is right to 2*rtol*scale + e",
        "any sets, any payoff with a value; strategies that obey every rule",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_moves",
        "any numbers, clipped, scaled down and filled up, obey the rules; strategies stay as they "
        "are",
        "with replacement, without, and both with the budget forced; a budget that can be met",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_game",
        "V exists, and any numbers that are accepted after the move prove it to 2*rtol*scale",
        "real gains and stakes of any sign; real m >= 0; every learner; a budget that can be met",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_rules",
        "the same under limits and groups: any mistakes, moved, obey the rules, and V exists",
        "real gains and stakes of any sign; limits and numbers of mistakes >= 0; groups may "
        "overlap; every learner; a budget that can be met",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_prices",
        "V exists and lies between the bounds of one pass at any two prices",
        "n >= 1, real gains, stakes >= 0; real m, b >= 0; lam >= 0; tau >= 0 or m <= n; "
        "without replacement, abstaining",
        "Guarantees.v",
    ),
    Theorem(
        "certificate",
        "certificate_sharp",
        "the factor 2 is met",
        "one point, g = 1, h = 0, b = 1, m = 0; every real 0 <= r <= 1",
        "Certificates.v",
    ),
    Theorem(
        "certificate",
        "certificate_refuted",
        "strategies that obey the rules to r alone: accepted answers are wrong by any factor",
        "g = 1, h = K, b = 1, m = 0, mistakes of sum r",
        "Certificates.v",
        "refuted variant",
    ),
    Theorem(
        "certificate",
        "certificate_regret",
        "lower <= R* <= upper by any p and any law of benchmarks and mistakes; what is accepted is "
        "right to 2*rtol*scale",
        "b = 1, spent; integer m; any gains and stakes whose regret has a value",
        "Hindsight.v",
    ),
    Theorem(
        "certificate",
        "certificate_ratio",
        "lower <= rho* <= upper by any p and any law of benchmarks and mistakes; what is accepted "
        "is right to 2*rtol*scale",
        "b = 1, spent; integer m; any gains and stakes whose ratio has a value; the law's "
        "benchmarks pay more than 0, against which the most that a point earns counts as 0 if it "
        "is negative",
        "Hindsight.v",
    ),
    Theorem(
        "checker",
        "check_rational",
        "what the rational checker accepts is a saddle point among rational strategies: no axiom "
        "is used",
        "any lists of rationals",
        "Rationals.v",
    ),
)
