r"""Vectors that are read in blocks: from NPY files, arrays and memory maps, Parquet files, Dask.

Each pass is compared with the first one: a file or an array that changes between two of them would
give an answer about neither.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from radsim.door import Array
from radsim.extras import needed

__all__ = [
    "BLOCK",
    "Column",
    "Rows",
    "changed",
    "column_of",
    "digest",
    "from_open_file",
    "in_memory",
    "numbers_at",
    "parquet_rows",
    "parts_of",
    "same_file",
    "watched",
]

# Points read at a time: 8 MB of float64.
BLOCK = 1 << 20
# Single places looked up in a map at a time: each brings its neighbours along.
_PICKED = 1 << 10


@dataclass(frozen=True)
class Column:
    """A stored vector that is read in blocks, or at single places.

    Attributes
    ----------
    n : int
    blocks : callable
        () -> iterator over ndarrays, in order; each call is one pass.
    pick : callable, optional
        Sorted places -> ndarray of their values; without it only a whole pass can pick.
    array : dask.array.Array, optional
        Whose blocks work can be sent to.

    Examples
    --------
    >>> column = column_of(np.array([0.5, 0.25]), "gains")
    >>> column.n, [block.tolist() for block in column.blocks()]
    (2, [[0.5, 0.25]])
    """

    n: int
    blocks: Callable[[], Iterator[Array]]
    pick: Callable[[Array], Array] | None
    array: Any = None


def in_memory(values: Array | Column) -> Array:
    """All values of an array or a column, as one array.

    Examples
    --------
    >>> in_memory(column_of(np.array([0.5, 0.25]), "gains"))
    array([0.5 , 0.25])
    """
    if not isinstance(values, Column):
        return values
    return np.concatenate([np.asarray(x, float) for x in values.blocks()] or [np.empty(0)])


class _Mark(NamedTuple):
    """What says that a file is still the one that was opened: its place, size and time."""

    device: int
    inode: int
    size: int
    time: int

    @classmethod
    def of(cls, path: str | int) -> _Mark:
        """Of a path, or of an open file."""
        found = os.stat(path)
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def changed(name: str) -> ValueError:
    """The refusal of what is no longer what it was."""
    return ValueError(f"{name} changed while it was read; let nothing write to it, and run again")


def watched(column: Column, name: str) -> Column:
    """Refuse a column of which a later pass reads other values than the first one.

    Examples
    --------
    >>> array = np.array([0.5, 0.25])
    >>> column = column_of(array, "gains")
    >>> _, array[1] = list(column.blocks()), 0.75
    >>> list(column.blocks())
    Traceback (most recent call last):
    ValueError: gains changed while it was read; let nothing write to it, and run again
    """
    first: list[tuple[int, int]] = []

    def blocks() -> Iterator[Array]:
        seen = 0
        for k, block in enumerate(column.blocks()):
            seen += len(block)
            found = (len(block), digest(block))
            if k < len(first) and first[k] != found:
                raise changed(name)
            if k == len(first):
                first.append(found)
            if seen > column.n:
                break
            yield block
        if seen != column.n:
            raise changed(name)

    return replace(column, blocks=blocks)


def digest(block: Array) -> int:
    """What a block holds, in 32 bits.

    Examples
    --------
    >>> digest(np.array([0.5])) == digest(np.array([0.25]))
    False
    """
    # What is no number is refused by who reads it.
    return zlib.crc32(np.ascontiguousarray(block).data) if block.dtype.kind in "biuf" else 0


def numbers_at(name: str, file: BinaryIO, dtype: Any, place: int, n: int) -> Array:
    """So many entries of a type that stand in a file from a byte on.

    Read, not mapped: pages of a map count as resident memory.
    """
    block = np.empty(n, dtype)
    target, handle = block.view(np.uint8).data, file.fileno()
    while len(target):
        got = os.preadv(handle, [target], place)
        if got == 0:
            raise changed(name)
        target, place = target[got:], place + got
    return block


def from_open_file(
    name: str, opened: Callable[[], BinaryIO], dtype: Any, offset: int, n: int
) -> Column:
    """A column of the numbers of one type that stand in a file, from a place on."""
    size = np.dtype(dtype).itemsize

    def blocks() -> Iterator[Array]:
        with opened() as file:
            for start in range(0, n, BLOCK):
                yield numbers_at(name, file, dtype, offset + size * start, min(BLOCK, n - start))

    def pick(index: Array) -> Array:
        block = np.empty(len(index), dtype)
        with opened() as file:
            for k, i in enumerate(index.tolist()):
                block[k] = numbers_at(name, file, dtype, offset + size * i, 1)[0]
        return block

    return Column(n, blocks, pick)


def same_file(path: str) -> Callable[[], BinaryIO]:
    """Open a path each time it is asked for, and refuse another file in its place."""
    mark = _Mark.of(path)

    def opened() -> BinaryIO:
        file = open(path, "rb")
        if _Mark.of(file.fileno()) != mark:
            file.close()
            raise changed(path)
        return file

    return opened


def _checked(array: Any, name: str) -> Any:
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be a vector of numbers, got {array.dtype}")
    return array


def _from_npy(path: str, name: str) -> Column:
    opened = same_file(path)
    array = _checked(np.load(path, mmap_mode="r", allow_pickle=False), name)
    # A map of the whole file, just made: its offset is where the numbers begin.
    return from_open_file(path, opened, array.dtype, int(array.offset), len(array))


def _release(array: Any) -> Callable[[], object]:
    """What lets go of the pages of the file under an array, if there is one.

    Of a copy on write nothing is let go: its pages hold what no file does.
    """
    root = array
    while isinstance(root.base, np.ndarray):
        root = root.base
    shared = isinstance(root, np.memmap) and root.mode != "c"
    if not (shared and isinstance(root.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED")):
        return lambda: None
    pages = root.base
    return lambda: pages.madvise(mmap.MADV_DONTNEED)


def _from_array(array: Any) -> Column:
    # Through the array itself: a view of a map keeps the name and the offset of the whole map, and
    # says nothing of its own place and steps, nor of what was written to a copy.
    release = _release(array)

    def read(places: Any) -> Array:
        block = np.array(array[places], subok=False)
        release()
        return block

    def blocks() -> Iterator[Array]:
        for start in range(0, len(array), BLOCK):
            yield read(slice(start, start + BLOCK))

    def pick(index: Array) -> Array:
        parts = range(0, len(index), _PICKED)
        return np.concatenate([read(index[k : k + _PICKED]) for k in parts] or [np.empty(0)])

    return Column(len(array), blocks, pick)


def _from_parquet(path: str, column: str) -> Column:
    parquet = needed("pyarrow.parquet")  # slow to import, and only Parquet needs it
    opened = same_file(path)
    with opened() as stream, parquet.ParquetFile(stream) as file:
        names, n = file.schema_arrow.names, file.metadata.num_rows
    if column not in names:
        raise ValueError(f"{path}: no column {column!r}; has {', '.join(names)}")

    def blocks() -> Iterator[Array]:
        with opened() as stream, parquet.ParquetFile(stream) as file:
            for batch in file.iter_batches(batch_size=BLOCK, columns=[column]):
                yield batch.column(0).to_numpy(zero_copy_only=False)

    return Column(n, blocks, None)


class Rows(NamedTuple):
    """A part of a folder: its path, and how many rows of which type it holds."""

    path: str
    n: int
    dtype: Any


def parts_of(folder: str, column: str) -> list[Rows]:
    """Parquet parts of a folder, in the order of their names.

    Raises
    ------
    ValueError
        If there is none, or one lacks the column.
    """
    import pyarrow.parquet as parquet

    names = sorted(x for x in os.listdir(folder) if x.endswith((".parquet", ".pq")))
    if not names:
        raise ValueError(f"{folder}: no .parquet or .pq file in this folder")
    found = []
    for path in (os.path.join(folder, name) for name in names):
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            if column not in schema.names:
                raise ValueError(f"{path}: no column {column!r}; has {', '.join(schema.names)}")
            dtype = schema.field(column).type.to_pandas_dtype()
            found.append(Rows(path, file.metadata.num_rows, dtype))
    return found


def parquet_rows(parts: list[Rows], column: str, start: int, stop: int) -> Array:
    """Rows of a folder's parts from one place to another; only their row groups are read."""
    import pyarrow.parquet as parquet

    found, place = [np.empty(0, parts[0].dtype)], 0
    for path, n, _ in parts:
        if place < stop and start < place + n:
            with parquet.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    rows = file.metadata.row_group(group).num_rows
                    first, last = max(0, start - place), min(rows, stop - place)
                    if first < last:
                        cells = file.read_row_group(group, [column]).column(0)
                        found.append(cells.slice(first, last - first).to_numpy())
                    place += rows
                    n -= rows
        place += n
    return np.concatenate(found)


