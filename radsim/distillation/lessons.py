r"""Lessons: what a student makes of the teacher's answers, one row a rule in `LESSONS`.

A lesson is a soft label and a weight for every point that was asked about.  A point whose true
class was bought has that class, in every lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.view import Told, View
from radsim.game import Array

__all__ = ["LESSONS", "Learn", "Lesson", "answered", "mixed_up", "plain"]

MIXED = 0.5  # the teacher's part in a mixed label, where nothing is known of its errors
PURE = 2 / 3  # of what was asked about is learnt unmixed; Xu, Liu, Loy's defaults, 32 of 48
# Of the loss (1 - p^q)/q: between the log loss, 0, and the absolute one, 1; its authors' default.
ROBUSTNESS = 0.7
N_WEIGHINGS = 3  # from equal weights; one more changes few named classes
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


def _robust(view: View, rng: np.random.Generator) -> Lesson:
    r"""Generalised cross entropy on the answers, as weights.

    The loss :math:`\sum_k t_k (1 - p_k^q)/q` has the gradient of the log loss on targets
    :math:`t_k p_k^q`, p held fixed: students are fitted one after another, each with those targets
    by the one before.  The trusted labels keep the log loss.

    References
    ----------
    Zhang and Sabuncu, "Generalized cross entropy loss for training deep neural networks with noisy
    labels", NeurIPS 2018.
    """
    told, answers = view.told, answered(view.told)
    x, t = view.trusted
    targets, weights = answers, np.ones(len(answers))
    for _ in range(N_WEIGHINGS):
        student = view.fit(
            np.concatenate([x, told.features]),
            np.concatenate([t, targets]),
            np.concatenate([np.ones(len(x)), weights]),
            rng=rng,
        )
        mass = answers * student.probabilities(told.features) ** ROBUSTNESS
        weights = np.where(told.checked, 1.0, mass.sum(axis=1))
        believed = mass / np.maximum(mass.sum(axis=1, keepdims=True), 1e-300)
        targets = np.where((told.checked | (weights <= 0))[:, None], answers, believed)
    return Lesson(targets, weights)


def mixed_up(view: View, rng: np.random.Generator) -> Lesson:
    r"""The surest third of what was asked about is learnt from mixtures with random points.

    The paper mixes two images before the teacher is asked: the surest third of those asked about,
    each with a random one by a share even on (0, 1).  Here the teacher answers for points, so a
    mixture of points has the mixture of their answers; a student is fitted on these, and a point
    that was mixed has what that student says of it.

    References
    ----------
    After Xu, Liu, Loy, "Computation-efficient knowledge distillation via uncertainty-aware mixup",
    Pattern Recognition 138, 2023.
    """
    told, targets = view.told, answered(view.told)
    k = len(targets)
    n_pure = int(np.ceil(PURE * k))
    if n_pure == k:
        return Lesson(targets, np.ones(k))
    doubt = gains_from_probabilities(told.probabilities, "entropy")
    pure, mixed = np.split(np.argsort(-doubt, kind="stable"), [n_pure])
    other, part = rng.integers(k, size=len(mixed)), rng.random((len(mixed), 1))
    x, t = view.trusted
    student = view.fit(
        np.concatenate(
            [
                x,
                told.features[pure],
                (1 - part) * told.features[mixed] + part * told.features[other],
            ]
        ),
        np.concatenate([t, targets[pure], (1 - part) * targets[mixed] + part * targets[other]]),
        rng=rng,
    )
    unknown = mixed[~told.checked[mixed]]
    targets[unknown] = student.probabilities(told.features[unknown])
    return Lesson(targets, np.ones(k))


LESSONS: dict[str, tuple[Learn, str, str]] = {
    "plain": (plain, "the answers as they are", "baseline"),
    "mixed": (_mixed, "mixed with the student's prediction", "after SLaM, arXiv 2302.03806"),
    "reweighted": (_reweighted, "weighted by V's error rate", "after arXiv 2210.06711"),
    "robust": (_robust, "by generalised cross entropy", "Zhang and Sabuncu, NeurIPS 2018"),
    "mixed up": (
        mixed_up,
        "the surest third from mixtures of points and answers",
        "after Xu, Liu, Loy, Pattern Recognition 2023",
    ),
    "dropped": (_dropped, "without those a cross-fitted student contradicts", "baseline"),
}
