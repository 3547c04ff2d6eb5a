"""The house as it is built: rooms, what they may import, and what every public name says of itself.

The order of the rooms is data below: a module imports from its own room and from rooms above it in
the list, never from one further down.  docs/project/house.md shows the same list.  `pytest
tests/unit/test_house.py -s` prints the counts.
"""

import ast
import importlib
import re
import sys

import pytest
from house import CHECKOUT, ROOT, crossings, imports, modules

import radsim

# From what knows nothing of the others to what knows them all; a row is a room.
ROOMS = (
    ("cores", "passes over arrays in pieces, on several threads"),
    ("door", "checks of arguments"),
    ("writing", "files written whole or not at all"),
    ("extras showing", "libraries of the extras, and how values are shown in a notebook"),
    (
        "reading documents addresses",
        "files of others read safely, the JSON documents that radsim writes, and what stands at an "
        "address",
    ),
    ("simplex", "linear programs, in exact fractions and by HiGHS"),
    (
        "payoffs notation game greedy constrained hindsight mixtures",
        "the model: games, payoffs, best responses, regret and competitive ratio",
    ),
    (
        "feasible restriction tallies bounds solution enclosure",
        "solutions, and the certificates that prove a value",
    ),
    ("data", "gains, files, instances, validation points"),
    (
        "hypergeometric inference intervals",
        "a bound on the teacher's mistakes, anytime-valid tests of a mean, intervals from draws",
    ),
    ("sampling", "sampling designs, one file each, with their audit and tail bounds"),
    ("proof", "proofs of a value and of picks, for readers who trust none of this"),
    ("solvers", "solvers of games, one row each"),
    ("teachers", "teacher-noise models: on which points the teacher is wrong"),
    ("selectors", "RAD and its rivals: which points to query"),
    (
        "extensions",
        "games beyond the one of chapter 1: many rounds, errors of any size, several teachers, "
        "tails, an unknown number of mistakes",
    ),
    ("claims", "the statements of the theory, one row each"),
    ("analysis", "sensitivity, trade-offs, the worst group, running times, attacks on selectors"),
    ("conjecture", "conjectures about the game, and the search for games that refute them"),
    ("plots", "pictures; no other room imports matplotlib"),
    ("testing", "Hypothesis strategies, and checks of your own selectors, solvers and designs"),
    ("adapters", "selectors for scikit-learn, PyTorch, modAL and scikit-activeml"),
    ("runs", "whole runs on disk: sweeps, verification, simulation, evidence"),
    ("distillation", "students trained on a teacher's answers, strategies, and their study"),
    ("pages", "HTML pages: the report of a run, and the explorer"),
    ("cli", "the radsim command, one file a command"),
)
PLACE = {name: k for k, (names, _) in enumerate(ROOMS) for name in names.split()}

# Libraries that take long to import, and the rooms whose modules may do so at their top.
HEAVY = {
    "cvxpy": "",
    "numba": "",
    "matplotlib": "plots",
    "sklearn": "adapters",
    "hypothesis": "testing",
    "pandas": "plots analysis runs distillation pages cli",
    "joblib": "runs",
}

# Files of more than 400 lines, and why they are one thing.
LONG = {
    "proofs_checks/standalone_checker.py": "one file that needs no other one",
    "proofs_checks/smt/pointwise.py": "one row an inequality, with its planted errors beside it",
    "proofs_checks/exact/values.py": "one row a formula, with its planted errors beside it",
    "tests/mutants/claims.py": "one table of falsities, a row a claim",
    "tests/chaos/odd_lines.py": "one table of odd lines, a row an option",
    "tests/calls.py": "one table of right calls, a row a public name",
    "tests/unit/test_door.py": "one table of refusals, a row a public name",
    "tests/unit/test_distillation_study.py": "the committed studies against their protocol",
}
MOST_LINES = 400


def room(name):
    return name.split(".")[1] if "." in name else ""


def edges():
    """Module -> modules of the house that it imports anywhere in it."""
    return {
        name: {found for found, _ in imports(name) if found in modules() and found != "radsim"}
        for name in modules()
        if name != "radsim"
    }


def test_every_module_has_a_room():
    assert {room(name) for name in modules() if name != "radsim"} == set(PLACE)


def test_no_import_goes_up():
    wrong = [
        f"{name} imports {found}"
        for name, all_found in edges().items()
        for found in all_found
        if PLACE[room(found)] > PLACE[room(name)]
    ]
    print(f"\n{len(modules())} modules, {sum(map(len, edges().values()))} imports between them;")
    print(f"imports that go up: {len(wrong)}")
    assert not wrong


def circles(graph):
    """Modules from which an import leads back to themselves."""
    reached = {name: set(found) for name, found in graph.items()}
    grown = True
    while grown:
        grown = False
        for found in reached.values():
            more = set().union(*(reached[other] for other in found)) - found
            if more:
                found |= more
                grown = True
    return sorted(name for name, found in reached.items() if name in found)


def test_no_circle():
    found = circles(edges())
    print(f"\nmodules in a circle of imports: {len(found)}")
    assert not found


def test_the_search_for_circles_finds_one():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]


def test_no_private_name_crosses_a_module():
    assert not [found for name, tree in modules().items() for found in crossings(name, tree)]


