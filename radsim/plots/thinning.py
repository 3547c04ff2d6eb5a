"""Pictures of large pools: as many steps as a page has pixels, each the range of its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from radsim.door import Array

__all__ = ["MOST", "bars", "few", "n_solved", "ranks", "thinned", "words"]

# Points that are drawn one by one, and the steps in which more of them are.
MOST, _STEPS = 2_000, 600
# Points of all the games that are solved for one curve, and the fewest of its places.
_SOLVED, _FEWEST = 4_000_000, 20


def _starts(n: int) -> Array:
    return np.linspace(0, n, _STEPS + 1).astype(np.int64)[:-1]


def _ranges(values: Array) -> tuple[Array, Array]:
    starts = _starts(len(values))
    return np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)


def ranks(n: int) -> Array:
    """Edges of the steps, which are as wide as the points in them.

    Examples
    --------
    >>> ranks(3).tolist(), len(ranks(10**6))
    ([0.5, 1.5, 2.5, 3.5], 601)
    """
    return (np.arange(n + 1) if n <= MOST else np.append(_starts(n), n)) + 0.5


def words(n: int) -> str:
    r"""What a picture of so many points says of its steps: nothing where each point has its own.

    Examples
    --------
    >>> words(300), words(10**6)
    ('', '\n600 steps of some 1667 points, pale: their range')
    """
    return (
        "" if n <= MOST else f"\n{_STEPS} steps of some {n / _STEPS:.0f} points, pale: their range"
    )


def bars(axis: Axes, values: Array, baseline: Array | float = 0.0, **style: Any) -> None:
    """Draw a filled bar a point, or of many points steps: solid where all of them reach.

    Parameters
    ----------
    axis : Axes
    values : ndarray, shape (n,)
        Tops of the bars.
    baseline : float or ndarray, shape (n,)
    **style
        Of `Axes.stairs`.
    """
    x = ranks(len(values))
    if len(values) <= MOST:
        axis.stairs(values, x, baseline=baseline, fill=True, **style)
        return
    low, high = _ranges(values)
    least, most = _ranges(np.broadcast_to(np.asarray(baseline, dtype=float), values.shape))
    pale = {**style, "alpha": 0.4 * style.get("alpha", 1.0), "label": None}
    for top, foot, look in ((high, least, pale), (np.maximum(low, most), most, style)):
        ends = np.append(top, top[-1]), np.append(foot, foot[-1])
        axis.fill_between(x, *ends, step="post", lw=0, **look)


def thinned(columns: Mapping[str, Array]) -> pd.DataFrame:
    """The numbers of a picture: a row a point, or a row a step with the range of its points.

    Examples
    --------
    >>> thinned({"gain": np.arange(6_000.0)}).iloc[:2].to_numpy().tolist()
    [[1.0, 10.0, 0.0, 9.0], [11.0, 20.0, 10.0, 19.0]]
    """
    n = len(next(iter(columns.values())))
    if n <= MOST:
        return pd.DataFrame(dict(columns))
    starts = _starts(n)
    table = {"from_rank": starts + 1, "to_rank": np.append(starts[1:], n)}
    for name, values in columns.items():
        low, high = _ranges(values)
        table |= {f"{name}_least": low, f"{name}_most": high}
    return pd.DataFrame(table)


def few(x: Array, most: int = MOST) -> Array:
    """Places of at most so many entries of an array, both ends among them, evenly spaced.

    Examples
    --------
    >>> few(np.arange(10), 4).tolist()
    [0, 3, 6, 9]
    """
    n = len(x)
    return np.arange(n) if n <= most else np.linspace(0, n - 1, most).round().astype(np.int64)


def n_solved(n: int, most: int) -> int:
    """At how many places of a curve games of n points are solved: fewer of large ones.

    Examples
    --------
    >>> n_solved(1_000, 401), n_solved(40_000, 401), n_solved(10**6, 401)
    (401, 100, 20)
    """
    return int(np.clip(_SOLVED // n, _FEWEST, most))
