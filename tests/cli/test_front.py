"""The command before any subcommand is loaded, and the file of picks, which needs no pandas."""

import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import radsim
from radsim import Game, sample, solve
from radsim.cli import COMMANDS

SCRIPT = "import sys; sys.argv[0] = 'radsim'; from radsim.cli import main; main()"


def run(*arguments, text=""):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        capture_output=True,
        text=True,
        input=text,
        check=False,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
    )


def test_version():
    found = run("--version")
    assert (found.returncode, found.stdout) == (0, f"radsim {radsim.__version__}\n")


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), ([], 2)])
def test_help_has_a_line_for_every_command(arguments, code):
    found = run(*arguments)
    assert found.returncode == code
    lines = [" ".join(line.strip("│ ").split()) for line in found.stdout.splitlines()]
    for name, says in COMMANDS.items():
        assert f"{name} {says}" in lines


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_own_help(name):
    found = run(name, "--help")
    assert found.returncode == 0
    assert f"Usage: radsim {name} " in found.stdout
    assert COMMANDS[name] in found.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "No such command 'nope'."),
        (["solv"], "No such command 'solv'. Did you mean 'solve'?"),
        (["--nope"], "No such option: --nope"),
        (["solve"], "Missing argument 'file'."),
        (["simulate", "--draws", 1], "Invalid value for '--draws'"),
        (["simulate", "--seed", "x"], "Invalid value for '--seed': 'x': "),
        (["verify", "more"], "Got unexpected extra argument"),
        (["solve", "a", "--mistakes"], "Option '--mistakes' requires an argument."),
        (["solve", "a", "--mistakes", 3, "--mistakes", 4], "--mistakes is given more than once."),
        (["solve", "a", "--forced", "--abstain"], "--abstain is given more than once."),
    ],
)
def test_wrong_use_is_refused_by_group_and_command(arguments, words):
    found = run(*arguments)
    assert found.returncode == 2
    assert words in found.stderr
    assert re.fullmatch(r"radsim: [^\n]+[.?] Try 'radsim[a-z ]* --help'\.\n", found.stderr)
    assert found.stdout == ""


def test_picks_are_written_as_pandas_writes_them(tmp_path):
    rng = np.random.default_rng(0)
    gains = np.concatenate([rng.random(200), 10.0 ** rng.uniform(-30, 20, 200), [0.1, 1e16, 1e-5]])
    frame = pd.DataFrame({"gain": gains})
    for m, budget in ((3, 40), (0, 150), (len(gains), 1)):
        path = tmp_path / f"{m}.csv"
        words = ["solve", "-", "--mistakes", m, "--budget", budget, "--out", path]
        found = run(*words, text=frame.to_csv(index=False))
        assert found.returncode == 0, found.stderr
        q = solve(Game(gains, m, budget)).inclusion
        picks = sample(q, rng=np.random.default_rng(0))
        assert (
            path.read_bytes()
            == pd.DataFrame({"row": picks, "gain": gains[picks], "inclusion_probability": q[picks]})
            .to_csv(index=False)
            .encode()
        )


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["solve", "-", "--mistakes", 1, "--out", "/proc/no.csv"], "--out "),
        (["verify", "--out", "/proc/no.csv"], "--out "),
        (["verify", "--replay", "/proc/no.csv"], ""),
        (["explore", "/proc/no.csv"], "FILE "),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(arguments, option):
    found = run(*arguments, text="gain\n1\n2\n3\n")
    assert (found.returncode, found.stderr) == (
        2,
        f"radsim: {option}/proc/no.csv: No such file or directory\n",
    )


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit")
@pytest.mark.parametrize(("command", "code"), [("simulate", 1), ("verify", 1), ("solve", 2)])
def test_a_small_address_space_is_refused_before_libraries_meet_it(command, code):
    line = ["prlimit", f"--as={450 << 20}", sys.executable, "-m", "radsim.cli", command]
    found = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert found.returncode == code  # without its file solve gets as far as wrong use
    assert found.stderr.count("\n") == 1
    assert ("1024 MiB of address space" in found.stderr) == (code == 1)
