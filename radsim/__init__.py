"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

from radsim.claims import CLAIMS, Claim, Comparison, Verdict, check
from radsim.game import Game, best_response, mistakes_from_rate, payoff, worst_case
from radsim.hindsight import Mixture, ratio, regret
from radsim.instances import FAMILIES, Instance, draw_instance
from radsim.levels import water_level
from radsim.sampling import DESIGNS, sample
from radsim.sensitivity import guarantee_in_error, guarantee_in_mistakes, price_of_not_knowing
from radsim.solution import Certificate, Solution, SolveError, certify
from radsim.solvers import OBJECTIVES, SOLVERS, solve
from radsim.trade_offs import insurance, trade_off

__version__ = "0.1.0"

__all__ = [
    "CLAIMS",
    "DESIGNS",
    "FAMILIES",
    "OBJECTIVES",
    "SOLVERS",
    "Certificate",
    "Claim",
    "Comparison",
    "Game",
    "Instance",
    "Mixture",
    "Solution",
    "SolveError",
    "Verdict",
    "best_response",
    "certify",
    "check",
    "draw_instance",
    "guarantee_in_error",
    "guarantee_in_mistakes",
    "insurance",
    "mistakes_from_rate",
    "payoff",
    "price_of_not_knowing",
    "ratio",
    "regret",
    "sample",
    "solve",
    "trade_off",
    "water_level",
    "worst_case",
]
