"""`radsim check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from radsim.cli.amounts import harm_of
from radsim.cli.inputs import (
    AllowScheme,
    Decimal,
    Gain,
    GainColumn,
    Header,
    Ids,
    IdsFile,
    Kind,
    Logits,
    Logprobs,
    MostBytes,
    Normalise,
    Sep,
    read_file,
)
from radsim.cli.printing import complain, say, say_document
from radsim.cli.shared import refuse
from radsim.data.files import Reading
from radsim.data.stored_columns import in_memory
from radsim.data.text import Dialect, text_table
from radsim.notation import written as typed
from radsim.proof import MOST_BYTES, Proof, Refused, check_proof, read_proof
from radsim.solution import Certificate


def _read_proof(file: Path) -> Proof:
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    try:
        return read_proof(content)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None


def _check_picks(file: Path, proof: Proof, gains: np.ndarray) -> None:
    """The file of picks holds the proof's rows, with their gains and inclusion probabilities."""
    rows = np.array(proof.picks, dtype=int)
    right = {"row": rows, "gain": gains[rows], "inclusion_probability": proof.inclusion[rows]}
    ours = [*right, "count"]
    for name, *texts in proof.ids:
        right[f"file.{name}" if name in ours else name] = np.array(texts, dtype=object)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            columns = text_table(stream.read(), Dialect(",", header=True)).columns
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    for name, expected in right.items():
        found = columns.get(name)
        if found is None:
            raise ValueError(f"{file}: no column {name!r}; has {', '.join(columns)}")
        if len(found) != len(expected):
            raise Refused(f"{file}: expected {len(expected)} rows, found {len(found)}")
        for k, (cell, value) in enumerate(zip(found, expected.tolist(), strict=True)):
            if cell != str(value):
                raise Refused(f"{file}: row {k}, {name}: expected {value}, found {cell!r:.60}")


class _Compared(NamedTuple):
    """Names of the proof's identifiers that were compared with the reader's own, and the others."""

    words: list[str]
    checked: list[str]
    not_checked: list[str]


def _check_ids(file: str, proof: Proof, reading: Reading, asked: bool) -> _Compared:
    """The reader's own identifiers at the picks are the proof's; says which it has not.

    `asked` says whether identifiers of the reader were named, in `file` or in a file beside it.
    """
    own, found = reading.ids_at(np.array(proof.picks, dtype=int)), _Compared([], [], [])
    lacking = [name for name, *_ in proof.ids if name not in own]
    beside = list(reading.beside)
    # One column of a file of identifiers is that one, whatever it is called.
    called = dict(zip(lacking, beside, strict=True)) if len(lacking) == len(beside) == 1 else {}
    if beside and lacking and not called:
        raise ValueError(
            f"{file}: --ids: no column {lacking[0]!r}, which the proof names; has "
            f"{', '.join(beside)}"
        )
    if asked and not proof.ids:
        found.words.append("ids        NOT CHECKED, the proof holds none")
        found.not_checked.append("ids")
    for name, *texts in proof.ids:
        mine = own.get(called.get(name, name))
        if mine is None:
            found.words.append(
                f"ids        {name}: NOT CHECKED, {file} has none; --ids names their file"
            )
            found.not_checked.append(f"ids {name}")
            continue
        for k, (right, text) in enumerate(zip(mine, texts, strict=True)):
            if right != text:
                raise Refused(
                    f"ids: row {proof.picks[k]}, {name}: expected {right!r:.60}, found {text!r:.60}"
                )
        other = f", in {file} called {called[name]}" if name in called else ""
        found.words.append(f"ids        {name}: those of your rows{other}")
        found.checked.append(f"ids {name}")
    return found


