r"""Tables as the page shows them: what is wrong first, means before many rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from radsim.pages.failures import WHO

__all__ = ["RESULTS", "Table", "shown_tables"]

# The rows of a sweep, and of a study that was kept without its store.
RESULTS = ("results.parquet", "rows.parquet")


@dataclass(frozen=True, eq=False)
class Table:
    """A frame under a title; `source` is the file that it came from."""

    title: str
    frame: pd.DataFrame
    source: str = ""
    same: Mapping[str, Any] = field(default_factory=dict)  # columns with one value throughout


def shown_tables(frames: Mapping[str, pd.DataFrame]) -> Iterator[Table]:
    """The tables of a page: the main ones first, a long one of selectors after its means.

    Parameters
    ----------
    frames : mapping
        Name of a file -> its table.

    Yields
    ------
    Table
    """
    first = ("coverage.csv", "real.csv", "scorecard.csv", *RESULTS, "verdicts.csv")
    if RESULTS[0] in frames:
        frames = {name: frame for name, frame in frames.items() if name != RESULTS[1]}
    for name in sorted(
        frames, key=lambda name: (first.index(name) if name in first else len(first), name)
    ):
        frame = frames[name]
        if "status" in frame.columns:  # failures first, in the order of the file otherwise
            rank = {"VIOLATED": 1, "UNDECIDED": 2, "HOLDS": 2, "": 2}
            order = [rank.get(x, 0) if isinstance(x, str) else 0 for x in frame["status"].tolist()]
            frame = frame.iloc[pd.Series(order, dtype=int).argsort(kind="stable").to_numpy()]
        who = next((column for column in WHO if column in frame.columns), None)
        if name in RESULTS and who is not None:
            yield Table(f"Means by {who}", _means(frame, who), name)
        same = {
            str(column): frame[column].iloc[0]
            for column in frame.columns
            if len(frame) > 1 and _is_same(frame[column].tolist())
        }
        yield Table(Path(name).stem, frame.drop(columns=list(same)), name, same)


def _is_same(cells: list[Any]) -> bool:
    """Whether all cells are one value; NaN is one."""
    first = cells[0]
    return all(x is first or x == first or (x != x and first != first) for x in cells)


# Numbers in the unit of the gains, which is another one in every pool.
GAINS = ("guarantee", "realised", "deviation", "realised_gain", "worst_case_value")


def _means(frame: pd.DataFrame, who: str) -> pd.DataFrame:
    """Means by selector of all numbers but settings: what is the same throughout a cell.

    Gains are taken relative to b*max(g) of their own pool; where that is not known they are left
    out, since a mean over pools of different units says nothing.
    """
    cells = frame["cell"] if "cell" in frame.columns else pd.Series(0, index=frame.index)
    numeric = [
        column
        for column in frame.select_dtypes("number").columns
        if column != "seed" and frame.groupby(cells)[column].nunique().max() > 1
    ]
    shown = frame[[who, *(column for column in numeric if column not in GAINS)]].copy()
    known = {"budget", "largest_gain"} <= set(frame.select_dtypes("number").columns)
    if known:
        scale = frame["budget"] * frame["largest_gain"]
        scale = scale.where(scale > 0)
        for column in numeric:
            if column in GAINS:
                shown[f"{column} / (b max g)"] = frame[column] / scale
    grouped = shown.groupby(who, sort=False)
    return grouped.mean().assign(rows=grouped.size()).reset_index()
