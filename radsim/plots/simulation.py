"""Pictures of `radsim simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from radsim.plots.style import COLOURS, Picture, bare, in_our_style, legend_above, panels, plt, save

__all__ = [
    "inclusion_plot",
    "realised_plot",
    "scorecard_plot",
    "tails_plot",
    "wrong_count_plot",
]

# The selectors that a reader looks for first; the rest is drawn small and grey.
_SELECTORS = {
    "rad": (COLOURS["blue"], "o"),
    "margin": (COLOURS["vermilion"], "s"),
    "uniform": (COLOURS["green"], "^"),
    "oracle": (COLOURS["black"], "*"),
}
_CURVES = {
    "measured": (COLOURS["black"], "-"),
    "Hoeffding": (COLOURS["orange"], "--"),
    "Bernstein": (COLOURS["purple"], "-."),
    "negative association": (COLOURS["blue"], "--"),
    "strongly Rayleigh": (COLOURS["vermilion"], "-."),
}


@in_our_style
def realised_plot(results: pd.DataFrame, path: str | Path) -> Picture:
    """Mean realised robust gain of every selector under every teacher, beside its guarantee.

    One panel an instance, one row a teacher; a tick marks the guarantee, in the selector's colour.
    """
    means = (
        results.groupby(["instance", "teacher", "selector"], sort=False)
        .agg(
            realised=("realised", "mean"),
            guarantee=("guarantee", "mean"),
            budget=("budget", "first"),
            largest=("largest_gain", "first"),
        )
        .reset_index()
    )
    unit = means["budget"] * means["largest"]
    means["realised"], means["guarantee"] = means["realised"] / unit, means["guarantee"] / unit
    instances = list(dict.fromkeys(means["instance"]))
    most = int(means.groupby("instance")["teacher"].nunique().max())
    figure, grid, axes = panels(
        len(instances), 2, 4.5 if len(instances) > 1 else 7, 0.32 * most + 0.9
    )
    for axis, instance in zip(axes, instances, strict=True):
        part = means[means["instance"] == instance]
        teachers = list(dict.fromkeys(part["teacher"]))
        place = {teacher: k for k, teacher in enumerate(teachers)}
        for selector, rows in part.groupby("selector", sort=False):
            colour, marker = _SELECTORS.get(str(selector), (COLOURS["grey"], "."))
            y = rows["teacher"].map(place)
            known = str(selector) in _SELECTORS
            axis.plot(
                rows["realised"],
                y,
                marker,
                color=colour,
                ms=6 if known else 4,
                alpha=0.9 if known else 0.5,
                label=str(selector) if known else "others",
                zorder=3 if known else 2,
            )
            if known:  # one that knows the mistakes has no guarantee: NaN, not drawn
                axis.plot(rows["guarantee"], y, "|", color=colour, ms=11, mew=2.2)
        axis.axvline(0, color=COLOURS["black"], lw=0.8)
        axis.set_title(instance, fontsize=10)
        axis.set_yticks(range(len(teachers)), teachers)
        axis.grid(axis="y", lw=0.4, alpha=0.5)
        axis.invert_yaxis()
        bare(axis)
    for axis in axes[-len(grid[0]) :]:
        axis.set_xlabel("mean realised robust gain / (b max g)")
    handles, labels = axes[0].get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    (unique["guaranteed"],) = axes[0].plot([], [], "|", color=COLOURS["black"], ms=11, mew=2.2)
    legend_above(figure, unique, (*_SELECTORS, "others", "guaranteed"))
    return save(figure, path, means)


@in_our_style
def tails_plot(tails: pd.DataFrame, path: str | Path) -> Picture:
    """Measured tails of RAD's payoff below its mean, beside every bound."""
    designs = list(dict.fromkeys(tails["design"]))
    figure, grid, axes = panels(len(designs), 4, 2.2, 2.1, share=True)
    handles = {}
    for axis, design in zip(axes, designs, strict=True):
        part = tails[tails["design"] == design]
        for curve, (colour, style) in _CURVES.items():
            rows = part[part["curve"] == curve]
            shown = rows[rows["probability"] > 0]
            if len(shown):
                (line,) = axis.plot(
                    shown["deviation"], shown["probability"], style, color=colour, lw=1.6
                )
                handles[curve] = line
        if set(part["curve"]) == {"measured"}:
            axis.text(
                0.96,
                0.94,
                "no bound is stated",
                transform=axis.transAxes,
                ha="right",
                va="top",
                fontsize=8,
            )
        axis.set_yscale("log")
        axis.set_ylim(3e-5, 1.6)
        axis.set_title(design.replace("_", " "), fontsize=10)
        bare(axis)
    for axis in axes[-len(grid[0]) :]:
        axis.set_xlabel("shortfall t / (b max s)")
        axis.tick_params(labelbottom=True)
    for axis in grid[:, 0]:
        axis.set_ylabel("P(payoff ≤ mean − t)")
    legend_above(figure, handles, _CURVES)
    return save(figure, path, tails)


