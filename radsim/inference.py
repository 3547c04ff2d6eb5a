r"""Tail bounds of sampled payoffs (S2, S3), the bound on the teacher's mistakes (S4), and an
anytime-valid test of a bounded mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from radsim.game import Array
from radsim.sampling import DESIGNS
from radsim.sampling.design import WHOLE, open_points, probabilities

__all__ = [
    "Capital",
    "MeanTest",
    "bernstein_tail",
    "bet",
    "design_tails",
    "empirical_bernstein_radius",
    "hoeffding_tail",
    "mean_at_least",
    "mistakes_upper_bound",
    "negative_association_tail",
    "no_capital",
    "strongly_rayleigh_tail",
]


def hoeffding_tail(deviation: float, n_draws: float, width: float) -> float:
    r"""Bound on P(mean of independent draws <= its expectation - t): :math:`e^{-2 n t^2/R^2}`.

    Parameters
    ----------
    deviation : float
        :math:`t \ge 0`.
    n_draws : float
    width : float
        R, length of an interval that holds every draw.

    References
    ----------
    THEORY S2; Hoeffding 1963.

    Examples
    --------
    >>> round(hoeffding_tail(0.1, 100, 1.0), 6)
    0.135335
    """
    return float(np.exp(-2 * n_draws * (deviation / width) ** 2)) if width > 0 else _sure(deviation)


def bernstein_tail(deviation: float, n_draws: float, variance: float, width: float) -> float:
    r"""Bernstein's bound :math:`e^{-n t^2/(2\sigma^2 + 2Rt/3)}` on the same probability.

    Examples
    --------
    >>> bernstein_tail(0.1, 100, 0.01, 1.0) < hoeffding_tail(0.1, 100, 1.0)
    True
    """
    scale = 2 * variance + 2 * width * deviation / 3
    return float(np.exp(-n_draws * deviation**2 / scale)) if scale > 0 else _sure(deviation)


def _sure(deviation: float) -> float:
    """A tail of something that does not vary."""
    return 1.0 if deviation <= 0 else 0.0


def empirical_bernstein_radius(draws: ArrayLike, width: float, delta: float) -> float:
    r"""Radius r with P(mean - r > expectation) <= delta, from the sample variance alone.

    :math:`r = \sqrt{2 v \ln(2/\delta)/n} + 7 R \ln(2/\delta)/(3(n - 1))`.

    Parameters
    ----------
    draws : array_like, shape (n,)
        Independent, n >= 2.
    width : float
        R, length of an interval that holds every draw.
    delta : float
        In (0, 1).

    References
    ----------
    THEORY S2; Maurer and Pontil 2009, theorem 4.

    Examples
    --------
    >>> round(empirical_bernstein_radius([0.0, 1.0] * 50, 1.0, 0.05), 4)
    0.2234
    """
    x = np.asarray(draws, dtype=np.float64)
    if len(x) < 2:
        raise ValueError(f"draws has {len(x)} entries, needs two or more")
    log = np.log(2 / delta)
    return float(np.sqrt(2 * x.var(ddof=1) * log / len(x)) + 7 * width * log / (3 * (len(x) - 1)))


def negative_association_tail(deviation: float, weights: ArrayLike, fixed_size: bool) -> float:
    r"""Bound on P(Z <= EZ - t), Z the sum of the weights of the sample.

    :math:`e^{-2t^2/\sum_i w_i^2}` over the points whose inclusion is open, for weights of one sign.
    A fixed size allows all weights to be shifted by a constant first: to the smallest or the
    largest.

    Parameters
    ----------
    deviation : float
        :math:`t \ge 0`.
    weights : array_like, shape (k,)
        Of the points with 0 < q < 1.
    fixed_size : bool
        Whether their number in the sample is fixed.

    Returns
    -------
    float
        1 if the weights have both signs and cannot be shifted.

    References
    ----------
    THEORY S3.

    Examples
    --------
    >>> round(negative_association_tail(1.0, [1, 1, 2], fixed_size=True), 6)
    0.135335
    """
    w = np.asarray(weights, dtype=np.float64)
    if not w.size:
        return _sure(deviation)
    shifts = [0.0] if w.min() >= 0 or w.max() <= 0 else []
    if fixed_size:
        shifts += [float(w.min()), float(w.max())]
    if not shifts:
        return 1.0
    square = min(float(np.sum((w - shift) ** 2)) for shift in shifts)
    return float(np.exp(-2 * deviation**2 / square)) if square > 0 else _sure(deviation)


def strongly_rayleigh_tail(deviation: float, weights: ArrayLike, n_chosen: float) -> float:
    r"""Bound :math:`e^{-t^2/(8 b L^2)}` on P(Z <= EZ - t), strongly Rayleigh designs.

    The size is fixed, so all weights may be shifted by a constant; L is the largest absolute weight
    after a shift to the middle of their range.

    Parameters
    ----------
    deviation : float
    weights : array_like, shape (k,)
        Of the points with 0 < q < 1.
    n_chosen : float
        b, how many of them are in every sample.

    References
    ----------
    THEORY S3; Pemantle and Peres 2014.

    Examples
    --------
    >>> round(strongly_rayleigh_tail(8.0, [0, 2], 4), 6)
    0.135335
    """
    w = np.asarray(weights, dtype=np.float64)
    reach = float(np.ptp(w)) / 2 if w.size else 0.0
    if not reach or not n_chosen:
        return _sure(deviation)
    return float(np.exp(-(deviation**2) / (8 * n_chosen * reach**2)))


def design_tails(
    deviation: float, inclusion: ArrayLike, weights: ArrayLike, design: str
) -> dict[str, float]:
    r"""Every bound of S2 and S3 that holds for a design, on P(Z <= EZ - t).

    Parameters
    ----------
    deviation : float
        t, of the sum Z of the weights over the sample.
    inclusion : array_like, shape (n,)
    weights : array_like, shape (n,)
        Robust gains, say.
    design : str
        A row of `DESIGNS`; designs without a bound give an empty dict.

    Returns
    -------
    dict
        From the bound's name to its value.

    Examples
    --------
    >>> sorted(design_tails(1.0, [0.5, 0.5, 0.5, 0.5], [1, 2, 3, 4], "pivotal"))
    ['negative association', 'strongly Rayleigh']
    """
    row = DESIGNS[design]
    w = np.asarray(weights, dtype=np.float64)
    q = probabilities(inclusion, row)
    part, index, _ = open_points(q, row)
    if row.with_replacement:
        b, own = float(part.sum()), w[index]
        if not len(part):
            return {"Hoeffding": _sure(deviation), "Bernstein": _sure(deviation)}
        if abs(b - round(b)) > WHOLE * b:
            return {}
        p = part / b
        mean, width = float(p @ own), float(np.ptp(own))
        variance = float(p @ (own - mean) ** 2)
        return {
            "Hoeffding": hoeffding_tail(deviation / b, b, width),
            "Bernstein": bernstein_tail(deviation / b, b, variance, width),
        }
    if not row.associated:
        return {}
    own = np.zeros(len(part))  # a phantom point weighs nothing
    own[: len(index)] = w[index]
    if row.associated == "independent":  # then weights of both signs are no trouble
        square = float(np.sum(own**2))
        sure = _sure(deviation)
        return {"Hoeffding": float(np.exp(-2 * deviation**2 / square)) if square > 0 else sure}
    tails = {"negative association": negative_association_tail(deviation, own, row.fixed_size)}
    if row.associated == "rayleigh":
        tails["strongly Rayleigh"] = strongly_rayleigh_tail(deviation, own, float(part.sum()))
    return tails


def mistakes_upper_bound(n_pool: int, n_validation: int, n_wrong: int, delta: float) -> int:
    r"""Mistakes of the teacher on the pool, at most, with confidence 1 - delta.

    The validation points are exchangeable with the pool: a simple random part of both.  With M
    mistakes among all n + v points the number seen among the v is hypergeometric; the bound is the
    largest M that does not make so few as `n_wrong` less likely than delta, less those seen.

    Parameters
    ----------
    n_pool, n_validation : int
        n and v.
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
        If a count or delta is outside its range.

    References
    ----------
    THEORY S4.

    Examples
    --------
    >>> mistakes_upper_bound(1000, 200, 20, delta=0.05)
    146
    """
    if not 0 <= n_wrong <= n_validation:
        raise ValueError(f"n_wrong = {n_wrong} must be in [0, {n_validation}]")
    if n_pool < 0:
        raise ValueError(f"n_pool = {n_pool} must be non-negative")
    if not 0 < delta < 1:
        raise ValueError(f"delta = {delta} must be in (0, 1)")
    total = n_pool + n_validation
    # M = n_wrong is always possible; more than n_pool + n_wrong is not.
    low, high = n_wrong, n_wrong + n_pool
    while low < high:
        middle = (low + high + 1) // 2
        if stats.hypergeom.cdf(n_wrong, total, middle, n_validation) > delta:
            low = middle
        else:
            high = middle - 1
    return low - n_wrong


class Capital(NamedTuple):
    """A bettor's state: draws seen, their sum and sum of squares, the logarithm of the capital."""

    seen: int
    total: Array
    square: Array
    log: Array


