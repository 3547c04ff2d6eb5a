"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

from radsim.claims import CLAIMS, Claim, Comparison, Verdict, check
from radsim.enclosure import enclose
from radsim.game import Game, best_response, mistakes_from_rate, payoff, worst_case
from radsim.instances import FAMILIES, Instance, draw_instance
from radsim.levels import water_level
from radsim.sampling import DESIGNS, sample
from radsim.solution import Certificate, Solution, SolveError, certify
from radsim.solvers import SOLVERS, solve

__version__ = "0.1.0"

__all__ = [
    "CLAIMS",
    "DESIGNS",
    "FAMILIES",
    "SOLVERS",
    "Certificate",
    "Claim",
    "Comparison",
    "Game",
    "Instance",
    "Solution",
    "SolveError",
    "Verdict",
    "best_response",
    "certify",
    "check",
    "draw_instance",
    "enclose",
    "mistakes_from_rate",
    "payoff",
    "sample",
    "solve",
    "water_level",
    "worst_case",
]
