r"""Gains: how informative a label of each point is, from what a student says of its classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, class_probabilities, matrix, one_of, steady

__all__ = [
    "GAINS",
    "OF_TOP",
    "gains_from_logits",
    "gains_from_logprobs",
    "gains_from_probabilities",
    "softmax",
]

# What log-probabilities may be above 0, and their sums above 1, by rounding.
_ABOVE, _SUM = 1e-6, 0.01


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
# Those that the largest probabilities fix, whatever the others are.
OF_TOP = ("margin", "least_confidence")


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


def softmax(logits: Array) -> Array:
    r"""Class probabilities of logits, at temperature 1.

    .. math:: p_c = e^{z_c} / \sum_d e^{z_d}

    Parameters
    ----------
    logits : ndarray, shape (n, C)
        Finite; a single one is that of the second of two classes, whose first has the logit 0.

    Returns
    -------
    ndarray, shape (n, C) or (n, 2)

    Examples
    --------
    >>> softmax(np.array([[3.0, 3.0], [-1e9, 0.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    if logits.shape[1] == 1:
        logits = np.hstack([np.zeros_like(logits), logits])
    with np.errstate(under="ignore", over="ignore"):
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)


@steady
def gains_from_logits(logits: ArrayLike, kind: str = "margin") -> Array:
    r"""Gains of points from a student's logits, by the softmax at temperature 1.

    Parameters
    ----------
    logits : array_like, shape (n, C) or (n, 1)
        As in `softmax`.
    kind : {"margin", "entropy", "least_confidence"}
        As in `gains_from_probabilities`.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the kind is unknown, or naming the logit that is not finite.

    Examples
    --------
    >>> gains_from_logits([[2.0, 2.0, -9.0], [0.0, 50.0, 0.0]]).round(6).tolist()
    [1.0, 0.0]
    """
    one_of(kind, GAINS, "kind")
    return gains_from_probabilities(softmax(matrix(logits, "logits")), kind)


@steady
def gains_from_logprobs(logprobs: ArrayLike, kind: str = "margin") -> Array:
    r"""Gains of points from the log-probabilities of their likeliest answers, the rest unknown.

    The two largest probabilities fix the margin, and the largest one the least confidence, whatever
    is left for answers that are not listed.  An entropy they do not fix.

    Parameters
    ----------
    logprobs : array_like, shape (n, k)
        At most 0; the k likeliest answers of each point in any order, k at least 2 for a margin.
    kind : {"margin", "least_confidence"}

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the kind is unknown or needs all classes; naming the entry that is above 0, or the row
        whose probabilities sum to more than 1.

    Examples
    --------
    >>> gains_from_logprobs(np.log([[0.5, 0.25], [0.125, 0.5]])).tolist()
    [0.75, 0.625]
    """
    row = GAINS[one_of(kind, OF_TOP, "kind", "for log-probabilities: others need all classes")]
    given = matrix(logprobs, "logprobs")
    above = np.argwhere(given > _ABOVE)
    if len(above):
        i, k = above[0].tolist()
        raise ValueError(f"logprobs[{i}, {k}] = {given[i, k]:.6g} is above 0, no log-probability")
    if kind == "margin" and given.shape[1] < 2:
        raise ValueError("logprobs: a margin needs two answers a point, has 1")
    with np.errstate(under="ignore"):
        p = np.exp(np.minimum(given, 0.0))
        sums = p.sum(axis=1)
    off = np.flatnonzero(sums > 1 + _SUM)
    if off.size:
        raise ValueError(
            f"logprobs[{off[0]}]: probabilities that sum to {sums[off[0]]:.6g}, more than 1"
        )
    return np.clip(row(p), 0.0, 1.0)
