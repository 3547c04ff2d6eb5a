r"""Run the studies of the protocol as sweeps that can be killed and resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from radsim.distillation.loop import compare
from radsim.distillation.setting import Setting
from radsim.distillation.study.protocol import Study
from radsim.runs.sweeps import sweep

__all__ = ["MEASURED", "protocol_digest", "run_cell", "run_study", "setting_of"]

# What a row holds of the machine that made it.
MEASURED = ("cpu_seconds",)


def setting_of(cell: Mapping[str, Any]) -> Setting:
    """The setting that a cell describes."""
    return Setting(
        data=cell["data"],
        student=cell["student"],
        gain=cell["gain"],
        teacher=cell["teacher"],
        labels=cell["labels"],
        noise=cell["noise"] or None,
        rate=cell["rate"],
        budget=cell["budget"],
        rounds=cell["rounds"],
        n_validation=cell["n_validation"],
    )


def run_cell(cell: Mapping[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    """All seeds of a cell; chance comes from the seeds alone, so that strategies stay paired."""
    del rng
    setting, strategies = setting_of(cell), cell["strategies"].split(",")
    seeds = range(cell["first_seed"], cell["first_seed"] + cell["n_seeds"])
    return [row.row() for seed in seeds for row in compare(setting, strategies, seed)]


def protocol_digest(study: Study) -> str:
    """Name of a study's plan: the first half of the SHA-256 of its cells, seeds and strategies.

    Examples
    --------
    >>> from radsim.distillation.study.protocol import STUDIES
    >>> protocol_digest(STUDIES["smoke"]) == protocol_digest(STUDIES["smoke"])
    True
    """
    text = json.dumps(study.cells(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def run_study(
    study: Study,
    folder: Path,
    *,
    started: Callable[[int], None] = lambda total: None,
    **options: Any,
) -> pd.DataFrame:
    """Run a study as a sweep, which can be killed and resumed.

    Parameters
    ----------
    study : Study
        A row of `STUDIES`, or one of your own (`own.read_study`).
    folder : Path
        Gets `manifest.json`, `parts/`, `results.parquet` and `timings.csv`; see `sweeps.sweep`.
    started : callable
        Called with the number of cells.
    **options
        Of `sweeps.sweep`: `jobs`, `resume`, `progress`, `say`.

    Returns
    -------
    pandas.DataFrame
        One row a cell, seed and strategy.

    Raises
    ------
    ValueError
        As `sweeps.sweep`.
    """
    cells = study.cells()
    started(len(cells))
    return sweep(run_cell, cells, folder, seed=0, measured=MEASURED, **options)
