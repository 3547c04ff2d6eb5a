"""Answers of the closed form in every regime, forged, and a judge of what is really wrong.

A forged answer keeps the bounds that were claimed.  The judge knows neither prices nor the checker:
it asks in fractions whether both strategies are feasible, whether the worst case of the design, by
sorting, reaches the claimed lower bound, and whether the best reply stays below the upper one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from proofs_checks.formal.answers import Answer, Group, Point
from radsim import Game, Solution, solve
from radsim.constrained import constrain
from radsim.game import Count

__all__ = ["FORGERS", "REGIMES", "draw", "really_wrong", "solved"]

Rng = np.random.Generator


def _gains(n: int, rng: Rng) -> np.ndarray:
    kinds = (
        lambda: rng.random(n),
        lambda: rng.pareto(1.5, n) + 0.1,
        lambda: rng.integers(1, 6, n) / 4,
        lambda: rng.random(n) * 10.0 ** rng.integers(-6, 7),
    )
    return kinds[rng.integers(len(kinds))]() + 2.0**-40


def _plain(capped: bool, abstain: bool, n: int, rng: Rng) -> Solution:
    g = _gains(n, rng)
    harms = (g, 0 * g, rng.random(n) * g.max(), 0.5 * g)[rng.integers(4)]
    m = Count(rng.uniform(0, n)) if rng.random() < 0.5 else Count(rng.integers(0, n + 1))
    budget = float(rng.integers(1, n + 1)) if rng.random() < 0.5 else float(rng.uniform(0.01, n))
    return solve(Game(g, m, budget, harms=harms, capped=capped, abstain=abstain), certify=False)


def _constrained(n: int, rng: Rng, grouped: bool, capped: bool, abstain: bool) -> Solution:
    g = _gains(n, rng)
    game = Game(g, Count(n / 4), float(rng.integers(1, max(2, n // 2))), capped=capped)
    rules: dict[str, object] = {"abstain": abstain}
    if grouped:
        k = int(min(n, rng.integers(1, 5)))
        labels = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
        rules |= {"groups": labels, "mistakes": rng.uniform(0, 1, k) * np.bincount(labels) / 2}
    if not grouped or rng.random() < 0.5:
        rules["limits"] = rng.uniform(0, 1, n)
    return solve(constrain(game, **rules), certify=False)


def _regret(n: int, rng: Rng) -> Solution:
    g = _gains(n, rng)
    harms = (g, 0 * g, 0.5 * g)[rng.integers(3)]
    # Few enough mistakes for a positive value.
    most = int(np.ceil(np.sum(g / (g + harms)))) - 1
    return solve(Game(g, Count(rng.integers(0, most + 1)), harms=harms), "regret", certify=False)


REGIMES: dict[str, Callable[[int, Rng], Solution]] = {
    "capped": lambda n, rng: _plain(True, True, n, rng),
    "uncapped": lambda n, rng: _plain(False, True, n, rng),
    "capped, forced": lambda n, rng: _plain(True, False, n, rng),
    "forced": lambda n, rng: _plain(False, False, n, rng),
    "groups": lambda n, rng: _constrained(n, rng, True, rng.random() < 0.7, True),
    "groups, forced": lambda n, rng: _constrained(n, rng, True, True, False),
    "limits": lambda n, rng: _constrained(n, rng, False, rng.random() < 0.7, True),
    "regret": _regret,
}


def solved(regime: str, n: int, rng: Rng) -> Solution:
    """The closed form's answer to a drawn game of one regime."""
    return REGIMES[regime](n, rng)


# ------------------------------------------------------------------------------------- forgers


def _at(answer: Answer, rng: Rng, change: Callable[[Point], Point]) -> Answer:
    """The answer with one point changed."""
    places = [(j, i) for j, group in enumerate(answer.groups) for i in range(len(group.points))]
    j, i = places[rng.integers(len(places))]
    points = list(answer.groups[j].points)
    points[i] = change(points[i])
    return _grouped(answer, j, points=tuple(points))


def _grouped(answer: Answer, j: int, **changes: object) -> Answer:
    groups = list(answer.groups)
    groups[j] = replace(groups[j], **changes)
    return replace(answer, groups=tuple(groups))


def _step(unit: int, rng: Rng) -> int:
    """A part of the unit, from a thousandth to all, of either sign."""
    size = max(1, int(unit * 10.0 ** -rng.integers(0, 4)))
    return size if rng.random() < 0.5 else -size


def _largest(answer: Answer) -> int:
    return max(abs(p.gain) + abs(p.harm) for group in answer.groups for p in group.points) or 1


def _asked(a: Answer, rng: Rng) -> Answer:
    return _at(a, rng, lambda p: p._replace(asked=p.asked + _step(a.one, rng)))


def _missed(a: Answer, rng: Rng) -> Answer:
    return _at(a, rng, lambda p: p._replace(missed=p.missed + _step(a.one, rng)))


def _gain(a: Answer, rng: Rng) -> Answer:
    return _at(a, rng, lambda p: p._replace(gain=p.gain + _step(_largest(a), rng)))


def _harm(a: Answer, rng: Rng) -> Answer:
    return _at(a, rng, lambda p: p._replace(harm=p.harm + _step(_largest(a), rng)))


def _limit(a: Answer, rng: Rng) -> Answer:
    return _at(a, rng, lambda p: p._replace(limit=p.limit + _step(a.one, rng)))


def _most(a: Answer, rng: Rng) -> Answer:
    j = int(rng.integers(len(a.groups)))
    step = rng.choice([-1, 1]) * a.one if a.objective == "regret" else _step(a.one, rng)
    return _grouped(a, j, most=a.groups[j].most + int(step))


