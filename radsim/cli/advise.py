"""`radsim advise`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
import typer

from radsim.analysis.advice import Recommendation, advise
from radsim.cli.amounts import budget_of, harm_of
from radsim.cli.inputs import (
    Decimal,
    Gain,
    GainColumn,
    Header,
    Kind,
    Logits,
    Logprobs,
    Normalise,
    Sep,
    read_file,
)
from radsim.cli.printing import complain, say, say_document, say_table
from radsim.cli.shared import refuse
from radsim.data.files import Reading
from radsim.data.stored_columns import in_memory
from radsim.data.text import number
from radsim.door import Array
from radsim.door import number as within

# How a column says right and wrong.
WORDS = {"true": 1.0, "wrong": 1.0, "yes": 1.0, "false": 0.0, "right": 0.0, "no": 0.0}
# Below this chance the checked points' gains are said to be unlike the pool's.
UNLIKE = 1e-3
# What is to be done next, by what is advised.
NEXT = {
    "margin": "query the {budget:g} largest gains; that is right only while the teacher errs as it "
    "did on these points",
    "RAD": "radsim solve {pool} --mistakes {rate:g}% --budget {budget:g}",
    "guarded": "check {needed} points, or hedge: a contaminated game with the error profile of "
    "these points (docs/howto/advise.md)",
    "none": "query nothing of this teacher, or find a better one",
}


def _flags(cells: list[str], file: str, column: str) -> Array:
    """Right and wrong answers of a column, as 0 and 1."""
    found = [WORDS.get(cell.strip().lower(), number(cell)) for cell in cells]
    for k, value in enumerate(found):
        if value not in (0, 1):
            raise ValueError(
                f"{file}: row {k}, {column}: {cells[k]!r:.40} must be 1 or 0, true or false, wrong "
                "or right"
            )
    return np.array(found, dtype=float)


def _harms(rule: str, amount: Any, points: Reading, checked: Reading) -> dict[str, Any]:
    """Harms of both files, as --harm says."""
    if rule == "multiple":
        return {"harm": amount}
    both = {"harms": points, "checked_harms": checked}
    if rule == "constant":
        return {name: np.full(found.n, amount) for name, found in both.items()}
    return {name: in_memory(found.harms) for name, found in both.items() if found.harms is not None}


def _show(found: Recommendation, file: str, pool: str, n: int, budget: float) -> None:
    say_table(
        f"{file}: {found.n_wrong} of {found.n_checked} checked answers wrong; {pool}: {n} points, "
        f"budget {budget:g}",
        [
            ("margin", str(found.margin), f"{found.margin_guarantee:.3g}"),
            (f"RAD, {found.rate:.0%} feared", str(found.rad), f"{found.rad_guarantee:.3g}"),
            ("uniform", str(found.uniform), "-"),
            ("margin less RAD", str(found.over_rad), ""),
            ("margin less uniform", str(found.over_uniform), ""),
        ],
        ["robust gain per query", "expected [interval]", "guaranteed"],
    )
    there, at = found.wrong, found.wrong_at_margin
    say(
        f"wrong on margin's points {at.mean:.1%} [{at.low:.1%}, {at.high:.1%}], in the pool "
        f"{there.mean:.1%} [{there.low:.1%}, {there.high:.1%}]: lift {found.lift:.3g}",
        f"intervals hold together but for an error of {found.error:g}, if these points were drawn "
        "at random from the pool",
        "and the teacher errs in the pool as on them; what is guaranteed needs neither",
    )


def advise_command(
    file: Annotated[
        str,
        typer.Argument(help="Checked points: gains or class probabilities, and right or wrong."),
    ],
    pool: Annotated[str, typer.Option(help="File of the points that may be queried.")],
    budget: Annotated[str, typer.Option(help="Points to query, or a share such as 10%.")],
    wrong: Annotated[
        str, typer.Option(help="Column of the checked points: 1, true or wrong; 0, false or right.")
    ] = "wrong",
    harm: Annotated[
        str,
        typer.Option(help="Harm: a multiple of the gain, constant:X or column:NAME, of both."),
    ] = "1",
    error: Annotated[
        float, typer.Option(help="Probability that some interval misses; in (0, 1).")
    ] = 0.05,
    kind: Kind = "auto",
    gain: Gain = "margin",
    gain_column: GainColumn = None,
    logits: Logits = False,
    logprobs: Logprobs = False,
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    normalise: Normalise = False,
) -> None:
    """Say from checked answers which selector to use: margin, RAD, guarded, or do not query.

    The points must have been drawn at random from the pool or its like. Where the teacher is wrong
    more often on large gains, margin loses its lead; the advice is for margin or RAD only if the
    interval of the difference does not hold 0.

    Example: radsim advise checked.csv --pool pool.csv --budget 10%
    """
    options: dict[str, Any] = {
        "kind": kind,
        "gain": gain,
        "gain_column": gain_column,
        "logits": logits,
        "logprobs": logprobs,
        "sep": sep,
        "decimal": decimal,
        "header": header,
        "normalise": normalise,
    }
    try:
        within(error, "--error", high=1, open_low=True, open_high=True)
        rule, amount = harm_of(harm)
        told = ("--wrong", "right or wrong")
        checked = read_file(file, (rule, amount), ids=[wrong], ids_are=told, **options)
        points = read_file(pool, (rule, amount), ids=None, **options)
        gains, seen = in_memory(points.gains), in_memory(checked.gains)
        flags = _flags(checked.ids_at(np.arange(checked.n))[wrong], file, wrong)
        harms = _harms(rule, amount, points, checked)
        spent = budget_of(budget)(points.n)
        found = advise(gains, spent, seen, flags, error=error, **harms)
    except (ValueError, OSError) as refused:
        raise refuse(refused) from None
    # The answers were read as identifiers, which they are not.
    answers = [note for note in checked.notes if "identifiers" not in note]
    for note in (*answers, *points.notes):
        complain(f"radsim: {note}")
    if found.alike < UNLIKE:
        complain(
            f"radsim: the gains of {file} are not like those of {pool} (Kolmogorov-Smirnov, p = "
            f"{found.alike:.1g}): points drawn at random from the pool would be, and no interval "
            "holds for others"
        )
    steps = {"pool": pool, "rate": 100 * found.rate, "budget": spent}
    needed = "more" if found.needed is None else f"some {found.needed:,}"
    say_document(lambda: asdict(found) | {"lift": found.lift, "needed": found.needed})
    what = checked.what.replace(f"{wrong} kept as id", f"{wrong} -> right or wrong")
    say(f"read: {what}; of the pool {points.what}")
    _show(found, file, pool, points.n, spent)
    say(NEXT[found.selector].format(needed=needed, **steps))
    name = "do not query" if found.selector == "none" else found.selector
    say(f"ADVICE: {name}; {found.reason}")
