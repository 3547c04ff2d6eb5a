r"""Failures of checks: written to a file with the smallest failing case, and replayed from it."""

from __future__ import annotations

import inspect
import json
import runpy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from radsim.data.instances import Instance
from radsim.data.saved import load, save
from radsim.testing.checks import Result, run_check
from radsim.testing.kinds import CHECKS, resolve
from radsim.testing.run import PROFILES, Run
from radsim.writing import write_whole

__all__ = ["FOLDER", "replay", "save_failure"]

FOLDER = Path("radsim-failures")


def _place(function: Callable[..., Any]) -> dict[str, str] | None:
    """File and name by which a function is found again, if it can be."""
    name = getattr(function, "__qualname__", "<none>")
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    if file is None or "<" in name or not Path(file).exists():
        return None
    return {"file": str(Path(file).resolve()), "name": name}


def _address(kind: str, row: Any) -> dict[str, Any] | None:
    """What the replay needs to find the subject: a name of a table, or a file and a name."""
    known = CHECKS[kind]
    for name, listed in known.rows.items():
        if listed is row:
            return {"row": name}
    place = _place(getattr(row, known.function))
    return None if place is None else place | {"takes": list(getattr(row, "takes", ()))}


def _find(kind: str, address: Mapping[str, Any]) -> Any:
    known = CHECKS[kind]
    if "row" in address:
        return known.rows[address["row"]]
    found: Any = runpy.run_path(address["file"])
    for k, part in enumerate(str(address["name"]).split(".")):
        found = found[part] if k == 0 else getattr(found, part)
    if isinstance(found, known.row):
        return found
    made = known.made(found)
    return replace(made, takes=tuple(address["takes"])) if address["takes"] else made


_DATA = ("probabilities", "features", "labels")


def save_failure(kind: str, result: Result, row: Any, run: Run) -> Path:
    """Write the failing case with all that finds check and subject again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    label = "".join(c if c.isalnum() else "_" for c in result.subject)
    path = FOLDER / f"{kind}-{label}-{result.check}.json"
    extra: dict[str, Any] = {
        "kind": kind,
        "check": result.check,
        "subject": result.subject,
        "address": _address(kind, row),
        "seed": run.seed,
        "profile": next(name for name, value in PROFILES.items() if value == run.profile),
        "words": result.words,
    }
    if isinstance(result.case, Instance):
        data = {name: getattr(result.case, name) for name in _DATA}
        extra |= {k: None if value is None else value.tolist() for k, value in data.items()}
        save(result.case, path, **extra)
    else:
        document = extra | {"inclusion": np.asarray(result.case).tolist()}
        write_whole(path, json.dumps(document, indent=1) + "\n")
    return path


def replay(path: str | Path, subject: Any = None) -> Result:
    r"""Run one check again on the one case that was written when it failed.

    Parameters
    ----------
    path : path
        As in the failure's replay line.
    subject : optional
        The selector, solver or design, if it is not a function at the top of a file.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If the file is not such a failure, or the subject cannot be found.

    Examples
    --------
    >>> import json, tempfile
    >>> saved = {"kind": "design", "check": "shape", "subject": "pivotal", "seed": 0,
    ...          "profile": "fast", "address": {"row": "pivotal"}, "inclusion": [0.5, 0.5]}
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "failure.json")
    ...     _ = path.write_text(json.dumps(saved))
    ...     replay(path).status
    'passed'
    """
    path = Path(path)
    try:
        document = json.loads(path.read_text())
        kind, check = document["kind"], CHECKS[document["kind"]].checks[document["check"]]
        run = Run(int(document["seed"]), PROFILES[document["profile"]])
        if "inclusion" in document:
            case: Any = np.array(document["inclusion"], dtype=np.float64)
        else:
            data: dict[str, Any] = {
                k: np.array(document[k]) for k in _DATA if document.get(k) is not None
            }
            case = replace(load(path)[0], **data)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a saved failure: {error!r}") from error
    if subject is None:
        if document["address"] is None:
            raise ValueError(
                f"{path}: {document['subject']} is not at the top of a file; "
                "call radsim.testing.replay(path, subject)"
            )
        subject = _find(kind, document["address"])
    row, name = resolve(kind, subject)
    again = replace(check, cases=lambda subject, run: [case])
    return run_check(again, row, name, run)
