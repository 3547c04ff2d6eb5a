"""Numbers looked through chunk by chunk: copied, checked and measured in one pass."""

from __future__ import annotations

import contextlib
from typing import NamedTuple, Unpack

import numpy as np

from radsim.cores import over, threads_for
from radsim.door.rules import Array, Limits, Range, refusal

__all__ = ["CHUNK", "Taken", "refuse_first", "take"]

# So many float64, read and written, fit the second-level cache of any processor of the last decade.
CHUNK = 32_768


class Taken(NamedTuple):
    """A read-only array that has passed, and its smallest and largest entry."""

    values: Array
    least: float
    most: float


def refuse_first(values: Array, name: str, rule: Range, first: int = 0) -> None:
    """Refuse an array for the first of its entries that is out of its range, if one is."""
    good = rule.holds(values)
    if np.all(good):
        return
    place = [int(k) for k in np.unravel_index(np.argmin(good), values.shape)]
    value = values[tuple(place)]
    if place:
        place[0] += first
    raise refusal(name, value, rule.words(), place)


def take(found: Array, name: str, *, copy: bool = True, **limits: Unpack[Limits]) -> Taken:
    """Take numbers into the house: a read-only float64 copy, or a view, finite and in its range.

    Parameters
    ----------
    found : ndarray
        Of numbers of any kind; what is not float64 is converted a chunk at a time.
    name : str
        Of the argument, for the error.
    copy : bool
        False: a view of `found` itself, which must need no change.
    low, high, open_low, open_high, slack, whole
        See `Limits`; by default non-negative.

    Raises
    ------
    ValueError
        Naming the argument, the place and the value; with ``copy=False`` also if it is not of
        float64, or holds a -0.0, which a copy makes 0.0.

    Examples
    --------
    >>> take(np.array([3, 1, 2]), "gains")
    Taken(values=array([3., 1., 2.]), least=1.0, most=3.0)
    >>> take(np.array([3, 1, 2]), "gains", copy=False)
    Traceback (most recent call last):
    ...
    ValueError: gains must be an array of float64 with copy=False, got int64
    """
    rule = Range(**limits)
    plain = found.dtype == np.float64
    if not copy and not plain:
        raise ValueError(f"{name} must be an array of float64 with copy=False, got {found.dtype}")
    out = np.empty(found.shape) if copy else found.view()
    rows = len(found) if found.ndim else 1
    step = max(1, CHUNK * rows // found.size) if found.size else 1

    def look(part: slice) -> tuple[float, float]:
        chunk = out[part] if found.ndim else out
        if copy:
            np.copyto(chunk, found[part] if found.ndim else found, casting="same_kind")
        return _checked(chunk, name, rule, part.start, copy)

    least, most = np.inf, -np.inf
    # Of long doubles, to infinity, and of what is no number, to NaN: both are refused below.
    with contextlib.nullcontext() if plain else np.errstate(over="ignore", invalid="ignore"):
        n = rows if found.size else 0
        for low, high in over(n, step, look, threads_for(found.size, None)):
            least, most = min(least, low), max(most, high)
    out.flags.writeable = False
    return Taken(out, least, most)


def _checked(chunk: Array, name: str, rule: Range, first: int, own: bool) -> tuple[float, float]:
    """Smallest and largest entry of a chunk that has passed, and been rounded if it is our own."""
    # They say it all; NaN is both.
    low, high = float(chunk.min()), float(chunk.max())
    if not (rule.holds(low) and rule.holds(high)) or rule.whole:
        refuse_first(chunk, name, rule, first)
    if low <= 0 <= high:
        if own:
            chunk += 0.0  # -0.0 becomes 0.0
        else:
            _refuse_minus_zero(chunk, name, first)
    if rule.slack:
        np.clip(chunk, rule.low, rule.high, out=chunk)
        low, high = max(low, rule.low), min(high, rule.high)
    return low, high


def _refuse_minus_zero(values: Array, name: str, first: int) -> None:
    minus = np.signbit(values) & (values == 0)
    if minus.any():
        place = np.argwhere(minus)[0].tolist()
        place[0] += first
        at = ", ".join(map(str, place))
        raise ValueError(f"{name}[{at}] = -0.0 must be 0.0 with copy=False, which changes nothing")
