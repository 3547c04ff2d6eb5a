"""What any command can be asked for: --help, --quiet, --json, completion, and extras by name."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise

import pytest
from commands import call

from radsim import Game, solve
from radsim.cli import COMMANDS
from radsim.cli.front import DOCUMENTS

SCRIPT = "import sys; sys.argv[0] = 'radsim'; from radsim.cli import main; main()"
GAINS = "gain\n0.92\n0.85\n0.85\n0.61\n0.40\n0.33\n0.12\n0.05\n"
SOLVE = ("solve", "gains.csv", "--mistakes", "25%", "--budget", 3)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gains.csv").write_text(GAINS)
    return tmp_path


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "80", "TERM": "dumb", **environment},
    )


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_both_ways_to_ask_for_help(name):
    words = [name] if name else []
    short, long = call(*words, "-h"), call(*words, "--help")
    assert short.exit_code == long.exit_code == 0
    assert short.stdout == long.stdout


def stubs(text):
    """Lines of running text that end though the first word of the next would have had room."""
    lines = [line.strip() for line in text.split("╭")[0].splitlines()]
    return [a for a, b in pairwise(lines) if a and b and len(a) + 1 + len(b.split()[0]) < 77]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_no_stubs_at_80_columns(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    assert stubs(call(name, "--help").stdout) == []


def test_the_search_for_stubs_finds_one():
    long = "The selector is drawn from until the verdict stands: acceptable (what it"
    assert stubs(f"{long}\nguarantees is at least\nwhat uniform sampling does\n╭─") == [
        "guarantees is at least"
    ]


def test_help_keeps_the_names_of_extras():
    assert "radsim[remote]" in "".join(run("solve", "--help", COLUMNS="200").stdout)


def test_solve_as_a_document(folder):
    found = json.loads(call(*SOLVE, "--json").stdout)
    right = solve(Game([0.92, 0.85, 0.85, 0.61, 0.40, 0.33, 0.12, 0.05], 2, 3))
    assert found["guaranteed"] == pytest.approx(float(right.value))
    assert found["picks"] == [0, 3, 5]  # from 0, as `sample` counts
    assert (found["points"], found["mistakes"], found["method"]) == (8, 2, "closed_form")


def test_check_as_a_document(folder):
    call(*SOLVE, "--proof", "p.json")
    good = json.loads(call("check", "p.json", "--gains", "gains.csv", "--json").stdout)
    assert good["proved"]
    assert good["at_least"] <= 0.5655285 <= good["at_most"] + 1e-7
    (folder / "others.csv").write_text(GAINS.replace("0.92", "0.91"))
    found = call("check", "p.json", "--gains", "others.csv", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["proved"] is False
    assert found.stderr.startswith("REFUSED")


def test_verify_as_a_document(folder):
    found = json.loads(call("verify", "--instances", 2, "--jobs", 1, "--json").stdout)
    assert found["claims"][0]["claim"] == "V1"


def test_simulate_as_a_document(folder):
    words = ("--instances", "mixture", "--selectors", "rad", "--draws", 20, "--repetitions", 0)
    found = json.loads(call("simulate", *words, "--jobs", 1, "--out", "run", "--json").stdout)
    assert {row["selector"] for row in found["results"]} == {"rad"}
    assert found["violated"] == 0
    assert found["coverage"] is None
    card = json.loads(call("simulate", "--instances", "mixture", "--scorecard", "--json").stdout)
    assert card["scorecards"][0]["guarantee"] > 0


def test_a_figure_that_is_no_number_is_null(folder):
    (folder / "none.csv").write_text("gain\n0\n0\n")
    found = call("solve", "none.csv", "--mistakes", 1, "--json")
    assert json.loads(found.stdout)["wrong"] is None


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_offered_where_there_is_a_document(name):
    assert ("--json" in call(name, "--help").stdout) == (name in DOCUMENTS)


def test_quiet_prints_nothing_and_writes_all(folder):
    found = call(*SOLVE, "--out", "picks.csv", "-q")
    assert (found.exit_code, found.stdout, found.stderr) == (0, "", "")
    assert (folder / "picks.csv").read_text().startswith("row,gain,")
    assert call("explore", "page.html", "--quiet").stdout == ""


def test_quiet_still_refuses(folder):
    found = call("solve", "gains.csv", "--mistakes", 99, "--quiet")
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    found = call(*SOLVE, "--quiet", "--json")
    assert found.stderr.startswith("radsim: --quiet has no meaning with --json.")


def completed(line):
    words = line.split(" ")
    found = run(_RADSIM_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    return found.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("radsim so", ["solve"]),
        ("radsim solve --obj", ["--objective"]),
        ("radsim verify --qu", ["--quiet"]),
        ("radsim --ver", ["--version"]),
    ],
)
def test_a_shell_completes_commands_and_options(line, words):
    assert completed(line) == words


def test_completion_is_installed_for_a_shell(tmp_path):
    found = run("--install-completion", "bash", HOME=str(tmp_path), SHELL="/bin/bash")
    if found.returncode:  # the shell is found by the processes above, where there is one
        found = run(
            "--install-completion",
            "bash",
            HOME=str(tmp_path),
            _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
        )
    assert found.returncode == 0, found.stderr
    assert "_RADSIM_COMPLETE" in (tmp_path / ".bash_completions" / "radsim.sh").read_text()


ABSENT = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in {names!r} else found(name, path, target)
PathFinder.find_spec = classmethod(find_spec)
"""


def without(names, *arguments):
    """The command where these libraries are not installed."""
    script = ABSENT.format(names=names) + SCRIPT
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


NONE = ("matplotlib", "pyarrow", "jinja2", "markdown_it")


def test_solve_and_verify_need_no_extra(folder):
    found = without(NONE, *SOLVE, "--out", "picks.csv", "--proof", "p.json")
    assert (found.returncode, found.stderr) == (0, "")
    found = without(NONE, "verify", "--instances", 2, "--jobs", 1)
    assert found.returncode == 0, found.stderr
    assert "0 violated" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        ((*SOLVE, "--plot", "level.png", "--out", "picks.csv"), "plots"),
        (("verify", "--instances", 2, "--jobs", 1, "--out", "run"), "plots"),
        (("bench", "--sizes", 10, "--repeats", 1, "--plot", "b.png"), "plots"),
        (("solve", "pool.parquet", "--mistakes", 1), "files"),
        (("simulate", "--instances", "mixture", "--draws", 20, "--out", "run"), "report"),
        (("report", "run"), "report"),
        (("explore", "page.html"), "report"),
    ],
)
def test_an_extra_that_is_missing_is_named(arguments, extra, folder):
    (folder / "pool.parquet").write_bytes(b"PAR1")
    (folder / "run").mkdir()
    found = without(NONE, *arguments)
    assert found.returncode == 2
    assert found.stdout == ""
    line = rf"radsim: [^\n]+ need \w+: pip install 'radsim\[{extra}\]'\n"
    assert re.fullmatch(line, found.stderr), found.stderr
    assert not list(folder.glob("picks.csv"))  # nothing half done
