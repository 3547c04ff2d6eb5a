r"""Many rounds against a teacher with one budget of mistakes for all of them (N1).

One price of a mistake, the same in every round, is all that the rounds share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, number, steady, typed, vector
from radsim.extensions.rounds_game import RoundsGame, rounds_of
from radsim.feasible import fit_inclusion
from radsim.game import Game
from radsim.payoffs import best_response, top
from radsim.solution import Certificate

__all__ = ["RoundsSolution", "certify_rounds", "design_at_price", "solve_rounds"]

# Steps of the search for the price; two of them halve its bracket at the least.
_MOST_STEPS = 400


@dataclass(frozen=True, eq=False, kw_only=True)
class RoundsSolution:
    r"""Solution of a game of rounds: the price of a mistake, the designs, the teacher's split.

    Attributes
    ----------
    game : RoundsGame
    value : float
        What the designs guarantee in all rounds together.
    price : float
        :math:`\tau`, the price of a mistake: what one more would cost.
    inclusion : tuple of ndarray
        The learner's :math:`q^t`.
    mistake_probabilities : tuple of ndarray
        The teacher's :math:`l^t`, as marginals.

    Examples
    --------
    >>> solution = solve_rounds(RoundsGame([[1, 0.5, 0.25], [4, 4]], mistakes=1))
    >>> solution.certificate.accepts(1e-12), round(float(solution.split.sum()), 12)
    (True, 1.0)
    """

    game: RoundsGame
    value: float
    price: float
    inclusion: tuple[Array, ...]
    mistake_probabilities: tuple[Array, ...]

    @property
    def split(self) -> Array:
        """How many mistakes the teacher makes in each round; they sum to M where it needs all."""
        return np.array([l.sum() for l in self.mistake_probabilities])

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, computed when first read."""
        return certify_rounds(self.game, self.inclusion, self.mistake_probabilities, self.value)


def _strategies(game: RoundsGame, values: Sequence[ArrayLike], name: str) -> list[Array]:
    rows = rounds_of(values, name)
    if len(rows) != game.n_rounds:
        raise ValueError(f"{name} has {len(rows)} rounds, the game has {game.n_rounds}")
    return [
        floats(row, f"{name}[{t}]", (n,))
        for t, (row, n) in enumerate(zip(rows, game.sizes, strict=True))
    ]


def _unit(game: RoundsGame) -> float:
    """The power of two next to the largest gain, by which to divide and lose nothing."""
    largest = max(float(g.max()) for g in game.gains)
    return 2.0 ** int(np.clip(np.frexp(largest)[1], -1021, 1023)) if largest > 0 else 1.0


@steady
def certify_rounds(
    game: RoundsGame,
    inclusion: Sequence[ArrayLike],
    mistake_probabilities: Sequence[ArrayLike],
    value: float,
) -> Certificate:
    r"""Prove a value of a game of rounds from anybody's pair of strategies.

    The designs are evaluated against the best adversary over all rounds together, the mistakes
    against the best reply of the learner in each round:

    .. math:: \sum_t q^t \cdot g^t - T_M(q s) \le V \le \sum_t \max_q U_t(q, l^t),

    :math:`T_M` the M largest of all :math:`q^t_i s^t_i`.  Strategies that break a rule are moved
    back first, and the certificate says how far.

    Parameters
    ----------
    game : RoundsGame
    inclusion, mistake_probabilities : sequence of T array_like, each of shape (n_t,)
    value : float
        The value that is claimed.

    Returns
    -------
    Certificate

    Raises
    ------
    ValueError
        If a strategy has another number of rounds or of points.

    References
    ----------
    Theory page: N1.

    Examples
    --------
    >>> game = RoundsGame([[1], [1]], mistakes=1, harm=0)
    >>> certify_rounds(game, [[1], [1]], [[0.5], [0.5]], value=1).accepts()
    True
    >>> certify_rounds(game, [[1], [1]], [[0.5], [0.5]], value=1.1).accepts()
    False
    """
    typed(game, RoundsGame, "game")
    value = float(floats(value, "value", ()))
    raw_q = _strategies(game, inclusion, "inclusion")
    raw_l = _strategies(game, mistake_probabilities, "mistake_probabilities")
    everything = np.concatenate([*raw_q, *raw_l])
    if not np.isfinite(everything).all():
        nan = float("nan")
        return Certificate(lower=nan, upper=nan, value=value, infeasibility=nan, scale=nan)
    unit, m = _unit(game), float(game.mistakes)
    rounds = [
        Game(g / unit, 0, float(b), harms=h / unit)
        for g, h, b in zip(game.gains, game.harms, game.budget, strict=True)
    ]
    made = float(sum(l.sum() for l in raw_l))
    spent = [(q.sum() - b) / b for q, b in zip(raw_q, game.budget, strict=True)]
    outside = max(float(np.max(-everything)), float(np.max(everything - 1)))
    broken = max(0.0, outside, (made - m) / max(1.0, m), *map(float, spent))

    q = [fit_inclusion(one, values) for one, values in zip(rounds, raw_q, strict=True)]
    l = [np.clip(values, 0.0, 1.0) for values in raw_l]
    made = float(sum(values.sum() for values in l))
    if made > m:
        l = [values * (m / made) for values in l]
    bites = np.concatenate([one.stakes * values for one, values in zip(rounds, q, strict=True)])
    earned = sum(float(one.gains @ values) for one, values in zip(rounds, q, strict=True))
    upper = sum(best_response(one, values)[0] for one, values in zip(rounds, l, strict=True))
    return Certificate(
        lower=unit * (earned - float(bites @ top(bites, m))),
        upper=unit * float(upper),
        value=value,
        infeasibility=broken,
        scale=game.scale,
    )


