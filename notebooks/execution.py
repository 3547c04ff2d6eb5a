"""Execute the notebooks: ``python notebooks/execution.py [NAME ...]``.

The .py files (jupytext, percent format) are what is edited; the .ipynb beside each is written from
it, with the outputs of a run.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from radsim.writing import write_whole

FOLDER = Path(__file__).parent
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("[01]*.py"))
SECONDS = 600  # of a cell: it hangs; a notebook takes half a minute


def read(name: str) -> NotebookNode:
    """The notebook without outputs, from its text."""
    return jupytext.read(FOLDER / f"{name}.py")


def execute(
    name: str, place: Path, parameters: Mapping[str, Any] | None = None, first: str = ""
) -> NotebookNode:
    """Run a notebook from top to bottom in the folder `place`.

    Parameters
    ----------
    name : str
    place : Path
        Where its pictures go.
    parameters : mapping, optional
        Set after the cell that is tagged `parameters`, as papermill does.
    first : str
        Code of a cell that runs before all others.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = read(name)
    if parameters:
        tagged = [
            k
            for k, cell in enumerate(notebook.cells)
            if "parameters" in cell.metadata.get("tags", [])
        ]
        code = "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
        notebook.cells.insert(tagged[0] + 1, new_code_cell(code))
    if first:
        notebook.cells.insert(0, new_code_cell(first))
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(place)}},
    )
    return client.execute()


def write(name: str) -> float:
    """Execute a notebook, write its .ipynb and return the seconds that it took."""
    start = perf_counter()
    with tempfile.TemporaryDirectory() as place:
        notebook = execute(name, Path(place))
    for k, cell in enumerate(notebook.cells):
        cell.id = str(k)  # not at random: a new run changes outputs only
    write_whole(FOLDER / f"{name}.ipynb", jupytext.writes(notebook, fmt="ipynb") + "\n")
    return perf_counter() - start


if __name__ == "__main__":
    for name in sys.argv[1:] or NOTEBOOKS:
        print(f"{name}: {write(name):.1f} s")
