r"""A process that ends with the one that started it, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

__all__ = ["end_with"]

PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>
PATIENCE = 0.5  # seconds between two looks at the parent


def end_with(parent: int, *, firm: bool) -> None:
    """End this process soon after its parent has ended.

    Parameters
    ----------
    parent : int
        The parent's number.
    firm : bool
        The kernel may tie the process to the thread that started it, because that is the main one;
        it then ends even in the middle of C code, which no thread of Python's can interrupt.

    Examples
    --------
    >>> end_with(os.getppid(), firm=False)
    """
    if firm and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PATIENCE)
    os._exit(1)
