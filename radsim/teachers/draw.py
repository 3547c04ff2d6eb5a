r"""What a teacher returns, and an account of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from radsim.data.instances import Instance
from radsim.game import Array

__all__ = ["Teacher", "TeacherAudit", "TeacherDraw", "audit_draw", "labels_of", "rank_biserial"]


@dataclass(frozen=True, eq=False)
class TeacherDraw:
    """One teacher on one pool.

    Attributes
    ----------
    mistakes : ndarray, shape (n,)
        1 where the teacher is wrong, else 0.
    labels : ndarray of int, shape (n,), optional
        What it says.
    soft_labels : ndarray, shape (n, C), optional
        With what confidences.
    truth : ndarray of int, shape (n,), optional
        The true labels it is measured against.
    """

    mistakes: Array
    labels: Array | None = None
    soft_labels: Array | None = None
    truth: Array | None = None


Teacher = Callable[[Instance, np.random.Generator], TeacherDraw]


@dataclass(frozen=True, eq=False)
class TeacherAudit:
    """What a draw amounts to.

    Attributes
    ----------
    n_mistakes : float
    rate : float
        Share of the pool that is wrong.
    rank_correlation : float
        Rank-biserial correlation of mistakes and gains; NaN if all or none are wrong.
    lift : float
        Rate among the tenth of the pool with the largest gains over the rate of the pool.
    confusion : ndarray, shape (C, C), optional
        Counts: true label by row, the teacher's by column.
    """

    n_mistakes: float
    rate: float
    rank_correlation: float
    lift: float
    confusion: Array | None


def rank_biserial(gains: Array, mistakes: Array) -> float:
    r"""P(gain of a mistaken point > that of a correct one) - P(<); in [-1, 1].

    Examples
    --------
    >>> import numpy as np
    >>> rank_biserial(np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.0, 0.0]))
    1.0
    """
    n, m = len(gains), float(np.sum(mistakes))
    if m in (0, n):
        return float("nan")
    centred = 2 * rankdata(gains) - n - 1
    return float(mistakes @ centred / (m * (n - m)))


def audit_draw(instance: Instance, draw: TeacherDraw) -> TeacherAudit:
    """Count, rate, correlation with the gain, lift and confusion matrix of a draw.

    Parameters
    ----------
    instance : Instance
    draw : TeacherDraw

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import Game
    >>> from radsim.data.instances import Instance
    >>> draw = TeacherDraw(np.array([1.0, 0.0, 0.0]))
    >>> audit_draw(Instance("three", Game([3, 2, 1], mistakes=1)), draw).rank_correlation
    1.0
    """
    gains, l = instance.game.gains, np.asarray(draw.mistakes, dtype=np.float64)
    n, rate = len(gains), float(l.mean())
    top = np.argsort(-gains, kind="stable")[: max(1, n // 10)]
    confusion = None
    if draw.labels is not None and draw.truth is not None:
        size = int(max(draw.labels.max(), draw.truth.max())) + 1
        flat = np.bincount(draw.truth * size + draw.labels, minlength=size * size)
        confusion = flat.reshape(size, size)
    return TeacherAudit(
        n_mistakes=float(l.sum()),
        rate=rate,
        rank_correlation=rank_biserial(gains, l),
        lift=float(l[top].mean()) / rate if rate else float("nan"),
        confusion=confusion,
    )


def labels_of(instance: Instance, who: str) -> Array:
    """Return the true labels, or raise saying who needs them."""
    if instance.labels is None:
        raise ValueError(f"instance {instance.name!r} has no labels; {who} needs them")
    return instance.labels
