r"""Files that others may have written, read so that they can do no harm.

Only regular files are opened, never a pipe, a device or a folder; never more of one than a stated
size; and, where a folder is given, nothing that a link in it leads out to.
"""

from __future__ import annotations

import json
import math
import os
import stat
from pathlib import Path
from typing import Any

__all__ = ["MOST_BYTES", "parsed", "read_bytes", "read_json", "read_text", "regular"]

MOST_BYTES = 256 * 2**20  # of any file that is read whole
MOST_DIGITS = 300  # of a whole number in JSON; more are no float, and slow


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:.3g} MiB"


def regular(path: str | os.PathLike[str], inside: Path | None = None) -> int:
    """Open a regular file for reading, or refuse what is none.

    Parameters
    ----------
    path : str or path
    inside : path, optional
        Folder that links may not lead out of.

    Returns
    -------
    int
        An open file descriptor; whoever asks closes it.

    Raises
    ------
    ValueError
        If it is a pipe, a device or a folder, or a link leads out of the folder.
    OSError
        If there is no such file, or it may not be read.

    Examples
    --------
    >>> regular("/dev/null")
    Traceback (most recent call last):
    ...
    ValueError: /dev/null: no regular file
    """
    real = os.path.realpath(path)
    if inside is not None and not Path(real).is_relative_to(os.path.realpath(inside)):
        raise ValueError(f"{os.fspath(path)}: a link out of the folder")
    # Without waiting for who writes to a pipe; some systems lack these.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(real, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{os.fspath(path)}: no regular file")
    return descriptor


def read_bytes(
    path: str | os.PathLike[str], most: int = MOST_BYTES, inside: Path | None = None
) -> bytes:
    """Read a regular file whole, if it is no larger than stated.

    Parameters
    ----------
    path : str or path
    most : int
        Bytes; a larger file is refused.
    inside : path, optional
        Folder that links may not lead out of.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        As `regular`, or if the file is larger.
    OSError
        As `regular`.

    Examples
    --------
    >>> read_bytes(__file__, most=3)
    Traceback (most recent call last):
    ...
    ValueError: ...reading.py: more than 3 bytes
    """
    with open(regular(path, inside), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        shown = _size(most) if most >= 2**20 else f"{most} bytes"
        raise ValueError(f"{os.fspath(path)}: more than {shown}")
    return content


def read_text(
    path: str | os.PathLike[str], most: int = MOST_BYTES, inside: Path | None = None
) -> str:
    """Read a regular file as UTF-8, as `read_bytes` does.

    Parameters
    ----------
    path : str or path
    most : int
        Bytes; a larger file is refused.
    inside : path, optional
        Folder that links may not lead out of.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        As `read_bytes`, or if it is no UTF-8.
    OSError
        As `regular`.

    Examples
    --------
    >>> read_text(__file__)[:9]
    'r\"\"\"Files'
    """
    content = read_bytes(path, most, inside)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)}: no UTF-8 at byte {error.start}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice")
    return found


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(text)} digits")
    return int(text)


def _float(text: str) -> float:
    found = float(text)
    if math.isinf(found):
        raise ValueError(f"{text[:40]} is too large for a number")
    return found


def _constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def parsed(text: str) -> Any:
    r"""Parse JSON strictly: no key twice, no NaN, no number or nesting without bounds.

    Parameters
    ----------
    text : str

    Returns
    -------
    object
        Of dicts, lists, str, int, float, bool and None.

    Raises
    ------
    ValueError
        In one line.

    Examples
    --------
    >>> parsed('{"seed": 1, "seed": 2}')
    Traceback (most recent call last):
    ...
    ValueError: the key 'seed' stands twice
    """
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
        if "\\u" in text:  # half of a pair, which is no text
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("text with half a character") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
    return found


def read_json(
    path: str | os.PathLike[str], most: int = MOST_BYTES, inside: Path | None = None
) -> Any:
    """Read a file of JSON as `read_text` and `parsed` do.

    Parameters
    ----------
    path : str or path
    most : int
        Bytes; a larger file is refused.
    inside : path, optional
        Folder that links may not lead out of.

    Returns
    -------
    object
        Of dicts, lists, str, int, float, bool and None.

    Raises
    ------
    ValueError
        In one line that begins with the path.
    OSError
        As `regular`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "plan.json").write_text('{"seed": 1}')
    ...     read_json(f"{place}/plan.json")
    {'seed': 1}
    """
    text = read_text(path, most, inside)
    try:
        return parsed(text)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from None
