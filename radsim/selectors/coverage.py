r"""Selectors that cover the pool: by typical points of clusters, by balls, by kernels.

Each follows the mechanism of its paper, on the embeddings that it is given; the papers take those
of a self-supervised network.  Points come in random order, so that no tie goes by place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, class_probabilities, count, generator, matrix, steady
from radsim.selectors.procedures import magnitude, squared_distances
from radsim.selectors.selection import Selection

__all__ = [
    "max_herding",
    "probcover",
    "pure_radius",
    "typiclust",
]

_MOST_CLUSTERS, _LEAST_SIZE, _NEIGHBOURS = 500, 5, 20  # of TypiClust, its authors' defaults
_PURITY = 0.95  # of ProbCover's balls, the same
_FEW = 50  # clusters, above which k-means goes by mini-batches
_BLOCK = 64  # candidates whose coverage is computed again at once; no pick depends on it


def _shuffled(
    embeddings: ArrayLike, labelled: ArrayLike | None, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """A random order, the pool's embeddings in it, and those of labelled points, in one unit."""
    z = matrix(embeddings, "embeddings")
    known = z[:0]
    if labelled is not None:
        known = matrix(labelled, "labelled", columns=z.shape[1], of="the pool")
    order, unit = rng.permutation(len(z)), magnitude(z, known)
    return order, z[order] / unit, known / unit


def _k_means(rows: Array, n_clusters: int, rng: np.random.Generator) -> Array:
    """Clusters of rows, as many as asked for or as there are different rows."""
    # Slow to import, and only these selectors need it.
    from sklearn.cluster import KMeans, MiniBatchKMeans

    n_clusters = min(n_clusters, len(np.unique(rows, axis=0)))
    if n_clusters == 1:
        return np.zeros(len(rows), dtype=np.intp)
    means = KMeans if n_clusters <= _FEW else MiniBatchKMeans
    found = means(n_clusters, n_init=1, random_state=int(rng.integers(2**31)))
    return np.asarray(found.fit_predict(rows), dtype=np.intp)


