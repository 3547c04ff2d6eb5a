"""What if: other mistakes, gains, budgets and objectives, the worst group, solvers timed."""
