r"""Teachers that err by number: a count, a rate, more often where the gain is high."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import rankdata

from radsim.data.instances import Instance
from radsim.game import Array
from radsim.sampling import counts
from radsim.teachers.draw import TeacherDraw

__all__ = ["ExactCount", "IndependentRate", "RankCorrelated", "rank_probabilities"]

_STEEPEST = 1e4  # slope of the logistic curve that stands for a step


@dataclass(frozen=True)
class ExactCount:
    """Exactly m mistakes, everywhere equally likely; a fractional m gives its floor or ceiling.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import draw_instance
    >>> instance = draw_instance(np.random.default_rng(3))
    >>> float(ExactCount(1)(instance, np.random.default_rng(0)).mistakes.sum())
    1.0
    """

    count: float

    def __call__(self, instance: Instance, rng: np.random.Generator) -> TeacherDraw:
        n = instance.game.n
        if not 0 <= self.count <= n:
            raise ValueError(f"count = {self.count} must be in [0, {n}]")
        return TeacherDraw(counts(np.full(n, self.count / n), rng=rng)[0].astype(np.float64))


@dataclass(frozen=True)
class IndependentRate:
    """Each point wrong on its own with one probability."""

    rate: float

    def __call__(self, instance: Instance, rng: np.random.Generator) -> TeacherDraw:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"rate = {self.rate} must be in [0, 1]")
        return TeacherDraw((rng.random(instance.game.n) < self.rate).astype(np.float64))


def rank_probabilities(gains: Array, correlation: float, count: float) -> Array:
    r"""Mistake probabilities that rise with the rank of the gain.

    :math:`\pi_i = \mathrm{logistic}(a + k u_i)`, u the centred mid-ranks; a makes them sum to
    `count`, k makes the expected rank-biserial correlation
    :math:`\sum_i \pi_i (2\,\mathrm{rank}_i - n - 1)/(m(n - m))` the one that is asked for.

    Parameters
    ----------
    gains : ndarray, shape (n,)
    correlation : float
        In [-1, 1]; ties among the gains make the ends unreachable.
    count : float
        m, in [0, n].

    Raises
    ------
    ValueError
        If the correlation cannot be reached, naming the largest that can.

    Examples
    --------
    >>> import numpy as np
    >>> p = rank_probabilities(np.arange(5.0), 0.5, 2)
    >>> round(float(p.sum()), 9), bool(np.all(np.diff(p) > 0))
    (2.0, True)
    """
    g = np.ascontiguousarray(gains, dtype=np.float64)
    return _rank_probabilities(g.tobytes(), float(correlation), float(count)).copy()


@lru_cache(maxsize=64)  # a teacher is drawn many times on one pool
def _rank_probabilities(buffer: bytes, correlation: float, count: float) -> Array:
    gains = np.frombuffer(buffer)
    n = len(gains)
    if not 0 <= count <= n:
        raise ValueError(f"count = {count} must be in [0, {n}]")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation = {correlation} must be in [-1, 1]")
    if count in (0, n):
        return np.full(n, float(count > 0))
    centred = 2 * rankdata(gains) - n - 1
    u = centred / max(1, n - 1)

    def level(slope: float) -> Array:
        low, high = -abs(slope) - 50.0, abs(slope) + 50.0
        start = brentq(lambda a: float(expit(a + slope * u).sum()) - count, low, high, xtol=1e-14)
        return np.asarray(expit(start + slope * u))

    def reached(slope: float) -> float:
        return float(level(slope) @ centred) / (count * (n - count))

    sign = 1.0 if correlation >= 0 else -1.0
    largest = abs(reached(sign * _STEEPEST))
    if abs(correlation) > largest + 1e-6:
        raise ValueError(
            f"correlation = {correlation} cannot be reached with {count:g} mistakes on these "
            f"gains; the largest is {sign * largest:.6g}"
        )
    if abs(correlation) >= largest - 1e-6:
        return level(sign * _STEEPEST)
    return level(brentq(lambda k: reached(k) - correlation, -_STEEPEST, _STEEPEST, xtol=1e-10))


@dataclass(frozen=True)
class RankCorrelated:
    r"""Mistakes that follow the rank of the gain.

    Attributes
    ----------
    correlation : float
        Expected rank-biserial correlation of mistakes and gains, in [-1, 1].
    count : float
        Mistakes.
    design : str
        "pivotal" makes exactly so many; "poisson" so many in expectation, each point on its own.
    """

    correlation: float
    count: float
    design: str = "pivotal"

    def __call__(self, instance: Instance, rng: np.random.Generator) -> TeacherDraw:
        p = rank_probabilities(instance.game.gains, self.correlation, self.count)
        drawn = counts(p, self.design, rng=rng)
        return TeacherDraw(drawn[0].astype(np.float64))
