r"""Forecast: which of two strategies will win, told before the first query, from V alone.

What a strategy earns depends on where the teacher errs and on what the student knows already; the
validation points show both, but for a teacher who errs otherwise where it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.audited import plausibility
from radsim.distillation.error_model import mistake_probabilities
from radsim.distillation.view import View
from radsim.door import Array, array, number, vector

__all__ = ["FEATURES", "Forecast", "fit_forecast", "forecast_features"]

FEATURES = (
    "error rate",
    "error among the largest gains",
    "error of the student",
    "gain of the largest",
    "gain of all",
    "plausible mistakes",
    "answers a label",
    "trusted labels",
    "classes",
)
PENALTY = 3.0  # ridge on standardised features and their products, as of the students


def forecast_features(view: View) -> Array:
    """What validation points say before the first query, one number for each of `FEATURES`.

    Parameters
    ----------
    view : View
        Of the first batch.

    Returns
    -------
    ndarray, shape (9,)
        Logits of error rates, mean gains, and logarithms of sizes.
    """
    v = len(view.validation_labels)
    wrong = view.validation_wrong

    def odds(share: float) -> float:
        return float(logit((share * v + 0.5) / (v + 1)))

    top = np.argsort(-view.gains, kind="stable")[: view.budget]
    mine = view.validation_probabilities.argmax(axis=1) != view.validation_labels
    known = len(view.labelled_targets) + v
    return np.array(
        [
            odds(float(wrong.mean())),
            odds(float(mistake_probabilities(view)[top].mean())),
            odds(float(mine.mean())),
            float(view.gains[top].mean()),
            float(gains_from_probabilities(view.probabilities, view.gain).mean()),
            plausibility(view, view.told),
            float(np.log(view.budget / known)),
            float(np.log(known)),
            float(np.log(view.probabilities.shape[1])),
        ]
    )


def _spread(features: Array) -> Array:
    """A constant, the features, their squares and their products."""
    n, k = features.shape
    i, j = np.triu_indices(k)
    return np.concatenate([np.ones((n, 1)), features, features[:, i] * features[:, j]], axis=1)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Probability that one strategy beats another, as a function of `FEATURES`.

    Attributes
    ----------
    centre, scale : ndarray, shape (k,)
    weights : ndarray
        Of the constant, the standardised features and their products.
    """

    centre: Array
    scale: Array
    weights: Array

    def probability(self, features: Array) -> Array:
        """Probability that the first strategy wins.

        Parameters
        ----------
        features : array_like, shape (n, k)

        Returns
        -------
        ndarray, shape (n,)
        """
        table = np.atleast_2d(array(features, "features", low=-np.inf))
        # Beyond what was seen nothing is known: there the forecast stays what it is at the border.
        z = np.clip((table - self.centre) / self.scale, -3, 3)
        return np.asarray(expit(_spread(z) @ self.weights))


def fit_forecast(features: Array, differences: Array, penalty: float = PENALTY) -> Forecast:
    r"""Fit a forecast to runs whose outcome is known.

    .. math:: \min_w \sum_i |d_i| \log(1 + e^{-\operatorname{sign}(d_i)\, w^T \phi(x_i)})
        + \tfrac{\rho}{2} \|w\|^2

    A run counts by how much was at stake, so that ties, which nobody can foretell, say nothing.

    Parameters
    ----------
    features : array_like, shape (n, k)
    differences : array_like, shape (n,)
        Accuracy of the first strategy less that of the second, in points.
    penalty : float
        :math:`\rho`.

    Returns
    -------
    Forecast

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-1, 1, 50)[:, None]
    >>> found = fit_forecast(x, 3 * x[:, 0])
    >>> (found.probability([[-1.0], [1.0]]) > 0.5).tolist()
    [False, True]
    """
    x = array(features, "features", low=-np.inf)
    d = vector(differences, "differences", len(x), of="features", low=-np.inf)
    penalty = number(penalty, "penalty")
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    basis = _spread(np.clip((x - centre) / scale, -3, 3))
    stake, side = np.minimum(np.abs(d), 5.0), np.sign(d)

    def loss(w: Array) -> tuple[float, Array]:
        z = side * (basis @ w)
        slope = -(stake * side * expit(-z)) @ basis
        held = np.concatenate([[0.0], w[1:]])
        value = -float(stake @ log_expit(z)) + penalty / 2 * float(held @ held)
        return value, slope + penalty * held

    found = minimize(loss, np.zeros(basis.shape[1]), jac=True, method="L-BFGS-B")
    return Forecast(centre, scale, np.asarray(found.x))
