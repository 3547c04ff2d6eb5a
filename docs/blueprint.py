"""The page that shows what rests on what: lemmas, theorems, formulas, functions and tests."""

from __future__ import annotations

import shutil
from functools import cache
from html import escape
from pathlib import Path

from proofs_checks import CHECKS, FORMULAS, blueprint
from proofs_checks.formal.theorems import THEOREMS
from radsim import CLAIMS
from radsim.runs import evidence
from radsim.runs.evidence import Formula

__all__ = ["LOOKS", "anchor", "look", "standing", "write_blueprint"]

# A status in the colours of the page, with the shape that says the same without them.
LOOKS = {"proved": ("proved", "●"), "checked": ("checked", "◐"), "open": ("open", "○")}
_ROW, _TOP = 17, 40
_COLUMNS = {"lemmas": 10, "theorems": 160, "formulas": 350, "functions": 900}
_WIDTHS = {"lemmas": 100, "theorems": 140, "formulas": 500, "functions": 290}


def look(status: str) -> str:
    """The kind of a status: proved, checked or open."""
    if status.startswith("proved for all n") or status == "refuted variant":
        return "proved"
    return "open" if status == "open" else "checked"


@cache
def standing(checkout: Path) -> list[tuple[Formula, str, list[str]]]:
    """Each formula, its status by the written table, and the names of the checks behind it."""
    results = evidence.run(checkout / "proofs_checks", [c for c in CHECKS if c.slow], slow=False)
    # What is not slow ran when the table was written, and a test holds the table to it.
    results |= {check: "found" for check in CHECKS if not check.slow}
    rows = []
    for formula in FORMULAS:
        status, found = evidence.standing(formula, results)
        rows.append((formula, status, list(dict.fromkeys(check.name for check in found))))
    return rows


def _node(kind: str, name: str, row: int, how: str, says: str, target: str) -> str:
    x, y, width = _COLUMNS[kind], _TOP + row * _ROW, _WIDTHS[kind]
    most = (width - 8) // 6
    shown = name if len(name) <= most else name[: most - 1] + "…"
    mark = f"{LOOKS[how][1]} " if how in LOOKS else ""
    return (
        f'<a href="{escape(target)}" class="node {how}" data-name="{escape(kind)}:{escape(name)}">'
        f"<title>{escape(says)}</title>"
        f'<rect x="{x}" y="{y - 12}" width="{width}" height="15" rx="3"/>'
        f'<text x="{x + 4}" y="{y}">{escape(mark + shown)}</text></a>'
    )


def _edge(source: tuple[str, str, int], target: tuple[str, str, int]) -> str:
    (kind, name, row), (other, to, place) = source, target
    x, y = _COLUMNS[kind] + _WIDTHS[kind], _TOP + row * _ROW - 5
    u, v = _COLUMNS[other], _TOP + place * _ROW - 5
    bend = (x + u) / 2
    return (
        f'<path d="M{x} {y} C{bend} {y} {bend} {v} {u} {v}" '
        f'data-from="{escape(kind)}:{escape(name)}" data-to="{escape(other)}:{escape(to)}"/>'
    )


def _graph(rows: list[tuple[Formula, str, list[str]]]) -> str:
    """Four columns: files of lemmas, theorems, formulas, functions; an edge where one is used."""
    by_name = {row.name: row for row in THEOREMS}
    # In the order of the formulas, so that few edges cross.
    used = dict.fromkeys(name for _, _, by in rows for name in by if name in by_name)
    rest = [name for name in by_name if name not in used]
    theorems = {name: k for k, name in enumerate([*used, *rest])}
    lemmas: dict[str, dict[str, int]] = {}
    for name in theorems:
        for lemma in blueprint.rests_on(name)[1]:
            count = lemmas.setdefault(blueprint.nodes()[lemma].file, {})
            count[name] = count.get(name, 0) + 1
    code = dict.fromkeys(name for formula, _, _ in rows for name in formula.code)
    step = max(1.0, len(rows) / max(1, len(lemmas)))
    files = {name: int(k * step) for k, name in enumerate(sorted(lemmas))}
    step = max(1.0, len(rows) / max(1, len(code)))
    places = {name: int(k * step) for k, name in enumerate(code)}
    drawn, edges = [], []
    for file, k in files.items():
        says = f"lemmas of {file}.v, used by {len(lemmas[file])} theorems"
        drawn.append(_node("lemmas", file, k, "lemma", says, "#theorems"))
        edges += [
            _edge(("lemmas", file, k), ("theorems", name, theorems[name])) for name in lemmas[file]
        ]
    for name, k in theorems.items():
        drawn.append(_node("theorems", name, k, "proved", by_name[name].says, f"#{anchor(name)}"))
    for k, (formula, status, by) in enumerate(rows):
        label = f"{formula.claim}: {formula.says}"
        drawn.append(_node("formulas", label, k, look(status), f"{label} ({status})", "#formulas"))
        edges += [
            _edge(("theorems", name, theorems[name]), ("formulas", label, k))
            for name in by
            if name in theorems
        ]
        edges += [
            _edge(("formulas", label, k), ("functions", name, places[name]))
            for name in formula.code
        ]
    for name, k in places.items():
        says = f"{name} uses {sum(name in formula.code for formula, _, _ in rows)} formulas"
        drawn.append(_node("functions", name, k, "code", says, "#formulas"))
    height = _TOP + _ROW * max(len(theorems), len(rows)) + 10
    heads = "".join(
        f'<text class="head" x="{x + 4}" y="16">{_HEADS.get(kind, kind)}</text>'
        for kind, x in _COLUMNS.items()
    )
    return (
        f'<svg viewBox="0 0 1200 {height}" width="1200" height="{height}" role="img" '
        f'aria-label="Lemmas, theorems, formulas and functions, and which uses which">'
        f"{heads}<g>{''.join(edges)}</g>{''.join(drawn)}</svg>"
    )


