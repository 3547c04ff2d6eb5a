"""Options that say how a file is to be read, shared by the commands that read one."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["AllowScheme", "Decimal", "Header", "Ids", "MostBytes", "Normalise", "Sep"]

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
