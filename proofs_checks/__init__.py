"""Statement, file, status: everything here is run by `radsim evidence` and by pytest."""

from proofs_checks import pointwise

CHECKS = (*pointwise.CHECKS,)
