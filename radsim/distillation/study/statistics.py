r"""Paired comparisons of accuracies: intervals, tests, and a least number of seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from radsim.door import Array, array, number, vector

__all__ = [
    "LEAST_SEEDS",
    "Comparison",
    "hindsight",
    "holm",
    "mean_interval",
    "noninferiority",
    "over_sets",
    "paired",
    "simultaneous",
]

# Below this many paired seeds nothing is said about accuracies.
LEAST_SEEDS = 20


@dataclass(frozen=True)
class Comparison:
    """A mean paired difference, its interval and two tests of no difference."""

    n_seeds: int
    mean: float
    low: float
    high: float
    t_pvalue: float
    wilcoxon_pvalue: float

    @property
    def verdict(self) -> str:
        """ "better", "tie" or "worse": on which side of 0 the whole interval lies."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "tie"


def mean_interval(differences: ArrayLike, level: float = 0.95) -> tuple[Array, Array, Array]:
    r"""Mean of every column, and Student's interval around it.

    .. math:: \bar d \pm t_{n-1}\,\hat\sigma/\sqrt n

    Parameters
    ----------
    differences : array_like, shape (n,) or (n, k)
        One row a seed; the seeds are independent.
    level : float
        Confidence of each interval, in (0, 1).

    Returns
    -------
    tuple of arrays, shape () or (k,)
        Mean, lower and upper end.

    Raises
    ------
    ValueError
        With fewer than `LEAST_SEEDS` seeds, or an entry that is not finite.

    Examples
    --------
    >>> mean, low, high = mean_interval([1.0, 3.0] * 10)
    >>> float(mean), round(float(low), 3), round(float(high), 3)
    (2.0, 1.52, 2.48)
    >>> mean_interval([1.0, 2.0, 4.0])
    Traceback (most recent call last):
        ...
    ValueError: differences: 3 seeds; nothing is claimed on fewer than 20
    """
    table = np.atleast_1d(array(differences, "differences", low=-np.inf))
    level = number(level, "level", high=1, open_low=True, open_high=True)
    if table.shape[0] < LEAST_SEEDS:
        raise ValueError(
            f"differences: {table.shape[0]} seeds; nothing is claimed on fewer than {LEAST_SEEDS}"
        )
    mean = table.mean(axis=0)
    half = stats.t.ppf((1 + level) / 2, table.shape[0] - 1) * stats.sem(table, axis=0)
    return mean, mean - half, mean + half


def paired(differences: ArrayLike, level: float = 0.95) -> Comparison:
    r"""Compare two strategies by their differences on the same seeds.

    Parameters
    ----------
    differences : array_like, shape (n,)
        First minus second, one entry a seed.
    level : float
        Confidence of the interval.

    Returns
    -------
    Comparison
        With the two-sided p-values of the paired t test and of Wilcoxon's signed-rank test.

    Raises
    ------
    ValueError
        As `mean_interval`.

    References
    ----------
    Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).

    Examples
    --------
    >>> import numpy as np
    >>> found = paired(np.linspace(0.5, 1.5, 20))
    >>> found.verdict, found.t_pvalue < 1e-9, found.wilcoxon_pvalue < 1e-5
    ('better', True, True)
    >>> paired(np.zeros(20)).t_pvalue
    1.0
    """
    d = vector(differences, "differences", low=-np.inf)
    mean, low, high = (float(x) for x in mean_interval(d, level))
    if np.ptp(d) == 0:
        # Equal differences: the t statistic is 0/0 or infinite, which scipy warns about.
        t = 1.0 if d[0] == 0 else 0.0
    else:
        t = float(stats.ttest_1samp(d, 0.0).pvalue)
    w = float(stats.wilcoxon(d).pvalue) if np.any(d != 0) else 1.0
    return Comparison(len(d), mean, low, high, t, w)


