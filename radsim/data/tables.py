r"""Tables in files of any format: one row a suffix, and what unpacks what is packed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from radsim.data.answers import TOP, answered
from radsim.data.binary_rows import feather_rows, npy_rows, npz_rows, parquet_rows
from radsim.data.flat import fields, flat, frame_columns, plain_cell
from radsim.data.rows import Rows, kept_rows, table_rows
from radsim.data.sources import PACKED, Access, Source, kept, opened, suffixes_of
from radsim.data.stored_columns import same_file
from radsim.data.text import Dialect, InputError, Table, text_table
from radsim.data.text_rows import NotText, decoded, text_rows
from radsim.extras import needed

__all__ = ["FORMATS", "PACKED", "is_plain_text", "is_text", "opened_rows", "read_table", "refusals"]


def _text(content: bytes, dialect: Dialect) -> Table:
    return text_table(decoded(content), dialect)


def _tabs(content: bytes, dialect: Dialect) -> Table:
    return text_table(decoded(content), _tabbed(dialect))


def _tabbed(dialect: Dialect) -> Dialect:
    return Dialect(dialect.sep or "\t", dialect.decimal, dialect.header)


def _json(content: bytes, _: Dialect) -> Table:
    """One object or list a line, or a list of them; numbers stay as they are written."""
    text = decoded(content)

    def loaded(text: str) -> Any:
        # An object with a name twice would keep one of the two values.
        return json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_once)

    try:
        rows = loaded(text)
        rows = rows if isinstance(rows, list) and text.lstrip()[0] == "[" else [rows]
    except ValueError:
        rows = []
        for k, line in enumerate(text.rstrip().split("\n")):
            try:
                rows.append(loaded(line))
            except ValueError as error:
                raise ValueError(f"row {k}: no JSON object: {error}") from None
    # Lists and numbers have no names.
    rows = [row if isinstance(row, dict) else {"0": row} for row in rows]
    notes: tuple[str, ...] = ()
    if f'"{TOP}"' in text:
        rows, notes = answered(rows)
    if any(row and all(isinstance(cell, dict) for cell in row.values()) for row in rows):
        raise ValueError(
            "objects of columns; one object a row is needed, as pandas writes by "
            "to_json(orient='records', lines=True)"
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [plain_cell(row.get(name)) for row in rows] for name in names}
    return Table(flat(columns), notes)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _numpy(content: bytes, _: Dialect) -> Table:
    loaded = np.load(io.BytesIO(content), allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return Table(flat(fields("", loaded)))
    arrays = {name: loaded[name] for name in loaded.files}
    arrays = {name: array for name, array in arrays.items() if array.ndim}
    if len({len(array) for array in arrays.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"arrays of one length are needed, one row a point; has {shapes}")
    columns: dict[str, Any] = {}
    for name, array in arrays.items():
        columns |= fields(name, array)
    return Table(flat(columns))


def _parquet(content: bytes, _: Dialect) -> Table:
    needed("pyarrow")
    import pandas as pd

    return Table(frame_columns(pd.read_parquet(io.BytesIO(content))))


def _feather(content: bytes, _: Dialect) -> Table:
    needed("pyarrow")
    import pandas as pd

    return Table(frame_columns(pd.read_feather(io.BytesIO(content))))


# How each suffix is read; a file of any other, or of none, must be text.
FORMATS: dict[str, Callable[[bytes, Dialect], Table]] = {
    ".csv": _text,
    ".txt": _text,
    ".tsv": _tabs,
    ".tab": _tabs,
    ".jsonl": _json,
    ".ndjson": _json,
    ".json": _json,
    ".npy": _numpy,
    ".npz": _numpy,
    ".parquet": _parquet,
    ".pq": _parquet,
    ".feather": _feather,
    ".arrow": _feather,
}


_Large = Callable[[str, str | None, Callable[[], BinaryIO], Access, Iterable[str] | None], Rows]

# How they are read in blocks, if they are large; text always is.
LARGE: dict[str, _Large] = {
    ".npy": npy_rows,
    ".npz": npz_rows,
    ".parquet": parquet_rows,
    ".pq": parquet_rows,
    ".feather": feather_rows,
    ".arrow": feather_rows,
}
# Bytes up to which a file that is no text is read as one, and of one that must be.
SMALL, WHOLE = 1 << 20, 1 << 30


def is_plain_text(path: str) -> bool:
    """Whether a file is text of no format that names columns: `.txt`, or any other suffix.

    Examples
    --------
    >>> is_plain_text("ids.txt"), is_plain_text("ids.txt.gz"), is_plain_text("ids.csv")
    (True, True, False)
    """
    return _suffix(path) not in FORMATS or _suffix(path) == ".txt"


def is_text(path: str) -> bool:
    """Whether a file is text of rows and columns: CSV, TSV, or any suffix that is no format.

    Examples
    --------
    >>> is_text("ids.tsv"), is_text("ids"), is_text("ids.npy")
    (True, True, False)
    """
    return FORMATS.get(_suffix(path), _text) in (_text, _tabs)


def _suffix(path: str) -> str:
    suffixes = suffixes_of(path)
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


@contextmanager
def refusals(path: str) -> Iterator[None]:
    """Refuse what cannot be read in one line that begins with the path."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        words = (str(error) or repr(error)).splitlines()[0]
        if isinstance(error, UnicodeDecodeError):
            words = str(NotText(error.start, error.encoding))
        if isinstance(error, UnicodeDecodeError | NotText):
            words += (
                f"; files may be text in UTF-8, or {', '.join(FORMATS)}, also packed: "
                f"{', '.join(PACKED)}"
            )
        elif isinstance(error, OSError) and error.strerror:
            words = error.strerror  # the path stands before it, and the number says nothing
        elif isinstance(error, MemoryError):
            words = "not enough memory"
        elif isinstance(error, RecursionError):
            words = "lists in lists, too deep"
        words = words.removeprefix(f"{path} ").removeprefix(f"{path}: ")
        raise InputError(f"{path}: {words}") from error


