"""Statement, file, status: everything here is run by `radsim evidence` and by pytest."""

from proofs_checks import exact, machine, pointwise, small, symbolic

CHECKS = (*machine.CHECKS, *pointwise.CHECKS, *small.CHECKS, *symbolic.CHECKS, *exact.CHECKS)
