"""Files of others are read safely, and documents hold what radsim writes or are refused."""

import json
import os

import pytest

from radsim.documents import Manifest, checked, read_manifest, read_versions
from radsim.reading import parsed, read_bytes, read_json, read_text

SWEEP = {"seed": 3, "cells": [{"shift": 0, "name": "a", "rate": 0.5, "on": True, "none": None}]}
VERIFICATION = {"seed": 0, "instances": 2, "claims": ["V1"]}

REFUSED = [
    ({**SWEEP, "seed": "0; touch X"}, "seed: must be a valid integer, not '0; touch X'"),
    ({**SWEEP, "seed": True}, "seed: must be a valid integer, not True"),
    ({**SWEEP, "seed": 1.0}, "seed: must be a valid integer, not 1.0"),
    ({**SWEEP, "seed": -1}, "seed: must be greater than or equal to 0, not -1"),
    ({**SWEEP, "more": 1}, "more: is not known"),
    ({**SWEEP, "cells": {}}, "cells: must be a valid list, not an object"),
    ({**SWEEP, "cells": [1]}, "cells.0: must be a valid dictionary, not 1"),
    ({**SWEEP, "cells": [{"a": [1]}]}, "cells.0.a: must be a number, text, true, false or null"),
    ({**SWEEP, "instances": 2}, "needs cells, as of a sweep, or instances, as of a verification"),
    ({"seed": 3}, "needs cells, as of a sweep, or instances, as of a verification"),
    ({"cells": []}, "seed: is missing"),
    ({**VERIFICATION, "claims": "V1"}, "claims: must be a valid list, not 'V1'"),
    ({**VERIFICATION, "instances": None}, "needs cells, as of a sweep, or instances"),
    ([], "must be a valid object, not a list"),
    (None, "must be a valid object, not None"),
]


@pytest.mark.parametrize("found", [SWEEP, VERIFICATION])
def test_what_radsim_writes_is_read(found, tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(found))
    again = read_manifest(tmp_path)
    assert {key: x for key, x in again if x is not None} == found


@pytest.mark.parametrize("found, words", REFUSED)
def test_what_radsim_does_not_write_is_refused(found, words, tmp_path):
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(found))
    with pytest.raises(ValueError) as error:
        read_manifest(tmp_path)
    assert str(error.value).startswith(f"{path}: {words}")
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError):
        checked(Manifest, found)


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"a": 1, "a": 1}', "the key 'a' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("9" * 5000, "a whole number of 5000 digits"),
        ("1" + "0" * 400, "a whole number of 401 digits"),
        ("1e999", "1e999 is too large for a number"),
        ("[NaN]", "NaN is no number of JSON"),
        ("[-Infinity]", "-Infinity is no number of JSON"),
        (r'["\ud800"]', "text with half a character"),
        ("{'a': 1}", "no JSON: "),
        ("", "no JSON: "),
    ],
)
def test_json_that_is_loose_is_refused_in_one_line(text, words, tmp_path):
    with pytest.raises(ValueError) as error:
        parsed(text)
    assert str(error.value).startswith(words)
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ValueError) as error:
        read_json(path)
    assert str(error.value).startswith(f"{path}: {words}")
    assert "\n" not in str(error.value)


def test_floats_are_read_as_they_were_written():
    for x in (0.1, 1e-320, 1.7976931348623157e308, -0.0, 1 / 3):
        assert parsed(json.dumps(x)).hex() == x.hex()


def test_only_regular_files_are_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "pipe", tmp_path / "folder", "/dev/zero"):
        with pytest.raises(ValueError, match="no regular file"):
            read_bytes(path)
    with pytest.raises(FileNotFoundError, match="none"):
        read_bytes(tmp_path / "none")


def test_a_link_may_not_lead_out_of_the_folder(tmp_path):
    place = tmp_path / "run"
    (place / "parts").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.md").write_text("secret")
    (place / "mine.md").write_text("mine")
    (place / "in.md").symlink_to("mine.md")
    (place / "link.md").symlink_to("../secret.md")
    (place / "chain.md").symlink_to("link.md")
    (place / "away").symlink_to(tmp_path / "out")
    (place / "loop.md").symlink_to("loop.md")
    assert read_text(place / "in.md", inside=place) == "mine"
    assert read_text(place / "link.md") == "secret"  # whoever names it, asks for it
    for name in ("link.md", "chain.md", "away/a.md", "parts/../../secret.md"):
        with pytest.raises(ValueError, match="a link out of the folder"):
            read_text(place / name, inside=place)
    with pytest.raises(OSError):
        read_text(place / "loop.md", inside=place)
    # A folder that is itself named by a link.
    (tmp_path / "other").symlink_to(place)
    assert read_text(tmp_path / "other" / "in.md", inside=tmp_path / "other") == "mine"


def test_a_file_may_be_as_large_as_is_stated(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(ValueError, match="more than 4 bytes"):
        read_bytes(path, 4)
    with path.open("wb") as file:
        file.truncate(17 * 2**20)
    with pytest.raises(ValueError, match="more than 16 MiB"):
        read_bytes(path, 16 * 2**20)


def test_a_file_is_utf_8(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"abc\xff")
    with pytest.raises(ValueError, match="no UTF-8 at byte 3"):
        read_text(path)


def test_versions_are_names_and_texts(tmp_path):
    assert read_versions(tmp_path) == []
    path = tmp_path / "versions.json"
    path.write_text('[{"numpy": "2.0"}]')
    assert read_versions(tmp_path) == [{"numpy": "2.0"}]
    path.write_text('[{"numpy": 2.0}]')
    with pytest.raises(ValueError, match=r"0\.numpy: must be a valid string, not 2\.0"):
        read_versions(tmp_path)
