r"""What a column of a file holds: numbers, texts, a count of the rows, identifiers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np

from radsim.data.text import like_number, number
from radsim.door import Array

__all__ = [
    "column_floats",
    "counting",
    "counts_rows",
    "identifies",
    "missing",
    "named_id",
    "no_id",
    "textual",
    "without_id",
]

# Names of columns that identify the rows, beside those that end in id.
_IDS = {
    "#",
    "id",
    "ids",
    "idx",
    "index",
    "key",
    "guid",
    "uuid",
    "row",
    "rowid",
    "__index_level_0__",
}
_ID = re.compile(r".*([_ .-]id|[a-z]I[dD])")
# No number, word for a missing one, or list: a letter and then a digit, or a digit and then a
# letter that is no exponent's.
_SURELY = "^(?:[A-Za-z][^0-9]*[0-9]|[0-9][^A-DF-Za-df-z]*[A-DF-Za-df-z])"


def _float(cell: Any, decimal: str) -> float:
    if isinstance(cell, str):
        return number(cell, decimal)
    if isinstance(cell, bool | np.timedelta64 | np.complexfloating):
        return np.nan
    try:
        return float(cell) if isinstance(cell, int | float | Decimal | np.number) else np.nan
    except OverflowError:  # an int that no float can hold
        return np.nan


def column_floats(cells: Any, decimal: str = ".") -> Array:
    """Return a column as float64; what is no number is NaN.

    Examples
    --------
    >>> column_floats(["0.5", "x", 2, True])
    array([0.5, nan, 2. , nan])
    """
    if isinstance(cells, np.ndarray):
        with np.errstate(over="ignore"):  # infinite is no number either
            return cells.astype(np.float64)
    parsed = number if all(isinstance(cell, str) for cell in cells) else _float
    return np.fromiter((parsed(cell, decimal) for cell in cells), np.float64, len(cells))


def missing(cell: Any) -> bool:
    """Whether a cell is empty or blank.

    Examples
    --------
    >>> missing(" "), missing("NA")
    (True, False)
    """
    return isinstance(cell, str) and not cell.strip()


def no_id(cell: Any) -> bool:
    """Whether a cell identifies no row: it is blank, or a word for a missing value.

    Examples
    --------
    >>> no_id(" "), no_id("NaN"), no_id("7")
    (True, True, False)
    """
    return str(cell).strip().casefold() in ("", "nan", "none", "<na>", "nat")


def without_id(cells: Any) -> int | None:
    """The first row that lacks an identifier in a column where all others have one.

    Examples
    --------
    >>> without_id(["a", "", "b"]), without_id(["a", "b"]), without_id(["0.5", "", "1"])
    (1, None, None)
    """
    blank = [row for row, cell in enumerate(cells) if no_id(cell)]
    rest = [cell for cell in cells if not no_id(cell)]
    values = column_floats(rest)
    whole = bool(np.all(np.isfinite(values) & (values == np.floor(values))))
    return blank[0] if blank and (whole or textual(rest)) else None


def textual(cells: Any) -> bool:
    """Whether all cells are texts, none of which looks like a number, a missing one or a list.

    Examples
    --------
    >>> textual(["img7", "img8"]), textual(["img7", "NA"]), textual(["img7", "8"])
    (True, False, False)
    """
    if hasattr(cells, "to_pylist"):  # of Arrow: most identifiers are seen to be texts at once
        import pyarrow.compute as compute

        if compute.all(compute.match_substring_regex(cells, _SURELY)).as_py():
            return True
        cells = cells.to_pylist()
    return isinstance(cells, list) and all(
        isinstance(cell, str)
        and any(map(str.isalpha, cell))
        and not like_number(cell)
        and not cell.lstrip().startswith(("[", "{"))
        and not np.isinf(number(cell))
        for cell in cells
    )


def named_id(name: str) -> bool:
    """Whether a column is named as one that identifies the rows.

    Examples
    --------
    >>> named_id("image_id"), named_id("Unnamed: 0"), named_id("cat")
    (True, True, False)
    """
    plain = name.strip()
    return bool(plain.casefold() in _IDS or _ID.fullmatch(plain) or plain.startswith("Unnamed: "))


def identifies(name: str, cells: Any, *, by_texts: bool = True) -> bool:
    """Whether a column identifies the rows: by its name and whole numbers, or by its texts.

    Examples
    --------
    >>> identifies("id", ["80", "81"]), identifies("cat", ["0.5", "1"])
    (True, False)
    """
    named, texts = named_id(name), textual(cells)
    if texts or not named:
        # A single text may be a number that was spoilt.
        return texts and bool(named or (by_texts and len(cells) > 1))
    values = column_floats(cells)
    return bool(np.all(np.isfinite(values) & (values == np.floor(values))))


def counts_rows(cells: Any) -> bool:
    """Whether a column is 0, 1, 2, ... or 1, 2, 3, ..., as an index that was written.

    Examples
    --------
    >>> counts_rows(["0", "1", "2"]), counts_rows(["1", "3"])
    (True, False)
    """
    return bool(counting(column_floats(cells)))


def counting(values: Array, start: int = 0) -> set[int]:
    """Those of 0 and 1 from which on a stretch of rows is counted; `start` rows stand before it.

    Examples
    --------
    >>> counting(np.array([3.0, 4.0]), start=2), counting(np.array([3.0, 5.0]), start=2)
    ({1}, set())
    """
    places = np.arange(start, start + len(values))
    return {first for first in (0, 1) if np.array_equal(values, places + first)}
