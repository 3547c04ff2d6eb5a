r"""Trials: games in exact fractions, the smallest of which a person reads at a glance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from radsim.door import flag, typed
from radsim.game import Count, Game

__all__ = ["Trial", "key", "legal", "proportional", "size", "weight", "whole_units", "words"]

Q = Fraction


@dataclass(frozen=True)
class Trial:
    r"""Game in exact fractions, on which a conjecture is tried.

    Attributes
    ----------
    gains, harms : tuple of Fraction
        Whole numbers, floats and texts as "1/3" become fractions.
    mistakes, budget : Fraction
    multiple : Fraction or None
        c, if the harms are given as c times the gains.
    capped, abstain : bool
        As in `Game`.

    Raises
    ------
    ValueError
        Naming the number that is none.

    Examples
    --------
    >>> Trial((1, "1/3"), (0, 0), 1, 1).game()
    Game([1, 0.3333333333333333], mistakes=1, harms=[0, 0])
    """

    gains: tuple[Q, ...]
    harms: tuple[Q, ...]
    mistakes: Q
    budget: Q
    multiple: Q | None = None
    capped: bool = True
    abstain: bool = True

    def __post_init__(self) -> None:
        for name in ("gains", "harms"):
            row = typed(getattr(self, name), (tuple, list), name)
            if type(row) is list or not all(type(x) is Q for x in row):
                values = tuple(_exact(x, f"{name}[{k}]") for k, x in enumerate(row))
                object.__setattr__(self, name, values)
        for name in ("mistakes", "budget", "multiple"):
            value = getattr(self, name)
            if type(value) is not Q and (value is not None or name != "multiple"):
                object.__setattr__(self, name, _exact(value, name))
        for name in ("capped", "abstain"):
            if type(getattr(self, name)) is not bool:
                object.__setattr__(self, name, flag(getattr(self, name), name))

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.gains)

    @property
    def stakes(self) -> tuple[Q, ...]:
        """What a mistake on each point takes away."""
        return tuple(a + b for a, b in zip(self.gains, self.harms, strict=True))

    def game(self) -> Game:
        """The same game in floats."""
        return Game(
            [float(x) for x in self.gains],
            Count(self.mistakes),
            float(self.budget),
            harms=[float(x) for x in self.harms],
            capped=self.capped,
            abstain=self.abstain,
        )

    def document(self) -> dict[str, Any]:
        """Its numbers as text, for a JSON file."""
        return {
            "gains": [str(x) for x in self.gains],
            "harms": [str(x) for x in self.harms],
            "mistakes": str(self.mistakes),
            "budget": str(self.budget),
            "multiple": None if self.multiple is None else str(self.multiple),
            "capped": self.capped,
            "abstain": self.abstain,
        }


def _exact(value: Any, name: str) -> Q:
    try:
        if isinstance(value, bool):
            raise TypeError
        return Q(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(f"{name} = {value!r:.40} must be a number, and finite") from None


def proportional(trial: Trial, c: Q) -> Trial:
    """The same gains with harms c times them."""
    return replace(trial, multiple=c, harms=tuple(c * x for x in trial.gains))


def legal(trial: Trial) -> bool:
    """Whether `Game` takes such numbers."""
    return (
        trial.n > 0
        and len(trial.harms) == trial.n
        and all(x >= 0 for x in trial.gains)
        and all(x >= 0 for x in trial.harms)
        and 0 <= trial.mistakes <= trial.n
        and 0 < trial.budget
        and (trial.budget <= trial.n or not trial.capped)
    )


def weight(x: Q) -> int:
    """What a number costs a reader: small whole ones least, then round ones, then fractions.

    Examples
    --------
    >>> [weight(Q(x)) for x in ("0", "3", "1/2", "1000", "999")]
    [0, 3, 6, 34, 53]
    """
    return _read(abs(x.numerator)) + (x.denominator > 1) * (3 + _read(x.denominator))


def _read(whole: int) -> int:
    text = str(whole)
    return whole if whole <= 20 else 20 + 10 * len(text.rstrip("0")) + len(text)


def size(trial: Trial) -> tuple[int, int, int]:
    """What a trial costs a reader: points first, then its numbers; plain rules are simplest."""
    harm = 0 if trial.multiple is not None else 1 + sum(map(weight, trial.harms))
    scalars = [trial.mistakes, trial.budget, *([trial.multiple] if trial.multiple else [])]
    rules = (not trial.capped) + (not trial.abstain)
    numbers = sum(map(weight, trial.gains)) + sum(map(weight, scalars)) + harm
    return trial.n, numbers, rules


def key(trial: Trial) -> Trial:
    """The same game with its points in falling order: games that differ by order alone are one."""
    order = sorted(range(trial.n), key=lambda k: (-trial.gains[k], -trial.harms[k]))
    return replace(
        trial,
        gains=tuple(trial.gains[k] for k in order),
        harms=tuple(trial.harms[k] for k in order),
    )


def whole_units(trial: Trial) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """A unit of which all gains and harms are whole multiples, one over it, and the multiples."""
    one = lcm(*(x.denominator for x in (*trial.gains, *trial.harms)))
    return one, tuple(int(x * one) for x in trial.gains), tuple(int(x * one) for x in trial.harms)


def words(trial: Trial) -> str:
    """A trial in one line.

    Examples
    --------
    >>> words(proportional(Trial((Q(0), Q(1)), (), Q(1, 2), Q(1)), Q(1)))
    'g = (0, 1), c = 1, m = 1/2, b = 1, capped, abstain'
    """

    def row(values: tuple[Q, ...]) -> str:
        return f"({', '.join(map(str, values))})" if len(values) > 1 else str(values[0])

    harm = f"h = {row(trial.harms)}" if trial.multiple is None else f"c = {trial.multiple}"
    rules = ("capped" if trial.capped else "uncapped", "abstain" if trial.abstain else "forced")
    return ", ".join(
        (f"g = {row(trial.gains)}", harm, f"m = {trial.mistakes}", f"b = {trial.budget}", *rules)
    )
