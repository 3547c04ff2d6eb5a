"""No strategy sees what it did not pay for, and no student judges what it learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from distilled import (
    ROWS,
    by_heart,
    contents,
    differing,
    mixture,
    own,
    saved,
    views,
)

from radsim.distillation import NOISES, STRATEGIES, STUDENTS, Setting, compare
from radsim.distillation import case as case_module
from radsim.distillation import loop as module
from radsim.distillation.audited import at_random

HIDDEN = ("pool", "private", "test")


def split_of(setting, seed=0):
    return case_module.case_of(setting, seed).split


def relabelled(data, points):
    labels = data.labels.copy()
    labels[points] = (labels[points] + 1) % 5
    return labels


def _tables_that_differ_unseen(tmp_path):
    """Two tables: other labels on the pool, other points in the test and private sets."""
    data = mixture()
    one = saved(tmp_path / "one.npz", data)
    split = split_of(Setting(data=one))
    features = data.features.copy()
    for part in (split.private, split.test):
        features[part] = 3 * features[part] - 5
    unseen = np.concatenate([getattr(split, name) for name in HIDDEN])
    return one, saved(tmp_path / "two.npz", data, relabelled(data, unseen), features)


def test_a_first_view_does_not_depend_on_what_is_hidden(tmp_path, monkeypatch):
    one, two = _tables_that_differ_unseen(tmp_path)
    for noise in ("uniform", "gain^3", "top-m", "exact best response", "stealthy"):
        first, second = (views(Setting(data=path, noise=noise)) for path in (one, two))
        # Those of fictitious play come before that of the round.
        assert len(first) == (9 if NOISES[noise].uses == "reply" else 1)
        assert [differing(a, b) for a, b in zip(first, second, strict=True)] == [[]] * len(first)
    # The check notices a student that was fitted on the pool's labels.
    honest = module._known

    def leaking(case, state):
        both = replace(
            case.split, labelled=np.concatenate([case.split.labelled, case.split.pool[:50]])
        )
        return honest(replace(case, split=both), state)

    monkeypatch.setattr(module, "_known", leaking)
    (first,), (second,) = (views(Setting(data=path, noise="uniform")) for path in (one, two))
    assert differing(first, second) == ["labelled_targets"]


def _checking(setting):
    """The views of an audit in three rounds of two stages, as it chooses, checks and learns."""
    seen = []

    def watching(name, rule):
        def rule_of(view, rng):
            seen.append(view)
            return rule(view, rng)

        return {name: rule_of}

    row = own(
        watching("choose", ROWS["margin"].choose)["choose"],
        **watching("check", at_random),
        **watching("learn", STRATEGIES["audited"].learn),
        reserve=lambda budget, n_trusted: 12,
        stages=2,
    )
    (outcome,) = compare(setting, {"own": row}, 0)
    assert len(seen) == 15  # six batches are chosen and checked, three rounds are learnt
    return seen, outcome


def test_later_views_depend_on_the_truth_that_was_bought_alone(tmp_path):
    """A teacher from a file answers whatever is true: only checks tell."""
    data = mixture()
    rng = np.random.default_rng(71)
    named = np.where(rng.random(600) < 0.3, rng.integers(0, 5, 600), data.labels)
    np.save(tmp_path / "teacher.npy", np.eye(5)[named])
    setting = Setting(
        data=saved(tmp_path / "one.npz", data),
        teacher=str(tmp_path / "teacher.npy"),
        budget=0.2,
        rounds=3,
    )
    first, outcome = _checking(setting)
    split = split_of(setting)
    told = first[-1].told
    # A point of the pool is known by its features.
    rows = {x.tobytes(): k for k, x in zip(split.pool, split.features[split.pool], strict=True)}
    asked = np.array([rows[x.tobytes()] for x in told.features])
    bought = asked[told.checked]
    assert len(bought) == outcome.n_checked == 12
    np.testing.assert_array_equal(told.truth[told.checked], data.labels[bought])
    assert np.all(told.truth[~told.checked] == -1)

    unseen = np.setdiff1d(np.concatenate([getattr(split, name) for name in HIDDEN]), bought)
    other = saved(tmp_path / "two.npz", data, relabelled(data, unseen))
    second, _ = _checking(replace(setting, data=other))
    for a, b in zip(first, second, strict=True):
        assert set(differing(a, b)) <= {"true_mistakes"}
    # A bought label that is another is seen as soon as it is bought, and by no view before.
    last = bought[-1:]
    third, _ = _checking(
        replace(setting, data=saved(tmp_path / "three.npz", data, relabelled(data, last)))
    )
    changed = ["told.truth" in differing(a, b) for a, b in zip(first, third, strict=True)]
    assert changed[-1] and not changed[0] and changed == sorted(changed)


@pytest.mark.parametrize("stages", [1, 2])
def test_no_prediction_is_of_a_student_that_learnt_the_point(tmp_path, monkeypatch, stages):
    """A student that knows by heart what it learnt, and of other points nothing."""
    monkeypatch.setitem(STUDENTS, "by heart", by_heart)
    setting = Setting(
        data=saved(tmp_path / "small.npz", mixture()),
        student="by heart",
        noise="uniform",
        budget=0.2,
        rounds=3,
    )

    def leaks():
        seen = views(setting, stages=stages, reserve=lambda budget, n_trusted: 10)
        assert len(seen) == 3 * stages
        found = set()
        for view in seen:
            p = contents(view)
            for name in (
                "probabilities",
                "first_probabilities",
                "cross_fit",
                "first_cross_fit",
                "told.probabilities",
            ):
                if not np.allclose(p[name], 1 / 5):
                    found.add(name)
        return found

    assert leaks() == set()

    def of_all(fit, known, validation, *, seed):
        x, t = (np.concatenate([a, b]) for a, b in zip(known[:2], validation, strict=True))
        return fit(x, t, rng=np.random.default_rng(seed)).probabilities(validation[0])

    monkeypatch.setattr(module, "cross_fitted", of_all)
    assert leaks() == {"cross_fit"}


def test_the_student_learns_the_trusted_labels_and_the_lesson(tmp_path, monkeypatch):
    """All labelled and validation points, and answers that weigh something, once each."""
    fits = []

    def watched(features, targets, weights=None, *, rng):
        fits.append((features, targets, weights))
        return STUDENTS["softmax"](features, targets, weights, rng=rng)

    monkeypatch.setitem(STUDENTS, "watched", watched)
    setting = Setting(data=saved(tmp_path / "small.npz", mixture()), student="watched", budget=0.1)
    learn = STRATEGIES["margin"].learn

    def half(view, rng):
        lesson = learn(view, rng)
        return replace(lesson, weights=np.where(np.arange(30) < 15, 0.0, 0.5))

    told = []
    row = own(
        ROWS["margin"].choose,
        reserve=lambda budget, n_trusted: 20,
        learn=lambda view, rng: told.append(view.told) or half(view, rng),
    )
    compare(setting, {"own": row}, 0)
    split, eye = split_of(setting), np.eye(5)
    trusted = np.concatenate([split.labelled, split.validation[:80]])
    # The last fits are of the outcome's reference students, made once for all strategies.
    after = [fit for fit in fits if fit[2] is not None and len(fit[0]) == 50 + 80 + 15]
    ((x, t, w),) = after
    np.testing.assert_array_equal(np.sort(w), np.repeat([0.5, 1.0], [15, 130]))
    expected = np.concatenate([split.features[trusted], told[0].features[15:]])
    order, other = np.lexsort(x.T), np.lexsort(expected.T)
    np.testing.assert_array_equal(x[order], expected[other])
    labels = np.concatenate([eye[split.labels[trusted]], learn_targets(told[0])[15:]])
    np.testing.assert_array_equal(t[order], labels[other])


def learn_targets(told):
    targets = told.answers.copy()
    targets[told.checked] = np.eye(5)[told.truth[told.checked]]
    return targets
