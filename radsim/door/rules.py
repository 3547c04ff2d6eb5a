r"""What a refusal says, what range a number has, and what is a number at all."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

__all__ = ["Array", "Limits", "Range", "between", "float_of", "refusal", "steady"]

# Longest text of a value in a refusal.
_LONGEST = 200
# Types that float takes, though they are text, flags, spans of time, or have another part.
_NO_NUMBERS = (
    str,
    bytes,
    bool,
    np.bool_,
    np.complexfloating,
    np.datetime64,
    np.timedelta64,
    np.void,
)


# What public functions compute in, whatever the user has NumPy do: its own default, in which an
# underflow is a zero.
steady = np.errstate(all="warn", under="ignore")


class Limits(TypedDict, total=False):
    """The range of a number: `low` to `high`, without its ends where these are open.

    What lies outside by no more than `slack` is a rounding, and brought to the end of the range.
    `whole` leaves out what is between whole numbers.
    """

    low: float
    high: float
    open_low: bool
    open_high: bool
    slack: float
    whole: bool


class Range(NamedTuple):
    low: float = 0.0
    high: float = np.inf
    open_low: bool = False
    open_high: bool = False
    slack: float = 0.0
    whole: bool = False

    def holds(self, values: Any) -> Any:
        low, high = self.low - self.slack, self.high + self.slack
        # What is infinite or NaN is in no range.
        over = values > low if self.open_low or low == -np.inf else values >= low
        under = values < high if self.open_high or high == np.inf else values <= high
        good = over & under
        return good & (values == np.floor(values)) if self.whole else good

    def words(self) -> str:
        if self.whole and self.high == np.inf:
            least = "" if self.low == -np.inf else f" of at least {self.low:.12g}"
            return f"a whole number{least}"
        words = between(self.low, self.high, open_low=self.open_low, open_high=self.open_high)
        return f"a whole number {words}" if self.whole else words


def between(low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> str:
    """Words for a range: "in [0, 1]", "finite and positive", "finite".

    Examples
    --------
    >>> between(0, 1), between(0, np.inf), between(0, np.inf, open_low=True)
    ('in [0, 1]', 'finite and non-negative', 'finite and positive')
    """
    if high == np.inf:
        if low == -np.inf:
            return "finite"
        if low == 0:
            return "finite and positive" if open_low else "finite and non-negative"
        return f"finite and {'above' if open_low else 'at least'} {low:.12g}"
    return f"in {'(' if open_low else '['}{low:.15g}, {high:.15g}{')' if open_high else ']'}"


def _said(value: Any) -> str:
    """A value in one line that is not too long."""
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    times = isinstance(value, np.datetime64 | np.timedelta64)
    if isinstance(value, np.generic):  # whose repr names NumPy's type
        value = str(value) if times else value.item()
    try:
        text = " ".join((value if times else repr(value)).split())
    except ValueError:  # Python writes no int of more than 4,300 digits
        return f"{type(value).__name__} too long to write"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def refusal(name: str, value: Any, rule: str, place: Iterable[int] = ()) -> ValueError:
    at = ", ".join(map(str, place))
    equals = "" if name.startswith("--") else " ="
    return ValueError(f"{name}{f'[{at}]' if at else ''}{equals} {_said(value)} must be {rule}")


def float_of(value: Any) -> float | None:
    """The number, if it is one; infinite where it is an int that no float can hold."""
    if type(value) is float:
        return value
    try:
        if np.ndim(value) or isinstance(value, _NO_NUMBERS) or value is np.ma.masked:
            return None
        if isinstance(value, np.ndarray):
            return float_of(value[()])
        return float(value.detach() if hasattr(value, "detach") else value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        return None
