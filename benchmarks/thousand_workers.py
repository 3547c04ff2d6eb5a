"""A trillion points on a thousand workers, on paper: bytes, passes, tree of sums, stragglers.

`python -m benchmarks.thousand_workers` prints the table of docs/howto/run-on-a-cluster.md.  Nothing
is solved here: a scheduler is simulated, whose workers' speeds are drawn from a heavy tail, who die
and come back, and whose last tasks are given to a second worker.  What is real are the sums: they
go up a tree, in whatever order and as often as tasks end, and must be those of one process to the
last bit.
"""

from __future__ import annotations

import argparse
import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from radsim.solvers.water.chunks import CHUNK
from radsim.solvers.water.levels import DEVIATIONS, KEPT, sample_size

FAN_IN = 32  # children of a node of the tree
FLOAT = 8  # bytes


def exact(parts: Sequence[float], numbers: Sequence[float]) -> list[float]:
    """An expansion of a sum without error, as `math.fsum` keeps it: few floats, of any number.

    J. R. Shewchuk, Discrete and Computational Geometry 18 (1997).
    """
    found = list(parts)
    for x in numbers:
        k = 0
        for y in found:
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low:
                found[k] = low
                k += 1
            x = high
        found[k:] = [x]
    return found


@dataclass(frozen=True)
class Cluster:
    """What is simulated.

    Attributes
    ----------
    n_workers, n_blocks : int
    seconds : float
        That a worker of the usual speed takes for a block.
    tail : float
        Exponent of Pareto's law of the workers' slowness; 2: the variance is infinite.
    between : float
        Mean seconds between two deaths of a worker.
    back : float
        Seconds until one that died is back.
    """

    n_workers: int
    n_blocks: int
    seconds: float
    tail: float
    between: float
    back: float


@dataclass(frozen=True)
class Pass:
    """How a pass went: when it ended, what was done twice, who died, in which order blocks came."""

    seconds: float
    again: int
    died: int
    order: list[int]


def one_pass(cluster: Cluster, rng: np.random.Generator, second: bool) -> Pass:
    """Simulate a pass; `second`: who is idle takes a block that another has not ended yet."""
    slow = (1 - rng.random(cluster.n_workers)) ** (-1 / cluster.tail)
    todo = list(range(cluster.n_blocks))[::-1]
    running: dict[int, set[int]] = {}
    done: list[int] = []
    ended, again, died = np.zeros(cluster.n_blocks, dtype=bool), 0, 0
    events = [(0.0, worker, -1, True) for worker in range(cluster.n_workers)]
    heapq.heapify(events)
    idle: list[int] = []
    n_done, time = 0, 0.0

    def start(worker: int, now: float) -> None:
        nonlocal again
        if todo:
            block = todo.pop()
        elif second and (alone := [b for b, who in running.items() if len(who) == 1]):
            block = alone[int(rng.integers(len(alone)))]
            again += 1
        else:
            idle.append(worker)
            return
        running.setdefault(block, set()).add(worker)
        took = cluster.seconds * slow[worker] * rng.lognormal(0, 0.25)
        dies = rng.exponential(cluster.between)
        heapq.heappush(events, (now + min(took, dies), worker, block, took <= dies))

    while n_done < cluster.n_blocks:
        time, worker, block, well = heapq.heappop(events)
        if block >= 0:
            who = running.get(block, set())
            who.discard(worker)
            if not well:
                died += 1
                if not who and not ended[block]:
                    running.pop(block, None)
                    todo.append(block)
                    again += 1
                    if idle:
                        start(idle.pop(), time)
                heapq.heappush(events, (time + cluster.back, worker, -1, True))
                continue
            running.pop(block, None)
            done.append(block)  # also those that another has ended: who adds must not add twice
            n_done += not ended[block]
            ended[block] = True
        start(worker, time)
    return Pass(time, again, died, done)


