"""Pictures of `radsim distill --study`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.distillation.study.protocol import GOAL, LIMITS, NOBODY
from radsim.plots.labels import label_points
from radsim.plots.style import COLOURS, bare, in_our_style, panels, plt, save, takeaway

__all__ = ["frontier_plot", "goal_plot", "price_plot"]

# The strategies that a reader looks for first; the rest is drawn small and grey.
_STYLES = {
    "margin": (COLOURS["vermilion"], "s"),
    "uniform": (COLOURS["green"], "^"),
    NOBODY: (COLOURS["purple"], "v"),
    "guarded": (COLOURS["blue"], "o"),
    "guarded abstaining": (COLOURS["sky"], "P"),
    GOAL: (COLOURS["black"], "D"),
    "audited abstaining": (COLOURS["orange"], "X"),
}


@in_our_style
def goal_plot(table: pd.DataFrame, path: str | Path) -> None:
    """Mean differences of the goal's selector by noise model, with intervals that hold together.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `tables.goal`, by noise model.
    path : str or Path
    """
    figure, _, (axis,) = panels(1, 1, 6.8, 0.26 * len(table) + 1.4)
    at = np.arange(len(table))[::-1]
    low = table["low"] if "low" in table else table["reference"]
    high = table["high"] if "high" in table else table["reference"]
    axis.hlines(at, low, high, color=COLOURS["black"], lw=1.2)
    axis.plot(
        table["reference"],
        at,
        "D",
        color=COLOURS["black"],
        ms=5,
        label="better of margin and uniform",
    )
    axis.plot(
        table["trusted"],
        at,
        "v",
        color=COLOURS["purple"],
        mfc="none",
        ms=6,
        label="trusted labels alone (A + V)",
    )
    axis.axvline(0, color=COLOURS["grey"], lw=0.8)
    axis.axvline(LIMITS.margin, color=COLOURS["vermilion"], lw=0.9, ls="--")
    axis.set_yticks(at, table["noise"])
    axis.set_xlabel(f"{GOAL} minus ..., points of accuracy; dashed: the limit")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    bare(axis)
    least = table.loc[table["reference"].idxmin()]
    takeaway(
        figure,
        f"Lowest against the better of margin and uniform: {least['noise']}, "
        f"{least['reference']:+.2f} points; lowest against the trusted labels alone: "
        f"{table['trusted'].min():+.2f}. Bars are 95 % intervals for all noise models together.",
    )
    save(figure, path)


@in_our_style
def frontier_plot(points: pd.DataFrame, path: str | Path) -> None:
    """Every strategy a point: mistakes at random across, the hidden adversary upwards.

    Parameters
    ----------
    points : pandas.DataFrame
        Of `tables.frontier`.
    path : str or Path
    """
    figure, axis = plt.subplots(figsize=(7.2, 5.6), layout="constrained")
    named = points["strategy"].isin(_STYLES)
    axis.plot(points.loc[~named, "random"], points.loc[~named, "hidden"], ".", color="0.6", ms=5)
    for row in points[named].itertuples():
        colour, marker = _STYLES[row.strategy]
        axis.plot(row.random, row.hidden, marker, color=colour, ms=8)
    axis.axhline(0, color=COLOURS["grey"], lw=0.8)
    axis.axvline(0, color=COLOURS["grey"], lw=0.8)
    axis.axhline(LIMITS.margin, color=COLOURS["vermilion"], lw=0.8, ls="--")
    axis.axvline(LIMITS.margin, color=COLOURS["vermilion"], lw=0.8, ls="--")
    axis.set_xlabel("mistakes at random (gain^0): points against the better of margin and uniform")
    axis.set_ylabel("hidden adversary: points, same reference")
    axis.margins(0.12)
    bare(axis)
    inside = points[(points["random"] >= LIMITS.margin) & (points["hidden"] >= LIMITS.margin)]
    takeaway(
        figure,
        f"{len(inside)} of {len(points)} strategies are within one point of the better of margin "
        f"and uniform in both: {', '.join(inside['strategy'][:8])}"
        f"{' ...' if len(inside) > 8 else ''}.",
    )
    shown = points[named] if len(points) > 30 else points
    label_points(
        axis,
        shown[["random", "hidden"]].to_numpy(),
        list(shown["strategy"]),
        [_STYLES.get(x, ("0.35", "."))[0] for x in shown["strategy"]],
        [8.0] * len(shown),
    )
    save(figure, path)


@in_our_style
def price_plot(table: pd.DataFrame, path: str | Path) -> None:
    """Where asking the teacher is worth its cost, by the price of a trusted label and the noise.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `tables.prices`.
    path : str or Path
    """
    table = table.assign(row=table["noise"] + table["rate"].map("  {:g}".format))
    wide = table.pivot(index="row", columns="price", values="goal")
    wide = wide.loc[list(dict.fromkeys(table["row"]))]
    figure, axis = plt.subplots(figsize=(6.8, 0.2 * len(wide) + 2.6), layout="constrained")
    reach = max(1.0, float(np.abs(wide.to_numpy()).max()))
    image = axis.pcolormesh(
        wide.to_numpy(), cmap="PuOr", vmin=-reach, vmax=reach, edgecolor="white"
    )
    for (i, j), x in np.ndenumerate(wide.to_numpy()):
        colour = "white" if abs(x) > 0.6 * reach else "black"
        axis.text(j + 0.5, i + 0.5, f"{x:+.1f}", ha="center", va="center", size=7, color=colour)
    axis.set_xticks(np.arange(wide.shape[1]) + 0.5, [str(x) for x in wide.columns])
    axis.set_yticks(np.arange(len(wide)) + 0.5, wide.index, size=7)
    axis.invert_yaxis()
    axis.set_xlabel("price of a trusted label, in answers of the teacher")
    figure.colorbar(image, ax=axis, label="points")
    shares = [f"{(wide[p] > 0).mean():.0%} at {p}" for p in wide.columns]
    takeaway(
        figure,
        f"{GOAL} less true labels of the same cost. Noise models and rates at which asking "
        f"the teacher is ahead, by the price of a label: {', '.join(shares)}.",
    )
    save(figure, path)
