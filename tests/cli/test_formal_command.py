"""`verify --formal`: answers become theorems of Coq, and what is missing is said in one line."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import numpy as np
import pytest

from radsim import Game, Instance
from radsim.game import Count
from radsim.runs import formal
from radsim.runs.verify import Record

ROOT = Path(__file__).parents[2]


def radsim(*arguments: object, cwd: Path, **environment: str) -> CompletedProcess[str]:
    command = [sys.executable, "-m", "radsim.cli", *map(str, arguments)]
    return run(command, capture_output=True, text=True, cwd=cwd, env=os.environ | environment)


def test_without_coq_the_package_is_named(tmp_path):
    pytest.importorskip("z3")  # of the extra `proofs`
    found = radsim("verify", "--formal", cwd=tmp_path, PYTHONPATH=str(ROOT), PATH=str(tmp_path))
    assert (found.returncode, found.stdout) == (2, "")
    assert "Debian's package is coq" in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_without_a_checkout_it_is_asked_for(tmp_path):
    (tmp_path / "site").mkdir()
    shutil.copytree(ROOT / "radsim", tmp_path / "site" / "radsim")
    found = radsim("verify", "--formal", cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
    assert (found.returncode, found.stdout) == (2, "")
    assert "run this in one" in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_it_goes_with_no_replay(tmp_path):
    found = radsim("verify", "--formal", "--replay", "x.json", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert found.returncode == 2
    assert "--formal" in found.stderr


def _record(index: int, game: Game) -> Record:
    return Record("by hand", index, Instance("by hand", game), (), ())


RECORDS = [
    _record(0, Game([1, 0.5, 0.25], mistakes=1)),
    _record(1, Game([1, 0.5, 0.25], mistakes=Count(1.5), budget=2, abstain=False)),
    _record(2, Game([1, 1], mistakes=2)),
]


def test_the_regret_is_asked_where_it_is_defined():
    found = [(index, solution.objective) for index, solution in formal.answers(RECORDS)]
    assert found == [(0, "value"), (0, "regret"), (1, "value"), (2, "value")]


@pytest.mark.skipif(shutil.which("coqc") is None, reason="no coqc")
def test_answers_become_theorems_and_others_are_told():
    pytest.importorskip("z3")
    from dataclasses import replace

    asked = formal.answers(RECORDS)
    # A design that is far from the best: what it proves is wide.
    index, solution = asked[0]
    asked.append((index, replace(solution, inclusion=np.array([1.0, 0.0, 0.0]))))
    found = formal.check_answers(asked)
    assert (found.values, found.regrets) == (3, 1)
    assert len(found.refused) == 1
    assert "instance 0, value: the interval is" in found.refused[0]
    assert found.line.startswith("4 of 5 answers are theorems now: 3 of the value, 1 of the regret")
