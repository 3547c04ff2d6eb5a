"""Audits: blind draws, a profile that moves with what they show, answers weighed by Bayes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom
from views import erring, having_told, view_of

from radsim.distillation import audited as module
from radsim.distillation.audited import AUDIT, at_random, audited, audited_inclusion, believed
from radsim.distillation.error_model import mistake_probabilities
from radsim.distillation.guarded import Guard, guarded, guarded_inclusion
from radsim.distillation.shifts import SHIFTS, shift_posterior, shifted
from radsim.distillation.view import View
from radsim.game import Array

N, V, A, D, B = 300, 200, 60, 6, 60
PICKS = np.arange(B)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([47, seed])


def world_of(n_classes: int) -> tuple[View, Array]:
    """A view whose teacher errs on three of ten validation points, and all labels."""
    chance = rng()
    labels = chance.integers(n_classes, size=N + V + A)
    x = 1.5 * np.eye(n_classes, D)[labels] + chance.normal(size=(len(labels), D))
    view = view_of(x, labels, N, V, B)
    return replace(erring(view, chance.random(V) < 0.3), n_checks=15), labels


def told(view: View, labels: Array, wrong: Array, checked: Array, profile: float = 0.3) -> View:
    k = view.probabilities.shape[1]
    answers = np.eye(k)[(labels[PICKS] + wrong) % k]
    truth = np.where(checked, labels[PICKS], -1)
    return having_told(view, PICKS, answers, profile=profile, truth=truth)


ALL, NONE = np.ones(B, dtype=bool), np.zeros(B, dtype=bool)


def test_audits_are_the_same_whatever_was_answered() -> None:
    view, labels = world_of(4)
    for seed in range(20):
        first, *others = (
            at_random(told(view, labels, wrong, NONE), rng(seed))
            for wrong in (NONE, ALL, PICKS % 2 == 0)
        )
        assert len(np.unique(first)) == 15
        for other in others:
            np.testing.assert_array_equal(first, other)


def test_audits_take_every_answer_alike() -> None:
    """Hoeffding over the draws, a union bound over the answers, at 1e-9."""
    view, labels = world_of(4)
    here = told(view, labels, PICKS % 3 == 0, NONE)
    hits = np.zeros(B)
    for seed in range(400):
        hits[at_random(here, rng(seed))] += 1
    assert np.abs(hits / 400 - 15 / B).max() < np.sqrt(np.log(2 * B / 1e-9) / 800)


def test_audits_are_of_this_batch_only() -> None:
    view, labels = world_of(4)
    here = told(view, labels, NONE, NONE)
    batches = np.where(PICKS < 50, 0, 1)
    later = replace(here, batch=1, told=replace(here.told, batches=batches))
    # Ten answers came in this batch, fewer than may be checked.
    np.testing.assert_array_equal(np.sort(at_random(later, rng())), np.arange(50, 60))


def hedged(view: View, labels: Array, wrong: Array, checked: Array) -> tuple[float, float]:
    """Share and mistakes of the adversary in the second batch, after checks of the first."""
    later = replace(told(view, labels, wrong, checked), batch=1, n_batches=2)
    seen = []

    def watching(view, profile, guard, mistakes):
        seen.append((*guard.shares, mistakes))
        return guarded_inclusion(view, profile, guard, mistakes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "guarded_inclusion", watching)
        audited_inclusion(later, mistake_probabilities(later))
    ((share, mistakes),) = seen
    return share, mistakes


def test_without_checks_audited_is_guarded_at_the_prior_s_share() -> None:
    view, _ = world_of(4)
    r = mistake_probabilities(view)
    share = float(SHIFTS.prior[SHIFTS.grid > AUDIT.worse].sum())
    np.testing.assert_allclose(
        audited_inclusion(view, r),
        guarded_inclusion(view, r, Guard(shares=(share,))),
        rtol=0,
        atol=1e-9,
    )
    for choose in (audited, guarded):
        np.testing.assert_array_equal(choose(view, rng()).info["profile"], r)


def test_checks_that_were_wrong_call_for_a_hedge() -> None:
    view, labels = world_of(4)
    none, _ = hedged(view, labels, NONE, NONE)
    shares, left = zip(
        *(hedged(view, labels, PICKS % 20 < k, ALL) for k in (0, 6, 12, 20)), strict=True
    )
    assert np.all(np.diff(shares) > 0) and shares[0] < none < shares[-1]
    # Mistakes that were made on what was asked are not left for the rest.
    assert np.all(np.diff(left) <= 0) and min(left) >= 0


def test_the_alarm_is_raised_where_checks_contradict_v() -> None:
    view, labels = world_of(4)
    worse, usual, better = (
        believed(told(view, labels, wrong, ALL), rng()).info
        for wrong in (ALL, PICKS % 10 < 3, NONE)
    )
    assert worse["alarm"] and not usual["alarm"] and not better["alarm"]
    assert worse["shift"] > AUDIT.worse > usual["shift"] > better["shift"]


def test_false_alarms_are_as_rare_as_the_prior_says() -> None:
    r"""Where there is no shift, alarms have probability at most (1 - a)/a P(worse)/P(none).

    Binomial tail at 1e-9.
    """
    view, labels = world_of(4)
    prior, middle = SHIFTS.prior, SHIFTS.n_grid // 2
    odds = prior[SHIFTS.grid > AUDIT.worse].sum() / prior[middle]
    most = (1 - AUDIT.alarm) / AUDIT.alarm * odds
    alarms = sum(
        believed(told(view, labels, rng(seed).random(B) < 0.3, PICKS < 20), rng()).info["alarm"]
        for seed in range(200)
    )
    assert alarms <= binom.isf(1e-9, 200, most)
    # As rare an alarm is no dead one: with all answers wrong it is certain.
    assert binom.isf(1e-9, 200, most) < 200


def test_two_classes_are_weighed_by_bayes_alone() -> None:
    """With one wrong class nothing is to be known of which: the odds are those of r and p."""
    view, labels = world_of(2)
    checked = PICKS < 20
    here = told(view, labels, PICKS % 2 == 0, checked)
    seen = shift_posterior(
        np.full(20, 0.3), here.told.wrong[checked], np.zeros(20, dtype=int), here.n_batches
    )
    r = shifted(np.full(B, 0.3), seen, np.zeros(B, dtype=int))
    named = here.told.answers.argmax(axis=1)
    p = here.told.probabilities[PICKS, named]
    sure = p * (1 - r) / (p * (1 - r) + (1 - p) * r)
    targets = believed(here, rng()).targets
    np.testing.assert_allclose(targets[~checked, named[~checked]], sure[~checked], atol=1e-4)


def test_a_teacher_that_was_always_right_is_believed() -> None:
    view, labels = world_of(4)
    sure = erring(view, np.zeros(V, dtype=bool))
    here = told(sure, labels, NONE, ALL, profile=0.002)
    half = replace(here, told=replace(here.told, truth=np.where(PICKS < 30, labels[PICKS], -1)))
    targets = believed(half, rng()).targets
    assert targets[PICKS, labels[PICKS]].mean() > 0.9


def test_mistakes_that_name_the_favourites_make_favourites_doubtful() -> None:
    """V's mistakes name the student's favourite wrong class, or its least favourite."""
    view, _ = world_of(4)
    rows = np.arange(V)
    wrong = view.validation_wrong
    p = view.validation_probabilities.copy()
    p[rows, view.validation_labels] = np.nan
    doubt = []
    for named in (np.nanargmax(p, axis=1), np.nanargmin(p, axis=1)):
        said = np.where(wrong, named, view.validation_labels)
        known = replace(view, validation_answers=np.eye(4)[said])
        # Every answer names the student's second class.
        favourite = np.argsort(-view.probabilities[PICKS], axis=1)[:, 1]
        here = having_told(known, PICKS, np.eye(4)[favourite], profile=0.3)
        doubt.append(believed(here, rng()).targets[PICKS, favourite])
    assert doubt[0].mean() < doubt[1].mean() - 0.05
