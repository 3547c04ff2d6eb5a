r"""Committees of teachers, some of them arbitrary, and their aggregated soft-labels (A3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from radsim.data.instances import Instance
from radsim.door import (
    Array,
    Limits,
    array,
    checked,
    count,
    entries,
    generator,
    number,
    one_of,
    steady,
    typed,
    whole,
)
from radsim.teachers.draw import TeacherDraw, n_classes_of

__all__ = ["AGGREGATES", "Committee", "aggregate_wrong", "committee_bound"]


def _majority(soft: Array) -> Array:
    """Share of the teachers whose largest class it is."""
    votes = soft.argmax(axis=2)
    return np.asarray((votes[:, :, None] == np.arange(soft.shape[2])).mean(axis=0))


def _mean(soft: Array) -> Array:
    return np.asarray(soft.mean(axis=0))


def _median(soft: Array) -> Array:
    """Coordinate-wise median, the lower one of an even number; not normalised.

    A3 holds for it only where each correct teacher puts more than half on the true class.
    """
    place = (len(soft) + 1) // 2 - 1
    return np.asarray(np.sort(soft, axis=0)[place])


def _median_count(soft: Array) -> Array:
    """Mean weighted by how often a teacher holds the median; ties share the credit."""
    held = soft == _median(soft)
    credit = (held / held.sum(axis=0)).sum(axis=(1, 2))
    return np.asarray(np.tensordot(credit / credit.sum(), soft, axes=1))


# From soft-labels of K teachers, shape (K, n, C), to one score a class, shape (n, C).  The last is
# the weighting of FedRAD (Sturluson et al. 2021).
AGGREGATES: dict[str, Callable[[Array], Array]] = {
    "majority": _majority,
    "mean": _mean,
    "median": _median,
    "median_count": _median_count,
}


@steady
def aggregate_wrong(soft: Array, truth: Array, aggregate: str) -> Array:
    """Find where an aggregate of soft-labels does not rank the true class strictly first.

    Parameters
    ----------
    soft : ndarray, shape (K, n, C)
    truth : ndarray of int, shape (n,)
    aggregate : str
        A row of `AGGREGATES`.

    Returns
    -------
    ndarray, shape (n,)
        1 where the aggregate is wrong, else 0.

    Raises
    ------
    ValueError
        If the aggregate is unknown, or a shape or an entry cannot be, naming it.

    References
    ----------
    Theory page: A3.

    Examples
    --------
    Two correct teachers and an arbitrary one; the coordinate-wise median of soft-labels fails.

    >>> import numpy as np
    >>> soft = np.array([[[0.50, 0.45, 0.05]], [[0.34, 0.33, 0.33]], [[0.0, 1.0, 0.0]]])
    >>> [float(aggregate_wrong(soft, np.array([0]), a)[0]) for a in ("majority", "median")]
    [0.0, 1.0]
    """
    rule = AGGREGATES[one_of(aggregate, AGGREGATES, "aggregate")]
    soft = array(soft, "soft", high=1)
    if soft.ndim != 3:
        raise ValueError(f"soft must have shape (K, n, C), got {soft.shape}")
    truth = whole(truth, "truth", soft.shape[1], of="soft", high=soft.shape[2] - 1)
    score = np.array(rule(soft))
    rows = np.arange(len(truth))
    own = score[rows, truth].copy()
    score[rows, truth] = -np.inf
    return np.asarray(own <= score.max(axis=1), dtype=np.float64)


@steady
def committee_bound(honest_mistakes: Sequence[int], n_arbitrary: int) -> int:
    r"""Bound the mistakes of a majority: :math:`\lfloor \sum_t m_t/(\lceil K/2\rceil - f)\rfloor`.

    A wrong majority needs :math:`\lceil K/2\rceil` wrong teachers, f of them at most arbitrary.
    The same holds for the lower coordinate-wise median if a correct teacher puts more than half on
    the true class; for flatter soft-labels it fails (see `aggregate_wrong`).

    Parameters
    ----------
    honest_mistakes : sequence of int
        :math:`m_t` of the K - f honest teachers.
    n_arbitrary : int
        f, below half of K rounded up.

    Returns
    -------
    int
        Most points on which the majority can be wrong.

    Raises
    ------
    ValueError
        If half of the teachers or more are arbitrary, or a count is none.

    References
    ----------
    Theory page: A3.

    Examples
    --------
    >>> committee_bound([10, 10, 10, 10], n_arbitrary=1)
    20
    """
    each = _counts(honest_mistakes)
    n_arbitrary = count(n_arbitrary, "n_arbitrary")
    need = (len(each) + n_arbitrary + 1) // 2 - n_arbitrary
    if need <= 0:
        raise ValueError(
            f"n_arbitrary = {n_arbitrary} of {len(each) + n_arbitrary} teachers must be less than "
            f"half, rounded up: honest_mistakes has {len(each)} entries"
        )
    return sum(each) // need


def _counts(mistakes: Sequence[int], high: int | None = None) -> list[int]:
    limits = Limits() if high is None else Limits(high=high)
    for t, m in enumerate(mistakes if np.iterable(mistakes) else ()):
        count(m, f"honest_mistakes[{t}]")  # no booleans, which an array takes for numbers
    return [int(m) for m in whole(mistakes, "honest_mistakes", **limits)]


@dataclass(frozen=True)
class Committee:
    r"""Committee of teachers, some of them arbitrary, whose soft-labels are aggregated.

    Honest teacher t is wrong on exactly :math:`m_t` random points, for some random other class; the
    arbitrary ones agree on one wrong class at every point.

    Attributes
    ----------
    honest_mistakes : tuple of int
    n_arbitrary : int
    aggregate : str
        A row of `AGGREGATES`.
    confidence : float
        What an honest teacher puts on the class it says, in (1/C, 1]; the rest is spread evenly.
        A3 bounds the mistakes of a median only if this is above a half.
    n_classes : int
        Used when the instance has no labels.

    References
    ----------
    Theory page: A3.

    Examples
    --------
    >>> from radsim import Game
    >>> pool = Instance("pool", Game(np.ones(50), mistakes=10))
    >>> wrong = Committee((5, 5, 5, 5), n_arbitrary=1)(pool, rng=0).wrong
    >>> bool(wrong.sum() <= committee_bound([5, 5, 5, 5], n_arbitrary=1))
    True
    """

    honest_mistakes: tuple[int, ...]
    n_arbitrary: int
    aggregate: str = "majority"
    confidence: float = 1.0
    n_classes: int = 10

    def __post_init__(self) -> None:
        _counts(self.honest_mistakes)
        entries(self.n_arbitrary, "n_arbitrary")
        checked(self, aggregate=str)
        number(self.confidence, "confidence", low=-np.inf)
        entries(self.n_classes, "n_classes", low=2)

    def soft_labels(self, truth: Array, n_classes: int, rng: np.random.Generator | int) -> Array:
        """Soft-labels of all teachers, shape (K, n, C); the arbitrary ones come last."""
        n, rng = len(truth), generator(rng)
        each = _counts(self.honest_mistakes, high=n)
        n_arbitrary = count(self.n_arbitrary, "n_arbitrary")
        number(self.confidence, "confidence", low=1 / n_classes, high=1, open_low=True)
        flat = (1 - self.confidence) / (n_classes - 1)
        soft = np.full((len(each) + n_arbitrary, n, n_classes), flat)
        rows = np.arange(n)
        for t, mistakes in enumerate(each):
            wrong = rng.permutation(n) < mistakes
            said = np.where(wrong, (truth + rng.integers(1, n_classes, n)) % n_classes, truth)
            soft[t, rows, said] = self.confidence
        if n_arbitrary:
            soft[len(each) :] = 0.0
            soft[len(each) :, rows, (truth + 1) % n_classes] = 1.0
        return soft

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n = typed(instance, Instance, "instance").game.n
        one_of(self.aggregate, AGGREGATES, "aggregate")
        size = n_classes_of(instance, self.n_classes)
        rng = generator(rng)
        truth = rng.integers(size, size=n) if instance.labels is None else instance.labels
        soft = self.soft_labels(truth, size, rng)
        wrong = aggregate_wrong(soft, truth, self.aggregate)
        score = AGGREGATES[self.aggregate](soft)
        total = score.sum(axis=1, keepdims=True)
        stated = np.where(total > 0, score / np.where(total > 0, total, 1), 1 / size)
        return TeacherDraw(wrong, stated.argmax(axis=1), stated, truth)
