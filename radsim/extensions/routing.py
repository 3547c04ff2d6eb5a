r"""Several teachers, each with its price and its mistakes (N5): which to ask, and what voting buys.

Every teacher is a game of its own, and the best of them is worth as much as all together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from radsim.constrained import ConstrainedGame
from radsim.door import Array, steady, typed, vector, whole
from radsim.game import Count, Game
from radsim.solution import Certificate, UncertifiedError
from radsim.solvers import solve
from radsim.solvers.answers import check_answer

__all__ = ["Advice", "Market", "Route", "Vote", "advise", "route", "vote"]

RTOL = 1e-9


@dataclass(frozen=True, eq=False)
class Market:
    r"""A pool of points and several teachers, each with a price per query and its own mistakes.

    The learner spends its budget on queries, drawn with replacement, of any point from any teacher.

    Parameters
    ----------
    gains : array_like, shape (n,)
        :math:`g_i \ge 0`.
    mistakes : array_like, shape (k,)
        :math:`m_t \in [0, n]`, a count: most points that teacher t mislabels.
    prices : array_like, shape (k,)
        :math:`c_t > 0`, of one query of teacher t.
    budget : float
        :math:`b > 0`, in the unit of the prices.
    harm : float
        Harm as a multiple of the gain.  Ignored when `harms` is given.
    harms : array_like, shape (n,), optional
        Harm :math:`h_i \ge 0` of a wrong label of each point.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    Theory page: N5.

    Examples
    --------
    >>> market = Market([1, 0.5, 0.25], mistakes=[1, 0], prices=[1, 10])
    >>> market.n, market.n_teachers
    (3, 2)
    >>> Market([1, 0.5], mistakes=[1, 3], prices=[1, 1])
    Traceback (most recent call last):
    ...
    ValueError: mistakes[1] = 3.0 must be in [0, 2]
    """

    gains: Array
    mistakes: Array
    prices: Array
    budget: float
    harms: Array

    @steady
    def __init__(
        self,
        gains: ArrayLike,
        mistakes: ArrayLike,
        prices: ArrayLike,
        budget: float = 1,
        harm: float = 1.0,
        *,
        harms: ArrayLike | None = None,
    ) -> None:
        pool = Game(gains, 0, budget, harm, harms=harms, capped=False)
        m = vector(mistakes, "mistakes", least=1, high=pool.n)
        c = vector(prices, "prices", len(m), of="mistakes", open_low=True)
        with np.errstate(over="ignore"):
            bought = pool.budget * float(pool.stakes.max()) / c
        for t in np.flatnonzero(~np.isfinite(bought)):
            raise ValueError(f"prices[{t}] = {c[t]} is too small: what the budget buys is no float")
        numbers = {"gains": pool.gains, "harms": pool.harms, "budget": pool.budget}
        for name, value in (numbers | {"mistakes": m, "prices": c}).items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<Market of {self.n} points and {self.n_teachers} teachers>"

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.gains)

    @property
    def n_teachers(self) -> int:
        """Number of teachers."""
        return len(self.mistakes)

    def game(self, mistakes: float) -> Game:
        """The game with one query and one teacher who makes so many mistakes."""
        return Game(self.gains, Count(mistakes), harms=self.harms, capped=False)

    @cached_property
    def union(self) -> ConstrainedGame:
        """The game on all pairs of a teacher and a point, teacher by teacher."""
        k, n = self.n_teachers, self.n
        return ConstrainedGame(
            np.tile(self.gains, k),
            np.tile(self.gains + self.harms, k),
            self.mistakes,
            self.budget,
            groups=np.repeat(np.arange(k), n),
            costs=np.repeat(self.prices, n),
            capped=False,
        )


@dataclass(frozen=True, eq=False)
class Route:
    r"""Which teacher to ask, about what, and what all of them together could be worth at most.

    Attributes
    ----------
    market : Market
    teacher : int
        The one to ask; -1 where no selection has a positive guarantee.
    value : float
        What asking it guarantees, :math:`b \max_t \lambda_t`.
    levels : ndarray, shape (k,)
        :math:`\lambda_t`, what each teacher guarantees per unit of money; 0 if nothing.
    inclusion : ndarray, shape (k, n)
        Expected queries; of the other teachers none.
    mistake_probabilities : ndarray, shape (k, n)
        Mistakes of all teachers against which no query earns more.

    References
    ----------
    Theory page: N5.

    Examples
    --------
    >>> found = route(Market([1, 0.5, 0.25], mistakes=[1, 0], prices=[1, 10]))
    >>> found.teacher, found.certificate.accepts(1e-12)
    (0, True)
    """

    market: Market
    teacher: int
    value: float
    levels: Array
    inclusion: Array
    mistake_probabilities: Array

    @cached_property
    def certificate(self) -> Certificate:
        """Both strategies, evaluated again on all pairs of a teacher and a point."""
        q, l = self.inclusion.ravel(), self.mistake_probabilities.ravel()
        return check_answer(self.market.union, q, l, self.value)


@dataclass(frozen=True)
class Vote:
    r"""What a majority of some teachers guarantees.

    Attributes
    ----------
    members : tuple of int
    mistakes : float
        Most points on which the majority can be wrong, :math:`\sum_t m_t/\lceil K/2 \rceil`,
        rounded down if all :math:`m_t` are whole.
    price : float
        Of one query, to all members.
    value : float
        What the budget guarantees so.

    References
    ----------
    Theory page: N5, A3.

    Examples
    --------
    >>> vote(Market([1, 0.5, 0.25], mistakes=[1, 1, 1], prices=[1, 1, 1])).price
    3.0
    """

    members: tuple[int, ...]
    mistakes: float
    price: float
    value: float


@dataclass(frozen=True)
class Advice:
    """Whom to ask, and what a majority of all teachers would be worth instead.

    Attributes
    ----------
    route : Route
    vote : Vote
    words : str
        The same in a sentence.

    Examples
    --------
    >>> advise(Market([1, 0.5, 0.25], mistakes=[1, 1, 1], prices=[1, 2, 2])).words
    'Ask teacher 0: 0.142857 guaranteed; a vote of all 3 guarantees 0.0285714 for the same budget.'
    """

    route: Route
    vote: Vote

    @property
    def words(self) -> str:
        """The advice in a sentence."""
        k = len(self.vote.members)
        if self.route.teacher < 0:
            return "Ask nobody: no teacher and no vote has a positive guarantee on this pool."
        other = f"a vote of all {k} guarantees {self.vote.value:.6g} for the same budget"
        return f"Ask teacher {self.route.teacher}: {self.route.value:.6g} guaranteed; {other}."


def _market(market: Market) -> Market:
    return typed(market, Market, "market")


@steady
def route(market: Market) -> Route:
    r"""Say which teacher to ask: one of them is as good as any mixture of all.

    With teacher t alone a unit of money guarantees :math:`\lambda_t`, the root of

    .. math:: \sum_i \frac{\max(0, g_i - c_t \lambda)}{s_i} = m_t,

    and the value of all teachers together is :math:`V = b \max_t \lambda_t` (0 where no root is
    positive): the others can shave every point to the same level.

    Parameters
    ----------
    market : Market

    Returns
    -------
    Route
        Its certificate, on all pairs of a teacher and a point, was asked.

    Raises
    ------
    ValueError
        If it is no `Market`.
    UncertifiedError
        If rounding leaves a gap of more than 1e-9 of the scale.

    References
    ----------
    Theory page: N5.

    Examples
    --------
    A teacher without mistakes at seven times the price is as good as one with a mistake.

    >>> found = route(Market([1, 0.5, 0.25], mistakes=[0, 1], prices=[7, 1]))
    >>> found.levels.round(6).tolist()
    [0.142857, 0.142857]
    """
    g, b = _market(market).gains, market.budget
    s = g + market.harms
    alone = [solve(market.game(m)) for m in market.mistakes]
    levels = np.array([float(answer.value) for answer in alone]) / market.prices
    best, lam = int(np.argmax(levels)), float(levels.max())
    q = np.zeros((market.n_teachers, market.n))
    if lam > 0:
        q[best] = alone[best].inclusion * (b / market.prices[best])
    over = np.maximum(0, g - np.multiply.outer(market.prices, np.full(market.n, lam)))
    l = np.minimum(1, np.divide(over, s, out=np.zeros_like(over), where=s > 0))
    found = Route(market, best if lam > 0 else -1, b * lam, levels, q, l)
    if not found.certificate.accepts(RTOL):
        low, high = found.certificate.lower, found.certificate.upper
        raise UncertifiedError(f"route: bounds {float(low):.6g} and {float(high):.6g} do not meet")
    return found


@steady
def vote(market: Market, members: ArrayLike | None = None) -> Vote:
    r"""Say what a majority of honest teachers guarantees for the same budget.

    K members who err on :math:`m_t` points each can be wrong together, by majority, on
    :math:`\sum_t m_t/\lceil K/2 \rceil` points, never fewer than the best of them alone; and a
    query costs the sum of their prices.  So the guarantee is at most that of `route`.  It is one
    for the worst case: where mistakes are independent a majority errs less than it may.

    Parameters
    ----------
    market : Market
    members : array_like of int, optional
        Different teachers; default all.

    Returns
    -------
    Vote

    Raises
    ------
    ValueError
        If there is no member, one twice, or one that is no teacher.

    References
    ----------
    Theory page: N5, A3.

    Examples
    --------
    >>> five = Market([1, 0.5, 0.25], mistakes=[1] * 5, prices=[1] * 5)
    >>> vote(five).mistakes, vote(five, [0]).mistakes
    (1.0, 1.0)
    """
    k = _market(market).n_teachers
    chosen = np.arange(k) if members is None else whole(members, "members", high=k - 1)
    each = tuple(int(t) for t in chosen)
    if not each:
        raise ValueError("members must name at least one teacher")
    for i, t in enumerate(each):
        if t in each[:i]:
            raise ValueError(f"members[{i}] = {t} is named twice")
    m = market.mistakes[list(each)]
    wrong = min(float(market.n), float(m.sum()) / ((len(each) + 1) // 2))
    if np.all(m == np.floor(m)):
        wrong = float(np.floor(wrong))
    price = float(market.prices[list(each)].sum())
    worth = float(solve(market.game(wrong)).value) * (market.budget / price)
    return Vote(each, wrong, price, worth)


@steady
def advise(market: Market) -> Advice:
    """Say whom to ask, and what a majority of all teachers would be worth instead.

    Parameters
    ----------
    market : Market

    Returns
    -------
    Advice

    Raises
    ------
    ValueError
        If it is no `Market`.

    References
    ----------
    Theory page: N5.

    Examples
    --------
    >>> advice = advise(Market([3, 2, 1], mistakes=[2, 0], prices=[1, 2], harm=0))
    >>> advice.route.teacher, advice.route.value, advice.vote.mistakes
    (1, 1.5, 2.0)
    """
    return Advice(route(market), vote(market))
