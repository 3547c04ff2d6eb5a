r"""Checks of arguments, for all of radsim.

An argument that cannot be is refused with a ValueError that names the argument, the place and the
value; what passes is float64, finite, in its range, and a read-only copy.  Inside the house nothing
is checked again.  An argument named like an option, ``--delta``, is refused as the command line
writes it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from numbers import Number
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
T = TypeVar("T")

__all__ = [
    "Array",
    "Limits",
    "array",
    "between",
    "class_probabilities",
    "count",
    "each_of",
    "flag",
    "floats",
    "generator",
    "inside",
    "matrix",
    "number",
    "one_of",
    "steady",
    "typed",
    "vector",
    "whole",
]

# Up to here every whole number is a float.
_EXACT = 2.0**53
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
# A row of class probabilities sums to one, and each lies in [0, 1], up to this.
_ROUNDING = 1e-6


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


class _Range(NamedTuple):
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
    return f"in {'(' if open_low else '['}{low:.12g}, {high:.12g}{')' if open_high else ']'}"


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


def _refusal(name: str, value: Any, rule: str, place: Iterable[int] = ()) -> ValueError:
    at = ", ".join(map(str, place))
    equals = "" if name.startswith("--") else " ="
    return ValueError(f"{name}{f'[{at}]' if at else ''}{equals} {_said(value)} must be {rule}")


def _float(value: Any) -> float | None:
    """The number, if it is one; infinite where it is an int that no float can hold."""
    if type(value) is float:
        return value
    try:
        if np.ndim(value) or isinstance(value, _NO_NUMBERS) or value is np.ma.masked:
            return None
        if isinstance(value, np.ndarray):
            return _float(value[()])
        return float(value.detach() if hasattr(value, "detach") else value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        return None


def _plain(values: Any, name: str, first: int, place: tuple[int, ...] = ()) -> Any:
    """What NumPy makes an array of, of tensors, sparse matrices and lists of them too."""
    if isinstance(values, list | tuple):
        if all(issubclass(kind, Number | str) for kind in set(map(type, values))):
            return values
        return [_plain(x, name, first, (*place, k)) for k, x in enumerate(values)]
    if np.ma.is_masked(values):
        at = (*place, *np.argwhere(np.ma.getmaskarray(values))[0].tolist())
        raise _refusal(name, np.ma.masked, "a number", (at[0] + first, *at[1:]) if at else ())
    if hasattr(values, "detach") and hasattr(values, "numpy"):
        values = values.detach()
        values = values.cpu() if hasattr(values, "cpu") else values
        try:
            return values.numpy()
        except TypeError:  # NumPy has no bfloat16; float32 holds all of it
            return values.float().numpy()
    return values.toarray() if hasattr(values, "toarray") else values


def floats(
    values: ArrayLike, name: str, shape: tuple[int, ...] | None = None, *, first: int = 0
) -> Array:
    """Return numbers as a float64 array, which need not be finite, and is no copy if it was one.

    Parameters
    ----------
    values : array_like
        Tensors of PyTorch and sparse matrices are array-like too.
    name : str
        Of the argument, for the error.
    shape : tuple of int, optional
        Which it must have.
    first : int
        Place of the first entry, where the array is a part of a longer one.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        Naming the argument, the place and what is no number there, or the shape.

    Examples
    --------
    >>> floats([1, float("nan")], "q")
    array([ 1., nan])
    >>> floats([1, None], "q")
    Traceback (most recent call last):
    ...
    ValueError: q[1] = None must be a number
    """
    try:
        values = _plain(values, name, first)
    except (TypeError, RuntimeError):  # a tensor that cannot be an array
        raise _refusal(name, values, "an array of numbers") from None
    try:
        found = np.asarray(values)
    except ValueError:
        raise _refusal(name, values, "an array of numbers, its rows of one length") from None
    if found.dtype.names:
        fields = ", ".join(found.dtype.names)
        raise ValueError(f"{name} has the fields {fields}: give {name}[{found.dtype.names[0]!r}]")
    if found.dtype.kind not in "biuf":
        # As objects some times would be whole numbers.
        found = found if found.dtype.kind in "mM" else np.asarray(values, dtype=object)
        if not found.ndim:
            also = ", as its inclusion is" if hasattr(values, "inclusion") and name != "l" else ""
            raise _refusal(name, values, f"an array of numbers{also}")
        for place, value in np.ndenumerate(found):
            if _float(value) is None:
                raise _refusal(name, value, "a number", (place[0] + first, *place[1:]))
        found = np.array([_float(x) for x in found.ravel()]).reshape(found.shape)
    if shape is not None and found.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {found.shape}")
    with np.errstate(over="ignore"):  # of long doubles, to infinity
        return found.astype(np.float64, copy=False)


def inside(values: Array, name: str, *, first: int = 0, **limits: Unpack[Limits]) -> Array:
    """Return an array as it is if all its entries are finite and in their range.

    Parameters and refusals as in `vector`; `first` is the place of the first entry, where the array
    is a part of a longer one.

    Examples
    --------
    >>> inside(np.array([1.0, -1.0]), "gains", first=1000)
    Traceback (most recent call last):
    ...
    ValueError: gains[1001] = -1.0 must be finite and non-negative
    """
    rule = _Range(**limits)
    # Smallest and largest say it all; NaN is both.  The place is looked up only when one is wrong.
    ends = (values.min(), values.max()) if values.size else ()
    if not all(map(rule.holds, ends)) or (rule.whole and not rule.holds(values).all()):
        place = [int(k) for k in np.unravel_index(np.argmin(rule.holds(values)), values.shape)]
        value = values[tuple(place)]
        if place:
            place[0] += first
        raise _refusal(name, value, rule.words(), place)
    return values


def array(values: ArrayLike, name: str, **limits: Unpack[Limits]) -> Array:
    """Return a read-only float64 copy of numbers in any shape, finite and in their range.

    Parameters and refusals as in `vector`.

    Examples
    --------
    >>> array(0.5, "errors", high=1)
    array(0.5)
    >>> array([[0.5, 2]], "errors", high=1)
    Traceback (most recent call last):
    ...
    ValueError: errors[0, 1] = 2.0 must be in [0, 1]
    """
    found = np.array(inside(floats(values, name), name, **limits), order="C")
    found += 0.0  # -0.0 becomes 0.0
    if limits.get("slack"):
        np.clip(found, limits.get("low", 0.0), limits.get("high"), out=found)
    found.flags.writeable = False
    return found


def vector(
    values: ArrayLike | Iterable[float],
    name: str,
    n: int | None = None,
    *,
    of: str = "gains",
    least: int = 0,
    **limits: Unpack[Limits],
) -> Array:
    """Return a read-only float64 copy of a vector whose entries are finite and in their range.

    Parameters
    ----------
    values : array_like, shape (n,)
    name : str
        Of the argument, for the error.
    n : int, optional
        How many entries there must be: as many as the argument `of` has.
    of : str
    least : int
        How many entries there must be at least.
    low, high, open_low, open_high, slack, whole
        See `Limits`; by default non-negative.

    Returns
    -------
    ndarray of float64, shape (n,)
        -0.0 has become 0.0.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value.

    Examples
    --------
    >>> vector([1, 2], "gains")
    array([1., 2.])
    >>> vector([0.5, 1.5], "limits", high=1)
    Traceback (most recent call last):
    ...
    ValueError: limits[1] = 1.5 must be in [0, 1]
    """
    found = floats(values, name)  # type: ignore[arg-type]  # an iterable that is none is refused
    if found.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {found.shape}")
    if n is not None and len(found) != n:
        raise ValueError(f"{name} has {len(found)} entries, {of} has {n}")
    if len(found) < least:
        raise ValueError(f"{name} has {len(found)} entries, needs at least {least}")
    return array(found, name, **limits)


def whole(
    values: ArrayLike,
    name: str,
    n: int | None = None,
    *,
    of: str = "gains",
    least: int = 0,
    **limits: Unpack[Limits],
) -> Array:
    """Return a read-only copy of a vector of whole numbers: labels, clusters, places.

    Parameters and refusals as in `vector`.

    Examples
    --------
    >>> whole([0, 1.0], "labels")
    array([0, 1])
    >>> whole([0, 1.5], "labels")
    Traceback (most recent call last):
    ...
    ValueError: labels[1] = 1.5 must be a whole number of at least 0
    """
    found = vector(values, name, n, of=of, least=least, **(limits | Limits(whole=True)))
    # Beyond 2^53 a float is no longer one whole number.
    found = inside(found, name, low=-_EXACT, high=_EXACT, whole=True).astype(np.intp)
    found.flags.writeable = False
    return found


def matrix(
    values: ArrayLike,
    name: str,
    n: int | None = None,
    columns: int | None = None,
    *,
    of: str = "gains",
    **limits: Unpack[Limits],
) -> Array:
    """Return a read-only float64 copy of a table, one row a point, finite and in its range.

    Parameters and refusals as in `vector`; `columns` is how many there must be, and the numbers may
    be of any sign unless `low` says otherwise.

    Examples
    --------
    >>> matrix([[0, 1], [2, float("inf")]], "embeddings")
    Traceback (most recent call last):
    ...
    ValueError: embeddings[1, 1] = inf must be finite
    """
    found = floats(values, name)
    if found.ndim != 2:
        raise ValueError(f"{name} must be two-dimensional, got shape {found.shape}")
    if not found.size:
        raise ValueError(f"{name} needs at least one row and column, got shape {found.shape}")
    for has, needs, what in ((len(found), n, "rows"), (found.shape[1], columns, "columns")):
        if needs is not None and has != needs:
            raise ValueError(f"{name} has {has} {what}, {of} has {needs}")
    return array(found, name, **(Limits(low=-np.inf) | limits))


def class_probabilities(
    values: ArrayLike,
    name: str = "probabilities",
    n: int | None = None,
    columns: int | None = None,
    *,
    of: str = "gains",
) -> Array:
    """Return class probabilities: a table of two columns or more whose rows sum to one.

    Parameters as in `matrix`; a row that does not sum to one is named.  One number a point, shape
    (n,) or (n, 1), is the probability of class 1 of two.

    Examples
    --------
    >>> class_probabilities([0.25, 1])
    array([[0.75, 0.25],
           [0.  , 1.  ]])
    >>> class_probabilities([[0.5, 0.5], [0.5, 0.6]])
    Traceback (most recent call last):
    ...
    ValueError: probabilities[1] sums to 1.1, not 1
    """
    given = floats(values, name)
    if given.ndim == 1 or given.shape[1:] == (1,):
        try:
            one = array(given, name, high=1, slack=_ROUNDING).ravel()
        except ValueError as error:
            raise ValueError(f"{error}: one number a point is the probability of class 1") from None
        given = np.column_stack((1 - one, one))
    p = matrix(given, name, n, columns, of=of, low=0, high=1, slack=_ROUNDING)
    total = p.sum(axis=1)
    off = np.flatnonzero(np.abs(total - 1) > _ROUNDING)
    if off.size:
        raise ValueError(f"{name}[{off[0]}] sums to {total[off[0]]}, not 1")
    return p


def number(value: Any, name: str, **limits: Unpack[Limits]) -> float:
    """Return a finite float in its range.

    Parameters
    ----------
    value : number
        No text and no boolean.
    name : str
        Of the argument, for the error.
    low, high, open_low, open_high, slack, whole
        See `Limits`; by default non-negative.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Naming the argument and the value.

    Examples
    --------
    >>> number(3, "budget"), number(0.5, "delta", high=1, open_low=True, open_high=True)
    (3.0, 0.5)
    >>> number(1, "delta", high=1, open_low=True, open_high=True)
    Traceback (most recent call last):
    ...
    ValueError: delta = 1.0 must be in (0, 1)
    """
    found, rule = _float(value), _Range(**limits)
    if found is None:
        raise _refusal(name, value, "a number")
    if not rule.holds(found):
        raise _refusal(name, found, rule.words())
    return (min(max(found, rule.low), rule.high) if rule.slack else found) + 0.0


def count(value: Any, name: str, *, low: int = 0, high: int | None = None) -> int:
    """Return a whole number in its range: an int of any kind, or a float that is whole.

    Parameters
    ----------
    value : number
        No text and no boolean.
    name : str
        Of the argument, for the error.
    low : int
    high : int, optional

    Returns
    -------
    int

    Raises
    ------
    ValueError
        Naming the argument and the value.

    Examples
    --------
    >>> count(np.int64(3), "n_pool"), count(4.0, "n_pool")
    (3, 4)
    >>> count(3.5, "n_pool")
    Traceback (most recent call last):
    ...
    ValueError: n_pool = 3.5 must be a whole number of at least 0
    """
    try:
        found = int(value) if _float(value) is not None else None
    except (TypeError, ValueError, OverflowError):  # NaN, infinity, a float without an int
        found = None
    if found is None or found != value or found < low or (high is not None and found > high):
        rule = _Range(low, np.inf if high is None else high, whole=True)
        raise _refusal(name, value, rule.words())
    return found


def flag(value: Any, name: str) -> bool:
    """Return a boolean: True or False, of Python or of NumPy.

    Examples
    --------
    >>> flag("no", "capped")
    Traceback (most recent call last):
    ...
    ValueError: capped = 'no' must be True or False
    """
    if not isinstance(value, bool | np.bool_):
        raise _refusal(name, value, "True or False")
    return bool(value)


def typed(value: T, kinds: Any, name: str) -> T:
    """Return a value that is of one of these classes.

    Examples
    --------
    >>> typed([1, 2], (int, float), "rate")
    Traceback (most recent call last):
    ...
    ValueError: rate = [1, 2] must be of type int or float
    """
    if not isinstance(value, kinds):
        names = [kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
        raise _refusal(name, value, f"of type {' or '.join(names)}")
    return value


def one_of(value: T, known: Collection[Any], name: str, otherwise: str = "") -> T:
    """Return a value that is one of those known.

    Parameters
    ----------
    value : object
    known : collection
        A table counts as its names.
    name : str
        Of the argument, for the error.
    otherwise : str
        What else it may be, for the error.

    Returns
    -------
    object
        The value.

    Raises
    ------
    ValueError
        Naming the argument, the value and all that are known.

    Examples
    --------
    >>> one_of("margin", ("margin", "entropy"), "kind")
    'margin'
    >>> one_of("x", ("margin", "entropy"), "kind")
    Traceback (most recent call last):
    ...
    ValueError: kind = 'x' must be one of margin, entropy
    >>> one_of("x", ("margin", "entropy"), "--kind")
    Traceback (most recent call last):
    ...
    ValueError: --kind 'x' must be one of margin, entropy
    """
    try:
        found = value in set(known)
    except TypeError:  # a list, say, is no name
        found = False
    if not found:
        names = ", ".join(map(str, known))
        raise _refusal(name, value, f"one of {names}{otherwise and f', {otherwise}'}")
    return value


def each_of(values: Iterable[T], known: Collection[Any], name: str) -> list[T]:
    """Return a list of values each of which is one of those known.

    Refusals as `one_of`, with the place.

    Examples
    --------
    >>> each_of(["margin", "x"], ("margin", "entropy"), "kinds")
    Traceback (most recent call last):
    ...
    ValueError: kinds[1] = 'x' must be one of margin, entropy
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise _refusal(name, values, f"a list, each one of {', '.join(map(str, known))}")
    option = name.startswith("--")
    return [one_of(x, known, name if option else f"{name}[{k}]") for k, x in enumerate(values)]


def generator(rng: np.random.Generator | int) -> np.random.Generator:
    """Return a random generator: the one given, or one made from a whole number.

    Parameters
    ----------
    rng : numpy.random.Generator or int

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        If `rng` is neither; chance that cannot be replayed is refused.

    Examples
    --------
    >>> generator(3).integers(10) == np.random.default_rng(3).integers(10)
    np.True_
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise _refusal("rng", rng, "a numpy.random.Generator or a whole number to make one from")
    return np.random.default_rng(int(rng))
