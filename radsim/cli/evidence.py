"""`radsim evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radsim.cli.printing import progress, say
from radsim.cli.shared import attempt, check_files, refuse
from radsim.runs import evidence


def evidence_command(
    folder: Annotated[Path, typer.Argument(help="The checkout's proofs_checks.")] = Path(
        "proofs_checks"
    ),
    slow: Annotated[
        bool, typer.Option("--slow", help="Also the slow rows, Coq's among them.")
    ] = False,
    planted: Annotated[
        bool, typer.Option("--planted", help="Also print what refutes each planted error.")
    ] = False,
) -> None:
    """Run the proof checks of a checkout; write the table of statements and evidence.

    Slow rows that are not run are kept from the written table while their file is what it was. A
    check that fails ends with exit code 1 and leaves the table alone. Needs the extra `proofs`.

    Example: radsim evidence --slow
    """
    page = folder / "THEOREMS.md"
    try:
        proofs = evidence.load(folder)
        check_files({"FOLDER": page})
    except (ValueError, ImportError) as error:
        raise refuse(error) from None
    with progress("checking", len(proofs.checks)) as step:
        try:
            results = evidence.run(folder, proofs.checks, slow, step)
        except AssertionError as error:
            say(f"not established: {error}", style="bold red")
            raise typer.Exit(1) from None
    if planted:
        for check in proofs.checks:
            if slow or not check.slow:
                for name, wrong in check.planted.items():
                    say(f"{check.claim}, {name}: {wrong()}")
    written = attempt("FOLDER", evidence.write, folder, proofs, results)
    for claim, rows in evidence.established(results).items():
        for check in rows:
            say(f"{claim}: {check.status}: {check.statement} ({check.hypotheses})")
    n_missing = sum(found == evidence.NOT_RUN for found in results.values())
    say(f"{len(results) - n_missing} of {len(results)} rows: {page}")
    raise typer.Exit(int(not written))
