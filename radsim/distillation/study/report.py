r"""Report of a study: one Markdown page with its pictures and tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from radsim.distillation.study import tables
from radsim.distillation.study.protocol import CELL, GOAL, HIDDEN, KEPT_ASIDE, LIMITS
from radsim.distillation.study.statistics import LEAST_SEEDS
from radsim.writing import write_whole

__all__ = ["write_report"]

_PARTS = {
    "noise": "One round, 300 trusted labels, softmax student",
    "validation 100": "100 trusted labels",
    "rounds 5": "Five rounds",
    "rounds 10": "Ten rounds",
    "network": "The network as student",
    "convnet": "The ConvNet as student",
    "natural": "Teachers that learnt",
}
_SIGNED = "{:+.2f}"
_PLAIN = {
    "cells": "{:.0f}",
    "below": "{:.0%}",
    "surely below": "{:.0%}",
    "below -3": "{:.0%}",
    "buys": "{:.0%}",
    "p": "{:.1e}",
    "answers": "{:.0f}",
    "trusted labels": "{:.0f}",
    "checks": "{:.0f}",
    "right answers": "{:.0f}",
    "alarms": "{:.1f}",
    "wrong of the checked": "{:.0f}",
    "wrong on V": "{:.0f}",
    "spent": "{:.0f}",
    "points a hundred": "{:.2f}",
    "rate": "{:g}",
}


def _markdown(table: pd.DataFrame) -> list[str]:
    """Lines of a Markdown table; numbers get two places and a sign unless a column says more."""

    def text(column: str, x: object) -> str:
        if isinstance(x, float | np.floating):
            if np.isnan(x):
                return ""
            shown = 0.0 if abs(float(x)) < 1e-6 and column not in _PLAIN else x  # no -0.00
            return _PLAIN.get(column, _SIGNED).format(shown)
        return str(x)

    lines = ["| " + " | ".join(map(str, table.columns)) + " |", "|---" * table.shape[1] + "|"]
    for row in table.itertuples(index=False):
        cells = (text(str(c), x) for c, x in zip(table.columns, row, strict=True))
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _head(name: str, says: str, results: pd.DataFrame, made_by: str) -> list[str]:
    seeds = results["seed"]
    few = results.groupby(CELL, observed=True)["seed"].nunique().min()
    minutes = ""
    if "cpu_seconds" in results:
        minutes = f"; {results['cpu_seconds'].sum() / 60:.1f} CPU-minutes of choosing and fitting"
    return [
        f"# Active distillation at equal cost: the study `{name}`",
        "",
        says,
        "",
        f"Made by `radsim distill --study {name}`{made_by}: "
        f"{results.groupby(CELL, observed=True).ngroups} cells, {len(results)} runs, seeds "
        f"{seeds.min()} to {seeds.max()}, at least {few} in a cell{minutes}.",
        "",
        "All strategies have the same trusted labels, and all students train on them: a strategy "
        "that checks answers has so many validation points fewer. Differences are in points of "
        "test accuracy, paired by seed. **reference**: to the better of margin and uniform, picked "
        "on one half of the seeds and judged on the other. **trusted**: to the student that "
        "trains on the trusted labels (A + V) and asks no teacher. Intervals `low` to `high` are "
        "95 % for all rows of a table together (Student's, Bonferroni); `sets low` to `sets high` "
        "take the data sets as a random draw. A limit is *kept* if the whole interval is above "
        f"{LIMITS.margin:g}, *missed* if it is below, *open* otherwise; `p` is of non-inferiority "
        f"at {LIMITS.margin:g}, by Holm. Nothing is claimed on fewer than {LEAST_SEEDS} seeds.",
        "",
    ]


def _goal(results: pd.DataFrame) -> list[str]:
    lines = [f"## The goal: `{GOAL}`, the same settings everywhere", ""]
    for part, says in _PARTS.items():
        rows = results[results["part"] == part]
        table = tables.goal(rows, ("teacher", "labels") if part == "natural" else ("noise",))
        if table.empty:
            continue
        lines += [f"### {says}", "", *_markdown(table.dropna(axis=1, how="all"))]
        if "verdict" in table:
            name = "noise" if "noise" in table else "teacher"
            for column, what in (
                ("verdict", "the better of margin and uniform"),
                ("verdict of trusted", "A + V"),
            ):
                if column not in table:
                    continue
                counts = table[column].value_counts().to_dict()
                missed = [x for x in table.loc[table[column] == "missed", name].astype(str)]
                words = ", ".join(f"{n} {word}" for word, n in counts.items())
                lines.append(
                    f"Against {what}: {words}"
                    + (f"; missed in {', '.join(missed)}" if missed else "")
                    + "."
                )
            lines.append("")
    return lines


def _cells(results: pd.DataFrame) -> list[str]:
    table = tables.single_cells(results)
    if table.empty:
        return []
    cells = tables.cells_of(results)
    worst = cells.sort_values("reference").head(12)
    shown = worst[
        ["part", "data", "noise", "rate", "budget", "rounds", "reference", "half", "trusted"]
    ]
    shown = shown.assign(
        budget=shown["budget"].map("{:.0%}".format), rounds=shown["rounds"].astype(str)
    )
    return [
        "## Single cells",
        "",
        f"Aimed at: none below {LIMITS.worst:g}, at most {LIMITS.cells_below:.0%} below "
        f"{LIMITS.margin:g}. `surely below` counts cells whose own 95 % interval is.",
        "",
        *_markdown(table),
        "The lowest ones:",
        "",
        *_markdown(shown),
    ]


def _prices(results: pd.DataFrame, labels: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    table = tables.prices(results, labels)
    if table.empty:
        return [], table
    rows = []
    for price, part in table.groupby("price"):
        best = part["best"].value_counts()
        rows.append(
            {
                "price of a label": str(price),
                "asking the teacher is best": f"{(part['ahead'] > 0).mean():.0%}",
                f"{GOAL} minus true labels": part["goal"].mean(),
                "lowest": part["goal"].min(),
                "highest": part["goal"].max(),
                "best strategies": ", ".join(f"{n} ({k})" for n, k in best.head(4).items()),
            }
        )
    lines = [
        "## What a trusted label may cost",
        "",
        "The same cost buys b answers of the teacher, or b/P true labels on the largest gains at "
        "a price of P answers a label, beside the trusted labels that all have. Counted are noise "
        "models and rates.",
        "",
        *_markdown(pd.DataFrame(rows)),
    ]
    return lines, table


def write_report(
    name: str, says: str, results: pd.DataFrame, folder: Path, made_by: str = ""
) -> list[Path]:
    """Write the report of a study and all that belongs to it.

    Parameters
    ----------
    name, says : str
        The study and what it is for.
    results : pandas.DataFrame
        One row a cell, seed and strategy.
    folder : Path
        Gets `report.md`, its pictures, `rows.parquet`, `cells.csv` and `prices.csv`.
    made_by : str
        What else is known of the run, such as the version of the code.

    Returns
    -------
    list of Path
        What was written.
    """
    # Matplotlib is slow to import, and only reports draw.
    from radsim.distillation.study import pictures as plots

    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def kept(file: str, text: str) -> None:
        write_whole(folder / file, text)
        written.append(folder / file)

    def picture(file: str, words: str, draw: Callable[[Path], None]) -> list[str]:
        path = folder / f"{file}.png"
        draw(path)
        written.append(path)
        return [f"![{words}]({file}.png)", ""]

    rows = folder / "rows.parquet"
    _compact(results).to_parquet(rows, index=False)
    written.append(rows)
    kept("cells.csv", tables.summary(results).to_csv(index=False, float_format="%.5g"))
    noise = results[results["part"] == "noise"]
    labels = results[results["strategy"].str.startswith("labels/")]
    lines = _head(name, says, results, made_by)
    first = tables.goal(noise)
    if len(first):
        lines += picture(
            "goal", f"{GOAL} by noise model", lambda path: plots.goal_plot(first, path)
        )
    lines += [*_goal(results), *_cells(results)]
    points = tables.frontier(results[results["part"].isin(["noise", "wide"])], "gain^0", HIDDEN)
    if len(points):
        lines += [
            "## The frontier",
            "",
            "Loss with mistakes at random against loss under the hidden adversary, whose mistakes "
            "on V look the same, on the cells that both share.",
            "",
            *picture("frontier", "Frontier", lambda path: plots.frontier_plot(points, path)),
            *_markdown(points),
        ]
    asked = noise[~noise["strategy"].str.startswith("labels/")]
    if len(labels) and len(asked):
        more, table = _prices(asked, labels)
        if len(table):
            kept("prices.csv", table.to_csv(index=False, float_format="%.4g"))
            lines += more
            lines += picture("prices", "Price map", lambda path: plots.price_plot(table, path))
    for part in ("noise", "wide"):
        mine = results[results["part"] == part]
        mine = mine[~mine["strategy"].str.startswith("labels/")]
        beside = tables.strategies_beside(mine) if len(mine) else mine
        if len(beside):
            lines += [
                f"## Strategies beside one another: {part}",
                "",
                "Means over the cells of this part; `low` and `high` are 95 % of this row alone.",
                "",
                *_markdown(beside),
            ]
    if GOAL in set(results["strategy"]) and (results["noise"] != "").any():
        lines += [
            "## Alarms",
            "",
            f"Share of runs, in per cent, in which `{GOAL}` held the teacher to be worse where it "
            "was asked than on V.",
            "",
            *_markdown(tables.alarms(results)),
        ]
    spent = results[results["part"] == "noise"]
    if len(spent):
        lines += [
            "## Effect for its cost",
            "",
            "Points above the labelled points alone (A), for a hundred answers' worth, at a price "
            "of ten answers a trusted label.",
            "",
            *_markdown(tables.cost(pd.concat([spent, labels]).drop_duplicates())),
        ]
    if KEPT_ASIDE in set(results["noise"]):
        lines += [f"`{KEPT_ASIDE}` is the noise model that was kept aside until this run.", ""]
    kept("report.md", "\n".join(lines).rstrip() + "\n")
    return written


def _compact(results: pd.DataFrame) -> pd.DataFrame:
    """The rows in single precision, without what the other columns say already."""
    rows = results.drop(columns=["cell", "strategies", "first_seed", "n_seeds"], errors="ignore")
    rows = rows.assign(realised_gain=rows["realised_gain"].round(2))
    if "cpu_seconds" in rows:
        rows["cpu_seconds"] = rows["cpu_seconds"].round(3)
    kinds = {
        name: "float32" if kind == "float64" else "int32"
        for name, kind in rows.dtypes.astype(str).items()
        if kind in ("float64", "int64") and name not in ("rate", "budget")
    }
    return rows.astype(kinds)
