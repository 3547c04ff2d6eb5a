"""Picture of a conjecture: what it bounds against the bound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.door import Array
from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save, takeaway

__all__ = ["sides_plot"]

# Above it a few games are often far larger than all others, and the axes are logarithmic.
LARGEST_LINEAR = 20


@in_our_style
def sides_plot(pairs: Array, left: str, right: str, path: str | Path) -> Picture:
    """Left side of a comparison against its right side: a dot for each, equal ones on the line.

    Parameters
    ----------
    pairs : ndarray, shape (k, 2)
    left, right : str
        What the sides are, and in which unit.
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
    figure, axis = plt.subplots(figsize=(5.4, 5.4), layout="constrained")
    low, high = (float(pairs.min()), float(pairs.max())) if len(pairs) else (0.0, 1.0)
    axis.plot([low, high], [low, high], color=COLOURS["black"], lw=0.8, ls=":")
    axis.plot(pairs[:, 1], pairs[:, 0], ".", color=COLOURS["blue"], ms=4, alpha=0.5)
    # The dotted line spans the range of both sides: equal axes, and a square of them.
    axis.set_box_aspect(1)
    if max(-low, high) > LARGEST_LINEAR:
        axis.set_xscale("symlog", linthresh=1)
        axis.set_yscale("symlog", linthresh=1)
    for label, text in ((axis.set_ylabel, left), (axis.set_xlabel, right)):
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        label(shown.replace("$", r"\$"))
    bare(axis)
    near = np.isclose(pairs[:, 0], pairs[:, 1], rtol=1e-9, atol=1e-12)
    above = int(np.sum(~near & (pairs[:, 0] > pairs[:, 1])))
    takeaway(
        figure,
        f"Of {len(pairs)} comparison{'' if len(pairs) == 1 else 's'} {int(near.sum())} lie on the "
        f"dotted line, where both sides agree, {above} above it and "
        f"{len(pairs) - above - int(near.sum())} below.",
    )
    return save(figure, path, pd.DataFrame({"left": pairs[:, 0], "right": pairs[:, 1]}))
