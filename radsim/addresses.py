r"""Objects of somebody's own by their address: ``FILE.py:NAME`` or ``MODULE:NAME``.

Loading runs the code at the address: it is for addresses that a person typed, never for one that a
file holds.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from radsim.reading import read_bytes

__all__ = ["file_of", "loaded"]


def loaded(place: str, option: str) -> Any:
    """What stands at an address; its code is run.

    Parameters
    ----------
    place : str
        ``FILE.py:NAME``, or ``MODULE:NAME`` of a module that can be imported from here.
    option : str
        What a refusal calls it.

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If there is no such file, module or name, or its code cannot be run; in one line.

    Examples
    --------
    >>> loaded("math:pi", "--claims")
    3.141592653589793
    >>> loaded("mine", "--claims")
    Traceback (most recent call last):
    ...
    ValueError: --claims 'mine' must be FILE.py:NAME or MODULE:NAME
    """
    source, name = _split(place, option)
    first, *rest = name.split(".")
    try:
        names = _names(source)
    except _NotRun as error:
        raise ValueError(f"{option} {source}: {error}") from None
    try:
        found = names[first]
        for part in rest:
            found = getattr(found, part)
    except (KeyError, AttributeError):
        known = ", ".join(key for key, value in names.items() if inspect.isfunction(value))
        raise ValueError(f"{option} {source}: has no {name}; has {known or 'none'}") from None
    return found


def file_of(place: str, option: str) -> str:
    """The file in which the code at an address stands; of a dotted module its parents are imported.

    Parameters
    ----------
    place, option : str
        As in `loaded`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such file or module, or a module has no file.

    Examples
    --------
    >>> file_of("json.decoder:JSONDecoder", "--selector").endswith("decoder.py")
    True
    """
    source, _ = _split(place, option)
    if not _is_module(source):
        return source
    try:
        with _from_here():
            found = importlib.util.find_spec(source)
    except Exception as error:  # whatever the code of a parent raises
        raise ValueError(f"{option} {source}: {type(error).__name__}: {error}") from None
    if found is None or not found.has_location or found.origin is None:
        raise ValueError(f"{option} {source}: no module with a file")
    return found.origin


def _split(place: str, option: str) -> tuple[str, str]:
    """Where the code stands, and its name there."""
    source, colon, name = place.rpartition(":")
    if not (source and colon and all(part.isidentifier() for part in name.split("."))):
        raise ValueError(f"{option} {place!r} must be FILE.py:NAME or MODULE:NAME")
    return source, name


def _is_module(source: str) -> bool:
    named = all(part.isidentifier() for part in source.split(".")) and not source.endswith(".py")
    return named and not os.path.exists(source)


class _NotRun(Exception):
    """Code that could not be run, and why."""


def _names(source: str) -> dict[str, Any]:
    """All names of a file or of a module."""
    try:
        if _is_module(source):
            with _from_here():
                return vars(importlib.import_module(source))
        read_bytes(source)
        # Its neighbours are found, now and when it is called, as `python FILE.py` finds them.
        folder = os.path.dirname(os.path.abspath(source))
        if folder not in sys.path:
            sys.path.insert(0, folder)
        return runpy.run_path(source)
    except OSError as error:
        raise _NotRun(error.strerror or str(error)) from None
    except (Exception, SystemExit) as error:
        words = " ".join(str(error).split()).removeprefix(f"{source}: ")
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise _NotRun(f"{kind}{words}") from None


@contextmanager
def _from_here() -> Iterator[None]:
    """Modules of the working directory can be imported, as `python -m` can."""
    here = os.getcwd()
    sys.path.insert(0, here)
    try:
        yield
    finally:
        if here in sys.path:
            sys.path.remove(here)
