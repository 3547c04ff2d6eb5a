"""`radsim attack`: verdicts and exit codes, as a person meets them."""

import numpy as np
import pytest
from commands import call

OWN = """
import numpy as np


def softmax(gains, budget, *, rng):
    weight = np.exp(gains / 0.2)
    return rng.choice(len(gains), budget, replace=False, p=weight / weight.sum())


def fair(gains, budget, *, rng):
    return rng.choice(len(gains), budget, replace=False)


def twice(gains, budget, *, rng):
    return np.zeros(budget, dtype=int)


NUMBER = 3
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(OWN)
    (tmp_path / "bad.py").write_text("1 / 0\n")
    np.save("student.npy", np.linspace(1, 0.2, 12))
    return tmp_path


def run(*arguments):
    return call("attack", *arguments, "--file", "student.npy", "--mistakes", "2", "--budget", "3")


def test_a_selector_below_uniform_sampling(place):
    found = run("my.py:softmax", "--plot", "attack.svg")
    assert found.exit_code == 1
    last = found.stdout.splitlines()[-1]
    assert last.startswith("below uniform: its guarantee is between")
    assert "worst mistakes found, rows from 0: 0, 1" in found.stdout.replace("1, 0", "0, 1")
    assert "fresh draws" in found.stdout
    assert "yours: softmax" in found.stdout
    assert "yours: softmax" in (place / "attack.svg").read_text()


def test_acceptable_undecided_broken_exact(place):
    assert run("my.py:fair", "--tolerance", "0.05").exit_code == 0
    few = run("my.py:fair", "--draws", "1000")
    assert few.exit_code == 1
    assert few.stdout.splitlines()[-1].endswith("draws would decide: --draws")
    wrong = run("my.py:twice")
    assert wrong.exit_code == 1
    assert wrong.stdout.splitlines()[-1] == "broken: draw 1: point 0 is picked twice"
    exact = run("margin")
    assert exact.exit_code == 1
    assert "all figures are exact" in exact.stdout


def test_the_same_seed_gives_the_same_words(place):
    assert run("my.py:softmax").stdout == run("my.py:softmax").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["my.py:none"], "SELECTOR my.py: has no none; has softmax, fair, twice"),
        (["my.py:NUMBER"], "selector = 3 must be a function"),
        (["no.py:f"], "SELECTOR no.py: No such file or directory"),
        (["bad.py:f"], "SELECTOR bad.py: ZeroDivisionError: division by zero"),
        (["my.py"], "SELECTOR 'my.py' must be FILE.py:NAME"),
        (["guess"], "SELECTOR = 'guess' must be one of rad"),
        (["badge"], "SELECTOR badge: the file does not hold probabilities, embeddings"),
        (["oracle"], "SELECTOR oracle: the file does not hold"),
        (["margin", "--error", "0"], "--error 0.0 must be in (0, 1)"),
        (["margin", "--draws", "1"], "--draws 1 must be"),
        (["margin", "--plot", "a.txt"], "--plot a.txt must end in"),
        (["margin", "--harm", "much"], "--harm 'much' must be"),
    ],
)
def test_bad_input_is_one_line(place, arguments, words):
    found = run(*arguments)
    assert found.exit_code == 2
    assert found.stdout == ""
    (line,) = (x for x in found.stderr.splitlines() if x.startswith("radsim: "))
    assert words in line


def test_a_selector_of_probabilities_reads_the_file_by_the_same_options(place):
    rows = "".join(f"{900 - k},{k},{12 - k}\n" for k in range(1, 12))
    (place / "scores.csv").write_text(f"code,cat,dog\n{rows}")
    given = ["attack", "entropy", "--file", "scores.csv", "--mistakes", "2", "--budget", "3"]
    found = call(*given, "--id", "code", "--normalise")
    assert "all figures are exact" in found.stdout, found.stderr
    assert "scores.csv: 11 points" in found.stdout
    for fewer in (["--id", "code"], ["--normalise"]):
        assert call(*given, *fewer).stdout != found.stdout
