r"""Paired comparisons of accuracies: intervals, tests, and a least number of seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from radsim.door import Array, array, number, vector

__all__ = ["LEAST_SEEDS", "Comparison", "holm", "mean_interval", "paired"]

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
