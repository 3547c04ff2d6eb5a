r"""Read gains from CSV, Parquet or NPY files of gains or of class probabilities."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from radsim.data.gains import gains_from_probabilities
from radsim.game import Array

__all__ = ["InputError", "csv_columns", "read"]

# Of CSV files that pandas unpacks.
_PACKED = (".bz2", ".gz", ".tar", ".xz", ".zip", ".zst")


class InputError(ValueError):
    """A file cannot be used; the message names file, row, column and value."""


def _columns(path: str) -> dict[str, Any]:
    """Columns by name: lists of texts (CSV), arrays (NPY) or series (Parquet)."""
    try:
        if path == "-":
            return csv_columns(sys.stdin)
        suffix = Path(path).suffix.lower()
        if suffix == ".npy":
            return _arrays(path)
        if suffix in (".parquet", ".pq") or suffix in _PACKED or "://" in path:
            # Slow to import, and CSV and NPY, the common case, need no more than NumPy.
            import pandas as pd

            if suffix in (".parquet", ".pq"):
                return dict(pd.read_parquet(path).items())
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            return {name: cells.tolist() for name, cells in frame.items()}
        with Path(path).expanduser().open(encoding="utf-8", newline="") as file:
            return csv_columns(file)
    except InputError:
        raise
    except Exception as error:
        words = (str(error) or repr(error)).splitlines()[0]
        if isinstance(error, OSError) and error.strerror:
            words = error.strerror  # the path stands before it, and the number says nothing
        raise InputError(f"{path}: {words}") from error


def _arrays(path: str) -> dict[str, Any]:
    array = np.load(path, allow_pickle=False)
    if array.ndim not in (1, 2):
        raise InputError(f"{path}: array has shape {array.shape}, need one or two axes")
    table = array.reshape(len(array), -1)
    if table.dtype.kind in "SU":
        return {str(k): column.astype(str).tolist() for k, column in enumerate(table.T)}
    if table.dtype.kind == "V":
        raise InputError(f"{path}: array of {table.dtype}, need numbers")
    return {str(k): column for k, column in enumerate(table.T)}


def csv_columns(lines: Iterable[str]) -> dict[str, list[str]]:
    r"""Columns of a CSV file as texts; the first line that is not blank names them.

    Short rows end in empty cells, and names that are missing or twice there are made up, as pandas
    does it.

    Parameters
    ----------
    lines : iterable of str
        A file opened with ``newline=""``.

    Returns
    -------
    dict
        Name to list of str.

    Raises
    ------
    ValueError
        If there is no line, a row is too wide, or a quote is never closed.

    Examples
    --------
    >>> csv_columns(["gain,gain\n", "0.5,1\n", "\n", '"0.25"\n'])
    {'gain': ['0.5', '0.25'], 'gain.1': ['1', '']}
    """
    limit = csv.field_size_limit(sys.maxsize)  # other columns may hold texts of any length
    try:
        names, columns = _filled(_records(lines))
    finally:
        csv.field_size_limit(limit)
    return dict(zip(names, columns, strict=True))


def _filled(records: Iterator[tuple[int, list[str]]]) -> tuple[list[str], list[list[str]]]:
    """Names and columns; no row may be wider than the header and the first row."""
    _, header = next(records, (0, []))
    if not header:
        raise ValueError("No columns to parse from file")
    columns: list[list[str]] = [[] for _ in header]
    for line, record in records:
        n_missing = len(columns) - len(record)
        if n_missing < 0:
            if columns[0]:
                raise ValueError(
                    "Error tokenizing data. C error: "
                    f"Expected {len(columns)} fields in line {line}, saw {len(record)}"
                )
            columns = [[] for _ in record]
        elif n_missing:
            record += [""] * n_missing
        for column, cell in zip(columns, record, strict=True):
            column.append(cell)
    # Cells to the left of the named columns label the rows.
    return _names(header), columns[len(columns) - len(header) :]


def _records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Records of a CSV file with their numbers, from 1; blank lines count, and are left out."""
    line, ended = "", False

    def watched() -> Iterator[str]:
        nonlocal line, ended
        for k, text in enumerate(lines):
            line = text if k else text.removeprefix("\ufeff")
            yield line
        ended = True
        yield ","  # two cells, unless a quote is still open

    for n_before, record in enumerate(csv.reader(watched())):
        if ended:
            if record != ["", ""]:
                raise ValueError(
                    f"Error tokenizing data. C error: EOF inside string starting at row {n_before}"
                )
        elif len(record) > 1 or line.strip(" \t\r\n"):
            yield n_before + 1, record


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


