r"""Report of a study: one Markdown page with its pictures and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from radsim.distillation.study import tables
from radsim.distillation.study.protocol import BESIDE, CELL, GOAL, HIDDEN, LIMITS
from radsim.distillation.study.statistics import LEAST_SEEDS
from radsim.writing import write_whole

__all__ = ["write_report"]

_PARTS = {
    "noise": "one round, 300 validation points, softmax student",
    "validation 100": "100 validation points",
    "rounds": "five rounds",
    "network": "the network as student",
}
_SIGNED = "{:+.2f}"


def _markdown(table: pd.DataFrame, formats: dict[str, str] | None = None) -> list[str]:
    """Lines of a Markdown table; numbers get two places and a sign unless a format is named."""
    formats = formats or {}

    def text(column: str, x: object) -> str:
        if isinstance(x, bool | np.bool_):
            return "yes" if x else "no"
        if isinstance(x, float | np.floating):
            if np.isnan(x):
                return ""
            if column in formats:
                return formats[column].format(x)
            return _SIGNED.format(0.0 if abs(float(x)) < 1e-6 else x)  # no -0.00
        return str(x)

    lines = ["| " + " | ".join(map(str, table.columns)) + " |", "|---" * table.shape[1] + "|"]
    for row in table.itertuples(index=False):
        cells = (text(str(c), x) for c, x in zip(table.columns, row, strict=True))
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _head(name: str, says: str, results: pd.DataFrame) -> list[str]:
    seeds = results["seed"]
    few = results.groupby(CELL, observed=True)["seed"].nunique().min()
    return [
        f"# Active distillation: the study `{name}`",
        "",
        says,
        "",
        f"Made by `radsim distill --study {name}`: {results.groupby(CELL, observed=True).ngroups} "
        f"cells, {len(results)} runs, seeds {seeds.min()} to {seeds.max()}, at least {few} in a "
        f"cell{_minutes(results)}.",
        "",
        "Differences are in points of test accuracy, paired by seed; intervals are 95 %, "
        f"Student's, over seeds. Nothing is claimed on fewer than {LEAST_SEEDS} seeds. Only the "
        'primary contrasts were fixed before the run; all else is exploratory. "The better of '
        'margin and uniform" is chosen in each cell in hindsight, by its mean over the seeds, '
        "which favours it. `rad` has proportional harm, c = 1, and m estimated from the "
        "validation points.",
        "",
    ]


def _minutes(results: pd.DataFrame) -> str:
    """What choosing and fitting took, where the rows say it."""
    if "cpu_seconds" not in results:
        return ""
    return f"; {results['cpu_seconds'].sum() / 60:.1f} CPU-minutes of choosing and fitting"


def _primary(results: pd.DataFrame) -> list[str]:
    natural = results[(results["part"] == "natural") & (results["rounds"] == 1)]
    lines = ["## Primary contrasts", ""]
    seeds = natural["seed"].nunique()
    if seeds < LEAST_SEEDS:
        return [*lines, f"No claim: {seeds} seeds with natural teachers.", ""]
    found = tables.primary(results)
    p = {c: "{:.1e}" for c in found.columns if c.startswith("p ")}
    return [
        *lines,
        "Natural teachers, one round, 15 %; a seed's mean over data sets and teachers.",
        "",
        *_markdown(found, p),
    ]


def _goal(results: pd.DataFrame) -> list[str]:
    lines = [
        f"## The goal: `{GOAL}` under every noise model",
        "",
        "Mean difference to the better of margin and uniform of every strategy named. `low` and "
        f"`high` are the interval of {GOAL}; `below` the share of its cells under "
        f"{LIMITS.cell:g} point, `worst` its worst cell, `kept` the share of RAD's advantage over "
        "margin that it keeps; `same cells above` is its figure of the first table on the cells "
        "(data, rate, budget) of the table at hand, so that what changed is not mixed up with the "
        "rates.",
        "",
    ]
    for part, says in _PARTS.items():
        rows = results[results["part"] == part]
        if rows.empty:
            continue
        table = tables.goal(rows)
        if table.empty:
            continue
        plain = _same_cells(results[results["part"] == "noise"], rows)
        if part != "noise" and plain is not None:
            table.insert(
                table.columns.get_loc("low"), "same cells above", list(plain[table["noise"]])
            )
        share = {"below": "{:.0%}", "kept": "{:.0%}", "limit": "{:+.1f}"}
        lines += [
            f"### {says[0].upper()}{says[1:]}",
            "",
            *_markdown(table.dropna(axis=1, how="all"), share),
        ]
        missed = table.loc[table["reached"] == "no", "noise"].tolist()
        verdict = "No claim on the limits" if "no claim" in set(table["reached"]) else "All kept"
        if missed:
            verdict = f"Missed in {', '.join(missed)}"
        lines += [f"{verdict}. {_single_cells(rows, table)}", ""]
    return lines


def _same_cells(plain: pd.DataFrame, rows: pd.DataFrame) -> pd.Series | None:
    """The goal selector's mean by noise model in the first table, on the cells of these rows."""
    place = ["data", "noise", "rate", "budget"]
    wanted = rows[place].drop_duplicates()
    where, d = tables.differences(plain.merge(wanted, on=place), GOAL)
    if len(where) < len(wanted):
        return None
    return d.mean().groupby(where["noise"].to_numpy()).mean()


