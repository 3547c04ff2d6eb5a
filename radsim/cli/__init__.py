"""The `radsim` command: one file a command, a thin layer over the package, loaded when called."""

from __future__ import annotations

from typing import Any

__all__ = ["COMMANDS", "app", "main"]

# Name of a command, and of its module -> its line in `radsim --help`, the first of its docstring.
COMMANDS = {
    "check": "Prove picks again from your own gains, in exact arithmetic; believe nobody.",
    "conjecture": "Search for a game on which a statement about the game is false.",
    "distill": "Compare query strategies by the accuracy of a student trained on the answers.",
    "evidence": "Run the proof checks of a checkout; write the table of statements and evidence.",
    "explore": "Write the explorer: one HTML page in which gains, m, b and harm can be dragged.",
    "report": "Make one HTML page of a run: failures first, pictures, tables that sort. "
    "Needs no network.",
    "simulate": "Draw teachers and samples: what each selector earns, beside its guarantee.",
    "solve": "Choose the points to query, with a guaranteed value, its proof, and a sample.",
    "verify": "Check every solver and every claim on random games and on one real instance.",
}


def main() -> None:
    """Entry point of the `radsim` script."""
    from radsim.cli.signals import ended_in_order

    with ended_in_order():
        # What takes long to import comes after what listens to signals.
        from radsim.cli.front import app

        app()


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from radsim.cli.front import app

    return app
