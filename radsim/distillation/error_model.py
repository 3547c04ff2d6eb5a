r"""Error model: mistake probabilities of pool points from the answers on validation points.

Mistakes may follow nothing, the gain, the class or the place.  A Gaussian-process classifier stands
for each, and the validation points decide between them by their marginal likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from radsim.distillation.view import View
from radsim.game import Array

__all__ = ["KERNELS", "PRIOR", "Prior", "mistake_probabilities", "told_profile"]


@dataclass(frozen=True)
class Prior:
    """Standard deviations and lengths of the error model's kernels, on the logit of a mistake.

    Attributes
    ----------
    level : float
        Of the level: at two, rates from 2 % to 98 % are within two standard deviations.
    slope : float
        Of a slope in the rank of the gain, which runs over an interval of one: almost free, for a
        teacher may be wrong on nothing but the largest gains.  So wide a prior makes the evidence
        for a slope pay some ln(30/se), se its standard error: chance slopes are not taken up.
    effect : float
        Of classes, places and stretches of gains: one that is all wrong is at two of them.
    place : float
        Length of a region, in units of the median distance between validation points, which is that
        of points from different regions: at half of it their effects have correlation e^-2.
    stretch : float
        Length of a stretch of gains, as a share of all ranks.
    """

    level: float = 2.0
    slope: float = 30.0
    effect: float = 3.0
    place: float = 0.5
    stretch: float = 0.1


PRIOR = Prior()
N_NEWTON = 20
# Of the log posterior at the mode.  The evidence takes its determinant from the step before: it is
# right to some hundredths, and so are the models' weights.
TOLERANCE = 1e-4
NEGLIGIBLE = 1e-3  # weight of a model that moves no probability by more than this


def _ranks(gains: Array, reference: Array) -> Array:
    """Mid-rank of each gain among the reference, in [-1/2, 1/2]."""
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, gains, side="left")
    upto = np.searchsorted(ordered, gains, side="right")
    return np.asarray((below + upto) / (2 * len(ordered)) - 0.5)


def _squared_distances(a: Array, b: Array) -> Array:
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.asarray(np.maximum(0.0, square))


def _laplace(kernel: Array, wrong: Array) -> tuple[Array, float]:
    """Weights a of the posterior mode f = K a, and the log marginal likelihood (Laplace)."""
    n = len(wrong)
    f, before = np.zeros(n), -np.inf
    for _ in range(N_NEWTON):
        p = expit(f)
        curvature = np.maximum(p * (1 - p), 1e-9)
        root = np.sqrt(curvature)
        factor = cho_factor(np.eye(n) + root[:, None] * kernel * root, lower=True)
        target = curvature * f + wrong - p
        a = target - root * cho_solve(factor, root * (kernel @ target))
        f = kernel @ a
        height = float(-0.5 * a @ f - np.logaddexp(0, np.where(wrong == 1, -f, f)).sum())
        if height - before < TOLERANCE:
            break
        before = height
    return a, height - float(np.log(np.diag(factor[0])).sum())


@dataclass(frozen=True, eq=False)
class _Points:
    """What mistakes may follow, one entry a point; equal if all numbers are."""

    rank: Array  # of the gain among those of V, in [-1/2, 1/2]
    first_rank: Array  # of the first student's gain
    probabilities: Array
    features: Array
    confidence: Array  # rank of the teacher's largest probability; 0 before it answers

    @cached_property
    def _key(self) -> bytes:
        digest = sha256()
        for part in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, part.name)).tobytes())
        return digest.digest()

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Points) and self._key == other._key


Kernel = Callable[[_Points, _Points, Prior], Array]


def _stretch(a: Array, b: Array, prior: Prior) -> Array:
    return np.asarray(prior.effect**2 * np.exp(-0.5 * ((a[:, None] - b) / prior.stretch) ** 2))


def _alike(a: _Points, b: _Points) -> Array:
    return a.probabilities @ b.probabilities.T


# Each stands for something that mistakes may follow: what it is, and its kernel.
KERNELS: dict[str, Kernel] = {
    "nothing": lambda a, b, prior: np.zeros((len(a.rank), len(b.rank))),
    "gain": lambda a, b, prior: prior.slope**2 * np.outer(a.rank, b.rank),
    "stretch": lambda a, b, prior: _stretch(a.rank, b.rank, prior),
    "first gain": lambda a, b, prior: prior.slope**2 * np.outer(a.first_rank, b.first_rank),
    "class": lambda a, b, prior: prior.effect**2 * _alike(a, b),
    "class x gain": lambda a, b, prior: (
        prior.slope**2 * np.outer(a.rank, b.rank) + prior.effect**2 * _alike(a, b)
    ),
    "place": lambda a, b, prior: (
        prior.effect**2 * np.exp(-_squared_distances(a.features, b.features))
    ),
    "confidence": lambda a, b, prior: _stretch(a.confidence, b.confidence, prior),
}


# The stages of a round, and strategies that see the same validation points, share the fits.
@lru_cache(maxsize=16)
def _fits(
    seen: _Points, wrong: bytes, names: tuple[str, ...], prior: Prior
) -> tuple[tuple[float, str, Array], ...]:
    """Weight, name and posterior weights of every kernel that counts."""
    where = np.frombuffer(wrong)
    fits = [_laplace(prior.level**2 + KERNELS[name](seen, seen, prior), where) for name in names]
    evidence = np.array([height for _, height in fits])
    weights = np.exp(evidence - evidence.max())
    weights[weights < NEGLIGIBLE * weights.sum()] = 0.0
    weights /= weights.sum()
    return tuple(
        (float(weight), name, a)
        for weight, name, (a, _) in zip(weights, names, fits, strict=True)
        if weight > 0
    )


def _averaged(seen: _Points, wrong: Array, at: _Points, names: list[str], prior: Prior) -> Array:
    """Mistake probabilities of points, averaged over the named kernels by their evidence."""
    total = np.zeros(len(at.rank))
    for weight, name, a in _fits(seen, wrong.tobytes(), tuple(names), prior):
        total += weight * expit((prior.level**2 + KERNELS[name](at, seen, prior)) @ a)
    return total


def _fitted(
    view: View,
    gains: Array,
    first_gains: Array | None,
    probabilities: Array,
    features: Array,
    confidence: Array | None,
    prior: Prior,
) -> Array:
    wrong = view.validation_wrong.astype(np.float64)
    v, n = len(wrong), len(gains)
    if min(wrong.sum(), v - wrong.sum()) < 2:
        return np.full(n, (wrong.sum() + 0.5) / (v + 1))
    x = view.validation_features
    # In units in which the kernel of places is exp(-distance^2).
    apart = _squared_distances(x, x)[np.triu_indices(v, 1)]
    unit = np.sqrt(2 * prior.place**2 * float(np.median(apart)))
    names = ["nothing", "gain", "stretch", "class", "class x gain"]
    names += ["first gain"] if first_gains is not None else []
    names += ["place"] if unit > 0 else []
    names += ["confidence"] if confidence is not None else []
    unit = unit or 1.0
    mine, first = view.validation_gains, view.first_validation_gains
    said = view.validation_answers.max(axis=1)
    seen = _Points(
        _ranks(mine, mine),
        _ranks(first, first),
        view.validation_probabilities,
        x / unit,
        _ranks(said, said),
    )
    at = _Points(
        _ranks(gains, mine),
        np.zeros(n) if first_gains is None else _ranks(first_gains, first),
        probabilities,
        features / unit,
        np.zeros(n) if confidence is None else _ranks(confidence, said),
    )
    return _averaged(seen, wrong, at, names, prior)


def told_profile(view: View, prior: Prior = PRIOR) -> Array:
    """Mistake probabilities of the points that were asked about, before any of them is checked.

    Those named with the selection, or where there are none, or where the teacher's confidence
    varies and so says more, those of the error model at what is known of the points by now.

    Parameters
    ----------
    view : View
    prior : Prior

    Returns
    -------
    ndarray, shape (k,)
    """
    told, said = view.told, view.validation_answers.max(axis=1)
    varies = bool(np.ptp(said) > 1e-9)
    if not varies and not np.isnan(told.profile).any():
        return told.profile
    confidence = told.answers.max(axis=1) if varies else None
    return _fitted(view, told.gains, None, told.probabilities, told.features, confidence, prior)


def mistake_probabilities(view: View, prior: Prior = PRIOR) -> Array:
    r"""Mistake probability of every pool point, averaged over models by their evidence.

    The logit of a mistake is a Gaussian process with kernel :math:`\sigma_0^2 + e(i, j)`, one for
    each row of `KERNELS`: with u the rank of the gain among the validation points and p the
    student's probabilities, e is

    - nothing,
    - the gain, :math:`\sigma_u^2 u_i u_j`,
    - a stretch of gains, :math:`\sigma^2 \exp(-(u_i - u_j)^2/2\ell_u^2)`,
    - after the first round the first student's gain, as the gain,
    - the class, :math:`\sigma^2 \sum_c p_{ic} p_{jc}`,
    - the class and the gain, their sum, or
    - the place, :math:`\sigma^2 \exp(-|x_i - x_j|^2/2\ell^2)`.

    Each is fitted to the mistakes on V by Laplace's method; the predictions are averaged with
    weights in proportion to the marginal likelihoods.

    Parameters
    ----------
    view : View

    Returns
    -------
    ndarray, shape (n,)
        With fewer than two mistakes on V, or fewer than two right answers, the constant
        :math:`(k + 1/2)/(v + 1)`, k mistakes among v points.  Places are left out when all
        validation points are in one.

    Notes
    -----
    This is not scikit-learn's ``GaussianProcessClassifier``, which has the same modes and evidence
    but other answers.  Its ``predict_proba`` averages the probability over what is uncertain of the
    logit; here it is the probability at the logit's mean, and the two are up to 0.14 apart in the
    test of this.  With its ``latent_mean_and_variance`` (of 1.7) all agree to 1e-6 if `TOLERANCE`
    lets the Newton steps run on.  They stop earlier: that moves the log evidence by up to 0.05, the
    answers by less than 1e-6 in four views of five and by 3e-3 in the worst of a hundred, and the
    committed studies were run so.  It would also take four times as long.

    References
    ----------
    Theory page: A5; Rasmussen and Williams, "Gaussian processes for machine learning", 2006,
    algorithm 3.1.
    """
    first = view.first_gains if view.round else None
    return _fitted(view, view.gains, first, view.probabilities, view.features, None, prior)
