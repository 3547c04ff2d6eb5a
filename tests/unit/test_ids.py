"""Identifiers of the rows, from a column or a file beside, and columns that are told or named."""

import numpy as np
import pandas as pd
import pytest

from radsim.data import files, known_table
from radsim.data.files import InputError, read
from radsim.data.ids import beside

NAMES = ["img 0", "07", 'a "b", c', "é", "x"]


def _gains(tmp_path, n=5):
    np.save(tmp_path / "gains.npy", np.linspace(0.1, 0.9, n))
    return str(tmp_path / "gains.npy")


def _written(path, suffix):
    place = path / f"ids{suffix}"
    frame = pd.DataFrame({"image": NAMES})
    if suffix in (".txt", ""):
        place.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    elif suffix == ".bom.txt":
        place.write_text("\r\n".join(NAMES), encoding="utf-8-sig", newline="")
    elif suffix == ".csv":
        frame.to_csv(place, index=False)
    elif suffix == ".bom.csv":
        frame.to_csv(place, index=False, encoding="utf-8-sig", quoting=1)
    elif suffix == ".csv.gz":
        frame.to_csv(place, index=False)
    elif suffix == ".tsv":
        frame.to_csv(place, index=False, sep="\t")
    elif suffix == ".npy":
        np.save(place, np.array(NAMES))
    elif suffix == ".parquet":
        frame.to_parquet(place)
    else:
        frame.to_json(place, orient="records", lines=True)
    return str(place)


SUFFIXES = [
    "",
    ".txt",
    ".bom.txt",
    ".csv",
    ".bom.csv",
    ".csv.gz",
    ".tsv",
    ".npy",
    ".parquet",
    ".jsonl",
]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_identifiers_come_as_they_are_written(suffix, large, tmp_path, monkeypatch):
    if large:
        monkeypatch.setattr(known_table, "LARGE", 2)
    path = _written(tmp_path, suffix)
    found = read(_gains(tmp_path), ids_file=path)
    name = (
        "image" if suffix in (".csv", ".bom.csv", ".csv.gz", ".tsv", ".parquet", ".jsonl") else "id"
    )
    places = np.array([4, 2, 2, 0])
    expected = [NAMES[k] for k in places]
    if suffix in ("", ".txt", ".bom.txt"):
        # A line is one identifier, whatever stands in it; quotes are those of a cell.
        expected = [x for x in expected]
    assert found.ids_at(places) == {name: expected}
    told = f"column image of {path} kept as id" if name == "image" else f"ids from {path}"
    assert found.what == f"column 0 -> gains; {told}"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (np.array([80, 7, 9]), ["80", "7", "9"]),
        (np.array([80, 7, 2**63 - 1]), ["80", "7", "9223372036854775807"]),
        (np.array([b"a", b"b", b"c"]), ["a", "b", "c"]),
    ],
)
def test_numbers_identify_rows_too(values, texts, tmp_path):
    np.save(tmp_path / "ids.npy", values)
    assert beside(str(tmp_path / "ids.npy"), 3, "gains").ids == {"id": texts}


