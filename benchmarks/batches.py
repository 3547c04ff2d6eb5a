"""`solve_many` beside a loop over `solve`: games of one size, of many sizes, and a sweep of 1e6.

`python -m benchmarks.batches` prints two Markdown tables and the goals.  Calls take turns in one
process; every game of every batch is certified, in the loop as in the batch, unless the column says
otherwise.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.turns import FAMILIES, interleaved, machine
from radsim import Game, solve, solve_many
from radsim.game import Array

GOALS = {"numpy": 20.0, "numba": 40.0}  # times a loop over solve


def _games(family: str, sizes: Array) -> list[Array]:
    flat = FAMILIES[family](np.random.default_rng(0), int(sizes.sum()))
    return np.split(flat, np.cumsum(sizes)[:-1])


def looped(gains: list[Array], share: float, every: int) -> Callable[..., Any]:
    """A loop over `solve` on every so many of the games, which are built beforehand."""
    games = [Game(g, rate=share) for g in gains[::every]]
    return lambda **asked: [solve(game, **asked).inclusion for game in games]


def compare(name: str, gains: Any, share: float, options: dict[str, Any], repeats: int) -> float:
    """Print one row; return the ratio of the certified answers."""
    rows = list(gains)
    every = max(1, len(rows) // 1_000)
    loop = looped(rows, share, every)
    m = share * np.array([len(g) for g in rows])
    few = max(1, len(rows) // 100)
    took = interleaved(
        {
            "warm": lambda: solve_many(gains[:few], m[:few], **options),
            "many": lambda: solve_many(gains, m, **options),
            "many, unasked": lambda: solve_many(gains, m, certify=False, **options),
            "loop": loop,
            "loop, unasked": lambda: loop(certify=False),
        },
        repeats,
    )
    count = len(rows[::every])
    loops = [took[k] * len(rows) / count for k in ("loop", "loop, unasked")]
    ratios = [loops[0] / took["many"], loops[1] / took["many, unasked"]]
    print(
        f"| {name} | {loops[0]:.2f} | {took['many']:.3f} | {ratios[0]:.1f} "
        f"| {loops[1]:.2f} | {took['many, unasked']:.3f} | {ratios[1]:.1f} |",
        flush=True,
    )
    return ratios[0]


def sweep(name: str, count: int, options: dict[str, Any], repeats: int, budget: float) -> float:
    """Seconds for a sweep of m over games of ten points, all certified."""
    rng = np.random.default_rng(0)
    gains, mistakes = rng.random((count, 10)), rng.uniform(0, 3, count)
    call = {"sweep": lambda: solve_many(gains, mistakes, budget, **options)}
    took = interleaved(call, repeats)["sweep"]
    print(f"| {count:,} games of 10, {name} | {took:.3f} | {count / took:,.0f} |", flush=True)
    return took


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--sweep", type=int, default=1_000_000, help="games of ten points")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--kernels", default="numpy", choices=("numpy", "numba"))
    parser.add_argument("--threads", type=int, help="of the batch; by default one for each core")
    given = parser.parse_args()
    options = {"kernels": given.kernels, "threads": given.threads}
    print(machine())
    print(
        f"kernels {given.kernels}, threads {given.threads or 'one for each core'}, m = 5%, b = 1\n"
    )
    print("The loop is timed on every so many games, 1,000 or fewer, and multiplied.\n")
    print("| gains | loop s | solve_many s | ratio | loop, certify=False | solve_many | ratio |")
    print("|---|---|---|---|---|---|---|")
    found = []
    for family in FAMILIES:
        gains = FAMILIES[family](np.random.default_rng(0), (given.games, given.points))
        found.append(compare(family, gains, 0.05, options, given.repeats))
    sizes = np.random.default_rng(0).integers(1, 2 * given.points, given.games)
    ragged = _games("uniform", sizes)
    compare(f"uniform, 1 to {2 * given.points - 1} points", ragged, 0.05, options, given.repeats)
    print("\n| sweep of m, uniform gains | seconds, certified | games a second |\n|---|---|---|")
    took = sweep("b = 1", given.sweep, options, given.repeats, 1)
    sweep("b = 5, where caps bind", given.sweep, options, given.repeats, 5)
    print("\n| goal | at least | found | |\n|---|---|---|---|")
    most, least = GOALS[given.kernels], min(found)
    print(
        f"| solve_many / loop | {most:g} | {least:.1f} | {'met' if least >= most else 'missed'} |"
    )
    rate = given.sweep / took
    print(
        f"| games of 10 a second | 500,000 | {rate:,.0f} | {'met' if rate >= 5e5 else 'missed'} |"
    )


if __name__ == "__main__":
    main()
