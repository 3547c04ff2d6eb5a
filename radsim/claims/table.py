"""The table of claims: a row each, in the order of the theory."""

from __future__ import annotations

from radsim.claims.claim import Claim
from radsim.claims.constrained import CONSTRAINED_CLAIMS
from radsim.claims.deviations import DEVIATION_CLAIMS
from radsim.claims.regret import REGRET_CLAIMS
from radsim.claims.rounds import ROUNDS_CLAIMS
from radsim.claims.sampled import SAMPLED_CLAIMS
from radsim.claims.tails import TAIL_CLAIMS
from radsim.claims.value import VALUE_CLAIMS
from radsim.door import Table

__all__ = ["CLAIMS"]

CLAIMS: dict[str, Claim] = Table(
    "CLAIMS",
    {
        claim.id: claim
        for claim in (
            *VALUE_CLAIMS,
            *REGRET_CLAIMS,
            *CONSTRAINED_CLAIMS,
            *SAMPLED_CLAIMS,
            *sorted((*ROUNDS_CLAIMS, *DEVIATION_CLAIMS, *TAIL_CLAIMS), key=lambda claim: claim.id),
        )
    },
)
