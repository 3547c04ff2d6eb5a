"""Every notebook runs from top to bottom, is what its text says, and sees a wrong solver."""

import jupytext
import nbformat
import pytest
from execution import FOLDER, NOTEBOOKS, execute, read
from nbclient.exceptions import CellExecutionError

# A wrong answer in place of the closed form: the value too high, the probabilities shifted.
PLANTED = """
from dataclasses import replace
import numpy as np
from radsim.solvers import SOLVERS

right = SOLVERS["plain", {objective!r}]["closed_form"]

def wrong(game, **options):
    solution = right.solve(game, **options)
    {broken}

SOLVERS["plain", {objective!r}]["closed_form"] = replace(right, solve=wrong)
"""
# Nobody asks: what is left are the notebook's own checks.
SILENCED = "import radsim.solvers\nradsim.solvers.asked = lambda *answer, **more: None\n"
BROKEN = {
    "value": "return replace(solution, value=1.05 * solution.value + 0.05 * game.scale)",
    "strategy": "return replace(solution, inclusion=np.roll(solution.inclusion, 1))",
}


def test_every_text_has_its_notebook():
    assert NOTEBOOKS
    assert NOTEBOOKS == sorted(path.stem for path in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs(name, tmp_path):
    notebook = execute(name, tmp_path)
    assert "HOLDS" in notebook.cells[-1].outputs[0].text
    for png in (tmp_path / "pictures").glob("*.png"):
        assert png.with_suffix(".svg").exists() and png.with_suffix(".csv").exists()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_pair_is_in_step(name):
    text, whole = read(name), jupytext.read(FOLDER / f"{name}.ipynb")
    assert [(cell.cell_type, cell.source) for cell in text.cells] == [
        (cell.cell_type, cell.source) for cell in whole.cells
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_committed_run_is_whole_and_small(name):
    path = FOLDER / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "HOLDS" in code[-1].outputs[0].text
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize(
    ("name", "objective"),
    [
        ("02_exact_bounds", "value"),
        ("03_regret_and_ratio", "value"),
        ("03_regret_and_ratio", "regret"),
        ("03_regret_and_ratio", "ratio"),
    ],
)
def test_planted_wrong_solver_is_seen(name, objective, broken, tmp_path):
    first = PLANTED.format(objective=objective, broken=BROKEN[broken])
    with pytest.raises(CellExecutionError) as failure:
        execute(name, tmp_path, {"n_instances": 25}, SILENCED + first)
    assert failure.value.ename == "AssertionError"


def test_a_planted_wrong_solver_is_refused_before_any_check(tmp_path):
    first = PLANTED.format(objective="value", broken=BROKEN["strategy"])
    with pytest.raises(CellExecutionError) as failure:
        execute("02_exact_bounds", tmp_path, {"n_instances": 25}, first)
    assert failure.value.ename == "UncertifiedError"
    assert "assert all(verdicts.values())" in failure.value.traceback


def test_few_games_pass_without_a_wrong_solver(tmp_path):
    for name in ("02_exact_bounds", "03_regret_and_ratio"):
        execute(name, tmp_path, {"n_instances": 25})
