r"""Mistakes: where the teacher errs in a case, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.case import (
    Case,
    clusters,
    first_cross_fit,
    first_student,
    natural_answers,
    pool_predictions,
    stream,
)
from radsim.distillation.noise import NOISES, Points, draw_mistakes
from radsim.distillation.replies import REPLIES, Asked, average_reply
from radsim.distillation.teachers import LABELS, oracle_answers
from radsim.game import Array

__all__ = ["Mistakes", "natural_mistakes", "oracle_mistakes"]

Inclusion = Callable[[Array, np.random.Generator], Array]


@dataclass(frozen=True, eq=False)
class Mistakes:
    """Where the teacher is wrong, and its answers.

    Attributes
    ----------
    pool : ndarray of bool, shape (n,)
        Where it is wrong; of a teacher that answers the strategy, not known before the choice.
    count : int
        Mistakes on the pool.
    validation : ndarray, shape (v, K)
        Its answers on validation points.
    said : callable
        (places in the pool, whether it is wrong there) -> its answers, shape (k, K).
    answers : str
        A row of `REPLIES`, or "".
    patience : float
    """

    pool: Array
    count: int
    validation: Array
    said: Callable[[Array, Array], Array]
    answers: str = ""
    patience: float = 0.0

    def replied(
        self, asked: Asked, left: int, t: int, n_rounds: int, rng: np.random.Generator
    ) -> Array | None:
        """Where it errs among the points that are left, if it answers the strategy by now."""
        if not self.answers or t < int(self.patience * n_rounds):
            return None
        return REPLIES[self.answers](asked, left, rng)


def natural_mistakes(case: Case) -> Mistakes:
    """Mistakes and answers of a teacher that learnt, or of a file."""
    split, soft = case.split, natural_answers(case)
    wrong = (soft.argmax(axis=1) != split.labels)[split.pool]
    answers = LABELS[case.setting.labels](soft)
    return Mistakes(
        wrong,
        int(wrong.sum()),
        answers[split.validation],
        lambda places, _: answers[split.pool[places]],
    )


def oracle_mistakes(case: Case, expected: Callable[[int], Array]) -> Mistakes:
    """Mistakes of the oracle, which errs as it is told.

    Parameters
    ----------
    case : Case
    expected : callable
        m -> average best response to the strategy, on the pool and the validation points; called
        for noise models that need it only.
    """
    split, setting, seed, n = case.split, case.setting, case.seed, case.n
    both = np.concatenate([split.pool, split.validation])
    v, m = len(split.validation), round(setting.rate * n)
    pool, checks = np.zeros(n, dtype=bool), np.zeros(v, dtype=bool)
    shift = stream(seed, "confusion")
    noise = NOISES[setting.noise or "uniform"]
    p = np.concatenate([pool_predictions(first_student(case, v), split), first_cross_fit(case, v)])
    gains = gains_from_probabilities(p, setting.gain)
    reply = expected(m) if noise.uses == "reply" and m and setting.noise else np.zeros(n + v)
    blocks = clusters(split, seed) if noise.uses == "clusters" else split.labels
    points = Points(gains, split.labels[both], blocks[both], reply, split.features[both], p)
    if setting.noise is None:
        m = 0
    if m:
        pool, checks = draw_mistakes(noise.law, points, n, m, rng=stream(seed, "noise"))
    named = noise.named(points, shift)
    answer = LABELS[setting.labels]

    def said(places: Array, wrong: Array) -> Array:
        true = split.labels[split.pool[places]]
        return answer(oracle_answers(true, split.n_classes, wrong, named[places]))

    validation = oracle_answers(split.labels[split.validation], split.n_classes, checks, named[n:])
    return Mistakes(pool, m, answer(validation), said, noise.answers, noise.patience)


def expected_reply(case: Case, inclusion: Inclusion, m: int) -> Array:
    """Average best response to a strategy as if it asked in one round."""
    v = len(case.split.validation)
    p = pool_predictions(first_student(case, v), case.split)
    gains = gains_from_probabilities(p, case.setting.gain)
    checks = gains_from_probabilities(first_cross_fit(case, v), case.setting.gain)
    return average_reply(inclusion, gains, checks, m, rng=stream(case.seed, "play"))
