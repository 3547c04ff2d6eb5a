"""What is proved rather than sampled: statement, file and status, one folder or file a method.

===============  ==================================================================================
`formal/`        theorems for every n and all real data, checked by Coq; `*Statements.v` say what
`smt/`           claims over all real gains, point by point or for small pools, negated and refuted
`symbolic.py`    identities that a computer algebra system cancels to zero
`exact/`         instances in rational arithmetic, each with a certificate of gap 0
===============  ==================================================================================

`FORMULAS` says which formulas each claim consists of, and which rows establish each.
`radsim evidence` runs every row of `CHECKS` and writes THEOREMS.md; pytest runs the rows, and wrong
variants of them that must be refused.
"""

from proofs_checks import exact, formal, smt, symbolic
from proofs_checks.formal.checking import check_answers, check_compiler
from proofs_checks.formulas import FORMULAS

CHECKS = (*formal.CHECKS, *smt.CHECKS, *symbolic.CHECKS, *exact.CHECKS)

__all__ = ["CHECKS", "FORMULAS", "check_answers", "check_compiler"]
