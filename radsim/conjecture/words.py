r"""What a conjecture may be made of: letters, functions, signs, and the nodes of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = [
    "COMPARED",
    "FUNCTIONS",
    "GUARANTEES",
    "LETTERS",
    "NUMBER",
    "TRUTH",
    "VECTOR",
    "Node",
    "comparisons",
    "letters",
    "walk",
]

NUMBER, VECTOR, TRUTH = "number", "vector", "truth"

# Letter -> its kind and what it is; so the help and the refusals list them.
LETTERS = {
    "g": (VECTOR, "gains"),
    "h": (VECTOR, "harms"),
    "s": (VECTOR, "stakes g + h"),
    "i": (VECTOR, "places 1, 2, ..., n"),
    "n": (NUMBER, "number of points"),
    "m": (NUMBER, "mistakes"),
    "b": (NUMBER, "budget"),
    "c": (NUMBER, "harm as a multiple of the gain"),
    "V": (NUMBER, "value"),
    "R": (NUMBER, "regret"),
    "rho": (NUMBER, "competitive ratio"),
    "lam": (NUMBER, "water level of V1, 0 if no guarantee is positive"),
    "tau": (NUMBER, "threshold of an optimum"),
    "q": (VECTOR, "inclusion probabilities of an optimum"),
    "l": (VECTOR, "mistake probabilities of an optimum"),
    "capped": (TRUTH, "no point is queried twice"),
    "uncapped": (TRUTH, "with replacement"),
    "abstain": (TRUTH, "budget may be left unspent"),
    "forced": (TRUTH, "the whole budget is spent"),
}

# Function -> kinds of its arguments; "each" works on a number or on each entry of a vector.
FUNCTIONS = {
    "min": (),
    "max": (),
    "sum": (VECTOR,),
    "mean": (VECTOR,),
    "sorted": (VECTOR,),
    "cumsum": (VECTOR,),
    "top": (VECTOR, NUMBER),
    "quantile": (VECTOR, NUMBER),
    "abs": ("each",),
    "floor": ("each",),
    "ceil": ("each",),
    "sqrt": ("each",),
    "implies": (TRUTH, TRUTH),
    "W": ("selector",),
}

# Selectors whose inclusion probabilities are known from the gains alone, or from the game.
GUARANTEES = ("rad", "margin", "uniform", "power", "softmax")

# Comparison in the tree -> how it is written.
COMPARED = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


@dataclass(frozen=True)
class Node:
    """Part of a statement.

    Attributes
    ----------
    op : str
        What it does; "number", "letter" and "guarantee" have a value and no arguments.
    kind : {"number", "vector", "truth"}
    args : tuple of Node
    value : object
    text : str
        As it was written.
    degree : int
        Of the polynomial, at most.
    """

    op: str
    kind: str
    args: tuple[Node, ...] = ()
    value: Any = None
    text: str = ""
    degree: int = 1


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.args:
        yield from walk(child)


def letters(node: Node) -> frozenset[str]:
    """Letters that a statement uses."""
    return frozenset(x.value for x in walk(node) if x.op == "letter")


def comparisons(node: Node) -> list[Node]:
    """The comparisons in a statement, from left to right."""
    return [x for x in walk(node) if x.op in COMPARED]
