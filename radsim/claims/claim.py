r"""Claims, their comparisons, and what comes of a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import checked, one_of
from radsim.game import Game
from radsim.showing import figure, html_table

__all__ = ["Claim", "Comparison", "Interval", "Kind", "SampledComparison", "Status", "Verdict"]

Kind = Literal["tight", "lower", "upper"]
Status = Literal["HOLDS", "VIOLATED", "UNDECIDED"]
Interval = tuple[float, float]


class Comparison(NamedTuple):
    """Comparison of a number that a claim states with an interval for the measured one.

    `kind` says what the claim makes of `bound`: the measured number equals it (tight), is at least
    it (lower) or at most it (upper).

    Attributes
    ----------
    label : str
        What is compared, in words.
    kind : {"tight", "lower", "upper"}
    bound : float
        What the claim says.
    measured : tuple of float
        Interval that holds the measured number.
    scale : float
        What slack is relative to.

    Examples
    --------
    >>> Comparison("V = b lam", "tight", 0.5, (0.5, 0.5), scale=1.0).bound
    0.5
    """

    label: str
    kind: Kind
    bound: float
    measured: Interval
    scale: float


class SampledComparison(NamedTuple):
    """Comparison of a number that a claim states with the mean of draws.

    `kind` is as in `Comparison`.  The draws are tested at the level that `check` gives them, by an
    anytime-valid test: a comparison need not, and cannot, choose its own.

    Attributes
    ----------
    label : str
        What is compared, in words.
    kind : {"tight", "lower", "upper"}
    bound : float
        What the claim says of the mean.
    draws : array_like, shape (T,)
        In the order drawn.
    support : tuple of float
        Interval that holds every draw.
    tolerance : float
        How far off the mean may be and still count as reaching the bound.
    scale : float
        What slack is relative to.

    Examples
    --------
    >>> heads = np.random.default_rng(0).random(10_000) < 0.5
    >>> SampledComparison("mean >= 1/2", "lower", 0.5, heads, (0, 1), 0.05, 1.0).bound
    0.5
    """

    label: str
    kind: Kind
    bound: float
    draws: ArrayLike
    support: Interval
    tolerance: float
    scale: float


@dataclass(frozen=True)
class Claim:
    """Claim of the theory: a statement, its hypotheses and the comparisons that test it.

    Attributes
    ----------
    id : str
        As in the theory.
    statement : str
    kind : {"tight", "lower", "upper"}
    applies : callable
        Whether a game meets the hypotheses.
    compare : callable
        (game, method, rng) -> comparisons, exact or sampled; `method` is the solver whose certified
        enclosure the formula is set against.

    Examples
    --------
    >>> from radsim import Game, check, solve
    >>> def compare(game, method, rng):
    ...     found = solve(game, method=method).certificate.interval
    ...     yield Comparison("V <= max g", "upper", game.gains.max(), found, game.scale)
    >>> mine = Claim("M1", "V is at most the largest gain", "upper", lambda game: True, compare)
    >>> check(mine, Game([2, 1], mistakes=1)).status
    'HOLDS'
    """

    id: str
    statement: str
    kind: Kind
    applies: Callable[[Game], bool]
    compare: Callable[[Game, str, np.random.Generator], Iterable[Comparison | SampledComparison]]

    def __post_init__(self) -> None:
        checked(self, id=str, statement=str, applies=Callable, compare=Callable)
        one_of(self.kind, ("tight", "lower", "upper"), "kind")


@dataclass(frozen=True)
class Verdict:
    """HOLDS, VIOLATED or UNDECIDED, with the comparison that came out worst.

    Attributes
    ----------
    claim : str
        Its id.
    status : {"HOLDS", "VIOLATED", "UNDECIDED"}
    label : str
        Of the worst comparison.
    bound : float
        What the claim says there.
    measured : tuple of float
        What was found there, as an interval.
    slack : float
        Relative to the scale; negative: on the wrong side.
    n_comparisons : int
    n_sampled : int
        Comparisons that rest on samples.

    Examples
    --------
    >>> from radsim import CLAIMS, Game, Instance, check
    >>> verdict = check(CLAIMS["V7"], Instance("two", Game([2, 1], mistakes=1)))
    >>> verdict.status, verdict.n_comparisons > 0
    ('HOLDS', True)
    """

    claim: str
    status: Status
    label: str
    bound: float
    measured: Interval
    slack: float
    n_comparisons: int
    n_sampled: int = 0

    def _repr_html_(self) -> str:
        """For notebooks."""
        low, high = self.measured
        rows = [
            ("status", self.status),
            ("worst comparison", self.label),
            ("the claim says", self.bound),
            ("measured", figure(low) if low == high else f"{figure(low)} to {figure(high)}"),
            ("slack", f"{self.slack:.1e}"),
        ]
        return html_table(f"Claim {self.claim}", rows)