@steady
def design_at_price(gains: Array, stakes: Array, budget: float, price: float | Array) -> Array:
    r"""Design that earns most among those on which a mistake costs at most the price.

    .. math:: \max\ q \cdot g \quad\text{over}\quad 0 \le q_i \le \min(1, \tau/s_i),\
        \textstyle\sum_i q_i \le b,

    which takes the largest gains first.  Whatever the teacher does, it earns at least
    :math:`q \cdot g` less the price for every mistake.

    Parameters
    ----------
    gains, stakes : ndarray, shape (n,)
        With :math:`s_i \ge g_i \ge 0`.
    budget : float
    price : float or ndarray, shape (K, 1)
        One price, or a column of them.

    Returns
    -------
    ndarray, shape (n,)
        For K prices, shape (K, n).

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    Theory page: N1.

    Examples
    --------
    >>> design_at_price(np.array([10.0, 3, 2]), np.array([10.0, 3, 2]), 2, 3).round(12).tolist()
    [0.3, 1.0, 0.7]
    """
    g = vector(gains, "gains")
    s, b = vector(stakes, "stakes", len(g)), number(budget, "budget")
    tau = floats(price, "price")
    if not (tau >= 0).all():
        raise ValueError(f"price = {price!r} must be non-negative")
    if tau.ndim and tau.shape[1:] != (1,):
        raise ValueError(f"price must be a number or of shape (K, 1), got shape {tau.shape}")
    return _at_price(g, s, b, tau)


def _at_price(gains: Array, stakes: Array, budget: float, price: float | Array) -> Array:
    order = np.argsort(-gains, kind="stable")
    cap = _shares(stakes[order], price)
    cap[..., gains[order] <= 0] = 0.0
    before = np.cumsum(cap, axis=-1) - cap
    q = np.empty_like(cap)
    q[..., order] = np.clip(budget - before, 0.0, cap)
    return q


def _shares(stakes: Array, price: Any) -> Array:
    """min(1, price/s)."""
    light = stakes <= price
    return np.where(light, 1.0, price / np.where(light, 1.0, stakes))


class _Sorted(NamedTuple):
    """One round's points with gain, largest first, and where they stand in its pool."""

    g: Array
    s: Array
    b: float
    places: Array
    n: int


class _Cut(NamedTuple):
    """Mistakes l^t at a price: no design earns more than `earned` against them; `made` in all."""

    price: float
    earned: float
    made: float
    l: list[Array]


def _sorted(g: Array, h: Array, b: float, unit: float) -> _Sorted:
    order = np.argsort(-g, kind="stable")[: int(np.count_nonzero(g > 0))]
    return _Sorted(g[order] / unit, (g[order] + h[order]) / unit, b, order, len(g))


