r"""What a result was computed with: the version of radsim, and the text of the function."""

from __future__ import annotations

import functools
import hashlib
import linecache
import pickle
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from radsim.runs.versions import versions

__all__ = ["code_of"]


def code_of(function: Callable[..., Any]) -> str:
    """Name the code that a function runs: another text of it, or of radsim, gives another name.

    The text is that of the function and its file, of what it was made with (`functools.partial`,
    defaults, variables around it) and of radsim.  Other modules that it calls are not seen.

    Parameters
    ----------
    function : callable

    Returns
    -------
    str

    Examples
    --------
    >>> from functools import partial
    >>> two, three = partial(pow, 2), partial(pow, 3)
    >>> code_of(two) == code_of(partial(pow, 2)), code_of(two) == code_of(three)
    (True, False)
    """
    digest = _digest(part for part in _parts(function, ()))
    return f"radsim {versions()['radsim']} ({_package()}), {_name(function)} ({digest})"


def _digest(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:12]


@functools.cache
def _package() -> str:
    """Digest of radsim's own files: in a checkout the version stays while they change."""
    here = Path(__file__).parents[1]
    return _digest(path.read_bytes() for path in sorted(here.rglob("*.py")))


def _name(function: Any) -> str:
    inner = function.func if isinstance(function, functools.partial) else function
    return getattr(inner, "__qualname__", type(inner).__qualname__)


def _parts(value: Any, above: tuple[int, ...]) -> Iterator[bytes]:
    """What makes a function, piece by piece; `above` are those that hold it."""
    if id(value) in above:  # a function that knows itself
        return
    above = (*above, id(value))
    if isinstance(value, functools.partial):
        for held in (value.func, *value.args, *sorted(value.keywords.items())):
            yield from _parts(held, above)
    elif isinstance(value, types.MethodType):
        yield from _parts(value.__func__, above)
        yield from _parts(value.__self__, above)
    elif isinstance(value, types.FunctionType):
        yield value.__qualname__.encode()
        yield from _text(value)
        around = [cell.cell_contents for cell in value.__closure__ or () if _filled(cell)]
        for held in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).items(), *around):
            yield from _parts(held, above)
    else:
        try:
            yield pickle.dumps(value)
        except Exception:  # whatever a class of somebody's raises; its name is what is left
            yield type(value).__qualname__.encode()


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:  # a name that has no value yet
        return False


def _text(function: types.FunctionType) -> Iterator[bytes]:
    """The function's instructions, and the text of its file if there is one."""
    yield from _instructions(function.__code__)
    yield "".join(linecache.getlines(function.__code__.co_filename)).encode()


def _instructions(code: types.CodeType) -> Iterator[bytes]:
    yield code.co_code
    yield repr(code.co_names).encode()
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _instructions(constant)
        else:
            kept = sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
            yield repr(kept).encode()
