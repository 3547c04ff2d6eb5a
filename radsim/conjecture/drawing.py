r"""Drawing trials inside the hypotheses of a conjecture: solved for, not rejected.

An equality among the hypotheses is solved for one letter; a bound on m, b or c gives values to
choose from, the bound itself among them.  What is left over is tried again a few times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np

from radsim.conjecture.exact import evaluate
from radsim.conjecture.solved import SOLVED, plain_letters
from radsim.conjecture.trials import Trial, key, legal, proportional, size
from radsim.conjecture.words import VECTOR, Node, letters, walk
from radsim.data.instances import FAMILIES

__all__ = ["MOST_POINTS", "Hypotheses", "draw", "hypotheses", "inside", "settle", "small_trials"]

Q = Fraction
SIZES = (1, 2, 3, 4, 5, 6, 8)  # of pools, unless the hypotheses ask for others
MOST_POINTS = 40  # to which they may ask
SCALARS = ("m", "b", "c")
_ATTEMPTS = 12
Structure = Callable[[int, np.random.Generator], tuple[Q, ...]]
_RULES = {"capped", "uncapped", "abstain", "forced"}


@dataclass(frozen=True)
class Hypotheses:
    """Conditions of a conjecture, sorted by what drawing does with them.

    Attributes
    ----------
    plain : tuple of Node
        Those that hang on no solution; every trial that is drawn meets them.
    solved : tuple of Node
        Those on the value and its like, which are asked afterwards.
    sizes : tuple of int
    rules : tuple of (bool, bool)
        Whether games are capped, and may abstain.
    multiple : bool
        Whether harms are to be a multiple c of the gains.
    """

    plain: tuple[Node, ...]
    solved: tuple[Node, ...]
    sizes: tuple[int, ...]
    rules: tuple[tuple[bool, bool], ...]
    multiple: bool


def hypotheses(statement: Node, where: Sequence[Node]) -> Hypotheses:
    """Sort the conditions of a conjecture.

    Raises
    ------
    ValueError
        If no size or no rules can meet them.
    """

    def alone(node: Node, known: set[str]) -> bool:
        return letters(node) <= known and not _hangs(node)

    used = frozenset().union(letters(statement), *map(letters, where))
    sizes: Sequence[int] = SIZES
    on_size = [x for x in where if letters(x) == {"n"} and not _hangs(x)]
    for choice in (SIZES, range(1, MOST_POINTS + 1)):
        sizes = [n for n in choice if all(evaluate(x, {"n": Q(n)}) is True for x in on_size)]
        if sizes:
            break
    if not sizes:
        raise ValueError(f"where: no pool of 1 to {MOST_POINTS} points meets {_listed(on_size)}")
    rules = []
    for capped, abstain in product((True, False), repeat=2):
        if (not capped and not used & {"capped", "uncapped"}) or (
            not abstain and not used & {"abstain", "forced"}
        ):
            continue  # the rules of `Game` where nothing is said
        known = {"capped": capped, "uncapped": not capped}
        known |= {"abstain": abstain, "forced": not abstain}
        if all(evaluate(x, known) is True for x in where if alone(x, _RULES)):
            rules.append((capped, abstain))
    if not rules:
        raise ValueError("where: no game has such rules")
    return Hypotheses(
        tuple(x for x in where if not _hangs(x)),
        tuple(x for x in where if _hangs(x)),
        tuple(sizes[:12]),
        tuple(rules),
        "c" in used,
    )


def _hangs(node: Node) -> bool:
    """Whether a condition hangs on a solution."""
    return any(x.value in SOLVED or x.op == "guarantee" for x in walk(node))


def _listed(nodes: Sequence[Node]) -> str:
    return ", ".join(x.text for x in nodes)


def _says(node: Node, trial: Trial) -> Any:
    return evaluate(node, plain_letters(trial))


def inside(asked: Hypotheses, trial: Trial) -> bool:
    """Whether a trial is a game that meets the conditions which hang on no solution."""
    return legal(trial) and all(_says(x, trial) is True for x in asked.plain)


# --- Solving for a letter ---


def _with(trial: Trial, name: str, value: Any) -> Trial:
    """The trial with a letter changed; "scale" multiplies all gains and harms."""
    if name == "m":
        return replace(trial, mistakes=value)
    if name == "b":
        return replace(trial, budget=value)
    if name == "c":
        return proportional(trial, value)
    if name == "h":
        harms = value if isinstance(value, tuple) else (value,) * trial.n
        return replace(trial, harms=harms, multiple=None)
    gains = value if isinstance(value, tuple) else (value,) * trial.n
    harms = trial.harms
    if name == "scale":
        gains = tuple(value * x for x in trial.gains)
        harms = tuple(value * x for x in trial.harms)
    changed = replace(trial, gains=gains, harms=harms)
    if name == "g" and trial.multiple is not None:
        return proportional(changed, trial.multiple)
    return changed


def _roots(trial: Trial, name: str, left: Node, right: Node) -> Any:
    """Where left - right, affine in a letter, is zero; None if it is not affine or never zero."""

    def gap(value: Q) -> Any:
        known = plain_letters(_with(trial, name, value))
        a, b = evaluate(left, known), evaluate(right, known)
        if not isinstance(a, tuple) and not isinstance(b, tuple):
            return (_minus(a, b),)
        pairs = [x if isinstance(x, tuple) else (x,) * trial.n for x in (a, b)]
        return tuple(_minus(x, y) for x, y in zip(*pairs, strict=True))

    at = [gap(Q(k)) for k in (1, 2, 3)]
    found = []
    for a, b, c in zip(*at, strict=True):
        if a is None or b is None or c is None or a == b or b - a != c - b:
            return None
        found.append(1 - a / (b - a))
    if name in ("h", "g") and left.kind == VECTOR:
        return tuple(found)
    return found[0] if len(set(found)) == 1 else None


def _minus(a: Any, b: Any) -> Q | None:
    return a - b if isinstance(a, Q) and isinstance(b, Q) else None


def _sides(node: Node) -> tuple[Node, Node]:
    left, right = (node.args[0] if node.op == "every" else node).args
    return left, right


def _equalities(asked: Hypotheses) -> Iterator[Node]:
    for node in asked.plain:
        if (node.args[0] if node.op == "every" else node).op == "eq":
            yield node


def _targets(node: Node) -> list[str]:
    """Letters for which an equality may be solved, one that stands alone first."""
    left, right = _sides(node)
    used = letters(node)
    bare = [x.value for x in (left, right) if x.op == "letter" and x.value in ("m", "b", "c", "h")]
    vectors = ["h", "g"] if node.op == "every" else []
    scale = ["scale"] if "g" in used or "h" in used else []
    order = [*bare, *(x for x in SCALARS if x in used), *(x for x in vectors if x in used), *scale]
    return list(dict.fromkeys(order))


def settle(asked: Hypotheses, trial: Trial) -> Trial:
    """Solve the equalities among the conditions, each for another letter."""
    for _ in range(3):
        taken: set[str] = set()
        changed = False
        for node in _equalities(asked):
            done = _says(node, trial) is True
            for name in _targets(node):
                if name in taken or (name == "c" and trial.multiple is None):
                    continue
                root = None if done else _roots(trial, name, *_sides(node))
                if done or root is not None:
                    taken.add(name)
                    changed |= not done
                    trial = trial if done else _with(trial, name, root)
                    break
        if not changed:
            break
    return trial


# --- Gains, harms and numbers to draw from ---


def _rounded(values: np.ndarray) -> tuple[Q, ...]:
    """Gains of order one, in 64ths of the largest."""
    unit = float(values.max()) or 1.0
    return tuple(Q(round(64 * float(x) / unit), 16) for x in values)


def _whole(most: int) -> Structure:
    return lambda n, rng: tuple(Q(int(x)) for x in rng.integers(0, most + 1, n))


def _near(n: int, rng: np.random.Generator) -> tuple[Q, ...]:
    return tuple(1 + Q(int(x), 10**6) for x in rng.integers(0, 1000, n))


def _two(n: int, rng: np.random.Generator) -> tuple[Q, ...]:
    k, low = int(rng.integers(0, n + 1)), Q(int(rng.integers(0, 8)), 4)
    return (Q(2),) * k + (low,) * (n - k)


def _powers(n: int, rng: np.random.Generator) -> tuple[Q, ...]:
    base = Q(int(rng.choice([2, 3, 10])))
    return tuple(base ** (n - 1 - k) for k in range(n))


def _of_family(family: Callable[[int, np.random.Generator], np.ndarray]) -> Structure:
    return lambda n, rng: _rounded(family(n, rng))


STRUCTURES: dict[str, Structure] = {
    "whole": _whole(3),
    "digits": _whole(9),
    "alike": lambda n, rng: (Q(1),) * n,
    "two": _two,
    "one": lambda n, rng: (Q(int(rng.integers(1, 20))),) + (Q(0),) * (n - 1),
    "large": lambda n, rng: (Q(int(rng.integers(2, 200))),) + (Q(1),) * (n - 1),
    "powers": _powers,
    "ladder": lambda n, rng: tuple(Q(n - k) for k in range(n)),
    "harmonic": lambda n, rng: tuple(Q(1, k + 1) for k in range(n)),
    "near": _near,
}
STRUCTURES |= {name: _of_family(family) for name, family in FAMILIES.items()}

_MULTIPLES = (Q(0), Q(1, 2), Q(1), Q(1), Q(2), Q(3), Q(1, 4), Q(7))


def _harmed(
    gains: tuple[Q, ...], asked: Hypotheses, rng: np.random.Generator
) -> tuple[tuple[Q, ...], Q | None]:
    n, most = len(gains), max(gains) or Q(1)
    kind = "multiple" if asked.multiple else str(rng.choice(["multiple", "whole", "flat", "down"]))
    if kind == "multiple":
        c = _MULTIPLES[int(rng.integers(len(_MULTIPLES)))]
        return tuple(c * x for x in gains), c
    if kind == "whole":
        return _whole(3)(n, rng), None
    if kind == "flat":
        return (most * Q(int(rng.integers(0, 9)), 4),) * n, None
    return tuple(most - x for x in gains), None


def _choices(name: str, trial: Trial) -> list[Q]:
    """Values at which something happens: whole ones, halves, thresholds of the theory."""
    n = Q(trial.n)
    if name == "b":
        found = [Q(1), Q(1), n, n - 1, Q(1, 2), Q(3, 2), n / 2, Q(2), n - Q(1, 2), Q(1, 3)]
        return [x for x in found if 0 < x <= n]
    if name == "c":
        hit = [n / trial.mistakes - 1] if trial.mistakes else []
        return [x for x in (*_MULTIPLES, *hit) if x >= 0]
    shares = sum((a / s for a, s in zip(trial.gains, trial.stakes, strict=True) if s), Q(0))
    found = [Q(k) for k in range(min(trial.n, 8) + 1)]
    found += [Q(1, 2), n / 2, n / 3, n - 1, n, n - Q(1, 2), shares, shares / 2, Q(3, 2), Q(1, 4)]
    if trial.multiple is not None:
        found += [n / (1 + trial.multiple), (n - 1) / (1 + trial.multiple)]
    return [x for x in found if 0 <= x <= n]


def _bounds(asked: Hypotheses, trial: Trial, name: str) -> list[Q]:
    """Values of m, b or c at which a condition is met with equality, and some beside them."""
    found = []
    for node in asked.plain:
        if node.op in ("lt", "le", "gt", "ge") and name in letters(node):
            root = _roots(trial, name, *_sides(node))
            if isinstance(root, Q):
                found += [root, root / 2, root + Q(1, 2), root - Q(1, 2), root + 1, root * 2]
                # Just inside, whichever side that is.
                found += [root * Q(999, 1000), root * Q(1001, 1000)]
    return found


def _pick(values: Sequence[Any], rng: np.random.Generator) -> Any:
    return values[int(rng.integers(len(values)))]


def draw(asked: Hypotheses, rng: np.random.Generator) -> Trial | None:
    """Draw a trial that meets the conditions which hang on no solution; None if that failed."""
    n = int(_pick(asked.sizes, rng))
    capped, abstain = _pick(asked.rules, rng)
    trial = None
    for attempt in range(_ATTEMPTS):
        if trial is None or attempt % 4 == 0:
            gains = STRUCTURES[str(_pick(list(STRUCTURES), rng))](n, rng)
            if attempt and rng.random() < 0.7:  # where zeros may be what is in the way
                gains = tuple(x or Q(k % 3 + 1) for k, x in enumerate(gains))
            if attempt and rng.random() < 0.3:  # or ties
                gains = tuple(x + Q(k, 7) for k, x in enumerate(gains))
            if rng.random() < 0.5:
                gains = tuple(sorted(gains, reverse=True))
            harms, c = _harmed(gains, asked, rng)
            trial = Trial(gains, harms, Q(0), Q(1), c, capped, abstain)
            for name in ("m", "b"):
                trial = _with(trial, name, _pick(_choices(name, trial), rng))
        settled = settle(asked, trial)
        if inside(asked, settled):
            return settled
        broken = {
            x for node in asked.plain if _says(node, settled) is not True for x in letters(node)
        }
        free = [x for x in SCALARS if x in broken and (x != "c" or settled.multiple is not None)]
        if not free:
            trial = None
            continue
        name = _pick(free, rng)
        values = [*_choices(name, settled), *(_bounds(asked, settled, name) * 2)]
        for value in rng.permutation(np.array(values, dtype=object))[:6]:
            changed = settle(asked, _with(settled, name, value))
            if inside(asked, changed):
                return changed
        trial = _with(settled, name, _pick(values, rng))
    return None


def small_trials(asked: Hypotheses, most: int, rng: np.random.Generator) -> list[Trial]:
    """The smallest trials, all or `most` of them drawn evenly; simplest first."""
    grid = []
    for n in (x for x in asked.sizes if x <= 4):
        for gains in combinations_with_replacement(range(3 if n < 4 else 2, -1, -1), n):
            g = tuple(Q(x) for x in gains)
            profiles: list[tuple[tuple[Q, ...], Q | None]]
            profiles = [(tuple(c * x for x in g), c) for c in (Q(0), Q(1, 2), Q(1), Q(2))]
            if not asked.multiple:
                profiles += [((Q(1),) * n, None), (g[::-1], None)]
            marks = [Q(k, 2) for k in range(2 * n + 1)]
            spends = sorted({Q(1, 2), Q(1), Q(3, 2), Q(n)} & {Q(k, 2) for k in range(2 * n + 1)})
            grid += [
                (g, *profile, m, b, *rules)
                for profile, m, b, rules in product(profiles, marks, spends, asked.rules)
            ]
    chosen = np.sort(rng.permutation(len(grid))[: 3 * most])
    found: dict[Trial, None] = {}
    for k in chosen:
        g, h, c, m, b, capped, abstain = grid[int(k)]
        trial = key(settle(asked, Trial(g, h, m, b, c, capped, abstain)))
        if trial not in found and inside(asked, trial):
            found[trial] = None
            if len(found) >= most:
                break
    return sorted(found, key=size)
