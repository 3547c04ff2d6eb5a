r"""Hypothesis strategies that shrink toward the smallest game that a person can read.

Small n, whole numbers, few mistakes, budget one, harm equal to the gain, capped, abstaining.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from radsim.data.gains import gains_from_probabilities
from radsim.data.instances import Instance
from radsim.door import Array, count, flag, names, number, typed, vector
from radsim.game import Count, Game

__all__ = ["gains", "games", "instances", "mistakes"]

# Whole numbers first: that is where shrinking ends.
_NUMBER = st.one_of(st.integers(0, 4).map(float), st.floats(1e-6, 10))
_POSITIVE = st.one_of(st.integers(1, 9).map(float), st.floats(1e-3, 10))


def _distinct(values: Array) -> bool:
    """Whether neighbours in size are apart by more than rounding."""
    gaps = np.diff(np.sort(values))
    return bool(len(gaps) == 0 or gaps.min() > 1e-6 * values.max())


def _range(n: Any, name: str = "n") -> tuple[int, int]:
    """Smallest and largest number of points, from a number or a pair."""
    if isinstance(n, tuple | list):
        if len(n) != 2:
            raise ValueError(f"{name} = {n!r} must be a number of points, or smallest and largest")
        low, high = (count(x, f"{name}[{k}]") for k, x in enumerate(n))
        if low > high:
            raise ValueError(f"{name} = {n!r} must be smallest and largest, in this order")
    else:
        low = high = count(n, name)
    count(high, name, low=1)
    return low, high


def gains(
    n: int | tuple[int, int] = (1, 8),
    *,
    elements: st.SearchStrategy[float] | None = None,
    ties: bool | None = None,
) -> st.SearchStrategy[Array]:
    r"""Make a Hypothesis strategy for the gains of points.

    Parameters
    ----------
    n : int or (int, int)
        Points; a pair: the smallest and the largest number of them.
    elements : SearchStrategy, optional
        Of one gain; default whole numbers from 0 and floats up to 10.
    ties : bool, optional
        True: two gains at least are equal.  False: positive and pairwise different, so that no rule
        has to break a tie.  Default: either.

    Returns
    -------
    SearchStrategy of ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a number of points is no count, or too small for a tie.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(gains(), lambda g: g.sum() >= 2).tolist()
    [2.0]
    >>> find(gains(3, ties=True), lambda g: g.max() > 0).tolist()
    [0.0, 1.0, 0.0]
    """
    low, high = _range(n)
    ties = None if ties is None else flag(ties, "ties")
    if elements is not None:
        typed(elements, st.SearchStrategy, "elements")
    if elements is None:
        elements = _POSITIVE if ties is False else _NUMBER
    if ties:
        if high < 2:
            raise ValueError(f"n = {n!r} must allow two points, since ties = True")
        return _tied(elements, max(low, 2), high)
    made: st.SearchStrategy[Array] = st.lists(
        elements, min_size=low, max_size=high, unique=ties is False
    ).map(lambda values: np.array(values, dtype=np.float64))
    return made.filter(_distinct) if ties is False else made


@st.composite
def _tied(draw: st.DrawFn, elements: st.SearchStrategy[float], low: int, high: int) -> Array:
    values = draw(st.lists(elements, min_size=low - 1, max_size=high - 1))
    return np.array([*values, draw(st.sampled_from(values))], dtype=np.float64)


def mistakes(n: int, *, whole: bool = False) -> st.SearchStrategy[float]:
    r"""Make a Hypothesis strategy for numbers of mistakes: counts first, then fractions.

    Parameters
    ----------
    n : int
        Points in the pool; there are 0 to n mistakes.
    whole : bool
        Counts only.

    Returns
    -------
    SearchStrategy of float

    Raises
    ------
    ValueError
        If `n` is no count.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(mistakes(5), lambda m: m > 1)
    2.0
    """
    n, whole = count(n, "n"), flag(whole, "whole")
    counts = st.integers(0, n).map(float)
    return counts if whole else st.one_of(counts, st.floats(0, n))


def games(
    n: int | tuple[int, int] = (1, 7),
    *,
    harm: float | None = None,
    mistakes: float | str | None = None,
    budget: float | str | None = None,
    capped: bool | None = None,
    abstain: bool | None = None,
    ties: bool | None = None,
    points: Array | None = None,
) -> st.SearchStrategy[Game]:
    r"""Make a Hypothesis strategy for games: hopeless or not, capped or not, forced or not.

    What is not fixed is drawn.

    Parameters
    ----------
    n : int or (int, int)
        Points; a pair: the smallest and the largest number of them.
    harm : float, optional
        Multiple of the gain.
    mistakes, budget : float or "whole", optional
        A number, or any whole one.
    capped, abstain : bool, optional
    ties : bool, optional
        Whether gains are equal, as in `gains`.
    points : ndarray, optional
        The gains themselves; then `n` and `ties` are theirs.

    Returns
    -------
    SearchStrategy of Game

    Raises
    ------
    ValueError
        Naming what no game has, or what cannot be together.

    Examples
    --------
    >>> from hypothesis import find
    >>> game = find(games(), lambda game: game.mistakes > 0)
    >>> game.gains.tolist(), game.mistakes, game.budget, game.capped, game.abstain
    ([0.0], 1.0, 1.0, True, True)
    >>> find(games((2, 8), harm=1, budget=2, mistakes="whole"), lambda game: game.mistakes > 0)
    Game([0, 0], mistakes=1, budget=2)
    """
    if points is None:
        low, high = _range(n)
    else:
        low = high = len(points := vector(points, "points", least=1))
    m, b = _fixed(mistakes, "mistakes"), _fixed(budget, "budget", open_low=True)
    need = [(m, "mistakes"), *([] if capped is False else [(b, "budget")])]
    for value, name in need:
        if isinstance(value, float):
            low = max(low, int(np.ceil(value)))
            if low > high:
                raise ValueError(f"{name} = {value:g} must be at most {high}, the points")
    given = gains((low, high), ties=ties) if points is None else st.just(points)
    flags = {"capped": capped, "abstain": abstain}
    drawn = {
        name: st.sampled_from([True, False]) if value is None else st.just(flag(value, name))
        for name, value in flags.items()
    }
    multiple = None if harm is None else number(harm, "harm")
    return _games(given, harm=multiple, m=m, b=b, **drawn)


def _fixed(value: Any, name: str, **limits: bool) -> Any:
    """A fixed number as a float, "whole", or None."""
    word = value is None or (isinstance(value, str) and value == "whole")
    return value if word else number(value, name, **limits)


@st.composite
def _games(
    draw: st.DrawFn,
    points: st.SearchStrategy[Array],
    *,
    harm: float | None,
    m: float | str | None,
    b: float | str | None,
    capped: st.SearchStrategy[bool],
    abstain: st.SearchStrategy[bool],
) -> Game:
    g = draw(points)
    n = len(g)
    profile = draw(st.sampled_from(["gain", "none", "drawn"])) if harm is None else "fixed"
    harms: dict[str, Any] = {"harm": {"gain": 1.0, "none": 0.0}.get(profile, harm)}
    if profile == "drawn":
        harms = {"harms": np.array(draw(st.lists(_NUMBER, min_size=n, max_size=n)))}
    count = st.integers(1, n).map(float)
    if not isinstance(m, float):
        m = draw(mistakes(n, whole=m == "whole"))
    if not isinstance(b, float):
        b = draw(count if b == "whole" else st.one_of(count, st.floats(0.01, n)))
    return Game(g, Count(m), b, capped=draw(capped), abstain=draw(abstain), **harms)


def instances(
    n: int | tuple[int, int] = (1, 8),
    *,
    takes: Sequence[str] = ("gains",),
    **options: Any,
) -> st.SearchStrategy[Instance]:
    r"""Make a Hypothesis strategy for instances that hold what a selector takes.

    The budget is whole, and points are queried without replacement.

    Class probabilities and embeddings are in general position; they come from a seed, so that only
    their number shrinks.  With class probabilities the gains are one minus their margin.

    Parameters
    ----------
    n : int or (int, int)
        Points; a pair: the smallest and the largest number of them.
    takes : sequence of str
        As in `Selector`.
    **options
        As in `games`: `harm`, `mistakes`, `budget`, `capped`, `abstain`, `ties`.

    Returns
    -------
    SearchStrategy of Instance

    Raises
    ------
    ValueError
        If an option is none of a game, or `takes` names what no instance holds.

    Examples
    --------
    >>> from hypothesis import find
    >>> found = find(instances(takes=("probabilities",)), lambda x: x.game.n > 1)
    >>> found.probabilities.shape
    (2, 2)
    """
    fixed: dict[str, Any] = {"mistakes": "whole", "budget": "whole", "capped": True}
    options = fixed | options
    games(n, **options)  # refuses what cannot be
    data = names(takes, "takes")
    if options.get("ties") and "probabilities" in data:
        raise ValueError("ties = True: class probabilities are drawn in general position")
    return _instances(_range(n), data, options)


@st.composite
def _instances(
    draw: st.DrawFn, sizes: tuple[int, int], takes: tuple[str, ...], options: dict[str, Any]
) -> Instance:
    probabilities = features = None
    options = dict(options)
    fixed = [options[name] for name in ("mistakes", "budget")]
    low = max([sizes[0], 1, *(int(np.ceil(x)) for x in fixed if isinstance(x, int | float))])
    sizes = low, sizes[1]
    if "probabilities" in takes or "embeddings" in takes:
        n = draw(st.integers(*sizes))
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        n_classes = draw(st.integers(2, 4))
        if "probabilities" in takes:
            probabilities = rng.dirichlet(np.ones(n_classes), n)
            options["points"] = gains_from_probabilities(probabilities)
        sizes = n, n
        if "embeddings" in takes:
            features = rng.normal(size=(n, draw(st.integers(1, 3))))
    game = draw(games(sizes, **options))
    return Instance("drawn", game, features=features, probabilities=probabilities)
