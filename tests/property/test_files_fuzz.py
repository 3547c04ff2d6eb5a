"""Files of any format, with any fault: a right answer or one line of refusal, and nothing else.

Each file is written from cells that are known; what is read from it is compared with these cells,
by `float` and by the definition of the gain.  `RADSIM_FILES=20000 pytest tests/property/
test_files_fuzz.py -s` reads so many, and prints counts by format, fault and outcome.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radsim.data.files import InputError, read
from radsim.data.text import Dialect
from radsim.distillation.files import read_table

SIZE = int(os.environ.get("RADSIM_FILES", "300"))
COUNTS = Counter()

WRITTEN = (repr, "{:.4f}".format, "{:.6g}".format, "{:.18e}".format, "{:g}".format)
SEPARATORS = (",", ";", "\t", "|", " ")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1")
PACKERS = {
    "": lambda content: content,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zip": lambda content: _zipped(content),
}
FAULTS = (
    *("none",) * 8,
    *("blank line", "long row", "short row", "missing", "word", "thousands", "comma", "negative"),
    *("nan", "infinite", "huge", "date", "cut", "flipped byte", "off by a tenth", "underscore"),
)
BINARY = (".npy", ".npz", ".parquet", ".feather", ".jsonl")
NAMES = ("gain", "Gain", " gain ", "gains", "score", "p", "größe", "a,b")
CLASSES = (["cat", "dog", "fox", "owl"], ["0", "1", "2", "3"], ["p_1", "p_2", "p_3", "p_4"])


def _zipped(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inside", content)
    return stream.getvalue()


@dataclass
class File:
    """What is to be written: cells by column, which of them hold gains or probabilities."""

    names: list
    rows: list  # of texts
    used: list  # places of the columns of gains or probabilities
    kind: str


values = st.one_of(
    st.floats(0, 1),
    st.integers(0, 3).map(float),
    st.floats(0, 1e308, allow_subnormal=True),
    st.sampled_from([0.0, 1.0, 0.5, 5e-324, 1e-300, 0.1, 1000.5, 1234567.0]),
)


@st.composite
def contents(draw):
    """Cells of gains or of class probabilities, among other columns."""
    n = draw(st.integers(1, 6))
    write = draw(st.sampled_from(WRITTEN))
    kind = draw(st.sampled_from(["gains", "probabilities"]))
    if kind == "gains":
        columns = {draw(st.sampled_from(NAMES)): [write(draw(values)) for _ in range(n)]}
        more = draw(st.lists(st.sampled_from(list(OTHERS)), max_size=2, unique=True))
        if next(iter(columns)) in ("score", "p", "größe", "a,b"):
            more = [name for name in more if name in ("id", "image_id", "")]
    else:
        names = draw(st.sampled_from(CLASSES))[: draw(st.integers(2, 4))]
        rows = []
        for _ in range(n):
            x = np.array([draw(st.floats(0, 1)) for _ in names]) + 1e-9
            rows.append([write(y) for y in (x / x.sum()).tolist()])
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        more = draw(st.lists(st.sampled_from(["id", "image_id", ""]), max_size=1))
    used = list(columns)
    columns = {name: OTHERS[name](draw, n) for name in more} | columns
    if draw(st.booleans()) and "" not in columns:
        columns = dict(reversed(columns.items()))
    names = list(columns)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return File(names, rows, [names.index(name) for name in used], kind)


OTHERS = {
    "id": lambda draw, n: [f"{draw(st.integers(0, 900))}" for _ in range(n)],
    "image_id": lambda draw, n: [f"img{draw(st.integers(0, 9))}" for _ in range(n)],
    "": lambda draw, n: [str(k) for k in range(n)],
    "cost": lambda draw, n: [repr(draw(values)) for _ in range(n)],
    "when": lambda draw, n: ["2026-11-26"] * n,
    "text": lambda draw, n: [draw(st.sampled_from(["a;b", "x, y", 'say "no"', "é"]))] * n,
}


def _faulty(draw, file, fault, decimal, sep):
    """The same file with one cell or row spoilt."""
    i = draw(st.integers(0, len(file.rows) - 1))
    k = draw(st.sampled_from(file.used))
    row = file.rows[i]
    replaced = {
        "missing": "",
        "word": draw(st.sampled_from(["x", "n/a", "-", "1 2", "0x10", "１", "1%", "1e", "None"])),
        "thousands": "1,000.5" if decimal == "." else "1.000,5",
        "comma": "0,5" if decimal == "." else "0.5",
        "negative": "-0.25",
        "nan": "nan",
        "infinite": "-inf" if draw(st.booleans()) else "Infinity",
        "huge": "1e999",
        "date": "2026-11-26",
        "underscore": "1_000",
    }
    if fault in replaced:
        row[k] = replaced[fault]
    elif fault == "blank line":
        file.rows.insert(i, [])
    elif fault == "long row":
        # A blank at the end of a line that blanks separate is no field.
        row.append(draw(st.sampled_from(["0.5", "x"] + [""] * (sep != " "))))
    elif fault == "short row" and len(row) > 1:
        row.pop()
    elif fault == "off by a tenth" and file.kind == "probabilities":
        row[k] = repr(float(row[k]) + 0.1)


def _text(draw, file, sep, header, bare):
    """The file as text; `bare`: without the quotes that would protect a fault."""
    stream = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(stream, delimiter=sep, lineterminator=end, quoting=quoting)
    if header:
        writer.writerow(file.names)
    for row in file.rows:
        if not row:
            stream.write(end)
        elif bare:
            stream.write(sep.join(row) + end)
        else:
            writer.writerow(row)
    return stream.getvalue()


def _binary(file, suffix, kind):
    """The file in a format of numbers and types; a text stays a text."""
    columns = {}
    for name, cells in zip(file.names, zip(*file.rows, strict=True), strict=True):
        floats = [_float(cell) for cell in cells]
        if all(x is not None for x in floats):
            with np.errstate(over="ignore"):
                columns[name or "__index_level_0__"] = np.array(floats).astype(kind)
        else:
            columns[name or "__index_level_0__"] = list(cells)
    stream = io.BytesIO()
    if suffix == ".jsonl":
        rows = zip(*(list(x) for x in columns.values()), strict=True)
        lines = []
        for row in rows:
            plain = [float(x) if isinstance(x, np.floating) else x for x in row]
            lines.append(json.dumps(dict(zip(columns, plain, strict=True))))
        return "\n".join(lines).encode(), columns
    if suffix in (".parquet", ".feather"):
        getattr(pd.DataFrame(columns), f"to_{suffix[1:]}")(stream)
    elif suffix == ".npz":
        np.savez(stream, **{name: np.array(x) for name, x in columns.items()})
    else:
        np.save(
            stream, pd.DataFrame(columns).to_records(index=False, column_dtypes=_types(columns))
        )
    return stream.getvalue(), columns


def _types(columns):
    return {name: "U20" for name, x in columns.items() if isinstance(x, list)}


def _float(cell, decimal="."):
    """A number as Python reads it; the reader's own code is not asked."""
    if decimal == ",":
        cell = "x" if "." in cell else cell.replace(",", ".")
    try:
        return float(cell) if cell.isascii() and "_" not in cell else None
    except ValueError:
        return None


