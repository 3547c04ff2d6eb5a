r"""Conjectures for all real games of a few points: z3 looks for one on which a statement fails.

The value enters by its definition: it is the number for which both sides have a strategy, and
strategies are proved by linear programming duality.  So nothing but sums and products of real
unknowns is asked, and where z3 says that there are none, the statement holds for every game of that
size on which it is defined.  z3 comes with the extra `proofs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from radsim.conjecture.drawing import hypotheses
from radsim.conjecture.judging import Conjecture, judge
from radsim.conjecture.search import Survey, refuted_by
from radsim.conjecture.trials import Trial, proportional
from radsim.conjecture.words import Node, walk
from radsim.door import count

__all__ = ["MOST_POINTS", "Answer", "Terms", "decide", "prove"]

Q = Fraction
MOST_POINTS = 4

# What z3 is not asked about, and why.
_NOT_ASKED = {
    "R": "regret is not a sum of products",
    "rho": "the ratio is not a sum of products",
    "q": "strategies are not unique",
    "l": "strategies are not unique",
    "tau": "strategies are not unique",
    "W(power)": "its probabilities are not sums of products",
    "W(softmax)": "exp is no polynomial",
    "W(margin)": "its picks hang on the order of the gains",
    "quantile": "quantile is not a sum of products",
    "ceil": "ceil is not a sum of products",
    "floor": "floor of anything but m or b is not a sum of products",
}


class Answer(NamedTuple):
    """What z3 says of all games of one size and one set of rules.

    Attributes
    ----------
    n : int
    capped, abstain : bool
    status : {"proved", "refuted", "undecided", "no game", "not asked"}
        "no game" if none meets the conditions.
    words : str
        Why it was not asked, or not decided.
    trial : Trial or None
        That refutes, proved so in exact fractions.
    """

    n: int
    capped: bool
    abstain: bool
    status: Literal["proved", "refuted", "undecided", "no game", "not asked"]
    words: str = ""
    trial: Trial | None = None


def _why_not(asked: Conjecture) -> str:
    for root in (asked.statement, *asked.where):
        for x in walk(root):
            name = f"W({x.value})" if x.op == "guarantee" else x.value if x.op == "letter" else x.op
            whole = x.op == "floor" and x.args[0].value in ("m", "b")
            if name in _NOT_ASKED and not whole:
                return _NOT_ASKED[name]
    return ""


class Terms:
    """Unknowns of a game of n points, and what is known of them."""

    def __init__(self, z3: Any, n: int, capped: bool, abstain: bool, multiple: bool) -> None:
        self.z3, self.n, self.fresh = z3, n, 0
        self.g, self.m, self.b, self.c = self.row("g"), z3.Real("m"), z3.Real("b"), z3.Real("c")
        self.h = [self.c * x for x in self.g] if multiple else self.row("h")
        self.s = [x + y for x, y in zip(self.g, self.h, strict=True)]
        self.known = [*(x >= 0 for x in self.g), *(x >= 0 for x in self.h)]
        self.known += [self.m >= 0, self.m <= n, self.b > 0, self.c >= 0]
        self.known += [self.b <= n] if capped else []
        self.capped, self.abstain = capped, abstain
        self.letters: dict[str, Any] = {
            "g": self.g,
            "h": self.h,
            "s": self.s,
            "i": [z3.RealVal(k + 1) for k in range(n)],
            "n": z3.RealVal(n),
            "m": self.m,
            "b": self.b,
            "c": self.c,
            "capped": z3.BoolVal(capped),
            "uncapped": z3.BoolVal(not capped),
            "abstain": z3.BoolVal(abstain),
            "forced": z3.BoolVal(not abstain),
        }

    def row(self, name: str) -> list[Any]:
        return [self.z3.Real(f"{name}{k + 1}") for k in range(self.n)]

    def new(self, name: str) -> Any:
        self.fresh += 1
        return self.z3.Real(f"{name}.{self.fresh}")

    def most(self, values: list[Any], amount: Any) -> Any:
        """Sum of so many of the largest: a choice that reaches it, and a price that bounds it."""
        found, price = self.new("top"), self.new("price")
        part, over = [[self.new(x) for _ in values] for x in ("part", "over")]
        most = self.z3.If(amount <= self.n, amount, self.n)
        self.known += [x >= 0 for x in (*part, *over)] + [x <= 1 for x in part]
        self.known += [v <= price + y for v, y in zip(values, over, strict=True)]
        self.known += [sum(part) == most, amount >= 0]
        self.known.append(found == sum(w * v for w, v in zip(part, values, strict=True)))
        self.known.append(found == most * price + sum(over))
        return found

    def falling(self, values: list[Any]) -> list[Any]:
        """Values in falling order, as differences of sums of the largest."""
        sums = [self.z3.RealVal(0)]
        sums += [self.most(values, self.z3.RealVal(k + 1)) for k in range(self.n)]
        return [b - a for a, b in pairwise(sums)]

    def level(self) -> Any:
        """V1's water level: shaving to it takes all mistakes, or it is zero."""
        if "lam" not in self.letters:
            level, taken = self.new("level"), [self.new("taken") for _ in self.g]
            for g, s, x in zip(self.g, self.s, taken, strict=True):
                above = self.z3.And(x * s == g - level, x >= 0)
                self.known.append(self.z3.If(g > level, above, x == 0))
            self.known += [level >= 0, self.z3.Or([level <= g for g in self.g])]
            rest = self.z3.And(level == 0, sum(taken) <= self.m)
            self.known.append(self.z3.Or(sum(taken) == self.m, rest))
            self.letters["lam"] = level
        return self.letters["lam"]

    def value(self) -> Any:
        """The value: both sides have a strategy for it."""
        if "V" not in self.letters:
            value, tau, lam = self.new("V"), self.new("tau"), self.new("lam")
            rows = [[self.new(x) for _ in self.g] for x in ("q", "y", "l", "z")]
            q, y, l, z = rows
            self.known += [x >= 0 for x in (tau, *q, *y, *l, *z)] + [x <= 1 for x in l]
            self.known += [a * s <= tau + x for a, s, x in zip(q, self.s, y, strict=True)]
            earned = sum(a * g for a, g in zip(q, self.g, strict=True))
            self.known.append(value == earned - self.m * tau - sum(y))
            self.known += [
                g - s * a <= lam + (x if self.capped else 0)
                for g, s, a, x in zip(self.g, self.s, l, z, strict=True)
            ]
            self.known.append(value == self.b * lam + (sum(z) if self.capped else 0))
            self.known.append(sum(l) <= self.m)
            self.known.append(sum(q) <= self.b if self.abstain else sum(q) == self.b)
            self.known += [x <= 1 for x in q] if self.capped else []
            self.known += [lam >= 0] if self.abstain else []
            self.letters["V"] = value
        return self.letters["V"]

    def floor(self, x: Any) -> Any:
        found = self.new("floor")
        steps = [self.z3.And(found == k, k <= x, x < k + 1) for k in range(self.n + 1)]
        self.known.append(self.z3.Or(steps))
        return found

    def divided(self, x: Any, y: Any) -> Any:
        found = self.new("ratio")
        self.known += [y != 0, found * y == x]
        return found

    def root(self, x: Any) -> Any:
        found = self.new("root")
        self.known += [found >= 0, found * found == x]
        return found

    def said(self, node: Node) -> Any:
        """A node as a term; what it needs is added to what is known."""
        z3 = self.z3
        if node.op == "number":
            return z3.Q(node.value.numerator, node.value.denominator)
        if node.op == "guarantee":
            if node.value == "rad":
                return self.value()
            self.known.append(self.b <= self.n)
            bite = [self.b / self.n * x for x in self.s]
            return self.b / self.n * sum(self.g) - self.most(bite, self.m)
        if node.op == "letter":
            solved = {"V": self.value, "lam": self.level}.get(node.value)
            return self.letters[node.value] if solved is None else solved()
        args = [self.said(x) for x in node.args]
        if node.op == "pow":
            return _each(lambda x: self.power(x, node.value))(*args)
        if node.op in self.rules():
            return self.rules()[node.op](*args)
        return _each(self.each()[node.op])(*args)

    def power(self, x: Any, k: int) -> Any:
        found = reduce(lambda a, b: a * b, [x] * abs(k), self.z3.RealVal(1))
        return found if k >= 0 else self.divided(self.z3.RealVal(1), found)

    def each(self) -> Mapping[str, Callable[..., Any]]:
        """Rules for numbers, and for vectors entry by entry."""
        z3 = self.z3

        def larger(*xs: Any) -> Any:
            return reduce(lambda x, y: z3.If(x >= y, x, y), xs)

        def smaller(*xs: Any) -> Any:
            return reduce(lambda x, y: z3.If(x <= y, x, y), xs)

        return {
            "add": lambda x, y: x + y,
            "sub": lambda x, y: x - y,
            "mul": lambda x, y: x * y,
            "div": self.divided,
            "neg": lambda x: -x,
            "abs": lambda x: z3.If(x >= 0, x, -x),
            "sqrt": self.root,
            "floor": self.floor,
            "larger": larger,
            "smaller": smaller,
            "lt": lambda x, y: x < y,
            "le": lambda x, y: x <= y,
            "gt": lambda x, y: x > y,
            "ge": lambda x, y: x >= y,
            "eq": lambda x, y: x == y,
            "ne": lambda x, y: x != y,
        }

    def rules(self) -> Mapping[str, Callable[..., Any]]:
        """Rules for whole vectors and for truths."""
        z3, each = self.z3, self.each()
        return {
            "spread": lambda x: [x] * self.n,
            "sum": sum,
            "mean": lambda x: sum(x) / self.n,
            "min": lambda x: each["smaller"](*x),
            "max": lambda x: each["larger"](*x),
            "cumsum": lambda x: [sum(x[: k + 1]) for k in range(self.n)],
            "top": self.most,
            "sorted": self.falling,
            "every": z3.And,
            "and": z3.And,
            "or": z3.Or,
            "not": z3.Not,
        }


