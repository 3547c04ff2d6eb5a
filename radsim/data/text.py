r"""Tables in text: cells as they are written; what could be read in two ways is refused."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from radsim.door import one_of

__all__ = [
    "Dialect",
    "Head",
    "InputError",
    "Table",
    "like_number",
    "long_cells",
    "number",
    "records",
    "said",
    "text_head",
    "text_table",
    "whole_rows",
]

# Characters of a cell: far more than any number or name has, and no trouble for memory.
MOST_IN_A_CELL = 1 << 24
SEPARATORS = (",", ";", "\t", "|")
_WORDS = {"tab": "\t", r"\t": "\t", "space": " "}
# How a missing number is written; the first line of a file without a header may hold one.
MISSING = {"", "na", "nan", "n/a", "null"}
# A line with one of these names columns.
_NAMES = {"gain", "gains", "id", "label", "labels"}
# Numbers, dates, percentages: no letter but the exponent's.
_NUMERIC = re.compile(r"(?:[\W\d_]|(?<=[\d.])[eE](?=[-+\d]))*")


class InputError(ValueError):
    """A file cannot be used; the message names file, row, column and value."""


class Table(NamedTuple):
    """Columns by name, each a list of cells or an array of numbers, and notes on the reading."""

    columns: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialect:
    r"""How a text file writes a table.

    Attributes
    ----------
    sep : str
        What separates the columns: one character, or "tab"; found in the first lines if empty.
    decimal : {".", ","}
        The decimal mark.
    header : bool, optional
        Whether the first line names the columns; found there if not given.

    Examples
    --------
    >>> Dialect("tab").sep
    '\t'
    """

    sep: str = ""
    decimal: str = "."
    header: bool | None = None

    def __post_init__(self) -> None:
        sep = _WORDS.get(self.sep, self.sep)
        # What stands in numbers separates none.
        if len(sep) > 1 or sep.isalnum() or sep in tuple('"\r\n.+-_'):
            raise ValueError(f"--sep {self.sep!r} must be one character, such as ';', or tab")
        object.__setattr__(self, "sep", sep)
        one_of(self.decimal, (".", ","), "--decimal")


def number(cell: Any, decimal: str = ".") -> float:
    """A number as it is written in a file; Python's own 1_000 and other digits are none.

    Examples
    --------
    >>> number(" 1e-3"), number("0,5", decimal=","), number("1.000,5", decimal=",")
    (0.001, 0.5, nan)
    """
    if decimal != ".":
        cell = "" if "." in cell else cell.replace(decimal, ".")
    try:
        return float(cell) if cell.isascii() and "_" not in cell else np.nan
    except ValueError:
        return np.nan


def said(cell: Any) -> str:
    """A cell in one short line."""
    text = repr(cell.item() if isinstance(cell, np.generic) else cell)
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def text_table(text: str, dialect: Dialect | None = None) -> Table:
    r"""Columns of a text as lists of str; every row has as many fields as the first one.

    A blank line is a row of missing values, blank lines before the header and after the last row
    are none.  Names that are missing or twice there are made up, as pandas does it.

    Parameters
    ----------
    text : str
    dialect : Dialect, optional

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no line, a row is too long or too short, a quote is never closed, or separator
        or header could be two things.

    Examples
    --------
    >>> text_table("gain;gain\n0.5;1\n\n0.25;2\n").columns
    {'gain': ['0.5', '', '0.25'], 'gain.1': ['1', '', '2']}
    >>> text_table("0.5\n0.25\n")
    Table(columns={'0': ['0.5', '0.25']}, notes=('no header line: the first line is row 0',))
    """
    head = text_head(text, dialect or Dialect())
    with long_cells():
        rows = list(records(_ended(text[head.start :]), head.sep))
    del rows[: head.n_before]
    if head.doubtful and all(cell.strip().isdigit() for row in rows for cell in row):
        raise ValueError(head.doubtful)
    rows = whole_rows(rows, head)
    columns = zip(*rows, strict=True) if rows else [()] * len(head.names)
    return Table(dict(zip(head.names, map(list, columns), strict=True)), tuple(head.notes))


class Head(NamedTuple):
    """What the first lines of a text say of all others.

    Attributes
    ----------
    start : int
        Characters before the first line of the table.
    sep : str
    names : list of str
    named : bool
        Whether a line holds the names.
    n_before : int
        Records before row 1.
    doubtful : str
        The refusal if all cells are whole numbers; empty if that is no matter.
    notes : list of str
    """

    start: int
    sep: str
    names: list[str]
    named: bool
    n_before: int
    doubtful: str
    notes: list[str]


def text_head(text: str, dialect: Dialect) -> Head:
    r"""Find separator and names in a text, or in so much of it that its first two lines are there.

    Examples
    --------
    >>> text_head("gain;id\n0.5;7\n", Dialect()).names
    ['gain', 'id']
    """
    rest = text.removeprefix("\ufeff").removeprefix("# ")  # np.savetxt marks its header so
    told = re.match(r"sep=(.)\r?\n", rest)  # a first line of Excel's
    if told:
        rest = rest[told.end() :]
    first, n_blank, notes = list[str](), 0, []
    with long_cells():
        sep = dialect.sep or (told[1] if told else "") or _separator(rest, dialect.decimal)
        for first in records(_ended(rest), sep):
            if not _blank(first):
                break
            n_blank += 1
    if _blank(first):
        raise ValueError("no line, and so no columns")
    header = dialect.header
    if header is None:
        header = _has_header(first)
        if not header:
            notes.append("no header line: the first line is row 0")
    doubtful = ""
    if not header and not dialect.sep and sep == "," and len(first) == 2:
        doubtful = (
            f"{said(','.join(first))} may be one number or two; --decimal , or --sep , says which"
        )
    if not dialect.sep and sep != ",":
        notes.append(f"columns separated by {sep!r}")
    names = _names(first) if header else [str(k) for k in range(len(first))]
    n_before = n_blank + 1 if header else 0
    return Head(len(text) - len(rest), sep, names, header, n_before, doubtful, notes)


def whole_rows(rows: list[list[str]], head: Head, start: int = 0) -> list[list[str]]:
    r"""Rows of as many fields as there are names; `start` rows stand before them.

    Examples
    --------
    >>> whole_rows([["1", "2"], []], text_head("a,b\n", Dialect()))
    [['1', '2'], ['', '']]
    """
    width = len(head.names)
    for k, row in enumerate(rows):
        if _blank(row):
            rows[k] = [""] * width
        elif len(row) != width:
            against = "header" if head.named else "first row"
            raise ValueError(_ragged(start + k, row, width, head.sep, against))
    return rows


def _blank(row: list[str]) -> bool:
    return not row or (len(row) == 1 and row[0].isspace())


def _ragged(k: int, row: list[str], width: int, sep: str, against: str) -> str:
    fields = f"{len(row)} field{'s' * (len(row) != 1)}"
    text = said(sep.join(row))
    words = f"row {k} has {fields}, the {against} has {width}: {text}"
    if len(row) > width and sep == ",":
        if re.search(r"\d,\d{3}\b", text) and "." in text:
            return f"{words}; write numbers without separators of thousands"
        way_on = "if a comma is the decimal mark: --decimal , (and --sep ';')"
        return f"{words}; {way_on}; if the header lacks a name, add it"
    if len(row) < width or sep == " ":
        return words
    return f"{words}; another separator is named by --sep"


def _ended(text: str) -> Iterator[str]:
    """Lines of a text without the blank ones after its last row."""
    last = text.rstrip(" \r\n")
    tail = text[len(last) :]
    last += tail[: len(tail) - len(tail.lstrip(" "))]  # blanks that end a row are its own
    return io.StringIO(last, newline="")


def records(lines: Iterable[str], sep: str, before: int = 0) -> Iterator[list[str]]:
    r"""Rows of fields, none for a blank line; `before` lines stand before them.

    Examples
    --------
    >>> list(records(["a,b\n", "\n", "1,2\n"], ","))
    [['a', 'b'], [], ['1', '2']]
    """
    reader = csv.reader(
        (f"{line.strip()}\n" for line in lines) if sep == " " else lines,
        delimiter=sep,
        strict=True,
        skipinitialspace=sep == " ",
    )
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(f"line {before + reader.line_num}: quotes: {_quotes(error)}") from None


@contextmanager
def long_cells() -> Iterator[None]:
    """Cells may be longer than the csv module's limit of 131,072 characters."""
    limit = csv.field_size_limit(MOST_IN_A_CELL)
    try:
        yield
    except csv.Error as error:
        raise ValueError(_quotes(error)) from None
    finally:
        csv.field_size_limit(limit)


