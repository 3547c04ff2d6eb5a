"""One row buys everything: a throw-away row in each of the five tables, and what it got for it.

A contributor touches the files that are listed here and no other; `pytest -s` prints what came of
it.  The rows are those of tests/throwaway.py.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import throwaway
from commands import call

ROOT = Path(__file__).parents[2]
README = "tests/unit/test_readme.py::test_evidence_table_is_that_of_the_claims_and_routes"


@dataclass(frozen=True)
class Bought:
    """What a row of a table costs and buys.

    Attributes
    ----------
    files : tuple of str
        That it touches.
    tests : tuple of str
        Test functions whose parameters it is among.
    benchmark : str
        The same, of the benchmarks.
    helps : tuple of (str, str)
        Commands and their options whose help names it.
    commands : tuple of str
        Command lines that take it.
    also : tuple of str
        Tests that mention the table and are run with the row in it.
    asks : tuple of str
        Those among all these that fail, saying what is missing: documents that are generated, and
        for a claim its mutant and its proof row.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    benchmark: str
    helps: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    also: tuple[str, ...]
    asks: tuple[str, ...] = ()


SIMULATE = "simulate --instances mixture --selectors rad --draws 20 --repetitions 0 --jobs 1"

BOUGHT = {
    "SOLVERS": Bought(
        files=("radsim/solvers/NAME.py", "radsim/solvers/__init__.py"),
        tests=(
            "tests/mutants/test_kit_mutants.py::test_solvers_pass",
            "tests/property/test_constrained.py::test_certified_and_equal_to_the_exact_value",
            "tests/property/test_enclosure.py::test_takes_every_method",
            "tests/property/test_regret.py::test_certified_and_equal_to_the_exact_value",
            "tests/property/test_solvers.py::test_a_pool_without_gains_is_worth_nothing",
            "tests/property/test_solvers.py::test_certified_and_equal_to_the_exact_value",
            "tests/unit/test_options.py::test_extreme_scales_in_every_solver",
            "tests/unit/test_regret_numbers.py::test_extreme_scales",
        ),
        benchmark="benchmarks/test_solvers.py::test_rows",
        helps=(("solve", "--method"),),
        commands=(
            "solve gains.csv --mistakes 1 --method throwaway_solver",
            "solve gains.csv --mistakes 1 --objective regret --method throwaway_solver",
        ),
        also=(
            "tests/unit/test_timings.py",
            "tests/unit/test_regret_numbers.py::test_worked_numbers",
            "tests/unit/test_regret_numbers.py::test_a_pool_without_gains_has_no_regret",
            "tests/unit/test_constrained_numbers.py::test_worked_value",
            "tests/unit/test_options.py::test_every_option_of_a_row_is_named_by_solve_and_echoed",
            "tests/cli/test_objectives.py::test_solve_other_objectives",
            README,
        ),
        asks=(README,),  # radsim verify --readme README.md
    ),
    "CLAIMS": Bought(
        files=("radsim/claims/CHAPTER.py", "tests/mutants/claims.py", "proofs_checks/FILE.py"),
        tests=(
            "tests/mutants/test_claim_mutants.py::test_every_comparison_can_fail",
            "tests/property/test_claims.py::test_holds_where_it_applies",
        ),
        benchmark="benchmarks/test_tables.py::test_claims",
        helps=(("verify", "--claims"),),
        commands=("verify --instances 2 --jobs 1 --claims V9",),
        also=(
            "tests/mutants/test_claim_mutants.py::test_every_claim_has_a_mutant",
            "tests/unit/test_pages.py::test_theory_page_has_every_claim",
            "tests/unit/test_pages.py::test_every_claim_has_a_status_in_the_table_of_proofs",
            README,
        ),
        asks=(
            "tests/mutants/test_claim_mutants.py::test_every_claim_has_a_mutant",
            "tests/mutants/test_claim_mutants.py::test_every_comparison_can_fail[V9]",
            "tests/unit/test_pages.py::test_theory_page_has_every_claim",
            "tests/unit/test_pages.py::test_every_claim_has_a_status_in_the_table_of_proofs",
            README,
        ),
    ),
    "DESIGNS": Bought(
        files=("radsim/sampling/NAME.py", "radsim/sampling/__init__.py"),
        tests=(
            "tests/mutants/test_claim_mutants.py::test_a_falsity_is_violated_where_the_claim_holds",
            "tests/mutants/test_kit_mutants.py::test_designs_pass",
            "tests/statistical/test_guarantees.py::"
            "test_rad_keeps_its_guarantee_against_the_worst_teacher",
            "tests/statistical/test_guarantees.py::test_tails_stay_under_their_bounds",
            "tests/statistical/test_inclusion_probabilities.py::"
            "test_inclusion_probabilities_of_a_solved_game",
            "tests/unit/test_designs.py::test_law_has_the_promised_probabilities",
            "tests/unit/test_designs.py::test_second_order_probabilities_against_enumeration",
            "tests/unit/test_sampling.py::test_nothing_to_draw",
        ),
        benchmark="benchmarks/test_sampling.py::test_medium",
        helps=(("solve", "--design"), ("simulate", "--designs")),
        commands=(
            "solve gains.csv --mistakes 1 --budget 2 --design throwaway_design",
            f"{SIMULATE} --teachers uniform --designs throwaway_design",
        ),
        also=(
            "tests/unit/test_designs.py",
            "tests/unit/test_sampling.py",
            "tests/mutants/test_sampling_mutants.py",
            "tests/mutants/test_claim_mutants.py::test_every_comparison_can_fail[S1]",
            "tests/mutants/test_claim_mutants.py::test_every_comparison_can_fail[S3]",
        ),
    ),
    "TEACHERS": Bought(
        files=("radsim/teachers/NAME.py", "radsim/teachers/__init__.py"),
        tests=(
            "tests/statistical/test_guarantees.py::test_simulated_cells_hold",
            "tests/statistical/test_teacher_rates.py::"
            "test_every_teacher_errs_at_most_m_times_on_average",
            "tests/unit/test_teachers.py::test_every_teacher_needs_and_replies_as_its_row_says",
            "tests/unit/test_teachers.py::"
            "test_every_teacher_returns_zeros_and_ones_and_is_replayable",
        ),
        benchmark="benchmarks/test_tables.py::test_teachers",
        helps=(("simulate", "--teachers"),),
        commands=(f"{SIMULATE} --teachers throwaway_teacher --designs pivotal",),
        also=("tests/unit/test_teachers.py", "tests/unit/test_selectors.py"),
    ),
    "STRATEGIES": Bought(
        files=("radsim/distillation/NAME.py", "radsim/distillation/strategies.py"),
        tests=tuple(
            f"tests/unit/test_distillation_strategies.py::{test}"
            for test in (
                "test_a_teacher_always_right_or_always_wrong",
                "test_inclusion_is_a_distribution_over_samples_of_the_budget",
                "test_no_strategy_guarantees_more_than_rad",
                "test_only_the_row_that_is_told_m_looks_at_it",
                "test_same_seed_same_choice",
                "test_spends_the_budget_on_distinct_points",
            )
        ),
        benchmark="benchmarks/test_tables.py::test_strategies",
        helps=(("distill", "--strategies"),),
        commands=("distill --strategies throwaway_strategy --seeds 1",),
        also=(
            "tests/unit/test_distillation_strategies.py::"
            "test_every_row_says_what_it_is_and_where_it_comes_from",
            *(
                f"tests/unit/test_distillation_study.py::{test}"
                for test in (
                    "test_every_cell_of_every_study_is_a_setting",
                    "test_what_was_run_is_named_and_does_not_follow_the_tables",
                    "test_the_committed_rows_are_all_of_the_plan",
                )
            ),
        ),
    ),
}


