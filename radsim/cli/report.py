"""`radsim report` and `radsim explore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.shared import app, refuse
from radsim.door import write_whole


def _write(text: str, path: Path) -> None:
    write_whole(path, text)
    print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")


@app.command("report")
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
    from radsim.pages import read_run, report_page

    try:
        _write(report_page(read_run(folder)), out or folder / "report.html")
    except (ValueError, OSError) as error:
        raise refuse(str(error)) from None


@app.command("explore")
def explore_command(
    file: Annotated[Path, typer.Argument(help="The page to write.")] = Path("radsim-explorer.html"),
) -> None:
    """Write the explorer: one HTML page in which gains, m, b and harm can be dragged.

    Example: radsim explore explorer.html
    """
    from radsim.pages import explorer_page

    try:
        _write(explorer_page(), file)
    except OSError as error:
        raise refuse(str(error)) from None