PLANTED = [
    "def f():\n    from radsim.cli import main",
    "def f():\n    from .cli import main",
    "def f():\n    from . import cli",
    "from radsim import solve",
    "import radsim\nradsim.solve",
    "import radsim.cli as x",
    "import importlib\nimportlib.import_module('radsim.cli')",
    "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    import radsim.cli",
]


@pytest.mark.parametrize("text", PLANTED)
def test_an_import_that_goes_up_would_be_seen(text, monkeypatch):
    monkeypatch.setitem(modules(), "radsim.game", ast.parse(text))
    found = edges()["radsim.game"]
    assert any(PLACE[room(other)] > PLACE["game"] for other in found)


@pytest.mark.parametrize(
    "text",
    [
        "from radsim.door import _float as f",
        "from .door import _float",
        "from radsim import door as d\nd._float",
        "import radsim.door as d\nd._float",
        "import radsim.door\nradsim.door._float",
        "from radsim import door\ngetattr(door, '_float')",
        "from radsim import door\ndoor.__float",
    ],
)
def test_a_private_name_that_crosses_would_be_seen(text):
    assert list(crossings("radsim.game", ast.parse(text)))
    assert not list(crossings("radsim.game", ast.parse("from radsim import door\ndoor.__doc__")))


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import pandas\nexcept ImportError:\n    pass",
        "if True:\n    import pandas",
        "class A:\n    import pandas",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import pandas",
    ],
)
def test_a_heavy_import_at_the_top_would_be_seen(text, monkeypatch):
    monkeypatch.setitem(modules(), "radsim.game", ast.parse(text))
    assert ("pandas", None) in imports("radsim.game", top=True)
    late = ast.parse("def f():\n    import pandas")
    monkeypatch.setitem(modules(), "radsim.game", late)
    assert not list(imports("radsim.game", top=True))


def test_heavy_libraries_are_imported_where_they_are_used():
    wrong = [
        f"{name} imports {library}"
        for name in modules()
        for found, _ in imports(name, top=True)
        for library, rooms in HEAVY.items()
        if found.split(".")[0] == library and room(name) not in rooms.split()
    ]
    assert not wrong


def test_only_plots_draws():
    users = {
        room(name) for name in modules() for found, _ in imports(name) if "matplotlib" in found
    }
    assert users == {"plots"}


def test_no_folder_holds_one_file():
    folders = {path.parent for path in ROOT.rglob("*.py")}
    alone = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if len([path for path in folder.iterdir() if path.name not in ("__pycache__",)]) < 2
    ]
    assert not alone


def test_long_files_say_why():
    long = {
        str(path.relative_to(CHECKOUT)): len(path.read_text().splitlines())
        for folder in (
            "radsim",
            "tests",
            "proofs_checks",
            "benchmarks",
            "docs",
            "notebooks",
            "examples",
        )
        for path in (CHECKOUT / folder).rglob("*.py")
    }
    print(f"\nlines of radsim/: {sum(n for name, n in long.items() if name.startswith('radsim/'))}")
    over = {name for name, n in long.items() if n > MOST_LINES}
    assert over == set(LONG)


@pytest.mark.parametrize(
    ("words", "home"),
    [
        ("must be one of", "door/values.py"),
        ("must be among", "door/values.py"),
        (".part", "writing.py"),
        (".aside", "writing.py"),
    ],
)
def test_doors_are_in_one_place(words, home):
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if str(path.relative_to(ROOT)) != home
        and any(words in text for text in _strings(ast.parse(path.read_text())))
    ]
    assert not found


def _strings(tree):
    """Text that the code holds, docstrings left out."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documented:
                yield node.value


def _rows():
    """Table -> the words that a test of a row has in its parameters, row by row."""
    yield from (
        (f"SOLVERS {kind} {objective}", method)
        for (kind, objective), rows in radsim.SOLVERS.items()
        for method in rows
    )
    yield from (("DESIGNS", name) for name in radsim.DESIGNS)
    yield from (("TEACHERS", name) for name in radsim.TEACHERS)
    yield from (("CLAIMS", name) for name in radsim.CLAIMS)
    yield from (("STRATEGIES", name) for name in radsim.distillation.STRATEGIES)


def test_every_row_is_tested_and_benchmarked(collected):
    places = {"tests": ("tests/unit/", "tests/property/"), "benchmarks": ("benchmarks/",)}
    asked = {
        name: [line for line in collected if line.startswith(starts)]
        for name, starts in places.items()
    }
    rows = list(_rows())
    print(f"\n{len(rows)} rows in five tables")
    missing = [
        f"{table} {name}: nothing in {folder}"
        for folder, lines in asked.items()
        for table, name in rows
        if not any(
            re.search(rf"[\[-]{re.escape(name)}[\]-]", line)
            and (folder == "tests" or all(word in line for word in table.split()[1:]))
            for line in lines
        )
    ]
    assert not missing


def test_every_claim_has_a_mutant():
    sys.path.insert(0, str(CHECKOUT / "tests" / "mutants"))
    try:
        mutants = importlib.import_module("claims").MUTANTS
    finally:
        sys.path.pop(0)
    assert {name for name in radsim.CLAIMS if not mutants.get(name)} == set()


def test_the_page_of_the_house_shows_the_rooms_in_their_order():
    page = (CHECKOUT / "docs" / "project" / "house.md").read_text()
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", page, re.M)
    assert [(" ".join(re.findall(r"`(\w+)`", names)), says) for names, says in rows] == list(ROOMS)
