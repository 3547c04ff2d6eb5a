r"""Read gains from a file of gains or of class probabilities, in any format of `read_table`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from radsim.data.columns import column_floats, counts_rows, identifies, missing
from radsim.data.gains import gains_from_probabilities
from radsim.data.rounding import normalised
from radsim.data.stored_columns import Column
from radsim.data.tables import read_table
from radsim.data.text import Dialect, InputError, said
from radsim.game import Array

__all__ = ["LARGE", "InputError", "Reading", "read", "read_probabilities"]

# Names of columns that hold gains; letter case and blanks around a name say nothing.
_GAINS = ("gain", "gains")
# Points of which the numbers stay in memory.
LARGE = 1 << 20


@dataclass(frozen=True, eq=False)
class Reading:
    """What a file holds, and what was decided in reading it.

    Attributes
    ----------
    gains : ndarray, shape (n,), or Column
        Of more than `LARGE` points a column, which is read again in each pass.
    harms : like gains, or None
    ids : dict
        Name to list of str, shape (n,): columns that identify the rows.  Of a large file the lists
        are empty, and `ids_at` reads them where they are asked for.
    notes : tuple of str
        Each in one line, for whoever wrote the file.
    read_ids : callable, optional
        Sorted places to a dict as `ids`, of a large file.

    Examples
    --------
    >>> Reading(np.array([0.5, 0.25]), ids={"id": ["a", "b"]}).ids["id"]
    ['a', 'b']
    """

    gains: Array | Column
    harms: Array | Column | None = None
    ids: Mapping[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    read_ids: Callable[[Array], dict[str, list[str]]] | None = None

    def ids_at(self, places: Array) -> dict[str, list[str]]:
        """Identifiers of some rows, by the names of their columns.

        Parameters
        ----------
        places : ndarray of int
            From 0; in any order, and more than once if need be.

        Returns
        -------
        dict
            Name to list of str, one a place.

        Examples
        --------
        >>> Reading(np.array([0.5, 0.25]), ids={"id": ["a", "b"]}).ids_at(np.array([1, 0]))
        {'id': ['b', 'a']}
        """
        if self.read_ids is None:
            return {name: [cells[i] for i in places.tolist()] for name, cells in self.ids.items()}
        if not self.ids:
            return {}
        wanted, where = np.unique(places, return_inverse=True)
        found = self.read_ids(wanted)
        return {name: [cells[k] for k in where.tolist()] for name, cells in found.items()}


def _why(cell: Any, decimal: str) -> str:
    """How to go on after a cell that is no number."""
    if not isinstance(cell, str):
        return ""
    text = cell.strip()
    if decimal == "." and re.fullmatch(r"[-+]?\d*,\d+([eE][-+]?\d+)?", text):
        return "; if a comma is the decimal mark: --decimal ,"
    if re.fullmatch(r"[-+]?\d{1,3}([., ' ]\d{3})+([.,]\d*)?", text):
        return "; write it without separators of thousands"
    if re.search(r"\d\s*[;|\t]\s*[\d+.-]", text):
        return "; if that separates columns: --sep"
    return ""


def _numbers(path: str, columns: dict[str, Any], decimal: str, low: float = 0.0) -> Array:
    found = []
    for name, cells in columns.items():
        values = column_floats(cells, decimal)
        bad = np.flatnonzero(~np.isfinite(values) | (values < low))
        if bad.size:
            i = int(bad[0])
            where = f"{path}: row {i + 1}, column {name!r}"
            if missing(cells[i]):
                raise InputError(f"{where}: a number is missing")
            words = _why(cells[i], decimal)
            if not words and len(columns) > 1:
                words = "; --id NAME leaves out a column that is no class"
            raise InputError(
                f"{where}: {said(cells[i])} is not a finite non-negative number{words}"
            )
        found.append(values)
    return np.column_stack(found)


def _found(path: str, columns: Iterable[str], names: Iterable[str]) -> str | None:
    """The column of one of these names: as it is written, or but for letter case and blanks."""
    names, columns = tuple(names), tuple(columns)
    plain = {name.strip().casefold() for name in names}
    like = [name for name in columns if name.strip().casefold() in plain]
    like += [name for name in columns if name.rpartition(".")[0] in like]  # named twice
    exact = [name for name in names if name in like]
    if len(like) > 1 and not (exact and f"{exact[0]}.1" not in like):
        raise InputError(f"{path}: which column, {' or '.join(map(repr, like))}?")
    return exact[0] if exact else like[0] if like else None


def _asked(path: str, columns: Iterable[str], name: str) -> str:
    found = _found(path, columns, [name])
    if found is None:
        raise InputError(f"{path}: no column {name!r}; has {_listed(columns)}")
    return found


def _listed(names: Iterable[str]) -> str:
    words = [" ".join(name.split())[:40] for name in names]
    more = f", ... ({len(words)} in all)" if len(words) > 6 else ""
    return ", ".join(words[:6]) + more


def _empty(cells: Any) -> bool:
    return isinstance(cells, list) and all(map(missing, cells))


class _Roles(NamedTuple):
    """Columns that identify the rows, those that are not read, and why."""

    ids: list[str]
    left_out: list[str]
    notes: list[str]


def _roles(
    path: str, columns: dict[str, Any], ids: Iterable[str] = (), gain: str | None = None
) -> _Roles:
    """What the columns are that hold neither gains nor probabilities."""
    asked = [_asked(path, columns, name) for name in ids]
    found = [
        name
        for name, cells in columns.items()
        if name not in (*asked, gain) and identifies(name, cells, by_texts=gain is None)
    ]
    unnamed = [name for name in found if name.startswith("Unnamed: ")]
    counting = [name for name in unnamed if counts_rows(columns[name])]
    found = [name for name in found if name not in counting]
    notes = [f"column {name!r} counts the rows, and is not read" for name in counting]
    # Separators at the ends of all lines.
    empty = [name for name in columns if name.startswith("Unnamed: ") and _empty(columns[name])]
    notes += [f"column {name!r} is empty, and is not read" for name in empty]
    if found:
        notes.append(f"read as identifiers of the rows: {_listed(found)}")
    return _Roles([*asked, *found], [*counting, *empty], notes)


def read(
    path: str,
    kind: str = "auto",
    gain: str = "margin",
    harm_column: str | None = None,
    *,
    dialect: Dialect | None = None,
    ids: Iterable[str] = (),
    normalise: bool = False,
) -> Reading:
    """Read gains, harms if a column holds them, and identifiers of the rows.

    Parameters
    ----------
    path : str
        A file of any format of `read_table`, or `-` for text on standard input.
    kind : {"auto", "gains", "probabilities"}
        "auto": a column named `gain` or a single column holds gains; several hold probabilities.
        A single column that is said to hold probabilities holds those of the second of two classes.
    gain : {"margin", "entropy", "least_confidence"}
        How probabilities become gains.
    harm_column : str, optional
    dialect : Dialect, optional
        Of text; what is not given is found in its first lines.
    ids : iterable of str
        Columns that identify the rows, beside those that are found to.
    normalise : bool
        Divide each row of probabilities by its sum, whatever it is.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        Naming file, row (from 1, the header not counted), column and value.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "gains.csv")
    ...     _ = path.write_text("gain,cost\\n0.9,1\\n0.5,2\\n")
    ...     found = read(str(path), harm_column="cost")
    >>> found.gains, found.harms
    (array([0.9, 0.5]), array([1., 2.]))
    """
    dialect = dialect or Dialect()
    columns, notes = _columns(path, dialect)
    name = None if kind == "probabilities" else _found(path, columns, _GAINS)
    harms = None
    rest = dict(columns)
    if harm_column is not None:
        harm = _asked(path, columns, harm_column)
        harms = _numbers(path, {harm: rest[harm]}, dialect.decimal)[:, 0]
        if harm != name:
            del rest[harm]
    roles = _roles(path, rest, ids, name)
    notes += roles.notes
    labels = {key: [str(cell) for cell in columns[key]] for key in roles.ids}
    unread = {*roles.ids, *roles.left_out}
    rest = {key: cells for key, cells in rest.items() if key not in unread}
    if name is not None:
        rest = {name: columns[name]}
    if not rest:
        raise InputError(f"{path}: no column of gains; has {_listed(columns)}")
    if kind == "gains" or (kind == "auto" and len(rest) == 1):
        if len(rest) > 1:
            raise InputError(
                f"{path}: {len(rest)} columns and none is named 'gain': {_listed(rest)}"
            )
        gains = _numbers(path, rest, dialect.decimal)[:, 0]
        if kind == "auto" and name is None:
            words = f"gains are read from column {next(iter(rest))!r}"
            if (gains <= 1).all():
                words += "; if it holds probabilities of one of two classes: --kind probabilities"
            notes.append(words)
        return Reading(gains, harms, labels, tuple(notes))
    table, more = _probabilities(path, rest, dialect.decimal, normalise)
    count = f"{len(rest)} column{'s' * (len(rest) > 1)}"
    notes.append(f"class probabilities are read from {count}: {_listed(rest)}")
    return Reading(gains_from_probabilities(table, gain), harms, labels, (*notes, *more))


def _columns(path: str, dialect: Dialect) -> tuple[dict[str, Any], list[str]]:
    columns, notes = read_table(path, dialect)
    if not any(len(cells) for cells in columns.values()):
        raise InputError(f"{path}: no rows")
    return columns, list(notes)


def _probabilities(
    path: str, columns: dict[str, Any], decimal: str, normalise: bool
) -> tuple[Array, list[str]]:
    table = _numbers(path, columns, decimal, low=-np.inf)
    types = [cells.dtype for cells in columns.values() if isinstance(cells, np.ndarray)]
    try:
        return normalised(table, list(columns), types, anyway=normalise)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None


def read_probabilities(path: str, dialect: Dialect | None = None) -> tuple[Array, tuple[str, ...]]:
    """Read class probabilities, one row a point, and notes on how they were read.

    Parameters
    ----------
    path : str
    dialect : Dialect, optional

    Returns
    -------
    table : ndarray, shape (n, C)
    notes : tuple of str

    Raises
    ------
    InputError
        As `read`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "p.csv")
    ...     _ = path.write_text("id,cat,dog\\n17,0.25,0.75\\n")
    ...     read_probabilities(str(path))[0]
    array([[0.25, 0.75]])
    """
    dialect = dialect or Dialect()
    columns, notes = _columns(path, dialect)
    roles = _roles(path, columns)
    unread = {*roles.ids, *roles.left_out}
    rest = {name: cells for name, cells in columns.items() if name not in unread}
    if not rest:
        raise InputError(f"{path}: no column of probabilities; has {_listed(columns)}")
    table, more = _probabilities(path, rest, dialect.decimal, normalise=False)
    return table, (*notes, *roles.notes, *more)
