"""Files into gains: what is read, cell for cell as pandas reads it, and how it is refused."""

import gzip
import io

import numpy as np
import pandas as pd
import pytest

from radsim.data.files import InputError, csv_columns, read

# Columns, or the words of the error; compared with pandas.read_csv(dtype=str) of pandas 3.1.1.
CASES = {
    "gain\n1\n2\n": {"gain": ["1", "2"]},
    "\ufeffgain\n1\n": {"gain": ["1"]},
    '\ufeff"gain"\n1\n': {"gain": ["1"]},
    "gain\r\n1\r\n2\r\n": {"gain": ["1", "2"]},
    "gain\r1\r2\r": {"gain": ["1", "2"]},
    "\n\ngain\n1\n\n2\n": {"gain": ["1", "2"]},
    "gain\n1\n  \n2\n": {"gain": ["1", "2"]},
    "  \ngain\n1\n": {"gain": ["1"]},
    "gain\n  1\n2  \n": {"gain": ["  1", "2  "]},
    "gain\n\t1\n": {"gain": ["\t1"]},
    " gain,b\n1,2\n": {" gain": ["1"], "b": ["2"]},
    '"gain"\n"1"\n': {"gain": ["1"]},
    'gain\n""\n1\n': {"gain": ["", "1"]},
    "a,b\n,\n1,2\n": {"a": ["", "1"], "b": ["", "2"]},
    "a,b\n1\n2,3\n": {"a": ["1", "2"], "b": ["", "3"]},
    "a,b\n1,2\n3,4,5\n": "Expected 2 fields in line 3, saw 3",
    "a\n1,2\n3,4\n": {"a": ["2", "4"]},
    "a\n1,\n3,\n": {"a": ["", ""]},
    "a,b\n1,2,3\n4,5\n": {"a": ["2", "5"], "b": ["3", ""]},
    "a\n1,2\n3,4,5\n": "Expected 2 fields in line 3, saw 3",
    "a,a,a.1\n1,2,3\n": {"a": ["1"], "a.2": ["2"], "a.1": ["3"]},
    "a,,\n1,2,3\n": {"a": ["1"], "Unnamed: 1": ["2"], "Unnamed: 2": ["3"]},
    ",a\n1,2\n": {"Unnamed: 0": ["1"], "a": ["2"]},
    '"a,b",c\n1,2\n': {"a,b": ["1"], "c": ["2"]},
    'gain\n"1\n2"\n3\n': {"gain": ["1\n2", "3"]},
    'gain\n"1\n2\n': "EOF inside string starting at row 1",
    'gain\n1\n"2': "EOF inside string starting at row 2",
    'gain\n"1"x\n': {"gain": ["1x"]},
    'gain\n1"x"\n': {"gain": ['1"x"']},
    'gain\n"1""2"\n': {"gain": ['1"2']},
    "gain\n1\n,\n": "Expected 1 fields in line 3, saw 2",
    "": "No columns to parse from file",
    "\n\n": "No columns to parse from file",
    "gain": {"gain": []},
    "gain\n": {"gain": []},
    "a,b\n": {"a": [], "b": []},
    "gain\n1\n#c\n": {"gain": ["1", "#c"]},
    "gain\nNA\n": {"gain": ["NA"]},
    "a\tb\n1\t2\n": {"a\tb": ["1\t2"]},
    "a;b\n1;2\n": {"a;b": ["1;2"]},
    "a, b\n1, 2\n": {"a": ["1"], " b": [" 2"]},
    "gain\n1\n2": {"gain": ["1", "2"]},
    'a,b\n"1, 2\n': "EOF inside string starting at row 1",
    "gain\n 1,2\n3\n": {"gain": ["2", ""]},
    "a,b\n  \n1,2\n": {"a": ["1"], "b": ["2"]},
    'a,b\n1,2\n"",""\n': {"a": ["1", ""], "b": ["2", ""]},
    "gain\n\x001\n": {"gain": ["\x001"]},
    "gain\n1\x00\n": {"gain": ["1\x00"]},
    'gain\n"  "\n1\n': {"gain": ["  ", "1"]},
    "a,b\n\n\n1,2\n3\n4,5,6\n": "Expected 2 fields in line 6, saw 3",
    "Unnamed: 0,\n1,2\n": {"Unnamed: 0": ["1"], "Unnamed: 1": ["2"]},
    "gain,gain\n1,2\n": {"gain": ["1"], "gain.1": ["2"]},
    "a,b\n1,2,\n3,4,\n": {"a": ["2", "4"], "b": ["", ""]},
    'gain\n"a\nb"\n1,2\n': "Expected 1 fields in line 3, saw 2",
    "gain\n1\n   2 3\n": {"gain": ["1", "   2 3"]},
    'gain\n "1"\n': {"gain": [' "1"']},
    'a\n\n"x\n\ny\n': "EOF inside string starting at row 2",
}


