"""Folders of failed runs, and every way to forge one that came to mind."""

import hashlib
import json
import shutil

import pandas as pd

from radsim.claims import Verdict
from radsim.data.instances import draw_instance
from radsim.runs import verify

CLAIM = "V1"


def _record(index, status, accepted):
    slack = {"HOLDS": 0.0, "VIOLATED": -0.5}[status]
    verdict = Verdict(CLAIM, status, "V", 1.0, (1.0 + slack, 1.0 + slack), slack, 1)
    runs = tuple(
        verify.SolverRun(name, accepted or name != "linprog", 0.0 if accepted else 0.25, 0.0)
        for name in verify.routes()
    )
    return verify.Record(
        "uniform",
        index,
        draw_instance(rng=index),
        runs,
        tuple((witness, verdict) for witness in verify.WITNESSES),
    )


def _real(**change):
    good = {
        "n": 10,
        "n_mistakes": 2,
        "budget": 3,
        "student_accuracy": 0.8,
        "teacher_accuracy": 0.9,
        "guarantee": 1.0,
        "realised": 1.5,
        "margin_guarantee": -1.0,
        "margin_realised": 2.0,
        "gap": 0.0,
    }
    return verify.RealCheck(**good | change)


def verification(folder, status="HOLDS", accepted=True, **real):
    records = [_record(0, "HOLDS", True), _record(1, status, accepted), _record(2, "HOLDS", True)]
    verify.write_run(records, _real(**real), [CLAIM], 3, folder)


def simulation(folder, status="HOLDS", high=1.0):
    cells = [
        {
            "instance": "uniform",
            "teacher": teacher,
            "selectors": "rad,oracle",
            "designs": "pivotal",
            "draws": 5,
            "seed": 0,
        }
        for teacher in ("uniform", "best response")
    ]
    parts = folder / "parts"
    parts.mkdir(parents=True)
    pieces = []
    for k, cell in enumerate(cells):
        rows = [
            {"cell": k, **cell, "selector": who, "design": "pivotal", "n": 9}
            | dict.fromkeys(("mistakes", "budget", "largest_gain", "mean_mistakes", "lift"), 1.0)
            | {"guarantee": guarantee, "realised": 1.0, "deviation": 0.1, "wrong_share": 0.1}
            | {"status": found, "n_draws": 5}
            for who, guarantee, found in (
                ("rad", 0.5, status if k else "HOLDS"),
                ("oracle", float("nan"), ""),
            )
        ]
        pieces.append(pd.DataFrame(rows))
        pieces[-1].to_parquet(parts / f"{k:06d}.parquet", index=False)
    pd.concat(pieces, ignore_index=True).to_parquet(folder / "results.parquet", index=False)
    (folder / "manifest.json").write_text(json.dumps({"seed": 0, "cells": cells}))
    names = "kept mean_bound mean_mistakes mean_guarantee mean_realised".split()
    row = {"covered": high, "low": 0.5, "high": high} | dict.fromkeys(names, 1.0)
    pd.DataFrame([row | {"delta": 0.05, "seed": 0}]).to_csv(folder / "coverage.csv", index=False)


RUNS = {
    "verdict": lambda folder: verification(folder, status="VIOLATED"),
    "certificate": lambda folder: verification(folder, accepted=False),
    "digits": lambda folder: verification(folder, realised=0.5),
    "digits refused": lambda folder: verification(folder, accepted=True) or _forged_real(folder),
    "cell": lambda folder: simulation(folder, status="VIOLATED"),
    "coverage": lambda folder: simulation(folder, high=0.6),
}


def _forged_real(folder):
    """A run whose certificate on digits was refused."""
    records = [_record(k, "HOLDS", True) for k in range(3)]
    shutil.rmtree(folder)
    verify.write_run(records, _real(accepted=False), [CLAIM], 3, folder)


# --- Forgers of texts: each is (file, what stands there, what is put in its place) ---

STATUSES = [
    "VIOLATED ",
    " VIOLATED",
    "violated",
    "Violated",
    "ERROR",
    "",
    "nan",
    "HOLDS ",
    "VIOLATED\u200b",
    "VIOL\u0410TED",
    "\uff36IOLATED",
    "\ufeffVIOLATED",
    "0",
    "True",
    "HOLDS",
    "UNDECIDED",
]
TRUTHS = ["no", "false", "FALSE", "False ", "0", "", "nan", "1", "True", "yes", "F\u0430lse"]


