"""An edited definition must break the proofs, and what it then says must be false."""

from __future__ import annotations

import pytest
import z3

from proofs_checks.formal import coq
from proofs_checks.formal.mutants import MUTANTS
from proofs_checks.formal.planted import PLANTED
from radsim import CLAIMS

mutants = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)


needs_coq = pytest.mark.skipif(coq.compiler() is None, reason=f"no coqc: {coq.INSTALL}")


@pytest.mark.slow
@needs_coq
@mutants
def test_coq_refuses(mutant, built, tmp_path):
    with pytest.raises(coq.BuildError) as refused:
        coq.build_edited(built[0], tmp_path, mutant.edit, mutant.breaks, mutant.file)
    # The edit is well-formed: a proof breaks, and where it should.
    assert refused.value.name == mutant.breaks
    print(mutant.name, "->", str(refused.value).splitlines()[0])


@needs_coq
def test_coq_accepts_what_says_the_same(built, tmp_path):
    same = ("Definition pos (x : R) : R := Rmax 0 x.", "Definition pos (y : R) : R := Rmax 0 y.")
    coq.build_edited(built[0], tmp_path, same, "Levels")


@mutants
def test_the_mutant_is_false(mutant):
    solver = z3.Solver()
    solver.set("timeout", 20_000)
    solver.add(*mutant.counterexample())
    assert solver.check() == z3.sat
    print(mutant.name, "is false at", solver.model())


def test_an_edit_must_fit(tmp_path):
    with pytest.raises(ValueError, match="stands 0 times"):
        coq.build_edited(tmp_path, tmp_path, ("no such text", ""), "Levels")


def test_each_claim_has_a_falsity_that_coq_refuses():
    assert set(PLANTED) == set(CLAIMS)
    assert set(PLANTED.values()) <= {mutant.name for mutant in MUTANTS}
