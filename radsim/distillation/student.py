r"""Student: what is fitted on soft labels, and the door that its data come through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, class_probabilities, matrix, vector

__all__ = ["Fit", "Student", "checked_points"]


@dataclass(frozen=True, eq=False)
class Student:
    """Fitted student: class probabilities and embeddings of any points.

    Attributes
    ----------
    probabilities : callable
        Features, shape (n, d) -> class probabilities, shape (n, K).
    embeddings : callable
        Features -> input of the last layer, shape (n, e).

    Examples
    --------
    >>> from radsim.distillation.students import softmax
    >>> student = softmax([[-1.0], [1.0]], np.eye(2), rng=0)
    >>> student.probabilities(np.zeros((1, 1))).round(6).tolist()
    [[0.5, 0.5]]
    """

    probabilities: Callable[[Array], Array]
    embeddings: Callable[[Array], Array]


Fit = Callable[..., Student]


def checked_points(
    features: ArrayLike, targets: ArrayLike, weights: ArrayLike | None
) -> tuple[Array, Array, Array]:
    """Features, targets and weights, one row a point."""
    x = matrix(features, "features")
    t = class_probabilities(targets, "targets", len(x), of="features")
    w = vector(np.ones(len(x)) if weights is None else weights, "weights", len(x), of="features")
    if not w.sum() > 0:
        raise ValueError("weights must not all be zero")
    return x, t, w
