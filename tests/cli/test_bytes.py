"""Two runs of a command write the same bytes, killed or not, on any machine's settings."""

import os
import signal
import subprocess
import sys
import time

import pytest

# What no two runs have in common: seconds.
MEASURED = {"timings.csv"}

HOSTILE = """
figure.facecolor: red
font.size: 30
svg.fonttype: none
lines.linewidth: 9
savefig.bbox: tight
axes.grid: True
"""

SIMULATE = [
    *("simulate", "--instances", "uniform", "--teachers", "uniform,follows the gain"),
    *("--draws", "60", "--repetitions", "3"),
]


def start(arguments, out, jobs, place, **settings):
    return subprocess.Popen(
        [sys.executable, "-m", "radsim.cli", *arguments, "--jobs", str(jobs), "--out", str(out)],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | settings,
    )


def finished(process):
    words = process.communicate(timeout=300)[1]
    assert process.returncode == 0, words


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in MEASURED
    }


@pytest.mark.parametrize(
    ("arguments", "resumed"),
    [
        (SIMULATE, True),
        (["distill", "--study", "smoke"], True),
        (["verify", "--instances", "6", "--claims", "V1,V3"], False),
    ],
    ids=["simulate", "distill", "verify"],
)
def test_every_file_is_the_same_but_the_one_that_is_named(arguments, resumed, tmp_path):
    calm, wild = tmp_path / "calm", tmp_path / "wild"
    for place in (calm, wild):
        place.mkdir()
    (wild / "matplotlibrc").write_text(HOSTILE)
    settings = {
        "TZ": "Asia/Kolkata",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "86400",
        "PYTHONHASHSEED": "3",
        "MATPLOTLIBRC": str(wild / "matplotlibrc"),
    }
    finished(start(arguments, calm / "run", 1, calm))
    if resumed:
        process = start(arguments, wild / "run", 2, wild, **settings)
        parts = wild / "run" / "parts"
        while process.poll() is None and not list(parts.glob("*.parquet")):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        arguments = [*arguments, "--resume"]
    finished(start(arguments, wild / "run", 2, wild, **settings))
    one, other = contents(calm / "run"), contents(wild / "run")
    assert sorted(one) == sorted(other)
    assert len(one) > 5
    assert [name for name in one if one[name] != other[name]] == []
    assert (arguments[0] == "distill") == (calm / "run" / "timings.csv").exists()
