"""Every page shows what is so: its blocks are run in order, in a folder of their own.

A ``pycon`` block is a doctest, a ``python`` block is executed, and in a ``console`` block each line
after ``$`` is run and what it prints is compared with the lines below it (``...``: anything).
A ``sh`` or unnamed block is not run: installing, and what takes minutes.
"""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from radsim import CLAIMS

ROOT = Path(__file__).parents[2]
PAGES = [
    *(p for p in sorted((ROOT / "docs").rglob("*.md")) if not {"_build", "generated"} & {*p.parts}),
    ROOT / "README.md",
]
KINDS = {
    *("", "pycon", "python", "console", "sh", "text", "csv", "bibtex"),
    *("{include}", "{toctree}", "{image}"),
}
BLOCK = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.M | re.S)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(text):
    """Kind, content and first line of every fenced block of a page."""
    return [(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in BLOCK.finditer(text)]


def run_command(command):
    interpreter = re.sub(r"(^|(?<=[;&|(] ))radsim ", f"{sys.executable} -m radsim.cli ", command)
    interpreter = re.sub(r"^pytest ", f"{sys.executable} -m pytest ", interpreter)
    interpreter = re.sub(r"^python ", f"{sys.executable} ", interpreter)
    done = subprocess.run(
        interpreter,
        shell=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "TERM": "dumb"},
        timeout=300,
    )
    return done.stdout