def _each(rule: Callable[..., Any]) -> Callable[..., Any]:
    def ruled(*args: Any) -> Any:
        if any(isinstance(x, list) for x in args):
            return [rule(*row) for row in zip(*args, strict=True)]
        return rule(*args)

    return ruled


def decide(
    asked: Conjecture, n: int, *, capped: bool = True, abstain: bool = True, seconds: float = 10
) -> Answer:
    """Ask z3 for a game of n points on which a conjecture fails, over all real numbers.

    Parameters
    ----------
    asked : Conjecture
    n : int
    capped, abstain : bool
        The rules of the games.
    seconds : float

    Returns
    -------
    Answer
        "proved" if there is none on which all parts of the statement are defined.

    Raises
    ------
    ImportError
        Without z3, which the extra `proofs` brings.

    Examples
    --------
    >>> from radsim.conjecture import conjecture
    >>> decide(conjecture("R >= 0"), 1).words
    'regret is not a sum of products'
    """
    head = (n, capped, abstain)
    why = _why_not(asked)
    if why:
        return Answer(*head, "not asked", why)
    import z3  # of the extra `proofs`

    multiple = any(x.value == "c" for y in (asked.statement, *asked.where) for x in walk(y))
    terms = Terms(z3, n, capped, abstain, multiple)
    claimed = [terms.said(x) for x in asked.where]
    found, _ = _asked(z3, [*terms.known, *claimed], seconds)
    if found == z3.unsat:
        return Answer(*head, "no game")
    claimed.append(z3.Not(terms.said(asked.statement)))
    found, solver = _asked(z3, [*terms.known, *claimed], seconds)
    if found == z3.unsat:
        return Answer(*head, "proved")
    if found != z3.sat:
        return Answer(*head, "undecided", f"no answer in {seconds:g} seconds")
    trial = _trial(solver.model(), terms, multiple)
    if judge(asked, trial) == "refutes":
        return Answer(*head, "refuted", trial=trial)
    return Answer(*head, "undecided", "it found a game in numbers that are no fractions")


