r"""Streams of unknown length: points are met one by one, at prices that are fixed beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, generator, inside, number, one_of, steady
from radsim.sampling.ordered_pivotal import CARRIED, fought, last_chance, set_aside
from radsim.solution import Certificate
from radsim.solvers.water.rule import Rule
from radsim.tallies import at_prices, look_at, nowhere, sum_of, tally

__all__ = ["PricedStream"]

# Tallies that are kept before they are added up.
_KEPT = 4_096


@dataclass(frozen=True)
class _Met:
    """The game on the points that were met, as bounds ask for it."""

    mistakes: float
    budget: float
    capped: bool = True
    abstain: bool = True


class PricedStream:
    r"""Query a stream of unknown length at two fixed prices, in one pass.

    Each point's inclusion probability is known as soon as the point is, whatever comes after it:

    .. math:: q_i = \min(1, \tau/s_i) \text{ for } g_i > \lambda, \qquad 0 \text{ else.}

    No :math:`q_i s_i` exceeds :math:`\tau`, so a mistake costs at most :math:`\tau`, and after
    every point, for every number of mistakes m among the points so far,

    .. math:: W(q) \ge \sum_i q_i g_i - m\,\tau.

    That is tight where :math:`\lceil m\rceil` points have :math:`q_i s_i = \tau`.  It is the value
    of the game with budget :math:`\sum_i q_i` if the prices were the right ones; if not,
    `certificate` bounds what was lost.

    Parameters
    ----------
    level, threshold : float
        :math:`\lambda \ge 0`, the price of a query, and :math:`\tau \ge 0`, the price of a mistake:
        of a solution for a sample of such points, with as large a share of mistakes and queries.
    harm : float
        A multiple of the gain.
    design : {"ordered_pivotal", "poisson"}
        In the order of the stream: as many picks as :math:`\sum_i q_i`, rounded up or down, and at
        any time one point is undecided.  Poisson decides at once, and the number is random.
    rng : numpy.random.Generator or int

    Raises
    ------
    ValueError
        If an argument is negative or not finite, or the design unknown, naming it.

    References
    ----------
    Theory page: V3, V5, S1; Deville and Tille, Biometrika 1998.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> rng = np.random.default_rng(0)
    >>> pilot = solve(Game(rng.random(1_000), rate=0.05, budget=20))
    >>> stream = PricedStream(pilot.level, pilot.threshold, rng=1)
    >>> picks = [stream.take(rng.random(100)) for _ in range(50)] + [stream.finish()]
    >>> sum(map(len, picks)), round(stream.spent, 1)
    (94, 93.7)
    >>> proof = stream.certificate(0.05 * stream.n)
    >>> bool(proof.lower <= proof.upper), round(float(proof.gap / proof.upper), 3)
    (True, 0.022)
    """

    def __init__(
        self,
        level: float,
        threshold: float,
        *,
        harm: float = 1.0,
        design: str = "ordered_pivotal",
        rng: np.random.Generator | int,
    ) -> None:
        level, threshold = number(level, "level"), number(threshold, "threshold")
        self._rule = Rule(level, threshold)
        self._harm = number(harm, "harm")
        self._pivotal = one_of(design, ("ordered_pivotal", "poisson"), "design") != "poisson"
        self._rng = generator(rng)
        self._rows: list[tuple[float, ...]] = []  # what was seen, as certificates add it up
        self._left, self._chance, self._n_open, self._n_sure = CARRIED, 0.0, 0, 0
        self.n = 0

    @property
    def spent(self) -> float:
        """The sum of the inclusion probabilities so far: the expected number of picks."""
        return self._sums()[1] if self.n else 0.0

    @property
    def undecided(self) -> int | None:
        """Place of the point that is in or out only when another one comes, if there is one."""
        return None if self._left == CARRIED else self._left

    def guarantee(self, mistakes: float) -> float:
        r"""The least expected payoff so far if so many labels are wrong: the sum of q g less m tau.

        Parameters
        ----------
        mistakes : float
            :math:`m \ge 0`.

        Returns
        -------
        float
        """
        m = number(mistakes, "mistakes")
        return self._sums()[0] - m * self._rule.threshold if self.n else 0.0

    @steady
    def take(self, gains: ArrayLike, harms: ArrayLike | None = None) -> Array:
        """Meet some points: one, or a block of them.

        Parameters
        ----------
        gains : float or array_like, shape (k,)
        harms : float or array_like, shape (k,), optional
            Instead of the multiple of the gain.

        Returns
        -------
        ndarray of int64
            Places in the stream of the points that are now decided to be in, sorted.

        Raises
        ------
        ValueError
            If a gain or harm is negative or not finite, naming its place.
        """
        g = inside(np.atleast_1d(floats(gains, "gains", first=self.n)), "gains", first=self.n)
        if harms is None:
            h = self._harm * g
        else:
            h = np.atleast_1d(floats(harms, "harms", g.shape, first=self.n))
            inside(h, "harms", first=self.n)
        if g.ndim != 1:
            raise ValueError(f"gains must be one-dimensional, got shape {g.shape}")
        if not len(g):
            return np.empty(0, dtype=np.int64)
        s = inside(g + h, "stakes", first=self.n)
        q = self._rule.inclusion(g, h, s)
        piece = g, s, q, self._rule.mistake_probabilities(g, s)
        some = _Met(1, 1)  # how many and how much is not known yet, nor asked
        self._rows.append(
            look_at(some, piece, *at_prices(some, self._rule.level, self._rule.threshold))
        )
        if len(self._rows) > _KEPT:
            self._rows = [_added(self._rows)]
        picks = self._draw(q) if self._pivotal else np.flatnonzero(self._rng.random(len(q)) < q)
        self.n += len(g)
        return np.sort(picks) if self._pivotal else picks + self.n - len(g)

    def _draw(self, q: Array) -> Array:
        part, index, sure = set_aside(q)
        found = fought(part, self._chance, self._rng)
        place = np.append(np.arange(len(part)) if index is None else index, 0) + self.n
        place[-1] = self._left  # which CARRIED stands for
        picks = place[found.picks[0]]
        self._left, self._chance = int(place[found.left[0]]), found.chance
        self._n_open, self._n_sure = self._n_open + len(picks), self._n_sure + len(sure)
        return np.concatenate((sure + self.n, picks))

    def finish(self) -> Array:
        """Decide the last point, once the stream has ended.

        Returns
        -------
        ndarray of int64
            Its place, or nothing.
        """
        left, chance = self._left, last_chance(self._n_open, self._n_sure, self._chance)
        self._left, self._chance = CARRIED, 0.0
        is_in = left != CARRIED and self._rng.random() < chance
        return np.array([left] if is_in else [], dtype=np.int64)

    def certificate(self, mistakes: float) -> Certificate:
        r"""What the prices were worth: bounds of the game on the points that were met.

        Its budget is what was spent.  Wrong prices, or another number of mistakes than they are
        for, widen the bounds and no more: the gap is the most that could have been gained by
        knowing all points, and m, beforehand.

        Parameters
        ----------
        mistakes : float
            m, of which the picks knew nothing.

        Returns
        -------
        Certificate
            `value` is `lower`, the guarantee of the picks.

        Raises
        ------
        ValueError
            If mistakes are negative or not finite, or no point was met.
        """
        m = number(mistakes, "mistakes")
        if not self.n:
            raise ValueError("no point was met")
        met = _Met(m, self.spent)
        total = tally(met, self._rows, *at_prices(met, self._rule.level, self._rule.threshold))
        found = total.bounds(met) if total.is_finite else nowhere()
        return Certificate(found.lower, found.upper, found.lower, found.infeasibility, found.scale)

    def _sums(self) -> tuple[float, ...]:
        return _added(self._rows)


def _added(rows: list[tuple[float, ...]]) -> tuple[float, ...]:
    """Rows of some pieces as one of all of them: sums, and then four extremes."""
    *sums, best, largest, outside, hardest = zip(*rows, strict=True)
    return *map(sum_of, sums), max(best), max(largest), max(outside), max(hardest)