@steady
def typiclust(
    embeddings: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    labelled: ArrayLike | None = None,
) -> Selection:
    r"""TypiClust: the most typical point of each cluster that holds no labelled point.

    All points, labelled ones too, are put into as many clusters as there will be labels, 500 at
    most.  Clusters come in turn, those with the fewest labels first, then the largest; clusters of
    fewer than five points come last.  In each, the typicality of a point is

    .. math:: t(z) = \Big(\frac1K \sum_{i \in \mathrm{NN}_K(z)} |z - z_i|\Big)^{-1},

    over its :math:`K = \min(20, \text{size}/2)` nearest neighbours in the pool's part of it.

    Parameters
    ----------
    embeddings : array_like, shape (n, d)
    budget : int
    rng : numpy.random.Generator or int
    labelled : array_like, shape (k, d), optional
        Embeddings of the points that are labelled already.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    Hacohen, Dekel, Weinshall, "Active learning on a budget: opposite strategies suit high and low
    budgets", ICML 2022 (TPC with k-means).

    Examples
    --------
    >>> z = [[x] for x in (0, 3, 5, 6, 9, 100, 103, 105, 106, 109)]
    >>> sorted(typiclust(z, 2, rng=0).indices.tolist())
    [2, 7]
    >>> typiclust(z, 1, rng=0, labelled=[[105.0]]).indices.tolist()
    [2]
    """
    rng = generator(rng)
    shuffle, z, known = _shuffled(embeddings, labelled, rng)
    n, k = len(z), len(known)
    b = count(budget, "budget", low=1, high=n)
    label = _k_means(np.concatenate([known, z]), min(k + b, _MOST_CLUSTERS), rng)
    n_labels, size = np.bincount(label[:k], minlength=label.max() + 1), np.bincount(label)
    label = label[k:]
    turn = np.empty(n, dtype=np.intp)
    for c in np.unique(label):
        mine = np.flatnonzero(label == c)
        near = np.sqrt(np.sort(squared_distances(z[mine], z[mine]), axis=1))
        close = near[:, 1 : 1 + min(_NEIGHBOURS, max(1, len(mine) // 2))].sum(axis=1)
        turn[mine[np.argsort(close, kind="stable")]] = np.arange(len(mine))
    order = np.lexsort((label, -size[label], n_labels[label], turn, size[label] < _LEAST_SIZE))
    return Selection(shuffle[order[:b]])


def _covering(similarity: Array, covered: Array, b: int, rng: np.random.Generator) -> Array:
    r"""Greedy choice of the b rows that cover the columns best.

    Each pick raises :math:`\sum_j \max_i k_{ij}` most, ties to the lower index.  What a row would
    add never rises, so only rows whose last known gain is largest are looked at again.  When none
    adds anything the rest are drawn at random.
    """
    gain = np.array([np.maximum(row - covered, 0).sum() for row in similarity])
    fresh = np.ones(len(gain), dtype=bool)
    picks: list[int] = []
    while len(picks) < b:
        i = int(np.argmax(gain))
        if not gain[i] > 0:
            break
        if fresh[i]:
            picks.append(i)
            covered = np.maximum(covered, similarity[i])
            gain[i], fresh = -np.inf, np.zeros(len(gain), dtype=bool)
            continue
        best = np.argsort(-gain, kind="stable")[:_BLOCK]
        stale = best[~fresh[best] & (gain[best] > 0)]
        gain[stale] = np.maximum(similarity[stale] - covered, 0).sum(axis=1)
        fresh[stale] = True
    rest = np.setdiff1d(np.arange(len(gain)), picks)
    drawn = rng.choice(rest, b - len(picks), replace=False)
    return np.concatenate([np.array(picks, dtype=np.intp), drawn])


def pure_radius(distances: Array, labels: Array) -> float:
    r"""Largest radius at which 95 % of the balls hold points of one label only.

    The open ball of radius :math:`\delta` around a point is pure if its nearest point of another
    label is no nearer, so the radius is a quantile of the distances to that.

    Parameters
    ----------
    distances : ndarray, shape (n, n)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
        Infinite if there is one label only.

    References
    ----------
    Yehuda et al., NeurIPS 2022, section 4.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0.0, 1.0, 5.0])
    >>> pure_radius(np.abs(x[:, None] - x), np.array([0, 0, 1]))
    4.0
    """
    other = np.where(labels[:, None] != labels, distances, np.inf).min(axis=1)
    return float(np.sort(other)[int((1 - _PURITY) * len(other))])


@steady
def probcover(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    embeddings: ArrayLike,
    labelled: ArrayLike | None = None,
) -> Selection:
    r"""ProbCover: balls around the picks that cover as many points of the pool as can be.

    Each pick is the point whose ball holds most points that no ball holds yet.  The radius is the
    largest at which 95 % of the balls are pure, `pure_radius`, by the clusters of k-means, as many
    as classes.  When all is covered the rest are drawn at random.  Memory is O(n^2).

    Parameters
    ----------
    probabilities : array_like, shape (n, C)
        Only the number of classes is used.
    budget : int
    rng : numpy.random.Generator or int
    embeddings : array_like, shape (n, d)
    labelled : array_like, shape (k, d), optional
        Embeddings of the points that are labelled already, with balls of their own.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    Yehuda, Dekel, Hacohen, Weinshall, "Active learning through a covering lens", NeurIPS 2022.

    Examples
    --------
    >>> import numpy as np
    >>> z, p = [[0.0], [1.0], [2.0], [9.0]], np.full((4, 2), 0.5)
    >>> int(probcover(p, 4, rng=0, embeddings=z).indices[0]) < 3
    True
    >>> probcover(p, 1, rng=0, embeddings=z, labelled=[[1.0]]).indices.tolist()
    [3]
    """
    p, rng = class_probabilities(probabilities), generator(rng)
    z = matrix(embeddings, "embeddings", len(p), of="probabilities")
    shuffle, z, known = _shuffled(z, labelled, rng)
    b = count(budget, "budget", low=1, high=len(p))
    distances = squared_distances(z, z)
    np.fill_diagonal(distances, 0)
    radius = pure_radius(distances, _k_means(z, p.shape[1], rng))
    covered = np.asarray((squared_distances(known, z) < radius).any(axis=0))
    near = (distances < radius) | np.eye(len(z), dtype=bool)
    picks = _covering(near.astype(np.float32), covered.astype(np.float32), b, rng)
    return Selection(shuffle[picks])


@steady
def max_herding(
    embeddings: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    labelled: ArrayLike | None = None,
) -> Selection:
    r"""MaxHerding: greedy choice of the points whose Gaussian bumps cover the pool best.

    .. math:: \max_S \sum_j \max_{i \in S \cup L} k(z_i, z_j), \qquad
        k(x, y) = e^{-|x - y|^2/\sigma^2}

    The paper's embeddings have length one, and its width is one.  Here :math:`\sigma^2` is half the
    mean squared distance of two points of the pool, which is one for such embeddings if they point
    everywhere.  Memory is O(n^2).

    Parameters
    ----------
    embeddings : array_like, shape (n, d)
    budget : int
    rng : numpy.random.Generator or int
    labelled : array_like, shape (k, d), optional
        Embeddings of the points that are labelled already, L.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    Bae, Noh, Sutherland, "Generalized coverage for more robust low-budget active learning",
    ECCV 2024.

    Examples
    --------
    >>> z = [[0.0], [1.0], [2.0], [10.0]]
    >>> max_herding(z, 2, rng=0).indices.tolist()
    [1, 3]
    >>> max_herding(z, 1, rng=0, labelled=[[1.0]]).indices.tolist()
    [3]
    """
    rng = generator(rng)
    shuffle, z, known = _shuffled(embeddings, labelled, rng)
    b = count(budget, "budget", low=1, high=len(z))
    width = float(z.var(axis=0).sum()) or 1.0

    def similar(a: Array) -> Array:
        return np.exp(-squared_distances(a, z) / width).astype(np.float32)

    covered = similar(known).max(axis=0, initial=0)
    return Selection(shuffle[_covering(similar(z), covered, b, rng)])
