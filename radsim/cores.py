r"""How many threads a pass over a pool runs on, and the pass itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeVar

import numpy as np

__all__ = ["available", "over", "threads_for"]

T = TypeVar("T")

# Below this many points a pass ends before a second thread would have started.
FEWEST = 1_000_000
# Every thread is handed its parts in so many portions, so that none waits long for a slower one.
_PORTIONS = 4


def available() -> int:
    """Processors that this process may use, at most OMP_NUM_THREADS where that is set.

    Examples
    --------
    >>> available() >= 1
    True
    """
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(free, int(limit)) if limit.isdecimal() and int(limit) else free


def threads_for(n: int, threads: int | None) -> int:
    """As many as are given, or all that are available where the pool is large enough.

    Examples
    --------
    >>> threads_for(100, None), threads_for(100, 2)
    (1, 2)
    """
    if threads is not None:
        return threads
    return available() if n >= FEWEST else 1


def over(n: int, step: int, work: Callable[[slice], T], threads: int) -> Iterable[T]:
    """Work on each `step` of n points, in order; on several threads, which take turns at them.

    Parameters
    ----------
    n, step : int
    work : callable
        Of a slice.  On several threads, floating-point warnings are off.
    threads : int

    Returns
    -------
    iterable
        What `work` returned, in the order of the points.

    Examples
    --------
    >>> list(over(5, 2, lambda part: (part.start, part.stop), 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    parts = [slice(start, min(n, start + step)) for start in range(0, n, step)]
    if threads == 1 or len(parts) < 2:
        return map(work, parts)

    # Small pools never need it, and start sooner.
    from concurrent.futures import ThreadPoolExecutor

    def several(some: list[slice]) -> list[T]:
        with np.errstate(all="ignore"):  # which a thread does not inherit
            return [work(part) for part in some]

    each = max(1, len(parts) // (_PORTIONS * threads))
    portions = [parts[k : k + each] for k in range(0, len(parts), each)]
    with ThreadPoolExecutor(min(threads, len(portions))) as pool:
        return list(chain.from_iterable(pool.map(several, portions)))
