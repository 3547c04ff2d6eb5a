"""One style for all pictures: colours, bare axes, and saving whole or not at all."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["COLOURS", "bare", "plt", "save"]

# Okabe and Ito: safe for colour-blind eyes.
COLOURS = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "grey": "#8C8C8C",
}


def bare(axis: Axes) -> None:
    """No frame above and at the right."""
    axis.spines[["top", "right"]].set_visible(False)


def save(figure: Figure, path: str | Path) -> None:
    """Write the picture in the format of its suffix (PNG without one), and close it."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    figure.savefig(part, dpi=150, format=target.suffix.lstrip(".") or "png")
    plt.close(figure)
    part.replace(target)
