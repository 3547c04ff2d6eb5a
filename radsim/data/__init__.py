"""What a game is made from: gains, files, instances, and validation points."""