REFUSED = {
    "ids.txt": ("a\nb\n", "2 identifiers, and {} has 5 rows"),
    "one less.txt": ("a\nb\nc\nd\n", "4 identifiers, and {} has 5 rows; in such a file one a line"),
    "headless.csv": (
        "a\nb\nc\nd\ne\n",
        "4 identifiers, and {} has 5 rows; in such a file the first",
    ),
    "hole.txt": ("a\nb\n\nd\ne\n", "row 2: an identifier is missing: ''"),
    "nan.csv": ("id\na\nb\nc\nNaN\ne\n", "row 3, column 'id': an identifier is missing: 'NaN'"),
    "blank.csv": (
        "id,of\na,1\nb,2\nc, \nd,4\ne,5\n",
        "row 2, column 'of': an identifier is missing: ' '",
    ),
    "gone.txt": (None, "No such file or directory"),
    "empty.txt": ("", "no line, and so no columns"),
    "probabilities.csv": ("p\n0.1\n0.2\n0.3\n0.4\n0.5\n", "0.1 and the like identify no rows"),
    "number.csv": ("100\n101\n102\n103\n104\n105\n", "'100' is no name: put a line such as id"),
    "dates.tsv": ("2026-01-01\na\nb\nc\nd\ne\n", "'2026-01-01' is no name"),
    "zero.csv": ("0\n1\n2\n3\n4\n5\n", "'0' is no name"),
    "second.csv": ("id,7\na,8\nb,9\nc,10\nd,11\ne,12\n", "'7' is no name"),
    "named.txt": ("id\na\nb\nc\nd\n", "row 0: 'id' looks like the name of a column"),
    "named": ("Image_ID\na\nb\nc\nd\n", "row 0: 'Image_ID' looks like the name of a column"),
    "names.txt": ("Name\na\nb\nc\nd\n", "row 0: 'Name' looks like the name of a column"),
    "quote.csv": ('id\n"a\nb\nc\nd\ne\n', "unexpected end of data"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_identifies_nothing_is_refused_in_one_line(name, tmp_path):
    content, words = REFUSED[name]
    gains, path = _gains(tmp_path), tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError) as caught:
        read(gains, ids_file=str(path))
    assert words.format(gains) in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


def test_names_that_pandas_counts_are_names_above_texts(tmp_path):
    pd.DataFrame(NAMES).to_csv(tmp_path / "ids.csv", index=False)
    found = read(_gains(tmp_path), ids_file=str(tmp_path / "ids.csv"))
    assert found.ids == {"id": NAMES}


def test_standard_input_is_one_file():
    with pytest.raises(InputError, match="standard input is named twice"):
        read("-", ids_file="-")


def test_an_array_with_nan_identifies_nothing(tmp_path):
    np.save(tmp_path / "ids.npy", [1, 2, np.nan, 4, 5])
    with pytest.raises(InputError, match="row 2: an identifier is missing: 'nan'"):
        read(_gains(tmp_path), ids_file=str(tmp_path / "ids.npy"))


def test_what_stands_twice_is_told(tmp_path):
    (tmp_path / "ids.txt").write_text("a\nb\na\nc\nb\n")
    path = str(tmp_path / "ids.txt")
    words = f"{path}: 2 rows have identifiers that stood before, first row 2 those of row 0"
    assert read(_gains(tmp_path), ids_file=path).notes[-1] == words
    (tmp_path / "ids.csv").write_text("id,part\na,1\nb,1\na,2\nc,1\nb,2\n")
    assert words not in read(_gains(tmp_path), ids_file=str(tmp_path / "ids.csv")).notes
    (tmp_path / "own.csv").write_text("gain,name\n1,a\n1,a\n")
    assert read(str(tmp_path / "own.csv"), ids=["name"]).notes[-1].endswith("row 1 those of row 0")


def test_two_columns_of_one_name_are_refused(tmp_path):
    (tmp_path / "own.csv").write_text("gain,id\n1,a\n1,b\n")
    (tmp_path / "ids.csv").write_text("id\nc\nd\n")
    with pytest.raises(InputError, match=r"ids.csv: column 'id' is in .*own.csv too; rename one"):
        read(str(tmp_path / "own.csv"), ids_file=str(tmp_path / "ids.csv"))


MANY = "image_id,gain,split,width,gains\nim0,0.5,train,80,1\nim1,0.25,test,90,2\n"


@pytest.mark.parametrize(
    ("text", "options", "gains", "what"),
    [
        (
            MANY,
            {},
            [0.5, 0.25],
            "column gain -> gains; column image_id kept as id; not read: split, width, gains",
        ),
        (
            MANY,
            {"gain_column": "Width", "ids": ["split"]},
            [80, 90],
            "column width -> gains; columns split, image_id kept as ids; not read: gain, gains",
        ),
        (
            MANY,
            {"harm_column": "width"},
            [0.5, 0.25],
            "column gain -> gains; harms from column width; column image_id kept as id; "
            "not read: split, gains",
        ),
        ("a,b\n0.5,0.5\n0.25,0.75\n", {}, [1, 0.5], "2 class probabilities (a, b) -> margin gains"),
        (
            "a,b\n0.5,0.5\n0.25,0.75\n",
            {"gain_column": "b"},
            [0.5, 0.75],
            "column b -> gains; not read: a",
        ),
        ("score\n3\n4\n", {}, [3, 4], "column score -> gains"),
        (
            "id,p\n7,0.5\n8,0.25\n",
            {"kind": "probabilities"},
            [1, 0.5],
            "1 class probability (p) -> margin gains; column id kept as id",
        ),
    ],
)
def test_what_was_read_is_told_of_every_column(text, options, gains, what, tmp_path):
    (tmp_path / "own.csv").write_text(text)
    found = read(str(tmp_path / "own.csv"), **options)
    assert found.gains.tolist() == gains
    assert found.what == what


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (MANY, {"gain_column": "price"}, "no column 'price'; has image_id, gain, split, width"),
        ("gain,gain\n1,2\n", {"gain_column": "gain"}, "two columns have the name 'gain': rename"),
        ("A,a\n1,2\n", {"ids": ["A "]}, "'A' or 'a'? --id needs the name as it is written"),
        (MANY, {"ids": ["nope"]}, "--id: no column 'nope'; has"),
        (MANY, {"harm_column": "nope"}, "--harm: no column 'nope'; has"),
        (MANY, {"ids": ["split", "Split"]}, "--id 'split' is given twice"),
        (
            "gain,a,b\nhigh,0.5,0.5\nlow,0.5,0.5\n",
            {"ids": ["gain"]},
            "--id 'gain': a column of that name holds gains; --kind probabilities reads the others",
        ),
        (MANY, {"gain": "entropy"}, "column 'gain' holds gains, and --gain entropy makes them of"),
        (MANY, {"gain": "entropy", "gain_column": "width"}, "column 'width' holds gains, and"),
        ("p\n0.5\n", {"gain": "entropy"}, "column 'p' holds gains, and --gain entropy"),
        ("gain,gain\n1,2\n", {}, "which column, 'gain' or 'gain.1'? --gain-column NAME says"),
        ("a,b\n3,4\n", {"kind": "gains"}, "none is named 'gain': a, b; --gain-column NAME says"),
        ("a,b\n3,4\n", {}, "--gain-column NAME reads one column of gains"),
        ("a,b\n0.5,0.5\n", {"kind": "logits", "gain_column": "a"}, "'a' names gains, and logits"),
    ],
)
def test_a_wrong_column_is_one_line_with_the_way_on(text, options, words, tmp_path):
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / "own.csv"), **options)
    assert words in str(caught.value)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("cell", ["", " ", "NaN", "None"])
