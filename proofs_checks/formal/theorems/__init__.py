"""Every formal theorem: its claim, its name in Main.v, its hypotheses in words and its file.

One module for each file of statements.  A row counts as proved only when the build in
`test_formal.py` has accepted it.
"""

from proofs_checks.formal.theorems import games, rounds
from proofs_checks.formal.theorems.theorem import Theorem

THEOREMS: tuple[Theorem, ...] = (*games.THEOREMS, *rounds.THEOREMS)

__all__ = ["THEOREMS", "Theorem"]
