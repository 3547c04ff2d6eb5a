"""Amounts as they are written on the command line: mistakes, budget and harm, also as a share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from radsim.door import count
from radsim.game import Count

__all__ = ["Fear", "budget_of", "fear_of", "harm_of", "level_of", "share_of", "shares_mean"]

# Not more digits than Python makes an int of.
_NUMBER = r"[-+]?(?:\d{1,999}\.?\d{0,999}|\.\d{1,999})(?:[eE][-+]?\d{1,3})?"
WAYS = "--mistakes 12, --rate 12%, or --checked 200 --wrong 24"


def harm_of(text: str) -> tuple[str, Any]:
    """What --harm says: ("multiple", c), ("constant", h) or ("column", name)."""
    kind, colon, rest = text.rpartition(":")
    if kind == "column":
        return "column", rest
    try:
        if not colon or kind == "constant":
            return kind or "multiple", float(rest)
    except ValueError:
        pass
    raise ValueError(f"--harm {text!r} must be a multiple, constant:X or column:NAME")


def share_of(text: str) -> Fraction | None:
    """The share that a percentage is, exactly; None if the text is none.

    Examples
    --------
    >>> share_of("12%"), share_of("12")
    (Fraction(3, 25), None)
    """
    found = re.fullmatch(rf"\s*({_NUMBER})\s*%\s*", text, re.ASCII)
    return Fraction(found[1]) / 100 if found else None


def _decimal(text: str) -> Fraction | None:
    return Fraction(text.strip()) if re.fullmatch(rf"\s*{_NUMBER}\s*", text, re.ASCII) else None


def level_of(text: str, option: str) -> Fraction:
    """What an option says of a probability strictly between 0 and 1, as a share or a decimal.

    Examples
    --------
    >>> level_of("5%", "--delta"), level_of("0.05", "--delta")
    (Fraction(1, 20), Fraction(1, 20))
    """
    share = share_of(text) or _decimal(text)
    if share is None or not 0 < share < 1:
        raise ValueError(f"{option} {text} must be in (0, 1), such as 5% or 0.05")
    return share


def shares_mean(share: Fraction, n: int) -> float:
    """A share of n points, rounded once: 7% of 100 are 7."""
    return float(share * n)


def _shown(share: Fraction) -> str:
    return f"{float(100 * share):.10g}%"


def _points(n: int) -> str:
    return f"{n} point{'s' * (n != 1)}"


@dataclass(frozen=True)
class Fear:
    """How many mistakes are feared, as it was said, before the number of points is known.

    Attributes
    ----------
    among : callable
        Number of points -> the count, and in some words how it came.
    validation : tuple, optional
        Points checked, those wrong, and delta, if the count is their bound (S4).
    """

    among: Callable[[int], tuple[Count, str]]
    validation: tuple[int, int, float] | None = None


def fear_of(
    mistakes: str,
    rate: str = "",
    checked: int | None = None,
    wrong: int | None = None,
    delta: str = "",
) -> Fear:
    """What --mistakes, --rate or --checked, --wrong and --delta say: one of the three.

    Raises
    ------
    ValueError
        If none or several of them are given, or one is out of its range.

    Examples
    --------
    >>> fear_of("12%").among(200)
    (24.0, '12% of 200 points, mean')
    >>> fear_of("", checked=200, wrong=20).among(1000)
    (146.0, '20 of 200 wrong, delta 5%')
    """
    given = {
        "--mistakes": mistakes != "",
        "--rate": rate != "",
        "--checked": checked is not None,
    }
    names = [name for name, said in given.items() if said]
    if len(names) > 1:
        raise ValueError(f"{' and '.join(names)} say the same thing: give one of them")
    for name, value in (("--wrong", wrong), ("--delta", delta or None)):
        if value is not None and checked is None:
            raise ValueError(f"{name} {value} needs --checked, the number of points checked")
    if not names:
        raise ValueError(f"how many mistakes are feared? {WAYS}")
    if checked is not None:
        return _of_checked(checked, wrong, delta)
    return _of_rate(rate, "--rate") if rate else _of_count(mistakes)


def _of_count(text: str) -> Fear:
    if "%" in text:
        return _of_rate(text, "--mistakes")
    try:
        m = Count(float(text) + 0.0)  # -0 is 0
    except ValueError:
        raise ValueError(f"--mistakes {text!r} must be a count or a rate like 12%") from None

    def among(n: int) -> tuple[Count, str]:
        if 0 < m < 1:
            share = Fraction(repr(float(m)))
            raise ValueError(
                f"--mistakes {text}: {_shown(share)} of the {_points(n)}, or {text} of one "
                f"mistake? The first is --rate {_shown(share)}, the second --rate "
                f"{_shown(share / n)}"
            )
        return m, f"a count, of {_points(n)}" + ("" if m.is_integer() else ", mean")

    return Fear(among)


def _of_rate(text: str, option: str) -> Fear:
    share = share_of(text)
    if share is None and option == "--rate":
        share = _decimal(text)
        if share is not None and 1 < share <= 100:
            raise ValueError(f"--rate {text} must be in [0, 1]; in percent {text}%")
    if share is None:
        raise ValueError(f"{option} {text!r} must be a rate: 12% or 0.12")
    if not 0 <= share <= 1:
        raise ValueError(f"{option} {text} must be in [0%, 100%]")
    words = text.strip() if "%" in text else _shown(share)
    return Fear(lambda n: (Count(shares_mean(share, n)), f"{words} of {_points(n)}, mean"))


def _of_checked(checked: int, wrong: int | None, delta: str) -> Fear:
    if wrong is None:
        raise ValueError(f"--checked {checked} needs --wrong, how many of them were wrong")
    count(checked, "--checked", low=1)
    if not 0 <= wrong <= checked:
        raise ValueError(f"--wrong {wrong} must be in [0, {checked}], of --checked {checked}")
    share = level_of(delta or "5%", "--delta")
    level = float(share)

    def among(n: int) -> tuple[Count, str]:
        # SciPy is slow to import, and only this bound needs it.
        from radsim.inference import mistakes_upper_bound

        words = f"{wrong} of {checked} wrong, delta {_shown(share)}"
        return Count(mistakes_upper_bound(n, checked, wrong, level)), words

    return Fear(among, (checked, wrong, level))


def budget_of(text: str, *, capped: bool = True) -> Callable[[int], float]:
    """What --budget says: a number, or a share of the points.

    Returns
    -------
    callable
        Number of points -> budget.

    Examples
    --------
    >>> budget_of("10%")(200), budget_of("2.5")(200)
    (20.0, 2.5)
    """
    share = share_of(text)
    if share is None:
        try:
            amount = float(text)
        except ValueError:
            raise ValueError(
                f"--budget {text!r} must be a number, or a share of the points like 10%"
            ) from None
        if not 0 < amount < float("inf"):
            raise ValueError(f"--budget {text} must be finite and positive")

        def spent(n: int) -> float:
            if amount < 1:
                part = Fraction(repr(amount))
                raise ValueError(
                    f"--budget {text}: {_shown(part)} of the {_points(n)}, or {text} of one query? "
                    f"The first is --budget {_shown(part)}, the second --budget {_shown(part / n)}"
                )
            return amount

        return spent
    if share <= 0:
        raise ValueError(f"--budget {text} must be above 0%")
    if share > 10**300:
        raise ValueError(f"--budget {text} must be finite")
    if capped and share > 1:
        raise ValueError(
            f"--budget {text} must be at most 100%: each point is queried once at most"
        )
    return lambda n: shares_mean(share, n)
