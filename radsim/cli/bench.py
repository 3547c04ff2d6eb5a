"""`radsim bench`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from radsim.addresses import loaded
from radsim.analysis.bench import Bench, bench, recommendation
from radsim.analysis.bench_files import changes, frame_of, read_bench
from radsim.analysis.candidates import CANDIDATES
from radsim.analysis.turns import BASELINE
from radsim.cli.amounts import harm_of
from radsim.cli.printing import progress, say, say_table
from radsim.cli.shared import attempt, check_files, check_picture, named, refuse
from radsim.data.instances import FAMILIES
from radsim.door import count, number, one_of
from radsim.writing import write_whole


def _sizes(text: str) -> list[int]:
    found = []
    for part in text.split(","):
        try:
            found.append(count(float(part), "--sizes", low=1))
        except ValueError:
            raise ValueError(f"--sizes {part!r} must be a whole number of at least 1") from None
    return found


def _share(text: str, option: str, *, least: float) -> Callable[[int], float]:
    """A number, or a percentage of the points."""
    try:
        if text.endswith("%"):
            share = number(float(text[:-1]) / 100, option, high=1)
            return lambda n: max(least, share * n)
        amount = number(float(text), option)
    except ValueError:
        raise ValueError(f"{option} {text!r} must be a number, or a share like 5%") from None
    if option == "--mistakes" and 0 < amount < 1:
        raise ValueError(
            f"{option} {text}: a share of the points, or less than one mistake? The first is "
            f"{100 * amount:g}%; the second is {100 * amount:g}% over the number of points"
        )
    return lambda n: amount


def _unit(seconds: float) -> str:
    for size, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{1e6 * seconds:.2g} µs"


def _times(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 100 else f"{factor:.3g}"


def _show(found: Bench) -> None:
    for n, m, b in zip(*(found.asked[k] for k in ("sizes", "mistakes", "budget")), strict=True):
        ran = found.of(n)
        sort = next((row.seconds for row in ran if row.method == BASELINE), float("nan"))
        best = min((x.seconds for x in ran if x.method != BASELINE and x.accepted), default=sort)
        rows, parts = [], []
        for row in ran:
            ours = row.method != BASELINE
            gap = "none" if row.gap is None else f"{row.gap:.0e}"
            low, high = (f"{end / row.seconds:.2g}" for end in (min(row.turns), max(row.turns)))
            rows.append(
                [
                    row.method,
                    _unit(row.seconds),
                    f"{low}-{high}",
                    _times(row.seconds / sort),
                    _times(row.seconds / best) if ours else "",
                    ("" if not ours else gap) if row.accepted else "REFUSED",
                ]
            )
            if ours:
                parts.append([row.method, *map(_unit, (row.game, row.solve, row.inclusion))])
        columns = ["method", "gains to q", "spread", "/ sort", "/ best", "gap"]
        say_table(f"n = {n:,}, {m:,g} mistakes, budget {b:,g}", rows, columns)
        say_table("of which", parts, ["method", "Game", "solve", "q"])
        for row in found.timings:
            if row.n == n and not row.turns:
                say(f"not run: {row.method}: {row.why}")
            elif row.n == n and row.why:
                say(f"{row.method}: {row.why}")


def _show_changes(new: Bench, old: Bench, path: Path) -> None:
    rows = [
        [method, f"{n:,}", f"{ratio:.3g}", f"{relative:.3g}", "yes" if beyond else ""]
        for method, n, ratio, relative, beyond in changes(new, old)
    ]
    columns = ["method", "n", "old / new", "beside the sort", "beyond noise"]
    say_table(f"{path}: above 1 is faster now", rows, columns)
    told = {key: (old.machine.get(key), new.machine.get(key)) for key in ("processor", "versions")}
    for key, (then, now) in told.items():
        if then != now:
            say(f"other {key} then: {then}")


def bench_command(
    sizes: Annotated[str, typer.Option(help="Comma-separated numbers of points: 50,1e4,1e6.")],
    budget: Annotated[str, typer.Option(help="Budget, or a share of the points like 1%.")] = "1",
    mistakes: Annotated[
        str, typer.Option(help="The teacher's mistakes, or a share of the points like 5%.")
    ] = "5%",
    harm: Annotated[str, typer.Option(help="Harm: a multiple of the gain, or constant:X.")] = "1",
    family: Annotated[
        str, typer.Option(help="Family of the gains: " + ", ".join(FAMILIES) + ".")
    ] = "uniform",
    solvers: Annotated[
        str, typer.Option(help="Comma-separated, a comma within a name as +; default all.")
    ] = "",
    solver: Annotated[
        list[str] | None,
        typer.Option(
            help="FILE.py:NAME, a solver of your own: from a Game to a Solution or to inclusion "
            "probabilities. The file is run, so name only code that you trust. Repeatable."
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="What takes longer once is stopped, for larger sizes too.")
    ] = 10.0,
    repeats: Annotated[int, typer.Option(help="Turns that count, for each solver and size.")] = 7,
    seed: Annotated[int, typer.Option(help="Seed of the gains.")] = 0,
    save: Annotated[Path | None, typer.Option(help="JSON file to save all times to.")] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Earlier --save to compare with, on the same question.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="File to draw a log-log picture to (png, svg, pdf).")
    ] = None,
) -> None:
    """Time every solver from gains to inclusion probabilities; certify each answer.

    All solvers and installed peers take turns on the same game, each in a process of its own; one
    turn to warm up, then the median of --repeats, or of as many as fit into --seconds. Certificates
    are asked after the clock has stopped. Exit code 1 if one is refused.

    Example: radsim bench --sizes 50,1e4,1e6 --plot times.png --save today.json

    Example: radsim bench --sizes 1e5 --solver my.py:fast --compare yesterday.json
    """
    try:
        outputs = {"--save": save, "--plot": plot}
        check_files(outputs, [] if compare is None else [compare])
        check_picture(plot)
        wanted = _sizes(sizes)
        one_of(family, FAMILIES, "--family")
        known = {name.replace(", ", "+"): name for name in CANDIDATES}
        chosen = [known[name] for name in named(solvers, known, "--solvers")]
        number(seconds, "--seconds", open_low=True)
        count(repeats, "--repeats", low=1)
        count(seed, "--seed")
        kind, amount = harm_of(harm)
        if kind == "column":
            raise ValueError(f"--harm {harm!r}: there is no file here, only drawn gains")
        own = solver or []
        for text in own:
            if not callable(loaded(text, "--solver")):
                raise ValueError(f"--solver {text}: it is no function")
        old = None if compare is None else read_bench(compare)
        n_turns = len(set(wanted)) * (1 + len(chosen) + len(own)) * (repeats + 1)
        with progress("timing", n_turns) as step:
            found = bench(
                wanted,
                family=family,
                mistakes=_share(mistakes, "--mistakes", least=0.0),
                budget=_share(budget, "--budget", least=1.0),
                harm=(kind, amount),
                solvers=chosen,
                own=own,
                seconds=seconds,
                repeats=repeats,
                seed=seed,
                progress=step,
            )
        differences = old is not None and changes(found, old)
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    written = [save is None or attempt("--save", write_whole, save, found.text())]
    if plot is not None:
        # Pandas and Matplotlib, only when a picture is asked for.
        from radsim.plots import scaling_plot

        written.append(attempt("--plot", scaling_plot, frame_of(found), plot))
    _show(found)
    if old is not None and compare is not None and differences is not False:
        _show_changes(found, old, compare)
    facts = found.machine
    versions = ", ".join(f"{name} {v}" for name, v in facts["versions"].items())
    say(f"{facts['processor']}, {facts['cores']} cores, SIMD {facts['simd'] or 'unknown'}")
    say(f"{facts['system']}, Python {facts['python']}, {versions}")
    say(
        f"medians of up to {repeats} turns that alternate; spread: fastest and slowest turn beside "
        "the median; Game checks the gains, q is worked out when it is read"
    )
    say(recommendation(found))
    refused = any(row.turns and not row.accepted for row in found.timings)
    raise typer.Exit(int(refused or not all(written)))
