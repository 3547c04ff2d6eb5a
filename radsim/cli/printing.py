"""The only place in the commands that prints.

What is printed waits until the command has ended, so results are written first, and a terminal
that takes no more, or lacks a character, stops nothing.  Whatever comes from a user is shown as it
is: no markup, no emoji codes, control characters escaped, long values cut in the middle.
"""

from __future__ import annotations

import codecs
import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "asked_for",
    "complain",
    "held",
    "progress",
    "say",
    "say_document",
    "say_table",
    "shown",
    "speaking",
]

# What a command prints on standard output: "words", one JSON "document", or "nothing".
_ASKED: ContextVar[str] = ContextVar("asked for", default="words")

# Longest text of a line or of a cell.
MOST = 1000
# What radsim prints itself, for terminals that lack it.
PLAIN = {"…": "...", "·": "*", "•": "*", "–": "-", "—": "-", "─": "-", "━": "-", "│": "|"}
_FALLBACK = "radsim.plain"


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(c) or _escaped(c) for c in lacking), error.end


codecs.register_error(_FALLBACK, _plain)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def shown(value: object) -> str:
    r"""Text of a value in one line: what cannot be printed is escaped, the middle of much is cut.

    Examples
    --------
    >>> print(shown("run [final]\n\x1b[31m.csv"))
    run [final]\n\x1b[31m.csv
    >>> len(shown("x" * 10**7))
    1000
    """
    text = str(value)
    if len(text) > MOST:
        half = MOST // 2
        text = f"{text[: half - 1]}…{text[-half:]}"
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


class _Held(io.StringIO):
    """What a command prints until it has ended; otherwise like the stream that it will go to."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.stream.encoding or "utf-8"

    def isatty(self) -> bool:
        return self.stream.isatty()


@contextmanager
def held() -> Iterator[None]:
    """Hold what is printed in the block until its end.

    A closed pipe is no error.  If standard output fails otherwise, a line on standard error says so
    and the exit code is 1, or what it would have been if that is not 0.
    """
    stream = sys.stdout
    if stream is None:  # closed: nobody listens
        yield
        return
    printed, code = _Held(stream), None
    try:
        with redirect_stdout(printed):
            yield
    except SystemExit as error:
        code = error.code
        raise
    finally:
        failed = _deliver(printed.getvalue(), stream)
        if failed is not None:
            complain(f"radsim: standard output: {failed.strerror}")
            if not code:
                raise SystemExit(1)


def _deliver(text: str, stream: TextIO) -> OSError | None:
    """Print, in the characters that the stream has; what else it cannot take is returned."""
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, _FALLBACK).decode(encoding))
        stream.flush()
    except OSError as error:
        # Python would flush it again at its end, and fail again.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return None if isinstance(error, BrokenPipeError) else error
    return None


def complain(line: object) -> None:
    """Print a line on standard error, now."""
    if sys.stderr is not None:
        _deliver(f"{shown(line)}\n", sys.stderr)


def _console() -> Console:
    from rich.console import Console  # slow to import: `radsim --version` needs none

    return Console(markup=False, emoji=False, highlight=False)


@contextmanager
def speaking(what: str) -> Iterator[None]:
    """Print in the block "words", a "document" or "nothing"; complaints are printed in any case."""
    before = _ASKED.set(what)
    try:
        yield
    finally:
        _ASKED.reset(before)


def asked_for(what: str) -> bool:
    """Whether that is what is printed now."""
    return _ASKED.get() == what


def say(*lines: object, style: str | None = None) -> None:
    """Print lines, each whole, however wide the terminal is."""
    if not asked_for("words"):
        return
    console = _console()
    for line in lines:
        console.print(shown(line), style=style, soft_wrap=True)


def say_document(make: Callable[[], object]) -> None:
    """Print a document as JSON, if one is asked for; characters outside ASCII are escaped.

    What is no finite number is null there.
    """
    if asked_for("document"):
        sys.stdout.write(json.dumps(_finite(make()), indent=1, allow_nan=False) + "\n")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(x) for name, x in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(x) for x in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def say_table(
    title: object, rows: Iterable[Sequence[object]], columns: Sequence[str] = (), names: int = 1
) -> None:
    """Print a title and a table below it; its first `names` columns are not wrapped."""
    if not asked_for("words"):
        return
    from rich.table import Table

    say(title)
    table = Table(show_header=bool(columns))
    for k, column in enumerate(columns):
        named = k < names
        table.add_column(column, justify="left" if named else "right", no_wrap=named)
    for row in rows:
        table.add_row(*map(shown, row))
    _console().print(table)


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar on standard error, if that is a terminal; call what it gives once a step.

    Called with `total`, it learns of how many steps there are.
    """
    from rich.console import Console
    from rich.progress import Progress

    with Progress(
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=sys.stderr is None or not sys.stderr.isatty() or asked_for("nothing"),
    ) as bar:
        task = bar.add_task(words, total=total)

        def step(*_: Any, total: int | None = None) -> None:
            if total is None:
                bar.advance(task)
            else:
                bar.update(task, total=total)

        yield step
