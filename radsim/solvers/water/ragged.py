r"""Games of different sizes in one flat array, with the offsets at which each begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, inside, whole

__all__ = ["blocks", "in_turn", "laid_out", "of_game", "points_of", "shaped_alike"]

# Points of a block of games; a handful of such arrays fit the second-level cache.
_BLOCK = 32_768
# Fewer points are not worth a second thread.
_WORTH = 500_000


def _of_many_sizes(values: Any) -> bool:
    """Whether this is a list of games, and not all of one size."""
    if not isinstance(values, list | tuple):
        return False
    try:
        return len(set(map(len, values))) > 1
    except TypeError:  # numbers have no length
        return False


def _joined(rows: Sequence[Any], name: str) -> tuple[Array, Array]:
    """The rows in one array, and where each begins."""
    if not all(type(x) is np.ndarray and x.ndim == 1 and x.dtype.kind in "fiu" for x in rows):
        rows = [floats(x, f"{name}[{k}]") for k, x in enumerate(rows)]
        for k, x in enumerate(rows):
            if x.ndim != 1:
                raise ValueError(f"{name}[{k}] must be one-dimensional, got shape {x.shape}")
    sizes = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
    if not sizes.all():
        raise ValueError(f"{name}[{int(np.argmin(sizes))}] has no entries, needs at least 1")
    flat = np.concatenate(rows)
    return flat.astype(np.float64, copy=False), np.concatenate(([0], np.cumsum(sizes)))


def _checked(offsets: ArrayLike, total: int) -> Array:
    """Offsets of games that have a point each, and all the points together."""
    o = whole(offsets, "offsets", least=2)
    if o[0] != 0:
        raise ValueError(f"offsets[0] = {o[0]} must be 0, where the first game begins")
    if o[-1] != total:
        raise ValueError(
            f"offsets[{len(o) - 1}] = {o[-1]} must be {total}, the number of points in gains"
        )
    if not (np.diff(o) > 0).all():
        k = int(np.argmin(np.diff(o) > 0)) + 1
        raise ValueError(f"offsets[{k}] = {o[k]} must be above offsets[{k - 1}] = {o[k - 1]}")
    return o


def laid_out(gains: ArrayLike, offsets: ArrayLike | None) -> tuple[Array, Array]:
    """Gains as a table or flat, as they came, and the offsets of the games in the flat order.

    Parameters
    ----------
    gains : array_like, shape (K, n), or (N,) with `offsets`, or a list of K vectors
    offsets : array_like of int, shape (K + 1,), optional
        Game k has the points from offsets[k] to offsets[k + 1].

    Returns
    -------
    gains : ndarray of float64, shape (K, n) or (N,)
    offsets : ndarray of int, shape (K + 1,)

    Raises
    ------
    ValueError
        Naming the argument and what cannot be.

    Examples
    --------
    >>> laid_out([[1, 0.5, 0.25], [4, 3]], None)
    (array([1.  , 0.5 , 0.25, 4.  , 3.  ]), array([0, 3, 5]))
    >>> laid_out([1, 0.5, 4], [0, 2, 2, 3])
    Traceback (most recent call last):
    ...
    ValueError: offsets[2] = 2 must be above offsets[1] = 2
    """
    if offsets is not None:
        flat = np.ascontiguousarray(floats(gains, "gains"))
        if flat.ndim != 1:
            raise ValueError(f"gains must be one-dimensional with offsets, got shape {flat.shape}")
        return flat, _checked(offsets, len(flat))
    if _of_many_sizes(gains):
        return _joined(gains, "gains")  # type: ignore[arg-type]
    table = np.ascontiguousarray(floats(gains, "gains"))
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(
            f"gains must be two-dimensional, games and points, got shape {table.shape}; "
            "a flat array needs offsets"
        )
    return table, np.arange(len(table) + 1) * table.shape[1]


def shaped_alike(harms: ArrayLike, gains: Array, offsets: Array) -> Array:
    """Harms, laid out as the gains are.

    Raises
    ------
    ValueError
        If they are not the harms of these games.

    Examples
    --------
    >>> shaped_alike([[1, 2], [3]], np.ones(3), np.array([0, 2, 3]))
    array([1., 2., 3.])
    """
    if gains.ndim == 1 and _of_many_sizes(harms):
        flat, others = _joined(harms, "harms")  # type: ignore[arg-type]
        if len(others) != len(offsets):
            raise ValueError(f"harms are of {len(others) - 1} games, gains of {len(offsets) - 1}")
        wrong = np.flatnonzero(np.diff(others) != np.diff(offsets))
        if len(wrong):
            k = int(wrong[0])
            had, needed = np.diff(others)[k], np.diff(offsets)[k]
            raise ValueError(f"harms[{k}] has {had} entries, gains[{k}] has {needed}")
        return flat
    table = np.ascontiguousarray(floats(harms, "harms"))
    if table.shape != gains.shape:
        raise ValueError(f"harms must have shape {gains.shape}, as gains, got {table.shape}")
    return table


def of_game(flat: Array, name: str, offsets: Array, first: int) -> None:
    """Refuse the first entry of some games that is not finite and non-negative, by game and point.

    Examples
    --------
    >>> of_game(np.array([1.0, 2, -1]), "gains", np.array([0, 2, 3]), first=10)
    Traceback (most recent call last):
    ...
    ValueError: gains[11, 0] = -1.0 must be finite and non-negative
    """
    bad = ~((flat >= 0) & (flat < np.inf))
    if bad.any():
        k = int(np.searchsorted(offsets, np.argmax(bad), side="right")) - 1
        inside(flat[None, offsets[k] : offsets[k + 1]], name, first=first + k)


def points_of(starts: Array, sizes: Array, stride: int = 1) -> tuple[Array, Array]:
    """Places of some games' points, one game after the other, and the offsets of these.

    With a stride, every so many points: `sizes` is then how many of each game.

    Examples
    --------
    >>> points_of(np.array([10, 40]), np.array([3, 2]))
    (array([10, 11, 12, 40, 41]), array([0, 3, 5]))
    """
    ends = np.concatenate(([0], np.cumsum(sizes)))
    return np.repeat(starts - stride * ends[:-1], sizes) + stride * np.arange(ends[-1]), ends


def blocks(offsets: Array) -> list[tuple[int, int]]:
    """Runs of games, first and past the last, whose points together fit the cache.

    Examples
    --------
    >>> blocks(np.arange(6) * 20_000)
    [(0, 2), (2, 4), (4, 5)]
    """
    marks = np.arange(0, offsets[-1], _BLOCK)
    cuts = {*np.searchsorted(offsets[:-1], marks).tolist(), len(offsets) - 1}
    return list(pairwise(sorted(cuts)))


def in_turn(work: Callable[[int, int, Array], None], offsets: Array, threads: int) -> None:
    """Do the work on every block of games, on some threads; the first game's error is raised.

    The blocks are the same for any number of threads.  The work is handed the first game and the
    one past the last, and an array of four rows, at least as long as the block, to write over:
    memory that is new for each block would be slower than the arithmetic.
    """
    runs = blocks(offsets)
    longest = max((int(offsets[end] - offsets[first]) for first, end in runs), default=0)

    def several(some: list[tuple[int, int]]) -> None:
        room = np.empty((4, longest))
        with np.errstate(all="ignore"):  # each thread has its own
            for first, end in some:
                work(first, end, room)

    if threads == 1 or offsets[-1] < _WORTH:
        several(runs)
        return
    step = max(1, len(runs) // (8 * threads))
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(several, runs[k : k + step]) for k in range(0, len(runs), step)]:
            done.result()
