"""Adapters on plain arrays, and inside the libraries of the extra `peers` where it is installed."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from radsim import Game, sample, select, solve
from radsim.adapters import (
    modal_query,
    select_from_logits,
    select_from_model,
    select_from_probabilities,
)
from radsim.data.gains import gains_from_probabilities
from radsim.selectors import SELECTORS


def _digits(n_labelled=40, n=400):
    data, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))[:n]
    return data[order] / 16, labels[order], np.arange(n_labelled)


def _model():
    return LogisticRegression(max_iter=2000)


def _rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", [name for name in SELECTORS if name != "oracle"])
def test_every_selector_runs_on_a_model(name):
    x, y, few = _digits()
    model = _model().fit(x[few], y[few])
    found = select_from_model(model, x[40:], 15, rng=_rng(), selector=name)
    assert len(set(found.indices.tolist())) == 15


def test_logits_are_softmaxed_without_overflow():
    logits = np.array([[1000.0, 0.0], [0.1, 0.0], [-1000.0, -1000.0]])
    found = select_from_logits(logits, 2, rng=_rng(), selector="margin")
    assert sorted(found.indices.tolist()) == [1, 2]

    class Tensor:
        """What PyTorch's tensors offer."""

        def detach(self):
            return self

        def cpu(self):
            return self

        def numpy(self):
            return logits.astype(np.float32)

    again = select_from_logits(Tensor(), 2, rng=_rng(), selector="margin")
    assert np.array_equal(found.indices, again.indices)


def test_rad_fills_the_batch_without_any_guarantee():
    p = np.tile([0.5, 0.5], (6, 1))
    found = select_from_probabilities(p, 4, rng=_rng(), mistake_rate=1)
    assert len(found.indices) == 4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: select_from_probabilities(p, 1, rng=_rng(), selector="oracle"), "must be one"),
        (lambda p: select_from_probabilities(p, 1, rng=_rng(), selector="badge"), "embeddings"),
        (lambda p: select_from_probabilities(p, 1, rng=_rng(), mistake_rate=2), "rate = 2"),
        (lambda p: select_from_logits([[1.0, np.nan]], 1, rng=_rng()), r"logits\[0, 1\] = nan"),
        (lambda p: select_from_logits([[[1.0]]], 1, rng=_rng()), "logits must be two-dimensional"),
        (lambda p: select_from_logits([], 1, rng=_rng()), "logits needs at least one row"),
        (lambda p: select_from_logits([0.5, np.inf], 1, rng=_rng()), r"logits\[1\] = inf"),
        (
            lambda p: select_from_logits([[1, 2], [-np.inf, -np.inf]], 1, rng=_rng()),
            r"logits\[1\] is -inf for every class",
        ),
        (
            lambda p: select_from_probabilities([0.5, 1.5], 1, rng=_rng()),
            r"probabilities\[1\] = 1.5 must be in \[0, 1\]: one number a point is",
        ),
        (
            lambda p: select_from_probabilities([[0.5], [-2]], 1, rng=_rng()),
            r"probabilities\[1, 0\] = -2.0 must be in \[0, 1\]: one number a point is",
        ),
        (lambda p: select_from_probabilities([], 1, rng=_rng()), "at least one row and column"),
        (
            lambda p: select("margin", [[0.5], [0.1]], 1, rng=_rng()),
            r"gains must be one-dimensional, got shape \(2, 1\); of probabilities",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.array([[0.5, 0.5], [0.9, 0.1]]))


# --- modAL ---


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_in_a_modal_learner(size):
    """A fitted learner: fit and teach of modAL 0.4.2 fail under scikit-learn 1.8."""
    learners = pytest.importorskip("modAL.models")
    x, y, few = _digits()
    pool = x[40:]
    model = _model().fit(x[few], y[few])
    learner = learners.ActiveLearner(model, modal_query("rad", rng=_rng(3)))
    rng = _rng(3)
    for _ in range(3):
        picks, rows = learner.query(pool, n_instances=size)
        assert len(picks) == size
        assert np.array_equal(rows, pool[picks])
        # As without modAL, for the same seed: the strategy is called once a query.
        plain = select_from_model(model, pool, size, rng=rng)
        assert np.array_equal(picks, plain.indices)
        pool = np.delete(pool, picks, axis=0)


