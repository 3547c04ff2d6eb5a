r"""Conjectures: a statement with its hypotheses, and the exact verdict on one trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from radsim.conjecture.exact import evaluate
from radsim.conjecture.language import parse, parse_conditions
from radsim.conjecture.solved import exact_letters
from radsim.conjecture.trials import Trial, legal
from radsim.conjecture.words import COMPARED, Node, comparisons, walk
from radsim.door import typed

__all__ = ["Conjecture", "Ruling", "Sides", "conjecture", "judge", "needed", "sides"]

Ruling = Literal["refutes", "agrees", "undefined", "outside"]


@dataclass(frozen=True)
class Conjecture:
    """Statement about the game, and the conditions under which it is claimed.

    Attributes
    ----------
    statement : Node
    where : tuple of Node
    text : str
        The statement as it was written.
    conditions : str
        The conditions as they were written.

    Examples
    --------
    >>> conjecture("V <= max(g)", "b == 1").where[0].text
    'b == 1'
    """

    statement: Node
    where: tuple[Node, ...]
    text: str
    conditions: str


class Sides(NamedTuple):
    """What a comparison of a statement says on a trial, exactly."""

    text: str
    left: tuple[str, Any]
    right: tuple[str, Any]
    holds: bool | None


def conjecture(statement: str, where: str = "") -> Conjecture:
    """Read a conjecture.

    The premise of a whole statement ``implies(a, b)`` is one more condition.

    Parameters
    ----------
    statement, where : str

    Returns
    -------
    Conjecture

    Raises
    ------
    StatementError
        A ValueError: with the reason, and a caret under the place.

    Examples
    --------
    >>> [x.text for x in conjecture("implies(b == 1, V <= max(g))", "c == 1").where]
    ['c == 1', 'b == 1']
    """
    tree, conditions = parse(statement), list(parse_conditions(where))
    while tree.op == "or" and tree.args[0].op == "not" and tree.text.startswith("implies"):
        premise, tree = tree.args[0].args[0], tree.args[1]
        conditions += premise.args if premise.op == "and" else [premise]
    return Conjecture(tree, tuple(conditions), statement, where)


def needed(nodes: Sequence[Node]) -> tuple[str, ...]:
    """Letters and guarantees that nodes use, sorted."""
    found = {x.value for node in nodes for x in walk(node) if x.op == "letter"}
    found |= {f"W({x.value})" for node in nodes for x in walk(node) if x.op == "guarantee"}
    return tuple(sorted(found))


def judge(asked: Conjecture, trial: Trial) -> Ruling:
    """What one trial says of a conjecture, in exact arithmetic.

    Parameters
    ----------
    asked : Conjecture
    trial : Trial

    Returns
    -------
    {"refutes", "agrees", "undefined", "outside"}
        "undefined" if the statement divides by zero there, has no such letter, or hangs on a number
        that is known by an interval only; "outside" if a condition is not met.

    Raises
    ------
    ValueError
        If `asked` is no `Conjecture`, or `trial` no `Trial`.
    SolveError
        If the exact value is not proved from both sides (a defect).

    Examples
    --------
    >>> from fractions import Fraction as Q
    >>> asked = conjecture("V >= (n - 2*m)/n * mean(g)", "c == 1, b == 1")
    >>> g = (Q(0), Q(0), Q(1))
    >>> judge(asked, Trial(g, g, Q(1), Q(1), multiple=Q(1)))
    'refutes'
    """
    typed(asked, Conjecture, "asked")
    if not legal(typed(trial, Trial, "trial")):
        return "outside"
    plain = exact_letters(trial, ())
    for node in asked.where:
        if all(x in plain for x in needed([node])) and evaluate(node, plain) is not True:
            return "outside"
    letters = exact_letters(trial, needed([asked.statement, *asked.where]))
    if any(evaluate(node, letters) is not True for node in asked.where):
        return "outside"
    found = evaluate(asked.statement, letters)
    return "undefined" if found is None else "agrees" if found else "refutes"


def sides(asked: Conjecture, trial: Trial) -> tuple[Sides, ...]:
    """Both sides of every comparison of a statement on a trial, exactly."""
    letters = exact_letters(trial, needed([asked.statement]))
    return tuple(
        Sides(
            f"{node.args[0].text} {COMPARED[node.op]} {node.args[1].text}",
            (node.args[0].text, evaluate(node.args[0], letters)),
            (node.args[1].text, evaluate(node.args[1], letters)),
            _whole(evaluate(node, letters)),
        )
        for node in comparisons(asked.statement)
    )


def _whole(found: Any) -> bool | None:
    """Of a comparison of vectors, whether it holds at every point."""
    if isinstance(found, tuple):
        return False if False in found else None if None in found else True
    return found
