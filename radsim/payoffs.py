r"""Payoff, worst case and best response: all that a certificate asks of a game.

Nothing here solves a game, so a solver can be wrong without misleading anyone
(:func:`radsim.solution.certify`).  The functions accept float arrays, or object arrays of
:class:`fractions.Fraction`; with fractions every result is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from numbers import Rational
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, steady

__all__ = [
    "AnyGame",
    "Rules",
    "best_response",
    "exact",
    "harms_and_stakes",
    "number_like",
    "payoff",
    "strategy",
    "top",
    "worst_case",
    "wrong_share",
]


# Fewer values are sorted in less time than it takes to select among them.
FEW = 1_000


class AnyGame(Protocol):
    """Protocol of all kinds of games: what payoffs, best responses and certificates ask of them.

    :class:`Game` and :class:`radsim.constrained.ConstrainedGame` both answer.
    """

    kind: ClassVar[str]

    @property
    def gains(self) -> Array:
        """What a right label of each point earns."""

    @property
    def stakes(self) -> Array:
        """What a mistake on each point takes away."""

    @property
    def budget(self) -> float:
        """What may be spent on queries."""

    @property
    def capped(self) -> bool:
        """Whether each point may be queried once at the most."""

    @property
    def abstain(self) -> bool:
        """Whether budget may be left unspent."""

    @property
    def n(self) -> int:
        """Number of points."""

    @property
    def rules(self) -> Rules:
        """What each side must obey."""

    def prices(self) -> tuple[Array, float, float]:
        """Costs and budget divided by the unit in which solvers see them, and that unit."""

    def normalised(self) -> tuple[Array, Array, float]:
        """Gains and stakes divided by the largest gain, and that unit."""

    @property
    def scale(self) -> float:
        """Largest total that is at play."""

    def numbers(self, like: Array) -> tuple[Array, Array]:
        """Gains and stakes in the arithmetic of `like`."""

    def costliest_mistakes(self, bite: Array) -> Array:
        """Mistakes l that maximise their sum weighted by `bite`."""

    def most_lost(self, bite: Array) -> Any:
        """Most that mistakes can take, their largest sum weighted by `bite`, or a bound on it."""

    def best_queries(self, robust: Array) -> Array:
        """Inclusion probabilities q that maximise their sum weighted by `robust`."""

    def excess(self, q: Array, l: Array) -> Any:
        """Largest violation of a bound, of the budget relative to it, of m to max(1, m)."""


class Rules(NamedTuple):
    """Rules of a game as arrays; a plain game has one group, and limits and costs of one.

    Attributes
    ----------
    members : ndarray of bool, shape (k, n)
        Groups of points, one a row.
    mistakes : ndarray, shape (k,)
        Most mistakes in each group.
    limits : ndarray, shape (n,)
        Largest mistake probability of each point.
    costs : ndarray, shape (n,)
        Price of a query of each point, in the unit of the budget.
    """

    members: Array
    mistakes: Array
    limits: Array
    costs: Array


@steady
def exact(array: Array) -> Array:
    """The same numbers as fractions."""
    return np.array([Fraction(x) for x in array], dtype=object)


@steady
def number_like(number: float, array: Array) -> Any:
    """The same number in the arithmetic of `array`."""
    return Fraction(number) if array.dtype == object else number


@steady
def strategy(game: AnyGame, values: ArrayLike, name: str) -> Array:
    """A strategy as an array of floats or fractions, one entry a point."""
    if not hasattr(type(game), "best_queries"):  # every kind of game has it, and nothing else
        raise ValueError(
            f"game = {game!r} must be of type Game or ConstrainedGame, and comes first"
        )
    if isinstance(values, np.ndarray) and values.shape == (game.n,) and values.dtype == object:
        if all(isinstance(x, Rational) for x in values):
            return values
    return floats(values, name, (game.n,))


@steady
def top(values: Array, amount: Any) -> Array:
    """Spread an amount over the largest values, at most one each, the last one by its fraction.

    Stable: ties go to the lower index.
    """
    n, whole = len(values), int(amount)
    weights = np.full(n, amount * 0)
    if whole >= n:
        weights[:] = 1
        return weights
    if n < FEW or values.dtype == object or np.isnan(values.max()):
        order = np.argsort(-values, kind="stable")
        weights[order[:whole]] = 1
        weights[order[whole]] = amount - whole
        return weights
    least = np.partition(values, n - 1 - whole)[n - 1 - whole]  # which gets the fraction
    above = values > least
    weights[above] = 1
    ties = np.flatnonzero(values == least)[: whole - int(np.count_nonzero(above)) + 1]
    weights[ties[:-1]] = 1
    weights[ties[-1]] = amount - whole
    return weights


@steady
def payoff(game: AnyGame, q: ArrayLike, l: ArrayLike) -> Any:
    r"""Learner's payoff :math:`U(q, l) = \sum_i q_i (g_i - s_i l_i)`.

    Parameters
    ----------
    game : Game or ConstrainedGame
    q, l : array_like, shape (n,)
        Inclusion probabilities and mistake probabilities; NaN passes through.

    Returns
    -------
    float
        A `Fraction` if both strategies are object arrays of fractions.

    Raises
    ------
    ValueError
        If a strategy has another shape than (n,).

    Examples
    --------
    >>> from radsim import Game
    >>> payoff(Game([4, 2], mistakes=1), [0.5, 0.5], [1, 0])
    -1.0
    """
    q, l = strategy(game, q, "q"), strategy(game, l, "l")
    g, s = game.numbers(q)
    total = np.sum(q * (g - s * l))
    return total if q.dtype == object else float(total)


@steady
def worst_case(game: AnyGame, q: ArrayLike) -> tuple[Any, Array]:
    r"""Worst case of q: what it earns against the teacher's best response, and that response.

    .. math:: W(q) = \min_l U(q, l) = \sum_i q_i g_i - T_m(q s)

    for a plain game; :math:`T_m` sums the m largest entries, for a fractional m the last one by its
    fraction.

    Parameters
    ----------
    game : Game or ConstrainedGame
    q : array_like, shape (n,)
        Inclusion probabilities; NaN passes through.

    Returns
    -------
    value : float
        The payoff that q earns whatever the teacher does.
    l : ndarray, shape (n,)
        Mistakes that bring the payoff down to `value`.

    Raises
    ------
    ValueError
        If q has another shape than (n,).

    Examples
    --------
    >>> from radsim import Game
    >>> value, l = worst_case(Game([1, 0.5, 0.25], mistakes=1), [1 / 7, 2 / 7, 4 / 7])
    >>> round(7 * value, 12), l.tolist()
    (1.0, [1.0, 0.0, 0.0])
    """
    q = strategy(game, q, "q")
    bite = q * game.numbers(q)[1]
    nothing = number_like(0.0, q)
    l = np.where(bite > 0, game.costliest_mistakes(bite), nothing)
    return payoff(game, q, l), l


@steady
def best_response(game: AnyGame, l: ArrayLike) -> tuple[Any, Array]:
    r"""Learner's best response to mistake probabilities: the b largest robust gains.

    :math:`\max_q U(q, l)`; with replacement the whole budget goes to one point; the learner who may
    abstain leaves negative robust gains :math:`g_i - s_i l_i` alone.

    Parameters
    ----------
    game : Game or ConstrainedGame
    l : array_like, shape (n,)
        Mistake probabilities; NaN passes through.

    Returns
    -------
    value : float
        No q earns more against l.
    q : ndarray, shape (n,)

    Raises
    ------
    ValueError
        If l has another shape than (n,).

    Examples
    --------
    >>> from radsim import Game
    >>> value, q = best_response(Game([4, 2], mistakes=1), [1, 0])
    >>> value, q.tolist()
    (2.0, [0.0, 1.0])
    """
    l = strategy(game, l, "l")
    g, s = game.numbers(l)
    robust = g - s * l
    if robust.dtype != object and np.isnan(robust).any():
        return float("nan"), np.full(game.n, np.nan)
    q = game.best_queries(robust)
    return payoff(game, q, l), q


def wrong_share(game: AnyGame, q: ArrayLike) -> float:
    r"""Largest share of wrong labels among the picks that any mistakes bring about.

    .. math:: \max_l \frac{\sum_i q_i l_i}{\sum_i q_i} = \frac{T_m(q)}{\sum_i q_i}

    for a plain game: the expected number of wrong labels, divided by the expected number of picks.
    These are not the mistakes of `worst_case`, which go where the stakes are.

    Parameters
    ----------
    game : Game or ConstrainedGame
    q : array_like, shape (n,)
        Inclusion probabilities, or counts of one draw.

    Returns
    -------
    float
        In [0, 1]; NaN if nothing is picked.

    Raises
    ------
    ValueError
        If q has another shape than (n,).

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> q = [1 / 7, 2 / 7, 4 / 7]
    >>> round(7 * wrong_share(game, q), 12), (worst_case(game, q)[1] @ q * 7).round(12)
    (4.0, np.float64(1.0))
    """
    q = strategy(game, q, "q")
    spent = float(np.sum(q))
    return float(np.sum(q * game.costliest_mistakes(q))) / spent if spent > 0 else float("nan")


def harms_and_stakes(
    gains: Array, harm: float | Array, most: float, place: Callable[[int], Any] = int
) -> tuple[Array, Array]:
    """Harms and stakes of points, if `most` times the largest stake is a float.

    `harm` is a multiple of the gains or the harms; `place` tells where in the pool a point is.
    """
    with np.errstate(over="ignore", under="ignore"):
        h = harm * gains if isinstance(harm, float) else harm
        s = gains + h
        if not np.isfinite(most * s.max()):
            i = int(np.argmax(s))
            raise ValueError(
                f"gains[{place(i)}] = {gains[i]} with harm {h[i]} is too large: "
                "the sum of the stakes must be finite"
            )
    return h, s
