r"""RAD and its rivals under one signature: an instance in, inclusion probabilities out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from radsim.game import Array, Game, best_response, worst_case
from radsim.instances import Instance
from radsim.levels import shares
from radsim.reading import gains_from_probabilities
from radsim.solvers import solve

__all__ = ["SELECTORS", "Selector", "scorecard"]

# Takes the mistakes too: only the oracle may look at them.
Selector = Callable[[Instance, Array | None], Array]

_TEMPERATURE = 0.1  # of the softmax selector, in units of the largest gain
_POWER = 2.0  # of the power selector


def _rad(instance: Instance, mistakes: Array | None = None) -> Array:
    """The max-min solution."""
    return np.asarray(solve(instance.game).inclusion, dtype=np.float64)


def _top(game: Game, score: Array) -> Array:
    """The budget on the largest scores."""
    ranked = Game(score, 0, game.budget, capped=game.capped, abstain=False)
    return best_response(ranked, np.zeros(game.n))[1]


def _margin(instance: Instance, mistakes: Array | None = None) -> Array:
    """The b largest gains."""
    return _top(instance.game, instance.game.gains)


def _entropy(instance: Instance, mistakes: Array | None = None) -> Array:
    """The b largest entropies of the student's class probabilities."""
    if instance.probabilities is None:
        raise ValueError(f"instance {instance.name!r} has no class probabilities")
    return _top(instance.game, gains_from_probabilities(instance.probabilities, "entropy"))


def _weighted(game: Game, weights: Array) -> Array:
    return shares(weights, game.budget, np.full(game.n, game.capped))


def _uniform(instance: Instance, mistakes: Array | None = None) -> Array:
    """Every point alike."""
    return _weighted(instance.game, np.ones(instance.game.n))


def _softmax(instance: Instance, mistakes: Array | None = None) -> Array:
    """Weights exp(g/T), T a tenth of the largest gain."""
    g = instance.game.gains
    unit = float(g.max()) or 1.0
    return _weighted(instance.game, np.exp((g / unit - 1) / _TEMPERATURE))


def _power(instance: Instance, mistakes: Array | None = None) -> Array:
    """Weights g^2."""
    g = instance.game.gains
    unit = float(g.max())
    return _weighted(instance.game, (g / unit) ** _POWER if unit else np.ones(len(g)))


def _oracle(instance: Instance, mistakes: Array | None = None) -> Array:
    """The b largest robust gains, mistakes known: nobody can do better."""
    if mistakes is None:
        raise ValueError("mistakes must be given to the oracle")
    return best_response(instance.game, mistakes)[1]


SELECTORS: dict[str, Selector] = {
    "rad": _rad,
    "margin": _margin,
    "entropy": _entropy,
    "softmax": _softmax,
    "power": _power,
    "uniform": _uniform,
    "oracle": _oracle,
}


def scorecard(instance: Instance) -> dict[str, float]:
    r"""Exact guaranteed worst-case value W(q) of every selector on one instance.

    Selectors that need what the instance does not have are left out, and the oracle, which has no
    worst case: it knows the mistakes.

    Parameters
    ----------
    instance : Instance

    Returns
    -------
    dict
        From the selector's name to its guarantee; none exceeds that of "rad".

    References
    ----------
    THEORY V7.

    Examples
    --------
    >>> from radsim import Game
    >>> from radsim.instances import Instance
    >>> card = scorecard(Instance("three", Game([1, 0.5, 0.25], mistakes=1)))
    >>> round(7 * card["rad"], 9), card["margin"]
    (1.0, -1.0)
    """
    return {
        name: float(worst_case(instance.game, selector(instance, None))[0])
        for name, selector in SELECTORS.items()
        if name != "oracle" and not (name == "entropy" and instance.probabilities is None)
    }
