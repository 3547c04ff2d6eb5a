r"""Certificates of a whole batch of games at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from radsim.game import Array
from radsim.solvers.water.ragged import points_of
from radsim.tallies import TINY

__all__ = ["Certificates", "row_bounds"]


@dataclass(frozen=True, eq=False)
class Certificates:
    """Certificates of many games, one entry a game; `Certificate` says what each number is.

    Attributes
    ----------
    lower, upper, value, infeasibility, scale : ndarray, shape (K,)

    Examples
    --------
    >>> from radsim import solve_many
    >>> proofs = solve_many([[1, 0.5, 0.25], [4, 3, 2]], 1).certificates
    >>> proofs.accepts(1e-14).tolist(), proofs.gap.shape
    ([True, True], (2,))
    """

    lower: Array
    upper: Array
    value: Array
    infeasibility: Array
    scale: Array

    @property
    def gap(self) -> Array:
        """Upper minus lower bounds."""
        return self.upper - self.lower

    def accepts(self, rtol: float = 1e-9) -> Array:
        """Whether each certificate accepts; NaN is never accepted."""
        slack = rtol * self.scale
        return np.asarray(
            np.isfinite(self.scale)
            & (self.infeasibility <= rtol)
            & (np.abs(self.gap) <= slack)
            & (self.lower - slack <= self.value)
            & (self.value <= self.upper + slack)
        )


def _leave_light(
    l: Array, s: Array, threshold: Array, m: Array, made: Array, offsets: Array, light: Array
) -> Array:
    """Take back mistakes at points of small stakes in some games, and say what is made in each."""
    starts, sizes = offsets[:-1], np.diff(offsets)
    made = made.copy()
    n = sizes[light]
    at, ends = points_of(starts[light], n)
    mine, stakes, edge = l[at], s[at], np.repeat(threshold[light], n)
    heavy = np.where(stakes > edge * (1 + 1e-15), mine, 0.0)
    even = np.where(stakes >= edge * (1 - 1e-15), mine - heavy, 0.0)
    first, more = (np.add.reduceat(x, ends[:-1]) for x in (heavy, even))
    share = np.where(more > 0, np.clip((m[light] - first) / more, 0, 1), 0)
    heavy += even * np.repeat(share, n)
    l[at] = heavy
    made[light] = np.add.reduceat(heavy, ends[:-1])
    return made


def row_bounds(
    g: Array,
    s: Array,
    q: Array,
    offsets: Array,
    level: Array,
    threshold: Array,
    m: Array,
    b: Array,
    *,
    capped: bool,
    abstain: bool,
    room: Array | None = None,
) -> tuple[Array, Array, Array, Array]:
    r"""Bounds on the values of some games without sorting, from the raw numbers.

    The teacher shaves every gain down to the level, where caps may bind those of larger stakes than
    the threshold, and as many at it as there are mistakes left.  For any prices
    :math:`T_m(x) \le m\tau + \sum_i \max(0, x_i - \tau)` and
    :math:`\max_q \sum_i q_i r_i \le b\lambda + \sum_i \max(0, r_i - \lambda)`, so wrong levels and
    thresholds can only widen the gap.

    Parameters
    ----------
    g, s, q : ndarray, shape (N,)
        Gains, stakes and inclusion probabilities of all games, one after the other.
    offsets : ndarray of int, shape (k + 1,)
        Game j has the points from offsets[j] to offsets[j + 1].
    level, threshold, m, b : ndarray, shape (k,)
    capped, abstain : bool
    room : ndarray, shape (N,) or longer, optional
        To be written over.

    Returns
    -------
    lower, upper, infeasibility, scale : ndarray, shape (k,)

    Examples
    --------
    >>> g, one = np.array([1, 0.5, 0.25]), np.ones(1)
    >>> q = np.array([1, 2, 4]) / 7
    >>> low, high, *_ = row_bounds(
    ...     g, 2 * g, q, np.array([0, 3]), one / 7, 2 * one / 7, one, one, capped=True, abstain=True
    ... )
    >>> (7 * low).round(12).tolist(), (7 * high).round(12).tolist()
    ([1.0], [1.0])
    """
    starts, sizes = offsets[:-1], np.diff(offsets)

    def total(x: Array) -> Array:
        return np.add.reduceat(x, starts)

    def most(x: Array) -> Array:
        return np.maximum.reduceat(x, starts)

    # Below nothing a price times m cancels in floats what passes it by; so does a level below all.
    threshold = np.maximum(threshold, 0.0)
    lam = np.maximum(level, 0.0 if abstain else -most(s))
    with np.errstate(all="ignore"):
        spent, outside = total(q), -np.minimum.reduceat(q, starts)
        if capped:
            largest = most(q)
            outside = np.maximum(outside, largest - 1)
            full = largest >= 1 - 1e-12  # some point is taken surely, so not worth a mistake
        kept = spent
        if not (outside <= 0).all():
            q = np.clip(q, 0, 1 if capped else None)
            kept = total(q)
        work = np.multiply(q, s, out=None if room is None else room[: len(g)])
        work -= np.repeat(threshold, sizes)
        lost = np.where(m > 0, m * threshold, 0) + total(np.maximum(work, 0, out=work))
        # What overspends is scaled down; what is still to be spent costs at most a stake.
        earned = total(np.multiply(q, g, out=work))
        lower = np.where(kept > b, b / kept, 1) * (earned - lost)
        if not abstain:
            lower -= np.maximum(b - kept, 0) * most(s)
        l = np.subtract(g, np.repeat(level, sizes), out=work)
        np.maximum(l, 0, out=l)
        l /= s if s.min() > 0 else np.where(s > 0, s, np.inf)
        np.minimum(l, 1, out=l)
        made = total(l)
        if capped:
            light = np.flatnonzero(full)
            if len(light):
                made = _leave_light(l, s, threshold, m, made, offsets, light)
        back = np.where(made > m, 1 - m / made, 0)  # of every mistake, where there are too many
        l *= s
        left = back * (total(l) if capped else most(l))
        robust = np.subtract(g, l, out=l)
        if capped:
            robust -= np.repeat(lam, sizes)
            upper = b * lam + total(np.maximum(robust, 0, out=robust)) + left
        else:
            best = most(robust) + left
            upper = b * (np.maximum(best, 0) if abstain else best)
        excess = (spent - b) / np.maximum(b, 1e-280)
        infeasibility = np.maximum((made - m) / np.maximum(1, m), np.maximum(outside, 0))
        infeasibility = np.maximum(infeasibility, excess if abstain else np.abs(excess))
    largest = most(g if abstain else s)
    scale = b * largest
    tiny = (scale < TINY) & (largest > 0)  # products have lost digits: one by one, in fractions
    lower = np.where(tiny, np.nan, lower)
    return lower, upper, np.maximum(infeasibility, 0), scale
