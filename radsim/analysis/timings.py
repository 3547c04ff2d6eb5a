r"""Running times of solvers, each with a verdict on the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from radsim.door import count, each_of, number, steady, typed, whole
from radsim.game import Game
from radsim.solution import SolveError
from radsim.solvers import rows_for, solve

__all__ = ["timings"]

_NAN = float("nan")


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

    The time goes from the gains to the inclusion probabilities: the game is checked and made anew,
    solved, and its answer worked out, as it is only when it is read.  `bench` does the same in
    turns, with the peers beside.

    Parameters
    ----------
    make : callable
        From a number of points to a game.
    methods : sequence of str
        Rows of `SOLVERS` for these games and the objective.
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
        if the solver gave up), `accepted` at the tolerance of the method's row; the parts of the
        seconds, `game`, `solve` and `inclusion`; and `why` it was not run, or "".

    Raises
    ------
    ValueError
        If a method is unknown, or a size or number of repeats is no count.

    Examples
    --------
    >>> import numpy as np
    >>> frame = timings(lambda n: Game(np.ones(n), 1), ["closed_form", "enumeration"], [5, 50])
    >>> [*zip(frame["method"], frame["n"], frame["why"])][2:]
    [('enumeration', 5, ''), ('enumeration', 50, 'n <= 12')]
    """
    sizes = whole(sizes, "sizes", least=1, low=1).tolist()
    repeats = count(repeats, "repeats", low=1)
    patience = number(patience, "patience")
    first = typed(make, Callable, "make")(min(sizes))  # type: ignore[type-abstract]
    rows = rows_for(first, objective)
    methods = each_of(methods, rows, "methods")
    found = []
    for method in methods:
        slow = ""
        for n in sorted(sizes):
            largest = rows[method].largest_n
            why = slow or (f"n <= {largest:,}" if n > largest else "")
            if why:
                found.append((method, n, *[_NAN] * 2, False, *[_NAN] * 3, why))
                continue
            row = _timed(make(n), objective, method, rows[method].rtol, repeats, patience)
            found.append((method, n, *row))
            if row[0] > patience:
                slow = f"took {row[0]:.3g} s at n = {n:,}"
    columns = ["method", "n", "seconds", "gap", "accepted", "game", "solve", "inclusion", "why"]
    return pd.DataFrame(found, columns=columns)


def _timed(
    game: Any, objective: str, method: str, rtol: float, repeats: int, patience: float
) -> tuple[Any, ...]:
    """Shortest time, gap and verdict of one method on one game, and the parts of the time."""
    best, parts, gap, accepted, why = float("inf"), (_NAN,) * 3, _NAN, False, ""
    for _ in range(repeats):
        start = perf_counter()
        game = game.replace()  # gains are checked and copied, as from an array
        made = perf_counter()
        try:
            solution = solve(game, objective, method, certify=False)
            solved = perf_counter()
            np.asarray(solution.inclusion)
        except SolveError as error:
            best, why = min(best, perf_counter() - start), f"gave up: {error}"
            break
        end = perf_counter()
        if end - start < best:
            best, parts = end - start, (made - start, solved - made, end - solved)
        certificate = solution.certificate
        gap = float(certificate.gap) / (float(certificate.scale) or 1.0)
        accepted = certificate.accepts(rtol)
        if best > patience:
            break
    return best, gap, accepted, *parts, why