def _cut_at(rounds: list[_Sorted], price: float) -> tuple[float, _Cut]:
    """The sum of A_t(price), and the mistakes that the teacher then makes.

    The dearest points are shaved down to the round's level, the gain at which its budget ends.
    """
    total = earned = made = 0.0
    mistakes = []
    for g, s, b, _, _ in rounds:
        cap = _shares(s, price)
        ends = np.cumsum(cap)
        total += float(np.clip(b - (ends - cap), 0.0, cap) @ g)
        last = int(np.searchsorted(ends, b, side="right"))
        level = float(g[last]) if last < len(g) else 0.0
        over, dear = np.maximum(0.0, g - level), s > price
        l = np.where(dear, over / np.where(dear, s, 1.0), 0.0)
        made += float(l.sum())
        earned += b * level + float(over[~dear].sum())  # dear points are shaved to the level
        mistakes.append(l)
    return total, _Cut(price, earned, made, mistakes)


def _best_price(rounds: list[_Sorted], m: float) -> tuple[float, float, list[Array]]:
    """Price that maximises the sum of A_t(price) - price*m, what it is worth, the teacher's l.

    Each cut bounds the concave objective by a line, earned + price*(made - m), and the lines of the
    nearest cuts on both sides of the maximum cross above it: at the maximum once it lies there.
    """
    every = [g / s for g, s, *_ in rounds]
    low = _Cut(0.0, 0.0, float(sum(l.sum() for l in every)), every)
    dearest = max((float(s.max()) for _, s, *_ in rounds if s.size), default=0.0)
    most, high = _cut_at(rounds, dearest)
    best = max((0.0, 0.0), (most - dearest * m, dearest))
    if low.made <= m:
        return 0.0, 0.0, low.l
    if high.made >= m:
        return dearest, best[0], high.l
    for step in range(_MOST_STEPS):
        price = (high.earned - low.earned) / (low.made - high.made)
        line = low.earned + price * (low.made - m)
        if step % 2 and not best[0] >= line * (1 - 1e-14):
            price = (low.price + high.price) / 2
        if not low.price < price < high.price:
            break
        total, cut = _cut_at(rounds, price)
        best = max(best, (total - price * m, price))
        if cut.made == m:
            return price, total - price * m, cut.l
        if cut.made > m:
            low = cut
        else:
            high = cut
        if total - price * m >= line * (1 - 1e-14):
            break
    share = (m - high.made) / (low.made - high.made)
    mixed = [share * x + (1 - share) * y for x, y in zip(low.l, high.l, strict=True)]
    return best[1], best[0], mixed


@steady
def solve_rounds(game: RoundsGame) -> RoundsSolution:
    r"""Value of rounds against one budget of mistakes, by the one price that they share.

    .. math:: V = \max_{\tau \ge 0} \Bigl[\sum_t A_t(\tau) - \tau M\Bigr]
        = \min_{\sum_t m_t = M} \sum_t V_t(m_t),

    :math:`A_t(\tau)` the most that a design of round t earns without mistakes if none may cost more
    than the price (`design_at_price`).  The objective is concave and piecewise linear in the price,
    and the mistakes that its slopes count are the teacher's strategy.

    Parameters
    ----------
    game : RoundsGame

    Returns
    -------
    RoundsSolution

    References
    ----------
    Theory page: N1.

    Examples
    --------
    Two rounds that are each worth 22/5 against one mistake of their own; against one for both they
    are worth more than twice as much, since it can be made but once.

    >>> pool = [10, 3, 2]
    >>> alone = solve_rounds(RoundsGame([pool], mistakes=1, budget=2, harm=0))
    >>> both = solve_rounds(RoundsGame([pool, pool], mistakes=1, budget=2, harm=0))
    >>> round(alone.value, 12), round(both.value, 12), both.certificate.accepts(1e-12)
    (4.4, 16.0, True)
    """
    typed(game, RoundsGame, "game")
    unit = _unit(game)
    rounds = [
        _sorted(g, h, float(b), unit)
        for g, h, b in zip(game.gains, game.harms, game.budget, strict=True)
    ]
    price, value, shaved = _best_price(rounds, float(game.mistakes))
    inclusion, mistakes = [], []
    for one, l in zip(rounds, shaved, strict=True):
        q, full = np.zeros(one.n), np.zeros(one.n)
        q[one.places] = _at_price(one.g, one.s, one.b, price)
        full[one.places] = l
        inclusion.append(q)
        mistakes.append(full)
    return RoundsSolution(
        game=game,
        value=unit * value,
        price=unit * price,
        inclusion=tuple(inclusion),
        mistake_probabilities=tuple(mistakes),
    )
