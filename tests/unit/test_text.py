"""Text into cells: as they are written, or refused with the option that settles it."""

import io
import re

import pytest

from radsim.data.text import Dialect, text_table

# Columns, or the words of the refusal.
CASES = {
    "gain\n1\n2\n": {"gain": ["1", "2"]},
    "\ufeffgain\n1\n": {"gain": ["1"]},
    '\ufeff"gain"\n1\n': {"gain": ["1"]},
    "gain\r\n1\r\n2\r\n": {"gain": ["1", "2"]},
    "gain\r1\r2\r": {"gain": ["1", "2"]},
    "\n\ngain\n1\n\n2\n": {"gain": ["1", "", "2"]},
    "gain\n1\n  \n2\n": {"gain": ["1", "", "2"]},
    "gain\n1\n\n  \n": {"gain": ["1"]},
    "a,b\r\r1,2\r": {"a": ["", "1"], "b": ["", "2"]},
    "  \ngain\n1\n": {"gain": ["1"]},
    "gain\n  1\n2  \n": {"gain": ["  1", "2  "]},
    "gain\n\t1\n": {"gain": ["\t1"]},
    " gain,b\n1,2\n": {" gain": ["1"], "b": ["2"]},
    '"gain"\n"1"\n': {"gain": ["1"]},
    'gain\n""\n1\n': {"gain": ["", "1"]},
    'gain\n1\n""\n': {"gain": ["1", ""]},
    "a,b\n,\n1,2\n": {"a": ["", "1"], "b": ["", "2"]},
    "a,b\n1\n2,3\n": "row 0 has 1 field, the header has 2: '1'",
    "a,b\n1,2\n3,4,5\n": "row 1 has 3 fields, the header has 2: '3,4,5'",
    "a\n1,2\n3,4\n": "row 0 has 2 fields, the header has 1: '1,2'; if a comma is the decimal",
    "gain\n1,000.5\n": "'1,000.5'; write numbers without separators of thousands",
    "a\n1,\n3,\n": "row 0 has 2 fields",
    "a,b\n1,2,3\n4,5\n": "row 0 has 3 fields",
    "a,b\n\n\n1,2\n3\n4,5,6\n": "row 3 has 1 field",
    "a,a,a.1\n1,2,3\n": {"a": ["1"], "a.2": ["2"], "a.1": ["3"]},
    "a,,\n1,2,3\n": {"a": ["1"], "Unnamed: 1": ["2"], "Unnamed: 2": ["3"]},
    ",a\n1,2\n": {"Unnamed: 0": ["1"], "a": ["2"]},
    '"a,b",c\n1,2\n': {"a,b": ["1"], "c": ["2"]},
    'gain\n"1\n2"\n3\n': {"gain": ["1\n2", "3"]},
    'gain\n"1\n2\n': "line 3: quotes: unexpected end of data",
    'gain\n1\n"2': "line 3: quotes",
    'gain\n"1"x\n': "quotes: ',' expected",
    'gain\n1"x"\n': {"gain": ['1"x"']},
    'gain\n"1""2"\n': {"gain": ['1"2']},
    "": "no line, and so no columns",
    "\n\n": "no line, and so no columns",
    "gain": {"gain": []},
    "gain\n": {"gain": []},
    "a,b\n": {"a": [], "b": []},
    "gain\n1\n#c\n": {"gain": ["1", "#c"]},
    "gain\nNA\n": {"gain": ["NA"]},
    "a\tb\n1\t2\n": {"a": ["1"], "b": ["2"]},
    "a;b\n1;2\n": {"a": ["1"], "b": ["2"]},
    "a|b\n1|2\n": {"a": ["1"], "b": ["2"]},
    "a  b\n1 2\n": {"a": ["1"], "b": ["2"]},
    "my gain\n0.5\n": {"my gain": ["0.5"]},
    "sep=;\na;b\n1;2\n": {"a": ["1"], "b": ["2"]},
    "# a,b\n1,2\n": {"a": ["1"], "b": ["2"]},
    "a;b\n0,5;1\n": {"a": ["0,5"], "b": ["1"]},
    "cat;dog\n0.5\n": "';' gives 'cat;dog' 2 columns, the next line 1; --sep says",
    "0,5;0,5\n0,2;0,8\n": "both ',' and ';' may separate the columns",
    "a, b\n1, 2\n": {"a": ["1"], " b": [" 2"]},
    "gain\n\x001\n": {"gain": ["\x001"]},
    'gain\n"  "\n1\n': {"gain": ["", "1"]},
    'a,b\n1,2\n"",""\n': {"a": ["1", ""], "b": ["2", ""]},
    "gain\n1\n   2 3\n": {"gain": ["1", "   2 3"]},
    "0.92\n0.85\n": {"0": ["0.92", "0.85"]},
    "\n\n0.5\n": {"0": ["", "", "0.5"]},
    "5\n3\n": {"0": ["5", "3"]},
    "5e-1 5e-1\n1 0\n": {"0": ["5e-1", "1"], "1": ["5e-1", "0"]},
    "nan\n0.5\n": {"0": ["nan", "0.5"]},
    "-0.5\n0.5\n": {"0": ["-0.5", "0.5"]},
    "0,92;1\n": "both ',' and ';' may separate",
    '""\n0.5\n': "--header or --no-header says which",
    "NA,0.5\n0.5,0.5\n": {"0": ["NA", "0.5"], "1": ["0.5", "0.5"]},
    "a17,0.5,0.5\n": "the first line may hold names or numbers: 'a17,0.5,0.5'; --header or",
    "a17,2\n": "--header or --no-header",
    "0,1,2\n1,0,0\n": {"0": ["1"], "1": ["0"], "2": ["0"]},
    "1,2,3\n1,0,0\n": {"1": ["1"], "2": ["0"], "3": ["0"]},
    ",0,1\n0,1,0\n": {"Unnamed: 0": ["0"], "0": ["1"], "1": ["0"]},
    "id,0,1,2\n7,1,0,0\n": {"id": ["7"], "0": ["1"], "1": ["0"], "2": ["0"]},
    "0,1\n0.9,0.1\n": "--header or --no-header",
    "0,1\n0.912345678,0.087654322\n": "--header or --no-header",
    "1\n0.5\n0.25\n": "the first line may hold names or numbers: '1'; --header or --no-header",
    "id,0,1\n7,1,0\n": {"id": ["7"], "0": ["1"], "1": ["0"]},
    "gain,2019\n7,1\n": {"gain": ["7"], "2019": ["1"]},
    "1,0\n0,1\n": "--header or --no-header",
    "5,0\n0,1\n": "'5,0' may be one number or two; --decimal , or --sep , says which",
}


