"""A large file is read in blocks: the same numbers, texts and refusals as in one piece."""

import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from radsim.data import binary_rows, files, tables, text_rows
from radsim.data.columns import column_floats
from radsim.data.files import InputError, read
from radsim.data.rows import table_rows
from radsim.data.stored_columns import Column, in_memory
from radsim.data.text import Dialect, text_table
from radsim.data.text_rows import text_rows as read_rows

CALM = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PLAIN = ["1", "0.5", "0.25", "1e-3", "12", "0", ".5", "1.", "5e-324"]
ODD = ["", " ", "-1", "x", "NA", "nan", "1e400", "+1", "1_0", "0,5", "img7", " 0.5", "１", "1 2"]
ODD += ['"0.5"', '"a\nb"', '""', "1e", "e5", "[1]", "12", "1,e3", "\x1c1", '"', "a1b", "é7"]


@st.composite
def texts(draw):
    """Lines of cells, most of them numbers, with odd ones and blank lines here and there."""
    sep = draw(st.sampled_from([",", ";", "\t", " "]))
    width = draw(st.integers(1, 4))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    names = draw(st.sampled_from([["gain", "id", "b", "c"], ["a", "b", "c", "d"], None]))
    lines = [sep.join(names[:width])] if names else []
    for _ in range(draw(st.integers(0, 12))):
        odd = draw(st.integers(0, 5)) == 0
        cells = [draw(st.sampled_from(ODD if odd else PLAIN)) for _ in range(width)]
        lines.append("" if draw(st.integers(0, 20)) == 0 else sep.join(cells))
    text = end.join(lines) + draw(st.sampled_from(["", end, end + end, " " + end, end + "  "]))
    return text, draw(st.sampled_from([Dialect(), Dialect(sep), Dialect(sep, ",")]))


def _cells(rows):
    """Columns of rows read in blocks, as texts or numbers."""
    found = {name: [] for name in rows.names}
    kinds = set()
    for block in rows.blocks():
        kinds.update(block.places.tolist())
        for k, name in enumerate(rows.names):
            found[name] += list(block.column(k))
    return found


def _same(found, expected, decimal):
    if isinstance(found, str):
        return found == expected
    a, b = column_floats([found], decimal), column_floats([expected], decimal)
    return a.tobytes() == b.tobytes()


@CALM
@given(texts(), st.sampled_from([1, 2, 3, 7, 64]), st.booleans(), st.sampled_from([1, 64]))
@example(("gain\n1\n\n\n\n2\n\n", Dialect()), 1, True, 64)
@example(('gain,id\n1,"a\n\n\nb"\n2,c\n', Dialect()), 2, True, 64)
@example(("gain\r\n1\r\n2\r\n", Dialect()), 1, True, 64)
@example(("1,2\n3,4\n5,6\n", Dialect()), 2, True, 64)
@example(("a;b\n0,5;5,e3\n0,25;6,e3\n", Dialect(";", ",")), 2, True, 64)
def test_blocks_of_a_text_are_the_text(given, piece, arrow, wide):
    text, dialect = given
    try:
        expected = text_table(text, dialect)
    except ValueError as error:
        expected = str(error)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("HEAD", piece),
            ("PIECE", piece),
            ("CELLS", 3),
            ("WIDE", wide),
            ("_TAIL", 2),
        ):
            patch.setattr(text_rows, name, value)
        if not arrow:
            patch.setattr(text_rows._Fast, "block", lambda self, data: None)
        try:
            rows = read_rows(io.BytesIO(text.encode()), dialect)
            found = _cells(rows)
        except ValueError as error:
            found = str(error)
    if isinstance(expected, str) or isinstance(found, str):
        # Of two faults another one may be met first.
        assert isinstance(expected, str) == isinstance(found, str), (text, expected, found)
        return
    assert list(found) == list(expected.columns)
    for name, cells in expected.columns.items():
        assert len(cells) == len(found[name]), (text, name)
        for x, y in zip(found[name], cells, strict=True):
            assert _same(x, y, dialect.decimal), (text, name, x, y)
    assert tuple(rows.notes) == expected.notes


