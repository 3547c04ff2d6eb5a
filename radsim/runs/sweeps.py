r"""Sweeps: many cells on many cores, stored so that a killed run can be resumed.

A cell is a small dict of parameters; what is computed for it depends on these, the seed and its
place alone, never on how many processes share the work.  Its rows are written as one Parquet part
by writing aside and renaming, so a part is there whole or not at all.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from radsim.documents import read_manifest
from radsim.door import count, flag, typed
from radsim.runs import store
from radsim.runs.code import code_of
from radsim.runs.locks import locked
from radsim.runs.versions import record
from radsim.runs.workers import check_jobs, spread

__all__ = ["LARGEST_SEED", "replay", "sweep"]

Cell = Mapping[str, Any]
Rows = list[dict[str, Any]]

_log = logging.getLogger(__name__)

LARGEST_SEED = 2**63 - 1  # fits a column of whole numbers
OFTEN = 10.0  # seconds between two writings of what was measured


def sweep(
    run: Callable[[Cell, np.random.Generator], Rows],
    cells: Sequence[Cell],
    folder: str | PathLike[str],
    *,
    seed: int,
    jobs: int | None = -1,
    resume: bool = False,
    progress: Callable[[], object] = lambda: None,
    say: Callable[[str], object] = _log.warning,
    measured: Sequence[str] = (),
) -> pd.DataFrame:
    r"""Run a function on every cell and gather its rows in a folder.

    Cell i gets the generator of `SeedSequence(seed).spawn(len(cells))[i]`.  The folder holds
    `manifest.json` (cells and seed), `versions.json` (libraries), `parts/` (one Parquet file a
    cell) and, at the end, `results.parquet`, which is equal byte by byte however often the run was
    killed and resumed and whatever `jobs` was.  A part says which cell, seed and code it comes
    from: one that is damaged, or that another version of the code made, is computed again, and one
    of anything else is refused.  One process at a time works in a folder.

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
    say : callable
        Called with a line on parts that are computed again; the default logs a warning.
    measured : sequence of str
        Columns that are measured of the machine, such as seconds.  They are left out of all rows
        and kept in `timings.csv`, the one file that no two runs have in common.

    Returns
    -------
    pandas.DataFrame
        All rows in the order of the cells; columns `cell` and the cell's parameters come first.

    Raises
    ------
    ValueError
        If the folder holds another sweep, or this one and `resume` is False, or is in use by
        another process, or naming the argument or the file that cannot be.
    ChildProcessError
        If a worker was killed; the sweep can be resumed.

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
    for value, name in ((run, "run"), (progress, "progress"), (say, "say")):
        typed(value, Callable, name)
    folder = Path(typed(folder, (str, PathLike), "folder"))
    each = enumerate(typed(cells, Sequence, "cells"))
    kept = tuple(_json(dict(typed(cell, Mapping, f"cells[{k}]")), k) for k, cell in each)
    seed = count(seed, "seed", high=LARGEST_SEED)
    jobs, resume = check_jobs(jobs), flag(resume, "resume")
    typed(measured, (list, tuple), "measured")
    aside = frozenset(typed(name, str, f"measured[{k}]") for k, name in enumerate(measured))
    plan = store.Plan(seed, kept, code_of(run))
    with locked(folder):
        store.open_store(folder, plan, resume)
        return _swept(run, cells, plan, folder, jobs, progress, say, aside)


def _json(cell: dict[str, Any], place: int) -> dict[str, Any]:
    try:
        json.dumps(cell)
    except (TypeError, ValueError) as error:
        raise ValueError(f"cells[{place}] must hold JSON values: {error}") from None
    return cell


def _swept(
    run: Callable[[Cell, np.random.Generator], Rows],
    cells: Sequence[Cell],
    plan: store.Plan,
    folder: Path,
    jobs: int | None,
    progress: Callable[[], object],
    say: Callable[[str], object],
    measured: frozenset[str],
) -> pd.DataFrame:
    done, lines = store.found_parts(folder, plan)
    store.begin(folder, plan)
    record(folder)
    for line in lines:
        say(line)
    for _ in done:
        progress()

    waiting = [index for index in range(len(cells)) if index not in done]
    work = [(index, cells[index]) for index in waiting]
    before = store.read_timings(folder)
    timings = [before[~before["cell"].isin(waiting)]]
    written = time.monotonic()
    try:
        with spread(partial(_numbered, run, plan.seed), work, jobs, ordered=False) as results:
            for index, rows in results:
                lasting = [{k: x for k, x in row.items() if k not in measured} for row in rows]
                store.write_part(folder, plan, index, _frame(index, cells[index], lasting))
                timings.append(_measured(index, rows, measured))
                if measured and time.monotonic() - written > OFTEN:
                    store.write_timings(folder, timings)
                    written = time.monotonic()
                progress()
    except BaseException:
        with suppress(OSError):  # what went wrong before says more
            store.write_timings(folder, timings)
        raise
    store.write_timings(folder, timings)
    return _gathered(folder, plan, done)


def _gathered(folder: Path, plan: store.Plan, done: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """All rows, from the parts as they lie on the disk; written, too."""
    pieces = []
    for index in range(len(plan.cells)):
        piece = done[index] if index in done else store.read_part(folder, plan, index)
        if isinstance(piece, str):
            raise OSError(
                f"{folder}: the part of cell {index} is {piece}, as soon as it is written"
            )
        if len(piece):
            pieces.append(piece)
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({"cell": []})
    store.write_results(folder, plan, frame)
    return frame


def _measured(index: int, rows: Rows, measured: frozenset[str]) -> pd.DataFrame:
    """What was measured of each row, beside the words and whole numbers by which it is known."""
    return pd.DataFrame(
        [
            {"cell": index}
            | {k: x for k, x in row.items() if k in measured or isinstance(x, str | int)}
            for row in rows
            if measured & set(row)
        ]
    )


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
        manifest = read_manifest(folder)
    except OSError as error:
        raise ValueError(f"{folder} holds no sweep: {error.strerror}") from None
    cells, seed = manifest.cells or [], manifest.seed
    if not cells:
        raise ValueError(f"{folder} holds no sweep")
    cell = count(cell, "cell", high=len(cells) - 1)
    return _frame(cell, cells[cell], _run(run, cells[cell], seed, cell))


def _numbered(
    run: Callable[[Cell, np.random.Generator], Rows], seed: int, work: tuple[int, Cell]
) -> tuple[int, Rows]:
    index, cell = work
    return index, _run(run, cell, seed, index)


def _run(
    run: Callable[[Cell, np.random.Generator], Rows], cell: Cell, seed: int, index: int
) -> Rows:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
    # The linear algebra rounds otherwise with another number of threads, and workers have fewer.
    with threadpool_limits(limits=1):
        return run(cell, rng)


def _frame(index: int, cell: Cell, rows: Rows) -> pd.DataFrame:
    return pd.DataFrame([{"cell": index, **cell, **row} for row in rows])
