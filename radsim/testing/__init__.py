"""Hypothesis strategies, and checks of claims, selectors, solvers and designs, for your tests.

Needs the extra `testing` (pytest and Hypothesis).
"""

from radsim.testing.checks import Broken, Check, CheckFailed, Result
from radsim.testing.claims import check_claim
from radsim.testing.design_checks import DESIGN_CHECKS
from radsim.testing.kinds import CHECKS, SELECTOR_CHECKS
from radsim.testing.kit import check_design, check_selector, check_solver, parametrize_with_checks
from radsim.testing.replays import replay
from radsim.testing.run import PROFILES
from radsim.testing.selector_merit import Standing, standings
from radsim.testing.solver_checks import SOLVER_CHECKS
from radsim.testing.strategies import gains, games, instances, mistakes

__all__ = [
    "CHECKS",
    "DESIGN_CHECKS",
    "PROFILES",
    "SELECTOR_CHECKS",
    "SOLVER_CHECKS",
    "Broken",
    "Check",
    "CheckFailed",
    "Result",
    "Standing",
    "check_claim",
    "check_design",
    "check_selector",
    "check_solver",
    "gains",
    "games",
    "instances",
    "mistakes",
    "parametrize_with_checks",
    "replay",
    "standings",
]
