r"""The game between learner and teacher: a pool of points, the mistakes to be feared, a budget."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, ClassVar, ParamSpec

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import CHUNK, Array, entries, flag, index_of, number, same_index, steady, taken
from radsim.notation import digest_of, shown
from radsim.payoffs import Rules, exact, harms_and_stakes, number_like, top

__all__ = [
    "Array",
    "Count",
    "Game",
    "counted",
    "mistakes_from_rate",
    "warn_of_rate",
]


class Count(float):
    """A number of mistakes that is known to be a count: it may be below one without a warning.

    Examples
    --------
    >>> Game([1, 0.5], Count(0.5)).mistakes
    0.5
    """


def counted(mistakes: Any, rate: Any, n: int, *, depth: int = 1) -> Count:
    """A number of mistakes, from itself or from a rate; `depth` callers up the warning points.

    Raises
    ------
    ValueError
        If both or neither are given, or naming the one that cannot be.

    Examples
    --------
    >>> counted(None, 0.5, 3), counted(2, None, 3)
    (1.5, 2.0)
    """
    if (mistakes is None) == (rate is None):
        both = "" if rate is None else f": got mistakes = {mistakes!r} and rate = {rate!r}"
        raise ValueError(f"mistakes must be given, or rate in their place{both}")
    if rate is not None:
        return mistakes_from_rate(rate, n)
    m = number(mistakes, "mistakes")
    if m > n:
        raise ValueError(f"mistakes = {m} must be at most n = {n}, the number of points")
    if m < 1:
        warn_of_rate(mistakes, n, depth=depth + 1)
    return Count(m)


def warn_of_rate(mistakes: Any, n: int, *, depth: int = 1) -> None:
    """Warn of a number between 0 and 1 that nobody has said to be a count."""
    m = number(mistakes, "mistakes")
    if 0 < m < 1 and not isinstance(mistakes, Count):
        warnings.warn(
            f"mistakes = {m} is read as a count, less than one of {n} points; for a rate "
            f"write rate={m}, or mistakes_from_rate({m}, {n}) where there is none",
            stacklevel=depth + 2,
        )


P = ParamSpec("P")


def _of_arguments(init: Callable[P, None]) -> Callable[P, None]:
    """Fields are not arguments: who gives them, by `dataclasses.replace`, is told the mend."""

    @wraps(init)
    def told(*arguments: P.args, **given: P.kwargs) -> None:
        if "multiple" in given:
            words = (
                "takes no fields, which dataclasses.replace gives: game.replace(...) changes one"
            )
            raise TypeError(f"Game {words}")
        init(*arguments, **given)

    return told


@dataclass(frozen=True, eq=False)
class Game:
    r"""A pool of points: the gain and harm of a label of each, the teacher's mistakes, the budget.

    The learner picks inclusion probabilities :math:`q`, the teacher mistakes :math:`l`, and the
    learner earns :math:`U(q, l) = \sum_i q_i (g_i - s_i l_i)` with stakes :math:`s = g + h`.

    Parameters
    ----------
    gains : array_like, shape (n,)
        Informativeness :math:`g_i \ge 0` of a correct soft-label of each point.
    mistakes : float
        :math:`m \in [0, n]`, a count: most points that the teacher mislabels; a fraction bounds
        their mean.  A number strictly between 0 and 1 looks like a rate, and warns.
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
    rate : float, optional
        In place of `mistakes`, the share of the points that the teacher mislabels: m is the rate
        times n.
    copy : bool
        False: keep a read-only view of `gains` and `harms` in place of a copy of each.  They must
        be arrays of float64, contiguous or not, without a -0.0, and whoever holds them promises not
        to change them while the game lives: it is checked once.

    Attributes
    ----------
    harms, stakes : ndarray, shape (n,)
        Read-only; made when they are first read, unless they were given.
    multiple : float or None
        c if the harms are c times the gains.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be; with ``copy=False`` also what
        would have to be copied; or if gains and harms are pandas Series of other labels.

    Warns
    -----
    UserWarning
        If `mistakes` is strictly between 0 and 1.

    References
    ----------
    Theory page: the game; after Baykal et al., "Robust Active Distillation", ICLR 2023.

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
    >>> Game([1, 0.5], rate=0.25).mistakes
    0.5
    """

    kind: ClassVar[str] = "plain"  # which rows of SOLVERS solve it

    gains: Array
    mistakes: float
    budget: float
    capped: bool
    abstain: bool
    multiple: float | None  # c if the harms are c times the gains
    highest: float  # the largest gain
    index: Any  # labels of the points, if the gains were a pandas Series; plays no part

    @_of_arguments
    def __init__(
        self,
        gains: ArrayLike,
        mistakes: float | None = None,
        budget: float = 1,
        harm: float = 1.0,
        *,
        harms: ArrayLike | None = None,
        capped: bool = True,
        abstain: bool = True,
        rate: float | None = None,
        copy: bool = True,
    ) -> None:
        copy = flag(copy, "copy")
        g = taken(gains, "gains", least=1, copy=copy)
        n = len(g.values)
        m = counted(mistakes, rate, n, depth=2)
        capped, abstain = flag(capped, "capped"), flag(abstain, "abstain")
        b = number(budget, "budget", high=n if capped else np.inf, open_low=True)
        c = number(harm, "harm") if harms is None else None
        if c is not None:
            given, most = {}, g.most + c * g.most
        else:
            h = taken(harms, "harms", n, copy=copy)  # type: ignore[arg-type]  # not None here
            same_index(harms, "harms", index_of(gains), "gains")
            given, most = {"harms": h.values}, g.most + h.most
        if not max(n, b) * most < np.inf:  # no stake is larger; which one is too large, if any
            harms_and_stakes(g.values, h.values if c is None else c, max(n, b))
        self.__dict__.update(  # the fields are frozen
            gains=g.values,
            mistakes=m,
            budget=b,
            capped=capped,
            abstain=abstain,
            multiple=c,
            highest=g.most,
            index=index_of(gains),
            **given,
        )

    @cached_property
    def harms(self) -> Array:
        """What a wrong label of each point costs, h, shape (n,)."""
        return self._made(1)

    @cached_property
    def stakes(self) -> Array:
        """What a mistake on each point takes away, s = g + h, shape (n,)."""
        return self._made(2)

    def _made(self, column: int) -> Array:
        out = np.empty(self.n)
        with np.errstate(under="ignore"):
            for part in self.parts():
                out[part] = self.points(part)[column]
        out.flags.writeable = False
        return out

    def parts(self) -> Iterator[slice]:
        """The places of all points, in pieces that fit the cache."""
        return (slice(start, start + CHUNK) for start in range(0, self.n, CHUNK))

    def points(self, part: Any) -> tuple[Array, Array, Array]:
        """Gains, harms and stakes of some points: no array of all harms or stakes is made.

        Examples
        --------
        >>> [x.tolist() for x in Game([4, 2, 1], mistakes=1, harm=0.5).points(slice(2))]
        [[4.0, 2.0], [2.0, 1.0], [6.0, 3.0]]
        """
        g = self.gains[part]
        if self.multiple is None:
            h = self.harms[part]
        else:
            h = g if self.multiple == 1 else self.multiple * g
        return g, h, g + h

    @property
    def n(self) -> int:
        """Number of points in the pool."""
        return len(self.gains)

    def __repr__(self) -> str:
        harm = {"harms": self.harms} if self.multiple is None else {"harm": self.multiple}
        m = {"mistakes": self.mistakes}
        if 0 < self.mistakes < 1:  # it would warn; most counts can be said as a rate
            near = self.mistakes / self.n
            rates = (near, *np.nextafter(near, [0, 1]).tolist())
            m = next(({"rate": x} for x in rates if x * self.n == self.mistakes), m)
        names = ("budget", "capped", "abstain")
        rest = {name: getattr(self, name) for name in names}
        return shown(self, {"gains": self.gains} | m | rest | harm)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For IPython and Hypothesis, which would list the fields."""
        printer.text(repr(self))

    @steady
    def digest(self) -> str:
        """SHA-256 of the game's numbers: the same for equal games, on every machine.

        Examples
        --------
        >>> Game([1, 0.5], mistakes=1).digest()[:12]
        '3c03b0227ed2'
        """
        rules = (self.mistakes, self.budget, self.capped, self.abstain)
        harms = (self.points(part)[1] for part in self.parts())
        return digest_of(self.kind, self.n, rules, (self.gains[x] for x in self.parts()), harms)

    @cached_property
    def rules(self) -> Rules:
        """What each side must obey, as arrays."""
        one = np.ones(self.n)
        return Rules(np.ones((1, self.n), dtype=bool), np.array([self.mistakes]), one, one)

    @steady
    def normalised(self) -> tuple[Array, Array, float]:
        """Gains and stakes divided by the largest gain (harm if there is none), and that unit."""
        unit = float(self.highest or self.harms.max() or 1.0)
        g = self.gains / unit
        return g, g + self.harms / unit, unit

    def prices(self) -> tuple[Array, float, float]:
        """Costs and budget divided by the unit in which solvers see them, and that unit."""
        return self.rules.costs, self.budget, 1.0

    @property
    def scale(self) -> float:
        """Largest total that is at play, b*max(g), or b*max(s) when querying is forced."""
        return self.budget * (self.highest if self.abstain else self.largest_stake)

    @cached_property
    def largest_stake(self) -> float:
        """The largest stake."""
        if self.multiple is not None:  # stakes are in the order of the gains, roundings and all
            return self.highest + self.multiple * self.highest
        return max(float(self.points(part)[2].max()) for part in self.parts())

    def numbers(self, like: Array) -> tuple[Array, Array]:
        """Gains and stakes in the arithmetic of `like`: floats, or exact fractions."""
        if like.dtype != object:
            g, _, s = self.points(slice(None))
            return g, s
        g = exact(self.gains)
        return g, g + exact(self.harms)

    def costliest_mistakes(self, bite: Array) -> Array:
        """The m largest entries of `bite`."""
        return top(bite, number_like(self.mistakes, bite))

    def most_lost(self, bite: Array) -> Any:
        """Sum of the m largest entries of `bite`."""
        return np.sum(bite * self.costliest_mistakes(bite))

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
        """Largest violation of a bound, of the budget relative to it, of m to max(1, m)."""
        b, m = number_like(self.budget, q), number_like(self.mistakes, l)
        spent = (np.sum(q) - b) / max(b, 1e-280)  # smaller budgets are lost to underflow
        worst = [np.max(-q), np.max(-l), np.max(l - 1), (np.sum(l) - m) / max(1, m)]
        worst.append(spent if self.abstain else abs(spent))
        return max([*worst, np.max(q - 1)] if self.capped else worst)

    def replace(self, **changes: Any) -> Game:
        """Return the same game with some arguments changed (harms are kept as they are).

        Examples
        --------
        >>> Game([1, 2], mistakes=1).replace(mistakes=1.5).mistakes
        1.5
        """
        arguments: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("gains", "mistakes", "budget", "harms", "capped", "abstain")
        }
        if "gains" not in changes:
            same_index(changes.get("harms"), "harms", self.index, "gains")
        for name, other in (("harm", "harms"), ("rate", "mistakes")):
            if name in changes:
                del arguments[other]
        changed = Game(**(arguments | changes))
        if "gains" not in changes:
            object.__setattr__(changed, "index", self.index)
        return changed


def mistakes_from_rate(rate: float, n: int) -> Count:
    """Turn a teacher's error rate into a number of mistakes among n points.

    Parameters
    ----------
    rate : float
        In [0, 1].
    n : int

    Returns
    -------
    Count
        The rate times n, which need not be whole: a float that `Game` takes without a warning.

    Raises
    ------
    ValueError
        If the rate is outside [0, 1] or n is no whole number.

    Examples
    --------
    >>> mistakes_from_rate(0.25, 8)
    2.0
    """
    return Count(number(rate, "rate", high=1) * entries(n, "n"))
