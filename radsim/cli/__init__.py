"""The `radsim` command: one file a command, a thin layer over the package, loaded when called."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import radsim
from radsim.cli.printing import held, shown

__all__ = ["COMMANDS", "app", "main"]

# Name of a command, and of its module -> its line in `radsim --help`, the first of its docstring.
COMMANDS = {
    "attack": "Find the teacher that hurts a selector of your own most; judge what it guarantees.",
    "bench": "Time every solver from gains to inclusion probabilities; certify each answer.",
    "check": "Prove picks again from your own gains, in exact arithmetic; believe nobody.",
    "distill": "Compare query strategies by the accuracy of a student trained on the answers.",
    "evidence": "Run the proof checks of a checkout; write the table of statements and evidence.",
    "explore": "Write the explorer: one HTML page in which gains, m, b and harm can be dragged.",
    "report": "Make one HTML page of a run: failures first, pictures, tables that sort. "
    "Needs no network.",
    "simulate": "Draw teachers and samples: what each selector earns, beside its guarantee.",
    "solve": "Choose the points to query, with a guaranteed value, its proof, and a sample.",
    "verify": "Check every solver and every claim on random games and on one real instance.",
}


class LazyGroup(TyperGroup):
    """A group that knows its commands by their lines, and imports the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, help=line) for name, line in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Find the command that is called, or refuse an unknown name, as Typer does."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and _loaded(name), rest

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command and print when it has ended."""
        with held():
            return super().main(*arguments, **options)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the options before the command; wrong use is shown as it was typed."""
        with _shown_as_typed():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what no certificate proves, and a file that cannot be used, end it.

        Each is one line on standard error, whoever asked.
        """
        try:
            with _shown_as_typed():
                return super().invoke(ctx)
        except typer.Exit:  # a RuntimeError too
            raise
        except (OSError, RuntimeError) as error:
            # They bring NumPy along, and `radsim --help` needs none.
            from radsim.cli.shared import refuse
            from radsim.solution import SolveError

            if not isinstance(error, OSError | SolveError):
                raise
            raise refuse(error) from None


_WrongUse: Any = typer.BadParameter.__base__  # Typer has no public name for it


@contextmanager
def _shown_as_typed() -> Iterator[None]:
    try:
        yield
    except _WrongUse as error:
        error.message = shown(error.message)
        raise


def _loaded(name: str) -> Any:
    module = importlib.import_module(f"radsim.cli.{name}")
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(module, f"{name}_command"))
    return typer.main.get_command(alone)


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False)


def _show_version(asked: bool) -> None:
    if asked:
        print(f"radsim {radsim.__version__}")
        raise typer.Exit


@app.callback()
def choose(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Choose which points to ask a fallible teacher about, and verify why that is safe."""


def main() -> None:
    """Entry point of the `radsim` script."""
    app()
