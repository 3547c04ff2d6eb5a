r"""Read the folder of a run into one frozen value for its report.

Nobody says what kind of run it was: files and columns do.  `verdicts.csv` is a verification,
`results.parquet` a sweep (`rows.parquet` the same, abridged), saved failures are JSON; every other
table, picture or Markdown file is shown as it is.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["Failure", "Figure", "Run", "Table", "read_run"]

PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}
# The rows of a sweep, and of a study that was kept without its store.
RESULTS = ("results.parquet", "rows.parquet")
# Columns by which a sweep of selectors is averaged, whichever is there.
WHO = ("selector", "strategy")


@dataclass(frozen=True, eq=False)
class Table:
    """A frame under a title; `source` is the file that it came from."""

    title: str
    frame: pd.DataFrame
    source: str = ""
    same: Mapping[str, Any] = field(default_factory=dict)  # columns with one value throughout


@dataclass(frozen=True)
class Failure:
    """A failure of a run: what failed, the facts, and the command that replays it."""

    title: str
    facts: Mapping[str, Any]
    command: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture of a run, with the CSV of its numbers where there is one."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    data: str = ""

    @property
    def wide(self) -> bool:
        """Whether a PNG is nearly twice as wide as high or more: it gets a row of its own."""
        if self.kind != "image/png":
            return False
        width, height = (int.from_bytes(self.content[k : k + 4], "big") for k in (16, 20))
        return width > 1.9 * height


@dataclass(frozen=True)
class Run:
    """All that the report of a folder shows.

    Attributes
    ----------
    name : str
    kind : str
        "verification", "simulation", "distillation" or "run".
    facts : mapping
        Seed, number of instances or cells, and the like.
    versions : tuple of mapping
        Library versions that the run recorded, one mapping an environment it was run in.
    counts : mapping
        Status -> number of checks.
    failures, notes, figures, tables : tuple
        Notes are pairs of a file's name and its Markdown.
    """

    name: str
    kind: str
    facts: Mapping[str, Any]
    versions: tuple[Mapping[str, str], ...]
    counts: Mapping[str, int]
    failures: tuple[Failure, ...]
    notes: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]


def read_run(folder: Path) -> Run:
    """Read the folder of a `radsim verify`, `simulate` or `distill` run.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If it is no folder, holds nothing to show, or a file in it cannot be read; names the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     frame = pd.DataFrame({"claim": ["V1", "V3"], "status": ["HOLDS", "VIOLATED"]})
    ...     frame.assign(instance=[0, 1]).to_csv(Path(place) / "verdicts.csv", index=False)
    ...     run = read_run(Path(place))
    >>> run.kind, dict(run.counts), len(run.failures)
    ('verification', {'HOLDS': 1, 'VIOLATED': 1}, 1)
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder")
    frames = dict(_frames(folder))
    manifest = _json(folder / "manifest.json", {})
    cells = manifest.get("cells", [])
    results = _results(frames)
    kind = "run"
    if "verdicts.csv" in frames:
        kind = "verification"
    elif results is not None and set(WHO) & set(results.columns):
        kind = "simulation" if "selector" in results.columns else "distillation"
    saved = {path: found for path in sorted(folder.glob("*.json")) if (found := _saved(path))}
    figures, notes = tuple(_figures(folder)), tuple(_notes(folder))
    if not (frames or saved or figures or notes):
        raise ValueError(f"{folder}: holds no tables, pictures, notes or failures")
    facts: dict[str, Any] = {
        key: x if isinstance(x, str | int | float) else ", ".join(map(str, x))
        for key, x in manifest.items()
        if key != "cells"
    }
    if cells:
        done = len(list((folder / "parts").glob("*.parquet")))
        facts["cells"] = len(cells) if done == len(cells) else f"{done} of {len(cells)} so far"
    versions = _json(folder / "versions.json", [])
    return Run(
        name=folder.resolve().name,
        kind=kind,
        facts=facts,
        versions=tuple(versions),
        counts=_counts(frames),
        failures=tuple(_failures(folder, frames, saved, manifest)),
        notes=notes,
        figures=figures,
        tables=tuple(_tables(frames)),
    )


def _json(path: Path, otherwise: Any) -> Any:
    if not path.exists():
        return otherwise
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(found, type(otherwise)):
        raise ValueError(f"{path}: not a JSON {type(otherwise).__name__}")
    return found


