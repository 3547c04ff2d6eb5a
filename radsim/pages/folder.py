r"""Read the folder of a run into one frozen value for its report.

Nobody says what kind of run it was: files and columns do.  `verdicts.csv` is a verification,
`results.parquet` a sweep (`rows.parquet` the same, abridged), saved failures are JSON; every other
table, picture or Markdown file is shown as it is.  The folder is not trusted: only regular files
within it are read, up to stated sizes, and what radsim would not have written is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from radsim.documents import (
    Manifest,
    SavedCheck,
    SavedGame,
    read_manifest,
    read_saved,
    read_versions,
)
from radsim.pages.checks import STATUSES, columns_of, disagreements, look, typed_frame
from radsim.pages.failures import WHO, Failure, failures
from radsim.pages.pictures import PICTURES, checked_picture, readable_width
from radsim.pages.promises import broken_promises
from radsim.pages.shown import RESULTS, Table, shown_tables
from radsim.pages.tables import MOST_CELLS, read_parquet, read_rows
from radsim.reading import read_bytes, read_text

__all__ = ["Failure", "Figure", "Run", "Table", "read_run"]

DOCUMENTS = ("manifest.json", "versions.json")
MOST_FILES = 2000  # of a folder, and of its parts
MOST_NOTE = 2**20  # bytes of a Markdown file
MOST_PICTURE = 16 * 2**20  # bytes
MOST_SAVED = 16 * 2**20  # bytes of a saved failure
MOST_SHOWN = 128 * 2**20  # bytes of all pictures and notes
Found = TypeVar("Found")
Content = TypeVar("Content", str, bytes)


@dataclass(frozen=True)
class Figure:
    """A picture of a run, with the CSV of its numbers where there is one."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    data: str = ""

    @property
    def wide(self) -> bool:
        """Whether half a page is too narrow for its letters: it gets a row of its own."""
        return readable_width(self.content, self.kind) > 480


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
    left_out : tuple of str
        What the page does not show, and why, a line each.
    untested : tuple of str
        Claims that the run was to check and that no instance tested.
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
    left_out: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """In words: how much failed, or that nothing did in what could be read."""
        if self.failures:
            return f"{len(self.failures)} failed"
        if not self.counts:
            return ""
        words = "Nothing failed in what is shown" if self.left_out else "Nothing failed"
        if self.inconclusive:
            words += f", {self.inconclusive} of {sum(self.counts.values())} inconclusive"
        if self.untested:
            words += f"; not tested, for want of an instance: {', '.join(self.untested)}"
        return words

    @property
    def inconclusive(self) -> int:
        """Checks that came to no verdict."""
        return self.counts.get("UNDECIDED", 0)

    @property
    def state(self) -> str:
        """Colour of the page: "bad", "unsure" if anything is open or left out, or "good"."""
        if self.failures:
            return "bad"
        return "unsure" if self.left_out or self.inconclusive or self.untested else "good"


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
        If it is no folder, holds nothing to show, or its manifest or versions are not radsim's;
        names the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     frame = pd.DataFrame({"claim": ["V1", "V3"], "status": ["HOLDS", "VIOLATED"]})
    ...     frame.to_csv(Path(place) / "mine.csv", index=False)
    ...     run = read_run(Path(place))
    >>> run.kind, dict(run.counts), [failure.title for failure in run.failures]
    ('run', {'HOLDS': 1, 'VIOLATED': 1}, ['VIOLATED in mine.csv'])
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder")
    files, left_out = _files(folder)
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        manifest = None
    versions = read_versions(folder)
    cells = [] if manifest is None else manifest.cells or []
    reader = _Reader(folder, left_out)
    frames = dict(reader.tables(files, cells))
    parts = reader.parts(folder)
    if RESULTS[0] not in frames and parts and not (folder / RESULTS[0]).exists():
        frames[RESULTS[0]] = pd.concat(parts.values(), ignore_index=True)
    saved = dict(reader.saved(files))
    figures, notes = tuple(reader.figures(files)), tuple(reader.notes(files))
    results = next((frames[name] for name in RESULTS if name in frames), None)
    said = (
        *reader.faults,
        *broken_promises(folder, manifest, frames, parts),
        *failures(folder, frames, results, saved, manifest),
    )
    if not (frames or saved or figures or notes or said or left_out):
        raise ValueError(f"{folder}: holds no tables, pictures, notes or failures")
    facts = {} if manifest is None else _facts(manifest)
    if cells:
        done = len(parts)
        unfinished = done < len(cells) and not (folder / RESULTS[0]).exists()
        # Of a run that was kept without its parts there is nothing to count.
        facts["cells"] = f"{done} of {len(cells)} so far" if unfinished else len(cells)
        if unfinished:
            left_out.append(f"{len(cells) - done} cells of {len(cells)}: not computed so far")
    return Run(
        name=folder.resolve().name,
        kind=_kind(frames, results),
        facts=facts,
        versions=tuple(versions),
        counts=_counts(frames),
        failures=said,
        notes=notes,
        figures=figures,
        tables=tuple(shown_tables(frames)),
        left_out=tuple(left_out),
        untested=_untested(manifest, frames.get("verdicts.csv")),
    )


