"""Pictures of `radsim distill --study`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.distillation.noise import FOLLOWS, NOISES, REPLIES, UNRELATED
from radsim.plots.style import COLOURS, bare, in_our_style, plt, save

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
_FAMILIES = {
    UNRELATED: COLOURS["green"],
    FOLLOWS: COLOURS["orange"],
    REPLIES: COLOURS["vermilion"],
    "natural teacher": COLOURS["blue"],
}


def _style(strategy: str) -> tuple[str, str]:
    return _STRATEGIES.get(strategy, (COLOURS["grey"], "."))


def _family(noise: str) -> str:
    return NOISES[noise].family if noise else "natural teacher"


@in_our_style
def crossover_plot(cells: pd.DataFrame, selectors: list[str], path: str | Path) -> None:
    """Difference to margin against lift, one dot a cell, one panel a selector.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of `distillation.tables.summary`.
    selectors : list of str
    path : str or Path
    """
    figure, axes = plt.subplots(
        1,
        len(selectors),
        figsize=(3.7 * len(selectors), 3.3),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    # All selectors meet the same teachers; the lift is that of margin's picks.
    lift = cells[cells["strategy"] == "margin"].drop(columns=["strategy", "minus_margin"])
    keys = ["part", "data", "student", "teacher", "labels", "noise", "rate", "budget", "rounds"]
    for axis, selector in zip(axes[0], selectors, strict=True):
        mine = cells.loc[cells["strategy"] == selector, [*keys, "n_validation", "minus_margin"]]
        both = lift.merge(mine, on=[*keys, "n_validation"])
        for family, colour in _FAMILIES.items():
            part = both[both["noise"].map(_family) == family]
            if len(part):
                axis.plot(
                    part["lift"],
                    part["minus_margin"],
                    "o",
                    color=colour,
                    ms=4,
                    alpha=0.55,
                    mew=0,
                    label=family,
                )
        axis.axhline(0, color=COLOURS["black"], lw=0.8)
        axis.axvline(1, color=COLOURS["grey"], lw=0.8, ls="--")
        axis.set_title(f"{selector} - margin", fontsize=10)
        axis.set_xscale("log")
        axis.set_xticks([0.7, 1, 2, 3, 5, 10], ["0.7", "1", "2", "3", "5", "10"])
        axis.minorticks_off()
        axis.set_xlabel("lift: error on margin's picks / on the pool")
        bare(axis)
    axes[0][0].set_ylabel("points of accuracy")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False)
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
    figure, axes = plt.subplots(
        1, len(sets), figsize=(max(7.0, 3.4 * len(sets)), 3.7), squeeze=False, layout="constrained"
    )
    for axis, data in zip(axes[0], sets, strict=True):
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
    axes[0][0].set_ylabel("points of accuracy per 100 labels")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False)
    save(figure, path)


@in_our_style
def guarantee_plot(shares: pd.DataFrame, path: str | Path) -> None:
    """Exact worst-case value of every strategy as a share of RAD's.

    Parameters
    ----------
    shares : pandas.DataFrame
        Of `distillation.tables.worst_case`.
    path : str or Path
    """
    figure, axis = plt.subplots(figsize=(6.4, 0.23 * len(shares) + 0.8), layout="constrained")
    value = shares["mean"].to_numpy()
    shown = np.maximum(value, -2.0)  # far below zero is as bad as just below
    axis.barh(range(len(shares)), shown, color=[_style(x)[0] for x in shares["strategy"]])
    for row, x in enumerate(value):
        axis.annotate(
            f"{x:.2f}",
            (max(shown[row], 0), row),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    axis.axvline(0, color=COLOURS["black"], lw=0.8)
    axis.set_xlim(-2.05, 1.25)
    axis.set_yticks(range(len(shares)), shares["strategy"])
    axis.margins(y=0.01)
    axis.set_xlabel("exact worst-case value / RAD's (told m), mean over cells and seeds")
    axis.invert_yaxis()
    bare(axis)
    save(figure, path)


@in_our_style
def rate_plot(table: pd.DataFrame, path: str | Path) -> None:
    """Accuracy against the share of mistakes, one panel a noise model, with the A-only line.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `distillation.tables.by_rate`.
    path : str or Path
    """
    noises = list(dict.fromkeys(table["noise"]))
    n_columns = min(4, len(noises))
    n_rows = -(-len(noises) // n_columns)
    figure, axes = plt.subplots(
        n_rows,
        n_columns,
        figsize=(1.7 * n_columns + 0.3, 1.3 * n_rows + 0.5),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axis, noise in zip(axes.flat, noises, strict=False):
        part = table[table["noise"] == noise].sort_values("rate")
        axis.plot(part["rate"], part["A only"], ":", color=COLOURS["grey"], lw=1.6, label="A only")
        for name in (x for x in part.columns if x not in ("noise", "rate", "A only")):
            colour, marker = _style(str(name))
            axis.plot(
                part["rate"], part[name], "-", marker=marker, color=colour, ms=3, lw=1.1, label=name
            )
        axis.set_title(noise, fontsize=9)
        bare(axis)
    for axis in axes.flat[len(noises) :]:
        axis.set_visible(False)
    for axis in axes[-1]:
        axis.set_xlabel("share of mistakes")
    for axis in axes[:, 0]:
        axis.set_ylabel("accuracy, %")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False, fontsize=8)
    save(figure, path)


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
    figure, axis = plt.subplots(figsize=(6.4, 0.33 * len(keys) + 1.0), layout="constrained")
    for k, strategy in enumerate(strategies):
        part = rows[rows["strategy"] == strategy].set_index(place)
        y = np.array([keys.index(key) for key in part.index], dtype=float)
        y += 0.62 * (k / max(1, len(strategies) - 1) - 0.5)
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
    axis.margins(y=0.01)
    axis.grid(axis="y", lw=0.3, alpha=0.5)
    axis.invert_yaxis()
    axis.set_xlabel("points of accuracy minus margin's (95 % intervals over seeds)")
    figure.legend(loc="outside upper center", ncols=len(strategies), frameon=False)
    bare(axis)
    save(figure, path)


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
    # Names in a column at the right, in the order of their points, so that none hides another.
    places = np.linspace(0.0, 1.0, len(points)) if len(points) > 1 else np.array([0.5])
    for place, name, x, y in zip(places, points["strategy"], points[one], points[two], strict=True):
        colour, marker = _style(str(name))
        axis.plot(x, y, marker, color=colour, ms=9 if name == selector else 6, zorder=3)
        axis.annotate(
            str(name),
            (x, y),
            xytext=(1.06, place),
            textcoords="axes fraction",
            fontsize=7,
            color=colour,
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "lw": 0.35,
                "color": colour,
                "alpha": 0.7,
                "relpos": (0, 0.5),
            },
        )
    axis.set_xlabel(f"{one}: points minus the better of margin and uniform")
    axis.set_ylabel(f"{two}: points minus the better of the two")
    bare(axis)
    save(figure, path)
