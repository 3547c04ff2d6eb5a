r"""The folder of a sweep: what lies in it, and how each part of it is known to be what it should.

`manifest.json` holds the seed and the cells, `parts/000007.parquet` the rows of cell 7 with a label
in its metadata (cell, parameters, seed, code, digest of the rows), `results.parquet` all rows, and
`timings.csv` what was measured of the machine, which is the same in no two runs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from radsim.documents import MOST_PLAN, Manifest, checked, read_manifest
from radsim.extras import needed
from radsim.reading import parsed, read_text
from radsim.runs.locks import LOCK_FILES
from radsim.writing import clear, is_leftover, probe_file, write_whole

__all__ = [
    "MANIFEST",
    "PARTS",
    "RESULTS",
    "TIMINGS",
    "Plan",
    "begin",
    "check_plan",
    "found_parts",
    "open_store",
    "read_part",
    "read_timings",
    "write_part",
    "write_results",
    "write_timings",
]

MANIFEST, PARTS, RESULTS, TIMINGS = "manifest.json", "parts", "results.parquet", "timings.csv"
LABEL = b"radsim"  # key of our metadata in a Parquet file
LAYOUT = 1  # of the parts; another one has them computed again
SHOWN = 3  # names in a line; of more their number is said


@dataclass(frozen=True)
class Plan:
    """What a sweep computes.

    Attributes
    ----------
    seed : int
    cells : tuple of dicts
    code : str
        What computes them; see `code.code_of`.
    """

    seed: int
    cells: tuple[Mapping[str, Any], ...]
    code: str

    def text(self) -> str:
        """The manifest: seed and cells."""
        return json.dumps({"seed": self.seed, "cells": self.cells}, indent=1, sort_keys=True) + "\n"

    def label(self, index: int) -> dict[str, Any]:
        """What the part of a cell says of itself, its rows left out."""
        cell = json.loads(json.dumps(self.cells[index]))
        known = {"cell": index, "parameters": cell, "seed": self.seed}
        return known | {"code": self.code, "layout": LAYOUT}


def check_plan(plan: Plan) -> None:
    """Refuse cells that would not be read again from the manifest as they are.

    Raises
    ------
    ValueError
        Naming the cell, the parameter and the value.
    """
    try:
        text = plan.text()
    except (TypeError, ValueError) as error:
        raise ValueError(f"cells must hold JSON values: {error}") from None
    if len(text) > MOST_PLAN:
        raise ValueError(f"cells must take at most {MOST_PLAN} characters as JSON, has {len(text)}")
    checked(Manifest, parsed(text))


def part_path(folder: Path, index: int) -> Path:
    """Where the rows of a cell lie."""
    return folder / PARTS / f"{index:06d}.parquet"


# ---------------------------------------------------------------- the folder


def open_store(folder: Path, plan: Plan, resume: bool) -> None:
    """Refuse a folder that is not this sweep's, before anything in it is touched.

    Raises
    ------
    ValueError
        If it holds another sweep, this one and `resume` is False, parts without a manifest, or
        anything else.
    OSError
        If something in it cannot be read or could not be written.
    """
    manifest = folder / MANIFEST
    if manifest.exists():
        if not resume:
            raise ValueError(f"{folder} holds a sweep already; resume it or name another folder")
        if read_text(manifest, inside=folder) != plan.text():
            raise ValueError(f"{folder} holds another sweep: {_difference(folder, plan)}")
    elif folder.exists():
        known = {x.name for x in folder.iterdir()} - LOCK_FILES
        found = sorted(name for name in known if not is_leftover(name))
        if PARTS in found and not _is_empty(folder / PARTS):
            raise ValueError(
                f"{folder} holds parts but no {MANIFEST}, so nothing says of what; "
                "put it back, or name another folder"
            )
        if [name for name in found if name not in (PARTS, "versions.json")]:
            raise ValueError(f"{folder} is not empty and holds no sweep")
    if folder.exists():
        probe_file(folder / RESULTS)
        _check_names(folder / PARTS, len(plan.cells))


def begin(folder: Path, plan: Plan) -> None:
    """Write the manifest, and clear away what a killed run left half-written."""
    if not (folder / MANIFEST).exists():
        write_whole(folder / MANIFEST, plan.text())
    (folder / PARTS).mkdir(exist_ok=True)
    for place in (folder, folder / PARTS):
        clear(place)


def _is_empty(parts: Path) -> bool:
    return parts.is_dir() and all(is_leftover(x.name) for x in parts.iterdir())


def _check_names(parts: Path, n_cells: int) -> None:
    if not parts.exists():
        return
    if not parts.is_dir():
        raise ValueError(f"{parts} is no folder")
    for path in sorted(parts.iterdir()):
        if is_leftover(path.name):
            continue
        if not _is_part(path.name, n_cells):
            raise ValueError(f"{path} is no part of this sweep; move it away")
        if not path.is_file():
            raise ValueError(f"{path} is no file; move it away")


def _is_part(name: str, n_cells: int) -> bool:
    found = re.fullmatch(r"([0-9]{6,})\.parquet", name, re.ASCII)
    return found is not None and int(found[1]) < n_cells and name == f"{int(found[1]):06d}.parquet"


def _difference(folder: Path, plan: Plan) -> str:
    """Say what is not the same in two plans."""
    there = read_manifest(folder)
    if there.cells is None:
        return "a verification"
    if there.seed != plan.seed:
        return f"seed {there.seed}, not {plan.seed}"
    cells = json.dumps(there.cells, sort_keys=True)
    digest = hashlib.sha256(cells.encode()).hexdigest()[:12]
    return f"{len(there.cells)} cells ({digest}), not these {len(plan.cells)}"


# ---------------------------------------------------------------- parts


def write_part(folder: Path, plan: Plan, index: int, frame: pd.DataFrame) -> None:
    """Write the rows of a cell, with the label by which they are known again."""
    table = needed("pyarrow").Table.from_pandas(frame, preserve_index=False)
    label = plan.label(index) | {"rows": _digest(table)}
    write_whole(part_path(folder, index), _packed(table, label))


def write_results(folder: Path, plan: Plan, frame: pd.DataFrame) -> None:
    """Write all rows, with the seed and the code that they come from."""
    table = needed("pyarrow").Table.from_pandas(frame, preserve_index=False)
    write_whole(folder / RESULTS, _packed(table, {"seed": plan.seed, "code": plan.code}))


def _packed(table: Any, label: Mapping[str, Any]) -> bytes:
    metadata = {**(table.schema.metadata or {}), LABEL: json.dumps(label, sort_keys=True).encode()}
    sink = BytesIO()
    needed("pyarrow.parquet").write_table(table.replace_schema_metadata(metadata), sink)
    return sink.getvalue()


def read_part(folder: Path, plan: Plan, index: int) -> pd.DataFrame | str:
    """Rows of a cell, or in words why they have to be computed again.

    Raises
    ------
    ValueError
        If the part is somebody else's: of another cell, seed or parameters, or of no sweep.
    """
    path = part_path(folder, index)
    data = path.read_bytes()
    pa, pq = needed("pyarrow"), needed("pyarrow.parquet")
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        frame = table.to_pandas()
    except Exception:  # whatever pyarrow says of bytes that are no Parquet file, or half of one
        return "damaged"
    label, wanted = _label(table), plan.label(index)
    for key in ("cell", "seed", "parameters"):
        if key not in label:
            raise ValueError(f"{path} does not say what it holds; move it away")
        if _text(label[key]) != _text(wanted[key]):
            there = f"{key} {_text(label[key])}, not {_text(wanted[key])}"
            raise ValueError(f"{path} holds {there}; move it away")
    if label.get("code") != wanted["code"] or label.get("layout") != wanted["layout"]:
        return "of another version of the code"
    return frame if label.get("rows") == _digest(table) else "damaged"


def _label(table: Any) -> dict[str, Any]:
    try:
        found = json.loads((table.schema.metadata or {})[LABEL])
    except (KeyError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)  # in which 1 is not 1.0 nor True, and NaN is NaN


def _digest(table: Any) -> str:
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(repr((name, column.to_pylist())).encode())
    return digest.hexdigest()


def found_parts(folder: Path, plan: Plan) -> tuple[dict[int, pd.DataFrame], list[str]]:
    """Rows of the cells that are done, and a line on each kind of part that is not to be used."""
    done: dict[int, pd.DataFrame] = {}
    poor: dict[str, list[str]] = {}
    for index in range(len(plan.cells)):
        if part_path(folder, index).exists():
            found = read_part(folder, plan, index)
            if isinstance(found, str):
                poor.setdefault(found, []).append(str(part_path(folder, index)))
            else:
                done[index] = found
    return done, [_line(words, names) for words, names in poor.items()]


def _line(words: str, names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    named = ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{named}: {words}; computed again"


# ---------------------------------------------------------------- timings


def read_timings(folder: Path) -> pd.DataFrame:
    """What was measured so far; nothing if that cannot be read, for no result hangs on it."""
    try:
        found = pd.read_csv(folder / TIMINGS)
    except (OSError, ValueError):
        return pd.DataFrame({"cell": []})
    return found if "cell" in found else pd.DataFrame({"cell": []})


def write_timings(folder: Path, pieces: Sequence[pd.DataFrame]) -> None:
    """Write what was measured, in the order of the cells."""
    full = [piece for piece in pieces if len(piece)]
    if full:
        rows = pd.concat(full, ignore_index=True).sort_values("cell", kind="stable")
        write_whole(folder / TIMINGS, rows.to_csv(index=False))
