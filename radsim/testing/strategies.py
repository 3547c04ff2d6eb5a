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
from radsim.door import Array, count, flag, names, typed, vector
from radsim.game import Count, Game

__all__ = ["gains", "games", "instances", "mistakes"]

# Whole numbers first: that is where shrinking ends.
_NUMBER = st.one_of(st.integers(0, 4).map(float), st.floats(1e-6, 10))
_POSITIVE = st.one_of(st.integers(1, 9).map(float), st.floats(1e-3, 10))


def _distinct(values: Array) -> bool:
    """Whether neighbours in size are apart by more than rounding."""
    gaps = np.diff(np.sort(values))
    return bool(len(gaps) == 0 or gaps.min() > 1e-6 * values.max())


def gains(
    largest_n: int = 8,
    *,
    smallest_n: int = 1,
    elements: st.SearchStrategy[float] | None = None,
    distinct: bool = False,
) -> st.SearchStrategy[Array]:
    r"""Make a Hypothesis strategy for the gains of `smallest_n` to `largest_n` points.

    Parameters
    ----------
    largest_n, smallest_n : int
    elements : SearchStrategy, optional
        Of one gain; default whole numbers from 0 and floats up to 10.
    distinct : bool
        Positive and pairwise different, so that no rule has to break a tie.

    Returns
    -------
    SearchStrategy of ndarray, shape (n,)

    Raises
    ------
    ValueError
        If a size is no count, or `smallest_n` is above `largest_n`.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(gains(), lambda g: g.sum() >= 2).tolist()
    [2.0]
    """
    largest_n = count(largest_n, "largest_n", low=1)
    smallest_n = count(smallest_n, "smallest_n", high=largest_n)
    distinct = flag(distinct, "distinct")
    if elements is not None:
        typed(elements, st.SearchStrategy, "elements")
    if elements is None:
        elements = _POSITIVE if distinct else _NUMBER
    made: st.SearchStrategy[Array] = st.lists(
        elements, min_size=smallest_n, max_size=largest_n, unique=distinct
    ).map(lambda values: np.array(values, dtype=np.float64))
    return made.filter(_distinct) if distinct else made


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
    largest_n: int = 7,
    *,
    smallest_n: int = 1,
    distinct: bool = False,
    whole: bool = False,
    capped: bool | None = None,
    abstain: bool | None = None,
    points: Array | None = None,
) -> st.SearchStrategy[Game]:
    r"""Make a Hypothesis strategy for games: hopeless or not, capped or not, forced or not.

    Parameters
    ----------
    largest_n, smallest_n : int
    distinct : bool
        Gains positive and pairwise different.
    whole : bool
        Whole mistakes and budget.
    capped, abstain : bool, optional
        Fixed; by default drawn.
    points : ndarray, optional
        Gains that are given.

    Returns
    -------
    SearchStrategy of Game

    Raises
    ------
    ValueError
        If a size is no count, a flag is neither True nor False, or the gains given are none.

    Examples
    --------
    >>> from hypothesis import find
    >>> game = find(games(), lambda game: game.mistakes > 0)
    >>> game.gains.tolist(), game.mistakes, game.budget, game.capped, game.abstain
    ([0.0], 1.0, 1.0, True, True)
    """
    sizes = gains(largest_n, smallest_n=smallest_n, distinct=distinct)
    given = sizes if points is None else st.just(vector(points, "points", least=1))
    flags = {"capped": capped, "abstain": abstain}
    drawn = {
        name: st.sampled_from([True, False]) if value is None else st.just(flag(value, name))
        for name, value in flags.items()
    }
    return _games(given, whole=flag(whole, "whole"), **drawn)


@st.composite
def _games(
    draw: st.DrawFn,
    points: st.SearchStrategy[Array],
    *,
    whole: bool,
    capped: st.SearchStrategy[bool],
    abstain: st.SearchStrategy[bool],
) -> Game:
    g = draw(points)
    n = len(g)
    profile = draw(st.sampled_from(["gain", "none", "drawn"]))
    harms: Array = {"gain": g, "none": np.zeros(n)}.get(
        profile,
        np.array(draw(st.lists(_NUMBER, min_size=n, max_size=n)) if profile == "drawn" else g),
    )
    count = st.integers(1, n).map(float)
    return Game(
        g,
        Count(draw(mistakes(n, whole=whole))),
        draw(count if whole else st.one_of(count, st.floats(0.01, n))),
        harms=harms,
        capped=draw(capped),
        abstain=draw(abstain),
    )


def instances(
    largest_n: int = 8,
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
    largest_n : int
    takes : sequence of str
        As in `Selector`.
    **options
        As in `games`.

    Returns
    -------
    SearchStrategy of Instance

    Raises
    ------
    ValueError
        If a size is no count, or `takes` names what no instance holds.

    Examples
    --------
    >>> from hypothesis import find
    >>> found = find(instances(takes=("probabilities",)), lambda x: x.game.n > 1)
    >>> found.probabilities.shape
    (2, 2)
    """
    options = {"whole": True, "capped": True} | options
    games(largest_n, **options)  # refuses what cannot be
    return _instances(largest_n, names(takes, "takes"), options)


@st.composite
def _instances(
    draw: st.DrawFn, largest_n: int, takes: tuple[str, ...], options: dict[str, Any]
) -> Instance:
    probabilities = features = None
    if "probabilities" in takes or "embeddings" in takes:
        n = draw(st.integers(options.get("smallest_n", 1), largest_n))
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        n_classes = draw(st.integers(2, 4))
        if "probabilities" in takes:
            probabilities = rng.dirichlet(np.ones(n_classes), n)
            options["points"] = gains_from_probabilities(probabilities)
        else:
            options |= {"smallest_n": n}
            largest_n = n
        if "embeddings" in takes:
            features = rng.normal(size=(n, draw(st.integers(1, 3))))
    game = draw(games(largest_n, **options))
    return Instance("drawn", game, features=features, probabilities=probabilities)
