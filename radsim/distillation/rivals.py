r"""Rivals of RAD: strategies of active learning and distillation, one row each in `RIVALS`.

Those that spread over the pool start from all points with a label: the labelled and the validation
points, and what was asked about before.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from radsim.data.validation import error_profile
from radsim.distillation.lessons import mixed_up
from radsim.distillation.strategy import Choose, Strategy
from radsim.distillation.view import View
from radsim.game import Array
from radsim.sampling import sample
from radsim.selectors import Selection, select
from radsim.selectors.formulas import margin, power

__all__ = ["RIVALS", "calibrated", "temperature_of", "towards_uniform"]

N_STEPS = 20  # of the path from even to active sampling
TEMPERATURES = (-3.0, 3.0)  # log10: within these a student's confidence is corrected


def _rival(name: str, *takes: str, known: str | None = None) -> Choose:
    """A row of `radsim.selectors.SELECTORS` on what it takes of the view, the first by position.

    `known` is the same of the points with a label, for rows that start from these.
    """

    def choose(view: View, rng: np.random.Generator) -> Selection:
        first, *rest = (getattr(view, field) for field in takes)
        named = dict(zip(takes[1:], rest, strict=True))
        if known is not None:
            named["labelled"] = getattr(view, known)
        return select(name, first, view.budget, rng=rng, **named)

    return choose


def temperature_of(probabilities: Array, labels: Array) -> float:
    r"""Temperature at which class probabilities fit labels best.

    .. math:: \min_T -\sum_i \log \frac{p_{i y_i}^{1/T}}{\sum_k p_{ik}^{1/T}}

    Parameters
    ----------
    probabilities : ndarray, shape (v, K)
    labels : ndarray of int, shape (v,)

    Returns
    -------
    float
        Between 1/1000 and 1000.

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017.

    Examples
    --------
    >>> import numpy as np
    >>> p = np.tile([0.8, 0.2], (3, 1))
    >>> round(temperature_of(p, np.array([0, 0, 1])), 3)
    2.0
    """
    rows = np.arange(len(labels))

    def loss(log_t: float) -> float:
        return -float(np.log(calibrated(probabilities, 10.0**log_t)[rows, labels]).sum())

    return float(10 ** minimize_scalar(loss, bounds=TEMPERATURES, method="bounded").x)


def calibrated(probabilities: Array, temperature: float) -> Array:
    r"""Class probabilities at a temperature, :math:`p_k^{1/T}` normalised, none below 1e-300.

    Examples
    --------
    >>> import numpy as np
    >>> calibrated(np.array([[0.8, 0.2]]), 2.0).round(3).tolist()
    [[0.667, 0.333]]
    """
    log_p = np.log(np.maximum(probabilities, 1e-300)) / temperature
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return np.asarray(np.maximum(p / p.sum(axis=1, keepdims=True), 1e-300))


def _calibrated_error(view: View, rng: np.random.Generator) -> Selection:
    r"""The b points where the student's expected error exceeds the teacher's most.

    The student's is one minus its largest probability, at the temperature that fits V best; the
    teacher's is logistic in the rank of that, fitted on V.
    """
    checks = view.validation_probabilities
    temperature = temperature_of(checks, view.validation_labels)
    here, there = (1 - calibrated(p, temperature).max(axis=1) for p in (view.probabilities, checks))
    profile = error_profile(here, there, view.validation_wrong.astype(np.float64))
    score = here - profile.probabilities
    q = margin(score - min(0.0, float(score.min())), view.budget)
    return Selection(np.flatnonzero(q), q)


def towards_uniform(view: View) -> tuple[Array, float]:
    r"""Inclusion probabilities on the path from even to active sampling, and how far they go.

    Let u be even sampling, a active sampling in proportion to the gain, and :math:`e_i^2` the
    student's squared error on a validation point.  A mean over the pool that is corrected at the
    sampled points has a variance in proportion to the mean of :math:`e_i^2/q(\rho)_i`, where
    :math:`q(\rho) = (1 - \rho) u + \rho a`.  The share :math:`\rho` is the one at which this is
    least on V, with one standard error of its difference from even sampling added, so that sampling
    stays even unless V speaks for more.

    Parameters
    ----------
    view : View

    Returns
    -------
    inclusion : ndarray, shape (n,)
    share : float

    References
    ----------
    After Li, Zrnic, Candes, "Robust sampling for active statistical inference", arXiv 2511.08991,
    whose path is kept; the standard error in place of its set of error models is ours.
    """
    even = view.budget / len(view.gains)
    active = power(view.gains, view.budget, exponent=1.0)
    order = np.argsort(view.gains, kind="stable")
    there = np.interp(view.validation_gains, view.gains[order], active[order])
    hot = np.eye(view.probabilities.shape[1])[view.validation_labels]
    error = ((view.validation_probabilities - hot) ** 2).sum(axis=1)

    def upper(share: float) -> float:
        paid = error / np.maximum((1 - share) * even + share * there, 1e-12) - error / even
        return float(paid.mean() + paid.std() / np.sqrt(len(paid)))

    share = min(np.linspace(0, 1, N_STEPS + 1), key=upper)
    return (1 - share) * even + share * active, float(share)


def _robust_sampling(view: View, rng: np.random.Generator) -> Selection:
    q, share = towards_uniform(view)
    return Selection(sample(q, "pivotal", rng=rng), q, {"design": "pivotal", "share": share})


_BOTH = ("probabilities", "embeddings")

RIVALS: dict[str, Strategy] = {
    "uniform": Strategy(_rival("uniform", "gains"), "every point alike", "random sampling"),
    "margin": Strategy(
        _rival("margin", "gains"), "the b largest gains", "Scheffer, Decomain, Wrobel, IDA 2001"
    ),
    "entropy": Strategy(
        _rival("entropy", "probabilities"), "the b largest entropies", "Settles 2009"
    ),
    "least_confidence": Strategy(
        _rival("least_confidence", "probabilities"),
        "the b smallest largest probabilities",
        "Lewis and Gale, SIGIR 1994",
    ),
    "k_center": Strategy(
        _rival("k_center", "embeddings", known="known_embeddings"),
        "farthest first, from all points with a label",
        "Sener and Savarese, ICLR 2018",
    ),
    "badge": Strategy(
        _rival("badge", *_BOTH),
        "k-means++ on last-layer gradients, by their factors",
        "Ash et al., ICLR 2020",
    ),
    "cluster_margin": Strategy(
        _rival("cluster_margin", *_BOTH),
        "smallest margins in turn from their clusters",
        "Citovsky et al., NeurIPS 2021",
    ),
    "cdal": Strategy(
        _rival("cdal", "probabilities", known="known_probabilities"),
        "farthest first in class-wise divergence, from all points with a label",
        "Agarwal et al., ECCV 2020",
    ),
    "unixkd": Strategy(
        _rival("unixkd", "probabilities"),
        "most uncertain share of random mini-batches, its surest third learnt from mixtures of "
        "points and answers",
        "after Xu, Liu, Loy, Pattern Recognition 2023",
        learn=mixed_up,
    ),
    "typiclust": Strategy(
        _rival("typiclust", "embeddings", known="known_embeddings"),
        "typical points of clusters without a label",
        "Hacohen, Dekel, Weinshall, ICML 2022",
    ),
    "probcover": Strategy(
        _rival("probcover", *_BOTH, known="known_embeddings"),
        "balls that cover most points not covered yet",
        "Yehuda et al., NeurIPS 2022",
    ),
    "max_herding": Strategy(
        _rival("max_herding", "embeddings", known="known_embeddings"),
        "Gaussian bumps that cover the pool best",
        "Bae, Noh, Sutherland, ECCV 2024",
    ),
    "gm_matching": Strategy(
        _rival("gm_matching", "embeddings"),
        "herding towards the pool's geometric median",
        "after Acharya et al., ICML 2025",
    ),
    "m_raru": Strategy(
        _rival("m_raru", "probabilities"),
        "random points, each accepted with the probability that the student is wrong",
        "after Luccioli et al., arXiv 2511.11574",
    ),
    "pcoreset": Strategy(
        _rival("pcoreset", "probabilities", known="known_probabilities"),
        "farthest first in the student's probabilities, from all points with a label",
        "Kang et al., arXiv 2506.00910",
    ),
    "robust_sampling": Strategy(
        _robust_sampling,
        "between even sampling and inclusion by the gain, as far as V speaks for it",
        "after Li, Zrnic, Candes, arXiv 2511.08991",
    ),
    "calibrated_error": Strategy(
        _calibrated_error,
        "the b largest expected errors of the student, calibrated on V, beyond the teacher's",
        "after Guo et al., ICML 2017",
    ),
}
