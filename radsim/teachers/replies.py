r"""Teachers that play the game: the best response to q, and the equilibrium strategy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Array, generator, steady, typed, vector
from radsim.payoffs import worst_case
from radsim.sampling import sample_counts
from radsim.teachers.draw import TeacherDraw

__all__ = ["BestResponse", "Equilibrium"]


@dataclass(frozen=True, eq=False)
class BestResponse:
    """Worst-case teacher: it knows q and is wrong on the m points where q*s is largest.

    Attributes
    ----------
    inclusion : ndarray, shape (n,)
        The learner's q.

    Examples
    --------
    >>> from radsim import Game
    >>> three = Instance("three", Game([4, 3, 2], mistakes=1))
    >>> BestResponse(np.array([0.1, 0.6, 0.3]))(three, rng=0).wrong.tolist()
    [0.0, 1.0, 0.0]
    """

    inclusion: Array

    def __post_init__(self) -> None:
        vector(self.inclusion, "inclusion")

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        game = typed(instance, Instance, "instance").game
        q = vector(self.inclusion, "inclusion", game.n)
        l = worst_case(game, q)[1]
        return TeacherDraw((generator(rng).random(len(l)) < l).astype(np.float64))


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Teacher that plays its side of a solved game: m mistakes with marginals l.

    Attributes
    ----------
    mistake_probabilities : ndarray, shape (n,)
        :math:`l`; its sum, m unless the teacher has mistakes to spare, is their number.

    References
    ----------
    Theory page: V1, V3.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> teacher = Equilibrium(solve(three.game).mistake_probabilities)
    >>> float(teacher(three, rng=0).wrong.sum())
    1.0
    """

    mistake_probabilities: Array

    def __post_init__(self) -> None:
        vector(self.mistake_probabilities, "mistake_probabilities", high=1, slack=1e-9)

    @steady
    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n = typed(instance, Instance, "instance").game.n
        l = vector(self.mistake_probabilities, "mistake_probabilities", n, high=1, slack=1e-9)
        return TeacherDraw(sample_counts(l, rng=rng)[0].astype(np.float64))
