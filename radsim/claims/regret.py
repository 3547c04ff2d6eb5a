r"""Chapter 3 of the theory, R1 to R3: regret and competitive ratio.

Each formula is written down here as the theory states it, with strategies, and set against an
enclosure that another route computed and certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.game import Array, Game
from radsim.hindsight import competitive_ratio, regret
from radsim.mixtures import benchmark_value, systematic_mixture
from radsim.payoffs import best_response
from radsim.solvers import solve

__all__ = ["REGRET_CLAIMS"]


def _interval(game: Game, objective: str, method: str) -> Interval:
    certificate = solve(game, objective, method).certificate
    if not certificate.infeasibility <= 1e-9:
        return float("nan"), float("nan")
    return float(certificate.lower), float(certificate.upper)


def _applies(game: Game) -> bool:
    g, s = game.gains[game.gains > 0], game.stakes[game.gains > 0]
    return bool(
        (game.budget == 1 or not game.capped)
        and game.mistakes == int(game.mistakes)
        and g.size
        and np.sum(g / s) > game.mistakes
    )


class _Formula(NamedTuple):
    """The numbers that R1 to R3 are stated in, on the points with gain, largest first."""

    g: Array
    h: Array
    s: Array
    value: float
    g_j: float
    t: float  # max(g_j, t_1)
    order: Array


def _formula(game: Game) -> _Formula:
    order = np.argsort(-game.gains, kind="stable")[: int(np.sum(game.gains > 0))]
    g, h, s = game.gains[order], game.harms[order], game.stakes[order]

    def level(m: float) -> float:
        return float(np.max((np.cumsum(g / s) - m) / np.cumsum(1 / s)))

    value = level(game.mistakes)
    share = np.cumsum((h + value) / s)
    j = min(int(np.searchsorted(share, 1.0)), int(game.mistakes))
    g_j = float(g[j])
    has_one = game.mistakes >= 1 and np.sum(g / s) > 1
    return _Formula(g, h, s, value, g_j, max(g_j, level(1)) if has_one else g_j, order)


def _e(f: _Formula, t: float) -> float:
    return t + float(np.sum(np.maximum(0, f.g - t) * ((f.h + f.value) / f.s)))


def _insured(game: Game, f: _Formula, t: float, weight: float) -> Array:
    """Inclusion probabilities with p s = r + weight max(0, g - t) on S."""
    y = weight * np.maximum(0, f.g - t)
    on = f.g >= f.value * (1 - 1e-13)
    r = max(0.0, 1 - float(np.sum(y / f.s))) / float(np.sum(1 / f.s[on]))
    p = np.zeros(game.n)
    p[f.order] = (r * on + y) / f.s
    return game.budget * p / p.sum()


def _shaved(game: Game, f: _Formula, mu: float) -> Array:
    l = np.zeros(game.n)
    l[f.order] = np.minimum(1, np.maximum(0, f.g - mu) / f.s)
    return l


def _r1(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    f = _formula(game)
    best = f.value / _e(f, f.g_j)
    yield Comparison("rho = V/E(g_j)", "tight", best, _interval(game, "ratio", method), 1.0)
    p = _insured(game, f, f.g_j, best)
    yield Comparison("ratio of p", "tight", best, (competitive_ratio(game, p),) * 2, 1.0)
    l = _shaved(game, f, f.value)
    bound = game.budget * _e(f, f.g_j)
    met = benchmark_value(game, systematic_mixture(game, l))
    yield Comparison("E[g_I] = E(g_j)", "tight", bound, (met,) * 2, game.scale)
    level = game.budget * f.value
    paid = best_response(game, l)[0]
    yield Comparison("every point pays V", "tight", level, (paid,) * 2, game.scale)


def _r2(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    f, b = _formula(game), game.budget
    least = b * (_e(f, f.t) - f.value)
    measured = _interval(game, "regret", method)
    yield Comparison("R = E(t) - V", "tight", least, measured, game.scale)
    p = _insured(game, f, f.t, 1.0)
    yield Comparison("regret of p", "tight", least, (regret(game, p),) * 2, game.scale)
    mu = f.value
    if f.t > f.g_j:
        top = f.g > f.t
        mu = float((1 - np.sum(f.h[top] / f.s[top])) / np.sum(1 / f.s[top]))
        yield Comparison("mu >= V", "lower", f.value, (mu, mu), game.scale)
    l = _shaved(game, f, mu)
    met = benchmark_value(game, systematic_mixture(game, l)) - best_response(game, l)[0]
    yield Comparison("the mixture's regret", "tight", least, (met,) * 2, game.scale)


def _r3(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    f = _formula(game)
    value = game.budget * f.value
    low, high = _interval(game, "regret", method)
    found = _interval(game, "ratio", method)
    if f.t == f.g_j:
        bound = value / (value + (low + high) / 2)
        yield Comparison("rho = V/(V + R)", "tight", bound, found, 1.0)
    else:
        # E(t_1) >= E(g_j): the identity becomes an inequality, strict where E is.
        yield Comparison("rho >= V/(V + R)", "lower", value / (value + low), found, 1.0)
        bound = f.value / _e(f, f.t)
        yield Comparison("V/(V + R) = V/E(t_1)", "tight", bound, (value / (value + low),) * 2, 1.0)


REGRET_CLAIMS = (
    Claim("R1", "ratio: rho = V/E(g_j), with both strategies", "tight", _applies, _r1),
    Claim("R2", "regret: R = E(t) - V, t = max(g_j, t_1)", "tight", _applies, _r2),
    Claim("R3", "rho = V/(V + R) where t = g_j, >= where clamped", "tight", _applies, _r3),
)
