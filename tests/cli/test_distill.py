"""`radsim distill` as a person runs it."""

import os
import subprocess
import sys

import pandas as pd
import pytest


def radsim(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "radsim.cli", "distill", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "140"},
    )


def test_one_setting_shows_its_seeds_and_the_plain_rivals(tmp_path):
    out = tmp_path / "rows.csv"
    options = ["--noise", "gain^3", "--rate", 0.3, "--strategies", "rad", "--out", out]
    run = radsim(*options, "--first-seed", 4)
    assert run.returncode == 0, run.stderr
    for words in ("uniform", "margin", "no teacher", "rad", "labelled alone", "4 to 23"):
        assert words in run.stdout
    assert "no claim" not in run.stdout
    rows = pd.read_csv(out)
    assert sorted(set(rows["seed"])) == list(range(4, 24))
    assert len(rows) == 20 * 4  # no teacher, uniform, margin, rad
    wide = rows.pivot(index="seed", columns="strategy", values="test_accuracy")
    shown = f"{100 * (wide['rad'] - wide['margin']).mean():+.2f} ±"
    assert shown in run.stdout


def test_few_seeds_are_no_claim():
    run = radsim("--seeds", 3, "--teacher", "network")
    assert run.returncode == 0, run.stderr
    assert "3 seeds: no claim" in run.stdout
    assert "±" not in run.stdout.split("lift")[0]


def test_the_smoke_study_is_resumed_and_does_not_depend_on_jobs(tmp_path):
    for jobs in (1, 2):
        run = radsim("--study", "smoke", "--out", tmp_path / str(jobs), "--jobs", jobs)
        assert run.returncode == 0, run.stderr
        assert "seeds 0 to 1" in " ".join(run.stdout.split())
    first, second = (pd.read_parquet(tmp_path / k / "results.parquet") for k in ("1", "2"))
    pd.testing.assert_frame_equal(first, second)
    assert (tmp_path / "1" / "report.md").read_text().startswith("# Active distillation")
    made = radsim(
        *("--study", "smoke", "--rows", tmp_path / "1" / "rows.parquet", "--out", tmp_path / "3")
    )
    assert made.returncode == 0, made.stderr
    reports = [(tmp_path / k / "report.md").read_text() for k in ("1", "3")]
    assert reports[0] == reports[1]
    again = radsim("--study", "smoke", "--out", tmp_path / "1")
    assert again.returncode == 2
    assert "resume it or name another folder" in again.stderr
    (tmp_path / "1" / "parts" / "000002.parquet").unlink()
    resumed = radsim("--study", "smoke", "--out", tmp_path / "1", "--resume", "--jobs", 1)
    assert resumed.returncode == 0, resumed.stderr
    third = pd.read_parquet(tmp_path / "1" / "results.parquet")
    pd.testing.assert_frame_equal(first, third)
    timings = pd.read_csv(tmp_path / "1" / "timings.csv")
    assert len(timings) == len(first)
    assert (timings["cpu_seconds"] >= 0).all() and timings["cpu_seconds"].sum() > 0
    assert timings["strategy"].tolist() == first["strategy"].tolist()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--strategies", "magic"], "--strategies 'magic'"),
        (["--noise", "loud"], "noise = 'loud'"),
        (["--rate", "1.5"], "rate = 1.5"),
        (["--data", "no/such/file.csv"], "no/such/file.csv"),
        (["--data", "long.csv"], "row 1 has 3 fields, the header has 2"),
        (["--data", "gaps.csv"], "labels are missing in rows 2"),
        (["--data", "index.csv"], "column 'Unnamed: 0' counts the rows"),
        (["--study", "huge"], "--study 'huge' must be one of"),
        (["--study", "none.toml"], "--study none.toml: no such file"),
        (["--study", "odd.toml"], "key = 'nois' must be one of"),
        (["--strategies", "margin + magic"], "lesson 'magic' must be one of"),
    ],
)
def test_bad_input_is_one_line_and_code_2(arguments, words, tmp_path):
    (tmp_path / "long.csv").write_text("a,label\n1,0\n2,x,1\n")
    (tmp_path / "gaps.csv").write_text("a,label\n1,0\n2,\n5,1\n")
    (tmp_path / "index.csv").write_text(",a,label\n0,1,0\n1,2,1\n2,5,1\n")
    (tmp_path / "odd.toml").write_text("[[cells]]\nnois = 'gain^0'\n")
    arguments = [tmp_path / x if (tmp_path / x).is_file() else x for x in arguments]
    run = radsim(*arguments, *(["--out", tmp_path / "x"] if "--study" in arguments else []))
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_study_of_ones_own_is_one_file(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'says = "Do checks pay?"\nn_seeds = 2\nstrategies = ["nobody", "uniform", "margin", '
        '"audited"]\n[[cells]]\nnoise = ["gain^0", "hidden best response"]\nrate = 0.3\n'
    )
    run = radsim("--study", tmp_path / "mine.toml", "--out", tmp_path / "out", "--jobs", 1)
    assert run.returncode == 0, run.stderr
    assert "2 cells, 16 runs, seeds 0 to 1" in run.stdout
    report = (tmp_path / "out" / "report.md").read_text()
    assert "Do checks pay?" in report and "`mine`" in report


def test_options_of_one_setting_are_refused_beside_a_study(tmp_path):
    for option in ("--data", "--noise"):
        run = radsim("--study", "smoke", option, "mnist", "--out", tmp_path / "x")
        assert run.returncode == 2 and f"{option} has no meaning with --study" in run.stderr
