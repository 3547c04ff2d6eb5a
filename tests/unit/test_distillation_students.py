"""Students: an independent solver finds the same ones; gradients; weights are repetitions."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.linear_model import LogisticRegression

from radsim.distillation import students as module
from radsim.distillation.students import ON_IMAGES, PENALTY, STUDENTS, network, scikit, softmax


def _task(n=60, d=5, k=3, seed=0):
    rng = np.random.default_rng([7, seed])
    x = rng.normal(size=(n, d))
    t = rng.dirichlet(np.full(k, 0.3), size=n)
    return x, t, rng.integers(0, 3, size=n).astype(float)


def _rng():
    return np.random.default_rng(3)


def test_softmax_regression_is_that_of_scikit_learn():
    # Soft labels as weighted rows of hard ones: the same problem, another solver.
    other = scikit(LogisticRegression(C=1 / PENALTY, tol=1e-10, max_iter=10_000))
    for seed in range(5):
        x, t, w = _task(seed=seed)
        mine = softmax(x, t, w, rng=_rng()).probabilities(x)
        theirs = other(x, t, w, rng=_rng()).probabilities(x)
        np.testing.assert_allclose(mine, theirs, atol=2e-3)
        # Without the weights the student is another one.
        assert np.abs(softmax(x, t, rng=_rng()).probabilities(x) - theirs).max() > 1e-2


@pytest.mark.parametrize("name", ["softmax", "network"])
def test_gradients_are_those_of_the_loss(monkeypatch, name):
    caught = {}

    def minimum(loss, start, n_steps):
        caught["loss"], caught["start"] = loss, start
        return start

    monkeypatch.setattr(module, "_minimum", minimum)
    x, t, w = _task(n=20)
    STUDENTS[name](x, t, w, rng=_rng())
    at = caught["start"] + 0.1 * _rng().normal(size=len(caught["start"]))
    numeric = approx_fprime(at, lambda z: caught["loss"](z)[0], 1e-7)
    np.testing.assert_allclose(caught["loss"](at)[1], numeric, atol=1e-5)


@pytest.mark.parametrize("name", ["softmax", "network"])
def test_a_weight_is_a_repetition(name):
    x, t, w = _task()
    times = w.astype(int)
    weighted = STUDENTS[name](x, t, w, rng=_rng()).probabilities(x)
    repeated = STUDENTS[name](x.repeat(times, 0), t.repeat(times, 0), rng=_rng()).probabilities(x)
    np.testing.assert_allclose(weighted, repeated, atol=1e-2 if name == "network" else 2e-3)


# Those on images have tests of their own, with PyTorch.
@pytest.mark.parametrize("name", [name for name in STUDENTS if name not in ON_IMAGES])
def test_students_speak_of_all_classes_and_repeat_themselves(name):
    x, t, _ = _task()
    t = np.eye(4)[t.argmax(axis=1)]  # nobody has ever seen class 3
    first, second = (STUDENTS[name](x, t, rng=_rng()) for _ in range(2))
    p = first.probabilities(x)
    assert p.shape == (60, 4)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert p[:, 3].max() < 0.25
    np.testing.assert_array_equal(p, second.probabilities(x))
    assert len(first.embeddings(x)) == 60


def test_the_network_learns_what_softmax_regression_cannot():
    x = np.random.default_rng(0).choice([-1.0, 1.0], size=(200, 2))
    t = np.eye(2)[(x[:, 0] * x[:, 1] > 0).astype(int)]
    right = [
        np.mean((fit(x, t, rng=_rng()).probabilities(x) > 0.5) == t) for fit in (softmax, network)
    ]
    assert right[0] < 0.8 and right[1] == 1


def test_extreme_features_stay_finite():
    x = np.array([[1e150, -1e150], [1e-300, 0.0], [-1e150, 1e150]])
    p = softmax(x, np.eye(3), rng=_rng()).probabilities(x)
    assert np.isfinite(p).all()


def test_bad_input_is_named():
    x, t, _ = _task()
    with pytest.raises(ValueError, match="targets has 59 rows, features has 60"):
        softmax(x, t[:-1], rng=_rng())
    w = np.ones(60)
    w[4] = -1
    with pytest.raises(ValueError, match=r"weights\[4\] = -1.0"):
        network(x, t, w, rng=_rng())
    with pytest.raises(ValueError, match="must not all be zero"):
        softmax(x, t, np.zeros(60), rng=_rng())