def run_console(text):
    """What differs, one text a command."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        got = run_command(command)
        if not doctest.OutputChecker().check_output(expected, got, OPTIONS):
            found.append(f"$ {command}\n-- shown:\n{expected}-- printed:\n{got}")
    return found


def run_page(text, name):
    """Run a page's blocks in the current folder; returns what differs from what it shows."""
    found, names = [], {"__name__": "page"}
    for kind, content, line in blocks(text):
        if kind not in KINDS:
            found.append(f"{name}, line {line}: block of kind {kind!r}")
        elif kind == "python":
            exec(compile(content, f"{name}:{line}", "exec"), names)
        elif kind == "pycon":
            test = doctest.DocTestParser().get_doctest(content, names, name, name, line - 1)
            heard = []
            runner = doctest.DocTestRunner(optionflags=OPTIONS)
            runner.run(test, out=heard.append, clear_globs=False)
            names |= test.globs
            found += ["".join(heard)] if heard else []
        elif kind == "console":
            found += run_console(content)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page_shows_what_is_so(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if (examples := ROOT / "examples").is_dir():
        (tmp_path / "examples").symlink_to(examples)
    found = run_page(path.read_text(), path.name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "page",
    [
        "```pycon\n>>> 1 + 1\n3\n\n```\n",
        "```pycon\n>>> x = 2\n\n```\n\n```pycon\n>>> x\n3\n\n```\n",
        "```console\n$ echo no\nyes\n```\n",
        "```console\n$ echo one\none\n$ echo two\nthree\n```\n",
        "```rust\n```\n",
    ],
)
def test_wrong_page_is_refused(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_page(page, "planted")


def test_right_page_is_accepted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (
        "```python\nx = 2\n```\n\n```pycon\n>>> x\n2\n```\n\n```console\n$ echo a b\na ...\n```\n"
    )
    assert run_page(page, "planted") == []


def test_theory_page_has_every_claim():
    text = (ROOT / "docs" / "theory.md").read_text()
    for name in CLAIMS:
        assert re.search(rf"^### {name}: ", text, re.M), name
        assert f"{{{{ {name} }}}}" in text, name


# --- What the site makes of the checkout ---


@pytest.fixture
def pages(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import pages

    return pages


def test_every_claim_has_a_status_in_the_table_of_proofs(pages):
    found = pages.statuses((ROOT / "proofs_checks" / "THEOREMS.md").read_text())
    assert set(found) == set(CLAIMS)
    assert "proved for all n" in found["V1"]
    # What no theorem covers is named, with what is missing, behind what is proved.
    proved, _, rest = found["S3"].partition("- sampled:")
    assert "pivotal method is negatively associated" in proved
    assert "Sampford" in rest and "Sampford" not in proved


@pytest.fixture
def api(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import api

    api.write_api(tmp_path)
    return tmp_path


def test_every_public_name_is_described_once(api):
    import radsim

    text = "\n".join(path.read_text() for path in api.glob("*.rst"))
    described = re.findall(r"^\.\. (?:autoclass|autofunction|py:data):: (\S+)$", text, re.M)
    assert len(described) == len(set(described))
    assert {name for name in described if name.count(".") == 1} == {
        f"radsim.{name}" for name in radsim.__all__
    }
    # What no user imports has no page: how commands are made, arguments checked, files read.
    rooms = {name.split(".")[1] for name in described if name.count(".") > 1}
    assert not rooms & {"cli", "door", "simplex", "greedy", "reading", "writing", "documents"}
    assert rooms > {"analysis", "testing", "plots"}


def test_the_names_are_shown_in_their_groups(api):
    import radsim

    parts = re.split(r"^(\w.*)\n-+\n", (api / "index.rst").read_text(), flags=re.M)[1:]
    shown = dict(zip(parts[::2], parts[1::2], strict=True))
    assert list(shown) == [*radsim.GROUPS, "Rooms"]
    for group, names in radsim.GROUPS.items():
        lines = re.findall(r"`(\w+)(?:\(\))? <radsim\.\1>`\n +- (.+)", shown[group])
        assert [name for name, _ in lines] == list(names)
        assert all(len(words) > 8 for _, words in lines)


def test_signatures_name_types_as_the_source_does(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import api

    import radsim

    def of(thing, what="function"):
        return api.source_signature(None, what, "", thing, None, "()", "")

    signature, returns = of(radsim.payoff)
    assert (signature, returns) == ("(game: AnyGame, q: ArrayLike, l: ArrayLike)", "Any")
    assert of(radsim.Instance, "class")[0].startswith("(name: str, game: Game, labels: Array | No")
    assert of(radsim.Game.replace, "method") == ("(**changes: Any)", "Game")
    # A default with no short name is three dots.
    assert "step: Callable[[int], object] = ..." in of(radsim.falsify)[0]


def test_decision_pages_tell_what_a_row_refuses_and_reads(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import choices

    from radsim import SOLVERS
    from radsim.distillation import Strategy
    from radsim.selectors import Selection
    from radsim.solvers import Solver

    row = SOLVERS["plain", "value"]["closed_form"]

    def shy(game):
        if game.budget > 1:
            raise ValueError("one query is enough")
        return row.solve(game)

    said = {}
    with monkeypatch.context() as patch:
        patch.setitem(SOLVERS, ("plain", "value"), {"shy": Solver(shy, 1e-12, 10)})
        (found,) = choices.solver_rows("plain", "value", said)
    assert found[:3] == ["`shy`", "1e-12", "10"]
    assert found[4] == "-"  # beyond its largest n it is not timed
    assert "each point once, b = 3" in found[-1]
    assert "one query" not in found[-1].split("; ")
    assert said == {"one query is enough": ["shy"]}

    def peeks(view, rng):
        if view.budget == len(view.gains):
            raise ValueError("never all")
        return Selection((-view.gains).argsort()[: int(view.true_mistakes) and 3])

    monkeypatch.setattr(choices, "STRATEGIES", {"peeks": Strategy(peeks, "peeks", "nobody")})
    page = "\n".join(choices.strategies_page())
    (line,) = [line for line in page.splitlines() if line.startswith("| `peeks`")]
    assert "| gains, the true m | not known |" in line
    assert "refuses every point asked" in line
    assert "asks 0 of 45 for a teacher without mistakes" in line
    assert "asks 3 of 45 for gains that are all zero" in line
    assert "- `peeks`: never all" in page


def test_the_site_has_the_explorer(pages, tmp_path):
    from radsim.pages import explorer_page

    pages.write_explorer(tmp_path / "there")
    assert (tmp_path / "there" / "explorer.html").read_text(encoding="utf-8") == explorer_page()


@pytest.mark.parametrize("link", ["gone.html", "there.html#gone", "gone.png", "#gone"])
def test_broken_link_is_found(link, pages, tmp_path):
    (tmp_path / "there.html").write_text('<p id="here"></p>')
    page = tmp_path / "index.html"
    page.write_text(
        '<a href="there.html#here">a</a><a href="https://a.b/c">b</a><p id="x"><a href="#x">c</a>'
    )
    assert pages.broken_links(tmp_path) == []
    page.write_text(f'<a href="{link}">a</a>')
    assert pages.broken_links(tmp_path) == [f"index.html: {link}"]


def test_notebooks_are_copied_and_listed(pages, tmp_path):
    source, folder = tmp_path / "from", tmp_path / "to"
    source.mkdir()
    pages.copy_notebooks(source, folder)
    assert "toctree" not in (folder / "index.rst").read_text()
    (source / "01_game.ipynb").write_text("{}")
    pages.copy_notebooks(source, folder)
    assert "   01_game\n" in (folder / "index.rst").read_text()
    assert (folder / "01_game.ipynb").exists()
