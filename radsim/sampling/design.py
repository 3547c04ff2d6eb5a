r"""Designs and their laws; sure points, excluded points and totals that are not whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, vector

__all__ = ["Design", "Law", "Open", "open_points", "probabilities"]

# A total this close to a whole number, relatively, is that number.
WHOLE = 1e-9
_BELOW_ONE = float(np.nextafter(1, 0))


class Law(NamedTuple):
    """Law of a sampling design: all outcomes, as rows of counts, and their probabilities.

    Attributes
    ----------
    outcomes : ndarray, shape (K, n)
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
        ``(q, *, rng, size)`` -> counts, shape (size, n).
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
        short = np.ceil(total) - total
        if min(short, 1 - short) > WHOLE * max(1.0, total):
            part = np.append(part, short)
        # Designs count on a total that is whole to rounding.
        part = np.minimum(part * (round(float(part.sum())) / part.sum()), _BELOW_ONE)
    return Open(part, index, sure)


def probabilities(inclusion: ArrayLike, design: Design) -> Array:
    """Return inclusion probabilities as float64, or raise naming the one that cannot be."""
    high = np.inf if design.with_replacement else 1
    return vector(inclusion, "inclusion", high=high, slack=1e-9)
