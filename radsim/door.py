r"""The door: every check of an argument, and every file that is written, in one dialect.

An argument that cannot be is refused with a ValueError that names the argument, the place and the
value; what passes is float64, finite, in its range, and a read-only copy.  Inside the house nothing
is checked again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
T = TypeVar("T")

__all__ = [
    "SUFFIX",
    "Array",
    "between",
    "count",
    "generator",
    "number",
    "one_of",
    "vector",
    "write_whole",
    "written_whole",
]

# Of a file that is being written; git ignores it.
SUFFIX = ".part"


def between(low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> str:
    """Words for a range: "at least 0", "in [0, 1]", "positive", or nothing without limits.

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
        return f"finite and {'above' if open_low else 'at least'} {low:g}"
    return f"in {'(' if open_low else '['}{low:g}, {high:g}{')' if open_high else ']'}"


def _inside(values: Any, low: float, high: float, open_low: bool, open_high: bool) -> Any:
    over = values > low if open_low else values >= low
    under = values < high if open_high else values <= high
    return np.isfinite(values) & over & under


def vector(
    values: ArrayLike | Iterable[float],
    name: str,
    n: int | None = None,
    *,
    low: float = 0.0,
    high: float = np.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> Array:
    """Return a read-only float64 copy of a vector whose entries are finite and in their range.

    Parameters
    ----------
    values : array_like, shape (n,)
    name : str
        Of the argument, for the error.
    n : int, optional
        How many entries there must be: the number of gains.
    low, high : float
        The range; `open_low` and `open_high` leave its ends out.
    open_low, open_high : bool

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
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers: {error}") from None
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if n is not None and len(array) != n:
        raise ValueError(f"{name} has {len(array)} entries, gains has {n}")
    good = _inside(array, low, high, open_low, open_high)
    if not good.all():
        i = int(np.argmin(good))
        rule = between(low, high, open_low=open_low, open_high=open_high)
        raise ValueError(f"{name}[{i}] = {array[i]} must be {rule}")
    array += 0.0  # -0.0 becomes 0.0
    array.flags.writeable = False
    return array


def number(
    value: Any,
    name: str,
    *,
    low: float = 0.0,
    high: float = np.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """Return a finite float in its range.

    Parameters
    ----------
    value : number
    name : str
        Of the argument, for the error.
    low, high : float
        The range; `open_low` and `open_high` leave its ends out.
    open_low, open_high : bool

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Naming the argument and the value.

    Examples
    --------
    >>> number("3", "budget"), number(0.5, "delta", high=1, open_low=True, open_high=True)
    (3.0, 0.5)
    >>> number(1, "delta", high=1, open_low=True, open_high=True)
    Traceback (most recent call last):
    ...
    ValueError: delta = 1.0 must be in (0, 1)
    """
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r} must be a number") from None
    if not _inside(found, low, high, open_low, open_high):
        rule = between(low, high, open_low=open_low, open_high=open_high)
        raise ValueError(f"{name} = {found} must be {rule}")
    return found + 0.0


def count(value: Any, name: str, *, low: int = 0, high: int | None = None) -> int:
    """Return a whole number in its range: an int of any kind, or a float that is whole.

    Parameters
    ----------
    value : number
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
    rule = f"of at least {low}" if high is None else f"in {low} .. {high}"
    try:
        found = int(value)
        whole = found == value and not isinstance(value, str | bytes)
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole or found < low or (high is not None and found > high):
        raise ValueError(f"{name} = {value!r} must be a whole number {rule}")
    return found


def one_of(value: T, known: Collection[T], name: str) -> T:
    """Return a value that is one of those known.

    Parameters
    ----------
    value : object
    known : collection
        A table counts as its names.
    name : str
        Of the argument, for the error.

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
    """
    if value not in known:
        raise ValueError(f"{name} = {value!r} must be one of {', '.join(map(str, known))}")
    return value


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
        raise ValueError(
            f"rng = {rng!r} must be a numpy.random.Generator or a whole number to make one from"
        )
    return np.random.default_rng(int(rng))


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A place to write a file to, which takes its name when all of it is there.

    Parameters
    ----------
    path : str or path
        Of the file; until the block has ended without an error it is as it was before.

    Yields
    ------
    Path
        Beside it, its name ending in `SUFFIX`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with written_whole(f"{place}/a.csv") as part:
    ...         _ = part.write_text("gain")
    ...     sorted(file.name for file in Path(place).iterdir())
    ['a.csv']
    """
    whole = Path(path)
    part = whole.with_name(f"{whole.name}{SUFFIX}")
    try:
        yield part
        part.replace(whole)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : str or path
    content : str or bytes
        Text is written as UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_whole(f"{place}/a.txt", "gain")
    ...     Path(place, "a.txt").read_text()
    'gain'
    """
    with written_whole(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
