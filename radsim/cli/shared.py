"""Shared by the commands: refusals of bad input in one line, and where results may be written."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from radsim.cli.printing import asked_for, complain, say
from radsim.cli.signals import Stopped
from radsim.door import each_of
from radsim.extras import needed
from radsim.solution import SolveError, UncertifiedError
from radsim.writing import probe_file, probe_folder, same_file, write_whole

__all__ = [
    "attempt",
    "check_files",
    "check_folder",
    "check_picture",
    "named",
    "refuse",
    "resumable",
    "stop",
    "whole_or_nothing",
    "write_page",
]


# Errors of a disk that pass when there is room again.
PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def named(text: str, known: Collection[str], option: str) -> list[str]:
    """Names of an option, separated by commas, each once; all that are known if there are none."""
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if text and not names:
        raise ValueError(f"{option} {text!r} holds no name")
    return each_of(list(names) or list(known), known, option)


def _words(error: Exception) -> str:
    words = str(error)
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        words = f"{error.filename}: {error.strerror}"
    elif isinstance(error, FileNotFoundError) and not error.strerror:
        words = f"{words}: no such file"
    return "; ".join((words, *getattr(error, "__notes__", ())))


def refuse(error: Exception) -> typer.Exit:
    """Print an error as one line on standard error, and give the exit to raise.

    Its code is 2 for bad input, and 1 for an answer that no certificate proves or a worker that was
    killed.
    """
    complain(f"radsim: {_words(error)}")
    return typer.Exit(1 if isinstance(error, UncertifiedError | ChildProcessError) else 2)


def _check_name(option: str, path: Path) -> None:
    """Refuse names that mean something else to a shell than to a disk."""
    if str(path) == "-" or str(path).startswith("~"):
        place = "standard output" if str(path) == "-" else "a home folder"
        raise ValueError(
            f"{option} {path}: nothing is written to {place}; give the full path of a file"
        )


def _printed_to(path: Path) -> bool:
    """Whether what is written to a path comes where standard output goes."""
    try:
        place, out = os.stat(path), os.fstat(1)
    except (OSError, ValueError):
        return False
    return os.path.samestat(place, out) and not os.path.samestat(place, os.stat(os.devnull))


def check_files(files: Mapping[str, Path | None], inputs: Iterable[str | Path] = ()) -> None:
    """Refuse files that could not be written, before the work; a key is the option that names one.

    No output may be one of the inputs, nor another output.
    """
    taken = {str(x): "the input" for x in inputs if x == "-" or os.path.exists(x)}
    for option, path in files.items():
        if path is None:
            continue
        _check_name(option, path)
        if asked_for("document") and _printed_to(path):
            raise ValueError(f"{option} {path}: --json prints there; give another file")
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


def check_picture(plot: Path | None) -> None:
    """Refuse a picture of another kind than the three that are drawn."""
    if plot is None:
        return
    if plot.suffix not in (".png", ".svg", ".pdf"):
        raise ValueError(f"--plot {plot} must end in .png, .svg or .pdf")
    needed("matplotlib")


def check_folder(option: str, path: Path | None) -> None:
    """Refuse a folder that could not be written to, before the work."""
    try:
        if path is not None:
            _check_name(option, path)
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
    place = "" if error.filename is None else f"{option} "
    complain(f"radsim: {place}{_words(error)}")
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


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Say how it goes on when a signal, a full disk or a worker's death ends a sweep early."""
    try:
        yield
    except (Stopped, OSError) as error:
        temporary = isinstance(error, Stopped | ChildProcessError) or error.errno in PASSING
        if temporary and (folder / "manifest.json").is_file():
            words = sys.argv[1:]
            again = words if "--resume" in words else [*words, "--resume"]
            error.add_note(f"go on with: {shlex.join(['radsim', *again])}")
        raise


def write_page(text: str, path: Path, option: str) -> None:
    """Write a page, whole, and say where and how large."""
    if not attempt(option, write_whole, path, text):
        raise typer.Exit(1)
    say(f"{path} ({len(text.encode()) / 1000:.0f} kB)")
