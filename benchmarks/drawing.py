"""One sample from many points, beside one pass of `numpy.cumsum` over their probabilities.

`python -m benchmarks.drawing 1e8 --budget 1e5`; calls take turns, and the least CPU time
of each counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from radsim import sample


class Counted(np.random.Generator):
    """A generator that counts the numbers it gives."""

    given = 0

    def random(self, size: Any = None, **rest: Any) -> Any:
        self.given += int(np.prod(size or 1))
        return super().random(size, **rest)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("n", type=float)
    parser.add_argument("--budget", type=float, default=1e5)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--designs", default="ordered_systematic", help="others, as many as wanted")
    given = parser.parse_args()
    n, rng = int(given.n), Counted(np.random.PCG64(0))
    q = np.random.default_rng(1).random(n)
    q *= given.budget / q.sum()
    out = np.empty(n)

    def others(name: str) -> Callable[[], Any]:
        return lambda: sample(q, name, rng=rng)

    calls: dict[str, Callable[[], Any]] = {
        "numpy.cumsum": lambda: np.cumsum(q),
        "numpy.cumsum, out=": lambda: np.cumsum(q, out=out),
        "ordered_pivotal": others("ordered_pivotal"),
        **{name: others(name) for name in given.designs.split(",") if name},
    }
    took: dict[str, list[float]] = {name: [] for name in calls}
    numbers: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for _ in range(given.repeats):
        for name, call in calls.items():
            before, start = rng.given, time.process_time()
            found = call()
            took[name].append(time.process_time() - start)
            numbers[name], sizes[name] = rng.given - before, len(found)
            del found
    unit = min(took["numpy.cumsum"])
    print(f"n = {n:,}, b = {given.budget:,.0f}, least of {given.repeats}, CPU time")
    for name, times in took.items():
        also = (
            "" if "cumsum" in name else f"{sizes[name]:9,d} picks of {numbers[name]:12,d} numbers"
        )
        print(f"{name:30s} {1e3 * min(times):8.0f} ms {min(times) / unit:6.2f} {also}")


if __name__ == "__main__":
    main()
