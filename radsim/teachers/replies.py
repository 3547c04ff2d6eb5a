r"""Teachers that reply to the learner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Array, generator, vector
from radsim.payoffs import worst_case
from radsim.sampling import sample_counts
from radsim.teachers.draw import TeacherDraw

__all__ = ["BestResponse", "Equilibrium"]


@dataclass(frozen=True, eq=False)
class BestResponse:
    """The worst-case teacher: it knows q and is wrong where q*s is largest.

    Attributes
    ----------
    inclusion : ndarray, shape (n,)
    """

    inclusion: Array

    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        q = vector(self.inclusion, "inclusion", instance.game.n)
        l = worst_case(instance.game, q)[1]
        return TeacherDraw((generator(rng).random(len(l)) < l).astype(np.float64))


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """The teacher's side of a solved game: a draw of fixed size with marginals l.

    Attributes
    ----------
    mistake_probabilities : ndarray, shape (n,)
        :math:`l`; its sum, m unless the teacher has mistakes to spare, is the size.
    """

    mistake_probabilities: Array

    def __call__(self, instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        n = instance.game.n
        l = vector(self.mistake_probabilities, "mistake_probabilities", n, high=1, slack=1e-9)
        return TeacherDraw(sample_counts(l, rng=rng)[0].astype(np.float64))
