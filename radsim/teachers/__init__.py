"""Teacher-noise models: an instance and a random generator in, mistakes out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from radsim.data.instances import Instance
from radsim.game import Array
from radsim.solution import Solution
from radsim.teachers.adversarial import Adversarial, Equilibrium
from radsim.teachers.committee import AGGREGATES, Committee, aggregate_mistakes, committee_bound
from radsim.teachers.counts import (
    ExactCount,
    IndependentRate,
    RankCorrelated,
    rank_probabilities,
)
from radsim.teachers.draw import Teacher, TeacherAudit, TeacherDraw, audit_draw, rank_biserial
from radsim.teachers.structured import Calibrated, ClassConditional, Clustered, confusion_matrix

__all__ = [
    "AGGREGATES",
    "TEACHERS",
    "Adversarial",
    "Calibrated",
    "ClassConditional",
    "Clustered",
    "Committee",
    "Equilibrium",
    "ExactCount",
    "IndependentRate",
    "RankCorrelated",
    "Teacher",
    "TeacherAudit",
    "TeacherDraw",
    "aggregate_mistakes",
    "audit_draw",
    "committee_bound",
    "confusion_matrix",
    "rank_biserial",
    "rank_probabilities",
]


def _class_conditional(instance: Instance, q: Array, solution: Solution) -> Teacher:
    """One class takes most of the mistakes, the counts being those of the pool."""
    truth = instance.labels
    if truth is None:
        raise ValueError(f"instance {instance.name!r} has no labels")
    share = np.bincount(truth) / len(truth)
    rate = instance.game.mistakes / len(truth)
    # Half of the mistakes in the first class as far as it goes, the rest in all others alike.
    first = min(0.9, 0.5 * rate / share[0])
    rest = min(1.0, (rate - first * share[0]) / max(1e-12, 1 - share[0]))
    wrong = np.where(np.arange(len(share)) == 0, first, rest)
    matrix = np.tile((wrong / (len(share) - 1))[:, None], len(share))
    np.fill_diagonal(matrix, 1 - wrong)
    return ClassConditional(matrix)


def _committee(instance: Instance, q: Array, solution: Solution) -> Teacher:
    # Five teachers, one arbitrary: the majority errs on at most half of what the four err on.
    each = int(instance.game.mistakes // 2)
    return Committee((each,) * 4, 1)


def _real(instance: Instance, rng: np.random.Generator) -> TeacherDraw:
    if instance.mistakes is None:
        raise ValueError(f"instance {instance.name!r} knows no real teacher")
    return TeacherDraw(instance.mistakes)


# The teachers of `radsim simulate`: from an instance, the learner's inclusion probabilities and the
# solved game to a teacher whose expected number of mistakes is at most the game's m.
TEACHERS: dict[str, Callable[[Instance, Array, Solution], Teacher]] = {
    "uniform count": lambda instance, q, solution: ExactCount(instance.game.mistakes),
    "independent rate": lambda instance, q, solution: IndependentRate(
        instance.game.mistakes / instance.game.n
    ),
    "follows the gain": lambda instance, q, solution: RankCorrelated(0.6, instance.game.mistakes),
    "shuns the gain": lambda instance, q, solution: RankCorrelated(-0.6, instance.game.mistakes),
    "class-conditional": _class_conditional,
    "clustered": lambda instance, q, solution: Clustered(int(instance.game.mistakes)),
    "calibrated": lambda instance, q, solution: Calibrated(
        1 - instance.game.mistakes / instance.game.n
    ),
    "committee": _committee,
    "adversarial": lambda instance, q, solution: Adversarial(q),
    "real": lambda instance, q, solution: _real,
    "equilibrium": lambda instance, q, solution: Equilibrium(
        np.asarray(solution.mistake_probabilities, dtype=np.float64)
    ),
}
