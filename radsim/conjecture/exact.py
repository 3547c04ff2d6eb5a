r"""Conjectures in exact arithmetic: what is certainly true, certainly false, or neither.

Numbers are fractions; what is not rational (a square root, softmax) is an interval of fractions
that holds it.  What is not defined (a division by zero, the regret for a fractional m) is None, and
so is a comparison that the intervals leave open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor, isqrt
from typing import Any

from radsim.conjecture.words import Node

__all__ = ["EXACT", "Interval", "evaluate", "exact_top"]

Q = Fraction
Vector = tuple[Any, ...]
_FINE = 10**40  # an interval of a square root is one over this wide


@dataclass(frozen=True)
class Interval:
    """Interval of fractions that holds a number which is none."""

    low: Q
    high: Q

    def __str__(self) -> str:
        return f"{float(self.low + self.high) / 2:.12g} (within {float(self.high - self.low):.0e})"


def ends(x: Q | Interval) -> tuple[Q, Q]:
    """Lower and upper end of a number."""
    return (x.low, x.high) if isinstance(x, Interval) else (x, x)


def _hull(*values: Q) -> Q | Interval:
    low, high = min(values), max(values)
    return low if low == high else Interval(low, high)


def _add(x: Any, y: Any) -> Any:
    (a, b), (c, d) = ends(x), ends(y)
    return _hull(a + c, b + d)


def _neg(x: Any) -> Any:
    a, b = ends(x)
    return _hull(-b, -a)


def _sub(x: Any, y: Any) -> Any:
    return _add(x, _neg(y))


def _mul(x: Any, y: Any) -> Any:
    if isinstance(x, Interval) or isinstance(y, Interval):
        (a, b), (c, d) = ends(x), ends(y)
        return _hull(a * c, a * d, b * c, b * d)
    return x * y


def _div(x: Any, y: Any) -> Any:
    low, high = ends(y)
    if low <= 0 <= high:
        return None
    return _mul(x, _hull(1 / low, 1 / high))


def _pow(x: Any, power: int) -> Any:
    if power < 0:
        x = _div(Q(1), x)
        if x is None:
            return None
    low, high = ends(x)
    if low < 0 < high and power % 2 == 0:
        return _hull(Q(0), max(low ** abs(power), high ** abs(power)))
    return _hull(low ** abs(power), high ** abs(power))


def _root(x: Q, up: bool) -> Q:
    """Square root of a fraction, exact if it has one, else rounded down or up."""
    a, b = isqrt(x.numerator), isqrt(x.denominator)
    if a * a == x.numerator and b * b == x.denominator:
        return Q(a, b)
    found = isqrt(x.numerator * _FINE * _FINE // x.denominator)
    return Q(found + up, _FINE)


def _sqrt(x: Any) -> Any:
    low, high = ends(x)
    return None if low < 0 else _hull(_root(low, False), _root(high, True))


def _abs(x: Any) -> Any:
    low, high = ends(x)
    return _hull(Q(0), -low, high) if low < 0 < high else _hull(abs(low), abs(high))


def _rounded(rule: Callable[[Q], int]) -> Callable[[Any], Any]:
    return lambda x: _hull(*(Q(rule(end)) for end in ends(x)))


def _lift(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A rule for numbers as one for vectors too; a number is taken for every entry."""

    def lifted(*args: Any) -> Any:
        if any(x is None for x in args):
            return None
        length = max((len(x) for x in args if isinstance(x, tuple)), default=None)
        if length is None:
            return rule(*args)
        columns = [x if isinstance(x, tuple) else (x,) * length for x in args]
        return tuple(
            None if any(x is None for x in row) else rule(*row)
            for row in zip(*columns, strict=True)
        )

    return lifted