def no_capital(shape: tuple[int, ...] = ()) -> Capital:
    """Before the first bet: capital one."""
    zeros = np.zeros(shape)
    return Capital(0, zeros, zeros, zeros)


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
    null : array_like, shape (...)
        :math:`\mu_0`.

    Returns
    -------
    state : Capital
    path : ndarray, shape (T, ...)
        Log capital after each draw.

    References
    ----------
    Waudby-Smith and Ramdas, JRSS B 2024.
    """
    mu = np.asarray(null, dtype=np.float64)
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
    """Verdict on "the mean is at least the bound", and after how many draws it stood."""

    status: Literal["HOLDS", "VIOLATED", "UNDECIDED"]
    n_draws: int
    mean: float
    bound: float
    tolerance: float
    error: float


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

    Raises
    ------
    ValueError
        If a draw is outside the support or the tolerance is not positive.

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
    x = np.asarray(draws, dtype=np.float64)
    low, high = (float(end) for end in support)
    if not tolerance > 0:
        raise ValueError(f"tolerance = {tolerance} must be positive")
    slack = 1e-12 * max(abs(low), abs(high))
    bad = np.flatnonzero(~((x >= low - slack) & (x <= high + slack)))
    if bad.size:
        i = int(bad[0])
        raise ValueError(f"draws[{i}] = {x[i]} must be in the support [{low}, {high}]")
    width = high - low
    mean = float(x.mean()) if x.size else float("nan")
    if bound - tolerance < low:
        return MeanTest("HOLDS", 0, mean, bound, tolerance, error)
    if bound > high:
        return MeanTest("VIOLATED", 0, mean, bound, tolerance, error)
    if not x.size:
        return MeanTest("UNDECIDED", 0, mean, bound, tolerance, error)
    unit = np.clip((x - low) / width, 0, 1)
    target = np.log(1 / error)
    _, good = bet(no_capital(), unit, (bound - tolerance - low) / width)
    _, poor = bet(no_capital(), 1 - unit, (high - bound) / width)
    over = np.flatnonzero((good >= target) | (poor >= target))
    if not over.size:
        return MeanTest("UNDECIDED", len(x), mean, bound, tolerance, error)
    first = int(over[0])
    status: Literal["HOLDS", "VIOLATED"] = "VIOLATED" if poor[first] >= target else "HOLDS"
    return MeanTest(status, first + 1, mean, bound, tolerance, error)