def _single_cells(rows: pd.DataFrame, table: pd.DataFrame) -> str:
    """Cells of the goal one by one, all and where validation and pool are exchangeable."""
    where, d = tables.differences(rows, GOAL)
    cells = d.mean()
    alike = where["noise"].isin(table.loc[table["exchangeable"], "noise"])
    words = [
        f"{np.mean(part < LIMITS.cell):.1%} of {len(part)} {name} below {LIMITS.cell:g} point, "
        f"the worst {part.min():+.2f}"
        for name, part in (("cells", cells), ("exchangeable ones", cells[alike.to_numpy()]))
        if len(part)
    ]
    asked = f"at most {LIMITS.cells_below:.0%}, none below {LIMITS.worst:g}"
    return f"Single cells: {'; '.join(words)} (asked: {asked})."


def _losses(results: pd.DataFrame, beats: pd.DataFrame, bins: pd.DataFrame | None) -> list[str]:
    """Where RAD loses, said by the data."""
    lines = ["## Where RAD loses", ""]
    lost = tables.losses(results)
    n, few = len(beats), int((beats["against_margin"] == "no claim").sum())
    if n == few:
        return [*lines, f"No claim: fewer than {LEAST_SEEDS} seeds.", ""]
    worse = beats[beats["against_margin"] == "worse"]
    lines += [
        f"RAD is worse than margin, by its whole interval, in {len(worse)} of {n} cells; the worst "
        f"is {worse['minus_margin'].min():+.2f} points."
        if len(worse)
        else f"In none of {n} cells does the whole interval of RAD - margin lie below 0.",
        "",
    ]
    if len(lost):
        lines += [
            "Averaged over data sets and budgets (one round, softmax), it loses here, the worst "
            "first; `low` and `high` are of rad - margin, `there` is its mean in the worst cell:",
            "",
            *_markdown(lost, {"lift": "{:.2f}"}),
        ]
        for noise in ("cluster",):
            rows = lost[lost["mistakes"].str.startswith(f"{noise}, rate")]
            lines += [
                f"{noise.capitalize()} noise: RAD with proportional harm loses "
                + ", ".join(
                    f"{-x['rad - margin']:.2f} points at {x['mistakes'].split(', ')[1]} "
                    f"[{x['low']:+.2f}, {x['high']:+.2f}]"
                    for _, x in rows.iterrows()
                )
                + "."
                for _ in range(min(1, len(rows)))
            ]
        lines += ["", *_reason(results, lost, bins), ""]
    return lines


