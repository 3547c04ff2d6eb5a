"""Exact values of instances: small ones in fractions, large ones in big rationals."""

from proofs_checks.exact import constrained, large_pools, linear_program, values

CHECKS = (
    *values.CHECKS,
    *constrained.CHECKS,
    *linear_program.CHECKS,
    *large_pools.CHECKS,
)
