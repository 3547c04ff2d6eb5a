r"""Tables in files of any format: one row a suffix, and what unpacks what is packed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from radsim.data.text import Dialect, InputError, Table, text_table

__all__ = ["FORMATS", "PACKED", "read_table"]


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32")):
        if content.startswith(mark):
            return content.decode(encoding)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # as PowerShell writes
        return content.decode("utf-16")
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise UnicodeDecodeError("utf-8", content, content.index(b"\0"), 1, "a zero byte")
    return text


def _text(content: bytes, dialect: Dialect) -> Table:
    return text_table(_decoded(content), dialect)


def _tabs(content: bytes, dialect: Dialect) -> Table:
    sep = dialect.sep or "\t"
    return text_table(_decoded(content), Dialect(sep, dialect.decimal, dialect.header))


def _json(content: bytes, _: Dialect) -> Table:
    """One object or list a line, or a list of them; numbers stay as they are written."""
    text = _decoded(content)

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
                raise ValueError(f"row {k + 1}: no JSON object: {error}") from None
    # Lists and numbers have no names.
    rows = [row if isinstance(row, dict) else {"0": row} for row in rows]
    if any(row and all(isinstance(cell, dict) for cell in row.values()) for row in rows):
        raise ValueError(
            "objects of columns; one object a row is needed, as pandas writes by "
            "to_json(orient='records', lines=True)"
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Table(_flat({name: [_plain(row.get(name)) for row in rows] for name in names}))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _plain(cell: Any) -> Any:
    return "" if cell is None else cell


def _numpy(content: bytes, _: Dialect) -> Table:
    loaded = np.load(io.BytesIO(content), allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return Table(_flat(_fields("", loaded)))
    arrays = {name: loaded[name] for name in loaded.files}
    arrays = {name: array for name, array in arrays.items() if array.ndim}
    if len({len(array) for array in arrays.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"arrays of one length are needed, one row a point; has {shapes}")
    columns: dict[str, Any] = {}
    for name, array in arrays.items():
        columns |= _fields(name, array)
    return Table(_flat(columns))


def _fields(name: str, array: Any) -> dict[str, Any]:
    """Columns of an array: of its one or two axes, or of its fields."""
    if array.dtype.names:
        if array.ndim != 1:
            raise ValueError(f"structured array has shape {array.shape}, need one axis")
        head = f"{name}." if name else ""
        parts = [_fields(f"{head}{field}", array[field]) for field in array.dtype.names]
        return {key: column for part in parts for key, column in part.items()}
    if array.ndim not in (1, 2):
        raise ValueError(f"array has shape {array.shape}, need one or two axes")
    if array.ndim == 1:
        return {name or "0": array}
    head = f"{name}." if name else ""
    return {f"{head}{k}": column for k, column in enumerate(array.T)}


def _parquet(content: bytes, _: Dialect) -> Table:
    import pandas as pd

    return _frame(pd.read_parquet(io.BytesIO(content)))


def _feather(content: bytes, _: Dialect) -> Table:
    import pandas as pd

    return _frame(pd.read_feather(io.BytesIO(content)))


def _frame(frame: Any) -> Table:
    """Columns of a pandas frame; its index is one if it has a name."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise ValueError(f"two columns of one name: {', '.join(names)}")
    columns = zip(names, (cells for _, cells in frame.items()), strict=True)
    return Table(_flat({name: _series(cells) for name, cells in columns}))


def _series(cells: Any) -> Any:
    kind = getattr(cells.dtype, "kind", "O")
    if kind in "biuf":
        # A missing number of pandas' own types becomes NaN.
        return cells.to_numpy(dtype=None if isinstance(cells.dtype, np.dtype) else float)
    import pandas as pd

    return ["" if _missing(pd, cell) else cell for cell in cells]


def _missing(pd: Any, cell: Any) -> bool:
    return (
        cell is None
        or cell is pd.NA
        or cell is pd.NaT
        or (isinstance(cell, float) and cell != cell)
    )


