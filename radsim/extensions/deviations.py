r"""Errors of any size (N4): the value, both strategies, and what proves them.

The closed form knows the concave envelope of the damage; the check of an answer does not, and reads
the damage itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, array, number, steady, typed, vector
from radsim.extensions.damage import Damage
from radsim.game import Game
from radsim.solution import Certificate, UncertifiedError

__all__ = ["DeviationSolution", "check_deviations", "solve_deviations"]

RTOL = 1e-9


@dataclass(frozen=True, eq=False)
class DeviationSolution:
    r"""Solution of a game whose teacher may err by any size.

    Attributes
    ----------
    game : Game
    damage : Damage
    value : float
        What `inclusion` guarantees, :math:`b \lambda`.
    level : float
        :math:`\lambda`; 0 where no selection has a positive guarantee.
    inclusion : ndarray, shape (n,)
        :math:`q`, the learner's expected queries.
    sizes, weights : ndarray, shape (n, 2)
        The teacher's mixtures: on point i an error of size ``sizes[i, k]`` with probability
        ``weights[i, k]``.

    References
    ----------
    Theory page: N4.

    Examples
    --------
    >>> three = Game([1, 0.5, 0.25], mistakes=1)
    >>> answer = solve_deviations(three, Damage([0, 1], [0, 1]))  # the game itself
    >>> round(7 * answer.value, 12), answer.certificate.accepts(1e-12)
    (1.0, True)
    """

    game: Game
    damage: Damage
    value: float
    level: float
    inclusion: Array
    sizes: Array
    weights: Array

    @cached_property
    def certificate(self) -> Certificate:
        """Both strategies, evaluated again from the game and the damage."""
        return check_deviations(
            self.game, self.damage, self.inclusion, self.sizes, self.weights, self.value
        )

    @property
    def mean_sizes(self) -> Array:
        """Expected size of the error on each point."""
        return np.sum(self.sizes * self.weights, axis=1)


def _playable(game: Game) -> Game:
    typed(game, Game, "game")
    if game.capped and game.budget > 1:
        raise ValueError(
            f"budget = {game.budget} must be at most 1 for errors of any size, unless the game is "
            "uncapped: capped=False"
        )
    if not game.abstain:
        raise ValueError("abstain = False: the learner must be free to abstain")
    return game


@steady
def solve_deviations(game: Game, damage: Damage) -> DeviationSolution:
    r"""Solve a game whose teacher may err by any size, in closed form.

    A label of point i may be off by :math:`x_i \in [0, 1]`, at random; it then takes
    :math:`s_i \varphi(x_i)`.  The sizes add up to at most m on average.  The value is
    :math:`b \lambda`, where

    .. math:: \sum_i \psi\!\left(\frac{\max(0, g_i - \lambda)}{s_i}\right) = m,

    :math:`\psi` being the inverse of the concave envelope of :math:`\varphi`, and 0 where that has
    no positive root.  The teacher mixes two sizes on each point, the corners of the envelope around
    the one that it wants.  Convex damage is the plain game (V1).

    Parameters
    ----------
    game : Game
        Uncapped, or with a budget of at most one.
    damage : Damage
        :math:`\varphi`.

    Returns
    -------
    DeviationSolution
        Its certificate was asked.

    Raises
    ------
    ValueError
        If the game is capped with a larger budget, or must spend it.
    UncertifiedError
        If rounding leaves a gap of more than 1e-9 of the scale.

    Notes
    -----
    Newton's method on a convex function, piecewise linear in the level: monotone, finitely many
    steps, each in time O(n log k).

    References
    ----------
    Theory page: N4.

    Examples
    --------
    Half of an error is as bad as a whole one: one mistake does the work of two.

    >>> three = Game([1, 0.5, 0.25], mistakes=1, harm=0)
    >>> half = Damage([0, 0.5, 1], [0, 1, 1])
    >>> answer = solve_deviations(three, half)
    >>> round(7 * answer.value, 12), round(float(answer.mean_sizes.sum()), 12)
    (1.0, 1.0)
    """
    game, damage = _playable(game), typed(damage, Damage, "damage")
    g, s, unit = game.normalised()
    corners, heights = damage.vertices
    steep = np.diff(corners) / np.diff(heights)  # of psi, rising
    on = g > 0
    safe = np.where(on, s, 1.0)

    def shaved(lam: float) -> tuple[Array, Array]:
        """Damage that shaves each gain to the level, and the piece of the envelope it lies on."""
        part = np.where(on, np.maximum(0, g - lam) / safe, 0.0)
        piece = np.searchsorted(heights, part, side="left") - 1
        return part, np.clip(piece, 0, len(steep) - 1)

    def wanted(part: Array, piece: Array) -> Array:
        return corners[piece] + (part - heights[piece]) * steep[piece]

    lam = 0.0
    while True:
        part, piece = shaved(lam)
        above = on & (g > lam)
        excess = float(wanted(part, piece).sum()) - game.mistakes
        slope = float(np.sum(steep[piece][above] / s[above]))
        if not (excess > 0 and slope > 0 and lam + excess / slope > lam):
            break
        lam += excess / slope
    size = wanted(part, piece)
    share = np.where(on & (g >= lam * (1 - 1e-12)), steep[piece] / safe, 0.0)
    positive = lam > 0
    q = game.budget * share / share.sum() if positive else np.zeros(game.n)
    low, high = corners[piece], corners[piece + 1]
    upper = np.clip((size - low) / (high - low), 0, 1)
    answer = DeviationSolution(
        game,
        damage,
        float(game.budget * (lam * unit)),
        lam * unit,
        q,
        np.column_stack((low, high)),
        np.column_stack((1 - upper, upper)),
    )
    found = answer.certificate
    if not found.accepts(RTOL):
        raise UncertifiedError(
            f"errors of any size: bounds {float(found.lower):.6g} and {float(found.upper):.6g} do "
            "not meet"
        )
    return answer


def _price(bite: Array, damage: Damage, m: float) -> float:
    """What the last of m mistakes takes, the dearest pieces of the envelope first."""
    corners, heights = damage.vertices
    rate = np.multiply.outer(bite, np.diff(heights) / np.diff(corners)).ravel()
    width = np.tile(np.diff(corners), len(bite))
    order = np.argsort(-rate, kind="stable")
    last = np.searchsorted(np.cumsum(width[order]), m)
    return float(rate[order[last]]) if last < len(rate) else 0.0


@steady
def check_deviations(
    game: Game,
    damage: Damage,
    inclusion: ArrayLike,
    sizes: ArrayLike,
    weights: ArrayLike,
    value: float,
) -> Certificate:
    r"""Check somebody's answer to a game with errors of any size, from the numbers alone.

    The lower bound holds for any price :math:`\tau \ge 0` of a mistake, by weak duality over the
    points of the damage profile themselves:

    .. math:: W(q) \ge \sum_i q_i g_i - \tau m - \sum_i \max_k (q_i s_i \varphi(x_k) - \tau x_k).

    The upper one is b times the most that a point earns against the mixtures.  Strategies that
    break a rule are first made to obey it; by how much they did is the infeasibility.

    Parameters
    ----------
    game : Game
    damage : Damage
    inclusion : array_like, shape (n,)
    sizes, weights : array_like, shape (n, k)
        On point i an error of size ``sizes[i, k]`` with probability ``weights[i, k]``.
    value : float
        What is claimed.

    Returns
    -------
    Certificate

    Raises
    ------
    ValueError
        If an argument has another shape, or an entry is not finite or negative.

    References
    ----------
    Theory page: N4.

    Examples
    --------
    >>> two = Game([1, 1], mistakes=1, harm=0)
    >>> steps = [[1.0], [1.0]], [[0.5], [0.5]]
    >>> check_deviations(two, Damage([0, 1], [0, 1]), [0.5, 0.5], *steps, 0.5).accepts()
    True
    >>> check_deviations(two, Damage([0, 1], [0, 1]), [1, 0], *steps, 0.5).accepts()
    False
    """
    game, damage = _playable(game), typed(damage, Damage, "damage")
    given = vector(inclusion, "inclusion", game.n)
    at = array(sizes, "sizes", high=1)
    chance = array(weights, "weights")
    for name, found in (("sizes", at), ("weights", chance)):
        if found.ndim != 2 or len(found) != game.n or found.shape != at.shape:
            raise ValueError(
                f"{name} must have shape ({game.n}, k), as sizes and weights both have, got "
                f"{found.shape}"
            )
    value = number(value, "value", low=-np.inf)
    m, b = game.mistakes, game.budget
    g, s, unit = game.normalised()
    spent, sums = float(given.sum()), chance.sum(axis=1)
    q = given * min(1.0, b / spent) if spent > 0 else given
    chance = chance / np.maximum(1.0, sums)[:, None]  # what is left of one: no error
    made = float(np.sum(chance * at))
    if made > m:
        chance = chance * (m / made)
    bite = q * s
    price = _price(bite, damage, m)
    lost = np.zeros(game.n)
    for x, y in zip(damage.sizes.tolist(), damage.damages.tolist(), strict=True):
        np.maximum(lost, bite * y - price * x, out=lost)
    lower = unit * float(np.sum(q * g) - price * m - lost.sum())
    upper = unit * b * max(0.0, float(np.max(g - s * np.sum(chance * damage(at), axis=1))))
    broken = max(0.0, spent / b - 1, float(sums.max()) - 1, (made - m) / max(1.0, m))
    return Certificate(lower, upper, value, broken, game.scale)
