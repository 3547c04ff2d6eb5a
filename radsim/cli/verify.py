"""`radsim verify`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from radsim.claims import CLAIMS
from radsim.cli.printing import progress, say, say_markdown
from radsim.cli.shared import attempt, check_files, check_folder, named, refuse
from radsim.data.instances import Instance, digits_instance
from radsim.data.saved import instance_of
from radsim.documents import SavedCheck, read_saved
from radsim.door import count
from radsim.pages.failures import command
from radsim.reading import read_bytes
from radsim.runs import verify as verification
from radsim.runs.locks import locked
from radsim.runs.sweeps import LARGEST_SEED
from radsim.runs.workers import check_jobs
from radsim.solvers import solve
from radsim.writing import write_whole

OF = "FILE.py:NAME of the {} whose failed check --replay reruns, if it is not radsim's; it is run."


def _replayed_check(found: SavedCheck, path: Path, places: Mapping[str, str | None]) -> int:
    """Rerun a failed check; of somebody's own function only as the command line names it."""
    try:
        from radsim.testing import replays  # of the extra `testing`
    except ImportError as error:
        words = f"{error}; replaying a check needs radsim[testing]"
        raise refuse(ImportError(words)) from None
    for kind, place in places.items():
        if place is not None and kind != found.kind:
            raise ValueError(f"--{kind} {place}: {path} is of a {found.kind}")
    place = places[found.kind]
    subject = None
    if place is not None:
        subject = replays.subject_of(place, found.kind)
        file = place.rpartition(":")[0]
        if replays.changed_since(found, file):
            say(f"{file} is another file than the one in which it failed")
    try:
        result = replays.replay(found, subject)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    say(f"{result.subject}, check {result.check}: {result.status} {result.words}")
    return int(result.status == "failed")


def _replayed_game(instance: Instance, index: int, claims: list[str]) -> int:
    """Rerun all solvers and claims on a saved game."""
    record = verification.verify_instance(instance, index, claims)
    for run in record.solvers:
        say(
            f"{run.method}: {'accepted' if run.accepted else 'REFUSED'}, gap {run.gap:.1e}, "
            f"distance {run.distance:.1e} {run.words}"
        )
    for witness, verdict in record.verdicts:
        say(
            f"{verdict.claim} against {witness}: {verdict.status}, {verdict.label}, "
            f"bound {verdict.bound:.10g}, measured {verdict.measured}"
        )
    return int(record.failed)


def _replayed(path: Path, claims: list[str], places: Mapping[str, str | None]) -> int:
    found = read_saved(path)
    if isinstance(found, SavedCheck):
        return _replayed_check(found, path, places)
    for kind, place in places.items():
        if place is not None:
            raise ValueError(f"--{kind} {place}: {path} is a game, not a check of a {kind}")
    try:
        instance = instance_of(found)
    except ValueError as error:
        raise ValueError(f"{path}: not a saved instance: {error}") from None
    return _replayed_game(instance, found.index, claims)


BEGIN, END = b"<!-- evidence:begin -->", b"<!-- evidence:end -->"


def _with_block(readme: Path, text: str) -> bytes:
    """The file with its evidence block made anew; the rest is kept byte by byte."""
    content = read_bytes(readme)
    for marker in (BEGIN, END):
        if content.count(marker) > 1:
            raise ValueError(f"--readme {readme}: has the line {marker.decode()} more than once")
    before, found, rest = content.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(
            f"--readme {readme}: needs the lines {BEGIN.decode()} and {END.decode()}, in this order"
        )
    line = b"\r\n" if b"\r\n" in content else b"\n"
    block = line.join((BEGIN, *text.encode().splitlines(), END))
    return before + block + after


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
    selector: Annotated[str | None, typer.Option(help=OF.format("selector"))] = None,
    solver: Annotated[str | None, typer.Option(help=OF.format("solver"))] = None,
    design: Annotated[str | None, typer.Option(help=OF.format("design"))] = None,
    readme: Annotated[
        Path | None, typer.Option(help="File whose evidence block is rewritten.")
    ] = None,
) -> None:
    """Check every solver and every claim on random games and on one real instance.

    Exit code 1 if a claim is violated or a certificate refused; the instance is saved for --replay,
    and a README is left as it was if a certificate was refused.
    """
    try:
        chosen = named(claims, CLAIMS, "--claims")
        count(seed, "--seed", high=LARGEST_SEED)
        check_jobs(jobs, "--jobs")
        # Before the run, not after it.
        check_files({"--readme": readme})
        if readme is not None:
            if not readme.is_file():
                raise ValueError(f"--readme {readme}: no such file")
            _with_block(readme, "")
        check_folder("--out", out)
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    places = {"selector": selector, "solver": solver, "design": design}
    try:
        if replay is not None:
            raise typer.Exit(_replayed(replay, chosen, places))
        for kind, place in places.items():
            if place is not None:
                raise ValueError(f"--{kind} {place}: only with --replay")
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    with ExitStack() as stack:
        try:
            if out is not None:
                stack.enter_context(locked(out))
        except (ValueError, OSError) as error:
            raise refuse(error) from None
        with progress("verifying", instances) as step:
            records = verification.run(instances, chosen, seed, jobs, step)
        text = verification.evidence_table(records, seed)
        real = verification.real_check(seed)
        refused = not real.accepted or any(not x.accepted for row in records for x in row.solvers)
        failures: list[Path] = []
        saved = out or Path("radsim-failures")
        written = [
            out is None or attempt("--out", _write_run, records, real, chosen, seed, out),
            attempt("--out", lambda: failures.extend(verification.write_failures(records, saved))),
        ]
    if readme is not None and not refused:
        try:
            block = _with_block(readme, text)  # as it is now: the run may have taken long
            written.append(attempt("--readme", write_whole, readme, block))
        except (ValueError, OSError) as error:
            refuse(error)
            written.append(False)
    say_markdown(text)
    say(
        f"digits: n = {real.n}, student {real.student_accuracy:.1%}, "
        f"teacher {real.teacher_accuracy:.1%} ({real.n_mistakes} mistakes), budget {real.budget}",
        f"  RAD     guarantee {real.guarantee:.4f}, realised {real.realised:.4f}, "
        f"gap {real.gap:.1e}: {_verdict(real)}",
        f"  margin  guarantee {real.margin_guarantee:.4f}, realised {real.margin_realised:.4f}",
        f"seed {seed}",
    )
    for path in failures:
        line = command("radsim", "verify", "--replay", path) or f"saved as {path}"
        say(f"failed: {line}", style="bold red")
    if failures or not real.holds or not all(written):
        raise typer.Exit(1)


def _write_run(
    records: list[verification.Record],
    real: verification.RealCheck,
    claims: list[str],
    seed: int,
    folder: Path,
) -> None:
    """All tables and pictures of a run."""
    verification.write_run(records, real, claims, seed, folder)
    frame = verification.verdict_frame(records)
    # Matplotlib comes with the pictures, and only when a folder is asked for.
    from radsim.plots import slack_plot, water_level_plot

    if len(frame):
        slack_plot(frame, folder / "slack")
    if real.accepted:
        water_level_plot(solve(digits_instance(rng=seed).game), folder / "digits")
