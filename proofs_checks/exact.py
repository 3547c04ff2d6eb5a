"""Everything that is exact on instances: small ones in fractions, large ones in big rationals."""

from proofs_checks import exact_large, exact_richer, exact_value

CHECKS = (*exact_value.CHECKS, *exact_richer.CHECKS, *exact_large.CHECKS)
