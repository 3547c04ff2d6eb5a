r"""Columns of arrays and of pandas frames: fields, axes and lists become columns of their own."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

__all__ = ["fields", "flat", "frame_columns", "plain_cell", "series_cells"]


def plain_cell(cell: Any) -> Any:
    """A cell, empty if it is None."""
    return "" if cell is None else cell


def fields(name: str, array: Any) -> dict[str, Any]:
    """Columns of an array: of its one or two axes, or of its fields."""
    if array.dtype.names:
        if array.ndim != 1:
            raise ValueError(f"structured array has shape {array.shape}, need one axis")
        head = f"{name}." if name else ""
        parts = [fields(f"{head}{field}", array[field]) for field in array.dtype.names]
        return {key: column for part in parts for key, column in part.items()}
    if array.ndim not in (1, 2):
        raise ValueError(f"array has shape {array.shape}, need one or two axes")
    if array.ndim == 1:
        return {name or "0": array}
    head = f"{name}." if name else ""
    return {f"{head}{k}": column for k, column in enumerate(array.T)}


def frame_columns(frame: Any) -> dict[str, Any]:
    """Columns of a pandas frame; its index is one if it has a name."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise ValueError(f"two columns of one name: {', '.join(names)}")
    columns = zip(names, (cells for _, cells in frame.items()), strict=True)
    return flat({name: series_cells(cells) for name, cells in columns})


def series_cells(cells: Any) -> Any:
    """Cells of a pandas series: an array of numbers, or a list."""
    kind = getattr(cells.dtype, "kind", "O")
    if kind in "biuf":
        # A missing number of pandas' own types becomes NaN.
        return cells.to_numpy(dtype=None if isinstance(cells.dtype, np.dtype) else float)
    import pandas as pd

    return ["" if _missing(pd, cell) else cell for cell in cells]


def _missing(pd: Any, cell: Any) -> bool:
    return (
        cell is None
        or cell is pd.NA
        or cell is pd.NaT
        or (isinstance(cell, float) and cell != cell)
    )


def flat(columns: dict[str, Any], start: int = 0) -> dict[str, Any]:
    """Columns of numbers as arrays, all others as lists; lists of one length become columns."""
    found: dict[str, Any] = {}
    for name, cells in columns.items():
        if isinstance(cells, np.ndarray):
            more = {name: _plain_column(cells)}
        else:
            more = _unfolded(name, cells, start)
        if found.keys() & more.keys():
            raise ValueError(f"two columns of one name: {next(iter(found.keys() & more.keys()))}")
        found |= more
    return found


def _plain_column(cells: Any) -> Any:
    if cells.dtype.kind in "biuf":
        return cells
    if cells.dtype.kind not in "SU":
        return list(cells)
    texts = np.ascontiguousarray(cells.astype(str))
    if texts.size and texts.dtype.itemsize and texts.view(np.uint32).max() > sys.maxunicode:
        raise ValueError("a text holds what is no character")
    return texts.tolist()


def _unfolded(name: str, cells: list[Any], start: int) -> dict[str, Any]:
    nested = [isinstance(cell, list | tuple | np.ndarray) for cell in cells]
    if not any(nested):
        return {name: cells}
    width = len(cells[nested.index(True)])
    for k, cell in enumerate(cells):
        if not nested[k] or len(cell) != width:
            raise ValueError(
                f"row {start + k}, column {name!r}: lists of {width} numbers are needed, "
                "as in the first row"
            )
    if isinstance(cells[0], np.ndarray) and cells[0].dtype.kind in "biuf":
        table = np.stack(cells)
        return {f"{name}.{k}": table[:, k] for k in range(width)}
    return {f"{name}.{k}": [plain_cell(cell[k]) for cell in cells] for k in range(width)}
