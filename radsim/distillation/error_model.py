r"""Error model: mistake probabilities of pool points from the answers on validation points.

Mistakes may follow nothing, the gain, the class or the place.  A Gaussian-process classifier stands
for each, and the validation points decide between them by their marginal likelihood.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from radsim.distillation.view import View
from radsim.game import Array

__all__ = ["mistake_probabilities"]

# Standard deviations of the prior on the logit of a mistake.  Two for its level: rates from 2 % to
# 98 % are within two of them.
LEVEL = 2.0
# Slope in the rank of the gain, which runs over an interval of one: as in
# `radsim.data.validation`, almost free, for a teacher may be wrong on nothing but the largest
# gains.  So wide a prior makes the evidence for a slope pay some ln(30/se), se its standard error:
# chance slopes are not taken up.
SLOPE = 30.0
# Effects of classes and of places: one that is all wrong is at two of them, 99.8 % against 0.2 %.
EFFECT = 3.0
# Length of a region, in units of the median distance between validation points, which is that of
# points from different regions: at half of it their effects have correlation e^-2.
LENGTH = 0.5

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


def mistake_probabilities(view: View) -> Array:
    r"""Mistake probability of every pool point, averaged over four models by their evidence.

    The logit of a mistake is a Gaussian process with kernel :math:`\sigma_0^2 + e(i, j)`, and e is

    - nothing,
    - the gain, :math:`\sigma_u^2 u_i u_j`, u its rank among the validation points,
    - the class, :math:`\sigma^2 \sum_c p_{ic} p_{jc}`, p the student's probabilities, or
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
        :math:`(k + 1/2)/(v + 1)`, k mistakes among v points.  Places are left out when the
        student's embeddings are not in the space of the validation features.

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
    wrong = np.asarray(view.validation_wrong, dtype=np.float64)
    v, n = len(wrong), len(view.gains)
    if min(wrong.sum(), v - wrong.sum()) < 2:
        return np.full(n, (wrong.sum() + 0.5) / (v + 1))
    seen = _ranks(view.validation_gains, view.validation_gains)
    mine = _ranks(view.gains, view.validation_gains)
    p, q = view.validation_probabilities, view.probabilities
    x, z = view.validation_features, view.embeddings
    # From whether the pool is asked about, or V itself, to the kernel against V.
    effects: list[Callable[[bool], Array]] = [
        lambda pool: np.zeros((n if pool else v, v)),
        lambda pool: SLOPE**2 * np.outer(mine if pool else seen, seen),
        lambda pool: EFFECT**2 * (q if pool else p) @ p.T,
    ]
    if x.shape[1] == z.shape[1]:
        apart = _squared_distances(x, x)[np.triu_indices(v, 1)]
        unit = 2 * LENGTH**2 * float(np.median(apart))
        if unit > 0:
            effects.append(
                lambda pool: EFFECT**2 * np.exp(-_squared_distances(z if pool else x, x) / unit)
            )
    fits = [_laplace(LEVEL**2 + effect(False), wrong) for effect in effects]
    evidence = np.array([height for _, height in fits])
    weights = np.exp(evidence - evidence.max())
    weights[weights < NEGLIGIBLE * weights.sum()] = 0.0
    weights /= weights.sum()
    total = np.zeros(n)
    for weight, effect, (a, _) in zip(weights, effects, fits, strict=True):
        if weight > 0:
            total += weight * expit((LEVEL**2 + effect(True)) @ a)
    return total
