"""Starting radsim loads no heavy library, and its public names are those of the six groups."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import radsim
import radsim.analysis
from radsim.cli import COMMANDS

# Each costs as much as NumPy or more, and most users of radsim need none of them at the start.
HEAVY = [
    "cvxpy",
    "hypothesis",
    "joblib",
    "matplotlib",
    "numba",
    "pandas",
    "pyarrow",
    "scipy.optimize",
    "scipy.stats",
    "sklearn",
]
COMMAND = "sys.argv = ['radsim', *{}]; from radsim.cli import main; main()"
SOLVE = ["solve", "gains.csv", "--mistakes", "25%", "--budget", "3", "--out", "picks.csv"]
# What is run, what it prints, and what it has no need of either.
STARTS = {
    "import": ("import radsim", "", ["numpy", "pydantic", "typer"]),
    "solve": (
        "from radsim import Game, solve; print(solve(Game([1, .5, .25], mistakes=1)).value)",
        "0.142857",
        ["pydantic", "scipy", "typer"],
    ),
    "radsim --help": (COMMAND.format(["--help"]), "verify", ["numpy", "pydantic"]),
    "radsim --version": (
        COMMAND.format(["--version"]),
        radsim.__version__,
        ["numpy", "pydantic", "rich"],
    ),
    "radsim solve": (COMMAND.format(SOLVE), "picked rows, from 0: 0, 3, 5", ["scipy"]),
}
GAINS = "gain\n0.92\n0.85\n0.85\n0.61\n0.40\n0.33\n0.12\n0.05\n"
STUB = ast.parse(Path(radsim.__file__).with_suffix(".pyi").read_text())


def loaded(code, folder):
    """What a fresh interpreter printed, and the modules that it holds in the end."""
    text = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", text + code], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout, set(json.loads(run.stderr))


@pytest.mark.parametrize("start", STARTS)
def test_a_start_loads_nothing_heavy(start, tmp_path):
    code, words, needless = STARTS[start]
    (tmp_path / "gains.csv").write_text(GAINS)
    printed, modules = loaded(code, tmp_path)
    assert words in printed
    assert "radsim" in modules
    assert not modules & {*HEAVY, *needless}


def test_what_is_heavy_is_seen(tmp_path):
    """The names above are those under which the libraries are found."""
    _, modules = loaded("import radsim; radsim.sweep, radsim.plots, radsim.CLAIMS", tmp_path)
    assert {"joblib", "matplotlib", "pandas", "pyarrow", "scipy.stats"} <= modules


# --- The public names ---


def from_stub():
    """Names that the stub takes from modules, and the subpackages and modules themselves."""
    nodes = [node for node in STUB.body if isinstance(node, ast.ImportFrom)]
    names = [alias.name for node in nodes if node.module for alias in node.names]
    return names, [alias.name for node in nodes if not node.module for alias in node.names]


def test_the_stub_has_the_groups_in_their_order():
    names, _ = from_stub()
    assert names == radsim.__all__ == [name for group in radsim.GROUPS.values() for name in group]
    assert len(set(names)) == len(names)
    lines = Path(radsim.__file__).with_suffix(".pyi").read_text().splitlines()
    places = [lines.index(f"# {group}") for group in radsim.GROUPS]
    firsts = [
        next(k for k, line in enumerate(lines) if f" import {group[0]} as" in line)
        for group in radsim.GROUPS.values()
    ]
    assert [k + 1 for k in places] == firsts == sorted(firsts)


def test_every_public_name_is_there():
    names = {}
    exec("from radsim import *", names)
    assert set(names) - {"__builtins__"} == set(radsim.__all__)
    assert set(radsim.__all__) <= set(dir(radsim))
    for name in radsim.__all__:
        assert names[name] is getattr(radsim, name)
    with pytest.raises(AttributeError):
        _ = radsim.no_such_name


def test_every_room_and_module_is_an_attribute():
    here = Path(radsim.__file__).parent
    places = [path.parent for path in here.glob("*/__init__.py")]
    places += [path for path in here.glob("*.py") if path.stem != "__init__"]
    rooms = sorted(path.stem for path in places)
    assert sorted(from_stub()[1]) == rooms
    for room in rooms:
        assert getattr(radsim, room) is importlib.import_module(f"radsim.{room}")


@pytest.mark.parametrize("name", radsim.analysis.__all__)
def test_an_analysis_is_a_function_though_a_module_bears_its_name(name, tmp_path):
    code = (
        "import radsim.analysis.timings, radsim.analysis.worst_group\n"
        f"from radsim.analysis import {name}; print(callable({name}))"
    )
    assert loaded(code, tmp_path)[0] == "True\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_the_line_of_its_docstring(name):
    function = getattr(importlib.import_module(f"radsim.cli.{name}"), f"{name}_command")
    assert function.__doc__.splitlines()[0] == COMMANDS[name]


def test_every_file_of_a_command_is_in_the_table():
    files = {path.stem for path in (Path(radsim.__file__).parent / "cli").glob("*.py")}
    others = {
        "__init__",
        "__main__",
        "amounts",
        "answers",
        "front",
        "inputs",
        "printing",
        "shared",
        "signals",
    }
    assert files - others == set(COMMANDS)
