"""Every strategy has the same trusted labels and answers; what it may not do is refused."""

from __future__ import annotations

import numpy as np
import pytest
from distilled import ROWS, mixture, own, saved, views

from radsim.distillation import NOISES, STRATEGIES, Setting, compare
from radsim.distillation.audited import at_random
from radsim.distillation.lessons import LESSONS, Lesson
from radsim.selectors import Selection

TEN = {"reserve": lambda budget, n_trusted: 10}


@pytest.fixture
def table(tmp_path):
    return saved(tmp_path / "small.npz", mixture())


@pytest.mark.parametrize("rounds", [1, 3])
@pytest.mark.parametrize("noise", ["gain^2", "hidden best response"])
def test_all_strategies_cost_the_same(table, rounds, noise):
    budget, v = 45, 100
    setting = Setting(data=table, noise=noise, rounds=rounds, budget=0.15)
    for o in compare(setting, list(STRATEGIES), 0):
        price = STRATEGIES[o.strategy].price
        if price is None:
            sparing = "abstaining" in o.strategy or o.strategy == "nobody"
            assert o.n_queried == budget or (sparing and o.n_queried <= budget)
            assert o.n_trusted == v or (sparing and o.n_trusted <= v)
        else:
            assert o.n_queried == 0
            bought = o.n_trusted - v
            assert bought >= 0 and budget - price < price * bought <= budget
            assert o.n_checked == bought and o.n_checked_wrong == 0
            assert np.isnan(o.queried_accuracy)
        assert 0 <= o.n_checked_wrong <= o.n_checked <= o.n_trusted


@pytest.mark.parametrize("name", [n for n, row in STRATEGIES.items() if row.price is not None])
def test_bought_labels_do_not_depend_on_the_teacher(table, name):
    honest, liar = (
        compare(Setting(data=table, noise=noise, rate=0.5, budget=0.15), [name], 0)[0]
        for noise in (None, "hidden best response")
    )
    assert honest.test_accuracy == liar.test_accuracy
    assert honest.realised_gain == liar.realised_gain >= 0


def test_what_is_kept_back_is_no_validation_point(table):
    (kept,) = views(Setting(data=table), **TEN)
    (all_,) = views(Setting(data=table))
    assert (len(kept.validation_labels), len(all_.validation_labels)) == (90, 100)
    np.testing.assert_array_equal(kept.validation_features, all_.validation_features[:90])
    np.testing.assert_array_equal(kept.validation_answers, all_.validation_answers[:90])
    assert (kept.n_checks, all_.n_checks) == (10, 0)
    many = views(Setting(data=table, rounds=2, budget=0.1), **TEN, stages=2)
    assert [v.n_checks for v in many] == [3, 2, 3, 2]
    with pytest.raises(ValueError, match=r"own: reserve = 101 must be .* in \[0, 100\]"):
        views(Setting(data=table), reserve=lambda budget, n_trusted: 101)


@pytest.mark.parametrize("lesson", [*LESSONS, "believed"])
def test_checked_answers_are_the_truth_whatever_the_lesson(table, lesson):
    learn = STRATEGIES["audited"].learn if lesson == "believed" else LESSONS[lesson][0]
    seen = []

    def watched(view, rng):
        found = learn(view, rng)
        seen.append((view.told, found))
        return found

    row = own(ROWS["margin"].choose, learn=watched, **TEN)
    setting = Setting(data=table, noise="top-m", budget=0.15, rounds=2)
    (o,) = compare(setting, {"own": row}, 0)
    for told, found in seen:
        np.testing.assert_array_equal(
            found.targets[told.checked], np.eye(5)[told.truth[told.checked]]
        )
        assert np.all(found.weights[told.checked] == 1)
    assert o.n_checked == seen[-1][0].checked.sum() == 10
    assert o.n_checked_wrong == seen[-1][0].wrong.sum() > 5  # margin asks where top-m errs


def test_unchecked_answers_are_those_of_a_strategy_without_checks(table):
    told = []

    def watched(view, rng):
        told.append(view.told)
        return LESSONS["plain"][0](view, rng)

    for reserve in (0, 10):
        row = own(ROWS["margin"].choose, learn=watched, reserve=lambda b, v, k=reserve: k)
        compare(Setting(data=table, n_validation=100, noise="top-m"), {"own": row}, 0)
    assert [t.checked.sum() for t in told] == [0, 10]
    # The student has fewer labels and other gains, but where both ask they hear the same.
    rows = {
        x.tobytes(): answer for x, answer in zip(told[0].features, told[0].answers, strict=True)
    }
    common = [k for k, x in enumerate(told[1].features) if x.tobytes() in rows]
    assert len(common) > 5
    for k in common:
        np.testing.assert_array_equal(told[1].answers[k], rows[told[1].features[k].tobytes()])


