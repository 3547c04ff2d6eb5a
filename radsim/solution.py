r"""Solutions, and certificates that evaluate their strategies again from the raw game."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from radsim.door import typed
from radsim.game import Array
from radsim.hindsight import competitive_ratio, regret
from radsim.mixtures import Mixture, benchmark_value, mixture_infeasibility
from radsim.payoffs import AnyGame, best_response, worst_case

__all__ = ["Certificate", "Solution", "SolveError", "UncertifiedError", "certify"]


class SolveError(RuntimeError):
    """A solver could not solve the game; the message holds the solver's own words."""


class UncertifiedError(SolveError):
    """An answer whose certificate does not accept at the tolerance of its solver's row."""


@dataclass(frozen=True)
class Certificate:
    r"""Certificate of a pair of strategies, :math:`W(q) \le V \le \max_q U(q, l)`.

    Attributes
    ----------
    lower, upper : float
        The learner's guarantee and the teacher's; for the regret, which the learner keeps small,
        the teacher's and the learner's.
    value : float
        What the solver claims.
    infeasibility : float
        Largest violation of a bound or a sum, relative to its right-hand side (at least 1).
    scale : float
        What gaps are measured against: b*max(g), b*max(s) for forced budgets; 1 for the ratio.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> proof = solve(Game([1, 0.5, 0.25], mistakes=1)).certificate
    >>> bool(abs(proof.gap) < 1e-15), proof.accepts(rtol=1e-12)
    (True, True)
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

    @property
    def interval(self) -> tuple[float, float]:
        """The two bounds as floats, rounded outward where they are fractions.

        Examples
        --------
        >>> third = Fraction(1, 3)
        >>> proof = Certificate(lower=third, upper=third, value=third, infeasibility=0, scale=1)
        >>> [Fraction(x) < third for x in proof.interval]
        [True, False]
        """
        low, high = float(self.lower), float(self.upper)
        if isinstance(self.lower, Fraction) and low > self.lower:
            low = float(np.nextafter(low, -np.inf))
        if isinstance(self.upper, Fraction) and high < self.upper:
            high = float(np.nextafter(high, np.inf))
        return low, high

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
    r"""Solution of a game: both strategies, the value, and its certificate.

    Attributes
    ----------
    game : Game or ConstrainedGame
    objective : str
        What was optimised: "value", "regret" or "ratio".
    value : float
        Guaranteed expected payoff, regret or competitive ratio of `inclusion`; a Fraction from the
        rational solver.
    inclusion : ndarray, shape (n,)
        The learner's q, inclusion probabilities (expected counts when uncapped).  This and the next
        may be given as functions without arguments: they are called when first read.
    mistake_probabilities : ndarray, shape (n,)
        The teacher's mixed strategy l as marginals.
    level, threshold : float
        :math:`\lambda`, the price of a query, and :math:`\tau`, the price of a mistake.  Of regret
        and ratio: the most that a query earns against the mixture, and the (m + 1)-th largest
        :math:`q_i s_i`.
    method : str
        Row of `SOLVERS` that computed it.
    stats : mapping
        What the solver has to say: iterations, status, solver used.
    reply : callable, optional
        The teacher's best reply in a restricted set of mistakes (A4), in place of `worst_case`.
    mixture : Mixture, optional
        The teacher's joint law on benchmarks and mistakes, for regret and ratio;
        `mistake_probabilities` are its marginals.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> solution = solve(Game([1, 0.5, 0.25], mistakes=1))
    >>> (7 * solution.inclusion).round(12).tolist(), solution.method
    ([1.0, 2.0, 4.0], 'closed_form')
    """

    game: Any
    objective: str = "value"
    value: Any
    inclusion: _WhenRead = _WhenRead()
    mistake_probabilities: _WhenRead = _WhenRead()
    level: Any
    threshold: Any
    method: str
    stats: Mapping[str, Any] = field(default_factory=dict)
    reply: Callable[[Array], tuple[float, Array]] | None = None
    mixture: Mixture | None = None

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, computed when first read."""
        return certify(self)


def _infeasibility(game: AnyGame, q: Array, l: Array) -> Any:
    return float("nan") if _has_nan(q, l) else max(0 * q[0], game.excess(q, l))


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

    Raises
    ------
    ValueError
        If it is no solution.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> certify(solve(Game([1, 0.5, 0.25], mistakes=1))).accepts()
    True
    """
    typed(solution, Solution, "solution")
    with np.errstate(all="ignore"):
        lower, upper, infeasibility, scale = EVALUATIONS[solution.objective](solution)
        return Certificate(
            lower=lower,
            upper=upper,
            value=solution.value,
            infeasibility=infeasibility,
            scale=_like(scale, np.asarray(solution.inclusion)),
        )


_Bounds = tuple[Any, Any, Any, float]  # lower, upper, infeasibility, scale


def _bounds_of_value(solution: Solution) -> _Bounds:
    game, q, l = solution.game, solution.inclusion, solution.mistake_probabilities
    lower, _ = worst_case(game, q) if solution.reply is None else solution.reply(q)
    upper, _ = best_response(game, l)
    return lower, upper, _infeasibility(game, np.asarray(q), np.asarray(l)), game.scale


def _joint_law(solution: Solution) -> tuple[Any, Any, Any]:
    """Expected benchmark, best expected payoff against the mixture, infeasibility."""
    game, q, mixture = solution.game, solution.inclusion, solution.mixture
    nan = float("nan")
    if mixture is None:
        return nan, nan, nan
    joint = mixture_infeasibility(game, mixture)
    if joint == float("inf"):  # indices that do not exist cannot be evaluated
        return nan, nan, joint
    l = mixture.marginals(game.n)
    single = _infeasibility(game, np.asarray(q), l)
    return benchmark_value(game, mixture), best_response(game, l)[0], single + joint


def _bounds_of_regret(solution: Solution) -> _Bounds:
    benchmark, payoff, infeasibility = _joint_law(solution)
    upper = regret(solution.game, solution.inclusion)
    return benchmark - payoff, upper, infeasibility, solution.game.scale


def _bounds_of_ratio(solution: Solution) -> _Bounds:
    benchmark, payoff, infeasibility = _joint_law(solution)
    upper = payoff / benchmark if benchmark else float("nan")
    return competitive_ratio(solution.game, solution.inclusion), upper, infeasibility, 1.0


# What an objective is: how its two strategies are evaluated.
EVALUATIONS: dict[str, Callable[[Solution], _Bounds]] = {
    "value": _bounds_of_value,
    "regret": _bounds_of_regret,
    "ratio": _bounds_of_ratio,
}
