"""`radsim report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.printing import say
from radsim.cli.shared import check_files, refuse, write_page
from radsim.pages import read_run, report_page

STYLES = {"bad": "bold red", "unsure": "yellow", "good": "green"}


def report_command(
    folder: Annotated[
        Path, typer.Argument(help="What verify, simulate or distill wrote with --out.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The page; default: report.html in the folder.")
    ] = None,
) -> None:
    """Make one HTML page of a run: failures first, pictures, tables that sort. Needs no network.

    The last line says how much failed, as the page does; the exit code is 0 if the page was
    written. Only regular files of the folder are read, up to stated sizes; what is left out is
    named.

    Example: radsim verify --out run; radsim report run
    """
    page = out or folder / "report.html"
    try:
        run = read_run(folder)
        # Another page in the folder may be written anew, nothing else.
        check_files({"--out": page}, [x for x in folder.rglob("*") if x.suffix != ".html"])
        text = report_page(run)
    except (ValueError, OSError) as error:
        raise refuse(error) from None
    write_page(text, page, "--out")
    if run.verdict:
        say(run.verdict, style=STYLES[run.state])
    if run.left_out:
        say(f"{len(run.left_out)} left out, named on the page")
