"""Routes to regret and competitive ratio: one module a route."""

from radsim.solvers.hindsight import closed_form, enumeration, linprog, rational

__all__ = ["closed_form", "enumeration", "linprog", "rational"]
