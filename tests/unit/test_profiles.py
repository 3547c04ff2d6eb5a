"""Error profiles and limits: recovered, calibrated, refused when wrong."""

import numpy as np
import pytest

from radsim import Game, solve
from radsim.constrained import constrain, contaminate
from radsim.data.validation import (
    calibration,
    confidence_slack,
    error_profile,
    limits_from_confidence,
)
from radsim.teachers import rank_probabilities


def _data(seed, n=1200, v=400):
    rng = np.random.default_rng([67, *np.atleast_1d(seed)])
    gains = rng.random(n) ** 2
    truth = rank_probabilities(gains, 0.5, 0.15 * n)
    wrong = (rng.random(n) < truth).astype(float)
    return gains, truth, wrong, slice(0, v), slice(v, n)


def test_the_profile_is_recovered_and_calibrated():
    for seed in range(20):
        gains, truth, wrong, known, pool = _data(seed)
        profile = error_profile(gains[pool], gains[known], wrong[known])
        assert profile.calibration.accepts(1e-6)
        assert np.abs(profile.probabilities - truth[pool]).mean() < 0.06
        order = np.argsort(gains[pool])
        assert np.all(np.diff(profile.probabilities[order]) >= -1e-12)


def test_the_check_refuses_wrong_profiles():
    gains, truth, wrong, *_ = _data(0, n=4000)
    assert calibration(truth, wrong).accepts(1e-6)
    for broken in (truth / 2, np.minimum(1, 1.5 * truth), truth[::-1], 1 - truth):
        assert calibration(broken, wrong).p_value < 1e-6
    # The right rate but the wrong shape: mistakes do follow the gain.
    order = np.argsort(gains)
    shape = np.empty_like(truth)
    shape[order] = truth[order][::-1]
    assert calibration(shape, wrong).p_value < 1e-6


def test_the_check_keeps_its_level():
    # 400 trials at level 0.05: more than 50 rejections have probability 1e-9.
    rejected = 0
    for seed in range(400):
        _, truth, wrong, *_ = _data([seed, 1])
        rejected += not calibration(truth, wrong).accepts(0.05)
    assert rejected <= 50


def test_the_order_of_the_points_is_irrelevant():
    gains, _, wrong, known, pool = _data(1)
    first = error_profile(gains[pool], gains[known], wrong[known])
    order = np.argsort(gains[known])
    again = error_profile(gains[pool], gains[known][order], wrong[known][order])
    assert again.probabilities == pytest.approx(first.probabilities, abs=1e-6)
    assert again.calibration.p_value == pytest.approx(first.calibration.p_value, abs=1e-4)


def test_classes_have_shrunk_effects():
    rng = np.random.default_rng(71)
    n = 2000
    gains, classes = rng.random(n), rng.integers(0, 4, n)
    truth = np.where(classes == 3, 0.4, 0.1)
    wrong = (rng.random(n) < truth).astype(float)
    plain = error_profile(gains, gains, wrong)
    better = error_profile(gains, gains, wrong, classes=classes, validation_classes=classes)
    error = [np.abs(p.probabilities - truth).mean() for p in (plain, better)]
    assert error[1] < 0.3 * error[0]
    assert better.calibration.accepts(1e-6)
    # A class that no validation point has gets the effect zero, not an error.
    unseen = error_profile([0.5], gains, wrong, classes=[9], validation_classes=classes)
    assert 0.1 < unseen.probabilities[0] < 0.4
    # Two points of a rare class hardly move: the effect is shrunk.
    rare = np.where(np.arange(n) < 2, 7, 0)
    x = wrong.copy()
    x[:2] = 1
    tiny = error_profile([0.5, 0.5], gains, x, classes=[7, 0], validation_classes=rare)
    assert tiny.probabilities[0] < 0.6


def test_nothing_to_fit():
    for made in (0, 1, 49, 50):
        wrong = (np.arange(50) < made).astype(float)
        profile = error_profile([0.1, 0.9], np.linspace(0, 1, 50), wrong)
        assert profile.probabilities == pytest.approx([(made + 0.5) / 51] * 2)


def test_profile_and_limits_feed_the_games():
    gains, truth, wrong, known, pool = _data(2)
    profile = error_profile(gains[pool], gains[known], wrong[known])
    game = Game(gains[pool], 120, 50)
    # Half of the weight on what is known of the teacher: more is guaranteed.
    mixed = solve(contaminate(game, profile.probabilities, 0.5))
    assert mixed.certificate.accepts(1e-12)
    assert mixed.value > solve(game).value
    limited = solve(constrain(game, limits=limits_from_confidence(1 - truth[pool], 0.05)))
    assert limited.certificate.accepts(1e-12)
    assert limited.value > solve(game).value


def test_slack_covers_overconfidence():
    # Teachers whose confidence is 0.1 too high in each of five bins; the slack must reach that of
    # the bins' mean error.  Level 0.05 in 200 trials: at most 26 misses but for chance 1e-6.
    misses = 0
    for trial in range(200):
        rng = np.random.default_rng([73, trial])
        confidence = np.repeat([0.5, 0.6, 0.7, 0.8, 0.9], 60)
        wrong = (rng.random(300) < 1 - confidence + 0.1).astype(float)
        misses += confidence_slack(confidence, wrong, 0.05) < 0.1
    assert misses <= 26
    assert confidence_slack(np.full(50, 0.5), np.ones(50), 0.05, n_bins=1) == 0.5
    assert confidence_slack(np.zeros(50), np.zeros(50), 0.05, n_bins=1) == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: calibration([0.1, 1.2], [0, 1]), r"probabilities\[1\] = 1.2"),
        (
            lambda: calibration([0.1, 0.2], [0, 2]),
            r"wrong\[1\] = 2.0 must be a whole number in \[0, 1\]",
        ),
        (
            lambda: calibration([0.1, 0.2], [0, 1], 3),
            r"n_bins = 3 must be a whole number in \[1, 2\]",
        ),
        (lambda: calibration([0.1, 0.2], [0]), "wrong has 1 entries, needs at least 2"),
        (lambda: error_profile([1], [1, np.nan], [0, 1]), r"validation_gains\[1\] = nan"),
        (lambda: error_profile([1], [1, 2], [0, 1], classes=[0]), "given together"),
        (lambda: error_profile([1], [1, 2], [0, 1], folds=1), "folds = 1"),
        (
            lambda: error_profile([1], [1, 2], [0, 1], classes=[0], validation_classes=[0]),
            "validation_classes has 1 entries, validation_gains has 2",
        ),
        (lambda: limits_from_confidence([0.5, -1], 0), r"confidences\[1\] = -1.0"),
        (lambda: limits_from_confidence([0.5], -0.1), "slack = -0.1"),
        (lambda: confidence_slack([0.5, 0.5], [0, 1], 1.5), "delta = 1.5"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