@pytest.mark.parametrize("name", [name for name in SELECTORS if name != "oracle"])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix, sparse.csr_array])
def test_a_pool_smaller_than_the_batch_is_asked_whole(name, form):
    x, y, few = _digits()
    model = _model().fit(x[few], y[few])
    for left in (1, 2, 30):
        query, pool = modal_query(name, rng=_rng()), form(x[-left:])
        with pytest.warns(UserWarning, match=rf"n_instances = 31 .* all of its {left} points"):
            picks, _ = query(model, pool, n_instances=31)
        assert sorted(picks) == list(range(left))


@pytest.mark.parametrize("size", [0, -1, 2.5, np.nan, "3", True])
def test_a_batch_that_is_no_count_is_named(size):
    with pytest.raises(ValueError, match=r"n_instances = .* must be a whole number"):
        modal_query("rad", rng=0)(_model(), np.eye(3), n_instances=size)


@pytest.mark.parametrize("name", ["rad", "margin", "badge"])
def test_a_learner_that_is_not_fitted_starts_at_random(name):
    pool = _digits()[0][:30]
    query = modal_query(name, rng=_rng(1))
    seen = np.zeros(30)
    for _ in range(400):
        picks, inclusion = query(_model(), pool, n_instances=6)
        assert len(set(picks.tolist())) == 6
        assert (inclusion == 0.2).all()
        seen[picks] += 1
    # Hoeffding and a union bound over the points: error level 1e-9.
    assert np.abs(seen / 400 - 0.2).max() <= np.sqrt(np.log(2 * 30 / 1e-9) / 800)
    with pytest.warns(UserWarning, match="all of its 30 points are asked"):
        assert query(_model(), pool, n_instances=40)[0].tolist() == list(range(30))


def test_sparse_pools_are_pools():
    x, y, few = _digits()
    model = _model().fit(x[few], y[few])
    for name in ("rad", "badge", "k_center"):
        expected = select_from_model(model, x[40:], 9, rng=_rng(), selector=name).indices
        for form in (sparse.csr_matrix, sparse.csr_array, sparse.csc_matrix):
            found = select_from_model(model, form(x[40:]), 9, rng=_rng(), selector=name).indices
            assert np.array_equal(found, expected)


def test_modals_own_learners_start_and_end():
    learners = pytest.importorskip("modAL.models")
    x = _digits()[0]
    learner = learners.ActiveLearner(_model(), modal_query("rad", rng=_rng(3)))
    assert len(set(learner.query(x, n_instances=5)[0].tolist())) == 5
    committee = learners.Committee([learner], query_strategy=modal_query("rad", rng=_rng(3)))
    assert len(set(committee.query(x, n_instances=5)[0].tolist())) == 5
    with pytest.warns(UserWarning, match="all of its 7 points are asked"):
        picks, rows = learner.query(x[:7], n_instances=8)
    assert picks.tolist() == list(range(7))
    assert np.array_equal(rows, x[:7])


def test_margin_is_that_of_modal():
    uncertainty = pytest.importorskip("modAL.uncertainty")
    x, y, few = _digits()
    model = _model().fit(x[few], y[few])
    theirs = {
        "margin": uncertainty.margin_sampling,
        "entropy": uncertainty.entropy_sampling,
        "least_confidence": uncertainty.uncertainty_sampling,
    }
    for name, strategy in theirs.items():
        ours, _ = modal_query(name, rng=_rng())(model, x[40:], n_instances=12)
        assert set(strategy(model, x[40:], n_instances=12)[0]) == set(ours), name


# --- scikit-activeml ---


