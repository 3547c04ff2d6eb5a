r"""Checks of single values: numbers, counts, flags, names, types, generators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from typing import Any, TypeVar, Unpack

import numpy as np

from radsim.door.rules import Limits, Range, float_of, refusal

T = TypeVar("T")

__all__ = [
    "checked",
    "count",
    "each_of",
    "entries",
    "flag",
    "generator",
    "names",
    "number",
    "one_of",
    "typed",
]

# More entries than any memory holds; beyond it NumPy's own refusals name no argument.
MOST_ENTRIES = 2**40
# Class -> how its users come by one.
MENDS = {
    "Game": "Game(gains, mistakes=m) makes one",
    "Solution": "solve(game) gives one; check_answer(game, q) judges a q of your own",
    "Instance": "Instance('mine', game) makes one of a game",
    "Selector": "a row of SELECTORS, or your own",
}
# Argument -> where a list of them goes.
ONE_EACH = {"harm": "; one a point, in the unit of the gains: harms="}


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
    found, rule = float_of(value), Range(**limits)
    if found is None:
        mend = ONE_EACH.get(name, "") if isinstance(value, Sequence | np.ndarray) else ""
        raise refusal(name, value, f"a number{mend}")
    if not rule.holds(found):
        raise refusal(name, found, rule.words())
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
        found = int(value) if float_of(value) is not None else None
    except (TypeError, ValueError, OverflowError):  # NaN, infinity, a float without an int
        found = None
    if found is None or found != value or found < low or (high is not None and found > high):
        rule = Range(low, np.inf if high is None else high, whole=True)
        raise refusal(name, value, rule.words())
    return found


def entries(value: Any, name: str, *, low: int = 0) -> int:
    """Return a whole number of entries that an array could have.

    Examples
    --------
    >>> entries(2**70, "n")
    Traceback (most recent call last):
    ...
    ValueError: n = 1180591620717411303424 must be a whole number in [0, 1099511627776]
    """
    return count(value, name, low=low, high=MOST_ENTRIES)


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
        raise refusal(name, value, "True or False")
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
        words = [kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
        rule = f"of type {' or '.join(words)}".replace("NoneType", "None")
        mend = next((f": {MENDS[word]}" for word in words if word in MENDS), "")
        if words[0] == "Game" and hasattr(value, "inclusion"):
            mend = ": its .game is one"
        raise refusal(name, value, rule.replace("of type Callable", "a function") + mend)
    return value


def checked(record: Any, **kinds: Any) -> None:
    """Refuse a record with a field that is not of its classes.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> checked(SimpleNamespace(says=3), says=str)
    Traceback (most recent call last):
    ...
    ValueError: says = 3 must be of type str
    """
    for name, kind in kinds.items():
        typed(getattr(record, name), kind, name)


def names(values: Iterable[str], name: str) -> tuple[str, ...]:
    """Return names, one text each, as a tuple; a text alone is no list of them.

    Examples
    --------
    >>> names(["gains", 3], "takes")
    Traceback (most recent call last):
    ...
    ValueError: takes[1] = 3 must be of type str
    """
    if isinstance(values, str | bytes) or not isinstance(values, Sequence | Set):
        raise refusal(name, values, "a list of names")
    return tuple(typed(x, str, f"{name}[{k}]") for k, x in enumerate(values))


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
        raise refusal(name, value, f"one of {names}{otherwise and f', {otherwise}'}")
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
        raise refusal(name, values, f"a list, each one of {', '.join(map(str, known))}")
    option = name.startswith("--")
    return [one_of(x, known, name if option else f"{name}[{k}]") for k, x in enumerate(values)]


def generator(rng: np.random.Generator | int | None) -> np.random.Generator:
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
        raise refusal("rng", rng, "a numpy.random.Generator or a whole number to make one from")
    return np.random.default_rng(int(rng))
