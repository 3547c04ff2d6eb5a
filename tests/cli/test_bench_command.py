"""`radsim bench`, as a person runs it."""

import json

import pytest
from commands import call

FEW = ["--solvers", "closed_form,linprog+interior point,enumeration", "--repeats", "3"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(
        "from radsim import solve\n\n\n"
        "def fine(game):\n    return solve(game).inclusion\n\n\n"
        "def low(game):\n    return 0.9 * solve(game).inclusion\n\n\nNUMBER = 3\n"
    )
    return tmp_path


def test_times_saved_compared_and_drawn(place):
    found = call("bench", "--sizes", "20,2e3", *FEW, "--budget", "1%", "--save", "a.json")
    assert found.exit_code == 0, found.stderr
    lines = found.stdout.splitlines()
    assert "n = 20, 1 mistakes, budget 1" in lines
    assert "n = 2,000, 100 mistakes, budget 20" in lines
    assert "not run: enumeration: n <= 12" in lines
    assert lines[-1].startswith("use closed_form: the fastest whose answers are certified")
    assert json.loads((place / "a.json").read_text())["schema"] == "radsim bench 1"
    again = call(
        "bench", "--sizes", "20,2e3", *FEW, "--budget", "1%", "--compare", "a.json",
        "--solver", "my.py:fine", "--plot", "times.svg",
    )  # fmt: skip
    assert again.exit_code == 0, again.stderr
    assert "a.json: above 1 is faster now" in again.stdout
    assert "my.py:fine" in again.stdout
    assert "numpy.sort" in (place / "times.svg").read_text()


def test_a_refused_certificate_is_exit_code_1(place):
    found = call("bench", "--sizes", "20", "--solvers", "closed_form", "--solver", "my.py:low")
    assert found.exit_code == 1
    assert "REFUSED" in found.stdout
    assert found.stdout.splitlines()[-1].endswith("not my.py:low: a certificate was refused")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sizes", "many"], "--sizes 'many' must be a whole number"),
        (["--sizes", "1.5"], "--sizes '1.5' must be a whole number"),
        (["--sizes", ""], "--sizes is given an empty text"),
        (["--sizes", "5", "--budget", "x"], "--budget 'x' must be a number, or a share like 5%"),
        (["--sizes", "5", "--budget", "6"], "budget = 6.0"),
        (["--sizes", "5", "--mistakes", "200%"], "--mistakes '200%' must be"),
        (["--sizes", "5", "--harm", "column:x"], "--harm 'column:x': there is no file here"),
        (["--sizes", "5", "--family", "x"], "--family 'x' must be one of uniform"),
        (["--sizes", "5", "--solvers", "x"], "--solvers 'x' must be one of closed_form"),
        (["--sizes", "5", "--solver", "no.py:f"], "--solver no.py: No such file or directory"),
        (["--sizes", "5", "--solver", "my.py:NUMBER"], "--solver my.py:NUMBER: it is no function"),
        (["--sizes", "5", "--seconds", "0"], "--seconds 0.0"),
        (["--sizes", "5", "--repeats", "0"], "--repeats 0"),
        (["--sizes", "5", "--compare", "no.json"], "no.json: No such file or directory"),
        (["--sizes", "5", "--compare", "my.py"], "my.py: no benchmark of this version"),
        (["--sizes", "5", "--plot", "a.txt"], "--plot a.txt must end in"),
    ],
)
def test_bad_input_is_one_line(place, arguments, words):
    found = call("bench", *arguments)
    assert found.exit_code == 2
    assert found.stdout == ""
    (line,) = found.stderr.splitlines()
    assert words in line