def holm(pvalues: Sequence[float]) -> Array:
    r"""P-values adjusted for their number by Holm's step-down rule.

    .. math:: \tilde p_{(k)} = \max_{j \le k} \min\{1, (N - j + 1)\,p_{(j)}\}

    Parameters
    ----------
    pvalues : sequence of float, length N
        In [0, 1].

    Returns
    -------
    array, shape (N,)
        In the order given; rejecting where it is at most alpha keeps the probability of any
        false rejection at most alpha.

    Raises
    ------
    ValueError
        If an entry is not in [0, 1].

    References
    ----------
    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = vector(pvalues, "pvalues", high=1)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1.0, stepped)
    return adjusted


def simultaneous(differences: ArrayLike, level: float = 0.95) -> tuple[Array, Array, Array]:
    r"""Mean of every column, and intervals that hold for all k columns together.

    Student's intervals at level :math:`1 - (1 - \text{level})/k` (Bonferroni): whatever the
    dependence between columns, all of them cover with at least the probability `level`.

    Parameters
    ----------
    differences : array_like, shape (n, k)
        One row a seed.
    level : float

    Returns
    -------
    tuple of arrays, shape (k,)
        Mean, lower and upper end.

    Examples
    --------
    >>> import numpy as np
    >>> table = np.column_stack([np.tile([1.0, 3.0], 10), np.tile([0.0, 4.0], 10)])
    >>> mean, low, high = simultaneous(table)
    >>> mean.tolist(), bool((low < mean_interval(table)[1]).all())
    ([2.0, 2.0], True)
    """
    table = np.atleast_2d(array(differences, "differences", low=-np.inf))
    return mean_interval(table, 1 - (1 - level) / table.shape[1])


def noninferiority(differences: ArrayLike, margin: float) -> float:
    r"""One-sided p-value of the hypothesis that the mean difference is at or below a margin.

    .. math:: p = P\left(t_{n-1} \ge \frac{\bar d - \Delta}{\hat\sigma/\sqrt n}\right)

    Parameters
    ----------
    differences : array_like, shape (n,)
        One entry a seed.
    margin : float
        :math:`\Delta`, as -1 for one point below.

    Returns
    -------
    float
        Small where the mean is above the margin.

    Examples
    --------
    >>> noninferiority([-0.5, 0.5] * 10, -1.0) < 1e-6
    True
    >>> noninferiority([-1.5, -0.5] * 10, -1.0)
    0.5
    """
    d = vector(differences, "differences", low=-np.inf)
    mean_interval(d)  # enough seeds
    error = float(stats.sem(d))
    if error == 0:
        return float(d[0] <= margin)
    return float(stats.t.sf((d.mean() - margin) / error, len(d) - 1))


def hindsight(rivals: ArrayLike, seeds: ArrayLike) -> Array:
    r"""The better of some rivals in hindsight, without the luck of having been picked.

    Which rival is the better one is decided by the means over one half of the seeds and read off
    on the other, for both halves: even and odd seeds.

    Parameters
    ----------
    rivals : array_like, shape (n, k)
        Accuracy of every rival under every seed.
    seeds : array_like of int, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        Accuracy of the rival that the other half picked.

    Examples
    --------
    >>> hindsight([[1, 0], [0, 1], [1, 0], [0, 1]], [0, 1, 2, 3]).tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    table = array(rivals, "rivals", low=-np.inf)
    even = np.asarray(seeds) % 2 == 0
    found = np.empty(len(table))
    for mine in (even, ~even):
        other = table[~mine] if (~mine).any() else table[mine]
        found[mine] = table[mine, int(other.mean(axis=0).argmax())]
    return found


def over_sets(means: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    r"""Mean over data sets and its interval, the data sets taken as a random draw.

    .. math:: \bar d \pm t_{k-1}\,\hat\sigma_k/\sqrt k

    Parameters
    ----------
    means : array_like, shape (k,)
        Mean difference on each of k >= 2 data sets; its spread holds that of seeds and of sets.
    level : float

    Returns
    -------
    tuple of float
        Mean, lower and upper end; with three sets the interval is wide, as it should be.

    Examples
    --------
    >>> mean, low, high = over_sets([1.0, 2.0, 3.0])
    >>> mean, round(low, 2), round(high, 2)
    (2.0, -0.48, 4.48)
    """
    d = vector(means, "means", low=-np.inf)
    if len(d) < 2:
        raise ValueError("means: one data set has no spread; need two or more")
    half = float(stats.t.ppf((1 + level) / 2, len(d) - 1) * stats.sem(d))
    return float(d.mean()), float(d.mean()) - half, float(d.mean()) + half
