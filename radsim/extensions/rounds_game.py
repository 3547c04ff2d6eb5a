r"""Rounds of the game with one budget of mistakes for all of them (N1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, number, steady, vector
from radsim.game import Count, Game, warn_of_rate
from radsim.payoffs import harms_and_stakes

__all__ = ["RoundsGame", "rounds_of"]


@dataclass(frozen=True, eq=False)
class RoundsGame:
    r"""Rounds of the game, each with a pool and a budget, and one number of mistakes for all.

    The learner picks a design :math:`q^t` in every round, without replacement; the teacher spreads
    at most M mistakes over all of them.  The learner earns
    :math:`\sum_t \sum_i q^t_i (g^t_i - s^t_i l^t_i)`.

    Parameters
    ----------
    gains : sequence of T array_like, each of shape (n_t,)
        Gains :math:`g^t_i \ge 0` of each round; the rounds may be of different sizes.
    mistakes : float
        :math:`M \in [0, \sum_t n_t]`, a count: most mistakes in all rounds together.
    budget : float or array_like, shape (T,)
        :math:`b_t \in (0, n_t]`, of every round or of each.
    harm : float
        Harm as a multiple of the gain.  Ignored when `harms` is given.
    harms : sequence of T array_like, each of shape (n_t,), optional
        Harm :math:`h^t_i \ge 0` of a wrong label.

    Raises
    ------
    ValueError
        Naming the argument, the round, the index and the value that cannot be.

    Warns
    -----
    UserWarning
        If `mistakes` is strictly between 0 and 1.

    References
    ----------
    Theory page: N1.

    Examples
    --------
    >>> game = RoundsGame([[1, 0.5], [1, 0.5, 0.25]], mistakes=1, budget=[1, 2])
    >>> game.n_rounds, game.sizes
    (2, (2, 3))
    >>> game.round(1, mistakes=1)
    Game([1, 0.5, 0.25], mistakes=1, budget=2, harms=[1, 0.5, 0.25])
    >>> RoundsGame([[1, 0.5], [1, -2]], mistakes=1)
    Traceback (most recent call last):
    ...
    ValueError: gains[1][1] = -2.0 must be finite and non-negative
    """

    gains: tuple[Array, ...]
    mistakes: float
    budget: Array
    harms: tuple[Array, ...]
    stakes: tuple[Array, ...]

    @steady
    def __init__(
        self,
        gains: Sequence[ArrayLike],
        mistakes: float,
        budget: ArrayLike = 1,
        harm: float = 1.0,
        *,
        harms: Sequence[ArrayLike] | None = None,
    ) -> None:
        g = tuple(
            vector(values, f"gains[{t}]", least=1)
            for t, values in enumerate(rounds_of(gains, "gains"))
        )
        if not g:
            raise ValueError("gains has no round, needs at least one")
        sizes = [len(values) for values in g]
        m = number(mistakes, "mistakes")
        if m > sum(sizes):
            raise ValueError(
                f"mistakes = {m} must be at most n = {sum(sizes)}, the points of all rounds"
            )
        warn_of_rate(mistakes, sum(sizes), depth=2)
        b = _budgets(budget, sizes)
        given: list[Any] = [number(harm, "harm")] * len(g)
        if harms is not None:
            rows = rounds_of(harms, "harms")
            if len(rows) != len(g):
                raise ValueError(f"harms has {len(rows)} rounds, gains has {len(g)}")
            given = [
                vector(row, f"harms[{t}]", n, of=f"gains[{t}]")
                for t, (row, n) in enumerate(zip(rows, sizes, strict=True))
            ]
        h, s = [], []
        for t, (values, harmful) in enumerate(zip(g, given, strict=True)):
            pair = harms_and_stakes(values, harmful, sum(sizes), partial("{}][{}".format, t))
            for array in pair:
                array.flags.writeable = False
            h.append(pair[0])
            s.append(pair[1])
        for name, value in zip(
            ("gains", "mistakes", "budget", "harms", "stakes"),
            (g, Count(m), b, tuple(h), tuple(s)),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return (
            f"<RoundsGame of {self.n_rounds} rounds, {sum(self.sizes)} points, "
            f"{self.mistakes:g} mistakes>"
        )

    @property
    def n_rounds(self) -> int:
        """Number of rounds T."""
        return len(self.gains)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of points of each round."""
        return tuple(len(values) for values in self.gains)

    @property
    def scale(self) -> float:
        """Largest total that is at play, the sum of b_t*max(g^t)."""
        return float(sum(b * g.max() for b, g in zip(self.budget, self.gains, strict=True)))

    def round(self, t: int, mistakes: float) -> Game:
        """One round as a game of its own, against so many mistakes (n_t are as many as count)."""
        m = Count(min(number(mistakes, "mistakes"), self.sizes[t]))
        return Game(self.gains[t], m, float(self.budget[t]), harms=self.harms[t])

    def replace(self, **changes: Any) -> RoundsGame:
        """Return the same rounds with some arguments changed (harms are kept as they are).

        Examples
        --------
        >>> RoundsGame([[1, 0.5]], mistakes=1).replace(mistakes=2).mistakes
        2.0
        """
        names = ("gains", "mistakes", "budget", "harms")
        arguments: dict[str, Any] = {name: getattr(self, name) for name in names}
        if "harm" in changes:
            del arguments["harms"]
        return RoundsGame(**(arguments | changes))


def rounds_of(values: Any, name: str) -> list[Any]:
    """The rounds of an argument, one entry each."""
    if isinstance(values, str | bytes | dict) or not hasattr(values, "__iter__"):
        raise ValueError(f"{name} = {values!r} must be a sequence of rounds, each with its points")
    return list(values)


def _budgets(budget: ArrayLike, sizes: Sequence[int]) -> Array:
    if floats(budget, "budget").ndim == 0:
        b = vector(np.full(len(sizes), number(budget, "budget", open_low=True)), "budget")
    else:
        b = vector(budget, "budget", len(sizes), open_low=True)
    for t, (most, n) in enumerate(zip(b, sizes, strict=True)):
        if most > n:
            raise ValueError(f"budget[{t}] = {most} must be at most {n}, the points of gains[{t}]")
    return b
