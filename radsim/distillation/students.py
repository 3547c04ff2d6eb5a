r"""Students: class probabilities learned from soft labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import minimize

from radsim.distillation.convnet import convnet
from radsim.distillation.student import Fit, Student, checked_points
from radsim.door import Array, generator, number

__all__ = [
    "ON_IMAGES",
    "STUDENTS",
    "Fit",
    "Student",
    "network",
    "scikit",
    "softmax",
]

# Ridge penalty against the sum of the losses.  Of 1, 3, 10, 30, 100 the one whose students fitted
# on true labels do best over the data sets.  It matters: at 10 a student forgives so many wrong
# labels that selectors hardly differ.
PENALTY = 3.0
N_HIDDEN = 32
N_STEPS = 50  # of L-BFGS for the network: half the time of 100, test accuracy within a point


def _log_softmax(z: Array) -> Array:
    z = z - z.max(axis=1, keepdims=True)
    return np.asarray(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))


def _same(features: Array) -> Array:
    return features


def _minimum(loss: Callable[[Array], tuple[float, Array]], start: Array, n_steps: int) -> Array:
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": n_steps, "ftol": 1e-7, "gtol": 1e-5},
    )
    return np.asarray(found.x)


def softmax(
    features: Array,
    targets: Array,
    weights: Array | None = None,
    *,
    rng: np.random.Generator | int,
    penalty: float = PENALTY,
) -> Student:
    r"""Softmax regression on soft labels, with a ridge penalty; convex, so `rng` is not used.

    .. math:: \min_{W, a} \; -\sum_i w_i \sum_k t_{ik} \log \mathrm{softmax}(x_i W + a)_k
        + \tfrac{\rho}{2} \|W\|^2

    Parameters
    ----------
    features : ndarray, shape (n, d)
    targets : ndarray, shape (n, K)
        Soft labels; rows sum to one.
    weights : ndarray, shape (n,), optional
    rng : numpy.random.Generator or int
    penalty : float
        :math:`\rho`.

    Returns
    -------
    Student

    Examples
    --------
    >>> import numpy as np
    >>> x, t = np.array([[-1.0], [1.0]]), np.eye(2)
    >>> softmax(x, t, rng=np.random.default_rng(0)).probabilities(x).argmax(axis=1).tolist()
    [0, 1]
    """
    x, t, w = checked_points(features, targets, weights)
    d, k, penalty = x.shape[1], t.shape[1], number(penalty, "penalty")
    total, unit = w[:, None] * t, 1 / w.sum()
    x_t = np.ascontiguousarray(x.T)

    def loss(flat: Array) -> tuple[float, Array]:
        matrix = flat.reshape(d + 1, k)
        log_p = _log_softmax(x @ matrix[:d] + matrix[d])
        slope = w[:, None] * np.exp(log_p) - total
        gradient = np.empty_like(matrix)
        gradient[:d] = x_t @ slope + penalty * matrix[:d]
        gradient[d] = slope.sum(axis=0)
        value = penalty / 2 * np.vdot(matrix[:d], matrix[:d]) - np.vdot(total, log_p)
        return float(value) * unit, (gradient * unit).ravel()

    matrix = _minimum(loss, np.zeros((d + 1) * k), 200).reshape(d + 1, k)
    return Student(lambda z: np.exp(_log_softmax(z @ matrix[:d] + matrix[d])), _same)


def network(
    features: Array,
    targets: Array,
    weights: Array | None = None,
    *,
    rng: np.random.Generator | int,
    penalty: float = PENALTY,
) -> Student:
    r"""One hidden layer of 32 tanh units, started at random, 50 steps; otherwise as `softmax`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[-1.0, -1], [1, 1], [1, -1], [-1, 1]]).repeat(20, axis=0)
    >>> t = np.eye(2)[[0, 0, 1, 1]].repeat(20, axis=0)
    >>> p = network(x, t, rng=np.random.default_rng(0)).probabilities(x)
    >>> p.argmax(axis=1)[::20].tolist()
    [0, 0, 1, 1]
    """
    x, t, w = checked_points(features, targets, weights)
    d, k, h = x.shape[1], t.shape[1], N_HIDDEN
    rng, penalty = generator(rng), number(penalty, "penalty")
    total, unit = w[:, None] * t, 1 / w.sum()
    x_t = np.ascontiguousarray(x.T)
    cut = (d + 1) * h

    def layers(flat: Array) -> tuple[Array, Array]:
        return flat[:cut].reshape(d + 1, h), flat[cut:].reshape(h + 1, k)

    def loss(flat: Array) -> tuple[float, Array]:
        first, last = layers(flat)
        hidden = np.tanh(x @ first[:d] + first[d])
        log_p = _log_softmax(hidden @ last[:h] + last[h])
        slope = w[:, None] * np.exp(log_p) - total
        gradient = np.empty_like(flat)
        of_first, of_last = layers(gradient)
        of_last[:h] = hidden.T @ slope + penalty * last[:h]
        of_last[h] = slope.sum(axis=0)
        back = slope @ last[:h].T * (1 - hidden * hidden)
        of_first[:d] = x_t @ back + penalty * first[:d]
        of_first[d] = back.sum(axis=0)
        norm = np.vdot(first[:d], first[:d]) + np.vdot(last[:h], last[:h])
        return float(penalty / 2 * norm - np.vdot(total, log_p)) * unit, gradient * unit

    start = np.zeros(cut + (h + 1) * k)
    first, last = layers(start)
    first[:d] = rng.normal(size=(d, h)) / np.sqrt(d)
    last[:h] = rng.normal(size=(h, k)) / np.sqrt(h)
    first, last = layers(_minimum(loss, start, N_STEPS))

    def embeddings(z: Array) -> Array:
        return np.tanh(z @ first[:d] + first[d])

    return Student(lambda z: np.exp(_log_softmax(embeddings(z) @ last[:h] + last[h])), embeddings)


def scikit(estimator: Any) -> Fit:
    """Make a student of any scikit-learn classifier that takes sample weights.

    A soft label becomes one row a class, weighted by its probability.  Embeddings are the features.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`; it is cloned, and its `random_state` drawn from `rng`.

    Returns
    -------
    callable
        ``(features, targets, weights=None, *, rng)`` -> `Student`, as the rows of `STUDENTS`.

    Raises
    ------
    ValueError
        If it is no classifier; when it is called, naming the feature, target or weight that
        cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> x, t = np.array([[-1.0], [-2.0], [1.0], [2.0]]), np.eye(2)[[0, 0, 1, 1]]
    >>> student = scikit(GaussianNB())(x, t, rng=np.random.default_rng(0))
    >>> student.probabilities(x).argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """

    if not callable(getattr(estimator, "predict_proba", None)) or isinstance(estimator, type):
        raise ValueError(f"estimator = {estimator!r} must be a classifier with predict_proba")

    def fit(
        features: Array,
        targets: Array,
        weights: Array | None = None,
        *,
        rng: np.random.Generator | int,
    ) -> Student:
        # Slow to import, and only scikit-learn's students need it.
        from sklearn.base import clone

        x, t, w = checked_points(features, targets, weights)
        model = clone(estimator)
        if "random_state" in model.get_params():
            model.set_params(random_state=int(generator(rng).integers(2**31)))
        mass = w[:, None] * t
        rows, classes = np.nonzero(mass > 0)
        model.fit(x[rows], classes, sample_weight=mass[rows, classes])

        def probabilities(z: Array) -> Array:
            p = np.zeros((len(z), t.shape[1]))
            p[:, model.classes_] = model.predict_proba(z)
            return p

        return Student(probabilities, _same)

    return fit


def _forest(
    features: Array, targets: Array, weights: Array | None = None, *, rng: np.random.Generator | int
) -> Student:
    """A random forest of 100 trees."""
    # Slow to import, and only this student needs it.
    from sklearn.ensemble import RandomForestClassifier

    return scikit(RandomForestClassifier(100))(features, targets, weights, rng=rng)


# These see the images themselves; all others principal components.
ON_IMAGES = ("convnet", "convnet, temperature 2", "large convnet")

STUDENTS: dict[str, Fit] = {
    "softmax": softmax,
    "network": network,
    "forest": _forest,
    "forgiving softmax": partial(softmax, penalty=10.0),
    "convnet": convnet,
    "convnet, temperature 2": partial(convnet, temperature=2.0),
    "large convnet": partial(convnet, width=32),
}
