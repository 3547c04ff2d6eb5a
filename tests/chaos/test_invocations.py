"""Odd command lines: refused in one line with nothing written, or what a person means by them."""

import os
import shutil
import sys

import numpy as np
import pytest
from chaos.children import run
from chaos.figures import SIZE
from chaos.odd_lines import Line, lines
from chaos.outcomes import Outcome, ended, files, spoken
from chaos.works import RADSIM
from typer.testing import CliRunner

from radsim.cli import app
from radsim.cli.printing import shown

LINES = lines()
SHARE = {"full": 1, "ci": 0.15}.get(SIZE) or float(SIZE)


# Functions of somebody's own, and files that cannot be run.
OWN_FILES = {
    "own.py": "number = 3\ndef f(gains, budget, *, rng):\n    return [0]\n",
    "raises.py": "raise ValueError('two\\nlines')\n",
    "exits.py": "raise SystemExit(3)\n",
    "torn.py": "def f(\n",
    "deep.py": "def f(k):\n    return f(k + 1)\nf(0)\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the lines find: gains, a folder, a proof."""
    folder = tmp_path_factory.mktemp("made")
    gains = np.random.default_rng(0).random(20).round(3)
    (folder / "gains.csv").write_text("gain\n" + "".join(f"{x}\n" for x in gains))
    (folder / "folder").mkdir()
    for name, text in OWN_FILES.items():
        (folder / name).write_text(text)
    words = ("solve", "gains.csv", "--mistakes", "1", "--proof", "proof.json")
    assert called(words, folder).code == 0
    return folder


def called(arguments, folder, text=""):
    """A command in this process; its working folder is `folder`."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        found = CliRunner().invoke(app, list(arguments), input=text)
    finally:
        os.chdir(here)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        words = f"Traceback (most recent call last): {found.exception!r}"
        return Outcome(found.exit_code, found.stdout, words)
    return Outcome(found.exit_code, found.stdout, found.stderr)


def there(folder):
    """Everything in a folder: contents by name, empty folders too."""
    folders = [path.relative_to(folder) for path in folder.rglob("*") if path.is_dir()]
    return files(folder) | {str(path): b"" for path in folders}


def refused(outcome, before, after, names=("",)):
    """Faults of a refusal: its code, its line, which holds one of `names`; what was written."""
    faults = ended(outcome, (2,))
    if not any(name in outcome.err for name in names):
        faults.append(("lines", f"none named of {names}: {outcome.err[:300]}"))
    if not outcome.err.startswith("radsim: ") and not faults:
        faults.append(("lines", outcome.err[:300]))
    if outcome.out:
        faults.append(("lines", f"on standard output: {outcome.out[:200]}"))
    if before != after:
        faults.append(("left files", f"{sorted(set(after) - set(before))} or other contents"))
    return faults


def contents(before, after):
    """What was written, whatever it is called."""
    return sorted(content for name, content in after.items() if before.get(name) != content)


def as_meant(outcome, plain, written, expected):
    """Faults of an odd line against the plain one: its code, its notes, what it wrote or said."""
    faults = [("exit codes", f"the plain line: {plain}")] if plain.code != 0 else []
    faults += ended(outcome, (0,)) if outcome.code != 0 else spoken(outcome.err, due=False)
    if not faults and (written != expected if expected else outcome.out != plain.out):
        faults.append(("wrong with exit 0", f"{outcome.out[:500]!r}, not {plain.out[:500]!r}"))
    return faults


def tried(line, made, place):
    """Faults of a line, and of the plain one beside it."""
    shutil.copytree(made, place / "odd")
    before = there(place / "odd")
    text = (made / line.text).read_text() if line.text else ""
    outcome = called(line.arguments, place / "odd", text)
    after = there(place / "odd")
    if line.means is None:
        # What is long is cut in the middle; a column is named without its "column:".
        value = shown(line.arguments[-1])[:60].rstrip("/").rpartition(":")[2]
        return refused(outcome, before, after, (line.names, value))
    shutil.copytree(made, place / "plain")
    start = there(place / "plain")
    plain = called(line.means, place / "plain")
    return as_meant(
        outcome, plain, contents(before, after), contents(start, there(place / "plain"))
    )


@pytest.mark.chaos
@pytest.mark.parametrize("k", range(max(1, round(SHARE * len(LINES)))))
def test_a_line_is_refused_or_does_what_is_meant(k, made, place, judge):
    line = LINES[k]
    judge("odd lines", tried(line, made, place), f"{line.part}: {str(line.arguments)[:500]}")


SURROUNDINGS = {
    "one column": ("", {"COLUMNS": "1"}),
    "dumb": ("", {"TERM": "dumb", "NO_COLOR": "1"}),
    "ascii": ("", {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}),
    "strict C": ("", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "no input": ("<&-", {}),
    "no output": (">&-", {}),
    "empty input": ("</dev/null", {}),
}
BY_PROCESS = {
    "solved": (0, "solve", "gains.csv", "--mistakes", "1", "--out", f"{chr(0x1F98A)}.csv"),
    "from nothing": (2, "solve", "-", "--mistakes", "1"),
    "refused": (2, "solve", "gains.csv", "--mistakes", chr(0x1F98A)),
    "raw bytes": (2, "solve", os.fsdecode(b"\xff\xfe"), "--mistakes", "1"),
    "unknown": (2, "solve", "--n\N{LATIN SMALL LETTER O WITH DIAERESIS}pe"),
    "help": (0, "--help"),
    "version": (0, "--version"),
    "nothing": (2,),
}


@pytest.mark.chaos
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize("name", BY_PROCESS)
def test_surroundings_change_nothing(name, surroundings, made, place, judge):
    if SHARE < 1 and (len(name) + len(surroundings)) % 4:
        pytest.skip("one in four: RADSIM_CHAOS=full tries all")
    shutil.copytree(made, place / "odd")
    redirected, environment = SURROUNDINGS[surroundings]
    code, *arguments = BY_PROCESS[name]
    command = ["sh", "-c", f'"$@" {redirected}', "sh", sys.executable, *RADSIM, *arguments]
    outcome = run(command, place / "odd", environment=environment)
    # Without a command help is printed, and nothing else said.
    faults = ended(outcome, (code,)) if name != "nothing" else spoken(outcome.err, due=False)
    judge("surroundings", faults, f"{name}, {surroundings}: {outcome}"[:600])


def test_the_table_is_large_and_of_all_commands():
    by_part = {}
    for line in LINES:
        by_part.setdefault(line.part.split()[0], []).append(line)
    print(f"\n{len(LINES)} lines: " + ", ".join(f"{x} {len(y)}" for x, y in by_part.items()))
    assert len(LINES) >= 600
    assert len({line.arguments for line in LINES}) >= 600
    assert {"solve", "check", "simulate", "verify", "distill"} <= set(by_part)
    assert {"conjecture", "attack", "bench"} <= set(by_part)


BEFORE = {"gains.csv": b"gain\n1\n"}
GOOD, LINE = Outcome(0, "a\n"), "radsim: --seed is none\n"


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        (refused(Outcome(2, "", LINE), BEFORE, BEFORE), None),
        (refused(Outcome(0, "done\n", ""), BEFORE, BEFORE), "exit codes"),
        (refused(Outcome(2, "", LINE), BEFORE, BEFORE | {"x": b""}), "left files"),
        (refused(Outcome(2, "", LINE), BEFORE, {"gains.csv": b""}), "left files"),
        (refused(Outcome(2, "half a table", LINE), BEFORE, BEFORE), "lines"),
        (refused(Outcome(2, "", "Usage: radsim\n| panel |\n"), BEFORE, BEFORE), "lines"),
        (refused(Outcome(2, "", "Error\n"), BEFORE, BEFORE), "lines"),
        (refused(Outcome(2, "", LINE), BEFORE, BEFORE, ("budget",)), "lines"),
        (refused(Outcome(2, "", "Traceback (most recent call last)"), {}, {}), "tracebacks"),
        (as_meant(GOOD, GOOD, [b"1"], [b"1"]), None),
        (as_meant(GOOD, GOOD, [b"2"], [b"1"]), "wrong with exit 0"),
        (as_meant(Outcome(0, "b\n"), GOOD, [], []), "wrong with exit 0"),
        (as_meant(Outcome(2, "", LINE), GOOD, [], [b"1"]), "exit codes"),
        (as_meant(GOOD, Outcome(2, "", LINE), [], []), "exit codes"),
    ],
)
def test_forged_ends_are_told_from_good_ones(faults, kind):
    assert ([name for name, _ in faults] or [None])[0] == kind


def test_a_line_that_would_be_misread_is_caught(made, place):
    wrong = Line(("solve", "gains.csv", "--mistakes", "2", "--out", "picks.csv"))
    assert [kind for kind, _ in tried(wrong, made, place)]
    other = Line(wrong.arguments, ("solve", "gains.csv", "--mistakes", "1", "--out", "picks.csv"))
    shutil.rmtree(place / "odd")
    assert [kind for kind, _ in tried(other, made, place)] == ["wrong with exit 0"]