def _margins(rows):
    found = []
    for row in rows:
        top = sorted(row)[-2:]
        found.append((1 - (top[1] - top[0]), 1 - (top[1] - top[0]) / sum(row)))
    return found


def _right(found, table, kind):
    """Whether gains are those of a table of floats, None where a cell is none."""
    if any(x is None or not np.isfinite(x) for row in table for x in row):
        return False
    if len(table) != len(found):
        return False
    if kind == "gains":
        return found == [row[0] + 0.0 for row in table]
    if any(x < -0.05 or x > 1.05 for row in table for x in row):
        return False
    if any(abs(sum(row) - 1) > 0.0500001 for row in table):
        return False
    return all(
        min(abs(x - a), abs(x - b)) < 1e-9 for x, (a, b) in zip(found, _margins(table), strict=True)
    )


def test_the_comparison_notices_what_is_wrong():
    assert _right([0.5, 0.25], [[0.5], [0.25]], "gains")
    for wrong in ([0.25, 0.5], [0.25], [0.5, 0.25, 0.25], [0.5, 0.25 + 2**-54]):
        assert not _right(wrong, [[0.5], [0.25]], "gains"), wrong
    assert not _right([0.5], [[None]], "gains")
    assert _right([0.5], [[0.25, 0.75]], "probabilities")
    assert not _right([0.5], [[0.75, 0.75]], "probabilities")
    assert not _right([0.6], [[0.25, 0.75]], "probabilities")
    with pytest.raises(AssertionError):
        _holds([0.5], b"gain\n0.25\n", "", "utf-8", "gains", ".", True)


def _outcome(path, options):
    """Gains as a list, or the words of the refusal; anything else is a traceback."""
    try:
        return read(str(path), **options).gains.tolist()
    except InputError as error:
        words = str(error)
        assert len(words.splitlines()) == 1, words
        assert words.startswith(str(path)), words
        return words


def _labelled(path):
    try:
        return read_table(path)
    except ValueError as error:
        assert len(str(error).splitlines()) == 1, error
        return None


@pytest.fixture(scope="module", autouse=True)
def counts():
    yield
    print(f"\n{sum(COUNTS.values())} files")
    for (what, outcome), n in sorted(COUNTS.items()):
        print(f"{what:>28}  {outcome:8} {n}")


