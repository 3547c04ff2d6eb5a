"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

from radsim.claims import CLAIMS, Claim, Comparison, Verdict, check
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.game import Game, best_response, mistakes_from_rate, payoff, worst_case
from radsim.groups import worst_group
from radsim.instances import FAMILIES, Instance, draw_instance
from radsim.levels import water_level
from radsim.profiles import error_profile, from_confidence
from radsim.sampling import DESIGNS, sample
from radsim.solution import Certificate, Solution, SolveError, certify
from radsim.solvers import CONSTRAINED_SOLVERS, SOLVERS, solve

__version__ = "0.1.0"

__all__ = [
    "CLAIMS",
    "CONSTRAINED_SOLVERS",
    "DESIGNS",
    "FAMILIES",
    "SOLVERS",
    "Certificate",
    "Claim",
    "Comparison",
    "ConstrainedGame",
    "Game",
    "Instance",
    "Solution",
    "SolveError",
    "Verdict",
    "best_response",
    "certify",
    "check",
    "constrain",
    "contaminate",
    "draw_instance",
    "error_profile",
    "from_confidence",
    "mistakes_from_rate",
    "payoff",
    "sample",
    "solve",
    "water_level",
    "worst_case",
    "worst_group",
]
