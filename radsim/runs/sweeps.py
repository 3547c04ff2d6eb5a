r"""Sweeps: many cells on many cores, stored so that a killed run can be resumed.

A cell is a small dict of parameters; what is computed for it depends on these, the seed and its
place alone, never on how many processes share the work.  Its rows are written as one Parquet part
by writing aside and renaming, so a part is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from radsim.door import count, typed
from radsim.runs.versions import record
from radsim.writing import clear, write_whole

__all__ = ["replay", "sweep"]

Cell = Mapping[str, Any]
Rows = list[dict[str, Any]]


def sweep(
    run: Callable[[Cell, np.random.Generator], Rows],
    cells: Sequence[Cell],
    folder: str | PathLike[str],
    *,
    seed: int,
    jobs: int | None = -1,
    resume: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    r"""Run a function on every cell and gather its rows in a folder.

    Cell i gets the generator of `SeedSequence(seed).spawn(len(cells))[i]`.  The folder holds
    `manifest.json` (cells and seed), `versions.json` (libraries), `parts/` (one Parquet file a
    cell) and, at the end, `results.parquet`, which is equal byte by byte however often the run was
    killed and resumed and whatever `jobs` was.

    Parameters
    ----------
    run : callable
        (cell, rng) -> rows; importable, so that other processes can call it.
    cells : sequence of mappings
        JSON values.
    folder : path
    seed : int
    jobs : int or None
        Processes; -1: all cores; None: what `joblib.parallel_config` says, such as a Dask cluster.
    resume : bool
        Go on with a folder that exists; its cells and seed must be these.
    progress : callable
        Called once a cell, also for those found done.

    Returns
    -------
    pandas.DataFrame
        All rows in the order of the cells; columns `cell` and the cell's parameters come first.

    Raises
    ------
    ValueError
        If the folder holds another sweep, or this one and `resume` is False, or naming the argument
        that cannot be.

    Examples
    --------
    >>> import tempfile
    >>> def run(cell, rng):
    ...     return [{"draw": int(rng.integers(10)) + cell["shift"]}]
    >>> cells = [{"shift": 0}, {"shift": 100}]
    >>> with tempfile.TemporaryDirectory() as place:
    ...     frame = sweep(run, cells, Path(place) / "store", seed=1, jobs=1)
    >>> len(frame), list(frame.columns)
    (2, ['cell', 'shift', 'draw'])
    """
    folder = Path(typed(folder, (str, PathLike), "folder"))
    each = enumerate(typed(cells, Sequence, "cells"))
    kept = [dict(typed(cell, Mapping, f"cells[{k}]")) for k, cell in each]
    plan = {"seed": count(seed, "seed"), "cells": kept}
    text = json.dumps(plan, indent=1, sort_keys=True) + "\n"
    manifest, parts = folder / "manifest.json", folder / "parts"
    if manifest.exists():
        if not resume:
            raise ValueError(f"{folder} holds a sweep already; resume it or name another folder")
        if manifest.read_text() != text:
            raise ValueError(f"{folder} holds another sweep: {_difference(manifest, plan)}")
    elif folder.exists() and any(folder.iterdir()) and not resume:
        raise ValueError(f"{folder} is not empty and holds no sweep")
    folder.mkdir(parents=True, exist_ok=True)
    if not manifest.exists():
        write_whole(manifest, text)
    parts.mkdir(exist_ok=True)
    record(folder)
    for place in (folder, parts):
        clear(place)
    done = {int(path.stem) for path in parts.glob("*.parquet")}
    for _ in done:
        progress()

    def one(index: int) -> tuple[int, Rows]:
        return index, _run(run, cells[index], seed, index)

    waiting = [index for index in range(len(cells)) if index not in done]
    calls = (delayed(one)(index) for index in waiting)
    for index, rows in Parallel(n_jobs=jobs, return_as="generator_unordered")(calls):
        _write(_frame(index, cells[index], rows), parts / f"{index:06d}.parquet")
        progress()
    pieces = [pd.read_parquet(parts / f"{index:06d}.parquet") for index in range(len(cells))]
    pieces = [piece for piece in pieces if len(piece)]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({"cell": []})
    _write(frame, folder / "results.parquet")
    return frame


def replay(
    run: Callable[[Cell, np.random.Generator], Rows], folder: Path, cell: int
) -> pd.DataFrame:
    r"""Compute one cell of a sweep again, as `sweep` did; the folder is only read.

    Parameters
    ----------
    run : callable
        The one that the sweep was made with.
    folder : Path
    cell : int
        Place in the manifest.

    Returns
    -------
    pandas.DataFrame
        The cell's rows.

    Raises
    ------
    ValueError
        If the folder holds no sweep, or no such cell.

    Examples
    --------
    >>> import tempfile
    >>> def run(cell, rng):
    ...     return [{"draw": int(rng.integers(1000)) + cell["shift"]}]
    >>> with tempfile.TemporaryDirectory() as place:
    ...     whole = sweep(run, [{"shift": 0}, {"shift": 1}], Path(place) / "store", seed=1, jobs=1)
    ...     again = replay(run, Path(place) / "store", 1)
    >>> whole[whole["cell"] == 1].reset_index(drop=True).equals(again)
    True
    """
    try:
        plan = json.loads((folder / "manifest.json").read_text())
        cells, seed = plan["cells"], plan["seed"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{folder} holds no sweep: {error!r}") from None
    cell = count(cell, "cell", high=len(cells) - 1)
    return _frame(cell, cells[cell], _run(run, cells[cell], seed, cell))


def _run(
    run: Callable[[Cell, np.random.Generator], Rows], cell: Cell, seed: int, index: int
) -> Rows:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
    # The linear algebra rounds otherwise with another number of threads, and workers have fewer.
    with threadpool_limits(limits=1):
        return run(cell, rng)


def _frame(index: int, cell: Cell, rows: Rows) -> pd.DataFrame:
    return pd.DataFrame([{"cell": index, **cell, **row} for row in rows])


def _write(frame: pd.DataFrame, path: Path) -> None:
    write_whole(path, frame.to_parquet(index=False))


def _difference(manifest: Path, plan: Mapping[str, Any]) -> str:
    """Say what is not the same in two plans."""
    try:
        there = json.loads(manifest.read_text())
    except ValueError:
        return "its manifest cannot be read"
    if there.get("seed") != plan["seed"]:
        return f"seed {there.get('seed')}, not {plan['seed']}"
    digest = hashlib.sha256(json.dumps(there, sort_keys=True).encode()).hexdigest()[:12]
    return f"{len(there.get('cells', []))} cells ({digest}), not these {len(plan['cells'])}"
