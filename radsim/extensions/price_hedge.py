r"""Many rounds with no bound on the mistakes: Hedge over the price of one (N2).

Nothing is known beforehand but the number of rounds and how large they may be.  Each round plays a
mixture of the designs at every price of a grid; the mistakes are seen afterwards, and the prices
that would have earned more gain weight.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, number, steady, vector
from radsim.extensions.rounds import design_at_price
from radsim.payoffs import harms_and_stakes

__all__ = ["PriceHedge"]

# More prices than this are no grid but a mistake in the tolerance.
_MOST_PRICES = 1_000_000
_MOST_ROUNDS = 2**53  # and points: what floats count


@dataclass(frozen=True, eq=False)
class PriceHedge:
    r"""Hedge over prices of a mistake: a frozen state, from which each round makes the next.

    Parameters
    ----------
    n_rounds : int
        T, how many rounds there will be.
    n : int
        Most points in a round.
    budget : float
        :math:`b \in (0, n]`, of every round.
    largest_gain, largest_harm : float
        G and H, which no gain and no harm will exceed.
    tolerance : float
        eps > 0: the prices are in ratio 1 + eps, from G + H down to at most eps*b*G/n.

    Attributes
    ----------
    prices : ndarray, shape (K,)
        The grid, least first.
    earned : ndarray, shape (K,)
        What the designs at each price alone would have earned so far.
    n_played : int
        Rounds so far.

    Raises
    ------
    ValueError
        Naming the argument and the value that cannot be.

    References
    ----------
    Theory page: N2.  Y. Freund and R. E. Schapire, "A decision-theoretic generalization of on-line
    learning and an application to boosting", 1997.

    Examples
    --------
    A teacher that always errs on the point that hurts most, in 400 rounds:

    >>> from radsim.extensions import RoundsGame, solve_rounds
    >>> gains, hedge, total, made = np.array([1.0, 0.5, 0.25]), PriceHedge(400, n=3), 0.0, 0
    >>> for _ in range(400):
    ...     q = hedge.inclusion(gains)
    ...     l = np.zeros(3)
    ...     l[np.argmax(q * gains)] = 1
    ...     total += float(q @ (gains - 2 * gains * l))
    ...     hedge = hedge.after(gains, l)
    >>> value = solve_rounds(RoundsGame([gains] * 400, mistakes=400)).value
    >>> value - hedge.loss <= total <= value + 1e-9
    True
    """

    n_rounds: int
    n: int
    budget: float
    largest_gain: float
    largest_harm: float
    tolerance: float
    prices: Array
    earned: Array
    n_played: int

    @steady
    def __init__(
        self,
        n_rounds: int,
        n: int,
        budget: float = 1,
        largest_gain: float = 1.0,
        largest_harm: float = 1.0,
        tolerance: float = 0.1,
    ) -> None:
        rounds, points = (
            count(n_rounds, "n_rounds", low=1, high=_MOST_ROUNDS),
            count(n, "n", low=1, high=_MOST_ROUNDS),
        )
        b = number(budget, "budget", high=points, open_low=True)
        gain = number(largest_gain, "largest_gain", open_low=True)
        harm = number(largest_harm, "largest_harm")
        eps = number(tolerance, "tolerance", open_low=True)
        with np.errstate(all="ignore"):
            top, bottom = gain + harm, min(gain + harm, eps * b * gain / points)
            if not np.isfinite(rounds * b * top) or bottom < 1e-300:
                raise ValueError(
                    f"largest_gain = {gain} with largest_harm = {harm}, tolerance = {eps}: "
                    "prices and totals must be floats"
                )
            steps = int(np.ceil(np.log(top / bottom) / np.log1p(eps))) if top > bottom else 0
            if steps > _MOST_PRICES:
                raise ValueError(
                    f"tolerance = {eps} needs {steps} prices, more than {_MOST_PRICES}"
                )
            prices = top / (1 + eps) ** np.arange(steps, -1, -1)
        prices[0] = min(prices[0], bottom)  # a rounding may have left it just above
        prices.flags.writeable = False
        earned = np.zeros(len(prices))
        earned.flags.writeable = False
        for name, value in zip(
            self.__dataclass_fields__,
            (rounds, points, b, gain, harm, eps, prices, earned, 0),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    @property
    def rate(self) -> float:
        """The learning rate sqrt(8 ln K / T) / (b (G + H))."""
        width = self.budget * (self.largest_gain + self.largest_harm)
        return float(np.sqrt(8 * np.log(len(self.prices)) / self.n_rounds)) / width

    @property
    def weights(self) -> Array:
        """Weight of each price in the mixture of the next round, shape (K,)."""
        odds = np.exp(np.maximum(self.rate * (self.earned - self.earned.max()), -700.0))
        return odds / odds.sum()

    @property
    def loss(self) -> float:
        r"""What it can cost in all T rounds not to have known the number of mistakes.

        Against every teacher, whose mistakes may depend on all that was played before, with M of
        them in the end,

        .. math:: \sum_t U_t \ge V_T(M) - \epsilon T b G - b (G + H) \sqrt{T \ln K/2},

        :math:`V_T(M)` the value of the same rounds, had they and M been known (`solve_rounds`).
        """
        b, gain, rounds = self.budget, self.largest_gain, self.n_rounds
        learning = np.sqrt(rounds * np.log(len(self.prices)) / 2)
        return float(self.tolerance * rounds * b * gain + b * (gain + self.largest_harm) * learning)

    def _pool(self, gains: ArrayLike, harm: float, harms: ArrayLike | None) -> tuple[Array, Array]:
        g = vector(gains, "gains", least=1, high=self.largest_gain)
        if len(g) > self.n:
            raise ValueError(f"gains has {len(g)} entries, must have at most n = {self.n}")
        given = number(harm, "harm") if harms is None else vector(harms, "harms", len(g))
        h, s = harms_and_stakes(g, given, self.n)
        for i in np.flatnonzero(h > self.largest_harm)[:1]:
            raise ValueError(
                f"harms[{i}] = {h[i]} must be at most largest_harm = {self.largest_harm}"
            )
        return g, s

    def _designs(self, g: Array, s: Array) -> Array:
        b = min(self.budget, len(g))
        return design_at_price(g, s, b, self.prices[:, None])

    @steady
    def inclusion(
        self, gains: ArrayLike, harm: float = 1.0, *, harms: ArrayLike | None = None
    ) -> Array:
        """Design of the next round, given its gains and harms.

        Parameters
        ----------
        gains : array_like, shape (n_t,)
        harm : float
            Harm as a multiple of the gain.  Ignored when `harms` is given.
        harms : array_like, shape (n_t,), optional

        Returns
        -------
        ndarray, shape (n_t,)
            Inclusion probabilities, at most `budget` in sum.

        Raises
        ------
        ValueError
            If there are more points, larger gains or larger harms than were announced.

        Examples
        --------
        >>> bool(PriceHedge(100, n=3).inclusion([1, 0.5, 0.25]).sum() <= 1)
        True
        """
        return self.weights @ self._designs(*self._pool(gains, harm, harms))

    @steady
    def after(
        self,
        gains: ArrayLike,
        mistakes: ArrayLike,
        harm: float = 1.0,
        *,
        harms: ArrayLike | None = None,
    ) -> PriceHedge:
        """State after a round in which these mistakes were made.

        Parameters
        ----------
        gains : array_like, shape (n_t,)
            As `inclusion` was given them.
        mistakes : array_like, shape (n_t,)
            In [0, 1]: whether, or with which probability, the teacher was wrong on each point.
        harm, harms
            As `inclusion` was given them.

        Returns
        -------
        PriceHedge

        Raises
        ------
        ValueError
            If it cannot be, or all rounds have been played.

        Examples
        --------
        >>> hedge = PriceHedge(1, n=2).after([1, 0.5], [1, 0])
        >>> hedge.n_played
        1
        >>> hedge.after([1, 0.5], [1, 0])
        Traceback (most recent call last):
        ...
        ValueError: n_rounds = 1: all rounds have been played
        """
        if self.n_played >= self.n_rounds:
            raise ValueError(f"n_rounds = {self.n_rounds}: all rounds have been played")
        g, s = self._pool(gains, harm, harms)
        l = vector(mistakes, "mistakes", len(g), high=1)
        earned = self.earned + self._designs(g, s) @ (g - s * l)
        earned.flags.writeable = False
        following = copy(self)
        object.__setattr__(following, "earned", earned)
        object.__setattr__(following, "n_played", self.n_played + 1)
        return following
