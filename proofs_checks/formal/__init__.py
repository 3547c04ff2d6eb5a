"""Theorems for every n, checked by Coq: sources, build, and the table of what was proved."""
