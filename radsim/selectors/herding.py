r"""Herding: a sample whose running mean follows a point, here the pool's geometric median."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, generator, matrix, steady
from radsim.selectors.procedures import magnitude
from radsim.selectors.selection import Selection

__all__ = ["geometric_median", "gm_matching"]

_STEPS = 100  # of Weiszfeld's iteration


def geometric_median(rows: Array) -> Array:
    r"""Point of the least sum of distances, by Weiszfeld's iteration from the median.

    It starts from the median of each coordinate.  Distances are taken as
    :math:`\sqrt{|x - m|^2 + \epsilon}`, so that it may meet a row.

    Parameters
    ----------
    rows : ndarray, shape (n, d)

    Returns
    -------
    ndarray, shape (d,)

    References
    ----------
    Weiszfeld, Tohoku Mathematical Journal 43 (1937).

    Examples
    --------
    >>> import numpy as np
    >>> geometric_median(np.array([[0.0], [1.0], [1000.0]])).round(2).tolist()
    [1.0]
    """
    median = np.median(rows, axis=0)
    scale = float(np.median(((rows - median) ** 2).sum(axis=1)))
    if not scale > 0:  # half of the rows are this one
        return np.asarray(median)
    for _ in range(_STEPS):
        weight = 1 / np.sqrt(((rows - median) ** 2).sum(axis=1) + 1e-12 * scale)
        before, median = median, weight @ rows / weight.sum()
        if ((median - before) ** 2).sum() <= 1e-16 * scale:
            break
    return np.asarray(median)


@steady
def gm_matching(
    embeddings: ArrayLike, budget: float, *, rng: np.random.Generator | int
) -> Selection:
    r"""Geometric median matching: herding towards the pool's geometric median.

    With :math:`\mu` that median, picks follow, ties at random,

    .. math:: z_{t+1} = \arg\max_z \langle \theta_t, z\rangle, \qquad
        \theta_0 = \mu, \quad \theta_{t+1} = \theta_t + \mu - z_{t+1},

    no point twice.  Rows are brought to length one, as herding needs them to be of one length.

    Parameters
    ----------
    embeddings : array_like, shape (n, d)
    budget : int
    rng : numpy.random.Generator or int
        Of ties alone.

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        Naming the argument and the entry that cannot be.

    References
    ----------
    After Acharya et al., "Geometric median matching for robust k-subset selection from noisy data",
    ICML 2025, which prunes each class by itself; no labels are known here.

    Examples
    --------
    >>> z = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.8, 0.6], [-1.0, 0.0]]
    >>> gm_matching(z, 1, rng=0).indices.tolist()
    [2]
    """
    z = matrix(embeddings, "embeddings")
    shuffle = generator(rng).permutation(len(z))
    z = z[shuffle] / magnitude(z)
    b = count(budget, "budget", low=1, high=len(z))
    length = np.sqrt((z**2).sum(axis=1, keepdims=True))
    z = z / np.where(length > 0, length, 1.0)
    towards = z @ geometric_median(z)
    score, free = towards.copy(), np.zeros(len(z))
    picks: list[int] = []
    while len(picks) < b:
        picks.append(int(np.argmax(score + free)))
        free[picks[-1]] = -np.inf
        score += towards - z @ z[picks[-1]]
    return Selection(shuffle[picks])
