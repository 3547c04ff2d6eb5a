"""`radsim solve`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from radsim.analysis.figures import Answer, first_rows, rows_of
from radsim.cli.amounts import budget_of, fear_of, harm_of
from radsim.cli.answers import Question, figure_rows, picked, reply_to
from radsim.cli.inputs import (
    AllowScheme,
    Decimal,
    Gain,
    GainColumn,
    Header,
    Ids,
    IdsFile,
    Kind,
    Logits,
    Logprobs,
    MostBytes,
    Normalise,
    Rate,
    Sep,
    read_file,
)
from radsim.cli.printing import complain, say, say_document, say_table
from radsim.cli.shared import attempt, check_files, check_picture, refuse
from radsim.data.files import Reading
from radsim.door import count, one_of
from radsim.proof import MOST_CHECKED
from radsim.sampling import DESIGNS
from radsim.solution import SolveError
from radsim.solvers import SOLVERS
from radsim.writing import write_whole

OBJECTIVES = tuple(objective for kind, objective in SOLVERS if kind == "plain")
METHODS = tuple(
    dict.fromkeys(
        method for (kind, _), rows in SOLVERS.items() if kind == "plain" for method in rows
    )
)
# Draws with replacement that are written with a row each.
MOST_ROWS = 10_000_000


def _read_again(file: str, pieces: Iterator[str]) -> Iterator[str]:
    """What cannot be read any more is no failure of what is written."""
    try:
        yield from pieces
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror or error}") from None


def _picks(answered: Answer, found: Reading) -> dict[str, Any]:
    """The rows drawn, the inclusion probability of each, and their identifiers."""
    drawn = list(rows_of(answered))
    places = np.concatenate([np.empty(0, dtype=int), *(rows.place for rows in drawn)])
    return {
        "picks": places.tolist(),
        "inclusion_probabilities": [q for rows in drawn for q in rows.inclusion.tolist()],
        "ids": found.ids_at(places),
    }


def solve_command(
    file: Annotated[
        str,
        typer.Argument(
            help="CSV, TSV, JSONL, NPY, NPZ, Parquet or Feather, also packed (.gz); '-' is text on "
            "standard input."
        ),
    ],
    mistakes: Annotated[
        str, typer.Option(help="Most mistakes feared: a count, or a rate such as 12%.")
    ] = "",
    rate: Rate = "",
    checked: Annotated[
        int | None,
        typer.Option(
            help="In place of --mistakes, random points of the same kind whose labels were "
            "checked: m is the bound of claim S4."
        ),
    ] = None,
    wrong: Annotated[
        int | None, typer.Option(help="Of those checked: how many the teacher had wrong.")
    ] = None,
    delta: Annotated[
        str, typer.Option(help="Of those checked: chance that m is too small; 5% if not given.")
    ] = "",
    budget: Annotated[
        str, typer.Option(help="Number of soft-labels to query, or a share such as 10%.")
    ] = "1",
    harm: Annotated[
        str,
        typer.Option(
            help="Harm of a wrong label: a multiple of the gain, constant:X, column:NAME."
        ),
    ] = "1.0",
    kind: Kind = "auto",
    gain: Gain = "margin",
    gain_column: GainColumn = None,
    logits: Logits = False,
    logprobs: Logprobs = False,
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
    ids_file: IdsFile = None,
    normalise: Normalise = False,
    allow_scheme: AllowScheme = None,
    most_bytes: MostBytes = None,
    capped: Annotated[
        bool, typer.Option("--capped/--uncapped", help="Query each point at most once?")
    ] = True,
    abstain: Annotated[
        bool, typer.Option("--abstain/--forced", help="May budget stay unspent?")
    ] = True,
    objective: Annotated[
        str,
        typer.Option(
            help="Objective: " + ", ".join(OBJECTIVES) + "; the last two against hindsight."
        ),
    ] = "value",
    method: Annotated[
        str, typer.Option(help="Solver: " + ", ".join(METHODS) + ".")
    ] = "closed_form",
    design: Annotated[
        str, typer.Option(help="Design of the sample: " + ", ".join(DESIGNS) + ".")
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 0,
    out: Annotated[Path | None, typer.Option(help="CSV file to write the picks to.")] = None,
    proof: Annotated[
        Path | None,
        typer.Option(help="JSON file to write a proof of value and picks to, for `radsim check`."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="File to draw a picture to (png, svg, pdf).")
    ] = None,
    picture: Annotated[
        str,
        typer.Option(
            help="Picture: level, budget, objectives, trade_off, wrong_mistakes, wrong_gains."
        ),
    ] = "",
) -> None:
    """Choose the points to query, with a guaranteed value, its proof, and a sample.

    Example: radsim solve gains.csv --mistakes 12% --budget 10 --out picks.csv --plot level.png

    Example: radsim solve softmax.npy --ids ids.txt --checked 200 --wrong 24 --budget 500 --proof
    picks.proof.json --out picks.csv
    """
    draws = ("level", "budget", "objectives", "trade_off", "wrong_mistakes", "wrong_gains")
    idle = picture if plot is None else ""
    picture = picture or ("level" if objective == "value" else "objectives")
    try:
        check_files(
            {"--out": out, "--plot": plot, "--proof": proof},
            [file, *([ids_file] if ids_file else [])],
        )
        check_picture(plot)
        for name, value, known in (
            ("objective", objective, OBJECTIVES),
            ("method", method, METHODS),
            ("picture", picture, draws),
            ("design", design or "pivotal", tuple(DESIGNS)),
        ):
            one_of(value, known, f"--{name}")
        if idle:
            raise ValueError(f"--picture {idle}: has no meaning without --plot")
        count(seed, "--seed")
        fear = fear_of(mistakes, rate, checked, wrong, delta)
        if proof is not None and fear.validation and fear.validation[0] > MOST_CHECKED:
            raise ValueError(
                f"--checked {checked}: a proof holds at most {MOST_CHECKED} points checked; "
                "go on without --proof"
            )
        spent = budget_of(budget, capped=capped)
        draw = design or ("pivotal" if capped else "iid")
        found = read_file(
            file,
            harm_of(harm),
            kind=kind,
            gain=gain,
            gain_column=gain_column,
            logits=logits,
            logprobs=logprobs,
            sep=sep,
            decimal=decimal,
            header=header,
            ids=ids,
            ids_file=ids_file,
            normalise=normalise,
            allow_scheme=allow_scheme,
            most_bytes=most_bytes,
        )
        m, read_as = fear.among(found.n)
        asked = Question(
            file=file,
            found=found,
            harm=harm_of(harm),
            m=m,
            budget=spent(found.n),
            rules={"capped": capped, "abstain": abstain},
            objective=objective,
            method=method,
            design=draw,
            seed=seed,
            validation=fear.validation,
        )
        reply = reply_to(asked, proof=proof is not None, plot=plot is not None)
        answered = reply.answer
        first = first_rows(answered)
    except (ValueError, SolveError, OSError) as error:
        raise refuse(error) from None
    counted = answered.size > MOST_ROWS and DESIGNS[draw].with_replacement
    written = []
    try:
        # The picture first: it may be refused, and then nothing is written.
        if plot is not None:
            # Matplotlib comes with the pictures, and only when one is asked for.
            from radsim.plots import PICTURES, water_level_plot

            assert reply.solution is not None  # a picture is of a pool in memory
            level = picture == "level"
            drawn = water_level_plot if level else PICTURES[picture]
            of = reply.solution if level else reply.solution.game
            written.append(attempt("--plot", drawn, of, plot))
        if out is not None:
            pieces = _read_again(file, picked(answered, found, counted))
            written.append(attempt("--out", write_whole, out, pieces))
        if proof is not None:
            written.append(attempt("--proof", write_whole, proof, reply.proof))
    except ValueError as error:
        raise refuse(error) from None
    checks = ("checked", "wrong", "delta")
    # After the work: what is refused is one line.
    for note in found.notes:
        complain(f"radsim: {note}")
    if counted and out is not None:
        complain(
            f"radsim: --out {out}: {answered.size} draws, so a row a point, with the number of its "
            "draws in column 'count'"
        )
    say_document(
        lambda: {
            "file": file,
            "read": found.what,
            "points": found.n,
            "mistakes": float(m),
            "budget": float(asked.budget),
            "objective": objective,
            "method": reply.method,
            "design": draw,
            "seed": seed,
            **asdict(answered.figures),
            "validation": fear.validation and dict(zip(checks, fear.validation, strict=True)),
            **_picks(answered, found),
        }
    )
    say(f"read: {found.what}")
    share = f" ({budget.strip()})" if "%" in budget else ""
    say_table(
        f"{file}: {found.n} points, budget {asked.budget:g}{share}",
        [
            *figure_rows(answered.figures, m, read_as, reply.solution),
            ("method", reply.method, f"design {draw}{', in chunks' if reply.in_chunks else ''}"),
            ("seed", str(seed), "of the draw"),
        ],
    )
    if not answered.figures.guaranteed > 0 and objective == "value":
        say("No selection of this pool has a positive guarantee against this teacher.")
    shown = ", ".join(map(str, first))
    more = f", … ({answered.size} in all)" if answered.size > 20 else ""
    say(f"picked rows, from 0: {shown or 'none'}{more}")
    if not all(written):
        raise typer.Exit(1)
