"""Damage a file or a folder, and read it with every command that may: in this process, for speed.

Whatever the damage is, a command ends with 0, 1 or 2 and one line, and what a resumed run accepts
gives the undisturbed bytes.
"""

import codecs
import io
import json
import runpy
import shutil
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import pytest
from chaos.figures import cases, chance
from chaos.inside import NoEnd, commanded, limits
from chaos.outcomes import Outcome, accepted, ended, files, whole
from chaos.works import ANIMALS, GAINS
from mutator import mutated, spoiled

from radsim import Game
from radsim.cli.printing import shown
from radsim.data.instances import Instance
from radsim.data.saved import save
from radsim.runs import simulate as simulation
from radsim.runs.sweeps import sweep

SOLVE = "--mistakes 12% --budget 5 --seed 3".split()


def resumed(run, cells, folder):
    """A sweep of somebody's script, resumed: a ValueError or OSError is its refusal."""
    with limits():
        try:
            sweep(run, cells, folder, seed=5, jobs=1, resume=True)
        except (ValueError, OSError) as error:
            return Outcome(1, err=f"radsim: {shown(error)}\n")  # as a command prints it
        except NoEnd:
            return Outcome(None)
    return Outcome(0)


# --- what is damaged, one function each: (place, rng, reference) -> words, outcome, faults ---


def _gains(suffix, place, rng, reference):
    frame = pd.DataFrame({"gain": [float(x) for x in GAINS.split()[1:]]})
    path = place / f"gains{suffix}"
    {
        ".csv": lambda: path.write_text(GAINS),
        ".tsv": lambda: frame.to_csv(path, sep="\t"),
        ".csv.gz": lambda: frame.to_csv(path),
        ".jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        ".npy": lambda: np.save(path, frame["gain"].to_numpy()),
        ".npz": lambda: np.savez(path, gains=frame["gain"].to_numpy()),
        ".parquet": lambda: frame.to_parquet(path),
        ".feather": lambda: frame.to_feather(path),
    }[suffix]()
    words, content = mutated(path.read_bytes(), rng)
    path.write_bytes(content)
    out = place / "out"
    outcome = commanded("solve", path, *SOLVE, "--out", out / "p.csv", "--proof", out / "p.json")
    due = {"p.csv", "p.json"} if outcome.code == 0 else set()
    faults = [] if set(files(out)) == due else [("torn", f"left: {sorted(files(out))}")]
    if outcome.code == 0:  # whatever the file says now, the answer is proved from it, exactly
        again = commanded("check", out / "p.json", "--gains", path, "--picks", out / "p.csv")
        if again.code != 0:
            faults.append(("wrong with exit 0", f"not proved: {again.err}"))
    return words, outcome, faults + whole(out, {})


def _proof(place, rng, reference):
    for name, content in reference("solve").files.items():
        (place / name).write_bytes(content)
    (place / "gains.csv").write_text(GAINS)
    name = ("proof.json", "picks.csv", "gains.csv")[rng.integers(3)]
    known = (place / name).read_bytes()
    words, content = mutated(known, rng)
    (place / name).write_bytes(content)
    outcome = commanded(
        "check",
        place / "proof.json",
        "--gains",
        place / "gains.csv",
        "--picks",
        place / "picks.csv",
    )
    faults = []
    # What is accepted says the same as before; what a proof says is proved anew.
    if outcome.code == 0 and _said(name, content) != _said(name, known):
        faults = [("wrong with exit 0", f"{name} accepted: {content!r}")]
    return f"{name}: {words}", outcome, faults


def _said(name, content):
    """What counts of a file: rows and gains of picks, all gains; nothing of a proof."""
    if name == "proof.json":
        return None
    columns = ["row", "gain"] if name == "picks.csv" else [-1]  # whatever its name became
    marks = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF16_LE: "utf-16"}  # the longer first
    encoding = next((x for mark, x in marks.items() if content.startswith(mark)), "utf-8-sig")
    frame = pd.read_csv(io.StringIO(content.decode(encoding)))
    found = frame[columns] if name == "picks.csv" else frame.iloc[:, columns]
    return found.to_numpy(float).tolist()


def _table(place, rng, reference):
    words, content = mutated(ANIMALS.encode(), rng)
    (place / "animals.csv").write_bytes(content)
    outcome = commanded(
        *("distill", "--data", place / "animals.csv", "--seeds", 1, "--strategies", "uniform"),
        *("--out", place / "out" / "rows.csv"),
    )
    return words, outcome, whole(place / "out", {})


