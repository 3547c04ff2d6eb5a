r"""Solutions, and certificates that evaluate their strategies again from the raw game."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np

from radsim.bounds import bounds_of_ratio, bounds_of_regret, bounds_of_value
from radsim.door import steady, typed
from radsim.extras import needed
from radsim.game import Array
from radsim.mixtures import Mixture
from radsim.restriction import Restriction
from radsim.showing import Image, figure, html_table
from radsim.tallies import Bounds

__all__ = ["Certificate", "Solution", "SolveError", "UncertifiedError", "certify"]

# Below the smallest float nothing can be told apart.
_SMALLEST = Fraction(5e-324)


class SolveError(RuntimeError):
    """A solver could not solve the game; the message holds the solver's own words."""


class UncertifiedError(SolveError):
    """An answer whose certificate does not accept at the tolerance of its solver's row."""


@dataclass(frozen=True)
class Certificate:
    r"""Certificate of a pair of strategies, :math:`W(q) \le V \le \max_q U(q, l)`.

    Both bounds are those of strategies that obey every rule, so they hold whatever was handed in,
    and what is accepted at a tolerance r is right to twice that:

    .. math:: |v - V| \le 2\,r \cdot \mathrm{scale}.

    Attributes
    ----------
    lower, upper : float
        The learner's guarantee and the teacher's; for the regret, which the learner keeps small,
        the teacher's and the learner's.
    value : float
        What the solver claims.
    infeasibility : float
        Largest violation of a rule by the strategies as they were handed in: of the budget
        relative to it, of a number of mistakes relative to it (at least 1).
    scale : float
        What gaps are measured against: b*max(g), b*max(s) for forced budgets; 1 for the ratio.

    References
    ----------
    Theory page: what a certificate proves.

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

        Then the value is right to 2*rtol*scale, or to the smallest floats.  Everything is asked as
        "is it small?", so NaN is never accepted.

        Examples
        --------
        >>> nan = float("nan")
        >>> Certificate(lower=nan, upper=nan, value=nan, infeasibility=0, scale=1).accepts()
        False
        """
        exact = isinstance(self.scale, Fraction)
        slack: Any = Fraction(rtol) * self.scale if exact else rtol * self.scale
        # The value of tiny gains is no float; the one next to it must do.
        slack += _SMALLEST if exact else float(_SMALLEST)
        return bool(
            np.isfinite(float(self.scale))
            and self.infeasibility <= rtol
            and abs(self.gap) <= slack
            and self.lower - slack <= self.value <= self.upper + slack
        )

    def _repr_html_(self) -> str:
        """For notebooks."""
        rows = [(name, getattr(self, name)) for name in ("lower", "value", "upper", "gap")]
        said = "accepted at 1e-9" if self.accepts() else "not accepted at 1e-9"
        return html_table("Certificate", [*rows, ("proof", said)])


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
    restriction : Restriction, optional
        The smaller set of mistakes that the teacher is held to (A4).
    mixture : Mixture, optional
        The teacher's joint law on benchmarks and mistakes, for regret and ratio;
        `mistake_probabilities` are its marginals.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> solution = solve(Game([1, 0.5, 0.25], mistakes=1))
    >>> (7 * solution.inclusion).round(12).tolist(), solution.method
    ([1.0, 2.0, 4.0], 'closed_form')
    >>> solution
    <Solution: value 0.14285714 by closed_form of Game([1, 0.5, 0.25], mistakes=1)>
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
    restriction: Restriction | None = None
    mixture: Mixture | None = None

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, computed when first read."""
        return certify(self)

    def __repr__(self) -> str:
        words = f"{self.objective} {figure(self.value)} by {self.method} of {self.game!r}"
        return f"<{type(self).__name__}: {words}>"

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """For Rich, which would list the fields, and so read all of them."""
        for name in ("objective", "value", "method", "game"):
            yield name, getattr(self, name)

    def _repr_html_(self) -> str:
        """For notebooks; what was not computed before is left alone."""
        proof = self.__dict__.get("certificate")
        rows: list[tuple[str, object]] = [
            (self.objective, self.value),
            ("points", self.game.n),
            ("mistakes feared", float(np.sum(self.game.mistakes))),
            ("budget", self.game.budget),
            ("water level", self.level),
            ("method", self.method),
            ("duality gap", f"{float(proof.gap):.1e}" if proof else "not asked yet"),
        ]
        return html_table("Solution", rows)

    def to_frame(self) -> Any:
        """Return gains, stakes and both strategies as a pandas DataFrame, one row a point.

        Returns
        -------
        pandas.DataFrame
            Columns gain, stake, inclusion, mistake_probability; its index is that of the Series
            that the game was made from, or 0, 1, ...

        Examples
        --------
        >>> import pandas as pd
        >>> from radsim import Game, solve
        >>> gains = pd.Series([1, 0.5, 0.25], index=["a7", "b1", "c3"])
        >>> frame = solve(Game(gains, mistakes=1)).to_frame()
        >>> frame["inclusion"].round(3).to_dict()
        {'a7': 0.143, 'b1': 0.286, 'c3': 0.571}
        """
        import pandas as pd  # slow to import, and few ask for a frame

        columns = {
            "gain": self.game.gains,
            "stake": self.game.stakes,
            "inclusion": self.inclusion,
            "mistake_probability": self.mistake_probabilities,
        }
        return pd.DataFrame(columns, index=getattr(self.game, "index", None))

    def plot(self, path: str | PathLike[str] | None = None) -> Any:
        """Draw gains, water level and both strategies, as `radsim.plots.water_level_plot` does.

        Parameters
        ----------
        path : str or path-like, optional
            Where to write the picture; its suffix picks the format.

        Returns
        -------
        Image or radsim.plots.Picture
            Shown by notebooks; a Picture if it was written to a path.

        Raises
        ------
        ImportError
            Without Matplotlib, naming the extra that brings it.

        Examples
        --------
        >>> from radsim import Game, solve
        >>> solve(Game([1, 0.5, 0.25], mistakes=1)).plot().png[1:4]
        b'PNG'
        """
        # By name: pictures know solutions, and not the other way about.
        draw = needed("radsim.plots").water_level_plot
        if path is not None:
            return draw(self, path)
        from pathlib import Path  # both slow to import
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as place:
            return Image(draw(self, Path(place, "level.png")).path.read_bytes())


@steady
def certify(solution: Solution) -> Certificate:
    r"""Re-evaluate a solution from the raw game, trusting nothing that its solver said.

    The strategies, and the weights of a mixture, are first moved into their polytopes: clipped,
    then scaled down where they sum to too much; budget that must be spent and is not goes to all
    points in proportion to their room.

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

    References
    ----------
    Theory page: what a certificate proves.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> certify(solve(Game([1, 0.5, 0.25], mistakes=1))).accepts()
    True
    """
    typed(solution, Solution, "solution")
    with np.errstate(all="ignore"):
        found = EVALUATIONS[solution.objective](solution)
    return Certificate(
        lower=found.lower,
        upper=found.upper,
        value=solution.value,
        infeasibility=found.infeasibility,
        scale=found.scale,
    )


# What an objective is: how its two strategies are evaluated.
EVALUATIONS: dict[str, Callable[[Any], Bounds]] = {
    "value": bounds_of_value,
    "regret": bounds_of_regret,
    "ratio": bounds_of_ratio,
}
