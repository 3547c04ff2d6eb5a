"""Theorems for every n, checked by Coq: sources, build, and the table of what was proved."""

from proofs_checks.formal.checks import CHECKS

__all__ = ["CHECKS"]
