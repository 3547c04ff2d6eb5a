r"""What each table that radsim writes must hold; whatever else a table holds is said, in words.

A row of `SHAPES` is a file, its columns, and what each cell of a column may be.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from radsim.claims import CLAIMS
from radsim.pages.tables import shown_frame
from radsim.runs.verify import ROWS, routes

__all__ = ["SHAPES", "STATUSES", "Column", "columns_of", "disagreements", "look", "typed_frame"]

STATUSES = ("HOLDS", "VIOLATED", "UNDECIDED")
MOST_SHOWN = 5  # rows, or values, that one fault names


@dataclass(frozen=True)
class Column:
    """What a cell may be: "count", "number", "truth", "text", "claim", or one of some texts."""

    kind: str
    known: tuple[str, ...] = ()

    def says(self) -> str:
        """What is wrong with a cell that may not be."""
        words = {"count": "no count", "number": "no number", "truth": "neither True nor False"}
        return words.get(self.kind, "no text" if self.kind == "text" else "none that radsim writes")


COUNT, NUMBER, TRUTH, TEXT = Column("count"), Column("number"), Column("truth"), Column("text")
STATUS = Column("one of", STATUSES)
STATUS_OR_NONE = Column("one of", (*STATUSES, ""))


def _numbers(names: str) -> dict[str, Column]:
    return dict.fromkeys(names.split(), NUMBER)


# File -> column -> what its cells may be.  A table has these columns and no others.
SHAPES: dict[str, dict[str, Column]] = {
    "verdicts.csv": {
        "instance": COUNT,
        "family": TEXT,
        "claim": Column("claim", tuple(CLAIMS)),
        "witness": Column("one of", tuple(routes())),
        "status": STATUS,
        "worst": TEXT,
    }
    | _numbers("bound lower upper slack"),
    "solvers.csv": {
        "instance": COUNT,
        "family": TEXT,
        "solver": Column("one of", tuple(routes())),
        "accepted": TRUTH,
    }
    | _numbers("gap distance")
    | {"words": TEXT},
    "real.csv": dict.fromkeys(("n", "n_mistakes", "budget"), COUNT)
    | _numbers("student_accuracy teacher_accuracy guarantee realised margin_guarantee")
    | _numbers("margin_realised gap")
    | {"accepted": TRUTH, "holds": TRUTH},
    "coverage.csv": _numbers("covered low high kept mean_bound mean_mistakes mean_guarantee")
    | _numbers("mean_realised delta")
    | {"seed": COUNT},
    "scorecard.csv": {"instance": TEXT, "selector": TEXT} | _numbers("guarantee share"),
}
# Of a simulation; the columns of its cells come before these.
SIMULATION: dict[str, Column] = (
    {"cell": COUNT, "selector": TEXT, "design": TEXT, "n": COUNT}
    | _numbers("mistakes budget largest_gain mean_mistakes lift guarantee realised deviation")
    | _numbers("wrong_share")
    | {"status": STATUS_OR_NONE, "n_draws": COUNT}
)


def columns_of(
    name: str, header: Iterable[str], cells: Sequence[Mapping[str, Any]]
) -> dict[str, Column] | None:
    """The columns that a file must have, if that is known.

    Parameters
    ----------
    name : str
        Of the file.
    header : iterable of str
        The columns that it has.
    cells : sequence of mappings
        Of the run's manifest.

    Returns
    -------
    dict or None
    """
    cell = cells[0] if cells else {}
    if name == "results.parquet" and ("selectors" in cell or "selector" in header):
        given = {key: COUNT if type(x) is int else TEXT for key, x in cell.items()}
        return given | SIMULATION
    return SHAPES.get(name)


_ADDRESS = re.compile(r"[\w./ -]{1,200}:[A-Za-z_][\w.]{0,99}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"-?(inf|[0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?)", re.ASCII)


def _from_text(cell: str, column: Column) -> Any:
    """What a cell of a CSV file says; the text itself if it does not say what it should."""
    if column.kind == "count" and _COUNT.fullmatch(cell):
        return int(cell)
    if column.kind == "number" and (cell == "" or _NUMBER.fullmatch(cell)):
        return float(cell or "nan")
    return {"True": True, "False": False}.get(cell, cell) if column.kind == "truth" else cell


def _good(value: Any, column: Column) -> bool:
    if column.kind == "count":
        return type(value) is int and value >= 0
    if column.kind == "number":
        return type(value) in (int, float)
    if column.kind == "truth":
        return type(value) is bool
    if column.kind == "claim" and type(value) is str and _ADDRESS.fullmatch(value):
        return True  # of somebody's own
    return type(value) is str and (not column.known or value in column.known)


def typed_frame(raw: pd.DataFrame, columns: Mapping[str, Column] | None) -> pd.DataFrame:
    """A CSV file's texts as what they say, column by column; what they should not say stays text.

    Parameters
    ----------
    raw : pandas.DataFrame
    columns : mapping, optional
        None: they are not known, and are numbers where all their cells are.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> raw = pd.DataFrame({"instance": ["0", "x"], "accepted": ["True", "no"]})
    >>> typed_frame(raw, SHAPES["solvers.csv"])["instance"].tolist()
    [0, 'x']
    """
    frame = shown_frame(raw)
    for name in set(frame.columns) & set(columns or ()):
        column = (columns or {})[name]
        frame[name] = _series([_from_text(cell, column) for cell in raw[name]])
    return frame


def _series(cells: list[Any]) -> pd.Series:
    """As plain a column as its cells allow."""
    kinds = set(map(type, cells))
    return pd.Series(cells, dtype=None if len(kinds) == 1 and str not in kinds else object)


def look(frame: pd.DataFrame, columns: Mapping[str, Column] | None) -> Iterator[str]:
    """Say what a table holds that radsim does not write, one line a kind of fault.

    Parameters
    ----------
    frame : pandas.DataFrame
    columns : mapping, optional
        None: only the statuses are known.

    Yields
    ------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"claim": ["V1", "V2"], "status": ["HOLDS", "ERROR"]})
    >>> list(look(frame, None))
    ["status 'ERROR' is none that radsim writes (row 2)"]
    """
    if columns is None:
        columns = {"status": STATUS_OR_NONE} if "status" in frame.columns else {}
        for name in frame.columns:
            if _plainly(name) == "status" != name:
                yield f"column {name!r} is none that radsim writes, though it looks like 'status'"
    else:
        for name in columns:
            if name not in frame.columns:
                yield f"column {name!r} is missing"
        for name in frame.columns:
            if name not in columns:
                yield f"column {name!r} is none that radsim writes"
    for name, column in columns.items():
        if name in frame.columns:
            yield from _faults(name, frame[name].tolist(), column)


def _plainly(name: Any) -> str:
    """A name without what nobody sees."""
    text = unicodedata.normalize("NFKC", str(name)).casefold()
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def _faults(name: str, cells: list[Any], column: Column) -> Iterator[str]:
    rows: dict[str, list[int]] = {}
    for k, value in enumerate(cells):
        if not _good(value, column):
            part = value[:60] if isinstance(value, str | bytes) else value
            shown = "empty" if value is None or value != value else f"{part!r:.60}"
            rows.setdefault(shown, []).append(k + 1)
    for k, (shown, found) in enumerate(rows.items()):
        if k == MOST_SHOWN:
            yield f"{name}: {len(rows) - k} more values are {column.says()}"
            return
        if shown in ("empty", "''"):
            yield f"{name} is empty ({_rows(found)})"
        else:
            yield f"{name} {shown} is {column.says()} ({_rows(found)})"


def _rows(found: list[int]) -> str:
    shown = ", ".join(map(str, found[:MOST_SHOWN]))
    more = len(found) - MOST_SHOWN
    return f"row{'s' * (len(found) > 1)} {shown}{f' and {more} more' if more > 0 else ''}"


# --- Cells that belie each other ---


def disagreements(name: str, frame: pd.DataFrame) -> Iterator[str]:
    """Say where cells of one row cannot both be so.

    Parameters
    ----------
    name : str
        Of the file.
    frame : pandas.DataFrame
        Rows whose cells are all of the right kind are looked at, others are not.

    Yields
    ------
    str

    Examples
    --------
    >>> row = {"status": "HOLDS", "bound": 1.0, "lower": 0.5, "upper": 0.5, "slack": -0.5}
    >>> list(disagreements("verdicts.csv", pd.DataFrame([row])))
    ['row 1: HOLDS, though its slack is -0.5']
    """
    rule = _RULES.get(name)
    if rule is None:
        return
    found = [
        (k, words) for k, row in enumerate(frame.to_dict("records")) if (words := _asked(rule, row))
    ]
    for k, words in found[:MOST_SHOWN]:
        yield f"row {k + 1}: {words}"
    if len(found) > MOST_SHOWN:
        yield f"{len(found) - MOST_SHOWN} more rows whose cells cannot all be so"


def _asked(rule: Any, row: Mapping[str, Any]) -> str:
    try:
        return str(rule(row))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""  # a cell is missing or of another kind, which is said already


def _verdict(row: Mapping[str, Any]) -> str:
    status, slack = row["status"], row["slack"]
    if row.get("claim", "V1") not in CLAIMS:
        return ""  # of somebody's own: its numbers may be means of draws
    if status == "HOLDS" and not slack >= -1e-6:
        return f"HOLDS, though its slack is {slack:g}"
    bound, low, high = row["bound"], row["lower"], row["upper"]
    if status == "UNDECIDED" and slack < 0 and math.isfinite(slack):
        # How far the whole interval is on the wrong side, in the unit of the slack.
        wrong = max(bound - high, low - bound)
        unit = min(low - bound, bound - high) / slack
        if wrong > 1e-6 * unit:
            return "UNDECIDED, though all that was measured is on the wrong side"
    return ""


def _solver(row: Mapping[str, Any]) -> str:
    if row["accepted"]:
        method = routes()[row["solver"]][0]
        worst = max(row["gap"], row["distance"])
        if not worst <= 2 * ROWS[method].rtol or row["gap"] != row["gap"]:
            return f"accepted, with gap {row['gap']:g} and distance {row['distance']:g}"
    return ""


def _real(row: Mapping[str, Any]) -> str:
    holds = row["accepted"] and row["realised"] >= row["guarantee"] - 1e-9 * row["budget"]
    if row["holds"] != holds:
        return (
            f"holds is {row['holds']}, with accepted {row['accepted']}, realised "
            f"{row['realised']:g} and guarantee {row['guarantee']:g}"
        )
    return ""


def _covered(row: Mapping[str, Any]) -> str:
    for name in row:
        if not math.isfinite(row[name]):
            return f"{name} is no finite number"
    if not 0 <= row["low"] <= row["covered"] <= row["high"] <= 1:
        return f"covered {row['covered']:g} is not between {row['low']:g} and {row['high']:g}"
    return "" if 0 < row["delta"] < 1 else f"delta {row['delta']:g} is no error probability"


def _simulated(row: Mapping[str, Any]) -> str:
    if row["status"] == "" and math.isfinite(row["guarantee"]):
        return f"no status, though {row['guarantee']:g} was guaranteed"
    if row["status"] != "" and not math.isfinite(row["realised"] + row["guarantee"]):
        return f"{row['status']}, though what was realised or guaranteed is no number"
    return ""


_RULES = {
    "verdicts.csv": _verdict,
    "solvers.csv": _solver,
    "real.csv": _real,
    "coverage.csv": _covered,
    "results.parquet": _simulated,
}
