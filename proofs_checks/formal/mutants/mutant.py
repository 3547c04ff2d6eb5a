"""A wrong statement that Coq must refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import z3

__all__ = ["Mutant"]


@dataclass(frozen=True)
class Mutant:
    """Edit (old, new) of a file of statements; the file whose proofs break; a counterexample."""

    name: str
    edit: tuple[str, str]
    breaks: str
    counterexample: Callable[[], list[z3.BoolRef]]
    file: str = "Statements"
