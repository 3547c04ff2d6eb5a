"""`radsim verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import Progress

from radsim.claims import CLAIMS
from radsim.cli.shared import named, refuse
from radsim.data.instances import digits_instance
from radsim.data.saved import load
from radsim.door import count
from radsim.runs import verify as verification
from radsim.solvers import solve
from radsim.writing import write_whole


def is_failed_check(path: Path) -> bool:
    """Whether `radsim.testing` wrote the file; anything else is left to the loader of instances."""
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and "check" in document


def _replay_check(path: Path, console: Console) -> int:
    try:
        from radsim.testing import replay  # of the extra `testing`
    except ImportError as error:
        words = f"{error}; replaying a check needs radsim[testing]"
        raise refuse(ImportError(words)) from None
    result = replay(path)
    console.print(
        f"{result.subject}, check {result.check}: {result.status} {result.words}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return int(result.status == "failed")


def _verdict(real: verification.RealCheck) -> str:
    if not real.accepted:
        return "NOT CERTIFIED"
    return "HOLDS" if real.holds else "VIOLATED"


def verify_command(
    instances: Annotated[int, typer.Option(min=0, help="Number of random instances.")] = 150,
    claims: Annotated[
        str, typer.Option(help="Comma-separated: " + ", ".join(CLAIMS) + "; default all.")
    ] = "",
    seed: Annotated[
        int, typer.Option(help="Seed of the instances; results do not depend on --jobs.")
    ] = 0,
    jobs: Annotated[int, typer.Option(help="Processes; -1: all cores.")] = -1,
    out: Annotated[
        Path | None, typer.Option(help="Folder of tables and pictures, for `radsim report`.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="A saved failed instance, or failed check, to rerun.")
    ] = None,
    readme: Annotated[
        Path | None, typer.Option(help="File whose evidence block is rewritten.")
    ] = None,
) -> None:
    """Check every solver and every claim on random games and on one real instance.

    Exit code 1 if a claim is violated or a certificate refused; the instance is saved for --replay,
    and a README is left as it was if a certificate was refused.
    """
    console = Console()
    try:
        chosen = named(claims, CLAIMS, "--claims")
        count(seed, "--seed")
        # Before the run, not after it.
        if readme is not None and not readme.is_file():
            raise ValueError(f"--readme {readme}: no such file")
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    if replay is not None:
        try:
            if is_failed_check(replay):
                raise typer.Exit(_replay_check(replay, console))
            instance, index = load(replay)
        except ValueError as error:
            raise refuse(error) from None
        records = [verification.verify_instance(instance, index, chosen)]
        for run in records[0].solvers:
            console.print(
                f"{run.method}: {'accepted' if run.accepted else 'REFUSED'}, gap {run.gap:.1e}, "
                f"distance {run.distance:.1e} {run.words}"
            )
        for witness, verdict in records[0].verdicts:
            console.print(
                f"{verdict.claim} against {witness}: {verdict.status}, {verdict.label}, "
                f"bound {verdict.bound:.10g}, measured {verdict.measured}"
            )
        raise typer.Exit(int(records[0].failed))
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("verifying", total=instances)
        records = verification.run(
            instances, chosen, seed, jobs, lambda record: progress.advance(bar)
        )
    text = verification.evidence_table(records, seed)
    console.print(Markdown(text))
    real = verification.real_check(seed)
    console.print(
        f"digits: n = {real.n}, student {real.student_accuracy:.1%}, "
        f"teacher {real.teacher_accuracy:.1%} ({real.n_mistakes} mistakes), budget {real.budget}\n"
        f"  RAD     guarantee {real.guarantee:.4f}, realised {real.realised:.4f}, "
        f"gap {real.gap:.1e}: {_verdict(real)}\n"
        f"  margin  guarantee {real.margin_guarantee:.4f}, realised {real.margin_realised:.4f}"
    )
    console.print(f"seed {seed}")
    if out is not None:
        verification.write_run(records, real, chosen, seed, out)
        frame = verification.verdict_frame(records)
        # Matplotlib comes with the pictures, and only when a folder is asked for.
        from radsim.plots import slack_plot, water_level_plot

        if len(frame):
            slack_plot(frame, out / "slack")
        if real.accepted:
            water_level_plot(solve(digits_instance(rng=seed).game), out / "digits")
    refused = not real.accepted or any(not x.accepted for row in records for x in row.solvers)
    if readme is not None and not refused:
        begin, end = "<!-- evidence:begin -->", "<!-- evidence:end -->"
        before, _, rest = readme.read_text(encoding="utf-8").partition(begin)
        write_whole(readme, f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}")
    failures = verification.write_failures(records, out or Path("radsim-failures"))
    for path in failures:
        console.print(f"failed: radsim verify --replay {path}", style="bold red")
    if failures or not real.holds:
        raise typer.Exit(1)
