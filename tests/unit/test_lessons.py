"""Lessons: what was checked is the truth in each; what each makes of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from views import erring, having_told, view_of

from radsim.distillation.audited import believed
from radsim.distillation.lessons import LESSONS, answered
from radsim.distillation.view import View
from radsim.game import Array

N, V, A, K, D, B = 300, 200, 60, 4, 6, 80
ALL = {name: learn for name, (learn, _, _) in LESSONS.items()} | {"believed": believed}
PICKS = np.arange(B)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([43, seed])


@pytest.fixture(scope="module")
def world() -> tuple[View, Array, Array]:
    """The first 80 points were asked; a third of the answers is wrong, every second is checked."""
    chance = rng()
    labels = chance.integers(K, size=N + V + A)
    x = 2.5 * np.eye(K, D)[labels] + chance.normal(size=(len(labels), D))
    view = erring(view_of(x, labels, N, V, B), chance.random(V) < 0.3)
    wrong = PICKS % 3 == 0
    return asked(view, labels, wrong, PICKS % 2 == 0), labels[PICKS], wrong


def asked(view: View, labels: Array, wrong: Array, checked: Array) -> View:
    named = np.eye(K)[(labels[PICKS] + wrong) % K]
    answers = 0.8 * named + 0.05  # rows sum to one
    truth = np.where(checked, labels[PICKS], -1)
    return having_told(view, PICKS, answers, profile=0.3, truth=truth)


@pytest.mark.parametrize("name", ALL)
def test_what_was_checked_is_the_truth(name: str, world: tuple[View, Array, Array]) -> None:
    view, labels, _ = world
    lesson = ALL[name](view, rng())
    checked = view.told.checked
    np.testing.assert_array_equal(lesson.targets[checked], np.eye(K)[labels[checked]])
    assert np.all(lesson.weights[checked] == 1)


@pytest.mark.parametrize("name", ALL)
def test_a_lesson_is_soft_labels_and_weights(name: str, world: tuple[View, Array, Array]) -> None:
    lesson = ALL[name](world[0], rng())
    assert lesson.targets.shape == (B, K) and lesson.weights.shape == (B,)
    assert lesson.targets.min() >= 0
    np.testing.assert_allclose(lesson.targets.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert lesson.weights.min() >= 0 and lesson.weights.max() <= 1


@pytest.mark.parametrize("name", ALL)
def test_a_lesson_does_not_change_what_was_told(
    name: str, world: tuple[View, Array, Array]
) -> None:
    before = world[0].told.answers.copy()
    ALL[name](world[0], rng())
    np.testing.assert_array_equal(world[0].told.answers, before)


def test_plain_answers_are_as_they_are(world: tuple[View, Array, Array]) -> None:
    told = world[0].told
    lesson = ALL["plain"](world[0], rng())
    rest = ~told.checked
    np.testing.assert_array_equal(lesson.targets[rest], told.answers[rest])
    np.testing.assert_array_equal(lesson.targets, answered(told))
    assert np.all(lesson.weights == 1)


def test_mixed_answers_are_as_far_from_the_student_as_v_says(
    world: tuple[View, Array, Array],
) -> None:
    view, told = world[0], world[0].told
    rest = ~told.checked
    part = 1 - view.validation_wrong.mean()
    np.testing.assert_allclose(
        ALL["mixed"](view, rng()).targets[rest],
        part * told.answers[rest] + (1 - part) * told.probabilities[rest],
        rtol=0,
        atol=1e-12,
    )
    # A teacher that V has always right is believed, one always wrong is not heard.
    for wrong, what in ((False, told.answers), (True, told.probabilities)):
        sure = erring(view, np.full(V, wrong))
        np.testing.assert_allclose(ALL["mixed"](sure, rng()).targets[rest], what[rest], atol=1e-12)


def test_reweighted_answers_weigh_what_v_says_at_their_gain(
    world: tuple[View, Array, Array],
) -> None:
    """Wrong on the upper half of V's gains: answers there weigh nothing, those below all."""
    view, told = world[0], world[0].told
    middle = np.median(view.validation_gains)
    known = erring(view, view.validation_gains > middle)
    weights = ALL["reweighted"](known, rng()).weights
    low, high = np.quantile(view.validation_gains, [0.4, 0.6])
    assert np.all(weights[~told.checked & (told.gains > high)] == 0)
    assert np.all(weights[told.gains < low] == 1)


def test_dropped_answers_are_wrong_more_often_than_kept_ones(
    world: tuple[View, Array, Array],
) -> None:
    view, _, wrong = world
    lesson = ALL["dropped"](view, rng())
    dropped, rest = lesson.weights == 0, ~view.told.checked
    assert dropped.any() and not dropped[view.told.checked].any()
    assert wrong[dropped].mean() > 2 * wrong[rest].mean()
    assert wrong[rest & ~dropped].mean() < wrong[rest].mean() / 2


def test_dropped_answers_are_judged_by_students_that_did_not_learn_them(
    world: tuple[View, Array, Array],
) -> None:
    """Each answer is in what all students but one were fitted on."""
    view = world[0]
    seen = []

    def fit(features, targets, weights=None, *, rng):
        seen.append(features)
        return view.student

    ALL["dropped"](replace(view, fit=fit), rng())
    x = view.told.features
    learnt = np.array([[(row == found).all(axis=1).any() for row in x] for found in seen])
    np.testing.assert_array_equal(learnt.sum(axis=0), len(seen) - 1)


def test_believed_answers_are_wrong_less_often(world: tuple[View, Array, Array]) -> None:
    """Less weight on the named class where it is wrong than where it is right."""
    view, _, wrong = world
    rest = ~view.told.checked
    named = view.told.answers.argmax(axis=1)
    weight = ALL["believed"](view, rng()).targets[np.arange(B), named]
    assert weight[rest & wrong].mean() < weight[rest & ~wrong].mean() - 0.2
