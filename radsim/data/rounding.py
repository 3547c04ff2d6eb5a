r"""Rows of class probabilities that sum to one but for rounding, and those that do not."""

from __future__ import annotations

from typing import Any

import numpy as np

from radsim.door import Array

__all__ = ["normalised", "rounding"]

# What is taken for rounding in every row, and at most.
_LEAST, _MOST = 1e-6, 0.05
_DECIMALS = 8


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
    eps = [np.finfo(kind).eps for kind in types if kind.kind == "f"]
    unit, of = float(max([np.finfo(np.float32).eps, *eps])), "32 bits a number"
    if eps and unit == np.finfo(np.float16).eps:
        of = "16 bits a number"
    single = table.astype(np.float32) if types and max(k.itemsize for k in types) <= 4 else table
    for d in range(_DECIMALS, -1, -1):
        with np.errstate(over="ignore"):
            if not np.array_equal(np.round(single, d), single):
                break
        if 0.5 * 10.0**-d > unit:
            unit, of = 0.5 * 10.0**-d, f"{d} decimals"
    return min(max(table.shape[1] * unit, _LEAST), _MOST), of


def normalised(
    table: Array, names: list[str], types: list[Any], *, anyway: bool = False
) -> tuple[Array, list[str]]:
    """Rows of class probabilities that sum to one, and notes on what was done to them.

    Parameters
    ----------
    table : ndarray, shape (n, C)
        Finite; a single column holds the probabilities of the second of two classes.
    names : list of str
        Of the columns.
    types : list of dtype
        As in `rounding`.
    anyway : bool
        Divide each row by its sum, whatever it is.

    Returns
    -------
    ndarray, shape (n, C)
    list of str

    Raises
    ------
    ValueError
        Naming row, column and value.

    Examples
    --------
    >>> p, notes = normalised(np.array([[0.333, 0.666]]), ["a", "b"], [])
    >>> p
    array([[0.33333333, 0.66666667]])
    >>> notes
    ['sums of rows are 0.001 off 1, by rounding to 3 decimals: each is divided by its sum']
    """
    slack, of = rounding(table, types)
    outside = table < -slack if anyway else (table < -slack) | (table > 1 + slack)
    if outside.any():
        i, k = (int(x) for x in np.argwhere(outside)[0])
        words = f"row {i + 1}, column {names[k]!r}: {table[i, k]:.6g} is"
        if table[i, k] < 0:
            raise ValueError(f"{words} no probability: negative")
        raise ValueError(f"{words} above 1; {_way_on(table, names, k, slack)}")
    if table.shape[1] == 1:
        p = np.clip(table, 0, 1)
        return np.hstack([1 - p, p]), ["one column: of the second of two classes"]
    p = np.maximum(table, 0.0)
    largest = p.max(axis=1, keepdims=True)
    with np.errstate(over="ignore"):
        sums = p.sum(axis=1)
    off = np.abs(sums - 1)
    if anyway:
        empty = np.flatnonzero(largest == 0)
        if empty.size:
            raise ValueError(f"row {empty[0] + 1}: all are 0, and no sum to divide by")
        p = p / largest
        with np.errstate(under="ignore"):
            p = p / p.sum(axis=1, keepdims=True)
        return p, [
            f"sums of rows are {sums.min():.6g} to {sums.max():.6g}: each is divided by its sum"
        ]
    if (off > slack).any():
        i = int(np.argmax(off > slack))
        others = np.abs(sums[:, None] - p - 1).max(axis=0)
        k = int(np.argmin(others))
        way_on = "--normalise divides each row by its sum"
        if table.shape[1] > 2 and others[k] <= slack:
            way_on = _leave_out(names[k])
        raise ValueError(
            f"row {i + 1}: the class probabilities sum to {sums[i]:.6g}, not 1: {off[i]:.2g} off, "
            f"and rounding explains {slack:.2g}; {way_on}"
        )
    if off.max() <= _LEAST:
        return p, []
    return p / sums[:, None], [
        f"sums of rows are {off.max():.2g} off 1, by rounding to {of}: each is divided by its sum"
    ]


def _way_on(table: Array, names: list[str], k: int, slack: float) -> str:
    others = np.delete(table, k, axis=1).sum(axis=1)
    if table.shape[1] > 2 and (np.abs(others - 1) <= slack).all():
        return _leave_out(names[k])
    return (
        "--normalise divides each row by its sum, --id NAME leaves out a column that is no class, "
        "--decimal , reads decimal commas"
    )


def _leave_out(name: str) -> str:
    return f"without column {name!r} they sum to 1: --id {name!r} carries it to the picks instead"
