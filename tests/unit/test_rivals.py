"""Rivals do what their papers say, start from what is known, and learn by their lessons."""

from dataclasses import replace

import numpy as np
import pytest

from radsim import select
from radsim.distillation import Setting, Strategy, compare, gaussian_mixture
from radsim.distillation.lessons import LESSONS, ROBUSTNESS
from radsim.distillation.rivals import RIVALS, calibrated, temperature_of, towards_uniform
from radsim.distillation.strategies import STRATEGIES, strategy_named
from radsim.distillation.view import Told
from radsim.selectors.coverage import pure_radius
from radsim.selectors.herding import geometric_median

FROM_KNOWN = ["k_center", "cdal", "pcoreset", "typiclust", "probcover", "max_herding"]


def _rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    data = gaussian_mixture(600, 5, 8, rng=_rng(17))
    path = tmp_path_factory.mktemp("table") / "small.npz"
    np.savez(path, features=data.features, labels=data.labels)
    return str(path)


@pytest.fixture(scope="module")
def views(table):
    """The view of the first round, and of the second, where points were asked about before."""
    seen = []

    def watching(view, rng):
        seen.append(view)
        return select("uniform", view.gains, view.budget, rng=rng)

    row = Strategy(watching, "of this test", "none")
    compare(Setting(data=table, noise="uniform", budget=0.1, rounds=2), {"watching": row}, 0)
    return seen


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_spends_its_budget_on_distinct_points_the_same_for_a_seed(name, views):
    assert STRATEGIES[name] is RIVALS[name]
    for view in views:
        first, again = (np.sort(RIVALS[name].choose(view, _rng(3)).indices) for _ in range(2))
        assert len(np.unique(first)) == view.budget == 15
        assert 0 <= first[0] and first[-1] < len(view.gains)
        np.testing.assert_array_equal(first, again)
        for budget in (1, len(view.gains)):
            assert len(RIVALS[name].choose(replace(view, budget=budget), _rng()).indices) == budget


@pytest.mark.parametrize("name", FROM_KNOWN)
def test_rows_that_spread_start_from_what_is_known(name, views):
    view = views[1]
    assert len(view.known_features) == 50 + 15 + len(view.validation_features)
    rest = {"embeddings": view.embeddings} if name == "probcover" else {}
    by_class = name in ("cdal", "pcoreset")
    first = view.probabilities if by_class or rest else view.embeddings
    known = view.known_probabilities if by_class else view.known_embeddings
    mine, from_known, alone = (
        np.sort(picks.indices).tolist()
        for picks in (
            RIVALS[name].choose(view, _rng(1)),
            select(name, first, 15, rng=_rng(1), labelled=known, **rest),
            select(name, first, 15, rng=_rng(1), **rest),
        )
    )
    assert mine == from_known != alone


@pytest.mark.parametrize("name", ["k_center", "pcoreset", "typiclust", "probcover", "max_herding"])
def test_a_labelled_group_is_left_alone(name):
    """Two tight groups, one with a labelled point in its middle: the first pick is in the other."""
    angle = _rng(1).uniform(0, 2 * np.pi, 40)
    z = np.column_stack((np.cos(angle), np.sin(angle))) / 50
    z[:20] += 1
    if name == "pcoreset":
        z = np.column_stack((0.3 * z[:, 0] + 0.3, 0.7 - 0.3 * z[:, 0]))
    known = z[:20].mean(axis=0, keepdims=True)
    data, rest = (np.full((40, 2), 0.5), {"embeddings": z}) if name == "probcover" else (z, {})
    for seed in range(5):
        assert select(name, data, 1, rng=seed, labelled=known, **rest).indices[0] >= 20


def test_typical_points_come_from_each_cluster_in_turn():
    # Clusters of 9, 8 and 5 points at 0, 1, 2, 4, ...: over the 4, 4 and 2 nearest ones the sums
    # of distances are 15, 12, 11, 13, ... and 3, 2, 3, ..., so 2, 2 and 1 are the most typical.
    z = np.concatenate([at + np.append(0, 2.0 ** np.arange(k - 1)) for at, k in BLOCKS])[:, None]
    picks = select("typiclust", z, 3, rng=0).indices
    assert z[picks, 0].tolist() == [2, 1e5 + 2, 2e5 + 1]  # the largest cluster first
    again = select("typiclust", z, 2, rng=0, labelled=[[4.0]]).indices
    assert z[again, 0].tolist() == [1e5 + 2, 2e5 + 1]


