r"""Chunks of stored columns: checked float64 of one size, and points at single places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from radsim.data.stored_columns import BLOCK, Column, column_of
from radsim.door import Array, floats, inside
from radsim.solvers.water.chunks import CHUNK

__all__ = ["Column", "checked_chunks", "column_of", "constant", "points_at"]


def constant(n: int, number: float) -> Column:
    """A column of one number.

    Examples
    --------
    >>> [block.tolist() for block in constant(3, 0.5).blocks()]
    [[0.5, 0.5, 0.5]]
    """
    starts = range(0, n, BLOCK)
    return Column(
        n,
        lambda: (np.full(min(BLOCK, n - start), number) for start in starts),
        lambda index: np.full(len(index), number),
    )


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
    # All of them are read in a pass, which is compared with the others.
    if column.pick is not None and len(index) < column.n:
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
