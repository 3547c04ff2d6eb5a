"""The formulas of each claim: which checks establish each, and which functions use it.

A claim of the theory is several formulas, and what is proved of one says nothing of the next: the
uncapped A1 is not the capped one, and that prices which meet two brackets suffice is not that there
are any.  `by` names theorems of Coq, or files whose checks of the same claim establish it.
"""

from proofs_checks.formulas import extensions, games, teachers
from radsim.runs.evidence import Formula

FORMULAS: tuple[Formula, ...] = (*games.FORMULAS, *teachers.FORMULAS, *extensions.FORMULAS)

__all__ = ["FORMULAS"]
