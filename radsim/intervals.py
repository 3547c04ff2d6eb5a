r"""Intervals from draws: for shares, for means, and for the least of many means."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from radsim.door import Array, count, number, steady, vector, whole

__all__ = ["least_mean", "lower_mean", "share_intervals"]

_STEPS = 60  # of a bisection: to the last digits


def _level(error: float) -> float:
    return number(error, "error", high=1, open_low=True, open_high=True)


@steady
def share_intervals(hits: ArrayLike, n_draws: int, *, error: float) -> tuple[Array, Array]:
    r"""Intervals that hold all probabilities at once, from how often each event was seen.

    Clopper and Pearson's, at the level error over the number of events.

    Parameters
    ----------
    hits : array_like of int, shape (n,)
        How often each event was seen.
    n_draws : int
        In so many independent draws.
    error : float
        Probability that an interval misses.

    Returns
    -------
    low, high : ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a count is none, or more than the draws, or the error is outside (0, 1).

    References
    ----------
    Clopper and Pearson, Biometrika 1934.

    Examples
    --------
    >>> low, high = share_intervals([0, 50, 100], 100, error=0.01)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 0.35, 0.94], [0.06, 0.65, 1.0])
    """
    n_draws = count(n_draws, "n_draws", low=1)
    k = whole(hits, "hits", least=1, high=n_draws).astype(np.float64)
    tail = _level(error) / (2 * len(k))
    seen, missed = np.maximum(k, 1.0), np.minimum(k, n_draws - 1.0)
    low = np.where(k > 0, betaincinv(seen, n_draws - seen + 1, tail), 0.0)
    high = np.where(k < n_draws, betaincinv(missed + 1, n_draws - missed, 1 - tail), 1.0)
    return low, high


@steady
def least_mean(least: float, n_draws: int, support: tuple[float, float], *, error: float) -> float:
    r"""Lower bound of the least of many means, from the least of their averages.

    Each draw gives one number for each of many cases, a payoff for each set of mistakes say.  The
    least of their averages is at most the average of the case whose mean is least, so one case pays
    for all: no union bound.  For that one, with everything in [0, 1] and w the mean,
    :math:`P(\text{average} \ge x) \le \exp(-N\,\mathrm{kl}(x, w))`.

    Parameters
    ----------
    least : float
        Least of the averages.
    n_draws : int
        N, independent draws.
    support : (float, float)
        Interval that holds every draw of every case.
    error : float
        Probability that the bound is above the least mean.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Naming the argument that is outside its range.

    References
    ----------
    Hoeffding, JASA 1963, theorem 1.

    Examples
    --------
    >>> round(least_mean(0.5, 1000, (0, 1), error=1e-3), 3)
    0.441
    """
    low, high = vector(support, "support", 2, of="an interval", low=-np.inf).tolist()
    width = number(high, "support[1]", low=low) - low
    n_draws = count(n_draws, "n_draws", low=1)
    target = math.log(1 / _level(error)) / n_draws
    least = number(least, "least", low=low, high=high, slack=1e-9 * (abs(low) + abs(high)))
    if not width:
        return low
    x = (least - low) / width
    a, b = 0.0, x
    for _ in range(_STEPS):
        middle = (a + b) / 2
        a, b = (middle, b) if _divergence(x, middle) > target else (a, middle)
    return low + width * a


def _divergence(x: float, w: float) -> float:
    """Relative entropy of coins that fall with probability x to those with w < x."""
    if w <= 0:
        return math.inf if x > 0 else 0.0
    rest = 0.0 if x >= 1 else (1 - x) * math.log((1 - x) / (1 - w))
    return x * math.log(x / w) + rest


@steady
def lower_mean(draws: ArrayLike, support: tuple[float, float], *, error: float) -> float:
    r"""Lower bound of the mean of bounded draws; it is the closer, the less they vary.

    A bettor against "the mean is w" with stakes that do not hang on w has the capital
    :math:`\prod_t (1 + \lambda_t (x_t - w))`, which falls in w.  The bound is where it is 1/error.

    Parameters
    ----------
    draws : array_like, shape (N,)
        Independent, in the order drawn.
    support : (float, float)
        Interval that holds every draw.
    error : float
        Probability that the bound is above the mean.

    Returns
    -------
    float
        Of the negative draws it is the negative of an upper bound.

    Raises
    ------
    ValueError
        Naming the argument that is outside its range; of a draw outside the support the place.

    References
    ----------
    Waudby-Smith and Ramdas, JRSS B 2024.

    Examples
    --------
    >>> draws = np.tile([0.4, 0.6], 500)
    >>> round(lower_mean(draws, (0, 1), error=1e-3), 2)
    0.49
    """
    low, high = vector(support, "support", 2, of="an interval", low=-np.inf).tolist()
    width = number(high, "support[1]", low=low) - low
    error = _level(error)
    x = vector(draws, "draws", low=low, high=high, slack=1e-9 * (abs(low) + abs(high)))
    if not width or not x.size:
        return low
    x = np.clip((x - low) / width, 0, 1)
    seen = np.arange(1, len(x) + 1)
    # What is known before each draw: half a draw at 1/2 and a variance of 1/4 are pretended.
    before = np.concatenate(([0.0], np.cumsum(x)[:-1]))
    square = np.concatenate(([0.0], np.cumsum(x * x)[:-1]))
    mean = (0.5 + before) / seen
    variance = np.maximum((0.25 + square - 2 * mean * before + (seen - 1) * mean**2) / seen, 1e-12)
    share = np.minimum(np.sqrt(2 * math.log(1 / error) / (variance * len(x))), 0.75)
    a, b, target = 0.0, 1.0, math.log(1 / error)
    for _ in range(_STEPS):
        middle = (a + b) / 2
        richer = float(np.log1p(share * (x - middle)).sum()) > target
        a, b = (middle, b) if richer else (a, middle)
    return low + width * a
