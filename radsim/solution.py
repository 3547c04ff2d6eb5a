r"""A solution is a pair of strategies; its certificate re-evaluates them from the raw game."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from radsim.game import Array, Game, best_response, worst_case

__all__ = ["Certificate", "Solution", "SolveError", "certify"]


class SolveError(RuntimeError):
    """A solver could not solve the game; the message holds the solver's own words."""


@dataclass(frozen=True)
class Certificate:
    r"""What a pair of strategies proves: :math:`W(q) \le V \le \max_q U(q, l)`.

    Attributes
    ----------
    lower, upper : float
        The learner's guarantee and the teacher's.
    value : float
        What the solver claims.
    infeasibility : float
        Largest violation of a bound or a sum, relative to its right-hand side (at least 1).
    scale : float
        What gaps are measured against: b*max(g), b*max(s) for forced budgets.
    """

    lower: Any
    upper: Any
    value: Any
    infeasibility: Any
    scale: Any

    @property
    def gap(self) -> Any:
        """Upper minus lower bound; zero proves the value."""
        return self.upper - self.lower

    def accepts(self, rtol: float = 1e-9) -> bool:
        """Whether the strategies are feasible, meet, and enclose the claimed value.

        Everything is asked as "is it small?", so NaN is never accepted.

        Examples
        --------
        >>> nan = float("nan")
        >>> Certificate(lower=nan, upper=nan, value=nan, infeasibility=0, scale=1).accepts()
        False
        """
        exact = isinstance(self.scale, Fraction)
        slack = (Fraction(rtol) if exact else rtol) * self.scale
        return bool(
            np.isfinite(float(self.scale))
            and self.infeasibility <= rtol
            and abs(self.gap) <= slack
            and self.lower - slack <= self.value <= self.upper + slack
        )


class _WhenRead:
    """A field that may be given as a function without arguments, called when it is first read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Array:
        if instance is None:
            raise AttributeError(self.name)  # so the field has no default
        value = instance.__dict__[self.name]
        if callable(value):
            value = instance.__dict__[self.name] = value()
        return value

    def __set__(self, instance: Any, value: Array | Callable[[], Array]) -> None:
        instance.__dict__[self.name] = value


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution:
    r"""Both strategies of a solved game.

    Attributes
    ----------
    game : Game
    objective : str
        What was optimised: "value".
    value : float
        Guaranteed expected payoff of `inclusion`; a Fraction from the rational solver.
    inclusion : ndarray, shape (n,)
        The learner's q, inclusion probabilities (expected counts when uncapped).  This and the next
        may be given as functions without arguments: they are called when first read.
    mistake_probabilities : ndarray, shape (n,)
        The teacher's mixed strategy l as marginals.
    level, threshold : float
        :math:`\lambda`, the price of a query, and :math:`\tau`, the price of a mistake.
    method : str
        Row of `SOLVERS` that computed it.
    stats : mapping
        What the solver has to say: iterations, status, solver used.
    reply : callable, optional
        The teacher's best reply in a restricted set of mistakes (A4), in place of `worst_case`.
    """

    game: Game
    objective: str = "value"
    value: Any
    inclusion: _WhenRead = _WhenRead()
    mistake_probabilities: _WhenRead = _WhenRead()
    level: Any
    threshold: Any
    method: str
    stats: Mapping[str, Any] = field(default_factory=dict)
    reply: Callable[[Array], tuple[float, Array]] | None = None

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, computed when first read."""
        return certify(self)


def _infeasibility(game: Game, q: Array, l: Array) -> Any:
    worst = [np.max(-q), np.max(-l), np.max(l - 1)]
    if game.capped:
        worst.append(np.max(q - 1))
    spent, made = np.sum(q) - _like(game.budget, q), np.sum(l) - _like(game.mistakes, l)
    worst.append((spent if game.abstain else abs(spent)) / max(1, _like(game.budget, q)))
    worst.append(made / max(1, _like(game.mistakes, l)))
    return max([0 * worst[0], *worst]) if not _has_nan(q, l) else float("nan")


def _like(number: float, array: Array) -> Any:
    return Fraction(number) if array.dtype == object else number


def _has_nan(*arrays: Array) -> bool:
    return any(a.dtype != object and bool(np.isnan(a).any()) for a in arrays)


def certify(solution: Solution) -> Certificate:
    r"""Re-evaluate a solution from the raw game, trusting nothing that its solver said.

    Parameters
    ----------
    solution : Solution

    Returns
    -------
    Certificate
        Exact when the strategies are object arrays of fractions.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> certify(solve(Game([1, 0.5, 0.25], mistakes=1))).accepts()
    True
    """
    game, q, l = solution.game, solution.inclusion, solution.mistake_probabilities
    with np.errstate(all="ignore"):
        lower, _ = worst_case(game, q) if solution.reply is None else solution.reply(q)
        upper, _ = best_response(game, l)
        return Certificate(
            lower=lower,
            upper=upper,
            value=solution.value,
            infeasibility=_infeasibility(game, np.asarray(q), np.asarray(l)),
            scale=_like(game.scale, np.asarray(q)),
        )
