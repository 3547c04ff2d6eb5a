"""A throw-away row in one of the five tables: what a contributor's first row would be.

``RADSIM_ROW=SOLVERS pytest -p throwaway`` runs tests with the row planted, and
``RADSIM_ROW=SOLVERS python -m throwaway solve --help`` the command line.  Every row is the twin of
one that is right, under a name that no code can know.
"""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any

NAME = "throwaway"
CLAIM = "V9"

Planted = tuple[MutableMapping[str, Any], str, Any]


def _solvers() -> list[Planted]:
    from radsim import SOLVERS

    # A game on disk is solved in passes over the file: the twin of a program is none.
    tables = [rows for (kind, _), rows in SOLVERS.items() if kind != "stored"]
    return [(rows, NAME, replace(rows["linprog"])) for rows in tables]


def _claims() -> list[Planted]:
    from radsim import CLAIMS

    return [(CLAIMS, CLAIM, replace(CLAIMS["V2"], id=CLAIM))]


def _designs() -> list[Planted]:
    from radsim import DESIGNS

    return [(DESIGNS, NAME, replace(DESIGNS["sampford"]))]


def _teachers() -> list[Planted]:
    from radsim import TEACHERS

    return [(TEACHERS, NAME, replace(TEACHERS["best response"]))]


def _strategies() -> list[Planted]:
    from radsim.distillation import STRATEGIES

    return [(STRATEGIES, NAME, replace(STRATEGIES["margin"]))]


ROWS: dict[str, Callable[[], list[Planted]]] = {
    "SOLVERS": _solvers,
    "CLAIMS": _claims,
    "DESIGNS": _designs,
    "TEACHERS": _teachers,
    "STRATEGIES": _strategies,
}

# Before tests are collected and before the command line reads its choices.
if table := os.environ.get("RADSIM_ROW"):
    for rows, name, row in ROWS[table]():
        rows[name] = row

if __name__ == "__main__":
    from radsim.cli import main

    main()