@pytest.mark.parametrize("text", CASES)
def test_csv_is_read_as_pandas_reads_it(text):
    expected = CASES[text]
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=expected):
            csv_columns(io.StringIO(text, newline=""))
    else:
        found = csv_columns(io.StringIO(text, newline=""))
        assert found == expected
        assert list(found) == list(expected)


def test_a_blank_line_of_an_old_macintosh_takes_no_comma_with_it():
    """pandas drops the first comma after it, and then reads the second column as the first."""
    assert csv_columns(io.StringIO("a,b\r\r,1\r", newline="")) == {"a": [""], "b": ["1"]}


def test_a_cell_may_be_longer_than_the_limit_of_the_csv_module():
    long = "x" * 200_000
    assert csv_columns(["gain,text\n", f"1,{long}\n"]) == {"gain": ["1"], "text": [long]}


NUMBERS = ["1", "+1", "-0", "1.", " .5\t", "1e5", "1E5", "00012", "1e-320", "9007199254740993"]
NUMBERS += ["18446744073709551616", "0.30000000000000004", "1e23", "4.9e-324", "1e-400"]
NO_NUMBERS = ["", " ", ".", "x", "-1", "1e", "1_000", "1,000", "1 000", "0x10", "inf", "-inf"]
NO_NUMBERS += ["nan", "1e400", "True", "１", "1%", "1 2", "--1", "1j", "NA", "\u00a01"]


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_is_the_nearest_float(cell, tmp_path):
    path = tmp_path / "gains.csv"
    path.write_text(f'gain\n"{cell}"\n')
    assert read(str(path))[0].tolist() == [float(cell)]


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_what_is_no_gain_is_named_with_its_place(cell, tmp_path):
    path = tmp_path / "gains.csv"
    path.write_text(f'gain\n1\n"{cell}"\n', encoding="utf-8")
    with pytest.raises(InputError) as found:
        read(str(path))
    assert str(found.value) == (
        f"{path}: row 2, column 'gain': {cell!r} is not a finite non-negative number"
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, "No such file or directory"),
        ("empty.csv", b"", "No columns to parse from file"),
        ("header.csv", b"gain\n", "no rows"),
        ("bare.csv", b"0.92\n0.85\n", "the first line holds 0.92; a header line is needed"),
        ("latin.csv", b"gain\n\xff\n", "'utf-8' codec can't decode byte 0xff"),
        ("ragged.csv", b"gain\n1\n2,3\n", "Error tokenizing data. C error: Expected 1 fields in "),
        ("two.csv", b"a,b\n1,2\n", "row 1, column 'b': 2.0 is above 1"),
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
        assert [x.tolist() for x in found] == [gains.tolist(), harms.tolist()], name
    with gzip.open(tmp_path / "gains.csv.gz", "rt") as file:
        assert file.readline() == "gain,cost,name\n"


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.array([[0.5, -0.5]], dtype="f4"), "row 1, column '1': np.float32(-0.5) is not a"),
        (np.array(["1", "x"]), "row 2, column '0': 'x' is not a finite"),
        (np.zeros((2, 2, 2)), "array has shape (2, 2, 2), need one or two axes"),
        (np.zeros(2, dtype=[("gain", "f8")]), "need numbers"),
        (np.zeros((2, 0)), "no rows"),
    ],
)
def test_an_array_that_cannot_be_is_refused(array, words, tmp_path):
    np.save(tmp_path / "gains.npy", array)
    with pytest.raises(InputError) as found:
        read(str(tmp_path / "gains.npy"))
    assert words in str(found.value)


@pytest.mark.parametrize("kind", ["f8", "f2", ">f8", "i8", "u1", "bool", "U3", "S3"])
def test_an_array_of_any_numbers_is_read(kind, tmp_path):
    np.save(tmp_path / "gains.npy", np.array([1, 0], dtype="i8").astype(kind))
    expected = [1.0, 0.0]
    assert read(str(tmp_path / "gains.npy"))[0].tolist() == expected
