"""`verify --readme` makes the block between two markers anew, and touches nothing else."""

import os

import pytest
from commands import call

from radsim.runs import verify

BEGIN, END = b"<!-- evidence:begin -->", b"<!-- evidence:end -->"
VERIFY = ["verify", "--instances", 0, "--jobs", 1, "--readme"]
REAL = verify.RealCheck(9, 2, 3, 0.8, 0.9, 1.0, 1.5, -1.0, 2.0, 0.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """The digits are not solved here; the working directory is one of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verify, "real_check", lambda seed: REAL)
    return tmp_path


def written(content):
    with open("README.md", "wb") as file:
        file.write(content)
    return content


def read(name="README.md"):
    with open(name, "rb") as file:
        return file.read()


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "needs the lines"),
        (b"nothing", "needs the lines"),
        (BEGIN, "needs the lines"),
        (END + b"\n" + BEGIN, "needs the lines"),
        (BEGIN + BEGIN + END, "has the line <!-- evidence:begin --> more than once"),
        (BEGIN + END + b"\n" + BEGIN + END, "more than once"),
        (BEGIN + END + END, "has the line <!-- evidence:end --> more than once"),
        ((BEGIN + END).decode().encode("utf-16"), "needs the lines"),
        (BEGIN.upper() + END, "needs the lines"),
    ],
)
def test_a_file_without_the_two_markers_once_is_refused(content, words):
    written(content)
    found = call(*VERIFY, "README.md")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("radsim: --readme README.md: ") and words in found.stderr
    assert found.stderr.count("\n") == 1
    assert read() == content


@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
@pytest.mark.parametrize("around", [b"\xff\xfe\0binary", "é\u2028".encode(), b"\r lone", b""])
def test_all_around_the_block_is_kept_byte_by_byte(line, around):
    written(around + line + BEGIN + line + b"stale words" + line + END + line + around)
    assert call(*VERIFY, "README.md").exit_code == 0
    before, _, rest = read().partition(BEGIN)
    block, _, after = rest.partition(END)
    assert before == around + line and after == line + around
    assert b"stale words" not in block and b"0 random instances" in block
    assert block.count(b"\n") == block.count(line) > 2
    once = read()
    assert call(*VERIFY, "README.md").exit_code == 0
    assert read() == once


def test_a_link_stays_one_and_its_file_is_written(tmp_path):
    written(BEGIN + END)
    os.rename("README.md", "real.md")
    os.symlink("real.md", "README.md")
    assert call(*VERIFY, "README.md").exit_code == 0
    assert os.path.islink("README.md")
    assert b"0 random instances" in read("real.md")


@pytest.mark.parametrize("what", ["pipe", "folder", "device", "nothing", "dangling link"])
def test_what_is_no_file_is_refused_at_once(what):
    if what == "pipe":
        os.mkfifo("README.md")
    elif what == "folder":
        os.mkdir("README.md")
    elif what == "device":
        os.symlink("/dev/zero", "README.md")
    elif what == "dangling link":
        os.symlink("none.md", "README.md")
    found = call(*VERIFY, "README.md")
    assert found.exit_code == 2
    assert found.stderr.startswith("radsim: --readme README.md") and found.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any file")
def test_a_file_that_may_not_be_written_is_refused_before_the_work():
    content = written(BEGIN + END)
    os.chmod("README.md", 0o444)
    found = call(*VERIFY, "README.md")
    assert found.exit_code == 2
    assert read() == content


def test_what_was_changed_during_the_run_is_kept(monkeypatch):
    written(b"a" + BEGIN + END)

    def slow(seed):
        written(b"b" + BEGIN + END + b"c")
        return REAL

    monkeypatch.setattr(verify, "real_check", slow)
    assert call(*VERIFY, "README.md").exit_code == 0
    assert read().startswith(b"b" + BEGIN) and read().endswith(END + b"c")


@pytest.mark.parametrize("left", [b"no markers", None])
def test_markers_that_were_lost_during_the_run_are_said(left, monkeypatch):
    written(BEGIN + END)

    def slow(seed):
        os.remove("README.md")
        if left is not None:
            written(left)
        return REAL

    monkeypatch.setattr(verify, "real_check", slow)
    found = call(*VERIFY, "README.md")
    assert found.exit_code == 1
    assert "README.md" in found.stderr and found.stderr.count("\n") == 1
    assert "digits: n = 9" in found.stdout  # the work is shown
    assert os.path.exists("README.md") == (left is not None)
    assert left is None or read() == left


def test_a_refused_certificate_leaves_the_file_as_it_was(monkeypatch):
    content = written(BEGIN + b"old" + END)
    refused = verify.RealCheck(9, 2, 3, 0.8, 0.9, 1.0, 1.5, -1.0, 2.0, 0.0, accepted=False)
    monkeypatch.setattr(verify, "real_check", lambda seed: refused)
    assert call(*VERIFY, "README.md").exit_code == 1
    assert read() == content
