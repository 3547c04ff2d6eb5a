"""One style for all pictures: colours, bare axes, and saving whole or not at all."""

from __future__ import annotations

import gzip
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from radsim.writing import write_whole

__all__ = [
    "COLOURS",
    "Picture",
    "bare",
    "in_our_style",
    "legend_above",
    "panels",
    "plt",
    "save",
    "takeaway",
]

P = ParamSpec("P")
R = TypeVar("R")

# Format -> how its date is left out.
UNDATED: dict[str, dict[str, None]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}

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


@dataclass(frozen=True)
class Picture:
    """Picture that was saved; notebooks show it.

    Attributes
    ----------
    path : Path
        Of the file; of the PNG, if it was saved as PNG and SVG.
    """

    path: Path

    def _repr_png_(self) -> bytes | None:
        return self.path.read_bytes() if self.path.suffix == ".png" else None


def in_our_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw as matplotlib is made, whatever a user's matplotlibrc or program has set."""

    @wraps(draw)
    def drawn(*arguments: P.args, **options: P.kwargs) -> R:
        with plt.style.context("default"):
            return draw(*arguments, **options)

    return drawn


def bare(axis: Axes) -> None:
    """No frame above and at the right."""
    axis.spines[["top", "right"]].set_visible(False)


def panels(
    n: int, most_columns: int, width: float, height: float, *, share: bool = False
) -> tuple[Figure, Any, list[Axes]]:
    """A figure with n panels, row by row: it, the whole grid, and the axes that are used.

    It is wide enough for legends and a sentence below, however few the panels.
    """
    n_columns = min(most_columns, n)
    n_rows = -(-n // n_columns)
    figure, grid = plt.subplots(
        n_rows,
        n_columns,
        figsize=(max(6.4, width * n_columns), height * n_rows + 0.6),
        squeeze=False,
        layout="constrained",
        sharex=share,
        sharey=share,
    )
    for axis in grid.flat[n:]:
        axis.set_visible(False)
    return figure, grid, list(grid.flat[:n])


def legend_above(
    figure: Figure, handles: Mapping[str, Any], order: Iterable[str], columns: int = 6
) -> None:
    """One legend for all panels, in the order given, names without a handle left out."""
    names = [name for name in order if name in handles]
    figure.legend(
        [handles[name] for name in names],
        names,
        loc="outside upper center",
        ncols=min(columns, len(names)),
        frameon=False,
    )


def takeaway(figure: Figure, words: str) -> None:
    """Write below a picture, in one sentence, what its numbers say; `save` keeps it in the file."""
    said = figure.supxlabel("", x=0.01, ha="left", fontsize=9, color="0.25")
    # Letters of nine points an inch, fewer of wide ones.
    for letters in range(int(16 * figure.get_figwidth()), 10, -3):
        said.set_text(textwrap.fill(words, letters))
        if said.get_window_extent().width < 0.97 * figure.bbox.width:
            break


def _said(figure: Figure) -> str:
    return " ".join(figure.get_supxlabel().split())


def save(figure: Figure, path: str | Path, table: pd.DataFrame | None = None) -> Picture:
    """Write the picture and close it.

    A path with a suffix gets that format alone.  Without one the picture is written as .svg and
    .png, and the numbers behind it as .csv.  Both hold the takeaway as their description, and the
    PNG is the picture that is returned.
    """
    target = Path(path)
    if target.suffix:
        _draw(figure, target)
    else:
        for suffix in (".svg", ".png"):
            _draw(figure, target.with_name(target.name + suffix))
        if table is not None:
            write_whole(target.with_name(f"{target.name}.csv"), table.to_csv(index=False))
        target = target.with_name(f"{target.name}.png")
    plt.close(figure)
    return Picture(target)


def _draw(figure: Figure, path: Path) -> None:
    kind = path.suffix[1:].lower()
    if kind != "png":
        write_whole(path, _undated(figure, kind))
        return
    # Few colours: a third of the size, which counts in notebooks.
    drawn, packed = BytesIO(), BytesIO()
    figure.savefig(drawn, dpi=150, format="png")
    # By coverage: the mean of a box of colours would turn a rare mark into its neighbour's hue.
    few = Image.open(drawn).convert("RGB")
    few = few.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    said = PngInfo()
    if words := _said(figure):
        said.add_itxt("Description", words)
    few.save(packed, "png", optimize=True, pnginfo=said)
    write_whole(path, packed.getvalue())


def _undated(figure: Figure, kind: str) -> bytes:
    """Neither date nor random ids: the same numbers give the same file."""
    if kind == "svgz":
        return gzip.compress(_undated(figure, "svg"), mtime=0)
    drawn = BytesIO()
    about: dict[str, str | None] = dict(UNDATED.get(kind, {}))
    if kind == "svg" and (words := _said(figure)):
        about["Description"] = words
    with matplotlib.rc_context({"svg.hashsalt": "radsim"}):
        figure.savefig(drawn, format=kind, metadata=about or None)
    if kind in ("ps", "eps"):
        return re.sub(rb"%%CreationDate:[^\n]*\n", b"", drawn.getvalue(), count=1)
    return drawn.getvalue()
