"""An axis whose far negative end is squeezed, and says so, in place of bars that are cut."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from radsim.door import Array
from radsim.plots.style import COLOURS, bare

__all__ = ["SQUEEZED", "share_marks", "squeeze", "squeezed"]

# What the label of such an axis says.
SQUEEZED = "grey: squeezed"
# Share of the width that the squeezed part takes.
_SHARE = 0.24


def squeezed(x: Array, edge: float, times: float) -> Array:
    """Place on the axis: as it is from the edge on, below it nearer to the edge so many times.

    Examples
    --------
    >>> squeezed(np.array([-9.0, -1.0, 0.5]), -1.0, 4.0).tolist()
    [-3.0, -1.0, 0.5]
    """
    x = np.asarray(x, dtype=float)
    return np.where(x < edge, edge + (x - edge) / times, x)


def squeeze(axis: Axes, values: Array, edge: float) -> None:
    """Show all values: plain from the edge on, and squeezed on a grey ground what lies below.

    Parameters
    ----------
    axis : Axes
    values : ndarray
        All that is drawn along x; what is not finite does not count.
    edge : float
        At or below zero.
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    plain = (high - edge) or 1.0
    room = plain * _SHARE / (1 - _SHARE)
    if low >= edge - room:  # as near as the squeezed part would be wide: nothing to squeeze
        wide = (high - low) or 1.0
        axis.set_xlim(low - 0.05 * wide, high + 0.05 * wide)
        axis.xaxis.set_major_locator(MaxNLocator(6))
        return
    times = (edge - low) / room
    axis.set_xscale(
        "function",
        functions=(
            lambda x: squeezed(x, edge, times),
            lambda x: squeezed(x, edge, 1 / times),
        ),
    )
    axis.set_xlim(low - 0.05 * (plain + room) * times, high + 0.05 * (plain + room))
    axis.axvspan(axis.get_xlim()[0], edge, color="0.9", lw=0, zorder=0)
    ticks = MaxNLocator(4).tick_values(edge, high)
    lowest = float(f"{low:.2g}")
    axis.set_xticks([lowest, *(x for x in ticks if edge <= x <= high + 1e-12)])
    axis.xaxis.set_major_formatter(lambda x, _: f"{x:.3g}".replace("-", "\N{MINUS SIGN}"))


def share_marks(axis: Axes, shares: pd.Series, looks: Mapping[str, tuple[str, str]]) -> None:
    """A row a name: a mark at its share, a stem from zero, and the number at the right.

    Parameters
    ----------
    axis : Axes
    shares : pandas.Series
        By name; NaN has no mark.
    looks : mapping
        Name -> colour and marker of those that a reader looks for; the others are grey dots.
    """
    squeeze(axis, shares.to_numpy(), -1.0)
    axis.axvline(0, color=COLOURS["black"], lw=0.8)
    for row, (name, share) in enumerate(shares.items()):
        there = np.isfinite(share)
        if there:
            colour, marker = looks.get(str(name), (COLOURS["grey"], "."))
            axis.hlines(row, min(0, share), max(0, share), color=colour, lw=1.4, alpha=0.6)
            axis.plot(share, row, marker, color=colour, ms=8 if marker == "." else 6)
        axis.annotate(
            f"{share:.2f}" if there else "none",
            (1.01, row),
            xycoords=axis.get_yaxis_transform(),
            va="center",
            fontsize=8,
        )
    axis.set_yticks(range(len(shares)), shares.index)
    axis.set_ylim(len(shares) - 0.5, -0.5)
    axis.grid(axis="y", lw=0.3, alpha=0.5)
    bare(axis)
