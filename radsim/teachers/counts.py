r"""Teachers that err by number: a count, a rate, more often where the gain is high."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import rankdata

from radsim.data.instances import Instance
from radsim.door import Array, checked, generator, number, steady, typed, vector
from radsim.sampling import sample_counts
from radsim.teachers.draw import TeacherDraw

__all__ = ["ExactCount", "IndependentRate", "RankCorrelated", "rank_probabilities"]

_STEEPEST = 1e4  # slope of the logistic curve that stands for a step


@dataclass(frozen=True)
class ExactCount:
    """Teacher with exactly m mistakes, all points equally likely to be wrong.

    Attributes
    ----------
    mistakes : float
        :math:`m`, in [0, n]; a fraction gives its floor or ceiling, in expectation m.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import draw_instance
    >>> instance = draw_instance(rng=np.random.default_rng(3))
    >>> float(ExactCount(1)(instance, rng=0).wrong.sum())
    1.0
    """

    mistakes: float

    def __post_init__(self) -> None:
        number(self.mistakes, "mistakes", low=-np.inf)

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n = typed(instance, Instance, "instance").game.n
        m = number(self.mistakes, "mistakes", high=n)
        return TeacherDraw(sample_counts(np.full(n, m / n), rng=rng)[0].astype(np.float64))


@dataclass(frozen=True)
class IndependentRate:
    """Teacher that is wrong on each point independently, with one probability.

    Attributes
    ----------
    rate : float
        Probability of a mistake, in [0, 1].

    Examples
    --------
    >>> from radsim import Game
    >>> IndependentRate(1.0)(Instance("two", Game([2, 1], mistakes=2)), rng=0).wrong.tolist()
    [1.0, 1.0]
    """

    rate: float

    def __post_init__(self) -> None:
        number(self.rate, "rate", low=-np.inf)

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n, rate = typed(instance, Instance, "instance").game.n, number(self.rate, "rate", high=1)
        return TeacherDraw((generator(rng).random(n) < rate).astype(np.float64))


@steady
def rank_probabilities(gains: Array, correlation: float, mistakes: float) -> Array:
    r"""Mistake probabilities that rise with the rank of the gain.

    :math:`\pi_i = \mathrm{logistic}(a + k u_i)`, u the centred mid-ranks; a makes them sum to
    m, k makes the expected rank-biserial correlation
    :math:`\sum_i \pi_i (2\,\mathrm{rank}_i - n - 1)/(m(n - m))` the one that is asked for.

    Parameters
    ----------
    gains : ndarray, shape (n,)
    correlation : float
        In [-1, 1]; ties among the gains make the ends unreachable.
    mistakes : float
        :math:`m`, in [0, n].

    Returns
    -------
    ndarray, shape (n,)
        Sums to m.

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
    g = vector(gains, "gains", least=1, low=-np.inf)
    correlation = number(correlation, "correlation", low=-1, high=1)
    m = number(mistakes, "mistakes", high=len(g))
    return _rank_probabilities(g.tobytes(), correlation, m).copy()


@lru_cache(maxsize=64)  # a teacher is drawn many times on one pool
def _rank_probabilities(buffer: bytes, correlation: float, m: float) -> Array:
    gains = np.frombuffer(buffer)
    n = len(gains)
    if m in (0, n):
        return np.full(n, float(m > 0))
    centred = 2 * rankdata(gains) - n - 1
    u = centred / max(1, n - 1)

    def level(slope: float) -> Array:
        low, high = -abs(slope) - 50.0, abs(slope) + 50.0
        start = brentq(lambda a: float(expit(a + slope * u).sum()) - m, low, high, xtol=1e-14)
        return np.asarray(expit(start + slope * u))

    def reached(slope: float) -> float:
        return float(level(slope) @ centred) / (m * (n - m))

    sign = 1.0 if correlation >= 0 else -1.0
    largest = abs(reached(sign * _STEEPEST))
    if abs(correlation) > largest + 1e-6:
        raise ValueError(
            f"correlation = {correlation} cannot be reached with {m:g} mistakes on these "
            f"gains; the largest is {sign * largest:.6g}"
        )
    if abs(correlation) >= largest - 1e-6:
        return level(sign * _STEEPEST)
    return level(brentq(lambda k: reached(k) - correlation, -_STEEPEST, _STEEPEST, xtol=1e-10))


@dataclass(frozen=True)
class RankCorrelated:
    r"""Teacher whose mistakes follow the rank of the gain, as closely as is asked for.

    Attributes
    ----------
    correlation : float
        Expected rank-biserial correlation of mistakes and gains, in [-1, 1].
    mistakes : float
        :math:`m`.
    design : str
        "pivotal" makes exactly so many; "poisson" so many in expectation, each point on its own.

    Examples
    --------
    >>> from radsim import Game
    >>> pool = Instance("pool", Game(np.arange(1.0, 101), mistakes=10))
    >>> draw = RankCorrelated(0.9, 10)(pool, rng=0)
    >>> float(draw.wrong.sum()), bool(draw.wrong[50:].sum() > 8)
    (10.0, True)
    """

    correlation: float
    mistakes: float
    design: str = "pivotal"

    def __post_init__(self) -> None:
        number(self.correlation, "correlation", low=-np.inf)
        number(self.mistakes, "mistakes", low=-np.inf)
        checked(self, design=str)

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        game = typed(instance, Instance, "instance").game
        p = rank_probabilities(game.gains, self.correlation, self.mistakes)
        drawn = sample_counts(p, self.design, rng=rng)
        return TeacherDraw(drawn[0].astype(np.float64))
