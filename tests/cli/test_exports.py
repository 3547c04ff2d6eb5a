"""Files as their users write them with scikit-learn, NumPy and pandas, solved by the command.

`EXPORTS` lists them: how each is written, what the gains are, and where the file can be read in two
ways, the option that settles it.  docs/howto/your-file.md shows the same list.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from radsim.cli import app

N = 40


def _student(load, n_labelled, kind):
    """Class probabilities of N points, by a student of a few labelled ones."""
    x, y = load(return_X_y=True)
    model = LogisticRegression(max_iter=5000).fit(x[:n_labelled] / 16, y[:n_labelled])
    return model.predict_proba(x[-N:] / 16).astype(kind), model.classes_


P, CLASSES = _student(load_digits, 100, "f8")
BINARY, _ = _student(load_breast_cancer, 60, "f8")
NAMES = [f"digit {k}" for k in CLASSES]
IDS = [f"img{k:04}" for k in range(900, 900 + N)]
FRAME = pd.DataFrame(P, columns=NAMES)


def margins(p):
    """Gains by their definition, of rows divided by their sums: no code of radsim."""
    rows = [sorted(float(x) for x in row) for row in p]
    return [1 - (row[-1] - row[-2]) / sum(row) for row in rows]


@dataclass(frozen=True)
class Export:
    """A file that a user writes: by what, its gains, and the option that it needs, if any."""

    write: object
    gains: list
    option: tuple = ()
    refusal: str = ""
    ids: list | None = None


def _with(index):
    return FRAME.set_axis(index, axis=0)


# Name of the file -> how it is written, and what it holds.
EXPORTS = {
    "savetxt.txt": Export(lambda path: np.savetxt(path, P), margins(P)),
    "savetxt.csv": Export(lambda path: np.savetxt(path, P, delimiter=","), margins(P)),
    "float16.npy": Export(lambda path: np.save(path, P.astype("f2")), margins(P.astype("f2"))),
    "float32.npy": Export(lambda path: np.save(path, P.astype("f4")), margins(P.astype("f4"))),
    "named.npz": Export(lambda path: np.savez(path, probabilities=P), margins(P)),
    "frame.csv": Export(lambda path: FRAME.to_csv(path, index=False), margins(P)),
    "with_index.csv": Export(lambda path: FRAME.to_csv(path), margins(P)),
    "with_ids.csv": Export(
        lambda path: FRAME.assign(image=IDS).to_csv(path, index=False), margins(P), ids=IDS
    ),
    "rounded.csv": Export(
        lambda path: FRAME.to_csv(path, index=False, float_format="%.4f"), margins(P.round(4))
    ),
    "german.csv": Export(
        lambda path: FRAME.to_csv(path, index=False, sep=";", decimal=","),
        margins(P),
        ("--decimal", ","),
        "if a comma is the decimal mark: --decimal ,",
    ),
    "frame.parquet": Export(
        lambda path: pd.DataFrame(P, columns=CLASSES.astype(str)).to_parquet(path), margins(P)
    ),
    "lines.jsonl": Export(
        lambda path: FRAME.to_json(path, orient="records", lines=True), margins(P.round(10))
    ),
    "binary.csv": Export(
        lambda path: pd.Series(BINARY[:, 1], name="p_malignant").to_csv(path, index=False),
        margins(BINARY),
        ("--kind", "probabilities"),
        "",
    ),
    "tabs.tsv.gz": Export(lambda path: FRAME.to_csv(path, index=False, sep="\t"), margins(P)),
}

# Siblings of these, read in the same way.
MORE = {
    "frame.feather": Export(lambda path: FRAME.to_feather(path), margins(P)),
    "float64.npy": Export(lambda path: np.save(path, P), margins(P)),
    "two_columns.npy": Export(lambda path: np.save(path, BINARY), margins(BINARY)),
    "one_column.npy": Export(
        lambda path: np.save(path, BINARY[:, 1:].astype("f4")),
        margins(BINARY),
        ("--kind", "probabilities"),
    ),
    "labels_too.npz": Export(
        lambda path: np.savez(path, p=P, y=np.arange(N)),
        margins(P),
        ("--id", "y"),
        "column 'y': 2 is above 1; without column 'y' they sum to 1: --id 'y'",
    ),
    "numbered.csv": Export(lambda path: pd.DataFrame(P).to_csv(path, index=False), margins(P)),
    "headerless.csv": Export(
        lambda path: pd.DataFrame(P).to_csv(path, index=False, header=False), margins(P)
    ),
    "shuffled.csv": Export(
        lambda path: _with(np.random.default_rng(0).permutation(N)).to_csv(path),
        margins(P),
        ids=np.random.default_rng(0).permutation(N).astype(str).tolist(),
    ),
    "index_named.parquet": Export(
        lambda path: _with(pd.Index(IDS, name="image")).to_parquet(path), margins(P), ids=IDS
    ),
    "lists.parquet": Export(
        lambda path: pd.DataFrame({"image": IDS, "p": list(P.astype("f4"))}).to_parquet(path),
        margins(P.astype("f4")),
        ids=IDS,
    ),
    "lists.jsonl": Export(
        lambda path: pd.DataFrame({"p": P.tolist()}).to_json(path, orient="records", lines=True),
        margins(P.round(10)),
    ),
    "fields.npy": Export(lambda path: np.save(path, FRAME.to_records(index=False)), margins(P)),
    "six.csv": Export(
        lambda path: np.savetxt(path, P, fmt="%.6f", delimiter=","), margins(P.round(6))
    ),
    "excel.csv": Export(
        lambda path: FRAME.to_csv(path, index=False, sep="\t", encoding="utf-16"), margins(P)
    ),
    "semicolons.csv": Export(lambda path: FRAME.to_csv(path, index=False, sep=";"), margins(P)),
    "savetxt_german.csv": Export(
        lambda path: Path(path).write_text(
            FRAME.to_csv(index=False, header=False, sep=";", decimal=",")
        ),
        margins(P),
        ("--sep", ";", "--decimal", ","),
        "both ',' and ';' may separate the columns",
    ),
    "series.csv": Export(lambda path: pd.Series(margins(P)).to_csv(path), margins(P)),
    "margins.csv": Export(lambda path: np.savetxt(path, margins(P)), margins(P)),
    "percent.csv": Export(
        lambda path: (100 * FRAME).to_csv(path, index=False),
        margins(P),
        ("--normalise",),
        "is above 1; --normalise divides each row by its sum",
    ),
}

SINGLE = ("float32.npy", "lists.parquet", "one_column.npy")


def solve(path, *options):
    out = path.with_name("picks.csv")
    out.unlink(missing_ok=True)
    words = [
        "solve",
        str(path),
        "--mistakes",
        "0",
        "--budget",
        str(N),
        "--forced",
        "--out",
        str(out),
    ]
    run = CliRunner().invoke(app, [*words, *options])
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    picks = pd.read_csv(out, dtype={"row": int}) if out.exists() else None
    return run, picks


def test_the_page_shows_the_fourteen():
    assert len(EXPORTS) == 14
    page = (Path(__file__).parents[2] / "docs" / "howto" / "your-file.md").read_text()
    parts = re.findall(r"^### \d+\. .*?\$ radsim solve (\S+) ", page, re.M | re.S)
    assert parts == list(EXPORTS)


@pytest.fixture
def written(tmp_path, request):
    export = (EXPORTS | MORE)[request.param]
    path = tmp_path / request.param
    export.write(str(path))
    return path, export


@pytest.mark.parametrize("written", EXPORTS | MORE, indirect=True)
def test_an_export_is_read_right_or_says_which_option_settles_it(written):
    """All points are picked, so that the file of picks shows every gain that was read."""
    path, export = written
    run, picks = solve(path)
    if export.refusal:
        assert run.exit_code == 2
        assert export.refusal in run.stderr
        assert len(run.stderr.splitlines()) == 1
        assert picks is None
    if export.option:
        assert " ".join(export.option[:2]) in run.stderr.replace("'", "")
        run, picks = solve(path, *export.option)
    assert run.exit_code == 0, run.stderr
    assert picks["row"].tolist() == list(range(N))
    # Rows of 32 bits sum to 1 up to 1e-7, and are taken as they are.
    atol = 1e-6 if path.name in SINGLE else 1e-9
    np.testing.assert_allclose(picks["gain"], export.gains, rtol=0, atol=atol)
    if export.ids is not None:
        assert picks[picks.columns[-1]].astype(str).tolist() == export.ids


def test_a_proof_is_checked_with_the_options_it_was_made_with(tmp_path):
    path, proof = tmp_path / "german.csv", tmp_path / "p.json"
    EXPORTS["german.csv"].write(path)
    run, _ = solve(path, "--decimal", ",", "--proof", str(proof))
    assert run.exit_code == 0, run.stderr
    words = ["check", str(proof), "--gains", str(path), "--picks", str(tmp_path / "picks.csv")]
    assert CliRunner().invoke(app, [*words, "--decimal", ","]).exit_code == 0
    assert CliRunner().invoke(app, words).exit_code == 2


def test_columns_that_are_carried_do_not_hide_ours(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text('row,gain,who\n7,0.5,"a, b"\n9,0.25,c\n')
    out = tmp_path / "picks.csv"
    words = ["solve", str(path), "--mistakes", "0", "--budget", "2", "--forced", "--out", str(out)]
    run = CliRunner().invoke(app, [*words, "--id", "Who"])
    assert run.exit_code == 0, run.stderr
    lines = ["row,gain,inclusion_probability,who,file.row", '0,0.5,1.0,"a, b",7', "1,0.25,1.0,c,9"]
    assert out.read_text().splitlines() == lines


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--id", "nobody"], "no column 'nobody'; has cat, dog"),
        (["--harm", "column:cost"], "no column 'cost'; has cat, dog"),
        (["--sep", "ab"], "--sep 'ab' must be one character"),
        (["--decimal", "x"], "--decimal 'x' must be one of"),
        (["--no-header"], "row 0, column '0': 'cat' is not a finite non-negative number"),
    ],
)
def test_a_wrong_option_is_one_line(options, words, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("cat,dog\n0.5,0.5\n")
    run, picks = solve(path, *options)
    assert run.exit_code == 2
    assert words in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert picks is None
