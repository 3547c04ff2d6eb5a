"""Routes to regret and competitive ratio."""
