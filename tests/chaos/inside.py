"""Commands called in this process, for speed, and judged as those in processes of their own."""

import resource
import signal
import traceback
from contextlib import contextmanager

from chaos.outcomes import Outcome
from commands import call

# Seconds and bytes that reading a small damaged file may take.
LIMIT, MEMORY = 30, 12 * 2**30


class NoEnd(BaseException):
    """Raised by the alarm; no handler of radsim takes it for an error of its own."""


@contextmanager
def limits():
    """An alarm, and a limit of memory, for what is called in this process."""

    def stop(*_):
        raise NoEnd

    before, known = signal.signal(signal.SIGALRM, stop), resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, known[1]))
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, known)


def interpreted(result):
    """What Typer's runner returns, as an outcome: an exception that got out is a traceback."""
    error, words = result.exception, result.stderr
    if error is not None and not isinstance(error, SystemExit):
        words += "".join(traceback.format_exception(error))
    return Outcome(result.exit_code, result.stdout, words)


def commanded(*arguments):
    """A command in this process, as an outcome."""
    with limits():
        try:
            return interpreted(call(*arguments))
        except NoEnd:
            return Outcome(None)
