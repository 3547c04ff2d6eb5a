r"""Error profiles and limits on mistakes, from validation points and confidences.

Both feed :mod:`radsim.constrained`: a profile contaminates a game (A5), limits constrain it (A2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, number, steady, vector, whole

__all__ = [
    "Calibration",
    "ErrorProfile",
    "calibration",
    "confidence_slack",
    "error_profile",
    "limits_from_confidence",
]

# Ridge penalties act on coefficients: the slope in the rank is left almost free, the effects of the
# classes are shrunk.
_SLOPE_UNIT = 30.0
_CLASS_UNIT = 1.0


@dataclass(frozen=True, eq=False)
class Calibration:
    """Calibration of predicted mistake probabilities against mistakes made, bin by bin.

    Attributes
    ----------
    n_points : ndarray of int, shape (k,)
    expected, observed : ndarray, shape (k,)
        Mistakes predicted and made in each bin, lowest predictions first.
    p_value : float
        Probability of some bin as far off as the worst one if the predictions were the truth
        (Bonferroni over bins).

    Examples
    --------
    >>> calibration(np.full(100, 0.1), np.repeat([0, 1], [90, 10]), n_bins=1).observed.tolist()
    [10.0]
    """

    n_points: Array
    expected: Array
    observed: Array
    p_value: float

    def accepts(self, level: float = 0.01) -> bool:
        """Whether the predictions pass at this level; NaN does not."""
        return bool(self.p_value >= level)


@dataclass(frozen=True, eq=False)
class ErrorProfile:
    """Fitted mistake probabilities of the pool's points, and their calibration.

    Attributes
    ----------
    probabilities : ndarray, shape (n,)
    calibration : Calibration
        Of predictions for points that the fit had not seen.

    Examples
    --------
    >>> found = error_profile([0.1, 0.9], np.linspace(0, 1, 20), np.zeros(20))
    >>> found.probabilities.round(4).tolist()  # nothing was wrong: the same rate everywhere
    [0.0238, 0.0238]
    """

    probabilities: Array
    calibration: Calibration


def _wrong(values: ArrayLike, name: str) -> Array:
    return vector(values, name, least=2, high=1, whole=True)


def _two_sided(probabilities: Array, count: int) -> float:
    """Twice the smaller tail at `count` of a sum of independent coins, by convolution."""
    law = np.ones(1)
    for p in probabilities:
        law = np.convolve(law, (1 - p, p))
    low, high = float(law[: count + 1].sum()), float(law[count:].sum())
    return min(1.0, 2 * min(low, high))


@steady
def calibration(probabilities: ArrayLike, wrong: ArrayLike, n_bins: int = 5) -> Calibration:
    """Set predicted mistake probabilities against mistakes that were made.

    In each bin of equally many points the number of mistakes is tested, two-sided and exactly,
    against the sum of independent coins with the predicted probabilities.

    Parameters
    ----------
    probabilities : array_like, shape (v,)
    wrong : array_like of 0 and 1, shape (v,)
    n_bins : int

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If an entry is no probability, or no 0 or 1; names it.

    Examples
    --------
    >>> import numpy as np
    >>> wrong = np.repeat([0, 1], [90, 10])
    >>> calibration(np.full(100, 0.1), wrong, n_bins=1).p_value
    1.0
    >>> calibration(np.full(100, 0.4), wrong, n_bins=1).accepts()
    False
    """
    x = _wrong(wrong, "wrong")
    p = vector(probabilities, "probabilities", len(x), of="wrong", high=1)
    n_bins = count(n_bins, "n_bins", low=1, high=len(x))
    bins = np.array_split(np.argsort(p, kind="stable"), n_bins)
    tails = [_two_sided(p[part], int(x[part].sum())) for part in bins]
    return Calibration(
        np.array([len(part) for part in bins]),
        np.array([p[part].sum() for part in bins]),
        np.array([x[part].sum() for part in bins]),
        min(1.0, len(bins) * min(tails)),
    )


def _rank(gains: Array, reference: Array) -> Array:
    """Mid-rank of each gain among the reference, in [-1/2, 1/2]."""
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, gains, side="left")
    upto = np.searchsorted(ordered, gains, side="right")
    return np.asarray((below + upto) / (2 * len(ordered)) - 0.5)


@steady
def error_profile(
    gains: ArrayLike,
    validation_gains: ArrayLike,
    validation_wrong: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    validation_classes: ArrayLike | None = None,
    folds: int = 5,
    n_bins: int = 5,
) -> ErrorProfile:
    r"""Fit mistake probabilities to validation points: logistic in the rank of the gain.

    :math:`\mathrm{logit}\, r_i = a + k u_i (+ e_{y_i})`, u the mid-rank of the gain among the
    validation gains, e an effect of the student's predicted class, shrunk towards zero by a ridge
    penalty.  The calibration check is on predictions for folds that the fit had not seen.

    Parameters
    ----------
    gains : array_like, shape (n,)
        Of the pool.
    validation_gains : array_like, shape (v,)
    validation_wrong : array_like of 0 and 1, shape (v,)
        Where the teacher was wrong.
    classes, validation_classes : array_like of int, optional
        The student's predicted classes, of both or of neither.
    folds, n_bins : int
        Of the calibration check.

    Returns
    -------
    ErrorProfile

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    Notes
    -----
    With fewer than two mistakes, or fewer than two correct answers, nothing can be fitted: the
    profile is then the constant rate :math:`(k + 1/2)/(v + 1)`, k mistakes among v points.  The
    validation points must be exchangeable with the pool.  The profile is an estimate: its weight in
    :func:`radsim.constrained.contaminate` says how far it is trusted.

    References
    ----------
    Theory page: A5.

    Examples
    --------
    >>> import numpy as np
    >>> gains = np.linspace(0, 1, 200)
    >>> wrong = (np.random.default_rng(0).random(200) < 0.4 * gains).astype(int)
    >>> profile = error_profile([0.1, 0.9], gains, wrong)
    >>> bool(profile.probabilities[0] < profile.probabilities[1]), profile.calibration.accepts()
    (True, True)
    """
    x = _wrong(validation_wrong, "validation_wrong")
    v = len(x)
    pool = vector(gains, "gains", low=-np.inf)
    seen = vector(validation_gains, "validation_gains", v, of="validation_wrong", low=-np.inf)
    folds, n_bins = count(folds, "folds", low=2), count(n_bins, "n_bins", low=1)
    if (classes is None) != (validation_classes is None):
        raise ValueError("classes and validation_classes must be given together")
    features, known = (_SLOPE_UNIT * _rank(part, seen)[:, None] for part in (pool, seen))
    if classes is not None and validation_classes is not None:
        mine = whole(classes, "classes", len(pool), low=-np.inf)
        theirs = whole(
            validation_classes, "validation_classes", v, of="validation_gains", low=-np.inf
        )
        names = np.unique(theirs)
        features = np.hstack((features, _CLASS_UNIT * (mine[:, None] == names)))
        known = np.hstack((known, _CLASS_UNIT * (theirs[:, None] == names)))
    rarest = int(min(x.sum(), v - x.sum()))
    if rarest < 2:
        rate = (x.sum() + 0.5) / (v + 1)
        fitted, unseen = np.full(len(pool), rate), np.full(v, rate)
    else:
        fitted = _fit(known, x, features)
        # Folds take turns among the right and the wrong, by gain: the order of the points is
        # irrelevant, and every fold sees all of the range.
        fold, unseen = np.empty(v, dtype=int), np.empty(v)
        fold[np.lexsort((seen, x))] = np.arange(v) % min(folds, rarest)
        for part in np.unique(fold):
            unseen[fold == part] = _fit(known[fold != part], x[fold != part], known[fold == part])
    return ErrorProfile(fitted, calibration(unseen, x, min(n_bins, v)))


def _fit(known: Array, wrong: Array, features: Array) -> Array:
    """Mistake probabilities at `features` by a ridge-penalised logistic regression."""
    # Slow to import, and only a fit needs it.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(solver="newton-cholesky", tol=1e-8).fit(known, wrong)
    return np.asarray(model.predict_proba(features)[:, 1])


@steady
def limits_from_confidence(confidences: ArrayLike, slack: float) -> Array:
    r"""Turn a teacher's calibrated confidences into limits on its mistakes, point by point.

    A teacher who is right with probability :math:`p_i` errs with :math:`1 - p_i`; the limits are
    :math:`r_i = \min(1, 1 - p_i + \mathrm{slack})`.

    Parameters
    ----------
    confidences : array_like, shape (n,)
        :math:`p_i \in [0, 1]`, the teacher's probability of its own answer.
    slack : float
        :math:`\ge 0`, by how much the confidences may be too high; see `confidence_slack`.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        Naming the entry that is no probability, or a negative slack.

    References
    ----------
    Theory page: A2.

    Examples
    --------
    >>> limits_from_confidence([1.0, 0.75, 0.25], slack=0.5).tolist()
    [0.5, 0.75, 1.0]
    """
    slack = number(slack, "slack")
    return np.minimum(1.0, 1 - vector(confidences, "confidences", high=1) + slack)


@steady
def confidence_slack(
    confidences: ArrayLike, wrong: ArrayLike, delta: float, n_bins: int = 5
) -> float:
    r"""Slack that covers what validation points say about a teacher's confidences.

    In each bin of the confidence, the Clopper-Pearson upper bound on the error rate at
    :math:`1 - \delta/k` may exceed the smallest :math:`1 - p_i` of the bin by at most the slack; so
    with probability :math:`1 - \delta` the *mean* error rate of every bin is below each of its
    limits.  That no single point errs more often than its bin is an assumption, not a finding.

    Parameters
    ----------
    confidences : array_like, shape (v,)
        Of validation points.
    wrong : array_like of 0 and 1, shape (v,)
    delta : float
        In (0, 1).
    n_bins : int
        k, bins of equally many points.

    Returns
    -------
    float
        Non-negative; the `slack` of `limits_from_confidence`.

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    C. Clopper and E. Pearson, 1934.

    Examples
    --------
    >>> import numpy as np
    >>> sure = np.full(100, 0.95)
    >>> round(confidence_slack(sure, np.repeat([0, 1], [95, 5]), 0.05, n_bins=1), 4)
    0.0523
    """
    # Slow to import, and no profile needs it.
    from scipy import stats

    x = _wrong(wrong, "wrong")
    p = vector(confidences, "confidences", len(x), of="wrong", high=1)
    delta = number(delta, "delta", high=1, open_low=True, open_high=True)
    n_bins = count(n_bins, "n_bins", low=1, high=len(x))
    slack = 0.0
    for part in np.array_split(np.argsort(p, kind="stable"), n_bins):
        made, size = float(x[part].sum()), len(part)
        upper = (
            1.0
            if made == size
            else float(stats.beta.ppf(1 - delta / n_bins, made + 1, size - made))
        )
        slack = max(slack, upper - (1 - float(p[part].max())))
    return slack
