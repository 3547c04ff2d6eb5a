"""Damaged folders and documents: an exit code, one line, never a traceback, never a hang.

`RADSIM_FOLDERS` is how many of each kind are damaged; more than a minute of them is for the night.
"""

import json
import os
import shutil

import numpy as np
import pandas as pd
import pytest
from commands import call
from mutator import mutated, spoiled

from radsim.data.instances import draw_instance
from radsim.data.saved import save
from radsim.pages import read_run
from radsim.runs import simulate, verify

N = int(os.environ.get("RADSIM_FOLDERS", "25"))

CHECK = {
    "kind": "design",
    "check": "shape",
    "subject": "pivotal",
    "address": {"row": "pivotal"},
    "seed": 0,
    "profile": "fast",
    "inclusion": [0.5, 0.5],
}
SELECTOR = CHECK | {"kind": "selector", "subject": "margin", "address": {"row": "margin"}}
del SELECTOR["inclusion"]
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Folders as radsim writes them: a verification, a simulation, saved failures."""
    folder = tmp_path_factory.mktemp("runs")
    records = verify.run(2, ["V1", "V7"], 3, jobs=1)
    real = verify.RealCheck(9, 2, 3, 0.8, 0.9, 1.0, 1.5, -1.0, 2.0, 0.0)
    verify.write_run(records, real, ["V1", "V7"], 3, folder / "verification")
    save(draw_instance(rng=1), folder / "verification" / "failed-1.json", index=1)
    cells = simulate.grid(["uniform"], ["uniform"], ["rad", "margin"], ["pivotal"], 3, 0)
    simulate.simulate(cells, folder / "simulation", seed=0, jobs=1)
    shutil.copytree(folder / "simulation", folder / "unfinished")
    (folder / "unfinished" / "results.parquet").unlink()
    other = folder / "other"
    other.mkdir()
    (other / "design-pivotal-shape.json").write_text(json.dumps(CHECK))
    save(draw_instance(rng=2), other / "claim-V1.json")
    (other / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (other / "b.png").write_bytes(PNG)
    (other / "report.md").write_text("# A\n\n[b](b.csv) ![a](a.svg)\n\n| a |\n|---|\n| 1 |\n")
    pd.DataFrame({"x": [1, 2], "status": ["HOLDS", ""]}).to_csv(other / "mine.csv", index=False)
    return folder


def kept_in_order(found, words):
    """The exit code is one of the stated ones, with one line if it is a refusal."""
    assert found.exception is None or isinstance(found.exception, SystemExit), (
        words,
        found.exception,
    )
    assert found.exit_code in (0, 1, 2), words
    lines = found.stderr.splitlines()
    assert len(lines) <= 1, (words, lines)
    if found.exit_code == 2:
        assert len(lines) == 1 and lines[0].startswith("radsim: "), (words, lines)
    assert "Traceback" not in found.output


@pytest.mark.parametrize("kind", ["verification", "simulation", "unfinished", "other"])
def test_the_report_of_a_damaged_folder(kind, runs, tmp_path):
    green = []
    for k in range(N):
        rng = np.random.default_rng([k, len(kind)])
        folder = tmp_path / f"run-{k}"
        shutil.copytree(runs / kind, folder)
        words = "; ".join(spoiled(folder, rng) for _ in range(1 + k % 2))
        found = call("report", folder, "--out", tmp_path / f"{k}.html")
        kept_in_order(found, words)
        if found.exit_code == 0:
            text = (tmp_path / f"{k}.html").read_bytes()
            assert b"root:x:" not in text, words  # /etc/passwd
            assert text.decode().count("<script>") == 1, words
            green += [words] * (b'class="verdict good"' in text)
        shutil.rmtree(folder)
    if kind == "verification":  # its saved failure, or what is left of it, is always said
        assert not [words for words in green if "failed-1.json: removed" not in words]


def test_the_undamaged_are_shown(runs):
    assert len(read_run(runs / "verification").failures) == 1
    for kind in ("simulation", "unfinished", "other"):
        found = call("report", runs / kind)
        assert found.exit_code == 0, found.output
        (runs / kind / "report.html").unlink()
    assert not read_run(runs / "simulation").failures


@pytest.mark.parametrize("way", [["--replay", 0], ["--resume"]])
def test_a_damaged_sweep_is_replayed_or_resumed(way, runs, tmp_path):
    names = ["--instances", "uniform", "--teachers", "uniform", "--selectors", "rad,margin"]
    again = [*names, "--designs", "pivotal", "--draws", 3, "--repetitions", 0, "--jobs", 1]
    for k in range(N if way[0] == "--replay" else N // 5):
        folder = tmp_path / f"run-{k}"
        shutil.copytree(runs / "simulation", folder)
        rng = np.random.default_rng([k, 9])
        words = spoiled(folder, rng)
        if k % 2 and (folder / "manifest.json").is_file():
            path = folder / "manifest.json"
            more, content = mutated((runs / "simulation" / path.name).read_bytes(), rng)
            path.write_bytes(content)
            words += f"; {more}"
        found = call("simulate", *(again if way[0] == "--resume" else ()), *way, "--out", folder)
        kept_in_order(found, words)
        shutil.rmtree(folder)


@pytest.mark.parametrize("kind", ["game", "design", "selector"])
def test_the_replay_of_a_damaged_document(kind, runs, tmp_path):
    game = json.loads((runs / "other" / "claim-V1.json").read_text())
    document = {"game": game, "design": CHECK, "selector": SELECTOR | {"game": game}}[kind]
    path = tmp_path / "saved.json"
    for k in range(3 * N):
        words, content = mutated(json.dumps(document).encode(), np.random.default_rng([k, 7]))
        path.write_bytes(content)
        kept_in_order(call("verify", "--replay", path, "--claims", "V1"), words)


def test_the_replay_of_what_is_no_file(runs, tmp_path):
    for k in range(N):
        folder = tmp_path / f"other-{k}"
        shutil.copytree(runs / "other", folder)
        words = spoiled(folder, np.random.default_rng([k, 8]))
        path = folder / "design-pivotal-shape.json"
        kept_in_order(call("verify", "--replay", path), words)
        shutil.rmtree(folder)
