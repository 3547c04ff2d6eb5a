"""`radsim simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from radsim.cli.shared import named, refuse, whole_or_nothing
from radsim.door import count, number
from radsim.runs import simulate as simulation
from radsim.runs import sweeps
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
    console = Console()
    try:
        if replay is not None:
            rows = sweeps.replay(simulation.run_cell, out, replay)
            console.print(rows.to_string(index=False), highlight=False, soft_wrap=True)
            raise typer.Exit(int((rows["status"] == "VIOLATED").any()))
        places = named(instances, simulation.INSTANCES, "--instances")
        kinds = named(teachers, TEACHERS, "--teachers")
        who = named(selectors or ",".join(simulation.RIVALS), KNOWN, "--selectors")
        how = named(designs, DESIGNS, "--designs")
        number(delta, "--delta", high=1, open_low=True, open_high=True)
        count(seed, "--seed")
        if scorecard:
            _show_scorecard(simulation.scorecards(places, seed), console)
            raise typer.Exit(0)
        cells = simulation.grid(places, kinds, who, how, draws, seed)
        if not cells:
            raise ValueError("no teacher that was named fits an instance that was named")
        with whole_or_nothing(out):
            with Progress(console=console, transient=True) as progress:
                bar = progress.add_task("simulating", total=len(cells))
                results = simulation.simulate(
                    cells,
                    out,
                    seed=seed,
                    jobs=jobs,
                    resume=resume,
                    progress=lambda: progress.advance(bar),
                )
            with console.status("tails, wrong counts, coverage"):
                card = simulation.scorecards(places, seed)
                covered = simulation.coverage(delta, repetitions, seed) if repetitions else {}
                found = simulation.finish(results, card, places, seed, out)
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    violated = results[results["status"] == "VIOLATED"]
    _show_results(results, console)
    _show_scorecard(card, console)
    tests = results[results["status"] != ""]
    console.print(
        f"{len(tests)} guarantees tested at level {simulation.ERROR:g}: "
        + ", ".join(f"{n} {status}" for status, n in tests["status"].value_counts().items())
    )
    if covered:
        table = pd.DataFrame([covered | {"delta": delta, "seed": seed}])
        write_whole(out / "coverage.csv", table.to_csv(index=False))
        console.print(
            f"m from validation points, delta {delta:g}, {repetitions} repetitions: covered "
            f"{covered['covered']:.2%} (99 % interval {covered['low']:.2%} to "
            f"{covered['high']:.2%}), promised {1 - delta:.2%}; mean bound "
            f"{covered['mean_bound']:.1f} for {covered['mean_mistakes']:.1f} mistakes; guarantee "
            f"{covered['mean_guarantee']:.2f}, realised {covered['mean_realised']:.2f}"
        )
    console.print(f"seed {seed}; results and pictures: {', '.join(str(path) for path in found)}")
    missed = bool(covered) and covered["high"] < 1 - delta
    if len(violated) or missed:
        columns = ["instance", "teacher", "selector", "design", "guarantee", "realised"]
        console.print(violated[columns].to_string(index=False), style="bold red")
        raise typer.Exit(1)


def _show_results(results: pd.DataFrame, console: Console) -> None:
    """RAD and its plainest rivals, averaged over designs."""
    table = Table(title="mean realised robust gain, and share of wrong labels")
    shown = [name for name in ("rad", "margin", "uniform") if name in set(results["selector"])]
    shown = shown or list(dict.fromkeys(results["selector"]))[:3]
    for column in ("instance", "teacher"):
        table.add_column(column, no_wrap=True)
    for column in (*shown, *(f"wrong, {name}" for name in shown)):
        table.add_column(column, justify="right")
    for (instance, teacher), rows in results.groupby(["instance", "teacher"], sort=False):
        mean = rows.groupby("selector")[["realised", "wrong_share"]].mean()
        there = [mean.loc[name] if name in mean.index else None for name in shown]
        table.add_row(
            str(instance),
            str(teacher),
            *("-" if x is None else f"{x['realised']:.4g}" for x in there),
            *("-" if x is None else f"{x['wrong_share']:.1%}" for x in there),
        )
    console.print(table)


def _show_scorecard(card: pd.DataFrame, console: Console) -> None:
    table = Table(title="guaranteed worst-case value W(q), and as a share of RAD's")
    instances = list(dict.fromkeys(card["instance"]))
    for column in ("selector", *instances):
        table.add_column(column)
    for selector, rows in card.groupby("selector", sort=False):
        by_name = rows.set_index("instance")
        table.add_row(
            str(selector),
            *(
                f"{by_name.loc[name, 'guarantee']:.4g} ({by_name.loc[name, 'share']:.2f})"
                if name in by_name.index
                else "-"
                for name in instances
            ),
        )
    console.print(table)
