"""Theorems of TeacherStatements.v: errors of any size, priced teachers, where the hedge is off."""

from __future__ import annotations

from proofs_checks.formal.theorems.theorem import POOL, Theorem

__all__ = ["THEOREMS"]

ENVELOPE = "damage with a concave envelope that mixtures reach and that has an inverse"

FLAT = (
    "g >= 0 falling, harm h > 0 and rate r the same everywhere, 0 <= w < 1, whole budget b >= 1 "
    "spent"
)

THEOREMS = (
    Theorem(
        "N4",
        "N4_saddle",
        "q ~ d/s, d slopes of psi, and mixtures of two sizes are a saddle point with value b*lam",
        f"{POOL}; real m with sum psi = m at lam > 0; {ENVELOPE}; with replacement",
        "Deviations.v",
    ),
    Theorem(
        "N4",
        "N4_value",
        "V = b*lam at a positive level",
        f"{POOL}; real m > 0 with sum psi = m at lam > 0; {ENVELOPE}; with replacement",
        "Envelopes.v",
    ),
    Theorem(
        "N4",
        "N4_level",
        "a positive level exists and is the only one where sum psi(g/s) > m",
        f"{POOL}; real m > 0; {ENVELOPE}",
        "SoftLevels.v",
    ),
    Theorem(
        "N4",
        "N4_zero",
        "V = 0 where sum psi(g/s) <= m",
        f"{POOL}; real m; {ENVELOPE}; with replacement",
        "Deviations.v",
    ),
    Theorem(
        "N4",
        "N4_convex",
        "convex damage: its envelope is straight and V = b*lam with the level of V1",
        f"{POOL}; real m with a positive level; with replacement",
        "Deviations.v",
    ),
    Theorem(
        "N4",
        "N4_worse",
        "V <= that of the plain game, for every damage",
        "any gains and stakes; real m, b; with replacement; both values exist",
        "Deviations.v",
    ),
    Theorem(
        "N4",
        "N4_unique",
        "the value is unique",
        "any gains, stakes, damage; with replacement",
        "Deviations.v",
    ),
    Theorem(
        "N4",
        "N4_grid",
        "mixtures of two points reach an envelope of the damage, and that has an inverse",
        "continuous damage (no jumps), straight between finitely many points, nowhere falling "
        "from 0 to 1",
        "Envelopes.v",
    ),
    Theorem(
        "N5",
        "N5_route",
        "V = b*max(0, max lam_t), reached by asking one teacher",
        f"{POOL}; k teachers, real m_t >= 0, prices > 0; with replacement",
        "Routing.v",
    ),
    Theorem(
        "N5",
        "N5_majority",
        "a majority is wrong on sum m_t/ceil(K/2) points at most",
        "K >= 1 teachers, n points, any votes",
        "Routing.v",
    ),
    Theorem(
        "N5",
        "N5_bound",
        "m_u <= K*m_u/ceil(K/2) <= sum m_t/ceil(K/2), u the member of fewest mistakes",
        "K teachers, real m_t >= 0",
        "Routing.v",
    ),
    Theorem(
        "N5",
        "N5_vote",
        "with sum m_t/ceil(K/2) mistakes (no floor), at the sum of the prices, the level is at "
        "most the best teacher's, or 0",
        f"{POOL}; k teachers, real m_t >= 0, prices > 0; with replacement",
        "Routing.v",
    ),
    Theorem(
        "A5",
        "A5_certain",
        "with m >= b mistakes the b largest gains, surely, are optimal iff m >= m* (`certain`)",
        FLAT,
        "Certainty.v",
    ),
    Theorem(
        "A5",
        "A5_rate",
        "with m = r*n: m >= m* holds at every rate above one at which it does, and at 1",
        f"{FLAT}; one weight at every rate",
        "Certainty.v",
    ),
)
