"""The scripts at a small size, and counts of passes and bytes that must not grow."""

import json
import sys

import pytest

from benchmarks import batches, counts, rivals, whole
from radsim.solvers.water import closed_form


def _printed(script, words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [script.__name__, *words.split()])
    script.main()
    return capsys.readouterr().out


def test_from_raw_array_to_picks(monkeypatch, capsys):
    words = "1000 40000 --repeats 1 --families uniform --dtype float64 float32"
    lines = _printed(whole, words, monkeypatch, capsys).splitlines()
    rows = [line for line in lines if line.startswith("| uniform |")]
    assert len(rows) == 2 * 2 * len(whole.SHARES) * len(whole.CASES)
    assert "SIMD" in lines[0] and "threads" in lines[1]
    assert all(float(line.rsplit("|", 2)[1]) < 1e-12 for line in rows)
    verdicts = [line for line in lines if "| met |" in line or "| missed |" in line]
    assert len(verdicts) == 8


def test_batches_beside_a_loop(monkeypatch, capsys):
    printed = _printed(
        batches, "--games 30 --points 50 --sweep 100 --repeats 1", monkeypatch, capsys
    )
    assert "uniform, 1 to 99 points" in printed and "100 games of 10, b = 5" in printed


@pytest.mark.filterwarnings("ignore")
def test_rivals_find_the_same_level(monkeypatch, capsys):
    lines = _printed(rivals, "200 --repeats 1", monkeypatch, capsys).splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| 200 |")]
    assert {row[2].strip() for row in rows} >= {"radsim", "quickselect, NumPy", "CVXPY, Clarabel"}
    for row in rows:
        loose = any(x in row[2] for x in ("PDLP", "Clarabel"))
        assert float(row[5]) < (1e-6 if loose else 1e-12), row


@pytest.fixture(scope="module")
def kept():
    return json.loads(counts.KEPT.read_text())


def test_no_count_of_passes_or_bytes_grows(kept):
    found = counts.counts()
    assert found.keys() == kept.keys(), "python -m benchmarks.counts --write"
    assert counts.grown(found, kept) == []


def test_a_pool_that_is_read_twice_is_noticed(kept, monkeypatch):
    right = closed_form.find_level

    def twice(pool, m):
        right(pool, m)
        return right(pool, m)

    monkeypatch.setattr(closed_form, "find_level", twice)
    assert any("passes" in words for words in counts.grown(counts.counts(), kept))
    assert any("bytes" in words for words in counts.grown(counts.counts(), kept))