BLOCKS = ((0.0, 9), (1e5, 8), (2e5, 5))


def test_balls_cover_most_points_and_then_what_is_left():
    # Two classes 90 apart: balls of radius 90 - 4 hold a whole group.
    z = np.array([0.0, 1, 2, 3, 4, 94, 95, 96])[:, None]
    p = np.full((8, 2), 0.5)
    assert pure_radius(np.abs(z - z.T), np.repeat([0, 1], [5, 3])) == 90
    for seed in range(5):
        picks = select("probcover", p, 2, rng=seed, embeddings=z).indices
        assert picks[0] < 5 <= picks[1]
        every = select("probcover", p, 8, rng=seed, embeddings=z).indices
        assert sorted(every) == list(range(8))
    assert pure_radius(np.abs(z - z.T), np.zeros(8)) == np.inf


def test_bumps_are_chosen_greedily_by_what_they_add():
    z = _rng(4).normal(size=(60, 3))
    known = _rng(5).normal(size=(4, 3))
    width = z.var(axis=0).sum()

    def bump(a):
        return np.exp(-((a[:, None] - z) ** 2).sum(axis=2) / width)

    picks = select("max_herding", z, 12, rng=0, labelled=known).indices
    covered = bump(known).max(axis=0)
    for pick in picks:
        gain = np.maximum(bump(z) - covered, 0).sum(axis=1)
        assert gain[pick] >= gain.max() - 1e-4
        covered = np.maximum(covered, bump(z)[pick])
    same = select("max_herding", np.ones((5, 2)), 4, rng=0).indices
    assert len(set(same)) == 4


def test_herding_goes_to_the_median_and_not_to_outliers():
    rows = np.array([[0.0, 0], [2, 0], [0, 2], [2, 2], [1e6, 1]])
    distance = [np.linalg.norm(rows - at, axis=1).sum() for at in geometric_median(rows) + STEPS]
    assert distance[0] == min(distance)
    angle = np.deg2rad([0, 10, 20, 30, 40, 170, 180])
    z = np.column_stack((np.cos(angle), np.sin(angle)))
    mean = select("gm_matching", z, 4, rng=0).indices
    assert set(mean) <= {0, 1, 2, 3, 4}
    median, picked = geometric_median(z), z[select("gm_matching", z, 5, rng=0).indices]
    far = np.linalg.norm(picked.mean(axis=0) - median)
    assert far < np.linalg.norm(z.mean(axis=0) - median)


STEPS = np.concatenate([np.zeros((1, 2)), 1e-3 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])])


def test_accepting_at_random_is_drawing_by_the_doubt():
    """Against the loop of the paper; a binomial test for each point at 1e-9."""
    from scipy import stats

    from radsim.sampling.audit import successive_law

    p = np.array([[0.5, 0.5], [0.7, 0.3], [0.9, 0.1], [1.0, 0.0]])
    doubt = 1 - p.max(axis=1)
    expected = successive_law(2 * doubt / doubt.sum()).inclusion()
    rng, seen, loop = _rng(3), np.zeros(4), np.zeros(4)
    for _ in range(3000):
        seen[select("m_raru", p, 2, rng=rng).indices] += 1
        taken: list[int] = []
        while len(taken) < 2:
            i = int(rng.choice(np.setdiff1d(np.arange(4), taken)))
            if rng.random() < doubt[i]:
                taken.append(i)
        loop[taken] += 1
    for i in range(4):
        for hits in (seen, loop):
            assert stats.binomtest(int(hits[i]), 3000, min(1.0, expected[i])).pvalue > 1e-9


