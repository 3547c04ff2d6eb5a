"""The `radsim` command: one file a subcommand, each a thin layer over the package."""

from radsim.cli import distill, evidence, report, simulate, solve, verify
from radsim.cli.shared import app

__all__ = ["app", "distill", "evidence", "main", "report", "simulate", "solve", "verify"]


def main() -> None:
    """Entry point of the `radsim` script."""
    app()
