r"""One process at a time writes into the folder of a run.

The lock is the operating system's, on the empty file `.radsim.lock`, so that it is gone with the
process that held it, however that ended.  Who holds it stands in `.radsim.holder`.  Both files are
there as long as the work lasts, or until the next run if it was killed.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from radsim.writing import write_whole

__all__ = ["LOCK_FILES", "locked"]

_LOCK, _HOLDER = ".radsim.lock", ".radsim.holder"

TRIES = 100  # against others that come and go

# Names in a folder that say nothing of its content.
LOCK_FILES = frozenset({_LOCK, _HOLDER})


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes and threads out of a folder; within one thread blocks may be nested.

    Parameters
    ----------
    folder : Path
        Is made if it is not there.

    Raises
    ------
    ValueError
        If somebody else holds it, saying who and since when; or if there is in it what is neither
        a file nor a folder, such as a pipe, at which a run would wait for ever.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with locked(Path(place)), locked(Path(place)):
    ...         sorted(path.name for path in Path(place).iterdir())
    ['.radsim.holder', '.radsim.lock']
    """
    made = not folder.exists()
    path, holder = folder.resolve() / _LOCK, folder / _HOLDER
    lock = FileLock(path, timeout=0, is_singleton=True)
    if lock.is_locked:  # by a block around this one
        yield
        return
    try:
        _take(lock, path)
    except Timeout:
        words = f"{folder} is in use by {_who(holder)}; wait for it, or name another folder"
        raise ValueError(words) from None
    try:
        _only_files(folder)
        with suppress(OSError):  # it only says who works here
            write_whole(holder, json.dumps(_me()) + "\n")
        yield
    finally:
        for file in (holder, path):
            with suppress(OSError):  # gone with the folder, or open under Windows
                file.unlink()
        lock.release()
        if made:
            with suppress(OSError):  # there is something in it now
                folder.rmdir()


def _only_files(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if not (path.is_file() or path.is_dir()):
            raise ValueError(f"{path} is no file; move it away")


def _take(lock: BaseFileLock, path: Path) -> None:
    """Lock the file that the path leads to, not one that its holder has removed meanwhile."""
    for left in reversed(range(TRIES)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            seen = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            if not left:
                raise
            continue  # a holder that made the folder has just removed it
        try:
            with suppress(FileNotFoundError):  # removed meanwhile, by whoever held it
                lock.acquire()
                if os.path.samestat(os.fstat(seen), os.stat(path)):
                    return
            lock.release()
        finally:
            os.close(seen)
    raise Timeout(str(path))


def _me() -> dict[str, str | int]:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": now}


def _who(holder: Path) -> str:
    try:
        found = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {found['process']} on {found['host']} since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # it has only just begun, or just ended
        return "another process"
