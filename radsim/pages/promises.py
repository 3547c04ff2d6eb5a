r"""What a run's manifest promises, and what of it is not there."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from radsim.documents import Manifest
from radsim.pages.failures import Failure
from radsim.reading import read_bytes

__all__ = ["broken_promises"]

TABLES = ("verdicts.csv", "solvers.csv", "real.csv")  # of every verification
ONE_ROW = ("real.csv", "coverage.csv")
RESULTS = "results.parquet"
# What only a run that keeps a manifest writes.
KEPT = (*TABLES, RESULTS)
MOST_SHOWN = 5


def broken_promises(
    folder: Path,
    manifest: Manifest | None,
    frames: Mapping[str, pd.DataFrame],
    parts: Mapping[int, pd.DataFrame],
) -> Iterator[Failure]:
    """What is missing of a run, or not as it was written.

    Parameters
    ----------
    folder : Path
    manifest : Manifest or None
    frames : mapping
        Name of a file -> its table.
    parts : mapping
        Place of a cell -> its rows.

    Yields
    ------
    Failure
    """
    for name in ONE_ROW:
        n_rows = len(frames[name]) if name in frames else 0
        if n_rows != 1 and (folder / name).exists():
            yield _said(f"{name} has {n_rows} rows that can be read, not 1")
    if manifest is None:
        found = [name for name in KEPT if name in frames]
        if found:
            words = f"manifest.json is missing: what {found[0]} should hold is not known"
            yield Failure(words, {})
    elif manifest.cells is None:
        yield from map(_said, _verification(folder, manifest, frames))
    else:
        yield from map(_said, _sweep(folder, manifest.cells, frames.get(RESULTS), parts))


def _said(words: str) -> Failure:
    return Failure(words, {})


def _verification(
    folder: Path, manifest: Manifest, frames: Mapping[str, pd.DataFrame]
) -> Iterator[str]:
    n = manifest.instances or 0
    for name in dict.fromkeys((*TABLES, *(manifest.files or {}))):
        if not (folder / name).exists():
            yield f"{name} is missing"
    for name, digest in (manifest.files or {}).items():
        try:
            content = read_bytes(folder / name, inside=folder)
        except (OSError, ValueError):
            continue  # said where it is read
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"{name} is not as the run wrote it"
    verdicts, solvers = frames.get("verdicts.csv"), frames.get("solvers.csv")
    for name, frame in (("verdicts.csv", verdicts), ("solvers.csv", solvers)):
        if n and frame is None and (folder / name).exists():
            yield f"{name} is empty, of {n} instances"
    if verdicts is not None:
        yield from _claims(verdicts, manifest.claims)
        yield from _whole(verdicts, ("instance", "claim"), "witness", "verdicts.csv")
    for name, frame in (("verdicts.csv", verdicts), ("solvers.csv", solvers)):
        if frame is not None and "instance" in frame.columns:
            there = set(frame["instance"].tolist())
            strange = [x for x in there if type(x) is not int or x >= n]
            yield from _some(strange, name, f"instances that are none of the {n}")
            if frame is solvers:
                missing = islice((k for k in range(n) if k not in there), MOST_SHOWN)
                yield from _some(missing, name, f"instances that are missing of the {n}")
    if solvers is not None:
        yield from _whole(solvers, ("instance",), "solver", "solvers.csv")


def _some(found: Iterable[Any], name: str, words: str) -> Iterator[str]:
    shown = sorted(map(str, found), key=lambda x: (len(x), x))
    if shown:
        more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
        yield f"{name}: {words}: {', '.join(shown[:MOST_SHOWN])}{more}"


def _claims(verdicts: pd.DataFrame, claims: list[str] | None) -> Iterator[str]:
    if claims is not None and "claim" in verdicts.columns:
        strange = set(map(str, verdicts["claim"])) - set(claims)
        yield from _some(strange, "verdicts.csv", "claims that the run was not to check")


def _whole(frame: pd.DataFrame, keys: tuple[str, ...], column: str, name: str) -> Iterator[str]:
    """Each instance (and claim) has every solver that another has, once."""
    if not {*keys, column} <= set(frame.columns):
        return
    places = list(zip(*(frame[key].tolist() for key in keys), strict=True))
    count = Counter(zip(places, frame[column].tolist(), strict=True))
    twice = {f"{'/'.join(map(str, place))}/{who}" for (place, who), n in count.items() if n > 1}
    yield from _some(twice, name, "rows that stand twice")
    everyone = set(frame[column].tolist())
    lacking = {
        f"{'/'.join(map(str, place))}/{who}"
        for place in set(places)
        for who in everyone
        if (place, who) not in count
    }
    yield from _some(lacking, name, "rows that are missing")


# --- Sweeps ---


def _sweep(
    folder: Path,
    cells: list[dict[str, Any]],
    results: pd.DataFrame | None,
    parts: Mapping[int, pd.DataFrame],
) -> Iterator[str]:
    yield from _some([k for k in parts if k >= len(cells)], "parts", "cells that are none")
    if results is None:
        if not parts and not (folder / RESULTS).exists():
            yield f"{RESULTS} is missing, and so are its parts"
        return
    if "cell" not in results.columns:
        yield f"{RESULTS}: column 'cell' is missing"
        return
    there = results["cell"].tolist()
    strange = {x for x in there if type(x) is not int or not 0 <= x < len(cells)}
    yield from _some(strange, RESULTS, f"cells that are none of the {len(cells)}")
    if (folder / RESULTS).exists():
        empty = {k for k, part in parts.items() if not len(part)}
        missing = set(range(len(cells))) - set(there) - empty
        yield from _some(missing, RESULTS, "cells that are missing")
        if parts and not missing and set(parts) >= set(range(len(cells))):
            yield from _same(results, [parts[k] for k in range(len(cells))])
    if "selector" in results.columns:  # rows of a study say some of these in their own way
        yield from _parameters(results, cells)


def _same(results: pd.DataFrame, parts: list[pd.DataFrame]) -> Iterator[str]:
    """The results are the parts, one after the other."""
    pieces = [part for part in parts if len(part)]
    if not pieces:
        return
    whole = pd.concat(pieces, ignore_index=True)
    again = pd.read_parquet(io.BytesIO(whole.to_parquet(index=False)))
    stored = pd.read_parquet(io.BytesIO(results.to_parquet(index=False)))
    if not again.equals(stored):
        yield f"{RESULTS} is not what its parts hold"


def _parameters(results: pd.DataFrame, cells: list[dict[str, Any]]) -> Iterator[str]:
    """Each row bears the parameters of its cell."""
    for key in cells[0] if cells else ():
        if key not in results.columns:
            yield f"{RESULTS}: column {key!r} is missing"
            continue
        wrong = {
            cell
            for cell, value in zip(results["cell"].tolist(), results[key].tolist(), strict=True)
            if type(cell) is int and cell < len(cells) and not _alike(cells[cell].get(key), value)
        }
        yield from _some(wrong, RESULTS, f"cells with another {key} than the manifest's")


def _alike(promised: Any, found: Any) -> bool:
    return promised == found or (promised is None and (found is None or found != found))
