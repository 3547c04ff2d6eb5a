"""Teacher-noise models: an instance and a random generator in, mistakes out."""

from __future__ import annotations

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Table
from radsim.game import Array
from radsim.solution import Solution
from radsim.teachers.committee import AGGREGATES, Committee, aggregate_wrong, committee_bound
from radsim.teachers.counts import (
    ExactCount,
    IndependentRate,
    RankCorrelated,
    rank_probabilities,
)
from radsim.teachers.draw import (
    Teacher,
    TeacherAudit,
    TeacherDraw,
    TeacherRow,
    audit_draw,
    needed,
    rank_biserial,
)
from radsim.teachers.replies import BestResponse, Equilibrium
from radsim.teachers.structured import Calibrated, ClassConditional, Clustered, confusion_matrix

__all__ = [
    "AGGREGATES",
    "TEACHERS",
    "BestResponse",
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
    "TeacherRow",
    "aggregate_wrong",
    "audit_draw",
    "committee_bound",
    "confusion_matrix",
    "rank_biserial",
    "rank_probabilities",
]


def _class_conditional(instance: Instance, q: Array, solution: Solution) -> Teacher:
    """One class takes most of the mistakes, the counts being those of the pool."""
    truth = needed(instance, "labels", "the class-conditional teacher")
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


def _real(instance: Instance, q: Array, solution: Solution) -> Teacher:
    wrong = needed(instance, "wrong", "the real teacher")

    def answer(instance: Instance, *, rng: np.random.Generator | int) -> TeacherDraw:
        return TeacherDraw(wrong)

    return answer


def _equilibrium(instance: Instance, q: Array, solution: Solution) -> Teacher:
    return Equilibrium(np.asarray(solution.mistake_probabilities, dtype=np.float64))


# The teachers of `radsim simulate`.  Their expected number of mistakes is at most the game's m.
TEACHERS: dict[str, TeacherRow] = Table(
    "TEACHERS",
    {
        "uniform": TeacherRow(
            lambda instance, q, solution: ExactCount(instance.game.mistakes), "m points at random"
        ),
        "independent": TeacherRow(
            lambda instance, q, solution: IndependentRate(instance.game.mistakes / instance.game.n),
            "each point on its own",
        ),
        "follows the gain": TeacherRow(
            lambda instance, q, solution: RankCorrelated(0.6, instance.game.mistakes),
            "rank correlation .6 with the gain",
        ),
        "shuns the gain": TeacherRow(
            lambda instance, q, solution: RankCorrelated(-0.6, instance.game.mistakes),
            "rank correlation -.6 with the gain",
        ),
        "class": TeacherRow(_class_conditional, "half of the mistakes in one class", ("labels",)),
        "cluster": TeacherRow(
            lambda instance, q, solution: Clustered(int(instance.game.mistakes)),
            "the m points nearest to a random one",
            ("features",),
        ),
        "calibrated": TeacherRow(
            lambda instance, q, solution: Calibrated(1 - instance.game.mistakes / instance.game.n),
            "as often wrong as its confidences say",
        ),
        "committee": TeacherRow(_committee, "majority of five, one of them arbitrary"),
        "best response": TeacherRow(
            lambda instance, q, solution: BestResponse(q), "the m largest q*s", replies=True
        ),
        "real": TeacherRow(_real, "where a trained model was wrong", ("wrong",)),
        "equilibrium": TeacherRow(_equilibrium, "the teacher's side of the solved game"),
    },
)
