"""A folder of Parquet parts, solved by one process and by two workers, one of which is killed.

`python -m benchmarks.cluster 1e8 --folder /tmp` writes float32 gains, solves them in this process
and on a cluster of this machine, draws, compares bytes, and deletes the folder.  The worker is
killed by its process id in the middle of each pass.  Needs `pip install -e ".[cluster]"` and
pyarrow.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from radsim import StoredGame, solve
from radsim.data.dask_columns import parquet_array
from radsim.solvers.water import reading

ROWS = 1 << 20  # of a group; a part holds sixteen


def write_parts(folder: Path, n: int, seed: int = 0) -> int:
    """Write float32 gains as Parquet parts; their bytes."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    rng, size = np.random.default_rng(seed), 0
    for k, start in enumerate(range(0, n, 16 * ROWS)):
        path = folder / f"part-{k:05d}.parquet"
        schema = pa.schema([("gain", pa.float32())])
        with parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False) as file:
            for place in range(start, min(n, start + 16 * ROWS), ROWS):
                gains = rng.random(min(ROWS, n - place), dtype=np.float32)
                file.write_table(pa.table({"gain": gains}), row_group_size=ROWS)
        size += path.stat().st_size
    return size


def answer(gains: Any, n: int, budget: float, design: str) -> dict[str, str]:
    """What came out, to the last bit."""
    start = time.perf_counter()
    solution = solve(StoredGame(gains, 0.05 * n, budget), certify=False)
    proof = solution.certificate
    solved = time.perf_counter() - start
    picks = solution.sample(design, rng=1)
    drawn = time.perf_counter() - start - solved
    print(f"  passes: {', '.join(solution.passes)}, certificate, draw")
    print(f"  solved and certified in {solved:.1f} s, {len(picks):,} picks in {drawn:.1f} s")
    assert proof.accepts(1e-12)
    assert len(solution.passes) + 2 <= 4
    return {
        "value": solution.value.hex(),
        "level": solution.level.hex(),
        "threshold": solution.threshold.hex(),
        "certificate": f"{proof.lower!r} {proof.upper!r}",
        "picks": hashlib.sha256(picks.tobytes()).hexdigest()[:16],
    }


def counting(work: Callable[..., Iterator[Any]], came: list[int]) -> Callable[..., Iterator[Any]]:
    """The same pass; notes how many bytes its results are."""

    def counted(*args: Any) -> Iterator[Any]:
        came.append(0)
        for result in work(*args):
            came[-1] += len(pickle.dumps(result))
            yield result

    return counted


def killer(cluster: Any, n_blocks: int, most: int = 4) -> Any:
    """Kill a worker by its id in the middle of each pass, while there is another one."""
    from distributed.diagnostics.plugin import SchedulerPlugin

    class Killer(SchedulerPlugin):  # type: ignore[misc]
        def __init__(self) -> None:
            self.done: dict[str, set[int]] = {}
            self.killed: dict[str, int] = {}

        def transition(self, key: Any, start: str, finish: str, *args: Any, **rest: Any) -> None:
            if finish != "memory" or "radsim-pass" not in str(key):
                return
            name, block = key
            done = self.done.setdefault(name, set())
            done.add(block)
            workers = [x for x in cluster.workers.values() if x.worker_address == rest["worker"]]
            ready = workers and len(cluster.scheduler.workers) == len(cluster.workers)
            wanted = name not in self.killed and len(self.killed) < most
            if len(done) >= n_blocks // 2 and wanted and ready:
                self.killed[name] = workers[0].pid
                os.kill(workers[0].pid, signal.SIGKILL)

    return Killer()


def main() -> None:
    """Write, solve twice, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("n", type=float)
    parser.add_argument("--budget", type=float, default=1e5)
    parser.add_argument("--design", default="ordered_pivotal")
    parser.add_argument("--memory", default="512MiB", help="limit of a worker")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    from distributed import Client, LocalCluster

    n = int(given.n)
    with tempfile.TemporaryDirectory(dir=given.folder) as place:
        size = write_parts(Path(place), n)
        print(f"n = {n:,}: {size / 1e9:.2f} GB in {len(os.listdir(place))} Parquet parts")
        print("one process")
        alone = answer(Path(place), n, given.budget, given.design)
        print(f"two workers of {given.memory}")
        with (
            LocalCluster(
                n_workers=2,
                threads_per_worker=1,
                memory_limit=given.memory,
                dashboard_address=":0",
            ) as cluster,
            Client(cluster),
        ):
            gains = parquet_array(place)
            plugin = killer(cluster, gains.numblocks[0])
            cluster.scheduler.add_plugin(plugin, name="killer")
            came: list[int] = []
            reading.block_work = counting(reading.block_work, came)
            there = answer(gains, n, given.budget, given.design)
            print(
                f"  killed by their ids: {list(plugin.killed.values())}; results of the passes: "
                f"{', '.join(f'{x / 1e6:.2f}' for x in came)} MB, of {size / 1e6:,.0f} MB of parts"
            )
        for name, found in alone.items():
            print(f"{name:12s} {found}  {'the same' if there[name] == found else there[name]}")
        assert alone == there
        print(f"the same bytes, {len(plugin.killed)} workers lost")


if __name__ == "__main__":
    main()
