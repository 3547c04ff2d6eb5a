r"""Values as they are shown in a notebook: a small table of names and figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

__all__ = ["Image", "figure", "html_table"]


@dataclass(frozen=True, repr=False)
class Image:
    """Image that a notebook shows.

    Attributes
    ----------
    png : bytes

    Examples
    --------
    >>> Image(b"...")
    <Image: 3 bytes of PNG>
    """

    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png

    def __repr__(self) -> str:
        return f"<Image: {len(self.png)} bytes of PNG>"


def figure(value: object) -> str:
    """Text of a figure: eight digits of a number, anything else as it is.

    Examples
    --------
    >>> figure(1 / 7), figure(3), figure("closed_form")
    ('0.14285714', '3', 'closed_form')
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        return f"{float(value):.8g}"
    return str(value)


def html_table(title: str, rows: Iterable[tuple[str, object]]) -> str:
    """A title and a table of two columns, in HTML that needs no style sheet.

    Examples
    --------
    >>> html_table("Verdict", [("status", "<HOLDS>")])
    '<table><caption>Verdict</caption><tr><th>status</th><td>&lt;HOLDS&gt;</td></tr></table>'
    """
    from html import escape  # for notebooks alone

    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(figure(value))}</td></tr>" for name, value in rows
    )
    return f"<table><caption>{escape(title)}</caption>{cells}</table>"
