r"""Where a number of mistakes is from: points that were checked (S4), in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from radsim.door import steady

__all__ = ["covers"]


@steady
def covers(mistakes: int, n_pool: int, checked: int, wrong: int, delta: float) -> bool:
    r"""Whether so many mistakes are enough for a pool of which other points were checked, exactly.

    With M mistakes among the n + v points the number seen among the v checked is hypergeometric.
    More than m left in the pool make so few as k seen likely at most delta, or are not possible:

    .. math:: \sum_{j \le k} \binom{M}{j} \binom{n+v-M}{v-j} \le \delta \binom{n+v}{v},
        \qquad M = m + 1 + k

    Parameters
    ----------
    mistakes : int
        m, feared among the points of the pool.
    n_pool, checked, wrong : int
        n, v and k.
    delta : float
        In (0, 1); as the fraction that this float is.

    Returns
    -------
    bool

    References
    ----------
    Theory page: S4.  `radsim.mistakes_upper_bound` is the least such m, in floats.

    Examples
    --------
    >>> covers(146, 1000, 200, 20, delta=0.05), covers(145, 1000, 200, 20, delta=0.05)
    (True, False)
    """
    if mistakes >= n_pool:
        return True
    total, marked = n_pool + checked, mistakes + 1 + wrong
    rest = total - marked
    j = max(0, checked - rest)
    if j > wrong:
        return True
    term = comb(marked, j) * comb(rest, checked - j)
    ways = term
    while j < wrong:
        term = term * (marked - j) * (checked - j) // ((j + 1) * (rest - checked + j + 1))
        ways, j = ways + term, j + 1
    return ways <= Fraction(delta) * comb(total, checked)
