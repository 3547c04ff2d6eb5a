"""Options that say how a file is to be read, shared by the commands that read one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from radsim.data.files import Reading, read
from radsim.data.gains import GAINS
from radsim.data.sources import Access
from radsim.data.text import Dialect
from radsim.door import one_of

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
