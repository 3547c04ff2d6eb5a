"""Wrong values of an argument, and which of them a kind of argument may take all the same."""

import inspect
import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import calls
import numpy as np
import pandas as pd

from radsim.solution import SolveError

# From a name to a maker of a value.  Some are right for some arguments: `TAKES` says for which.
VALUES = {
    "None": lambda: None,
    "text": lambda: "no",
    "empty text": lambda: "",
    "digit": lambda: "0",
    "bytes": lambda: b"x",
    "object": object,
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
    "NaN": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "-1": lambda: -1,
    "0": lambda: 0,
    "1.5": lambda: 1.5,
    "2^70": lambda: 2**70,
    "10^400": lambda: 10**400,
    "1e400": lambda: "1e400",
    "True": lambda: True,
    "complex": lambda: 1 + 2j,
    "Fraction": lambda: Fraction(1, 3),
    "Decimal": lambda: Decimal("0.5"),
    "Decimal NaN": lambda: Decimal("sNaN"),
    "int64": lambda: np.int64(1),
    "bool_": lambda: np.True_,
    "array of objects": lambda: np.array([object(), object()]),
    "array of text": lambda: np.array(["a", "b"]),
    "array of dates": lambda: np.array(["2020-01-01"], dtype="M8[D]"),
    "array of complex": lambda: np.array([1j, 2]),
    "masked": lambda: np.ma.masked_array([1.0, 2.0, 0.5, 0.5], [False, True, False, False]),
    "ragged": lambda: [[1], [1, 2]],
    "records": lambda: np.array([(1.0, 2)], dtype=[("a", "f8"), ("b", "i4")]),
    "datetime": lambda: datetime(2020, 1, 1),
    "function": lambda: lambda: 1,
    "class": lambda: int,
    "generator": lambda: (x for x in (1, 2)),
    "iterator": lambda: iter([0.5]),
    "frame": lambda: pd.DataFrame({"a": ["x"]}),
    "path": lambda: Path("no"),
    "module": lambda: np,
    "game": calls.game,
    "groups": calls.groups,
    "instance": calls.instance,
    "solution": calls.solution,
    "Generator": lambda: np.random.Generator,
    "RandomState": lambda: np.random.RandomState(0),
}
_WHOLE = {"-1", "0", "2^70", "10^400", "int64"}
_REAL = {*_WHOLE, "1.5", "Fraction", "Decimal"}
_EMPTY = {"list", "dict", "tuple", "set"}
_TEXT = {"text", "empty text", "digit", "1e400"}
# What a kind of argument may take: an answer is right then, or a refusal.  All else is refused.
TAKES = {
    "flag": {"True", "bool_"},
    "count": _WHOLE,
    "number": _REAL,
    "chance": {"0", "2^70", "10^400", "int64"},
    "text": _TEXT,
    "path": {*_TEXT, "path"},
    "array": {*_REAL, "list", "tuple"},
    "names": _EMPTY,
    "mapping": {"dict"},
    "callable": {"function", "class", "Generator"},
    "game": {"game", "groups"},
    "plain game": {"game"},
    "constrained game": {"groups"},
    "instance": {"instance"},
    "pool": {"instance", "game"},
    "solution": {"solution"},
    "other": set(),
    "lists": {"list", "tuple", "ragged"},
    "subject": {*_TEXT, "function", "class", "Generator"},
    "mapping or function": {"dict", "function", "class", "Generator"},
    "content": {*_TEXT, "bytes"},
    "fraction": {*_REAL, "digit", "1e400"},
    "answer": {*_REAL, "list", "tuple", "NaN", "inf", "-inf"},
    "anything": frozenset(VALUES),
}
# What a function does when it is called, and what is in a text that is read, is the caller's.
_FUNCTIONS = frozenset({"function", "class", "Generator"})
_UNASKED = {
    "callable": _FUNCTIONS,
    "subject": _FUNCTIONS,
    "mapping or function": _FUNCTIONS,
    "content": {*_TEXT, "bytes"},
    "anything": frozenset(VALUES),
}
# Right, and as long as was asked for.
_LONG_WORK = {("repeats", "2^70"), ("repeats", "10^400")}
# By the annotation of a parameter; the first that is found in it.
_KINDS = (
    (r"Callable", "callable"),
    (r"np\.random\.Generator", "chance"),
    (r"Mapping", "mapping"),
    (r"ConstrainedGame \||AnyGame|\| ConstrainedGame", "game"),
    (r"ConstrainedGame", "constrained game"),
    (r"\bGame\b", "plain game"),
    (r"Instance", "instance"),
    (r"Solution", "solution"),
    (r"tuple\[str|Sequence\[str|Iterable\[str", "names"),
    (r"Sequence\[|tuple\[", "array"),
    (r"ArrayLike|Array", "array"),
    (r"Path", "path"),
    (r"\bbool\b", "flag"),
    (r"\bint\b", "count"),
    (r"\bfloat\b", "number"),
    (r"\bstr\b", "text"),
)