def _whole(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A rule for vectors without a hole, rising in every entry: of intervals, end by end."""

    def ruled(values: Any, *rest: Any) -> Any:
        if values is None or any(x is None for x in (*values, *rest)):
            return None
        if not any(isinstance(x, Interval) for x in values):
            return rule(values, *rest)
        low, high = (rule(tuple(ends(x)[k] for x in values), *rest) for k in (0, 1))
        if low is None:
            return None
        if isinstance(low, tuple):
            return tuple(_hull(a, b) for a, b in zip(low, high, strict=True))
        return _hull(low, high)

    return ruled


def exact_top(values: Vector, amount: Any) -> Any:
    """Sum of so many of the largest values, the last one by its fraction."""
    if isinstance(amount, Interval) or amount < 0:
        return None
    total, left = Q(0), amount
    for x in sorted(values, reverse=True):
        part = min(Q(1), left)
        total, left = total + part * x, left - part
    return total


def _quantile(values: Vector, share: Any) -> Any:
    if isinstance(share, Interval) or not 0 <= share <= 1:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    k = min(floor(place), len(ordered) - 1)
    above = ordered[min(k + 1, len(ordered) - 1)]
    return ordered[k] + (place - k) * (above - ordered[k])


def _less(x: Any, y: Any) -> bool | None:
    (a, b), (c, d) = ends(x), ends(y)
    return True if b < c else False if a >= d else None


def _not(x: bool | None) -> bool | None:
    return None if x is None else not x


def _equal(x: Any, y: Any) -> bool | None:
    (a, b), (c, d) = ends(x), ends(y)
    if b < c or d < a:
        return False
    return True if a == b == c == d else None


def _and(*parts: bool | None) -> bool | None:
    return False if False in parts else None if None in parts else True


def _or(*parts: bool | None) -> bool | None:
    return True if True in parts else None if None in parts else False


def _extreme(pick: Callable[..., Q]) -> Callable[..., Any]:
    return lambda *values: _hull(*(pick(*ends_) for ends_ in zip(*map(ends, values), strict=True)))


# Operation of a node -> the rule for its arguments.
EXACT: Mapping[str, Callable[..., Any]] = {
    "add": _lift(_add),
    "sub": _lift(_sub),
    "mul": _lift(_mul),
    "div": _lift(_div),
    "neg": _lift(_neg),
    "abs": _lift(_abs),
    "sqrt": _lift(_sqrt),
    "floor": _lift(_rounded(floor)),
    "ceil": _lift(_rounded(ceil)),
    "smaller": _lift(_extreme(min)),
    "larger": _lift(_extreme(max)),
    "spread": lambda x: x,
    "sum": _whole(sum),
    "mean": _whole(lambda values: sum(values) / Q(len(values))),
    "min": _whole(min),
    "max": _whole(max),
    "sorted": _whole(lambda values: tuple(sorted(values, reverse=True))),
    "cumsum": _whole(lambda values: tuple(accumulate(values))),
    "top": _whole(exact_top),
    "quantile": _whole(_quantile),
    "lt": _lift(_less),
    "gt": _lift(lambda x, y: _less(y, x)),
    "ge": _lift(lambda x, y: _not(_less(x, y))),
    "le": _lift(lambda x, y: _not(_less(y, x))),
    "eq": _lift(_equal),
    "ne": _lift(lambda x, y: _not(_equal(x, y))),
    "every": lambda parts: None if parts is None else _and(*parts),
    "not": _not,
    "and": _and,
    "or": _or,
}


def evaluate(node: Node, letters: Mapping[str, Any]) -> Any:
    """What a node says, in exact arithmetic.

    Parameters
    ----------
    node : Node
    letters : mapping
        From each letter, and ``W(name)`` of each selector, to fractions, truths or None.

    Returns
    -------
    Fraction, Interval, tuple, bool or None

    Examples
    --------
    >>> from radsim.conjecture.language import parse
    >>> evaluate(parse("m/n <= 1/3"), {"m": Q(1), "n": Q(3)})
    True
    """
    if node.op == "number":
        return node.value
    if node.op in ("letter", "guarantee"):
        return letters[node.value if node.op == "letter" else f"W({node.value})"]
    args = (evaluate(x, letters) for x in node.args)
    if node.op == "pow":
        return _lift(lambda x: _pow(x, node.value))(*args)
    return EXACT[node.op](*args)
