"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

from radsim.analysis.sensitivity import (
    guarantee_in_error,
    guarantee_in_mistakes,
    price_of_not_knowing,
    value_in_budget,
)
from radsim.analysis.timings import timings
from radsim.analysis.trade_offs import insurance, trade_off
from radsim.analysis.worst_group import worst_group
from radsim.claims import CLAIMS, Claim, Comparison, Verdict, check
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.data.instances import FAMILIES, Instance, draw_instance
from radsim.data.validation import error_profile, limits_from_confidence
from radsim.enclosure import enclose
from radsim.game import Game, best_response, mistakes_from_rate, payoff, worst_case
from radsim.hindsight import Mixture, competitive_ratio, regret
from radsim.inference import mean_at_least, mistakes_upper_bound
from radsim.runs.sweeps import sweep
from radsim.sampling import DESIGNS, joint_inclusion, sample, sample_counts
from radsim.sampling.audit import audit
from radsim.selectors import SELECTORS, Selection, Selector, scorecard, select
from radsim.solution import Certificate, Solution, SolveError, certify
from radsim.solvers import (
    SOLVERS,
    solve,
)
from radsim.solvers.water.batches import Solutions, solve_many
from radsim.solvers.water.levels import water_level
from radsim.solvers.water.stored import StoredGame, StoredSolution
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
    "ConstrainedGame",
    "Game",
    "Instance",
    "Mixture",
    "Selection",
    "Selector",
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
    "competitive_ratio",
    "constrain",
    "contaminate",
    "draw_instance",
    "enclose",
    "error_profile",
    "guarantee_in_error",
    "guarantee_in_mistakes",
    "insurance",
    "joint_inclusion",
    "limits_from_confidence",
    "mean_at_least",
    "mistakes_from_rate",
    "mistakes_upper_bound",
    "payoff",
    "price_of_not_knowing",
    "regret",
    "sample",
    "sample_counts",
    "scorecard",
    "select",
    "solve",
    "solve_many",
    "sweep",
    "timings",
    "trade_off",
    "value_in_budget",
    "water_level",
    "worst_case",
    "worst_group",
]
