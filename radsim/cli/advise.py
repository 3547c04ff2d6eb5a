"""`radsim advise`."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
import typer

from radsim.analysis.advice import Estimate, Recommendation, advise
from radsim.analysis.prices import price_advice
from radsim.cli.amounts import budget_of, harm_of, level_of
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

# How a column says right and wrong.
WORDS = {"true": 1.0, "wrong": 1.0, "yes": 1.0, "false": 0.0, "right": 0.0, "no": 0.0}
# Below this chance the checked points' gains are said to be unlike the pool's.
UNLIKE = 1e-3
# Words in the name of a column that says which answers are right, and those that turn it round.
RIGHT, TURNED = {"correct", "right"}, {"not", "in", "non", "wrong"}
# What is to be done next, by what is advised.
NEXT = {
    "margin": "query the {budget:.12g} largest gains; that is right only while the teacher errs as "
    "it did on these points",
    "RAD": "{solve}",
    "guarded": "{check}, or hedge: a contaminated game with the error profile of these points "
    "(docs/howto/advise.md)",
    "none": "query nothing of this teacher, or find a better one",
}


def _flags(cells: list[str], file: str, column: str) -> Array:
    """Right and wrong answers of a column, as 0 and 1."""
    found = [WORDS.get(cell.strip().lower(), number(cell)) for cell in cells]
    named = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", column)}
    # "wrong" and "right" mean what they say, whatever the column is called.
    plain = all(cell.strip().lower() in ("wrong", "right") for cell in cells)
    if named & RIGHT and not named & TURNED and not plain:
        raise ValueError(
            f"{file}: column {column!r} says which answers are right? --wrong names a column of "
            "wrong answers: 1, true or wrong where the teacher was wrong"
        )
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


def _read(file: str, harm: tuple[str, Any], wrong: str, **options: Any) -> Reading:
    """The checked points, with their answers among the identifiers, which they are not."""
    found = read_file(file, harm, ids=[wrong], ids_are=("--wrong", "right or wrong"), **options)
    if found.n < 2:
        raise ValueError(f"{file}: has {found.n} checked point, advice needs at least 2")
    return found


def _what(found: Reading, wrong: str = "") -> str:
    """What was read; identifiers are of no use to advice, and dropped."""
    ends = (" kept as id", " kept as ids")
    parts = [part for part in found.what.split("; ") if not part.endswith(ends)]
    parts += [f"column {wrong} -> right or wrong"] if wrong else []
    left = [name for name in found.ids if name != wrong]
    parts += [f"not read: {', '.join(left)}"] if left else []
    return "; ".join(parts)


def _command(pool: str, rate: float, budget: str, options: Mapping[str, tuple[Any, Any]]) -> str:
    """The command that solves the game which was advised on, as it is typed.

    `options` holds a name to what was given and what is meant if nothing is.
    """
    words = ["radsim", "solve", pool, "--mistakes", f"{100 * rate:.12g}%", "--budget", budget]
    for name, (value, default) in options.items():
        if value == default:
            continue
        if isinstance(value, bool):
            words.append(f"--{name}" if value else f"--no-{name}")
        else:
            several = value if isinstance(value, list) else [value]
            words += [word for x in several for word in (f"--{name}", x)]
    return shlex.join(words)


def _check_more(needed: int | None, n: int) -> str:
    """How many points to check, unless there are not so many."""
    if needed is None:
        return "check more points"
    if needed > n:
        return "no number of points of this pool would tell: take RAD for its guarantee"
    return f"check some {needed:,} points"


def _share(of: Estimate) -> str:
    mean = "not known" if math.isnan(of.mean) else f"{of.mean:.1%}"
    return f"{mean} [{of.low:.1%}, {of.high:.1%}]"


def _show(found: Recommendation, file: str, pool: str, n: int, budget: float) -> None:
    say_table(
        f"{file}: {found.n_wrong} of {found.n_checked} checked answers wrong; {pool}: {n} points, "
        f"budget {budget:.12g}",
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
    lift = "not known" if math.isnan(found.lift) else f"{found.lift:.3g}"
    said = [
        f"wrong on margin's points {_share(at)}, in the pool {_share(there)}: lift {lift}",
        f"intervals hold together but for an error of {found.error:g}, if these points were drawn "
        "at random from the pool",
        "and the teacher errs in the pool as on them; what is guaranteed needs neither",
    ]
    if found.rate < 1:
        more = f" (it may be up to {there.high:.1%})" if there.high > found.rate else ""
        said[-1] += ", but that"
        said.append(f"at most {found.rate:.0%} of the pool are wrong{more}")
    say(*said)


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
        str, typer.Option(help="Probability that some interval misses: 5% or 0.05.")
    ] = "5%",
    label_price: Annotated[
        float | None,
        typer.Option(
            help="What a true label costs, in answers of the teacher: says whether to ask at all."
        ),
    ] = None,
    kind: Kind = "auto",
    gain: Gain = "margin",
    gain_column: GainColumn = None,
    logits: Logits = False,
    logprobs: Logprobs = False,
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", help="Column that is not read, such as an identifier; repeatable."),
    ] = None,
    normalise: Normalise = False,
) -> None:
    """Say from checked answers which selector to use: margin, RAD, guarded, or do not query.

    The points must have been drawn at random from the pool or its like. Where the teacher is wrong
    more often on large gains, margin loses its lead; the advice is for margin or RAD only if the
    interval of the difference does not hold 0.

    Example: radsim advise checked.csv --pool pool.csv --budget 10%

    Example: radsim advise checked.csv --pool pool.csv --budget 10% --label-price 10
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
        if label_price is not None:
            price_advice(label_price, 0.0)
        level = float(level_of(error, "--error"))
        rule, amount = harm_of(harm)
        options["known_ids"] = ids or ()
        checked = _read(file, (rule, amount), wrong, **options)
        points = read_file(pool, (rule, amount), ids=None, **options)
        for name in ids or ():
            if name not in {**points.ids, **checked.ids}:
                raise ValueError(f"--id {name!r}: neither {file} nor {pool} has such a column")
        gains, seen = in_memory(points.gains), in_memory(checked.gains)
        column = next(iter(checked.ids))
        flags = _flags(checked.ids_at(np.arange(checked.n))[column], file, column)
        harms = _harms(rule, amount, points, checked)
        spent = budget_of(budget)(points.n)
        found = advise(gains, spent, seen, flags, error=level, **harms)
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
    # The same game: whatever said how the pool is read, and what a wrong answer costs.
    same: dict[str, tuple[Any, Any]] = {
        "harm": (harm.strip(), "1"),
        "kind": (kind, "auto"),
        "gain": (gain, "margin"),
        "gain-column": (gain_column, None),
        "logits": (logits, False),
        "logprobs": (logprobs, False),
        "sep": (sep, ""),
        "decimal": (decimal, "."),
        "header": (header, None),
        "id": ([name for name in ids or () if name in points.ids], []),
        "normalise": (normalise, False),
    }
    map_of_prices = None if label_price is None else price_advice(label_price, found.wrong.mean)
    say_document(
        lambda: (
            asdict(found)
            | {"lift": found.lift, "needed": found.needed}
            | ({} if map_of_prices is None else {"prices": asdict(map_of_prices)})
        )
    )
    say(f"read: {_what(checked, column)}; of the pool {_what(points)}")
    _show(found, file, pool, points.n, spent)
    if map_of_prices is not None:
        say(map_of_prices.says)
    step = NEXT[found.selector] if gains.any() else "query nothing of this pool"
    say(
        step.format(
            budget=spent,
            solve=_command(pool, found.rate, budget.strip(), same),
            check=_check_more(found.needed, points.n),
        )
    )
    name = "do not query" if found.selector == "none" else found.selector
    say(f"ADVICE: {name}; {found.reason}")
