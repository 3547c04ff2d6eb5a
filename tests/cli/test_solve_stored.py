"""`radsim solve` of a pool that is read in chunks: what is printed and written, and what is not."""

import csv
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import call
from test_figures import printed

import radsim.cli.answers as command
from radsim import Game, solve
from radsim.cli import inputs
from radsim.data import known_table
from radsim.data.files import read
from radsim.data.stored_columns import Column, column_of
from radsim.solvers.water import columns

GAINS = "".join(f"p{k},{x},{h}\n" for k, (x, h) in enumerate(zip(
    [0.92, 0.85, 0.85, 0.61, 0.40, 0.33, 0.12, 0.05, 0, 0.7], [1, 2, 0, 0.5, 1, 1, 1, 1, 1, 0.2],
    strict=True,
)))  # fmt: skip


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.csv"
    path.write_text("id,gain,harm\n" + GAINS)
    return path


@pytest.fixture
def in_chunks(monkeypatch):
    """Files are read as if they were large, in chunks of three points."""
    monkeypatch.setattr(columns, "CHUNK", 3)

    def stored(*arguments, **options):
        found = read(*arguments, **options)
        harms = None if found.harms is None else column_of(found.harms, "harms")
        return replace(found, gains=column_of(found.gains, "gains"), harms=harms)

    return lambda: monkeypatch.setattr(inputs, "read", stored)


WAYS = {
    "one query": ["--mistakes", 2],
    "caps bind": ["--mistakes", 2, "--budget", 5, "--harm", "column:harm"],
    "forced": ["--mistakes", "60%", "--budget", 3.5, "--forced", "--harm", "constant:0.5"],
    "nothing is safe": ["--mistakes", 9, "--budget", 2],
    "with replacement": ["--mistakes", 1.5, "--budget", 40, "--uncapped"],
    "no mistake": ["--mistakes", 0, "--budget", 10],
}


@pytest.mark.parametrize("way", WAYS)
def test_the_table_is_that_of_the_pool_in_memory(way, pool, in_chunks, tmp_path):
    given = ["solve", pool, *WAYS[way], "--out"]
    whole = call(*given, tmp_path / "whole.csv")
    in_chunks()
    part = call(*given, tmp_path / "part.csv")
    assert whole.exit_code == part.exit_code == 0, part.output
    assert "in chunks" in part.stdout and "in chunks" not in whole.stdout
    one, other = printed(whole.stdout), printed(part.stdout)
    assert list(one) == list(other)
    for name in one:
        if name not in ("worst case of this draw", "duality gap", "method"):
            assert one[name] == other[name], name
    assert part.stderr == whole.stderr
    # The same probabilities, whichever rows were drawn.
    known = {}
    for path in ("whole.csv", "part.csv"):
        with open(tmp_path / path) as file:
            rows = list(csv.reader(file))
        assert rows[0] == ["row", "gain", "inclusion_probability", "id"]
        for row, *cells, name in rows[1:]:
            assert name == f"p{row}"
            assert known.setdefault(row, list(map(float, cells))) == pytest.approx(
                list(map(float, cells)), rel=1e-12
            )
    picked = part.stdout.split("picked rows, from 0: ")[1].split("\n")[0].split(", …")[0]
    assert picked == (", ".join(row[0] for row in rows[1:][:20]) or "none")


def test_the_worst_case_is_that_of_the_rows_that_are_written(pool, in_chunks, tmp_path):
    in_chunks()
    out = tmp_path / "picks.csv"
    found = call("solve", pool, "--mistakes", 2, "--budget", 4, "--out", out)
    gains = np.loadtxt(out, delimiter=",", skiprows=1, usecols=1)
    worst = gains.sum() - 2 * np.sort(gains)[-2:].sum()
    assert float(printed(found.stdout)["worst case of this draw"][0]) == pytest.approx(worst)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--objective", "regret"], "--objective regret needs"),
        (["--method", "linprog"], "--method linprog needs"),
        (["--design", "brewer"], "--design brewer needs"),
        (["--proof", "p.json"], "--proof needs"),
        (["--plot", "p.png"], "--plot needs"),
    ],
)
def test_what_needs_memory_has_a_limit(given, words, pool, in_chunks, monkeypatch, tmp_path):
    in_chunks()
    monkeypatch.chdir(tmp_path)
    assert call("solve", pool, "--mistakes", 1, *given).exit_code == 0
    for name in ("p.png", "p.json"):
        (tmp_path / name).unlink(missing_ok=True)
    monkeypatch.setattr(command, "MOST_POINTS", 9)
    monkeypatch.setattr(command, "MOST_PROVED", 9)
    found = call("solve", pool, "--mistakes", 1, *given)
    assert found.exit_code == 2 and not found.stdout
    assert found.stderr.count("\n") == 1 and words in found.stderr
    assert "at most 9 points" in found.stderr and "has 10" in found.stderr
    assert os.listdir(tmp_path) == ["pool.csv"]


def test_picks_do_not_depend_on_the_picture(pool, in_chunks, tmp_path):
    in_chunks()
    given = ["solve", pool, "--mistakes", 1, "--budget", 4, "--seed", 5]
    alone = call(*given)
    drawn = call(*given, "--plot", tmp_path / "level.png", "--picture", "budget")
    assert alone.stdout == drawn.stdout and (tmp_path / "level.png").exists()


