r"""Rows of a study that were kept, checked before a report is made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["checked_rows"]

TEXTS = ("part", "data", "student", "gain", "teacher", "labels", "noise", "strategy")
COUNTS = (
    *("rounds", "n_validation", "seed", "n_mistakes", "n_queried"),
    *("n_trusted", "n_checked", "n_checked_wrong"),
)
TRUTHS = ("alarm",)
NUMBERS = (
    "rate",
    "budget",
    "test_accuracy",
    "labelled_accuracy",
    "trusted_accuracy",
    "queried_accuracy",
    "realised_gain",
    "worst_case_value",
    "lift",
)


def checked_rows(frame: pd.DataFrame) -> None:
    """Refuse rows that no study has written.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in `rows.parquet`: one row a setting, seed and strategy.

    Raises
    ------
    ValueError
        In one line that names the file, the column and what is wrong.

    Examples
    --------
    >>> checked_rows(pd.DataFrame({"part": [1]}))
    Traceback (most recent call last):
    ...
    ValueError: rows.parquet: column 'part' must hold text
    """
    _check("rows.parquet", frame, TEXTS, COUNTS, NUMBERS)
    settings = [*TEXTS, "rate", "budget", "rounds", "n_validation", "seed"]
    if frame.duplicated(settings).any():
        raise ValueError("rows.parquet: a setting, seed and strategy stand twice")
    for column in TRUTHS:
        if column not in frame.columns or frame[column].dtype.kind != "b":
            raise ValueError(f"rows.parquet: column {column!r} must hold true or false")


def _check(
    name: str,
    frame: pd.DataFrame,
    texts: tuple[str, ...],
    counts: tuple[str, ...],
    numbers: tuple[str, ...],
) -> None:
    if not len(frame):
        raise ValueError(f"{name}: holds no rows")
    for column in (*texts, *counts, *numbers):
        if column not in frame.columns:
            raise ValueError(f"{name}: column {column!r} is missing")
        cells = frame[column]
        if column in texts:
            if not all(isinstance(x, str) for x in cells.tolist()):
                raise ValueError(f"{name}: column {column!r} must hold text")
            continue
        if cells.dtype.kind not in ("iu" if column in counts else "iuf"):
            kind = "whole numbers" if column in counts else "numbers"
            raise ValueError(f"{name}: column {column!r} must hold {kind}")
        if column in counts and (cells.to_numpy() < 0).any():
            raise ValueError(f"{name}: column {column!r} must hold no number below 0")
        if np.isinf(cells.to_numpy(dtype=np.float64)).any():
            raise ValueError(f"{name}: column {column!r} must hold finite numbers")
