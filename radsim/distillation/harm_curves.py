r"""Value of a right label and harm of a wrong one by gain, measured on labelled points alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from radsim.distillation.view import View
from radsim.game import Array

__all__ = ["Curves", "measured_curves"]

N_BINS = 4  # of the gain's rank: with 300 validation points some 37 of a half are in each
N_SWAPS = 2  # random halvings of V, each used both ways


@dataclass(frozen=True, eq=False)
class Curves:
    """Values and harms of the pool's points, non-negative, in units of the largest value.

    Attributes
    ----------
    values, harms : ndarray, shape (n,)
    """

    values: Array
    harms: Array


def measured_curves(view: View, rng: np.random.Generator) -> Curves:
    r"""Measure how right and wrong labels move the student, as functions of the gain's rank.

    The protocol.  V is halved at random; one half is cut into four bins of the gain.  For each bin
    the student is fitted on its labelled points and the bin with true labels, and again with wrong
    ones (another class at random).  The change of the mean probability of the true class on the
    other half, over the number of points added, is the bin's value, or minus its harm.  Halves
    change places; two halvings are averaged.  A line in the rank is fitted to the bins' means and
    cut off at zero.  No pool point or test point is touched.

    Parameters
    ----------
    view : View
    rng : numpy.random.Generator

    Returns
    -------
    Curves
        Where no bin has a positive value: the gains, and harms equal to them (c = 1).
    """
    features, labels = view.validation_features, view.validation_labels
    n_classes = view.probabilities.shape[1]
    hot = np.eye(n_classes)

    def quality(extra: Array, said: Array, judge: Array) -> float:
        student = view.fit(
            np.concatenate([view.labelled_features, features[extra]]),
            np.concatenate([view.labelled_targets, hot[said]]),
            np.concatenate([view.labelled_weights, np.ones(len(extra))]),
            rng=rng,
        )
        p = student.probabilities(features[judge])
        return float(p[np.arange(len(judge)), labels[judge]].mean())

    v = len(labels)
    rank = np.empty(v)
    rank[np.argsort(view.validation_gains, kind="stable")] = (np.arange(v) + 0.5) / v
    at, value, harm = [], [], []
    none = np.zeros(0, dtype=np.intp)
    for _ in range(N_SWAPS):
        halves = np.array_split(rng.permutation(v), 2)
        for probe, judge in (halves, halves[::-1]):
            base = quality(none, none, judge)
            for part in np.array_split(probe[np.argsort(rank[probe])], N_BINS):
                if not len(part):
                    continue
                other = (labels[part] + rng.integers(1, n_classes, size=len(part))) % n_classes
                at.append(float(rank[part].mean()))
                value.append((quality(part, labels[part], judge) - base) / len(part))
                harm.append((base - quality(part, other, judge)) / len(part))
    below = np.searchsorted(np.sort(view.validation_gains), view.gains, side="left")
    upto = np.searchsorted(np.sort(view.validation_gains), view.gains, side="right")
    mine = (below + upto) / (2 * v)
    # The rank says nothing of the order among pool points that no validation point separates; a
    # hair of the gain itself keeps the order without moving a value.
    values = np.maximum(0.0, np.polyval(np.polyfit(at, value, 1), mine))
    harms = np.maximum(0.0, np.polyval(np.polyfit(at, harm, 1), mine))
    top = float(values.max())
    if not top > 0:
        return Curves(view.gains, view.gains)
    hair = 1e-9 * view.gains / (float(view.gains.max()) or 1.0)
    return Curves(values / top + hair, harms / top)
