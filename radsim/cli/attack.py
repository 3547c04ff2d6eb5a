"""`radsim attack`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from radsim.addresses import loaded
from radsim.analysis.attack import TOLERANCE, Attack, attack
from radsim.cli.inputs import (
    Decimal,
    Gain,
    GainColumn,
    Header,
    Ids,
    Kind,
    Logits,
    Logprobs,
    Normalise,
    Rate,
    Sep,
    read_pool,
)
from radsim.cli.printing import complain, progress, say, say_table
from radsim.cli.shared import attempt, check_files, check_picture, refuse
from radsim.door import count, number, one_of
from radsim.selectors import SELECTORS, fits, selector_of

# Draws between two steps of the progress bar.
_EVERY = 100


def _between(low: float, high: float) -> str:
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _show(found: Attack, name: str) -> None:
    own = found.guarantee
    rows = [(k, _between(a, a), _between(u, u)) for k, (a, u) in found.rivals.items()]
    if own is not None:
        rows.insert(1, (f"yours: {name}", _between(own.low, own.high), _between(*own.typical)))
    say_table("mean robust gain of a sample", rows, ["selector", "guaranteed", "mistakes anywhere"])
    if own is None:
        return
    wrong = found.broken_by
    shown = ", ".join(
        f"{i}{'' if own.mistakes[i] == 1 else f' ({own.mistakes[i]:.2g})'}" for i in wrong[:20]
    )
    more = f", … ({len(wrong)} in all)" if len(wrong) > 20 else ""
    say(f"worst mistakes found, rows from 0: {shown or 'none'}{more}")
    if own.exact:
        say("the selector leaves nothing to chance: all figures are exact")
        return
    say(
        f"on {own.n_fresh:,} fresh draws it earned {own.tested:.4g} against them; "
        f"{own.n_draws:,} draws in all"
    )
    say(
        f"intervals hold together but for an error of {found.error:g}, shared out evenly among the "
        f"looks at the draws: {own.level:.1e} to each bound"
    )


def attack_command(
    selector: Annotated[
        str,
        typer.Argument(
            help="FILE.py:NAME, a function (gains, budget, *, rng) -> indices, or a Selector; the "
            "file is run, so name only code that you trust. Or one of ours: rad, margin, ..."
        ),
    ],
    file: Annotated[str, typer.Option(help="Gains or class probabilities, as `radsim solve`.")],
    mistakes: Annotated[
        str, typer.Option(help="Feared number of the teacher's mistakes, or a rate like 12%.")
    ] = "",
    rate: Rate = "",
    budget: Annotated[
        str,
        typer.Option(
            help="Points to query, or a share such as 10%; a whole number reaches the selector as "
            "an int."
        ),
    ] = "1",
    harm: Annotated[
        str,
        typer.Option(help="Harm: a multiple of the gain, constant:X or column:NAME."),
    ] = "1",
    kind: Kind = "auto",
    gain: Gain = "margin",
    gain_column: GainColumn = None,
    logits: Logits = False,
    logprobs: Logprobs = False,
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
    normalise: Normalise = False,
    draws: Annotated[int, typer.Option(help="Most draws from the selector.")] = 100_000,
    error: Annotated[
        float, typer.Option(help="Probability that the verdict or an interval is wrong.")
    ] = 1e-3,
    tolerance: Annotated[
        float,
        typer.Option(help="Share of the most that can be earned by which uniform may be missed."),
    ] = TOLERANCE,
    patience: Annotated[
        float, typer.Option(help="Seconds that the selector may think about one answer.")
    ] = 10.0,
    seed: Annotated[int, typer.Option(help="Seed of the selector's generator.")] = 0,
    plot: Annotated[
        Path | None, typer.Option(help="File to draw a picture to (png, svg, pdf).")
    ] = None,
) -> None:
    """Find the teacher that hurts a selector of your own most; judge what it guarantees.

    The selector is drawn from until the verdict stands: acceptable (what it guarantees is at least
    what uniform sampling does, less the tolerance), below uniform, or undecided when --draws are
    used up, with the number that would decide. Exit code 0 if it is acceptable, 1 if it is not, is
    undecided, or an answer is no selection, 2 for bad input.

    Example: radsim attack my.py:softmax --file student.npy --mistakes 10% --budget 50

    Example: radsim attack margin --file gains.csv --mistakes 3 --budget 5 --plot attack.png
    """
    try:
        check_files({"--plot": plot}, [file])
        check_picture(plot)
        count(seed, "--seed")
        count(draws, "--draws", low=2)
        number(error, "--error", high=1, open_low=True, open_high=True)
        number(tolerance, "--tolerance")
        number(patience, "--patience", open_low=True)
        name, found_by = selector, selector
        thing: Any = selector
        if ":" in selector or selector.endswith(".py"):
            thing, name = loaded(selector, "SELECTOR"), selector.rpartition(":")[2]
        else:
            one_of(selector, SELECTORS, "SELECTOR", "or FILE.py:NAME")
        row = selector_of(thing)
        instance, reading = read_pool(
            file,
            mistakes,
            rate,
            budget,
            harm,
            needs_probabilities="probabilities" in row.takes,
            kind=kind,
            gain=gain,
            gain_column=gain_column,
            logits=logits,
            logprobs=logprobs,
            sep=sep,
            decimal=decimal,
            header=header,
            ids=ids,
            normalise=normalise,
        )
        game = instance.game
        if "wrong" in row.takes or not fits(row, instance):
            raise ValueError(f"SELECTOR {found_by}: the file does not hold {', '.join(row.takes)}")
        with progress("drawing", draws // _EVERY) as step:
            found = attack(
                row,
                instance,
                rng=seed,
                error=error,
                draws=draws,
                tolerance=tolerance,
                patience=patience,
                progress=lambda n: None if n % _EVERY else step(),
            )
    except (ValueError, OSError) as wrong:
        raise refuse(wrong) from None
    for note in reading.notes:
        complain(f"radsim: {note}")
    written = True
    if plot is not None:
        from radsim.plots import attack_plot  # Matplotlib, only when a picture is asked for

        written = attempt("--plot", attack_plot, found, plot, f"yours: {name}")
    say(f"read: {reading.what}")
    say(f"{file}: {game.n} points, budget {game.budget:g}, {game.mistakes:g} mistakes feared")
    _show(found, name)
    say(found.words)
    if found.status == "undecided":
        say(
            f"some {found.needed:,} draws would decide: --draws"
            if found.needed
            else "it stands where no number of draws is known to decide"
        )
    raise typer.Exit(int(found.status != "acceptable" or not written))