@pytest.mark.parametrize("stored", [False, True])
def test_a_trillion_draws_are_written_as_counts(stored, pool, in_chunks, tmp_path):
    if stored:
        in_chunks()
    out = tmp_path / "picks.csv"
    given = ["--mistakes", 1, "--uncapped", "--budget", 10**12]
    found = call("solve", pool, *given, "--out", out)
    assert found.exit_code == 0, found.output
    assert "a row a point, with the number of its draws in column 'count'" in found.stderr
    assert "(1000000000000 in all)" in found.stdout
    with open(out) as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["count"]) for row in rows) == 10**12
    for row in rows:
        q = float(row["inclusion_probability"])
        assert abs(int(row["count"]) - q) < 9 * np.sqrt(q)
    game = Game(np.array([0.92, 0.85, 0.85, 0.61, 0.40, 0.33, 0.12, 0.05, 0, 0.7]), 1)
    assert len(rows) == np.count_nonzero(solve(game).inclusion)


def write(path, gains):
    if path.suffix == ".npy":
        np.save(path, gains)
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({"id": np.arange(len(gains)), "gain": gains}), path)
    else:
        path.write_text("gain\n" + "".join(f"{x!r}\n" for x in gains.tolist()))


@pytest.mark.parametrize("suffix", ["npy", "parquet", "csv"])
def test_large_files_are_read_in_chunks(suffix, tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", 40)
    gains = np.random.default_rng(0).random(101)
    path = tmp_path / f"gains.{suffix}"
    write(path, gains)
    given = ["solve", path, "--mistakes", "10%", "--budget", 20, "--out", tmp_path / "picks.csv"]
    whole = call(*given)
    monkeypatch.setattr(known_table, "LARGE", 100)
    part = call(*given)
    assert whole.exit_code == part.exit_code == 0, part.output
    assert "in chunks" in part.stdout and "in chunks" not in whole.stdout
    one, other = printed(whole.stdout), printed(part.stdout)
    for name in ("guaranteed value", "margin's guarantee", "largest share wrong", "water level"):
        assert one[name] == other[name]
    q = solve(Game(gains, rate=0.1, budget=20)).inclusion
    with open(tmp_path / "picks.csv") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        i = int(row["row"])
        assert float(row["gain"]) == gains[i] and row.get("id", str(i)) == str(i)
        assert float(row["inclusion_probability"]) == pytest.approx(q[i], rel=1e-12)


# A child starts with its parent's peak, so a small process starts it.
PEAK = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "radsim.cli", *sys.argv[1:]], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def test_memory_does_not_grow_with_the_pool(tmp_path):
    """Three arrays of three million points would be 72 MB."""
    peaks = []
    for n in (1_000, 3_000_000):
        np.save(tmp_path / "gains.npy", np.random.default_rng(0).random(n))
        given = ["solve", "gains.npy", "--mistakes", "10%", "--budget", "100", "--out", "p.csv"]
        run = [sys.executable, "-c", PEAK, *given]
        peaks.append(float(subprocess.check_output(run, cwd=tmp_path, text=True)))
    assert peaks[1] - peaks[0] < 64, peaks


class Broken:
    """A column that cannot be read to its end any more, from some pass on."""

    def __init__(self, column, last, error):
        self.column, self.left, self.error = column, last, error

    def blocks(self):
        self.left -= 1
        yield from self.column.blocks()
        if self.left < 0:
            raise self.error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ValueError("pool.parquet: block 7 is broken"), 2, "block 7 is broken"),
        (OSError(5, "Input/output error", "pool.csv"), 2, "pool.csv: Input/output error"),
        (MemoryError("Unable to allocate 7 GiB"), 1, "not enough memory; Unable to allocate"),
    ],
)
def test_an_error_in_any_pass_is_one_line_and_leaves_nothing(
    error, code, words, pool, monkeypatch, tmp_path
):
    n_passes = 0
    for last in range(40):
        broken = Broken(column_of(read(str(pool)).gains, "gains"), last, error)
        column = Column(10, broken.blocks, None)
        monkeypatch.setattr(
            inputs, "read", lambda *a, column=column, **k: replace(read(*a, **k), gains=column)
        )
        given = ["--mistakes", 2, "--budget", 4, "--out", tmp_path / "picks.csv"]
        found = call("solve", pool, *given)
        if found.exit_code == 0:
            break
        n_passes += 1
        # A certificate that cannot be evaluated is none.
        assert found.exit_code == code or "is not certified" in found.stderr
        assert found.stderr.count("\n") <= 2 and words in found.stderr, found.stderr
        assert not isinstance(found.exception, (ValueError, OSError, MemoryError))
        assert os.listdir(tmp_path) == ["pool.csv"]
    assert 5 < n_passes < 39


WRITTEN = {
    "half": lambda x: x.astype("f2"),
    "other end first": lambda x: x.astype(">f8"),
    "truth values": lambda x: x > 0.5,
    "bytes": lambda x: (255 * x).astype("u1"),
    "one column": lambda x: x[:, None],
    "columns first": lambda x: np.asfortranarray(np.stack([x, 1 - x], axis=1)),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_arrays_of_any_kind_are_the_same_in_chunks(written, tmp_path, monkeypatch):
    gains = np.random.default_rng(2).random(300).astype("f4").astype(float)
    np.save(tmp_path / "pool.npy", WRITTEN[written](gains))
    given = ["solve", tmp_path / "pool.npy", "--mistakes", "4%", "--budget", 7]
    whole = call(*given)
    monkeypatch.setattr(known_table, "LARGE", 100)
    part = call(*given)
    assert whole.exit_code == part.exit_code == 0, part.stderr
    assert "in chunks" in part.stdout and "in chunks" not in whole.stdout
    assert printed(part.stdout)["guaranteed value"] == printed(whole.stdout)["guaranteed value"]
