"""Parts of every wrong kind are planted in a sweep's folder; none of their rows is published.

What is somebody's data is refused by name, and nothing of it is touched; what is damaged, or of
another version of the code, is computed again, and a line says so.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radsim.runs import store
from radsim.runs.code import code_of
from radsim.runs.sweeps import sweep

CELLS = [{"shift": k, "name": f"cell {k}"} for k in range(4)]
SEED = 3


def run(cell, rng):
    return [{"mean": float(rng.random()) + cell["shift"], "draw": k} for k in range(2)]


def other_run(cell, rng):
    return [{"mean": 0.0, "draw": k} for k in range(2)]


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    sweep(run, CELLS, folder, seed=SEED, jobs=1)
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    """A sweep that was killed before the last step."""
    copy = Path(shutil.copytree(whole, tmp_path / "run"))
    (copy / "results.parquet").unlink()
    return copy


def resume(folder, say=lambda words: None, function=run):
    return sweep(function, CELLS, folder, seed=SEED, jobs=1, resume=True, say=say)


def part(folder, index=1):
    return folder / "parts" / f"{index:06d}.parquet"


def another(folder, function=run, cells=CELLS, seed=SEED):
    """The same cell of another sweep."""
    elsewhere = folder.parent / "elsewhere"
    sweep(function, cells, elsewhere, seed=seed, jobs=1)
    shutil.copy(part(elsewhere), part(folder))


def relabelled(folder, **changes):
    """The part with another label, its rows as they were."""
    table = pq.ParquetFile(part(folder)).read()
    label = json.loads(table.schema.metadata[store.LABEL]) | changes
    metadata = {**table.schema.metadata, store.LABEL: json.dumps(label).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), part(folder))


def rewritten(folder, change):
    """The part with other rows, its label as it was."""
    table = pq.ParquetFile(part(folder)).read()
    label = table.schema.metadata[store.LABEL]
    new = pa.Table.from_pandas(change(table.to_pandas()), preserve_index=False)
    pq.write_table(
        new.replace_schema_metadata({**new.schema.metadata, store.LABEL: label}), part(folder)
    )


def unlabelled(folder, label=None):
    table = pq.ParquetFile(part(folder)).read()
    pq.write_table(table.replace_schema_metadata(label), part(folder))


def in_its_place(folder, make):
    part(folder).unlink()
    make(part(folder))


def cut(folder, length):
    part(folder).write_bytes(part(folder).read_bytes()[:length])


def flipped(folder, place):
    data = bytearray(part(folder).read_bytes())
    data[place] ^= 0xFF
    part(folder).write_bytes(data)


REFUSED = {
    "another seed": (lambda f: another(f, seed=4), "holds seed 4, not 3"),
    "another cell": (lambda f: shutil.copy(part(f, 2), part(f)), "holds cell 2, not 1"),
    "other parameters": (
        lambda f: another(f, cells=[{"shift": k, "name": "x"} for k in range(4)]),
        "holds parameters",
    ),
    "one parameter more": (
        lambda f: another(f, cells=[{**cell, "more": 1} for cell in CELLS]),
        "holds parameters",
    ),
    "a number of another kind": (
        lambda f: relabelled(f, parameters={"shift": 1.0, "name": "cell 1"}),
        "holds parameters",
    ),
    "a seed that is text": (lambda f: relabelled(f, seed="3"), 'holds seed "3", not 3'),
    "no label": (unlabelled, "does not say what it holds"),
    "a label that is no JSON": (lambda f: unlabelled(f, {store.LABEL: b"{"}), "does not say"),
    "a label that is a list": (lambda f: unlabelled(f, {store.LABEL: b"[]"}), "does not say"),
    "a table of somebody": (
        lambda f: pd.DataFrame({"mine": [1]}).to_parquet(part(f)),
        "does not say what it holds",
    ),
    "a folder": (lambda f: in_its_place(f, Path.mkdir), "is no file"),
    "a link to nowhere": (
        lambda f: in_its_place(f, lambda path: path.symlink_to("nowhere")),
        "is no file",
    ),
    "a part too many": (lambda f: shutil.copy(part(f), part(f, 4)), "is no part of this sweep"),
    "a name of another length": (
        lambda f: shutil.copy(part(f), f / "parts" / "1.parquet"),
        "is no part of this sweep",
    ),
    "a file of somebody": (
        lambda f: (f / "parts" / "notes.txt").write_text("mine"),
        "is no part of this sweep",
    ),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "parts but no manifest.json"),
    "a file for the parts": (
        lambda f: (shutil.rmtree(f / "parts"), (f / "parts").write_text("mine")),
        "is no folder",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_somebodys_is_refused_and_left(name, folder):
    plant, words = REFUSED[name]
    plant(folder)
    before = contents(folder)
    with pytest.raises(ValueError) as refused:
        resume(folder)
    assert words in str(refused.value)
    assert str(folder) in str(refused.value)
    assert contents(folder) == before


COMPUTED_AGAIN = {
    "empty": (lambda f: part(f).write_bytes(b""), "damaged"),
    "cut in the middle": (lambda f: cut(f, 1000), "damaged"),
    "its last byte missing": (lambda f: cut(f, -1), "damaged"),
    "no Parquet": (lambda f: part(f).write_text("mean,draw\n1,2\n"), "damaged"),
    "a byte of the rows flipped": (lambda f: flipped(f, 40), "damaged"),
    "a number changed": (lambda f: rewritten(f, lambda x: x.assign(mean=0.5)), "damaged"),
    "a row less": (lambda f: rewritten(f, lambda x: x.iloc[:1]), "damaged"),
    "rows in another order": (lambda f: rewritten(f, lambda x: x.iloc[::-1]), "damaged"),
    "a column more": (lambda f: rewritten(f, lambda x: x.assign(more=1)), "damaged"),
    "a column of another name": (
        lambda f: rewritten(f, lambda x: x.rename(columns={"mean": "average"})),
        "damaged",
    ),
    "a number as text": (lambda f: rewritten(f, lambda x: x.astype({"draw": str})), "damaged"),
    "no digest": (lambda f: relabelled(f, rows=None), "damaged"),
    "another function": (lambda f: another(f, other_run), "of another version of the code"),
    "another radsim": (lambda f: relabelled(f, code="radsim 9"), "of another version"),
    "another layout": (lambda f: relabelled(f, layout=0), "of another version"),
}


@pytest.mark.parametrize("name", COMPUTED_AGAIN)
def test_what_is_damaged_or_of_other_code_is_computed_again(name, folder, whole):
    plant, words = COMPUTED_AGAIN[name]
    plant(folder)
    assert contents(folder)["parts/000001.parquet"] != contents(whole)["parts/000001.parquet"]
    said = []
    resume(folder, said.append)
    assert [words in line and str(part(folder)) in line for line in said] == [True]
    assert contents(folder) == contents(whole)


def test_of_many_parts_a_line_names_a_few(folder):
    said = []
    resume(folder, said.append, other_run)
    assert len(said) == 1
    assert "000002.parquet and 1 more: of another version of the code; computed again" in said[0]


@pytest.mark.parametrize("name", ["manifest.json", "versions.json", "results.parquet"])
def test_a_folder_in_place_of_a_file_is_one_error(name, folder):
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    with pytest.raises((OSError, ValueError), match=name):
        resume(folder)


def test_numbers_that_are_none_are_kept(tmp_path):
    """NaN, nothing, empty text and a row of other columns survive the digest."""

    def odd(cell, rng):
        return [{"x": np.nan, "y": None, "z": ""}, {"x": 1.0, "w": True}]

    first = sweep(odd, CELLS, tmp_path / "run", seed=0, jobs=1)
    assert sweep(odd, CELLS, tmp_path / "run", seed=0, jobs=1, resume=True).equals(first)


def test_the_name_of_code_is_that_of_its_text():
    def made(k):
        return lambda cell, rng: [{"k": k}]

    assert code_of(run) != code_of(other_run)
    assert code_of(made(1)) == code_of(made(1)) != code_of(made(2))
