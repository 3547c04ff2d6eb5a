"""Statements over all real gains, whose negation an SMT solver refutes."""

from proofs_checks.smt import pointwise, small_pools

CHECKS = (*pointwise.CHECKS, *small_pools.CHECKS)
