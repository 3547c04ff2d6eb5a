"""Passes over a pool, and bytes handed to the loops: costs that no busy machine changes.

`python -m benchmarks.counts` prints them beside those of benchmarks/counts.json; `--write` keeps
them there.  `pytest benchmarks` fails where one has grown.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.turns import FAMILIES
from radsim import Game, solve
from radsim.solvers.water import closed_form

KEPT = Path(__file__).with_name("counts.json")
N = 200_000
LOOPS = ("level", "prices", "include")
Counts = dict[str, dict[str, int]]


def counted(game: Game) -> dict[str, int]:
    """Passes of one solution, and bytes of the arrays that its loops were handed, q's included."""
    handed = 0

    def counting(loop: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            nonlocal handed
            handed += sum(x.nbytes for x in given if isinstance(x, np.ndarray))
            return loop(*given)

        return run

    right = closed_form.load

    def load(name: str) -> Any:
        loops = right(name)
        return loops._replace(**{k: counting(getattr(loops, k)) for k in LOOPS})

    closed_form.load = load  # type: ignore[attr-defined]
    try:
        solution = solve(game)
        assert solution.certificate.accepts(1e-12) and solution.inclusion.size == game.n
    finally:
        closed_form.load = right  # type: ignore[attr-defined]
    return {"passes": int(solution.stats["passes"]), "bytes a point": round(handed / game.n)}


def counts() -> Counts:
    """The counts of every family and case."""
    found: Counts = {}
    for family, draw in FAMILIES.items():
        gains = draw(np.random.default_rng(0), N)
        harms = np.random.default_rng(1).random(N) * gains
        for case, more in {
            "b = 1": {},
            "b = n/100": {"budget": N // 100},
            "b = n/2": {"budget": N // 2},
            "two arrays": {"harms": harms},
            "two arrays, b = n/2": {"harms": harms, "budget": N // 2},
        }.items():
            found[f"{family}, {case}"] = counted(Game(gains, 0.05 * N, **more))
    return found


def grown(found: Counts, kept: Counts) -> list[str]:
    """What is more than it was, in words.

    Examples
    --------
    >>> grown({"uniform": {"passes": 3}}, {"uniform": {"passes": 2}})
    ['uniform: passes 3, were 2']
    """
    return [
        f"{row}: {name} {has}, were {kept[row][name]}"
        for row, numbers in found.items()
        for name, has in numbers.items()
        if has > kept[row][name]
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"keep the counts in {KEPT.name}")
    given = parser.parse_args()
    found, kept = counts(), json.loads(KEPT.read_text()) if KEPT.exists() else {}
    print(f"n = {N:,}, kernels numpy, q read\n")
    print("| gains, case | passes | were | bytes a point | were |\n|---|---|---|---|---|")
    for row, numbers in found.items():
        old = kept.get(row, {})
        print(
            f"| {row} " + "".join(f"| {x} | {old.get(k, '-')} " for k, x in numbers.items()) + "|"
        )
    if given.write:
        KEPT.write_text(json.dumps(found, indent=1) + "\n")
        print(f"\nwritten to {KEPT}")


if __name__ == "__main__":
    main()
