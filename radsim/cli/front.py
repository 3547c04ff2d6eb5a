"""The group of commands: it shows their lines, and loads the one that is called."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import radsim
from radsim.cli.printing import complain, held, speaking
from radsim.cli.signals import raise_from_here
from radsim.extras import told

__all__ = ["COMMANDS", "app"]

# Name of a command, and of its module -> its line in `radsim --help`, the first of its docstring.
COMMANDS = {
    "advise": "Say from checked answers which selector to use: margin, RAD, guarded, or do not "
    "query.",
    "attack": "Find the teacher that hurts a selector of your own most; judge what it guarantees.",
    "bench": "Time every solver from gains to inclusion probabilities; certify each answer.",
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


# Commands whose results are also one JSON document; `bench --save` writes one.
DOCUMENTS = ("advise", "check", "simulate", "solve", "verify")
# Both ways to ask any command for help.
CONTEXT = {"help_option_names": ["--help", "-h"]}

# Bytes of address space that a command needs, but for those that start without SciPy: with less its
# libraries end the process in words of their own, or turn in a circle that no signal ends.
LEAST_SPACE = 2**30
SMALL = {"check", "explore", "solve"}


class LazyGroup(TyperGroup):
    """A group that knows its commands by their lines, and imports the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, help=line) for name, line in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Find the command that is called, or refuse an unknown name, as Typer does."""
        name, _, rest = super().resolve_command(ctx, args)
        _check_space(name)
        return name, name and _loaded(name), rest

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command and print when it has ended."""
        with held():
            return super().main(*arguments, **options)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the options before the command."""
        with _refused():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what no certificate proves, and a file that cannot be used, end it.

        Each is one line on standard error, whoever asked.
        """
        try:
            with _refused():
                return super().invoke(ctx)
        except typer.Exit:  # a RuntimeError too
            raise
        except MemoryError as error:
            complain(f"radsim: not enough memory; {error or 'a smaller pool or budget may do'}")
            raise typer.Exit(1) from None
        except ModuleNotFoundError as error:
            from_extra = str(error) if "pip install" in str(error) else told(error)
            if from_extra is None:
                raise
            complain(f"radsim: {from_extra}")
            raise typer.Exit(2) from None
        except (OSError, RuntimeError) as error:
            # They bring NumPy along, and `radsim --help` needs none.
            from radsim.cli.shared import refuse
            from radsim.solution import SolveError

            if not isinstance(error, OSError | SolveError):
                raise
            raise refuse(error) from None


class Command(TyperCommand):
    """A command that takes each option once, unless it is one to repeat, and with a value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what has no one meaning: options given twice, as an empty text, or not used."""
        given: dict[str, Any] = {}
        try:
            given, _, order = self.make_parser(ctx).parse_args(list(args))
            for k, option in enumerate(order):
                if option in order[:k] and not option.multiple and not option.is_eager:
                    raise _WrongUse(f"{'/'.join(option.opts)} is given more than once")
            for option in order:
                if given[option.name] == "" or (option.multiple and "" in given[option.name]):
                    raise _WrongUse(f"{'/'.join(option.opts)} is given an empty text")
            if words := _unused(str(self.name), [option.opts[0] for option in order]):
                raise _WrongUse(words)
            return super().parse_args(ctx, args)
        except _WrongUse as error:
            error.ctx = error.ctx or ctx
            if type(error) is typer.BadParameter and error.param is not None:
                error.message = f"{given.get(error.param.name)!r}: {error.message}"
            raise


