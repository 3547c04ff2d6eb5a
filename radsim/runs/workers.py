r"""Processes that share work, and that end with the process that started them, however it ends.

A worker starts with SIGINT held back, so that Ctrl-C prints nothing from a process that is still
importing; its first step lets signals end it as they end any program.  A worker whose parent is
gone ends itself.  Workers of a cluster (`jobs=None` under `joblib.parallel_config`) are not ours
and are left as they are.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from joblib import Parallel, cpu_count, delayed
from joblib._parallel_backends import LokyBackend
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import get_active_backend

from radsim.analysis.parents import end_with
from radsim.door import count

__all__ = ["check_jobs", "spread"]

T = TypeVar("T")
R = TypeVar("R")

MOST = 1024  # processes; a larger number is a slip


def check_jobs(jobs: int | None, name: str = "jobs") -> int | None:
    """Return a number of processes: -1 for all cores, 1 to 1024, or None.

    Parameters
    ----------
    jobs : int or None
    name : str
        Of the argument, for the error.

    Returns
    -------
    int or None

    Raises
    ------
    ValueError
        Naming the argument and the value.

    Examples
    --------
    >>> check_jobs(-1), check_jobs(4), check_jobs(None)
    (-1, 4, None)
    >>> check_jobs(0)
    Traceback (most recent call last):
    ...
    ValueError: jobs = 0 must be -1 (all cores) or a whole number from 1 to 1024
    """
    if jobs is None:
        return None
    try:
        found = count(-1 if jobs == -1 else jobs, name, low=-1, high=MOST)
        if found:
            return found
    except (TypeError, ValueError):  # an array, or what is no number in the range
        pass
    given = f"{name} {jobs}" if name.startswith("--") else f"{name} = {jobs!r}"
    raise ValueError(f"{given} must be -1 (all cores) or a whole number from 1 to {MOST}")


@contextmanager
def spread(
    function: Callable[[T], R], values: Sequence[T], jobs: int | None, *, ordered: bool = True
) -> Iterator[Iterator[R]]:
    """Call a function on each value in several processes; leaving the block ends what still runs.

    Parameters
    ----------
    function : callable
    values : sequence
    jobs : int or None
        Processes, no more of them than values; -1: all cores; None: what `joblib.parallel_config`
        says.
    ordered : bool
        Results in the order of the values, or as they come.

    Yields
    ------
    iterator
        Of the results.

    Raises
    ------
    ChildProcessError
        If a worker was killed.

    Examples
    --------
    >>> with spread(abs, [-1, 2, -3], jobs=1) as results:
    ...     list(results)
    [1, 2, 3]
    """
    calls = (delayed(function)(value) for value in values)
    return_as = "generator" if ordered else "generator_unordered"
    backend = _backend(jobs, len(values))
    alone = backend.get("n_jobs") == 1
    try:
        with _streams(), Parallel(return_as=return_as, **backend) as parallel:
            with nullcontext() if alone else _held_back(signal.SIGINT):
                results = parallel(calls)
            try:
                yield results
            except BaseException as error:
                results.throw(error)  # joblib then kills what still runs
                raise
    except TerminatedWorkerError:
        words = "a worker process was killed, perhaps because memory ran out"
        raise ChildProcessError(words) from None


@contextmanager
def _streams() -> Iterator[None]:
    """Stand in for a stream that is closed: joblib flushes both before it starts a process."""
    with ExitStack() as stack:
        if sys.stdout is None:
            stack.enter_context(redirect_stdout(StringIO()))
        if sys.stderr is None:
            stack.enter_context(redirect_stderr(StringIO()))
        yield


def _backend(jobs: int | None, n_values: int) -> dict[str, Any]:
    """What joblib is to run with; workers that it starts itself are made ours."""
    ours = {"initializer": _enlist, "initargs": (os.getpid(), _in_main_thread())}
    if jobs is None:
        return ours if isinstance(get_active_backend()[0], LokyBackend) else {}
    most = cpu_count() if jobs == -1 else jobs
    return {"n_jobs": max(1, min(most, n_values)), "backend": "loky"} | ours


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _held_back(number: int) -> Iterator[None]:
    """Hold a signal back in this thread, and in the processes that it starts meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # started later, it would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _enlist(parent: int, firm: bool) -> None:
    """First step of a worker: end with the parent, and by signals, without a word."""
    end_with(parent, firm=firm)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
