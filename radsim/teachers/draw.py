r"""Teachers' answers on a pool, and an audit of their mistakes: count, rate, correlation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.stats import rankdata

from radsim.data.instances import Instance
from radsim.door import Array, checked, count, each_of, matrix, steady, typed, vector, whole

__all__ = [
    "Teacher",
    "TeacherAudit",
    "TeacherDraw",
    "TeacherRow",
    "audit_draw",
    "n_classes_of",
    "needed",
    "rank_biserial",
]


@dataclass(frozen=True, eq=False)
class TeacherDraw:
    """Draw of a teacher: its answers on one pool, and where they are wrong.

    Attributes
    ----------
    wrong : ndarray, shape (n,)
        1 where the teacher is wrong, else 0.
    labels : ndarray of int, shape (n,), optional
        What it says.
    soft_labels : ndarray, shape (n, C), optional
        With what confidences.
    truth : ndarray of int, shape (n,), optional
        The true labels it is measured against.

    Examples
    --------
    >>> TeacherDraw(np.array([1.0, 0.0, 0.0])).wrong.sum()
    np.float64(1.0)
    """

    wrong: Array
    labels: Array | None = None
    soft_labels: Array | None = None
    truth: Array | None = None

    def __post_init__(self) -> None:
        wrong = vector(self.wrong, "wrong", high=1)
        n, made = len(wrong), {"wrong": wrong}
        for name, make in (("labels", whole), ("soft_labels", matrix), ("truth", whole)):
            value = getattr(self, name)
            if value is not None:
                made[name] = make(value, name, n, of="wrong")
        for name, value in made.items():
            object.__setattr__(self, name, value)


class Teacher(Protocol):
    """Type of a teacher: a callable ``teacher(instance, rng=rng)`` that returns a `TeacherDraw`.

    Parameters
    ----------
    instance : Instance
    rng : numpy.random.Generator
        All of its chance.

    Examples
    --------
    >>> from radsim import Game, Instance
    >>> def careful(instance, *, rng):
    ...     return TeacherDraw(np.zeros(instance.game.n))
    >>> careful(Instance("two", Game([2, 1], mistakes=1)), rng=0).wrong.tolist()
    [0.0, 0.0]
    """

    def __call__(self, instance: Instance, *, rng: np.random.Generator) -> TeacherDraw:
        """One draw of the teacher's answers."""


@dataclass(frozen=True)
class TeacherRow:
    """Kind of teacher, a row of `TEACHERS`: how it is made, and what it must be given.

    Attributes
    ----------
    make : callable
        (instance, inclusion probabilities, solved game) -> teacher.
    says : str
        The kind of mistakes in a line.
    needs : tuple of str
        Fields of an `Instance` that it cannot do without: "labels", "features", "wrong".
    replies : bool
        Whether it looks at the inclusion probabilities, so that each selector meets its own.

    Examples
    --------
    >>> from radsim import TEACHERS
    >>> TEACHERS["cluster"].needs, TEACHERS["best response"].replies
    (('features',), True)
    """

    make: Callable[[Instance, Array, Any], Teacher]
    says: str
    needs: tuple[str, ...] = ()
    replies: bool = False

    def __post_init__(self) -> None:
        checked(self, make=Callable, says=str, replies=bool)
        each_of(self.needs, ("labels", "features", "probabilities", "wrong"), "needs")

    def fits(self, instance: Instance) -> bool:
        """Whether the instance has all that the teacher needs."""
        return all(getattr(instance, name) is not None for name in self.needs)


@dataclass(frozen=True, eq=False)
class TeacherAudit:
    """Finding of `audit_draw`: count, rate and correlation of a teacher's mistakes.

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

    Examples
    --------
    >>> from radsim import Game, Instance
    >>> two = Instance("two", Game([2, 1], mistakes=1))
    >>> found = audit_draw(two, TeacherDraw(np.array([0.0, 1.0])))
    >>> found.n_mistakes, found.rate, found.lift
    (1.0, 0.5, 0.0)
    """

    n_mistakes: float
    rate: float
    rank_correlation: float
    lift: float
    confusion: Array | None


@steady
def rank_biserial(gains: Array, wrong: Array) -> float:
    r"""Rank-biserial correlation of mistakes and gains, in [-1, 1].

    Parameters
    ----------
    gains : ndarray, shape (n,)
    wrong : ndarray, shape (n,)
        1 where the teacher is wrong, else 0.

    Returns
    -------
    float
        1 if the mistakes are on the largest gains; NaN if all or none are wrong.

    Raises
    ------
    ValueError
        If a gain is not finite or an entry of `wrong` is not in [0, 1], naming it.

    Examples
    --------
    >>> import numpy as np
    >>> rank_biserial(np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.0, 0.0]))
    1.0
    """
    g = vector(gains, "gains", low=-np.inf)
    l = vector(wrong, "wrong", len(g), high=1)
    n, m = len(g), float(np.sum(l))
    if m in (0, n):
        return float("nan")
    centred = 2 * rankdata(g) - n - 1
    return float(l @ centred / (m * (n - m)))


@steady
def audit_draw(instance: Instance, draw: TeacherDraw) -> TeacherAudit:
    """Audit a teacher's answers: count, rate, correlation with the gain, lift, confusion matrix.

    Parameters
    ----------
    instance : Instance
    draw : TeacherDraw

    Returns
    -------
    TeacherAudit

    Raises
    ------
    ValueError
        If it is no instance or no draw, or their numbers of points differ.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import Game
    >>> from radsim.data.instances import Instance
    >>> draw = TeacherDraw(np.array([1.0, 0.0, 0.0]))
    >>> audit_draw(Instance("three", Game([3, 2, 1], mistakes=1)), draw).rank_correlation
    1.0
    """
    gains = typed(instance, Instance, "instance").game.gains
    l = vector(typed(draw, TeacherDraw, "draw").wrong, "wrong", len(gains), high=1)
    n, rate = len(gains), float(l.mean())
    top = np.argsort(-gains, kind="stable")[: max(1, n // 10)]
    confusion = None
    if draw.labels is not None and draw.truth is not None:
        labels, truth = whole(draw.labels, "labels", n), whole(draw.truth, "truth", n)
        size = int(max(labels.max(), truth.max())) + 1
        flat = np.bincount(truth * size + labels, minlength=size * size)
        confusion = flat.reshape(size, size)
    return TeacherAudit(
        n_mistakes=float(l.sum()),
        rate=rate,
        rank_correlation=rank_biserial(gains, l),
        lift=float(l[top].mean()) / rate if rate else float("nan"),
        confusion=confusion,
    )


def n_classes_of(instance: Instance, otherwise: int) -> int:
    """How many classes the labels of an instance name; without labels what is said otherwise."""
    if instance.labels is None:
        return count(otherwise, "n_classes", low=2)
    return int(instance.labels.max()) + 1


def needed(instance: Instance, what: str, who: str) -> Array:
    """A field of an instance, or a ValueError that says who needs it."""
    found: Array | None = getattr(typed(instance, Instance, "instance"), what)
    if found is None:
        raise ValueError(f"instance {instance.name!r} has no {what}; {who} needs them")
    return found
