r"""The language of conjectures: statements about a game, in the theory's letters.

A statement is read by Python's own parser into a syntax tree, of which a small list of nodes is
taken; nothing is ever run.  Every node has a kind: a number, a vector (one number a point), or a
truth.  A comparison of vectors says that it holds at every point.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import replace
from fractions import Fraction
from typing import Any

from radsim.conjecture.words import (
    COMPARED,
    FUNCTIONS,
    GUARANTEES,
    LETTERS,
    NUMBER,
    TRUTH,
    VECTOR,
    Node,
)

__all__ = ["StatementError", "parse", "parse_conditions"]

MOST_LETTERS = 1000  # of a statement
MOST_DEPTH = 100  # of its tree
MOST_BRACKETS = 40  # open at once
MOST_POWER = 9
MOST_DEGREE = 64  # of the polynomials in it, so that exact numbers stay short
MOST_NUMBER = 10**12

_ARITHMETIC = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}
_COMPARED = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
# An equals sign alone, and a decimal number as it is written.
_SINGLE = re.compile(r"(?<![<>=!])=(?!=)")
_DECIMAL = re.compile(r"(?=.{1,24}$)(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_SIGNS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ \t\r\n+-*/().,<>=!"
)
_WRITE = {
    "≥": "write >=",
    "≤": "write <=",
    "≠": "write !=",
    "^": "write ** for a power",
    "&": "write and",
    "|": "write or",
    "~": "write not",
    "[": "a vector has no places: write max, min, top, sorted",
    "{": "there are no sets",
    "%": "there is no remainder: write floor",
    "λ": "write lam",
    "τ": "write tau",
    "ρ": "write rho",
    "·": "write *",
    "×": "write *",
    "−": "write -",
    "√": "write sqrt",
    ":": "there are no functions of your own",
    "'": "names stand without quotes",
    '"': "names stand without quotes",
    "#": "there are no comments",
}


class StatementError(ValueError):
    """What is no statement: the reason, and a caret under the place."""

    def __init__(self, why: str, text: str, place: int, name: str = "statement") -> None:
        place = max(0, min(place, len(text)))
        start = max(0, place - 40)
        part = "".join(x if x.isprintable() else "?" for x in text[start : start + 76])
        super().__init__(f"{name}, place {place + 1}: {why}\n  {part}\n  {' ' * (place - start)}^")


def parse(text: str, name: str = "statement") -> Node:
    """Read a statement.

    Parameters
    ----------
    text : str
    name : str
        What a refusal calls it.

    Returns
    -------
    Node
        Of kind "truth".

    Raises
    ------
    StatementError
        A ValueError: with the reason, and a caret under the place.

    Examples
    --------
    >>> parse("0 <= V <= b*max(g)").op
    'and'
    >>> parse("V >= k")
    Traceback (most recent call last):
    ...
    radsim.conjecture.language.StatementError: statement, place 6: no such letter 'k'; ...
      V >= k
           ^
    """
    reader = _Reader(text, name)
    return reader.truth(reader.tree(), 0)


def parse_conditions(text: str, name: str = "where") -> tuple[Node, ...]:
    """Read conditions, separated by commas; each comparison of a chain is one."""
    if isinstance(text, str) and not text.strip():
        return ()
    reader = _Reader(text, name)
    tree = reader.tree(",)")
    parts = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    return tuple(one for part in parts for one in _conjuncts(reader.truth(part, 0)))


def _conjuncts(node: Node) -> list[Node]:
    if node.op != "and":
        return [node]
    return [one for part in node.args for one in _conjuncts(part)]


class _Reader:
    """One text on its way to a tree; a refusal knows the place."""

    def __init__(self, text: str, name: str) -> None:
        if not isinstance(text, str):
            raise ValueError(f"{name} = {text!r:.80} must be text")
        self.text, self.name = text, name

    def error(self, why: str, place: int) -> StatementError:
        return StatementError(why, self.text, place, self.name)

    def tree(self, end: str = ")") -> Any:
        """The syntax tree, once no sign, bracket or length can do harm."""
        text, open_at = self.text, []
        if not text.strip():
            raise self.error("is empty", 0)
        if len(text) > MOST_LETTERS:
            raise self.error(f"has {len(text)} letters, {MOST_LETTERS} at most", MOST_LETTERS)
        for k, sign in enumerate(text):
            if sign not in _SIGNS:
                meant = f": {_WRITE[sign]}" if sign in _WRITE else ""
                raise self.error(f"{sign!r} is no sign of the language{meant}", k)
            if sign == "(":
                open_at.append(k)
                if len(open_at) > MOST_BRACKETS:
                    raise self.error(f"more than {MOST_BRACKETS} brackets are open", k)
            elif sign == ")" and not open_at:
                raise self.error("this bracket was never opened", k)
            elif sign == ")":
                open_at.pop()
        if open_at:
            raise self.error("this bracket is never closed", open_at[-1])
        single = _SINGLE.search(text)
        if single:
            raise self.error("write == for equal", single.start())
        line = "".join(" " if x.isspace() else x for x in text)
        closing = ")" if end == ",)" and line.rstrip().endswith(",") else end
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(f"({line}{closing}", mode="eval").body
        except SyntaxError as error:
            place = min((error.offset or 2) - 2, len(text.rstrip()))
            raise self.error(_meant(text, place), place) from None
        except (RecursionError, MemoryError, ValueError):
            raise self.error("is too deep", 0) from None

    def truth(self, tree: ast.expr, depth: int) -> Node:
        node = self.node(tree, depth)
        if node.kind != TRUTH:
            why = f"this is a {node.kind}, and a statement is true or false: compare it"
            raise self.error(why, self.place(tree))
        return node

    @staticmethod
    def place(tree: ast.AST) -> int:
        return getattr(tree, "col_offset", 1) - 1

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise self.error(f"is deeper than {MOST_DEPTH}", self.place(tree))
        for kind, read in _READ:
            if isinstance(tree, kind):
                found = read(self, tree, depth + 1)
                if found.degree > MOST_DEGREE:
                    raise self.error(f"powers beyond {MOST_DEGREE}", self.place(tree))
                return found
        what = _NOT_TAKEN.get(type(tree).__name__, type(tree).__name__)
        raise self.error(f"the language has no {what}", self.place(tree))

    def make(
        self, op: str, kind: str, tree: ast.AST, *args: Node, value: Any = None, degree: int = 0
    ) -> Node:
        text = self.text[self.place(tree) : getattr(tree, "end_col_offset", 1) - 1]
        degree = degree or max((x.degree for x in args), default=1)
        return Node(op, kind, args, value, text, degree)

    def number(self, tree: ast.Constant, depth: int) -> Node:
        place, text = self.place(tree), ast.unparse(tree)
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            raise self.error(f"{text:.20} is no number", place)
        written = self.text[place : (tree.end_col_offset or 1) - 1]
        if not _DECIMAL.fullmatch(written):
            why = f"{written:.20} is no decimal number of at most 24 letters"
            raise self.error(why, place)
        value = Fraction(written)
        if value > MOST_NUMBER:
            raise self.error(f"numbers go to {MOST_NUMBER}", place)
        return self.make("number", NUMBER, tree, value=value)

    def letter(self, tree: ast.Name, depth: int) -> Node:
        if tree.id in LETTERS:
            return self.make("letter", LETTERS[tree.id][0], tree, value=tree.id)
        if tree.id in FUNCTIONS:
            raise self.error(f"{tree.id} is a function: write {tree.id}(...)", self.place(tree))
        known = ", ".join(LETTERS)
        raise self.error(f"no such letter {tree.id!r}; the letters are {known}", self.place(tree))

    def alike(self, *parts: tuple[ast.AST, Node]) -> tuple[str, tuple[Node, ...]]:
        """Numbers and vectors as one kind; none of them is a truth."""
        args = tuple(x for _, x in parts)
        for tree, x in parts:
            if x.kind == TRUTH:
                why = f"{x.text:.40} is true or false, and here a number or a vector is meant"
                raise self.error(why, self.place(tree))
        if all(x.kind == NUMBER for x in args):
            return NUMBER, args
        spread = tuple(
            Node("spread", VECTOR, (x,), None, x.text, x.degree) if x.kind == NUMBER else x
            for x in args
        )
        return VECTOR, spread

    def arithmetic(self, tree: ast.BinOp, depth: int) -> Node:
        op = _ARITHMETIC.get(type(tree.op))
        if op is None:
            after = (tree.left.end_col_offset or 1) - 1
            gap = len(self.text[after:]) - len(self.text[after:].lstrip())
            raise self.error("operations are + - * / **", after + gap)
        left = self.node(tree.left, depth)
        if op == "pow":
            return self.power(tree, left)
        right = self.node(tree.right, depth)
        kind, args = self.alike((tree.left, left), (tree.right, right))
        product = left.degree + right.degree if op in ("mul", "div") else 0
        return self.make(op, kind, tree, *args, degree=product)

    def power(self, tree: ast.BinOp, base: Node) -> Node:
        above, sign = tree.right, 1
        if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub):
            above, sign = above.operand, -1
        whole = isinstance(above, ast.Constant) and type(above.value) is int
        if not whole or above.value > MOST_POWER:  # type: ignore[attr-defined]
            why = f"a power is a whole number from -{MOST_POWER} to {MOST_POWER}"
            raise self.error(why, self.place(tree.right))
        kind, _ = self.alike((tree.left, base))
        k = sign * above.value  # type: ignore[attr-defined]
        return self.make("pow", kind, tree, base, value=k, degree=base.degree * max(1, abs(k)))

    def unary(self, tree: ast.UnaryOp, depth: int) -> Node:
        if isinstance(tree.op, ast.Not):
            return self.make("not", TRUTH, tree, self.truth(tree.operand, depth))
        if isinstance(tree.op, ast.Invert):
            raise self.error("write not", self.place(tree))
        inner = self.node(tree.operand, depth)
        kind, args = self.alike((tree.operand, inner))
        return inner if isinstance(tree.op, ast.UAdd) else self.make("neg", kind, tree, *args)

    def joined(self, tree: ast.BoolOp, depth: int) -> Node:
        op = "and" if isinstance(tree.op, ast.And) else "or"
        return self.make(op, TRUTH, tree, *(self.truth(x, depth) for x in tree.values))

    def compared(self, tree: ast.Compare, depth: int) -> Node:
        found, sides = [], [(x, self.node(x, depth)) for x in (tree.left, *tree.comparators)]
        for op, left, right in zip(tree.ops, sides, sides[1:], strict=False):
            if type(op) not in _COMPARED:
                raise self.error("comparisons are < <= > >= == !=", self.place(tree))
            kind, args = self.alike(left, right)
            one = Node(
                _COMPARED[type(op)],
                TRUTH,
                args,
                None,
                f"{left[1].text} {COMPARED[_COMPARED[type(op)]]} {right[1].text}",
            )
            one = replace(one, degree=max(x.degree for x in args))
            found.append(one if kind == NUMBER else replace(one, op="every", args=(one,)))
        return found[0] if len(found) == 1 else self.make("and", TRUTH, tree, *found)

    def called(self, tree: ast.Call, depth: int) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            what = f"no such function {name!r}" if name else "only a function can be called"
            raise self.error(f"{what}; the functions are {known}", self.place(tree))
        if tree.keywords or any(isinstance(x, ast.Starred) for x in tree.args):
            raise self.error(f"{name} takes values alone", self.place(tree))
        if name == "W":
            return self.guarantee(tree)
        args = tuple(self.node(x, depth) for x in tree.args)
        if name in ("min", "max"):
            return self.extreme(name, tree, args)
        wanted = FUNCTIONS[name]
        if len(args) != len(wanted):
            why = f"{name} takes {' and '.join(f'a {x}' for x in wanted)}"
            raise self.error(why.replace("a each", "a number or a vector"), self.place(tree))
        for kind, x, part in zip(wanted, args, tree.args, strict=True):
            if x.kind != kind and (kind != "each" or x.kind == TRUTH):
                kind = "number or a vector" if kind == "each" else kind
                raise self.error(f"{name} takes a {kind} here, not a {x.kind}", self.place(part))
        if name == "implies":
            return self.make("or", TRUTH, tree, Node("not", TRUTH, args[:1]), args[1])
        result = {"sorted": VECTOR, "cumsum": VECTOR}.get(name, NUMBER)
        return self.make(name, args[0].kind if wanted == ("each",) else result, tree, *args)

    def extreme(self, name: str, tree: ast.Call, args: tuple[Node, ...]) -> Node:
        if not args or (len(args) == 1 and args[0].kind != VECTOR):
            raise self.error(f"{name} takes a vector, or several values", self.place(tree))
        if len(args) == 1:
            return self.make(name, NUMBER, tree, *args)
        kind, args = self.alike(*zip(tree.args, args, strict=True))
        return self.make({"min": "smaller", "max": "larger"}[name], kind, tree, *args)

    def guarantee(self, tree: ast.Call) -> Node:
        named = tree.args[0] if len(tree.args) == 1 else None
        name = named.id if isinstance(named, ast.Name) else None
        if name not in GUARANTEES:
            raise self.error(f"W takes a selector: {', '.join(GUARANTEES)}", self.place(tree))
        return self.make("guarantee", NUMBER, tree, value=name)


_READ: tuple[tuple[type, Any], ...] = (
    (ast.Constant, _Reader.number),
    (ast.Name, _Reader.letter),
    (ast.BinOp, _Reader.arithmetic),
    (ast.UnaryOp, _Reader.unary),
    (ast.BoolOp, _Reader.joined),
    (ast.Compare, _Reader.compared),
    (ast.Call, _Reader.called),
)
_NOT_TAKEN = {
    "Attribute": "dots between names",
    "Lambda": "functions of your own",
    "Tuple": "lists: where is what takes several, separated by commas",
    "IfExp": "if and else: write implies(a, b), or and or or",
    "Starred": "stars before names",
    "Await": "such word",
    "NamedExpr": "names of your own",
    "GeneratorExp": "loops: vectors are taken whole",
}


def _meant(text: str, place: int) -> str:
    """What is wrong where the parser stopped."""
    if place >= len(text.rstrip()):
        return "ends too soon"
    return "is not written as Python writes a formula"
