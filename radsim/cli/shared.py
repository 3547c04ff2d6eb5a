"""The application object, and how a command refuses bad input."""

from __future__ import annotations

import sys

import typer

__all__ = ["app", "refuse"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Choose which points to ask a fallible teacher about, and verify why that is safe.",
)


def refuse(words: str) -> typer.Exit:
    """One line on standard error, and exit code 2."""
    print(f"radsim: {words}", file=sys.stderr)
    return typer.Exit(2)
