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
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, Kernel
from views import erring, having_told, view_of

from radsim.constrained import contaminate
from radsim.distillation import error_model
from radsim.distillation.error_model import (
    KERNELS,
    TOLERANCE,
    mistake_probabilities,
    told_profile,
)
from radsim.distillation.guarded import GUARD, Guard, guarded, guarded_inclusion, trust
from radsim.distillation.view import View
from radsim.game import Array, Game
from radsim.solvers import solve

N, V, A, K, D, B = 400, 300, 60, 4, 6, 40


@pytest.fixture(scope="module")
def world() -> tuple[View, Array, Array]:
    """A view without mistakes; classes of pool and validation points."""
    chance = np.random.default_rng(1)
    labels = chance.integers(K, size=N + V + A)
    x = 3 * np.eye(K, D)[labels] + chance.normal(size=(len(labels), D))
    return view_of(x, labels, N, V, B), labels[:N], labels[N : N + V]


def inclusion_of(view: View) -> Array:
    return guarded_inclusion(view, mistake_probabilities(view))


def test_mistakes_at_random_leave_a_flat_profile(world: tuple[View, Array, Array]) -> None:
    wrong = np.random.default_rng(2).random(V) < 0.3
    r = mistake_probabilities(erring(world[0], wrong))
    assert np.ptp(r) < 0.1
    assert abs(r.mean() - wrong.mean()) < 0.02


def test_mistakes_on_the_largest_gains_are_seen(world: tuple[View, Array, Array]) -> None:
    view = world[0]
    cut = np.quantile(view.validation_gains, 0.7)
    r = mistake_probabilities(erring(view, view.validation_gains > cut))
    assert r[view.gains > np.quantile(view.gains, 0.85)].min() > 0.7
    assert r[view.gains < np.quantile(view.gains, 0.5)].max() < 0.1


def test_a_wrong_class_is_seen_and_shunned(world: tuple[View, Array, Array]) -> None:
    view, pool, validation = world
    known = erring(view, validation == 0)
    r, q = mistake_probabilities(known), inclusion_of(known)
    assert r[pool == 0].mean() > r[pool != 0].mean() + 0.6
    assert q[pool == 0].sum() < 0.1 * B


def test_a_wrong_region_is_seen(world: tuple[View, Array, Array]) -> None:
    """Half of a class: neither its gains nor its class tell it from the other half."""
    view, pool, validation = world
    bad = (pool == 1) & (view.features[:, 5] > 0)
    wrong = (validation == 1) & (view.validation_features[:, 5] > 0)
    r = mistake_probabilities(erring(view, wrong))
    assert r[bad].mean() > r[(pool == 1) & ~bad].mean() + 0.1


def test_too_few_mistakes_are_a_constant(world: tuple[View, Array, Array]) -> None:
    wrong = np.zeros(V, dtype=bool)
    wrong[3] = True
    np.testing.assert_allclose(mistake_probabilities(erring(world[0], wrong)), 1.5 / (V + 1))


def test_order_of_points_is_irrelevant(world: tuple[View, Array, Array]) -> None:
    view = erring(world[0], np.random.default_rng(3).random(V) < world[0].validation_gains)
    turn = np.random.default_rng(4).permutation(N)
    turned = replace(
        view,
        gains=view.gains[turn],
        probabilities=view.probabilities[turn],
        features=view.features[turn],
    )
    np.testing.assert_allclose(inclusion_of(turned), inclusion_of(view)[turn], rtol=0, atol=1e-9)


def test_unit_of_the_gains_is_irrelevant(world: tuple[View, Array, Array]) -> None:
    view = erring(world[0], np.random.default_rng(3).random(V) < 0.3)
    r = mistake_probabilities(view)
    scaled = replace(view, gains=7 * view.gains)
    np.testing.assert_allclose(
        guarded_inclusion(scaled, r), guarded_inclusion(view, r), rtol=0, atol=1e-9
    )


def test_margin_where_the_teacher_is_always_right(world: tuple[View, Array, Array]) -> None:
    best = np.argsort(-world[0].gains, kind="stable")[:B]
    picks = guarded(world[0], np.random.default_rng(0)).indices
    np.testing.assert_array_equal(picks, np.sort(best))


