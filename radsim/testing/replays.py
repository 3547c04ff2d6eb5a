r"""Failures of checks: written to a file with the smallest failing case, and replayed from it.

A replay runs nothing that the file names: a row of radsim's tables is found by its name, and a
function of somebody's own is given by whoever replays.
"""

from __future__ import annotations

import hashlib
import inspect
import shlex
from collections.abc import Callable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from radsim.addresses import loaded
from radsim.data.instances import Instance
from radsim.data.saved import instance_of, saved
from radsim.documents import Address, SavedCheck, SavedGame, read_saved
from radsim.door import one_of
from radsim.reading import read_bytes
from radsim.testing.checks import Result, run_check
from radsim.testing.kinds import CHECKS, resolve
from radsim.testing.run import PROFILES, Run
from radsim.writing import write_whole

__all__ = ["FOLDER", "changed_since", "replay", "replay_line", "save_failure", "subject_of"]

FOLDER = Path("radsim-failures")
LONGEST_NAME = 80  # of a subject, within the name of a file


def _place(function: Callable[..., Any]) -> dict[str, str] | None:
    """File, name and digest by which a function is known again, if it can be."""
    name = getattr(function, "__qualname__", "<none>")
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    if file is None or "<" in name or not Path(file).is_file():
        return None
    path = Path(file).resolve()
    return {"file": str(path), "name": name, "sha256": _digest(path)}


def _digest(path: str | Path) -> str:
    return hashlib.sha256(read_bytes(path)).hexdigest()


def _address(kind: str, row: Any) -> Address | None:
    """Whose check it was: a name of a table, or a file and a name."""
    known = CHECKS[kind]
    for name, listed in known.rows.items():
        if listed is row:
            return Address(row=name)
    place = _place(getattr(row, known.function))
    return None if place is None else Address(**place, takes=list(getattr(row, "takes", ())))


_DATA = ("probabilities", "features", "labels")


def _text(words: str) -> str:
    """Words that can be written, whatever an exception of somebody's said."""
    return words.encode("utf-8", "replace").decode()


def save_failure(kind: str, result: Result, row: Any, run: Run) -> Path:
    """Write the failing case with all that tells check and subject again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    label = "".join(c if c.isalnum() else "_" for c in result.subject)[:LONGEST_NAME]
    path = FOLDER / f"{kind}-{label}-{result.check}.json"
    case: dict[str, Any] = {"inclusion": None}
    if isinstance(result.case, Instance):
        data = {name: getattr(result.case, name) for name in _DATA}
        case = {k: None if value is None else value.tolist() for k, value in data.items()}
        case["game"] = saved(result.case)
    else:
        case["inclusion"] = np.asarray(result.case, dtype=np.float64).tolist()
    document = SavedCheck(
        kind=kind,  # type: ignore[arg-type]
        check=result.check,
        subject=result.subject,
        address=_address(kind, row),
        seed=run.seed,
        profile=next(name for name, value in PROFILES.items() if value == run.profile),
        words=_text(result.words),
        **case,
    )
    write_whole(path, document.model_dump_json(indent=1, exclude_defaults=True) + "\n")
    return path


def replay_line(kind: str, path: Path, row: Any) -> str:
    """The command that replays a saved failure; it names the function that will be run."""
    line = f"radsim verify --replay {shlex.quote(str(path))}"
    address = _address(kind, row)
    if address is None or address.row is not None:
        return line
    return f"{line} --{kind} {shlex.quote(f'{address.file}:{address.name}')}"


def subject_of(place: str, kind: str) -> Any:
    """Load a function, or a row, from its address: ``FILE.py:NAME`` or ``MODULE:NAME``.

    Parameters
    ----------
    place : str
        The file or module is run.
    kind : {"selector", "solver", "design"}

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If there is no such file, module or name, or it cannot be run; in one line.

    Examples
    --------
    >>> subject_of("mine", "selector")
    Traceback (most recent call last):
    ...
    ValueError: --selector 'mine' must be FILE.py:NAME or MODULE:NAME
    """
    found = loaded(place, f"--{kind}")
    if not callable(found) and not isinstance(found, CHECKS[kind].row):
        raise ValueError(f"--{kind} {place}: is no function")
    return found


def changed_since(found: SavedCheck, file: str | PathLike[str]) -> bool:
    """Whether a file is another one now than when the check failed, as far as that was kept."""
    address = found.address
    if address is None or address.sha256 is None:
        return False
    return _digest(Path(file)) != address.sha256


def _case(found: SavedCheck) -> Any:
    """The failing case itself, its shapes checked."""
    if found.game is None:
        return np.array(found.inclusion, dtype=np.float64)
    instance = instance_of(found.game)
    data: dict[str, Any] = {}
    for name in _DATA:
        rows = getattr(found, name)
        if rows is None:
            continue
        widths = {len(row) if isinstance(row, list) else -1 for row in rows}
        if len(rows) != instance.game.n or len(widths) > 1:
            raise ValueError(f"{name}: needs one row, of one length, for each point of the game")
        data[name] = np.array(rows)
    return replace(instance, **data)


def _row(found: SavedCheck, subject: Any) -> Any:
    """What is to be checked: what was given, or the row of radsim's tables that failed."""
    known, address = CHECKS[found.kind], found.address
    if subject is None:
        if address is None or address.row is None:
            raise ValueError(
                f"{found.subject} is no {found.kind} of radsim's and no code is run that a file "
                f"names: add --{found.kind} FILE.py:NAME, or call "
                "radsim.testing.replay(path, subject)"
            )
        return known.rows[one_of(address.row, known.rows, "address.row")]
    if isinstance(subject, str | known.row) or address is None or not address.takes:
        return subject
    if found.kind != "selector":
        raise ValueError(f"address.takes: a {found.kind} takes nothing by name")
    return replace(known.made(subject), takes=tuple(address.takes))


def replay(path: str | Path | SavedCheck, subject: Any = None) -> Result:
    r"""Run one check again on the one case that was written when it failed.

    Parameters
    ----------
    path : path or SavedCheck
        As in the failure's replay line, or what `radsim.documents.read_saved` read from there.
    subject : optional
        The selector, solver or design that failed: a function, a row or a name.  It may be left
        out if it is a row of radsim's own tables; the file's word is not taken for any other.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If the file is not such a failure, or no subject is given where one is needed.

    Examples
    --------
    >>> import json, tempfile
    >>> failed = {"kind": "design", "check": "shape", "subject": "pivotal", "seed": 0,
    ...           "profile": "fast", "address": {"row": "pivotal"}, "inclusion": [0.5, 0.5]}
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "failure.json")
    ...     _ = path.write_text(json.dumps(failed))
    ...     replay(path).status
    'passed'
    """
    head = "" if isinstance(path, SavedCheck) else f"{path}: "
    try:
        found = path if isinstance(path, SavedCheck) else _read(path)
        check = CHECKS[found.kind].checks[one_of(found.check, CHECKS[found.kind].checks, "check")]
        run = Run(found.seed, PROFILES[one_of(found.profile, PROFILES, "profile")])
        case, given = _case(found), _row(found, subject)
    except OSError as error:
        raise ValueError(f"{head}{error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{head}{str(error).removeprefix(head)}") from None
    row, name = resolve(found.kind, given)
    again = replace(check, cases=lambda subject, run: [case])
    return run_check(again, row, name, run)


def _read(path: str | Path) -> SavedCheck:
    found = read_saved(path)
    if isinstance(found, SavedGame):
        raise ValueError("not a saved failure of a check, but a game")
    return found