def _reason(results: pd.DataFrame, lost: pd.DataFrame, bins: pd.DataFrame | None) -> list[str]:
    """Why, as far as the figures tell: where the mistakes sit, and what a wrong label costs."""
    lifts = results.groupby(CELL, observed=True)["lift"].mean()
    oracle = lost["mistakes"].str.contains(", rate")
    lines = []
    if oracle.any():
        lines += [
            "Under the noise models of these rows the mean lift (error on margin's picks over "
            f"error on the pool) is {lost.loc[oracle, 'lift'].mean():.2f}, that of all cells "
            f"{lifts.mean():.2f}: where mistakes do not sit on the largest gains, giving these up "
            "buys nothing."
        ]
    if not oracle.all():
        natural = lost[~oracle]
        labels = natural["mistakes"].str.split(", ").str[1].unique()
        lines += [
            f"Natural teachers: it loses with {', '.join(sorted(labels))}, at a mean lift of "
            f"{natural['lift'].mean():.2f}. The game counts a wrong answer as a wrong label; a "
            "soft one carries less."
        ]
    if bins is not None:
        ends = bins.groupby("bin")[["value", "harm"]].mean().iloc[[0, -1]]
        (low_value, low_harm), (high_value, high_harm) = ends.to_numpy()
        lines += [
            "And the model's harm has the wrong slope: from the lowest to the highest eighth of "
            f"the gain the value of a right label goes from {low_value:.1f} to {high_value:.1f} "
            f"points per hundred labels, the harm of a wrong one from {low_harm:.1f} to "
            f"{high_harm:.1f}; proportional harm has both rise together."
        ]
    return lines


def _show(cells: pd.DataFrame) -> list[str]:
    """The cells that the project names as its figures to show, where the study has them."""
    lines = []
    for data, noise, rate, budget in (
        ("mnist", "gain^3", 0.3, 0.05),
        ("mnist", "cluster", 0.4, 0.05),
        ("digits", "cluster", 0.4, 0.05),
        ("mixture", "cluster", 0.4, 0.05),
    ):
        at = (cells["part"] == "noise") & (cells["data"] == data) & (cells["noise"] == noise)
        at &= np.isclose(cells["rate"], rate) & np.isclose(cells["budget"], budget)
        rows = cells[at & cells["strategy"].isin((*BESIDE, "rad", GOAL))]
        if rows.empty:
            continue
        kept = rows[["strategy", "n_seeds", "accuracy", "minus_margin"]].assign(
            low=rows["minus_margin_low"], high=rows["minus_margin_high"]
        )
        lines += [
            f"### {data}, {noise}, rate {rate:g}, budget {budget:.0%}",
            "",
            *_markdown(kept, {"accuracy": "{:.2f}"}),
        ]
    return ["## Single cells", "", *lines] if lines else []


