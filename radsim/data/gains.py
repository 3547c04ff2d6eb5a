r"""Gains: how informative a label of each point is, from a student's class probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, class_probabilities, one_of, steady

__all__ = ["GAINS", "gains_from_probabilities"]


def _margin(p: Array) -> Array:
    top = np.partition(p, (-2, -1), axis=1)
    return 1 - (top[:, -1] - top[:, -2])


def _entropy(p: Array) -> Array:
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=1)


GAINS = {
    "margin": _margin,
    "entropy": _entropy,
    "least_confidence": lambda p: 1 - p.max(axis=1),
}


@steady
def gains_from_probabilities(probabilities: ArrayLike, kind: str = "margin") -> Array:
    r"""Gains of points from a student's class probabilities.

    Parameters
    ----------
    probabilities : array_like, shape (n, C), (n,) or (n, 1)
        Rows in [0, 1] that sum to 1; of two classes the probability of class 1 is enough.
    kind : {"margin", "entropy", "least_confidence"}
        One minus the margin of the two largest, the entropy in nats, one minus the largest.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the kind is unknown, or naming the row that is no distribution.

    Examples
    --------
    >>> import numpy as np
    >>> gains_from_probabilities(np.array([[0.5, 0.25, 0.25]])).tolist()
    [0.75]
    >>> gains_from_probabilities([0.25, 0.5, 1.0]).tolist()
    [0.5, 1.0, 0.0]
    """
    row = GAINS[one_of(kind, GAINS, "kind")]
    return np.maximum(0.0, row(class_probabilities(probabilities)))