@in_our_style
def inclusion_plot(q: ArrayLike, found: Mapping[str, ArrayLike], path: str | Path) -> Picture:
    """Inclusion probabilities of designs beside those promised; a point on the diagonal keeps it.

    `found` goes from the design's name to its inclusion probabilities, shape (n,).
    """
    promised = np.asarray(q, dtype=np.float64)
    order = np.argsort(promised, kind="stable")
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    axis.axline((0, 0), slope=1, color=COLOURS["grey"], lw=1, label="as promised")
    styles = zip(("blue", "vermilion", "green", "purple", "orange"), "osD^v", strict=True)
    table = {"promised": promised[order]}
    for (name, values), (colour, marker) in zip(found.items(), styles, strict=False):
        table[name] = np.asarray(values, dtype=np.float64)[order]
        axis.plot(
            table["promised"],
            table[name],
            marker,
            color=COLOURS[colour],
            ms=7,
            mfc="none",
            mew=1.6,
            label=name,
        )
    axis.set_xlabel("inclusion probability promised")
    axis.set_ylabel("inclusion probability found")
    axis.legend(frameon=False, loc="upper left")
    bare(axis)
    return save(figure, path, pd.DataFrame(table))


@in_our_style
def wrong_count_plot(curves: pd.DataFrame, path: str | Path) -> Picture:
    """Guarantee of the solution for a wrong number of mistakes, against the true number."""
    figure, axis = plt.subplots(figsize=(6, 3.8), layout="constrained")
    styles = ["-", "--", "-.", ":"]
    colours = [COLOURS[name] for name in ("blue", "vermilion", "green", "purple")]
    for k, (instance, rows) in enumerate(curves.groupby("instance", sort=False)):
        axis.plot(
            rows["ratio"], rows["kept"], styles[k % 4], color=colours[k % 4], label=str(instance)
        )
    axis.axvline(1, color=COLOURS["grey"], lw=0.8)
    axis.axhline(0, color=COLOURS["black"], lw=0.8)
    axis.set_xlabel("mistakes believed / mistakes feared rightly")
    axis.set_ylabel("guarantee kept, as a share of V(m)")
    axis.set_ylim(min(-1.0, max(-3.0, float(curves["kept"].min()))), 1.05)
    axis.legend(frameon=False)
    bare(axis)
    return save(figure, path, curves)


@in_our_style
def scorecard_plot(card: pd.DataFrame, path: str | Path) -> Picture:
    """Exact guarantee of every selector as a share of RAD's."""
    instances = list(dict.fromkeys(card["instance"]))
    selectors = list(dict.fromkeys(card["selector"]))
    figure, axes = plt.subplots(
        1,
        len(instances),
        figsize=(2.6 * len(instances) + 1, 0.36 * len(selectors) + 1.2),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axis, instance in zip(axes[0], instances, strict=True):
        part = card[card["instance"] == instance].set_index("selector").reindex(selectors)
        share = part["share"].to_numpy()
        # Far below zero is as bad as just below: cut the bar and say the number.
        shown = np.maximum(share, -2.0)
        colours = [_SELECTORS.get(name, (COLOURS["sky"], ""))[0] for name in selectors]
        axis.barh(range(len(selectors)), np.nan_to_num(shown), color=colours)
        for row, value in enumerate(share):
            if np.isfinite(value):
                left = value < 0
                axis.annotate(
                    f"{value:.2f}",
                    (0 if left else shown[row], row),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
        axis.axvline(0, color=COLOURS["black"], lw=0.8)
        axis.set_xlim(-2.05, 1.45)
        axis.set_title(instance, fontsize=10)
        axis.set_yticks(range(len(selectors)), selectors)
        axis.set_xlabel("W(q) / V")
        bare(axis)
    axes[0][0].invert_yaxis()
    return save(figure, path, card)
