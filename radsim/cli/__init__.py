"""The `radsim` command: one file a subcommand, each a thin layer over the package."""

from radsim.cli import distill, evidence, simulate, solve, verify
from radsim.cli.shared import app

__all__ = ["app", "distill", "evidence", "main", "simulate", "solve", "verify"]


def main() -> None:
    """Entry point of the `radsim` script."""
    app()
