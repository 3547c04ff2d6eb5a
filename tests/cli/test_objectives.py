"""Regret, ratio and their pictures from the command line."""

import subprocess
import sys

import pytest


def radsim(*arguments, text):
    return subprocess.run(
        [sys.executable, "-m", "radsim.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=text,
        check=False,
    )


@pytest.mark.parametrize(
    ("objective", "words"),
    [("regret", "worst-case regret │ 0.64285714"), ("ratio", "competitive ratio │ 0.18181818")],
)
def test_solve_other_objectives(objective, words):
    run = radsim(
        "solve", "-", "--mistakes", 1, "--objective", objective, text="gain\n1\n0.5\n0.25\n"
    )
    assert run.returncode == 0, run.stderr
    assert words in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    "picture", ["level", "budget", "objectives", "trade_off", "wrong_mistakes", "wrong_gains"]
)
def test_solve_draws_every_picture(tmp_path, picture):
    target = tmp_path / "picture.svg"
    run = radsim(
        *("solve", "-", "--mistakes", 2, "--objective", "regret"),
        *("--picture", picture, "--plot", target),
        text="gain\n4\n3\n3\n2\n1\n1\n",
    )
    assert run.returncode == 0, run.stderr
    assert "</svg>" in target.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--objective", "luck"], "--objective 'luck'"),
        (["--picture", "cat"], "--picture 'cat'"),
        (["--objective", "regret", "--budget", 1.5], "budget = 1.5 must be whole, or at most 1"),
        (["--objective", "ratio", "--budget", 2], "budget = 2.0 must be at most 1"),
        (["--objective", "regret", "--mistakes", 1.5], "mistakes = 1.5 must be whole"),
        (["--objective", "ratio", "--method", "hedge"], "method = 'hedge'"),
        (["--budget", 2, "--picture", "objectives", "--plot", "x.png"], "budget = 2.0"),
    ],
)
def test_what_regret_cannot_do_is_one_line(arguments, words):
    rest = [] if "--mistakes" in arguments else ["--mistakes", 1]
    run = radsim("solve", "-", *rest, *arguments, text="gain\n4\n3\n2\n")
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_the_regret_of_two_queries_is_against_the_two_best_points():
    arguments = ("solve", "-", "--mistakes", 1, "--budget", 2, "--objective", "regret")
    run = radsim(*arguments, text="gain\n4\n2\n1\n")
    assert run.returncode == 0, run.stderr
    assert "3.2142857" in run.stdout
    assert "competitive ratio" not in run.stdout
