"""`radsim simulate` with a pool and selectors of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import start

MINE = """
import numpy as np

def softmax(gains, budget, *, rng):
    p = np.exp(gains / 0.2)
    return rng.choice(len(gains), budget, replace=False, p=p / p.sum())

def largest(gains, budget, *, rng):
    return np.argsort(-gains, kind="stable")[:budget]
"""
POOL = ("--file", "pool.csv", "--mistakes", "2", "--budget", "3")
SMALL = ("--draws", "60", "--repetitions", "0", "--teachers", "uniform,best response")
OWN = (*POOL, "--selector", "my.py:softmax", "--selector", "my.py:largest")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("own")
    _write(place)
    found = start(("simulate", *OWN, *SMALL, "--jobs", "1", "--out", "run"), place)
    assert found.returncode == 0, found.stderr
    (place / "stdout").write_text(found.stdout)
    return place


def _write(place: Path) -> None:
    gains = np.random.default_rng(3).random(20).round(3)
    (place / "pool.csv").write_text("gain\n" + "\n".join(map(str, gains)) + "\n")
    (place / "my.py").write_text(MINE)


def test_own_selectors_stand_beside_the_known(done):
    frame = pd.read_parquet(done / "run" / "results.parquet")
    assert set(frame["instance"]) == {"pool.csv"}
    assert {"rad", "margin", "my.py:softmax", "my.py:largest"} <= set(frame["selector"])
    assert not (frame["status"] == "VIOLATED").any()
    # What leaves nothing to chance is judged as its exact equal is.
    by = frame[frame["teacher"] == "best response"].set_index("selector")["guarantee"]
    assert by["my.py:largest"] == by["margin"].max()
    # What draws gets a bound from below, which its mean exceeds.
    own = frame[frame["selector"] == "my.py:softmax"]
    assert (own["guarantee"] <= own["realised"]).all()
    text = (done / "stdout").read_text()
    assert "softmax" in text
    assert "my.py:largest" in (done / "run" / "scorecard.csv").read_text()


def test_a_cell_is_computed_again_when_all_is_named_again(done):
    found = start(("simulate", *OWN, "--out", "run", "--replay", "1"), done)
    assert found.returncode == 0, found.stderr
    frame = pd.read_parquet(done / "run" / "results.parquet")
    for value in frame[frame["cell"] == 1]["realised"]:
        assert f"{value:.6f}" in found.stdout


def test_no_manifest_has_code_run(done):
    """The cell names a file of Python; without the option it is not run."""
    mark = done / "ran"
    (done / "my.py").write_text(MINE + f"\nopen({str(mark)!r}, 'w').close()\n")
    try:
        found = start(("simulate", "--out", "run", "--replay", "1"), done)
    finally:
        _write(done)
    assert found.returncode == 2
    assert "must be named again" in found.stderr
    assert not mark.exists()


@pytest.mark.parametrize("change", ["pool", "code", "mistakes", "fewer"])
def test_another_pool_or_code_is_another_run(done, change):
    options = list(OWN)
    try:
        if change == "pool":
            (done / "pool.csv").write_text((done / "pool.csv").read_text() + "0.5\n")
        elif change == "code":
            (done / "my.py").write_text(MINE.replace("0.2", "0.3"))
        elif change == "mistakes":
            options[3] = "3"
        else:
            options = options[:-2]
        again = start(("simulate", *options, *SMALL, "--out", "run", "--resume"), done)
        replay = start(("simulate", *options, "--out", "run", "--replay", "0"), done)
    finally:
        _write(done)
    assert again.returncode == replay.returncode == 2
    assert "another sweep" in again.stderr
    assert "is not what it was" in replay.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--mistakes", "2"), "--mistakes has no meaning without --file"),
        (("--file", "pool.csv"), "--file needs --mistakes"),
        (("--selector", "my.py:none"), "has no none; has softmax, largest"),
        (("--selector", "other.py:mine"), "No such file"),
        (("--selector", "my.py"), "must be FILE.py:NAME or MODULE:NAME"),
        ((*POOL[:4], "--budget", "30"), "budget"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(done, options, words):
    found = start(("simulate", *options, "--out", "none"), done)
    assert found.returncode == 2
    assert words in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert not (done / "none").exists()


@pytest.mark.parametrize(
    ("name", "gains", "words"),
    [
        ("large.npy", np.ones(200_000, dtype=np.float32), "at most 671 draws of large.npy"),
        ("uniform", np.ones(5), "'uniform' is the name of one that is known"),
        ("a,b.npy", np.ones(5), "'a,b.npy' holds a comma"),
    ],
)
def test_a_pool_that_cannot_be_played_is_refused(name, gains, words, tmp_path):
    with (tmp_path / name).open("wb") as file:
        np.save(file, gains) if name.endswith(".npy") else file.write(
            b"gain\n" + b"1\n" * len(gains)
        )
    found = start(("simulate", "--file", name, "--mistakes", "2", "--out", "none"), tmp_path)
    assert found.returncode == 2
    assert words in found.stderr
    assert not (tmp_path / "none").exists()


def test_an_answer_that_is_no_selection_ends_the_run(done):
    (done / "bad.py").write_text("def bad(gains, budget, *, rng):\n    return [0, 0, 0]\n")
    options = (*POOL, "--selector", "bad.py:bad", *SMALL, "--jobs", "1")
    found = start(("simulate", *options, "--out", "bad"), done)
    assert found.returncode == 2
    assert "point 0 is picked twice" in found.stderr


def test_the_manifest_says_which_pool_and_code(done):
    cells = json.loads((done / "run" / "manifest.json").read_text())["cells"]
    assert {len(cell["own"]) for cell in cells} == {16}
