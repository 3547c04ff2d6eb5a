"""The error model finds what mistakes follow; the guarded selector makes use of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.special import expit
from scipy.stats import percentileofscore
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

from radsim.data.gains import gains_from_probabilities
from radsim.distillation import error_model
from radsim.distillation.error_model import TOLERANCE, mistake_probabilities
from radsim.distillation.guarded import guarded, guarded_inclusion
from radsim.distillation.students import softmax
from radsim.distillation.view import View
from radsim.game import Array

N, V, A, K, D, B = 400, 300, 60, 4, 6, 40


@pytest.fixture(scope="module")
def world() -> tuple[View, Array, Array]:
    """A view without mistakes; classes of pool and validation points."""
    chance = np.random.default_rng(1)
    labels = chance.integers(K, size=N + V + A)
    x = 3 * np.eye(K, D)[labels] + chance.normal(size=(len(labels), D))
    labelled, targets = x[N + V :], np.eye(K)[labels[N + V :]]
    p = softmax(labelled, targets, rng=chance).probabilities(x)
    gains = gains_from_probabilities(p, "margin")
    view = View(
        gains=gains[:N],
        budget=B,
        mistakes=0.0,
        true_mistakes=0.0,
        probabilities=p[:N],
        embeddings=x[:N],
        validation_gains=gains[N : N + V],
        validation_wrong=np.zeros(V, dtype=bool),
        validation_probabilities=p[N : N + V],
        validation_features=x[N : N + V],
        validation_labels=labels[N : N + V],
        labelled_features=labelled,
        labelled_targets=targets,
        labelled_weights=np.ones(A),
        fit=softmax,
    )
    return view, labels[:N], labels[N : N + V]


def told(view: View, wrong: Array) -> View:
    return replace(view, validation_wrong=wrong, mistakes=float(wrong.mean() * N))


def test_mistakes_at_random_leave_a_flat_profile(world: tuple[View, Array, Array]) -> None:
    wrong = np.random.default_rng(2).random(V) < 0.3
    r = mistake_probabilities(told(world[0], wrong))
    assert np.ptp(r) < 0.1
    assert abs(r.mean() - wrong.mean()) < 0.02


def test_mistakes_on_the_largest_gains_are_seen(world: tuple[View, Array, Array]) -> None:
    view = world[0]
    cut = np.quantile(view.validation_gains, 0.7)
    r = mistake_probabilities(told(view, view.validation_gains > cut))
    assert r[view.gains > np.quantile(view.gains, 0.85)].min() > 0.7
    assert r[view.gains < np.quantile(view.gains, 0.5)].max() < 0.1


def test_a_wrong_class_is_seen_and_shunned(world: tuple[View, Array, Array]) -> None:
    view, pool, validation = world
    known = told(view, validation == 0)
    r, q = mistake_probabilities(known), guarded_inclusion(known)
    assert r[pool == 0].mean() > r[pool != 0].mean() + 0.6
    assert q[pool == 0].sum() < 0.1 * B


def test_a_wrong_region_is_seen(world: tuple[View, Array, Array]) -> None:
    """Half of a class: neither its gains nor its class tell it from the other half."""
    view, pool, validation = world
    bad = (pool == 1) & (view.embeddings[:, 5] > 0)
    wrong = (validation == 1) & (view.validation_features[:, 5] > 0)
    r = mistake_probabilities(told(view, wrong))
    assert r[bad].mean() > r[(pool == 1) & ~bad].mean() + 0.1


def test_too_few_mistakes_are_a_constant(world: tuple[View, Array, Array]) -> None:
    wrong = np.zeros(V, dtype=bool)
    wrong[3] = True
    np.testing.assert_allclose(mistake_probabilities(told(world[0], wrong)), 1.5 / (V + 1))


def test_embeddings_of_another_space_drop_the_places(world: tuple[View, Array, Array]) -> None:
    view, _, validation = world
    known = told(view, validation == 0)
    other = replace(known, embeddings=view.embeddings[:, :2])
    r = mistake_probabilities(other)
    assert np.all((r >= 0) & (r <= 1))


def test_order_of_points_is_irrelevant(world: tuple[View, Array, Array]) -> None:
    view = told(world[0], np.random.default_rng(3).random(V) < world[0].validation_gains)
    turn = np.random.default_rng(4).permutation(N)
    turned = replace(
        view,
        gains=view.gains[turn],
        probabilities=view.probabilities[turn],
        embeddings=view.embeddings[turn],
    )
    np.testing.assert_allclose(
        guarded_inclusion(turned), guarded_inclusion(view)[turn], rtol=0, atol=1e-9
    )


def test_unit_of_the_gains_is_irrelevant(world: tuple[View, Array, Array]) -> None:
    view = told(world[0], np.random.default_rng(3).random(V) < 0.3)
    scaled = replace(view, gains=7 * view.gains, validation_gains=7 * view.validation_gains)
    np.testing.assert_allclose(guarded_inclusion(scaled), guarded_inclusion(view), atol=1e-9)


def test_margin_where_the_teacher_is_always_right(world: tuple[View, Array, Array]) -> None:
    best = np.argsort(-world[0].gains, kind="stable")[:B]
    picks = guarded(world[0], np.random.default_rng(0)).indices
    np.testing.assert_array_equal(picks, np.sort(best))


def test_hedges_where_mistakes_seem_unrelated(world: tuple[View, Array, Array]) -> None:
    """Unlike margin's, its picks are open: a teacher cannot know them."""
    wrong = np.random.default_rng(2).random(V) < 0.3
    alike = replace(told(world[0], wrong), gains=np.linspace(0.5, 1, N))
    q = guarded_inclusion(alike)
    assert np.sum((q > 0.01) & (q < 0.99)) > B


