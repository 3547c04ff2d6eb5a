"""Options that say how a file is to be read, shared by the commands that read one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from radsim.cli.amounts import budget_of, fear_of, harm_of
from radsim.data.files import KINDS, Reading, read, read_probabilities
from radsim.data.gains import GAINS, OF_TOP, gains_from_probabilities
from radsim.data.instances import Instance
from radsim.data.sources import Access
from radsim.data.stored_columns import in_memory
from radsim.data.text import Dialect
from radsim.door import one_of
from radsim.game import Game

__all__ = [
    "AllowScheme",
    "Decimal",
    "Gain",
    "GainColumn",
    "Header",
    "Ids",
    "IdsFile",
    "Kind",
    "Logits",
    "Logprobs",
    "MostBytes",
    "Normalise",
    "Rate",
    "Sep",
    "read_file",
    "read_pool",
]

Rate = Annotated[
    str, typer.Option("--rate", help="In place of --mistakes, a share of the points: 12% or 0.12.")
]
Kind = Annotated[str, typer.Option("--kind", help=f"What the file holds: {', '.join(KINDS)}.")]
Logits = Annotated[
    bool,
    typer.Option("--logits", help="The file holds logits: softmax, then the gain; --kind logits."),
]
Logprobs = Annotated[
    bool,
    typer.Option(
        "--logprobs",
        help="The file holds log-probabilities of the likeliest answers, as APIs give them, the "
        "rest unknown; --kind logprobs.",
    ),
]
GainColumn = Annotated[
    str | None, typer.Option("--gain-column", help="Column that holds the gains, among others.")
]
Gain = Annotated[
    str,
    typer.Option(
        "--gain", help="Gain from class probabilities: margin, entropy, least_confidence."
    ),
]
Sep = Annotated[str, typer.Option("--sep", help="Separator of a text file: one character, or tab.")]
Decimal = Annotated[str, typer.Option("--decimal", help="Decimal mark of a text file: '.' or ','.")]
Header = Annotated[
    bool | None,
    typer.Option("--header/--no-header", help="Does the first line of a text file name columns?"),
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", help="Column that identifies the rows, carried to the picks; repeatable."),
]
IdsFile = Annotated[
    str | None,
    typer.Option(
        "--ids",
        help="File of identifiers, one a row of the gains, carried to the picks: text without a "
        "header, CSV with one, NPY, Parquet, ...",
    ),
]
Normalise = Annotated[
    bool,
    typer.Option("--normalise", help="Divide each row of class probabilities by its sum."),
]
AllowScheme = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-scheme",
        help="Scheme of addresses that may be opened, such as s3, by fsspec (radsim[remote]); "
        "repeatable. Without it only local files are read.",
    ),
]
MostBytes = Annotated[
    int | None,
    typer.Option(
        "--most-bytes",
        help="Most bytes of what is unpacked, piped or kept in a temporary file; if not given "
        "16 GiB, and of a packed file beyond 1 GiB at most 100 times its size.",
    ),
]


def read_file(
    file: str,
    harm: tuple[str, Any],
    *,
    kind: str,
    gain: str,
    gain_column: str | None,
    logits: bool,
    logprobs: bool,
    sep: str,
    decimal: str,
    header: bool | None,
    ids: Sequence[str] | None,
    normalise: bool,
    ids_file: str | None = None,
    known_ids: Sequence[str] = (),
    ids_are: tuple[str, str] = ("--id", "an identifier"),
    allow_scheme: Sequence[str] | None = None,
    most_bytes: int | None = None,
) -> Reading:
    """Read a file as these options say; `harm` is what `harm_of` gives."""
    kind = _kind(kind, logits, logprobs)
    one_of(gain, tuple(GAINS), "--gain")
    if kind == "logprobs":
        one_of(gain, OF_TOP, "--gain", "with --logprobs: others need all classes")
    if normalise and kind in ("gains", "logits", "logprobs"):
        raise ValueError(f"--normalise divides class probabilities, and {kind} are asked for")
    rule, column = harm
    return read(
        file,
        kind,
        gain,
        column if rule == "column" else None,
        gain_column=gain_column,
        dialect=Dialect(sep, decimal, header),
        ids=ids or (),
        known_ids=known_ids,
        ids_are=ids_are,
        ids_file=ids_file,
        normalise=normalise,
        access=Access(tuple(allow_scheme or ()), most_bytes),
    )


def _kind(kind: str, logits: bool, logprobs: bool) -> str:
    """What --kind, --logits and --logprobs say together."""
    one_of(kind, KINDS, "--kind")
    said = {"logits": logits, "logprobs": logprobs, kind: kind != "auto"}
    found = [name for name, given in said.items() if given]
    if len(found) > 1:
        raise ValueError(f"the file holds {' or '.join(found)}: one of these options is enough")
    return found[0] if found else "auto"


def read_pool(
    file: str,
    mistakes: str,
    rate: str,
    budget: str,
    harm: str,
    *,
    needs_probabilities: bool = False,
    **options: Any,
) -> tuple[Instance, Reading]:
    """The instance that a file and these options mean, named as the file is, and how it was read.

    `options` are those of `read_file`.  Class probabilities are kept where the gains are theirs.
    """
    kind, amount = harm_of(harm)
    fear, spent = fear_of(mistakes, rate), budget_of(budget)
    reading = read_file(file, (kind, amount), **options)
    gains = in_memory(reading.gains)
    n = len(gains)
    harms = None if reading.harms is None else in_memory(reading.harms)
    if kind == "constant":
        harms = np.full(n, amount)
    m, _ = fear.among(n)
    game = Game(gains, m, spent(n), amount if kind == "multiple" else 1.0, harms=harms)
    held = None
    try:
        held = read_probabilities(
            file,
            Dialect(options["sep"], options["decimal"], options["header"]),
            ids=options["ids"] or (),
            normalise=options["normalise"],
            logits=_kind(options["kind"], options["logits"], options["logprobs"]) == "logits",
        )[0]
        if not np.array_equal(gains_from_probabilities(held, options["gain"]), gains):
            held = None
    except ValueError:
        if needs_probabilities:
            raise
    return Instance(Path(file).name, game, probabilities=held), reading
