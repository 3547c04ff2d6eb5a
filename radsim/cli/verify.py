"""`radsim verify`."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from radsim.claims import CLAIMS
from radsim.claims.addressed import claim_at
from radsim.cli.printing import asked_for, progress, say, say_document
from radsim.cli.shared import attempt, check_files, check_folder, named, refuse
from radsim.conjecture.readable import in_fractions
from radsim.data.instances import Instance, digits_instance
from radsim.data.saved import instance_of
from radsim.documents import SavedCheck, read_saved
from radsim.door import count
from radsim.extras import needed
from radsim.pages.failures import command
from radsim.reading import read_bytes
from radsim.runs import formal, outcomes, smallest
from radsim.runs import verify as verification
from radsim.runs.locks import locked
from radsim.runs.outcomes import Tally
from radsim.runs.smallest import Failed
from radsim.runs.sweeps import LARGEST_SEED
from radsim.runs.versions import versions
from radsim.runs.workers import check_jobs
from radsim.solvers import solve
from radsim.writing import write_whole

OF = "FILE.py:NAME of the {} whose failed check --replay reruns, if it is not radsim's; it is run."
MOST_LINES = 5  # of saved failures
MOST_WORDS = 31  # of a statement, so that a line of the table is one of 80 columns


def _chosen(text: str) -> list[str]:
    """Ids of --claims, and addresses, whose code is run here; all ids if there are none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    own = [name for name in names if ":" in name]
    chosen = named(text, [*CLAIMS, *own], "--claims") if text else list(CLAIMS)
    for name in own:
        claim_at(name)
    return chosen


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
        if Path(file).is_file() and replays.changed_since(found, file):
            say(f"{file} is another file than the one in which it failed")
    try:
        result = replays.replay(found, subject)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    say(f"{result.subject}, check {result.check}: {result.status} {result.words}")
    return int(result.status == "failed")


def _replayed_game(instance: Instance, index: int, claims: list[str] | None) -> int:
    """Rerun these claims on a saved game; without any, all claims and all solvers."""
    say(in_fractions(instance.game), repr(instance.game))
    runs = verification.solver_runs(instance) if claims is None else ()
    for run in runs:
        say(
            f"{run.method}: {'accepted' if run.accepted else 'REFUSED'}, gap {run.gap:.1e}, "
            f"distance {run.distance:.1e} {run.words}".rstrip(),
            style=None if run.accepted else "bold red",
        )
    asked = list(CLAIMS) if claims is None else claims
    verdicts = verification.verdicts_on(instance, index, asked)
    for witness, verdict in verdicts:
        say(
            f"{verdict.claim} against {witness}: {verdict.status}, {verdict.label}, "
            f"bound {verdict.bound:.10g}, measured {verdict.measured}",
            style="bold red" if verdict.status == "VIOLATED" else None,
        )
    for name in claims or ():
        if not any(verdict.claim == name for _, verdict in verdicts):
            say(f"{name}: not applicable, the game does not meet its hypotheses", style="yellow")
    violated = any(verdict.status == "VIOLATED" for _, verdict in verdicts)
    return int(violated or any(not run.accepted for run in runs))


def _replayed(path: Path, claims: list[str] | None, places: Mapping[str, str | None]) -> int:
    found = read_saved(path)
    if isinstance(found, SavedCheck):
        if claims is not None:
            raise ValueError(f"--claims: {path} is a check of a {found.kind}, not a game")
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
        str,
        typer.Option(
            help="Comma-separated: " + ", ".join(CLAIMS) + "; default all. Or MODULE:NAME, "
            "FILE.py:NAME of a Claim of your own; that code is run."
        ),
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
    as_theorems: Annotated[
        bool,
        typer.Option(
            "--formal",
            help="Also prove the closed form's answers in Coq; in a checkout, with coqc.",
        ),
    ] = False,
) -> None:
    """Check every solver and every claim on random games and on one real instance.

    The last line says what holds; with --formal, how many answers of the closed form are theorems
    now, accepted by Coq's kernel. Exit code 1 if a claim is violated, an answer not proved or a
    certificate refused: the instance and the smallest game that still fails are saved for --replay,
    and a README is left as it was if a certificate was refused.

    Example: radsim verify --claims V2,V3 --instances 500

    Example: radsim verify --claims mine.py:CLAIM
    """
    start = time.monotonic()
    if out is not None:
        needed("matplotlib")  # for the pictures, before the run
    try:
        chosen = _chosen(claims)
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
            for option, given in (("--json", asked_for("document")), ("--formal", as_theorems)):
                if given:
                    raise ValueError(f"{option}: not with --replay")
            raise typer.Exit(_replayed(replay, chosen if claims else None, places))
        for kind, place in places.items():
            if place is not None:
                raise ValueError(f"--{kind} {place}: only with --replay")
        if as_theorems:
            formal.check_ready()
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    with ExitStack() as stack:
        try:
            if out is not None:
                stack.enter_context(locked(out))
        except (ValueError, OSError) as error:
            raise refuse(error) from None
        try:
            with progress("verifying", instances) as step:
                records = verification.run(instances, chosen, seed, jobs, step)
        except ValueError as error:  # a claim of one's own
            raise refuse(error) from None
        text = verification.evidence_table(records, chosen, seed)
        real = verification.real_check(seed)
        refused = not real.accepted or any(not x.accepted for row in records for x in row.solvers)
        level = verification.each_level(instances, len(chosen))
        first = smallest.first_failures(records, level)
        failures: list[Path] = []
        saved = out or Path("radsim-failures")
        written = [
            out is None or attempt("--out", _write_run, records, real, chosen, seed, out),
            attempt("--out", lambda: failures.extend(verification.write_failures(records, saved))),
        ]
        kept: list[Failed] = []
        written.append(attempt("--out", lambda: kept.extend(smallest.save_failures(first, saved))))
        first = kept or first
    if readme is not None and not refused:
        try:
            block = _with_block(readme, text)  # as it is now: the run may have taken long
            written.append(attempt("--readme", write_whole, readme, block))
        except (ValueError, OSError) as error:
            refuse(error)
            written.append(False)
    theorems = _theorems(records) if as_theorems else None
    if asked_for("document"):
        facts = asdict(real) | {"holds": real.holds}
        shown = [x.document() | {"replay": _again(x)} for x in first]
        document = outcomes.document(records, chosen, seed, facts, shown, versions())
        proved = {} if theorems is None else {"theorems": asdict(theorems)}
        say_document(lambda: document | proved)
    else:
        _say_run(records, chosen, seed, real)
        _say_failures(first, records, failures)
        found = outcomes.tallies(records, chosen)
        told = outcomes.concluded(found, *outcomes.certificates(records))
        good = not (failures or refused) and real.holds
        sure = all(tally.verdict == "holds" for tally in found)
        style = "green" if good and sure else "yellow" if good else "bold red"
        rest = "" if real.holds else "; digits failed"
        say(f"{told}{rest}; {time.monotonic() - start:.0f} s", style=style)
        if theorems is not None:
            say(*theorems.refused, theorems.line, style="bold red" if theorems.refused else "green")
    unproved = theorems is not None and bool(theorems.refused)
    if failures or not real.holds or not all(written) or unproved:
        raise typer.Exit(1)