def test_probabilities_spread_by_euclidean_distance():
    p = np.array([[1.0, 0, 0], [0.98, 0.01, 0.01], [0.4, 0.6, 0], [0.4, 0.3, 0.3]])
    # Squared distances from the first: .0006.., .72, .54; then the last is .18 from the third.
    assert select("pcoreset", p, 3, rng=0, start=0).indices.tolist() == [0, 2, 3]
    assert select("pcoreset", p, 1, rng=0, labelled=p[:1]).indices.tolist() == [2]


def test_a_temperature_brings_confidence_to_the_share_that_is_right():
    p = np.tile([0.99, 0.01], (100, 1))
    labels = np.repeat([0, 1], [80, 20])
    assert calibrated(p, temperature_of(p, labels))[0, 0] == pytest.approx(0.8, abs=1e-3)
    assert temperature_of(p, np.zeros(100, dtype=int)) < 0.05
    np.testing.assert_allclose(calibrated(p, 1.0), p)


def _judged(view, wrong):
    """The same view with the teacher's answers on V made wrong there."""
    labels = view.validation_labels
    n_classes = view.probabilities.shape[1]
    return replace(
        view, validation_answers=np.eye(n_classes)[(labels + wrong.astype(int)) % n_classes]
    )


def test_expected_errors_follow_the_teachers(views):
    view = views[0]
    right = _judged(view, np.zeros(len(view.validation_labels), dtype=bool))
    doubt = 1 - calibrated(
        view.probabilities,
        temperature_of(view.validation_probabilities, view.validation_labels),
    ).max(axis=1)
    picks = RIVALS["calibrated_error"].choose(right, _rng()).indices
    assert set(picks) == set(np.argsort(-doubt, kind="stable")[:15])
    # A teacher that errs on the largest half is asked elsewhere.
    gains = view.validation_gains
    bad = RIVALS["calibrated_error"].choose(_judged(view, gains > np.median(gains)), _rng()).indices
    assert doubt[bad].mean() < doubt[picks].mean()


def test_sampling_stays_even_unless_errors_follow_the_gain(views):
    view = views[0]
    v, n_classes = len(view.validation_labels), view.probabilities.shape[1]
    labels = view.validation_labels
    hot = np.eye(n_classes)[labels]
    p = np.where(np.arange(v)[:, None] % 2 == 0, hot, np.roll(hot, 1, axis=1))
    known = {"validation_probabilities": p, "validation_gains": np.full(v, np.median(view.gains))}
    q, share = towards_uniform(_given(view, **known))
    assert share in (0.0, 1.0) or 0 < share < 1
    # Errors only where the gain is least: every step away from even sampling costs.
    known["validation_gains"] = np.where(np.arange(v) % 2 == 0, 1.0, 0.0)
    q, share = towards_uniform(_given(view, **known))
    assert share == 0
    np.testing.assert_allclose(q, 15 / len(q))
    # Errors only where it is largest: all the way.
    known["validation_gains"] = 1 - known["validation_gains"]
    q, share = towards_uniform(_given(view, **known))
    assert share == 1
    np.testing.assert_allclose(q, select("power", view.gains, 15, rng=0, exponent=1.0).inclusion)


def _given(view, **known):
    """A copy with properties of V given, in place of those that would be computed."""
    copy = replace(view)
    copy.__dict__.update(known)
    return copy


def _told(view, answers, probabilities=None, truth=None):
    k = len(answers)
    none = np.full(k, np.nan)
    p = np.full(answers.shape, 1 / answers.shape[1]) if probabilities is None else probabilities
    truth = np.full(k, -1) if truth is None else truth
    told = Told(view.features[:k], p, none, none, answers, truth, np.zeros(k, dtype=int))
    return replace(view, told=told)


def _named(view, k):
    """What a student of the trusted labels says of the first k points, one wrong in three."""
    n_classes = view.probabilities.shape[1]
    named = view.probabilities[:k].argmax(axis=1)
    odd = np.arange(k) % 3 == 0
    return np.eye(n_classes)[np.where(odd, (named + 2) % n_classes, named)], odd


