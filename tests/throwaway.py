"""A throw-away row in one of the five tables: what a contributor's first row would be.

``RADSIM_ROW=SOLVERS pytest -p throwaway`` runs tests with the row planted; with ``all`` there is
one in each table.  ``RADSIM_ROW=SOLVERS python -m throwaway 'solve --help' 'solve ...'`` runs
command lines, and prints what came of each as JSON.  Every row is the twin of one that is right,
under a name that no code can know.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any

NAMES = {
    "SOLVERS": "throwaway_solver",
    "CLAIMS": "V9",
    "DESIGNS": "throwaway_design",
    "TEACHERS": "throwaway_teacher",
    "STRATEGIES": "throwaway_strategy",
}

Planted = tuple[MutableMapping[str, Any], str, Any]


def _solvers() -> list[Planted]:
    from radsim import SOLVERS

    # A game on disk is solved in passes over the file: the twin of a program is none.
    tables = [rows for (kind, _), rows in SOLVERS.items() if kind != "stored"]
    return [(rows, NAMES["SOLVERS"], replace(rows["linprog"])) for rows in tables]


def _claims() -> list[Planted]:
    from radsim import CLAIMS

    name = NAMES["CLAIMS"]
    return [(CLAIMS, name, replace(CLAIMS["V2"], id=name))]


def _designs() -> list[Planted]:
    from radsim import DESIGNS

    return [(DESIGNS, NAMES["DESIGNS"], replace(DESIGNS["sampford"]))]


def _teachers() -> list[Planted]:
    from radsim import TEACHERS

    return [(TEACHERS, NAMES["TEACHERS"], replace(TEACHERS["best response"]))]


def _strategies() -> list[Planted]:
    from radsim.distillation import STRATEGIES

    return [(STRATEGIES, NAMES["STRATEGIES"], replace(STRATEGIES["margin"]))]


ROWS: dict[str, Callable[[], list[Planted]]] = {
    "SOLVERS": _solvers,
    "CLAIMS": _claims,
    "DESIGNS": _designs,
    "TEACHERS": _teachers,
    "STRATEGIES": _strategies,
}

# Before tests are collected and before the command line reads its choices.
if table := os.environ.get("RADSIM_ROW"):
    for each in ROWS if table == "all" else [table]:
        for rows, name, row in ROWS[each]():
            rows[name] = row

if __name__ == "__main__":
    from commands import call

    found = [call(*line.split()) for line in sys.argv[1:]]
    print(json.dumps([(x.exit_code, x.stdout, x.stderr) for x in found]))
