r"""Dask arrays as columns: work goes to the blocks, and what it makes of them comes back.

Blocks are cut at whole multiples of one length, so that sums over pieces of that length are those
of the same numbers in a file, to the last bit, whatever the blocks were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from radsim.data.stored_columns import BLOCK, Rows, changed, digest, parquet_rows, parts_of
from radsim.door import Array

__all__ = ["aligned", "block_work", "parquet_array", "same_blocks"]

# Blocks that are worked on at a time where no cluster is.
_AT_ONCE = 16


def aligned(array: Any, length: int) -> Any:
    """The array, its blocks cut at whole multiples of a length.

    Examples
    --------
    >>> import dask.array as da
    >>> aligned(da.ones(10, chunks=3), 4).chunks
    ((4, 4, 2),)
    """
    sizes = array.chunks[0]
    if all(end % length == 0 for end in np.cumsum(sizes)[:-1].tolist()):
        return array
    return array.rechunk((max(1, round(max(sizes) / length)) * length,))


def same_blocks(array: Any, other: Any) -> Any:
    """The other array, in the blocks of the first."""
    return other if other.chunks == array.chunks else other.rechunk(array.chunks)


def block_work(
    arrays: Sequence[Any],
    work: Callable[..., Any],
    given: Callable[[int, int], Any] | None,
    seen: dict[int, tuple[int, ...]],
    name: str,
) -> Iterator[Any]:
    """One pass: what work makes of each block, in order, wherever the blocks are.

    Parameters
    ----------
    arrays : sequence of dask.array.Array
        Of the same blocks.
    work : callable
        (start, given, *blocks) -> what comes back; it travels, and may run more than once.
    given : callable, optional
        (start, stop) -> what that block's work is given besides.
    seen : dict
        What the blocks held in the first pass; others are refused.
    name : str
        Of the argument, for refusals.

    Raises
    ------
    ValueError
        If a block is not what it was; and what work raises.
    """
    import dask.array as da

    starts = np.concatenate(([0], np.cumsum(arrays[0].chunks[0]))).tolist()
    orders = np.empty(len(starts) - 1, dtype=object)
    for k, (start, stop) in enumerate(pairwise(starts)):
        orders[k] = start, given and given(start, stop)
    # One task a block, which reads it and works on it: blocks stay where they are.
    results = da.map_blocks(
        partial(_noted, work),
        da.from_array(orders, chunks=1),
        *arrays,
        dtype=object,
        meta=np.empty(0, dtype=object),
        chunks=((1,) * len(orders),),
        name=f"radsim-pass-{uuid4().hex}",  # each pass reads anew
    )
    for start, found in zip(starts[:-1], _in_order(list(results.to_delayed())), strict=True):
        held, result = found[0]
        if seen.setdefault(start, held) != held:
            raise changed(name)
        yield result


def _noted(work: Callable[..., Any], order: Array, *blocks: Array) -> Array:
    """What the blocks hold, as digests, and what work makes of them."""
    start, given = order[0]
    found = np.empty(1, dtype=object)
    found[0] = tuple(map(digest, blocks)), work(start, given, *blocks)
    return found


def _in_order(tasks: list[Any]) -> Iterator[Any]:
    import dask
    from dask.base import get_scheduler

    client: Any = getattr(get_scheduler(), "__self__", None)
    if hasattr(client, "scheduler_info"):  # a cluster, which finds its own order and tries again
        futures = client.compute(tasks)
        for k in range(len(futures)):
            yield futures[k].result()
            futures[k] = None  # so that its worker forgets it
        return
    for k in range(0, len(tasks), _AT_ONCE):
        yield from dask.compute(*tasks[k : k + _AT_ONCE])


def parquet_array(folder: str | Path, column: str = "gain", block: int = BLOCK) -> Any:
    r"""A column of a folder of Parquet parts as a Dask array, read by whoever works on it.

    Parameters
    ----------
    folder : str or Path
        Its parts, `*.parquet` or `*.pq`, count in the order of their names.  Each worker must see
        it.
    column : str
    block : int
        Points of a block.

    Returns
    -------
    dask.array.Array, shape (n,)

    Raises
    ------
    ValueError
        If there is no part, or a part lacks the column.

    Examples
    --------
    >>> import tempfile, pyarrow as pa, pyarrow.parquet
    >>> folder = Path(tempfile.mkdtemp())
    >>> for k, gains in enumerate(([1.0, 0.5], [0.25])):
    ...     pa.parquet.write_table(pa.table({"gain": gains}), folder / f"part-{k}.parquet")
    >>> parquet_array(folder).compute().tolist()
    [1.0, 0.5, 0.25]
    """
    import dask.array as da

    parts = parts_of(str(folder), column)
    n = sum(part.n for part in parts)
    starts = np.arange(0, n, block)
    sizes = tuple(np.minimum(block, n - starts).tolist())
    return da.map_blocks(
        partial(_rows, parts, column, n, block),
        da.from_array(starts, chunks=1),
        dtype=parts[0].dtype,
        meta=np.empty(0, dtype=parts[0].dtype),
        chunks=(sizes,),
    )


def _rows(parts: list[Rows], column: str, n: int, block: int, start: Array) -> Array:
    first = int(start[0])
    return parquet_rows(parts, column, first, min(n, first + block))
