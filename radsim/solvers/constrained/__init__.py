"""Routes of their own to the value of a constrained game; linprog and convex serve every game."""