def _untested(manifest: Manifest | None, verdicts: pd.DataFrame | None) -> tuple[str, ...]:
    """Claims of a verification without a verdict; of one without instances nothing is said."""
    if manifest is None or not manifest.instances or not manifest.claims:
        return ()
    found = set() if verdicts is None else set(verdicts.get("claim", pd.Series(dtype=object)))
    return tuple(claim for claim in manifest.claims if claim not in found)


def _kind(frames: Mapping[str, pd.DataFrame], results: pd.DataFrame | None) -> str:
    if "verdicts.csv" in frames:
        return "verification"
    if results is not None and set(WHO) & set(results.columns):
        return "simulation" if "selector" in results.columns else "distillation"
    return "run"


def _facts(manifest: Manifest) -> dict[str, Any]:
    facts: dict[str, Any] = {"seed": manifest.seed}
    if manifest.instances is not None:
        facts["instances"] = manifest.instances
    if manifest.claims is not None:
        facts["claims"] = ", ".join(manifest.claims)
    return facts


def _files(folder: Path) -> tuple[list[Path], list[str]]:
    """What stands in a folder, in order; too much of it is left out."""
    found = sorted(folder / entry.name for entry in os.scandir(folder))
    rest = len(found) - MOST_FILES
    left_out = [f"{rest} files more than the {MOST_FILES} that a page is made of"]
    return found[:MOST_FILES], left_out if rest > 0 else []


