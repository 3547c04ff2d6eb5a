"""Pictures of `radsim distill --study`."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from radsim.distillation.noise import FOLLOWS, NOISES, REPLIES, UNRELATED
from radsim.distillation.strategies import STRATEGIES
from radsim.distillation.study.protocol import ALONE
from radsim.plots.labels import label_points
from radsim.plots.scales import SQUEEZED, share_marks
from radsim.plots.style import (
    COLOURS,
    bare,
    in_our_style,
    legend_above,
    panels,
    plt,
    save,
    takeaway,
)

__all__ = [
    "bins_plot",
    "crossover_plot",
    "forest_plot",
    "frontier_plot",
    "guarantee_plot",
    "rate_plot",
]

# The strategies that a reader looks for first; the rest is drawn small and grey.
_STRATEGIES = {
    "rad": (COLOURS["blue"], "o"),
    "margin": (COLOURS["vermilion"], "s"),
    "uniform": (COLOURS["green"], "^"),
    "skip_m": (COLOURS["purple"], "v"),
    "contaminated_0.7": (COLOURS["sky"], "P"),
    "guarded": (COLOURS["black"], "D"),
}
# What a reader of the picture needs of a strategy's rule.
_PICKS = {
    "uniform": "points at random",
    "margin": "the largest gains",
    "skip_m": "the largest gains after the first m, the mistakes expected",
    "rad": "the max-min mixture against m mistakes",
    "guarded": "RAD against the mistakes that validation points show likely",
}
_FAMILIES = {
    UNRELATED: (COLOURS["green"], "^"),
    FOLLOWS: (COLOURS["orange"], "s"),
    REPLIES: (COLOURS["vermilion"], "D"),
    "natural teacher": (COLOURS["blue"], "o"),
}


def _style(strategy: str) -> tuple[str, str]:
    return _STRATEGIES.get(strategy, (COLOURS["grey"], "."))


def _family(noise: str) -> str:
    return NOISES[noise].family if noise else "natural teacher"


@in_our_style
def crossover_plot(cells: pd.DataFrame, selectors: list[str], path: str | Path) -> None:
    """Difference to margin against lift, one mark a cell, one panel a selector.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of `distillation.tables.summary`.
    selectors : list of str
    path : str or Path
    """
    figure, _, axes = panels(len(selectors), 2, 3.7, 3.3, share=True)
    handles, said = {}, []
    # All selectors meet the same teachers; the lift is that of margin's picks.
    lift = cells[cells["strategy"] == "margin"].drop(columns=["strategy", "minus_margin"])
    keys = ["part", "data", "student", "teacher", "labels", "noise", "rate", "budget", "rounds"]
    for k, (axis, selector) in enumerate(zip(axes, selectors, strict=True)):
        mine = cells.loc[cells["strategy"] == selector, [*keys, "n_validation", "minus_margin"]]
        both = lift.merge(mine, on=[*keys, "n_validation"])
        for family, (colour, marker) in _FAMILIES.items():
            part = both[both["noise"].map(_family) == family]
            if len(part):
                (handles[family],) = axis.plot(
                    part["lift"],
                    part["minus_margin"],
                    marker,
                    color=colour,
                    ms=5,
                    alpha=0.7,
                    mfc="none",
                    mew=1,
                    label=family,
                )
        axis.axhline(0, color=COLOURS["black"], lw=0.8)
        axis.axvline(1, color=COLOURS["grey"], lw=0.8, ls="--")
        axis.set_title(f"{selector} minus margin", fontsize=10)
        axis.set_xscale("log")
        axis.set_xticks([0.7, 1, 2, 3, 5, 10], ["0.7", "1", "2", "3", "5", "10"])
        axis.minorticks_off()
        axis.tick_params(labelbottom=True)
        axis.set_xlabel("lift of margin's picks")
        if k % 2 == 0:
            axis.set_ylabel("points of accuracy")
        bare(axis)
        over = both["lift"] > 1.5
        if over.any() and not over.all():
            high, low = (both.loc[x, "minus_margin"].gt(0).mean() for x in (over, ~over))
            said.append(f"{selector} in {high:.0%} and {low:.0%}")
    legend_above(figure, handles, _FAMILIES, columns=2)
    takeaway(
        figure,
        "Lift: error rate on margin's picks over that on the pool. "
        + (
            f"Cells in which margin is beaten, with a lift above 1.5 and below: {', '.join(said)}."
            if said
            else "The cells lie on one side of a lift of 1.5."
        ),
    )
    save(figure, path)


@in_our_style
def bins_plot(bins: pd.DataFrame, path: str | Path) -> None:
    """Value of a right label and harm of a wrong one against the gain, with the model's lines.

    Parameters
    ----------
    bins : pandas.DataFrame
        Rows of `distillation.bins.run_bins` with the column `data`.
    path : str or Path
    """
    sets = list(dict.fromkeys(bins["data"]))
    figure, grid, axes = panels(len(sets), 2, 3.6 if len(sets) > 1 else 7, 2.9)
    for axis, data in zip(axes, sets, strict=True):
        grouped = bins[bins["data"] == data].groupby("bin")
        mean = grouped[["gain", "value", "harm"]].mean()
        error = grouped[["value", "harm"]].sem().fillna(0)
        for column, colour, marker in (
            ("value", COLOURS["green"], "^"),
            ("harm", COLOURS["vermilion"], "s"),
        ):
            axis.errorbar(
                mean["gain"],
                mean[column],
                1.96 * error[column],
                fmt=marker,
                color=colour,
                ms=5,
                capsize=2,
                label={"value": "value of a right label", "harm": "harm of a wrong label"}[column],
            )
        g = mean["gain"].to_numpy()
        slope = float(g @ mean["value"].to_numpy() / (g @ g))
        line = np.array([0.0, g.max()])
        axis.plot(
            line,
            slope * line,
            "-",
            color=COLOURS["blue"],
            lw=1.4,
            label="model: value, and harm at c = 1, in proportion to g",
        )
        axis.axhline(
            slope * g.max(),
            color=COLOURS["purple"],
            lw=1.4,
            ls="--",
            label="model: constant harm 1",
        )
        axis.axhline(0, color=COLOURS["black"], lw=0.8)
        axis.set_title(data, fontsize=10)
        axis.set_xlabel("gain g (margin)")
        bare(axis)
    for axis in grid[:, 0]:
        axis.set_ylabel("points of accuracy\nper 100 labels")
    handles, labels = axes[0].get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    legend_above(figure, named, named, columns=1)
    takeaway(figure, _slopes(bins))
    save(figure, path)


def _slopes(bins: pd.DataFrame) -> str:
    """From the least to the largest gains: value of right labels, harm of wrong ones."""
    ends = bins.groupby("bin")[["value", "harm"]].mean().iloc[[0, -1]]
    said = [f"{name} from {x.iloc[0]:.1f} to {x.iloc[1]:.1f}" for name, x in ends.items()]
    return (
        "From the eighth with the least gain to that with the most, mean over data sets: "
        f"{' and '.join(said)} points per 100 labels."
    )


@in_our_style
def guarantee_plot(shares: pd.DataFrame, path: str | Path) -> None:
    """Exact worst-case value of every strategy as a share of RAD's.

    Parameters
    ----------
    shares : pandas.DataFrame
        Of `distillation.tables.worst_case`.
    path : str or Path
    """
    figure, axis = plt.subplots(figsize=(6.4, 0.23 * len(shares) + 1.2), layout="constrained")
    share_marks(axis, shares.set_index("strategy")["mean"], _STRATEGIES)
    axis.set_xlabel(f"worst-case value / RAD's, told m; {SQUEEZED}")
    mean = shares["mean"]
    takeaway(
        figure,
        f"Mean over cells and seeds: at worst {int((mean < 0).sum())} of {len(shares)} strategies "
        "lose; the least "
        f"is {shares['strategy'][mean.idxmin()]} with {mean.min():.1f} times what RAD guarantees.",
    )
    save(figure, path)


@in_our_style
def rate_plot(table: pd.DataFrame, path: str | Path) -> None:
    """Accuracy against the share of mistakes, one panel a noise model, with the A-only line.

    A panel says which points are mislabelled, and the legend how a strategy picks; bars are 95 %
    intervals over seeds.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `distillation.tables.by_rate`.
    path : str or Path
    """
    noises = list(dict.fromkeys(table["noise"]))
    names = [x for x in table.columns if x not in ("noise", "rate", ALONE) and x[-1] != "±"]
    figure, grid, axes = panels(len(noises), 3, 2.4, 1.45, share=True)
    figure.set_figheight(figure.get_figheight() + 1.6)  # for the rules, a line each
    handles: dict[str, Any] = {}
    for axis, noise in zip(axes, noises, strict=True):
        part = table[table["noise"] == noise].sort_values("rate")
        (line,) = axis.plot(part["rate"], part[ALONE], ":", color=COLOURS["grey"], lw=1.6)
        handles[f"{ALONE}: no query, the labelled points alone"] = line
        for name in names:
            colour, marker = _style(name)
            handles[f"{name}: {_PICKS.get(name, STRATEGIES[name].says)}"] = axis.errorbar(
                part["rate"],
                part[name],
                part[f"{name} ±"],
                fmt="-",
                marker=marker,
                color=colour,
                ms=4,
                lw=1.1,
                capsize=2,
            )
        lines = textwrap.fill(f"{noise}: {NOISES[noise].says}", 38)
        axis.set_title(lines, fontsize=7.5)
        bare(axis)
    for axis in axes[-len(grid[0]) :]:
        axis.set_xlabel("share of mistakes")
        axis.tick_params(labelbottom=True)
    for axis in grid[:, 0]:
        axis.set_ylabel("accuracy, %")
    legend_above(figure, handles, handles, columns=1)
    takeaway(figure, _best_and_worst(table, names))
    save(figure, path)


def _best_and_worst(table: pd.DataFrame, names: list[str]) -> str:
    """How often each is the best at the largest share of mistakes, and how wide the bars are."""
    last = table.loc[table.groupby("noise", sort=False)["rate"].idxmax()]
    first = last[names].idxmax(axis=1).value_counts()
    said = ", ".join(f"{name} {count}" for name, count in first.items())
    wide = table[[f"{name} ±" for name in names]].to_numpy()
    words = f"Best at the largest share of mistakes, of {len(last)} noise models: {said}"
    if not np.isfinite(wide).any():
        return f"{words}; too few seeds for intervals."
    return (
        f"{words}. Bars: 95% over seeds, at most ±{np.nanmax(wide):.1f} points. m: the mistakes; "
        "q: a strategy's inclusion probabilities."
    )


@in_our_style
def forest_plot(rows: pd.DataFrame, path: str | Path) -> None:
    """Natural teachers: mean difference to margin with its interval, one line a setting.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `distillation.tables.forest`.
    path : str or Path
    """
    place = ["teacher", "labels", "budget", "rounds"]
    settings = rows[place].drop_duplicates().sort_values(["labels", *place], kind="stable")
    keys = [tuple(x) for x in settings.itertuples(index=False)]
    strategies = list(dict.fromkeys(rows["strategy"]))
    figure, axis = plt.subplots(figsize=(6.4, 0.36 * len(keys) + 1.4), layout="constrained")
    for k in range(0, len(keys), 2):  # every other setting on grey, which holds its marks together
        axis.axhspan(k - 0.5, k + 0.5, color="0.94", lw=0, zorder=0)
    for k, strategy in enumerate(strategies):
        part = rows[rows["strategy"] == strategy].set_index(place)
        y = np.array([keys.index(key) for key in part.index], dtype=float)
        y += 0.54 * (k / max(1, len(strategies) - 1) - 0.5)
        colour, marker = _style(strategy)
        mean = part["minus_margin"].to_numpy()
        half = np.nan_to_num((part["high"] - part["low"]).to_numpy() / 2)
        axis.errorbar(mean, y, xerr=half, fmt=marker, color=colour, ms=4, lw=1.1, label=strategy)
    axis.axvline(0, color=COLOURS["vermilion"], lw=1)
    names = [
        f"{teacher}, {labels}, {budget:.0%}" + (f", {rounds} rounds" if rounds > 1 else "")
        for teacher, labels, budget, rounds in keys
    ]
    axis.set_yticks(range(len(keys)), names, fontsize=8)
    axis.tick_params(axis="y", length=0)
    axis.set_ylim(len(keys) - 0.5, -0.5)
    axis.set_xlabel("points of accuracy minus margin's")
    figure.legend(loc="outside upper center", ncols=len(strategies), frameon=False)
    bare(axis)
    takeaway(figure, _over_margin(rows))
    save(figure, path)


def _over_margin(rows: pd.DataFrame) -> str:
    """In how many settings a whole interval lies above margin's zero, and below it."""
    if rows["low"].isna().all():
        return "Too few seeds for intervals."
    said = []
    for strategy, part in rows.groupby("strategy", sort=False):
        above, below = int((part["low"] > 0).sum()), int((part["high"] < 0).sum())
        said.append(f"{strategy} {above} and {below}")
    n = len(rows.drop_duplicates(["teacher", "labels", "budget", "rounds"]))
    return (
        f"Of {n} settings, with the whole interval (95% over seeds) above zero and below: "
        f"{', '.join(said)}."
    )


