r"""Read gains from a file of gains or of class probabilities, in any format of `read_table`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from radsim.data.known_table import LARGE, KnownTable, opened_table
from radsim.data.sources import Access
from radsim.data.stored_columns import Column
from radsim.data.text import Dialect, InputError
from radsim.game import Array

__all__ = ["LARGE", "InputError", "Reading", "read", "read_probabilities"]

# Names of columns that hold gains; letter case and blanks around a name say nothing.
_GAINS = ("gain", "gains")


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


class _Roles(NamedTuple):
    """Columns that identify the rows, those that are not read, and why."""

    ids: list[str]
    left_out: list[str]
    notes: list[str]


def _roles(
    table: KnownTable, columns: list[str], ids: Iterable[str] = (), gain: str | None = None
) -> _Roles:
    """What the columns are that hold neither gains nor probabilities."""
    facts, place = table.facts, table.rows.places.__getitem__
    asked = [_asked(table.path, columns, name) for name in ids]
    known = {*asked, gain}
    found = [
        name
        for name in columns
        if name not in known and facts.identifies(place(name), by_texts=gain is None)
    ]
    unnamed = [name for name in found if name.startswith("Unnamed: ")]
    counting = [name for name in unnamed if facts.counts_rows(place(name))]
    found = [name for name in found if name not in counting]
    notes = [f"column {name!r} counts the rows, and is not read" for name in counting]
    # Separators at the ends of all lines.
    empty = [x for x in columns if x.startswith("Unnamed: ") and facts.empty(place(x))]
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
    access: Access | None = None,
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
    access : Access, optional
        What may be read beyond local files of a usual size.

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
    dialect, ids = dialect or Dialect(), tuple(ids)
    with opened_table(path, dialect, ids, access) as table:
        return _reading(table, kind, gain, harm_column, ids, normalise)


def _reading(
    table: KnownTable,
    kind: str,
    gain: str,
    harm_column: str | None,
    ids: Iterable[str],
    normalise: bool,
) -> Reading:
    path, columns, notes = table.path, table.names, list(table.rows.notes)
    name = None if kind == "probabilities" else _found(path, columns, _GAINS)
    harms, harm = None, None
    if harm_column is not None:
        harm = _asked(path, columns, harm_column)
        harms = table.vector(harm)
    roles = _roles(table, [x for x in columns if x == name or x != harm], ids, name)
    notes += roles.notes
    labels, read_ids = table.ids(roles.ids)
    unread = {*roles.ids, *roles.left_out, *([harm] if harm != name else [])}
    rest = [x for x in columns if x not in unread] if name is None else [name]
    if not rest:
        raise InputError(f"{path}: no column of gains; has {_listed(columns)}")
    if kind == "gains" or (kind == "auto" and len(rest) == 1):
        if len(rest) > 1:
            raise InputError(
                f"{path}: {len(rest)} columns and none is named 'gain': {_listed(rest)}"
            )
        gains = table.vector(rest[0])
        if kind == "auto" and name is None:
            words = f"gains are read from column {rest[0]!r}"
            if table.at_most_one(gains):
                words += "; if it holds probabilities of one of two classes: --kind probabilities"
            notes.append(words)
        return Reading(gains, harms, labels, tuple(notes), read_ids)
    gains, more = table.gains(rest, gain, normalise)
    count = f"{len(rest)} column{'s' * (len(rest) > 1)}"
    notes.append(f"class probabilities are read from {count}: {_listed(rest)}")
    return Reading(gains, harms, labels, (*notes, *more), read_ids)


def read_probabilities(
    path: str,
    dialect: Dialect | None = None,
    access: Access | None = None,
    *,
    ids: Iterable[str] = (),
    normalise: bool = False,
) -> tuple[Array, tuple[str, ...]]:
    """Read class probabilities, one row a point, and notes on how they were read.

    Parameters
    ----------
    path : str
    dialect : Dialect, optional
    access : Access, optional
    ids : iterable of str
        As in `read`.
    normalise : bool
        As in `read`.

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
    with opened_table(path, dialect or Dialect(), ids, access) as table:
        columns, notes = table.names, table.rows.notes
        roles = _roles(table, columns, ids)
        unread = {*roles.ids, *roles.left_out}
        rest = [name for name in columns if name not in unread]
        if not rest:
            raise InputError(f"{path}: no column of probabilities; has {_listed(columns)}")
        divide, more = table.probabilities(rest, normalise=normalise)
        tables = [divide(block) for block in table.tables(rest)()]
        return np.concatenate(tables), (*notes, *roles.notes, *more)
