r"""Constrained games: mistakes bounded by group and by point, any stakes, a price per query.

The sibling of :class:`radsim.game.Game`; payoff, worst_case, best_response, certify and solve take
either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import flag, floats, matrix, number, steady, typed, vector, whole
from radsim.game import Array, Game, warn_of_rate
from radsim.greedy import shave
from radsim.notation import digest_of, shown
from radsim.payoffs import Rules, exact, number_like
from radsim.simplex import maximise, pack

__all__ = ["ConstrainedGame", "constrain", "contaminate"]


def _members(groups: ArrayLike | None, n: int, mistakes: ArrayLike) -> tuple[Array, Array]:
    """Membership matrix and one budget per row."""
    if groups is None:
        if np.ndim(mistakes) != 0:
            raise ValueError("mistakes must be a number unless groups are given")
        m = number(mistakes, "mistakes")
        warn_of_rate(mistakes, n, depth=3)  # of this, the constructor and its error state
        return np.ones((1, n), dtype=bool), np.array([m])
    budgets = vector(mistakes, "mistakes", least=1)
    rows = floats(groups, "groups")
    if rows.ndim == 1:  # mistakes holds one entry a group
        rows = whole(rows, "groups", n, high=len(budgets) - 1)
        return rows == np.arange(len(budgets))[:, None], budgets
    if rows.shape != (len(budgets), n):
        raise ValueError(
            f"groups must have shape ({n},) or ({len(budgets)}, {n}), one row a budget, "
            f"got {rows.shape}"
        )
    return matrix(rows, "groups", low=0, high=1, whole=True).astype(bool), budgets


@dataclass(frozen=True, eq=False)
class ConstrainedGame:
    r"""A game with mistakes bounded by group and by point, any stakes, and costs of queries.

    The learner earns :math:`U(q, l) = \sum_i q_i (g_i - s_i l_i)`.  The teacher's mistakes obey
    :math:`0 \le l_i \le r_i` and :math:`\sum_{i \in A} l_i \le m_A` for every group A; the learner
    spends :math:`\sum_i c_i q_i \le b`.

    Parameters
    ----------
    gains : array_like, shape (n,)
        :math:`g_i`, finite, of any sign; a point with :math:`g_i \le 0` is only queried when the
        whole budget must be spent.
    stakes : array_like, shape (n,)
        :math:`s_i \ge 0`, what a mistake takes away.  Below the gain: a wrong label still helps a
        little.
    mistakes : float or array_like, shape (k,)
        m, or :math:`m_A` for each group; at most the number of points in it.
    budget : float
        :math:`b > 0`; at most :math:`\sum_i c_i` when capped.
    groups : array_like, optional
        Labels 0 to k - 1, shape (n,): disjoint groups.  Or a matrix of zeros and ones, shape
        (k, n): groups that may overlap, and points that may be in none.
    total : float, optional
        A bound on all mistakes together, on top of the groups.
    limits : array_like, shape (n,), optional
        :math:`r_i \in [0, 1]`; default 1.
    costs : array_like, shape (n,), optional
        :math:`c_i > 0`, price of one query of point i in the unit of the budget; default 1.
    capped : bool
        Without replacement (:math:`q_i \le 1`); False: with replacement, no cap.
    abstain : bool
        The learner may leave budget unspent; False: :math:`\sum_i c_i q_i = b`.

    Attributes
    ----------
    members : ndarray of bool, shape (k, n)
        One row a group, with `total` as the last one.
    mistakes : ndarray, shape (k,)
        One budget a row.
    laminar : bool
        Any two rows are nested or disjoint; then best replies and the closed form are solver-free.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    Theory page: A1, A2, A5.

    Examples
    --------
    Four points in two groups, each with at most one mistake, and a budget of 2: the guaranteed
    value is 13/4.  With two mistakes anywhere in the pool it would be 48/19.

    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    >>> game.members.astype(int).tolist()
    [[1, 1, 0, 0], [0, 0, 1, 1]]
    >>> ConstrainedGame([1, 2], [1, 2], 1, limits=[0.5, 1.5])
    Traceback (most recent call last):
    ...
    ValueError: limits[1] = 1.5 must be in [0, 1]
    """

    kind: ClassVar[str] = "constrained"  # which rows of SOLVERS solve it

    gains: Array
    stakes: Array
    mistakes: Array
    budget: float
    members: Array
    limits: Array
    costs: Array
    capped: bool
    abstain: bool

    @steady
    def __init__(
        self,
        gains: ArrayLike,
        stakes: ArrayLike,
        mistakes: ArrayLike,
        budget: float = 1,
        *,
        groups: ArrayLike | None = None,
        total: float | None = None,
        limits: ArrayLike | None = None,
        costs: ArrayLike | None = None,
        capped: bool = True,
        abstain: bool = True,
    ) -> None:
        g = vector(gains, "gains", least=1, low=-np.inf)
        n = len(g)
        s = vector(stakes, "stakes", n)
        r = vector(np.ones(n) if limits is None else limits, "limits", n, high=1)
        c = vector(np.ones(n) if costs is None else costs, "costs", n, open_low=True)
        capped, abstain = flag(capped, "capped"), flag(abstain, "abstain")
        rows, m = _members(groups, n, mistakes)
        if total is not None:
            rows = np.vstack((rows, np.ones((1, n), dtype=bool)))
            m = np.append(m, number(total, "total"))
        for a in np.flatnonzero(m > rows.sum(axis=1)):
            name = "total" if total is not None and a == len(m) - 1 else f"mistakes[{a}]"
            raise ValueError(
                f"{name} = {m[a]} must be at most the {rows[a].sum()} points it bounds"
            )
        b = number(budget, "budget", low=-np.inf)
        most = float(c.sum()) if capped else np.inf
        if not 0 < b <= most * (1 + 1e-15 * n):
            raise ValueError(f"budget = {b} must be in (0, {most:g}], the costs of all points")
        if capped and math.fsum((*c, -b)) < 0:  # the costs' sum, rounded up: not to be spent
            b = float(np.nextafter(math.fsum(c), 0))
        with np.errstate(over="ignore"):
            largest = (np.abs(g) + s) * max(n, b) * np.maximum(1, 1 / c)
        if not np.isfinite(largest.max()):
            i = int(np.argmax(largest))
            raise ValueError(
                f"gains[{i}] = {g[i]} with stake {s[i]} and cost {c[i]} is too large: "
                "what the budget buys must be finite"
            )
        for array in (rows, m):
            array.flags.writeable = False
        numbers = {"gains": g, "stakes": s, "mistakes": m, "budget": b, "limits": r, "costs": c}
        rules = {"members": rows, "capped": capped, "abstain": abstain}
        for name, value in (numbers | rules).items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        names = ("gains", "stakes", "mistakes", "budget", "limits", "costs", "capped", "abstain")
        arguments = {name: getattr(self, name) for name in names} | {"groups": self.members}
        return shown(self, arguments)

    def digest(self) -> str:
        """SHA-256 of the game's numbers: the same for equal games, on every machine."""
        rules = (self.budget, self.capped, self.abstain)
        arrays = (self.gains, self.stakes, self.mistakes, self.limits, self.costs, self.members)
        return digest_of(self.kind, self.n, rules, *([x] for x in arrays))

    @property
    def n(self) -> int:
        """Number of points in the pool."""
        return len(self.gains)

    @property
    def rules(self) -> Rules:
        """What each side must obey."""
        return Rules(self.members, self.mistakes, self.limits, self.costs)

    def normalised(self) -> tuple[Array, Array, float]:
        """Gains and stakes divided by the largest gain (else size, else stake), and that unit."""
        g = self.gains
        unit = float(max(g.max(), 0) or np.abs(g).max() or self.stakes.max() or 1.0)
        return g / unit, self.stakes / unit, unit

    def prices(self) -> tuple[Array, float, float]:
        """Costs and budget divided by the budget, and that unit: tolerances are absolute."""
        return self.costs / self.budget, 1.0, self.budget

    @property
    def harms(self) -> Array:
        """What a wrong label costs, s - g; negative where even a wrong label helps."""
        return self.stakes - self.gains

    @cached_property
    def laminar(self) -> bool:
        """Whether any two groups are nested or disjoint."""
        rows = self.members.astype(np.float64)
        common, size = rows @ rows.T, rows.sum(axis=1)
        return bool(np.all((common == 0) | (common == np.minimum.outer(size, size))))

    @cached_property
    def scale(self) -> float:
        """Most that the budget can buy, of gains, or of gains and stakes when forced to spend."""
        size = np.maximum(self.gains, 0) if self.abstain else np.abs(self.gains) + self.stakes
        return float(np.sum(size * self.best_queries(size)))

    def numbers(self, like: Array) -> tuple[Array, Array]:
        """Gains and stakes in the arithmetic of `like`: floats, or exact fractions."""
        alike = exact if like.dtype == object else np.asarray
        return alike(self.gains), alike(self.stakes)

    def costliest_mistakes(self, bite: Array) -> Array:
        """Mistakes that maximise their sum weighted by `bite`: greedy, or an LP if groups overlap.

        The linear program is HiGHS's, or the exact simplex method for fractions.
        """
        if not self.laminar and bite.dtype != object:
            return self._overlapping_reply(bite)[0]
        limits = exact(self.limits) if bite.dtype == object else self.limits
        if self.laminar:
            return shave(bite, limits, self.members, self.mistakes).mistake_probabilities
        unit = [[Fraction(int(i == j)) for j in range(self.n)] for i in range(self.n)]
        rows = [[Fraction(int(x)) for x in row] for row in self.members]
        l = maximise(list(bite), [*rows, *unit], [*map(Fraction, self.mistakes), *limits])[0]
        return np.array(l, dtype=object)

    def most_lost(self, bite: Array) -> Any:
        r"""Most that mistakes can take, or for overlapping groups a bound on it by weak duality.

        :math:`\sum_A y_A m_A + \sum_i r_i \max(0, w_i - \sum_{A \ni i} y_A)` for any y >= 0.
        """
        if not self.laminar and bite.dtype != object:
            y = np.maximum(0.0, self._overlapping_reply(bite)[1])
            return y @ self.mistakes + self.limits @ np.maximum(0.0, bite - y @ self.members)
        return np.sum(bite * self.costliest_mistakes(bite))

    def _overlapping_reply(self, bite: Array) -> tuple[Array, Array]:
        """HiGHS's best reply for overlapping groups, and the price of a mistake in each group."""
        return pack(bite, self.members.astype(np.float64), self.mistakes, self.limits)

    def best_queries(self, robust: Array) -> Array:
        """Inclusion probabilities that maximise their sum weighted by `robust`: most per cost."""
        b = number_like(self.budget, robust)
        c = exact(self.costs) if robust.dtype == object else self.costs
        rate = robust / c
        q = np.full(self.n, b * 0)
        if not self.capped:
            best = int(np.argmax(rate))
            q[best] = b / c[best]
        else:
            order = np.argsort(-rate, kind="stable")
            before = np.cumsum(c[order]) - c[order]
            q[order] = np.minimum(1, np.maximum(0, b - before) / c[order])
        return np.where(robust > 0, q, b * 0) if self.abstain else q

    def excess(self, q: Array, l: Array) -> Any:
        """Largest violation of a bound, or of a sum relative to its right-hand side."""
        rational = q.dtype == object
        r, c, m = (exact(x) if rational else x for x in (self.limits, self.costs, self.mistakes))
        b = number_like(self.budget, q)
        worst = [np.max(-q), np.max(-l), np.max(l - r)]
        if self.capped:
            worst.append(np.max(q - 1))
        spent = np.sum(c * q) / b - 1
        worst.append(spent if self.abstain else abs(spent))
        worst += [
            (np.sum(l[row]) - most) / max(1, most)
            for row, most in zip(self.members, m, strict=True)
        ]
        return max(worst)

    def replace(self, **changes: Any) -> ConstrainedGame:
        """Return the same game with some arguments changed; `groups` and `mistakes` go together.

        Examples
        --------
        >>> game = ConstrainedGame([1, 2], [1, 2], 1)
        >>> game.replace(limits=[0.5, 0.5]).limits.tolist()
        [0.5, 0.5]
        """
        names = ("gains", "stakes", "mistakes", "budget", "limits", "costs", "capped", "abstain")
        arguments = {name: getattr(self, name) for name in names}
        return ConstrainedGame(**(arguments | {"groups": self.members} | changes))


