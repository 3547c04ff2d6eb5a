r"""Files into gains: CSV, Parquet or NPY of gains or of class probabilities."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from radsim.data.gains import gains_from_probabilities
from radsim.game import Array

__all__ = ["InputError", "read"]


class InputError(ValueError):
    """A file cannot be used; the message names file, row, column and value."""


def _frame(path: str) -> pd.DataFrame:
    try:
        if path == "-":
            return pd.read_csv(sys.stdin, dtype=str, keep_default_na=False)
        suffix = Path(path).suffix.lower()
        if suffix == ".npy":
            array = np.load(path, allow_pickle=False)
            if array.ndim not in (1, 2):
                raise InputError(f"{path}: array has shape {array.shape}, need one or two axes")
            table = array.reshape(len(array), -1)
            return pd.DataFrame(table, columns=[str(k) for k in range(table.shape[1])])
        if suffix in (".parquet", ".pq"):
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except InputError:
        raise
    except Exception as error:
        words = (str(error) or repr(error)).splitlines()[0]
        raise InputError(f"{path}: {words}") from error


def _numbers(path: str, frame: pd.DataFrame) -> Array:
    columns = []
    for name in frame.columns:
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(values) | (values < 0))
        if bad.size:
            i = int(bad[0])
            raise InputError(
                f"{path}: row {i + 1}, column {name!r}: {frame[name].iloc[i]!r} "
                "is not a finite non-negative number"
            )
        columns.append(values)
    return np.column_stack(columns)


def read(
    path: str, kind: str = "auto", gain: str = "margin", harm_column: str | None = None
) -> tuple[Array, Array | None]:
    """Read gains, and harms if a column holds them.

    Parameters
    ----------
    path : str
        `.csv`, `.parquet`, `.npy`, or `-` for CSV on standard input.  Text needs a header line.
    kind : {"auto", "gains", "probabilities"}
        "auto": a column named `gain` or a single column holds gains; several hold probabilities.
    gain : {"margin", "entropy", "least_confidence"}
        How probabilities become gains.
    harm_column : str, optional

    Raises
    ------
    InputError
        Naming file, row (from 1, the header not counted), column and value.
    """
    frame = _frame(path)
    if frame.empty:
        raise InputError(f"{path}: no rows")
    harms = None
    if harm_column is not None:
        if harm_column not in frame:
            raise InputError(f"{path}: no column {harm_column!r}; has {', '.join(frame.columns)}")
        harms = _numbers(path, frame[[harm_column]])[:, 0]
        frame = frame.drop(columns=harm_column)
    if kind != "probabilities" and "gain" in frame:
        frame = frame[["gain"]]
    if frame.shape[1] == 0:
        raise InputError(f"{path}: no column of gains")
    table = _numbers(path, frame)
    if kind == "gains" or (kind == "auto" and table.shape[1] == 1):
        if table.shape[1] != 1:
            raise InputError(f"{path}: {table.shape[1]} columns and none is named 'gain'")
        return table[:, 0], harms
    if table.shape[1] < 2:
        raise InputError(f"{path}: class probabilities need two columns or more")
    over = np.argwhere(table > 1 + 1e-6)
    if over.size:
        i, k = over[0]
        raise InputError(
            f"{path}: row {i + 1}, column {frame.columns[k]!r}: {table[i, k]} is above 1"
        )
    sums = table.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1) > 1e-6)
    if off.size:
        i = int(off[0])
        raise InputError(
            f"{path}: row {i + 1}: the class probabilities sum to {sums[i]:.6g}, not 1"
        )
    return gains_from_probabilities(table, gain), harms
