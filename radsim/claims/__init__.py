"""Claims of the theory as rows: what each says, when it applies, and how it is checked."""

from radsim.claims.checking import ERROR, check
from radsim.claims.claim import Claim, Comparison, SampledComparison, Verdict
from radsim.claims.table import CLAIMS

__all__ = ["CLAIMS", "ERROR", "Claim", "Comparison", "SampledComparison", "Verdict", "check"]