def up_the_tree(sums: Sequence[Sequence[float]], order: Sequence[int]) -> tuple[list[float], int]:
    """Sums of blocks, added as they come, at the nodes of a tree; and the longest expansion."""
    seen, leaves = set(), [[] for _ in range(math.ceil(len(sums) / FAN_IN))]
    for block in order:
        if block not in seen:  # a block that came twice
            seen.add(block)
            leaves[block // FAN_IN] = exact(leaves[block // FAN_IN], sums[block])
    longest = max(map(len, leaves))
    while len(leaves) > 1:
        leaves = [
            exact([], [x for leaf in leaves[k : k + FAN_IN] for x in leaf])
            for k in range(0, len(leaves), FAN_IN)
        ]
        longest = max(longest, *map(len, leaves))
    return leaves[0], longest


def newton_steps(share: float, width: float) -> int:
    """Passes that Newton's method takes on uniform gains, harm 1, from that far off the level."""

    def next_one(level: float) -> float:
        # Sums over g > level of g/s and 1/s, s = 2 g, per point.
        return ((1 - level) / 2 - share) / (-math.log(level) / 2)

    level = 0.5
    for _ in range(100):
        level = next_one(level)
    found, steps = level * (1 - width), 1
    while abs(next_one(found) - found) > 2.0**-50 * level:
        found, steps = next_one(found), steps + 1
    return steps


def passes(n: float, b: float) -> Iterator[tuple[str, str, float]]:
    """Purpose, what travels, and how many bytes of it, for uniform gains and 5 % mistakes."""
    n_sums = n / CHUNK
    some = sample_size(int(n))
    # The sample's error moves the level by so much, and what lies within travels.
    kept = 2 * DEVIATIONS * math.sqrt(n * n / some) * 0.05**0.5
    yield "sample", f"{some:.1e} gains", FLOAT * some
    if kept <= KEPT:
        yield "level", f"two sums and {kept:.1e} gains", FLOAT * (2 + kept)
    else:
        steps = newton_steps(0.05, kept / n)
        yield "level", f"two sums, {KEPT:.1e} gains at most", FLOAT * (2 + KEPT)
        for k in range(steps):
            yield f"level, step {k + 1}", "two sums", FLOAT * 2.0
    yield "certificate", "13 sums; 1 a chunk", FLOAT * (13 + n_sums)
    yield "draw", f"{b:.0e} picks; 1 a chunk down", FLOAT * (b + n_sums)


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=float, default=1e12)
    parser.add_argument("--workers", type=int, default=1_000)
    parser.add_argument("--block", type=float, default=2.0**24, help="points of a block")
    parser.add_argument("--rate", type=float, default=5e7, help="points a second of one worker")
    parser.add_argument("--budget", type=float, default=1e8)
    parser.add_argument("--tail", type=float, default=2.0)
    parser.add_argument("--hours", type=float, default=1.0, help="between deaths of a worker")
    given = parser.parse_args()
    n_blocks = math.ceil(given.points / given.block)
    cluster = Cluster(
        given.workers,
        n_blocks,
        given.block / given.rate,
        given.tail,
        3_600 * given.hours,
        30.0,
    )
    rng = np.random.default_rng(0)
    alike = given.points / given.rate / given.workers
    print(
        f"{given.points:.0e} points of 4 bytes in {n_blocks:,} blocks on {given.workers:,} workers"
        f", {given.rate:.0e} points a second each; seed 0"
    )
    print(f"{'pass':16s} {'bytes home':>10s} {'seconds':>8s} {'no second':>9s} {'again':>6s} died")
    total_bytes, total = 0.0, 0.0
    for purpose, what, n_bytes in passes(given.points, given.budget):
        once, twice = one_pass(cluster, rng, False), one_pass(cluster, rng, True)
        total_bytes, total = total_bytes + n_bytes, total + twice.seconds
        print(
            f"{purpose:16s} {_bytes(n_bytes):>10s} {twice.seconds:8.0f} {once.seconds:9.0f} "
            f"{twice.again:6d} {twice.died:4d}  {what}"
        )
    print(
        f"in all {_bytes(total_bytes)} of {_bytes(4 * given.points)}, {total:.0f} s; a pass takes "
        f"{alike:.0f} s if all workers are alike and none dies"
    )
    _sums_are_the_same(cluster, rng)


def _sums_are_the_same(cluster: Cluster, rng: np.random.Generator) -> None:
    """Send real sums up the tree in the order of two simulated passes, and compare."""
    sums: list[Any] = (
        rng.random((cluster.n_blocks, 4)) ** 3 * 10.0 ** rng.integers(-8, 9)
    ).tolist()
    whole = math.fsum(x for block in sums for x in block)
    found = [up_the_tree(sums, one_pass(cluster, rng, True).order) for _ in range(2)]
    assert [math.fsum(parts) for parts, _ in found] == [whole, whole]
    plain = {
        float(np.sum([sum(sums[k]) for k in rng.permutation(cluster.n_blocks)])) for _ in range(9)
    }
    depth = math.ceil(math.log(cluster.n_blocks, FAN_IN))
    print(
        f"sums: a tree of {depth} levels and {FAN_IN} children a node; at most {found[0][1]} "
        f"floats a sum go up an edge, and the root's is that of one process to the last bit, "
        f"twice; sums rounded as they come gave {len(plain)} results in 9 orders"
    )


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1_000:
            return f"{size:.3g} {unit}"
        size /= 1_000
    return f"{size:.3g} TB"


if __name__ == "__main__":
    main()
