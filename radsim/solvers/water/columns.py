r"""Vectors that are read in blocks: from NPY files, arrays and memory maps, Parquet files, Dask."""

from __future__ import annotations

import mmap
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from radsim.door import Array, floats, inside
from radsim.solvers.water.chunks import CHUNK

__all__ = ["Column", "checked_chunks", "column_of", "points_at"]

# Points read from a file at a time: 8 MB of float64.
_READ = 1 << 20
# Single places looked up in a map at a time: each brings its neighbours along.
_PICKED = 1 << 10


@dataclass(frozen=True)
class Column:
    """A stored vector that is read in blocks, or at single places."""

    n: int
    blocks: Callable[[], Iterator[Array]]
    pick: Callable[[Array], Array] | None  # None: only a whole pass can pick


def _from_file(path: str, dtype: np.dtype[Any], offset: int, n: int) -> Column:
    # Read, not mapped: pages of a map count as resident memory.
    def blocks() -> Iterator[Array]:
        with open(path, "rb") as file:
            file.seek(offset)
            for start in range(0, n, _READ):
                yield np.fromfile(file, dtype, min(_READ, n - start))

    def pick(index: Array) -> Array:
        size = dtype.itemsize
        with open(path, "rb") as file:
            handle = file.fileno()
            parts = [os.pread(handle, size, offset + size * i) for i in index.tolist()]
        return np.frombuffer(b"".join(parts), dtype)

    return Column(n, blocks, pick)


def _checked(array: Any, name: str) -> Any:
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be a vector of numbers, got {array.dtype}")
    return array


def _from_npy(path: str, name: str) -> Column:
    array = _checked(np.load(path, mmap_mode="r", allow_pickle=False), name)
    # A map of the whole file, just made: its offset is where the numbers begin.
    return _from_file(path, array.dtype, int(array.offset), len(array))


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
        for start in range(0, len(array), _READ):
            yield read(slice(start, start + _READ))

    def pick(index: Array) -> Array:
        parts = range(0, len(index), _PICKED)
        return np.concatenate([read(index[k : k + _PICKED]) for k in parts] or [np.empty(0)])

    return Column(len(array), blocks, pick)


def _from_parquet(path: str, column: str) -> Column:
    # Slow to import, and only Parquet needs it.
    import pyarrow.parquet as parquet

    names = parquet.read_schema(path).names
    if column not in names:
        raise ValueError(f"{path}: no column {column!r}; has {', '.join(names)}")

    def blocks() -> Iterator[Array]:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_READ, columns=[column]):
                yield batch.column(0).to_numpy(zero_copy_only=False)

    return Column(parquet.read_metadata(path).num_rows, blocks, None)


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

    return Column(int(array.shape[0]), blocks, None)


def column_of(source: Any, name: str, column: str) -> Column:
    """Make a column of an array, a path or a Dask array, or refuse what is none of them."""
    if isinstance(source, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array: fill it, or leave out what is masked")
    if isinstance(source, np.ndarray):
        return _from_array(_checked(source, name))
    if isinstance(source, (str, Path)):
        suffix = Path(source).suffix.lower()
        if suffix == ".npy":
            return _from_npy(str(source), name)
        if suffix in (".parquet", ".pq"):
            return _from_parquet(str(source), column)
        raise ValueError(f"{name} = {str(source)!r} must end in .npy, .parquet or .pq")
    if hasattr(source, "dask") and hasattr(source, "blocks"):
        return _from_dask(source)
    raise ValueError(f"{name} must be a memmap, a path or a Dask array, got {type(source)}")


def checked_chunks(column: Column, name: str) -> Iterator[Array]:
    """Checked float64 chunks of one size, whatever the sizes of the blocks."""
    rest, start = np.empty(0), 0
    for block in column.blocks():
        block = inside(floats(block, name, first=start), name, first=start)
        start += len(block)
        if len(rest):
            block = np.concatenate((rest, block))
        whole = len(block) - len(block) % CHUNK
        for k in range(0, whole, CHUNK):
            yield block[k : k + CHUNK]
        rest = block[whole:].copy()
    if len(rest):
        yield rest


def points_at(column: Column, index: Array, name: str) -> Array:
    """Read a column at some places, given in rising order."""
    if column.pick is not None:
        values = floats(column.pick(index), name)
        for k in np.flatnonzero(~((values >= 0) & (values < np.inf)))[:1].tolist():
            inside(values[k:], name, first=int(index[k]))  # which names it
        return values
    parts, start = [], 0
    for chunk in checked_chunks(column, name):
        first, last = np.searchsorted(index, (start, start + len(chunk)))
        parts.append(chunk[index[first:last] - start])
        start += len(chunk)
    return np.concatenate(parts)
