r"""Vectors that are read in blocks: from NPY files, memory maps, Parquet files and Dask arrays."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from radsim.door import Array, inside
from radsim.solvers.water.chunks import CHUNK

__all__ = ["Column", "checked_chunks", "column_of", "points_at"]

# Points read from a file at a time: 8 MB of float64.
_READ = 1 << 20


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


def _from_npy(path: str) -> Column:
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return _from_memmap(array, path)


def _from_memmap(array: Any, name: str) -> Column:
    if array.ndim != 1 or not array.flags.c_contiguous or array.dtype.kind != "f":
        raise ValueError(f"{name} must be a contiguous vector of floats, got {array.dtype}")
    return _from_file(str(array.filename), array.dtype, int(array.offset), len(array))


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
                    yield np.asarray(waiting.popleft().result())
            while waiting:
                yield np.asarray(waiting.popleft().result())

    return Column(int(array.shape[0]), blocks, None)


def column_of(source: Any, name: str, column: str) -> Column:
    """Make a column of a memory map, a path or a Dask array, or refuse what is none of them."""
    if isinstance(source, np.memmap):
        return _from_memmap(source, name)
    if isinstance(source, (str, Path)):
        suffix = Path(source).suffix.lower()
        if suffix == ".npy":
            return _from_npy(str(source))
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
        block = np.asarray(block, dtype=np.float64)
        inside(block, name, first=start)
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
        values = np.asarray(column.pick(index), dtype=np.float64)
        for k in np.flatnonzero(~((values >= 0) & (values < np.inf)))[:1].tolist():
            inside(values[k:], name, first=int(index[k]))  # which names it
        return values
    parts, start = [], 0
    for chunk in checked_chunks(column, name):
        first, last = np.searchsorted(index, (start, start + len(chunk)))
        parts.append(chunk[index[first:last] - start])
        start += len(chunk)
    return np.concatenate(parts)
