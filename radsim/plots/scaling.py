"""Picture of running times."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save

__all__ = ["scaling_plot"]

_HUES = ("blue", "vermilion", "green", "purple", "orange", "sky", "black", "grey")
_MARKERS = "osD^vP*X"


@in_our_style
def scaling_plot(times: pd.DataFrame, path: str | Path) -> Picture:
    """Running time of every method against the number of points, as from `timings`.

    A hollow mark is a run whose certificate was refused.
    """
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for k, (method, rows) in enumerate(times.groupby("method", sort=False)):
        colour, marker = COLOURS[_HUES[k % len(_HUES)]], _MARKERS[k % len(_MARKERS)]
        axis.plot(rows["n"], rows["seconds"], color=colour, lw=1.3)
        for accepted, part in rows.groupby("accepted"):
            axis.plot(
                part["n"],
                part["seconds"],
                marker,
                color=colour,
                ms=6,
                mfc=colour if accepted else "white",
            )
        axis.plot([], [], marker + "-", color=colour, lw=1.3, ms=6, label=str(method))
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("points in the pool, n")
    axis.set_ylabel("time of one solution (s)")
    axis.grid(lw=0.4, alpha=0.5)
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    bare(axis)
    return save(figure, path, times)
