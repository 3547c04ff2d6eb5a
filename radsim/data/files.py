r"""Read gains from a file of gains or of class probabilities, in any format of `read_table`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from radsim.data.answers import TOP
from radsim.data.gains import softmax
from radsim.data.ids import Beside, beside, identified, picked_ids, repeats
from radsim.data.known_table import LARGE, KnownTable, opened_table
from radsim.data.named_columns import asked_column, listed_names, named_column
from radsim.data.sources import Access
from radsim.data.stored_columns import Column
from radsim.data.text import Dialect, InputError
from radsim.game import Array

__all__ = ["KINDS", "LARGE", "InputError", "Reading", "read", "read_probabilities"]

# What a file may be said to hold.
KINDS = ("auto", "gains", "probabilities", "logits", "logprobs")
_OF_CLASSES = KINDS[2:]
# Names of columns that hold gains.
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
    what : str
        What was read, and as what, in one line.
    read_ids : callable, optional
        Sorted places to a dict as `ids`, of a large file.
    beside : tuple of str
        Those names of `ids` that are from a file of their own.

    Examples
    --------
    >>> Reading(np.array([0.5, 0.25]), ids={"id": ["a", "b"]}).ids["id"]
    ['a', 'b']
    """

    gains: Array | Column
    harms: Array | Column | None = None
    ids: Mapping[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    what: str = ""
    read_ids: Callable[[Array], dict[str, list[str]]] | None = None
    beside: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of points."""
        return self.gains.n if isinstance(self.gains, Column) else len(self.gains)

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
        return picked_ids(self.ids, self.read_ids, places)


class _Roles(NamedTuple):
    """Columns that identify the rows, those that are not read, and why."""

    ids: list[str]
    left_out: list[str]
    notes: list[str]


def _roles(
    table: KnownTable,
    columns: list[str],
    ids: Iterable[str] = (),
    gain: str | None = None,
    known_ids: Iterable[str] = (),
    option: str = "--id",
) -> _Roles:
    """What the columns are that hold neither gains nor probabilities."""
    facts, place = table.facts, table.rows.places.__getitem__
    asked = [asked_column(table.path, columns, name, option) for name in ids]
    for k, name in enumerate(asked):
        if name in asked[:k]:
            raise InputError(f"{option} {name!r} is given twice")
    asked += [name for name in known_ids if name in columns and name not in asked]
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
    for name in columns:
        row = facts.without_id.get(place(name))
        if row is None or name in known or name in empty:
            continue
        if gain is None:
            raise InputError(f"{table.path}: row {row}, column {name!r}: an identifier is missing")
        notes.append(f"column {name!r} is not read: row {row} has no identifier")
    return _Roles([*asked, *found], [*counting, *empty], notes)


def read(
    path: str,
    kind: str = "auto",
    gain: str = "margin",
    harm_column: str | None = None,
    *,
    gain_column: str | None = None,
    dialect: Dialect | None = None,
    ids: Iterable[str] = (),
    known_ids: Iterable[str] = (),
    ids_are: tuple[str, str] = ("--id", "an identifier"),
    ids_file: str | None = None,
    normalise: bool = False,
    access: Access | None = None,
) -> Reading:
    """Read gains, harms if a column holds them, and identifiers of the rows.

    Parameters
    ----------
    path : str
        A file of any format of `read_table`, or `-` for text on standard input.
    kind : {"auto", "gains", "probabilities", "logits", "logprobs"}
        "auto": a column named `gain` or a single column holds gains; several hold probabilities.
        A single column that is said to hold probabilities holds those of the second of two classes.
        "logprobs": log-probabilities of the likeliest answers, the rest unknown.
    gain : {"margin", "entropy", "least_confidence"}
        How probabilities become gains.
    harm_column : str, optional
    gain_column : str, optional
        That holds the gains, whatever else there is.
    dialect : Dialect, optional
        Of text; what is not given is found in its first lines.
    ids : iterable of str
        Columns that identify the rows, beside those that are found to.
    known_ids : iterable of str
        Columns that identify the rows if the file has them.
    ids_are : tuple of str
        The option that names `ids`, and what each of their cells is, for refusals.
    ids_file : str, optional
        A file of identifiers, one a row (`beside`).
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
        Naming file, row (from 0, the header not counted), column and value.

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
    >>> found.what
    'column gain -> gains; harms from column cost'
    """
    if gain_column is not None and kind in _OF_CLASSES:
        raise InputError(f"--gain-column {gain_column!r} names gains, and {kind} were asked for")
    if path == "-" and ids_file == "-":
        raise InputError("standard input is named twice: it holds the gains, or --ids, not both")
    dialect, ids, known_ids = dialect or Dialect(), tuple(ids), tuple(known_ids)
    kept = (*ids, *known_ids)
    with opened_table(path, dialect, kept, access) as table:
        found = _reading(
            table, kind, gain, harm_column, gain_column, ids, known_ids, ids_are, normalise
        )
        n = table.facts.n
    own = repeats(path, found.ids if ids else {})
    found = replace(found, notes=(*found.notes, *own))
    if ids_file is None:
        return found
    more = beside(ids_file, n, path, access)
    twice = sorted(found.ids.keys() & more.ids.keys())
    if twice:
        raise InputError(f"{ids_file}: column {twice[0]!r} is in {path} too; rename one of them")
    return _together(found, more, ids_file)


def _together(found: Reading, more: Beside, path: str) -> Reading:
    """A reading with the identifiers of another file."""

    def ids_at(rows: Array) -> dict[str, list[str]]:
        return found.ids_at(rows) | picked_ids(more.ids, more.ids_at, rows)

    large = found.read_ids is not None or more.ids_at is not None
    return replace(
        found,
        ids={**found.ids, **more.ids},
        notes=(*found.notes, *repeats(path, more.ids)),
        what=f"{found.what}; {_from(list(more.ids), path)}",
        read_ids=ids_at if large else None,
        beside=tuple(more.ids),
    )


def _from(names: list[str], path: str) -> str:
    """Which identifiers are from a file of their own."""
    if names == ["id"]:
        return f"ids from {path}"
    return f"{_counted(names)} of {path} kept as id{'s' * (len(names) > 1)}"


def _counted(names: list[str], word: str = "column") -> str:
    return f"{word}{'s' * (len(names) > 1)} {listed_names(names)}"


def _reading(
    table: KnownTable,
    kind: str,
    gain: str,
    harm_column: str | None,
    gain_column: str | None,
    ids: Iterable[str],
    known_ids: Iterable[str],
    ids_are: tuple[str, str],
    normalise: bool,
) -> Reading:
    path, columns = table.path, table.names
    name = None
    if gain_column is not None:
        name = asked_column(path, columns, gain_column, "--gain-column")
    elif kind not in _OF_CLASSES:
        name = named_column(path, columns, _GAINS)
        named = [asked_column(path, columns, x, ids_are[0]) for x in ids]
        if kind == "auto" and name in named and len(columns) > len(named):
            raise InputError(
                f"{path}: {ids_are[0]} {name!r}: a column of that name holds gains; --kind "
                f"probabilities reads the others, --gain-column {name!r} its gains"
            )
    harms, harm = None, None
    if harm_column is not None:
        harm = asked_column(path, columns, harm_column, "--harm")
        harms = table.vector(harm)
    roles = _roles(
        table, [x for x in columns if x == name or x != harm], ids, name, known_ids, ids_are[0]
    )
    cells_are = ids_are[1]
    labels, read_at = table.ids(roles.ids)
    read_ids = read_at and (lambda rows: identified(path, read_at(rows), rows.tolist(), cells_are))
    identified(path, labels, range(0 if read_at else table.facts.n), cells_are)
    unread = {*roles.ids, *roles.left_out, *([harm] if harm != name else [])}
    rest = [x for x in columns if x not in unread]
    read = rest if name is None else [name]
    if kind == "logprobs":  # a log of answers holds more than these
        read = [x for x in rest if x.startswith(f"{TOP}.")] or rest
    if not read:
        raise InputError(f"{path}: no column of gains; has {listed_names(columns)}")
    if kind == "gains" and len(read) > 1:
        raise InputError(
            f"{path}: {len(read)} columns and none is named 'gain': {listed_names(read)}; "
            "--gain-column NAME says which"
        )
    gains, what, more = _gains(table, read, kind, gain, normalise, name is not None)
    parts = [what]
    parts += [f"harms from column {harm}"] * (harm is not None)
    if roles.ids:
        parts.append(f"{_counted(roles.ids)} kept as id{'s' * (len(roles.ids) > 1)}")
    others = [x for x in rest if x not in read]
    parts += [f"not read: {listed_names(others)}"] * bool(others)
    notes = (*table.rows.notes, *roles.notes, *more)
    return Reading(gains, harms, labels, notes, "; ".join(parts), read_ids)


def _gains(
    table: KnownTable, names: list[str], kind: str, gain: str, normalise: bool, named: bool
) -> tuple[Array | Column, str, list[str]]:
    """Gains from columns, what they were read as, and notes on the reading."""
    n, listed = len(names), listed_names(names, counted=False)
    if kind == "gains" or (kind == "auto" and n == 1):
        if gain != "margin":
            raise InputError(
                f"{table.path}: column {names[0]!r} holds gains, and --gain {gain} makes them of "
                "class probabilities; leave it out, or --kind probabilities"
            )
        gains, more = table.vector(names[0]), []
        if kind == "auto" and not named and table.at_most_one(gains):
            more = [
                f"if column {names[0]!r} holds probabilities of one of two classes: "
                "--kind probabilities"
            ]
        return gains, f"column {listed} -> gains", more
    if kind == "logits":
        words = f"{n} logits ({listed})" if n > 1 else f"1 logit ({listed}), of the second of two"
        return table.gains_of_logits(names, gain), f"{words} -> softmax -> {gain} gains", []
    if kind == "logprobs":
        many = f"{n} likeliest answers" if n > 1 else "likeliest answer"
        words = f"log-probabilities of the {many} ({listed})"
        return table.gains_of_logprobs(names, gain), f"{words} -> {gain} gains", []
    gains, more = table.gains(names, gain, normalise)
    words = f"{n} class probabilities" if n > 1 else "1 class probability"
    return gains, f"{words} ({listed}) -> {gain} gains", more


def read_probabilities(
    path: str,
    dialect: Dialect | None = None,
    access: Access | None = None,
    *,
    ids: Iterable[str] = (),
    normalise: bool = False,
    logits: bool = False,
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
    logits : bool
        The columns hold logits, of which the softmax is taken.

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
            raise InputError(f"{path}: no column of probabilities; has {listed_names(columns)}")
        if logits:
            return np.concatenate([*map(softmax, table.finite(rest)())]), tuple(notes)
        divide, more = table.probabilities(rest, normalise=normalise)
        tables = [divide(block) for block in table.tables(rest)()]
        return np.concatenate(tables), (*notes, *roles.notes, *more)