def _quotes(error: csv.Error) -> str:
    words = str(error)
    return f"a cell of more than {MOST_IN_A_CELL:,} characters" if "limit" in words else words


def _separator(text: str, decimal: str) -> str:
    """The separator that gives the first two lines the same number of columns."""
    lines = []
    for line in io.StringIO(text, newline=""):
        if line.strip():
            lines.append(line.strip("\r\n"))
        if len(lines) == 2:
            break
    widths = {
        sep: [len(next(csv.reader([line], delimiter=sep), [])) for line in lines]
        for sep in SEPARATORS
        if sep != decimal
    }
    found = [sep for sep, counts in widths.items() if counts and 1 < counts[0] == counts[-1]]
    if len(found) > 1:
        raise ValueError(
            f"both {found[0]!r} and {found[1]!r} may separate the columns of {said(lines[0])}; "
            f"--sep '{found[1]}' says which, and --decimal , if a comma is the decimal mark"
        )
    if found:
        return found[0]
    parts = [line.split() for line in lines]
    if (
        parts
        and len(parts[0]) == len(parts[-1]) > 1
        and all(map(np.isfinite, (number(cell, decimal) for cell in parts[-1])))
    ):
        return " "
    for sep, counts in widths.items():
        if sep != "," and counts and counts[0] > 1:
            raise ValueError(
                f"{sep!r} gives {said(lines[0])} {counts[0]} columns, the next line {counts[-1]}; "
                "--sep says what separates them"
            )
    return "," if decimal == "." else ";"


