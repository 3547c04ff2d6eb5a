r"""The game between learner and teacher: its data, its payoff and each side's best reply.

Nothing here solves the game.  The three functions below are all that a certificate needs
(:func:`radsim.solution.certify`), so a solver can be wrong without misleading anyone.  They accept
float arrays, or object arrays of :class:`fractions.Fraction`; with fractions every result is exact.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from numbers import Rational
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, flag, floats, number, typed, vector

__all__ = [
    "AnyGame",
    "Array",
    "Game",
    "Rules",
    "best_response",
    "digest_of",
    "exact",
    "mistakes_from_rate",
    "number_like",
    "payoff",
    "shown",
    "strategy",
    "worst_case",
]

# A game of more points than this is shown by their number.
SHOWN = 20
DEFAULTS = {"budget": 1, "harm": 1, "capped": True, "abstain": True}


class AnyGame(Protocol):
    """What payoff, best replies and certificates ask of a game: two sums to maximise, two rules.

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

    def normalised(self) -> tuple[Array, Array, float]:
        """Gains and stakes divided by the largest gain, and that unit."""

    @property
    def scale(self) -> float:
        """Largest total that is at play."""

    def numbers(self, like: Array) -> tuple[Array, Array]:
        """Gains and stakes in the arithmetic of `like`."""

    def costliest_mistakes(self, bite: Array) -> Array:
        """Mistakes l that maximise their sum weighted by `bite`."""

    def best_queries(self, robust: Array) -> Array:
        """Inclusion probabilities q that maximise their sum weighted by `robust`."""

    def excess(self, q: Array, l: Array) -> Any:
        """Largest violation of a bound or a sum, relative to its right-hand side (at least 1)."""


