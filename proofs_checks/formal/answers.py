"""Float answers as whole numbers for the checker of CheckStatements.v: nothing is rounded.

A float is a whole number times a power of two, so the numbers of a game go over two common
denominators exactly.  The strategies are ours to choose: they are moved into their polytopes in
whole numbers, and any prices prove something; the ones here prove the most.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim import Solution
from radsim.hindsight import by_gain
from radsim.proof import read_proof

__all__ = [
    "Answer",
    "Group",
    "Point",
    "answer_of",
    "answer_of_proof",
    "bounds_of",
    "scale_of",
    "text_of",
]

# Strategies are cut so that a bound moves by some 2**-DIGITS of the most that could be earned.
DIGITS = 48


class Point(NamedTuple):
    """Gain and harm over `grain`; limit, chance of a query and of a mistake over `one`."""

    gain: int
    harm: int
    limit: int
    asked: int
    missed: int


@dataclass(frozen=True)
class Group:
    """Mistakes allowed, over `one`; their price, over `grain * one`; the points."""

    most: int
    price: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Answer:
    """The record `answer` of CheckStatements.v, and what it answers: "value" or "regret".

    `source` is the SHA-256 of what it was made from: of the game's numbers (`Game.digest`), or of a
    proof file.
    """

    source: str
    objective: str
    capped: bool
    abstain: bool
    one: int
    grain: int
    budget: int
    level: int
    groups: tuple[Group, ...]

    def real(self, units: int) -> Fraction:
        """A bound in the checker's unit, 1/(grain one one), as a number."""
        return Fraction(units, self.grain * self.one**2)

    @property
    def n(self) -> int:
        return sum(len(group.points) for group in self.groups)


def answer_of(solution: Solution) -> Answer:
    """A solution of the value, or of the regret at b = 1, for the checker.

    Raises ValueError where the checker knows no such game: groups that overlap, prices per query,
    the competitive ratio, a regret that is not of one whole query and a whole number of mistakes.
    """
    if solution.objective == "regret":
        return _regret(solution)
    if solution.objective != "value":
        raise ValueError(f"objective {solution.objective!r}: the checker knows value and regret")
    game = solution.game
    rules = game.rules
    if np.any(rules.costs != 1):
        raise ValueError("costs: the checker knows no prices per query")
    blocks = _blocks(rules.members)
    free = [int(np.ceil(rules.limits[block].sum())) + 1 for block in blocks[len(rules.mistakes) :]]
    scaled = _scaled(solution, [*rules.mistakes.tolist(), *free], rules.limits)
    asked = _spent(scaled, game.capped, game.abstain)
    robust, groups = np.empty(game.n, dtype=object), []
    for block, most in zip(blocks, scaled.most, strict=True):
        rows = block.tolist()
        missed = _within([min(scaled.missed[i], scaled.limit[i]) for i in rows], most)
        points = tuple(
            Point(scaled.gain[i], scaled.harm[i], scaled.limit[i], asked[i], l)
            for i, l in zip(rows, missed, strict=True)
        )
        groups.append(Group(most, _price(points, most), points))
        robust[block] = [scaled.one * p.gain - p.missed * (p.gain + p.harm) for p in points]
    level = _level(robust.tolist(), scaled, game.capped, game.abstain)
    return Answer(
        game.digest(),
        "value",
        game.capped,
        game.abstain,
        scaled.one,
        scaled.grain,
        scaled.budget,
        level,
        tuple(groups),
    )


def answer_of_proof(text: bytes, gains: ArrayLike, harms: ArrayLike | None = None) -> Answer:
    """The answer of a file of radsim.proof, with the file's SHA-256; ValueError if not this game's.

    Its strategies are taken as they stand, as far as `DIGITS` reaches.
    """
    proof = read_proof(text)
    game = proof.game(gains, harms)
    if game.digest() != proof.digest:
        raise ValueError(f"the proof is of game {proof.digest}, the gains are of {game.digest()}")
    solution = Solution(
        game=game,
        value=float.fromhex(proof.value),
        inclusion=proof.inclusion,
        mistake_probabilities=proof.mistake_probabilities,
        level=0.0,
        threshold=0.0,
        method="proof",
    )
    return replace(answer_of(solution), source=hashlib.sha256(text).hexdigest())


