r"""Designs and their laws; sure points, excluded points and totals that are not whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, comb
from types import NoneType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, checked, count, one_of, vector

__all__ = [
    "Design",
    "Law",
    "Open",
    "complements",
    "open_points",
    "probabilities",
    "splits",
    "unlisted",
]

# Relative rounding of a total: so close to a whole number it is that number.
WHOLE = 2.0**-46
# With replacement at most so many draws: up to here every whole number is a float.
MOST = 2.0**53
MOST_OUTCOMES = 1_000_000
_BELOW_ONE = float(np.nextafter(1, 0))


class Law(NamedTuple):
    """Law of a sampling design: all outcomes, as rows of counts, and their probabilities.

    Attributes
    ----------
    outcomes : ndarray of int64, shape (K, n)
        How often each point is in each outcome.
    probability : ndarray, shape (K,)

    Examples
    --------
    >>> drawn = Law(np.array([[1, 0], [0, 1]]), np.array([0.25, 0.75]))
    >>> drawn.inclusion().tolist()
    [0.25, 0.75]
    """

    outcomes: Array
    probability: Array

    def inclusion(self) -> Array:
        """Expected count of each point."""
        return self.probability @ self.outcomes

    def joint(self) -> Array:
        """E[N_i N_j]: second-order inclusion probabilities; the diagonal holds E[N_i^2]."""
        return np.asarray((self.outcomes.T * self.probability) @ self.outcomes)


@dataclass(frozen=True)
class Design:
    """A sampling design, a row of `DESIGNS`: how it draws, its law, and what is known of it.

    All callables take probabilities that lie strictly between 0 and 1 and, for a fixed size, sum to
    a whole number; with replacement they take any positive numbers (see `open_points`).

    Attributes
    ----------
    draw : callable
        ``(q, *, rng, size)`` -> counts, int64 of shape (size, n).
    law : callable
        q -> `Law`, by enumeration; only for small n.
    law_n : int
        Largest n that `law` is meant for.
    fixed_size, with_replacement : bool
    associated : {"", "negative", "rayleigh", "independent"}
        Negatively associated, strongly Rayleigh or independent (each implies the one before), or a
        mixture of such designs with the same inclusion probabilities: the bounds of S3.
    joint : callable, optional
        q -> second-order inclusion probabilities without enumeration.
    picks : callable, optional
        ``(q, *, rng)`` -> sorted places of one sample without an array of counts, for any q in
        [0, 1]: sure and excluded points, and totals that are not whole, are its own concern.

    References
    ----------
    Theory page: S1, S3.

    Examples
    --------
    >>> from radsim.sampling import DESIGNS
    >>> DESIGNS["pivotal"].fixed_size, DESIGNS["pivotal"].associated
    (True, 'rayleigh')
    """

    draw: Callable[..., Array]
    law: Callable[[Array], Law]
    law_n: int
    fixed_size: bool = True
    with_replacement: bool = False
    associated: str = ""
    joint: Callable[[Array], Array] | None = None
    picks: Callable[..., Array] | None = None

    def __post_init__(self) -> None:
        checked(
            self,
            draw=Callable,
            law=Callable,
            joint=(Callable, NoneType),
            picks=(Callable, NoneType),
        )
        checked(self, fixed_size=bool, with_replacement=bool)
        one_of(self.associated, ("", "negative", "rayleigh", "independent"), "associated")
        count(self.law_n, "law_n")


class Open(NamedTuple):
    """Points whose inclusion is open, with a phantom point when the total is not whole."""

    q: Array
    place: Array  # of the open points in the pool; the phantom has no place here
    sure: Array


def open_points(q: Array, design: Design) -> Open:
    r"""Set sure and impossible points aside.

    A total that is not whole is made so by a phantom point with probability
    :math:`\lceil b\rceil - b`: the size is then the floor or the ceiling of b, in expectation b,
    and all first and second-order probabilities of real points are as the design has them.
    """
    if design.with_replacement:
        index = np.flatnonzero(q > 0)
        return Open(q[index], index, np.empty(0, dtype=np.intp))
    between = (q > 0) & (q < 1)
    if between.all():
        index, part, sure = np.arange(len(q)), q, np.empty(0, dtype=np.intp)
    else:
        index, sure = np.flatnonzero(between), np.flatnonzero(q == 1)
        part = q[index]
    if design.fixed_size and len(index):
        total = float(part.sum())
        # The rounding is that of the whole total; what is open is never rounded to nothing.
        if abs(total - max(1, round(total))) > WHOLE * (total + len(sure)):
            part = np.append(part, np.ceil(total) - total)
        # Designs count on a total that is whole to rounding.
        part = np.minimum(part * (round(float(part.sum())) / part.sum()), _BELOW_ONE)
    return Open(part, index, sure)


def complements(q: Array) -> Array:
    """1 - q; what is near one gives way where the total is whole to rounding only.

    Where the b points above 1/2 are nearly sure, what they lack is what the others have.
    """
    near, rest = q > 0.5, 1 - q
    if near.sum() == round(float(q.sum())) and not near.all():
        rest = np.where(near, rest * (q[~near].sum() / rest[near].sum()), rest)
    return np.asarray(rest)


def splits(total: float) -> tuple[int, float]:
    """Whole number of draws in a total, and the probability of one more."""
    if abs(total - max(1, round(total))) <= WHOLE * total:
        return round(total), 0.0
    return int(total), total - int(total)


def unlisted(part: Array, design: Design) -> str:
    """Why the law for these open points is not listed, in words; empty where it can be."""
    if len(part) > design.law_n:
        return f"leaves {len(part)} points open, and laws are listed up to {design.law_n}"
    if design.with_replacement and len(part):
        outcomes = comb(ceil(part.sum()) + len(part) - 1, len(part) - 1)
        if outcomes > MOST_OUTCOMES:
            return f"sums to {part.sum():g}: {outcomes} outcomes, and {MOST_OUTCOMES} are listed"
    return ""


def probabilities(inclusion: ArrayLike, design: Design) -> Array:
    """Return inclusion probabilities as float64, or raise naming the one that cannot be."""
    if not design.with_replacement:
        return vector(inclusion, "inclusion", high=1, slack=1e-9)
    q = vector(inclusion, "inclusion", high=MOST, slack=1e-9)
    if q.sum() > MOST:
        raise ValueError(f"inclusion sums to {q.sum():g}, must be at most {MOST:g}")
    return q
