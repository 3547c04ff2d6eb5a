r"""Files that are written whole or not at all; the only place in radsim that writes.

The content goes to a new file of a random name beside the target, which takes the target's name
when all of it is there.  Links are followed, and the mode of a file that was there is kept.  What
is no file, such as ``/dev/null``, a pipe or standard output, is written to as it is and never
replaced.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

__all__ = ["clear", "is_leftover", "probe_file", "probe_folder", "same_file", "write_whole"]

PREFIX, SUFFIX = ".radsim-", ".part"


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : str or path
        Of the file; if it cannot be written, it is as it was before.
    content : str or bytes
        Text is written as UTF-8.

    Raises
    ------
    OSError
        Whose `filename` is `path`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_whole(f"{place}/a.txt", "gain")
    ...     Path(place, "a.txt").read_text()
    'gain'
    """
    data = content.encode() if isinstance(content, str) else content
    with _named(path):
        known = _status(path)
        descriptor = None if known is None else _descriptor(path, known)
        with suppress(BrokenPipeError):  # whoever reads it has seen enough
            if descriptor is not None:
                _all(descriptor, data)
            elif known is None or stat.S_ISREG(known.st_mode):
                _replace(Path(os.path.realpath(path)), known, data)
            else:
                with open(path, "wb", buffering=0) as file:
                    _all(file.fileno(), data)


@contextmanager
def _named(path: str | os.PathLike[str]) -> Iterator[None]:
    """Errors name the path that was asked for."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """What stands there, links followed; None if nothing does."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _descriptor(path: str | os.PathLike[str], known: os.stat_result) -> int | None:
    """The open file that the path means: standard output, standard error, or one by its number."""
    folder, name = os.path.split(path)
    if folder in ("/dev/fd", "/proc/self/fd") and name.isdecimal():
        return int(name)
    for stream in (sys.__stdout__, sys.__stderr__):
        with suppress(AttributeError, OSError, ValueError):  # closed, or none at all
            descriptor = stream.fileno()  # type: ignore[union-attr]
            if os.path.samestat(os.fstat(descriptor), known):
                stream.flush()  # type: ignore[union-attr]
                return descriptor
    return None


def _all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _replace(target: Path, known: os.stat_result | None, data: bytes) -> None:
    _may_replace(target, known)
    part = _part(target.parent)
    file = open(part, "xb")  # a new file, never through a link
    try:
        with file:
            if known is not None:
                os.chmod(part, stat.S_IMODE(known.st_mode))
            file.write(data)
        os.replace(part, target)
    except BaseException:
        with suppress(OSError):  # what went wrong before says more
            part.unlink()
        raise


def _may_replace(target: Path, known: os.stat_result | None) -> None:
    if known is not None and not os.access(target, os.W_OK):
        raise _error(errno.EACCES)


def _part(folder: Path) -> Path:
    """A name that nobody else has, however long the target's is."""
    return folder / f"{PREFIX}{token_hex(8)}{SUFFIX}"


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))  # Python picks PermissionError and the like


def probe_file(path: str | os.PathLike[str]) -> None:
    """Refuse a path that `write_whole` cannot write to, as far as is known before it does.

    Parameters
    ----------
    path : str or path

    Raises
    ------
    OSError
        If it is a folder, its name is too long, or its folder is missing or read-only.

    Examples
    --------
    >>> probe_file("no/such/folder.csv")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no/such/folder.csv'
    """
    with _named(path):
        known = _status(path)
        if known is None or stat.S_ISREG(known.st_mode):
            target = Path(os.path.realpath(path))
            _may_replace(target, known)
            _probe(target.parent)
        elif stat.S_ISDIR(known.st_mode):
            raise _error(errno.EISDIR)
        elif not os.access(path, os.W_OK):
            raise _error(errno.EACCES)


def probe_folder(path: str | os.PathLike[str]) -> None:
    """Refuse a folder that is not there and cannot be made, or in which nothing can be written.

    Parameters
    ----------
    path : str or path
        Missing parents are no hindrance.

    Raises
    ------
    OSError
        If it or a parent is a file, or read-only.

    Examples
    --------
    >>> probe_folder("/dev/null/runs")
    Traceback (most recent call last):
    NotADirectoryError: [Errno 20] Not a directory: '/dev/null/runs'
    """
    with _named(path):
        places = (Path(path).absolute(), *Path(path).absolute().parents)
        place, known = next((x, found) for x in places if (found := _status(x)) is not None)
        if not stat.S_ISDIR(known.st_mode):
            raise _error(errno.ENOTDIR)
        _probe(place)


def _probe(folder: Path) -> None:
    part = _part(folder)
    open(part, "xb").close()
    part.unlink()


def same_file(first: str | os.PathLike[str], second: str | os.PathLike[str]) -> bool:
    """Whether two paths lead to one file, however they are written; devices and pipes are none.

    Parameters
    ----------
    first, second : str or path
        ``"-"`` is standard input.

    Returns
    -------
    bool

    Examples
    --------
    >>> same_file("radsim/../gains.csv", "gains.csv"), same_file("/dev/null", "/dev/null")
    (True, False)
    """
    one, two = _identity(first), _identity(second)
    return one is not None and one == two


def _identity(path: str | os.PathLike[str]) -> tuple[int, int] | str | None:
    try:
        known = os.fstat(0) if os.fspath(path) == "-" else os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)
    return (known.st_dev, known.st_ino) if stat.S_ISREG(known.st_mode) else None


def clear(folder: Path) -> None:
    """Remove what a run that was killed left in a folder.

    Parameters
    ----------
    folder : Path

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     left, other = Path(place, ".radsim-0f.part"), Path(place, "my.part")
    ...     _ = left.write_text("half"), other.write_text("mine")
    ...     clear(Path(place))
    ...     left.exists(), other.exists()
    (False, True)
    """
    for left in folder.iterdir():
        if is_leftover(left.name):
            left.unlink()


def is_leftover(name: str) -> bool:
    """Whether a file of this name is what a killed write left.

    Examples
    --------
    >>> is_leftover(".radsim-0f.part"), is_leftover("my.part")
    (True, False)
    """
    return name.startswith(PREFIX) and name.endswith(SUFFIX)