def constrain(
    game: Game,
    *,
    mistakes: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    total: float | None = None,
    limits: ArrayLike | None = None,
    costs: ArrayLike | None = None,
    budget: float | None = None,
    capped: bool | None = None,
    abstain: bool | None = None,
) -> ConstrainedGame:
    """Make a constrained game: gains, stakes and rules that are not given are carried over.

    Parameters
    ----------
    game : Game
    mistakes : float or array_like, shape (k,), optional
        With groups one number each.
    groups, total, limits, costs : optional
        As in `ConstrainedGame`.
    budget : float, optional
        In the unit of the costs.
    capped, abstain : bool, optional

    Returns
    -------
    ConstrainedGame

    Raises
    ------
    ValueError
        As `ConstrainedGame`.

    Examples
    --------
    >>> constrain(Game([4, 3], mistakes=1), limits=[0.5, 0.5]).stakes.tolist()
    [8.0, 6.0]
    """
    typed(game, Game, "game")
    return ConstrainedGame(
        game.gains,
        game.stakes,
        game.mistakes if mistakes is None else mistakes,
        game.budget if budget is None else budget,
        groups=groups,
        total=total,
        limits=limits,
        costs=costs,
        capped=game.capped if capped is None else capped,
        abstain=game.abstain if abstain is None else abstain,
    )


