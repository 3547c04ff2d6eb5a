r"""Conjectures about the game: from a line of text to a game that refutes it, or what was tried."""

from radsim.conjecture.judging import Conjecture, conjecture, judge
from radsim.conjecture.language import StatementError
from radsim.conjecture.search import Survey, falsify
from radsim.conjecture.trials import Trial

__all__ = ["Conjecture", "StatementError", "Survey", "Trial", "conjecture", "falsify", "judge"]
