r"""What the two strategies of a solution prove, once no rule is broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from radsim.cores import over, threads_for
from radsim.door import CHUNK, Array
from radsim.feasible import fit_inclusion, fit_mistakes, fit_mixture
from radsim.hindsight import competitive_ratio, regret
from radsim.mixtures import Mixture, benchmark_value, best_benchmarks, mixture_infeasibility
from radsim.payoffs import AnyGame, best_response, exact, number_like, strategy
from radsim.tallies import (
    ALIKE,
    TINY,
    Bounds,
    Piece,
    Price,
    Tally,
    allowed,
    look_at,
    nowhere,
    of_a_mistake,
    of_a_query,
    tally,
)

__all__ = [
    "bounds_of_ratio",
    "bounds_of_regret",
    "bounds_of_value",
]

# From this many points on the prices that the solution names are tried before any are selected.
MANY = 1 << 12


def _has_nan(*arrays: Array) -> bool:
    return any(a.dtype != object and bool(np.isnan(a).any()) for a in arrays)


def _infeasibility(game: AnyGame, q: Array, l: Array) -> Any:
    return float("nan") if _has_nan(q, l) else max(0 * q[0], game.excess(q, l))


def bounds_of_value(solution: Any) -> Bounds:
    r"""Bounds of the value: :math:`W(q) \le V \le \max_q U(q, l)`."""
    game, restriction = solution.game, solution.restriction
    q = strategy(game, solution.inclusion, "inclusion")
    l = strategy(game, solution.mistake_probabilities, "mistake_probabilities")
    if game.kind == "plain" and restriction is None and q.dtype != object and l.dtype != object:
        times = _exponent(game) if game.n >= MANY else 0
        if times > 0:
            return _doubled(solution, times)
        if times == 0 and (game.n >= MANY or game.scale >= TINY):
            found = _by_selection(solution, q, l)
            if found is not None:
                return found
    infeasibility = _infeasibility(game, q, l)
    if not infeasibility < np.inf:
        return nowhere(infeasibility)
    if game.scale < TINY and restriction is None and q.dtype != object:
        q, l = exact(q), exact(l)
    scale = number_like(game.scale, q)
    if restriction is not None:
        q = fit_inclusion(game, q.astype(np.float64))
        l, missed = restriction.fit(l)
        lower, infeasibility = restriction.guarantee(q), max(infeasibility, missed)
    else:
        q, l = fit_inclusion(game, q), fit_mistakes(game, l)
        g, s = game.numbers(q)
        lower = np.sum(q * g) - game.most_lost(q * s)
    lower = lower if q.dtype == object else float(lower)
    return Bounds(lower, best_response(game, l)[0], infeasibility, scale)


def _by_selection(solution: Any, q: Array, l: Array) -> Bounds | None:
    r"""The bounds from the raw game, a few chunks at a time; None where they are no numbers.

    :math:`T_m` and the b largest robust gains are sums above a price.  The ones that the solution
    names are used if counting shows that they split off so many points; if not, the right ones are
    selected, which takes O(n) too, so that no bound depends on what a solver says.
    """
    game, m = solution.game, solution.game.mistakes

    def piece(part: slice, share: float) -> Piece:
        g, _, s = game.points(part)
        return g, s, q[part], l[part] if share == 1 else np.clip(l[part], 0.0, 1.0) * share

    def evaluate(mistake: Price, query: Price, share: float = 1.0) -> Tally:
        def look(part: slice) -> tuple[float, ...]:
            return look_at(game, piece(part, share), mistake, query)

        return tally(game, over(game.n, CHUNK, look, threads_for(game.n, None)), mistake, query)

    def select(share: float = 1.0) -> tuple[Price, Price]:
        return _selected(game, (piece(part, share) for part in game.parts()))

    found = evaluate(*(_named(solution) if game.n >= MANY else select()))
    short = not game.abstain and found.spent < game.budget * (1 - ALIKE)
    if short or not found.is_finite:  # what is to be filled up needs all points at once
        return None
    share = m / found.made if found.made > m else 1.0
    if share < 1 - ALIKE or not found.splits:
        found = evaluate(*select(share), share)._replace(violation=found.violation)
    return found.bounds(game)


def _named(solution: Any) -> tuple[Price, Price]:
    """The prices of a mistake and a query that the solution names."""
    game, tau, lam = solution.game, max(0.0, float(solution.threshold)), float(solution.level)
    lam = max(0.0 if game.abstain else -game.largest_stake, lam)
    error = game.scale / game.budget * ALIKE
    return of_a_mistake(game, tau, tau * ALIKE), of_a_query(game, lam, error)


def _selected(game: Any, pieces: Iterable[Piece]) -> tuple[Price, Price]:
    """The prices of a mistake and a query: the least bite and robust gain that are counted in."""
    bite, robust = np.empty(game.n), np.empty(game.n)
    start = 0
    for g, s, q, l in pieces:
        part = slice(start, start + len(g))
        np.multiply(allowed(game, g, q)[0], s, out=bite[part])
        np.subtract(g, s * np.clip(l, 0.0, 1.0), out=robust[part])
        start = part.stop
    lam = _least_of(robust, game.budget) if game.capped else np.inf
    return of_a_mistake(game, _least_of(bite, game.mistakes)), of_a_query(game, lam)


def _least_of(values: Array, amount: float) -> float:
    """The least of the largest values that add up to an amount of points; `values` is reordered."""
    place = len(values) - ceil(amount)
    if place == len(values):
        return np.inf
    values.partition(place)
    return float(values[place])


def _exponent(game: Any) -> int:
    """How many times a game is to be doubled, which is exact, so that no product loses digits."""
    if game.scale >= TINY or not np.any(game.gains if game.abstain else game.stakes):
        return 0
    # Sums of all points stay far from infinity; without room, fractions are left.
    room = 900 - int(np.frexp(np.max(game.stakes))[1]) or -1
    return min(room, -int(np.frexp(game.scale)[1])) if game.scale > 0 else room


def _doubled(solution: Any, times: int) -> Bounds:
    """The bounds in a unit in which they keep their digits: fractions of many points take long."""
    game = solution.game
    larger = replace(
        solution,
        game=game.replace(gains=np.ldexp(game.gains, times), harms=np.ldexp(game.harms, times)),
        level=float(np.ldexp(float(solution.level), times)),
        threshold=float(np.ldexp(float(solution.threshold), times)),
    )
    found = bounds_of_value(larger)
    if not all(np.isfinite(float(x)) for x in (found.lower, found.upper, found.scale)):
        return found
    lower, upper, scale = (Fraction(x) / 2**times for x in (found.lower, found.upper, found.scale))
    return Bounds(lower, upper, found.infeasibility, scale)


def _joint_law(solution: Any, q: Array) -> tuple[Mixture | None, Any, Any, Any]:
    """The mixture as a law, its expected benchmark, the best payoff against it, infeasibility."""
    game, mixture = solution.game, solution.mixture
    nan = float("nan")
    if mixture is None:
        return None, nan, nan, nan
    joint = mixture_infeasibility(game, mixture)
    if not joint < np.inf:  # indices that do not exist cannot be evaluated
        return None, nan, nan, joint
    mixture = fit_mixture(mixture)
    if game.scale < TINY and mixture.weights.dtype != object:
        mixture = fit_mixture(Mixture(exact(mixture.weights), *_rest(mixture)))
    l = mixture.marginals(game.n)
    single = _infeasibility(game, q, l.astype(q.dtype))
    return mixture, benchmark_value(game, mixture), best_response(game, l)[0], single + joint


def _rest(mixture: Mixture) -> tuple[Array, Array, Array, Array]:
    return mixture.benchmarks, mixture.points, mixture.starts, mixture.stops


def _hindsight_sides(solution: Any) -> tuple[Array, Mixture | None, Any, Any, Any]:
    game = solution.game
    raw = strategy(game, solution.inclusion, "inclusion")
    mixture, benchmark, payoff, infeasibility = _joint_law(solution, raw)
    tiny = game.scale < TINY and raw.dtype != object and bool(np.isfinite(raw).all())
    q = exact(raw) if tiny else raw
    return fit_inclusion(game, q), mixture, benchmark, payoff, infeasibility


def bounds_of_regret(solution: Any) -> Bounds:
    r"""Bounds of the regret: :math:`E[b\,g_I] - \max_q E\,U(q, L) \le R^* \le R(q)`."""
    game = solution.game
    q, _, benchmark, payoff, infeasibility = _hindsight_sides(solution)
    return Bounds(benchmark - payoff, regret(game, q), infeasibility, number_like(game.scale, q))


def bounds_of_ratio(solution: Any) -> Bounds:
    r"""Bounds of the ratio: :math:`\rho(q) \le \rho^* \le \max_q E\,U(q, L) / E[b\,B(L)]`."""
    game = solution.game
    q, mixture, benchmark, payoff, infeasibility = _hindsight_sides(solution)
    if payoff < 0 and mixture is not None:
        # A mediant of negative numbers: a benchmark below the true one would lower it.
        benchmark = best_benchmarks(game, mixture)
    upper = payoff / benchmark if benchmark > 0 else float("nan")
    one = Fraction(1) if q.dtype == object else 1.0
    return Bounds(competitive_ratio(game, q), upper, infeasibility, one)
