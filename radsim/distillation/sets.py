r"""Data sets of labelled points, and the sizes of the parts of an experiment."""

from __future__ import annotations

from dataclasses import dataclass

from radsim.door import Array, count, matrix, whole

__all__ = ["DataSet", "MissingData", "Sizes"]


class MissingData(ImportError):
    """A data set is not on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of the parts of a data set; the test set is the rest.

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
