r"""Large NPY, NPZ, Parquet and Feather files, read in blocks of rows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import numpy as np

from radsim.data.flat import fields, flat, series_cells
from radsim.data.rows import Block, Rows, apart, block_of, kept_rows
from radsim.data.sources import Access, Scratch
from radsim.data.stored_columns import (
    BLOCK,
    Column,
    column_of,
    from_open_file,
    numbers_at,
    watched,
)
from radsim.door import Array
from radsim.extras import needed

__all__ = ["feather_rows", "npy_rows", "npz_rows", "parquet_rows"]

Opened = Callable[[], BinaryIO]
_PIECE = 1 << 20


class _Stored:
    """An array in a file: its shape and type, and which of its rows stand where."""

    def __init__(self, name: str, opened: Opened) -> None:
        self._name, self._opened = name, opened
        with opened() as file:
            size = file.seek(0, 2)
            file.seek(0)
            self.shape, self._fortran, self.dtype = _header(file)
            self._place = file.tell()
        n, claimed = 1, self.dtype.itemsize
        for length in self.shape:
            n, claimed = n * length, claimed * length
        if claimed > size - self._place:
            raise ValueError(
                f"its header claims shape {self.shape} of {self.dtype}, {claimed:,} bytes; it "
                f"holds {size - self._place:,}"
            )
        self.width = n // self.shape[0] if self.shape and self.shape[0] else 1

    def sample(self) -> Array:
        """The array without any of its rows."""
        return np.empty((0, *self.shape[1:]), self.dtype)

    def column(self) -> Column | None:
        """The array as a column that reads the file itself, if it is one of numbers."""
        if self.width != 1 or self.dtype.kind not in "biuf":
            return None
        column = from_open_file(self._name, self._opened, self.dtype, self._place, self.shape[0])
        return watched(column, self._name)

    def rows(self, start: int, stop: int) -> Array:
        """Some of its rows."""
        n, size = self.shape[0], self.dtype.itemsize

        def part(first: int, count: int) -> Array:
            return numbers_at(self._name, file, self.dtype, self._place + size * first, count)

        with self._opened() as file:
            if self._fortran and len(self.shape) > 1:
                columns = [part(k * n + start, stop - start) for k in range(self.width)]
                return np.column_stack(columns)
            found = part(start * self.width, (stop - start) * self.width)
        return found.reshape(stop - start, *self.shape[1:])


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, Any]:
    major, _ = np.lib.format.read_magic(file)
    read = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
    if major not in read:
        raise ValueError(f"a large NPY file of version {major}; save it with plain names of fields")
    shape, fortran, dtype = read[major](file)
    if dtype.hasobject:
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    return shape, fortran, dtype


def _array_rows(arrays: dict[str, _Stored], asked: Iterable[str] | None) -> Rows:
    arrays = {name: array for name, array in arrays.items() if array.shape}
    lengths = {array.shape[0] for array in arrays.values()}
    if len(lengths) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"arrays of one length are needed, one row a point; has {shapes}")
    empty: dict[str, Any] = {}
    for name, array in arrays.items():
        empty |= fields(name, array.sample())
    names, n = list(flat(empty)), next(iter(lengths), 0)
    alone = apart(names, asked)
    places = {name: k for k, name in enumerate(names)}
    types = {places[k]: x.dtype for k, x in empty.items() if x.dtype.kind in "biuf"}
    step = max(1, BLOCK // max(1, sum(array.width for array in arrays.values())))
    one = next(iter(arrays.values())) if len(arrays) == 1 else None
    numbers = one is not None and len(types) == len(names) and not alone and not one.dtype.names

    def blocks() -> Iterator[Block]:
        for start in range(0, n, step):
            stop = min(n, start + step)
            if one is not None and numbers:
                table = one.rows(start, stop).reshape(stop - start, -1)
                yield Block(stop - start, table, np.arange(len(names)), {})
                continue
            columns: dict[str, Any] = {}
            for name, array in arrays.items():
                columns |= fields(name, array.rows(start, stop))
            found = {places[name]: cells for name, cells in flat(columns, start).items()}
            yield block_of(found, stop - start, alone)

    def column(place: int) -> Column | None:
        return next(
            (
                array.column()
                for name, array in arrays.items()
                if list(fields(name, array.sample())) == [names[place]]
            ),
            None,
        )

    return Rows(names, blocks, [], types, column)


def npy_rows(
    path: str, local: str | None, opened: Opened, access: Access, asked: Iterable[str] | None
) -> Rows:
    """Rows of an NPY file."""
    return _array_rows({"": _Stored(path, opened)}, asked)


def npz_rows(
    path: str, local: str | None, opened: Opened, access: Access, asked: Iterable[str] | None
) -> Rows:
    """Rows of the arrays of an NPZ file, side by side; they are unpacked to a temporary file."""
    arrays = {}
    with opened() as file:
        most = access.limit(file.seek(0, 2))
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                scratch = Scratch(most, "it unpacks to")
                with archive.open(name) as member:
                    while data := member.read(_PIECE):
                        scratch.write(data)
                most -= scratch.size
                arrays[name.removesuffix(".npy")] = _Stored(path, scratch.reopened)
    return _array_rows(arrays, asked)


def parquet_rows(
    path: str, local: str | None, opened: Opened, access: Access, asked: Iterable[str] | None
) -> Rows:
    """Rows of a Parquet file."""
    parquet = needed("pyarrow.parquet")
    with opened() as stream, parquet.ParquetFile(stream) as file:
        schema, n = file.schema_arrow, file.metadata.num_rows

    def batches(size: int) -> Iterator[Any]:
        with opened() as stream, parquet.ParquetFile(stream) as file:
            yield from file.iter_batches(batch_size=size)

    rows = _arrow_rows(schema, batches, n, access, asked)

    def column(place: int) -> Column | None:
        names = schema.names
        if local is None or names.count(rows.names[place]) != 1 or place not in rows.types:
            return None
        return column_of(local, "gains", rows.names[place])

    return Rows(rows.names, rows.blocks, [], rows.types, column)


def feather_rows(
    path: str, local: str | None, opened: Opened, access: Access, asked: Iterable[str] | None
) -> Rows:
    """Rows of a Feather file."""
    pa = needed("pyarrow")
    with opened() as stream, pa.ipc.open_file(stream) as file:
        schema = file.schema

    def batches(size: int) -> Iterator[Any]:
        with opened() as stream, pa.ipc.open_file(stream) as file:
            for k in range(file.num_record_batches):
                batch = file.get_batch(k)
                for start in range(0, batch.num_rows, size):
                    yield batch.slice(start, size)

    return kept_rows(_arrow_rows(schema, batches, 0, access, asked), access)


def _index(schema: Any) -> tuple[list[tuple[str, Any]], set[str]]:
    """What pandas wrote as the index: named ranges or columns, and columns without a name."""
    meta = schema.pandas_metadata or {}
    titles = {x.get("field_name"): x.get("name") for x in meta.get("columns", [])}
    named: list[tuple[str, Any]] = []
    unnamed = set()
    for index in meta.get("index_columns", []):
        if isinstance(index, dict):
            if index.get("name") is not None:
                named.append((str(index["name"]), index))
        elif titles.get(index) is None:
            unnamed.add(index)
        else:
            named.append((str(titles[index]), index))
    return named, unnamed


def _arrow_rows(
    schema: Any,
    batches: Callable[[int], Iterator[Any]],
    n: int,
    access: Access,
    asked: Iterable[str] | None,
) -> Rows:
    if 8 * n > access.limit():
        raise ValueError(f"it claims {n:,} rows; --most-bytes {8 * n} allows them")
    named, unnamed = _index(schema)
    inner = [x for _, x in named if isinstance(x, str)]
    plain = [
        (k, name)
        for k, name in enumerate(schema.names)
        if name not in unnamed and name not in inner
    ]
    size = max(1, BLOCK // max(1, len(schema.names)))
    first = next(batches(size), None)
    if first is None:
        return Rows([name for _, name in plain], lambda: iter(()))

    def columns(batch: Any, start: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, index in named:
            if isinstance(index, str):
                found |= _cells(name, batch.column(index), start)
            else:
                found[name] = index["start"] + index["step"] * np.arange(start, start + len(batch))
        for k, name in plain:
            more = _cells(name, batch.column(k), start)
            if found.keys() & more.keys():
                raise ValueError(f"two columns of one name: {next(iter(more))}")
            found |= more
        return found

    head = columns(first.slice(0, 1), 0)
    names, alone = list(head), apart(head, asked)
    places = {name: k for k, name in enumerate(names)}
    types = {places[name]: x.dtype for name, x in head.items() if isinstance(x, np.ndarray)}

    def blocks() -> Iterator[Block]:
        start = 0
        for batch in batches(size):
            found = columns(batch, start)
            if list(found) != names:
                raise ValueError(f"rows from {start} on: lists of another length than before")
            yield block_of({places[k]: x for k, x in found.items()}, len(batch), alone)
            start += len(batch)

    return Rows(names, blocks, [], types)


def _cells(name: str, cells: Any, start: int) -> dict[str, Any]:
    """Columns of a column of Arrow: numbers, texts, or what pandas makes of it."""
    import pyarrow as pa

    kind = cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return {name: cells.to_numpy(zero_copy_only=False)}
    if pa.types.is_boolean(kind) and not cells.null_count:
        return {name: cells.to_numpy(zero_copy_only=False)}
    if (pa.types.is_string(kind) or pa.types.is_large_string(kind)) and not cells.null_count:
        return {name: cells}
    return flat({name: series_cells(cells.to_pandas())}, start)
