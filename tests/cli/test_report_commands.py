"""`radsim report` and `radsim explore` as a person runs them, without a browser."""

import subprocess
import sys

import pandas as pd
import pytest

from radsim import pages as report


def radsim(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "radsim.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_report_of_a_verification(tmp_path):
    folder = tmp_path / "run"
    run = radsim("verify", "--instances", 3, "--jobs", 1, "--seed", 2, "--out", folder)
    assert run.returncode == 0, run.stdout + run.stderr
    run = radsim("report", folder)
    assert run.returncode == 0, run.stderr
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "Nothing failed" in text
    # Three instances meet the hypotheses of most claims, not of all.
    last = "Nothing failed; not tested, for want of an instance: V3a, S3, S5"
    assert run.stdout.splitlines()[-1] == last
    assert 'class="verdict unsure"' in text
    assert "<dt>seed</dt><dd>2</dd>" in text
    assert "http://" not in text
    assert "https://" not in text
    found = report.read_run(folder)
    assert found.kind == "verification"
    assert found.versions[0]["radsim"]
    assert {figure.name for figure in found.figures} == {"digits", "slack"}
    # The page itself is no part of what it reports on.
    assert radsim("report", folder, "--out", tmp_path / "again.html").returncode == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_an_unfinished_sweep_is_shown(tmp_path):
    (tmp_path / "parts").mkdir()
    rows = pd.DataFrame({"cell": [0, 0], "selector": ["rad", "margin"], "realised": [1.0, 2.0]})
    rows.to_parquet(tmp_path / "parts" / "000000.parquet")
    (tmp_path / "manifest.json").write_text('{"seed": 1, "cells": [{}, {}, {}]}')
    found = report.read_run(tmp_path)
    assert found.facts == {"seed": 1, "cells": "1 of 3 so far"}
    assert found.kind == "simulation"


def test_the_rows_of_a_kept_study_stand_for_its_store(tmp_path):
    rows = pd.DataFrame({"strategy": ["rad", "rad", "margin"], "test_accuracy": [0.5, 0.7, 0.9]})
    rows.to_parquet(tmp_path / "rows.parquet")
    kept = report.read_run(tmp_path)
    assert kept.kind == "distillation"
    assert [table.title for table in kept.tables] == ["Means by strategy", "rows"]
    assert kept.tables[0].frame["test_accuracy"].round(9).tolist() == [0.6, 0.9]
    rows.to_parquet(tmp_path / "results.parquet")
    assert [table.title for table in report.read_run(tmp_path).tables] == [
        "Means by strategy",
        "results",
    ]


def test_a_failed_check_of_a_selector_names_its_replay(tmp_path):
    """A folder that `check_selector` left behind."""
    from radsim.testing import check_selector, replays

    def greedy(gains, budget, *, rng):
        return [0] * int(budget)  # the same point again and again

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replays, "FOLDER", tmp_path)
        with pytest.raises(AssertionError):
            check_selector(greedy)
    found = report.read_run(tmp_path)
    saved = sorted(tmp_path.glob("*.json"))
    assert saved
    assert {failure.command for failure in found.failures} == {
        f"radsim verify --replay {path}" for path in saved
    }
    text = report.report_page(found)
    assert text.index("Failures") < text.index("Versions")


def test_a_long_table_says_what_it_left_out(tmp_path):
    frame = pd.DataFrame({"x": range(2500), "status": ["HOLDS"] * 2499 + ["VIOLATED"]})
    frame.to_parquet(tmp_path / "results.parquet")
    text = report.report_page(report.read_run(tmp_path))
    assert "first 1000 of 2500 rows, all in results.parquet" in text
    assert text.index("VIOLATED</td>") < text.index("HOLDS</td>")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (None, "", "holds no tables"),
        ("manifest.json", "[1]", "manifest.json: must be a valid object, not a list"),
        ("manifest.json", '{"seed": "0; touch X", "cells": []}', "manifest.json: seed: must be"),
        ("versions.json", "{", "versions.json: no JSON"),
    ],
)
def test_bad_folders_are_refused_in_one_line(tmp_path, name, content, words):
    if name:
        (tmp_path / "notes.md").write_text("*something*")
        (tmp_path / name).write_text(content)
    run = radsim("report", tmp_path)
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert radsim("report", tmp_path / "nowhere").returncode == 2


def test_explore_writes_one_page(tmp_path):
    run = radsim("explore", tmp_path / "explorer.html")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "explorer.html").read_text(encoding="utf-8") == report.explorer_page()
    assert radsim("explore", tmp_path / "no" / "explorer.html").returncode == 2