@steady
def contaminate(game: Game | ConstrainedGame, profile: ArrayLike, weight: float) -> ConstrainedGame:
    r"""Mix a known error profile into a game: with weight w the teacher errs as it says (A5).

    With weight w the teacher is wrong on point i with the known probability :math:`r_i`, with
    weight 1 - w it is the adversary of `game`: gains :math:`g - w s r`, stakes :math:`(1 - w) s`.

    Parameters
    ----------
    game : Game or ConstrainedGame
    profile : array_like, shape (n,)
        :math:`r_i \in [0, 1]`; see :func:`radsim.data.validation.error_profile`.
    weight : float
        :math:`w \in [0, 1]`; 0 is the game itself, 1 takes the best expected robust gains.

    Returns
    -------
    ConstrainedGame

    Raises
    ------
    ValueError
        If the weight or an entry of the profile is outside [0, 1].

    References
    ----------
    Theory page: A5.

    Examples
    --------
    >>> game = contaminate(Game([4, 2], mistakes=1), [0.5, 0], 0.5)
    >>> game.gains.tolist(), game.stakes.tolist()
    ([2.0, 2.0], [4.0, 2.0])
    """
    weight = number(weight, "weight", high=1)
    typed(game, (Game, ConstrainedGame), "game")
    r = vector(profile, "profile", game.n, high=1)
    richer = constrain(game) if isinstance(game, Game) else game
    return richer.replace(
        gains=richer.gains - weight * richer.stakes * r, stakes=(1 - weight) * richer.stakes
    )