# Parameters whose annotation does not tell, by their call or for all.
_SPECIAL = {
    ("radsim.StoredGame", "gains"): "array",
    ("radsim.StoredGame", "harms"): "array",
    ("radsim.StoredGame", "mistakes"): "number",
    ("radsim.solvers.rows_for", "game"): "game",
    ("radsim.testing.check_design", "design"): "subject",
    ("radsim.testing.check_selector", "selector"): "subject",
    ("radsim.testing.check_solver", "solver"): "subject",
    ("radsim.testing.parametrize_with_checks", "subjects"): "names",
    ("radsim.testing.parametrize_with_checks", "skip"): "mapping or function",
    ("radsim.testing.gains", "elements"): "other",
    ("radsim.proof.read_proof", "text"): "content",
    ("radsim.proof.prove", "harm"): "other",
    ("radsim.audit", "design"): "subject",
    **{("radsim.conjecture.Trial", x): "fraction" for x in ("mistakes", "budget", "multiple")},
    **{("radsim.conjecture.Trial", x): "array" for x in ("gains", "harms")},
    ("radsim.conjecture.judge", "asked"): "other",
    ("radsim.selectors.selector_of", "selector"): "subject",
    ("radsim.selectors.guarantee_from_draws", "selector"): "other",
    ("radsim.analysis.attack", "selector"): "subject",
    ("radsim.analysis.attack", "pool"): "pool",
    ("radsim.analysis.bench", "harm"): "other",
    ("radsim.Claim", "kind"): "text",
    ("radsim.distillation.Noise", "law"): "callable",
    ("radsim.distillation.Noise", "named"): "callable",
    ("radsim.distillation.Strategy", "choose"): "callable",
    ("radsim.mixtures.mixture_of_sets", "sets"): "lists",
    ("radsim.adapters.select_from_model", "pool"): "anything",
    ("radsim.adapters.select_from_logits", "logits"): "array",
    ("radsim.selectors.Selection", "indices"): "answer",
    ("radsim.selectors.Selection", "inclusion"): "answer",
}


def kind_of(name, parameter):
    """The kind of a parameter of a call, and whether it may be None."""
    text = str(parameter.annotation)
    optional = parameter.default is None or "None" in text.split("|")[-1]
    special = _SPECIAL.get((name, parameter.name))
    if special:
        return special, optional
    return next((kind for pattern, kind in _KINDS if re.search(pattern, text)), "other"), optional


def parameters_of(thing):
    """Its parameters by name; of what is made and then called, those of both."""
    found = dict(inspect.signature(thing).parameters)
    if inspect.isclass(thing) and "__call__" in vars(thing):
        own = inspect.signature(thing.__call__).parameters
        found |= {name: own[name] for name in ("instance", "rng") if name in own}
    return found


def _wrong(call, arguments, name, known, takes):
    """What is wrong with the answer to a call, or nothing."""
    try:
        call(**arguments)
    except (ValueError, SolveError) as error:
        # What may be given can be out of its range, or not fit another argument.
        said = known if takes else {name}
        if isinstance(error, SolveError):
            return "" if takes else f"{type(error).__name__}: {error}"
        named = any(re.search(rf"(?<!\w){word}\b", str(error)) for word in said)
        return "" if named else f"does not name it: {error}"
    except MemoryError:
        return "" if takes else "MemoryError"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "" if takes else "is taken"


def bad_calls(name, call, makers, parameters, chosen=lambda k: True):
    """Number of calls with one wrong argument, and those that are answered wrongly, in a line each.

    A wrong argument is refused by a ValueError that names it; `chosen` says which calls are made.
    """
    count, bad, seen = 0, [], set()
    for make in makers:
        for argument in make():
            # The first argument of a call is tried in every one: what it may be depends on others.
            if argument in seen and argument != next(iter(make())):
                continue
            seen.add(argument)
            kind, optional = kind_of(name, parameters[argument])
            for label, value in VALUES.items():
                if label in _UNASKED.get(kind, ()) or (argument, label) in _LONG_WORK:
                    continue
                count += 1
                if not chosen(count):
                    continue
                takes = label in TAKES[kind] or (label == "None" and optional)
                said = _wrong(call, make() | {argument: value()}, argument, set(parameters), takes)
                if said:
                    bad.append(f"{name}({argument}={label}): {said[:200]}")
    return count, bad