def _pool_loop(**options):
    """A scikit-activeml loop on digits: every round's picks, and q as solved by hand."""
    pytest.importorskip("skactiveml")
    from skactiveml.classifier import SklearnClassifier

    from radsim.adapters.skactiveml import RobustSampling

    x, truth, few = _digits()
    y = np.full(len(truth), np.nan)
    y[few] = truth[few]
    classifier = SklearnClassifier(_model(), classes=np.arange(10))
    strategy = RobustSampling(mistake_rate=0.1, **options)
    rounds = []
    for _ in range(5):
        open_points = np.flatnonzero(np.isnan(y))
        p = clone(classifier).fit(x, y).predict_proba(x[open_points])
        picks = strategy.query(x, y, classifier, batch_size=20)
        rounds.append((open_points, p, picks))
        y[picks] = truth[picks]
    return rounds


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_picks_in_a_pool_loop_are_those_of_sample(seed):
    rng = np.random.default_rng(seed)
    for open_points, p, picks in _pool_loop(random_state=seed):
        gains = gains_from_probabilities(p)
        game = Game(gains, 0.1 * len(gains), 20, abstain=False)
        expected = open_points[sample(solve(game).inclusion, rng=rng)]
        assert np.array_equal(picks, expected)
        assert len(picks) == 20


@pytest.mark.parametrize("name", [name for name in SELECTORS if name != "oracle"])
def test_every_selector_goes_round_the_loop(name):
    taken = [picks for _, _, picks in _pool_loop(random_state=0, selector=name)]
    assert len(np.unique(np.concatenate(taken))) == 100


@pytest.fixture
def skactiveml_pool():
    pool = pytest.importorskip("skactiveml.pool")
    classifiers = pytest.importorskip("skactiveml.classifier")
    x, truth, few = _digits()
    y = np.full(len(truth), np.nan)
    y[few] = truth[few]
    return pool, x, y, classifiers.SklearnClassifier(_model(), classes=np.arange(10))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("margin", "margin_sampling"),
        ("entropy", "entropy"),
        ("least_confidence", "least_confident"),
    ],
)
def test_uncertainty_sets_are_those_of_scikit_activeml(skactiveml_pool, ours, theirs):
    pool, x, y, classifier = skactiveml_pool
    p = clone(classifier).fit(x, y).predict_proba(x[40:])
    for size in (1, 7, 60):
        strategy = pool.UncertaintySampling(method=theirs, random_state=0)
        picked = strategy.query(x, y, classifier, batch_size=size)
        found = select(ours, p, size, rng=_rng()).indices
        assert set(picked) == set(found + 40)


def test_k_center_is_that_of_scikit_activeml(skactiveml_pool):
    pool, x, y, _ = skactiveml_pool
    # Pixels of sixteen shades tie, and theirs breaks ties at random.
    x = x + 1e-3 * _rng(1).normal(size=x.shape)
    picked = pool.CoreSet(random_state=0).query(x, y, batch_size=60)
    found = select("k_center", x[40:], 60, rng=_rng(), labelled=x[:40]).indices
    assert picked.tolist() == (found + 40).tolist()
    # One labelled point in place of the start.
    alone = np.full(len(y), np.nan)
    alone[7] = 0
    picked = pool.CoreSet(random_state=0).query(x, alone, batch_size=30)
    found = select("k_center", x, 31, rng=_rng(), start=7).indices
    assert [7, *picked] == found.tolist()


def test_badge_draws_with_the_probabilities_of_scikit_activeml(skactiveml_pool):
    pool, x, y, classifier = skactiveml_pool
    from radsim.selectors.procedures import gradient_distances

    picked, utilities = pool.Badge(random_state=0).query(
        x, y, classifier, batch_size=3, return_utilities=True
    )
    p = clone(classifier).fit(x, y).predict_proba(x[40:])
    found = select("badge", p, 3, rng=_rng(), embeddings=x[40:]).indices
    assert found[0] + 40 == picked[0]
    a = p.copy()
    a[np.arange(len(p)), p.argmax(axis=1)] -= 1
    # Theirs counts the origin among the points that were picked.
    nearest = (a**2).sum(axis=1) * (x[40:] ** 2).sum(axis=1)
    for k in (0, 1):
        nearest = np.minimum(nearest, gradient_distances(a, x[40:], picked[k] - 40))
        nearest[np.array(picked[: k + 1]) - 40] = 0
        theirs = np.nan_to_num(utilities[k + 1, 40:])
        assert np.allclose(nearest / nearest.sum(), theirs, atol=1e-9)


