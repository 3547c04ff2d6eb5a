"""The job of docs/howto/your-file.md in full size: a student's softmax to ids to query, proved."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from commands import call

from radsim import mistakes_upper_bound
from radsim.data.files import read

STANDALONE = Path(__file__).parents[2] / "proofs_checks" / "standalone_checker.py"
N, BUDGET = 20_000, 500
SOLVE = (
    *("solve", "softmax.npy", "--ids", "ids.txt", "--checked", 200, "--wrong", 24),
    *("--budget", BUDGET, "--out", "picks.csv", "--proof", "picks.proof.json"),
)
CHECK = ("check", "picks.proof.json", "--gains", "softmax.npy", "--ids", "ids.txt")


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """A folder with the pool, its identifiers and what the first command leaves."""
    folder = tmp_path_factory.mktemp("job")
    rng = np.random.default_rng(0)
    scores = np.exp(2 * rng.normal(size=(N, 10)).astype("f4"))
    np.save(folder / "softmax.npy", scores / scores.sum(axis=1, keepdims=True))
    names = [f"img{k:05}.jpg" for k in rng.permutation(N)]
    (folder / "ids.txt").write_text("\n".join(names) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = call(*SOLVE)
    assert done.exit_code == 0, done.stderr
    return folder, done, names


@pytest.fixture(autouse=True)
def inside(job, monkeypatch):
    monkeypatch.chdir(job[0])


def test_what_was_read_and_how_m_came_are_said(job):
    _, done, _ = job
    first = done.stdout.splitlines()[0]
    assert first == (
        "read: 10 class probabilities (0, 1, 2, 3, 4, 5, ...) -> margin gains; ids from ids.txt"
    )
    m = mistakes_upper_bound(N, 200, 24, delta=0.05)
    assert f"│ {m} " in done.stdout and "24 of 200 wrong, delta 5%" in done.stdout
    assert done.stderr == ""


def test_the_picks_are_ids_of_their_rows(job):
    folder, _, names = job
    with (folder / "picks.csv").open() as file:
        rows = list(csv.DictReader(file))
    gains = read("softmax.npy").gains
    assert len(rows) == BUDGET
    for row in rows:
        place = int(row["row"])
        assert row["id"] == names[place]
        assert float(row["gain"]) == gains[place]


def test_the_proof_is_proved_again(job):
    found = call(*CHECK, "--picks", "picks.csv")
    assert found.exit_code == 0, found.stderr
    assert "24 of 200 checked points were wrong" in found.stdout
    assert "ids        id: those of your rows" in found.stdout
    assert "NOT CHECKED" in call(*CHECK[:4]).stdout


def test_the_one_file_proves_it_too(job):
    folder, _, names = job
    gains = read("softmax.npy").gains.tolist()
    rows = "".join(f"{gain!r},{name}\n" for gain, name in zip(gains, names, strict=True))
    (folder / "gains.csv").write_text(f"gain,id\n{rows}")
    command = [sys.executable, "-I", str(STANDALONE), "picks.proof.json", "gains.csv"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "24 of 200 checked points wrong" in found.stdout
    assert "ids        'id': the same" in found.stdout


@pytest.mark.parametrize("file", ["ids", "proof", "picks"])
def test_ids_of_other_rows_are_refused(file, job):
    folder, _, names = job
    place = int((folder / "picks.csv").read_text().splitlines()[1].split(",")[0])
    given = {"ids": "ids.txt", "proof": "picks.proof.json", "picks": "picks.csv"}
    path = folder / given[file]
    forged = path.with_name(f"forged.{given[file]}")
    forged.write_text(path.read_text().replace(names[place], "img99999.jpg"))
    given[file] = forged.name
    found = call(
        *("check", given["proof"], "--gains", "softmax.npy", "--ids", given["ids"]),
        *("--picks", given["picks"]),
    )
    assert (found.exit_code, found.stdout) == (1, "")
    assert "img99999.jpg" in found.stderr and found.stderr.count("\n") == 1


def test_fewer_wrong_points_than_m_needs_are_refused(job):
    folder, _, _ = job
    text = (folder / "picks.proof.json").read_text()
    (folder / "forged.json").write_text(
        text.replace('"validation": [200,24,', '"validation": [200,25,')
    )
    found = call("check", "forged.json", "--gains", "softmax.npy")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "validation: 25 wrong of 200 checked points" in found.stderr
