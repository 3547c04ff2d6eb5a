"""Shared by the commands: refusals of bad input in one line, and where results may be written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from radsim.cli.printing import complain, say
from radsim.door import each_of
from radsim.game import Count, mistakes_from_rate
from radsim.solution import SolveError, UncertifiedError
from radsim.writing import probe_file, probe_folder, same_file, write_whole

__all__ = [
    "attempt",
    "check_files",
    "check_folder",
    "harm_of",
    "mistakes_of",
    "named",
    "refuse",
    "stop",
    "whole_or_nothing",
    "write_page",
]


def harm_of(text: str) -> tuple[str, Any]:
    """What --harm says: ("multiple", c), ("constant", h) or ("column", name)."""
    kind, _, rest = text.rpartition(":")
    if kind == "column":
        return "column", rest
    try:
        if kind in ("", "constant"):
            return kind or "multiple", float(rest)
    except ValueError:
        pass
    raise ValueError(f"--harm {text!r} must be a multiple, constant:X or column:NAME")


def mistakes_of(text: str, n: int) -> tuple[Count, str]:
    """The count that --mistakes means, and how it was read."""
    points = f"{n} point{'s' * (n != 1)}"
    try:
        if text.endswith("%"):
            return mistakes_from_rate(float(text[:-1]) / 100, n), f"{text} of {points}, mean"
        m = Count(text)
    except ValueError:
        raise ValueError(f"--mistakes {text!r} must be a count or a rate like 12%") from None
    return m, f"a count, of {points}" + ("" if m.is_integer() else ", mean")


def named(text: str, known: Collection[str], option: str) -> list[str]:
    """Names of an option, separated by commas; all that are known if there are none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return each_of(names or list(known), known, option)


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def refuse(error: Exception) -> typer.Exit:
    """Print an error as one line on standard error, and give the exit to raise.

    Its code is 2 for bad input, and 1 for an answer that no certificate proves.
    """
    complain(f"radsim: {_words(error)}")
    return typer.Exit(1 if isinstance(error, UncertifiedError) else 2)


def check_files(files: Mapping[str, Path | None], inputs: Iterable[str | Path] = ()) -> None:
    """Refuse files that could not be written, before the work; a key is the option that names one.

    No output may be one of the inputs, nor another output.
    """
    taken = {str(x): "the input" for x in inputs if x == "-" or os.path.exists(x)}
    for option, path in files.items():
        if path is None:
            continue
        for other, words in taken.items():
            if same_file(path, other):
                raise ValueError(f"{option} {path}: that is {words}")
        taken[str(path)] = f"the file of {option} too"
        try:
            probe_file(path)
        except FileNotFoundError as error:
            words = (
                str(error.strerror) if path.parent.is_dir() else f"{path.parent}: no such folder"
            )
            raise ValueError(f"{option} {path}: {words}") from None
        except OSError as error:
            raise ValueError(f"{option} {_words(error)}") from None


def check_folder(option: str, path: Path | None) -> None:
    """Refuse a folder that could not be written to, before the work."""
    try:
        if path is not None:
            probe_folder(path)
    except OSError as error:
        raise ValueError(f"{option} {_words(error)}") from None


def attempt(option: str, write: Callable[..., object], *arguments: Any) -> bool:
    """Whether a file could be written; if not, one line says why, and the work is not lost."""
    try:
        write(*arguments)
    except OSError as error:
        stop(error, option)
        return False
    return True


def stop(error: OSError, option: str) -> typer.Exit:
    """Print in one line what could not be written after all, and give the exit to raise."""
    complain(f"radsim: {option} {_words(error)}")
    return typer.Exit(1)


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[None]:
    """Leave no new folder behind when a solver fails or its answer is not certified.

    A folder that was there before is kept: all that it holds was certified.
    """
    new = not folder.exists()
    try:
        yield
    except SolveError:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def write_page(text: str, path: Path, option: str) -> None:
    """Write a page, whole, and say where and how large."""
    if not attempt(option, write_whole, path, text):
        raise typer.Exit(1)
    say(f"{path} ({len(text.encode()) / 1000:.0f} kB)")
