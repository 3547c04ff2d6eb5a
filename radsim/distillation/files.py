r"""Readers of the study's files: tables of labelled points, teachers' answers, and idx files."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

from radsim.distillation.sets import DataSet
from radsim.door import Array, class_probabilities

__all__ = ["read_answers", "read_idx", "read_table"]


def read_idx(folder: Path, name: str) -> Array:
    """Array in an idx file of unsigned bytes, gzipped or not."""
    path = folder / name
    packed = folder / f"{name}.gz"
    raw = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    n_axes = raw[3]
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an idx file of unsigned bytes")
    shape = np.frombuffer(raw, ">u4", n_axes, 4).astype(int)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def read_table(path: str | Path) -> DataSet:
    r"""Read a data set from a table: features and a column of labels.

    Parameters
    ----------
    path : str or Path
        `.csv` with a header, its column `label` (or else the last one) holding the classes; `.npz`
        with arrays `features`, shape (n, d), and `labels`, shape (n,).

    Returns
    -------
    DataSet
        Named after the path.

    Raises
    ------
    ValueError
        Naming file, row, column and value.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "animals.csv")
    ...     _ = path.write_text("height,label\n0.3,cat\n0.6,dog\n0.2,cat\n")
    ...     read_table(path).labels.tolist()
    [0, 1, 0]
    """
    path = Path(path)
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            for name in ("features", "labels"):
                if name not in arrays:
                    raise ValueError(f"{path}: no array {name!r}; has {', '.join(arrays)}")
            features, named = np.asarray(arrays["features"], np.float64), arrays["labels"]
    else:
        frame = pd.read_csv(path)
        column = "label" if "label" in frame else str(frame.columns[-1])
        named = frame.pop(column).to_numpy()
        for name in frame.columns:
            numbers = pd.to_numeric(frame[name], errors="coerce")
            bad = np.flatnonzero(~np.isfinite(numbers.to_numpy(dtype=np.float64)))
            if bad.size:
                value = frame[name].iloc[int(bad[0])]
                raise ValueError(
                    f"{path}: row {bad[0] + 1}, column {name!r}: {value!r} is not a finite number"
                )
        features = frame.to_numpy(dtype=np.float64)
    classes, labels = np.unique(np.asarray(named), return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"{path}: the labels hold {len(classes)} classes, need two or more")
    return DataSet(str(path), features, labels.astype(np.intp), len(classes), common_unit=False)


def read_answers(path: str | Path, n: int, n_classes: int) -> Array:
    """Read a teacher's answers from a file: class probabilities of every point, in order.

    Parameters
    ----------
    path : str or Path
        `.npy`, or `.csv` with a header.
    n, n_classes : int
        Shape that is expected.

    Raises
    ------
    ValueError
        Naming the file, and the place or the shape.
    """
    path = Path(path)
    if path.suffix == ".npy":
        table = np.load(path, allow_pickle=False)
    else:
        table = pd.read_csv(path).to_numpy()
    if table.shape != (n, n_classes):
        raise ValueError(f"{path}: shape {table.shape}, the data set needs {(n, n_classes)}")
    return class_probabilities(table, str(path))
