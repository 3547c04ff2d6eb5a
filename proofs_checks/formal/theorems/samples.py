"""Theorems of SampleStatements.v: designs, their tails, and rounds."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import Theorem

__all__ = ["THEOREMS"]

UNIT = "n points, real q in [0, 1]"

THEOREMS = (
    Theorem(
        "S1",
        "S1_mean",
        "samples with inclusion probabilities q earn U(q, l) in the mean, so at least V if max-min",
        "n points, any real gains and stakes, any finite law of samples, also with replacement; l "
        "that does not depend on the sample",
        "Designs.v",
    ),
    Theorem(
        "S1",
        "S1_existence",
        "samples without replacement with inclusion probabilities q and size sum q, rounded, exist",
        UNIT,
        "Systematic.v",
    ),
    Theorem(
        "S1",
        "S1_mixture",
        "a random choice among designs with inclusion probabilities q has them too",
        "any finite law of the choice",
        "Designs.v",
    ),
    Theorem(
        "S1",
        "S1_order",
        "a design on the points in another order is one on the points, of the same size",
        "any permutation",
        "Designs.v",
    ),
    Theorem(
        "S1",
        "S1_replaced",
        "b draws with replacement take point i b*p_i times in the mean",
        "n points, real p >= 0 of sum 1; whole b",
        "Designs.v",
    ),
    Theorem(
        "S1",
        "S1_systematic",
        "systematic sampling from a uniform start has inclusion probabilities q and size sum q",
        f"{UNIT}; the size is rounded up or down where sum q is not whole",
        "Systematic.v",
    ),
    Theorem(
        "S1",
        "S1_pivotal",
        "the pivotal method has inclusion probabilities q and size sum q",
        f"{UNIT}; any order of fights; the size is rounded where sum q is not whole",
        "Pivotal.v",
    ),
    Theorem(
        "S1",
        "S1_one_by_one",
        "weighted draws one by one include 5/6 in place of b*p = 1, and earn 5/6 where V = 1",
        "g = (1, 2, 2), h = 0, m = 2, b = 2, p = (1/2, 1/4, 1/4)",
        "Designs.v",
        "refuted variant",
    ),
    Theorem(
        "S3",
        "S3_association",
        "the pivotal method is negatively associated: rising functions of disjoint sets",
        f"{UNIT}; any order of fights that is fixed beforehand",
        "Association.v",
    ),
    Theorem(
        "S3",
        "S3_products",
        "all of a set in, or none of it, is no likelier than with independent draws",
        "any negatively associated design without replacement",
        "Products.v",
    ),
    Theorem(
        "S3",
        "S3_tail",
        "P(Z <= EZ - t) <= exp(-2 t^2/sum of w_i^2 over 0 < q_i < 1)",
        "any negatively associated design without replacement; real t >= 0; w of one sign on all "
        "points, after a shift by a constant where the size is fixed (w_i then the shifted one); "
        "the sum > 0",
        "Products.v",
    ),
    Theorem(
        "S3",
        "S3_pivotal",
        "the pivotal method keeps this tail in any random order of its fights",
        f"{UNIT}; real t >= 0; one-signed w, shifted by a constant where sum q is whole; sum > 0",
        "Products.v",
    ),
    Theorem(
        "S3",
        "S3_orders",
        "with any random order of its fights the pivotal method keeps the bounds of products",
        UNIT,
        "Products.v",
    ),
    Theorem(
        "S5",
        "S5",
        "the expected total over T rounds is at least the expected sum of the values, sum_t V_t",
        "max-min designs; gains, design and mistakes of a round may depend on all past samples",
        "Designs.v",
    ),
)