def _regret(solution: Solution) -> Answer:
    game = solution.game
    if game.budget != 1 or game.mistakes != int(game.mistakes) or game.mistakes >= game.n:
        raise ValueError("regret: the checker knows one query and a whole number of mistakes < n")
    scaled = _scaled(solution, [game.mistakes], np.ones(game.n))
    asked = _spent(scaled, capped=True, abstain=False)
    missed = _within([min(x, scaled.one) for x in scaled.missed], scaled.most[0])
    points = tuple(
        Point(scaled.gain[i], scaled.harm[i], scaled.one, asked[i], missed[i])
        for i in by_gain(game).tolist()
    )
    group = Group(scaled.most[0], _price(points, scaled.most[0]), points)
    return Answer(
        game.digest(), "regret", True, False, scaled.one, scaled.grain, scaled.one, 0, (group,)
    )


def _blocks(members: np.ndarray) -> list[np.ndarray]:
    """Points of each group, and last those of none."""
    times = members.sum(axis=0)
    if times.max() > 1:
        i = int(np.argmax(times))
        raise ValueError(f"groups: point {i} is in {times[i]} of them; the checker knows one each")
    rest = np.flatnonzero(times == 0)
    return [*(np.flatnonzero(row) for row in members), *([rest] if rest.size else [])]


@dataclass(frozen=True)
class _Scaled:
    one: int
    grain: int
    budget: int
    gain: list[int]
    harm: list[int]
    limit: list[int]
    most: list[int]
    asked: list[int]
    missed: list[int]


