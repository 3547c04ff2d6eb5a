"""`radsim conjecture`."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.printing import complain, progress, say
from radsim.cli.shared import attempt, check_files, check_folder, check_picture, refuse
from radsim.conjecture import (
    Conjecture,
    StatementError,
    Survey,
    Trial,
    conjecture,
    falsify,
    judge,
)
from radsim.conjecture.judging import Sides, sides
from radsim.conjecture.kept import (
    explorer_address,
    load_refutation,
    refutation_test,
    save_refutation,
)
from radsim.conjecture.search import CHUNK
from radsim.conjecture.smt import MOST_POINTS, Answer
from radsim.conjecture.smt import prove as prove_sizes
from radsim.conjecture.solved import optimum
from radsim.conjecture.trials import words
from radsim.conjecture.words import comparisons, letters
from radsim.door import count, number
from radsim.writing import write_whole

# Below this share of games that meet the conditions, the search was narrow.
FEW = 0.2


def _refuse(error: ValueError) -> typer.Exit:
    """Print a refusal in one line; of a statement, with a caret before the place in it."""
    return refuse(ValueError(error.line) if isinstance(error, StatementError) else error)


def _row(values: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, values))})"


def _value(found: object) -> str:
    if found is None:
        return "not defined"
    return _row(found) if isinstance(found, tuple) else str(found)


def _said(found: tuple[Sides, ...]) -> list[str]:
    lines = []
    for one in found:
        fails = {True: "holds", False: "FAILS", None: "undecided"}[one.holds]
        lines.append(f"{fails:<11}{one.text}")
        for text, value in (one.left, one.right):
            if text != _value(value):
                lines.append(f"           {text} = {_value(value)}")
    return lines


def _proof(asked: Conjecture, trial: Trial) -> list[str]:
    """Both sides' strategies, which prove the value in fractions."""
    if "V" not in letters(asked.statement).union(*map(letters, asked.where)):
        return []
    found = optimum(trial)
    return [
        f"proof      V = {found.value}: no mistakes take q = {_row(found.q)} below it,",
        f"           and no queries earn more against l = {_row(found.l)}",
    ]


def _title(asked: Conjecture) -> list[str]:
    conditions = asked.conditions.strip() or "nothing: all games that are capped and may abstain"
    return [f"statement  {asked.text}", f"where      {conditions}"]


def _replay(path: Path) -> int:
    asked, trial = load_refutation(path)
    ruling = judge(asked, trial)
    say(*_title(asked), f"game       {words(trial)}", *_said(sides(asked, trial)))
    say(*_proof(asked, trial))
    end = {
        "refutes": "REFUTED: the statement is false on this game, in exact fractions",
        "agrees": "SURVIVED: the statement holds on this game, in exact fractions",
        "undefined": "SURVIVED: the statement is not defined on this game",
        "outside": "SURVIVED: the game does not meet the conditions",
    }
    say(end[ruling])
    return int(ruling == "refutes")


def _counts(found: Survey) -> list[str]:
    lines = [
        f"tried      {found.n_tried} games, {found.n_applicable} of them "
        f"({found.applicable:.0%}) meet the conditions",
        f"           close ones judged in exact fractions: {found.n_exact}",
    ]
    if found.n_undefined:
        lines.append(f"           games on which the statement is not defined: {found.n_undefined}")
    if found.n_unconfirmed:
        lines.append(
            f"           violations in floats that are none in fractions: {found.n_unconfirmed}"
        )
    return lines


