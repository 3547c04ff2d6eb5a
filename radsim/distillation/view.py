"""View of a strategy: all that it may look at when it chooses queries."""

from __future__ import annotations

from dataclasses import dataclass

from radsim.distillation.students import Fit
from radsim.game import Array

__all__ = ["View"]


@dataclass(frozen=True, eq=False)
class View:
    """View of a strategy: all it may look at in one round, no true label of the pool among it.

    Attributes
    ----------
    gains : ndarray, shape (n,)
        Of the pool, by the student so far.
    budget : int
        Points to ask about in this round.
    mistakes : float
        Estimate of the teacher's mistakes in the pool: its error rate on the validation points, a
        share of n.
    true_mistakes : float
        Their true number, for rows that are told m and say so; no other row may look.
    probabilities : ndarray, shape (n, K)
        The student's.
    embeddings : ndarray, shape (n, d)
        Input of the student's last layer.
    validation_gains : ndarray, shape (v,)
    validation_wrong : ndarray of bool, shape (v,)
        Where the teacher's hard label is not the truth.
    validation_probabilities : ndarray, shape (v, K)
        The student's.
    validation_features : ndarray, shape (v, k)
    validation_labels : ndarray of int, shape (v,)
    labelled_features, labelled_targets, labelled_weights : ndarray
        What the student was fitted on: the labelled points, and the answers of earlier rounds.
    fit : callable
        ``(features, targets, weights=None, *, rng)`` -> `Student`: the student's own procedure.

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
    mistakes: float
    true_mistakes: float
    probabilities: Array
    embeddings: Array
    validation_gains: Array
    validation_wrong: Array
    validation_probabilities: Array
    validation_features: Array
    validation_labels: Array
    labelled_features: Array
    labelled_targets: Array
    labelled_weights: Array
    fit: Fit