def test_the_strategy_keeps_scikit_learns_conventions(skactiveml_pool):
    from radsim.adapters.skactiveml import RobustSampling

    _, x, y, classifier = skactiveml_pool
    strategy = RobustSampling(selector="softmax", options={"temperature": 0.5}, random_state=4)
    first = clone(strategy).query(x, y, classifier, batch_size=5)
    assert np.array_equal(first, clone(strategy).query(x, y, classifier, batch_size=5))
    fitted = clone(classifier).fit(x, y)
    picks, utilities = clone(strategy).query(
        x, y, fitted, fit_clf=False, batch_size=5, return_utilities=True
    )
    assert np.array_equal(picks, first)
    assert utilities.shape == (5, len(x))
    assert np.isnan(utilities[:, :40]).all()
    assert np.nansum(utilities[0]) == pytest.approx(5)
    assert np.isnan(utilities[1, picks[0]])
    # Candidates as indices and as samples.
    some = np.arange(100, 150)
    assert set(clone(strategy).query(x, y, classifier, candidates=some, batch_size=5)) <= set(some)
    given = clone(strategy).query(x, y, classifier, candidates=x[some], batch_size=5)
    assert max(given) < 50
    state = np.random.RandomState(0)
    wrapped = RobustSampling(random_state=state).query(x, y, classifier, batch_size=2)
    assert len(wrapped) == 2
    weight = np.ones(len(x))
    weighted = clone(strategy).query(x, y, classifier, sample_weight=weight, batch_size=5)
    assert np.array_equal(weighted, first)


@pytest.mark.parametrize("name", [name for name in SELECTORS if name != "oracle"])
def test_fewer_candidates_than_the_batch_are_all_queried(skactiveml_pool, name):
    from radsim.adapters.skactiveml import RobustSampling

    _, x, y, classifier = skactiveml_pool
    some = np.array([100, 120, 140])
    for candidates, expected in ((some, some), (x[some], [0, 1, 2]), (some[:1], some[:1])):
        with pytest.warns(UserWarning, match="is larger than number of candidates"):
            picks = RobustSampling(name, random_state=0).query(
                x, y, classifier, candidates=candidates, batch_size=20
            )
        assert sorted(picks) == list(expected)
    y = np.where(np.arange(len(y)) < 390, 0.0, np.nan)
    y[:40] = np.arange(40) % 10
    with pytest.warns(UserWarning, match="is larger than number of candidates"):
        picks = RobustSampling(name, random_state=0).query(x, y, classifier, batch_size=11)
    assert sorted(picks) == list(range(390, 400))


@pytest.mark.parametrize("name", ["rad", "softmax", "badge"])
@pytest.mark.parametrize("form", [sparse.csr_matrix, sparse.csr_array, sparse.coo_matrix])
def test_sparse_features_are_features(skactiveml_pool, name, form):
    from radsim.adapters.skactiveml import RobustSampling

    _, x, y, classifier = skactiveml_pool
    some = np.arange(100, 150)
    for kind in ({}, {"candidates": some}, {"candidates": x[some]}):
        expected = RobustSampling(name, random_state=0).query(
            x, y, classifier, batch_size=5, **kind
        )
        if np.ndim(kind.get("candidates")) == 2:
            kind = {"candidates": form(x[some])}
        found = RobustSampling(name, random_state=0).query(
            form(x), y, classifier, batch_size=5, **kind
        )
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("backend", ["sequential", "threading", "loky"])
def test_a_parallel_wrapper_is_refused_and_a_subsample_is_not(skactiveml_pool, backend):
    """Utilities of parts of a pool would hang on how many there are."""
    from radsim.adapters.skactiveml import RobustSampling

    pool, x, y, classifier = skactiveml_pool
    for n_jobs in (1, 2):
        wrapper = pool.ParallelUtilityEstimationWrapper(
            RobustSampling(random_state=0),
            n_jobs=n_jobs,
            parallel_dict={"backend": backend},
            random_state=0,
        )
        with pytest.raises(ValueError, match="must not be in a ParallelUtilityEstimationWrapper"):
            wrapper.query(x, y, clf=classifier)
    part = pool.SubSamplingWrapper(
        RobustSampling(random_state=0), max_candidates=50, random_state=0
    )
    assert len(part.query(x, y, clf=classifier, batch_size=5)) == 5
