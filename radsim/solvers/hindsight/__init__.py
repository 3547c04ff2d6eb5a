"""Solvers for regret and competitive ratio."""
