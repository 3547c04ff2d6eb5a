"""Wrong statements that Coq must refuse, each with real numbers at which it is false.

Each is an edit of a file of statements.  Coq must refuse the proofs of what it then says, and z3
must find a counterexample to it: a proof that breaks shows only that *this* proof does not fit; the
model shows that none does.  One module for each file of statements.
"""

from proofs_checks.formal.mutants import (
    bounds,
    checks,
    dual,
    games,
    more,
    rounds,
    samples,
    tails,
    teachers,
)
from proofs_checks.formal.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *games.MUTANTS,
    *bounds.MUTANTS,
    *checks.MUTANTS,
    *dual.MUTANTS,
    *more.MUTANTS,
    *rounds.MUTANTS,
    *samples.MUTANTS,
    *tails.MUTANTS,
    *teachers.MUTANTS,
)

__all__ = ["MUTANTS", "Mutant"]