def prove(found: Survey, most: int, *, seconds: float = 10) -> tuple[Survey, tuple[Answer, ...]]:
    """Ask z3 about all games of 1 to `most` points on which a conjecture that survived may fail.

    Parameters
    ----------
    found : Survey
    most : int
        Points, at most 4.
    seconds : float
        For each size.

    Returns
    -------
    survey : Survey
        As it was, or with the game that z3 found, shrunk.
    answers : tuple of Answer
        Up to the first that refutes; after a size that is not decided no larger one is tried.

    Raises
    ------
    ValueError
        If `most` is no such number.
    ImportError
        Without z3, which the extra `proofs` brings.

    Examples
    --------
    >>> from radsim.conjecture import falsify
    >>> prove(falsify("R >= 0", "b == 1", rng=0, games=100), 1)[1][0].status
    'not asked'
    """
    most = count(most, "most", low=1, high=MOST_POINTS)
    asked, answers = found.conjecture, []
    plan = hypotheses(asked.statement, asked.where)
    for capped, abstain in plan.rules:
        for n in range(1, most + 1):
            answer = decide(asked, n, capped=capped, abstain=abstain, seconds=seconds)
            answers.append(answer)
            if answer.trial is not None:
                return refuted_by(found, answer.trial), tuple(answers)
            if answer.status in ("undecided", "not asked"):
                break
    return found, tuple(answers)


def _asked(z3: Any, claims: list[Any], seconds: float) -> tuple[Any, Any]:
    """Answer and solver; a new one each time: z3 knows less of products when it goes on."""
    solver = z3.Solver()
    solver.set("timeout", int(1000 * seconds))
    solver.add(*claims)
    return solver.check(), solver


def _trial(model: Any, terms: Terms, multiple: bool) -> Trial:
    def number(x: Any) -> Q:
        found = model.eval(x, model_completion=True)
        found = found.approx(20) if hasattr(found, "approx") else found
        return Q(found.numerator_as_long(), found.denominator_as_long())

    gains = tuple(map(number, terms.g))
    m, b = number(terms.m), number(terms.b)
    if multiple:
        trial = Trial(gains, (), m, b, None, terms.capped, terms.abstain)
        return proportional(trial, number(terms.c))
    return Trial(gains, tuple(map(number, terms.h)), m, b, None, terms.capped, terms.abstain)