def write_report(
    name: str,
    says: str,
    results: pd.DataFrame,
    bins: pd.DataFrame | None,
    folder: Path,
) -> list[Path]:
    """Write `report.md`, `cells.csv`, `rows.parquet` and the pictures; return what was written.

    The rows hold all that the report is made from, in single precision.

    Parameters
    ----------
    name, says : str
        Of the study.
    results : pandas.DataFrame
        One row a cell, seed and strategy.
    bins : DataFrame or None
        Rows of `bins.run_bins` with the column `data`.
    folder : Path
    """
    # Matplotlib comes with the pictures, and only when a report is written.
    from radsim.distillation.study import pictures as plots

    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def picture(file: str, words: str, draw: Callable[[Path], None]) -> list[str]:
        path = folder / f"{file}.png"
        draw(path)
        written.append(path)
        return [f"![{words}]({path.name})", ""]

    cells = tables.summary(results)
    write_whole(folder / "cells.csv", cells.to_csv(index=False, float_format="%.4g"))
    rows = _compact(results)
    packed = rows.to_parquet(index=False, compression="zstd", compression_level=19)
    write_whole(folder / "rows.parquet", packed)
    written += [folder / "cells.csv", folder / "rows.parquet"]
    rad = cells[cells["strategy"] == "rad"]
    noisy = results[results["part"] == "noise"]
    lines = [*_head(name, says, results), *_primary(results), *_goal(results)]

    if {"gain^0", HIDDEN} <= set(noisy["noise"]):
        points = tables.frontier(noisy)
        limits = {"gain^0": LIMITS.exchangeable, HIDDEN: LIMITS.hidden}
        lines += [
            "## The frontier",
            "",
            "Loss where mistakes are unrelated to the gain, against loss where validation hides an "
            "adversary, on the cells in which every strategy was run. The validation mistakes have "
            "the same law in both, so nothing a strategy sees tells the two apart: what it gives "
            "to be safe in one it pays in the other.",
            "",
            *picture(
                "frontier",
                "Loss under gain^0 against loss under the hidden adversary",
                lambda path: plots.frontier_plot(points, GOAL, limits, path),
            ),
            *_markdown(points),
        ]
    lines += [
        "## Better, tie, worse",
        "",
        "Cells in which the whole interval lies on one side of 0.",
        "",
        *_markdown(tables.better_tie_worse(cells)),
        *_losses(results, rad, bins),
        *_show(cells),
        "## Lift and the crossover",
        "",
        "One mark a cell.",
        "",
        *picture(
            "crossover",
            "Difference to margin against lift",
            lambda path: plots.crossover_plot(cells, ["rad", GOAL, "uniform"], path),
        ),
    ]
    lifts = _by_lift(cells)
    lines += _markdown(lifts)
    if bins is not None:
        write_whole(folder / "bins.csv", bins.to_csv(index=False, float_format="%.5g"))
        written.append(folder / "bins.csv")
        lines += [
            "## Value and harm against the gain",
            "",
            "Five per cent of the pool asked about within one eighth of the gain's rank, all right "
            f"or all wrong; mean over {bins['seed'].nunique()} seeds, bars are 95 %. The line is "
            "the model's: value in proportion to the gain, and harm equal to it at c = 1; dashed, "
            "the constant harm 1.",
            "",
            *picture(
                "value_and_harm",
                "Value and harm against gain",
                lambda path: plots.bins_plot(bins, path),
            ),
        ]
    shares = tables.worst_case(results)
    if len(shares):
        over = int((shares["max"] > 1 + 1e-9).sum())
        lines += [
            "## Guaranteed: the exact worst-case value",
            "",
            "Against the true number of mistakes and proportional harm, as a share of what RAD "
            "guarantees when told that number (`rad` estimates it, V5); one round.",
            "",
            *picture(
                "worst_case", "Worst-case value", lambda path: plots.guarantee_plot(shares, path)
            ),
            *_markdown(shares),
            f"{over} of {len(shares)} strategies are above RAD in any run.",
            "",
        ]
    if len(noisy):
        table = tables.by_rate(results, (*BESIDE, "rad", GOAL))
        means = table[[x for x in table.columns if not x.endswith("±")]]
        lines += [
            "## Accuracy against noise",
            "",
            *picture(
                "accuracy", "Accuracy against noise", lambda path: plots.rate_plot(table, path)
            ),
            *_markdown(means, {c: "{:.1f}" for c in means.columns}),
        ]
    natural = tables.forest(results)
    if len(natural):
        lines += [
            "## Natural teachers",
            "",
            *picture("natural", "Natural teachers", lambda path: plots.forest_plot(natural, path)),
            *_markdown(natural, {"budget": "{:.0%}", "lift": "{:.2f}"}),
        ]
    lines += _cost(results)
    page = folder / "report.md"
    write_whole(page, "\n".join(lines).rstrip() + "\n")
    return [page, *written]


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


def _by_lift(cells: pd.DataFrame) -> pd.DataFrame:
    """Mean differences to margin in bands of the lift of margin's picks."""
    lift = cells[cells["strategy"] == "margin"].set_index(CELL)["lift"]
    part = cells[cells["strategy"].isin([*BESIDE, "rad", GOAL])]
    part = part.join(lift.rename("band"), on=CELL).dropna(subset=["band"])
    edges = [-np.inf, 0.9, 1.1, 1.3, 1.6, 2.0, np.inf]
    names = ["below 0.9", "0.9 to 1.1", "1.1 to 1.3", "1.3 to 1.6", "1.6 to 2", "above 2"]
    part = part.assign(band=pd.cut(part["band"], edges, labels=names))
    wide = part.pivot_table(
        index="band", columns="strategy", values="minus_margin", sort=True, observed=True
    )
    order: Iterable[str] = (x for x in (*BESIDE, "rad", GOAL) if x in wide)
    wide = wide[list(order)].rename(columns=lambda x: f"{x} - margin")
    counts = part[part["strategy"] == "margin"].groupby("band", observed=True).size()
    wide.insert(0, "cells", counts)
    return wide.reset_index().rename(columns={"band": "lift"})


def _cost(results: pd.DataFrame) -> list[str]:
    if "cpu_seconds" not in results:  # they are the machine's, and this page the study's
        return ["## Cost", "", "The CPU seconds of each run are in `timings.csv`."]
    each = results.groupby("strategy")["cpu_seconds"].mean() * 1000
    table = each.sort_values().rename("CPU ms").reset_index()
    lines = _markdown(table, {"CPU ms": "{:.1f}"})
    return ["## Cost", "", "Choosing and fitting, a run.", "", *lines]
