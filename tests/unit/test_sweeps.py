"""A sweep that is killed at any moment and resumed ends with the same bytes."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from radsim.runs.sweeps import sweep

CELLS = [{"shift": k, "name": f"cell {k}"} for k in range(12)]


def run(cell, rng):
    """A few rows that need the generator, and some time."""
    time.sleep(0.01)
    x = rng.random(50)
    return [{"mean": float(x.mean()) + cell["shift"], "draw": k} for k in range(cell["shift"] % 3)]


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _child(folder: str, jobs: int) -> None:
    sweep(run, CELLS, Path(folder), seed=3, jobs=jobs, resume=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "store"
    frame = sweep(run, CELLS, folder, seed=3, jobs=1)
    assert len(frame) == sum(k % 3 for k in range(12))
    return _contents(folder)


def test_killed_at_random_moments_and_resumed(tmp_path, whole):
    """At least twenty SIGKILLs in each of which the process was at work."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["radsim.runs.sweeps"])
    delays = np.random.default_rng(0)
    n_killed = n_rounds = 0
    while n_killed < 20:
        folder = tmp_path / f"store-{n_rounds}"
        n_rounds += 1
        most = 0.25
        while True:
            child = context.Process(target=_child, args=(str(folder), 1))
            child.start()
            most *= 1.1  # however slow the machine is, it ends
            child.join(float(delays.uniform(0.02, most)))
            if child.exitcode is None:
                child.kill()
                child.join()
                n_killed += 1
                continue
            assert child.exitcode == 0
            break
        assert _contents(folder) == whole
    assert n_killed >= 20


def test_the_command_killed_with_its_workers_and_resumed(tmp_path):
    """`radsim simulate` on two processes, the whole group killed three times."""
    command = [
        *(sys.executable, "-m", "radsim.cli", "simulate", "--instances", "uniform,mixture"),
        *("--draws", "60", "--repetitions", "0", "--jobs", "2", "--seed", "5"),
    ]

    def start(folder, *more):
        return subprocess.Popen(
            [*command, "--out", folder, *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    assert start(tmp_path / "whole").wait() == 0
    for delay in (2.0, 3.0, 4.0):
        process = start(tmp_path / "killed", "--resume")
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert start(tmp_path / "killed", "--resume").wait() == 0
    kept = {name: x for name, x in _contents(tmp_path / "killed").items() if "png" not in name}
    assert kept == {
        name: x for name, x in _contents(tmp_path / "whole").items() if "png" not in name
    }


def test_what_a_killed_write_left_is_removed_on_resuming(tmp_path, whole):
    folder = tmp_path / "store"
    sweep(run, CELLS, folder, seed=3, jobs=1)
    for half in (folder / "results.parquet", folder / "parts" / "000001.parquet"):
        half.unlink()
        half.with_name(f".radsim-{half.stem}.part").write_bytes(b"half")
    sweep(run, CELLS, folder, seed=3, jobs=1, resume=True)
    assert _contents(folder) == whole


def test_results_do_not_depend_on_jobs(tmp_path, whole):
    sweep(run, CELLS, tmp_path / "store", seed=3, jobs=2)
    assert _contents(tmp_path / "store") == whole


def test_another_sweep_is_refused_and_nothing_is_lost(tmp_path, whole):
    folder = tmp_path / "store"
    sweep(run, CELLS, folder, seed=3, jobs=1)
    with pytest.raises(ValueError, match="holds a sweep already"):
        sweep(run, CELLS, folder, seed=3, jobs=1)
    with pytest.raises(ValueError, match="seed 3, not 4"):
        sweep(run, CELLS, folder, seed=4, jobs=1, resume=True)
    with pytest.raises(ValueError, match=r"12 cells .* not these 11"):
        sweep(run, CELLS[:-1], folder, seed=3, jobs=1, resume=True)
    assert _contents(folder) == whole
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(ValueError, match="not empty"):
        sweep(run, CELLS, tmp_path / "full", seed=3, jobs=1)
    assert _contents(tmp_path / "full") == {"mine.txt": b"keep"}


def test_a_cell_that_fails_leaves_the_others_done(tmp_path):
    def poor(cell, rng):
        if cell["k"] == 2:
            raise RuntimeError("cell 2 is poor")
        return [{"x": cell["k"]}]

    cells = [{"k": k} for k in range(3)]
    with pytest.raises(RuntimeError, match="cell 2 is poor"):
        sweep(poor, cells, tmp_path / "store", seed=0, jobs=1)
    assert len(list((tmp_path / "store" / "parts").glob("*.parquet"))) == 2
    assert json.loads((tmp_path / "store" / "manifest.json").read_text())["seed"] == 0
    frame = sweep(lambda c, r: [{"x": c["k"]}], cells, tmp_path / "store", seed=0, resume=True)
    assert frame["x"].tolist() == [0, 1, 2]


def test_no_cells_and_no_rows(tmp_path):
    assert len(sweep(run, [], tmp_path / "none", seed=0)) == 0
    frame = sweep(lambda c, r: [], [{"k": 1}], tmp_path / "empty", seed=0, jobs=1)
    assert len(frame) == 0
    assert len(pd.read_parquet(tmp_path / "empty" / "results.parquet")) == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_two_workers_of_a_dask_cluster(tmp_path, whole):
    distributed = pytest.importorskip("distributed")
    import joblib

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        sweep(run, CELLS, tmp_path / "store", seed=3, jobs=None)
    assert _contents(tmp_path / "store") == whole


@pytest.mark.parametrize("name", ["results.parquet", "versions.json", "manifest.json", "other"])
def test_a_pipe_in_the_folder_is_refused_and_nobody_waits(name, tmp_path):
    folder = tmp_path / "store"
    sweep(run, CELLS, folder, seed=1, jobs=1)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with pytest.raises(ValueError, match=f"{name} is no file; move it away"):
        sweep(run, CELLS, folder, seed=1, jobs=1, resume=True)
