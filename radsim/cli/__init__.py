"""The `radsim` command: one file a command, a thin layer over the package, loaded when called."""

from __future__ import annotations

from typing import Any

__all__ = ["COMMANDS", "app", "main"]


def main() -> None:
    """Entry point of the `radsim` script."""
    from radsim.cli.signals import ended_in_order

    with ended_in_order():
        # What takes long to import comes after what listens to signals.
        from radsim.cli.front import app

        app()


def __getattr__(name: str) -> Any:
    if name not in ("COMMANDS", "app"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from radsim.cli.front import COMMANDS, app

    return {"COMMANDS": COMMANDS, "app": app}[name]