def test_hedges_where_mistakes_seem_unrelated(world: tuple[View, Array, Array]) -> None:
    """Unlike margin's, its picks are open: a teacher cannot know them."""
    wrong = np.random.default_rng(2).random(V) < 0.3
    alike = replace(erring(world[0], wrong), gains=np.linspace(0.5, 1, N))
    q = inclusion_of(alike)
    assert np.sum((q > 0.01) & (q < 0.99)) > B


def test_predicted_classes_are_spread_evenly(world: tuple[View, Array, Array]) -> None:
    known = erring(world[0], np.random.default_rng(2).random(V) < 0.3)
    first = known.probabilities.argmax(axis=1)
    q = inclusion_of(known)
    due = np.bincount(first, q, K)
    for seed in range(20):
        got = np.bincount(first[guarded(known, np.random.default_rng(seed)).indices], minlength=K)
        assert np.abs(got - due).max() < 1


def test_a_stretch_of_gains_is_found_by_its_kernel_alone(
    world: tuple[View, Array, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mistakes on the middle third of the gains: no slope can say so."""
    view, _, _ = world

    def among(gains: Array) -> Array:
        low, high = np.quantile(view.validation_gains, [1 / 3, 2 / 3])
        return (gains > low) & (gains < high)

    def apart() -> float:
        r = mistake_probabilities(erring(view, among(view.validation_gains)))
        inside = among(view.gains)
        return float(r[inside].mean() - r[~inside].mean())

    assert apart() > 0.6
    # A kernel of nothing in its place: what is left of the profile misses it.
    for name in ("stretch", "place"):
        monkeypatch.setitem(KERNELS, name, KERNELS["nothing"])
    error_model._fits.cache_clear()
    assert apart() < 0.2
    error_model._fits.cache_clear()


def test_the_teacher_s_doubt_is_learnt_from_its_answers(world: tuple[View, Array, Array]) -> None:
    """Half of V is answered with little confidence, and that half is wrong."""
    view, labels, validation = world
    unsure = np.random.default_rng(5).random(V) < 0.4
    named = np.eye(K)[(validation + unsure) % K]
    soft = np.where(unsure[:, None], 0.4 * named + 0.15, named)
    picks = np.arange(40)
    mine = np.eye(K)[labels[picks]]
    doubted = picks % 2 == 0
    mine[doubted] = 0.4 * mine[doubted] + 0.15
    asked = having_told(replace(view, validation_answers=soft), picks, mine, profile=unsure.mean())
    r = told_profile(asked)
    assert r[doubted].min() > 0.7 and r[~doubted].max() < 0.3


def test_the_profile_of_what_was_asked_is_the_one_that_was_named(
    world: tuple[View, Array, Array],
) -> None:
    view, labels, validation = world
    picks = np.arange(30)
    known = erring(view, validation == 0)
    answers = np.eye(K)[labels[picks]]
    named = np.linspace(0.1, 0.9, 30)
    np.testing.assert_array_equal(
        told_profile(having_told(known, picks, answers, profile=named)), named
    )
    # A strategy that names none has that of the error model.
    none = told_profile(having_told(known, picks, answers, profile=np.nan))
    np.testing.assert_allclose(none, mistake_probabilities(known)[picks], rtol=0, atol=1e-12)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_trust_leaves_the_adversary_its_share(rate: float, share: float) -> None:
    w = trust(rate, share)
    assert 0 <= w <= 1
    if share < 1:
        assert 1 - w == pytest.approx(share * (1 - w * rate), abs=1e-12)
    else:  # the game itself: the profile is not believed at all
        assert w == 0
    assert trust(0.0, share) == pytest.approx(1 - share)
    assert trust(rate, 0.0) == 1  # an adversary without a stake


@pytest.mark.parametrize(("rate", "share", "says"), [(1.2, 0.5, "rate"), (0.5, -0.1, "share")])
def test_trust_refuses_what_is_no_share(rate: float, share: float, says: str) -> None:
    with pytest.raises(ValueError, match=rf"{says} = .* must be in \[0, 1\]"):
        trust(rate, share)


@pytest.mark.parametrize("error", [0.0, 0.3, 0.8, 1.0])
def test_guarded_spends_the_budget_and_never_more(
    error: float, world: tuple[View, Array, Array]
) -> None:
    view = erring(world[0], np.random.default_rng(6).random(V) < error)
    for r in (np.zeros(N), np.full(N, error), np.random.default_rng(7).random(N), np.ones(N)):
        q = guarded_inclusion(view, r)
        assert q.min() >= 0 and q.max() <= 1
        assert q.sum() <= B + 1e-9 and q.sum() == pytest.approx(B, rel=1e-9)


def test_guarded_is_the_average_of_its_shares(world: tuple[View, Array, Array]) -> None:
    """A guard of one share is one game."""
    view = erring(world[0], np.random.default_rng(6).random(V) < 0.3)
    r = mistake_probabilities(view)
    rate = float(view.validation_wrong.mean())
    unit = view.gains / view.gains.max()
    game = Game(unit, rate * N, B, harms=np.full(N, GUARD.harm), abstain=False)
    each = [solve(contaminate(game, r, trust(rate, k))).inclusion for k in (1 / 6, 1 / 2, 5 / 6)]
    np.testing.assert_allclose(
        guarded_inclusion(view, r, Guard(shares=(1 / 2,))), each[1], rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(
        guarded_inclusion(view, r, Guard(shares=(1 / 6, 1 / 2, 5 / 6))),
        np.mean(each, axis=0),
        rtol=0,
        atol=1e-9,
    )


def test_an_abstaining_guard_spends_no_more_than_the_other(
    world: tuple[View, Array, Array],
) -> None:
    """Nothing where every answer is wrong, all where every answer is right."""
    view = world[0]
    for error, least, most in ((0.0, B, B), (0.3, 0, B), (1.0, 0, 0)):
        known = erring(view, np.random.default_rng(6).random(V) < error)
        r = np.full(N, error)
        q = guarded_inclusion(known, r, Guard(abstain=True))
        assert least - 1e-9 <= q.sum() <= most + 1e-9
        assert guarded_inclusion(known, r).sum() == pytest.approx(B, rel=1e-9)


def by_scikit_learn(view: View) -> tuple[Array, Array, Array]:
    """Log evidence of the models; average of plug-in probabilities, and of predict_proba."""
    v, n = len(view.validation_gains), len(view.gains)
    seen, mine = (
        percentileofscore(view.validation_gains, gains, kind="mean")[:, None] / 100 - 0.5
        for gains in (view.validation_gains, view.gains)
    )
    x, z = view.validation_features, view.features
    p, q = view.validation_probabilities, view.probabilities
    linear = DotProduct(2.0, "fixed")

    def near(length: float) -> Kernel:
        return ConstantKernel(4.0, "fixed") + ConstantKernel(9.0, "fixed") * RBF(length, "fixed")

    place = 0.5 * float(np.sqrt(np.median(pdist(x, "sqeuclidean"))))
    evidence, plugged, averaged = [], [], []
    for kernel, known, asked in (
        (linear, np.zeros((v, 1)), np.zeros((n, 1))),
        (linear, 30 * seen, 30 * mine),
        (near(0.1), seen, mine),
        (linear, 3 * p, 3 * q),
        (linear, np.hstack([30 * seen, 3 * p]), np.hstack([30 * mine, 3 * q])),
        (near(place), x, z),
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
    names = [f"validation_{name}" for name in ("features", "labels", "answers")]
    rows = []
    for wrong, v in product(follow, (60, 200)):
        p = view.validation_probabilities[:v]
        few = replace(view, **{name: getattr(view, name)[:v] for name in names})
        known = erring(
            replace(few, cross_fit=lambda p=p: p, first_cross_fit=lambda p=p: p), wrong[:v]
        )
        evidence, plugged, averaged = by_scikit_learn(known)
        for tolerance in (TOLERANCE, -np.inf):
            monkeypatch.setattr(error_model, "TOLERANCE", tolerance)
            heights.clear()
            error_model._fits.cache_clear()
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
