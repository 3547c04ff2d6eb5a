r"""The optimal strategies as rules: a few numbers make probabilities of any chunk of a pool."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from radsim.cores import over
from radsim.game import Array
from radsim.solvers.water.chunks import CHUNK, filled
from radsim.solvers.water.kernels import Kernels
from radsim.solvers.water.vectorised import NUMPY

__all__ = ["Rule", "scaled"]


def scaled(number: float, unit: int) -> float:
    """The number times two to that power; zero if that is too small."""
    if not unit:
        return float(number)
    with np.errstate(under="ignore"):
        return float(np.ldexp(number, unit))


@dataclass(frozen=True)
class Rule:
    r"""Both optimal strategies as a rule: probabilities from a point's own gain and stake.

    .. math:: q_i = \min(1, \tau/s_i) \text{ for } g_i > \lambda, \qquad
        \theta\min(1, \tau/s_i) \text{ for } g_i = \lambda, \qquad 0 \text{ below}.

    Attributes
    ----------
    level, threshold : float
        :math:`\lambda` and :math:`\tau`.
    theta : float
        Share of the points at the level.
    edge : float
        Share of their mistakes that the points at the threshold get.
    capped : bool
        Whether the minimum with one is taken.
    shaved : bool
        Whether all stakes are above the threshold (V1); then `edge` says nothing.
    unit : int
        The numbers are for data divided by :math:`2^{unit}`.
    """

    level: float
    threshold: float
    theta: float = 0.0
    edge: float = 0.0
    capped: bool = True
    shaved: bool = False
    unit: int = 0

    @property
    def price_of_a_query(self) -> float:
        """The level, in the unit of the data."""
        return scaled(self.level, self.unit)

    @property
    def price_of_a_mistake(self) -> float:
        """The threshold, in the unit of the data."""
        return scaled(self.threshold, self.unit)

    def inclusion(
        self,
        gains: Array,
        harms: Array,
        stakes: Array,
        loops: Kernels = NUMPY,
        threads: int = 1,
    ) -> Array:
        """Inclusion probabilities of some points, shape (k,)."""
        out = np.empty(len(gains))

        def work(part: slice) -> None:
            self._include(out[part], gains[part], harms[part], stakes[part], loops)

        with np.errstate(all="ignore"):
            deque(over(len(gains), loops.chunk, work, threads), 0)
        return out

    def _include(self, out: Array, g: Array, h: Array, s: Array, loops: Kernels) -> None:
        if self.unit:
            g, h, s = (np.ldexp(x, -self.unit) for x in (g, h, s))
        lam = self.level
        if (lam < 0 or (lam == 0 and self.theta)) and not self.shaved:
            # Forced: there are points that a mistake cannot bring down to the level.
            part = np.where(s > self.threshold, self.threshold / s, 1.0)
            low = np.where(g > lam, np.where(-h > lam, 1.0, part), 0.0)
            high = np.where(g >= lam, np.where(-h >= lam, 1.0, part), 0.0)
            out[:] = low + self.theta * (high - low)
            return
        loops.include(out, g, s, lam, self.threshold, self.theta, self.capped)

    def mistake_probabilities(
        self, gains: Array, stakes: Array | None, multiple: float | None = None, threads: int = 1
    ) -> Array:
        """Mistake probabilities of some points, shape (k,); without stakes, of a multiple."""
        out = np.empty(len(gains))

        def work(part: slice) -> None:
            g = gains[part]
            s = filled((g, None, None), multiple)[2] if stakes is None else stakes[part]
            self._mistake(out[part], g, s)

        with np.errstate(all="ignore"):
            deque(over(len(gains), CHUNK, work, threads), 0)
        return out

    def _mistake(self, out: Array, g: Array, s: Array) -> None:
        if self.unit:
            g, s = np.ldexp(g, -self.unit), np.ldexp(s, -self.unit)
        np.subtract(g, self.level, out=out)
        np.maximum(out, 0.0, out=out)
        np.divide(out, s if s.min(initial=1.0) > 0 else np.where(s > 0, s, np.inf), out=out)
        if self.level < 0:  # else a gain is no more than its stake
            np.minimum(out, 1.0, out=out)
        if self.shaved:
            return
        out *= s >= self.threshold
        at = s == self.threshold
        if at.any():
            out[at] *= self.edge
