"""Picture of a conjecture: what it bounds against the bound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.door import Array
from radsim.plots.style import COLOURS, Picture, bare, plt, save

__all__ = ["sides_plot"]


def sides_plot(pairs: Array, left: str, right: str, path: str | Path) -> Picture:
    """Left side of a comparison against its right side, a dot a game; equal ones on the line.

    Parameters
    ----------
    pairs : ndarray, shape (k, 2)
    left, right : str
        What the sides are.
    path : str or Path
        Its suffix picks the format; without one the picture is written as PNG, SVG and CSV.

    Returns
    -------
    Picture
        Shown by a notebook.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     sides_plot(np.array([[1.0, 2.0]]), "V", "max(g)", f"{place}/a.png").path.name
    'a.png'
    """
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    figure, axis = plt.subplots(figsize=(5.4, 5), layout="constrained")
    low, high = (float(pairs.min()), float(pairs.max())) if len(pairs) else (0.0, 1.0)
    axis.plot([low, high], [low, high], color=COLOURS["black"], lw=0.8, ls=":")
    axis.plot(pairs[:, 1], pairs[:, 0], ".", color=COLOURS["blue"], ms=4, alpha=0.5)
    # A few games are far larger than all others.
    axis.set_xscale("symlog", linthresh=1)
    axis.set_yscale("symlog", linthresh=1)
    for label, text in ((axis.set_ylabel, left), (axis.set_xlabel, right)):
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        label(shown.replace("$", r"\$"))
    axis.set_title(f"{len(pairs)} games; equal sides lie on the dotted line", fontsize=10)
    bare(axis)
    return save(figure, path, pd.DataFrame({"left": pairs[:, 0], "right": pairs[:, 1]}))
