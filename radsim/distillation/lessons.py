r"""Lessons: what a student makes of the teacher's answers, one row a rule in `LESSONS`.

A lesson is a soft label and a weight for every point that was asked about.  A point whose true
class was bought has that class, in every lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from radsim.distillation.view import Told, View
from radsim.game import Array

__all__ = ["LESSONS", "Learn", "Lesson", "answered", "plain"]

MIXED = 0.5  # the teacher's part in a mixed label, where nothing is known of its errors
N_FOLDS = 3  # of the answers: the students that contradict one were not fitted on it


@dataclass(frozen=True, eq=False)
class Lesson:
    """Soft labels and weights that the student is fitted on, one a point that was asked about.

    Attributes
    ----------
    targets : ndarray, shape (k, K)
    weights : ndarray, shape (k,)
        A point of weight 0 is left out.
    info : mapping
        What the rule has to say: ``alarm``, ``shift``.
    """

    targets: Array
    weights: Array
    info: Mapping[str, Any] = field(default_factory=dict)


Learn = Callable[[View, np.random.Generator], Lesson]


def answered(told: Told) -> Array:
    """Answers of the teacher, replaced by the truth where it was bought."""
    targets = told.answers.copy()
    known = np.flatnonzero(told.checked)
    targets[known] = np.eye(targets.shape[1])[told.truth[known]]
    return targets


def plain(view: View, rng: np.random.Generator) -> Lesson:
    """The answers as they are."""
    targets = answered(view.told)
    return Lesson(targets, np.ones(len(targets)))


def _mixed(view: View, rng: np.random.Generator) -> Lesson:
    r"""The answers mixed with the student's own prediction.

    The teacher's part is :math:`1 - \hat\rho`, with its error rate on V.
    """
    told = view.told
    part = np.where(told.checked, 1.0, 1 - view.validation_wrong.mean())[:, None]
    return Lesson(part * answered(told) + (1 - part) * told.probabilities, np.ones(len(part)))


def _reweighted(view: View, rng: np.random.Generator) -> Lesson:
    r"""The answers, each weighted by the odds :math:`\max(0, 1 - 2 r_i)` that it is worth.

    :math:`r_i` is the teacher's error rate on the tenth of V that is nearest in gain.
    """
    told, order = view.told, np.argsort(view.validation_gains, kind="stable")
    ordered, wrong = view.validation_gains[order], view.validation_wrong[order]
    half = max(5, len(order) // 20)
    at = np.searchsorted(ordered, told.gains)
    total = np.concatenate([[0], np.cumsum(wrong)])
    low, high = np.maximum(at - half, 0), np.minimum(at + half, len(order))
    rate = (total[high] - total[low]) / np.maximum(high - low, 1)
    return Lesson(answered(told), np.where(told.checked, 1.0, np.maximum(0.0, 1 - 2 * rate)))


def _dropped(view: View, rng: np.random.Generator) -> Lesson:
    """The answers, without those that a cross-fitted student contradicts.

    Answers are dealt into three parts.  A student fitted on all labels but a part's names a class
    for each point of it; where this is not the teacher's, and more probable by one half or more,
    the answer is dropped.
    """
    told = view.told
    k, targets = len(told.truth), answered(told)
    named = targets.argmax(axis=1)
    x, t = view.trusted
    weights = np.ones(k)
    for part in np.array_split(rng.permutation(k), N_FOLDS):
        if not len(part):
            continue
        rest = np.setdiff1d(np.arange(k), part)
        student = view.fit(
            np.concatenate([x, told.features[rest]]),
            np.concatenate([t, targets[rest]]),
            rng=rng,
        )
        p = student.probabilities(told.features[part])
        beyond = p.max(axis=1) - p[np.arange(len(part)), named[part]]
        weights[part[(beyond >= 0.5) & ~told.checked[part]]] = 0.0
    return Lesson(targets, weights)


LESSONS: dict[str, tuple[Learn, str, str]] = {
    "plain": (plain, "the answers as they are", "baseline"),
    "mixed": (_mixed, "mixed with the student's prediction", "after SLaM, arXiv 2302.03806"),
    "reweighted": (_reweighted, "weighted by V's error rate", "after arXiv 2210.06711"),
    "dropped": (_dropped, "without those a cross-fitted student contradicts", "baseline"),
}