def _number(cell: str) -> float:
    """A number as it is written in a file; Python's own 1_000 and other digits are none."""
    try:
        return float(cell) if cell.isascii() and "_" not in cell else np.nan
    except ValueError:
        return np.nan


def _floats(cells: Any) -> Array:
    """A column as float64; what is no number is NaN."""
    if isinstance(cells, list):
        return np.fromiter(map(_number, cells), np.float64, len(cells))
    if isinstance(cells, np.ndarray):
        return cells.astype(np.float64)
    # Parquet's own types are pandas' business, which is imported by now.
    import pandas as pd

    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)


def _numbers(path: str, columns: dict[str, Any]) -> Array:
    found = []
    for name, cells in columns.items():
        values = _floats(cells)
        bad = np.flatnonzero(~np.isfinite(values) | (values < 0))
        if bad.size:
            i = int(bad[0])
            cell = getattr(cells, "iloc", cells)[i]
            raise InputError(
                f"{path}: row {i + 1}, column {name!r}: {cell!r} "
                "is not a finite non-negative number"
            )
        found.append(values)
    return np.column_stack(found)


def read(
    path: str, kind: str = "auto", gain: str = "margin", harm_column: str | None = None
) -> tuple[Array, Array | None]:
    """Read gains, and harms if a column holds them.

    Parameters
    ----------
    path : str
        `.csv`, `.parquet`, `.npy`, or `-` for CSV on standard input.  Text needs a header line.
    kind : {"auto", "gains", "probabilities"}
        "auto": a column named `gain` or a single column holds gains; several hold probabilities.
    gain : {"margin", "entropy", "least_confidence"}
        How probabilities become gains.
    harm_column : str, optional

    Returns
    -------
    gains : ndarray, shape (n,)
    harms : ndarray, shape (n,), or None

    Raises
    ------
    InputError
        Naming file, row (from 1, the header not counted), column and value.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "gains.csv")
    ...     _ = path.write_text("gain,cost\\n0.9,1\\n0.5,2\\n")
    ...     read(str(path), harm_column="cost")
    (array([0.9, 0.5]), array([1., 2.]))
    """
    columns = _columns(path)
    if not any(len(cells) for cells in columns.values()):
        raise InputError(f"{path}: no rows")
    for name in columns:
        if _number(name) % 1 > 0:  # 0, 1, 2 may be names of classes
            raise InputError(f"{path}: the first line holds {name}; a header line is needed")
    harms = None
    if harm_column is not None:
        if harm_column not in columns:
            raise InputError(f"{path}: no column {harm_column!r}; has {', '.join(columns)}")
        harms = _numbers(path, {harm_column: columns.pop(harm_column)})[:, 0]
    if kind != "probabilities" and "gain" in columns:
        columns = {"gain": columns["gain"]}
    if not columns:
        raise InputError(f"{path}: no column of gains")
    table = _numbers(path, columns)
    if kind == "gains" or (kind == "auto" and table.shape[1] == 1):
        if table.shape[1] != 1:
            raise InputError(f"{path}: {table.shape[1]} columns and none is named 'gain'")
        return table[:, 0], harms
    if table.shape[1] < 2:
        raise InputError(f"{path}: class probabilities need two columns or more")
    over = np.argwhere(table > 1 + 1e-6)
    if over.size:
        i, k = over[0]
        raise InputError(
            f"{path}: row {i + 1}, column {list(columns)[k]!r}: {table[i, k]} is above 1"
        )
    sums = table.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1) > 1e-6)
    if off.size:
        i = int(off[0])
        raise InputError(
            f"{path}: row {i + 1}: the class probabilities sum to {sums[i]:.6g}, not 1"
        )
    return gains_from_probabilities(table, gain), harms