# How a pool of one's own is read and played.
OF_FILE = (
    "--mistakes",
    "--budget",
    "--harm",
    "--kind",
    "--gain",
    "--sep",
    "--decimal",
    "--header",
    "--id",
    "--normalise",
)
# Options of a command that do one thing alone, and the only others that have a meaning with them.
ALONE: dict[str, dict[str, tuple[str, ...]]] = {
    "distill": {
        "--study": ("--jobs", "--out", "--resume", "--rows"),
        "--rows": ("--study", "--out"),
    },
    "simulate": {
        "--replay": ("--out", "--json", "--selector", "--file", *OF_FILE),
        "--scorecard": ("--instances", "--seed", "--json", "--selector", "--file", *OF_FILE),
    },
    "verify": {"--replay": ("--claims", "--selector", "--solver", "--design")},
}
# Options that have none without another.
NEEDS: dict[str, dict[str, str]] = {
    "distill": {"--jobs": "--study", "--resume": "--study", "--rows": "--study"},
    "simulate": dict.fromkeys(OF_FILE, "--file"),
}


def _unused(command: str, given: list[str]) -> str:
    """Why one of the options that are given would not be used, or nothing."""
    if "--json" in given and "--quiet" in given:
        return "--quiet has no meaning with --json"
    for option, others in ALONE.get(command, {}).items():
        for other in given if option in given else ():
            if other not in (option, *others, "--help", "--quiet"):
                return f"{other} has no meaning with {option}"
    for option, other in NEEDS.get(command, {}).items():
        if option in given and other not in given:
            return f"{option} has no meaning without {other}"
    return ""


_WrongUse: Any = typer.BadParameter.__base__  # Typer has no public name for it


@contextmanager
def _refused() -> Iterator[None]:
    """Wrong use is one line on standard error; without a command, help has said what there is."""
    try:
        yield
    except _WrongUse as error:
        words = " ".join(error.format_message().split())
        if words:
            dot = "" if words[-1] in ".?" else "."
            complain(f"radsim: {words}{dot} Try '{error.ctx.command_path} --help'.")
        raise typer.Exit(2) from None


def _check_space(name: str | None) -> None:
    """Refuse a limit of address space that is too small, before anything large is loaded."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit
    except ImportError:  # no such limits here
        return
    limit = getrlimit(RLIMIT_AS)[0]
    if name not in SMALL and limit != RLIM_INFINITY and limit < LEAST_SPACE:
        complain(
            f"radsim: not enough memory; {name} needs {LEAST_SPACE >> 20} MiB of address space, "
            f"and is limited to {limit >> 20} MiB (ulimit -v)"
        )
        raise typer.Exit(1)


def _loaded(name: str) -> Any:
    module = importlib.import_module(f"radsim.cli.{name}")
    raise_from_here()
    alone = typer.Typer(add_completion=False)
    function = _told_how(getattr(module, f"{name}_command"), name in DOCUMENTS)
    alone.command(name, cls=Command, context_settings=CONTEXT, help=_flowing(function))(function)
    command = typer.main.get_command(alone)
    for option in command.params:
        option.help = _unmarked(getattr(option, "help", None) or "")  # type: ignore[attr-defined]
    return command


def _unmarked(text: str) -> str:
    """Words in which Typer finds no markup, as it would in `radsim[remote]`."""
    if "[" not in text:
        return text
    from rich.markup import escape

    return escape(text)


def _flowing(function: Callable[..., Any]) -> str:
    """The docstring with one line a paragraph, for terminals of any width."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return _unmarked("\n\n".join(" ".join(text.split()) for text in paragraphs))


def _told_how(function: Callable[..., Any], document: bool) -> Callable[..., Any]:
    """A command that is also told what to print: --quiet, and --json if it has a document."""
    quiet = typer.Option("--quiet", "-q", help="Print nothing but warnings and refusals.")
    as_json = typer.Option("--json", help="Print one JSON document and nothing else.")
    options = {"as_json": as_json} if document else {}

    @wraps(function)
    def command(*, quiet: bool, as_json: bool = False, **given: Any) -> Any:
        with speaking("document" if as_json else "nothing" if quiet else "words"):
            return function(**given)

    known = inspect.signature(function, eval_str=True)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for name, option in (options | {"quiet": quiet}).items()
        for kind in [Annotated[bool, option]]
    ]
    every = [*known.parameters.values(), *added]
    command.__signature__ = known.replace(parameters=every)  # type: ignore[attr-defined]
    return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, context_settings=CONTEXT)


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