@contextmanager
def opened_rows(
    path: str, dialect: Dialect, asked: Iterable[str] | None = (), access: Access | None = None
) -> Iterator[Rows]:
    """Open a file of any format as rows, of which the first pass must be made while it is open.

    Parameters
    ----------
    path : str
    dialect : Dialect
        Of text.
    asked : iterable of str
        Names of columns whose cells are kept as they are written; None for all.
    access : Access, optional

    Yields
    ------
    Rows
        In blocks; what cannot be read again is kept, beyond some rows in a temporary file.
    """
    access, suffix = access or Access(), _suffix(path)
    with refusals(path), opened(path, access) as source:
        if is_text(path):
            if suffix in (".tsv", ".tab"):
                dialect = _tabbed(dialect)
            yield kept_rows(text_rows(source.stream, dialect, asked), access)
            return
        content = source.stream.read(SMALL + 1)
        if len(content) > SMALL and suffix in LARGE:
            rows = _large(path, suffix, content, source, access, asked)
            yield rows if rows.column(0) or source.local else kept_rows(rows, access)
            return
        if len(content) > SMALL:
            content += source.stream.read(WHOLE + 1 - len(content))
        yield table_rows(*FORMATS[suffix](_bounded(content), dialect), asked)


def _large(
    path: str,
    suffix: str,
    content: bytes,
    source: Source,
    access: Access,
    asked: Iterable[str] | None,
) -> Rows:
    reopened = (
        same_file(source.local) if source.local else kept(source.stream, access, content).reopened
    )
    return LARGE[suffix](path, source.local, reopened, access, asked)


def _bounded(content: bytes) -> bytes:
    if len(content) > WHOLE:
        raise ValueError(
            f"it is read as a whole, and holds more than {WHOLE:,} bytes; CSV, NPY and Parquet "
            "files are read in pieces"
        )
    return content


def read_table(path: str, dialect: Dialect | None = None, access: Access | None = None) -> Table:
    r"""Read the columns of a file, whatever its format.

    Parameters
    ----------
    path : str
        Its suffix, a row of `FORMATS`, says the format, and one of `PACKED` after it how it is
        packed; `-` is standard input.  Any other file must be text.
    dialect : Dialect, optional
        Of text.
    access : Access, optional
        What may be read beyond local files of a usual size.

    Returns
    -------
    Table
        Columns of numbers are arrays of their own type, all others lists of cells: str where the
        file holds text.  Columns of lists and of fields become several.

    Raises
    ------
    InputError
        In one line.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "gains.jsonl")
    ...     _ = path.write_text('{"p": [0.9, 0.1], "id": 7}\n{"p": [0.5, 0.5], "id": 8}\n')
    ...     read_table(str(path)).columns
    {'p.0': ['0.9', '0.5'], 'p.1': ['0.1', '0.5'], 'id': ['7', '8']}
    """
    access = access or Access()
    with refusals(path), opened(path, access) as source:
        content = _bounded(source.stream.read(WHOLE + 1))
        return FORMATS.get(_suffix(path), _text)(content, dialect or Dialect())
