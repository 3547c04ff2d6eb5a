r"""What the two strategies of a solution prove, once no rule is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from radsim.door import Array
from radsim.feasible import fit_inclusion, fit_mistakes, fit_mixture
from radsim.hindsight import competitive_ratio, regret
from radsim.mixtures import Mixture, benchmark_value, best_benchmarks, mixture_infeasibility
from radsim.payoffs import AnyGame, best_response, exact, number_like, strategy

__all__ = [
    "Bounds",
    "Piece",
    "Tally",
    "bounds_at_prices",
    "bounds_of_ratio",
    "bounds_of_regret",
    "bounds_of_tallies",
    "bounds_of_value",
    "tallier",
]

# Scales below this are evaluated in fractions: products of such floats lose their digits.
TINY = 1e-280
# From this many points on the solution's own prices are tried first, which needs no sort.
MANY = 1 << 12
_CHUNK = 1 << 16
_CLOSED = 1e-12  # relative gap at which nothing is left to gain by sorting

Piece = tuple[Array, Array, Array, Array]  # gains, stakes, q, l of some points


class Bounds(NamedTuple):
    """What a pair of strategies proves, and what gaps are measured against.

    `lower` and `upper` enclose the value whatever the strategies were; `infeasibility` says how
    far these had to be moved to obey the rules.
    """

    lower: Any
    upper: Any
    infeasibility: Any
    scale: Any


def _nowhere(infeasibility: float = float("nan")) -> Bounds:
    nan = float("nan")
    return Bounds(nan, nan, infeasibility, nan)


def _has_nan(*arrays: Array) -> bool:
    return any(a.dtype != object and bool(np.isnan(a).any()) for a in arrays)


def _infeasibility(game: AnyGame, q: Array, l: Array) -> Any:
    return float("nan") if _has_nan(q, l) else max(0 * q[0], game.excess(q, l))


def bounds_of_value(solution: Any) -> Bounds:
    r"""Bounds of the value: :math:`W(q) \le V \le \max_q U(q, l)`."""
    game, restriction = solution.game, solution.restriction
    q = strategy(game, solution.inclusion, "inclusion")
    l = strategy(game, solution.mistake_probabilities, "mistake_probabilities")
    plain = game.kind == "plain" and restriction is None
    if plain and game.n >= MANY and q.dtype != object:
        times = _exponent(game)
        if times > 0:
            return _doubled(solution, times)
        found = _at_own_prices(solution, q, l) if times == 0 else _nowhere()
        if found.upper - found.lower <= _CLOSED * found.scale:
            return found
    infeasibility = _infeasibility(game, q, l)
    if not infeasibility < np.inf:
        return _nowhere(infeasibility)
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


def _at_own_prices(solution: Any, q: Array, l: Array) -> Bounds:
    game = solution.game
    parts = (slice(start, start + _CHUNK) for start in range(0, game.n, _CHUNK))
    pieces = ((game.gains[p], game.stakes[p], q[p], l[p]) for p in parts)
    return bounds_at_prices(game, pieces, float(solution.level), float(solution.threshold))


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


def bounds_at_prices(game: Any, pieces: Iterable[Piece], level: float, threshold: float) -> Bounds:
    r"""Bounds of the value from one pass over the points, by any two prices.

    For every :math:`\tau \ge 0`, :math:`T_m(x) \le m\tau + \sum_i \max(0, x_i - \tau)`, so no sort
    is needed for the learner's side; likewise
    :math:`b\lambda + \sum_i \max(0, g_i - s_i l_i - \lambda)` is above any reply of the learner.
    Both are equalities at the right prices.  Nor is more lost than everything that is at stake, or
    more earned than b times the largest robust gain, which a tiny budget needs.

    Parameters
    ----------
    game : Game or StoredGame
    pieces : iterable of (gains, stakes, q, l)
        All points, some at a time.
    level, threshold : float
        :math:`\lambda` and :math:`\tau`; wrong ones widen the bounds and no more.

    Returns
    -------
    Bounds

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> points = game.gains, game.stakes, np.array([1, 2, 4]) / 7, np.array([6, 5, 3]) / 14
    >>> found = bounds_at_prices(game, [points], 1 / 7, 2 / 7)
    >>> round(7 * found.lower, 12), round(7 * found.upper, 12)
    (1.0, 1.0)
    """
    work = tallier(game, level, threshold)
    return bounds_of_tallies(game, map(work, pieces), level, threshold)


class Tally(NamedTuple):
    """What a piece of a pool adds to bounds at two prices: sums, and what is largest."""

    sums: tuple[float, ...]
    largest: tuple[float, ...]


def tallier(game: Any, level: float, threshold: float) -> Callable[[Piece], Tally]:
    """The work of `bounds_at_prices` on one piece, as a function that can be sent to the piece."""
    lam, tau = _prices(game, level, threshold)
    return partial(_tally, lam, tau, game.capped, game.abstain)


def _prices(game: Any, level: float, threshold: float) -> tuple[float, float]:
    lam = max(0.0, level) if game.abstain else level
    return lam, threshold * (1 + 2.0**-50)  # roundings of n bites are not to be added up


def _tally(lam: float, threshold: float, capped: bool, abstain: bool, piece: Piece) -> Tally:
    g, s, raw_q, raw_l = piece
    q, l = np.maximum(raw_q, 0.0), np.clip(raw_l, 0.0, 1.0)
    if capped:
        q = np.minimum(q, 1.0)
    bite, shaved = q * s, s * l
    robust = g - shaved
    sums = (
        (q * g).sum(),  # pairwise, and not by as many threads as there are
        np.maximum(0.0, bite - threshold).sum(),
        q.sum(),
        l.sum(),
        np.maximum(0.0, robust - lam).sum(),
        shaved.sum(),
        bite.sum(),
    )
    largest = (
        robust.max(),
        s.max(),
        (g if abstain else s).max(),
        shaved.max(),
        max(np.max(raw_q - q), np.max(np.abs(raw_l - l))),
        np.max(q - raw_q),
    )
    return Tally(tuple(map(float, sums)), tuple(map(float, largest)))


def bounds_of_tallies(
    game: Any, tallies: Iterable[Tally], level: float, threshold: float
) -> Bounds:
    """Bounds of the value from what its pieces add to them, by whoever tallied them."""
    m, b = game.mistakes, game.budget
    lam, threshold = _prices(game, level, threshold)
    rows, peaks = zip(*tallies, strict=True)
    best, *others = (max(x) for x in zip(*peaks, strict=True))
    largest_stake, largest, most_shaved, most_over, most_under = (max(0.0, x) for x in others)
    totals = np.sum(rows, axis=0)
    if not np.isfinite(totals).all():  # min and max of Python would pass over what is no number
        return _nowhere()
    earned, over, spent, made, surplus, shaved_in_all, bites = map(float, totals)
    lost = min((m * threshold if m else 0.0) + over, bites)
    # Scaled down by f, q loses f times as much at the price f*tau.
    lower = min(1.0, b / spent) * (earned - lost) if spent > 0 else 0.0
    if not game.abstain and spent < b:  # what is still to be spent costs at most the largest stake
        lower -= (b - spent) * largest_stake
    # l scaled down by f leaves at most (1 - f)*s*l more of each gain.
    back = max(0.0, 1 - m / made) if made > 0 else 0.0
    most = best + back * most_shaved
    upper = b * (max(0.0, most) if game.abstain else most)
    if game.capped:
        upper = min(upper, b * lam + surplus + back * shaved_in_all)
    excess = (spent - b) / max(b, TINY)
    violations = (
        excess if game.abstain else abs(excess),
        (made - m) / max(1.0, m),
        most_over,
        most_under,
    )
    return Bounds(lower, upper, max(0.0, *violations), b * largest)


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
