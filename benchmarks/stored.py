"""A pool larger than memory is meant for: float32 gains on disk, peak resident memory, passes.

`python -m benchmarks.stored 4e8 --folder /tmp` writes, solves, samples and deletes the file.
"""

import argparse
import os
import resource
import time
from pathlib import Path

import numpy as np

from radsim import StoredGame, solve


def _peak() -> float:
    """Peak resident memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float)
    parser.add_argument("--budget", type=float, default=1e5)
    parser.add_argument("--folder", type=Path, default=Path("/tmp"))
    parser.add_argument("--kernels", default="numpy")
    given = parser.parse_args()
    n, path = int(given.n), given.folder / "radsim-stored-gains.bin"
    rng = np.random.default_rng(0)
    try:
        with open(path, "wb") as file:
            for start in range(0, n, 1 << 22):
                rng.random(min(1 << 22, n - start), dtype=np.float32).tofile(file)
        print(f"n = {n:,}, {os.path.getsize(path) / 1e9:.2f} GB on disk; start {_peak():.0f} MiB")
        before = _peak()
        gains = np.memmap(path, np.float32, "r")
        start = time.perf_counter()
        solution = solve(
            StoredGame(gains, 0.05 * n, given.budget), kernels=given.kernels, certify=False
        )
        took = time.perf_counter() - start
        print(
            f"level {solution.level:.6g}, guarantee {solution.value:.6g} ({solution.branch}) in "
            f"{took:.1f} s, passes {solution.passes}; peak {_peak() - before:.0f} MiB more"
        )
        for design in ("systematic", "ordered_pivotal", "pivotal"):
            start = time.perf_counter()
            picks = solution.sample(design, rng=rng)
            took = time.perf_counter() - start
            print(
                f"{design}: {len(picks):,} points in {took:.1f} s; peak {_peak() - before:.0f} more"
            )
        proof = solution.certificate
        print(
            f"certificate: gap {proof.gap / proof.scale:.1e} of scale, accepted "
            f"{proof.accepts(1e-12)}; peak {_peak() - before:.0f} MiB more"
        )
    finally:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