def _table(text, dialect=None):
    return text_table(io.StringIO(text, newline="").read(), dialect)


@pytest.mark.parametrize("text", CASES)
def test_text_is_read_as_it_is_written_or_refused(text):
    expected = CASES[text]
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=re.escape(expected)):
            _table(text)
    else:
        found = _table(text).columns
        assert found == expected
        assert list(found) == list(expected)


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("gain\n0,92\n0,85\n", Dialect(decimal=","), {"gain": ["0,92", "0,85"]}),
        ("0,92\n0,85\n", Dialect(decimal=","), {"0": ["0,92", "0,85"]}),
        ("0,5;0,5\n", Dialect(decimal=","), {"0": ["0,5"], "1": ["0,5"]}),
        ('"0,5","0,5"\n', Dialect(",", ","), {"0": ["0,5"], "1": ["0,5"]}),
        ("gain\n1,000.5\n", Dialect(";"), {"gain": ["1,000.5"]}),
        ("1\n0.5\n", Dialect(header=False), {"0": ["1", "0.5"]}),
        ("1\n0.5\n", Dialect(header=True), {"1": ["0.5"]}),
        ("1,0\n0,1\n", Dialect(",", header=False), {"0": ["1", "0"], "1": ["0", "1"]}),
        ("1,0\n0,1\n", Dialect(decimal=","), {"0": ["1,0", "0,1"]}),
        ("1,0\n0,1\n", Dialect(header=False), "'1,0' may be one number or two; --decimal"),
        ("0.5\n0.25\n", Dialect(header=True), {"0.5": ["0.25"]}),
    ],
)
def test_options_settle_what_could_be_two_things(text, dialect, expected):
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=expected):
            _table(text, dialect)
    else:
        assert _table(text, dialect).columns == expected


@pytest.mark.parametrize("sep", ["ab", "e", "5", ".", "-", '"', "\n"])
def test_no_part_of_a_number_separates(sep):
    with pytest.raises(ValueError, match=r"--sep .* must be one character"):
        Dialect(sep)
    with pytest.raises(ValueError, match="--decimal ';' must be one of"):
        Dialect(decimal=";")


def test_a_cell_may_be_longer_than_the_limit_of_the_csv_module():
    long = "x" * 200_000
    assert _table(f"gain,text\n1,{long}\n").columns == {"gain": ["1"], "text": [long]}
