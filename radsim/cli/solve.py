"""`radsim solve`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from radsim.cli.inputs import Decimal, Header, Ids, Normalise, Sep
from radsim.cli.printing import complain, say, say_table
from radsim.cli.shared import attempt, check_files, harm_of, mistakes_of, refuse
from radsim.data.files import read
from radsim.data.gains import GAINS
from radsim.data.text import Dialect
from radsim.door import one_of
from radsim.game import Array, Game
from radsim.hindsight import competitive_ratio, regret
from radsim.payoffs import best_response, worst_case, wrong_share
from radsim.proof import prove
from radsim.sampling import DESIGNS, sample
from radsim.solution import Solution, SolveError
from radsim.solvers import SOLVERS, solve
from radsim.writing import write_whole

OBJECTIVES = tuple(objective for kind, objective in SOLVERS if kind == "plain")
METHODS = tuple(
    dict.fromkeys(
        method for (kind, _), rows in SOLVERS.items() if kind == "plain" for method in rows
    )
)


_Row = tuple[str, str, str]  # a figure: its name, its value, and what it is in some three words


def _faces(solution: Solution) -> list[_Row]:
    """Rows on regret and ratio for the printed table, if the objective is one of them."""
    game, q = solution.game, np.asarray(solution.inclusion, dtype=float)
    if solution.objective == "value":
        return []
    rows = [("worst-case regret", f"{regret(game, q):.8g}", "mean, against hindsight")]
    if solution.objective == "ratio" or game.mistakes < np.sum(game.gains > 0):
        ratio = f"{competitive_ratio(game, q):.8g}"
        rows.append(("competitive ratio", ratio, "mean, worst case"))
    if "insured_above" in solution.stats:
        insured = f"{float(solution.stats['insured_above']):.8g}"
        rows.append(("insured above", insured, "gains get more"))
    return rows


def _picked(picks: Array, gains: Array, q: Array, ids: Mapping[str, list[str]]) -> str:
    """The file of the picks; a column of the same name as one of ours has "file." before it."""
    ours = ["row", "gain", "inclusion_probability"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*ours, *(f"file.{name}" if name in ours else name for name in ids)])
    for i, x, p in zip(picks.tolist(), gains[picks].tolist(), q[picks].tolist(), strict=True):
        writer.writerow([i + 1, x, p, *(cells[i] for cells in ids.values())])
    return text.getvalue()


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0 else "-"


def figures(solution: Solution, picks: Array, read_as: str) -> list[_Row]:
    """Rows of the printed table: of the strategies, of this draw, and of two rivals."""
    game, q = solution.game, np.asarray(solution.inclusion, dtype=float)
    l = np.asarray(solution.mistake_probabilities, dtype=float)
    spent = float(q.sum())
    drawn = np.bincount(picks, minlength=game.n).astype(float)
    margin = best_response(game.replace(abstain=False), np.zeros(game.n))[1]
    level = np.full(game.n, game.budget / game.n)
    met = float(q @ l) / spent if spent > 0 else float("nan")
    return [
        ("mistakes feared, m", f"{game.mistakes:.8g}", read_as),
        *_faces(solution),
        ("guaranteed value", f"{float(worst_case(game, q)[0]):.8g}", "mean over draws"),
        ("worst case of this draw", f"{worst_case(game, drawn)[0]:.8g}", "of the rows below"),
        ("margin's guarantee", f"{worst_case(game, margin)[0]:.8g}", "largest gains, surely"),
        ("largest share wrong", _percent(wrong_share(game, q)), "expected, any mistakes"),
        ("  uniform's", _percent(wrong_share(game, level)), "same budget"),
        ("  margin's", _percent(wrong_share(game, margin)), "same budget"),
        ("share wrong at equilibrium", _percent(met), "teacher plays its mix"),
        ("water level", f"{float(solution.level):.8g}", "price of a query"),
        ("support", f"{np.count_nonzero(q)} points", f"{spent:.6g} queries expected"),
        ("duality gap", f"{float(solution.certificate.gap):.1e}", "proof: accepted"),
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
    kind: Annotated[
        str, typer.Option(help="What the file holds: auto, gains or probabilities.")
    ] = "auto",
    gain: Annotated[
        str, typer.Option(help="Gain from class probabilities: margin, entropy, least_confidence.")
    ] = "margin",
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
    normalise: Normalise = False,
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
    picture = picture or ("level" if objective == "value" else "objectives")
    try:
        check_files({"--out": out, "--plot": plot, "--proof": proof}, [file])
        if plot is not None and plot.suffix not in (".png", ".svg", ".pdf"):
            raise ValueError(f"--plot {plot} must end in .png, .svg or .pdf")
        for name, value, known in (
            ("kind", kind, ("auto", "gains", "probabilities")),
            ("gain", gain, tuple(GAINS)),
            ("objective", objective, OBJECTIVES),
            ("method", method, METHODS),
            ("picture", picture, draws),
            ("design", design or "pivotal", tuple(DESIGNS)),
        ):
            one_of(value, known, f"--{name}")
        harm_kind, amount = harm_of(harm)
        found = read(
            file,
            kind,
            gain,
            amount if harm_kind == "column" else None,
            dialect=Dialect(sep, decimal, header),
            ids=ids or (),
            normalise=normalise,
        )
        gains, harms = found.gains, found.harms
        if harm_kind == "constant":
            harms = np.full(len(gains), amount)
        m, read_as = mistakes_of(mistakes, len(gains))
        game = Game(
            gains,
            m,
            budget,
            amount if harm_kind == "multiple" else 1.0,
            harms=harms,
            capped=capped,
            abstain=abstain,
        )
        solution = solve(game, objective, method)
        draw, proved = design or ("pivotal" if capped else "iid"), ""
        if proof is not None:
            solution, proved = prove(solution, (harm_kind, amount), draw, seed)
        q = np.asarray(solution.inclusion, dtype=float)
        picks = sample(q, draw, rng=np.random.default_rng(seed))
    except (ValueError, SolveError, OSError) as error:
        raise refuse(error) from None
    if 0 < m < 1 and not mistakes.endswith("%"):
        complain(
            f"radsim: --mistakes {mistakes} is read as a count, {mistakes} of {game.n} points; "
            f"for a rate write {100 * m:g}%"
        )
    for note in found.notes:
        complain(f"radsim: {note}")
    written = []
    # The picture first: it may be refused, and then nothing is written.
    if plot is not None:
        # Matplotlib comes with the pictures, and only when one is asked for.
        from radsim.plots import PICTURES, water_level_plot

        level = picture == "level"
        drawn = (water_level_plot, solution) if level else (PICTURES[picture], game)
        try:
            written.append(attempt("--plot", *drawn, plot))
        except ValueError as error:
            raise refuse(error) from None
    if out is not None:
        text = _picked(picks, game.gains, q, found.ids)
        written.append(attempt("--out", write_whole, out, text))
    if proof is not None:
        written.append(attempt("--proof", write_whole, proof, proved))
    say_table(
        f"{file}: {game.n} points, budget {game.budget:g}",
        [
            *figures(solution, picks, read_as),
            ("method", method, f"design {draw}"),
            ("seed", str(seed), "of the draw"),
        ],
    )
    if not worst_case(game, q)[0] > 0 and objective == "value":
        say("No selection of this pool has a positive guarantee against this teacher.")
    shown = ", ".join(str(i + 1) for i in picks[:20])
    more = f", … ({len(picks)} in all)" if len(picks) > 20 else ""
    say(f"picked rows: {shown or 'none'}{more}")
    if not all(written):
        raise typer.Exit(1)
