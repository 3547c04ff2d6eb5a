"""The checks of the chaos suite against commands that are planted to break each of them."""

import sys
from math import nan
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
import typer
from chaos.children import run, signalled
from chaos.figures import block_of, counted, table_of
from chaos.inside import interpreted
from chaos.outcomes import (
    KINDS,
    Outcome,
    accepted,
    before_radsim,
    ended,
    same,
    tidy,
    unreadable,
    whole,
)
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]

# A fake command -> the kinds of fault that it must be found to have.
NEW = {"a.csv": b"gain\n1\n"}
GOOD = r"open('out/a.csv', 'w').write('gain\n1\n')"
CHILD = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']"
APART = "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True"
PLANTED = {
    "nothing wrong": (GOOD, set()),
    "a note": (f"{GOOD}; print('radsim: read as a count', file=sys.stderr)", set()),
    "leaves a child": (f"{GOOD}; {CHILD})", {"left processes"}),
    "leaves a child apart": (f"{GOOD}; {CHILD}, {APART})", {"left processes"}),
    "writes half": ("open('out/a.csv', 'w').write('gain')", {"torn", "wrong with exit 0"}),
    "writes nothing": ("", {"wrong with exit 0"}),
    "a traceback": (f"{GOOD}; 1 / 0", {"tracebacks"}),
    "wrong bytes": (GOOD.replace("1", "2"), {"torn", "wrong with exit 0"}),
    "a file more": (f"{GOOD}; open('out/b.md', 'w').write('b')", {"wrong with exit 0"}),
    "a part left": (f"{GOOD}; open('out/.radsim-0f.part', 'w')", {"left files"}),
    "talks": (f"{GOOD}; print('a note', file=sys.stderr)", {"lines"}),
    "refuses in two lines": (r"sys.exit('radsim: no\nradsim: no')", {"lines", "lost"}),
    "refuses without a word": ("sys.exit(2)", {"lines", "lost"}),
    "another code": ("print('radsim: 7', file=sys.stderr); sys.exit(7)", {"exit codes", "lost"}),
    "never ends": (f"{GOOD}; time.sleep(60)", {"hung"}),
}
LIBRARIES = "import os, signal, subprocess, sys, time; "


def _found(script, folder, **options):
    """Kinds of fault, as the suite judges a real command."""
    (folder / "out").mkdir()
    outcome = run([sys.executable, "-c", LIBRARIES + script], folder, **options)
    faults = ended(outcome, {0, 1, 2}) + whole(folder / "out", NEW) + tidy(folder / "out")
    faults += same(folder / "out", NEW, "lost" if outcome.code else "wrong with exit 0")
    return {kind for kind, _ in faults}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name, tmp_path, monkeypatch):
    monkeypatch.setattr("chaos.children.GRACE", 0.3)
    script, kinds = PLANTED[name]
    assert _found(script, tmp_path, limit=2) == kinds


def test_every_kind_of_fault_is_planted():
    assert set().union(*(kinds for _, kinds in PLANTED.values())) == set(KINDS)


# What a fake command does with signals -> the signal, and the kinds of fault.
SIGNALS = {
    "takes an end": ("signal.signal(15, lambda *_: sys.exit('radsim: ended'))", "TERM", set()),
    "heeds none": ("signal.signal(15, signal.SIG_IGN)", "TERM", {"hung"}),
    "an interrupt as Python shows it": ("", "INT", {"tracebacks", "exit codes"}),
}


@pytest.mark.parametrize("name", SIGNALS)
def test_what_a_signal_does_is_seen(name, tmp_path, monkeypatch):
    monkeypatch.setattr("chaos.children.GRACE", 0.3)
    script, how, kinds = SIGNALS[name]
    script = f"{script}; {GOOD}; time.sleep(60)".lstrip("; ")
    assert _found(script, tmp_path, limit=2, disturb=signalled(how, 0.6)) - {"lost"} == kinds


