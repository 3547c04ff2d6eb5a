r"""A benchmark of all solvers: from raw gains to inclusion probabilities, each answer certified."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from radsim.analysis.candidates import CANDIDATES, why_not
from radsim.analysis.turns import BASELINE, Job, Worker
from radsim.data.instances import FAMILIES
from radsim.door import count, each_of, names, number, one_of, steady, typed, whole

__all__ = ["SCHEMA", "Bench", "Timing", "bench", "recommendation"]

SCHEMA = "radsim bench 1"
_LIBRARIES = (
    "numpy",
    "scipy",
    "cvxpy",
    "numba",
    "highspy",
    "clarabel",
    "scs",
    "osqp",
    "nashpy",
    "quantecon",
)


@dataclass(frozen=True)
class Timing:
    """Times of one method on one size, and the verdict on its answer.

    Attributes
    ----------
    method : str
    n : int
    turns : tuple of float
        Seconds of each turn that counts, from raw gains to inclusion probabilities.
    game, solve, inclusion : float
        Median seconds of the three parts: checking the gains, solving, working out the answer.
    gap : float or None
        Duality gap relative to the scale: the largest of the turns.
    accepted : bool
        Every answer was certified.
    why : str
        Why it was not run, or not to its end.

    Examples
    --------
    >>> Timing("closed_form", 50, (0.5, 0.1, 0.3), 0.0, 0.3, 0.0, 0.0, True, "").seconds
    0.3
    """

    method: str
    n: int
    turns: tuple[float, ...]
    game: float
    solve: float
    inclusion: float
    gap: float | None
    accepted: bool
    why: str

    @property
    def seconds(self) -> float:
        """Median of the turns; NaN without any."""
        return median(self.turns) if self.turns else float("nan")

    def told_from(self, other: Timing) -> bool:
        """Whether all turns of one are faster than all of the other, three or more on each side."""
        few = min(len(self.turns), len(other.turns)) < 3
        apart = few or min(self.turns) > max(other.turns) or max(self.turns) < min(other.turns)
        return apart and not few


@dataclass(frozen=True)
class Bench:
    """A benchmark that was run: what was asked, on what machine, and all times.

    Attributes
    ----------
    asked, machine : dict
    timings : tuple of Timing

    Examples
    --------
    >>> Bench({}, {}, ()).text().splitlines()[1]
    ' "schema": "radsim bench 1",'
    """

    asked: dict[str, Any]
    machine: dict[str, Any]
    timings: tuple[Timing, ...]

    def text(self) -> str:
        """The benchmark as strict JSON, as `radsim.analysis.bench_files.read_bench` reads it."""
        document = {"schema": SCHEMA} | asdict(self)
        return json.dumps(document, indent=1, allow_nan=False) + "\n"

    def of(self, n: int) -> list[Timing]:
        """What was run to its end on a size, the fastest first."""
        ran = [row for row in self.timings if row.n == n and row.turns]
        return sorted(ran, key=lambda row: row.seconds)


def _machine() -> dict[str, Any]:
    """Facts on which times hang."""
    found: dict[str, Any] = {"python": platform.python_version(), "system": platform.platform()}
    found["processor"] = platform.processor() or platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        found["processor"] = names[0] if names else found["processor"]
    there = getattr(os, "sched_getaffinity", None)
    found["cores"] = len(there(0)) if there else os.cpu_count()
    if hasattr(os, "getloadavg"):
        found["load"] = round(os.getloadavg()[0], 2)
    config: Any = np.show_config(mode="dicts")
    found["simd"] = ", ".join((config or {}).get("SIMD Extensions", {}).get("found", []))
    versions = {}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return found | {"versions": versions}


def _jobs(
    sizes: Sequence[int],
    family: str,
    mistakes: Callable[[int], float],
    budget: Callable[[int], float],
    harm: tuple[str, float],
    seed: int,
) -> Iterator[Job]:
    for n in sizes:
        yield Job(family, n, seed, mistakes(n), budget(n), harm)


@steady
def bench(
    sizes: Sequence[int],
    *,
    family: str = "uniform",
    mistakes: Callable[[int], float] = lambda n: 0.05 * n,
    budget: Callable[[int], float] = lambda n: 1.0,
    harm: tuple[str, float] = ("multiple", 1.0),
    solvers: Sequence[str] | None = None,
    own: Sequence[str] = (),
    seconds: float = 10.0,
    repeats: int = 7,
    seed: int = 0,
    progress: Callable[[], object] = lambda: None,
) -> Bench:
    r"""Time every solver and installed peer from raw gains to inclusion probabilities.

    Each has a process of its own, and all take turns on the same game, so that a machine that is
    busy for a while is so for all.  A turn that does not count comes first; then up to `repeats`
    count, fewer if they add up to more than `seconds`.  If the first took more than half of that it
    counts, alone.  The time is the median of the turns, and every answer is certified after the
    clock has stopped, on a game that the solver has not touched.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of points.
    family : str
        Of the gains: a row of `FAMILIES`.
    mistakes, budget : callable
        From the number of points to the teacher's mistakes, and to the budget.
    harm : tuple
        ("multiple", c) of the gain, or ("constant", h).
    solvers : sequence of str, optional
        Rows of `CANDIDATES`; default all.
    own : sequence of str
        ``FILE.py:NAME``, functions from a game to a `Solution` or to inclusion probabilities; the
        files are run.
    seconds : float
        What takes longer once is stopped, and not asked for larger sizes.
    repeats : int
    seed : int
    progress : callable
        Called after each turn.

    Returns
    -------
    Bench

    Raises
    ------
    ValueError
        Naming the argument that is unknown or outside its range.

    Examples
    --------
    >>> found = bench([20], solvers=["closed_form", "enumeration"], repeats=1)
    >>> [(row.method, row.accepted, row.why) for row in found.timings]
    [('numpy.sort', True, ''), ('closed_form', True, ''), ('enumeration', False, 'n <= 12')]
    """
    ordered = sorted(set(whole(sizes, "sizes", least=1, low=1).tolist()))
    one_of(family, FAMILIES, "family")
    chosen = each_of(CANDIDATES if solvers is None else solvers, CANDIDATES, "solvers")
    seconds = number(seconds, "seconds", open_low=True)
    repeats, seed = count(repeats, "repeats", low=1), count(seed, "seed")
    for name, given in (("mistakes", mistakes), ("budget", budget), ("progress", progress)):
        typed(given, Callable, name)
    if len(typed(harm, tuple, "harm")) != 2:
        raise ValueError(f'harm = {harm!r:.80} must be ("multiple", c) or ("constant", h)')
    harm = one_of(harm[0], ("multiple", "constant"), "harm[0]"), number(harm[1], "harm[1]")
    own = names(own, "own")
    jobs = list(_jobs(ordered, family, mistakes, budget, harm, seed))
    for job in jobs:
        job.game(np.ones(job.n))  # refuses what no game can be, before any work
    turns = [BASELINE, *chosen, *own]
    workers: dict[str, Worker] = {}
    reasons: dict[str, str] = {}
    rows: list[Timing] = []
    try:
        for job in jobs:
            rows += _size(job, turns, workers, reasons, seconds, repeats, progress)
    finally:
        for worker in workers.values():
            worker.close()
    asked = {
        "family": family,
        "mistakes": [job.mistakes for job in jobs],
        "budget": [job.budget for job in jobs],
        "sizes": ordered,
        "harm": list(harm),
        "seconds": seconds,
        "repeats": repeats,
        "seed": seed,
    }
    return Bench(asked, _machine(), tuple(rows))


def _size(
    job: Job,
    methods: Sequence[str],
    workers: dict[str, Worker],
    reasons: dict[str, str],
    seconds: float,
    repeats: int,
    progress: Callable[[], object],
) -> list[Timing]:
    """All of one size, in turns."""
    game = job.game(np.ones(job.n))
    turns: dict[str, list[dict[str, Any]]] = {name: [] for name in methods}
    first: dict[str, dict[str, Any]] = {}
    done: set[str] = set()
    whys = {
        name: reasons.get(name) or (why_not(CANDIDATES[name], game) if name in CANDIDATES else "")
        for name in methods
    }
    for turn in range(repeats + 1):
        for name in methods:
            if turn == 1 and name in first and _total(first[name]) > seconds / 2:
                turns[name], done = [first[name]], {*done, name}
            if not whys[name] and name not in done:
                if name not in workers:
                    workers[name] = Worker(name)
                found = workers[name].turn(job, seconds)
                if "failed" in found:
                    whys[name], turns[name] = found["failed"], []
                    reasons[name] = f"{found['failed']} at n = {job.n:,}"
                elif turn:
                    turns[name].append(found)
                    done |= {name} if sum(map(_total, turns[name])) > seconds else set()
                else:
                    first[name] = found
            progress()
    return [_timing(name, job.n, turns[name], whys[name]) for name in methods]


def _total(turn: dict[str, Any]) -> float:
    return float(turn["game"] + turn["solve"] + turn["inclusion"])


def _timing(name: str, n: int, turns: list[dict[str, Any]], why: str) -> Timing:
    if not turns:
        return Timing(name, n, (), 0.0, 0.0, 0.0, None, False, why or "not run")
    part = {key: median(turn[key] for turn in turns) for key in ("game", "solve", "inclusion")}
    gap = max(float(turn["gap"]) for turn in turns)
    accepted = all(turn["accepted"] for turn in turns)
    words = (
        ""
        if accepted
        else "certificate refused"
        + next((f": {turn['words']}" for turn in turns if turn.get("words")), "")
    )
    return Timing(
        name,
        n,
        tuple(map(_total, turns)),
        part["game"],
        part["solve"],
        part["inclusion"],
        gap if np.isfinite(gap) else None,
        accepted,
        words,
    )


def recommendation(found: Bench) -> str:
    """Say in one sentence what to use: the plainest of those that none is told to be faster than.

    Parameters
    ----------
    found : Bench

    Returns
    -------
    str

    Raises
    ------
    KeyError
        If the benchmark does not say which sizes were asked for.

    Examples
    --------
    >>> row = Timing("closed_form", 9, (1.0,), 0.25, 0.5, 0.25, 0.0, True, "")
    >>> recommendation(Bench({"sizes": [9]}, {}, (row,)))
    'use closed_form: the fastest whose answers are certified'
    """
    parts: list[tuple[str, int]] = []
    for n in found.asked["sizes"]:
        ran = [row for row in found.of(n) if row.accepted and row.method != BASELINE]
        if not ran:
            continue
        equal = [row for row in ran if not ran[0].told_from(row)]
        plain = min(equal, key=lambda row: (row.method != "closed_form", row.seconds))
        if not parts or parts[-1][0] != plain.method:
            parts.append((plain.method, n))
    if not parts:
        return "no answer was certified: nothing is recommended"
    words = [
        name if not k and len(parts) == 1 else f"{name} from n = {n:,}"
        for k, (name, n) in enumerate(parts)
    ]
    refused = sorted({row.method for row in found.timings if row.turns and not row.accepted})
    more = f"; not {', '.join(refused)}: a certificate was refused" if refused else ""
    return f"use {', then '.join(words)}: the fastest whose answers are certified{more}"
