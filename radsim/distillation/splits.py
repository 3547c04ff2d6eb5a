r"""Split a data set into the parts of an experiment: labelled, validation, pool, test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from radsim.distillation.sets import DataSet, Sizes
from radsim.door import Array, generator

__all__ = ["Split", "projected", "scaled", "split_data"]

N_COMPONENTS = 40  # principal components that students see


@dataclass(frozen=True, eq=False)
class Split:
    """The parts of a data set as students see them.

    Attributes
    ----------
    labelled, validation, pool, private, test : ndarray of int
        Indices in the data set; disjoint.
    features : ndarray, shape (n, k)
        Of the whole data set, as a student sees it: `projected` or `scaled` by what the labelled
        points and the pool show.
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


def split_data(
    data: DataSet,
    sizes: Sizes,
    *,
    rng: np.random.Generator | int,
    as_seen: Callable[[DataSet, Array], Array] | None = None,
) -> Split:
    """Split a data set at random, and show it as students see it: by its principal components.

    Parameters
    ----------
    data : DataSet
    sizes : Sizes
    rng : numpy.random.Generator or int
    as_seen : callable, optional
        (data, points that are seen) -> features of all points; None: `projected`.

    Raises
    ------
    ValueError
        If no point is left for the test.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim.distillation import load_data
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
    features = (as_seen or projected)(data, np.concatenate([labelled, pool]))
    features.flags.writeable = False
    return Split(labelled, validation, pool, private, test, features, data.labels, data.n_classes)


def scaled(data: DataSet, seen: Array) -> Array:
    """The features themselves, less their mean over the seen points, in a unit of their spread."""
    x = data.features[seen]
    spread = float(x.std())
    if not spread > 0:
        raise ValueError(f"{data.name}: the features do not vary")
    return np.ascontiguousarray((data.features - x.mean()) / spread)


def projected(data: DataSet, seen: Array) -> Array:
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
