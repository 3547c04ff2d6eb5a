"""`distill --study --rows` makes a report of rows that a study wrote, and of no others."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import call
from mutator import BYTES, PLACES

from radsim.distillation.study.rows import checked_rows

ROWS = Path(__file__).parents[2] / "studies" / "primary" / "rows.parquet"


@pytest.fixture(scope="module")
def frame():
    rows = pd.read_parquet(ROWS)
    return rows[rows["seed"] < rows["seed"].min() + 2]


def refused(path, folder):
    found = call("distill", "--study", "smoke", "--rows", path, "--out", folder / "out")
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert (found.exit_code, found.stdout) == (2, ""), found.output
    assert found.stderr.count("\n") == 1
    assert not (folder / "out").exists()
    return found.stderr


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda x: x.drop(columns="test_accuracy"), "column 'test_accuracy' is missing"),
        (lambda x: x.assign(test_accuracy="0.5"), "'test_accuracy' must hold numbers"),
        (lambda x: x.assign(test_accuracy=True), "'test_accuracy' must hold numbers"),
        (lambda x: x.assign(test_accuracy=np.inf), "'test_accuracy' must hold finite numbers"),
        (lambda x: x.assign(seed=x["seed"] + 0.5), "column 'seed' must hold whole numbers"),
        (lambda x: x.assign(seed=-1), "'seed' must hold no number below 0"),
        (lambda x: x.assign(strategy=3), "column 'strategy' must hold text"),
        (lambda x: x.assign(part=None), "column 'part' must hold text"),
        (lambda x: x.iloc[:0], "holds no rows"),
        (lambda x: pd.concat([x, x.iloc[:1]]), "a setting, seed and strategy stand twice"),
        (lambda x: x.assign(alarm=0.5), "column 'alarm' must hold true or false"),
        (lambda x: x.assign(data=[[1]] * len(x)), "column 'data' is nested"),
    ],
)
def test_rows_that_no_study_wrote_are_refused(change, words, frame, tmp_path):
    checked_rows(frame)
    change(frame).to_parquet(tmp_path / "rows.parquet", index=False)
    line = refused(tmp_path / "rows.parquet", tmp_path)
    assert line.startswith(f"radsim: --rows {tmp_path / 'rows.parquet'}: ") and words in line


@pytest.mark.parametrize("name", BYTES)
def test_a_damaged_file_is_refused(name, frame, tmp_path):
    path = tmp_path / "rows.parquet"
    frame.to_parquet(path, index=False)
    content = BYTES[name](path.read_bytes()[:-200], np.random.default_rng(1))
    path.write_bytes(content)
    refused(path, tmp_path)


@pytest.mark.parametrize("name", [name for name in PLACES if name not in ("renamed", "copied")])
def test_what_is_no_file_is_refused(name, tmp_path):
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"")
    PLACES[name](path)
    refused(path, tmp_path)
