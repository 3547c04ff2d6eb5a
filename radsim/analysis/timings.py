r"""Running times of solvers, each with a verdict on the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
import pandas as pd

from radsim.door import count, each_of, number, steady, typed, whole
from radsim.game import Game
from radsim.solution import SolveError
from radsim.solvers import rows_for, solve

__all__ = ["timings"]


@steady
def timings(
    make: Callable[[int], Game],
    methods: Sequence[str],
    sizes: Sequence[int],
    *,
    objective: str = "value",
    repeats: int = 3,
    patience: float = 5.0,
) -> pd.DataFrame:
    """Time solvers on games of rising size; each answer is certified after the timer has stopped.

    Parameters
    ----------
    make : callable
        From a number of points to a game.
    methods : sequence of str
        Rows of `SOLVERS` for these games and the objective; each is asked up to its own largest n.
    sizes : sequence of int
        Numbers of points.
    objective : {"value", "regret", "ratio"}
    repeats : int
        The shortest of so many runs counts.
    patience : float
        Seconds: a method that took longer once is not asked for larger games.

    Returns
    -------
    pandas.DataFrame
        A row for each method and size: `method`, `n`, `seconds`, `gap` relative to the scale (NaN
        if the solver gave up), `accepted` at the tolerance of the method's row.

    Raises
    ------
    ValueError
        If a method is unknown, or a size or number of repeats is no count.

    Examples
    --------
    >>> import numpy as np
    >>> frame = timings(lambda n: Game(np.arange(1.0, n + 1), n // 10), ["closed_form"], [100, 200])
    >>> frame["n"].tolist(), frame["accepted"].all()
    ([100, 200], np.True_)
    """
    sizes = whole(sizes, "sizes", least=1, low=1).tolist()
    repeats = count(repeats, "repeats", low=1)
    patience = number(patience, "patience")
    first = typed(make, Callable, "make")(min(sizes))  # type: ignore[type-abstract]
    rows = rows_for(first, objective)
    methods = each_of(methods, rows, "methods")
    found = []
    for method in methods:
        for n in sorted(size for size in sizes if size <= rows[method].largest_n):
            game, taken, gap, accepted = make(n), np.inf, float("nan"), False
            for _ in range(repeats):
                start = perf_counter()
                try:
                    solution = solve(game, objective, method, certify=False)
                except SolveError:
                    taken = min(taken, perf_counter() - start)
                    break
                taken = min(taken, perf_counter() - start)
                certificate = solution.certificate
                gap = float(certificate.gap) / (float(certificate.scale) or 1.0)
                accepted = certificate.accepts(rows[method].rtol)
                if taken > patience:
                    break
            found.append((method, n, taken, gap, accepted))
            if taken > patience:
                break
    return pd.DataFrame(found, columns=["method", "n", "seconds", "gap", "accepted"])