def conjecture_command(
    statement: Annotated[
        str, typer.Argument(help="Statement in the theory's letters, in quotes.")
    ] = "",
    where: Annotated[
        str, typer.Option(help="Conditions, separated by commas: 'c == 1, b == 1, m == floor(m)'.")
    ] = "",
    games: Annotated[int, typer.Option(help="Most games that are tried.")] = 5000,
    seconds: Annotated[float, typer.Option(help="No new games after that time.")] = 60.0,
    seed: Annotated[int, typer.Option(help="Seed: the same one tries the same games.")] = 0,
    prove: Annotated[
        int, typer.Option(help="If it survives, ask z3 about all games of up to so many points.")
    ] = 0,
    plot: Annotated[
        Path | None, typer.Option(help="Picture: left side of the statement against its right.")
    ] = None,
    pytest: Annotated[
        Path | None, typer.Option(help="Test file that holds the game which refutes it.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for the game that refutes it, for --replay.")
    ] = Path("radsim-failures"),
    replay: Annotated[
        Path | None, typer.Option(help="A saved refutation to judge again, exactly.")
    ] = None,
) -> None:
    """Search for a game on which a statement about the game is false.

    Exit code 0 if it survived, 1 if it is refuted, 2 if it is no statement. A refutation is proved
    in exact fractions; surviving proves nothing.

    Letters: g h s (gains, harms, stakes), n m b c, V R rho lam tau, q l, W(margin), W(uniform), ...

    Example: radsim conjecture "V >= (n-2*m)/n * mean(g)" --where "c == 1, b == 1"

    Example: radsim conjecture "W(uniform) <= V" --where "capped or uncapped"
    """
    try:
        if replay is not None:
            raise typer.Exit(_replay(replay))
        count(seed, "--seed")
        count(games, "--games", low=1)
        count(prove, "--prove", high=MOST_POINTS)
        number(seconds, "--seconds", open_low=True)
        check_files({"--plot": plot, "--pytest": pytest})
        _check_plot(plot, conjecture(statement, where))
        check_folder("--out", out)
        with progress("trying games", -(-games // CHUNK)) as step:
            found = falsify(statement, where, rng=seed, games=games, seconds=seconds, step=step)
        answers: tuple[Answer, ...] = ()
        if prove and not found.refuted:
            found, answers = prove_sizes(found, prove)
    except ValueError as error:
        raise _refuse(error) from None
    except ImportError as error:
        words_ = f"{error}; --prove needs radsim[proofs]"
        raise refuse(ImportError(words_)) from None
    asked, written = found.conjecture, []
    say(*_title(asked))
    if plot is not None:
        written.append(attempt("--plot", _draw, found, plot))
    if found.trial is not None:
        path = out / f"conjecture-{_digest(asked, found.trial)}.json"
        written.append(attempt("--out", save_refutation, asked, found.trial, path))
        if pytest is not None:
            text = refutation_test(asked, found.trial)
            written.append(attempt("--pytest", write_whole, pytest, text))
        say(f"game       {words(found.trial)}", *_said(found.sides))
        say(*_proof(asked, found.trial), *_counts(found))
        if written and written[-1]:
            say(f"replay     radsim conjecture --replay {shlex.quote(str(path))}")
        address = explorer_address(found.trial)
        if address is not None:
            say(f"explorer   radsim explore, then open radsim-explorer.html{address}")
        points = "1 point" if found.trial.n == 1 else f"{found.trial.n} points"
        say(f"REFUTED by a game of {points}, seed {seed}")
        raise typer.Exit(1)
    say(*_counts(found), *_answered(answers))
    if found.tightest is not None:
        say(
            f"slack      {abs(round(found.slack, 8)):.2g} of the larger side at the least, where",
            f"           {words(found.tightest)}",
        )
        say(*_said(found.sides))
    if found.applicable < FEW:
        complain(
            f"radsim: only {found.applicable:.1%} of the games meet the conditions: "
            "more --games, or simpler conditions"
        )
    if found.ended == "seconds":
        complain(f"radsim: stopped after {seconds:g} seconds; another run may try other games")
    if not all(written):
        raise typer.Exit(1)
    tested = found.n_applicable - found.n_undefined
    say(f"SURVIVED {tested} games, seed {seed}; that is no proof")


def _answered(answers: tuple[Answer, ...]) -> list[str]:
    """What z3 says of each size."""
    says = {
        "proved": "no game of real numbers fails, where all parts are defined",
        "no game": "no game of that size meets the conditions",
        "undecided": "not decided",
        "not asked": "not asked",
        "refuted": "a game that fails",
    }
    lines = []
    for k, x in enumerate(answers):
        rules = f"{'capped' if x.capped else 'uncapped'}, {'abstain' if x.abstain else 'forced'}"
        why = f": {x.words}" if x.words else ""
        lines.append(f"{'' if k else 'z3':<11}n = {x.n}, {rules}: {says[x.status]}{why}")
    return lines


def _check_plot(plot: Path | None, asked: Conjecture) -> None:
    if plot is None:
        return
    check_picture(plot)
    if not _compared(asked):
        raise ValueError(f"--plot {plot}: the statement does not begin by comparing two numbers")


def _compared(asked: Conjecture) -> tuple[str, ...]:
    """Both sides of the first comparison, if they are numbers."""
    first = comparisons(asked.statement)[:1]
    return tuple(x.text for one in first for x in one.args if x.kind == "number")


def _draw(found: Survey, path: Path) -> None:
    # Matplotlib comes with the picture, and only when one is asked for.
    from radsim.plots import sides_plot

    left, right = _compared(found.conjecture)
    sides_plot(found.pairs, left, right, path)


def _digest(asked: Conjecture, trial: Trial) -> str:
    text = f"{asked.text}\n{asked.conditions}\n{words(trial)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
