"""What the commands write and print: every command against every fault of its outputs."""

import os
import re
import threading
from pathlib import Path

import numpy as np
import pytest
from commands import call, start
from writers import MUTANTS, full_disk, names

from radsim.cli import solve

GAINS = "gain\n0.9\n0.8\n0.5\n0.3\n"
README = "# Mine\r\n<!-- evidence:begin -->\r\nold\r\n<!-- evidence:end -->\r\nZürich\r\n"
SOLVE = ["solve", "g.csv", "--mistakes", 1, "--budget", 2]
DISTILL = ["distill", "--seeds", 1, "--strategies", "uniform"]
VERIFY = ["verify", "--instances", 4, "--claims", "V2", "--jobs", 1]
SIMULATE = ["simulate", "--instances", "uniform", "--teachers", "uniform", "--jobs", 1]
SIMULATE += ["--designs", "pivotal", "--draws", 20, "--repetitions", 5]

# Command -> what it leaves.
LEAVES = {
    "solve": (
        [*SOLVE, "--out", "p.csv", "--plot", "p.svg", "--proof", "new.json"],
        {"p.csv", "p.svg", "new.json"},
    ),
    "check": (["check", "p.json", "--gains", "g.csv"], set()),
    "explore": (["explore", "page.html"], {"page.html"}),
    "report": (["report", "done"], {"done/report.html"}),
    "distill": ([*DISTILL, "--out", "rows.csv"], {"rows.csv"}),
    "verify": (
        [*VERIFY, "--out", "run", "--readme", "README.md"],
        {f"run/{x}" for x in ("verdicts.csv", "evidence.md", "digits.png", "slack.svg")},
    ),
    "simulate": (
        [*SIMULATE, "--out", "run"],
        {f"run/{x}" for x in ("results.parquet", "tails.svg", "scorecard.csv", "coverage.csv")},
    ),
}
# These take seconds, and print as the others do.
SLOW = {"distill": ["closed"], "verify": ["closed", "full"], "simulate": ["closed"]}


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proof")
    (folder / "g.csv").write_text(GAINS)
    assert start([*SOLVE, "--proof", "p.json"], folder).returncode == 0
    return (folder / "p.json").read_text()


@pytest.fixture
def folder(tmp_path, monkeypatch, proof):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "g.csv").write_text(GAINS)
    (tmp_path / "p.json").write_text(proof)
    (tmp_path / "README.md").write_bytes(README.encode())
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "table.csv").write_text("x,y\n1,2\n")
    return tmp_path


def contents(folder):
    return {
        x.relative_to(folder).as_posix(): x.read_bytes() for x in folder.rglob("*.*") if x.is_file()
    }


# --- Standard output that takes no more ---


def closed(command, folder):
    """As `command | head -0`."""
    read, there = os.pipe()
    os.close(read)
    try:
        return start(command, folder, stdout=there)
    finally:
        os.close(there)


def full(command, folder):
    with open("/dev/full", "w") as file:
        return start(command, folder, stdout=file)


def none(command, folder):
    """As `command >&-`."""
    return start(command, folder, stdout=None, preexec_fn=lambda: os.close(1))


def ascii_alone(command, folder):
    return start(command, folder, env=os.environ | {"PYTHONIOENCODING": "ascii"})


def western(command, folder):
    return start(command, folder, env=os.environ | {"PYTHONIOENCODING": "cp1252", "LANG": "C"})


FULL = "radsim: standard output: No space left on device\n"
FAULTS = {closed: (0, ""), full: (1, FULL), none: (0, ""), ascii_alone: (0, ""), western: (0, "")}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (name, fault)
        for name in LEAVES
        for fault in FAULTS
        if name not in SLOW or fault.__name__ in SLOW[name]
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_cannot_be_printed_loses_no_file(name, fault, folder):
    command, files = LEAVES[name]
    code, words = FAULTS[fault]
    found = fault(command, folder)
    assert (found.returncode, found.stderr) == (code, words)
    left = contents(folder)
    assert files <= set(left)
    assert not [path for path in left if path.endswith(".part")]
    if name == "verify":
        assert left["README.md"].startswith(b"# Mine\r\n<!-- evidence:begin -->\r\n4 random")
        assert left["README.md"].endswith("<!-- evidence:end -->\r\nZürich\r\n".encode())
    if fault in (ascii_alone, western) and name != "explore":
        assert found.stdout.isascii()
        assert "None" not in found.stdout


def test_a_failed_command_fails_though_nobody_listens(folder):
    (folder / "p.json").write_text((folder / "p.json").read_text().replace('"0"', '"1"'))
    assert closed(["check", "p.json", "--gains", "g.csv"], folder).returncode == 1
    assert closed(["solve", "none.csv", "--mistakes", 1], folder).returncode == 2
    assert full(["--help"], folder).returncode == 1
    assert closed(["--version"], folder).returncode == 0


def test_standard_error_that_takes_no_more_stops_nothing(folder):
    with open("/dev/full", "w") as file:
        found = start(
            ["solve", "g.csv", "--mistakes", 1, "--uncapped", "--budget", 1e8, "--out", "p.csv"],
            folder,
            stderr=file,
        )
    assert (found.returncode, (folder / "p.csv").exists()) == (0, True)
    assert "guaranteed value" in found.stdout


