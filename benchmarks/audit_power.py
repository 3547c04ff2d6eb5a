"""Power of an audit: how many draws show that an inclusion probability is off, or that it is not.

`python -m benchmarks.audit_power` prints a Markdown table, medians of five seeds, for a pool of 100
points at error level 1e-9; `--most 1e5` leaves out cells that need more draws than that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import numpy as np

from radsim.sampling.audit import audit

INCLUSION = (0.5, 0.2, 0.1, 0.05, 0.01)
FAULTS = (0.5, 0.2, 0.1, 0.05)
SEEDS = range(5)
# Two points pay for a hundred: the level is shared out among all points.
ERROR = 1e-9 * 2 / 100

Draw = Callable[..., np.ndarray]


def coins(factor: float) -> Draw:
    """The first point as often as promised, times a factor; the second as promised."""
    off = np.array([factor, 1.0])
    return lambda q, *, rng, size: (rng.random((size, 2)) < q * off).astype(int)


def draws(q: float, fault: float, factor: float, status: str, most: int) -> str:
    """Median number of draws until the verdict."""
    found = [
        audit([q, 1 - q], coins(factor), rng=k, tolerance=fault, error=ERROR, max_draws=most)
        for k in SEEDS
    ]
    ends = [x.n_draws for x in found if x.status == status]
    if len(ends) < len(found):
        return f"over {most:,}"
    return f"{float(f'{np.median(ends):.2g}'):,.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, default=1e6, help="most draws of a cell")
    most = int(parser.parse_args().most)
    head = [f"{100 * fault:.0f} % off" for fault in FAULTS]
    print("| q, or 1 - q |", " | ".join(head), "|")
    print("|---" * (1 + len(FAULTS)) + "|")
    for q in INCLUSION:
        cells = []
        for fault in FAULTS:
            shown = draws(q, fault, 1 - fault, "VIOLATED", most)
            passed = draws(q, fault, 1.0, "HOLDS", most)
            cells.append(f"{shown} / {passed}" if shown != passed else shown)
        print(f"| {q:g} |", " | ".join(cells), "|")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
