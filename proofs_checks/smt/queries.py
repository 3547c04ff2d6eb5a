"""Statements over real numbers, negated and refuted by an SMT solver.

Every query comes with its hypotheses: these alone must be satisfiable (else anything would follow),
and with the negated claim unsatisfiable.  Planted errors must be satisfiable; the model is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import z3

from radsim.runs.evidence import Check


@dataclass(frozen=True)
class Query:
    """Hypotheses and a claim that should follow from them, over real unknowns."""

    hypotheses: tuple[z3.BoolRef, ...]
    claim: z3.BoolRef


Queries = Callable[[], Mapping[str, Query]]


def given(*hypotheses: z3.BoolRef) -> Callable[[z3.BoolRef], Query]:
    """Read as: given(hypotheses)(claim)."""
    return lambda claim: Query(hypotheses, claim)


def solver(*formulas: z3.BoolRef) -> z3.Solver:
    found = z3.SolverFor("QF_NRA")
    found.set("timeout", 120_000)
    found.add(*formulas)
    return found


def linear(formula: z3.ExprRef) -> z3.ExprRef:
    """The formula with a new unknown for every product: whatever follows from it, follows.

    Many claims are linear once the products are named, and then answered at once.
    """
    return _named(z3.simplify(formula, som=True))


def _named(formula: z3.ExprRef) -> z3.ExprRef:
    if z3.is_mul(formula) or z3.is_app_of(formula, z3.Z3_OP_POWER):
        numbers = [x for x in formula.children() if z3.is_rational_value(x)]
        others = sorted(str(x) for x in formula.children() if not z3.is_rational_value(x))
        if len(others) < 2 and numbers:  # -1 times a product: name the product
            return formula.decl()(*(_named(x) for x in formula.children()))
        named = z3.Real("*".join(others))
        return numbers[0] * named if numbers else named
    if not formula.num_args():
        return formula
    return formula.decl()(*(_named(x) for x in formula.children()))


def prove(query: Query) -> None:
    vacuity = solver(*query.hypotheses)
    assert vacuity.check() == z3.sat, f"hypotheses: {vacuity.check()} {vacuity.reason_unknown()}"
    formulas = (*query.hypotheses, z3.Not(query.claim))
    if solver(linear(z3.And(*formulas))).check() == z3.unsat:
        return
    negated = solver(*formulas)
    answer = negated.check()
    assert answer == z3.unsat, f"{answer}: {negated.model() if answer == z3.sat else 'gave up'}"


def model(query: Query) -> str:
    """The counterexample to a wrong claim, in one line."""
    negated = solver(*query.hypotheses, z3.Not(query.claim))
    answer = negated.check()
    assert answer == z3.sat, f"planted error: {answer}, not sat"
    found = negated.model()
    return ", ".join(
        sorted(f"{name} = {found[name]}" for name in found.decls() if not name.arity())
    )


def theorem(
    claim: str,
    statement: str,
    hypotheses: str,
    status: str,
    file: str,
    queries: Queries,
    planted: Mapping[str, Callable[[], Query]],
    slow: bool = False,
) -> Check:
    def run() -> str:
        cases = queries()
        for name, query in cases.items():
            try:
                prove(query)
            except AssertionError as error:
                raise AssertionError(f"{claim}, {name}: {error}") from None
        return f"{len(cases)} queries unsat, hypotheses of each sat"

    def refute(wrong: Callable[[], Query]) -> Callable[[], str]:
        return lambda: model(wrong())

    runs = {name: refute(wrong) for name, wrong in planted.items()}
    check = Check(claim, statement, hypotheses, status, file, run, runs, slow)
    QUERIES[check] = queries
    return check


# For a second solver: the queries behind each check.
QUERIES: dict[Check, Queries] = {}


def most(x: z3.ArithRef, y: z3.ArithRef | int) -> z3.ArithRef:
    return z3.If(x >= y, x, y)


def part(x: z3.ArithRef) -> z3.ArithRef:
    """Positive part."""
    return z3.If(x >= 0, x, z3.RealVal(0))
