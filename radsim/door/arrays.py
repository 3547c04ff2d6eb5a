r"""Checks of arrays: what passes is float64, finite, in its range, and a read-only copy."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Number
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from radsim.door.rules import Array, Limits, Range, float_of, refusal
from radsim.door.taking import Taken, refuse_first, take

__all__ = [
    "array",
    "class_probabilities",
    "floats",
    "index_of",
    "inside",
    "matrix",
    "same_index",
    "taken",
    "vector",
    "whole",
]

# Up to here every whole number is a float.
_EXACT = 2.0**53
# A row of class probabilities sums to one, and each lies in [0, 1], up to this.
_ROUNDING = 1e-6


def _plain(values: Any, name: str, first: int, place: tuple[int, ...] = ()) -> Any:
    """What NumPy makes an array of, of tensors, sparse matrices and lists of them too."""
    if isinstance(values, list | tuple):
        kinds = set(map(type, values))
        if kinds == {float} or all(issubclass(kind, Number | str) for kind in kinds):
            return values
        return [_plain(x, name, first, (*place, k)) for k, x in enumerate(values)]
    if np.ma.is_masked(values):
        at = (*place, *np.argwhere(np.ma.getmaskarray(values))[0].tolist())
        raise refusal(name, np.ma.masked, "a number", (at[0] + first, *at[1:]) if at else ())
    if hasattr(values, "detach") and hasattr(values, "numpy"):
        values = values.detach()
        values = values.cpu() if hasattr(values, "cpu") else values
        try:
            return values.numpy()
        except TypeError:  # NumPy has no bfloat16; float32 holds all of it
            return values.float().numpy()
    return values.toarray() if hasattr(values, "toarray") else values


def _mend_of_one(value: Any, name: str) -> str:
    """What to give in place of something that is no array, if it can be told."""
    if hasattr(value, "inclusion"):
        return f": give its .{'mistake_probabilities' if name == 'l' else 'inclusion'}"
    if hasattr(value, "gains"):
        wants = "its .gains" if name == "gains" else "solve(it).inclusion"
        return f": give {wants}"
    if isinstance(value, str) and name == "gains":
        return f"; a file is read by radsim.data.files.read({value!r}).gains"
    return ""


def _mend_of_table(values: Any, found: Array, name: str) -> str:
    """How one number a point is got from a table, if it can be told."""
    rows = name == "gains" and found.ndim == 2 and found.shape[1] > 1
    if rows and found.dtype.kind in "biuf" and np.allclose(found.sum(axis=1), 1):
        return "; of class probabilities: radsim.data.gains.gains_from_probabilities(p)"
    if hasattr(values, "columns") and len(values.columns):
        return f": give one column, {name} = frame[{values.columns[0]!r}]"
    if name == "gains" and found.ndim == 2 and 1 in found.shape:
        return ": give it as .ravel()"
    return ""


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
    found = _numbers(values, name, first)
    if shape is not None and found.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {found.shape}")
    with np.errstate(over="ignore"):  # of long doubles, to infinity
        return found.astype(np.float64, copy=False)


def _numbers(values: Any, name: str, first: int = 0) -> Array:
    """An array of numbers of any kind, and no copy if it was one."""
    if type(values) is np.ndarray and values.dtype.kind in "iuf":
        return values
    try:
        values = _plain(values, name, first)
    except (TypeError, RuntimeError):  # a tensor that cannot be an array
        raise refusal(name, values, "an array of numbers") from None
    try:
        found = np.asarray(values)
    except ValueError:
        raise refusal(name, values, "an array of numbers, its rows of one length") from None
    if found.dtype.names:
        fields = ", ".join(found.dtype.names)
        raise ValueError(f"{name} has the fields {fields}: give {name}[{found.dtype.names[0]!r}]")
    if found.dtype.kind not in "biuf":
        # As objects some times would be whole numbers.
        found = found if found.dtype.kind in "mM" else np.asarray(values, dtype=object)
        if not found.ndim:
            raise refusal(name, values, f"an array of numbers{_mend_of_one(values, name)}")
        for place, value in np.ndenumerate(found):
            if float_of(value) is None:
                raise refusal(name, value, "a number", (place[0] + first, *place[1:]))
        found = np.array([float_of(x) for x in found.ravel()]).reshape(found.shape)
    if not found.ndim and found.dtype.kind == "b":
        raise refusal(name, values, "an array of numbers")
    return found


def index_of(values: Any) -> Any:
    """The labels of a pandas Series or frame; None of anything else.

    Examples
    --------
    >>> index_of([1, 2]) is None
    True
    """
    return getattr(values, "index", None) if hasattr(values, "iloc") else None


def same_index(values: Any, name: str, index: Any, of: str) -> None:
    """Refuse values whose labels are others than `index`, or in another order.

    They would be taken by place, and the labels say that they are meant otherwise.

    Parameters
    ----------
    values : array_like
    name : str
        Of the argument, for the error.
    index : pandas.Index or None
        Of the argument `of`; None says nothing, as do values without labels.
    of : str

    Raises
    ------
    ValueError
        Naming both arguments and how to mend them.
    """
    own = index_of(values)
    if own is not None and index is not None and not own.equals(index):
        raise ValueError(
            f"{name} has another index than {of}: align it, {name}.loc[{of}.index], or pass "
            f"{name}.to_numpy()"
        )


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
    rule = Range(**limits)
    # Smallest and largest say it all; NaN is both.  The place is looked up only when one is wrong.
    ends = (values.min(), values.max()) if values.size else ()
    if not all(map(rule.holds, ends)) or rule.whole:
        refuse_first(values, name, rule, first)
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
    return take(_numbers(values, name), name, **limits).values


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
    return taken(values, name, n, of=of, least=least, **limits).values


def taken(
    values: ArrayLike | Iterable[float],
    name: str,
    n: int | None = None,
    *,
    of: str = "gains",
    least: int = 0,
    copy: bool = True,
    **limits: Unpack[Limits],
) -> Taken:
    """Return a vector as `vector` does, with its smallest and largest entry.

    Parameters and refusals as in `vector`; with ``copy=False`` it is a view of an array of float64,
    and anything that would have to be changed is refused.

    Examples
    --------
    >>> taken([1, 3, 2], "gains").most
    3.0
    """
    found = _numbers(values, name)
    if found.ndim != 1:
        mend = _mend_of_table(values, found, name)
        raise ValueError(f"{name} must be one-dimensional, got shape {found.shape}{mend}")
    if n is not None and len(found) != n:
        raise ValueError(f"{name} has {len(found)} entries, {of} has {n}")
    if len(found) < least:
        raise ValueError(f"{name} has {len(found)} entries, needs at least {least}")
    return take(found, name, copy=copy, **limits)


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
