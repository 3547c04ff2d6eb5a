r"""The loops over one cache-sized chunk, as a tuple of functions.

Both sum a chunk piece by piece and leave it to the caller to add the chunks up exactly, so results
agree to a few units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from radsim.game import Array

__all__ = ["Kernels"]


class Kernels(NamedTuple):
    """The five loops over points that the closed form is made of.

    Attributes
    ----------
    level : callable
        (gains, stakes or None, low, high) -> sum of g/s over g > high (their number if there are no
        stakes), sum of 1/s (of 1/g), and where low < g <= high.
    prices : callable
        (gains, stakes or None, low, high, least, most) -> over g > high: sums of g/s and 1/s where
        s > most, number and sum of g where s < least; and where else g >= low and g > 0.
    include : callable
        (out, gains, stakes, level, threshold, theta, capped): q, theta its share at the level.
    rows : callable
        (out, gains, stakes or None if they are the gains, offsets, mistakes, budgets, room) ->
        level and density of each game, by Newton; writes q, and returns its sum and its largest
        entry.  Game k has the points from offsets[k] to offsets[k + 1], and no other game is seen.
        `room`, three rows as long as the gains or longer, is written over.
    spend : callable or None
        (gains, harms, stakes, inverse, level, mistakes, sums, box, forced) -> range of the budget
        that can be spent at a level; None: as `radsim.solvers.water.capped` does it.
    """

    level: Callable[..., tuple[float, float, Array]]
    prices: Callable[..., tuple[float, float, float, float, Array]]
    include: Callable[..., None]
    rows: Callable[..., tuple[Array, Array, Array, Array]]
    spend: Callable[..., tuple[float, float]] | None = None