def test_a_column_that_is_asked_for_identifies_every_row(cell, large, tmp_path, monkeypatch):
    if large:
        monkeypatch.setattr(known_table, "LARGE", 2)
    (tmp_path / "own.csv").write_text(f"gain,code\n1,i0\n1,i1\n1,{cell}\n1,i3\n")
    words = "own.csv: row 2, column 'code': an identifier is missing"
    with pytest.raises(InputError, match=words):
        read(str(tmp_path / "own.csv"), ids=["code"]).ids_at(np.array([0, 2]))


@pytest.mark.parametrize("ids", [["i0", "i1", "", "i3"], ["5", "6", "", "8"]])
def test_a_column_named_as_identifiers_with_a_hole_says_where_it_is(ids, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("gain,image_id\n" + "".join(f"1,{x}\n" for x in ids))
    found = read(str(path))
    assert not found.ids
    assert "column 'image_id' is not read: row 2 has no identifier" in found.notes
    path.write_text("image_id,a,b\n" + "".join(f"{x},0.5,0.5\n" for x in ids))
    with pytest.raises(InputError, match="row 2, column 'image_id': an identifier is missing"):
        read(str(path))
    path.write_text("key,b\n0.5,0.5\n,0.25\n")  # a class of that name
    with pytest.raises(InputError, match="row 1, column 'key': a number is missing"):
        read(str(path))


def test_columns_named_by_a_proof_are_ids_where_they_are(tmp_path):
    (tmp_path / "own.csv").write_text("gain,code\n1,7\n2,8\n")
    found = files.read(str(tmp_path / "own.csv"), known_ids=["code", "elsewhere"])
    assert found.ids == {"code": ["7", "8"]}
