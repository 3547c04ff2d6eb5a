"""The commands as a person runs them: real files, real exit codes."""

import subprocess
import sys
from functools import partial

import numpy as np
import pandas as pd
import pytest

from radsim.documents import read_manifest
from radsim.runs import store
from radsim.runs.code import code_of
from radsim.runs.own import NOTHING
from radsim.runs.simulate import run_cell


def radsim(*arguments, text=None):
    return subprocess.run(
        [sys.executable, "-m", "radsim.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=text if text is not None else "",
        check=False,
    )


def test_solve_writes_picks_and_picture(tmp_path):
    pd.DataFrame({"gain": np.random.default_rng(0).random(50)}).to_csv(
        tmp_path / "gains.csv", index=False
    )
    picks, picture = tmp_path / "picks.csv", tmp_path / "level.png"
    run = radsim(
        "solve",
        tmp_path / "gains.csv",
        "--mistakes",
        "12%",
        "--budget",
        5,
        "--out",
        picks,
        "--plot",
        picture,
    )
    assert run.returncode == 0, run.stderr
    assert "guaranteed value" in run.stdout
    table = pd.read_csv(picks)
    assert list(table.columns) == ["row", "gain", "inclusion_probability"]
    assert len(table) == 5
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not list(tmp_path.glob("*.part"))


def test_solve_reads_every_format(tmp_path):
    p = np.random.default_rng(0).dirichlet(np.ones(3), 20)
    frame = pd.DataFrame(p, columns=["a", "b", "c"])
    frame.to_csv(tmp_path / "p.csv", index=False)
    frame.to_parquet(tmp_path / "p.parquet")
    np.save(tmp_path / "p.npy", p)
    answers = set()
    for name in ("p.csv", "p.parquet", "p.npy"):
        run = radsim("solve", tmp_path / name, "--mistakes", 2, "--budget", 3)
        assert run.returncode == 0, run.stderr
        answers.add(next(s for s in run.stdout.splitlines() if "guaranteed value" in s))
    assert len(answers) == 1
    run = radsim("solve", "-", "--mistakes", 1, text="gain\n1\n0.5\n0.25\n")
    assert "0.14285714" in run.stdout


def test_solve_says_when_there_is_no_guarantee():
    run = radsim("solve", "-", "--mistakes", 2, text="gain\n1\n0.5\n0.25\n")
    assert run.returncode == 0
    assert "No selection of this pool has a positive guarantee" in run.stdout


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("gain\n1\nx\n", [], "row 1, column 'gain': 'x'"),
        ("gain\n1\n-2\n", [], "row 1, column 'gain': '-2'"),
        ("a,b\n0.5,0.5\n0.5,0.6\n", [], "row 1: the class probabilities sum to 1.1"),
        ("", [], "-: "),
        ("gain\n1\n2\n", ["--mistakes", "many"], "--mistakes 'many'"),
        ("gain\n1\n2\n", ["--budget", "3"], "budget = 3.0"),
        ("gain\n1\n2\n", ["--harm", "column:cost"], "no column 'cost'"),
        ("gain\n1\n2\n", ["--method", "magic"], "--method 'magic'"),
        ("gain\n1\n2\n", ["--out", "no/such/folder.csv"], "no such folder"),
    ],
)
def test_bad_input_is_one_line_and_code_2(text, arguments, words):
    rest = [] if "--mistakes" in arguments else ["--mistakes", "1"]
    run = radsim("solve", "-", *rest, *arguments, text=text)
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_verify_holds_and_does_not_depend_on_jobs(tmp_path):
    for jobs in (1, 2):
        run = radsim("verify", "--instances", 6, "--jobs", jobs, "--out", tmp_path / str(jobs))
        assert run.returncode == 0, run.stdout + run.stderr
    first, second = ((tmp_path / name / "verdicts.csv").read_text() for name in ("1", "2"))
    assert first == second
    assert "VIOLATED" not in first


def test_verify_refuses_unknown_claims():
    run = radsim("verify", "--claims", "V99")
    assert run.returncode == 2
    assert "V99" in run.stderr


def test_a_saved_instance_replays(tmp_path):
    from radsim import Game, Instance
    from radsim.data.saved import load, save

    path = tmp_path / "failed.json"
    save(Instance("by hand", Game([0.1, 1 / 3], rate=0.35)), path, index=3)
    instance, index = load(path)
    assert index == 3
    assert instance.game.gains.tolist() == [0.1, 1 / 3]
    assert radsim("verify", "--replay", path).returncode == 0
    path.write_text("{}")
    assert radsim("verify", "--replay", path).returncode == 2


def test_simulate_writes_results_pictures_and_does_not_depend_on_jobs(tmp_path):
    options = ["--instances", "uniform", "--teachers", "uniform,best response"]
    options += ["--draws", 200, "--repetitions", 50, "--seed", 4]
    for jobs in (1, 2):
        run = radsim("simulate", *options, "--jobs", jobs, "--out", tmp_path / str(jobs))
        assert run.returncode == 0, run.stdout + run.stderr
        assert "seed 4" in run.stdout
        assert "99 % interval" in " ".join(run.stdout.split())
    for name in ("realised", "scorecard", "tails", "wrong_count"):
        assert (tmp_path / "1" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        first, second = ((tmp_path / k / f"{name}.csv").read_text() for k in ("1", "2"))
        assert first == second
    again = radsim("simulate", *options, "--out", tmp_path / "1")
    assert again.returncode == 2
    assert "resume it or name another folder" in again.stderr


def test_scorecard_alone():
    run = radsim("simulate", "--scorecard", "--instances", "mixture")
    assert run.returncode == 0, run.stderr
    assert "rad" in run.stdout
    assert "(1.00)" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--teachers", "magic"], "--teachers 'magic' must be one of"),
        (["--designs", "magic"], "--designs 'magic' must be one of"),
        (["--instances", "uniform", "--teachers", "real"], "no teacher that was named fits"),
        (["--delta", "2"], "--delta 2.0 must be in (0, 1)"),
    ],
)
def test_simulate_refuses_in_one_line(tmp_path, arguments, words):
    run = radsim("simulate", *arguments, "--out", tmp_path / "run")
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "run").exists()


def test_a_violated_guarantee_gives_exit_code_1(tmp_path, monkeypatch):
    """A store whose results say VIOLATED, resumed: nothing is recomputed, the verdict stands."""
    options = ["--instances", "uniform", "--teachers", "uniform", "--draws", 20]
    options += ["--repetitions", 0, "--out", tmp_path / "run"]
    assert radsim("simulate", *options).returncode == 0
    folder = tmp_path / "run"
    manifest = read_manifest(folder)
    plan = store.Plan(manifest.seed, tuple(manifest.cells), code_of(partial(run_cell, own=NOTHING)))
    frame = store.read_part(folder, plan, 0)
    frame.loc[frame["selector"] == "rad", "status"] = "VIOLATED"
    store.write_part(folder, plan, 0, frame)
    run = radsim("simulate", *options, "--resume")
    assert run.returncode == 1
    assert "VIOLATED" in run.stdout
