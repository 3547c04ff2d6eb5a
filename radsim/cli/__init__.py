"""The `radsim` command: one file a subcommand, each a thin layer over the package."""

from radsim.cli import evidence, report, simulate, solve, verify
from radsim.cli.shared import app

__all__ = ["app", "evidence", "main", "report", "simulate", "solve", "verify"]


def main() -> None:
    """Entry point of the `radsim` script."""
    app()
