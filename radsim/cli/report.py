"""`radsim report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.shared import refuse, write_page
from radsim.pages import read_run, report_page


def report_command(
    folder: Annotated[
        Path, typer.Argument(help="What verify, simulate or distill wrote with --out.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The page; default: report.html in the folder.")
    ] = None,
) -> None:
    """Make one HTML page of a run: failures first, pictures, tables that sort. Needs no network.

    Example: radsim verify --out run; radsim report run
    """
    try:
        write_page(report_page(read_run(folder)), out or folder / "report.html")
    except (ValueError, OSError) as error:
        raise refuse(error) from None