def cells(file, column, old, new):
    """A cell of a CSV file, or of Parquet, replaced."""

    def forge(folder):
        path = folder / file
        if path.suffix == ".csv":
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            assert (frame[column] == old).any()
            frame[column] = [new if cell == old else cell for cell in frame[column]]
            frame.to_csv(path, index=False)
        else:
            frame = pd.read_parquet(path)
            frame[column] = [new if cell == old else cell for cell in frame[column]]
            frame.to_parquet(path, index=False)

    return forge


def _text(file, old, new):
    def forge(folder):
        content = (folder / file).read_text()
        assert old in content
        (folder / file).write_text(content.replace(old, new))

    return forge


def _bytes(file, change):
    def forge(folder):
        (folder / file).write_bytes(change((folder / file).read_bytes()))

    return forge


def _gone(*files):
    def forge(folder):
        for name in files:
            (folder / name).unlink()

    return forge


def _moved(file, name):
    def forge(folder):
        (folder / file).rename(folder / name)

    return forge


def _both(*forgers):
    def forge(folder):
        for each in forgers:
            each(folder)

    return forge


def resigned(folder):
    """The manifest is made to promise what is there now."""
    path = folder / "manifest.json"
    plan = json.loads(path.read_text())
    for name in plan.get("files", {}):
        if (folder / name).is_file():
            plan["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(plan))


def unsigned(folder):
    """As an older radsim wrote it."""
    path = folder / "manifest.json"
    plan = json.loads(path.read_text())
    plan.pop("files", None)
    path.write_text(json.dumps(plan))


def _tables(file):
    """Ways to spoil one table, whatever failed in it."""
    yield f"{file} removed", _gone(file)
    yield f"{file} empty", _bytes(file, lambda content: b"")
    yield f"{file} blank", _bytes(file, lambda content: b"\n")
    yield f"{file} header only", _bytes(file, lambda content: content.split(b"\n")[0] + b"\n")
    yield f"{file} cut", _bytes(file, lambda content: content[: len(content) * 2 // 3])
    yield f"{file} UTF-16", _bytes(file, lambda content: content.decode().encode("utf-16"))
    yield f"{file} BOM", _bytes(file, lambda content: b"\xef\xbb\xbf" + content)
    yield f"{file} zeros", _bytes(file, lambda content: content + b"\0" * 9)
    yield f"{file} tabs", _bytes(file, lambda content: content.replace(b",", b"\t"))
    yield f"{file} capitals", _moved(file, file.upper())
    yield f"{file} renamed", _moved(file, f"old-{file}")
    yield f"{file} no table", _moved(file, f"{file}.bak")
    yield f"{file} no manifest", _gone("manifest.json")


def _columns(file, column):
    yield f"{column} renamed", _text(file, column, column.upper())
    yield f"{column} spaced", _text(file, column, f"{column} ")
    yield f"{column} invisible", _text(file, column, f"{column}\u200b")
    yield f"{column} Cyrillic", _text(file, column, column.replace("a", "\u0430"))
    yield f"{column} twice", _text(file, f",{column}", f",{column},{column}")

    def dropped(folder):
        frame = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        frame.drop(columns=column).to_csv(folder / file, index=False)

    def doubled(folder):
        frame = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        frame.insert(0, f"{column}.1", frame[column])
        frame[column] = frame[column].iloc[0]
        frame.columns = [name.removesuffix(".1") for name in frame.columns]
        frame.to_csv(folder / file, index=False)

    yield f"{column} dropped", dropped
    yield f"{column} doubled", doubled


def _rows_gone(file, column, value):
    def forge(folder):
        frame = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        frame[frame[column] != value].to_csv(folder / file, index=False)

    return forge


def _whole_solver_gone(folder):
    frame = pd.read_csv(folder / "solvers.csv", dtype=str, keep_default_na=False)
    frame[frame["solver"] != "linprog"].to_csv(folder / "solvers.csv", index=False)


def _parquet(change, parts=False):
    def forge(folder):
        paths = [folder / "results.parquet"]
        for path in paths + sorted((folder / "parts").glob("*")) * parts:
            change(pd.read_parquet(path)).to_parquet(path, index=False)

    return forge


def _forgers():
    for old, column, file in (("VIOLATED", "status", "verdicts.csv"),):
        for new in STATUSES:
            yield "verdict", f"{old} -> {new!r}", cells(file, column, old, new)
        yield from (("verdict", *pair) for pair in _tables(file))
        yield from (("verdict", *pair) for pair in _columns(file, column))
        yield "verdict", "rows gone", _rows_gone(file, column, old)
        yield "verdict", "instance gone", _rows_gone(file, "instance", "1")
    for new in TRUTHS:
        yield "certificate", f"False -> {new!r}", cells("solvers.csv", "accepted", "False", new)
        yield "digits", f"False -> {new!r}", cells("real.csv", "holds", "False", new)
        yield "digits refused", f"{new!r}", cells("real.csv", "accepted", "False", new)
    yield from (("certificate", *pair) for pair in _tables("solvers.csv"))
    yield from (("certificate", *pair) for pair in _columns("solvers.csv", "accepted"))
    yield "certificate", "rows gone", _rows_gone("solvers.csv", "accepted", "False")
    yield from (("digits", *pair) for pair in _tables("real.csv"))
    yield from (("digits", *pair) for pair in _columns("real.csv", "holds"))
    for change in ("0.2", "1e999", "nan", "", "x", "-1"):
        yield "coverage", f"high {change!r}", cells("coverage.csv", "high", "0.6", change)
        yield "coverage", f"delta {change!r}", cells("coverage.csv", "delta", "0.05", change)
    yield from (("coverage", *pair) for pair in _columns("coverage.csv", "delta"))
    yield from (("coverage", *pair) for pair in _columns("coverage.csv", "high"))
    for name, forge in _tables("coverage.csv"):
        if name.split()[-1] not in ("removed", "renamed", "table", "capitals"):
            yield "coverage", name, forge
    for new in STATUSES:
        yield "cell", f"VIOLATED -> {new!r}", cells("results.parquet", "status", "VIOLATED", new)
    yield "cell", "no results", _gone("results.parquet")
    yield "cell", "no results, no part", _gone("results.parquet", "parts/000001.parquet")
    yield "cell", "no manifest", _gone("manifest.json")
    yield "cell", "rows gone", _parquet(lambda x: x[x["status"] != "VIOLATED"])
    yield "cell", "cell gone", _parquet(lambda x: x[x["cell"] == 0])
    yield "cell", "column gone", _parquet(lambda x: x.drop(columns="status"))
    yield "cell", "column gone everywhere", _parquet(lambda x: x.drop(columns="status"), True)
    yield "cell", "renamed", _parquet(lambda x: x.rename(columns={"status": "Status"}), True)
    yield "cell", "cells as text", _parquet(lambda x: x.astype({"cell": str}), True)
    yield "cell", "no selector", _parquet(lambda x: x.rename(columns={"selector": "who"}), True)
    yield "cell", "no text", _parquet(lambda x: x.assign(status=0), True)
    yield "cell", "none", _parquet(lambda x: x.assign(status=None), True)
    yield "cell", "bytes", _parquet(lambda x: x.assign(status=b"HOLDS"), True)
    yield "cell", "other cell", _parquet(lambda x: x.assign(cell=0), True)
    yield "cell", "not Parquet", _bytes("results.parquet", lambda content: b"PAR1" + content[9:])
    yield (
        "cell",
        "a damaged part",
        _both(
            _gone("results.parquet"), _bytes("parts/000001.parquet", lambda content: content[:50])
        ),
    )
    yield "cell", "rows.parquet", _moved("results.parquet", "rows.parquet")
    yield "cell", "capitals", _moved("results.parquet", "Results.PARQUET")


FORGED = list(_forgers())
# What a consistent other run would have written; digests and parts tell it, and nothing else does.
SIGNED_ONLY = {
    "rows gone": "a claim may not apply, and a solver not reach",
    "instance gone": "so of verdicts: no claim may apply to an instance",
}
