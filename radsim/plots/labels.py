"""Names beside their points: none on another, and no line from a name across another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from radsim.door import Array

__all__ = ["cross", "label_points"]

# Where a name may stand: directions, the plainest first, and distances in points.
_WAYS = np.deg2rad([0, 180, 90, 270, 45, 315, 135, 225, 22, 338, 158, 202, 67, 293, 113, 247])
_STEPS = (1.0, 4.0, 9.0, 14.0, 20.0, 27.0, 35.0, 44.0, 55.0, 70.0, 88.0, 110.0, 138.0, 172.0, 215.0)
_NEAR = 4.0  # up to here a name needs no line


def cross(a: Array, b: Array, c: Array, d: Array) -> bool:
    """Whether the segments a-b and c-d cross.

    Examples
    --------
    >>> cross(*np.array([[0, 0], [1, 1], [0, 1], [1, 0]]))
    True
    """

    def side(p: Array, q: Array, r: Array) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _box(at: Array, way: float, step: float, size: Array) -> Bbox:
    """The box of a name whose nearest edge lies so far from its point."""
    toward = np.array([np.cos(way), np.sin(way)])
    centre = at + step * toward + np.sign(np.round(toward, 6)) * size / 2
    return Bbox([centre - size / 2, centre + size / 2])


def _through(box: Bbox, a: Array, b: Array) -> bool:
    """Whether a segment runs through a box."""
    steps = np.linspace(0, 1, 40)[:, None]
    return bool(box.count_contains(a + steps * (b - a)))


def label_points(
    axis: Axes,
    at: Array,
    names: Sequence[str],
    colours: Sequence[str],
    marks: Sequence[float],
    size: float = 7.5,
) -> None:
    """Write the names of points beside them; of crowded ones farther off, at the end of a line.

    The layout is settled first and stays: what is drawn later moves nothing.

    Parameters
    ----------
    axis : Axes
    at : ndarray, shape (k, 2)
    names, colours : sequence of str
    marks : sequence of float
        Sizes of the marks at the points, in points.
    size : float
        Of the letters, in points.

    Raises
    ------
    ValueError
        If there is no room for a name.
    """
    figure = axis.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    figure.set_layout_engine("none")
    unit = figure.dpi / 72
    places = axis.transData.transform(np.asarray(at, dtype=float))
    frame = axis.get_window_extent()
    texts, sizes = [], []
    for name, colour in zip(names, colours, strict=True):
        text = axis.annotate(name, (0, 0), fontsize=size, color=colour, annotation_clip=False)
        text.set_path_effects([withStroke(linewidth=2, foreground="white")])
        box = text.get_window_extent()
        texts.append(text)
        sizes.append(np.array([box.width + 2 * unit, box.height]))
    # A diamond reaches farthest: half of its size times the root of two.
    halves = [(0.72 * mark + 1.5) * unit for mark in marks]
    spots = [Bbox([p - half, p + half]) for p, half in zip(places, halves, strict=True)]
    taken: list[Bbox] = []
    lines: list[tuple[Array, Array]] = []
    # The most crowded first: they have the fewest places.
    crowds = [places[np.hypot(*(places - p).T) < 60 * unit] for p in places]
    for k in sorted(range(len(names)), key=lambda k: -len(crowds[k])):
        p = places[k]
        # Lines lead away from the crowd, so that they seldom meet.
        out = np.arctan2(*(p - crowds[k].mean(axis=0))[::-1])
        away = _WAYS[np.argsort(-np.cos(_WAYS - out), kind="stable")]
        # Lines across others only where there is no way without.
        for strict, step, j in product((True, False), _STEPS, range(len(_WAYS))):
            way = (_WAYS if step <= _NEAR else away)[j]
            box = _box(p, way, halves[k] + step * unit, sizes[k])
            end = np.clip(p, box.min, box.max)
            inside = frame.x0 <= box.x0 and box.x1 <= figure.bbox.x1 - 2 * unit
            if not (inside and frame.y0 <= box.y0 and box.y1 <= frame.y1):
                continue
            if any(box.overlaps(x) for x in (*taken, *spots)):
                continue
            lined = step > _NEAR
            across = any(_through(box, *line) for line in lines) or (
                lined
                and (
                    any(cross(p, end, *line) for line in lines)
                    or any(_through(x, p, end) for x in taken)
                )
            )
            if strict and across:
                continue
            break
        else:
            raise ValueError(f"no room for the name {names[k]!r}")
        taken.append(box)
        back = axis.transData.inverted().transform
        texts[k].set_position(tuple(back([box.x0 + unit, (box.y0 + box.y1) / 2])))
        texts[k].set_verticalalignment("center")
        if lined:
            lines.append((p, end))
            leader = LineCollection([back([p, end])], color=colours[k], lw=0.5, zorder=1)
            axis.add_collection(leader, autolim=False)
