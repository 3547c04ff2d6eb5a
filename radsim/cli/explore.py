"""`radsim explore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.shared import check_files, refuse, write_page
from radsim.pages import explorer_page


def explore_command(
    file: Annotated[Path, typer.Argument(help="The page to write.")] = Path("radsim-explorer.html"),
) -> None:
    """Write the explorer: one HTML page in which gains, m, b and harm can be dragged.

    On it you can also play the teacher, spoil m points and see the best reply, and drop the proof
    of a pick to have it checked. The page needs no network and sends nothing.

    Example: radsim explore explorer.html
    """
    try:
        check_files({"FILE": file})
    except ValueError as error:
        raise refuse(error) from None
    write_page(explorer_page(), file, "FILE")
