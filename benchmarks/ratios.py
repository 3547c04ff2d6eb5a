"""The closed form beside `numpy.sort` and one pass of (1/g).sum(), interleaved in one process.

`python -m benchmarks.ratios 1e7` prints a Markdown table; every solution is certified afterwards.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from radsim import Game, solve, solve_many
from radsim.game import Array

FAMILIES: dict[str, Callable[[np.random.Generator, Any], Array]] = {
    "uniform": lambda rng, n: rng.random(n),
    "beta(0.3, 2)": lambda rng, n: rng.beta(0.3, 2, n),
    "Pareto(1.1)": lambda rng, n: 1 + rng.pareto(1.1, n),
}


def interleaved(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Least time of each call in seconds; the calls take turns, so all see the same machine."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(repeats):
        for name, call in calls.items():
            # The host of a virtual machine hands memory out at the first touch, at up to 3 ms a
            # page; what was freed last is given out first, so that no call pays for that.
            np.ones(1 << 24)
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def single(n: int, repeats: int, kernels: str) -> None:
    """One game of n points against the sort and the pass."""
    print(f"kernels {kernels}, n = {n:,}; milliseconds are the least of {repeats} turns\n")
    print(
        "| gains, m | sort ms | pass ms | inclusion / sort | level / pass | b = n/100 | b = n/2 "
        "| two arrays | worst gap |\n|---|---|---|---|---|---|---|---|---|"
    )
    for family, draw in FAMILIES.items():
        for share in (0.05, 0.3):
            print(f"| {family}, {share:.0%} {_row(draw, n, share, repeats, kernels)}", flush=True)


def _row(draw: Callable[..., Array], n: int, share: float, repeats: int, kernels: str) -> str:
    rng = np.random.default_rng(0)
    gains = draw(rng, n)
    games = {
        "b = 1": Game(gains, share * n),
        "b = n/100": Game(gains, share * n, n / 100),
        "b = n/2": Game(gains, share * n, n / 2),
        "two arrays": Game(gains, share * n, harms=rng.random(n) * gains),
    }
    game = games["b = 1"]
    took = interleaved(
        {
            "sort": lambda: np.sort(game.gains),
            "pass": lambda: (1 / game.gains).sum(),
            "level": lambda: solve(game, kernels=kernels, certify=False).level,
            **{
                k: (lambda x=x: solve(x, kernels=kernels, certify=False).inclusion)
                for k, x in games.items()
            },
        },
        repeats,
    )
    gap = 0.0
    for x in games.values():
        proof = solve(x, kernels=kernels).certificate
        assert proof.accepts(1e-12)
        gap = max(gap, abs(proof.gap) / proof.scale)
    one = took["b = 1"]
    return (
        f"| {1e3 * took['sort']:.1f} | {1e3 * took['pass']:.1f} "
        f"| {one / took['sort']:.2f} | {took['level'] / took['pass']:.2f} "
        + "".join(f"| {took[k] / one:.2f} " for k in ("b = n/100", "b = n/2", "two arrays"))
        + f"| {gap:.0e} |"
    )


def batches(count: int, n: int, repeats: int, kernels: str) -> None:
    """`solve_many` against a loop over `solve`; games of the loop are built beforehand."""
    print(f"\nkernels {kernels}, {count:,} games of {n:,} points\n")
    print("| gains | loop s | solve_many s | ratio | ratio with Game(...) in the loop |")
    print("|---|---|---|---|---|")
    for family, draw in FAMILIES.items():
        gains = draw(np.random.default_rng(0), (count, n))
        print(f"| {family} {_batch_row(gains, repeats, kernels)}", flush=True)


def _batch_row(gains: Array, repeats: int, kernels: str) -> str:
    count, n = gains.shape
    games = [Game(row, 0.05 * n) for row in gains]
    took = interleaved(
        {
            "warm": lambda: solve_many(gains[:10], 0.05 * n, kernels=kernels, certify=False),
            "many": lambda: solve_many(gains, 0.05 * n, kernels=kernels, certify=False),
            "loop": lambda: [solve(game, certify=False).inclusion for game in games],
            "whole": lambda: [solve(Game(x, 0.05 * n), certify=False).inclusion for x in gains],
        },
        repeats,
    )
    many = solve_many(gains, 0.05 * n, kernels=kernels)
    assert all(many[k].certificate.accepts(1e-12) for k in range(0, count, 50))
    return (
        f"| {took['loop']:.2f} | {took['many']:.3f} "
        f"| {took['loop'] / took['many']:.1f} | {took['whole'] / took['many']:.1f} |"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--kernels", default="numpy", choices=("numpy", "numba"))
    parser.add_argument("--games", type=int, default=0, help="of n points: batches instead")
    given = parser.parse_args()
    if given.games:
        batches(given.games, int(given.n), given.repeats, given.kernels)
    else:
        single(int(given.n), given.repeats, given.kernels)


if __name__ == "__main__":
    main()