class _Reader:
    """Reads files of a folder; `faults` and `left_out` gather what could not be read."""

    def __init__(self, folder: Path, left_out: list[str]) -> None:
        self.folder, self.left_out = folder, left_out
        self.faults: list[Failure] = []
        self.n_cells = self.n_bytes = 0  # of what is kept

    def _kept(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A table, if there is room for it beside those before it."""
        if self.n_cells + frame.size > MOST_CELLS:
            raise ValueError(f"tables of more than {MOST_CELLS:,} cells in all")
        self.n_cells += frame.size
        return frame

    def _shown(self, content: Content) -> Content:
        """A picture or note, if there is room for it beside those before it."""
        if self.n_bytes + len(content) > MOST_SHOWN:
            raise ValueError(f"pictures and notes of more than {MOST_SHOWN // 2**20} MiB in all")
        self.n_bytes += len(content)
        return content

    def _rows(self, path: Path) -> pd.DataFrame | None:
        found = read_rows(path, self.folder)
        return None if found is None else self._kept(found)

    def _parquet(self, path: Path) -> pd.DataFrame:
        return self._kept(read_parquet(path, self.folder))

    def _picture(self, path: Path) -> bytes:
        content = read_bytes(path, MOST_PICTURE, self.folder)
        return self._shown(checked_picture(content, path.suffix))

    def _note(self, path: Path) -> str:
        return self._shown(read_text(path, MOST_NOTE, self.folder))

    def _saved(self, path: Path) -> SavedGame | SavedCheck:
        """A saved failure without its numbers, which the page does not show."""
        found = read_saved(path, self.folder, MOST_SAVED)
        names = ("gains", "harms", "probabilities", "features", "labels", "inclusion", "game")
        fields = type(found).model_fields
        return found.model_copy(update={name: None for name in names if name in fields})

    def _read(self, path: Path, read: Callable[[Path], Found], needed: bool) -> Found | None:
        """What is read; if it cannot be, that is a failure of what is needed, or left out."""
        try:
            return read(path)
        except OSError as error:
            words = str(error.strerror)
        except ValueError as error:
            words = str(error).removeprefix(f"{path}: ")
        if needed:
            self.faults.append(Failure(f"{path.name} cannot be read: {words}", {}))
        else:
            self.left_out.append(f"{path.name}: {words}")
        return None

    def tables(
        self, files: list[Path], cells: list[dict[str, Any]]
    ) -> Iterator[tuple[str, pd.DataFrame]]:
        """Tables by file name; what they should not hold is a fault."""
        for path in files:
            suffix = path.suffix.lower()
            if suffix == ".csv":
                raw = self._read(path, self._rows, True)
                if raw is None:
                    continue
                columns = columns_of(path.name, raw.columns, cells)
                frame = typed_frame(raw, columns)
            elif suffix == ".parquet":
                found = self._read(path, self._parquet, True)
                if found is None or not len(found.columns):
                    continue
                frame, columns = found, columns_of(path.name, found.columns, cells)
            else:
                continue
            for words in (*look(frame, columns), *disagreements(path.name, frame)):
                self.faults.append(Failure(f"{path.name}: {words}", {}))
            yield path.name, frame

    def parts(self, folder: Path) -> dict[int, pd.DataFrame]:
        """Finished cells of a sweep by their places."""
        found: dict[int, pd.DataFrame] = {}
        place = folder / "parts"
        if not place.is_dir():
            return found
        if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder)):
            self.left_out.append("parts: a link out of the folder")
            return found
        files, rest = _files(place)
        self.left_out += [f"parts: {words}" for words in rest]
        for path in files:
            if path.suffix != ".parquet":
                continue
            if not (path.stem.isascii() and path.stem.isdecimal()):
                self.faults.append(Failure(f"parts/{path.name} is no part of a sweep", {}))
                continue
            frame = self._read(path, self._parquet, True)
            if frame is None:
                continue
            found[int(path.stem)] = frame
        return found

    def saved(self, files: list[Path]) -> Iterator[tuple[Path, SavedGame | SavedCheck]]:
        """Saved failures; a document that is none is left out, a damaged one is a fault."""
        ours = ("failed-", "claim-", "selector-", "solver-", "design-")
        for path in files:
            if path.suffix.lower() != ".json" or path.name in DOCUMENTS:
                continue
            found = self._read(path, self._saved, path.name.startswith(ours))
            if found is not None:
                yield path, found

    def figures(self, files: list[Path]) -> Iterator[Figure]:
        """Pictures; of one that is there as SVG and PNG the first."""
        names = {path.name for path in files}
        stems = {path.stem for path in files if path.suffix == ".svg"}
        for suffix, kind in PICTURES.items():
            for path in files:
                if path.suffix != suffix or (suffix != ".svg" and path.stem in stems):
                    continue
                content = self._read(path, self._picture, False)
                if content is not None:
                    data = f"{path.stem}.csv"
                    yield Figure(path.stem, kind, content, data if data in names else "")

    def notes(self, files: list[Path]) -> Iterator[tuple[str, str]]:
        """Markdown files, the report of a study first."""
        for path in sorted(files, key=lambda path: (path.name != "report.md", path.name)):
            if path.suffix == ".md":
                text = self._read(path, self._note, False)
                if text is not None:
                    yield path.name, text


def _counts(frames: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Checks by status over all tables that have one; the plainest statuses come first."""
    counts = dict.fromkeys(STATUSES, 0)
    for frame in frames.values():
        if "status" in frame.columns:
            for status in frame["status"].tolist():
                if type(status) is str and status in counts:
                    counts[status] += 1
    return {status: count for status, count in counts.items() if count}