def _price(a: Answer, rng: Rng) -> Answer:
    j = int(rng.integers(len(a.groups)))
    return _grouped(a, j, price=a.groups[j].price + _step(_largest(a) * a.one, rng))


def _level(a: Answer, rng: Rng) -> Answer:
    return replace(a, level=a.level + _step(_largest(a) * a.one, rng))


def _budget(a: Answer, rng: Rng) -> Answer:
    return replace(a, budget=a.budget + _step(max(a.one, a.budget), rng))


def _flags(a: Answer, rng: Rng) -> Answer:
    if rng.random() < 0.5:
        return replace(a, capped=not a.capped)
    return replace(a, abstain=not a.abstain)


def _merged(a: Answer, rng: Rng) -> Answer:
    """The groups become one, or a point moves to a group of its own."""
    points = [p for group in a.groups for p in group.points]
    if len(a.groups) > 1:
        most, price = sum(x.most for x in a.groups), max(x.price for x in a.groups)
        return replace(a, groups=(Group(most, price, tuple(points)),))
    free = Group(0, 0, (points[-1],))
    return replace(a, groups=(replace(a.groups[0], points=tuple(points[:-1])), free))


FORGERS: dict[str, Callable[[Answer, Rng], Answer]] = {
    "value": lambda a, rng: a,  # only the claim is changed
    "asked": _asked,
    "missed": _missed,
    "gain": _gain,
    "harm": _harm,
    "limit": _limit,
    "most": _most,
    "price": _price,
    "level": _level,
    "budget": _budget,
    "flags": _flags,
    "groups": _merged,
}


def draw(
    kind: str, answer: Answer, claim: tuple[int, int], rng: Rng
) -> tuple[Answer, tuple[int, int]]:
    """A forged answer, and the bounds that it claims, in the unit of the first."""
    low, high = claim
    if kind == "value":
        step = max(1, abs(_step(_largest(answer) * answer.one**2, rng)))
        low, high = (low + step, high) if rng.random() < 0.5 else (low, high - step)
    return FORGERS[kind](answer, rng), (low, high)


# --------------------------------------------------------------------------------------- judge


def _taken(values: list[tuple[int, int]], most: Fraction) -> Fraction:
    """Most that weights up to each limit and `most` in all can take of (value, limit)."""
    total, left = Fraction(0), most
    for value, limit in sorted(values, reverse=True):
        part = min(left, Fraction(limit))
        if value <= 0 or part <= 0:
            break
        total, left = total + part * value, left - part
    return total


def really_wrong(answer: Answer, claim: tuple[int, int]) -> bool:
    """Whether a strategy is infeasible, or the design or the teacher does not reach its claim."""
    if min(answer.one, answer.grain) <= 0:
        return True
    judge = _regret_wrong if answer.objective == "regret" else _value_wrong
    return judge(answer, claim)


def _value_wrong(answer: Answer, claim: tuple[int, int]) -> bool:
    one, points = answer.one, [p for group in answer.groups for p in group.points]
    spent = sum(p.asked for p in points)
    wrong = spent > answer.budget if answer.abstain else spent != answer.budget
    wrong |= any(p.asked < 0 or (answer.capped and p.asked > one) for p in points)
    wrong |= any(not 0 <= p.missed <= p.limit for p in points)
    wrong |= any(sum(p.missed for p in x.points) > x.most for x in answer.groups)
    if wrong:
        return True
    lost = sum(
        _taken([(p.asked * (p.gain + p.harm), p.limit) for p in x.points], Fraction(x.most))
        for x in answer.groups
    )
    worst = one * sum(p.asked * p.gain for p in points) - lost
    robust = [one * p.gain - p.missed * (p.gain + p.harm) for p in points]
    if answer.abstain:
        robust = [max(0, x) for x in robust]
    if answer.capped:
        best, left = 0, answer.budget
        for x in sorted(robust, reverse=True):
            part = min(left, one)
            best, left = best + part * x, left - part
    else:
        best = answer.budget * max(robust)
    return bool(worst < claim[0] or best > claim[1])


def _regret_wrong(answer: Answer, claim: tuple[int, int]) -> bool:
    one = answer.one
    if len(answer.groups) != 1:
        return True  # no regret of groups is defined
    (group,) = answer.groups
    points, count = group.points, Fraction(group.most, one)
    wrong = count.denominator != 1 or sum(p.missed for p in points) > group.most
    wrong |= sum(p.asked for p in points) != one
    wrong |= any(p.asked < 0 or not 0 <= p.missed <= one for p in points)
    if wrong:
        return True
    # The teacher's best reply, benchmark by benchmark: it is left right, or wrong and still best.
    bites = [p.asked * (p.gain + p.harm) for p in points]
    base = -sum(p.asked * p.gain for p in points)
    worst = None
    for i, p in enumerate(points):
        rest = sorted((max(0, x) for k, x in enumerate(bites) if k != i), reverse=True)
        found = one * p.gain + base + sum(rest[: int(count)])
        if count >= 1:
            mistaken = one * -p.harm + base + bites[i] + sum(rest[: int(count) - 1])
            found = max(found, mistaken)
        worst = found if worst is None else max(worst, found)
    # The law: benchmarks in the order of the list.
    left, earned = one, 0
    for p in points:
        part = min(left, one - p.missed)
        left, earned = left - part, earned + part * p.gain
    best = max(one * p.gain - p.missed * (p.gain + p.harm) for p in points)
    assert worst is not None
    return left > 0 or one * worst > claim[1] or one * (earned - best) < claim[0]
