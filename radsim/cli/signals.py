"""A signal ends a command in order: one line, 128 and the signal's number as the exit code.

While modules are imported there is nothing to put in order, and a signal ends the process at once:
an exception in the middle of an import is shown, or lost, by whoever imports.  From then on it is
an exception, so that files are written whole or not at all and workers end.  Where that finds no
hearing, because C code runs on or somebody swallows it, the process ends all the same after some
seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

__all__ = ["Stopped", "ended_in_order", "raise_from_here"]

SIGNALS = [getattr(signal, x) for x in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, x)]
PATIENCE = 3.0  # seconds


class Stopped(BaseException):
    """The process was told to end; no `except Exception` is to catch it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Handler:
    """What the signals call."""

    def __init__(self) -> None:
        self.raises = False
        self.heard = False

    def __call__(self, number: int, frame: Any) -> None:
        if not self.raises:
            self.leave(number)
        if not self.heard:  # one is enough: the first is being obeyed
            self.heard = True
            raise Stopped(number)

    def leave(self, number: int) -> None:
        """End at once."""
        if not self.heard:
            with suppress(Exception):
                _complain("interrupted")
        os._exit(128 + number)

    def unraisable(self, what: Any) -> None:
        """Hear a signal again, a little later, that came where Python can only drop exceptions."""
        if not isinstance(what.exc_value, Stopped):
            sys.__unraisablehook__(what)
            return
        self.heard = False
        threading.Timer(0.01, signal.raise_signal, (what.exc_value.number,)).start()

    def insist(self, pipe: int) -> None:
        """Wait, in a thread, for a signal and then for the end that it asks for."""
        while (number := os.read(pipe, 1)[0]) not in SIGNALS:
            pass
        time.sleep(PATIENCE)
        self.leave(number)


def _complain(words: str) -> None:
    from radsim.cli.printing import complain

    complain(f"radsim: {words}")


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Obey signals in the block, and until the process ends, without a traceback.

    A signal that the process was started to ignore, as by `nohup`, is still ignored.
    """
    handler = _Handler()
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)
        read, write = os.pipe()
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        threading.Thread(target=handler.insist, args=(read,), daemon=True).start()
        sys.unraisablehook = handler.unraisable
    try:
        yield
    except Stopped as stop:
        _complain("; ".join(("interrupted", *getattr(stop, "__notes__", ()))))
        raise SystemExit(128 + stop.number) from None
    finally:
        handler.raises = False


def raise_from_here() -> None:
    """From now on a signal is the exception `Stopped`."""
    for number in SIGNALS:
        handler = signal.getsignal(number)
        if isinstance(handler, _Handler):
            handler.raises = True
