"""What a formal theorem's row says."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["POOL", "PROPORTIONAL", "Theorem"]

POOL = "n points, real g > 0 and h >= 0 of any kind"
PROPORTIONAL = "n points, real g > 0, h = c*g, real c >= 0"


@dataclass(frozen=True)
class Theorem:
    """One theorem of Main.v; its statement is `name_statement` in a file of statements."""

    claim: str
    name: str
    says: str
    hypotheses: str
    file: str
    status: str = "proved for all n"