CHECKS = {
    "of another batch": (
        lambda view, rng: np.array([0]) if view.batch else at_random(view, rng),
        r"own checks answer 0, which is none of this batch's",
    ),
    "of nothing": (lambda view, rng: [99], "own checks answer 99, which is none of this batch's"),
    "too many": (
        lambda view, rng: np.flatnonzero(view.told.batches == view.batch)[: view.n_checks + 1],
        "own checks 6 answers, it may check 5",
    ),
    "all by a mask": (
        lambda view, rng: view.told.batches == view.batch,
        "own checks 8 answers, it may check 5",
    ),
    "one twice": (lambda view, rng: [1, 1], "own checks an answer twice"),
    "half of one": (lambda view, rng: [0.5], r"own: checks\[0\] = 0.5 must be a whole number"),
    "before the first": (lambda view, rng: [-1], r"own: checks\[0\] = -1"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_checks_that_may_not_be_are_refused(table, name):
    check, says = CHECKS[name]
    setting = Setting(data=table, budget=0.05, rounds=2)
    with pytest.raises(ValueError, match=says):
        compare(setting, {"own": own(ROWS["margin"].choose, check=check, **TEN)}, 0)


def _lesson(targets=None, weights=None):
    def learn(view, rng):
        k = len(view.told.truth)
        plain = LESSONS["plain"][0](view, rng)
        return Lesson(
            plain.targets if targets is None else targets(plain.targets),
            plain.weights if weights is None else weights(np.ones(k)),
        )

    return learn


TAUGHT = {
    "NaN": (_lesson(targets=lambda t: t * np.nan), r"own: targets\[0, 0\] = nan"),
    "negative": (_lesson(targets=lambda t: t - 0.5), r"own: targets\[0, 0\] = -0.5"),
    "of other classes": (
        _lesson(targets=lambda t: t[:, :4]),
        r"shape \(15, 4\) and .* \(15,\), not",
    ),
    "of fewer points": (_lesson(targets=lambda t: t[1:]), r"own learns targets of shape \(14, 5\)"),
    "no distribution": (_lesson(targets=lambda t: t / 2), r"own: targets.* 0.5"),
    "weights of fewer": (_lesson(weights=lambda w: w[1:]), r"weights of shape \(14,\)"),
    "an infinite weight": (_lesson(weights=lambda w: w * np.inf), r"own: weights\[0\] = inf"),
    "a negative weight": (_lesson(weights=lambda w: -w), r"own: weights\[0\] = -1"),
}


@pytest.mark.parametrize("name", TAUGHT)
def test_lessons_that_cannot_be_are_refused(table, name):
    learn, says = TAUGHT[name]
    with pytest.raises(ValueError, match=says):
        compare(Setting(data=table), {"own": own(ROWS["margin"].choose, learn=learn)}, 0)


@pytest.mark.parametrize(
    ("info", "says"),
    [
        ({"profile": np.full(300, 1.5)}, r"own: profile\[0\] = 1.5 must be in \[0, 1\]"),
        ({"profile": np.full(299, 0.5)}, "own: profile has 299 entries, gains has 300"),
        ({"profile": np.full(300, np.nan)}, r"own: profile\[0\] = nan"),
        ({"stakes": np.full((300, 2), 0.5)}, "own: stakes must be one-dimensional"),
        ({"stakes": np.full(300, -1.0)}, r"own: stakes\[0\] = -1"),
    ],
)
def test_profiles_and_stakes_that_cannot_be_are_refused(table, info, says):
    row = own(lambda view, rng: Selection(np.arange(5), None, info))
    with pytest.raises(ValueError, match=says):
        compare(Setting(data=table), {"own": row}, 0)


def test_strategies_are_names_of_rows(table):
    for wrong, says in (
        ("margin", "strategies = 'margin' must be a list of names"),
        (["margin", 3], r"strategies\[1\] = 3 must be of type str"),
        (["margin", "rad + droped"], r"strategies\[1\]: lesson = 'droped' must be one of plain"),
    ):
        with pytest.raises(ValueError, match=says):
            compare(Setting(data=table), wrong, 0)


@pytest.mark.parametrize("noise", [n for n, row in NOISES.items() if not row.answers])
def test_all_strategies_meet_the_same_mistakes(table, noise):
    """A teacher that does not answer the strategy errs alike, whoever keeps labels back."""
    if NOISES[noise].uses == "reply":  # which is an answer to the strategy, if an average one
        return
    seen = []

    def watching(view, rng):
        seen.append(view)
        return ROWS["uniform"].choose(view, rng)

    compare(
        Setting(data=table, noise=noise), {"one": own(watching), "two": own(watching, **TEN)}, 0
    )
    first, second = seen
    assert first.true_mistakes == second.true_mistakes == 90
    np.testing.assert_array_equal(first.validation_answers[:90], second.validation_answers)
