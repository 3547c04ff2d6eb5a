r"""The hypergeometric law far into its tails, for pools of any size."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

import numpy as np
from scipy.special import gammaln, xlogy

from radsim.door import Array

__all__ = ["likelier"]

# Terms of a sum that are taken at a time; where the law is wider than this it is integrated.
_BLOCK = 512
# Of the series of artanh(v)/v in v*v, from its second term on.
_ODD = 1 / np.arange(3.0, 18.0, 2)


def likelier(delta: float, k: int, total: int, marked: int, drawn: int) -> bool:
    """Whether at most k marked among those drawn are likelier than delta.

    Where floats cannot tell, small pools are counted out, and large ones count as likelier: a bound
    that rests on this is then not too small.

    Parameters
    ----------
    delta : float
    k, total, marked, drawn : int

    Examples
    --------
    >>> likelier(0.05, 0, total=10, marked=2, drawn=5)
    True
    >>> likelier(0.3, 0, total=10, marked=2, drawn=5)
    False
    """
    p = _hypergeometric(k, total, marked, drawn)
    if abs(p - delta) > 1e-10 * delta:
        return p > delta
    if total > 2000:
        return True
    low = max(0, drawn - total + marked)
    ways = sum(
        math.comb(marked, j) * math.comb(total - marked, drawn - j) for j in range(low, k + 1)
    )
    return ways > Fraction(delta) * math.comb(total, drawn)


def _hypergeometric(k: int, total: int, marked: int, drawn: int) -> float:
    r"""Probability of at most k marked among those drawn of the total, in a time free of them all.

    The sum over :math:`j \le k` runs down until nothing is added; where hundreds of terms are alike
    it is the integral up to k + 1/2, less 1/24 of the first central difference there, plus 17/5760
    of the third.
    """
    low = max(0, drawn - total + marked)
    if k < low:
        return 0.0
    if k * total > marked * drawn:  # above the mean: the rest is the lower tail of those unmarked
        return 1 - _hypergeometric(drawn - k - 1, total, total - marked, drawn)
    off = (k * total - marked * drawn) / total  # from the mean; exact before it is rounded

    def f(j: Array) -> Array:
        return np.exp(_log_hypergeometric(j, off + (j - k), total, marked, drawn))

    share = marked / total if total else 0.0
    spread = math.sqrt(drawn * share * (1 - share) * ((total - drawn) / max(1, total - 1)))
    smooth = spread > _BLOCK
    end, p = k + 0.5, 0.0
    while end > low:
        if smooth:
            x, w = _nodes()
            part = spread / 2 * float(w @ f(np.maximum(low, end + spread / 2 * (x - 1))))
        else:
            part = float(f(np.arange(max(low, end + 0.5 - _BLOCK), end)).sum())
        p += part
        if part <= 1e-17 * p:
            break
        end -= spread if smooth else _BLOCK
    if smooth and p > 0:
        ends = f(k + np.array([-1.0, 0.0, 1.0, 2.0]))
        p += float(ends @ [-17, 291, -291, 17]) / 5760
    return p


@cache
def _nodes() -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre, which take longer to find than to use."""
    return np.polynomial.legendre.leggauss(32)


def _log_hypergeometric(j: Array, off: Array, total: int, marked: int, drawn: int) -> Array:
    r"""Logarithm of the probability of j, which is `off` from the mean, without cancellation.

    From :math:`\log x! = x \log x - x + r(x)`: remainders of the margins less those of the four
    cells, less the deviance :math:`\sum_c c \log(c/e_c) - (c - e_c)` of the cells.
    """
    margins = np.array([marked, total - marked, drawn, total - drawn], dtype=np.float64)
    found = _remainder(margins).sum() - _remainder(np.array(float(total)))
    rest = float(total - marked - drawn)
    for cell, d in ((j, off), (marked - j, -off), (drawn - j, -off), (rest + j, off)):
        found = found - _remainder(cell) - _deviance(cell, d)
    return np.asarray(found)


def _remainder(x: Array) -> Array:
    """log x! less x log x - x."""
    large = np.maximum(x, 16.0)
    u = 1 / large**2
    series = (1 / 12 - u * (1 / 360 - u * (1 / 1260 - u * (1 / 1680 - u / 1188)))) / large
    small = np.clip(x, 0, 16)
    return np.where(
        x < 16,
        gammaln(small + 1) - xlogy(small, small) + small,
        0.5 * np.log(2 * np.pi * large) + series,
    )


def _deviance(c: Array, d: Array) -> Array:
    """c log(c/e) - d, where e = c - d; by a series where c and e are close (Loader 2000)."""
    e = c - d
    both = np.where(c + e > 0, c + e, 1.0)
    v = np.clip(d / both, -0.1, 0.1)
    series = v**3 * np.polynomial.polynomial.polyval(v * v, _ODD)
    far = np.abs(d) > 0.1 * both
    ratio = np.where(far, c, 1.0) / np.where(far, e, 1.0)
    return np.where(far, xlogy(c, ratio) - d, d * v + 2 * c * series)
