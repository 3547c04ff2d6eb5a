r"""Tables of which a first pass has told what each column holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from radsim.data.columns import missing
from radsim.data.gains import gains_from_logits, gains_from_logprobs, gains_from_probabilities
from radsim.data.rounding import normalised
from radsim.data.rows import Facts, Rows, stored_floats
from radsim.data.sources import Access
from radsim.data.stored_columns import Column
from radsim.data.tables import opened_rows, refusals
from radsim.data.text import Dialect, InputError, said
from radsim.door import Array

__all__ = ["LARGE", "KnownTable", "opened_table"]

# Points of which the numbers stay in memory.
LARGE = 1 << 20
# Rows of fewer points may be of whole numbers by chance.
FEW = 3
# What gains and class probabilities are.
_GAIN = "finite non-negative"


def _why(cell: Any, decimal: str) -> str:
    """How to go on after a cell that is no number."""
    if not isinstance(cell, str):
        return ""
    text = cell.strip()
    if decimal == "." and re.fullmatch(r"[-+]?\d*,\d+([eE][-+]?\d+)?", text):
        return "; if a comma is the decimal mark: --decimal ,"
    if re.fullmatch(r"[-+]?\d{1,3}([., ' ]\d{3})+([.,]\d*)?", text):
        return "; write it without separators of thousands"
    if re.search(r"\d\s*[;|\t]\s*[\d+.-]", text):
        return "; if that separates columns: --sep"
    return ""


def _checked(
    path: str, rows: Rows, facts: Facts, places: list[int], decimal: str, low: float, rule: str
) -> None:
    """Refuse columns that hold what is no finite number, or one that is too low; `rule` says so."""
    bad = facts.negative if low == 0 else facts.no_number
    for place in places:
        if place not in bad:
            continue
        i, cell = bad[place]
        where = f"{path}: row {i}, column {rows.names[place]!r}"
        if missing(cell):
            raise InputError(f"{where}: a number is missing")
        words = _why(cell, decimal)
        if not words and len(places) > 1:
            words = "; --id NAME leaves out a column that is no class"
        raise InputError(f"{where}: {said(cell)} is not a {rule} number{words}")


def _distributed(table: Array) -> bool:
    """Whether rows of several numbers are in [0, 1] and sum to one."""
    inside = table.shape[1] > 1 and table.min() >= 0 and table.max() <= 1
    return bool(inside and np.allclose(table.sum(axis=1), 1, rtol=0, atol=1e-6))


def _placed(words: str, names: list[str], start: int) -> str:
    """A refusal of an entry or a row of a block, by its place in the file."""
    place = re.match(r"logprobs\[(\d+)(?:, (\d+))?\](?: =|:) ", words)
    if place is None:
        return words.removeprefix("logprobs: ")
    column = f", column {names[int(place[2])]!r}" if place[2] else ""
    return f"row {start + int(place[1])}{column}: {words[place.end() :]}"


@dataclass(frozen=True)
class KnownTable:
    """A table whose columns are known from a first pass."""

    path: str
    rows: Rows
    facts: Facts
    decimal: str
    access: Access

    @property
    def names(self) -> list[str]:
        """Of its columns."""
        return self.rows.names

    def vector(self, name: str) -> Array | Column:
        """A column of gains or harms."""
        place = self.rows.places[name]
        _checked(self.path, self.rows, self.facts, [place], self.decimal, 0.0, _GAIN)
        column = self.rows.column(place) if self.facts.n > LARGE else None
        if column is not None:
            return column
        index = np.array([place])
        return self._stored(x.floats(index, self.decimal)[:, 0] for x in self.rows.blocks())

    def _stored(self, blocks: Iterator[Array]) -> Array | Column:
        """Numbers of the rows: in memory if they are few, else in a temporary file."""
        if self.facts.n <= LARGE:
            return np.concatenate(list(blocks))
        return stored_floats(self.path, blocks, self.facts.n, self.access)

    def tables(self, names: Iterable[str]) -> Callable[[], Iterator[Array]]:
        """Passes over some columns side by side."""
        index = np.array([self.rows.places[name] for name in names])
        return lambda: (x.floats(index, self.decimal) for x in self.rows.blocks())

    def gains(
        self, names: list[str], gain: str, normalise: bool
    ) -> tuple[Array | Column, list[str]]:
        """Gains from columns of class probabilities, and notes on those."""
        divide, notes = self.probabilities(names, normalise)
        tables = self.tables(names)
        return self._stored(gains_from_probabilities(divide(x), gain) for x in tables()), notes

    def gains_of_logits(self, names: list[str], gain: str) -> Array | Column:
        """Gains from columns of logits."""
        tables = self.finite(names)
        if all(_distributed(table) for table in tables()):
            raise InputError(
                f"{self.path}: all rows are in [0, 1] and sum to 1: class probabilities, and no "
                "logits; leave out --logits"
            )
        self._alike(tables, names)
        return self._stored(gains_from_logits(x, gain) for x in tables())

    def _alike(self, tables: Callable[[], Iterator[Array]], names: list[str]) -> None:
        """Refuse a column of whole numbers beside fractions, such as an age or a label.

        A column of zeros is the logit of a reference class.
        """
        if self.facts.n < FEW:
            return
        whole, zero = np.ones((2, len(names)), dtype=bool)
        for table in tables():
            whole &= (table == np.floor(table)).all(axis=0)
            zero &= (table == 0).all(axis=0)
        doubtful = np.flatnonzero(whole & ~zero)
        if len(doubtful) and not whole.all():
            name = names[int(doubtful[0])]
            raise InputError(
                f"{self.path}: column {name!r} holds whole numbers, and others fractions: is it a "
                f"logit? If not, --id {name!r} leaves it out; if so, add 0.5 to all columns of "
                "logits, which changes no probability"
            )

    def gains_of_logprobs(self, names: list[str], gain: str) -> Array | Column:
        """Gains from columns of log-probabilities of the likeliest answers."""
        tables, n = self.finite(names), 0
        found = []
        for table in tables():
            try:
                found.append(gains_from_logprobs(table, gain))
            except ValueError as error:
                raise InputError(f"{self.path}: {_placed(str(error), names, n)}") from None
            n += len(table)
        return self._stored(iter(found))

    def finite(self, names: list[str], rule: str = "finite") -> Callable[[], Iterator[Array]]:
        """Passes over columns of finite numbers; `rule` is what they are said to be."""
        places = [self.rows.places[name] for name in names]
        _checked(self.path, self.rows, self.facts, places, self.decimal, -np.inf, rule)
        return self.tables(names)

    def probabilities(
        self, names: list[str], normalise: bool
    ) -> tuple[Callable[[Array], Array], list[str]]:
        """How columns of class probabilities become rows that sum to one, and notes."""
        tables, places = self.finite(names, _GAIN), map(self.rows.places.__getitem__, names)
        types = [self.rows.types[place] for place in places if place in self.rows.types]
        try:
            return normalised(tables, names, types, anyway=normalise)
        except ValueError as error:
            raise InputError(f"{self.path}: {error}") from None

    def at_most_one(self, values: Array | Column) -> bool:
        """Whether no gain is above one."""
        blocks = values.blocks() if isinstance(values, Column) else iter([values])
        return all((block <= 1).all() for block in blocks)

    def ids(self, names: list[str]) -> tuple[Mapping[str, list[str]], Any]:
        """Identifiers of the rows, and what reads those of a large file."""
        if not names or self.facts.n <= LARGE:
            cells = self._cells(names)
            return {name: list(chain.from_iterable(cells[name])) for name in names}, None
        return {name: [] for name in names}, lambda places: self._ids_at(names, places)

    def _cells(self, names: list[str]) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {name: [] for name in names}
        for block in self.rows.blocks() if names else ():
            for name in names:
                cells = block.column(self.rows.places[name])
                found[name].append([str(cell) for cell in cells])
        return found

    def _ids_at(self, names: list[str], places: Array) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in names}
        start = 0
        for block in self.rows.blocks():
            first, last = np.searchsorted(places, (start, start + block.n))
            wanted = (places[first:last] - start).tolist()
            for name in names if wanted else ():
                cells = block.at(self.rows.places[name], wanted)
                found[name] += [str(cell) for cell in cells]
            start += block.n
        return found


@contextmanager
def opened_table(
    path: str, dialect: Dialect, asked: Iterable[str] | None, access: Access | None
) -> Iterator[KnownTable]:
    """Open a file, and make the first pass over its rows."""
    with refusals(path), opened_rows(path, dialect, asked, access) as rows:
        facts = Facts(rows, dialect.decimal)
        if not facts.n or not rows.names:
            raise InputError(f"{path}: no rows")
        yield KnownTable(path, rows, facts, dialect.decimal, access or Access())