def anchor(theorem: str) -> str:
    """The place of a theorem on the page."""
    return f"theorem-{theorem.lower().replace('_', '-')}"


_HEADS = {"lemmas": "lemmas of"}
_STYLE = """<style>
.content { width: auto; max-width: 1240px; }
.blueprint { overflow-x: auto; }
.blueprint svg { font: 11px sans-serif; }
.blueprint rect { fill: none; stroke: #8888; }
.blueprint text { fill: currentColor; }
.blueprint .head { font-weight: bold; font-size: 13px; }
.blueprint path { fill: none; stroke: currentColor; opacity: .13; }
.blueprint .proved rect { fill: #2a9d5c33; stroke: #2a9d5c; }
.blueprint .checked rect { fill: #d9920033; stroke: #d99200; }
.blueprint .open rect { fill: #d03b3b33; stroke: #d03b3b; }
.blueprint path.lit { opacity: 1; stroke-width: 1.6; }
.blueprint .dim { opacity: .25; }
</style>"""

# What a node rests on and what rests on it lights up when it is pointed at or focused.
_SCRIPT = """<script>
for (const node of document.querySelectorAll(".blueprint .node")) {
  const name = node.dataset.name, paths = [...document.querySelectorAll(".blueprint path")];
  const all = [...document.querySelectorAll(".blueprint .node")];
  const show = () => {
    const near = new Set([name]);
    for (const [from, to] of [["from", "to"], ["to", "from"]]) {
      const reached = new Set([name]);
      for (let size = 0; size < reached.size;) {
        size = reached.size;
        for (const path of paths)
          if (reached.has(path.dataset[from])) {
            reached.add(path.dataset[to]); path.classList.add("lit");
          }
      }
      for (const one of reached) near.add(one);
    }
    for (const one of all) one.classList.toggle("dim", !near.has(one.dataset.name));
  };
  const hide = () => {
    for (const path of paths) path.classList.remove("lit");
    for (const one of all) one.classList.remove("dim");
  };
  node.addEventListener("mouseenter", show); node.addEventListener("focus", show);
  node.addEventListener("mouseleave", hide); node.addEventListener("blur", hide);
}
</script>"""


def _formulas(rows: list[tuple[Formula, str, list[str]]], checkout: Path) -> list[str]:
    lines = [
        "## Formulas",
        "",
        "| id | formula | status | established by | used by | what is missing |",
        "|---|---|---|---|---|---|",
    ]
    for formula, status, by in rows:
        mark = LOOKS[look(status)][1]
        names = ", ".join(f"`{name}`" for name in by) or "-"
        code = ", ".join(f"`{name}`" for name in formula.code) or "-"
        place = f"[{formula.claim}](../theorems/{formula.claim}.md)"
        claim = place if formula.claim in CLAIMS else formula.claim
        cells = (claim, formula.says, f"{mark} {status}", names, code, formula.gap or "-")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "Test files that name a claim:", "", "| id | tests |", "|---|---|"]
    for claim in dict.fromkeys(formula.claim for formula, _, _ in rows):
        tests = ", ".join(f"`{name}`" for name in blueprint.tests_of(claim, checkout)) or "-"
        lines.append(f"| {claim} | {tests} |")
    return lines


def _theorems() -> list[str]:
    lines = ["", "## Theorems", ""]
    for row in THEOREMS:
        definitions, lemmas, theorems = blueprint.rests_on(row.name)
        statement = blueprint.nodes()[f"{row.name}_statement"].text
        lines += [
            f"({anchor(row.name)})=",
            f"### {row.name}",
            "",
            f"{row.claim}: `{row.says}`, where `{row.hypotheses}`. Proved in `formal/{row.file}`, "
            f"by {len(lemmas)} lemmas"
            + (f" and {', '.join(f'`{name}`' for name in sorted(theorems))}" if theorems else "")
            + f"; rests on {len(definitions)} definitions.",
            "",
            "```coq",
            statement,
            "```",
            "",
        ]
    return lines


def write_blueprint(folder: Path, checkout: Path) -> None:
    """One page: the graph, the formulas with their status, each theorem with its statement."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = standing(checkout)
    counts = {kind: sum(look(status) == kind for _, status, _ in rows) for kind in LOOKS}
    refuted = sum(status == "refuted variant" for _, status, _ in rows)
    lines = [
        "---",
        "hide-toc: true",
        "---",
        "# Blueprint",
        "",
        "What rests on what, read off the sources when this page was built. "
        f"{len(rows)} formulas: {counts['proved']} ● proved for all n ({refuted} of them "
        f"refutations of variants), {counts['checked']} ◐ "
        f"checked on instances, for small n or by sampling, {counts['open']} ○ open; "
        f"{len(THEOREMS)} theorems of Coq. Point at a box to see what it rests on and what rests "
        "on it; which theorems rest on others stands below.",
        "",
        "```{raw} html",
        _STYLE,
        f'<div class="blueprint">{_graph(rows)}</div>',
        _SCRIPT,
        "```",
        "",
        *_formulas(rows, checkout),
        *_theorems(),
    ]
    (folder / "index.md").write_text("\n".join(lines) + "\n")