def _from_folder(folder: str, column: str) -> Column:
    parts = [watched(_from_parquet(path, column), path) for path, _, _ in parts_of(folder, column)]
    return Column(sum(x.n for x in parts), lambda: (b for x in parts for b in x.blocks()), None)


def _from_dask(array: Any) -> Column:
    if array.ndim != 1 or np.isnan(array.shape[0]):
        raise ValueError(f"a Dask array must be a vector of known length, got {array.shape}")

    def blocks() -> Iterator[Array]:
        # One block is worked on while the next ones are computed, by whatever scheduler is set.
        waiting: deque[Future[Array]] = deque()
        with ThreadPoolExecutor(2) as threads:
            for k in range(array.numblocks[0]):
                waiting.append(threads.submit(array.blocks[k].compute))
                if len(waiting) > 2:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    return Column(int(array.shape[0]), blocks, None, array)


def column_of(source: Any, name: str, column: str = "gain") -> Column:
    """Make a column of an array, a path or a Dask array, or refuse what is none of them.

    Parameters
    ----------
    source : Column, ndarray, str, Path or dask.array.Array
        A path may be that of a folder of Parquet parts, which count in the order of their names.
    name : str
        Of the argument, for refusals.
    column : str
        Of a Parquet file.

    Returns
    -------
    Column

    Raises
    ------
    ValueError
        Naming the argument; in a later pass, if the source is not what it was in the first one.

    Examples
    --------
    >>> column_of(np.array([0.5, 0.25]), "gains").pick(np.array([1])).tolist()
    [0.25]
    """
    if isinstance(source, Column):
        return source
    if isinstance(source, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array: fill it, or leave out what is masked")
    if isinstance(source, np.ndarray):
        return watched(_from_array(_checked(source, name)), name)
    if isinstance(source, (str, Path)):
        path, suffix = str(source), Path(source).suffix.lower()
        if os.path.isdir(path):
            return _from_folder(path, column)
        if suffix == ".npy":
            return watched(_from_npy(path, name), path)
        if suffix in (".parquet", ".pq"):
            return watched(_from_parquet(path, column), path)
        raise ValueError(f"{name} = {path!r} must end in .npy, .parquet or .pq")
    if hasattr(source, "dask") and hasattr(source, "blocks"):
        return watched(_from_dask(source), name)
    raise ValueError(f"{name} must be a memmap, a path or a Dask array, got {type(source)}")