class Rules(NamedTuple):
    """What each side must obey, as arrays; a plain game has one group and limits and costs of one.

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


@dataclass(frozen=True, eq=False)
class Game:
    r"""A pool of points, what a label of each is worth, and how many mistakes are to be feared.

    The learner picks inclusion probabilities :math:`q`, the teacher mistakes :math:`l`, and the
    learner earns :math:`U(q, l) = \sum_i q_i (g_i - s_i l_i)` with stakes :math:`s = g + h`.

    Parameters
    ----------
    gains : array_like, shape (n,)
        Informativeness :math:`g_i \ge 0` of a correct soft-label of each point.
    mistakes : float
        :math:`m \in [0, n]`: most points that the teacher mislabels; a fraction bounds their mean.
    budget : float
        :math:`b > 0`: soft-labels that may be queried; at most n when capped.
    harm : float
        Harm as a multiple c of the gain, :math:`h_i = c g_i`.  Ignored when `harms` is given.
    harms : array_like, shape (n,), optional
        Harm :math:`h_i \ge 0` of a wrong soft-label of each point, in the unit of the gains.
    capped : bool
        Without replacement (:math:`q_i \le 1`); False: with replacement, no cap.
    abstain : bool
        The learner may leave budget unspent; False: :math:`\sum_i q_i = b`.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    THEORY chapter 1; after Baykal et al., "Robust Active Distillation", ICLR 2023.

    Examples
    --------
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> game.stakes.tolist()
    [2.0, 1.0, 0.5]
    >>> Game([1, -2], mistakes=1)
    Traceback (most recent call last):
    ...
    ValueError: gains[1] = -2.0 must be finite and non-negative
    >>> game.replace(budget=2, abstain=False)
    Game([1, 0.5, 0.25], mistakes=1, budget=2, abstain=False, harms=[1, 0.5, 0.25])
    """

    kind: ClassVar[str] = "plain"  # which rows of SOLVERS solve it

    gains: Array
    mistakes: float
    budget: float
    harms: Array
    stakes: Array
    capped: bool
    abstain: bool
    multiple: float | None  # c if the harms are c times the gains

    def __init__(
        self,
        gains: ArrayLike,
        mistakes: float,
        budget: float = 1,
        harm: float = 1.0,
        *,
        harms: ArrayLike | None = None,
        capped: bool = True,
        abstain: bool = True,
    ) -> None:
        g = vector(gains, "gains", least=1)
        n = len(g)
        m = number(mistakes, "mistakes")
        if m > n:
            raise ValueError(f"mistakes = {m} must be at most n = {n}, the number of points")
        capped, abstain = flag(capped, "capped"), flag(abstain, "abstain")
        b = number(budget, "budget", high=n if capped else np.inf, open_low=True)
        with np.errstate(over="ignore"):
            if harms is None:
                h = number(harm, "harm") * g
            else:
                h = vector(harms, "harms", n)
            s = g + h
            if not np.isfinite(max(n, b) * s.max()):
                i = int(np.argmax(s))
                raise ValueError(
                    f"gains[{i}] = {g[i]} with harm {h[i]} is too large: "
                    "the sum of the stakes must be finite"
                )
        for array in (h, s):
            array.flags.writeable = False
        for name, value in zip(
            ("gains", "mistakes", "budget", "harms", "stakes", "capped", "abstain"),
            (g, m, b, h, s, capped, abstain),
            strict=True,
        ):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "multiple", float(harm) if harms is None else None)

    @property
    def n(self) -> int:
        """Number of points in the pool."""
        return len(self.gains)

    def __repr__(self) -> str:
        harm = {"harms": self.harms} if self.multiple is None else {"harm": self.multiple}
        names = ("gains", "mistakes", "budget", "capped", "abstain")
        return shown(self, {name: getattr(self, name) for name in names} | harm)

    def digest(self) -> str:
        """SHA-256 of the game's numbers: the same for equal games, on every machine.

        Examples
        --------
        >>> Game([1, 0.5], mistakes=1).digest()[:12]
        '3c03b0227ed2'
        """
        rules = (self.mistakes, self.budget, self.capped, self.abstain)
        return digest_of(self.kind, rules, self.gains, self.harms)

    @cached_property
    def rules(self) -> Rules:
        """What each side must obey, as arrays."""
        one = np.ones(self.n)
        return Rules(np.ones((1, self.n), dtype=bool), np.array([self.mistakes]), one, one)

    def normalised(self) -> tuple[Array, Array, float]:
        """Gains and stakes divided by the largest gain (harm if there is none), and that unit."""
        unit = float(self.gains.max() or self.harms.max() or 1.0)
        g = self.gains / unit
        return g, g + self.harms / unit, unit

    @property
    def scale(self) -> float:
        """Largest total that is at play, b*max(g), or b*max(s) when querying is forced."""
        return self.budget * float(np.max(self.gains if self.abstain else self.stakes))

    def numbers(self, like: Array) -> tuple[Array, Array]:
        """Gains and stakes in the arithmetic of `like`: floats, or exact fractions."""
        if like.dtype != object:
            return self.gains, self.stakes
        g = exact(self.gains)
        return g, g + exact(self.harms)

    def costliest_mistakes(self, bite: Array) -> Array:
        """The m largest entries of `bite`."""
        return top(bite, number_like(self.mistakes, bite))

    def best_queries(self, robust: Array) -> Array:
        """The b largest entries of `robust`, leaving the negative ones alone if that is allowed."""
        b = number_like(self.budget, robust)
        if not self.capped:
            q = np.full(self.n, b * 0)
            best = int(np.argmax(robust))
            if robust[best] > 0 or not self.abstain:
                q[best] = b
            return q
        q = top(robust, b)
        return np.where(robust > 0, q, b * 0) if self.abstain else q

    def excess(self, q: Array, l: Array) -> Any:
        """Largest violation of a bound or a sum, relative to its right-hand side (at least 1)."""
        b, m = number_like(self.budget, q), number_like(self.mistakes, l)
        spent = np.sum(q) - b
        worst = [np.max(-q), np.max(-l), np.max(l - 1), (np.sum(l) - m) / max(1, m)]
        worst.append((spent if self.abstain else abs(spent)) / max(1, b))
        return max([*worst, np.max(q - 1)] if self.capped else worst)

    def replace(self, **changes: Any) -> Game:
        """Return the same game with some arguments changed (harms are kept as they are).

        Examples
        --------
        >>> Game([1, 2], mistakes=1).replace(mistakes=0.5).mistakes
        0.5
        """
        arguments: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("gains", "mistakes", "budget", "harms", "capped", "abstain")
        }
        if "harm" in changes:
            del arguments["harms"]
        return Game(**(arguments | changes))


def written(number: float) -> str:
    """A number as it would be typed: whole ones without a point, all others to the last digit."""
    value = float(number)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def shown(game: Any, arguments: dict[str, Any]) -> str:
    """The call that makes a game again; of a large one its size and digest instead."""
    name = type(game).__name__
    if game.n > SHOWN:
        return f"<{name} of {game.n} points, digest {game.digest()[:12]}>"
    words: list[str] = []
    for key, value in arguments.items():
        if key in DEFAULTS and np.array_equal(value, DEFAULTS[key]):
            continue
        if isinstance(value, bool):
            text = str(value)
        elif np.ndim(value) == 0:
            text = written(value)
        elif np.ndim(value) == 1:
            text = f"[{', '.join(map(written, value))}]"
        else:
            text = str(np.asarray(value, dtype=int).tolist())
        words.append(f"{key}={text}" if words else text)
    return f"{name}({', '.join(words)})"


def digest_of(kind: str, rules: tuple[Any, ...], *arrays: Array) -> str:
    """SHA-256 of a kind of game, its numbers and its arrays, all of them as bytes of one order."""
    found = hashlib.sha256(f"radsim {kind} game {len(arrays[0])}\n".encode())
    for values in (rules, *arrays):
        found.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    return found.hexdigest()


def mistakes_from_rate(rate: float, n: int) -> float:
    """Turn a teacher's error rate in [0, 1] into a number of mistakes among n points.

    Examples
    --------
    >>> mistakes_from_rate(0.25, 8)
    2.0
    """
    return number(rate, "rate", high=1) * count(n, "n")


def exact(array: Array) -> Array:
    """The same numbers as fractions."""
    return np.array([Fraction(x) for x in array], dtype=object)


def number_like(number: float, array: Array) -> Any:
    """The same number in the arithmetic of `array`."""
    return Fraction(number) if array.dtype == object else number


def strategy(game: AnyGame, values: ArrayLike, name: str) -> Array:
    """A strategy as an array of floats or fractions, one entry a point."""
    if not hasattr(type(game), "rules"):
        typed(game, Game, "game")
    if isinstance(values, np.ndarray) and values.shape == (game.n,) and values.dtype == object:
        if all(isinstance(x, Rational) for x in values):
            return values
    return floats(values, name, (game.n,))


def top(values: Array, amount: Any) -> Array:
    """Weights in [0, 1] that put `amount` on the largest values, the last one by its fraction.

    Stable: ties go to the lower index.
    """
    weights = np.full(len(values), amount * 0)
    whole = int(amount)
    order = np.argsort(-values, kind="stable")
    weights[order[:whole]] = 1
    if whole < len(values):
        weights[order[whole]] = amount - whole
    return weights


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
    >>> payoff(Game([4, 2], mistakes=1), [0.5, 0.5], [1, 0])
    -1.0
    """
    q, l = strategy(game, q, "q"), strategy(game, l, "l")
    g, s = game.numbers(q)
    total = np.sum(q * (g - s * l))
    return total if q.dtype == object else float(total)


def worst_case(game: AnyGame, q: ArrayLike) -> tuple[Any, Array]:
    r"""Teacher's best reply: :math:`W(q) = \sum_i q_i g_i - T_m(q s)`.

    :math:`T_m` sums the m largest entries, for a fractional m the last one by its fraction.

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
    >>> value, l = worst_case(Game([1, 0.5, 0.25], mistakes=1), [1 / 7, 2 / 7, 4 / 7])
    >>> round(7 * value, 12), l.tolist()
    (1.0, [1.0, 0.0, 0.0])
    """
    q = strategy(game, q, "q")
    bite = q * game.numbers(q)[1]
    nothing = number_like(0.0, q)
    l = np.where(bite > 0, game.costliest_mistakes(bite), nothing)
    return payoff(game, q, l), l


def best_response(game: AnyGame, l: ArrayLike) -> tuple[Any, Array]:
    r"""Learner's best reply to known mistake probabilities: the b largest robust gains.

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
