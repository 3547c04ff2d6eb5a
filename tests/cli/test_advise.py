"""`radsim advise` as a person runs it."""

import json

import numpy as np
import pytest
from commands import call

N, B = 3000, 300


def write(path, columns):
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n")


def pool_and_checked(folder, profile, v):
    rng = np.random.default_rng(1)
    gains = rng.random(N).round(6)
    place = rng.choice(N, v, replace=False)
    wrong = (rng.random(v) < profile(gains[place])).astype(int)
    write(folder / "pool.csv", {"gain": gains})
    write(folder / "checked.csv", {"gain": gains[place], "wrong": wrong})
    return gains, gains[place], wrong


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


ADVISE = ("advise", "checked.csv", "--pool", "pool.csv", "--budget")


@pytest.mark.parametrize(
    ("profile", "v", "said", "then"),
    [
        (lambda g: 0.1 + 0 * g, 2500, "margin", "query the 300 largest gains"),
        (lambda g: 0.9 * (g > 0.85), 1500, "RAD", "radsim solve pool.csv --mistakes "),
        (lambda g: 0.1 + 0 * g, 60, "guarded", "or hedge: a contaminated game"),
        (lambda g: 0.7 + 0 * g, 1500, "do not query", "query nothing of this teacher"),
    ],
)
def test_each_advice(profile, v, said, then, folder):
    pool_and_checked(folder, profile, v)
    found = call(*ADVISE, "10%")
    assert (found.exit_code, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert lines[-1].startswith(f"ADVICE: {said}; ")
    assert then in lines[-2]
    assert lines[0] == (
        "read: column gain -> gains; column wrong -> right or wrong; of the pool column gain -> "
        "gains"
    )
    assert any("intervals hold together but for an error of 0.05" in line for line in lines)


def test_the_document_is_the_function_of_the_package(folder):
    from radsim.analysis import advise

    gains, seen, wrong = pool_and_checked(folder, lambda g: 0.3 * g, 400)
    found = json.loads(call(*ADVISE, 300, "--json").stdout)
    right = advise(gains, 300, seen, wrong)
    assert found["selector"] == right.selector
    assert found["over_rad"]["low"] == pytest.approx(right.over_rad.low)
    assert (found["lift"], found["needed"]) == (right.lift, right.needed)


def test_probabilities_words_and_harms(folder):
    pool_and_checked(folder, lambda g: 0 * g + 0.2, 300)
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.ones(3), 400).round(6)
    p[:, 2] = (1 - p[:, 0] - p[:, 1]).round(6)
    classes = {f"p{k}": p[:, k] for k in range(3)}
    write(folder / "pool.csv", classes)
    part = {name: x[:200] for name, x in classes.items()}
    write(folder / "checked.csv", part | {"judged": ["wrong", "right"] * 100})
    found = call(*ADVISE, 40, "--wrong", "judged", "--harm", "constant:0.3")
    assert found.exit_code == 0, found.stderr
    assert "100 of 200 checked answers wrong" in found.stdout


def test_points_that_are_not_like_the_pool_are_told(folder):
    _, seen, wrong = pool_and_checked(folder, lambda g: 0 * g + 0.2, 300)
    write(folder / "checked.csv", {"gain": seen**3, "wrong": wrong})
    found = call(*ADVISE, 300)
    assert found.exit_code == 0
    assert "are not like those of pool.csv (Kolmogorov-Smirnov, p = " in found.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--wrong", "none"), "checked.csv: --wrong: no column 'none'; has gain, wrong"),
        (("--error", 0), "--error 0.0 must be in (0, 1)"),
        (("--harm", "x"), "--harm 'x' must be"),
        (("--gain-column", "none"), "no column 'none'"),
    ],
)
def test_wrong_use_is_one_line(options, words, folder):
    pool_and_checked(folder, lambda g: 0 * g, 50)
    found = call(*ADVISE, 10, *options)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_cell_that_is_neither_right_nor_wrong_is_named(folder):
    pool_and_checked(folder, lambda g: 0 * g, 50)
    write(folder / "checked.csv", {"gain": [0.5, 0.4], "wrong": ["1", "maybe"]})
    found = call(*ADVISE, 10)
    assert found.stderr == (
        "radsim: checked.csv: row 1, wrong: 'maybe' must be 1 or 0, true or false, wrong or right\n"
    )