def _name(table):
    return throwaway.NAMES[table]


def _run(table, *command, cwd=ROOT):
    """Run Python with the row planted; no pytest of the outside speaks into it."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    outside = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**outside, "RADSIM_ROW": table, "PYTHONPATH": path, "COLUMNS": "2000", "TERM": "dumb"},
    )


def _pytest(table, *arguments):
    # A failed check inside writes its case; none is wanted in the checkout.
    options = ("-p", "throwaway", "-p", "no:cacheprovider", "-p", "no:xdist", "-q")
    return _run(table, "pytest", *options, *arguments)


def _of(table, collected):
    """Tests and benchmarks that have the row among their parameters."""
    name = rf"\[(.*[-, ])?{_name(table)}([-, ].*)?\]$"
    return [line for line in collected if re.search(name, line)]


def test_every_table_of_the_house_is_tried():
    assert set(BOUGHT) == set(throwaway.ROWS)
    for table, bought in BOUGHT.items():
        assert len(bought.files) == (3 if table == "CLAIMS" else 2)


@pytest.mark.parametrize("table", BOUGHT)
def test_a_row_is_in_tests_and_benchmarks_and_breaks_nothing(table, collected):
    bought, ids = BOUGHT[table], _of(table, collected)
    functions = {line.partition("[")[0] for line in ids}
    assert {*bought.tests, bought.benchmark} <= functions
    print(f"\n{table}: {', '.join(bought.files)}")
    print(*(f"  is among the parameters of {name}" for name in sorted(functions)), sep="\n")
    run = _pytest(table, "--benchmark-disable", "-rfE", "--tb=short", *bought.also, *ids)
    failed = re.findall(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", run.stdout, re.M)
    assert set(failed) == set(bought.asks), run.stdout[-4000:]
    n_passed = int(re.search(r"(\d+) passed.* in ", run.stdout)[1])
    assert n_passed >= len(ids) - len(bought.asks)
    print(f"  {n_passed} tests with it pass;", f"it is asked for by {failed or 'none'}")


@pytest.mark.parametrize("table", BOUGHT)
def test_a_row_is_a_choice_on_the_command_line(table, tmp_path, monkeypatch):
    bought, name = BOUGHT[table], _name(table)
    np.savetxt(tmp_path / "gains.csv", [1, 0.5, 0.25], header="gain", comments="")
    lines = [
        f"{command} --out {k}" if command.startswith("simulate") else command
        for k, command in enumerate(bought.commands)
    ]
    helps = [f"{command} --help" for command, _ in bought.helps]
    run = _run(table, "throwaway", *helps, *lines, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    for (command, option), (_, text, _) in zip(bought.helps, found, strict=False):
        parts = re.findall(rf"{option}\b(.*?)(?=--|\Z)", text, re.S)  # an example may have it too
        assert any(name in part for part in parts), (command, option)
        print(f"{table}: {option} of radsim {command} --help")
    monkeypatch.chdir(tmp_path)
    for line, (code, text, errors) in zip(lines, found[len(helps) :], strict=True):
        assert code == 0, text[-2000:] + errors
        assert name in text + line
        without = call(*line.split())
        assert without.exit_code == 2 and name in without.stderr
        print(f"{table}: radsim {line}")


@pytest.mark.parametrize("table", BOUGHT)
def test_a_row_stands_in_the_documentation(table, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import pages

    def lines():
        pages.write_tables(tmp_path / "tables")
        text = (tmp_path / "tables" / "index.md").read_text()
        return [x for x in text.splitlines() if re.match(rf"\| `?{_name(table)}`? \|", x)]

    assert lines() == []
    rows = throwaway.ROWS[table]()
    for place, name, row in rows:
        monkeypatch.setitem(place, name, row)
    assert len(lines()) == len(rows)
    print(f"{table}: {lines()[0]}")


@pytest.mark.parametrize("table", BOUGHT)
def test_the_files_and_the_form_are_told_to_contributors(table):
    one = table.lower().removesuffix("s").replace("strategie", "strategy")
    page = (ROOT / "docs" / "howto" / f"add-a-{one}.md").read_text()
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    part = re.search(rf"^## A {one}\n(.*?)(?=^## |\Z)", guide, re.M | re.S)[1]
    assert f"docs/howto/add-a-{one}.md" in part
    assert "FILL IN" in page
    for path in BOUGHT[table].files:
        folder = path.rpartition("/")[0]
        assert folder in part and folder in page, path
    assert BOUGHT[table].benchmark.partition("::")[0] in page
