"""The table of formulas leaves nothing out, and what rests on what is read off the sources."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from proofs_checks import CHECKS, FORMULAS, blueprint
from proofs_checks.formal import coq
from proofs_checks.formal.theorems import THEOREMS
from radsim import CLAIMS
from radsim.runs import evidence
from radsim.runs.evidence import Check, Formula

CHECKOUT = Path(__file__).parents[1]
ESTABLISHED = {(formula.claim, name) for formula in FORMULAS for name in formula.by}


def test_every_claim_has_formulas():
    assert set(CLAIMS) <= {formula.claim for formula in FORMULAS}
    assert len({(formula.claim, formula.says) for formula in FORMULAS}) == len(FORMULAS)


def test_every_check_establishes_a_formula_of_its_claim():
    # A theorem that no formula names would be proved and shown nowhere, and a name that no check
    # has would be a formula without its proof.
    found = {(check.claim, check.name) for check in CHECKS}
    assert found == {row for row in ESTABLISHED if row[1] != "radsim verify"}


@pytest.mark.parametrize(
    "formula", FORMULAS, ids=lambda formula: f"{formula.claim}, {formula.says}"
)
def test_the_functions_of_a_formula_are_there(formula):
    for address in formula.code:
        module, _, name = address.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name)), address


def test_what_is_not_proved_for_all_n_says_why():
    found = {check: "found" for check in CHECKS}
    for formula in FORMULAS:
        proved = evidence.standing(formula, found)[0].startswith(("proved for all n", "refuted"))
        assert proved != bool(formula.gap), (formula.claim, formula.says)


def _check(claim: str, name: str, status: str) -> Check:
    return Check(claim, "", "", status, "file.py", lambda: "", name=name)


def test_a_formula_stands_by_its_own_checks_alone():
    formula = Formula("A1", "capped", ("capped",))
    others = [
        _check("A1", "uncapped", "proved for all n"),
        _check("A2", "capped", "proved for all n"),
    ]
    assert evidence.standing(formula, dict.fromkeys(others, "found")) == ("open", [])
    own = [_check("A1", "capped", "exact on instances"), _check("A1", "capped", "identity")]
    assert evidence.standing(formula, dict.fromkeys([*others, *own], "found"))[0] == "identity"
    assert evidence.standing(formula, dict.fromkeys(own, evidence.NOT_RUN))[0] == "open"
    sampled = replace(formula, by=("radsim verify",))
    assert evidence.standing(sampled, dict.fromkeys(own, "found"))[0] == "sampled"


def test_names_are_read_off_a_source():
    text = """
    (* Lemma hidden : True. *)
Definition one : nat := 1.
Lemma two (n : nat) : n = one.
Proof. exact (helper n). Qed.
Theorem three : True. Proof. apply two. Qed.
"""
    found = blueprint.names_in(text)
    assert [row[:2] for row in found] == [
        ("definition", "one"),
        ("lemma", "two"),
        ("theorem", "three"),
    ]
    assert "helper" in found[1][2]


def test_what_a_theorem_rests_on():
    definitions, lemmas, theorems = blueprint.rests_on("R3")
    assert {"ratio_value", "regret_value", "pivot", "sum"} <= definitions
    assert {"R1", "R2"} <= theorems
    assert lemmas
    # The proofs of the theorems that it uses are theirs.
    assert "R_law" not in theorems
    assert all(blueprint.nodes()[name].kind in ("lemma", "theorem") for name in lemmas)


def test_a_hypothesis_is_not_taken_for_a_theorem():
    text = "destruct H as [E|N2]; auto. assert (S2 : a <= b) by lra. apply (R1 x)."
    assert {"N2", "S2"} <= blueprint.bound_in(text)
    assert "R1" not in blueprint.bound_in(text)
    # Sums.v calls a hypothesis N2, long before the theorem of that name.
    for row in THEOREMS:
        file = row.file.removesuffix(".v")
        for used in blueprint.rests_on(row.name)[2]:
            where = blueprint.nodes()[used].file
            assert where == file or where in coq.needs(file), (row.name, used)


def test_every_theorem_is_found_with_its_statement():
    for row in THEOREMS:
        assert blueprint.nodes()[row.name].file == row.file.removesuffix(".v")
        assert blueprint.nodes()[f"{row.name}_statement"].kind == "definition"


def test_tests_are_found_by_the_claim_that_they_name():
    found = blueprint.tests_of("V3b", CHECKOUT)
    assert "proofs_checks/test_exact.py" in found
    assert not set(blueprint.tests_of("V3", CHECKOUT)) >= set(found)
