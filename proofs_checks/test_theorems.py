"""The written table is what the checks find; the SMT rows and their planted errors."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import z3

from proofs_checks import CHECKS, FORMULAS, smt
from proofs_checks.smt import pointwise
from proofs_checks.smt.queries import QUERIES, given, prove, solver
from radsim import CLAIMS
from radsim.runs import evidence

HERE = Path(__file__).parent
PROOFS = evidence.Proofs(CHECKS, FORMULAS)


def _rows(checks):
    return [
        pytest.param(
            check, marks=[pytest.mark.slow] * check.slow, id=f"{check.claim}, {check.file}, {k}"
        )
        for k, check in enumerate(checks)
    ]


@pytest.mark.parametrize("check", _rows(smt.CHECKS))
def test_negated_claims_are_unsatisfiable(check, run_once):
    assert "hypotheses of each sat" in run_once(check)


@pytest.mark.parametrize("check", _rows([check for check in smt.CHECKS if check.planted]))
def test_planted_errors_have_a_model(check):
    for name, wrong in check.planted.items():
        print(f"{check.claim}, {name}: {wrong()}")


def test_an_unsatisfiable_hypothesis_is_noticed():
    x = z3.Real("x")
    with pytest.raises(AssertionError, match="hypotheses: unsat"):
        prove(given(x > 0, x < 0)(x == 1))
    with pytest.raises(AssertionError, match="sat"):
        prove(given(x > 0)(x > 1))


@pytest.mark.slow
def test_a_second_solver_agrees_where_it_answers():
    """cvc5 reads the same queries as SMT-LIB text; unknown is no answer, sat would be a defect."""
    cvc5 = pytest.importorskip("cvc5", reason="a second opinion: radsim[proofs]")
    n_answers = 0
    for check in pointwise.CHECKS:
        for query in QUERIES[check]().values():
            text = solver(*query.hypotheses, z3.Not(query.claim)).to_smt2()
            other = cvc5.Solver()
            other.setOption("tlimit-per", "2000")
            parser = cvc5.InputParser(other)
            parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, check.claim)
            manager, answer = parser.getSymbolManager(), ""
            while not (command := parser.nextCommand()).isNull():
                answer = command.invoke(other, manager).strip() or answer
            assert answer != "sat", check.claim
            n_answers += answer == "unsat"
    print(f"cvc5: {n_answers} queries unsat")
    assert n_answers >= 20


def _check_table(run_once, slow: bool) -> None:
    once = [replace(check, run=partial(run_once, check)) for check in CHECKS]
    results = evidence.run(HERE, once, slow)
    assert evidence.NOT_RUN not in results.values(), "run: radsim evidence --slow"
    assert evidence.current(HERE, PROOFS, results), (
        "THEOREMS.md is stale; run: radsim evidence --slow"
    )


def test_the_table_is_current(run_once):
    """Default rows are run again; slow ones must stand in the table for the files as they are."""
    _check_table(run_once, slow=False)


@pytest.mark.slow
def test_the_table_is_what_all_rows_find(run_once):
    _check_table(run_once, slow=True)


def test_what_the_table_must_reach():
    rows = evidence.established({check: "found" for check in CHECKS})
    reached = {claim: [check.status for check in checks] for claim, checks in rows.items()}
    for claim in ("V1", "V2", "V3", "V4", "V7"):
        assert reached[claim][0] == "proved for all n"
    for claim in (name for name in CLAIMS if name[0] in "VR"):
        kinds = reached[claim]
        assert kinds[0].startswith("proved") or {"identity", "exact on instances"} <= set(kinds)


def test_a_status_is_that_of_its_own_statement():
    # What is checked on instances keeps that status beside what Coq proves of the same claim.
    rows = evidence.established({check: "found" for check in CHECKS})
    for claim, words, status in (
        ("A1", "capped V = min of b lam + sum f_G(lam)", "exact on instances"),
        ("V3b", "V = min of F over all real lam", "exact on instances"),
    ):
        assert {check.status for check in rows[claim] if words in check.statement} == {status}
    for check in rows["A1"]:
        if check.statement.startswith("V = max over groups"):
            assert "with replacement" in check.hypotheses


def test_a_stale_or_foreign_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no proof checks"):
        evidence.load(tmp_path)
    with pytest.raises(ValueError, match="must begin with one of"):
        evidence.Check("V1", "", "", "believed", "x.py", lambda: "")