# --- Places where nothing can be written ---

# Option -> the command without the place; folders and files apart.
FILES = {
    "--out": SOLVE,
    "--plot": SOLVE,
    "--proof": SOLVE,
    "report --out": ["report", "done"],
    "explore FILE": ["explore"],
    "distill --out": DISTILL,
    "verify --readme": VERIFY,
}
FOLDERS = {
    "verify --out": VERIFY,
    "simulate --out": SIMULATE,
    "distill --out": ["distill", "--study", "smoke"],
}
LONG = "n" * 252 + ".png"
PLACES = {
    "a folder": ("d.png", "Is a directory|no such file"),
    "a read-only place": ("/sys/a.png", "Permission denied|Read-only|not permitted|no such file"),
    "a missing folder": ("no/a.png", "no: no such folder|no such file"),
    "below a file": ("g.csv/a.png", "Not a directory|no such file"),
    "too long a name": (LONG, "File name too long|no such file"),
    "nothing": ("", "is given an empty text"),
}
NO_FOLDERS = {
    "a file": ("g.csv", "Not a directory"),
    "below a file": ("g.csv/deep/er", "Not a directory"),
    "a read-only place": ("/sys/runs", "Permission denied|Read-only|not permitted"),
    "too long a name": (LONG, "File name too long"),
}


def refusals():
    for table, places in ((FILES, PLACES), (FOLDERS, NO_FOLDERS)):
        for option, command in table.items():
            for place in places:
                if (option, place) != ("verify --readme", "nothing"):
                    yield pytest.param(option, command, *places[place], id=f"{option}-{place}")


@pytest.mark.parametrize(("option", "command", "place", "words"), list(refusals()))
def test_a_place_that_cannot_be_is_refused_before_the_work(option, command, place, words, folder):
    option = option.split()[-1]
    (folder / "d.png").mkdir()
    before = contents(folder)
    given = [place] if option == "FILE" else [option, place]
    found = call(*command, *given)
    assert (found.exit_code, found.stdout) == (2, ""), found
    shown = re.escape(f"{place[:200]}")
    assert re.match(rf"(?i)radsim: {option} {shown}.*({words})", found.stderr), found.stderr
    assert found.stderr.count("\n") == 1
    assert contents(folder) == before
    assert names(folder) == sorted({"README.md", "d.png", "done", "g.csv", "p.json"})


@pytest.mark.parametrize("place", ["a.gif", "a", "a.PNG.txt", "/dev/null"])
def test_an_unknown_kind_of_picture_is_refused_before_the_work(place, folder):
    found = call("solve", "none.csv", "--mistakes", 1, "--plot", place)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == f"radsim: --plot {place} must end in .png, .svg or .pdf\n"


@pytest.mark.parametrize("text", ["nothing", "<!-- evidence:end --> <!-- evidence:begin -->"])
def test_a_readme_without_markers_is_refused_before_the_work(text, folder):
    (folder / "README.md").write_text(text)
    found = call(*VERIFY, "--readme", "README.md")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("radsim: --readme README.md: needs the lines <!-- evidence:beg")
    assert (folder / "README.md").read_text() == text


# --- A disk that is full when the work is done ---

LATE = {
    "--out": (SOLVE, "p.csv"),
    "--plot": (SOLVE, "p.png"),
    "--proof": (SOLVE, "new.json"),
    "report --out": (["report", "done"], "page.html"),
    "explore FILE": (["explore"], "page.html"),
    "distill --out": (DISTILL, "rows.csv"),
    "verify --out": (VERIFY, "run"),
    "verify --readme": (VERIFY, "README.md"),
    "simulate --out": (SIMULATE, "run"),
}


def late(option, folder):
    """The command with the option's file on a full disk."""
    command, place = LATE[option]
    option = option.split()[-1]
    given = [place] if option == "FILE" else [option, place]
    before = contents(folder)
    with full_disk(20):
        found = call(*command, *given)
    assert found.exit_code == 1, found
    assert re.fullmatch(rf"radsim: {option} {place}\S*: File too large\n", found.stderr)
    assert contents(folder) == before
    return found


@pytest.mark.parametrize("option", LATE)
def test_a_full_disk_leaves_nothing_half_written(option, folder):
    found = late(option, folder)
    if option.split()[-1] in ("--plot", "--proof", "--readme") or "solve" in LATE[option][0]:
        assert found.stdout  # the work is shown, if it cannot be kept


@pytest.mark.parametrize("name", ["in place", "half of it", "the part is left"])
def test_a_wrong_writer_would_be_seen(name, folder, monkeypatch):
    monkeypatch.setattr(solve, "write_whole", MUTANTS[name])
    with pytest.raises(AssertionError):
        late("--out", folder)
        left = call(*SOLVE, "--out", "p.csv")
        assert (left.exit_code, len((folder / "p.csv").read_bytes())) == (0, 10**6)


