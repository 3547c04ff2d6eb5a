"""The Coq theorems as rows of the table: one build for all, then each name with its axioms."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from proofs_checks.formal import coq
from proofs_checks.formal.theorems import THEOREMS, Theorem
from radsim.runs.evidence import Check


@cache
def axioms() -> frozenset[str]:
    """Build everything from nothing; axioms that any of the theorems uses."""
    with tempfile.TemporaryDirectory() as place:
        coq.build(Path(place))
        return frozenset(coq.assumptions(Path(place), tuple(row.name for row in THEOREMS)))


def _row(theorem: Theorem) -> Check:
    def run() -> str:
        assert coq.compiler() is not None, f"coqc is missing: {coq.INSTALL}"
        assert axioms() <= coq.ALLOWED, f"axioms {sorted(axioms() - coq.ALLOWED)}"
        return f"Coq accepts {theorem.name}; axioms of the reals only"

    file = f"formal/{theorem.file}"
    # Slow: it needs Coq.  Its wrong variants are refused in test_formal_mutants.py.
    return Check(
        theorem.claim,
        theorem.says,
        theorem.hypotheses,
        theorem.status,
        file,
        run,
        slow=True,
        name=theorem.name,
    )


CHECKS = tuple(_row(theorem) for theorem in THEOREMS)
