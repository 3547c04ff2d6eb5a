"""`radsim simulate`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

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
from radsim.cli.printing import complain, progress, say, say_document, say_table
from radsim.cli.shared import (
    attempt,
    check_folder,
    named,
    refuse,
    resumable,
    stop,
    whole_or_nothing,
)
from radsim.door import count, number
from radsim.extras import needed
from radsim.runs import simulate as simulation
from radsim.runs import sweeps
from radsim.runs.locks import locked
from radsim.runs.own import Own
from radsim.runs.workers import check_jobs
from radsim.sampling import DESIGNS
from radsim.selectors import SELECTORS
from radsim.teachers import TEACHERS
from radsim.writing import write_whole

# Only inclusion probabilities have an exact worst case.
KNOWN = [name for name, row in SELECTORS.items() if row.inclusion is not None]


def simulate_command(
    instances: Annotated[
        str,
        typer.Option(help="Comma-separated: " + ", ".join(simulation.INSTANCES) + "; default all."),
    ] = "",
    teachers: Annotated[
        str, typer.Option(help="Comma-separated: " + ", ".join(TEACHERS) + "; default all.")
    ] = "",
    selectors: Annotated[
        str,
        typer.Option(
            help="Comma-separated: " + ", ".join(KNOWN) + "; default all but least_confidence."
        ),
    ] = "",
    selector: Annotated[
        list[str] | None,
        typer.Option(
            help="FILE.py:NAME of a selector of your own, beside --selectors; repeatable. The file "
            "is run, so name only code that you trust."
        ),
    ] = None,
    file: Annotated[
        str,
        typer.Option(
            help="A pool of your own in place of --instances: gains or class probabilities, as "
            "`radsim solve`; needs --mistakes."
        ),
    ] = "",
    mistakes: Annotated[
        str, typer.Option(help="Of --file: the teacher's mistakes, a number or a rate like 12%.")
    ] = "",
    rate: Rate = "",
    budget: Annotated[
        str, typer.Option(help="Of --file: points to query, or a share such as 10%.")
    ] = "1",
    harm: Annotated[
        str, typer.Option(help="Of --file: a multiple of the gain, constant:X or column:NAME.")
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
    designs: Annotated[
        str, typer.Option(help="Comma-separated: " + ", ".join(DESIGNS) + ".")
    ] = "pivotal,systematic,conditional_poisson",
    draws: Annotated[
        int, typer.Option(min=2, help="Draws of teacher and sample in each cell.")
    ] = 2000,
    delta: Annotated[
        float, typer.Option(help="Error probability of the bound on m from validation points.")
    ] = 0.05,
    repetitions: Annotated[
        int,
        typer.Option(min=0, help="Repetitions of the run with m from validation points; 0: none."),
    ] = 2000,
    seed: Annotated[int, typer.Option(help="Seed; results do not depend on --jobs.")] = 0,
    jobs: Annotated[int, typer.Option(help="Processes; -1: all cores.")] = -1,
    out: Annotated[Path, typer.Option(help="Folder of results and pictures.")] = Path(
        "radsim-simulation"
    ),
    resume: Annotated[bool, typer.Option("--resume", help="Go on with that folder.")] = False,
    replay: Annotated[
        int | None, typer.Option(help="Only compute this cell of the folder again, and show it.")
    ] = None,
    scorecard: Annotated[
        bool, typer.Option("--scorecard", help="Only the exact guarantee of every selector.")
    ] = False,
) -> None:
    """Draw teachers and samples: what each selector earns, beside its guarantee.

    Every cell pairs an instance with a teacher-noise model; each repetition draws the teacher's
    mistakes and a sample afresh. A guarantee is VIOLATED only at error level 1e-9. The last step
    estimates m from validation points and counts how often the bound covers. Exit code 1 if a
    guarantee is violated.

    Example: radsim simulate --instances digits --teachers "real,follows the gain" --out run

    Example: radsim simulate --file pool.csv --mistakes 10% --budget 5 --selector my.py:mine
    """
    reading = None
    try:
        pool = None
        if file:
            if not (mistakes or rate):
                raise ValueError("--file needs --mistakes, a number or a rate like 12%")
            pool, reading = read_pool(
                file,
                mistakes,
                rate,
                budget,
                harm,
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
        own = Own(pool, tuple(dict.fromkeys(selector or ())))
        own.check(own.digest, (*simulation.INSTANCES, *SELECTORS))
        for address in own.selectors:
            own.selector(address)  # what cannot be loaded is refused before anything is drawn
        if replay is not None:
            rows = sweeps.replay(partial(simulation.run_cell, own=own), out, replay)
            say_document(lambda: {"replayed": _records(rows)})
            say(*rows.to_string(index=False).splitlines())
            raise typer.Exit(int("status" in rows and (rows["status"] == "VIOLATED").any()))
        places = list(own.instances)
        if not places or instances:
            places = [*named(instances, simulation.INSTANCES, "--instances"), *places]
        kinds = named(teachers, TEACHERS, "--teachers")
        who = named(selectors or ",".join(simulation.RIVALS), KNOWN, "--selectors")
        how = named(designs, DESIGNS, "--designs")
        number(delta, "--delta", high=1, open_low=True, open_high=True)
        count(seed, "--seed", high=sweeps.LARGEST_SEED)
        check_jobs(jobs, "--jobs")
        if scorecard:
            card = simulation.scorecards(places, seed, own)
            say_document(lambda: {"seed": seed, "scorecards": _records(card)})
            _show_scorecard(card)
            raise typer.Exit(0)
        cells = simulation.grid(places, kinds, who, how, draws, seed, own)
        if not cells:
            raise ValueError("no teacher that was named fits an instance that was named")
        check_folder("--out", out)
        for library in ("pyarrow", "matplotlib"):
            needed(library, "report")  # before the run, and all that its report needs
        with whole_or_nothing(out), resumable(out), locked(out):
            with progress("simulating", len(cells)) as step:
                results = simulation.simulate(
                    cells,
                    out,
                    seed=seed,
                    own=own,
                    jobs=jobs,
                    resume=resume,
                    progress=step,
                    say=lambda words: complain(f"radsim: {words}"),
                )
            with progress("tails, wrong counts, coverage"):
                card = simulation.scorecards(places, seed, own)
                covered = simulation.coverage(delta, repetitions, seed) if repetitions else {}
                written = attempt("--out", simulation.finish, results, card, places, seed, out, own)
            if covered:
                table = pd.DataFrame([covered | {"delta": delta, "seed": seed}])
                text = table.to_csv(index=False)
                written &= attempt("--out", write_whole, out / "coverage.csv", text)
    except OSError as error:
        raise stop(error, "--out") from None
    except ValueError as error:
        raise refuse(error) from None
    for note in reading.notes if reading else ():
        complain(f"radsim: {note}")
    if reading:
        say(f"read: {reading.what}")
    violated = results[results["status"] == "VIOLATED"]
    say_document(
        lambda: {
            "seed": seed,
            "out": str(out),
            "error": simulation.ERROR,
            "violated": len(violated),
            "results": _records(results),
            "scorecards": _records(card),
            "coverage": covered or None,
        }
    )
    _show_results(results)
    _show_scorecard(card)
    tests = results[results["status"] != ""]
    say(
        f"{len(tests)} guarantees tested at level {simulation.ERROR:g}: "
        + ", ".join(f"{n} {status}" for status, n in tests["status"].value_counts().items())
    )
    if covered:
        say(
            f"m from validation points, delta {delta:g}, {repetitions} repetitions: covered "
            f"{covered['covered']:.2%} (99 % interval {covered['low']:.2%} to "
            f"{covered['high']:.2%}), promised {1 - delta:.2%}; mean bound "
            f"{covered['mean_bound']:.1f} for {covered['mean_mistakes']:.1f} mistakes; guarantee "
            f"{covered['mean_guarantee']:.2f}, realised {covered['mean_realised']:.2f}"
        )
    say(f"seed {seed}; results and pictures: {out}")
    missed = bool(covered) and covered["high"] < 1 - delta
    if len(violated) or missed:
        columns = ["instance", "teacher", "selector", "design", "guarantee", "realised"]
        say(*violated[columns].to_string(index=False).splitlines(), style="bold red")
        raise typer.Exit(1)
    raise typer.Exit(int(not written))


def _records(frame: pd.DataFrame) -> Any:
    """Rows of a table for a document, what is missing as null."""
    return json.loads(frame.to_json(orient="records", double_precision=15))


def _show_results(results: pd.DataFrame) -> None:
    """RAD, its plainest rivals and selectors of one's own, averaged over designs."""
    there = list(dict.fromkeys(results["selector"]))
    shown = [name for name in there if name in ("rad", "margin", "uniform") or ":" in name]
    shown = shown or there[:3]
    tables = {
        "mean realised robust gain": ("realised", "{:.4g}"),
        "share of wrong labels": ("wrong_share", "{:.1%}"),
    }
    for title, (column, written) in tables.items():
        rows = []
        for (instance, teacher), found in results.groupby(["instance", "teacher"], sort=False):
            mean = found.groupby("selector")[column].mean()
            cells = (written.format(mean[name]) if name in mean.index else "-" for name in shown)
            rows.append([instance, teacher, *cells])
        heads = [name.rpartition(":")[2] for name in shown]
        say_table(title, rows, ["instance", "teacher", *heads], names=2)


def _show_scorecard(card: pd.DataFrame) -> None:
    instances = list(dict.fromkeys(card["instance"]))
    rows = []
    for selector, found in card.groupby("selector", sort=False):
        by_name = found.set_index("instance")
        cells = (
            f"{by_name.loc[name, 'guarantee']:.4g} ({by_name.loc[name, 'share']:.2f})"
            if name in by_name.index
            else "-"
            for name in instances
        )
        rows.append([selector, *cells])
    title = "guaranteed worst-case value W(q), and as a share of RAD's"
    say_table(title, rows, ["selector", *instances])
