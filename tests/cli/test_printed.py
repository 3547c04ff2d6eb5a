"""What comes from a user is printed as it is, in one line."""

from pathlib import Path

import pytest
from commands import call

GAINS = "gain\n0.9\n0.8\n0.5\n0.3\n"
SOLVE = ["solve", "g.csv", "--mistakes", 1]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "g.csv").write_text(GAINS)
    return tmp_path


NAMES = {
    "markup": ("run [final][/bar] [bold]x", "run [final][/bar] [bold]x"),
    "emoji": ("a:cd:b :smile:", "a:cd:b :smile:"),
    "a line": ("two\nlines", r"two\nlines"),
    "escape codes": ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
    "backwards": ("\u202egpj", r"\u202egpj"),
    "letters": ("Zürich 東京", "Zürich 東京"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_printed_as_it_is(kind, folder):
    name, shown = (text.replace("/", "|") for text in NAMES[kind])
    place = Path(name)
    place.mkdir()
    gains, proof, page = (str(place / x) for x in ("g.csv", "p.json", "page.html"))
    Path(gains).write_text(GAINS)
    found = call("solve", gains, "--mistakes", 1, "--proof", proof)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.splitlines()[1] == f"{shown}/g.csv: 4 points, budget 1"
    found = call("check", proof, "--gains", gains)
    assert found.stdout.splitlines()[0] == (
        f"PROVED     {shown}/p.json, from {shown}/g.csv, in exact arithmetic"
    )
    assert call("explore", page).stdout.startswith(f"{shown}/page.html (")
    (place / "done").mkdir()
    (place / "done" / "table.csv").write_text("x\n1\n")
    assert call("report", place / "done").stdout.startswith(f"{shown}/done/report.html (")
    for command in (
        ("solve", f"{name}/none"),
        ("solve", gains, "--out", place),
        ("solve", gains, "--harm", f"column:{name}"),
        ("solve", gains, "--method", name),
        ("check", f"{name}/none", "--gains", gains),
        ("explore", place),
        ("report", f"{name}/none"),
        ("distill", "--data", f"{name}/none.csv"),
        ("simulate", "--out", gains),
        ("verify", "--readme", f"{name}/none"),
        ("verify", "--replay", f"{name}/none"),
        ("verify", "--claims", name),
    ):
        rest = ["--mistakes", 1] if command[0] == "solve" else []
        found = call(*command, *rest)
        assert found.exit_code == 2, found
        assert found.stderr.count("\n") == 1, found.stderr
        assert found.stderr[:-1].isprintable()
        assert shown in found.stderr.replace("\\\\", "\\"), found.stderr


@pytest.mark.parametrize("kind", NAMES)
def test_wrong_use_is_shown_as_it_was_typed(kind):
    name, shown = NAMES[kind]
    for command in ([name], ["solve", f"--{name}"], ["verify", name]):
        found = call(*command)
        assert found.exit_code == 2
        assert "\x1b" not in found.stderr
        # The panel breaks lines, and Typer has its own way to write the end of one.
        lines = [line.strip("│ ") for line in found.stderr.splitlines()]
        text = "".join(lines).replace(" ", "").replace("\\x0a", "\\n")
        assert shown.replace(" ", "") in text, found.stderr


def test_wrong_use_is_cut_and_stays_in_its_line():
    found = call("solve", "--" + "x" * 100_000)
    assert (found.exit_code, len(found.stderr) < 2000) == (2, True)
    assert "\u2028" not in call("verify", "\u2028").stderr


@pytest.mark.parametrize(
    "text",
    [f"gain\n{'x' * 10**7}\n", f"gain,{'n' * 10**7}\n1,2\n", f"{'g' * 10**7}\n-1\n"],
    ids=["a cell", "a name beside", "a name"],
)
def test_huge_values_are_cut(text, folder):
    (folder / "g.csv").write_text(text)
    found = call(*SOLVE, "--harm", "column:cost") if "gain," in text else call(*SOLVE)
    assert found.exit_code == 2
    assert found.stderr.startswith("radsim: g.csv: ")
    assert found.stderr.count("\n") == 1
    assert len(found.stderr) < 1100


def test_names_of_columns_are_escaped(folder):
    (folder / "g.csv").write_text('gain,"\x1b[31m[bold]:smile:"\n1,-1\n2,3\n')
    found = call(*SOLVE, "--harm", "column:\x1b[31m[bold]:smile:")
    assert found.exit_code == 2
    assert r"\x1b[31m[bold]:smile:" in found.stderr
    assert "\x1b" not in found.stderr
    found = call(*SOLVE, "--harm", "column:none")
    assert "\x1b" not in found.stderr
