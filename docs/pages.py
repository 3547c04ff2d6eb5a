"""What the site makes of the checkout: API pages, notebooks, statuses, MathML, a check of links."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import radsim

__all__ = [
    "attributes_as_words",
    "broken_links",
    "copy_notebooks",
    "display_math",
    "inline_math",
    "public_modules",
    "report_broken_links",
    "shared_attributes",
    "statuses",
    "write_api",
    "write_explorer",
    "write_tables",
]


# --- API pages ---


def public_modules() -> list[str]:
    """All modules of radsim that no underscore hides, those of absent libraries left out."""
    found = ["radsim"]
    for info in pkgutil.walk_packages(radsim.__path__, "radsim."):
        if any(part.startswith("_") for part in info.name.split(".")):
            continue
        try:
            importlib.import_module(info.name)
        except ModuleNotFoundError as error:
            if (error.name or "radsim").startswith("radsim"):
                raise
            continue
        found.append(info.name)
    return found


def _defined(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Public names and their directives, where they are defined, not where they are handed on."""
    assert module.__file__ is not None
    public = getattr(module, "__all__", [name for name in vars(module) if name[0] != "_"])
    for node in ast.parse(Path(module.__file__).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names, directive = [node.name], "autofunction"
        elif isinstance(node, ast.ClassDef):
            names, directive = [node.name], "autoclass"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            directive = "py:data"
        else:
            continue
        for name in names:
            if name in public and not name.startswith("__"):
                yield name, directive


def _title(text: str, line: str) -> list[str]:
    return [text, line * len(text), ""]


def _module_text(name: str, line: str) -> list[str]:
    out = [*_title(name, line), f".. automodule:: {name}", "", f".. py:currentmodule:: {name}", ""]
    module = importlib.import_module(name)
    for found, directive in dict(_defined(module)).items():  # an overload is written several times
        out.append(f".. {directive}:: {found}")
        if directive == "autoclass":
            out.append("   :members:")
        if directive == "py:data":
            value = getattr(module, found)
            rows = ", ".join(f"``{key}``" for key in value) if isinstance(value, dict) else ""
            out += ["", f"   Rows: {rows}." if rows else f"   ``{value!r}``"]
        out.append("")
    return out


def _home(name: str) -> str | None:
    """Full name under which a re-export of `radsim` is documented."""
    for module in public_modules():
        if any(found == name for found, _ in _defined(importlib.import_module(module))):
            return f"{module}.{name}"
    return None


def write_api(folder: Path) -> None:
    """One page for each module or package directly under `radsim`, and their index."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    modules = public_modules()
    tops = [name for name in modules if name.count(".") == 1]
    index = [
        *_title("API reference", "="),
        "``from radsim import ...`` gives these names; each leads to where it is described.",
        "",
    ]
    for group, names in radsim.GROUPS.items():
        index += [*_title(group, "-"), *(_entry(name) for name in names), ""]
    index += [".. toctree::", "   :caption: Modules", ""]
    for top in tops:
        inside = [name for name in modules if name.startswith(f"{top}.")]
        text = _module_text(top, "=")
        for name in inside:
            text += _module_text(name, "-")
        (folder / f"{top}.rst").write_text("\n".join(text) + "\n")
        index.append(f"   {top}")
    (folder / "index.rst").write_text("\n".join(index) + "\n")


def _entry(name: str) -> str:
    """A public name that leads to where it is described, and what it is for."""
    thing = getattr(radsim, name)
    link = f"- :py:obj:`{name} <{_home(name)}>`"
    if isinstance(thing, dict):
        return f"{link}: a table; its rows stand under :doc:`../tables/index`."
    return f"{link}: {(inspect.getdoc(thing) or '').splitlines()[0]}"


def attributes_as_words() -> None:
    """In "Attributes", "n" and "ndarray, shape (n,)" are no links to things of such names."""
    from sphinx.domains.python import PyObject

    for kind in PyObject.doc_field_types:
        if kind.name == "variable":
            kind.rolename = kind.typerolename = ""  # type: ignore[attr-defined]
            kind.label = "Attributes"


def shared_attributes(
    app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Make ``lower, upper : float`` one name, which Sphinx would read as a type and a name."""
    for i, line in enumerate(lines):
        if found := re.match(r":(?:ivar|vartype) \w+(?:, \w+)+:", line):
            lines[i] = found[0].replace(", ", ",") + line[found.end() :]


# --- Tables ---


def _cell(value: Any) -> str:
    """A cell of a Markdown table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "-"
    return str(value).replace("|", r"\|") or "-"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
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
        *_table(("method", "game", "objective", "rtol", "largest n", "options"), solvers),
        "## Claims",
        "",
        "`radsim.check(CLAIMS[id], instance)`; [add one](../../howto/add-a-claim.md).",
        "",
        *_table(
            ("id", "statement", "kind"),
            [(claim.id, claim.statement, claim.kind) for claim in CLAIMS.values()],
        ),
        "## Designs",
        "",
        "`radsim.sample(inclusion, design, rng=rng)`; [add one](../../howto/add-a-design.md).",
        "",
        *_table(
            ("design", "fixed size", "with replacement", "associated", "law is listed up to n"),
            designs,
        ),
        "## Teachers",
        "",
        "`radsim simulate --teachers`; [add one](../../howto/add-a-teacher.md).",
        "",
        *_table(("teacher", "its mistakes", "needs", "replies"), teachers),
        "## Strategies",
        "",
        "`radsim distill --strategies`; [add one](../../howto/add-a-strategy.md).",
        "",
        *_table(
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
        *_title("Notebooks", "="),
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