def _flat(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns of numbers as arrays, all others as lists; lists of one length become columns."""
    found: dict[str, Any] = {}
    for name, cells in columns.items():
        if isinstance(cells, np.ndarray):
            more = {name: _plain_column(cells)}
        else:
            more = _unfolded(name, cells)
        if found.keys() & more.keys():
            raise ValueError(f"two columns of one name: {next(iter(found.keys() & more.keys()))}")
        found |= more
    return found


def _plain_column(cells: Any) -> Any:
    if cells.dtype.kind in "biuf":
        return cells
    if cells.dtype.kind not in "SU":
        return list(cells)
    texts = np.ascontiguousarray(cells.astype(str))
    if texts.size and texts.dtype.itemsize and texts.view(np.uint32).max() > sys.maxunicode:
        raise ValueError("a text holds what is no character")
    return texts.tolist()


def _unfolded(name: str, cells: list[Any]) -> dict[str, Any]:
    nested = [isinstance(cell, list | tuple | np.ndarray) for cell in cells]
    if not any(nested):
        return {name: cells}
    width = len(cells[nested.index(True)])
    for k, cell in enumerate(cells):
        if not nested[k] or len(cell) != width:
            raise ValueError(
                f"row {k + 1}, column {name!r}: lists of {width} numbers are needed, as in the "
                f"first row"
            )
    if isinstance(cells[0], np.ndarray) and cells[0].dtype.kind in "biuf":
        table = np.stack(cells)
        return {f"{name}.{k}": table[:, k] for k in range(width)}
    return {f"{name}.{k}": [_plain(cell[k]) for cell in cells] for k in range(width)}


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


def _unzip(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise ValueError(f"one file in it is needed, has {', '.join(names) or 'none'}")
        return archive.read(names[0])


def _unzstd(content: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.input_stream(pa.py_buffer(content), compression="zstd").read())


# What unpacks a file whose name goes on: gains.csv.gz.
PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": _unzstd,
    ".zip": _unzip,
}


def _content(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    if "://" not in path:
        return Path(path).expanduser().read_bytes()
    if path.startswith(("http://", "https://", "ftp://", "file://")):
        with urlopen(path) as stream:
            return bytes(stream.read())
    import fsspec

    with fsspec.open(path, "rb") as stream:
        return bytes(stream.read())


def read_table(path: str, dialect: Dialect | None = None) -> Table:
    r"""Read the columns of a file, whatever its format.

    Parameters
    ----------
    path : str
        Its suffix, a row of `FORMATS`, says the format, and one of `PACKED` after it how it is
        packed; `-` is standard input.  Any other file must be text.
    dialect : Dialect, optional
        Of text.

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
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "gains.jsonl")
    ...     _ = path.write_text('{"p": [0.9, 0.1], "id": 7}\n{"p": [0.5, 0.5], "id": 8}\n')
    ...     read_table(str(path)).columns
    {'p.0': ['0.9', '0.5'], 'p.1': ['0.1', '0.5'], 'id': ['7', '8']}
    """
    place = urlsplit(path).path if "://" in path else path
    suffixes = [suffix.lower() for suffix in PurePosixPath(place).suffixes]
    try:
        content = _content(path)
        if suffixes and suffixes[-1] in PACKED:
            content = PACKED[suffixes.pop()](content)
        reader = FORMATS.get(suffixes[-1] if suffixes else "", _text)
        try:
            return reader(content, dialect or Dialect())
        except UnicodeDecodeError as error:
            raise ValueError(
                f"byte {error.start + 1} is no {error.encoding.upper()} text; files may be text in "
                f"UTF-8, or {', '.join(FORMATS)}, also packed: {', '.join(PACKED)}"
            ) from None
    except Exception as error:
        words = (str(error) or repr(error)).splitlines()[0]
        if isinstance(error, OSError) and error.strerror:
            words = error.strerror  # the path stands before it, and the number says nothing
        raise InputError(f"{path}: {words}") from error
