"""radsim: verify the theory of Robust Active Distillation, and simulate it."""

import lazy_loader

__version__ = "0.1.0"

# Names and subpackages are those of __init__.pyi, and are imported when they are first used.
__getattr__, __dir__, _ = lazy_loader.attach_stub(__name__, __file__)

# The public names, in the order in which they are met: so the API page shows them.
GROUPS = {
    "Play": (
        "Game",
        "ConstrainedGame",
        "StoredGame",
        "constrain",
        "contaminate",
        "payoff",
        "worst_case",
        "best_response",
        "regret",
        "competitive_ratio",
        "mistakes_from_rate",
    ),
    "Solve": (
        "SOLVERS",
        "solve",
        "solve_many",
        "Solution",
        "SolveError",
        "UncertifiedError",
        "Certificate",
        "certify",
        "enclose",
        "check_answer",
        "water_level",
    ),
    "Sample": ("DESIGNS", "sample", "sample_counts", "joint_inclusion", "audit"),
    "Teachers and selectors": (
        "TEACHERS",
        "SELECTORS",
        "Selector",
        "select",
        "scorecard",
        "mistakes_upper_bound",
        "error_profile",
        "limits_from_confidence",
    ),
    "Check": (
        "CLAIMS",
        "Claim",
        "Comparison",
        "Verdict",
        "check",
        "falsify",
        "Instance",
        "draw_instance",
    ),
    "Run": ("sweep",),
}

# Not the subpackages: a star import is to load no library that is not asked for by name.
__all__ = [name for names in GROUPS.values() for name in names]
