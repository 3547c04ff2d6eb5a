"""The application object, and how a command refuses bad input."""

from __future__ import annotations

import sys
from collections.abc import Collection

import typer

from radsim.door import each_of

__all__ = ["app", "named", "refuse"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Choose which points to ask a fallible teacher about, and verify why that is safe.",
)


def named(text: str, known: Collection[str], option: str) -> list[str]:
    """Names of an option, separated by commas; all that are known if there are none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return each_of(names or list(known), known, option)


def refuse(words: str) -> typer.Exit:
    """One line on standard error, and exit code 2."""
    print(f"radsim: {words}", file=sys.stderr)
    return typer.Exit(2)
