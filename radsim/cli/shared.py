"""Shared by the commands: refusals of bad input in one line, and pages written whole."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from radsim.door import each_of
from radsim.solution import SolveError, UncertifiedError
from radsim.writing import write_whole

__all__ = ["harm_of", "named", "refuse", "whole_or_nothing", "write_page"]


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


def named(text: str, known: Collection[str], option: str) -> list[str]:
    """Names of an option, separated by commas; all that are known if there are none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return each_of(names or list(known), known, option)


def refuse(error: Exception) -> typer.Exit:
    """Print an error as one line on standard error, and give the exit to raise.

    Its code is 2 for bad input, and 1 for an answer that no certificate proves.
    """
    words = " ".join(str(error).splitlines())
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        words = f"{error.filename}: {error.strerror}"
    print(f"radsim: {words}", file=sys.stderr)
    return typer.Exit(1 if isinstance(error, UncertifiedError) else 2)


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


def write_page(text: str, path: Path) -> None:
    """Write a page, whole, and say where and how large."""
    write_whole(path, text)
    print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")
