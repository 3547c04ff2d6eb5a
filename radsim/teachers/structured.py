r"""Teachers whose mistakes follow the classes, the feature space or their own confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from radsim.data.instances import Instance
from radsim.door import (
    Array,
    class_probabilities,
    count,
    entries,
    generator,
    matrix,
    number,
    steady,
    typed,
)
from radsim.teachers.draw import TeacherDraw, n_classes_of, needed

__all__ = ["Calibrated", "ClassConditional", "Clustered", "confusion_matrix"]


@steady
def confusion_matrix(n_classes: int, accuracy: float, *, rng: np.random.Generator | int) -> Array:
    r"""Draw a confusion matrix of a given mean accuracy.

    Rows are true labels and sum to 1; diagonal entries differ, the rest is spread by a Dirichlet
    draw.

    Parameters
    ----------
    n_classes : int
        At least 2.
    accuracy : float
        Mean of the diagonal, in [0, 1].
    rng : numpy.random.Generator or int

    Returns
    -------
    ndarray, shape (n_classes, n_classes)

    Raises
    ------
    ValueError
        If there are fewer than two classes or the accuracy is not in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> matrix = confusion_matrix(4, 0.8, rng=np.random.default_rng(0))
    >>> round(float(np.trace(matrix)), 9), matrix.sum(axis=1).round(9).tolist()
    (3.2, [1.0, 1.0, 1.0, 1.0])
    """
    n_classes, accuracy = (
        entries(n_classes, "n_classes", low=2),
        number(accuracy, "accuracy", high=1),
    )
    rng = generator(rng)
    spread = rng.random(n_classes)
    spread -= spread.mean()
    room = min(accuracy, 1 - accuracy)
    diagonal = accuracy + 0.9 * room * spread / max(float(np.abs(spread).max()), 1e-12)
    matrix = np.zeros((n_classes, n_classes))
    for k in range(n_classes):
        others = np.arange(n_classes) != k
        matrix[k, others] = (1 - diagonal[k]) * rng.dirichlet(np.ones(n_classes - 1))
        matrix[k, k] = diagonal[k]
    return matrix


@dataclass(frozen=True, eq=False)
class ClassConditional:
    """Teacher whose labels are drawn from the true label's row of a confusion matrix.

    Attributes
    ----------
    confusion : ndarray, shape (C, C)
        Rows, true labels, sum to 1.

    Examples
    --------
    Every point of class 1 is called 0:

    >>> from radsim import Game
    >>> pool = Instance("pool", Game([3, 2, 1], mistakes=2), labels=np.array([0, 1, 1]))
    >>> ClassConditional(np.array([[1.0, 0.0], [1.0, 0.0]]))(pool, rng=0).wrong.tolist()
    [0.0, 1.0, 1.0]
    """

    confusion: Array

    def __post_init__(self) -> None:
        class_probabilities(matrix(self.confusion, "confusion"), "confusion")

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        truth = needed(instance, "labels", "ClassConditional")
        table = class_probabilities(matrix(self.confusion, "confusion"), "confusion")
        if table.shape[0] != table.shape[1] or truth.max() >= len(table):
            raise ValueError(
                f"confusion has shape {table.shape}; labels go up to {int(truth.max())}"
            )
        ends = np.cumsum(table, axis=1)[truth]
        labels = (ends[:, :-1] <= generator(rng).random((len(truth), 1))).sum(axis=1)
        return TeacherDraw((labels != truth).astype(np.float64), labels, truth=truth)


@dataclass(frozen=True)
class Clustered:
    """Teacher that is wrong on a region: a random point and the m - 1 nearest to it.

    Attributes
    ----------
    mistakes : int
        :math:`m`.

    Examples
    --------
    >>> from radsim import Game
    >>> places = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> pool = Instance("pool", Game([4, 3, 2, 1], mistakes=2), features=places)
    >>> Clustered(2)(pool, rng=0).wrong.tolist()
    [0.0, 0.0, 1.0, 1.0]
    """

    mistakes: int

    def __post_init__(self) -> None:
        count(self.mistakes, "mistakes")

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        rng, x = generator(rng), matrix(needed(instance, "features", "Clustered"), "features")
        m = count(self.mistakes, "mistakes", high=len(x))
        distance = ((x - x[rng.integers(len(x))]) ** 2).sum(axis=1)
        wrong = np.zeros(len(x))
        wrong[np.argsort(distance, kind="stable")[:m]] = 1
        return TeacherDraw(wrong)


@dataclass(frozen=True)
class Calibrated:
    r"""Teacher with soft-labels whose confidence is the probability of being right.

    Class probabilities p are drawn first (a softmax of normal scores, as sharp as the accuracy
    asks); the true class is one of them with exactly these probabilities, so the largest is wrong
    with probability 1 - max p.  What the teacher states is :math:`p^{1/T}` normalised: at
    temperature 1 calibrated, below overconfident, above underconfident, with the same mistakes.

    Attributes
    ----------
    accuracy : float
        Expected, in (1/C, 1).
    temperature : float
        T > 0.
    n_classes : int
        C, used when the instance has no labels.

    Examples
    --------
    >>> from radsim import Game
    >>> pool = Instance("pool", Game(np.ones(5), mistakes=1))
    >>> Calibrated(0.8)(pool, rng=0).soft_labels.shape
    (5, 10)
    """

    accuracy: float
    temperature: float = 1.0
    n_classes: int = 10

    def __post_init__(self) -> None:
        number(self.accuracy, "accuracy", low=-np.inf)
        number(self.temperature, "temperature", low=-np.inf)
        entries(self.n_classes, "n_classes", low=2)

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n = typed(instance, Instance, "instance").game.n
        size, rng = n_classes_of(instance, self.n_classes), generator(rng)
        number(self.accuracy, "accuracy", low=1 / size, high=1, open_low=True, open_high=True)
        temperature = number(self.temperature, "temperature", open_low=True)
        scores = rng.normal(size=(n, size))

        def sharp(beta: float) -> Array:
            return np.asarray(softmax(beta * scores, axis=1))

        beta = brentq(lambda x: float(sharp(x).max(axis=1).mean()) - self.accuracy, 0, 1e9)
        p = sharp(beta)
        hit = (np.cumsum(p, axis=1)[:, :-1] <= rng.random((n, 1))).sum(axis=1)
        truth = rng.integers(size, size=n) if instance.labels is None else instance.labels
        # Exchange columns so that the class that came true is the pool's label.
        rows = np.arange(n)
        p[rows, hit], p[rows, truth] = p[rows, truth], p[rows, hit].copy()
        # Of the largest, so that no row is lost to underflow.
        with np.errstate(over="ignore"):
            stated = (p / p.max(axis=1, keepdims=True)) ** (1 / temperature)
        stated /= stated.sum(axis=1, keepdims=True)
        labels = p.argmax(axis=1)
        return TeacherDraw((labels != truth).astype(np.float64), labels, stated, truth)
