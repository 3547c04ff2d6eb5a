"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

from radsim.claims import CLAIMS, Claim, Comparison, Verdict, check
from radsim.game import Game, best_response, mistakes_from_rate, payoff, worst_case
from radsim.inference import mean_at_least, mistakes_upper_bound
from radsim.instances import FAMILIES, Instance, draw_instance
from radsim.levels import water_level
from radsim.sampling import DESIGNS, counts, joint_inclusion, sample
from radsim.sampling.audit import audit
from radsim.selectors import SELECTORS, scorecard
from radsim.solution import Certificate, Solution, SolveError, certify
from radsim.solvers import SOLVERS, Solutions, solve, solve_many
from radsim.stored import StoredGame, StoredSolution
from radsim.sweeps import sweep
from radsim.teachers import TEACHERS, TeacherDraw, audit_draw

__version__ = "0.1.0"

__all__ = [
    "CLAIMS",
    "DESIGNS",
    "FAMILIES",
    "SELECTORS",
    "SOLVERS",
    "TEACHERS",
    "Certificate",
    "Claim",
    "Comparison",
    "Game",
    "Instance",
    "Solution",
    "Solutions",
    "SolveError",
    "StoredGame",
    "StoredSolution",
    "TeacherDraw",
    "Verdict",
    "audit",
    "audit_draw",
    "best_response",
    "certify",
    "check",
    "counts",
    "draw_instance",
    "joint_inclusion",
    "mean_at_least",
    "mistakes_from_rate",
    "mistakes_upper_bound",
    "payoff",
    "sample",
    "scorecard",
    "solve",
    "solve_many",
    "sweep",
    "water_level",
    "worst_case",
]