def _run(work, place, rng, reference):
    """A copy of a run's folder with one file damaged."""
    shutil.rmtree(place / "out")
    shutil.copytree(reference(work).folder / "out", place / "out")
    return spoiled(place / "out", rng)


def _report(work, place, rng, reference):
    words = _run(work, place, rng, reference)
    outcome = commanded("report", place / "out", "--out", place / "page.html")
    page = place / "page.html"
    faults = []
    if page.exists() != (outcome.code == 0):
        faults = [("torn", f"exit code {outcome.code}, and the page is there: {page.exists()}")]
    elif page.exists() and not page.read_text().rstrip().endswith("</html>"):
        faults = [("torn", "half a page")]
    return words, outcome, faults


def _sweep(place, rng, reference):
    words = _run("sweep", place, rng, reference)
    # The very file: a part of another function is computed again.
    value = runpy.run_path(str(reference("sweep").folder / "mine.py"))["value"]
    outcome = resumed(value, [{"n": n} for n in range(10)], place / "out")
    return words, outcome, accepted(outcome, place / "out", reference("sweep").files)


def _simulate(place, rng, reference):
    words = _run("simulate", place, rng, reference)
    # The pictures take seconds and read nothing of the folder.
    known, simulation.finish = simulation.finish, lambda *_: []
    try:
        outcome = commanded(*reference("simulate").arguments, "--resume")
    finally:
        simulation.finish = known
    return words, outcome, accepted(outcome, place / "out", reference("simulate").files)


def _cell(place, rng, reference):
    words = _run("simulate", place, rng, reference)
    outcome = commanded("simulate", "--out", place / "out", "--replay", 0)
    faults, whole_run = [], reference("simulate").folder / "out"
    # Another manifest is another run; nothing else may change what a cell gives.
    if outcome.code == 0 and _manifest(place / "out") == _manifest(whole_run):
        if outcome.out != commanded("simulate", "--out", whole_run, "--replay", 0).out:
            faults = [("wrong with exit 0", outcome.out)]
    return words, outcome, faults


def _manifest(folder):
    return json.loads((folder / "manifest.json").read_bytes())


def _failure(place, rng, reference):
    path = place / "failure.json"
    save(Instance("mine", Game([1.0, 0.5, 0.25, 0.125], mistakes=1, budget=2)), path, index=3)
    if rng.random() < 0.5:
        check = {"kind": "selector", "check": "permutation", "subject": "rad", "seed": 0}
        check |= {"address": {"row": "rad"}, "profile": "fast", "words": ""}
        path.write_text(json.dumps(check | {"game": json.loads(path.read_bytes())}))
    words, content = mutated(path.read_bytes(), rng)
    path.write_bytes(content)
    return words, commanded("verify", "--replay", path), []


@dataclass(frozen=True)
class Target:
    """A reader of files; `share` is how many of a round of cases are its."""

    damage: object
    share: int


TARGETS = {
    **{
        f"gains{x}": Target(partial(_gains, x), n)
        for x, n in ((".csv", 10), (".tsv", 2), (".csv.gz", 2), (".jsonl", 4), (".npy", 4))
    },
    **{f"gains{x}": Target(partial(_gains, x), 4) for x in (".npz", ".parquet", ".feather")},
    "proof": Target(_proof, 12),
    "table": Target(_table, 4),
    **{f"report of {x}": Target(partial(_report, x), 8) for x in ("simulate", "verify", "distill")},
    "resumed sweep": Target(_sweep, 12),
    "resumed simulate": Target(_simulate, 4),
    "replayed cell": Target(_cell, 5),
    "replayed failure": Target(_failure, 5),
}
ROUND = [name for name, row in TARGETS.items() for _ in range(row.share)]
CASES = [(k, ROUND[k * 37 % len(ROUND)]) for k in cases(full=10_000, ci=250)]


@pytest.mark.chaos
@pytest.mark.parametrize(("case", "target"), CASES, ids=[f"{k}-{name}" for k, name in CASES])
def test_damage_is_refused_in_a_line(case, target, reference, judge, place, monkeypatch):
    (place / "out").mkdir()
    monkeypatch.chdir(place)
    words, outcome, faults = TARGETS[target].damage(place, chance("damage", case), reference)
    judge("damaged files", ended(outcome, {0, 1, 2}) + faults, f"{target}: {words}")