def test_predicted_classes_are_spread_evenly(world: tuple[View, Array, Array]) -> None:
    known = told(world[0], np.random.default_rng(2).random(V) < 0.3)
    first = known.probabilities.argmax(axis=1)
    q = guarded_inclusion(known)
    due = np.bincount(first, q, K)
    for seed in range(20):
        got = np.bincount(first[guarded(known, np.random.default_rng(seed)).indices], minlength=K)
        assert np.abs(got - due).max() < 1


def by_scikit_learn(view: View) -> tuple[Array, Array, Array]:
    """Log evidence of the four models; average of plug-in probabilities, and of predict_proba."""
    v, n = len(view.validation_gains), len(view.gains)
    seen, mine = (
        percentileofscore(view.validation_gains, gains, kind="mean")[:, None] / 100 - 0.5
        for gains in (view.validation_gains, view.gains)
    )
    x, z = view.validation_features, view.embeddings
    linear = DotProduct(2.0, "fixed")
    place = ConstantKernel(4.0, "fixed") + ConstantKernel(9.0, "fixed") * RBF(
        0.5 * float(np.sqrt(np.median(pdist(x, "sqeuclidean")))), "fixed"
    )
    evidence, plugged, averaged = [], [], []
    for kernel, known, asked in (
        (linear, np.zeros((v, 1)), np.zeros((n, 1))),
        (linear, 30 * seen, 30 * mine),
        (linear, 3 * view.validation_probabilities, 3 * view.probabilities),
        (place, x, z),
    ):
        fitted = GaussianProcessClassifier(kernel, optimizer=None).fit(known, view.validation_wrong)
        evidence.append(fitted.log_marginal_likelihood_value_)
        plugged.append(expit(fitted.latent_mean_and_variance(asked)[0]))
        averaged.append(fitted.predict_proba(asked)[:, 1])
    weights = np.exp(np.array(evidence) - max(evidence))
    weights[weights < 1e-3 * weights.sum()] = 0.0
    weights /= weights.sum()
    return np.array(evidence), weights @ np.array(plugged), weights @ np.array(averaged)


@pytest.mark.skipif(
    not hasattr(GaussianProcessClassifier, "latent_mean_and_variance"), reason="scikit-learn < 1.7"
)
def test_scikit_learn_has_the_same_modes_and_other_probabilities(
    world: tuple[View, Array, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures of the docstring.  Newton steps without end find what scikit-learn finds."""
    view, _, validation = world
    laplace, heights = error_model._laplace, list[float]()

    def recorded(kernel: Array, wrong: Array) -> tuple[Array, float]:
        a, height = laplace(kernel, wrong)
        heights.append(height)
        return a, height

    monkeypatch.setattr(error_model, "_laplace", recorded)
    follow = (
        np.random.default_rng(2).random(V) < 0.3,
        view.validation_gains > np.quantile(view.validation_gains, 0.7),
        validation == 0,
        (validation == 1) & (view.validation_features[:, 5] > 0),
    )
    names = [f"validation_{name}" for name in ("gains", "probabilities", "features", "labels")]
    rows = []
    for wrong, v in product(follow, (60, 200)):
        few = replace(view, **{name: getattr(view, name)[:v] for name in names})
        known = told(few, wrong[:v])
        evidence, plugged, averaged = by_scikit_learn(known)
        for tolerance in (TOLERANCE, -np.inf):
            monkeypatch.setattr(error_model, "TOLERANCE", tolerance)
            heights.clear()
            r = mistake_probabilities(known)
            rows += [np.abs(x).max() for x in (heights - evidence, r - plugged, r - averaged)]
    early, converged = np.array(rows).reshape(-1, 2, 3).max(axis=0)
    print("log evidence, plugged in, averaged:", early, converged)
    assert converged[0] < 1e-6
    assert converged[1] < 1e-6
    assert 0.01 < early[0] < 0.05
    assert 1e-3 < early[1] < 3e-3
    assert 0.1 < early[2] < 0.14
    assert 0.1 < converged[2] < 0.14
