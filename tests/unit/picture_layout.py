"""What is asked of the layout of any picture: of a figure before it is closed."""

from itertools import combinations

import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text


def drawn_texts(figure):
    """Every text that is drawn and its box: a tick beyond the axis has a name but is not drawn."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        draw = Text.draw

        def seen(text, renderer, *rest, **options):
            if text.get_visible() and text.get_text().strip():
                found.append(text)
            return draw(text, renderer, *rest, **options)

        patch.setattr(Text, "draw", seen)
        figure.canvas.draw()
    return [(text.get_text(), text.get_window_extent()) for text in dict.fromkeys(found)]


def overlaps(figure):
    """Pairs of texts that lie on each other."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(drawn_texts(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2
    ]


def cut(figure):
    """Texts that the edge of the picture cuts, and how far anything at all sticks out."""
    width, height = figure.bbox.size
    out = [
        text
        for text, box in drawn_texts(figure)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    tight, (wide, high) = figure.get_tightbbox(), figure.get_size_inches()
    far = max(-tight.x0, -tight.y0, tight.x1 - wide, tight.y1 - high)
    return out + [f"{far:.2f} inches"] * bool(far > 0.02)


def told_by_hue_alone(figure):
    """Shapes, marker and dashes, that one panel has in two colours; caps and rules aside."""
    found = []
    for axis in figure.axes:
        colours = {}
        for line in axis.findobj(Line2D):
            if line.get_transform() != axis.transData or not len(line.get_xdata()):
                continue
            if line.get_marker() in ("|", "_") and line.get_linestyle() == "None":
                continue
            # matplotlib keeps what it makes of a style to itself; `:` and a tuple of dashes differ.
            shape = line.get_marker(), str(line._dash_pattern), line.get_linestyle() == "None"
            colours.setdefault(shape, set()).add(str(line.get_color()))
        found += [shape for shape, hues in colours.items() if len(hues) > 1]
    return found
