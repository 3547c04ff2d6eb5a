r"""Solve many small games whose caps bind (V3) together, by tangents."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.solvers.water.ragged import points_of

__all__ = ["LARGEST", "Together", "solve_capped"]

# Sums run over a game from its first point to its last, so larger games are solved otherwise.
LARGEST = 4_096
# Tangents of a convex function with a few thousand corners meet at its least after a dozen steps.
_STEPS = 60
# Of the value, by which a corner may lie above the tangents that meet there.
_ROUNDING = 4e-16


class Together(NamedTuple):
    """Answers to some games, and whether each was found."""

    value: Array
    level: Array
    threshold: Array
    solved: Array


class _Tangent(NamedTuple):
    """Of F at some prices of a query, one a game: F(x) >= earned + (b - spent) x."""

    level: Array
    threshold: Array
    earned: Array  # sum q g - m tau of the best reply to the price
    spent: Array  # and its sum q


class _Columns(NamedTuple):
    """Games side by side, a column each, largest stake on top; zeros below what is shorter."""

    g: Array
    s: Array
    inverse: Array
    m: Array

    @classmethod
    def of(cls, g: Array, s: Array, starts: Array, sizes: Array, m: Array) -> _Columns:
        rows = np.arange(sizes.max())
        inside = rows < sizes[:, None]
        at = np.where(inside, starts[:, None] + rows, 0)
        gains, stakes = np.where(inside, g[at], 0.0), np.where(inside, s[at], 0.0)
        order = np.argsort(-stakes, axis=1)
        gains, stakes = (np.take_along_axis(x, order, axis=1) for x in (gains, stakes))
        gains, stakes = np.ascontiguousarray(gains.T), np.ascontiguousarray(stakes.T)
        inverse = np.divide(1, stakes, out=np.zeros_like(stakes), where=stakes > 0)
        return cls(gains, stakes, inverse, m)

    def tangent(self, level: Array) -> _Tangent:
        """The best reply to a price of a query: q = min(1, tau/s) where g > level."""
        x = np.maximum(self.g - level, 0)
        work = x * self.inverse
        np.cumsum(work, axis=0, out=work)
        beyond = work > self.m  # from where on the mistakes no longer reach
        tau = np.multiply(self.s, beyond, out=work).max(axis=0)
        q = np.minimum(np.multiply(self.inverse, tau, out=work), 1, out=work)
        q *= self.g > level
        spent = q.sum(axis=0)
        q *= self.g
        return _Tangent(level, tau, q.sum(axis=0) - self.m * tau, spent)

    def shaved_to(self, level: Array, threshold: Array) -> Array:
        """The level at which the points of larger stakes use up the mistakes, if it is near."""
        heavy = (self.s > threshold) & (self.g > level)
        inverse = self.inverse * heavy
        density = inverse.sum(axis=0)
        inverse *= self.g
        exact = (inverse.sum(axis=0) - self.m) / density
        return np.where(np.abs(exact - level) <= 1e-6 * level, exact, level)


def _meet(low: _Tangent, high: _Tangent) -> Array:
    return (low.earned - high.earned) / (low.spent - high.spent)


def _chosen(which: Array, one: _Tangent, other: _Tangent) -> _Tangent:
    return _Tangent(*(np.where(which, x, y) for x, y in zip(one, other, strict=True)))


def _search(games: _Columns, b: Array) -> tuple[_Tangent, _Tangent, Array, Array]:
    """Tangents below and above the least of F, its place, and whether they meet there."""
    zero = np.zeros_like(b)
    low = games.tangent(zero)
    high = _Tangent(games.g.max(axis=0), zero, zero, zero)
    level = np.where(low.spent <= b, 0.0, _meet(low, high))
    done = low.spent <= b  # at the price 0 budget is left over
    for _ in range(_STEPS):
        if done.all():
            break
        at = games.tangent(level)
        value, least = at.earned + (b - at.spent) * level, low.earned + (b - low.spent) * level
        flat = ~done & (at.spent == b)
        low, high = _chosen(flat, at, low), _chosen(flat, at, high)
        met = flat | (value - least <= _ROUNDING * np.abs(value)) | (level <= low.level)
        done |= met | (level >= high.level)
        rising = at.spent < b
        low = _chosen(~done & ~rising, at, low)
        high = _chosen(~done & rising, at, high)
        level = np.where(done, level, _meet(low, high))
    return low, high, level, done


def solve_capped(
    out: Array, g: Array, s: Array, offsets: Array, m: Array, b: Array, *, abstain: bool
) -> Together:
    r"""Solve games whose caps bind at a price of a query that is not below zero.

    With :math:`F(\lambda) = b\lambda + \max_\tau \{\sum_i (g_i - \lambda)^+ \min(1, \tau/s_i) -
    m\tau\}` the value is the least of F, which is convex and piecewise linear (V3).  The tangents
    at two prices, one below and one above the least, meet at a price between the two, and either F
    bends there, or the tangent at that price replaces one of them.  At the end each tangent is a
    best reply to the same price, and so is the mean of the two that spends the budget.

    Parameters
    ----------
    out, g, s : ndarray, shape (N,)
        Inclusion probabilities to be written, gains, stakes; a stake that is infinite has no part
        in a game.
    offsets : ndarray of int, shape (k + 1,)
        Game j has the points from offsets[j] to offsets[j + 1].
    m, b : ndarray, shape (k,)
    abstain : bool

    Returns
    -------
    Together
        Not solved are games of more than `LARGEST` points, and games in which the budget must be
        spent at a loss.

    References
    ----------
    Theory page: V3.  The tangents are Kelley's cutting planes (1960) in one dimension.

    Examples
    --------
    >>> q = np.empty(3)
    >>> g, ends = np.array([10.0, 3, 2]), np.array([0, 3])
    >>> found = solve_capped(q, g, g, ends, np.ones(1), np.full(1, 2.0), abstain=True)
    >>> found.value.round(12).tolist(), q.round(12).tolist()
    ([4.4], [0.3, 1.0, 0.7])
    """
    sizes = np.diff(offsets)
    value, level, threshold = np.full((3, len(m)), np.nan)
    found = Together(value, level, threshold, np.zeros(len(m), dtype=bool))
    # Games at most twice as large as one another stand side by side.
    power = np.frexp(sizes)[1]
    for p in np.unique(power[sizes <= LARGEST]).tolist():
        some = np.flatnonzero((power == p) & (sizes <= LARGEST))
        _solve_alike(found, out, g, s, offsets, m, b, some, abstain)
    return found


def _solve_alike(
    found: Together,
    out: Array,
    g: Array,
    s: Array,
    offsets: Array,
    m: Array,
    b: Array,
    some: Array,
    abstain: bool,
) -> None:
    # NumPy sums a single column in another order than the first of two.
    pair = some if len(some) > 1 else np.repeat(some, 2)
    starts, sizes = offsets[pair], offsets[pair + 1] - offsets[pair]
    games = _Columns.of(g, np.where(s < np.inf, s, 0.0), starts, sizes, m[pair])
    low, high, level, done = _search(games, b[pair])
    apart = low.spent - high.spent
    theta = np.where((apart > 0) & (low.spent > b[pair]), (b[pair] - high.spent) / apart, 1.0)
    same = low.threshold == high.threshold
    mean = theta * low.threshold + (1 - theta) * high.threshold
    tau = np.where(same | (theta == 1), low.threshold, mean)
    between = (theta < 1) & ~same
    level = np.where(between, games.shaved_to(level, tau), level)
    value = np.where(theta == 1, low.earned, theta * low.earned + (1 - theta) * high.earned)
    if not abstain:  # at the price 0 budget would be left over
        done &= level > 0
    keep = slice(len(some))
    found.value[some], found.level[some] = value[keep], level[keep]
    found.threshold[some], found.solved[some] = tau[keep], done[keep]
    sizes = sizes[keep]
    at, _ = points_of(starts[keep], sizes)
    x, inverse = g[at], 1 / s[at]
    for share, tangent in ((theta, low), (1 - theta, high)):
        q = np.minimum(inverse * np.repeat(tangent.threshold[keep], sizes), 1)
        q *= x > np.repeat(tangent.level[keep], sizes)
        q *= np.repeat(share[keep], sizes)
        out[at] = q if share is theta else out[at] + q
