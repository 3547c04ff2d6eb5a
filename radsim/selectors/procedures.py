r"""Selectors that are a procedure: picked one after another, without inclusion probabilities.

Each follows the mechanism of its paper.  Where no chance is left (a start is given) the picks are
sure, and the inclusion probabilities are zeros and ones.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from radsim.data.gains import gains_from_probabilities
from radsim.door import Array, class_probabilities, count, generator, matrix, number, steady, whole
from radsim.selectors.selection import Selection

__all__ = [
    "badge",
    "cdal",
    "cluster_margin",
    "gradient_distances",
    "k_center",
    "magnitude",
    "pcoreset",
    "squared_distances",
    "unixkd",
]

_MINIBATCH = 64  # of UNIXKD, its authors' default
_CLUSTER = 10  # points a cluster, on average; Citovsky et al., section 3
_FLOOR = 1e-16  # of class probabilities in a divergence
_SURPLUS = 1.25  # low-margin points that are clustered, a pick; the same, CIFAR and SVHN


def magnitude(*tables: Array) -> float:
    """A power of two near the largest entry: squares do not overflow, no comparison changes."""
    return float(2.0 ** np.floor(np.log2(max(np.abs(t).max(initial=0) for t in tables) or 1.0)))


def squared_distances(a: Array, b: Array) -> Array:
    """Squared distance of each row of a from each row of b, not below zero by rounding."""
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.asarray(np.maximum(0.0, square))


def _farthest_first(
    nearest: Array,
    distances: Callable[[int], Array],
    budget: float,
    start: int | None,
    rng: np.random.Generator | int,
) -> Selection:
    """Pick the point farthest from all labelled and picked ones, b times; ties to the lower index.

    `nearest` are the distances from the labelled points, infinite without any; `distances` goes
    from a point to the distances of all points from it.
    """
    n, rng = len(nearest), generator(rng)
    b = count(budget, "budget", low=1, high=n)
    start = None if start is None else count(start, "start", high=n - 1)
    sure = bool(np.isfinite(nearest).all()) or start is not None
    if start is None:
        start = int(np.argmax(nearest)) if sure else int(rng.integers(n))
    q, picks = np.zeros(n), [start]
    while True:
        q[picks[-1]] = 1
        if len(picks) == b:
            return Selection(np.array(picks, dtype=np.intp), q if sure else None)
        nearest = np.minimum(nearest, distances(picks[-1]))
        picks.append(int(np.argmax(np.where(q == 1, -np.inf, nearest))))


@steady
def k_center(
    embeddings: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    labelled: ArrayLike | None = None,
    start: int | None = None,
) -> Selection:
    r"""Farthest first: each pick is the point farthest from all labelled and picked ones.

    Parameters
    ----------
    embeddings : array_like, shape (n, d)
    budget : int
    rng : numpy.random.Generator or int
        Draws the start if neither `labelled` nor `start` is given.
    labelled : array_like, shape (k, d), optional
        Embeddings of the points that are labelled already.
    start : int, optional
        The first pick.

    References
    ----------
    Sener and Savarese, "Active learning for convolutional neural networks: a core-set approach",
    ICLR 2018; Gonzalez, TCS 1985.

    Examples
    --------
    >>> z = [[0.0], [1.0], [5.0], [9.0]]
    >>> k_center(z, 3, rng=0, start=0).indices.tolist()
    [0, 3, 2]
    """
    z = matrix(embeddings, "embeddings")
    centres = z[:0]
    if labelled is not None:
        centres = matrix(labelled, "labelled", columns=z.shape[1], of="the pool")
    unit = magnitude(z, centres)
    z, centres = z / unit, centres / unit
    nearest = squared_distances(centres, z).min(axis=0, initial=np.inf)
    square = (z**2).sum(axis=1)

    def distances(i: int) -> Array:
        return np.asarray(square + square[i] - 2 * (z @ z[i]))

    return _farthest_first(nearest, distances, budget, start, rng)


@steady
def pcoreset(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    labelled: ArrayLike | None = None,
    start: int | None = None,
) -> Selection:
    r"""PCoreSet: farthest first among the student's class probabilities, by Euclidean distance.

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int
        Draws the start if neither `labelled` nor `start` is given.
    labelled : array_like, shape (k, C), optional
        Class probabilities, by the student, of the points that are labelled already.
    start : int, optional
        The first pick.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    Kang et al., "PCoreSet: effective active learning through knowledge distillation from
    vision-language models", arXiv 2506.00910.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]]
    >>> pcoreset(p, 2, rng=0, start=0).indices.tolist()
    [0, 2]
    """
    p = class_probabilities(probabilities)
    if labelled is not None:
        labelled = class_probabilities(labelled, "labelled", columns=p.shape[1], of="the pool")
    return k_center(p, budget, rng=rng, labelled=labelled, start=start)


@steady
def cdal(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    labelled: ArrayLike | None = None,
    start: int | None = None,
) -> Selection:
    r"""Contextual diversity: farthest first in the class-wise symmetric divergence of softmaxes.

    .. math:: d(p, r) = \tfrac12 \sum_c (p_c - r_c)(\log p_c - \log r_c)

    An image that is classified as a whole is one region, so its class probabilities are the mixture
    of which the paper takes the divergence.  Probabilities are floored at 1e-16.

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int
        Draws the start if neither `labelled` nor `start` is given.
    labelled : array_like, shape (k, C), optional
        Class probabilities of the points that are labelled already.
    start : int, optional

    References
    ----------
    Agarwal et al., "Contextual diversity for active learning", ECCV 2020 (CDAL-CS).

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]]
    >>> cdal(p, 2, rng=0, start=0).indices.tolist()
    [0, 2]
    """
    p = np.maximum(class_probabilities(probabilities), _FLOOR)
    centres = p[:0]
    if labelled is not None:
        rows = class_probabilities(labelled, "labelled", columns=p.shape[1], of="the pool")
        centres = np.maximum(rows, _FLOOR)
    log_p, nearest = np.log(p), np.full(len(p), np.inf)

    def divergence(row: Array, log_row: Array) -> Array:
        return np.asarray(0.5 * ((p - row) * (log_p - log_row)).sum(axis=1))

    for row in centres:
        nearest = np.minimum(nearest, divergence(row, np.log(row)))
    return _farthest_first(nearest, lambda i: divergence(p[i], log_p[i]), budget, start, rng)


def gradient_distances(a: Array, z: Array, i: int) -> Array:
    r"""Squared distances of the gradients :math:`a_j \otimes z_j` to that of point i.

    From the factors alone: :math:`|a_j|^2|z_j|^2 + |a_i|^2|z_i|^2 - 2 (a_j a_i)(z_j z_i)`.
    """
    norm = (a**2).sum(axis=1) * (z**2).sum(axis=1)
    return np.maximum(0.0, norm + norm[i] - 2 * (a @ a[i]) * (z @ z[i]))


@steady
def badge(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    embeddings: ArrayLike,
) -> Selection:
    r"""BADGE: k-means++ seeding on the gradients of the last layer at the predicted labels.

    The gradient of point i is :math:`(p_i - e_{\hat y_i}) \otimes z_i`; distances come from the two
    factors, so memory is n (C + d), not n C d.  The first pick has the largest gradient, as in the
    authors' code; each next one is drawn in proportion to its squared distance.

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int
    embeddings : array_like, shape (n, d)
        Input of the last layer.

    References
    ----------
    Ash et al., "Deep batch active learning by diverse, uncertain gradient lower bounds", ICLR 2020.

    Examples
    --------
    >>> p, z = [[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]], [[1.0], [1.0], [-1.0]]
    >>> badge(p, 2, rng=0, embeddings=z).indices.tolist()[0]
    1
    """
    p, rng = class_probabilities(probabilities), generator(rng)
    z = matrix(embeddings, "embeddings", len(p), of="probabilities")
    b = count(budget, "budget", low=1, high=len(p))
    z = z / magnitude(z)
    a = p.copy()
    a[np.arange(len(p)), p.argmax(axis=1)] -= 1
    i = int(np.argmax((a**2).sum(axis=1) * (z**2).sum(axis=1)))
    picks, nearest, free = [i], np.full(len(p), np.inf), np.ones(len(p), dtype=bool)
    while len(picks) < b:
        free[picks[-1]] = False
        nearest = np.minimum(nearest, gradient_distances(a, z, picks[-1]))
        weight = np.where(free, nearest, 0.0)
        if not weight.sum() > 0:  # all gradients are among those picked
            weight = free.astype(np.float64)
        picks.append(int(rng.choice(len(p), p=weight / weight.sum())))
    return Selection(np.array(picks, dtype=np.intp))


def _hac(z: Array) -> Array:
    """Average-linkage clusters, ten points each on average."""
    # Slow to import, and only this selector needs it.
    from sklearn.cluster import AgglomerativeClustering

    n_clusters = max(1, len(z) // _CLUSTER)
    if n_clusters == 1:
        return np.zeros(len(z), dtype=np.intp)
    found = AgglomerativeClustering(n_clusters=n_clusters, linkage="average").fit_predict(
        z / magnitude(z)
    )
    return np.asarray(found)


@steady
def cluster_margin(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    embeddings: ArrayLike,
    clusters: ArrayLike | None = None,
    surplus: float = _SURPLUS,
) -> Selection:
    r"""Cluster-margin: the smallest margins, taken in turn from their clusters, small ones first.

    The b * surplus points of smallest margin are grouped by the clusters of the pool; rounds over
    the groups, in ascending order of size, take a random point of each until b are taken.

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int
    embeddings : array_like, shape (n, d)
    clusters : array_like of int, shape (n,), optional
        Clusters found beforehand, as the paper does once; else average linkage with ten points a
        cluster, O(n^2) in time and memory.
    surplus : float
        At least 1.

    References
    ----------
    Citovsky et al., "Batch active learning at scale", NeurIPS 2021.

    Examples
    --------
    >>> import numpy as np
    >>> p = [[0.5, 0.5], [0.51, 0.49], [0.6, 0.4], [1.0, 0.0]]
    >>> rng, z = np.random.default_rng(0), np.zeros((4, 1))
    >>> picks = cluster_margin(p, 2, rng=rng, embeddings=z, clusters=[0, 0, 1, 1], surplus=1.5)
    >>> 2 in picks.indices
    True
    """
    p, rng = class_probabilities(probabilities), generator(rng)
    n = len(p)
    z = matrix(embeddings, "embeddings", n, of="probabilities")
    surplus = number(surplus, "surplus", low=1)
    b = count(budget, "budget", low=1, high=n)
    if clusters is None:
        label = _hac(z)
    else:
        label = whole(clusters, "clusters", n, of="probabilities", low=-np.inf)
    order = np.argsort(-gains_from_probabilities(p, "margin"), kind="stable")
    low = order[: min(n, int(np.ceil(surplus * b)))]
    _, group, size = np.unique(label[low], return_inverse=True, return_counts=True)
    low, group = low[shuffle := rng.permutation(len(low))], group[shuffle]
    # The k-th point of a group is taken in round k, the groups by size: one sort says who comes.
    turn = np.empty(len(low), dtype=np.intp)
    for k in range(len(size)):
        turn[group == k] = np.arange(size[k])
    return Selection(low[np.lexsort((group, size[group], turn))][:b])


@steady
def unixkd(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    minibatch: int = _MINIBATCH,
) -> Selection:
    r"""UNIXKD's uncertainty ranking: of each random mini-batch its most uncertain share.

    The pool is shuffled into mini-batches; each is ranked by the student's entropy and sends the
    same share of its points to the teacher.  (The mixup of the less certain is the student's
    training, not a selection.)

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
    budget : int
    rng : numpy.random.Generator or int
    minibatch : int

    References
    ----------
    Xu, Liu, Loy, "Computation-efficient knowledge distillation via uncertainty-aware mixup",
    Pattern Recognition 138, 2023.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]]
    >>> unixkd(p, 2, rng=0).indices.tolist()
    [1, 2]
    """
    p, rng = class_probabilities(probabilities), generator(rng)
    n, minibatch = len(p), count(minibatch, "minibatch", low=1)
    b = count(budget, "budget", low=1, high=n)
    score = gains_from_probabilities(p, "entropy")
    order = rng.permutation(n)
    picks = []
    for start in range(0, n, minibatch):
        part = order[start : start + minibatch]
        quota = b * (start + len(part)) // n - b * start // n
        picks.append(part[np.argsort(-score[part], kind="stable")[:quota]])
    return Selection(np.concatenate(picks))
