"""What the scripts share: families of gains, calls that take turns, and the machine they ran on."""

import os
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from radsim.game import Array

FAMILIES: dict[str, Callable[[np.random.Generator, Any], Array]] = {
    "uniform": lambda rng, n: rng.random(n),
    "beta(0.3, 2)": lambda rng, n: rng.beta(0.3, 2, n),
    "Pareto(1.1)": lambda rng, n: 1 + rng.pareto(1.1, n),
    "two values": lambda rng, n: np.where(rng.random(n) < 0.3, 0.9, 0.6),
    "one value": lambda rng, n: np.full(n, 0.7),
    "1 ulp apart": lambda rng, n: 1 + rng.integers(0, 8, n) * 2.0**-52,
}


def interleaved(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Least time of each call in seconds; the calls take turns, so all see the same machine."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(repeats):
        for name, call in calls.items():
            settle()
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def settle() -> None:
    """Touch memory before a call is timed.

    The host of a virtual machine hands memory out at the first touch, at up to 3 ms a page; what
    was freed last is given out first, so that no call pays for that.
    """
    np.ones(1 << 24)


def machine() -> str:
    """One line: processor, cores and load, NumPy and the vector instructions that it found."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as file:
            lines = [x.partition(":")[2].strip() for x in file if x.startswith("model name")]
        name = lines[0] if lines else name
    except OSError:
        pass
    there = getattr(os, "sched_getaffinity", None)
    cores = len(there(0)) if there else os.cpu_count()
    found: Any = np.show_config(mode="dicts")
    simd = found.get("SIMD Extensions", {}).get("found", [])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{name}, {cores} cores{load}; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"SIMD {', '.join(simd) or 'none beyond the baseline'}"
    )
