"""Time and memory of one solution, inclusion probabilities included, from n = 1e5 to 1e8.

`python -m benchmarks.growth 1e8 --budget 0.5`: each size in its own process; memory is the peak of
what the process holds above the game itself, in float64 arrays of n.
"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks.report import slope
from radsim import Game, solve


def _resident() -> float:
    """Resident bytes now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def one(n: int, share: float, kernels: str, repeats: int) -> None:
    """Print least seconds and extra arrays of n."""
    solve(
        Game(np.random.default_rng(1).random(200_000), 10_000, 100_000),
        kernels=kernels,
        certify=False,
    )
    game = Game(np.random.default_rng(0).random(n), 0.05 * n, max(1.0, share * n))
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # forget the peak so far
    before, best = _resident(), np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        q = solve(game, kernels=kernels, certify=False).inclusion
        best = min(best, time.perf_counter() - start)
        del q
    with open("/proc/self/status") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) * 1024
    print(best, (peak - before) / (8 * n))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float, help="largest")
    parser.add_argument("--budget", type=float, default=0.0, help="as a share of n; 0: one")
    parser.add_argument("--kernels", default="numpy")
    parser.add_argument("--one", action="store_true", help="this n in this process")
    given = parser.parse_args()
    n = int(given.n)
    if given.one:
        one(n, given.budget, given.kernels, 20 if n <= 1_000_000 else 5)
        return
    sizes = [k for k in (10**5, 10**6, 10**7, 10**8) if k <= n]
    times = []
    for k in sizes:
        command = [sys.executable, "-m", "benchmarks.growth", str(k), "--one"]
        command += ["--budget", str(given.budget), "--kernels", given.kernels]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, arrays = map(float, out.split())
        times.append(seconds)
        print(f"n = {k:>11,}: {1e3 * seconds:9.2f} ms, {arrays:.2f} extra arrays of n", flush=True)
    print(f"exponent {slope(sizes, times):.3f}")


if __name__ == "__main__":
    main()