def _frames(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Tables of the folder by file name; the parts of an unfinished sweep stand for its results."""
    for path in sorted((*folder.glob("*.parquet"), *folder.glob("*.csv"))):
        try:
            read = pd.read_parquet if path.suffix == ".parquet" else pd.read_csv
            frame = read(path)
        except pd.errors.EmptyDataError:
            continue
        except Exception as error:
            raise ValueError(f"{path}: {error}") from None
        if len(frame.columns):
            yield path.name, frame
    parts = sorted((folder / "parts").glob("*.parquet"))
    if parts and not (folder / "results.parquet").exists():
        yield "results.parquet", pd.concat([pd.read_parquet(path) for path in parts])


def _results(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    return next((frames[name] for name in RESULTS if name in frames), None)


def _saved(path: Path) -> dict[str, Any] | None:
    """The document of a saved failure: of an instance, or of a check of `radsim.testing`."""
    try:
        found = json.loads(path.read_text())
    except ValueError:
        return None
    return found if isinstance(found, dict) and ("check" in found or "gains" in found) else None


def _figures(folder: Path) -> Iterator[Figure]:
    stems = {path.stem for path in folder.glob("*.svg")}
    for suffix, kind in PICTURES.items():
        for path in sorted(folder.glob(f"*{suffix}")):
            if suffix == ".svg" or path.stem not in stems:
                data = path.with_suffix(".csv")
                yield Figure(path.stem, kind, path.read_bytes(), data.name * data.exists())


def _notes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.md"), key=lambda path: (path.name != "report.md", path.name)):
        yield path.name, path.read_text()


def _counts(frames: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Checks by status over all tables that have one; the plainest statuses come first."""
    counts = dict.fromkeys(("HOLDS", "VIOLATED", "UNDECIDED"), 0)
    for frame in frames.values():
        if "status" in frame.columns:
            for status, count in frame["status"].dropna().value_counts().items():
                if status:
                    counts[str(status)] = counts.get(str(status), 0) + int(count)
    return {status: count for status, count in counts.items() if count}


def _failures(
    folder: Path,
    frames: Mapping[str, pd.DataFrame],
    saved: Mapping[Path, Mapping[str, Any]],
    manifest: Mapping[str, Any],
) -> Iterator[Failure]:
    by_index = {found.get("index"): path for path, found in saved.items() if "gains" in found}
    seed = manifest.get("seed")

    def replay(index: Any) -> str:
        if index in by_index:
            return f"radsim verify --replay {shlex.quote(str(by_index[index]))}"
        return "" if seed is None else f"radsim verify --instances {index + 1} --seed {seed}"

    verdicts = _where(frames.get("verdicts.csv"), "status", "VIOLATED")
    refusals = _where(frames.get("solvers.csv"), "accepted", False)
    for row in verdicts:
        index = row["instance"]
        title = f"{row.get('claim', 'a claim')} is violated on instance {index}"
        yield Failure(title, _without(row, "claim", "instance", "status"), replay(index))
    for row in refusals:
        index = row["instance"]
        title = f"{row['solver']}'s certificate is refused on instance {index}"
        yield Failure(title, _without(row, "solver", "instance", "accepted"), replay(index))
    for row in _where(frames.get("real.csv"), "holds", False):
        command = "" if seed is None else f"radsim verify --instances 0 --seed {seed}"
        title = "RAD earns less than its guarantee on digits"
        if not row.get("accepted", True):
            title = "the certificate on digits is refused"
        yield Failure(title, row, command)
    for row in _where(_results(frames), "status", "VIOLATED"):
        who = next((row[name] for name in WHO if name in row), "a selector")
        command = ""
        if "cell" in row and "teacher" in row and "design" in row:
            command = f"radsim simulate --out {shlex.quote(str(folder))} --replay {row['cell']}"
        yield Failure(f"{who}'s guarantee is violated in cell {row.get('cell')}", row, command)
    for row in frames.get("coverage.csv", pd.DataFrame()).to_dict("records"):
        if {"high", "delta"} <= set(row) and row["high"] < 1 - row["delta"]:
            yield Failure("the bound on m covers less often than promised", row)
    shown = {row["instance"] for row in (*verdicts, *refusals)}
    for path, found in saved.items():
        command = f"radsim verify --replay {shlex.quote(str(path))}"
        if "check" in found:
            words = {key: x for key, x in found.items() if isinstance(x, str | int | float)}
            yield Failure(f"check {found['check']} failed", words, command)
        elif found.get("index") not in shown:
            yield Failure(f"failed instance {found.get('index')}", {"file": path.name}, command)


def _where(frame: pd.DataFrame | None, column: str, value: Any) -> list[dict[str, Any]]:
    if frame is None or column not in frame.columns:
        return []
    return [dict(row) for row in frame[frame[column] == value].to_dict("records")]


def _without(row: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    return {key: x for key, x in row.items() if key not in left_out}


def _tables(frames: Mapping[str, pd.DataFrame]) -> Iterator[Table]:
    """The main tables first, a long one of selectors after its means."""
    first = ("coverage.csv", "real.csv", "scorecard.csv", *RESULTS, "verdicts.csv")
    if RESULTS[0] in frames:
        frames = {name: frame for name, frame in frames.items() if name != RESULTS[1]}
    for name in sorted(
        frames, key=lambda name: (first.index(name) if name in first else len(first), name)
    ):
        frame = frames[name]
        if "status" in frame.columns:  # failures first, in the order of the file otherwise
            frame = frame.sort_values(
                "status", key=lambda column: column != "VIOLATED", kind="stable"
            )
        who = next((column for column in WHO if column in frame.columns), None)
        if name in RESULTS and who is not None:
            yield Table(f"Means by {who}", _means(frame, who), name)
        same = {
            str(column): frame[column].iloc[0]
            for column in frame.columns
            if len(frame) > 1 and frame[column].nunique(dropna=False) == 1
        }
        yield Table(Path(name).stem, frame.drop(columns=list(same)), name, same)


def _means(frame: pd.DataFrame, who: str) -> pd.DataFrame:
    """Means by selector of all numbers but settings: what is the same throughout a cell."""
    cells = frame["cell"] if "cell" in frame.columns else pd.Series(0, index=frame.index)
    numeric = [
        column
        for column in frame.select_dtypes("number").columns
        if column != "seed" and frame.groupby(cells)[column].nunique().max() > 1
    ]
    grouped = frame.groupby(who, sort=False)
    return grouped[numeric].mean().assign(rows=grouped.size()).reset_index()
