"""What the report reads of a folder that somebody else made, and what it leaves out."""

import base64
import io
import os
import shlex
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import call

from radsim.pages import folder as module
from radsim.pages import read_run, report_page, tables
from radsim.pages.failures import command
from radsim.pages.pictures import checked_picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


@pytest.fixture
def folder(tmp_path):
    """A folder with one good table and, beside it, a secret."""
    (tmp_path / "secret.txt").write_text("secret words")
    place = tmp_path / "run"
    place.mkdir()
    (place / "mine.csv").write_text("claim,status\nmine,HOLDS\n")
    return place


def test_links_and_what_is_no_file_are_left_out_and_named(folder):
    (folder / "secret.md").symlink_to("../secret.txt")
    (folder / "passwd.svg").symlink_to("/etc/passwd")
    (folder / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.md")
    (folder / "place.md").mkdir()
    (folder / "gone.md").symlink_to("nothing.md")
    (folder / "inside.md").symlink_to("real.md")
    (folder / "real.md").write_text("*well*")
    run = read_run(folder)
    text = report_page(run)
    assert "secret words" not in text and "root:x" not in text
    assert [name for name, _ in run.notes] == ["inside.md", "real.md"]
    assert set(run.left_out) == {
        "secret.md: a link out of the folder",
        "passwd.svg: a link out of the folder",
        "zero.png: a link out of the folder",
        "pipe.md: no regular file",
        "place.md: no regular file",
        "gone.md: No such file or directory",
    }
    assert all(line in text for line in run.left_out)
    assert run.verdict == "Nothing failed in what is shown"
    assert 'class="verdict unsure"' in text


@pytest.mark.parametrize("name", ["verdicts.csv", "results.parquet", "failed-3.json"])
@pytest.mark.parametrize("what", ["pipe", "link", "zero", "folder"])
def test_what_a_run_writes_is_not_left_out_but_failed(name, what, folder):
    if what == "pipe":
        os.mkfifo(folder / name)
    elif what == "folder":
        (folder / name).mkdir()
    else:
        (folder / name).symlink_to("/dev/zero" if what == "zero" else "../secret.txt")
    run = read_run(folder)
    assert any(f"{name} cannot be read: " in failure.title for failure in run.failures)


@pytest.mark.parametrize("name", ["manifest.json", "versions.json"])
@pytest.mark.parametrize("target", ["/dev/zero", "../secret.txt"])
def test_documents_are_no_links_out(name, target, folder):
    (folder / name).symlink_to(target)
    found = call("report", folder)
    assert found.exit_code == 2
    assert "a link out of the folder" in found.stderr


def test_parts_are_no_link_out(folder, tmp_path):
    parts = tmp_path / "parts"
    parts.mkdir()
    pd.DataFrame({"cell": [0], "secret": ["words"]}).to_parquet(parts / "000000.parquet")
    (folder / "parts").symlink_to(parts)
    run = read_run(folder)
    assert run.left_out == ("parts: a link out of the folder",)
    assert [table.source for table in run.tables] == ["mine.csv"]


def test_sizes_are_limited_and_named(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_NOTE", 10)
    monkeypatch.setattr(module, "MOST_PICTURE", 10)
    monkeypatch.setattr(tables, "MOST_TABLE", 100)
    (folder / "long.md").write_text("x" * 11)
    (folder / "long.svg").write_text(SVG.format(""))
    (folder / "long.csv").write_text("a\n" + "1\n" * 100)
    run = read_run(folder)
    assert set(run.left_out) == {"long.md: more than 10 bytes", "long.svg: more than 10 bytes"}
    assert [x.title for x in run.failures] == ["long.csv cannot be read: more than 100 bytes"]


def test_a_sparse_file_of_ten_gigabytes_is_not_read(folder):
    for name in ("huge.csv", "huge.parquet", "huge.md", "huge.json"):
        with (folder / name).open("wb") as file:
            file.truncate(10**10)
    run = read_run(folder)
    assert len(run.failures) + len(run.left_out) == 4
    assert all("more than" in words for words in run.left_out)


def test_a_folder_of_very_many_files_is_not_read_whole(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 3)
    for k in range(5):
        (folder / f"n{k}.md").write_text("x")
    assert read_run(folder).left_out == ("3 files more than the 3 that a page is made of",)


def test_a_small_file_that_unpacks_to_very_much_is_refused(folder):
    rows = pa.table({"x": pa.array(np.zeros(2_000_000))})
    pq.write_table(rows, folder / "rows.parquet")
    text = pa.table({"x": pa.array(["x" * 300_000_000])})
    pq.write_table(text, folder / "text.parquet", compression="zstd")
    # A long text in each of very many rows, once in the file: it is kept once in memory too.
    places = pa.array(np.zeros(100_000, dtype=np.int32))
    same = pa.DictionaryArray.from_arrays(places, ["y" * 100_000])
    pq.write_table(pa.table({"x": same}), folder / "same.parquet", store_schema=False)
    assert pa.types.is_string(pq.read_schema(folder / "same.parquet").field("x").type)
    assert (folder / "text.parquet").stat().st_size < 10**6
    titles = [failure.title for failure in read_run(folder).failures]
    assert titles == [
        "rows.parquet cannot be read: more than 1,000,000 rows",
        "text.parquet cannot be read: unpacks to more than 256 MiB",
    ]


@pytest.mark.parametrize(
    "text, words",
    [
        ("a,b\n1\n", "row 1 has 1 cells, not 2"),
        ("a,b\n1,2,3\n", "row 1 has 3 cells, not 2"),
        ("a,a\n1,2\n", "column 'a' stands twice"),
        ('a\n"x\n', "no CSV"),
        (",".join(map(str, range(600))) + "\n", "more than 500 columns"),
    ],
)
def test_a_csv_that_is_none_is_said(text, words, folder):
    (folder / "a.csv").write_text(text)
    (failure,) = read_run(folder).failures
    assert failure.title.startswith(f"a.csv cannot be read: {words}")


def test_nested_and_odd_columns_are_said(folder):
    pq.write_table(pa.table({"x": [[1], [2]]}), folder / "a.parquet")
    (failure,) = read_run(folder).failures
    assert failure.title == "a.parquet cannot be read: column 'x' is nested"


# --- Pictures and notes ---


def _png(width=1, height=1):
    def chunk(name, body):
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


def test_pictures_that_are_none_are_left_out(folder):
    good = _png()
    assert checked_picture(good, ".png") == good
    (folder / "good.png").write_bytes(good)
    (folder / "text.png").write_text("<script>alert(1)</script>")
    (folder / "cut.png").write_bytes(good[:-5])
    (folder / "flipped.png").write_bytes(good.replace(b"IDAT", b"IDAU"))
    (folder / "huge.png").write_bytes(_png(10**6, 10**6))
    (folder / "good.svg").write_text(SVG.format("<script>alert(1)</script>"))
    (folder / "html.svg").write_text("<html><script>alert(1)</script></html>")
    (folder / "entity.svg").write_text('<!DOCTYPE a [<!ENTITY b "c">]>' + SVG.format("&b;"))
    (folder / "other.svg").write_text("no picture")
    run = read_run(folder)
    assert [figure.name for figure in run.figures] == ["good"]
    assert {words.partition(":")[0] for words in run.left_out} == {
        "text.png",
        "cut.png",
        "flipped.png",
        "huge.png",
        "html.svg",
        "entity.svg",
        "other.svg",
    }
    text = report_page(run)
    # Of a picture nothing is in the page but the text of an image's address.
    assert "alert(1)" not in text
    assert base64.b64encode(SVG.format("<script>alert(1)</script>").encode()).decode() in text


@pytest.mark.parametrize(
    "note",
    [
        "[a](javascript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,alert(1))",
        "[a](vbscript:alert(1))",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a](http://evil.example/x.png)",
        "![a](//evil.example/x.png)",
        '![a" onerror="alert(1)](x.png)',
        '[a](http://a.example "x\\" onclick=alert(1)")',
        '```"onclick=alert(1)\nx\n```',
        "[a](file:///etc/passwd)",
    ],
)
def test_notes_bring_nothing_alive_into_the_page(note, folder):
    import html.parser

    (folder / "a.md").write_text(note)
    found = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    reader = Reader()
    text = report_page(read_run(folder))
    reader.feed(text)
    scripts = [attributes.get("type") for tag, attributes in found if tag == "script"]
    assert scripts == ["application/json", None]  # the explorer as text, and the page's own
    for tag, attributes in found:
        assert not [name for name in attributes if name.startswith("on")]
        if tag == "img":
            assert attributes["src"].startswith("data:")
        if tag == "a":
            assert attributes.get("href", "#").startswith(("http://", "https://", "#"))


def test_names_and_cells_show_what_cannot_be_seen(tmp_path):
    place = tmp_path / os.fsdecode(b"run\xff\n<b>\xe2\x80\xae")
    place.mkdir()
    (place / os.fsdecode(b"a\xff\xe2\x80\x8b.csv")).write_text("status\nHOLDS\n")
    found = call("report", place, "--out", tmp_path / "page.html")
    assert found.exit_code == 0, found.output
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>" not in text
    assert r"\u202e" in text and r"\udcff" in text and r"\u200b" in text


# --- Commands to copy ---


@pytest.mark.parametrize(
    "name", ["-rf", "--out", "a b", "$(touch X)", "a;touch X", "a'b", 'a"b', "`touch X`", "*", "é"]
)
def test_a_command_is_one_that_a_shell_reads_as_it_was_meant(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / name
    place.mkdir()
    game = (
        '{"name": "a", "gains": [1.0], "harms": [1.0], "mistakes": 0.0, "budget": 1.0, '
        '"capped": true, "abstain": true, "index": 3}'
    )
    (place / "failed-3.json").write_text(game)
    (failure,) = read_run(Path(name)).failures
    words = shlex.split(failure.command)
    assert words[:3] == ["radsim", "verify", "--replay"] and len(words) == 4
    assert not words[3].startswith("-")
    assert os.path.samefile(words[3], place / "failed-3.json")
    assert call(*words[1:]).exit_code == 0


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "a\u202eb", os.fsdecode(b"a\xff")])
def test_a_command_that_cannot_be_shown_as_it_is_is_not_offered(name):
    assert command("radsim", "report", Path(name)) == ""


def test_no_command_is_made_of_what_a_table_says(folder):
    (folder / "manifest.json").write_text('{"seed": 1, "instances": 2}')
    (folder / "verdicts.csv").write_text(
        "instance,family,claim,witness,status,worst,bound,lower,upper,slack\n"
        '"0; touch X",a,V1,linprog,VIOLATED,w,1,0,0,-1\n'
        "7,a,V1,linprog,VIOLATED,w,1,0,0,-1\n"
        "1,a,V1,linprog,VIOLATED,w,1,0,0,-1\n"
    )
    found = [x for x in read_run(folder).failures if "is violated" in x.title]
    assert [x.command for x in found] == ["", "", "radsim verify --instances 2 --seed 1"]


def test_an_unfinished_sweep_names_its_damaged_part(folder):
    (folder / "parts").mkdir()
    rows = pd.DataFrame({"cell": [0], "x": [1.0], "status": ["HOLDS"]})
    rows.to_parquet(folder / "parts" / "000000.parquet")
    content = io.BytesIO()
    rows.assign(cell=1).to_parquet(content)
    (folder / "parts" / "000001.parquet").write_bytes(content.getvalue()[:60])
    (folder / "manifest.json").write_text('{"seed": 1, "cells": [{}, {}, {}]}')
    run = read_run(folder)
    assert run.facts["cells"] == "1 of 3 so far"
    assert any("000001.parquet cannot be read" in failure.title for failure in run.failures)
    (folder / "parts" / "000001.parquet").unlink()
    assert read_run(folder).verdict == "Nothing failed in what is shown"


def test_all_that_a_page_holds_is_limited_in_sum(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 5)
    monkeypatch.setattr(module, "MOST_SHOWN", 2**20)
    for k in range(3):
        (folder / f"t{k}.csv").write_text("a,b\n1,2\n")
        (folder / f"n{k}.md").write_text("x" * 600_000)
    run = read_run(folder)
    assert [x.title for x in run.failures] == [
        f"t{k}.csv cannot be read: tables of more than 5 cells in all" for k in (1, 2)
    ]
    words = "pictures and notes of more than 1 MiB in all"
    assert run.left_out == (f"n1.md: {words}", f"n2.md: {words}")
