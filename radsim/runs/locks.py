r"""One process at a time writes into the folder of a run.

The lock is the operating system's, on the empty file `.radsim.lock`, so that it is gone with the
process that held it, however that ended.  Who holds it stands in `.radsim.holder` meanwhile.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from radsim.writing import write_whole

__all__ = ["LOCK_FILES", "locked"]

_LOCK, _HOLDER = ".radsim.lock", ".radsim.holder"

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
        If somebody else holds it, saying who and since when.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with locked(Path(place)), locked(Path(place)):
    ...         sorted(path.name for path in Path(place).iterdir())
    ['.radsim.holder', '.radsim.lock']
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / _HOLDER
    lock = FileLock(folder.resolve() / _LOCK, timeout=0, is_singleton=True)
    nested = lock.is_locked
    try:
        lock.acquire()
    except Timeout:
        words = f"{folder} is in use by {_who(holder)}; wait for it, or name another folder"
        raise ValueError(words) from None
    try:
        if not nested:
            write_whole(holder, json.dumps(_me()) + "\n")
        yield
    finally:
        if not nested:
            with suppress(OSError):  # removed with its folder, or no longer ours to remove
                holder.unlink()
        lock.release()


def _me() -> dict[str, str | int]:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": now}


def _who(holder: Path) -> str:
    try:
        found = json.loads(holder.read_text(encoding="utf-8"))
        return f"process {found['process']} on {found['host']} since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # it has only just begun, or just ended
        return "another process"
