"""Claims of the theory as rows: what each says, when it applies, and how it is checked."""

from radsim.claims.claim import ERROR, Claim, Comparison, SampledComparison, Verdict, check
from radsim.claims.constrained import CONSTRAINED_CLAIMS
from radsim.claims.deviations import DEVIATION_CLAIMS
from radsim.claims.regret import REGRET_CLAIMS
from radsim.claims.rounds import ROUNDS_CLAIMS
from radsim.claims.sampled import SAMPLED_CLAIMS
from radsim.claims.tails import TAIL_CLAIMS
from radsim.claims.value import VALUE_CLAIMS

CLAIMS: dict[str, Claim] = {
    claim.id: claim
    for claim in (
        *VALUE_CLAIMS,
        *REGRET_CLAIMS,
        *CONSTRAINED_CLAIMS,
        *SAMPLED_CLAIMS,
        *sorted((*ROUNDS_CLAIMS, *DEVIATION_CLAIMS, *TAIL_CLAIMS), key=lambda claim: claim.id),
    )
}

__all__ = ["CLAIMS", "ERROR", "Claim", "Comparison", "SampledComparison", "Verdict", "check"]
