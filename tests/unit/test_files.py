"""Files into gains: what is read from every format, and how it is refused."""

import gzip

import numpy as np
import pandas as pd
import pytest

from radsim.data.files import InputError, read

NUMBERS = ["1", "+1", "-0", "1.", " .5\t", "1e5", "1E5", "00012", "1e-320", "9007199254740993"]
NUMBERS += ["18446744073709551616", "0.30000000000000004", "1e23", "4.9e-324", "1e-400"]
NO_NUMBERS = ["", " ", ".", "x", "-1", "1e", "1_000", "1,000", "1 000", "0x10", "inf", "-inf"]
NO_NUMBERS += ["nan", "1e400", "True", "１", "1%", "1 2", "--1", "1j", "NA", "\u00a01"]


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_is_the_nearest_float(cell, tmp_path):
    path = tmp_path / "gains.csv"
    path.write_text(f'gain\n"{cell}"\n')
    assert read(str(path)).gains.tolist() == [float(cell)]


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_what_is_no_gain_is_named_with_its_place(cell, tmp_path):
    path = tmp_path / "gains.csv"
    path.write_text(f'gain\n1\n"{cell}"\n', encoding="utf-8")
    with pytest.raises(InputError) as found:
        read(str(path))
    words = (
        f"{cell!r} is not a finite non-negative number" if cell.strip() else "a number is missing"
    )
    assert str(found.value).startswith(f"{path}: row 1, column 'gain': {words}")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, "No such file or directory"),
        ("empty.csv", b"", "no line, and so no columns"),
        ("header.csv", b"gain\n", "no rows"),
        ("blank.csv", b"gain\n1\n\n2\n", "row 1, column 'gain': a number is missing"),
        ("latin.csv", b"gain\n\xff\n", "byte 6 is no UTF-8 text; files may be text"),
        ("book.xlsx", b"PK\x03\x04\0\0", "byte 5 is no UTF-8 text; files may be text in UTF-8"),
        ("ragged.csv", b"gain\n1\n2,3\n", "row 1 has 2 fields, the header has 1: '2,3'"),
        ("two.csv", b"a,b\n1,2\n", "row 0, column 'b': 2 is above 1"),
        (
            "thousands.csv",
            b'gain\n"1,000.5"\n',
            "'1,000.5' is not a finite non-negative number; wri",
        ),
        (
            "comma.csv",
            b"a;b\n0,5;0,5\n",
            "'0,5' is not a finite non-negative number; if a comma is",
        ),
        ("id.csv", b"width,a,b\n80,0.5,0.5\n", "80 is above 1; without column 'width' they sum to"),
        ("y.csv", b"y,a,b\n0,0.5,0.5\n1,0.5,0.5\n", "--id 'y' carries it to the picks instead"),
        ("off.csv", b"a,b\n0.5001,0.4\n", "0.1 off, and rounding explains 0.0001; --normalise"),
        ("twice.csv", b"gain,gain\n1,2\n", "which column, 'gain' or 'gain.1'?"),
        ("lines.jsonl", b'{"gain": 1}\n{"gain": null}\n', "row 1, column 'gain': a number is mis"),
        ("bad.jsonl", b'{"gain": 1}\nx\n', "row 1: no JSON object"),
        ("twice.jsonl", b'{"gain": 1, "gain": 2}\n', "row 0: no JSON object: a name comes twice"),
        ("frame.json", b'{"0":{"0":0.5},"1":{"0":0.5}}', "one object a row is needed"),
        ("bad.gz", b"x", "bad.gz: "),
        ("bad.npz", b"x", "bad.npz: "),
        ("bad.parquet", b"no parquet", "bad.parquet: "),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_one_line(name, content, words, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as found:
        read(str(path))
    assert words in str(found.value)
    assert len(str(found.value).splitlines()) == 1


def test_every_format_gives_the_same_gains(tmp_path):
    gains, harms = np.array([0.1, 1 / 3, 2e-17]), np.array([1.0, 0.0, 3.0])
    frame = pd.DataFrame({"gain": gains, "cost": harms, "name": ["a", "b", "c"]})
    frame.to_csv(tmp_path / "gains.csv", index=False)
    frame.to_csv(tmp_path / "gains.csv.gz", index=False)
    frame.to_parquet(tmp_path / "gains.parquet", index=False)
    (tmp_path / "bom.csv").write_text((tmp_path / "gains.csv").read_text(), encoding="utf-8-sig")
    for name in ("gains.csv", "gains.csv.gz", "gains.parquet", "bom.csv"):
        found = read(str(tmp_path / name), harm_column="cost")
        assert found.gains.tolist() == gains.tolist(), name
        assert found.harms.tolist() == harms.tolist(), name
    with gzip.open(tmp_path / "gains.csv.gz", "rt") as file:
        assert file.readline() == "gain,cost,name\n"


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([[0.5, -0.5]], dtype="f4"), "row 0, column '1': -0.5 is no probability"),
        (np.array([-0.5], dtype="f4"), "row 0, column '0': -0.5 is not a finite"),
        (np.array([1 + 2j]), "row 0, column '0': (1+2j) is not a finite"),
        (np.array([3], dtype="M8[D]"), "row 0, column '0': datetime.date(1970, 1, 4) is not a"),
        (np.array([3], dtype="m8[s]"), "row 0, column '0': datetime.timedelta(seconds=3) is not"),
        (np.array(["1", "x"]), "row 1, column '0': 'x' is not a finite"),
        (np.zeros((2, 2, 2)), "array has shape (2, 2, 2), need one or two axes"),
        (np.zeros((2, 2), dtype=[("gain", "f8")]), "structured array has shape (2, 2)"),
        (np.zeros((2, 0)), "no rows"),
    ],
)
def test_an_array_that_cannot_be_is_refused(array, words, tmp_path):
    np.save(tmp_path / "gains.npy", array)
    with pytest.raises(InputError) as found:
        read(str(tmp_path / "gains.npy"))
    assert words in str(found.value)


