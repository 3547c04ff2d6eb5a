"""What it costs to take gains in, and to certify every answer: calls that take turns.

`python -m benchmarks.asking` prints three Markdown tables: `Game(...)` beside a copy of the array;
raw gains to inclusion probabilities, certified and not; batches.  `--largest 1e5` leaves out larger
pools.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.turns import interleaved
from radsim import Game, solve, solve_many
from radsim.game import Array

SIZES = (100, 10_000, 1_000_000, 10_000_000)
BATCH = (10_000, 1_000)


# Turns, of which the least counts.
REPEATS = 9


def _turns(calls: dict[str, Callable[[], Any]], n: int) -> dict[str, float]:
    """Least seconds of a call; a turn is many calls where they are short, or caches are cold."""
    count = max(1, 100_000 // n)

    def turn(call: Callable[[], Any]) -> None:
        for _ in range(count):
            call()

    took = interleaved({name: partial(turn, call) for name, call in calls.items()}, REPEATS)
    return {name: seconds / count for name, seconds in took.items()}


def _doors(gains: Array) -> str:
    """Ratios of what takes the gains in to a copy of them."""
    n, single, harms = len(gains), gains.astype(np.float32), gains[::-1].copy()
    took = _turns(
        {
            "copy": gains.copy,
            "game": lambda: Game(gains, 0.1 * n),
            "single": lambda: Game(single, 0.1 * n),
            "view": lambda: Game(gains, 0.1 * n, copy=False),
            "harms": lambda: Game(gains, 0.1 * n, harms=harms),
        },
        n,
    )
    unit = took.pop("copy")
    return " | ".join([f"{1e3 * unit:.4g}", *(f"{x / unit:.2f}" for x in took.values())])


def _row(name: str, call: Callable[..., Any], n: int) -> str:
    took = _turns({"with": partial(call, certify=True), "without": partial(call, certify=False)}, n)
    one, other = took["with"], took["without"]
    return f"| {name} | {1e3 * other:.3g} | {1e3 * one:.3g} | {one / other:.2f} |"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=float, default=max(SIZES))
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    pools = {n: rng.random(n) for n in SIZES if n <= given.largest}
    print("In copies of the array:\n")
    print("| gains | copy, ms | Game | of float32 | copy=False | with harms |")
    print("|---|---|---|---|---|---|")
    for n, gains in list(pools.items())[1:]:  # a hundred points are no time at all to copy
        print(f"| n = {n:,} | {_doors(gains)} |", flush=True)
    print("\nFrom raw gains (a list up to 100 points) to inclusion probabilities:\n")
    print("| game | certify=False, ms | certified, ms | ratio |\n|---|---|---|---|")
    for n, gains in pools.items():
        raw: Any = gains.tolist() if n <= 100 else gains
        for budget in (1, max(2, n // 100), n // 2):

            def whole(raw: Any = raw, m: float = 0.1 * n, b: float = budget, **asked: bool) -> Any:
                return solve(Game(raw, m, b), **asked).inclusion

            print(_row(f"n = {n:,}, b = {budget:,}", whole, n), flush=True)
    print("\nBatches:\n\n| games | certify=False, ms | certified, ms | ratio |\n|---|---|---|---|")
    gains = rng.random(BATCH)
    for budget in (1, 10):

        def many(budget: float = budget, **asked: bool) -> Any:
            return solve_many(gains, 0.1 * BATCH[1], budget, **asked)

        print(
            _row(f"{BATCH[0]:,} games of {BATCH[1]:,}, b = {budget}", many, BATCH[0] * BATCH[1]),
            flush=True,
        )


if __name__ == "__main__":
    main()