def test_what_can_still_be_written_is_written(folder):
    found = call(*SOLVE, "--out", "p.csv", "--proof", "/dev/full")
    assert found.exit_code == 1
    assert found.stderr == "radsim: --proof /dev/full: No space left on device\n"
    assert "guaranteed value" in found.stdout
    assert (folder / "p.csv").read_text().startswith("row,")


# --- Outputs that are inputs ---


@pytest.mark.parametrize("option", ["--out", "--proof", "--plot"])
@pytest.mark.parametrize("place", ["g.csv", "./g.csv", "done/../g.csv", "link.csv", "hard.csv"])
@pytest.mark.parametrize("source", ["g.csv", "link.csv", "-"])
def test_the_input_is_never_overwritten(option, place, source, folder):
    (folder / "link.csv").symlink_to("g.csv")
    os.link("g.csv", "hard.csv")
    command = ["solve", source, "--mistakes", 1, option, place]
    if source == "-":
        if option != "--out" or place == "./g.csv":
            return
        with open("g.csv") as file:
            found = start(command, folder, stdin=file)
        code = found.returncode
    else:
        found = call(*command)
        code = found.exit_code
    assert (code, found.stdout) == (2, "")
    assert found.stderr == f"radsim: {option} {place.removeprefix('./')}: that is the input\n"
    assert (folder / "g.csv").read_text() == GAINS


def test_two_outputs_are_two_files(folder):
    found = call(*SOLVE, "--out", "x.json", "--proof", "done/../x.json")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == "radsim: --proof done/../x.json: that is the file of --out too\n"
    assert call(*SOLVE, "--out", "/dev/null", "--proof", "/dev/null").exit_code == 0


def test_a_report_overwrites_nothing_that_it_reports_on(folder):
    assert call("report", "done", "--out", "done/table.csv").exit_code == 2
    assert call("report", "done", "--out", "done/page.html").exit_code == 0
    assert call("report", "done", "--out", "done/page.html").exit_code == 0
    assert (folder / "done" / "table.csv").read_text() == "x,y\n1,2\n"


def test_data_and_teachers_are_never_overwritten(folder):
    for option in ("--data", "--teacher"):
        found = call("distill", option, "g.csv", "--out", "./g.csv")
        assert (found.exit_code, found.stderr) == (2, "radsim: --out g.csv: that is the input\n")
    # The name of a data set is no file.
    Path("digits").write_text("x")
    assert call(*DISTILL, "--data", "digits", "--out", "digits").exit_code == 0
    found = call("distill", "--data", "none.csv", "--out", "none.csv")
    assert (found.exit_code, "that is" in found.stderr) == (2, False)


# --- What is no file ---


def test_devices_pipes_and_links_stay(folder):
    assert call(*SOLVE, "--out", "/dev/null").exit_code == 0
    assert os.path.exists("/dev/null")
    assert not os.path.isfile("/dev/null")
    os.mkfifo("pipe")
    found = []
    reader = threading.Thread(target=lambda: found.append(Path("pipe").read_text()), daemon=True)
    reader.start()
    assert call(*SOLVE, "--out", "pipe").exit_code == 0
    reader.join(10)
    assert found[0].startswith("row,gain,inclusion_probability\n")
    assert not os.path.isfile("pipe")
    (folder / "p.csv.part").symlink_to("g.csv")
    (folder / "link.csv").symlink_to("p.csv")
    assert call(*SOLVE, "--out", "link.csv").exit_code == 0
    assert os.readlink("link.csv") == "p.csv"
    assert (folder / "p.csv").read_text() == found[0]
    assert os.readlink("p.csv.part") == "g.csv"
    assert (folder / "g.csv").read_text() == GAINS
    (folder / "p.csv").chmod(0o600)
    assert call(*SOLVE, "--out", "link.csv").exit_code == 0
    assert (folder / "p.csv").stat().st_mode & 0o777 == 0o600


def test_picks_on_standard_output_are_whole(folder):
    start([*SOLVE, "--out", "p.csv"], folder)
    picks = (folder / "p.csv").read_text()
    assert start([*SOLVE, "--out", "/dev/stdout"], folder).stdout.startswith(picks)
    with open("printed", "w") as file:
        start([*SOLVE, "--out", "/dev/stdout"], folder, stdout=file)
    printed = (folder / "printed").read_text()
    assert printed.startswith(picks)
    assert "guaranteed value" in printed
    found = closed([*SOLVE, "--out", "/dev/stdout"], folder)
    assert (found.returncode, found.stderr) == (0, "")


# --- All of the rows that were asked for ---


def test_as_many_rows_are_written_as_are_asked(folder):
    (folder / "g.csv").write_text("gain\n1\n1\n")
    command = ["solve", "g.csv", "--mistakes", 0, "--uncapped", "--budget", 140_000]
    found = call(*command, "--out", "p.csv")
    assert found.exit_code == 0, found.stderr
    rows = np.loadtxt("p.csv", delimiter=",", skiprows=1)
    assert len(rows) == 140_000
    assert set(rows[:, 0]) == {0, 1}
    assert "(140000 in all)" in found.stdout
