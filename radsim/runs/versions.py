"""Which libraries a run was made with."""

from __future__ import annotations

import functools
import json
import platform
from importlib.metadata import version
from pathlib import Path

from radsim.writing import write_whole

__all__ = ["record", "versions"]

LIBRARIES = ("radsim", "numpy", "scipy", "cvxpy", "scikit-learn", "pandas")


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that numbers depend on.

    Examples
    --------
    >>> list(versions())[:3]
    ['radsim', 'numpy', 'scipy']
    """
    return dict(_versions())


@functools.cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}


def record(folder: Path) -> None:
    """Add these versions to the folder's `versions.json`, unless they are there.

    A run that is resumed under other versions so lists both.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     record(Path(place))
    ...     record(Path(place))
    ...     found = json.loads((Path(place) / "versions.json").read_text())
    >>> found == [versions()]
    True
    """
    path = folder / "versions.json"
    known = _known(path)
    if versions() not in known:
        write_whole(path, json.dumps([*known, versions()], indent=1) + "\n")


def _known(path: Path) -> list[object]:
    """What stands there; nothing of a file that cannot be read, which is then written anew."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return found if isinstance(found, list) else []
