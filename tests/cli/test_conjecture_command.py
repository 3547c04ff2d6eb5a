"""`radsim conjecture` as a person runs it."""

import json
import subprocess
import sys

import pytest
from commands import call, start

FALSE = ("V >= (n - 2*m)/n * mean(g)", "--where", "c == 1, b == 1, m == floor(m)")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_false_statement(here):
    run = call("conjecture", *FALSE, "--pytest", "test_it.py", "--plot", "both.png")
    lines = run.output.splitlines()
    assert run.exit_code == 1
    assert "game       g = (1, 0, 0), c = 1, m = 1, b = 1, capped, abstain" in lines
    assert "           (n - 2*m)/n * mean(g) = 1/9" in lines
    assert "           V = 0" in lines
    assert any(line.startswith("explorer ") and "#g=1,0,0&m=1&b=1&harm=1" in line for line in lines)
    assert lines[-1] == "REFUTED by a game of 3 points, seed 0"
    assert (here / "both.png").read_bytes().startswith(b"\x89PNG")
    (saved,) = (here / "radsim-failures").iterdir()
    again = call("conjecture", "--replay", saved)
    assert again.exit_code == 1
    assert again.output.splitlines()[-1].startswith("REFUTED: ")
    # The test that was written passes, and fails on a game that does not refute.
    test = here / "test_it.py"
    runs = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    assert subprocess.run(runs, capture_output=True, check=False).returncode == 0
    test.write_text(test.read_text().replace("mistakes=Q(1)", "mistakes=Q(0)"))
    assert subprocess.run(runs, capture_output=True, check=False).returncode == 1


def test_a_statement_that_survives(here):
    run = call("conjecture", "V <= b*max(g)", "--games", 300, "--seed", 2)
    assert run.exit_code == 0
    lines = run.output.splitlines()
    assert lines[-1] == "SURVIVED 300 games, seed 2; that is no proof"
    assert any(line.startswith("tried      300 games, 300 of them (100%)") for line in lines)
    assert any(line.startswith("holds      V <= b*max(g)") for line in lines)
    assert "true" not in run.output.lower()
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["V >= k"], "radsim: statement, place 6: no such letter 'k'; the letters are g, h,"),
        ([], "radsim: statement, place 1: is empty"),
        (["V >= 0", "--where", "m > n", "--games", "50"], "radsim: where: none of 50 games"),
        (["V >= 0", "--where", "m >"], "radsim: where, place 4: ends too soon"),
        (["V >= 0", "--games", "0"], "radsim: --games 0 must be"),
        (["V >= 0", "--seconds", "nan"], "radsim: --seconds nan must be"),
        (["V >= 0", "--seed", "-1"], "radsim: --seed -1 must be"),
        (["V >= 0", "--plot", "no/p.png"], "radsim: --plot no/p.png: no: no such folder"),
        (["V >= 0", "--plot", "p.txt"], "radsim: --plot p.txt must end in .png, .svg or .pdf"),
        (["q <= 1", "--plot", "p.png"], "radsim: --plot p.png: the statement does not begin"),
        (["capped", "--plot", "p.png"], "radsim: --plot p.png: the statement does not begin"),
        (["V >= 0", "--out", "file"], "radsim: --out file"),
        (["--replay", "none.json"], "radsim: none.json: No such file"),
    ],
)
def test_what_is_refused(arguments, words, here):
    (here / "file").write_text("")
    run = start(["conjecture", *arguments], here)
    first, *rest = run.stderr.splitlines()
    assert (run.returncode, run.stdout) == (2, "")
    assert first.startswith(words)
    assert [line.strip(" ") for line in rest[1:]] in ([], ["^"])
    assert [path.name for path in here.iterdir()] == ["file"]


GOOD = {
    "conjecture": "V > 0",
    "where": "",
    "gains": ["1", "0"],
    "harms": ["1", "0"],
    "mistakes": "1/2",
    "budget": "1",
    "multiple": "1",
    "capped": True,
    "abstain": True,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gains": ["1", "x"]}, "gains[1] = 'x' must be a fraction as text"),
        ({"gains": ["1", "1/0"]}, "gains[1] = '1/0' must be a fraction"),
        ({"gains": ["1", "1e999999999"]}, "must be a fraction"),
        ({"gains": [1, 0]}, "gains[0] = 1 must be a fraction"),
        ({"gains": []}, "gains must be a list of 1 to 40"),
        ({"gains": ["-1", "0"], "multiple": None}, "these numbers are no game"),
        ({"harms": ["1"]}, "harms has 1 entries, gains has 2"),
        ({"harms": ["2", "0"]}, "not the multiple"),
        ({"mistakes": "3"}, "these numbers are no game"),
        ({"budget": "0"}, "these numbers are no game"),
        ({"capped": 1}, "capped = 1 must be true or false"),
        ({"conjecture": "__import__(m)"}, "no such function"),
        ({"conjecture": None}, "conjecture = None must be text"),
        ({"where": 3}, "where = 3 must be text"),
    ],
)
def test_a_file_that_is_no_refutation(change, words, here):
    path = here / "it.json"
    path.write_text(json.dumps(GOOD | change))
    run = start(["conjecture", "--replay", "it.json"], here)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("radsim: it.json: not a saved conjecture: ")
    assert words in run.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}", "\0", "[" * 100_000, "NaN", '"' * 9])
def test_a_file_of_something_else(text, here):
    (here / "it.json").write_text(text)
    run = start(["conjecture", "--replay", "it.json"], here)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("radsim: it.json: not a saved conjecture")
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({}, 1, "REFUTED: "),
        ({"mistakes": "0"}, 0, "SURVIVED: the statement holds on this game"),
        ({"where": "m == 0"}, 0, "SURVIVED: the game does not meet the conditions"),
        ({"conjecture": "1/(m - m) > 0"}, 0, "SURVIVED: the statement is not defined"),
    ],
)
def test_what_a_replay_says(change, code, words, here):
    path = here / "it.json"
    path.write_text(json.dumps(GOOD | change))
    run = call("conjecture", "--replay", path)
    assert run.exit_code == code
    assert run.output.splitlines()[-1].startswith(words)


def test_a_narrow_search_is_said(here):
    run = start(
        ["conjecture", "V <= b*lam", "--where", "V > b*max(g)*4/5, m > 0", "--games", "600"], here
    )
    assert run.returncode == 0
    assert "of the games meet the conditions: more --games" in run.stderr


def test_the_page_that_cannot_be_written_loses_no_verdict(here):
    run = start(["conjecture", *FALSE, "--pytest", "/dev/full"], here)
    assert run.returncode == 1
    assert "radsim: --pytest /dev/full" in run.stderr
    assert "REFUTED by a game of 3 points" in run.stdout