def _scaled(solution: Solution, most: Sequence[float], limits: np.ndarray) -> _Scaled:
    """Everything over the two common denominators; strategies clipped, and cut to `FINEST`."""
    game = solution.game
    gains = [x.as_integer_ratio() for x in game.gains.tolist()]
    if game.kind == "plain":
        harms = [x.as_integer_ratio() for x in game.harms.tolist()]
    else:  # stakes are given: their difference is exact in fractions
        stakes = map(Fraction, game.stakes.tolist())
        harms = [(s - Fraction(*g)).as_integer_ratio() for s, g in zip(stakes, gains, strict=True)]
    grain = max(bottom for _, bottom in (*gains, *harms))
    rules = [x.as_integer_ratio() for x in (*most, game.budget, *limits.tolist())]
    sides = [
        np.clip(np.asarray(side, dtype=float), 0, None).tolist()
        for side in (solution.inclusion, solution.mistake_probabilities)
    ]
    units = _units(game)
    one = max(*(bottom for _, bottom in rules), *units)

    def over(unit: int, ratios: Iterable[tuple[int, int]]) -> list[int]:
        return [top * unit // bottom for top, bottom in ratios]

    numbers = over(one, rules)
    asked, missed = (
        [one // unit * x for x in over(unit, (x.as_integer_ratio() for x in side))]
        for unit, side in zip(units, sides, strict=True)
    )
    k = len(most)
    return _Scaled(
        one,
        grain,
        numbers[k],
        over(grain, gains),
        over(grain, harms),
        numbers[k + 1 :],
        numbers[:k],
        asked,
        missed,
    )


def _units(game: Any) -> tuple[int, int]:
    """Denominators of the design and of the mistakes: powers of two."""
    gain, stake = float(np.max(np.abs(game.gains))), float(np.max(game.stakes))
    steep = math.ceil(math.log2(stake / gain)) if 0 < gain < stake else 0
    many = math.ceil(math.log2(max(1.0, game.n / game.budget)))
    return 2 ** (DIGITS + steep + many), 2 ** (DIGITS + steep)


def _within(values: list[int], most: int) -> list[int]:
    """Scaled down, where they sum to more."""
    total = sum(values)
    return values if total <= most else [x * most // total for x in values]


def _spent(scaled: _Scaled, capped: bool, abstain: bool) -> list[int]:
    """The design within its budget; where all must be spent, the rest goes to the largest."""
    high = scaled.one if capped else scaled.budget
    asked = _within([min(x, high) for x in scaled.asked], scaled.budget)
    rest = 0 if abstain else scaled.budget - sum(asked)
    for i in sorted(range(len(asked)), key=lambda i: -asked[i]):
        if rest == 0:
            break
        more = min(rest, scaled.one - asked[i]) if capped else rest
        asked[i] += more
        rest -= more
    return asked


def _crossing(values: Iterable[tuple[int, int]], most: int) -> int | None:
    """Of (value, weight): the value, largest first, at which the weights exceed `most`."""
    for value, weight in sorted(values, reverse=True):
        most -= weight
        if most < 0:
            return value
    return None


def _price(points: tuple[Point, ...], most: int) -> int:
    """Of a mistake: the bite of the first point that is not wholly mistaken in the worst case."""
    bites = ((p.asked * (p.gain + p.harm), p.limit) for p in points)
    return max(0, _crossing(bites, most) or 0)


def _level(robust: list[int], scaled: _Scaled, capped: bool, abstain: bool) -> int:
    """Price of a query: the robust gain of the first point that a best design leaves out."""
    if capped:
        found = _crossing(((x, scaled.one) for x in robust), scaled.budget)
        level = min(robust) if found is None else found
        return max(0, level if found is not None else 0) if abstain else level
    return max(0, *robust) if abstain else max(robust)


def scale_of(answer: Answer) -> Fraction:
    """Most that could be earned, b*max(g), or b*max(g + h) where all must be spent."""
    points = [p for group in answer.groups for p in group.points]
    size: Callable[[Point], int] = (
        (lambda p: p.gain)
        if answer.abstain or answer.objective == "regret"
        else (lambda p: abs(p.gain) + abs(p.gain + p.harm))
    )
    return Fraction(max(map(size, points)) * answer.budget, answer.grain * answer.one)


def bounds_of(answer: Answer) -> tuple[int, int] | None:
    """What the checker finds, worked out in Python; nobody trusts it, Coq works it out again."""
    found = _regret_bounds if answer.objective == "regret" else _value_bounds
    return found(answer)


def _bites(group: Group) -> list[int]:
    return [max(0, p.asked * (p.gain + p.harm) - group.price) for p in group.points]


def _robust(answer: Answer, points: Iterable[Point]) -> list[int]:
    return [answer.one * p.gain - p.missed * (p.gain + p.harm) for p in points]


def _value_bounds(answer: Answer) -> tuple[int, int] | None:
    one, points = answer.one, [p for group in answer.groups for p in group.points]
    spent = sum(p.asked for p in points)
    kept = spent <= answer.budget and answer.level >= 0
    fits = kept if answer.abstain else spent == answer.budget
    for p in points:
        fits &= 0 <= p.asked and 0 <= p.missed <= p.limit
        fits &= p.asked <= one or not answer.capped
    for group in answer.groups:
        fits &= group.price >= 0 and sum(p.missed for p in group.points) <= group.most
    surplus = sum(max(0, x - answer.level) for x in _robust(answer, points))
    if not (fits and min(one, answer.grain) > 0 and (answer.capped or surplus == 0)):
        return None
    lower = one * sum(p.asked * p.gain for p in points) - sum(
        group.most * group.price
        + sum(p.limit * bite for p, bite in zip(group.points, _bites(group), strict=True))
        for group in answer.groups
    )
    return lower, answer.budget * answer.level + one * surplus


def _regret_bounds(answer: Answer) -> tuple[int, int] | None:
    one, (group,) = answer.one, answer.groups
    points, count = group.points, group.most // one
    fits = group.price >= 0 and group.most % one == 0
    fits &= sum(p.missed for p in points) <= group.most and sum(p.asked for p in points) == one
    for p in points:
        fits &= 0 <= p.asked <= one and 0 <= p.missed <= one and p.gain + p.harm >= 0
    left, earned = one, 0
    for p in points:
        right = min(left, one - p.missed)
        left, earned = left - right, earned + right * p.gain
    if not (fits and min(one, answer.grain) > 0 and left == 0):
        return None
    bites = _bites(group)
    upper = group.price * count + sum(bites) - sum(p.asked * p.gain for p in points)
    upper += max(one * p.gain - bite for p, bite in zip(points, bites, strict=True))
    return one * (earned - max(_robust(answer, points))), one * upper


def _hex(x: int) -> str:
    return f"-{-x:x}" if x < 0 else f"{x:x}"


def text_of(answer: Answer) -> str:
    """The answer as the compiled checker reads it; the first line carries the digest of the rest.

    Whole numbers in hexadecimal.  The digest is the SHA-256 of the lines below the first.
    """
    numbers = (answer.one, answer.grain, answer.budget, answer.level)
    rules = f"{int(answer.capped)} {int(answer.abstain)} {' '.join(map(_hex, numbers))}"
    lines = [f"{answer.source} {answer.objective} {rules} {len(answer.groups):x}"]
    for group in answer.groups:
        lines.append(f"{_hex(group.most)} {_hex(group.price)} {len(group.points):x}")
        lines += [" ".join(map(_hex, point)) for point in group.points]
    body = "\n".join(lines) + "\n"
    return f"answer {hashlib.sha256(body.encode()).hexdigest()}\n{body}"