def like_number(cell: str) -> bool:
    """Whether a cell looks like a number, a date, or a missing value: no text, and no name.

    Examples
    --------
    >>> [like_number(cell) for cell in ("1.000,5", "NA", "1e-5", "2026-11-26", "e5", "a17")]
    [True, True, True, True, False, False]
    """
    cell = cell.strip()
    word = cell.lstrip("+-").casefold()
    return word in {*MISSING, "inf", "infinity"} or _NUMERIC.fullmatch(cell) is not None


def _has_header(first: list[str]) -> bool:
    """Whether the first line names the columns: numbers do not, unless they count the columns."""
    named = [cell.strip() for cell in first if cell.strip()]
    cells = [cell for cell in named if like_number(cell)]
    if (named and not cells) or _NAMES & {cell.casefold() for cell in named}:
        return True
    both = (
        f"the first line may hold names or numbers: {said(','.join(first))}; "
        "--header or --no-header says which"
    )
    counts = [{str(k + start) for k in range(len(cells))} for start in (0, 1)]
    if cells and set(cells) in counts:
        # 0,1,2 are pandas' names of columns, and no distribution; 0,1 may be a row too.
        if len(cells) <= 2 and first[0].strip():
            raise ValueError(both)
        return True
    if len(named) > len(cells) or not cells:
        raise ValueError(both)
    return False


def _names(header: list[str]) -> list[str]:
    """Names of columns that differ: a second "a" becomes "a.1", an empty one "Unnamed: 3"."""
    names = [name or f"Unnamed: {k}" for k, name in enumerate(header)]
    seen: Counter[str] = Counter()
    for k in sorted(range(len(names)), key=lambda k: not header[k]):
        name, count = names[k], seen[names[k]]
        while count > 0:
            seen[names[k]] = count + 1
            name = f"{names[k]}.{count}"
            count = count + 1 if name in names else seen[name]
        names[k] = name
        seen[name] = count + 1
    return names
