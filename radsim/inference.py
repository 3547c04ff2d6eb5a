r"""A bound on the teacher's mistakes (S4), and an anytime-valid test of a mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import count, floats, inside, number, steady, typed, vector
from radsim.game import Array
from radsim.hypergeometric import likelier

__all__ = [
    "Capital",
    "MeanTest",
    "bet",
    "mean_at_least",
    "mistakes_upper_bound",
    "no_capital",
]


# Points of a pool: up to here whole numbers and their halves are floats, also those of two pools.
_MOST = 10**15


@steady
def mistakes_upper_bound(n_pool: int, n_validation: int, n_wrong: int, delta: float) -> int:
    r"""Bound the teacher's mistakes m on the pool with confidence 1 - delta, by validation points.

    The validation points are exchangeable with the pool: a simple random part of both.  With M
    mistakes among all n + v points the number seen among the v is hypergeometric; the bound is the
    largest M that does not make so few as `n_wrong` less likely than delta, less those seen.

    Parameters
    ----------
    n_pool, n_validation : int
        n and v, each up to 10^15.
    n_wrong : int
        Mistakes among the validation points.
    delta : float
        In (0, 1).

    Returns
    -------
    int
        m for a game on the pool.

    Raises
    ------
    ValueError
        If a count is not whole, or it or delta is outside its range.

    References
    ----------
    Theory page: S4.

    Examples
    --------
    >>> mistakes_upper_bound(1000, 200, 20, delta=0.05)
    146
    """
    n_pool = count(n_pool, "n_pool", high=_MOST)
    n_validation = count(n_validation, "n_validation", high=_MOST)
    n_wrong = count(n_wrong, "n_wrong", high=n_validation)
    delta = number(delta, "delta", high=1, open_low=True, open_high=True)
    return _most(n_pool, n_validation, n_wrong, delta)


@lru_cache(1024)  # a claim is set against several witnesses, and asks the same of each
def _most(n_pool: int, n_validation: int, n_wrong: int, delta: float) -> int:
    total = n_pool + n_validation
    # M = n_wrong is always possible; more than n_pool + n_wrong is not.
    low, high = n_wrong, n_wrong + n_pool
    while low < high:
        middle = (low + high + 1) // 2
        if likelier(delta, n_wrong, total, middle, n_validation):
            low = middle
        else:
            high = middle - 1
    return low - n_wrong


class Capital(NamedTuple):
    """State of a test by betting: draws seen, their sums, and the logarithm of the capital.

    Attributes
    ----------
    seen : int
    total, square : ndarray
        Sums of the draws and of their squares, one entry a test.
    log : ndarray
        Logarithm of the capital, one entry a test.

    Examples
    --------
    >>> no_capital().seen
    0
    """

    seen: int
    total: Array
    square: Array
    log: Array


@steady
def no_capital(shape: tuple[int, ...] = ()) -> Capital:
    """State of tests by betting before their first draw.

    Parameters
    ----------
    shape : tuple of int
        Of the tests that run side by side; () is a single one.

    Returns
    -------
    Capital

    Raises
    ------
    ValueError
        If the shape is no tuple of whole numbers of at least 0.

    Examples
    --------
    >>> no_capital((2,)).log.tolist()
    [0.0, 0.0]
    """
    typed(shape, tuple, "shape")
    zeros = np.zeros([count(n, f"shape[{k}]") for k, n in enumerate(shape)])
    return Capital(0, zeros, zeros, zeros)


@steady
def bet(state: Capital, draws: Array, null: ArrayLike) -> tuple[Capital, Array]:
    r"""Bet against "the conditional mean is at most `null`" with draws in [0, 1].

    The capital :math:`\prod_t (1 + \lambda_t (x_t - \mu_0))` is a nonnegative supermartingale under
    the null, as :math:`\lambda_t \in [0, 1/(2\mu_0)]` depends on earlier draws only; by Ville's
    inequality it ever exceeds 1/error with probability at most `error`.  The bet is the approximate
    growth-optimal one, :math:`(\hat\mu - \mu_0)/(\hat\sigma^2 + (\hat\mu - \mu_0)^2)`.

    Parameters
    ----------
    state : Capital
    draws : ndarray, shape (T, ...)
        In [0, 1].
    null : array_like, shape (...)
        :math:`\mu_0`, in [0, 1].

    Returns
    -------
    state : Capital
    path : ndarray, shape (T, ...)
        Log capital after each draw.

    Raises
    ------
    ValueError
        If the shapes of draws, null and state do not fit, or naming what is outside [0, 1].

    References
    ----------
    Waudby-Smith and Ramdas, JRSS B 2024.

    Examples
    --------
    Draws of mean 0.8 refute "the mean is at most 0.5" at level 1e-9:

    >>> draws = np.tile([0.7, 0.9], 100)
    >>> state, path = bet(no_capital(), draws, 0.5)
    >>> state.seen, bool(state.log > np.log(1e9))
    (200, True)
    """
    mu = inside(floats(null, "null"), "null", high=1)
    draws = inside(floats(draws, "draws"), "draws", high=1)
    n = len(draws)
    total = state.total + np.cumsum(draws, axis=0)
    square = state.square + np.cumsum(draws**2, axis=0)
    before = np.concatenate((np.broadcast_to(state.total, (1, *total.shape[1:])), total[:-1]))
    before2 = np.concatenate((np.broadcast_to(state.square, (1, *total.shape[1:])), square[:-1]))
    # One pretended draw at the null and a pretended variance of 1/4.
    seen = (state.seen + np.arange(1, n + 1)).reshape(-1, *[1] * (total.ndim - 1))
    mean = (mu + before) / seen
    variance = np.maximum(0.25 / seen, (0.25 + mu**2 + before2) / seen - mean**2)
    edge = mean - mu
    share = np.clip(edge / (variance + edge**2), 0, 0.5 / np.maximum(mu, 1e-12))
    path = state.log + np.cumsum(np.log1p(share * (draws - mu)), axis=0)
    return Capital(state.seen + n, total[-1], square[-1], path[-1]), path


@dataclass(frozen=True)
class MeanTest:
    """Verdict of a test of a mean, and the number of draws that it took.

    Attributes
    ----------
    status : {"HOLDS", "VIOLATED", "UNDECIDED"}
    n_draws : int
        Draws looked at until the verdict.
    mean : float
        Of all draws given.
    bound, tolerance, error : float
        As in `mean_at_least`.

    Examples
    --------
    >>> mean_at_least([], 0.5, (0, 1), tolerance=0.1).status
    'UNDECIDED'
    """

    status: Literal["HOLDS", "VIOLATED", "UNDECIDED"]
    n_draws: int
    mean: float
    bound: float
    tolerance: float
    error: float


@steady
def mean_at_least(
    draws: ArrayLike,
    bound: float,
    support: tuple[float, float],
    *,
    tolerance: float,
    error: float = 1e-9,
) -> MeanTest:
    r"""Test whether the mean of bounded draws is at least a bound, whenever one stops.

    HOLDS once "the mean is at most bound - tolerance" is refuted, VIOLATED once "the mean is at
    least the bound" is; each is wrong with probability at most `error`, however many draws are
    looked at and whenever.

    Parameters
    ----------
    draws : array_like, shape (T,)
        In the order drawn; conditional means equal.
    bound : float
    support : (float, float)
        Interval that holds every draw.
    tolerance : float
        Positive: how far below the bound still counts as reaching it.  A mean exactly at the bound
        could otherwise never be confirmed.
    error : float
        Level of each direction.

    Returns
    -------
    MeanTest

    Raises
    ------
    ValueError
        Naming the argument that is outside its range; of a draw outside the support the place.

    References
    ----------
    Waudby-Smith and Ramdas, JRSS B 2024.

    Examples
    --------
    >>> import numpy as np
    >>> draws = np.random.default_rng(0).random(20_000)
    >>> mean_at_least(draws, 0.5, (0, 1), tolerance=0.05).status
    'HOLDS'
    >>> mean_at_least(draws, 0.55, (0, 1), tolerance=0.05).status
    'VIOLATED'
    """
    low, high = vector(support, "support", 2, of="an interval", low=-np.inf).tolist()
    number(high, "support[1]", low=low)
    x = vector(draws, "draws", low=low, high=high, slack=1e-12 * max(abs(low), abs(high)))
    bound = number(bound, "bound", low=-np.inf)
    tolerance = number(tolerance, "tolerance", open_low=True)
    error = number(error, "error", high=1, open_low=True, open_high=True)
    width = number(high - low, "the width of the support")
    mean = float(x.mean()) if x.size else float("nan")
    if bound - tolerance < low:
        return MeanTest("HOLDS", 0, mean, bound, tolerance, error)
    if bound > high:
        return MeanTest("VIOLATED", 0, mean, bound, tolerance, error)
    if not x.size or not width:
        return MeanTest("UNDECIDED", 0, mean, bound, tolerance, error)
    unit = (x - low) / width
    target = np.log(1 / error)
    _, good = bet(no_capital(), unit, (bound - tolerance - low) / width)
    _, poor = bet(no_capital(), 1 - unit, (high - bound) / width)
    over = np.flatnonzero((good >= target) | (poor >= target))
    if not over.size:
        return MeanTest("UNDECIDED", len(x), mean, bound, tolerance, error)
    first = int(over[0])
    status: Literal["HOLDS", "VIOLATED"] = "VIOLATED" if poor[first] >= target else "HOLDS"
    return MeanTest(status, first + 1, mean, bound, tolerance, error)