@settings(
    max_examples=SIZE,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_a_text_is_read_right_or_refused(data):
    draw = data.draw
    file = draw(contents())
    decimal = draw(st.sampled_from([".", ".", ","]))
    sep = draw(st.sampled_from(SEPARATORS))
    fault = draw(st.sampled_from(FAULTS))
    if sep == " " and ("" in file.names or fault in ("missing", "short row")):
        sep = "|"  # blanks enclose nothing that is empty, and may stand in a name
    # A word in the first line would be a name, and a single row has the length that it has.
    header = draw(st.booleans()) or fault in ("word", "long row", "short row")
    named = header and file.names != [str(k) for k in range(len(file.names))]
    if decimal == ",":
        file.rows = [
            [cell.replace(".", ",") if k in file.used else cell for k, cell in enumerate(row)]
            for row in file.rows
        ]
    if not header and file.kind == "gains" and len(file.names) > 1:
        header = True
    if fault == "off by a tenth" and decimal == ",":
        fault = "none"
    _faulty(draw, file, fault, decimal, sep)
    text = _text(draw, file, sep, header, fault in ("comma", "thousands"))
    encoding = draw(st.sampled_from(ENCODINGS))
    content = text.encode(encoding, errors="replace")
    packed = draw(st.sampled_from(["", "", "", *PACKERS]))
    content = PACKERS[packed](content)
    if fault == "cut":
        content = content[: draw(st.integers(0, len(content)))]
    elif fault == "flipped byte" and content:
        at = draw(st.integers(0, len(content) - 1))
        content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
    options = {}
    told = draw(st.booleans())
    if told:
        options["dialect"] = Dialect(sep, decimal, header)
        if not header:
            others = set(range(len(file.names))) - set(file.used)
            options["ids"] = sorted(map(str, others))
    if draw(st.booleans()) or not named:
        options["kind"] = file.kind
    name = ("a.tsv" if sep == "\t" else "a.csv") + packed
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, name)
        path.write_bytes(content)
        found = _outcome(path, options)
        _labelled(path)
    accepted = isinstance(found, list)
    COUNTS["text, " + fault, "read" if accepted else "refused"] += 1
    if not accepted:
        # What is right, and told to the end, is not refused.
        if told and fault == "none" and encoding != "latin-1" and "kind" in options:
            assert file.kind == "probabilities" and "sum to" in found, (text, options, found)
        return
    if fault in ("cut", "flipped byte"):
        _holds(found, content, packed, encoding, file.kind, decimal, header)
        return
    mark = decimal if told else "."
    table = [[_float(row[k], mark) for k in file.used] if row else [None] for row in file.rows]
    assert all(len(row) == len(file.names) for row in file.rows), (text, found)
    assert _right(found, table, file.kind), (text, options, found)


def _holds(found, content, packed, encoding, kind, decimal, header):
    """A file that was cut or hit: no more rows than lines, and no gain that no line holds."""
    if packed:
        return  # who unpacks it, checks it
    text = content.decode("utf-16" if encoding == "utf-16" else encoding, errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(found) in (len(lines), len(lines) - 1), (text, found)
    if kind == "gains":
        cells = "".join(" " if c in ',;\t| "\r\n' and c != decimal else c for c in text).split()
        numbers = {_float(cell.strip("\ufeff"), decimal) for cell in cells}
        assert set(found) <= numbers, (text, found)


@settings(
    max_examples=max(20, SIZE // 4),
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_a_file_of_types_is_read_right_or_refused(data):
    draw = data.draw
    file = draw(contents())
    suffix = draw(st.sampled_from(BINARY))
    fault = draw(st.sampled_from([x for x in FAULTS if x not in ("blank line", "long row")]))
    fault = "none" if fault == "short row" else fault
    _faulty(draw, file, fault, ".", ",")
    kind = draw(st.sampled_from(["f8", "f8", "f4", "f2"]))
    content, columns = _binary(file, suffix, kind)
    content = content if fault != "cut" else content[: draw(st.integers(0, len(content)))]
    if fault == "flipped byte":
        at = draw(st.integers(0, len(content) - 1))
        content = content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, f"a{suffix}")
        path.write_bytes(content)
        found = _outcome(path, {"kind": file.kind})
        _labelled(path)
    accepted = isinstance(found, list)
    COUNTS[f"{suffix}, {fault}", "read" if accepted else "refused"] += 1
    if accepted and fault not in ("cut", "flipped byte"):
        used = [columns[file.names[k]] for k in file.used]
        table = [[_held(x) for x in row] for row in zip(*used, strict=True)]
        assert _right(found, table, file.kind), (columns, found)


def _held(cell):
    return _float(cell) if isinstance(cell, str) else float(cell)
