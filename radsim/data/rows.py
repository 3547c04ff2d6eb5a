r"""Tables that are read in blocks of rows, each as often as need be, and what their columns are."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from radsim.data.columns import column_floats, counting, missing, named_id, textual, without_id
from radsim.data.sources import Access, Scratch
from radsim.data.stored_columns import Column, from_open_file, numbers_at
from radsim.door import Array

__all__ = [
    "Block",
    "Facts",
    "Rows",
    "apart",
    "block_of",
    "kept_rows",
    "listed",
    "stored_floats",
    "table_rows",
]

# Bytes of rows that stay in memory, some 64 a text.
_HELD = 1 << 24


class Block(NamedTuple):
    """Some rows: columns of numbers of one type side by side, and all others one by one.

    Attributes
    ----------
    n : int
    matrix : ndarray, shape (n, k)
    places : ndarray of int, shape (k,)
        Which columns of the table those are, in rising order.
    cells : dict
        Place of a column to its cells: an ndarray of numbers, a list, or texts of Arrow.
    """

    n: int
    matrix: Array
    places: Array
    cells: dict[int, Any]

    def column(self, place: int) -> Any:
        """Cells of a column: an ndarray of numbers, or a list."""
        if place in self.cells:
            return listed(self.cells[place])
        return self.matrix[:, np.searchsorted(self.places, place)]

    def at(self, place: int, rows: list[int]) -> list[Any]:
        """Some cells of a column."""
        cells = self.cells[place] if place in self.cells else self.column(place)
        if hasattr(cells, "to_pylist"):
            return list(cells.take(rows).to_pylist())
        return [cells[i] for i in rows]

    def floats(self, places: Array, decimal: str) -> Array:
        """Columns as a table of float64, one row after the other."""
        with np.errstate(over="ignore"):
            if np.array_equal(places, self.places):
                return np.ascontiguousarray(self.matrix, dtype=np.float64)
            table = np.empty((self.n, len(places)))
            inside = np.isin(places, self.places)
            table[:, inside] = self.matrix[:, np.searchsorted(self.places, places[inside])]
        for k in np.flatnonzero(~inside).tolist():
            table[:, k] = _values(self.cells[int(places[k])], decimal)
        return table


def _blank(cells: Any) -> bool:
    if isinstance(cells, np.ndarray):
        return False
    # Most columns have a cell at once that is not blank.
    return missing(str(cells[0])) and all(map(missing, listed(cells))) if len(cells) else True


def _values(cells: Any, decimal: str) -> Array:
    """Cells as float64, NaN where there is no number."""
    if hasattr(cells, "to_pylist") and decimal == ".":
        import pyarrow as pa

        try:
            values: Array = cells.cast(pa.float64()).to_numpy(zero_copy_only=False)
            if np.isfinite(values).all():
                return values
        except pa.ArrowInvalid:
            pass
    return column_floats(listed(cells), decimal)


def listed(cells: Any) -> Any:
    """Cells as a list or an array of numbers."""
    return cells.to_pylist() if hasattr(cells, "to_pylist") else cells


@dataclass(frozen=True)
class Rows:
    """A table that is read in blocks.

    Attributes
    ----------
    names : list of str
        Of the columns.
    blocks : callable
        () -> iterator over `Block`; each call is one pass.
    notes : list of str
        On the reading; may grow in the first pass.
    types : dict
        Place of a column to its type, where the file has types.
    column : callable, optional
        Place of a column -> a `Column` that reads the file itself, or None.
    """

    names: list[str]
    blocks: Callable[[], Iterator[Block]]
    notes: list[str] = field(default_factory=list)
    types: dict[int, Any] = field(default_factory=dict)
    column: Callable[[int], Column | None] = lambda place: None

    @cached_property
    def places(self) -> dict[str, int]:
        """Name of a column to its place."""
        return {name: place for place, name in enumerate(self.names)}


def block_of(columns: dict[int, Any], n: int, apart: set[int]) -> Block:
    """A block of columns by their places; those of one type are put side by side, but for some."""
    types = {k: x.dtype for k, x in columns.items() if isinstance(x, np.ndarray) and k not in apart}
    if len(types) < 2 or len(set(types.values())) > 1:
        return Block(n, np.empty((n, 0)), np.empty(0, dtype=np.intp), columns)
    matrix = np.column_stack([columns[k] for k in types])
    cells = {k: x for k, x in columns.items() if k not in types}
    return Block(n, matrix, np.array(list(types)), cells)


def apart(names: Iterable[str], asked: Iterable[str] | None = ()) -> set[int]:
    """Places of columns whose cells are kept as they are: they may identify the rows.

    Those that are named so, and those that are asked for; None asks for all.
    """
    if asked is None:
        return {k for k, _ in enumerate(names)}
    plain = {name.strip().casefold() for name in asked}
    return {
        k
        for k, name in enumerate(names)
        if named_id(name)
        or name.strip().casefold() in plain
        or name.rpartition(".")[0].strip().casefold() in plain
    }


def table_rows(
    columns: dict[str, Any], notes: Iterable[str] = (), asked: Iterable[str] | None = ()
) -> Rows:
    """A table that is in memory, as one block."""
    names, found = list(columns), dict(enumerate(columns.values()))
    types = {k: cells.dtype for k, cells in found.items() if isinstance(cells, np.ndarray)}
    n = len(found[0]) if found else 0
    block = block_of(found, n, apart(names, asked))
    return Rows(names, lambda: iter([block]), list(notes), types)


def kept_rows(rows: Rows, access: Access) -> Rows:
    """The same rows, made once and kept for all later passes: beyond some in a temporary file."""
    kept: list[Block | tuple[Scratch, int]] = []

    def first() -> Iterator[Block]:
        size, scratch = 0, None
        for block in rows.blocks():
            yield block
            size += block.matrix.nbytes + sum(64 * len(cells) for cells in block.cells.values())
            if size <= _HELD:
                kept.append(block)
                continue
            scratch = scratch or Scratch(access.limit())
            kept.append((scratch, scratch.size))
            matrix = np.ascontiguousarray(block.matrix)
            head = (block.n, block.places, matrix.shape, matrix.dtype, block.cells)
            scratch.write(pickle.dumps(head, protocol=5))
            scratch.write(matrix.reshape(-1).view(np.uint8).data)

    def again() -> Iterator[Block]:
        for block in kept:
            yield block if isinstance(block, Block) else _loaded(*block)

    return Rows(rows.names, lambda: again() if kept else first(), rows.notes, rows.types)


def _loaded(scratch: Scratch, place: int) -> Block:
    with scratch.reopened() as file:
        file.seek(place)
        n, places, shape, dtype, cells = pickle.load(file)
        matrix = numbers_at("temporary file", file, dtype, file.tell(), math.prod(shape))
    return Block(n, matrix.reshape(shape), places, cells)


def stored_floats(name: str, blocks: Iterator[Array], n: int, access: Access) -> Column:
    """Numbers that are made once, and kept in a temporary file."""
    scratch = Scratch(access.limit())
    for block in blocks:
        scratch.write(np.ascontiguousarray(block, dtype=np.float64).data)
    return from_open_file(name, scratch.reopened, np.dtype(np.float64), 0, n)


class Facts:
    """What the columns of a table are, from one pass over its rows."""

    def __init__(self, rows: Rows, decimal: str) -> None:
        names = rows.names
        self.n = 0
        self.names = names
        # Row and cell that come first in a column and are no number, or one below zero.
        self.no_number: dict[int, tuple[int, Any]] = {}
        self.negative: dict[int, tuple[int, Any]] = {}
        self._named = {k for k, name in enumerate(names) if named_id(name)}
        self._whole = set(self._named)
        self._from = {k: {0, 1} for k, name in enumerate(names) if name.startswith("Unnamed: ")}
        # Of a column named so that would identify them but for a row: that row.
        self.without_id: dict[int, int | None] = {}
        self._textual = set(range(len(names)))
        self._empty = set(range(len(names)))
        for block in rows.blocks():
            self._add(block, decimal)

    def _add(self, block: Block, decimal: str) -> None:
        plain = block.places.tolist()
        self._textual.difference_update(plain)
        self._empty.difference_update(plain)
        if len(plain):
            with np.errstate(over="ignore"):
                values = block.matrix.astype(np.float64, copy=False)
            fine = values.size == 0 or (values.min() >= 0 and values.max() < np.inf)
            for j, place in enumerate([] if fine else plain):
                self._numbers(place, values[:, j], block.matrix[:, j])
        for place, cells in block.cells.items():
            self._column(place, cells, decimal)
            if place in self._named and place not in self._textual | self._whole | set(
                self.without_id
            ):
                row = without_id(listed(cells))
                self.without_id[place] = None if row is None else self.n + row
        self.n += block.n

    def _numbers(self, place: int, values: Array, cells: Any) -> None:
        for found, bad in (
            (self.no_number, ~np.isfinite(values)),
            (self.negative, ~np.isfinite(values) | (values < 0)),
        ):
            if place not in found and bad.any():
                i = int(np.argmax(bad))
                cell = cells[i]
                found[place] = self.n + i, cell.as_py() if hasattr(cell, "as_py") else cell

    def _column(self, place: int, cells: Any, decimal: str) -> None:
        if place in self._textual and not textual(cells):
            self._textual.discard(place)
        known = place in self.no_number and place in self.negative
        counts = place in self._whole or self._from.get(place)
        if place in self._empty and not _blank(cells):
            self._empty.discard(place)
        if known and not counts:
            return
        values = _values(cells, decimal)
        if not known:
            self._numbers(place, values, cells)
        if counts:
            values = values if decimal == "." else _values(cells, ".")
            if not np.all(np.isfinite(values) & (values == np.floor(values))):
                self._whole.discard(place)
            if place in self._from:
                self._from[place] &= counting(values, self.n)

    def identifies(self, place: int, *, by_texts: bool) -> bool:
        """Whether a column identifies the rows: by its name and whole numbers, or by its texts."""
        if place in self._textual or place not in self._named:
            # A single text may be a number that was spoilt.
            return place in self._textual and bool(
                place in self._named or (by_texts and self.n > 1)
            )
        return place in self._whole

    def counts_rows(self, place: int) -> bool:
        """Whether an unnamed column is 0, 1, 2, ... or 1, 2, 3, ..."""
        return bool(self._from.get(place))

    def empty(self, place: int) -> bool:
        """Whether all cells are blank."""
        return place in self._empty
