r"""Benchmarks that were saved: read again, strictly, and compared; and as tables."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from radsim.analysis.bench import SCHEMA, Bench, Timing
from radsim.analysis.turns import BASELINE
from radsim.door import count, number, steady

__all__ = ["changes", "frame_of", "read_bench"]


def frame_of(found: Bench) -> Any:
    """A benchmark as a table: a row for each method and size, as `timings` gives.

    Parameters
    ----------
    found : Bench

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    AttributeError
        If it is no benchmark.

    Examples
    --------
    >>> row = Timing("closed_form", 9, (1.0,), 0.25, 0.5, 0.25, 0.0, True, "")
    >>> frame_of(Bench({}, {}, (row,)))["seconds"].tolist()
    [1.0]
    """
    import pandas as pd  # slow to import: most who ask for a benchmark need no table

    names = ["method", "n", "seconds", "gap", "accepted", "game", "solve", "inclusion", "why"]
    rows = [[getattr(row, name) for name in names] for row in found.timings]
    return pd.DataFrame(rows, columns=names)


def read_bench(path: str | Path) -> Bench:
    """Read a benchmark that was saved; a file of any other form is refused.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    Bench

    Raises
    ------
    ValueError
        If it is not what `Bench.text` wrote, in one line that names the file.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "a.json").write_text(Bench({}, {}, ()).text())
    ...     read_bench(f"{place}/a.json").timings
    ()
    """

    def refused(words: str) -> ValueError:
        return ValueError(f"{path}: no benchmark of this version ({SCHEMA!r}): {words}")

    def no_constant(text: str) -> Any:
        raise ValueError(f"{text} is no number")

    try:
        document = json.loads(Path(path).read_text("utf-8"), parse_constant=no_constant)
    except ValueError as error:  # no JSON, no UTF-8
        raise refused(str(error)) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else type(document).__name__
        raise refused(f"it says {found!r:.80}")
    if set(document) != {"schema", "asked", "machine", "timings"}:
        raise refused(f"its keys are {', '.join(sorted(map(str, document)))}")
    try:
        rows = tuple(_row(k, row) for k, row in enumerate(document["timings"]))
    except (TypeError, ValueError) as error:
        raise refused(str(error)) from None
    if not isinstance(document["asked"], dict) or not isinstance(document["machine"], dict):
        raise refused("asked and machine must be tables")
    return Bench(document["asked"], document["machine"], rows)


def _row(k: int, row: Any) -> Timing:
    known = [field.name for field in fields(Timing)]
    if not isinstance(row, dict) or sorted(row) != sorted(known):
        raise ValueError(f"timings[{k}] must have {', '.join(known)}")
    place = f"timings[{k}]"
    turns = tuple(number(x, f"{place}.turns") for x in list(row["turns"]))
    for name in ("method", "why"):
        if not isinstance(row[name], str):
            raise ValueError(f"{place}.{name} must be text")
    if not isinstance(row["accepted"], bool):
        raise ValueError(f"{place}.accepted must be true or false")
    made, solve, read = (
        number(row[name], f"{place}.{name}") for name in ("game", "solve", "inclusion")
    )
    gap = None if row["gap"] is None else number(row["gap"], f"{place}.gap")
    n = count(row["n"], f"{place}.n", low=1)
    return Timing(row["method"], n, turns, made, solve, read, gap, row["accepted"], row["why"])


@steady
def changes(new: Bench, old: Bench) -> list[tuple[str, int, float, float, bool]]:
    """Compare two benchmarks: method, n, seconds old over new, the same over sorts, beyond noise.

    A change is beyond noise if all turns of one are faster than all of the other, three or more on
    each side, and it is so as multiples of the sort too: then the machine alone does not explain
    it.

    Parameters
    ----------
    new, old : Bench

    Returns
    -------
    list of tuple
        What both ran; above 1 is faster now.

    Raises
    ------
    ValueError
        If they were asked different things, naming which.

    Examples
    --------
    >>> one = Timing("closed_form", 9, (1.0, 1.1, 1.2), 0.0, 1.1, 0.0, 0.0, True, "")
    >>> two = Timing("closed_form", 9, (2.0, 2.1, 2.2), 0.0, 2.1, 0.0, 0.0, True, "")
    >>> [change] = changes(Bench({}, {}, (one,)), Bench({}, {}, (two,)))
    >>> change[0], round(change[2], 2), change[4]
    ('closed_form', 1.91, True)
    """
    for name in ("family", "harm", "seed"):
        if new.asked.get(name) != old.asked.get(name):
            raise ValueError(
                f"{name} was {old.asked.get(name)!r} then and is {new.asked.get(name)!r} now: "
                "the two cannot be compared"
            )
    games = [
        {
            n: (m, b)
            for n, m, b in zip(
                *(run.asked.get(key, []) for key in ("sizes", "mistakes", "budget")), strict=True
            )
        }
        for run in (new, old)
    ]
    before = {(row.method, row.n): row for row in old.timings if row.turns}
    found = []
    for row in new.timings:
        then = before.get((row.method, row.n))
        if then is None or not row.turns or games[0].get(row.n) != games[1].get(row.n):
            continue
        sorts = [
            next((x for x in run.timings if (x.method, x.n) == (BASELINE, row.n) and x.turns), None)
            for run in (new, old)
        ]
        ratio = then.seconds / row.seconds if row.seconds else float("inf")
        relative, beyond = ratio, row.told_from(then)
        if sorts[0] is not None and sorts[1] is not None and row.method != BASELINE:
            units = [x.seconds for x in sorts if x is not None]
            relative = ratio * units[0] / units[1]
            scaled = [
                Timing("", 1, tuple(t / unit for t in x.turns), 0, 0, 0, None, True, "")
                for x, unit in zip((row, then), units, strict=True)
            ]
            beyond = beyond and scaled[0].told_from(scaled[1])
        found.append((row.method, row.n, ratio, relative, beyond))
    return found
