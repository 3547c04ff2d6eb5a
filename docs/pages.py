"""What the site makes of the checkout: tables, notebooks, statuses, MathML, a check of links."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from api import title

__all__ = [
    "broken_links",
    "copy_notebooks",
    "display_math",
    "inline_math",
    "report_broken_links",
    "statuses",
    "table",
    "write_explorer",
    "write_tables",
]


# --- Tables ---


def _cell(value: Any) -> str:
    """A cell of a Markdown table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "-"
    return str(value).replace("|", r"\|") or "-"


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = [columns, ["---"] * len(columns), *([_cell(x) for x in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def write_tables(folder: Path) -> None:
    """One page with every row of the five tables, as they are when the site is built."""
    from radsim import CLAIMS, DESIGNS, SOLVERS, TEACHERS
    from radsim.distillation import STRATEGIES

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    solvers = [
        (f"`{name}`", kind, objective, f"`{row.rtol:g}`", f"{row.largest_n:,}", row.options)
        for (kind, objective), rows in SOLVERS.items()
        for name, row in rows.items()
    ]
    designs = [
        (f"`{name}`", row.fixed_size, row.with_replacement, row.associated, row.law_n)
        for name, row in DESIGNS.items()
    ]
    teachers = [(f"`{name}`", row.says, row.needs, row.replies) for name, row in TEACHERS.items()]
    lines = [
        "# What there is",
        "",
        "Every row of the five tables. The name is the argument in Python and the choice on the "
        "command line.",
        "",
        "## Solvers",
        "",
        "`radsim.solve(game, objective, method)`; [add one](../../howto/add-a-solver.md).",
        "",
        *table(("method", "game", "objective", "rtol", "largest n", "options"), solvers),
        "## Claims",
        "",
        "`radsim.check(CLAIMS[id], instance)`; [add one](../../howto/add-a-claim.md).",
        "",
        *table(
            ("id", "statement", "kind"),
            [(claim.id, claim.statement, claim.kind) for claim in CLAIMS.values()],
        ),
        "## Designs",
        "",
        "`radsim.sample(inclusion, design, rng=rng)`; [add one](../../howto/add-a-design.md).",
        "",
        *table(
            ("design", "fixed size", "with replacement", "associated", "law is listed up to n"),
            designs,
        ),
        "## Teachers",
        "",
        "`radsim simulate --teachers`; [add one](../../howto/add-a-teacher.md).",
        "",
        *table(("teacher", "its mistakes", "needs", "replies"), teachers),
        "## Strategies",
        "",
        "`radsim distill --strategies`; [add one](../../howto/add-a-strategy.md).",
        "",
        *table(
            ("strategy", "rule", "source"),
            [(f"`{name}`", row.says, row.source) for name, row in STRATEGIES.items()],
        ),
    ]
    (folder / "index.md").write_text("\n".join(lines))


# --- Notebooks and statuses ---


def copy_notebooks(source: Path, folder: Path) -> None:
    """Bring the executed notebooks under the site's sources, where Sphinx reads, with an index."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = [Path(shutil.copy(path, folder)).stem for path in sorted(source.glob("*.ipynb"))]
    lines = [
        *title("Notebooks", "="),
        "Calls and pictures, and a last cell that asserts what was seen. They are in the folder "
        "``notebooks/`` of a checkout, and run offline.",
        "",
        *([".. toctree::", "   :maxdepth: 1", ""] if names else []),
        *(f"   {name}" for name in names),
    ]
    if find_spec("radsim.pages"):
        lines += [
            "",
            "Without Python: `the explorer <../../explorer.html>`__, a page on which gains, m, b "
            "and harm can be dragged.",
        ]
    (folder / "index.rst").write_text("\n".join(lines) + "\n")


def write_explorer(folder: Path) -> None:
    """The explorer as it comes with the package, to be copied beside the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if find_spec("radsim.pages"):
        from radsim.pages import explorer_page

        (folder / "explorer.html").write_text(explorer_page(), encoding="utf-8")


def statuses(theorems: str) -> dict[str, str]:
    """What is established of each id, formula by formula; ``{{ V1 }}`` on the theory page."""
    rows: dict[str, dict[str, list[str]]] = {}
    for line in theorems.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if line.startswith("By sampling alone"):
            rows |= {name: {} for name in re.findall(r"\b[VRASN]\d[ab]?\b", line)}
        if len(cells) == 5 and cells[2] in ("sampled", "open"):
            claim, formula, status, _, gap = cells
            rows.setdefault(claim, {}).setdefault(status, []).append(f"  - `{formula}`: {gap}")
        if len(cells) == 6 and re.fullmatch(r"[VRASN]\d[ab]?", cells[0]):
            claim, statement, hypotheses, status, _, found = cells
            known = rows.setdefault(claim, {})
            if found != "not run":
                known.setdefault(status, []).append(f"  - `{statement}`, where `{hypotheses}`")
    found_of = {}
    for claim, known in rows.items():
        if not re.fullmatch(r"[VRASN]\d[ab]?", claim):
            continue
        # What is not proved comes last.
        known = dict(sorted(known.items(), key=lambda row: row[0] in ("sampled", "open")))
        page = f"[its page](generated/theorems/{claim}.md)"
        lines = [f"**Status**, formula by formula; more on {page}:", ""]
        for status, statements in known.items():
            lines += [f"- {status}:", *statements]
        found_of[claim] = "\n".join([*lines, "- sampled by `radsim verify`: the claim as a whole."])
    return found_of


# --- Formulas ---


def _math(self: Any, node: Any, display: bool) -> None:
    from docutils import nodes
    from docutils.utils.math import latex2mathml

    # What docutils does not know, and MathML does not need.
    text = re.sub(r"\\([bB]igg?[lr]?|textstyle)(?![A-Za-z])", "", node.astext())
    if display and r"\\" in text and r"\begin" not in text:
        text = rf"\begin{{split}}{text}\end{{split}}"
    markup = latex2mathml.tex2mathml(text, as_block=display)
    if not display:
        self.body.append(markup)
    else:
        self.body.append(self.starttag(node, "div", CLASS="math"))
        self.body.append(f"{markup}</div>\n")
    raise nodes.SkipNode


def inline_math(self: Any, node: Any) -> None:
    """A formula in a line, as MathML."""
    _math(self, node, display=False)


def display_math(self: Any, node: Any) -> None:
    """A formula on a line of its own, as MathML."""
    _math(self, node, display=True)


# --- Links ---


class _Page(HTMLParser):
    """The places that a page names and the places that it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if value and (key == "id" or (tag == "a" and key == "name")):
                self.names.add(value)
            if value and key in ("href", "src"):
                self.targets.append(value)


def broken_links(folder: Path) -> list[str]:
    """Links inside a built site that lead to no file, or to no such place in it."""
    pages = {path.resolve(): _Page(path.read_text()) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            missing = not there.exists()
            fragment = unquote(parts.fragment)
            if fragment and there in pages and fragment not in pages[there].names:
                missing = True
            if missing:
                found.append(f"{path.relative_to(folder.resolve())}: {target}")
    return found


def report_broken_links(app: Any, exception: Exception | None) -> None:
    """Fail the build of the pages if a link inside it is broken."""
    from sphinx.errors import ExtensionError

    if exception is None and app.builder.name == "html":
        found = broken_links(Path(app.outdir))
        if found:
            raise ExtensionError("broken links:\n" + "\n".join(found))
