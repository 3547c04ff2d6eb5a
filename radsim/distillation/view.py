"""View of a strategy: all that it may look at when it chooses, checks and learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.students import Fit, Student
from radsim.game import Array, Count

__all__ = ["Told", "View"]


@dataclass(frozen=True, eq=False)
class Told:
    """Points asked about so far and what came back, one row a point, in the order of asking.

    Attributes
    ----------
    features : ndarray, shape (k, d)
    probabilities : ndarray, shape (k, K)
        By the student that had not seen their answers: the one of the round they were asked in.
    gains, profile : ndarray, shape (k,)
        Of that round: the gain, and the mistake probability that the strategy named with its
        selection (``info["profile"]``); NaN where it named none.
    answers : ndarray, shape (k, K)
        Soft labels of the teacher.
    truth : ndarray of int, shape (k,)
        True class where a trusted label was bought, -1 elsewhere.
    batches : ndarray of int, shape (k,)
        The batch in which it was asked about: a round, or a stage of one.
    """

    features: Array
    probabilities: Array
    gains: Array
    profile: Array
    answers: Array
    truth: Array
    batches: Array

    @property
    def checked(self) -> Array:
        """Where a trusted label was bought."""
        return self.truth >= 0

    @property
    def wrong(self) -> Array:
        """Where a trusted label shows that the class the teacher named is not the true one."""
        return self.checked & (self.answers.argmax(axis=1) != self.truth)


@dataclass(frozen=True, eq=False)
class View:
    """View of a strategy: all it may look at, no true label of the pool but those it bought.

    Attributes
    ----------
    gains : ndarray, shape (n,)
        Of the pool, by the student so far.
    budget : int
        Points to ask about in this batch.
    round : int
        The round's number, from 0: the student is fitted after each.
    batch, n_batches : int
        The batch's number, from 0, and how many there are in all rounds: one a stage of a round.
    n_checks : int
        Trusted labels that the strategy may buy in this batch, for points of this batch.
    true_mistakes : float
        The teacher's mistakes left in the pool, for rows that are told m and say so; no other row
        may look.
    probabilities : ndarray, shape (n, K)
        The student's.
    features : ndarray, shape (n, d)
        The pool's points.
    first_probabilities : ndarray, shape (n, K)
        Of the first student, fitted on trusted labels alone.
    validation_features : ndarray, shape (v, d)
    validation_labels : ndarray of int, shape (v,)
    validation_answers : ndarray, shape (v, K)
        The teacher's.
    labelled_features, labelled_targets, labelled_weights : ndarray
        What the student was fitted on besides the validation points.
    n_labelled : int
        The first so many of these are labelled points, the rest were asked about.
    told : Told
    student : Student
        As it is before this round's answers.
    fit : callable
        ``(features, targets, weights=None, *, rng)`` -> `Student`: the student's own procedure.
    gain : str
        A row of `radsim.data.gains.GAINS`.
    cross_fit, first_cross_fit : callable
        () -> class probabilities of the validation points, shape (v, K), each by a student that was
        not fitted on it: like the present student, and like the first.  Computed when first asked.

    Examples
    --------
    >>> from radsim.distillation import Setting, Strategy, compare
    >>> from radsim.selectors import Selection
    >>> def largest(view, rng):
    ...     return Selection((-view.gains).argsort(kind="stable")[: view.budget])
    >>> mine = {"mine": Strategy(largest, says="the b largest gains", source="baseline")}
    >>> compare(Setting(), mine, seed=0)[0].n_queried
    45
    """

    gains: Array
    budget: int
    round: int
    batch: int
    n_batches: int
    n_checks: int
    true_mistakes: float
    probabilities: Array
    features: Array
    first_probabilities: Array
    validation_features: Array
    validation_labels: Array
    validation_answers: Array
    labelled_features: Array
    labelled_targets: Array
    labelled_weights: Array
    n_labelled: int
    told: Told
    student: Student
    fit: Fit
    gain: str
    cross_fit: Callable[[], Array]
    first_cross_fit: Callable[[], Array]

    @property
    def validation_wrong(self) -> Array:
        """Where the class that the teacher names for a validation point is not the true one."""
        return np.asarray(self.validation_answers.argmax(axis=1) != self.validation_labels)

    @property
    def mistakes(self) -> float:
        """Estimate of the teacher's mistakes in the pool: its error rate on V, times n."""
        return Count(self.validation_wrong.mean() * len(self.gains))

    @cached_property
    def validation_probabilities(self) -> Array:
        """Class probabilities of the validation points by students not fitted on them."""
        return self.cross_fit()

    @cached_property
    def validation_gains(self) -> Array:
        """Gains of the validation points by students not fitted on them."""
        return gains_from_probabilities(self.validation_probabilities, self.gain)

    @property
    def first_gains(self) -> Array:
        """Gains of the pool by the first student."""
        return gains_from_probabilities(self.first_probabilities, self.gain)

    @property
    def first_validation_gains(self) -> Array:
        """Gains of the validation points by students like the first, not fitted on them."""
        return gains_from_probabilities(self.first_cross_fit(), self.gain)

    @property
    def trusted(self) -> tuple[Array, Array]:
        """Features and one-hot labels of the labelled and the validation points."""
        hot = np.eye(self.probabilities.shape[1])[self.validation_labels]
        first = slice(self.n_labelled)
        return (
            np.concatenate([self.labelled_features[first], self.validation_features]),
            np.concatenate([self.labelled_targets[first], hot]),
        )

    @property
    def known_features(self) -> Array:
        """All points with a label: the labelled ones, those asked about, the validation points."""
        return np.concatenate([self.labelled_features, self.validation_features])

    @property
    def known_embeddings(self) -> Array:
        """Inputs of the student's last layer at all points with a label."""
        return self.student.embeddings(self.known_features)

    @property
    def known_probabilities(self) -> Array:
        """The student's class probabilities of all points with a label."""
        return self.student.probabilities(self.known_features)

    @cached_property
    def embeddings(self) -> Array:
        """Inputs of the student's last layer at the pool's points, shape (n, e)."""
        return self.student.embeddings(self.features)
