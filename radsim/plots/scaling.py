"""Picture of running times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save, takeaway

__all__ = ["scaling_plot"]

_HUES = ("blue", "vermilion", "green", "purple", "orange", "sky", "black", "grey")
_MARKERS = "osD^vP*X"


@in_our_style
def scaling_plot(times: pd.DataFrame, path: str | Path) -> Picture:
    """Running time of every method against the number of points, as from `timings`.

    A hollow mark is a run whose certificate was refused; what was not run is not drawn.
    """
    times = times[times["seconds"].notna()]
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for k, (method, rows) in enumerate(times.groupby("method", sort=False)):
        # Where the colours begin again, other marks and broken lines go with them.
        again = k // len(_HUES)
        colour, marker = COLOURS[_HUES[k % len(_HUES)]], _MARKERS[(k + again) % len(_MARKERS)]
        line = ("-", "--", ":")[again % 3]
        axis.plot(
            rows["n"], rows["seconds"], marker + line, color=colour, lw=1.3, ms=6, label=str(method)
        )
        part = rows[~rows["accepted"].astype(bool)]
        axis.plot(part["n"], part["seconds"], marker, color=colour, ms=6, mfc="white")
    axis.set_xscale("log")
    axis.set_yscale("log")
    places = _apart(sorted(times["n"].unique()))
    axis.set_xticks(places, [f"{int(n):,}" for n in places])
    axis.xaxis.minorticks_off()
    axis.set_xlabel("points in the pool, n")
    axis.set_ylabel("time of one solution (s)")
    axis.grid(lw=0.4, alpha=0.5)
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    bare(axis)
    if len(times):
        takeaway(figure, _fastest(times))
    return save(figure, path, times)


def _apart(sizes: list[float]) -> list[float]:
    """Sizes whose names do not meet: at least a ninth of the axis between them."""
    kept = sizes[:1]
    for n in sizes[1:]:
        if np.log(n / kept[-1]) > np.log(sizes[-1] / sizes[0]) / 9:
            kept.append(n)
    return kept


def _fastest(times: pd.DataFrame) -> str:
    """The fastest and the slowest at the largest pool, and how many answers were refused."""
    last = times[times["n"] == times["n"].max()].sort_values("seconds")
    ends = [last.iloc[0]] if len(last) == 1 else [last.iloc[0], last.iloc[-1]]
    said = ", slowest ".join(f"{row['method']} with {row['seconds']:.2g} s" for row in ends)
    refused = int((~times["accepted"].astype(bool)).sum())
    return (
        f"At n = {int(last.iloc[0]['n']):,} fastest is {said}; {refused} of {len(times)} answers "
        f"were refused{' (hollow)' if refused else ''}."
    )
