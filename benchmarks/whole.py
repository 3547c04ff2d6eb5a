"""From a raw array to a certified pick, stage by stage, beside what bounds it on this machine.

`python -m benchmarks.whole 1e4 1e6 1e7` prints a Markdown table for each size and each type of
numbers, and whether the goals are met at the largest.  Every answer is certified.  All calls of a
row take turns in one process: the stages, `numpy.sort` of the array, one pass of `(1/g).sum()`,
and a copy of it.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks.report import slope
from benchmarks.turns import FAMILIES, machine, settle
from radsim import Game, sample, solve
from radsim.game import Array

STAGES = ("Game", "solve", "inclusion", "certificate", "draw")
LIMITS: dict[str, Callable[[Array], Any]] = {
    "sort": np.sort,
    "pass": lambda g: (1 / g).sum(),
    "copy": np.copy,
    "multiply": lambda g: 2 * g,
}
CASES = ("b = 1", "b = n/100", "b = n/2", "two arrays")
SHARES = (0.05, 0.3)
UNCAPPED, PLAIN = "b = 1", ("uniform", 0.05, "b = 1")


class Row(NamedTuple):
    """Least seconds of each stage and each limit, and the gap of the certificate."""

    stages: dict[str, float]
    limits: dict[str, float]
    gap: float

    @property
    def answer(self) -> float:
        """From the raw array to q."""
        return sum(self.stages[name] for name in ("Game", "solve", "inclusion"))

    @property
    def certified(self) -> float:
        """The same, with the certificate."""
        return self.answer + self.stages["certificate"]

    @property
    def whole(self) -> float:
        """To the points that were drawn."""
        return self.certified + self.stages["draw"]


Key = tuple[str, float, str]  # family, share of mistakes, case


def measured(
    gains: Array, share: float, case: str, repeats: int, options: dict[str, Any], design: str
) -> Row:
    """One game, from its raw array to the draw, and the limits, in turns."""
    n, rng = len(gains), np.random.default_rng(1)
    budget = {"b = n/100": max(1, n // 100), "b = n/2": n // 2}.get(case, 1)
    harms = rng.random(n).astype(gains.dtype) * gains if case == "two arrays" else None
    stages, limits, gap = dict.fromkeys(STAGES, np.inf), dict.fromkeys(LIMITS, np.inf), 0.0
    for _ in range(repeats):
        for name, call in LIMITS.items():
            settle()
            start = time.perf_counter()
            call(gains)
            limits[name] = min(limits[name], time.perf_counter() - start)
        settle()
        marks = [time.perf_counter()]
        game = Game(gains, share * n, budget, harms=harms)
        marks.append(time.perf_counter())
        solution = solve(game, certify=False, **options)
        marks.append(time.perf_counter())
        q = solution.inclusion
        marks.append(time.perf_counter())
        proof = solution.certificate
        accepted = proof.accepts(1e-12)
        marks.append(time.perf_counter())
        picks = sample(q, design, rng=rng)
        marks.append(time.perf_counter())
        assert accepted and len(picks) == budget, (case, proof)
        gap = max(gap, abs(float(proof.gap)) / (proof.scale or 1.0))
        for name, took in zip(STAGES, np.diff(marks), strict=True):
            stages[name] = min(stages[name], took)
        del game, solution, q, picks
    return Row(stages, limits, gap)


def table(
    n: int, dtype: str, families: list[str], repeats: int, options: dict[str, Any], design: str
) -> dict[Key, Row]:
    """Measure and print all rows of one size and type of numbers."""
    print(f"\nn = {n:,}, {dtype}; milliseconds are the least of {repeats} turns\n")
    heads = ["gains", "m", "case", *LIMITS, *STAGES, "to q / sort", "to q / pass", "to q / copy"]
    heads += ["certified / to q", "picks / sort", "kernels / sort", "level / pass", "gap"]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    found: dict[Key, Row] = {}
    for family in families:
        gains = FAMILIES[family](np.random.default_rng(0), n).astype(dtype)
        for share in SHARES:
            for case in CASES:
                row = measured(gains, share, case, repeats, options, design)
                found[family, share, case] = row
                times = [f"{1e3 * x:.3g}" for x in (*row.limits.values(), *row.stages.values())]
                ratios = [row.answer / row.limits[name] for name in ("sort", "pass", "copy")]
                ratios += [row.certified / row.answer, row.whole / row.limits["sort"]]
                kernels = row.stages["solve"] + row.stages["inclusion"]
                ratios += [kernels / row.limits["sort"], row.stages["solve"] / row.limits["pass"]]
                cells = [family, f"{share:.0%}", case, *times, *(f"{x:.2f}" for x in ratios)]
                print(f"| {' | '.join(cells)} | {row.gap:.0e} |", flush=True)
    return found


def worst(rows: dict[Key, float]) -> tuple[float, str]:
    """The largest figure, and which row has it."""
    key = max(rows, key=lambda k: rows[k])
    return rows[key], f"{key[0]}, m = {key[1]:.0%}, {key[2]}"


def goals(rows: dict[Key, Row], sort_goal: float) -> list[tuple[str, float, float, str]]:
    """Name, goal, worst figure and where it is, of the rows of one size."""
    alone = {k: row for k, row in rows.items() if k[2] == UNCAPPED}
    base = {k: rows[k[0], k[1], UNCAPPED].answer for k in rows}
    half = {k: row.answer / base[k] for k, row in rows.items() if k[2] == "b = n/2"}
    two = {k: row.answer / base[k] for k, row in rows.items() if k[2] == "two arrays"}
    found = [
        ("uncapped, raw array to q / sort", sort_goal, *worst(_over(alone, "sort"))),
        ("uncapped, raw array to q / copies", 2.5, *worst(_over(alone, "copy"))),
        (
            "certified / uncertified",
            1.5,
            *worst({k: row.certified / row.answer for k, row in rows.items()}),
        ),
        ("b = n/2 / uncapped", 1.5, *worst(half)),
        ("two arrays / uncapped", 1.3, *worst(two)),
    ]
    if any(k[0] == "uniform" for k in rows):
        families = {k: row.answer / rows["uniform", *k[1:]].answer for k, row in rows.items()}
        found.append(("a family / uniform", 1.5, *worst(families)))
    return found


def _over(rows: dict[Key, Row], limit: str) -> dict[Key, float]:
    return {k: row.answer / row.limits[limit] for k, row in rows.items()}


def report(tables: dict[int, dict[Key, Row]], fixed: float, sort_goal: float) -> None:
    """Print the goals, met or missed, of the largest size and of all sizes together."""
    largest = max(tables)
    print(f"\nGoals, float64, n = {largest:,}: the worst row of each\n")
    print("| goal | at most | found | | where |\n|---|---|---|---|---|")
    lines = goals(tables[largest], sort_goal)
    lines.append(("fixed cost, n = 100, us", 60, 1e6 * fixed, "a list to q, certify=False"))
    if len(tables) > 1 and all(PLAIN in rows for rows in tables.values()):
        sizes = sorted(tables)
        times = [max(1e-9, tables[n][PLAIN].answer - fixed) for n in sizes]
        where = f"n = {sizes[0]:,} to {sizes[-1]:,}, {PLAIN[0]}"
        lines.append(("growth exponent beyond the fixed cost", 1.0, slope(sizes, times), where))
    for name, most, has, where in lines:
        verdict = "met" if has <= most else "missed"
        print(f"| {name} | {most:g} | {has:.3g} | {verdict} | {where} |")


def fixed_cost(options: dict[str, Any]) -> float:
    """Least seconds from a list of 100 numbers to q."""
    gains = np.random.default_rng(0).random(100).tolist()
    best = np.inf
    for _ in range(2_000):
        start = time.perf_counter()
        solve(Game(gains, 5), certify=False, **options).inclusion.sum()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float, nargs="*", default=[1e4, 1e6, 1e7], help="sizes")
    parser.add_argument("--dtype", nargs="+", default=["float64"], choices=("float64", "float32"))
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=FAMILIES)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--kernels", default="numpy", choices=("numpy", "numba"))
    parser.add_argument("--threads", type=int, help="of the solver, which else chooses")
    parser.add_argument("--design", default="ordered_pivotal", help="of the draw")
    given = parser.parse_args()
    options: dict[str, Any] = {"kernels": given.kernels}
    if given.threads:
        options["threads"] = given.threads
    print(machine())
    threads = given.threads or "as many as the solver chooses"
    print(f"kernels {given.kernels}, threads {threads}, draw {given.design}")
    fixed = fixed_cost(options)
    tables: dict[int, dict[Key, Row]] = {}
    for n in sorted({int(x) for x in given.n}):
        for dtype in given.dtype:
            rows = table(n, dtype, given.families, given.repeats, options, given.design)
            if dtype == "float64":
                tables[n] = rows
    if tables:
        report(tables, fixed, 0.2 if given.kernels == "numba" else 0.5)


if __name__ == "__main__":
    main()
