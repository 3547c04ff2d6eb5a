r"""Tables of a run's folder, read within stated limits; nothing in them is trusted."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from radsim.extras import needed
from radsim.reading import read_bytes, read_text

__all__ = ["MOST_CELLS", "read_parquet", "read_rows", "shown_frame"]

MOST_TABLE = 64 * 2**20  # bytes of a file
MOST_UNPACKED = 256 * 2**20  # bytes of a Parquet file's columns
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_CELLS = 20_000_000  # of a table, and of all tables of a page


def _fits(n_rows: int, n_columns: int) -> None:
    for n, most, what in (
        (n_rows, MOST_ROWS, "rows"),
        (n_columns, MOST_COLUMNS, "columns"),
        (n_rows * n_columns, MOST_CELLS, "cells"),
    ):
        if n > most:
            raise ValueError(f"more than {most:,} {what}")


def read_rows(path: Path, folder: Path | None = None) -> pd.DataFrame | None:
    """Read a CSV file as it is written: every cell is text; None if it holds nothing.

    Parameters
    ----------
    path : Path
    folder : Path, optional
        Links may not lead out of it.

    Returns
    -------
    pandas.DataFrame or None

    Raises
    ------
    ValueError
        If it is no such table, or larger than the limits.
    OSError
        If it cannot be read.
    """
    rows: list[list[str]] = []
    head: list[str] | None = None
    text = io.StringIO(read_text(path, MOST_TABLE, folder), newline="")
    try:
        for row in csv.reader(text, strict=True):
            if head is None:
                head = row or None
                continue
            if len(row) != len(head) and row:
                raise ValueError(f"row {len(rows) + 1} has {len(row)} cells, not {len(head)}")
            if row or len(head) == 1:
                rows.append(row or [""])
            _fits(len(rows), len(head))
    except csv.Error as error:
        raise ValueError(f"no CSV: {error}") from None
    if head is None:
        return None
    if twice := next((name for name in head if head.count(name) > 1), None):
        raise ValueError(f"column {twice!r} stands twice")
    _fits(len(rows), len(head))
    return pd.DataFrame(rows, columns=pd.Index(head, dtype=object), dtype=object)


def shown_frame(raw: pd.DataFrame) -> pd.DataFrame:
    """A table of texts with numbers and truths where a whole column is of them.

    Parameters
    ----------
    raw : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> found = shown_frame(pd.DataFrame({"a": ["1", ""], "b": ["True", "False"], "c": ["x", "1"]}))
    >>> found["a"].tolist(), found["b"].tolist(), found["c"].tolist()
    ([1.0, nan], [True, False], ['x', '1'])
    """
    return pd.DataFrame({name: _shown(raw[name]) for name in raw.columns}, index=raw.index)


def _shown(column: pd.Series) -> pd.Series:
    texts = set(column)
    if texts and texts <= {"True", "False"}:
        return column == "True"
    try:
        return pd.to_numeric(column.astype(object).where(column != "", None))
    except (ValueError, OverflowError):
        return column


def read_parquet(path: Path, folder: Path | None = None) -> pd.DataFrame:
    """Read a Parquet file of plain columns.

    Parameters
    ----------
    path : Path
    folder : Path, optional
        Links may not lead out of it.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        If it is no such file, or larger than the limits, packed or unpacked.
    OSError
        If it cannot be read.
    """
    content = read_bytes(path, MOST_TABLE, folder)
    # Slow to import, and many folders hold none.
    pa, pq = needed("pyarrow"), needed("pyarrow.parquet")
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        about = file.metadata
        _fits(about.num_rows, about.num_columns)
        groups = (about.row_group(k) for k in range(about.num_row_groups))
        if sum(group.total_byte_size for group in groups) > MOST_UNPACKED:
            raise ValueError(f"unpacks to more than {MOST_UNPACKED // 2**20} MiB")
        schema = file.schema_arrow
        nested = [field.name for field in schema if pa.types.is_nested(field.type)]
        if nested:
            raise ValueError(f"column {nested[0]!r} is nested")
        # A text that stands in a million rows is kept once.
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
        table = pq.read_table(pa.BufferReader(content), read_dictionary=texts, use_threads=False)
        if table.nbytes > MOST_UNPACKED:
            raise ValueError(f"unpacks to more than {MOST_UNPACKED // 2**20} MiB")
        _fits(table.num_rows, table.num_columns)
        frame = pd.DataFrame(
            {name: _plain(table.column(k)) for k, name in enumerate(table.column_names)}
        )
        if len(frame.columns) != table.num_columns:
            raise ValueError("a column stands twice")
        return frame
    except (pa.ArrowException, ValueError, OSError, TypeError, OverflowError) as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise ValueError(words[0]) from None


def _plain(column: Any) -> pd.Series:
    import pyarrow as pa

    found = column.to_pandas()
    if pa.types.is_dictionary(column.type):
        values = found.astype(object)
        return values.where(values.notna(), None)
    return found
