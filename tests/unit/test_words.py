"""What texts say: docstrings of public names, names of modules and files, ids of claims."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import radsim

ROOT = Path(radsim.__file__).parent
CHECKOUT = ROOT.parent

# Modules whose names a user calls, beside the top level.
CALLED = (
    "analysis",
    "analysis.sensitivity",
    "analysis.timings",
    "analysis.trade_offs",
    "analysis.worst_group",
    "conjecture",
    "testing",
    "solvers",
    "solvers.water.batches",
    "sampling",
    "sampling.audit",
    "sampling.tails",
    "selectors",
    "teachers",
    "adapters",
    "inference",
    "data.files",
    "data.gains",
    "data.instances",
    "data.saved",
    "data.validation",
    "distillation",
)


def _called():
    """Module and name of what a user calls; tables are listed on the page of the rows instead."""
    for module in ("radsim", *(f"radsim.{name}" for name in CALLED)):
        for name in sorted(importlib.import_module(module).__all__):
            if not name.isupper():
                yield module, name


LONGEST = 92  # letters of a first line
# They return None.
WRITERS = {"save"}


@pytest.mark.parametrize(("module", "name"), list(_called()))
def test_public_names_are_documented(module, name):
    thing = getattr(importlib.import_module(module), name)
    text = inspect.getdoc(thing) or ""
    first = text.split("\n\n")[0]
    assert 0 < len(first) <= LONGEST
    assert first.endswith(".")
    if isinstance(thing, type) and issubclass(thing, Exception):
        return
    titles = set(re.findall(r"^(\w+)\n-+\n\S", text, re.M))
    assert "Examples" in titles
    if isinstance(thing, type):
        assert titles & {"Parameters", "Attributes"}
    else:
        assert {"Parameters", "Raises"} <= titles
        assert "Returns" in titles or name in WRITERS


def _dotted():
    """File and name, for each module, name or path that a text gives in backticks."""
    for folder in ("radsim", "docs", "notebooks", "benchmarks", "tests", "examples", "."):
        pattern = "*.*" if folder == "." else "**/*.*"
        for path in sorted((CHECKOUT / folder).glob(pattern)):
            if path.suffix not in (".py", ".md", ".pyi") or "generated" in path.parts:
                continue
            if path.name in ("CHANGELOG.md", *UNREAL):
                continue
            for name in re.findall(
                r"`{1,2}(radsim(?:[./]\w+)+(?:\.py)?)(?:\(.*?\))?`", path.read_text()
            ):
                yield path.relative_to(CHECKOUT), name


# Files that name modules which are yet to be written, or are not there.
UNREAL = ("test_rows.py", "add-a-solver.md", "add-a-design.md")


def _exists(name):
    if "/" in name:
        return (CHECKOUT / name).exists()
    parts = name.split(".")
    for k in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:k]))
        except ModuleNotFoundError as error:
            if error.name not in (".".join(parts[:j]) for j in range(1, k + 1)):
                return True  # it is there, and needs a library that is not
            continue
        try:
            for part in parts[k:]:
                found = getattr(found, part)
        except AttributeError:
            return False
        return True
    return False


def test_every_name_that_a_text_gives_is_there():
    found = sorted(set(_dotted()))
    assert len(found) > 25
    assert not [(str(path), name) for path, name in found if not _exists(name)]
    assert not _exists("radsim.levels")
    assert not _exists("radsim/levels.py")


CLAIM = r"\b[VRASN]\d[ab]?\b"


def _cited():
    """(file, id) of every claim that a docstring cites."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for line in re.findall(
                    r"Theory page[^\n]*(?:\n +[^\n]+)?", ast.get_docstring(node) or ""
                ):
                    yield from (
                        (path.name, found) for found in re.findall(r"\b[VRASN]\d[ab]?\b", line)
                    )


def test_every_id_that_is_cited_stands_on_the_theory_page():
    page = (CHECKOUT / "docs" / "theory.md").read_text()
    known = set(re.findall(CLAIM, page))
    cited = list(_cited())
    assert len(cited) > 80
    assert not [pair for pair in cited if pair[1] not in known]
    sources = [path for path in ROOT.rglob("*.py") if "THEORY" in path.read_text()]
    assert not sources
