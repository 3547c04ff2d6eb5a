"""The one place where files are written: `tests/writers.py` says what it owes."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from house import modules
from writers import CHECKS

import radsim
from radsim.writing import SUFFIX, probe_file, probe_folder, same_file, write_whole


@pytest.mark.parametrize("check", CHECKS)
def test_the_writer_keeps_what_it_owes(check, tmp_path):
    CHECKS[check](write_whole, tmp_path)


@pytest.mark.parametrize("check", CHECKS)
def test_pieces_are_written_as_one(check, tmp_path):
    def write(path, content):
        write_whole(path, (content[k : k + 1_000] for k in range(0, len(content), 1_000)))

    CHECKS[check](write, tmp_path)


@pytest.mark.parametrize("error", [OSError(5, "broken", "other"), ValueError("bad"), MemoryError()])
def test_a_piece_that_cannot_be_made_leaves_what_was_there(error, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")

    def pieces():
        yield "new\n" * 100_000
        raise error

    with pytest.raises(type(error)) as found:
        write_whole(path, pieces())
    assert found.value is error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("old")

    def interrupt(*names):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["file", "pipe", "closed"])
def test_standard_output_is_not_replaced(place, tmp_path):
    code = (
        "from radsim.writing import write_whole\n"
        "print('before')\n"
        "write_whole('/dev/stdout', 'gain\\n')\n"
        "print('after')\n"
    )
    command = [sys.executable, "-c", code]
    target = tmp_path / "printed"
    with target.open("w") as file:
        found = subprocess.run(
            ["sh", "-c", '"$@" >&-', "sh", *command] if place == "closed" else command,
            stdout=file if place == "file" else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    if place == "closed":
        assert "No such file" in found.stderr or "Bad file" in found.stderr
    else:
        assert found.stderr == ""
        printed = target.read_text() if place == "file" else found.stdout
        assert printed == "before\ngain\nafter\n"
    assert os.listdir(tmp_path) == ["printed"]


def test_what_can_be_known_before_is_said_before(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "no" / "a.csv")
    there = sorted(tmp_path.iterdir())
    for path in ("file", "new.csv", "n" * 255):
        probe_file(tmp_path / path)
    for path in ("folder", "new", "new/deep/er", "."):
        probe_folder(tmp_path / path)
    probe_file("/dev/null")
    for path, error in (
        ("folder", IsADirectoryError),
        ("no/a.csv", FileNotFoundError),
        ("file/a.csv", NotADirectoryError),
        ("link", FileNotFoundError),
        ("n" * 256, OSError),
        ("/sys/a.csv", OSError),
    ):
        with pytest.raises(error) as caught:
            probe_file(tmp_path / path)
        assert caught.value.filename == str(tmp_path / path)
    for path in ("file", "file/deeper", "n" * 256, "/sys/runs", "/sys"):
        with pytest.raises(OSError, match="Errno") as caught:
            probe_folder(tmp_path / path)
        assert caught.value.filename == str(tmp_path / path)
    assert sorted(tmp_path.iterdir()) == there


def test_a_write_protected_file_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("old")
    # As for anybody but root.
    monkeypatch.setattr(os, "access", lambda place, right: not str(place).endswith("a.csv"))
    for call in (probe_file, lambda path: write_whole(path, "new")):
        with pytest.raises(PermissionError) as caught:
            call(path)
        assert caught.value.filename == str(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_one_file_under_many_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, other = Path("g.csv"), Path("other.csv")
    for file in (path, other):
        file.write_text("gain\n1\n")
    (tmp_path / "link.csv").symlink_to(path)
    os.link(path, "hard.csv")
    (tmp_path / "there").symlink_to(tmp_path)
    for name in ("g.csv", "./g.csv", "there/g.csv", "link.csv", "hard.csv", tmp_path / "g.csv"):
        assert same_file(path, name)
        assert not same_file(other, name)
    assert same_file("new.csv", "there/../" + tmp_path.name + "/new.csv")
    for name in ("/dev/null", "/dev/stdout", ".", "-"):
        assert not same_file(name, "g.csv")


def test_what_a_killed_run_left_is_ignored_by_git():
    ignored = Path(radsim.__file__).parents[1] / ".gitignore"
    assert f"*{SUFFIX}" in ignored.read_text().splitlines()


def opened(call):
    """Whether a call opens a file to write, or does so by another name."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    mode = next((x.value for x in call.args[-1:] if isinstance(x, ast.Constant)), "r")
    return name in ("write_text", "write_bytes", "mkstemp", "NamedTemporaryFile") or (
        name == "open" and set("wax+") & set(str(mode)) and mode != "/dev/null"
    )


def printed(call):
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in ("Console", "echo", "secho")


@pytest.mark.parametrize(
    ("seen", "home"), [(opened, "radsim.writing"), (printed, "radsim.cli.printing")]
)
def test_one_module_writes_and_one_prints(seen, home):
    found = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and seen(node)
    }
    assert found == {home}


@pytest.mark.parametrize(
    "text", ["open(x, 'w')", "Path(x).open('ab')", "Path(x).write_text('')", "Console()"]
)
def test_another_that_writes_or_prints_would_be_seen(text):
    call = ast.parse(text).body[0].value
    assert opened(call) or printed(call)
