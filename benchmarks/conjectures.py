"""Time to refutation of the statements whose truth is known, and what the true ones survive.

`python -m benchmarks.conjectures` prints a Markdown table; `--games 20000` tries the true ones for
longer, `--seed 1` others.  The exit code is 1 if a verdict is wrong.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

from radsim.conjecture import falsify
from radsim.conjecture.trials import words

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from conjectures import FALSE, RARE, TRUE


def main() -> int:
    """Print the table; 1 if a verdict is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=1000, help="games for a true statement")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print("| statement | where | truth | verdict | games | processor seconds | game |")
    print("|---|---|---|---|---|---|---|")
    wrong, times = 0, []
    for truth, rows in (("false", FALSE), ("false, rarely", RARE), ("true", TRUE)):
        for row in rows:
            games = asked.games if truth == "true" else 20_000
            start = time.process_time()
            found = falsify(row.statement, row.where, rng=asked.seed, games=games)
            seconds = time.process_time() - start
            wrong += found.refuted == (truth == "true")
            if truth != "true":
                times.append(seconds)
            verdict = "refuted" if found.refuted else "survived"
            game = "" if found.trial is None else words(found.trial)
            print(
                f"| `{row.statement}` | `{row.where}` | {truth} | {verdict} "
                f"| {found.n_tried} | {seconds:.2f} | {game} |",
                flush=True,
            )
    print(
        f"\n{len(TRUE)} true and {len(times)} false statements, {wrong} wrong verdicts; to refute "
        f"one takes {statistics.median(times):.2f} s, {max(times):.2f} s at the most."
    )
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
