"""Every formal theorem: its claim, its name in Main.v, its hypotheses in words and its file.

One module for each file of statements.  A row counts as proved only when the build in
`test_formal.py` has accepted it.
"""

from proofs_checks.formal.theorems import (
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
from proofs_checks.formal.theorems.theorem import Theorem

THEOREMS: tuple[Theorem, ...] = (
    *games.THEOREMS,
    *bounds.THEOREMS,
    *checks.THEOREMS,
    *dual.THEOREMS,
    *more.THEOREMS,
    *rounds.THEOREMS,
    *samples.THEOREMS,
    *tails.THEOREMS,
    *teachers.THEOREMS,
)

__all__ = ["THEOREMS", "Theorem"]
