"""Options of long runs are refused at once, and one process at a time works in a folder."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from commands import call, start

from radsim.runs.locks import locked
from radsim.runs.sweeps import sweep
from radsim.runs.workers import spread

QUICK = ["simulate", "--instances", "uniform", "--teachers", "uniform", "--repetitions", "0"]
RUNS = {
    "simulate": QUICK,
    "verify": ["verify", "--instances", "1"],
    "distill": ["distill", "--study", "smoke"],
}


@pytest.mark.parametrize("jobs", ["0", "-5", "1000000000", str(2**70)])
@pytest.mark.parametrize("name", RUNS)
def test_a_number_of_processes_that_cannot_be(name, jobs, tmp_path):
    out = tmp_path / "run"
    found = call(*RUNS[name], "--jobs", jobs, "--out", out)
    words = f"--jobs {jobs} must be -1 (all cores) or a whole number from 1 to 1024"
    assert (found.exit_code, found.stderr) == (2, f"radsim: {words}\n")
    assert not out.exists()


@pytest.mark.parametrize("seed", ["-1", str(2**63), str(2**70)])
@pytest.mark.parametrize("name", ["simulate", "verify"])
def test_a_seed_that_cannot_be(name, seed, tmp_path):
    out = tmp_path / "run"
    found = call(*RUNS[name], "--seed", seed, "--out", out)
    assert found.exit_code == 2
    assert f"--seed {seed} must be" in found.stderr
    assert len(found.stderr.splitlines()) == 1
    assert not out.exists()


def test_the_largest_seed_and_a_name_twice(tmp_path):
    twice = ["simulate", "--repetitions", 0, "--instances", "uniform,uniform"]
    twice += ["--teachers", "uniform,uniform"]
    more = ["--selectors", "rad,rad", "--designs", "pivotal,pivotal", "--draws", 20]
    seed = ["--seed", 2**63 - 1, "--jobs", 1]
    found = call(*twice, *more, *seed, "--out", tmp_path / "run")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.count("uniform") < 8


@pytest.mark.parametrize("name", RUNS)
def test_a_folder_in_use_is_refused_by_who_holds_it(name, tmp_path):
    out = tmp_path / "run"
    with locked(out):
        found = start([*RUNS[name], "--out", out], tmp_path)
    words = f"radsim: {out} is in use by process {os.getpid()} on {socket.gethostname()} since 20"
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(words)
    assert found.stderr.endswith("; wait for it, or name another folder\n")
    assert len(found.stderr.splitlines()) == 1
    assert not out.exists()


def test_a_lock_is_gone_with_its_holder(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from radsim.runs.locks import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=-1, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(ValueError, match=f"process {holder.pid} on"), locked(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert sorted(x.name for x in tmp_path.iterdir()) == [".radsim.holder", ".radsim.lock"]
    frame = sweep(lambda cell, rng: [{"x": 1}], [{"k": 1}], tmp_path, seed=0, jobs=1)
    assert len(frame) == 1
    assert not list(tmp_path.glob(".radsim*"))


def test_many_that_take_turns_never_hold_it_together(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from radsim.runs.locks import locked\n"
        "n, folder, mark = 0, Path(sys.argv[1]), Path(sys.argv[1] + '.mark')\n"
        "while n < 40:\n"
        "    try:\n"
        "        with locked(folder):\n"
        "            os.close(os.open(mark, os.O_CREAT | os.O_EXCL)); n += 1; mark.unlink()\n"
        "    except ValueError: pass\n"
    )
    many = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "run"]) for _ in range(3)]
    assert [process.wait(timeout=100) for process in many] == [0, 0, 0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": None}, "seed = None"),
        ({"seed": 2**70}, "seed = 1180591620717411303424"),
        ({"run": 3}, "run = 3 must be a function"),
        ({"progress": 3}, "progress = 3 must be a function"),
        ({"say": "x"}, "say = 'x' must be a function"),
        ({"jobs": 0}, "jobs = 0 must be -1"),
        ({"jobs": 1.5}, "jobs = 1.5 must be -1"),
        ({"jobs": "2"}, "jobs = '2' must be -1"),
        ({"jobs": True}, "jobs = True must be -1"),
        ({"resume": "yes"}, "resume = 'yes'"),
        ({"measured": "cpu"}, "measured = 'cpu' must be of type list or tuple"),
        ({"measured": [1]}, "measured[0] = 1 must be of type str"),
        ({"cells": [{"k": {1, 2}}]}, "cells must hold JSON values"),
        ({"cells": iter([])}, "cells = "),
        ({"folder": 3}, "folder = 3"),
    ],
)
def test_arguments_of_a_sweep_are_refused_by_name(options, words, tmp_path):
    good = {"run": print, "cells": [{}], "folder": tmp_path / "run", "seed": 0}
    with pytest.raises(ValueError) as refused:
        sweep(**{**good, **options})
    assert words in str(refused.value)
    assert not list(tmp_path.iterdir())


def _slow(x):
    time.sleep(0.01)
    return x


def test_leaving_a_block_of_workers_ends_them():
    with pytest.raises(KeyError), spread(_slow, range(1000), 2) as results:
        assert next(results) == 0
        raise KeyError
    with spread(_slow, range(3), 2) as results:
        assert list(results) == [0, 1, 2]
