r"""Rows of class probabilities that sum to one but for rounding, and those that do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from radsim.door import Array

__all__ = ["normalised", "rounding"]

# Each call is one pass over a table, in blocks of its rows.
Blocks = Callable[[], Iterator[Array]]

# What is taken for rounding in every row, and at most.
_LEAST, _MOST = 1e-6, 0.05
_DECIMALS = 8
# What else columns of numbers may be.
_OTHER = (
    "--id NAME leaves out a column that is no class, --gain-column NAME reads one column of gains"
)


class _Sums:
    """What the entries of tables of class probabilities and the sums of their rows are."""

    def __init__(self, blocks: Blocks, types: list[Any]) -> None:
        self.least, self.most, self.off = np.inf, -np.inf, 0.0
        self.sums, self.width, self.empty = (np.inf, -np.inf), 0, -1
        self._narrow = bool(types) and max(kind.itemsize for kind in types) <= 4
        self._decimals, n = 0, 0
        for table in blocks():
            self.width = table.shape[1]
            self.least = min(self.least, table.min(initial=np.inf))
            self.most = max(self.most, table.max(initial=-np.inf))
            p = np.maximum(table, 0.0)
            with np.errstate(over="ignore"):
                sums = p.sum(axis=1)
            self.off = max(self.off, np.abs(sums - 1).max(initial=0))
            self.sums = min(self.sums[0], sums.min()), max(self.sums[1], sums.max())
            if self.empty < 0 and not sums.all():
                self.empty = n + int(np.argmin(sums != 0))
            self._round(table)
            n += len(table)
        self.slack, self.of = self._rounding(types)

    def _round(self, table: Array) -> None:
        single = table.astype(np.float32) if self._narrow else table
        for d in range(_DECIMALS, self._decimals - 1, -1):
            with np.errstate(over="ignore"):
                if not np.array_equal(np.round(single, d), single):
                    self._decimals = d + 1
                    return

    def _rounding(self, types: list[Any]) -> tuple[float, str]:
        eps = [np.finfo(kind).eps for kind in types if kind.kind == "f"]
        unit, of = float(max([np.finfo(np.float32).eps, *eps])), "32 bits a number"
        if eps and unit == np.finfo(np.float16).eps:
            of = "16 bits a number"
        for d in range(_DECIMALS, self._decimals - 1, -1):
            if 0.5 * 10.0**-d > unit:
                unit, of = 0.5 * 10.0**-d, f"{d} decimals"
        return min(max(self.width * unit, _LEAST), _MOST), of


def rounding(table: Array, types: list[Any]) -> tuple[float, str]:
    r"""How far from one a sum of class probabilities may lie by rounding, and of what.

    .. math:: C \max(\varepsilon, 10^{-d} / 2)

    for C classes, in a type of resolution :math:`\varepsilon` (float32 at the least: a text does
    not say what was written to it) and all of them rounded to d decimals; from 1e-6 to 0.05.

    Parameters
    ----------
    table : ndarray, shape (n, C)
    types : list of dtype
        Of the columns, as far as they have one.

    Returns
    -------
    float
    str

    Examples
    --------
    >>> rounding(np.array([[0.3333, 0.6667]]), [])
    (0.0001, '4 decimals')
    """
    found = _Sums(lambda: iter([table]), types)
    return found.slack, found.of


def normalised(
    blocks: Blocks, names: list[str], types: list[Any], *, anyway: bool = False
) -> tuple[Callable[[Array], Array], list[str]]:
    """How rows of class probabilities become rows that sum to one, and notes on it.

    Parameters
    ----------
    blocks : callable
        () -> iterator over tables, shape (rows, C); each call is one pass.  Finite; a single column
        holds the probabilities of the second of two classes.
    names : list of str
        Of the columns.
    types : list of dtype
        As in `rounding`.
    anyway : bool
        Divide each row by its sum, whatever it is.

    Returns
    -------
    callable
        A table -> one of rows that sum to one.
    list of str

    Raises
    ------
    ValueError
        Naming row, column and value.

    Examples
    --------
    >>> table = np.array([[0.333, 0.666]])
    >>> divide, notes = normalised(lambda: iter([table]), ["a", "b"], [])
    >>> divide(table)
    array([[0.33333333, 0.66666667]])
    >>> notes
    ['sums of rows are 0.001 off 1, by rounding to 3 decimals: each is divided by its sum']
    """
    found = _Sums(blocks, types)
    slack = found.slack
    if found.least < -slack or (found.most > 1 + slack and not anyway):
        raise ValueError(_outside(blocks, names, slack, anyway, _meant(found, slack)))
    if found.width == 1:
        return _two_classes, ["one column: of the second of two classes"]
    if anyway:
        if found.empty >= 0:
            raise ValueError(f"row {found.empty}: all are 0, and no sum to divide by")
        low, high = found.sums
        return _divided_safely, [
            f"sums of rows are {low:.6g} to {high:.6g}: each is divided by its sum"
        ]
    if found.off > slack:
        raise ValueError(_off(blocks, names, slack))
    if found.off <= _LEAST:
        return _raised, []
    return _divided, [
        f"sums of rows are {found.off:.2g} off 1, by rounding to {found.of}: each is divided by "
        "its sum"
    ]


def _raised(table: Array) -> Array:
    return np.maximum(table, 0.0)


def _two_classes(table: Array) -> Array:
    p = np.clip(table, 0, 1)
    return np.hstack([1 - p, p])


def _divided(table: Array) -> Array:
    p = _raised(table)
    return p / p.sum(axis=1)[:, None]


def _divided_safely(table: Array) -> Array:
    p = _raised(table)
    p = p / p.max(axis=1, keepdims=True)
    with np.errstate(under="ignore"):
        return p / p.sum(axis=1, keepdims=True)


def _meant(found: _Sums, slack: float) -> str:
    """What numbers below 0 or above 1 look like; shares have the same sum in all rows."""
    low, high = found.sums
    if found.least >= -slack and low > 0.95 * high:
        return ""
    if found.most <= slack:
        return "log-probabilities are read by --logprobs, logits by --logits; "
    return "logits are read by --logits; "


def _outside(blocks: Blocks, names: list[str], slack: float, anyway: bool, hint: str = "") -> str:
    """The first entry that is no probability."""
    n = 0
    for table in blocks():
        outside = table < -slack if anyway else (table < -slack) | (table > 1 + slack)
        if outside.any():
            i, k = (int(x) for x in np.argwhere(outside)[0])
            words = f"row {n + i}, column {names[k]!r}: {table[i, k]:.6g} is"
            if table[i, k] < 0:
                return f"{words} no probability: negative; {hint}{_OTHER}"
            return f"{words} above 1; {_way_on(blocks, names, k, slack, hint)}"
        n += len(table)
    raise AssertionError("an entry was outside in the first pass")


def _off(blocks: Blocks, names: list[str], slack: float) -> str:
    """The first row whose sum is too far from one."""
    n, first, others = 0, None, np.zeros(len(names))
    for table in blocks():
        p = _raised(table)
        sums = p.sum(axis=1)
        off = np.abs(sums - 1)
        others = np.maximum(others, np.abs(sums[:, None] - p - 1).max(axis=0))
        if first is None and (off > slack).any():
            i = int(np.argmax(off > slack))
            first = n + i, sums[i], off[i]
        n += len(table)
    assert first is not None
    row, total, off_by = first
    k = int(np.argmin(others))
    way_on = "--normalise divides each row by its sum, --gain-column NAME reads one column of gains"
    if len(names) > 2 and others[k] <= slack:
        way_on = _leave_out(names[k])
    return (
        f"row {row}: the class probabilities sum to {total:.6g}, not 1: {off_by:.2g} off, "
        f"and rounding explains {slack:.2g}; {way_on}"
    )


def _way_on(blocks: Blocks, names: list[str], k: int, slack: float, hint: str) -> str:
    others = (np.abs(np.delete(table, k, axis=1).sum(axis=1) - 1) for table in blocks())
    if len(names) > 2 and all((off <= slack).all() for off in others):
        return _leave_out(names[k])
    return (
        f"{hint}--normalise divides each row by its sum, {_OTHER}, --decimal , reads decimal commas"
    )


def _leave_out(name: str) -> str:
    return f"without column {name!r} they sum to 1: --id {name!r} carries it to the picks instead"
