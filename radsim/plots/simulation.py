"""Pictures of `radsim simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from radsim.plots.scales import SQUEEZED, share_marks, squeeze
from radsim.plots.style import (
    COLOURS,
    Picture,
    bare,
    in_our_style,
    legend_above,
    panels,
    plt,
    save,
    takeaway,
)

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
    "negative association": (COLOURS["blue"], ":"),
    "strongly Rayleigh": (COLOURS["vermilion"], (0, (6, 1, 1, 1, 1, 1))),
}


@in_our_style
def realised_plot(results: pd.DataFrame, path: str | Path) -> Picture:
    """Mean realised robust gain of every selector under every teacher, below its guarantee.

    One panel an instance; the first row is what a selector guarantees, and each row below it one
    teacher.  Far below zero the axis is squeezed, on a grey ground.
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
    most = int(means.groupby("instance")["teacher"].nunique().max()) + 1
    figure, grid, axes = panels(
        len(instances), 2, 4.5 if len(instances) > 1 else 7, 0.3 * most + 0.9
    )
    grey = [str(x) for x in dict.fromkeys(means["selector"]) if str(x) not in _SELECTORS]
    others = f"others: {', '.join(grey)}"
    handles = {}
    for axis, instance in zip(axes, instances, strict=True):
        part = means[means["instance"] == instance]
        names = ["guaranteed", *dict.fromkeys(part["teacher"])]
        for selector, rows in part.groupby("selector", sort=False):
            known = str(selector) in _SELECTORS
            colour, marker = _SELECTORS.get(str(selector), (COLOURS["grey"], "."))
            # One that knows the mistakes has no guarantee: NaN, not drawn.
            x = [rows["guarantee"].mean(), *rows["realised"]]
            (handles[str(selector) if known else others],) = axis.plot(
                x,
                [0, *rows["teacher"].map(names.index)],
                marker,
                color=colour,
                ms=9 if marker == "*" else 6 if known else 7,
                mec="white" if known else colour,
                mew=0.4,
                zorder=3 if known else 2,
            )
        axis.axvline(0, color=COLOURS["black"], lw=0.8)
        axis.axhline(0.5, color=COLOURS["black"], lw=0.8, ls=":")
        axis.set_title(instance, fontsize=10)
        axis.set_yticks(range(len(names)), names)
        axis.get_yticklabels()[0].set_fontweight("bold")
        axis.grid(axis="y", lw=0.4, alpha=0.5)
        axis.set_ylim(len(names) - 0.5, -0.5)
        squeeze(axis, part[["realised", "guarantee"]].to_numpy(), -part["realised"].max() / 5)
        bare(axis)
    for axis in axes[-len(grid[0]) :]:
        axis.set_xlabel(f"mean robust gain / (b max g); {SQUEEZED}")
    legend_above(figure, handles, (*_SELECTORS, others))
    takeaway(figure, _margin_or_rad(means))
    return save(figure, path, means)


def _margin_or_rad(means: pd.DataFrame) -> str:
    """Whose mean is larger, and whose guarantee is above zero."""
    wide = means.pivot(index=["instance", "teacher"], columns="selector")
    if not {"rad", "margin"} <= set(wide["realised"].columns):
        return "The first row is guaranteed, whatever the teacher; the others are what it earned."
    more = int((wide["realised"]["margin"] > wide["realised"]["rad"]).sum())
    safe = wide["guarantee"].groupby(level="instance").first() > 0
    return (
        f"Margin earns more than RAD in {more} of {len(wide)} rows of teachers; its guarantee is "
        f"above zero in {safe['margin'].sum()} of {len(safe)} pools, RAD's in {safe['rad'].sum()}."
    )


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
                    shown["deviation"], shown["probability"], ls=style, color=colour, lw=1.6
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
    legend_above(figure, handles, _CURVES, columns=3)
    takeaway(figure, _under_bounds(tails))
    return save(figure, path, tails)


def _under_bounds(tails: pd.DataFrame) -> str:
    """How often a measured tail lies above a bound of its design."""
    measured = tails["curve"] == "measured"
    both = tails[measured].merge(tails[~measured], on=["design", "deviation"])
    above = int((both["probability_x"] > both["probability_y"]).sum())
    return f"A measured tail lies above a bound in {above} of {len(both)} comparisons."


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
    off = {name: float(np.abs(table[name] - table["promised"]).max()) for name in list(table)[1:]}
    if off:
        takeaway(
            figure,
            "Farthest from what was promised: "
            + ", ".join(f"{name} by {x:.2g}" for name, x in off.items())
            + ".",
        )
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
    least = float(curves["kept"].min())
    if least < -1:
        axis.set_yscale("symlog", linthresh=1)
        axis.axhspan(1.1 * least, -1, color="0.9", lw=0, zorder=0)
        axis.set_ylabel("guarantee kept, as a share of V(m)\n(grey: logarithmic)")
        ticks = [x for x in (-100.0, -30.0, -10.0, -3.0) if x > 1.1 * least]
        ticks += [-1, -0.5, 0, 0.5, 1]
        axis.set_yticks(ticks, [f"{x:g}".replace("-", "\N{MINUS SIGN}") for x in ticks])
        axis.minorticks_off()
    axis.set_ylim(min(-1.0, 1.1 * least), 1.1)
    axis.legend(frameon=False)
    bare(axis)
    takeaway(figure, _kept(curves))
    return save(figure, path, curves)


def _kept(curves: pd.DataFrame) -> str:
    """What is kept of the guarantee with half and with twice the mistakes."""
    said = []
    for ratio, words in ((0.5, "half"), (2.0, "twice")):
        kept = [
            float(np.interp(ratio, rows["ratio"], rows["kept"]))
            for _, rows in curves.sort_values("ratio").groupby("instance", sort=False)
        ]
        share = " to ".join(dict.fromkeys(f"{x:.0%}" for x in (min(kept), max(kept))))
        said.append(f"{words} the mistakes keeps {share}")
    return f"Believing {' of the guarantee, '.join(said)}."


@in_our_style
def scorecard_plot(card: pd.DataFrame, path: str | Path) -> Picture:
    """Exact guarantee of every selector as a share of RAD's.

    Far below zero the axis is squeezed, on a grey ground, and every number is written out.
    """
    instances = list(dict.fromkeys(card["instance"]))
    selectors = list(dict.fromkeys(card["selector"]))
    figure, grid, axes = panels(
        len(instances), 2, 3.6 if len(instances) > 1 else 6, 0.27 * len(selectors) + 0.8
    )
    for axis, instance in zip(axes, instances, strict=True):
        part = card[card["instance"] == instance].set_index("selector").reindex(selectors)
        share_marks(axis, part["share"], _SELECTORS)
        axis.set_title(instance, fontsize=10)
    for axis in axes[-len(grid[0]) :]:
        axis.set_xlabel(f"guarantee W(q) / RAD's, V; {SQUEEZED}")
    takeaway(figure, _below_zero(card))
    return save(figure, path, card)


def _below_zero(card: pd.DataFrame) -> str:
    """Who promises nothing, and where."""
    n = card["instance"].nunique()
    bad = card[card["share"] < 0].groupby("selector", sort=False).size()
    if not len(bad):
        return "No selector's guarantee is below zero."
    said = ", ".join(f"{name} in {count}" for name, count in bad.items())
    return f"A guarantee below zero, a loss at worst, out of {n} pool{'s'[: n > 1]}: {said}."
