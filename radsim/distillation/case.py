r"""Case: what all strategies of a seed share: split, trusted labels, first students."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from radsim.distillation.data import load_data
from radsim.distillation.sets import Sizes
from radsim.distillation.setting import Setting
from radsim.distillation.splits import Split, projected, scaled, split_data
from radsim.distillation.students import STUDENTS, Fit, Student
from radsim.distillation.teachers import teacher_answers
from radsim.door import Array, count

__all__ = [
    "Case",
    "accuracy",
    "case_of",
    "clusters",
    "cross_fitted",
    "first_cross_fit",
    "first_student",
    "labelled_accuracy",
    "natural_answers",
    "pool_predictions",
    "shared_out",
    "stream",
    "whole_budgets",
]

N_FOLDS = 5  # of the validation points: each is judged by a student fitted on the other four


def stream(seed: int, *names: str) -> np.random.Generator:
    """A random generator for one source of chance of a seed, the same for all strategies."""
    key = tuple(zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(count(seed, "seed"), spawn_key=key))


def accuracy(student: Student, split: Split) -> float:
    """Share of the test points whose class the student names."""
    said = student.probabilities(split.features[split.test]).argmax(axis=1)
    return float(np.mean(said == split.labels[split.test]))


@dataclass(frozen=True, eq=False)
class Case:
    """Split and seed that all strategies of a setting share."""

    setting: Setting
    seed: int
    split: Split

    @property
    def n(self) -> int:
        """Points in the pool."""
        return len(self.split.pool)

    @property
    def fit(self) -> Fit:
        """The student's procedure."""
        return STUDENTS[self.setting.student]

    def hot(self, points: Array) -> Array:
        """One-hot labels of points of the data set."""
        return np.asarray(np.eye(self.split.n_classes)[self.split.labels[points]])


@lru_cache(maxsize=64)
def _split(data: str, sizes: Sizes, n_test: int | None, images: bool, seed: int) -> Split:
    shown = scaled if images else projected
    split = split_data(load_data(data)[0], sizes, rng=stream(seed, "split"), as_seen=shown)
    if n_test is None:
        return split
    return replace(split, test=split.test[: count(n_test, "n_test", low=1, high=len(split.test))])


def _sizes(setting: Setting) -> Sizes:
    default = load_data(setting.data)[1]
    named = {
        "labelled": setting.n_labelled,
        "validation": setting.n_validation,
        "pool": setting.n_pool,
    }
    return replace(default, **{k: v for k, v in named.items() if v is not None})


def case_of(setting: Setting, seed: int) -> Case:
    """The case of a setting and a seed."""
    sizes, images = _sizes(setting), setting.on_images
    return Case(setting, seed, _split(setting.data, sizes, setting.n_test, images, seed))


def whole_budgets(setting: Setting, n: int) -> list[int]:
    """Queries of each round."""
    total = max(1, round(setting.budget * n))
    if setting.rounds > total:
        raise ValueError(f"rounds = {setting.rounds} must be at most the {total} queries")
    return shared_out(total, setting.rounds)


def shared_out(total: int, parts: int) -> list[int]:
    """A whole number in so many parts as even as can be, the larger ones first."""
    share, extra = divmod(total, parts)
    return [share + (t < extra) for t in range(parts)]


@lru_cache(maxsize=64)
def clusters(split: Split, seed: int) -> Array:
    """Clusters of the whole data set, twice as many as classes, fitted on the pool."""
    # Slow to import, and only mistakes in clusters need it.
    from sklearn.cluster import KMeans

    means = KMeans(
        2 * split.n_classes, n_init=1, random_state=int(stream(seed, "clusters").integers(2**31))
    )
    return np.asarray(means.fit(split.features[split.pool]).predict(split.features))


# What the strategies of a seed share is computed once: the key is what it depends on.
@lru_cache(maxsize=64)
def _fitted(split: Split, student: str, seed: int, n_trusted: int) -> Student:
    points = np.concatenate([split.labelled, split.validation[:n_trusted]])
    hot = np.eye(split.n_classes)[split.labels[points]]
    return STUDENTS[student](split.features[points], hot, rng=stream(seed, "student", "0"))


def first_student(case: Case, n_validation: int) -> Student:
    """Student fitted on the labelled points and so many validation points."""
    return _fitted(case.split, case.setting.student, case.seed, n_validation)


@lru_cache(maxsize=64)
def _labelled_accuracy(split: Split, student: str, seed: int) -> float:
    return accuracy(_fitted(split, student, seed, 0), split)


def labelled_accuracy(case: Case) -> float:
    """Accuracy of the student fitted on the labelled points alone."""
    return _labelled_accuracy(case.split, case.setting.student, case.seed)


def cross_fitted(
    fit: Fit,
    known: tuple[Array, Array, Array],
    validation: tuple[Array, Array],
    *,
    seed: int,
) -> Array:
    """Class probabilities of validation points, each by a student that was not fitted on it.

    Parameters
    ----------
    fit : callable
        The student's procedure.
    known : tuple of ndarray
        Features, soft labels and weights that every student is fitted on.
    validation : tuple of ndarray
        Features and soft labels.
    seed : int

    Returns
    -------
    ndarray, shape (v, K)
    """
    (x, t, w), (features, targets) = known, validation
    folds = stream(seed, "folds").permutation(len(features)) % N_FOLDS
    found = np.empty_like(targets)
    for k in range(N_FOLDS):
        mine, rest = np.flatnonzero(folds == k), np.flatnonzero(folds != k)
        if not len(mine):
            continue
        student = fit(
            np.concatenate([x, features[rest]]),
            np.concatenate([t, targets[rest]]),
            np.concatenate([w, np.ones(len(rest))]),
            rng=stream(seed, "fold", str(k)),
        )
        found[mine] = student.probabilities(features[mine])
    return found


@lru_cache(maxsize=64)
def _first_cross_fit(split: Split, student: str, seed: int, n_validation: int) -> Array:
    eye, first = np.eye(split.n_classes), split.labelled
    rest = split.validation[:n_validation]
    known = split.features[first], eye[split.labels[first]], np.ones(len(first))
    found = cross_fitted(
        STUDENTS[student],
        known,
        (split.features[rest], eye[split.labels[rest]]),
        seed=seed,
    )
    found.flags.writeable = False  # strategies share it
    return found


def first_cross_fit(case: Case, n_validation: int) -> Array:
    """Class probabilities of so many validation points by students like the first."""
    return _first_cross_fit(case.split, case.setting.student, case.seed, n_validation)


@lru_cache(maxsize=8)
def pool_predictions(student: Student, split: Split) -> Array:
    """Class probabilities of the pool's points."""
    table = student.probabilities(split.features[split.pool])
    table.flags.writeable = False  # strategies share it
    return table


@lru_cache(maxsize=64)
def _natural(teacher: str, split: Split, seed: int) -> Array:
    return teacher_answers(teacher, split, rng=stream(seed, "teacher"))


def natural_answers(case: Case) -> Array:
    """Soft labels of the whole data set by a teacher other than the oracle."""
    return _natural(case.setting.teacher, case.split, case.seed)
