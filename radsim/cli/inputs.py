"""Options that say how a file is to be read, shared by the commands that read one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from radsim.cli.shared import harm_of, mistakes_of
from radsim.data.files import Reading, read, read_probabilities
from radsim.data.gains import GAINS, gains_from_probabilities
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
    "Header",
    "Ids",
    "Kind",
    "MostBytes",
    "Normalise",
    "Sep",
    "read_file",
    "read_pool",
]

Kind = Annotated[
    str, typer.Option("--kind", help="What the file holds: auto, gains or probabilities.")
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
    sep: str,
    decimal: str,
    header: bool | None,
    ids: Sequence[str] | None,
    normalise: bool,
    allow_scheme: Sequence[str] | None = None,
    most_bytes: int | None = None,
) -> Reading:
    """Read a file as these options say; `harm` is what `harm_of` gives."""
    one_of(kind, ("auto", "gains", "probabilities"), "--kind")
    one_of(gain, tuple(GAINS), "--gain")
    rule, column = harm
    return read(
        file,
        kind,
        gain,
        column if rule == "column" else None,
        dialect=Dialect(sep, decimal, header),
        ids=ids or (),
        normalise=normalise,
        access=Access(tuple(allow_scheme or ()), most_bytes),
    )


def read_pool(
    file: str,
    mistakes: str,
    budget: float,
    harm: str,
    *,
    needs_probabilities: bool = False,
    **options: Any,
) -> tuple[Instance, Sequence[str]]:
    """The instance that a file and these options mean, named as the file is, and notes on it.

    `options` are those of `read_file`.  Class probabilities are kept where the gains are theirs.
    """
    kind, amount = harm_of(harm)
    reading = read_file(file, (kind, amount), **options)
    gains = in_memory(reading.gains)
    harms = None if reading.harms is None else in_memory(reading.harms)
    if kind == "constant":
        harms = np.full(len(gains), amount)
    m, _ = mistakes_of(mistakes, len(gains))
    game = Game(gains, m, budget, amount if kind == "multiple" else 1.0, harms=harms)
    held = None
    try:
        held = read_probabilities(
            file,
            Dialect(options["sep"], options["decimal"], options["header"]),
            ids=options["ids"] or (),
            normalise=options["normalise"],
        )[0]
        if not np.array_equal(gains_from_probabilities(held, options["gain"]), gains):
            held = None
    except ValueError:
        if needs_probabilities:
            raise
    return Instance(Path(file).name, game, probabilities=held), reading.notes
