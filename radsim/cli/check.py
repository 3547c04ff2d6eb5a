"""`radsim check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from radsim.cli.inputs import (
    AllowScheme,
    Decimal,
    Gain,
    Header,
    Ids,
    Kind,
    MostBytes,
    Normalise,
    Sep,
    read_file,
)
from radsim.cli.printing import complain, say
from radsim.cli.shared import harm_of, refuse
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
    rows = np.array(proof.picks, dtype=int) - 1
    right = {"row": rows + 1, "gain": gains[rows], "inclusion_probability": proof.inclusion[rows]}
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
                raise Refused(f"{file}: row {k + 1}, {name}: expected {value}, found {cell!r:.60}")


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
    return [
        f"game       {n} points; at most {typed(proof.mistakes)} mistakes; {typed(proof.budget)} "
        f"queries, {once}, {spend}",
        f"           harm {harm}",
        f"           digest {proof.digest}",
        f"value      no less than {low!r}",
        f"           no more than {high!r}",
        f"           {width:.1e} apart{share}",
        f"guarantee  picks drawn with the proof's inclusion probabilities earn at least {low!r}",
        "           on average, whatever mistakes the teacher makes within that number",
        f"picks      {proof.design}, seed {proof.seed} draw these rows: {shown}{more}",
    ]


def check_command(
    proof: Annotated[Path, typer.Argument(help="Proof, as `radsim solve --proof` writes it.")],
    gains: Annotated[str, typer.Option(help="Your own file of gains, as for `radsim solve`.")],
    harm: Annotated[
        str, typer.Option(help="Harm, as for `radsim solve`; what the proof says if not given.")
    ] = "",
    kind: Kind = "auto",
    gain: Gain = "margin",
    sep: Sep = "",
    decimal: Decimal = ".",
    header: Header = None,
    ids: Ids = None,
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
            sep=sep,
            decimal=decimal,
            header=header,
            ids=ids,
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
            if picks is not None:
                _check_picks(picks, found, values)
        except Refused as error:
            complain(f"REFUSED    {proof}: {error}")
            raise typer.Exit(1) from None
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    say(f"PROVED     {proof}, from {gains}, in exact arithmetic")
    say(*_words(found, len(values), proved))
    if picks is not None:
        say(f"           and {picks} holds them")
