"""`radsim distill`."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from radsim.cli.printing import complain, progress, say, say_table
from radsim.cli.shared import (
    attempt,
    check_files,
    check_folder,
    refuse,
    resumable,
    stop,
    whole_or_nothing,
)
from radsim.data.gains import GAINS
from radsim.data.tables import read_table
from radsim.distillation.data import DATA, load_data
from radsim.distillation.files import holds_logits
from radsim.distillation.loop import compare
from radsim.distillation.noise import NOISES
from radsim.distillation.setting import ORACLE, Setting
from radsim.distillation.strategies import STRATEGIES, strategy_named
from radsim.distillation.students import STUDENTS
from radsim.distillation.study.own import read_study
from radsim.distillation.study.protocol import BESIDE, CORE, NOBODY, STUDIES, Study
from radsim.distillation.study.report import write_report
from radsim.distillation.study.rows import checked_rows
from radsim.distillation.study.running import MEASURED, protocol_digest, run_study
from radsim.distillation.study.statistics import LEAST_SEEDS, mean_interval
from radsim.distillation.teachers import LABELS, TRAINED
from radsim.door import one_of
from radsim.pages.tables import read_parquet
from radsim.runs.locks import locked
from radsim.runs.store import read_timings
from radsim.runs.sweeps import LARGEST_SEED
from radsim.runs.workers import check_jobs
from radsim.writing import write_whole


def distill_command(
    data: Annotated[
        str,
        typer.Option(
            help="Data set: " + ", ".join(DATA) + ", or a table: CSV, "
            "TSV, JSONL, Parquet, Feather, NPY or NPZ with a column of labels; or a folder with "
            "embeddings.npy and labels.npy."
        ),
    ] = "digits",
    teacher: Annotated[
        str,
        typer.Option(
            help=f"Teacher: {ORACLE} (with --noise), " + ", ".join(TRAINED) + ", "
            "or the path of a file of class probabilities, one row a point of the data; of logits, "
            "if its name says so, such as logits.npy."
        ),
    ] = ORACLE,
    noise: Annotated[
        str, typer.Option(help="Which points the oracle mislabels: " + ", ".join(NOISES) + ".")
    ] = "gain^3",
    rate: Annotated[float, typer.Option(help="Share of the pool that the oracle mislabels.")] = 0.3,
    labels: Annotated[str, typer.Option(help="Answers: " + ", ".join(LABELS) + ".")] = "hard",
    student: Annotated[str, typer.Option(help="Student: " + ", ".join(STUDENTS) + ".")] = "softmax",
    gain: Annotated[str, typer.Option(help="Gain: " + ", ".join(GAINS) + ".")] = "margin",
    budget: Annotated[
        float, typer.Option(help="Share of the pool to query, in all rounds together.")
    ] = 0.05,
    rounds: Annotated[
        int, typer.Option(min=1, help="Rounds of queries; gains are computed anew in each.")
    ] = 1,
    validation: Annotated[
        int | None,
        typer.Option(
            help="Trusted labels besides the labelled points: of validation points and of checks."
        ),
    ] = None,
    strategies: Annotated[
        str,
        typer.Option(
            help="Comma-separated: " + ", ".join(STRATEGIES) + "; default " + ", ".join(CORE) + ". "
            f"A lesson may follow, as in 'margin + dropped'. {NOBODY}, uniform and margin are "
            "always shown."
        ),
    ] = "",
    seeds: Annotated[
        int, typer.Option(min=1, help=f"Paired runs; with fewer than {LEAST_SEEDS} no interval.")
    ] = LEAST_SEEDS,
    first_seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_SEED, help="First of the paired seeds.")
    ] = 0,
    study: Annotated[
        str,
        typer.Option(
            help="Run a whole study instead: "
            + "; ".join(f"{name} - {row.says}" for name, row in STUDIES.items())
            + " Or the path of a TOML file with a study of your own."
        ),
    ] = "",
    jobs: Annotated[int, typer.Option(help="Processes of a study; -1: all cores.")] = -1,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the study, or CSV file of the rows.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with that folder.")] = False,
    rows: Annotated[
        Path | None,
        typer.Option(help="rows.parquet of a study: only make its report, from these."),
    ] = None,
) -> None:
    """Compare query strategies by the accuracy of a student trained on the answers.

    A student is trained on all trusted labels, its uncertainty gives the gains of the pool, every
    strategy has the same budget of queries, and the student is trained again with the answers. A
    strategy that checks answers pays for it with validation points. All strategies of a seed share
    split, teacher and first student, so that their accuracies are paired. A study runs many
    settings, can be resumed, and writes a report.

    Example: radsim distill --data mnist --noise cluster --rate 0.4

    Example: radsim distill --study smoke --out smoke

    Example: radsim distill --study examples/study.toml --out mine
    """
    try:
        if study:
            name, row = _study_named(study)
            _study(name, row, rows, out or Path(f"radsim-{name}"), jobs, resume)
            return
        for option, given in (("--rows", rows is not None), ("--resume", resume)):
            if given:
                raise ValueError(f"{option} belongs to a study: name one with --study")
        known = {*DATA, *TRAINED, ORACLE}
        check_files({"--out": out}, [x for x in (data, teacher) if x not in known])
        setting = Setting(
            data=data,
            student=student,
            gain=gain,
            teacher=teacher,
            labels=labels,
            noise=noise if teacher == ORACLE else None,
            rate=rate if teacher == ORACLE else 0.0,
            budget=budget,
            rounds=rounds,
            n_validation=validation,
        )
        load_data(data)  # a table that cannot be is refused before anything is shown
        found = _run_setting(setting, _names(strategies), range(first_seed, first_seed + seeds))
    except (ValueError, OSError, ImportError) as error:
        raise refuse(error) from None
    for note in [] if data in DATA or Path(data).is_dir() else read_table(data).notes:
        complain(f"radsim: {note}")
    if teacher not in known and holds_logits(teacher):
        complain(f"radsim: {teacher}: read as logits, as its name says; the softmax is taken")
    written = out is None or attempt("--out", write_whole, out, _file_of(found))
    _show(found)
    say(f"seeds {first_seed} to {first_seed + seeds - 1}; {setting}")
    raise typer.Exit(int(not written))


def _file_of(rows: pd.DataFrame) -> str:
    """The rows as CSV, without what is measured of the machine: the same in every run."""
    return rows.drop(columns=list(MEASURED)).to_csv(index=False)


def _study_named(text: str) -> tuple[str, Study]:
    if text in STUDIES:
        return text, STUDIES[text]
    if Path(text).suffix.lower() == ".toml":
        if not Path(text).is_file():
            raise ValueError(f"--study {text}: no such file")
        return read_study(text)
    one_of(text, STUDIES, "--study", "or the path of a TOML file")
    raise AssertionError


def _names(text: str) -> list[str]:
    mine = [part.strip() for part in text.split(",") if part.strip()] or list(CORE)
    for name in mine:
        try:
            strategy_named(name, "--strategies")
        except ValueError as error:
            raise ValueError(str(error)) from None
    return list(dict.fromkeys((NOBODY, *BESIDE, *mine)))


def _run_setting(setting: Setting, names: list[str], seeds: range) -> pd.DataFrame:
    rows = []
    with progress("distilling", len(seeds)) as step:
        for seed in seeds:
            rows += [outcome.row() for outcome in compare(setting, names, seed)]
            step()
    return pd.DataFrame(rows)


def _study(
    name: str, study: Study, rows: Path | None, folder: Path, jobs: int, resume: bool
) -> None:
    """Run a study and write its report, or only the report, from rows that are there."""
    check_folder("--out", folder)
    check_jobs(jobs, "--jobs")
    if rows is not None:
        if not rows.is_file():
            raise ValueError(f"--rows {rows}: no such file")
        try:
            results = read_parquet(rows)
            checked_rows(results)
        except ValueError as error:
            raise ValueError(f"--rows {rows}: {str(error).removeprefix(f'{rows}: ')}") from None
    try:
        with whole_or_nothing(folder), resumable(folder), locked(folder):
            if rows is None:
                results = _run_study(name, study, folder, jobs, resume)
            plan = f", plan {protocol_digest(study)} of radsim {version('radsim')}"
            found = write_report(name, study.says, results, folder, plan)
    except OSError as error:
        raise stop(error, "--out") from None
    if rows is None:
        measured = read_timings(folder)
        spent = ""
        if "cpu_seconds" in measured:
            spent = f", {measured['cpu_seconds'].sum():.0f} CPU seconds"
        say(
            f"{results['cell'].nunique()} cells, {len(results)} runs, seeds "
            f"{results['seed'].min()} to {results['seed'].max()}{spent}"
        )
    say("written:", *found)


def _run_study(name: str, study: Study, folder: Path, jobs: int, resume: bool) -> pd.DataFrame:
    def note(words: str) -> None:
        complain(f"radsim: {words}")

    with progress(name) as step:
        return run_study(
            study,
            folder,
            started=lambda total: step(total=total),
            jobs=jobs,
            resume=resume,
            progress=step,
            say=note,
        )


def _show(rows: pd.DataFrame) -> None:
    """One line a strategy; differences in points of accuracy, paired by seed."""
    wide = 100 * rows.pivot(index="seed", columns="strategy", values="test_accuracy")
    means = rows.groupby("strategy", sort=False).mean(numeric_only=True)
    alone = 100 * rows["labelled_accuracy"].mean()
    lines = [["labelled alone (A)", f"{alone:.2f}", *[""] * 7]]
    for name, row in means.iterrows():
        lines.append(
            [
                "no teacher (A + V)" if name == NOBODY else str(name),
                f"{wide[name].mean():.2f}",
                *(_difference(wide[name] - wide[x]) for x in (NOBODY, "margin", "uniform")),
                "-" if np.isnan(row["queried_accuracy"]) else f"{row['queried_accuracy']:.1%}",
                f"{row['n_queried']:.0f} + {row['n_trusted']:.0f}",
                f"{row['n_checked_wrong']:.1f} of {row['n_checked']:.0f}",
                f"{row['alarm']:.0%}",
            ]
        )
    say_table(
        "test accuracy, and differences with 95 % intervals, in points",
        lines,
        [
            *("strategy", "accuracy", "- no teacher", "- margin", "- uniform", "right answers"),
            *("answers + labels", "checks wrong", "alarms"),
        ],
    )
    lift = means.loc["margin", "lift"]
    say(
        f"lift {lift:.2f}: error on margin's picks / error on the pool; "
        f"{means.loc['margin', 'n_queried']:.0f} queries, "
        f"{means.loc['margin', 'n_mistakes']:.0f} mistakes"
    )
    if len(wide) < LEAST_SEEDS:
        say(f"{len(wide)} seeds: no claim; intervals need {LEAST_SEEDS}")
    best = wide.mean().idxmax()
    say(f"best on average: {best}, {wide[best].mean() - wide[NOBODY].mean():+.2f} to no teacher")


def _difference(d: pd.Series) -> str:
    if len(d) < LEAST_SEEDS:
        return f"{d.mean():+.2f}"
    mean, low, _ = mean_interval(d.to_numpy())
    return f"{mean:+.2f} ±{mean - low:.2f}"