@settings(CALM, max_examples=500)
@given(
    st.one_of(
        st.floats(0, allow_nan=False, allow_infinity=False).map(repr),
        st.from_regex(r"\A\+?[0-9]{0,25}\.?[0-9]{0,30}([eE][-+]?[0-9]{1,3})?\Z"),
        st.text("0123456789.+-eE xnainf_,dDpP", max_size=12),
    )
)
@example("2.2250738585072011e-308")
@example("9007199254740993")
@example("179769313486231580793728971405301e276")
@example("0." + "0" * 400 + "1")
@example("1" + "0" * 400)
def test_what_arrow_takes_for_a_number_is_the_nearest_float(cell):
    fast = text_rows._Fast(text_rows.text_head("gain;b\n1;2\n", Dialect(";")), ".", set())
    fast._texts = set()
    block = fast.block(f"{cell};0\n".encode())
    if block is not None:
        assert math.copysign(1, block.matrix[0, 0]) and cell.isascii() and "_" not in cell
        assert block.matrix[0, 0] == float(cell)


def _outcome(path, **options):
    try:
        found = read(str(path), **options)
    except InputError as error:
        return str(error)
    ids = found.ids_at(np.arange(len(in_memory(found.gains))))
    harms = None if found.harms is None else in_memory(found.harms).tolist()
    return in_memory(found.gains).tolist(), harms, ids, found.notes, type(found.gains)


@pytest.fixture
def small(monkeypatch):
    """Files are large from a few bytes on, and all blocks hold a few rows."""

    def shrink():
        monkeypatch.setattr(tables, "SMALL", 16)
        monkeypatch.setattr(files, "LARGE", 3)
        monkeypatch.setattr(binary_rows, "BLOCK", 8)
        monkeypatch.setattr("radsim.data.stored_columns.BLOCK", 4)
        monkeypatch.setattr("radsim.data.rows._HELD", 64)
        for name, value in (("HEAD", 30), ("PIECE", 30), ("CELLS", 6)):
            monkeypatch.setattr(text_rows, name, value)

    return shrink


RNG = np.random.default_rng(3)
N = 23
P = RNG.dirichlet(np.ones(3), N)
FRAMES = {
    "gains": {"gain": RNG.random(N)},
    "integers": {"gain": np.arange(N)},
    "ids": {
        "gain": RNG.random(N),
        "id": np.arange(7, N + 7),
        "name": [f"img{k}" for k in range(N)],
    },
    "harms": {"gain": RNG.random(N).astype("f4"), "cost": RNG.random(N)},
    "classes": dict(zip("abc", P.T, strict=True)),
    "single classes": dict(zip("abc", P.T.astype("f4"), strict=True)),
    "rounded classes": dict(zip("abc", P.round(3).T, strict=True)),
    "classes and ids": {
        "image": [f"i{k}.png" for k in range(N)],
        **dict(zip("abc", P.T, strict=True)),
    },
    "no classes": {"a": P[:, 0], "b": P[:, 1]},
    "negative": {"gain": np.r_[RNG.random(N - 2), -1, 1]},
    "not a number": {"gain": np.r_[RNG.random(N - 2), np.nan, 1]},
    "texts": {"gain": ["0.5"] * (N - 1) + ["x"]},
}
OPTIONS = {"harms": {"harm_column": "cost"}}


def _write(path, frame):
    columns = {name: np.asarray(x) for name, x in frame.items()}
    if path.suffix == ".npz":
        np.savez_compressed(path, **columns)
    elif path.suffix == ".npy":
        rows = pd.DataFrame(frame)
        same = len({x.dtype for x in columns.values()}) == 1 and "gain" not in columns
        kinds = {name: x.dtype.str for name, x in columns.items() if x.dtype.kind == "U"}
        np.save(
            path, rows.to_numpy() if same else rows.to_records(index=False, column_dtypes=kinds)
        )
    elif ".csv" in path.name:
        pd.DataFrame(frame).to_csv(path, index=False)
    else:
        getattr(pd.DataFrame(frame), f"to_{path.suffix[1:]}")(path)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".npy", ".npz", ".parquet", ".feather"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_file_in_blocks_is_the_file_in_one_piece(frame, suffix, tmp_path, small):
    path = tmp_path / f"own{suffix}"
    _write(path, FRAMES[frame])
    options = OPTIONS.get(frame, {})
    whole = _outcome(path, **options)
    small()
    parts = _outcome(path, **options)
    if isinstance(whole, str):
        assert parts == whole
    else:
        assert parts[:4] == whole[:4]
        assert whole[4] is np.ndarray
        assert parts[4] is Column


@pytest.mark.parametrize("order", ["C", "F"])
def test_probabilities_are_read_row_by_row(order, tmp_path, small):
    np.save(tmp_path / "p.npy", np.asarray(P, order=order))
    whole = _outcome(tmp_path / "p.npy", gain="entropy")
    small()
    assert _outcome(tmp_path / "p.npy", gain="entropy")[:4] == whole[:4]
    assert table_rows({"a": P[:, 0]}).names == ["a"]
