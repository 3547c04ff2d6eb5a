"""What it costs that every answer is certified: solve with the question and without, in turns.

`python -m benchmarks.asking` prints a Markdown table; `--largest 1e5` leaves out larger pools.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.turns import interleaved
from radsim import Game, solve, solve_many

SIZES = (10, 1_000, 100_000, 10_000_000)
BATCH = (10_000, 1_000)


def _row(name: str, call: Callable[..., Any], repeats: int) -> str:
    took = interleaved(
        {"with": lambda: call(certify=True), "without": lambda: call(certify=False)}, repeats
    )
    one, other = took["with"], took["without"]
    return f"| {name} | {1e3 * other:.3g} | {1e3 * one:.3g} | {one / other:.1f} |"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=float, default=max(SIZES))
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    print("| game | certify=False, ms | certified, ms | ratio |\n|---|---|---|---|")
    for n in (n for n in SIZES if n <= given.largest):
        gains, repeats = rng.random(n), 3 if n > 1_000_000 else 9
        for budget in (1, max(2, n // 100)):
            game = Game(gains, 0.1 * n, budget)

            def call(game: Game = game, **asked: bool) -> Any:
                return solve(game, **asked).inclusion

            print(_row(f"n = {n:,}, b = {budget:,}", call, repeats), flush=True)
    gains = rng.random(BATCH)
    for budget in (1, 10):

        def many(budget: float = budget, **asked: bool) -> Any:
            return solve_many(gains, 0.1 * BATCH[1], budget, **asked)

        print(_row(f"{BATCH[0]:,} games of {BATCH[1]:,}, b = {budget}", many, 3), flush=True)


if __name__ == "__main__":
    main()
