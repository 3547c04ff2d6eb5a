r"""Identifiers of the rows in a file beside that of the gains."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from radsim.data.columns import named_id, no_id
from radsim.data.known_table import KnownTable, opened_table
from radsim.data.sources import Access
from radsim.data.tables import is_plain_text, is_text
from radsim.data.text import Dialect, InputError, like_number, number
from radsim.door import Array

__all__ = ["Beside", "beside", "identified", "picked_ids", "repeats"]

# A separator that no line has: each is one identifier, whatever it holds.
_NEVER = "\x1f"


class Beside(NamedTuple):
    """Identifiers of rows from a file of their own.

    Attributes
    ----------
    ids : dict
        Name of a column to one text a row; of a large file the lists are empty.
    ids_at : callable or None
        Sorted rows to a dict as `ids`, of a large file.
    """

    ids: Mapping[str, list[str]]
    ids_at: Callable[[Array], dict[str, list[str]]] | None


def beside(path: str, n: int, of: str, access: Access | None = None) -> Beside:
    r"""Read identifiers of n rows: text without a header has one a line, other files columns.

    Parameters
    ----------
    path : str
        A file of any format of `read_table`.  The first line of `.csv` and `.tsv` names the
        columns, of which there may be several; any other text is one identifier a line.
    n : int
        Rows there must be.
    of : str
        Whose rows, for the refusal.
    access : Access, optional

    Returns
    -------
    Beside

    Raises
    ------
    InputError
        If there are more or fewer, one is missing, a column holds fractions, or its
        name is a number; naming the row.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "ids.txt")
    ...     _ = path.write_text("img7\nimg, 8\n")
    ...     beside(str(path), 2, "gains.csv").ids
    {'id': ['img7', 'img, 8']}
    """
    plain = is_plain_text(path)
    dialect = Dialect(_NEVER, header=False) if plain else Dialect(header=True)
    with opened_table(path, dialect, None, access) as table:
        names, found = table.names, table.facts.n
        if found != n:
            way_on = "one a line, without a header" if plain else "the first line names the columns"
            raise InputError(
                f"{path}: {found} identifiers, and {of} has {n} rows"
                + (f"; in such a file {way_on}" if abs(found - n) == 1 else "")
            )
        cells, read_at = table.ids(names)
        if plain:
            _no_name(path, str(next(table.rows.blocks()).at(0, [0])[0]))
        elif is_text(path):
            _no_numbers(path, table)
    called = {name: "id" if plain or names == ["0"] else name for name in names}

    def checked(columns: Mapping[str, Sequence[str]], rows: Sequence[int]) -> dict[str, list[str]]:
        found = identified(path, columns, rows)
        return {called[name]: column for name, column in found.items()}

    for name, column in cells.items():
        if column and all(_fraction(cell) for cell in column):
            raise InputError(f"{path}: column {name!r}: {column[0]} and the like identify no rows")
    if read_at is None:
        return Beside(checked(cells, range(n)), None)
    empty: dict[str, list[str]] = {called[name]: [] for name in names}
    return Beside(empty, lambda rows: checked(read_at(rows), rows.tolist()))


def _no_name(path: str, first: str) -> None:
    """Refuse the name of a column as the identifier of a row: all others would be one row off."""
    plain = first.strip().casefold()
    if named_id(first) or named_id(plain) or plain in ("name", "names"):
        raise InputError(
            f"{path}: row 0: {first!r} looks like the name of a column, and in such a file the "
            "first line is an identifier: leave it out, or call the file .csv"
        )


def _no_numbers(path: str, table: KnownTable) -> None:
    """Refuse an identifier as the name of its column: it would be lost, and all others one off.

    0, 1, 2, ... are pandas' names of columns, which are doubtful above numbers alone.
    """
    for place, name in enumerate(table.names):
        counts = name == str(place) and place not in table.facts.no_number
        if like_number(name) and (counts or name != str(place)):
            raise InputError(
                f"{path}: the first line names the columns, and {name!r} is no name: put a line "
                "such as id above it, or change that one"
            )


def identified(
    path: str,
    ids: Mapping[str, Sequence[str]],
    rows: Sequence[int],
    what: str = "an identifier",
) -> dict[str, list[str]]:
    """The identifiers of some rows, of which none may be missing.

    Examples
    --------
    >>> identified("gains.csv", {"id": ["7", "8"]}, [0, 1])
    {'id': ['7', '8']}
    >>> identified("gains.csv", {"id": ["7", ""]}, [0, 3])
    Traceback (most recent call last):
    radsim.data.text.InputError: gains.csv: row 3, column 'id': an identifier is missing: ''
    """
    for name, cells in ids.items():
        for row, cell in zip(rows, cells, strict=True):
            if no_id(cell):
                where = f"{path}: row {row}" + (f", column {name!r}" if name != "0" else "")
                raise InputError(f"{where}: {what} is missing: {cell!r}")
    return {name: list(cells) for name, cells in ids.items()}


def _fraction(cell: str) -> bool:
    """Whether a cell is a number with a fraction."""
    value = number(cell)
    return math.isfinite(value) and value != math.floor(value)


def picked_ids(
    ids: Mapping[str, list[str]],
    read_ids: Callable[[Array], dict[str, list[str]]] | None,
    places: Array,
) -> dict[str, list[str]]:
    """Identifiers of some rows, in any order: those in memory, or what `read_ids` reads.

    Examples
    --------
    >>> picked_ids({"id": ["a", "b"]}, None, np.array([1, 0, 1]))
    {'id': ['b', 'a', 'b']}
    """
    if read_ids is None:
        return {name: [cells[i] for i in places.tolist()] for name, cells in ids.items()}
    if not ids:
        return {}
    wanted, where = np.unique(places, return_inverse=True)
    found = read_ids(wanted)
    return {name: [cells[k] for k in where.tolist()] for name, cells in found.items()}


def repeats(path: str, ids: Mapping[str, Sequence[str]]) -> list[str]:
    """A note on rows whose identifiers stood before, if there are any in memory.

    Examples
    --------
    >>> repeats("ids.txt", {"id": ["a", "b", "a", "a"]})
    ['ids.txt: 2 rows have identifiers that stood before, first row 2 those of row 0']
    >>> repeats("ids.txt", {"id": ["a", "b"]}), repeats("ids.txt", {})
    ([], [])
    """
    first: dict[tuple[str, ...], int] = {}
    pairs = [
        (before, row)
        for row, cells in enumerate(zip(*ids.values(), strict=True))
        if (before := first.setdefault(cells, row)) != row
    ]
    if not pairs:
        return []
    before, row = pairs[0]
    rows = f"{len(pairs)} row{'s have' if len(pairs) > 1 else ' has'}"
    words = f"first row {row} those of row {before}"
    return [f"{path}: {rows} identifiers that stood before, {words}"]
