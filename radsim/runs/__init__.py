"""Whole runs: sweeps on disk, verification, simulation, and the evidence for each claim."""
