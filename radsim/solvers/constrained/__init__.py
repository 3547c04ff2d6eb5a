"""Solvers of constrained games alone; linprog and convex solve both kinds of game."""
