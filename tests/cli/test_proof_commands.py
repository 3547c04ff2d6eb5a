"""`radsim solve --proof`, `radsim check` and the checker in one file, as a person runs them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

STANDALONE = Path(__file__).parents[2] / "proofs_checks" / "standalone_checker.py"


def run(*command, cwd):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def radsim(*arguments, cwd):
    return run("-m", "radsim.cli", *arguments, cwd=cwd)


def alone(*arguments, cwd):
    return run("-I", STANDALONE, *arguments, cwd=cwd)  # -I: nothing but the standard library's path


@pytest.fixture
def folder(tmp_path):
    rows = np.random.default_rng(0).random((30, 2))
    lines = ["gain,cost", *(f"{g},{c}" for g, c in rows.tolist()), ""]
    (tmp_path / "gains.csv").write_text("\n".join(lines))
    return tmp_path


def solved(folder, *options):
    files = ("--out", "picks.csv", "--proof", "p.json")
    done = radsim("solve", "gains.csv", "--mistakes", "10%", *files, *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--budget", 5, "--harm", "column:cost"),
        ("--budget", 4.5, "--harm", "constant:0.3", "--forced"),
        ("--budget", 7, "--harm", 0, "--uncapped"),
        ("--budget", 3, "--design", "systematic", "--seed", 2**80, "--method", "linprog"),
    ],
)
def test_a_proof_is_written_and_proved_again(folder, options):
    plain = radsim("solve", "gains.csv", "--mistakes", "10%", *options, cwd=folder)
    done = solved(folder, *options)
    assert done.stdout.splitlines()[-1] == plain.stdout.splitlines()[-1]  # the same picks
    checked = radsim("check", "p.json", "--gains", "gains.csv", "--picks", "picks.csv", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    assert "PROVED" in checked.stdout
    assert "picks.csv holds them" in checked.stdout
    checked = alone("p.json", "gains.csv", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    assert "drawn again" in checked.stdout


def test_what_does_not_hold_is_refused_with_exit_1(folder):
    solved(folder, "--budget", 5)
    text = (folder / "p.json").read_text()
    (folder / "other.csv").write_text((folder / "gains.csv").read_text().replace("0.", "0.0", 2))
    (folder / "forged.json").write_text(text.replace('"seed": "0"', '"seed": "1"'))
    picks = (folder / "picks.csv").read_text().splitlines()
    (folder / "fewer.csv").write_text("\n".join(picks[:-1]))
    (folder / "dearer.csv").write_text("\n".join([*picks[:-1], f"{picks[-1]}1"]))
    for words, *arguments in (
        ("digest", "p.json", "--gains", "other.csv"),
        ("digest", "p.json", "--gains", "gains.csv", "--harm", 2),
        ("picks: expected", "forged.json", "--gains", "gains.csv"),
        ("expected 5 rows", "p.json", "--gains", "gains.csv", "--picks", "fewer.csv"),
        ("inclusion_probability", "p.json", "--gains", "gains.csv", "--picks", "dearer.csv"),
    ):
        done = radsim("check", *arguments, cwd=folder)
        assert done.returncode == 1, done
        assert done.stdout == ""
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert alone("p.json", "other.csv", cwd=folder).returncode == 1
    assert alone("forged.json", "gains.csv", cwd=folder).returncode == 1


def test_what_cannot_be_read_is_named_with_exit_2(folder):
    solved(folder)
    text = (folder / "p.json").read_text()
    files = {
        "empty.json": b"",
        "half.json": text[: len(text) // 2].encode(),
        "deep.json": b"[" * 1_000_000,
        "nan.json": text.replace('"budget": "0x1p0"', '"budget": NaN').encode(),
        "huge.json": text.replace('"0x1p0"', '"0x1p999999999999"', 1).encode(),
        "long.json": text.replace('"seed": "0"', f'"seed": {"9" * 100_000}').encode(),
        "bytes.json": b"\xff\xfe\x00",
        "later.json": text.replace('"version": 2', '"version": 3').encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "text.csv").write_text("gain\n0.5\nhalf\n")
    for arguments in (
        *((name, "--gains", "gains.csv") for name in files),
        ("none.json", "--gains", "gains.csv"),
        (".", "--gains", "gains.csv"),
        ("p.json", "--gains", "none.csv"),
        ("p.json", "--gains", "text.csv"),
        ("p.json", "--gains", "gains.csv", "--harm", "column:none"),
        ("p.json", "--gains", "gains.csv", "--harm", "much"),
        ("p.json", "--gains", "gains.csv", "--kind", "other"),
        ("p.json", "--gains", "gains.csv", "--picks", "none.csv"),
        ("p.json", "--gains", "gains.csv", "--picks", "p.json"),
    ):
        done = radsim("check", *arguments, cwd=folder)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert done.stderr.count("\n") == 1, done.stderr
    for arguments in (
        *((name, "gains.csv") for name in files),
        ("p.json", "none.csv"),
        ("p.json", "text.csv"),
    ):
        done = alone(*arguments, cwd=folder)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--objective", "regret"), "a proof proves a value"),
        (("--method", "hedge"), "interval: expected at most 1e-06"),
        (("--seed", 10**40), "seed is"),
        (("--proof", "none/p.json"), "none: no such folder"),
    ],
)
def test_nothing_is_written_without_a_proof(folder, options, words):
    files = {"--out": "picks.csv", "--proof": "p.json", "--plot": "level.png"}
    given = [x for option in (files | dict([options])).items() for x in option]
    done = radsim("solve", "gains.csv", "--mistakes", 3, *given, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert [file.name for file in folder.iterdir()] == ["gains.csv"]


def test_class_probabilities_are_proved_with_the_gains_they_make(tmp_path):
    p = np.random.default_rng(1).dirichlet(np.ones(3), 12)
    lines = ["cat,dog,fox", *(",".join(map(repr, row)) for row in p.tolist()), ""]
    (tmp_path / "gains.csv").write_text("\n".join(lines))
    solved(tmp_path, "--gain", "entropy")
    options = ("check", "p.json", "--gains", "gains.csv")
    assert radsim(*options, "--gain", "entropy", cwd=tmp_path).returncode == 0
    assert radsim(*options, cwd=tmp_path).returncode == 1
    assert "no column 'gain'" in alone("p.json", "gains.csv", cwd=tmp_path).stderr


def test_a_design_that_the_file_does_not_know_is_said_aloud(folder):
    solved(folder, "--budget", 3, "--design", "brewer")
    assert radsim("check", "p.json", "--gains", "gains.csv", cwd=folder).returncode == 0
    done = alone("p.json", "gains.csv", cwd=folder)
    assert done.returncode == 1
    assert "PICKS NOT RE-DRAWN" in done.stderr
    done = alone("p.json", "gains.csv", "--no-redraw", cwd=folder)
    assert done.returncode == 0
    assert "PICKS NOT RE-DRAWN" in done.stdout


def test_spaces_and_the_order_of_fields_are_free(folder):
    solved(folder)
    fields = json.loads((folder / "p.json").read_text())
    text = json.dumps(dict(reversed(fields.items())), indent=4)
    (folder / "p.json").write_text(text.replace("\n", "\r\n"))
    assert radsim("check", "p.json", "--gains", "gains.csv", cwd=folder).returncode == 0
    assert alone("p.json", "gains.csv", cwd=folder).returncode == 0


def test_the_file_knows_no_library(folder):
    names = {
        line.split()[1].split(".")[0]
        for line in STANDALONE.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= sys.stdlib_module_names


def _with_ids(folder, name="image"):
    """A proof that names 30 identifiers by their column, and the file of those."""
    rows = [f"im{k}" for k in range(30)]
    (folder / "i.csv").write_text("\n".join([name, *rows, ""]))
    (folder / "i.txt").write_text("\n".join([*rows, ""]))
    solved(folder, "--budget", 4, "--ids", "i.csv")
    return rows


CHECK = ("check", "p.json", "--gains", "gains.csv")


def test_one_column_of_identifiers_is_compared_whatever_it_is_called(folder):
    rows = _with_ids(folder)
    done = radsim(*CHECK, "--ids", "i.txt", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "image: those of your rows, in i.txt called id" in done.stdout
    (folder / "i.txt").write_text("\n".join([*rows[1:], rows[0], ""]))
    done = radsim(*CHECK, "--ids", "i.txt", cwd=folder)
    assert done.returncode == 1
    assert "REFUSED" in done.stderr and "image: expected" in done.stderr
    (folder / "two.csv").write_text("a,b\n" + "".join(f"{x},{x}\n" for x in rows))
    done = radsim(*CHECK, "--ids", "two.csv", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "radsim: two.csv: --ids: no column 'image', which the proof names; has a, b\n"
    )


def test_a_document_says_what_was_not_checked(folder):
    def told(*options):
        done = radsim(*CHECK, "--json", *options, cwd=folder)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return found["checked"], found["not_checked"]

    _with_ids(folder)
    assert told() == (["value", "picks"], ["ids image", "file of picks"])
    both = ("--ids", "i.txt", "--picks", "picks.csv")
    assert told(*both) == (["value", "picks", "ids image", "file of picks"], [])
    solved(folder)
    assert told("--ids", "i.txt") == (["value", "picks"], ["ids", "file of picks"])
    done = radsim(*CHECK, "--ids", "i.txt", cwd=folder)
    assert "ids        NOT CHECKED, the proof holds none" in done.stdout


def test_a_document_holds_what_the_file_of_picks_does(folder):
    _with_ids(folder)
    checked = ("--checked", 200, "--wrong", 10, "--delta", "1%")
    options = (*checked, "--budget", 4, "--ids", "i.csv", "--out", "picks.csv", "--json")
    done = radsim("solve", "gains.csv", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    lines = [line.split(",") for line in (folder / "picks.csv").read_text().splitlines()]
    assert lines[0] == ["row", "gain", "inclusion_probability", "image"]
    columns = list(zip(*lines[1:], strict=True))
    assert tuple(map(str, found["picks"])) == columns[0]
    assert tuple(map(float, columns[2])) == tuple(found["inclusion_probabilities"])
    assert tuple(found["ids"]["image"]) == columns[3]
    assert found["validation"] == {"checked": 200, "wrong": 10, "delta": 0.01}


def test_a_document_and_a_file_do_not_share_standard_output(folder):
    options = ("solve", "gains.csv", "--mistakes", 3, "--json")
    for option in ("--out", "--proof"):
        done = radsim(*options, option, "/dev/stdout", cwd=folder)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert done.stderr == (
            f"radsim: {option} /dev/stdout: --json prints there; give another file\n"
        )


def test_more_checked_points_than_a_proof_holds_are_named(folder):
    options = ("--checked", 200_000, "--wrong", 10, "--proof", "p.json")
    done = radsim("solve", "gains.csv", *options, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--checked 200000: a proof holds at most 100000 points checked" in done.stderr