def _words(proof: Proof, n: int, found: Certificate) -> list[str]:
    """What was proved, in plain words."""
    low, high = found.interval
    scale, width = float(found.scale), float(found.gap)
    once = "each at most once" if proof.capped else "with replacement"
    spend = "may stay unspent" if proof.abstain else "all spent"
    kind, amount = proof.harm
    harm = f"from column {amount!r}"
    if kind != "column":
        harm = f"{typed(amount)} {'times the gain' if kind == 'multiple' else 'each'}"
    shown = ", ".join(map(str, proof.picks[:20])) or "none"
    more = f", … ({len(proof.picks)} in all)" if len(proof.picks) > 20 else ""
    share = f", {width / scale:.1e} of the most that could be earned" if scale else ""
    source = []
    if proof.validation:
        checked, wrong, delta = proof.validation
        source = [
            f"mistakes   {wrong} of {checked} checked points were wrong: if those were drawn at "
            "random, more",
            f"           mistakes than that have probability at most {delta!r} (S4)",
        ]
    return [
        f"game       {n} points; at most {typed(proof.mistakes)} mistakes; {typed(proof.budget)} "
        f"queries, {once}, {spend}",
        f"           harm {harm}",
        f"           digest {proof.digest}",
        *source,
        f"value      no less than {low!r}",
        f"           no more than {high!r}",
        f"           {width:.1e} apart{share}",
        f"guarantee  picks drawn with the proof's inclusion probabilities earn at least {low!r}",
        "           on average, whatever mistakes the teacher makes within that number",
        f"picks      {proof.design}, seed {proof.seed} draw these rows, from 0: {shown}{more}",
    ]


def check_command(
    proof: Annotated[Path, typer.Argument(help="Proof, as `radsim solve --proof` writes it.")],
    gains: Annotated[str, typer.Option(help="Your own file of gains, as for `radsim solve`.")],
    harm: Annotated[
        str, typer.Option(help="Harm, as for `radsim solve`; what the proof says if not given.")
    ] = "",
    kind: Kind = "auto",
    gain: Gain = "margin",
    gain_column: GainColumn = None,
    logits: Logits = False,
    logprobs: Logprobs = False,
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
    ids_file: IdsFile = None,
    normalise: Normalise = False,
    allow_scheme: AllowScheme = None,
    most_bytes: MostBytes = None,
    picks: Annotated[
        Path | None, typer.Option(help="CSV file of picks that must be the proof's.")
    ] = None,
) -> None:
    """Prove picks again from your own gains, in exact arithmetic; believe nobody.

    The exit code is 0 if all of it holds, 1 if the proof is refused, 2 if a file cannot be read.

    Example: radsim check picks.proof.json --gains gains.csv --picks picks.csv
    """
    try:
        found = _read_proof(proof)
        rule, amount = harm_of(harm) if harm else found.harm
        reading = read_file(
            gains,
            (rule, amount),
            kind=kind,
            gain=gain,
            gain_column=gain_column,
            logits=logits,
            logprobs=logprobs,
            sep=sep,
            decimal=decimal,
            header=header,
            ids=ids,
            known_ids=[name for name, *_ in found.ids],
            ids_file=ids_file,
            normalise=normalise,
            allow_scheme=allow_scheme,
            most_bytes=most_bytes,
        )
        values = in_memory(reading.gains)
        harms = None if reading.harms is None else in_memory(reading.harms)
        if harm and rule != "column":
            harms = np.full(len(values), amount) if rule == "constant" else amount * values
        try:
            proved = check_proof(found, found.game(values, harms))
            identified = _check_ids(ids_file or gains, found, reading, bool(ids_file or ids))
            if picks is not None:
                _check_picks(picks, found, values)
        except Refused as error:
            complain(f"REFUSED    {proof}: {error}")
            refused = str(error)
            say_document(lambda: {"proved": False, "proof": str(proof), "refused": refused})
            raise typer.Exit(1) from None
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    low, high = proved.interval
    file = "file of picks"
    say_document(
        lambda: {
            "proved": True,
            "proof": str(proof),
            "points": len(values),
            "mistakes": float(found.mistakes),
            "budget": float(found.budget),
            "at_least": low,
            "at_most": high,
            "digest": found.digest,
            "design": found.design,
            "seed": found.seed,
            "picks": list(found.picks),
            "checked": ["value", "picks", *identified.checked, *([file] if picks else [])],
            "not_checked": [*identified.not_checked, *([] if picks else [file])],
        }
    )
    say(f"PROVED     {proof}, from {gains}, in exact arithmetic")
    say(f"reading    {reading.what}", *_words(found, len(values), proved), *identified.words)
    if picks is not None:
        say(f"           and {picks} holds them")
