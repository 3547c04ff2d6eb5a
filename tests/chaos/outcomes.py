"""What a command that was disturbed may leave, and the checks that find what it may not.

A fault is a kind, one of `KINDS`, and words.  Every check is a pure function that returns faults;
`tests/mutants/test_chaos_checks.py` plants each kind and sees that it is found.
"""

import csv
import io
import json
import struct
import xml.etree.ElementTree
from dataclasses import dataclass
from pathlib import Path

import pyarrow
import pyarrow.parquet

# Columns of the table of figures -> what is counted there.
KINDS = {
    "lost": "a result that is missing, or not the undisturbed one, after a second run",
    "torn": "a file under its own name that is half-written, or neither the old nor the new one",
    "left files": "a file written aside that was left after an orderly end or a second run",
    "tracebacks": "a traceback on standard error",
    "lines": "more than one line on standard error, or none where something was refused",
    "exit codes": "an exit code that is not of those promised",
    "left processes": "a process, or a held pipe, five seconds after the end",
    "hung": "no end at all",
    "wrong with exit 0": "exit code 0, and results that are not the undisturbed ones",
}
Fault = tuple[str, str]

# Never compared: what is measured of the machine, and the lock of a folder.
MEASURED = ("timings.csv", "times.json", ".radsim.lock", ".radsim.holder")
ASIDE = ".radsim-*.part"
# Ended by a signal: nothing need be said.
QUIET = (0, -9, -15, -2, 130, 143)


@dataclass(frozen=True)
class Outcome:
    """How a process ended: its code is None if it had to be killed by the suite."""

    code: int | None
    out: str = ""
    err: str = ""
    left: tuple[str, ...] = ()
    held: bool = False


def ended(outcome, codes):
    """Faults of an ending: its code, its words, its processes.

    `codes` are those allowed; one line on standard error is due with all but those of `QUIET`.
    """
    if outcome.code is None:
        return [("hung", f"no end; standard error: {outcome.err[-300:]!r}")]
    faults = []
    if outcome.code not in codes:
        faults.append(("exit codes", f"{outcome.code}: {outcome.err[-300:]!r}"))
    faults += spoken(outcome.err, due=outcome.code not in QUIET)
    if outcome.left:
        faults.append(("left processes", "; ".join(outcome.left)))
    if outcome.held:
        faults.append(("left processes", "its pipe was still held"))
    return faults


def spoken(err, *, due):
    """Faults of what stands on standard error: a note or two are allowed, refusals are one line."""
    if "Traceback (most recent call last)" in err:
        return [("tracebacks", err[-1500:])]
    lines = [line for line in err.splitlines() if line.strip()]
    if due and len(lines) != 1:
        return [("lines", f"{len(lines)} lines on standard error: {err[-700:]!r}")]
    if not due and any(not line.startswith("radsim: ") for line in lines):
        return [("lines", f"standard error: {err[-700:]!r}")]
    return []


def before_radsim(err):
    """Whether an interrupt came while Python itself was starting, before radsim could answer."""
    return "KeyboardInterrupt" in err and "radsim" not in err.replace("-m radsim.cli", "")


def files(folder):
    """Content of every file below a folder that is compared, by its path within."""
    found = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in found
        if not any(path.match(pattern) for pattern in (*MEASURED, ASIDE))
    }


def tidy(folder):
    """Faults: what was written aside and is still there."""
    return [("left files", str(path)) for path in sorted(Path(folder).rglob(ASIDE))]


def whole(folder, new, old=None):
    """Faults: a file that is neither the new one nor the old one, or that no reader takes."""
    faults, old = [], old or {}
    for name, content in files(folder).items():
        if content == new.get(name) or content == old.get(name):
            continue
        words = unreadable(name, content)
        if words or name in new:
            faults.append(("torn", f"{name}: {words or 'neither the old nor the new one'}"))
    return faults


def same(folder, new, kind="lost"):
    """Faults: results that are not those of an undisturbed run, byte by byte."""
    there = files(folder)
    missing = [(kind, f"{name} is missing") for name in new if name not in there]
    other = [
        (kind, f"{name} differs") for name in new if name in there and there[name] != new[name]
    ]
    more = [(kind, f"{name} is too many") for name in there if name not in new]
    return missing + other + more


def accepted(outcome, folder, new):
    """Faults of a resumed run that ended well: parts and results that are not the undisturbed.

    The results are so byte by byte.  A part may have a bit flipped that says nothing, as long as
    it gives the same rows.
    """
    if outcome.code != 0:
        return []
    there, wrong = files(folder), []
    for name in new:
        if name.startswith("parts/"):
            right = name in there and _alike(there[name], new[name])
        else:
            right = name != "results.parquet" or there.get(name) == new[name]
        wrong += [] if right else [("wrong with exit 0", name)]
    return wrong + tidy(folder)


def _alike(one, other):
    """Whether two Parquet files give the same rows; what cannot be read gives none."""
    try:
        frames = [pyarrow.parquet.read_table(pyarrow.BufferReader(x)) for x in (one, other)]
    except Exception:  # whatever a reader raises
        return False
    # What pandas adds says nothing of the rows; NaN is NaN.
    first, second = (frame.replace_schema_metadata(None).to_pandas() for frame in frames)
    return first.equals(second)


def unreadable(name, content):
    """Why a file is not whole, as far as its format tells; empty if nothing speaks against it."""
    reader = READERS.get(Path(name).suffix)
    try:
        return reader(content) if reader else ""
    except Exception as error:  # whatever a reader raises, the file is not whole
        return f"{type(error).__name__}: {error}"


def _parquet(content):
    pyarrow.parquet.read_table(pyarrow.BufferReader(content))
    return ""


def _json(content):
    json.loads(content)
    return ""


def _csv(content):
    text = content.decode()
    widths = {len(row) for row in csv.reader(io.StringIO(text)) if row}
    return "" if text.endswith("\n") and len(widths) == 1 else "cut, or rows of several widths"


def _png(content):
    at = 8
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return "no PNG"
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + length
        if name == b"IEND":
            return "" if at == len(content) else "more after the end"
    return "cut"


def _svg(content):
    xml.etree.ElementTree.fromstring(content)
    return ""


def _html(content):
    return "" if content.rstrip().endswith(b"</html>") else "cut"


READERS = {
    ".parquet": _parquet,
    ".json": _json,
    ".csv": _csv,
    ".png": _png,
    ".svg": _svg,
    ".html": _html,
}
