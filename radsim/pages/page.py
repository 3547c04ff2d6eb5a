r"""Write a run's report, or the explorer, as one HTML page that needs no network."""

from __future__ import annotations

import base64
import math
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from numbers import Integral, Real
from typing import Any

import jinja2
import pandas as pd
from markdown_it import MarkdownIt
from markupsafe import Markup

from radsim.pages.folder import Figure, Run, Table
from radsim.pages.pictures import readable_width, said_of

__all__ = ["explorer_page", "report_page"]

# Rows of a table that the page holds; the rest stays in its file.
MOST_ROWS = 1000
MOST_FAILURES = 200
MOST_TEXT = 2000  # characters of a cell


def _asset(name: str) -> str:
    return files("radsim.pages").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    environment.filters |= {"words": words, "data": _data, "number": _number}
    environment.filters |= {"said": _said, "least": _least}
    environment.tests["number"] = _is_number
    return environment


def _visible(x: Any) -> Any:
    """What is put into a page, with nothing in it that cannot be seen."""
    if not isinstance(x, str) or isinstance(x, Markup) or x.isprintable():
        return x
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in x)


def explorer_page() -> str:
    """Make the explorer: a page with gains to drag, on which the closed forms are computed.

    Returns
    -------
    str
        HTML with all that it needs inside.

    Examples
    --------
    >>> "radsim explorer" in explorer_page()
    True
    """
    return (
        _templates()
        .get_template("explorer.html")
        .render(
            style=Markup(_asset("style.css")),
            solver=Markup(_asset("solver.js")),
            proof=Markup(_asset("proof.js")),
            teacher=Markup(_asset("teacher.js")),
            explorer=Markup(_asset("explorer.js")),
            version=version("radsim"),
        )
    )


def report_page(run: Run) -> str:
    """Make the report of a run: failures first, then notes, pictures and tables that sort.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        HTML with all that it needs inside.

    Examples
    --------
    >>> run = Run("by hand", "run", {"seed": 3}, (), {"HOLDS": 2}, (), (("a.md", "*so*"),), (), ())
    >>> "<em>so</em>" in report_page(run)
    True
    """
    return (
        _templates()
        .get_template("report.html")
        .render(
            run=run,
            failures=run.failures[:MOST_FAILURES],
            notes=[(name, _markdown(text, run.figures)) for name, text in run.notes],
            figures=_loose(run),
            tables=[_shown(table) for table in run.tables],
            state=run.state,
            style=Markup(_asset("style.css")),
            script=Markup(_asset("report.js")),
            explorer=explorer_page(),
            version=version("radsim"),
        )
    )


def _is_number(x: Any) -> bool:
    return isinstance(x, Real) and not isinstance(x, bool)


def words(x: Any) -> str:
    """A cell as a person reads it.

    Examples
    --------
    >>> words(0.123456789), words(3.0), words(float("nan")), words("V1"), words(True)
    ('0.12346', '3', '', 'V1', 'True')
    """
    if x is None or (isinstance(x, float) and math.isnan(x)):
        return ""
    if isinstance(x, Integral) or not _is_number(x):
        text = str(x)
        return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
    return f"{float(x):.5g}"


def _number(x: Any) -> str:
    """A number to sort by; empty if there is none."""
    return "" if x is None or math.isnan(float(x)) else repr(float(x))


def _data(figure: Figure) -> str:
    return f"data:{figure.kind};base64,{base64.b64encode(figure.content).decode()}"


def _said(figure: Figure) -> str:
    """The picture's own sentence, or its name if it has none."""
    return said_of(figure.content, figure.kind) or figure.name.replace("_", " ")


def _least(figure: Figure) -> int:
    return readable_width(figure.content, figure.kind)


def _shown(table: Table) -> dict[str, Any]:
    frame = table.frame.head(MOST_ROWS)
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    numeric = [
        there and not pd.api.types.is_bool_dtype(kind)
        for there, kind in zip(numeric, frame.dtypes, strict=True)
    ]
    return {
        "title": table.title.replace("_", " "),
        "source": table.source,
        "same": table.same,
        "columns": list(zip(map(str, frame.columns), numeric, strict=True)),
        "rows": frame.astype(object).to_numpy().tolist(),
        "n_rows": len(table.frame),
    }


def _loose(run: Run) -> list[Figure]:
    """Pictures that no note shows already."""
    return [
        figure
        for figure in run.figures
        if not any(f"({figure.name}." in text for _, text in run.notes)
    ]


def _markdown(text: str, figures: tuple[Figure, ...]) -> Markup:
    """Markdown as HTML: pictures of the folder inlined, raw HTML and other relative links off."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    by_name = {figure.name: figure for figure in figures}
    tokens = markdown.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
        for child in token.children or ():
            source = str(child.attrs.get("src", ""))
            if child.type == "image":
                stem = source.rsplit("/", 1)[-1].rsplit(".", 1)[0]
                found = by_name.get(stem)
                child.attrs["src"] = _data(found) if found else "data:,"
                if found:
                    child.attrs["style"] = f"min-width: {_least(found)}px"
            elif child.type == "link_open":
                if not str(child.attrs.get("href", "")).startswith(("https://", "http://", "#")):
                    del child.attrs["href"]
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    frame = r'<span class="frame" tabindex="0" role="group" aria-label="picture">\1</span>'
    html = re.sub(r"(<img [^>]*>)", frame, html)
    html = html.replace("<table>", '<div class="scroll"><table class="sorts">')
    return Markup(html.replace("</table>", "</table></div>"))
