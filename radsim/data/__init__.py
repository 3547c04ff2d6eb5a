"""Data of games: gains, files, instances, and validation points."""