def _theorems(records: Sequence[verification.Record]) -> formal.Formal:
    """The answers of a run, proved by Coq."""
    asked = formal.answers(records)
    try:
        with progress("proving", len(asked)) as step:
            return formal.check_answers(asked, step)
    except (ValueError, OSError) as error:
        raise refuse(error) from None


def _row(tally: Tally) -> str:
    slack = "-" if tally.worst_slack is None else f"{tally.worst_slack:.1e}"
    words = tally.statement
    if tally.verdict == "not tested":
        words = outcomes.NOT_TESTED
    elif len(words) > MOST_WORDS:
        words = f"{words[: MOST_WORDS - 1]}…"
    return (
        f"{tally.claim:<5} {tally.violated:>8} {tally.holds:>6} {tally.inconclusive:>12} "
        f"{tally.not_applicable:>4} {slack:>8} {words}"
    )


STYLES = {"violated": "bold red", "inconclusive": "yellow", "not tested": "yellow"}


def _say_run(
    records: Sequence[verification.Record],
    claims: list[str],
    seed: int,
    real: verification.RealCheck,
) -> None:
    """The tables of a run: claims, violated ones first; solvers; the digits."""
    found = outcomes.tallies(records, claims)
    say(
        f"{len(records)} random instances, seed {seed}; counts are instances",
        f"{'claim':<5} {'violated':>8} {'holds':>6} {'inconclusive':>12} {'n/a':>4} {'slack':>8} "
        "statement",
    )
    for tally in found:
        say(_row(tally), style=STYLES.get(tally.verdict))
    say(
        "n/a: the instance does not meet the claim's hypotheses; slack: relative to b max(g)",
        "",
        f"{'solver':<18} {'refused':>7} {'of':>6} {'worst gap':>10} {'from exact':>10}",
    )
    for row in outcomes.worst_of_solvers(records):
        say(
            f"{row['solver']:<18} {row['refused']:>7} {row['instances']:>6} "
            f"{row['worst_gap']:>10.1e} {row['worst_distance']:>10.1e}",
            style="bold red" if row["refused"] else None,
        )
    say(
        "",
        f"digits: n = {real.n}, student {real.student_accuracy:.1%}, "
        f"teacher {real.teacher_accuracy:.1%} ({real.n_mistakes} mistakes), budget {real.budget}",
        f"  RAD     guarantee {real.guarantee:.4f}, realised {real.realised:.4f}, "
        f"gap {real.gap:.1e}: {_verdict(real)}",
        f"  margin  guarantee {real.margin_guarantee:.4f}, realised {real.margin_realised:.4f}",
        outcomes.by_chance(found),
    )


def _again(failed: Failed) -> str | None:
    """The line that replays a failure, if it was saved: it names the claim."""
    if failed.path is None:
        return None
    words = ["radsim", "verify", *(["--claims", failed.claim] if failed.claim else [])]
    return shlex.join([*words, "--replay", str(failed.path)])


def _say_failures(
    first: Sequence[Failed], records: Sequence[verification.Record], saved: Sequence[Path]
) -> None:
    """Each claim and solver that failed with its smallest game; where all instances are."""
    for failed in first:
        say(f"{failed.what}, on {failed.instances} instances", style="bold red")
        say(f"  smallest game found  {failed.fractions}", f"  there  {failed.seen}")
        say(f"  {failed.game!r}")
        again = _again(failed)
        if again is not None:
            say(f"  replay: {again}")
    broken = [record for record in records if record.failed]
    for record, path in list(zip(broken, saved, strict=False))[:MOST_LINES]:
        names = ",".join(
            dict.fromkeys(v.claim for _, v in record.verdicts if v.status == "VIOLATED")
        )
        asked = ("--claims", names) if all(run.accepted for run in record.solvers) else ()
        line = command("radsim", "verify", *asked, "--replay", path) or f"saved as {path}"
        say(f"failed: {line}", style="bold red")
    if len(saved) > MOST_LINES:
        say(f"and {len(saved) - MOST_LINES} more in {saved[0].parent}", style="bold red")


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
