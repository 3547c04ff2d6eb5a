"""`radsim solve`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from radsim.analysis.figures import Answer, Figures, answer, first_rows, rows_of, stored_answer
from radsim.cli.inputs import (
    AllowScheme,
    Decimal,
    Gain,
    Header,
    Ids,
    Kind,
    MostBytes,
    Normalise,
    Sep,
    read_file,
)
from radsim.cli.printing import complain, say, say_document, say_table
from radsim.cli.shared import attempt, check_files, check_picture, harm_of, mistakes_of, refuse
from radsim.data.files import Reading
from radsim.data.stored_columns import Column, in_memory
from radsim.door import count, one_of
from radsim.game import Game
from radsim.hindsight import competitive_ratio, many_benchmarks, regret
from radsim.proof import MOST_PROVED, prove
from radsim.sampling import DESIGNS, sample_counts
from radsim.solution import Solution, SolveError
from radsim.solvers import SOLVERS, solve
from radsim.solvers.water.columns import constant
from radsim.solvers.water.draws import DRAWS
from radsim.solvers.water.stored import StoredGame
from radsim.writing import write_whole

OBJECTIVES = tuple(objective for kind, objective in SOLVERS if kind == "plain")
METHODS = tuple(
    dict.fromkeys(
        method for (kind, _), rows in SOLVERS.items() if kind == "plain" for method in rows
    )
)
# Points of a game in memory: some 1.5 GB.
MOST_POINTS = 10_000_000
# Draws with replacement that are written with a row each.
MOST_ROWS = 10_000_000


_Row = tuple[str, str, str]  # a figure: its name, its value, and what it is in some three words


def _faces(solution: Solution) -> list[_Row]:
    """Rows on regret and ratio for the printed table, if the objective is one of them."""
    game, q = solution.game, np.asarray(solution.inclusion, dtype=float)
    if solution.objective == "value":
        return []
    rows = [("worst-case regret", f"{regret(game, q):.8g}", "mean, against hindsight")]
    compared = game.mistakes < np.sum(game.gains > 0) and not many_benchmarks(game)
    if solution.objective == "ratio" or compared:
        ratio = f"{competitive_ratio(game, q):.8g}"
        rows.append(("competitive ratio", ratio, "mean, worst case"))
    if "insured_above" in solution.stats:
        insured = f"{float(solution.stats['insured_above']):.8g}"
        rows.append(("insured above", insured, "gains get more"))
    return rows


def _picked(answer: Answer, found: Reading, counted: bool) -> Iterator[str]:
    """The file of the picks; a column of the same name as one of ours has "file." before it."""
    ours = ["row", "gain", "inclusion_probability", *(["count"] if counted else [])]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*ours, *(f"file.{name}" if name in ours else name for name in found.ids)])
    # Identifiers of a large file are looked up in a pass over it.
    for picks in rows_of(answer, counted, 1 << (20 if found.ids else 17)):
        columns = [picks.place + 1, picks.gains, picks.inclusion, picks.times][: len(ours)]
        ids = found.ids_at(picks.place).values()
        writer.writerows(zip(*(x.tolist() for x in columns), *ids, strict=True))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _read_again(file: str, pieces: Iterator[str]) -> Iterator[str]:
    """What cannot be read any more is no failure of what is written."""
    try:
        yield from pieces
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror or error}") from None


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0 else "-"


def figure_rows(found: Figures, m: float, read_as: str, faces: list[_Row]) -> list[_Row]:
    """Rows of the printed table: of the strategies, of this draw, and of two rivals."""
    return [
        ("mistakes feared, m", f"{m:.8g}", read_as),
        *faces,
        ("guaranteed value", f"{found.guaranteed:.8g}", "mean over draws"),
        ("worst case of this draw", f"{found.drawn:.8g}", "of the rows below"),
        ("margin's guarantee", f"{found.margin:.8g}", "largest gains, surely"),
        ("largest share wrong", _percent(found.wrong), "expected, any mistakes"),
        ("  uniform's", _percent(found.uniform_wrong), "same budget"),
        ("  margin's", _percent(found.margin_wrong), "same budget"),
        ("share wrong at equilibrium", _percent(found.met), "teacher plays its mix"),
        ("water level", f"{found.level:.8g}", "price of a query"),
        ("support", f"{found.support} points", f"{found.spent:.6g} queries expected"),
        ("duality gap", f"{found.gap:.1e}", "proof: accepted"),
    ]


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
    ],
    budget: Annotated[float, typer.Option(help="Number of soft-labels to query.")] = 1.0,
    harm: Annotated[
        str,
        typer.Option(
            help="Harm of a wrong label: a multiple of the gain, constant:X, column:NAME."
        ),
    ] = "1.0",
    kind: Kind = "auto",
    gain: Gain = "margin",
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
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
    """
    draws = ("level", "budget", "objectives", "trade_off", "wrong_mistakes", "wrong_gains")
    idle = picture if plot is None else ""
    picture = picture or ("level" if objective == "value" else "objectives")
    try:
        check_files({"--out": out, "--plot": plot, "--proof": proof}, [file])
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
        harm_kind, amount = harm_of(harm)
        draw = design or ("pivotal" if capped else "iid")
        found = read_file(
            file,
            (harm_kind, amount),
            kind=kind,
            gain=gain,
            sep=sep,
            decimal=decimal,
            header=header,
            ids=ids,
            normalise=normalise,
            allow_scheme=allow_scheme,
            most_bytes=most_bytes,
        )
        stored = isinstance(found.gains, Column)
        n = found.gains.n if isinstance(found.gains, Column) else len(found.gains)
        m, read_as = mistakes_of(mistakes, n)
        rules: dict[str, Any] = {"capped": capped, "abstain": abstain}
        rules |= {"harm": amount} if harm_kind == "multiple" else {}
        whole = {
            f"--objective {objective}": objective != "value",
            f"--method {method}": method != "closed_form",
            f"--design {draw}": draw not in DRAWS,
            "--proof": proof is not None,
        }
        needs = [words for words, given in whole.items() if given]
        most = {words: MOST_POINTS for words in [*needs, *(["--plot"] if plot else [])]}
        most |= {"--proof": MOST_PROVED} if proof else {}
        for words, limit in most.items():
            if n > limit:
                raise ValueError(
                    f"{words} needs the pool in memory, which is for at most {limit} points: "
                    f"{file} has {n}; go on without {words.split()[0]}, or with a part of the file"
                )
        faces: list[_Row] = []
        streamed = stored and not needs
        if streamed:
            harms = constant(n, amount) if harm_kind == "constant" else found.harms
            pool = StoredGame(found.gains, m, budget, harms=harms, **rules)
            rule = solve(pool)
            used = rule.method
            answered = stored_answer(rule, rule.draw(draw, rng=seed))
        if not streamed or plot:
            gains = in_memory(found.gains)
            harms = None if found.harms is None else in_memory(found.harms)
            if harm_kind == "constant":
                harms = np.full(n, amount)
            game = Game(gains, m, budget, harms=harms, **rules)
            solution = solve(game, objective, method)
            used = solution.method  # which may be another than was asked
        if not streamed:
            if proof is not None:
                solution, proved = prove(solution, (harm_kind, amount), draw, seed)
            q = np.asarray(solution.inclusion, dtype=float)
            answered = answer(solution, sample_counts(q, draw, rng=seed)[0])
            faces = _faces(solution)
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

            level = picture == "level"
            drawn = (water_level_plot, solution) if level else (PICTURES[picture], game)
            written.append(attempt("--plot", *drawn, plot))
        if out is not None:
            pieces = _read_again(file, _picked(answered, found, counted))
            written.append(attempt("--out", write_whole, out, pieces))
        if proof is not None:
            written.append(attempt("--proof", write_whole, proof, proved))
    except ValueError as error:
        raise refuse(error) from None
    # After the work: what is refused is one line.
    if 0 < m < 1 and not mistakes.endswith("%"):
        complain(
            f"radsim: --mistakes {mistakes} is read as a count, {mistakes} of {n} points; "
            f"for a rate write {100 * m:g}%"
        )
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
            "points": n,
            "mistakes": float(m),
            "budget": budget,
            "objective": objective,
            "method": used,
            "design": draw,
            "seed": seed,
            **asdict(answered.figures),
            "picks": [place for rows in rows_of(answered) for place in rows.place.tolist()],
        }
    )
    say_table(
        f"{file}: {n} points, budget {budget:g}",
        [
            *figure_rows(answered.figures, m, read_as, faces),
            ("method", used, f"design {draw}{', in chunks' if streamed else ''}"),
            ("seed", str(seed), "of the draw"),
        ],
    )
    if not answered.figures.guaranteed > 0 and objective == "value":
        say("No selection of this pool has a positive guarantee against this teacher.")
    shown = ", ".join(map(str, first))
    more = f", … ({answered.size} in all)" if answered.size > 20 else ""
    say(f"picked rows: {shown or 'none'}{more}")
    if not all(written):
        raise typer.Exit(1)
