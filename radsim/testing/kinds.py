r"""Kinds of subjects: selectors, solvers and designs, each with its checks and rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from radsim.door import one_of
from radsim.sampling import DESIGNS, Design
from radsim.sampling.design import Law
from radsim.selectors import SELECTORS, Selector
from radsim.solvers import SOLVERS, Solver
from radsim.testing.checks import Check
from radsim.testing.design_checks import DESIGN_CHECKS
from radsim.testing.selector_contract import CONTRACT_CHECKS
from radsim.testing.selector_merit import MERIT_CHECKS
from radsim.testing.solver_checks import SOLVER_CHECKS

__all__ = ["CHECKS", "SELECTOR_CHECKS", "Kind", "resolve"]

SELECTOR_CHECKS: dict[str, Check] = {check.id: check for check in (*CONTRACT_CHECKS, *MERIT_CHECKS)}


def _unlisted(q: np.ndarray) -> Law:
    raise ValueError("this design lists no law")


@dataclass(frozen=True)
class Kind:
    """Kind of subject: its checks, its rows, and how a function becomes a row."""

    checks: Mapping[str, Check]
    rows: Mapping[str, Any]
    row: type
    made: Callable[[Callable[..., Any]], Any]
    function: str  # field of the row that holds the function


CHECKS: dict[str, Kind] = {
    "selector": Kind(SELECTOR_CHECKS, SELECTORS, Selector, Selector, "select"),
    "solver": Kind(SOLVER_CHECKS, SOLVERS["plain", "value"], Solver, Solver, "solve"),
    "design": Kind(DESIGN_CHECKS, DESIGNS, Design, lambda f: Design(f, _unlisted, 0), "draw"),
}


def resolve(kind: str, subject: Any, argument: str = "") -> tuple[Any, str]:
    """A row and its name, from a name, a row or a function; `argument` holds it."""
    argument = argument or kind
    known = CHECKS[kind]
    if isinstance(subject, str):
        return known.rows[one_of(subject, known.rows, argument)], subject
    if not isinstance(subject, known.row):
        if not callable(subject):
            raise ValueError(f"{argument} = {subject!r} must be a function, a row or a name")
        subject = known.made(subject)
    for name, row in known.rows.items():
        if row is subject:
            return row, name
    function = getattr(subject, known.function)
    return subject, getattr(function, "__name__", type(function).__name__)