def test_the_robust_lesson_is_a_fixed_point_of_its_weights(views):
    answers, odd = _named(views[0], 60)
    view = _told(views[0], answers)
    lesson = LESSONS["robust"][0](view, _rng())
    assert lesson.weights[odd].mean() < 0.5 * lesson.weights[~odd].mean()
    np.testing.assert_allclose(lesson.targets, answers)  # of hard answers weights change alone
    x, t = view.trusted
    student = view.fit(
        np.concatenate([x, view.told.features]),
        np.concatenate([t, lesson.targets]),
        np.concatenate([np.ones(len(x)), lesson.weights]),
        rng=_rng(),
    )
    p = student.probabilities(view.told.features)
    again = (answers * p).sum(axis=1) ** ROBUSTNESS
    assert np.abs(again - lesson.weights).mean() < 0.05


def test_checked_answers_have_full_weight(views):
    answers, odd = _named(views[0], 60)
    truth = np.where(odd, views[0].probabilities[:60].argmax(axis=1), -1)
    for name in ("robust", "mixed up"):
        lesson = LESSONS[name][0](_told(views[0], answers, truth=truth), _rng())
        np.testing.assert_array_equal(lesson.weights[odd], 1)
        np.testing.assert_array_equal(lesson.targets[odd], np.eye(5)[truth[odd]])


def test_soft_answers_are_reweighted_class_by_class(views):
    view = _told(views[0], np.full((30, 5), 0.2))
    lesson = LESSONS["robust"][0](view, _rng())
    np.testing.assert_allclose(lesson.targets.sum(axis=1), 1)
    assert np.all(lesson.targets.max(axis=1) > 0.2)


def test_only_the_surest_third_is_learnt_from_mixtures(views):
    answers, _ = _named(views[0], 45)
    view = _told(views[0], answers, views[0].probabilities[:45])
    lesson = LESSONS["mixed up"][0](view, _rng())
    p = view.told.probabilities
    entropy = -(p * np.log(p)).sum(axis=1)
    sure = np.argsort(-entropy, kind="stable")[30:]
    changed = np.flatnonzero((lesson.targets != answers).any(axis=1))
    assert sorted(changed) == sorted(sure)
    np.testing.assert_allclose(lesson.targets.sum(axis=1), 1)
    assert LESSONS["mixed up"][0](_told(view, answers[:1]), _rng()).targets.tolist() == [
        answers[0].tolist()
    ]


def test_every_rival_has_every_lesson(table):
    setting = Setting(data=table, budget=0.05)
    names = ["margin + robust", "typiclust + robust", "unixkd + robust", "uniform + mixed up"]
    outcomes = compare(setting, names, 0)
    assert [o.n_queried for o in outcomes] == [15] * 4
    assert strategy_named("unixkd + robust").learn is LESSONS["robust"][0]
    assert RIVALS["unixkd"].learn is LESSONS["mixed up"][0]


@pytest.mark.parametrize(
    ("name", "data", "rest", "words"),
    [
        ("typiclust", [[0.0], [np.inf]], {}, r"embeddings\[1, 0\] = inf"),
        ("typiclust", [[0.0]], {"labelled": [[0.0, 1.0]]}, "labelled has 2 columns, the pool has"),
        ("probcover", [[0.5, 0.5]], {"embeddings": [[1.0], [2.0]]}, "embeddings has 2 rows"),
        ("probcover", [[0.5, 0.5]], {}, "embeddings must be given"),
        ("max_herding", [[0.0]], {"labelled": [[np.nan]]}, r"labelled\[0, 0\] = nan"),
        ("gm_matching", [0.0], {}, "embeddings must be two-dimensional"),
        ("m_raru", [[0.5, 0.6]], {}, r"probabilities\[0\] sums to 1.1"),
        ("pcoreset", [[0.5, 0.5]], {"labelled": [[0.5, 0.6]]}, r"labelled\[0\] sums to 1.1"),
        ("pcoreset", [[0.5, 0.5]], {"start": 1}, "start = 1"),
    ],
)
def test_bad_input_is_named(name, data, rest, words):
    with pytest.raises(ValueError, match=words):
        select(name, data, 1, rng=0, **rest)
    with pytest.raises(ValueError, match="budget = 9"):
        table = np.full((2, 2), 0.5)
        extra = {"embeddings": table} if name == "probcover" else {}
        select(name, table, 9, rng=0, **extra)
