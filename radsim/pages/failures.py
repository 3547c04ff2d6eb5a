r"""Failures of a run, out of its tables and saved cases, with the commands that replay them.

A command is made of checked whole numbers and of paths that are there, quoted for a shell; it runs
radsim's own code and no other.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from radsim.claims import CLAIMS
from radsim.documents import Manifest, SavedCheck, SavedGame

__all__ = ["WHO", "Failure", "command", "failures", "from_saved"]

# Columns by which a sweep of selectors is averaged, whichever is there.
WHO = ("selector", "strategy")


@dataclass(frozen=True)
class Failure:
    """A failure of a run: what failed, the facts, and the command that replays it."""

    title: str
    facts: Mapping[str, Any]
    command: str = ""


def command(*words: object) -> str:
    r"""A line for a shell; empty if a word cannot be shown as it is, and so not be copied.

    Parameters
    ----------
    *words : object
        A path that begins with a dash is written as one.

    Returns
    -------
    str

    Examples
    --------
    >>> command("radsim", "report", Path("-rf $(touch X)"))
    "radsim report './-rf $(touch X)'"
    >>> command("radsim", "report", Path("two\nlines"))
    ''
    """
    texts = [f"./{x}" if isinstance(x, Path) and str(x).startswith("-") else str(x) for x in words]
    return shlex.join(texts) if all(text.isprintable() for text in texts) else ""


def _is_count(x: Any) -> bool:
    return type(x) is int and x >= 0


def _rows(frame: pd.DataFrame | None, column: str, value: Any) -> list[dict[str, Any]]:
    if frame is None or column not in frame.columns:
        return []
    found = frame[[x is value or x == value for x in frame[column].tolist()]]
    return [{str(key): x for key, x in row.items()} for row in found.to_dict("records")]


def _without(row: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    return {key: x for key, x in row.items() if key not in left_out}


def failures(
    folder: Path,
    frames: Mapping[str, pd.DataFrame],
    results: pd.DataFrame | None,
    saved: Mapping[Path, SavedGame | SavedCheck],
    manifest: Manifest | None,
) -> Iterator[Failure]:
    """What the tables and saved cases of a folder say has failed.

    Parameters
    ----------
    folder : Path
    frames : mapping
        Name of a file -> its table.
    results : pandas.DataFrame or None
        Of a sweep.
    saved : mapping
        Path -> the document.
    manifest : Manifest or None

    Yields
    ------
    Failure
    """
    games = {path: found for path, found in saved.items() if isinstance(found, SavedGame)}
    # The instance as it was drawn, rather than the smallest game on which it still fails.
    longest_first = sorted(games, key=lambda path: len(path.stem), reverse=True)
    by_index = {games[path].index: path for path in longest_first}
    smallest = {path.stem: path for path in games}
    n = 0 if manifest is None or manifest.instances is None else manifest.instances

    def replay(index: Any) -> str:
        if index in by_index:
            return command("radsim", "verify", "--replay", by_index[index])
        if manifest is None or not _is_count(index) or index >= n:
            return ""
        return command("radsim", "verify", "--instances", index + 1, "--seed", manifest.seed)

    verdicts = _rows(frames.get("verdicts.csv"), "status", "VIOLATED")
    refusals = _rows(frames.get("solvers.csv"), "accepted", False)
    for row in verdicts:
        index = row.get("instance")
        title = f"{row.get('claim', 'a claim')} is violated on instance {index}"
        claim = row.get("claim")
        path = smallest.get(f"failed-{index}-{claim}")
        again = replay(index)
        if claim in CLAIMS and path is not None:
            again = command("radsim", "verify", "--claims", claim, "--replay", path)
        yield Failure(title, _without(row, "claim", "instance", "status"), again)
    for row in refusals:
        index = row.get("instance")
        title = f"{row.get('solver', 'a solver')}'s certificate is refused on instance {index}"
        yield Failure(title, _without(row, "solver", "instance", "accepted"), replay(index))
    for row in _rows(frames.get("real.csv"), "holds", False):
        again = ""
        if manifest is not None:
            again = command("radsim", "verify", "--instances", 0, "--seed", manifest.seed)
        title = "RAD earns less than its guarantee on digits"
        if row.get("accepted") is not True:
            title = "the certificate on digits is refused"
        yield Failure(title, row, again)
    for row in _rows(results, "status", "VIOLATED"):
        who = next((row[name] for name in WHO if name in row), "a selector")
        cells = [] if manifest is None else manifest.cells or []
        again, cell = "", row.get("cell", -1)
        if _is_count(cell) and cell < len(cells) and "teacher" in row and "design" in row:
            again = command("radsim", "simulate", "--out", folder, "--replay", cell)
        yield Failure(f"{who}'s guarantee is violated in cell {cell}", row, again)
    for row in frames.get("coverage.csv", pd.DataFrame()).to_dict("records"):
        high, delta = row.get("high"), row.get("delta")
        if type(high) is float and type(delta) is float and high < 1 - delta:
            facts = {str(key): x for key, x in row.items()}
            yield Failure("the bound on m covers less often than promised", facts)
    for name, frame in frames.items():
        if name != "verdicts.csv" and frame is not results:
            for row in _rows(frame, "status", "VIOLATED"):
                yield Failure(f"VIOLATED in {name}", row)
    shown = {row.get("instance") for row in (*verdicts, *refusals)}
    for path, found in saved.items():
        if isinstance(found, SavedCheck) or found.index not in shown:
            yield from_saved(path, found)


def from_saved(path: Path, found: SavedGame | SavedCheck) -> Failure:
    """A saved case as a failure.

    Parameters
    ----------
    path : Path
    found : SavedGame or SavedCheck

    Returns
    -------
    Failure
    """
    again = command("radsim", "verify", "--replay", path)
    if isinstance(found, SavedGame):
        return Failure(f"failed instance {found.index}", {"file": path.name}, again)
    facts: dict[str, Any] = {
        "kind": found.kind,
        "subject": found.subject,
        "seed": found.seed,
        "profile": found.profile,
        "words": found.words,
        "file": path.name,
    }
    if found.address is None or found.address.row is None:
        facts["to replay it, add"] = f"--{found.kind} FILE.py:NAME, the function that you mean"
    return Failure(f"check {found.check} failed", facts, again)
