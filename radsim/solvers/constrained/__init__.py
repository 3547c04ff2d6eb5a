"""Routes to the value of a constrained game: one module a route."""

from radsim.solvers.constrained import closed_form, convex, hedge, linprog, rational

__all__ = ["closed_form", "convex", "hedge", "linprog", "rational"]
