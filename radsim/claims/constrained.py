r"""Chapter 4 of the theory, A1, A2, A4 and A5: constrained games.

Each claim derives constrained games from the one it is given, with the generator it is given.
The formulas are written down here as the theory states them, point by point.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.constrained import ConstrainedGame, constrain, contaminate
from radsim.game import Array, Count, Game
from radsim.payoffs import payoff
from radsim.solvers import convex, solve

__all__ = [
    "CONSTRAINED_CLAIMS",
    "draw_groups",
    "draw_limits",
    "draw_overlapping",
    "draw_profile",
]


def _counts(sizes: Array, rng: np.random.Generator) -> Array:
    """A number of mistakes a group: whole, fractional, none or all."""
    part = rng.random(len(sizes)) * sizes
    kinds = rng.integers(4, size=len(sizes))
    return np.choose(kinds, [np.floor(part), part, np.zeros(len(sizes)), sizes / 2])


def draw_groups(game: Game, rng: np.random.Generator) -> ConstrainedGame:
    """Draw a game whose points are in one to four disjoint groups, each with its own mistakes."""
    k = int(rng.integers(1, 5))
    labels = rng.integers(k, size=game.n)
    mistakes = _counts(np.bincount(labels, minlength=k).astype(np.float64), rng)
    return constrain(game, groups=labels, mistakes=mistakes)


def draw_overlapping(game: Game, rng: np.random.Generator) -> ConstrainedGame:
    """Draw a game with two to four overlapping groups and a bound on all mistakes together."""
    members = rng.random((int(rng.integers(2, 5)), game.n)) < 0.5
    mistakes = _counts(members.sum(axis=1).astype(np.float64), rng)
    return constrain(game, groups=members, mistakes=mistakes, total=game.mistakes)


def draw_limits(game: Game, rng: np.random.Generator) -> ConstrainedGame:
    """Draw a game with limits on single mistakes, stakes above and below the gain, any gains."""
    n = game.n
    limits = [rng.random(n), rng.integers(0, 3, n) / 2, np.ones(n)][int(rng.integers(3))]
    stakes = [game.stakes, game.gains * rng.uniform(0.05, 1, n), game.stakes / 4]
    gains = game.gains.copy()
    if rng.random() < 0.5:
        gains -= float(gains.max()) * rng.random() * (rng.random(n) < 0.4)
    rules = constrain(game, limits=limits)
    return rules.replace(stakes=stakes[int(rng.integers(3))], gains=gains)


def draw_profile(game: Game, rng: np.random.Generator) -> Array:
    """An error profile: rising with the gain, random, or zero and one."""
    rank = np.argsort(np.argsort(game.gains)) / game.n
    return [rank**2, rng.random(game.n), rng.integers(0, 2, game.n) * 1.0][int(rng.integers(3))]


def _interval(game: ConstrainedGame, method: str) -> Interval:
    certificate = solve(game, method=method).certificate
    if not certificate.infeasibility <= 1e-9:
        return float("nan"), float("nan")
    return float(certificate.lower), float(certificate.upper)


def _level(g: Array, s: Array, m: float) -> float:
    """Largest ratio over prefixes of the positive gains (V2); -inf without one."""
    play = (g > 0) & (s > 0)
    g, s = g[play], s[play]
    order = np.argsort(-g, kind="stable")
    ratio = (np.cumsum(g[order] / s[order]) - m) / np.cumsum(1 / s[order])
    return float(ratio.max(initial=-np.inf))


def _surplus(g: Array, s: Array, r: Array, c: Array, m: float, price: float) -> float:
    """f(lam): surplus above price times cost after the largest stakes have been shaved first."""
    left, total = m, 0.0
    for i in np.argsort(-s, kind="stable"):
        over = max(0.0, g[i] - c[i] * price)
        made = min(left, r[i], over / s[i]) if s[i] > 0 else 0.0
        left -= made
        total += max(0.0, over - s[i] * made)
    return total


def _knots(g: Array, s: Array, r: Array, c: Array, m: float) -> Array:
    """Prices at which f can bend: where a point enters or its limit begins to bind, and where a
    prefix of the stakes uses up the mistakes exactly."""
    ends = np.unique(np.concatenate(([0.0], g / c, (g - s * r) / c)))
    ends = ends[ends >= 0]
    inner = []
    for low, high in itertools.pairwise(ends):
        ratio = inverse = full = 0.0
        for i in np.argsort(-s, kind="stable"):
            if s[i] <= 0 or g[i] / c[i] <= low:
                continue
            if (g[i] - s[i] * r[i]) / c[i] >= high:
                full += r[i]
            else:
                ratio, inverse = ratio + g[i] / s[i], inverse + c[i] / s[i]
            if inverse > 0:
                price = (ratio + full - m) / inverse
                if low < price < high:
                    inner.append(price)
    return np.concatenate((ends, inner))


def _capped_value(game: ConstrainedGame) -> float:
    """min over lam >= 0 of b lam + sum_G f_G(lam), disjoint groups, at every place it can bend."""
    parts = [
        (game.gains[row], game.stakes[row], game.limits[row], game.costs[row], float(m))
        for row, m in zip(game.members, game.mistakes, strict=True)
    ]
    prices = np.unique(np.concatenate([_knots(*part) for part in parts]))
    return min(
        game.budget * float(price) + sum(_surplus(*part, float(price)) for part in parts)
        for price in prices
    )


def _uncapped_value(game: ConstrainedGame) -> float:
    """b times the highest of zero, what the limits protect and the water levels of the rows."""
    g, s = game.gains, game.stakes
    levels = [
        _level(g[row], s[row], float(m)) for row, m in zip(game.members, game.mistakes, strict=True)
    ]
    return game.budget * max(0.0, float(np.max(g - s * game.limits)), *levels)


def _formula(game: ConstrainedGame) -> float:
    return _capped_value(game) if game.capped else _uncapped_value(game)


def _a1(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    for capped in sorted({game.capped, False}):
        grouped = draw_groups(game, rng).replace(capped=capped)
        bound, scale = _formula(grouped), grouped.scale
        label = "min of b lam + sum f_G" if capped else "max over groups of V(G, m_G)"
        yield Comparison(label, "tight", bound, _interval(grouped, method), scale)
        # One budget for all that is not less than theirs together gives the teacher more.
        pooled = grouped.replace(groups=None, mistakes=Count(grouped.mistakes.sum()))
        value = _interval(grouped, method)
        yield Comparison("groups >= pool", "lower", _formula(pooled), value, scale)
        # No group can be better than having the pool to itself.
        single = constrain(game, capped=capped)
        yield Comparison(
            "one group = plain game", "tight", _formula(single), _interval(single, method), scale
        )
    overlapping = draw_overlapping(game, rng).replace(capped=False)
    yield Comparison(
        "overlapping groups and a total, uncapped: max over all rows",
        "tight",
        _uncapped_value(overlapping),
        _interval(overlapping, method),
        overlapping.scale,
    )


def _a2(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    for capped in sorted({game.capped, False}):
        limited = draw_limits(game.replace(capped=capped), rng)
        value, scale = _interval(limited, method), limited.scale
        label = "min of F, shaving limited" if capped else "max(0, g - s r, lam)"
        yield Comparison(label, "tight", _formula(limited), value, scale)
        free = limited.replace(limits=np.ones(game.n))
        yield Comparison("limits never cost", "lower", _formula(free), value, scale)
    # A price per query: capped in the same F, uncapped a game in gains and stakes per cost.
    costs = rng.uniform(0.2, 2, game.n)
    for capped in sorted({game.capped, False}):
        priced = limited.replace(
            costs=costs, budget=rng.uniform(0.05, 1) * float(costs.sum()), capped=capped
        )
        per_cost = (
            priced.replace(
                gains=priced.gains / costs, stakes=priced.stakes / costs, costs=np.ones(game.n)
            )
            if not capped
            else priced
        )
        value, scale = _interval(priced, method), priced.scale
        label = "capped" if capped else "gains and stakes per cost, uncapped"
        yield Comparison(f"costs: {label}", "tight", _formula(per_cost), value, scale)


# Clarabel stops within 1e-9 or so of the optimum: A4 is read in a coarser unit.
_REFERENCE_UNIT = 100.0


def _a4(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    from cvxpy import sum_squares  # a second to import

    limits = rng.random(game.n)
    richer = draw_overlapping(game, rng).replace(limits=limits)
    rows, budgets = richer.members.astype(float), richer.mistakes
    model = convex.solve_value(
        game, constraints=lambda l: [l <= limits, rows @ l <= budgets]
    ).certificate
    value, scale = _interval(richer, method), _REFERENCE_UNIT * richer.scale
    yield Comparison("CVXPY over groups and limits", "tight", float(model.upper), value, scale)
    # A ball, which no list of groups and limits describes: what q guarantees meets what l allows.
    radius = float(rng.uniform(0.2, 1))
    ball = convex.solve_value(game, constraints=lambda l: [sum_squares(l) <= radius**2]).certificate
    yield Comparison(
        "CVXPY over a ball: min max = max min",
        "tight",
        float(ball.upper),
        (float(ball.lower),) * 2,
        _REFERENCE_UNIT * game.scale,
    )


def _a5(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    profile, weight = draw_profile(game, rng), float(rng.uniform(0.05, 0.95))
    mixed = contaminate(game, profile, weight)
    scale = game.budget * float(game.stakes.max()) or 1.0
    q, l = rng.random(game.n), rng.random(game.n)
    q *= min(1.0, game.budget / float(q.sum()))
    yield Comparison(
        "U at w r + (1 - w) l",
        "tight",
        payoff(game, q, weight * profile + (1 - weight) * l),
        (payoff(mixed, q, l),) * 2,
        scale,
    )
    yield Comparison("A2 on it", "tight", _formula(mixed), _interval(mixed, method), mixed.scale)
    adversary = contaminate(game, profile, 0.0)
    yield Comparison(
        "w = 0 is RAD",
        "tight",
        _formula(constrain(game)),
        _interval(adversary, method),
        game.scale,
    )
    known = contaminate(game, profile, 1.0)
    robust = np.sort(np.maximum(0, game.gains - game.stakes * profile))[::-1]
    left = np.clip(game.budget - np.arange(game.n), 0, 1)
    best = float(robust @ left) if game.capped else game.budget * float(robust[0])
    yield Comparison(
        "w = 1: the b best expected robust gains",
        "tight",
        best,
        _interval(known, method),
        known.scale,
    )


def _applies(game: Game) -> bool:
    return game.abstain and bool(np.any(game.gains > 0))


CONSTRAINED_CLAIMS = (
    Claim("A1", "groups with their own mistakes: levels, or one price", "tight", _applies, _a1),
    Claim("A2", "limits on mistakes, any stakes and gains, costs", "tight", _applies, _a2),
    Claim("A4", "any convex set of mistakes: min max = max min", "tight", _applies, _a4),
    Claim("A5", "contaminated teacher: a game of A2", "tight", _applies, _a5),
)