def test_a_text_of_no_characters_is_refused(tmp_path):
    np.save(tmp_path / "gains.npy", np.full(2, 2**31, dtype="u4").view("U1"))
    with pytest.raises(InputError, match="what is no character"):
        read(str(tmp_path / "gains.npy"))


@pytest.mark.parametrize("kind", ["f8", "f2", ">f8", "i8", "u1", "bool", "U3", "S3"])
def test_an_array_of_any_numbers_is_read(kind, tmp_path):
    np.save(tmp_path / "gains.npy", np.array([1, 0], dtype="i8").astype(kind))
    expected = [1.0, 0.0]
    assert read(str(tmp_path / "gains.npy")).gains.tolist() == expected


def _kept(columns, tmp_path, suffix, **options):
    """Gains from a frame in a file of this format."""
    path, frame = tmp_path / f"own{suffix}", pd.DataFrame(columns)
    if suffix == ".npz":
        np.savez(path, **{name: np.array(x) for name, x in columns.items()})
    elif suffix == ".npy":
        np.save(path, frame.to_records(index=False))
    elif suffix == ".jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        getattr(frame, f"to_{suffix[1:]}")(path)
    return read(str(path), **options)


BINARY = [".parquet", ".feather", ".jsonl", ".npz", ".npy"]


@pytest.mark.parametrize("suffix", BINARY)
def test_columns_are_found_in_every_format(suffix, tmp_path):
    columns = {" Gain": [0.5, 0.25], "ID": [80, 7], "cost": [1.0, 2.0]}
    found = _kept(columns, tmp_path, suffix, harm_column="Cost")
    assert found.gains.tolist() == [0.5, 0.25]
    assert found.harms.tolist() == [1.0, 2.0]
    assert found.ids == {"ID": ["80", "7"]}
    found = _kept({"ID": [80, 7], "a": [0.5, 1.0], "b": [0.5, 0.0]}, tmp_path, suffix)
    assert found.gains.tolist() == [1.0, 0.0]
    with pytest.raises(InputError, match="no column 'price'; has Gain, ID, cost"):
        _kept(columns, tmp_path, suffix, harm_column="price")


@pytest.mark.parametrize("suffix", [".parquet", ".feather", ".jsonl", ".npz"])
def test_columns_of_lists_are_columns(suffix, tmp_path):
    found = _kept({"p": [[0.5, 0.5], [0.25, 0.75]]}, tmp_path, suffix)
    assert found.gains.tolist() == [1.0, 0.5]
    if suffix != ".npz":
        with pytest.raises(InputError, match="row 1, column 'p': lists of 2 numbers are needed"):
            _kept({"p": [[0.5, 0.5], [0.25, 0.25, 0.5]]}, tmp_path, suffix)


@pytest.mark.parametrize("suffix", [".parquet", ".feather"])
@pytest.mark.parametrize(
    "cells",
    [
        pd.to_datetime(["2020-01-01", "2020-01-02"]),
        pd.to_timedelta([1, 2], "s"),
        pd.Categorical(["a", "b"]),
        [b"1", b"2"],
        [1.0, None],
        pd.array([1, None], "Int64"),
    ],
)
def test_what_is_no_number_is_refused_in_every_format(cells, suffix, tmp_path):
    with pytest.raises(InputError, match=r"own.* row [01], column 'gain'|no column of gains"):
        _kept({"gain": cells}, tmp_path, suffix)


