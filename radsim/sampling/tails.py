r"""Tail bounds of sampled payoffs (S2, S3): how far below its mean may one draw fall?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import flag, number, one_of, steady, vector
from radsim.sampling import DESIGNS
from radsim.sampling.design import open_points, probabilities, splits

__all__ = [
    "bernstein_tail",
    "design_tails",
    "empirical_bernstein_radius",
    "hoeffding_tail",
    "negative_association_tail",
    "strongly_rayleigh_tail",
]


@steady
def hoeffding_tail(deviation: float, n_draws: float, width: float) -> float:
    r"""Bound on P(mean of independent draws <= its expectation - t): :math:`e^{-2 n t^2/R^2}`.

    Parameters
    ----------
    deviation : float
        :math:`t \ge 0`.
    n_draws : float
    width : float
        R, length of an interval that holds every draw.

    Returns
    -------
    float
        A probability, at most 1.

    Raises
    ------
    ValueError
        If an argument is negative or not finite, naming it.

    References
    ----------
    Theory page: S2; Hoeffding 1963.

    Examples
    --------
    >>> round(hoeffding_tail(0.1, 100, 1.0), 6)
    0.135335
    """
    t, n, r = number(deviation, "deviation"), number(n_draws, "n_draws"), number(width, "width")
    return float(np.exp(-2 * n * (t / r) ** 2)) if r > 0 else _sure(t)


@steady
def bernstein_tail(deviation: float, n_draws: float, variance: float, width: float) -> float:
    r"""Bernstein's bound on the tail of `hoeffding_tail`, smaller where the variance is small.

    .. math:: P(\text{mean} \le \text{expectation} - t) \le e^{-n t^2/(2\sigma^2 + 2Rt/3)}

    Parameters
    ----------
    deviation : float
        :math:`t \ge 0`.
    n_draws : float
    variance : float
        :math:`\sigma^2` of one draw.
    width : float
        R, length of an interval that holds every draw.

    Returns
    -------
    float
        A probability, at most 1.

    Raises
    ------
    ValueError
        If an argument is negative or not finite, naming it.

    References
    ----------
    Theory page: S2.

    Examples
    --------
    >>> bernstein_tail(0.1, 100, 0.01, 1.0) < hoeffding_tail(0.1, 100, 1.0)
    True
    """
    n_draws, deviation = number(n_draws, "n_draws"), number(deviation, "deviation")
    scale = 2 * number(variance, "variance") + 2 * number(width, "width") * deviation / 3
    return float(np.exp(-n_draws * deviation**2 / scale)) if scale > 0 else _sure(deviation)


def _sure(deviation: float) -> float:
    """A tail of something that does not vary."""
    return 1.0 if deviation <= 0 else 0.0


@steady
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

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are fewer than two draws, or delta is not in (0, 1).

    References
    ----------
    Theory page: S2; Maurer and Pontil 2009, theorem 4.

    Examples
    --------
    >>> round(empirical_bernstein_radius([0.0, 1.0] * 50, 1.0, 0.05), 4)
    0.2234
    """
    x = vector(draws, "draws", least=2, low=-np.inf)
    width = number(width, "width")
    log = np.log(2 / number(delta, "delta", high=1, open_low=True, open_high=True))
    return float(np.sqrt(2 * x.var(ddof=1) * log / len(x)) + 7 * width * log / (3 * (len(x) - 1)))


@steady
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

    Raises
    ------
    ValueError
        If the deviation is negative, or a weight is not finite, naming it.

    References
    ----------
    Theory page: S3.

    Examples
    --------
    >>> round(negative_association_tail(1.0, [1, 1, 2], fixed_size=True), 6)
    0.135335
    """
    w, deviation = vector(weights, "weights", low=-np.inf), number(deviation, "deviation")
    if not w.size:
        return _sure(deviation)
    shifts = [0.0] if w.min() >= 0 or w.max() <= 0 else []
    if flag(fixed_size, "fixed_size"):
        shifts += [float(w.min()), float(w.max())]
    if not shifts:
        return 1.0
    square = min(float(np.sum((w - shift) ** 2)) for shift in shifts)
    return float(np.exp(-2 * deviation**2 / square)) if square > 0 else _sure(deviation)


@steady
def strongly_rayleigh_tail(deviation: float, weights: ArrayLike, n_chosen: float) -> float:
    r"""Bound :math:`e^{-t^2/(8 b L^2)}` on P(Z <= EZ - t), strongly Rayleigh designs.

    And so for mixtures of such designs with the same inclusion probabilities, as pivotal is one.
    The size is fixed, so all weights may be shifted by a constant; L is the largest absolute weight
    after a shift to the middle of their range.

    Parameters
    ----------
    deviation : float
    weights : array_like, shape (k,)
        Of the points with 0 < q < 1.
    n_chosen : float
        b, how many of them are in every sample.

    Returns
    -------
    float
        A probability, at most 1.

    Raises
    ------
    ValueError
        If an argument is negative or not finite, naming it.

    References
    ----------
    Theory page: S3; Pemantle and Peres 2014.

    Examples
    --------
    >>> round(strongly_rayleigh_tail(8.0, [0, 2], 4), 6)
    0.135335
    """
    w, deviation = vector(weights, "weights", low=-np.inf), number(deviation, "deviation")
    n_chosen = number(n_chosen, "n_chosen")
    reach = float(np.ptp(w)) / 2 if w.size else 0.0
    if not reach or not n_chosen:
        return _sure(deviation)
    return float(np.exp(-(deviation**2) / (8 * n_chosen * reach**2)))


@steady
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

    Raises
    ------
    ValueError
        If the design is unknown, or naming the probability or weight that cannot be.

    References
    ----------
    Theory page: S2, S3.

    Examples
    --------
    >>> sorted(design_tails(1.0, [0.5, 0.5, 0.5, 0.5], [1, 2, 3, 4], "pivotal"))
    ['negative association', 'strongly Rayleigh']
    """
    row, deviation = DESIGNS[one_of(design, DESIGNS, "design")], number(deviation, "deviation")
    q = probabilities(inclusion, row)
    w = vector(weights, "weights", len(q), of="inclusion", low=-np.inf)
    part, index, _ = open_points(q, row)
    if row.with_replacement:
        b, own = float(part.sum()), w[index]
        if not len(part):
            return {"Hoeffding": _sure(deviation), "Bernstein": _sure(deviation)}
        if splits(b)[1]:
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
