"""`radsim simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from radsim.cli.printing import complain, progress, say, say_table
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
from radsim.runs import simulate as simulation
from radsim.runs import sweeps
from radsim.runs.locks import locked
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
    """
    try:
        if replay is not None:
            rows = sweeps.replay(simulation.run_cell, out, replay)
            say(*rows.to_string(index=False).splitlines())
            raise typer.Exit(int("status" in rows and (rows["status"] == "VIOLATED").any()))
        places = named(instances, simulation.INSTANCES, "--instances")
        kinds = named(teachers, TEACHERS, "--teachers")
        who = named(selectors or ",".join(simulation.RIVALS), KNOWN, "--selectors")
        how = named(designs, DESIGNS, "--designs")
        number(delta, "--delta", high=1, open_low=True, open_high=True)
        count(seed, "--seed", high=sweeps.LARGEST_SEED)
        check_jobs(jobs, "--jobs")
        if scorecard:
            _show_scorecard(simulation.scorecards(places, seed))
            raise typer.Exit(0)
        cells = simulation.grid(places, kinds, who, how, draws, seed)
        if not cells:
            raise ValueError("no teacher that was named fits an instance that was named")
        check_folder("--out", out)
        with whole_or_nothing(out), resumable(out), locked(out):
            with progress("simulating", len(cells)) as step:
                results = simulation.simulate(
                    cells,
                    out,
                    seed=seed,
                    jobs=jobs,
                    resume=resume,
                    progress=step,
                    say=lambda words: complain(f"radsim: {words}"),
                )
            with progress("tails, wrong counts, coverage"):
                card = simulation.scorecards(places, seed)
                covered = simulation.coverage(delta, repetitions, seed) if repetitions else {}
                written = attempt("--out", simulation.finish, results, card, places, seed, out)
            if covered:
                table = pd.DataFrame([covered | {"delta": delta, "seed": seed}])
                text = table.to_csv(index=False)
                written &= attempt("--out", write_whole, out / "coverage.csv", text)
    except OSError as error:
        raise stop(error, "--out") from None
    except ValueError as error:
        raise refuse(error) from None
    violated = results[results["status"] == "VIOLATED"]
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


def _show_results(results: pd.DataFrame) -> None:
    """RAD and its plainest rivals, averaged over designs."""
    shown = [name for name in ("rad", "margin", "uniform") if name in set(results["selector"])]
    shown = shown or list(dict.fromkeys(results["selector"]))[:3]
    columns = ["instance", "teacher", *shown, *(f"wrong, {name}" for name in shown)]
    rows = []
    for (instance, teacher), found in results.groupby(["instance", "teacher"], sort=False):
        mean = found.groupby("selector")[["realised", "wrong_share"]].mean()
        there = [mean.loc[name] if name in mean.index else None for name in shown]
        rows.append(
            [
                instance,
                teacher,
                *("-" if x is None else f"{x['realised']:.4g}" for x in there),
                *("-" if x is None else f"{x['wrong_share']:.1%}" for x in there),
            ]
        )
    say_table("mean realised robust gain, and share of wrong labels", rows, columns, names=2)


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