def test_the_index_of_a_frame_is_a_column_if_it_has_a_name(tmp_path):
    frame = pd.DataFrame({0: [0.5, 1.0], 1: [0.5, 0.0]}, index=[80, 7])
    frame.columns = frame.columns.astype(str)
    frame.to_parquet(tmp_path / "own.parquet")
    assert read(str(tmp_path / "own.parquet")).ids == {}
    frame.rename_axis("image_id").to_parquet(tmp_path / "own.parquet")
    found = read(str(tmp_path / "own.parquet"))
    assert found.gains.tolist() == [1.0, 0.0]
    assert found.ids == {"image_id": ["80", "7"]}


def _softmax(n, classes, kind):
    x = np.random.default_rng(0).normal(size=(n, classes)).astype(kind) * 3
    e = np.exp(x - x.max(axis=1, keepdims=True), dtype=kind)
    return (e / e.sum(axis=1, keepdims=True, dtype=kind)).astype(kind)


@pytest.mark.parametrize(
    ("kind", "classes"), [("f2", 10), ("f2", 1000), ("f4", 10), ("f4", 50_257)]
)
def test_rows_sum_to_one_as_far_as_their_type_can(kind, classes, tmp_path):
    p = _softmax(20, classes, kind)
    np.save(tmp_path / "p.npy", p)
    wide = p.astype(float) / p.astype(float).sum(axis=1, keepdims=True)
    found = read(str(tmp_path / "p.npy"), gain="least_confidence").gains
    np.testing.assert_allclose(found, 1 - wide.max(axis=1), atol=1e-6)


@pytest.mark.parametrize("decimals", [2, 4, 6])
def test_rows_sum_to_one_as_far_as_their_rounding_can(decimals, tmp_path):
    p = _softmax(50, 10, "f8").round(decimals)
    pd.DataFrame(p).to_csv(tmp_path / "p.csv", index=False)
    found = read(str(tmp_path / "p.csv"), gain="least_confidence")
    wide = p / p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.gains, 1 - wide.max(axis=1), atol=1e-6)
    if decimals < 6:
        assert f"by rounding to {decimals} decimals: each is divided" in found.notes[-1]
    p[3, 0] = (p[3, 0] + 0.1).round(decimals)
    pd.DataFrame(p).to_csv(tmp_path / "p.csv", index=False)
    with pytest.raises(
        InputError, match=r"row 3: the class probabilities sum to 1\.[01].*--normali"
    ):
        read(str(tmp_path / "p.csv"))


def test_a_rounding_below_zero_is_one_above_one(tmp_path):
    np.save(tmp_path / "p.npy", [[-1e-9, 1 + 1e-9], [0.5, 0.5]])
    assert read(str(tmp_path / "p.npy")).gains.tolist() == [0.0, 1.0]


def test_any_rows_are_normalised_when_that_is_asked_for(tmp_path):
    np.save(tmp_path / "p.npy", [[10, 30, 60], [1, 1, 2], [1e308, 1e308, 0], [5e-324, 0, 0]])
    found = read(str(tmp_path / "p.npy"), normalise=True)
    np.testing.assert_allclose(found.gains, [0.7, 0.75, 1, 0])
    for rows, words in (([[0, 0], [1, 1]], "row 0: all are 0"), ([[2, -1], [1, 1]], "negative")):
        np.save(tmp_path / "p.npy", rows)
        with pytest.raises(InputError, match=words):
            read(str(tmp_path / "p.npy"), normalise=True)


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_column_of_probabilities_is_that_of_the_second_class(shape, tmp_path):
    np.save(tmp_path / "p.npy", np.array([0.01, 0.5, 0.9]).reshape(shape))
    assert "--kind probabilities" in read(str(tmp_path / "p.npy")).notes[-1]
    found = read(str(tmp_path / "p.npy"), kind="probabilities").gains
    np.testing.assert_allclose(found, [0.02, 1, 0.2])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "[[0.5, 0.5], [0.25, 0.75]]"),
        ("a.jsonl", "[0.5, 0.5]\n[0.25, 0.75]\n"),
        ("a.json", '[{"p": [0.5, 0.5]}, {"p": [0.25, 0.75]}]'),
        ("a.json", "[1, 0.5]"),
        ("a.jsonl", "1\n0.5\n"),
        ("a.csv", "cat,dog,\n0.5,0.5,\n0.25,0.75,\n"),
        ("a.csv", '"","cat","dog"\n"1",0.5,0.5\n"2",0.25,0.75\n'),
        ("a.csv", "  0.5   0.5\n 0.25  0.75\n"),
    ],
)
def test_what_people_write_by_hand_is_read(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    assert read(str(tmp_path / name)).gains.tolist() == [1.0, 0.5]


@pytest.mark.parametrize("kind", [">f4", ">f2", "f8", ">f8", "g", "i8", "bool"])
def test_probabilities_of_any_type_are_read(kind, tmp_path):
    np.save(tmp_path / "p.npy", np.array([[1, 0], [0, 1]]).astype(kind))
    assert read(str(tmp_path / "p.npy")).gains.tolist() == [0.0, 0.0]
