r"""Chapter 8 of the theory, N3, N6 and N7: regret of more queries, tails, and an unknown m.

Each claim derives a small game from the one it is given, with the generator it is given, and sets
a formula against enumeration: of all sets of mistakes, of all draws, of all counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.extensions.tail_laws import best_tail_law, tail_guarantee
from radsim.extensions.unknown import price_of_a_bound, two_pools
from radsim.game import Array, Count, Game
from radsim.payoffs import best_response, worst_case
from radsim.sampling import Law, law
from radsim.solvers import solve

__all__ = ["TAIL_CLAIMS", "draw_small"]

_DESIGNS = ("ordered_systematic", "pivotal", "conditional_poisson", "sampford")


def draw_small(game: Game, rng: np.random.Generator, most: int, *, abstain: bool = True) -> Game:
    """Draw some points of a game, a whole budget of two or more, and m whole mistakes beside it."""
    some = np.sort(rng.permutation(game.n)[:most])
    budget = int(rng.integers(2, max(3, len(some))))
    return Game(
        game.gains[some],
        Count(int(rng.integers(0, len(some) - budget + 1))),
        budget,
        harms=game.harms[some],
        abstain=abstain,
    )


def _sets(game: Game) -> Array:
    """All sets of at most m mistakes, as rows of zeros and ones."""
    rows = [
        points
        for size in range(int(game.mistakes) + 1)
        for points in combinations(range(game.n), size)
    ]
    wrong = np.zeros((len(rows), game.n))
    for row, points in zip(wrong, rows, strict=True):
        row[list(points)] = 1.0
    return wrong


def _in_hindsight(game: Game, wrong: Array) -> Array:
    """For each set of mistakes, what the best choice of b points earns."""
    robust = game.gains - game.stakes * wrong
    chosen = [list(points) for points in combinations(range(game.n), int(game.budget))]
    return np.asarray(np.max([robust[:, points].sum(axis=1) for points in chosen], axis=0))


def _by_places(game: Game, q: Array) -> float:
    """R(q) by N3: the largest over the number j of mistakes before the b-th right point."""
    order = np.argsort(-game.gains, kind="stable")
    g, bite, q = game.gains[order], (q * game.stakes)[order], q[order]
    m, b = int(game.mistakes), int(game.budget)

    def largest(values: Array, k: int) -> float:
        return float(np.sort(values)[::-1][:k].sum())

    return max(
        float(g[: b + j].sum() - q @ g)
        + largest((bite - g)[: b + j], j)
        + largest(bite[b + j :], m - j)
        for j in range(m + 1)
    )


def _n3(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    small = draw_small(game, rng, 6, abstain=game.abstain)
    wrong, scale = _sets(small), small.scale or 1.0
    best = _in_hindsight(small, wrong)

    def exact(q: Array) -> float:
        return float(np.max(best - (small.gains - small.stakes * wrong) @ q))

    q = rng.random(small.n)
    yield Comparison("R(q) by places", "tight", _by_places(small, q), (exact(q),) * 2, scale)
    found = solve(small, "regret", "enumeration")
    law_of_sets = found.mixture
    assert law_of_sets is not None
    marks = np.zeros((len(law_of_sets.weights), small.n))
    for row, points in zip(marks, law_of_sets.sets(), strict=True):
        row[points] = 1.0
    earned = float(law_of_sets.weights @ _in_hindsight(small, marks))
    answered = best_response(small, law_of_sets.weights @ marks)[0]
    all_sets = earned - float(answered), exact(found.inclusion)
    few_rows = solve(small, "regret", "linprog")
    yield Comparison("R* by the LP over places", "tight", few_rows.value, all_sets, scale)


def _guaranteed(game: Game, q: Array) -> float:
    """W(q): the gains less the m largest of q s."""
    lost = np.sort(q * game.stakes)[::-1][: int(game.mistakes)].sum()
    return float(q @ game.gains - lost)


def _laws(q: Array) -> list[Law]:
    return [law(q, design) for design in _DESIGNS]


def _tails(game: Game, laws: list[Law], share: float) -> Interval:
    """Least and largest guarantee of the tail among some laws of the draw."""
    found = [tail_guarantee(game, drawn, share) for drawn in laws]
    return min(found), max(found)


def _n6(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    small = draw_small(game, rng, 4)
    share, scale, n = float(rng.uniform(0.1, 0.9)), small.scale or 1.0, small.n
    answer = solve(small, method=method)
    q = np.clip(np.array(answer.inclusion, dtype=np.float64), 0, 1)
    if q.sum() < 1:  # nothing to gain: any inclusion probabilities will do
        q = np.full(n, small.budget / n)
    mean = _guaranteed(small, q)
    drawn = _laws(q)
    low, high = _tails(small, drawn, 1.0)
    yield Comparison("a = 1: W(q) for every design", "tight", mean, (low, high), scale)
    low, high = _tails(small, drawn, share)
    yield Comparison("no tail above the mean W(q)", "upper", mean, (high, high), scale)
    most = float(np.sort(small.gains)[::-1][: int(np.ceil(q.sum() - 1e-9))].sum())
    least = (mean - (1 - share) * most) / share
    yield Comparison("tail >= (W - (1 - a) max)/a", "lower", least, (low, low), scale)
    best = best_tail_law(small, share, q, gap=0.02, max_steps=3)
    yield Comparison("no design above the best law", "upper", best.upper, (high, high), scale)
    one = small.replace(budget=1)
    p = q / max(1.0, float(q.sum()))
    only = tail_guarantee(one, Law(np.eye(n, dtype=np.int64), p / p.sum()), share)
    found = _tails(one, _laws(p / p.sum()), share)
    yield Comparison("one pick: one law", "tight", only, found, scale)


def _level(game: Game, m: float) -> float:
    """b times the water level by prefixes (V2), or zero."""
    play = game.gains > 0
    g, s = game.gains[play], game.stakes[play]
    order = np.argsort(-g, kind="stable")
    ratio = (np.cumsum((g / s)[order]) - m) / np.cumsum(1 / s[order])
    return float(game.budget * ratio.max(initial=0.0))


def _n7(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    some = rng.permutation(game.n)[:12]
    g, h = game.gains[some], game.harms[some]
    small = Game(g, 0, game.budget, harms=h, capped=game.capped and game.budget <= len(some))
    v = int(rng.integers(1, 3))
    few = int(rng.integers(0, len(some) + v - 1))
    pair = few, int(rng.integers(few + 1, len(some) + v))
    least = two_pools(small, v, pair).bound
    lost = max(price_of_a_bound(small, v, wrong, 0.1) for wrong in pair)
    scale = small.scale or 1.0
    yield Comparison("S4 loses at least what every rule must", "lower", least, (lost,) * 2, scale)
    # Where a mistake costs at least the gain, no mistake probability exceeds a half, and the
    # teacher of the mean can shave alike in both worlds.
    harmful = Game(g, 0, game.budget, harms=np.maximum(g, h), capped=False)
    low, high = sorted(int(m) for m in rng.integers(0, len(some) + 1, 2))
    middle = solve(harmful.replace(mistakes=Count((low + high) / 2)), method=method)
    q = np.array(middle.inclusion, dtype=np.float64)
    kept = sum(worst_case(harmful.replace(mistakes=Count(m)), q)[0] for m in (low, high))
    bound = 2 * _level(harmful, (low + high) / 2)
    yield Comparison("W + W' of the mean's design", "tight", bound, (float(kept),) * 2, scale)


def _applies(game: Game) -> bool:
    return game.n >= 3 and bool(np.any(game.gains > 0))


TAIL_CLAIMS = (
    Claim("N3", "regret against the best b points: one place, O(mn) rows", "tight", _applies, _n3),
    Claim(
        "N6",
        "tails: the mean ties all designs, a law of the draw caps them",
        "upper",
        _applies,
        _n6,
    ),
    Claim("N7", "what every rule that sees v answers loses, and S4", "lower", _applies, _n7),
)