@in_our_style
def frontier_plot(
    points: pd.DataFrame, selector: str, limits: dict[str, float], path: str | Path
) -> None:
    """Difference under two noise models, every strategy a point; up and right is better.

    Parameters
    ----------
    points : pandas.DataFrame
        Of `distillation.tables.frontier`.
    selector : str
        The strategy of the goal.
    limits : dict
        Two noise models (columns of the points) and what the goal asks of each.
    path : str or Path
    """
    (one, low), (two, bottom) = limits.items()
    points = points.dropna(subset=[one, two]).sort_values([two, one])
    figure, axis = plt.subplots(figsize=(7.2, 5.2), layout="constrained")
    axis.axvline(low, color=COLOURS["grey"], lw=0.9, ls="--")
    axis.axhline(bottom, color=COLOURS["grey"], lw=0.9, ls="--")
    sizes = [9.0 if name == selector else 7.0 for name in points["strategy"]]
    marks = zip(points["strategy"], points[one], points[two], sizes, strict=True)
    for name, x, y, size in marks:
        colour, marker = _style(str(name))
        axis.plot(x, y, marker, color=colour, ms=size, zorder=3)
    axis.margins(0.07)
    axis.set_xlabel(f"{one}: points minus the better of margin and uniform")
    axis.set_ylabel(f"{two}: points minus the better of the two")
    bare(axis)
    takeaway(figure, _goals(points, limits))
    colours = [_style(str(name))[0] for name in points["strategy"]]
    colours = ["0.35" if colour == COLOURS["grey"] else colour for colour in colours]
    label_points(axis, points[[one, two]].to_numpy(), list(points["strategy"]), colours, sizes)
    save(figure, path)


def _goals(points: pd.DataFrame, limits: dict[str, float]) -> str:
    """Who reaches both goals, or who comes nearest."""
    goals = " and ".join(f"{least:g} under {noise}" for noise, least in limits.items())
    short = pd.concat([least - points[noise] for noise, least in limits.items()], axis=1).max(
        axis=1
    )
    met = points.loc[short <= 0, "strategy"].tolist()
    if met:
        who = ", ".join(met)
        return f"Both goals, {goals} (dashed), are met by {who}, of {len(points)} strategies."
    nearest = points.loc[short.idxmin(), "strategy"]
    return (
        f"None of {len(points)} strategies reaches both goals, {goals} (dashed); nearest is "
        f"{nearest}, {short.min():.2f} points short."
    )