def test_an_interrupt_inside_radsim_is_not_excused():
    ends = "KeyboardInterrupt\n"
    assert before_radsim(f'File "<frozen site>", line 626, in main\n{ends}')
    assert not before_radsim(f'File "/x/radsim/cli/__init__.py", line 8\n{ends}')
    assert not before_radsim('File "<frozen site>", line 626\nMemoryError\n')


def test_an_error_that_gets_out_of_a_command_is_a_traceback():
    planted = typer.Typer()
    planted.command()(lambda: 1 / 0)
    outcome = interpreted(CliRunner().invoke(planted, []))
    assert {kind for kind, _ in ended(outcome, {0, 1, 2})} == {"tracebacks"}


def test_a_part_that_a_resumed_run_took_wrongly_is_seen(tmp_path):
    right, wrong = (pd.DataFrame({"draw": [x, nan]}).to_parquet() for x in (0.5, 0.25))
    new = {"results.parquet": right, "parts/0.parquet": right, "versions.json": b"[1]"}
    (tmp_path / "parts").mkdir()
    for name, content in new.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "versions.json").write_bytes(b"[1, 2]")
    part, results = tmp_path / "parts" / "0.parquet", tmp_path / "results.parquet"
    part.write_bytes(
        pd.DataFrame({"draw": [0.5, nan]}).to_parquet(compression="gzip")
    )  # the same rows
    assert not accepted(Outcome(0), tmp_path, new)
    for content in (wrong, right[:-1], b""):
        part.write_bytes(content)
        assert accepted(Outcome(0), tmp_path, new) == [("wrong with exit 0", "parts/0.parquet")]
        assert not accepted(Outcome(2), tmp_path, new)
    part.write_bytes(right)
    results.write_bytes(part.read_bytes() + b" ")
    assert accepted(Outcome(0), tmp_path, new) == [("wrong with exit 0", "results.parquet")]
    results.unlink()
    assert accepted(Outcome(0), tmp_path, new) == [("wrong with exit 0", "results.parquet")]


def test_a_file_that_is_neither_old_nor_new_is_torn(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old\n")
    assert not whole(tmp_path, NEW, old={"a.csv": b"old\n"})
    assert [kind for kind, _ in whole(tmp_path, NEW)] == ["torn"]
    assert [kind for kind, _ in same(tmp_path, NEW)] == ["lost"]


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".json", ".png", ".svg", ".html"])
def test_half_a_file_is_seen_in_every_format(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    frame = pd.DataFrame({"gain": [0.5, 0.25], "name": ["a", "b"]})
    if suffix in (".png", ".svg"):
        matplotlib.use("agg")
        from matplotlib.figure import Figure

        Figure().savefig(path)
    else:
        made = {".parquet": frame.to_parquet, ".csv": frame.to_csv, ".json": frame.to_json}
        html = lambda path: path.write_text("<html>a</html>")  # noqa: E731
        made.get(suffix, html)(path)
    content = path.read_bytes()
    assert unreadable(path.name, content) == ""
    for kept in (0, len(content) // 2, len(content) - 3):
        assert unreadable(path.name, content[:kept])


def test_the_page_says_what_each_column_counts():
    page = (ROOT / "docs" / "promises.md").read_text()
    assert all(f"| {kind} | {words} |" in page for kind, words in KINDS.items())


def test_every_case_and_each_kind_of_fault_is_counted_once():
    seen = [("kills", []), ("kills", ["torn", "torn", "lost"]), ("limits", ["hung"])]
    counts = counted(seen)
    assert (counts["kills"]["tried"], counts["kills"]["torn"], counts["kills"]["lost"]) == (2, 1, 1)
    assert "| limits | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 |" in table_of(counts)
    page = "a\n<!-- chaos:begin -->\nold\n<!-- chaos:end -->\nb\n"
    assert block_of(page, "new") == page.replace("old", "\nnew\n")
    with pytest.raises(ValueError, match="0 blocks"):
        block_of("no marks", "new")
