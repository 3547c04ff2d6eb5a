r"""The loops over one chunk of a pool, as a tuple of functions.

Sums are handed back piece by piece, a piece being `PIECE` points counted from the start of the
pool, and it is left to the caller to add them up exactly.  So a sum does not depend on where a
pool is cut, nor on which thread did what; NumPy's and the compiled agree to a few units in the last
place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from radsim.game import Array

__all__ = ["PIECE", "Kernels"]

# Points whose sum is rounded for itself; a chunk is some of these.
PIECE = 2_048


class Kernels(NamedTuple):
    """The four loops over points that the closed form is made of.

    Attributes
    ----------
    level : callable
        (gains, stakes or None, low, high) -> sums of g/s over g > high (their number if there are
        no stakes), sums of 1/s (of 1/g), and where low < g <= high.
    prices : callable
        (gains, stakes or None, low, high, least, most, ties) -> over g > high: sums of g/s (their
        number if there are no stakes) and of 1/s where s > most, number and sums of g where
        s < least; where else g >= low and g > 0; and how many of those are each of the `ties`, a
        pair of arrays of gains and stakes, and are left out.
    include : callable
        (out, gains, stakes, level, threshold, theta, capped): q, theta its share at the level.
    rows : callable
        (out, gains, stakes or None if they are the gains, mistakes, budgets) -> level and density
        of each row, by Newton; writes q, and returns its sum and how many entries are above one.
    chunk : int
        Points that a call is meant for, a multiple of `PIECE`.
    """

    level: Callable[..., tuple[Array, Array, Array]]
    prices: Callable[..., tuple[Array, Array, int, Array, Array, Array]]
    include: Callable[..., None]
    rows: Callable[..., tuple[Array, Array, Array, Array]]
    chunk: int
