r"""Readers of the study's files: tables of labelled points, teachers' answers, and idx files."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from radsim.data.columns import column_floats, counts_rows, identifies, missing
from radsim.data.files import read_probabilities
from radsim.data.tables import read_table as read_columns
from radsim.data.text import MISSING, InputError, said
from radsim.distillation.sets import DataSet
from radsim.door import Array, class_probabilities

__all__ = ["holds_logits", "read_answers", "read_folder", "read_idx", "read_table"]

# Labels that are no whole numbers, or hardly ever come twice, may be classes up to so many.
_MOST_CLASSES = 20
_PLAIN = "write names in the first line, commas between columns, and points in numbers"


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


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """Leave out of a refusal what options of `radsim solve` would settle."""
    try:
        yield
    except InputError as error:
        words = re.sub("(, or allow it by|; --most-bytes) .*", "", str(error))
        raise InputError(re.sub(r"; [^;]*--[a-z]+ .*", f"; {_PLAIN}", words)) from None


def read_table(path: str | Path) -> DataSet:
    r"""Read a data set from a table: features and a column of labels.

    Parameters
    ----------
    path : str or Path
        In any format of `radsim.data.tables`: its column `label` or `labels` (or else the last one)
        holds the classes, all others are features.  `.npz` with arrays `features`, shape (n, d),
        and `labels`, shape (n,).

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
    with _plain_refusals():
        columns = dict(read_columns(str(path)).columns)
    if Path(path).suffix.lower() == ".npz":
        arrays = {name: name.partition(".")[0] for name in columns}
        for name in ("features", "labels"):
            if name not in arrays.values():
                has = ", ".join(dict.fromkeys(arrays.values()))
                raise ValueError(f"{path}: no array {name!r}; has {has}")
        columns = {k: x for k, x in columns.items() if arrays[k] in ("features", "labels")}
    name = next((name for name in ("label", "labels") if name in columns), "")
    name = name or next(reversed(columns), "")
    cells = columns.pop(name, [])
    if not columns or not len(cells):
        raise ValueError(f"{path}: no rows of features and a label")
    features = _features(str(path), columns)
    classes, labels = _classes(f"{path}: column {name!r}", cells)
    return DataSet(str(path), features, labels, classes, common_unit=False)


def _features(path: str, columns: dict[str, Any]) -> Array:
    """Columns of finite numbers, none of which tells the order of the rows."""
    found = []
    for name, cells in columns.items():
        if isinstance(cells, list) and {str(cell) for cell in cells} <= {"True", "False"}:
            cells = np.array([str(cell) == "True" for cell in cells])
        values = column_floats(cells)
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            i = int(bad[0])
            words = "a number is missing"
            if not missing(cells[i]):
                words = f"{said(cells[i])} is not a finite number"
                words += f"; {_PLAIN}" if "," in str(cells[i]) else ""
            raise ValueError(f"{path}: row {i}, column {name!r}: {words}")
        distinct = len(np.unique(values)) == len(values) > 2
        if distinct and (counts_rows(cells) or identifies(name, cells)):
            does = "counts" if counts_rows(cells) else "identifies"
            raise ValueError(
                f"{path}: column {name!r} {does} the rows, and would be a feature that tells their "
                "order; leave it out of the file (pandas: to_csv(..., index=False))"
            )
        found.append(values)
    return np.column_stack(found)


def _classes(where: str, cells: Any) -> tuple[int, Array]:
    """How many classes there are, and the place of each label among them."""
    values = column_floats(cells)
    numeric = np.isfinite(values)
    if isinstance(cells, np.ndarray):
        gaps = ~numeric
    else:
        words = ("", *MISSING) if numeric.any() else ("",)  # a class may be named NA
        gaps = np.array([str(cell).strip().casefold() in words for cell in cells])
    if gaps.any():
        rows = [str(i + 1) for i in np.flatnonzero(gaps)]
        more = f", ... ({len(rows)} in all)" if len(rows) > 5 else ""
        raise ValueError(f"{where}: labels are missing in rows {', '.join(rows[:5])}{more}")
    named = values if numeric.all() else np.array([str(cell) for cell in cells])
    classes, labels = np.unique(named, return_inverse=True)
    n = len(classes)
    if n < 2:
        raise ValueError(f"{where}: the labels hold {n} classes, need two or more")
    fractions = numeric.all() and (values != np.floor(values)).any()
    if n > _MOST_CLASSES and (fractions or n > len(cells) / 2):
        raise ValueError(
            f"{where}: {n} different values in {len(cells)} rows, such as {said(cells[0])}, are no "
            "classes; a column of classes is named 'label', or is the last one"
        )
    return n, labels.astype(np.intp)


def holds_logits(path: str | Path) -> bool:
    """Whether the name of a file says that it holds logits.

    Examples
    --------
    >>> holds_logits("cifar/logits.npy"), holds_logits("answers.csv")
    (True, False)
    """
    return "logits" in Path(path).stem.lower()


def read_folder(path: str | Path) -> DataSet:
    """Read a data set from a folder with ``embeddings.npy`` and ``labels.npy``.

    Parameters
    ----------
    path : str or Path
        Embeddings have shape (n, d), labels shape (n,).

    Returns
    -------
    DataSet

    Raises
    ------
    ValueError
        Naming the file, and what is missing or wrong in it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     np.save(Path(place, "embeddings.npy"), [[0.5, 1.0], [0.0, 2.0], [1.0, 1.0]])
    ...     np.save(Path(place, "labels.npy"), ["cat", "dog", "cat"])
    ...     read_folder(place).labels.tolist()
    [0, 1, 0]
    """
    found = {}
    for name in ("embeddings", "labels"):
        file = Path(path, f"{name}.npy")
        if not file.is_file():
            raise ValueError(f"{path}: has no {name}.npy; a folder of data holds both")
        try:
            found[name] = np.load(file, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise ValueError(f"{file}: no array of numbers or text: {error}") from None
    x, said = found["embeddings"], found["labels"]
    if x.ndim != 2 or x.dtype.kind not in "iuf":
        raise ValueError(f"{path}/embeddings.npy: must be a table of numbers, not {x.shape}")
    if said.shape != (len(x),):
        raise ValueError(f"{path}/labels.npy: shape {said.shape}, the embeddings need ({len(x)},)")
    bad = np.argwhere(~np.isfinite(x))
    if len(bad):
        i, j = bad[0]
        raise ValueError(f"{path}/embeddings.npy: row {i}, column {j}: {x[i, j]} is not finite")
    classes, labels = _classes(
        f"{path}/labels.npy", said if said.dtype.kind in "iuf" else list(said)
    )
    return DataSet(str(path), np.asarray(x, dtype=np.float64), labels, classes)


def read_answers(path: str | Path, n: int, n_classes: int) -> Array:
    """Read a teacher's answers from a file: class probabilities of every point, in order.

    Parameters
    ----------
    path : str or Path
        In any format of `radsim.data.tables`.  A file whose name says "logits", such as
        ``logits.npy``, holds logits, of which the softmax is taken; any other holds probabilities.
    n, n_classes : int
        Shape that is expected.

    Raises
    ------
    ValueError
        Naming the file, and the place or the shape.
    """
    with _plain_refusals():
        table, _ = read_probabilities(str(path), logits=holds_logits(path))
    if table.shape != (n, n_classes):
        raise ValueError(f"{path}: shape {table.shape}, the data set needs {(n, n_classes)}")
    return class_probabilities(table, str(path))
