"""Picture of claims: what is measured against what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.plots.style import COLOURS, Picture, bare, in_our_style, panels, save, takeaway

__all__ = ["scatter_plot"]

# Kind -> colour, marker, and what the claim says.
KINDS = {
    "tight": (COLOURS["blue"], "o", "tight: on the line"),
    "lower": (COLOURS["green"], "^", "lower: on the line or above"),
    "upper": (COLOURS["vermilion"], "v", "upper: on the line or below"),
}
# Between the least and the largest size; above it most dots would sit in a corner.
LARGEST_LINEAR = 50
# On logarithmic axes sizes below it count as zero.
SMALLEST = 1e-3


@in_our_style
def scatter_plot(frame: pd.DataFrame, path: str | Path) -> Picture:
    """Measured against stated, one panel a claim: a dot for each comparison, equal ones on a line.

    Both are in units of the scale of their comparison.  The comparison of least slack is framed
    and named.  A dot that lies off the line by more than its kind allows is a false claim.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `radsim.analysis.side_by_side`.
    path : str or Path
        Its suffix picks the format; without one the picture is written as PNG, SVG and CSV.

    Returns
    -------
    Picture
        Shown by a notebook.

    Raises
    ------
    ValueError
        If no row has both sides.

    Examples
    --------
    >>> import tempfile
    >>> from radsim.analysis import side_by_side
    >>> with tempfile.TemporaryDirectory() as place:
    ...     scatter_plot(side_by_side(["V1"], n_instances=2), f"{place}/a.png").path.name
    'a.png'
    """
    shown = frame[np.isfinite(frame[["bound", "measured"]]).all(axis=1)].reset_index(drop=True)
    if shown.empty:
        raise ValueError("frame must have a row with both sides finite")
    claims = list(dict.fromkeys(shown["claim"]))
    alone = len(claims) == 1
    figure, _, axes = panels(len(claims), 3, 4.4 if alone else 3.4, 4.0 if alone else 3.5)
    handles = {}
    for axis, claim in zip(axes, claims, strict=True):
        rows = shown[shown["claim"] == claim]
        ends = rows[["bound", "measured"]].to_numpy()
        low, high = float(ends.min()), float(ends.max())
        room = 0.05 * (high - low) or 0.05
        span = np.array([low - room, high + room])
        sizes = np.abs(ends[ends != 0])
        logarithmic = bool(sizes.size and sizes.max() > LARGEST_LINEAR * np.median(sizes))
        if logarithmic:
            span = np.array([2 * low if low < 0 else low / 2, 2 * high if high > 0 else high / 2])
            for scale in (axis.set_xscale, axis.set_yscale):
                scale("symlog", linthresh=max(SMALLEST, float(np.median(sizes)) / 10))
        axis.plot(span, span, color=COLOURS["grey"], lw=1, zorder=1)
        for kind, (colour, marker, says) in KINDS.items():
            part = rows[rows["kind"] == kind]
            if len(part):
                (drawn,) = axis.plot(
                    part["bound"], part["measured"], marker, color=colour, ms=5, alpha=0.55, mew=0
                )
                handles[says] = drawn
        worst = rows.loc[rows["slack"].idxmin()]
        axis.plot(worst["bound"], worst["measured"], "s", ms=12, mfc="none", mec=COLOURS["black"])
        axis.set(xlim=span, ylim=span)
        axis.set_box_aspect(1)
        axis.locator_params(nbins=5) if not logarithmic else None
        axis.set_xlabel("what the claim says")
        axis.set_ylabel("what is measured")
        axis.set_title(
            f"{claim}: least slack {worst['slack']:.1e}\n{_short(str(worst['label']))}", fontsize=9
        )
        bare(axis)
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside upper center",
        ncols=1 if alone else 3,
        frameon=False,
        fontsize=9,
    )
    least = shown.loc[shown["slack"].idxmin()]
    hold = int((shown["status"] == "HOLDS").sum())
    takeaway(
        figure,
        f"{hold} of {len(shown)} comparisons hold; the closest call, of {least['claim']}, has a "
        f"slack of {least['slack']:.1e} of its scale.",
    )
    return save(figure, path, shown)


def _short(label: str) -> str:
    """Of a title's width, with a dollar sign that starts no formula."""
    return (label if len(label) <= 40 else f"{label[:38]}...").replace("$", r"\$")
