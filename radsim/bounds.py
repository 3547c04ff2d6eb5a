r"""What the two strategies of a solution prove, once no rule is broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, fsum, isfinite
from typing import Any, NamedTuple

import numpy as np

from radsim.cores import over, threads_for
from radsim.door import CHUNK, Array
from radsim.feasible import fit_inclusion, fit_mistakes, fit_mixture
from radsim.hindsight import competitive_ratio, regret
from radsim.mixtures import Mixture, benchmark_value, best_benchmarks, mixture_infeasibility
from radsim.payoffs import AnyGame, best_response, exact, number_like, strategy

__all__ = [
    "Bounds",
    "Piece",
    "bounds_at_prices",
    "bounds_of_ratio",
    "bounds_of_regret",
    "bounds_of_value",
]

# Scales below this are evaluated in fractions: products of such floats lose their digits.
TINY = 1e-280
# From this many points on the prices that the solution names are tried before any are selected.
MANY = 1 << 12
# Bites and robust gains that should be equal differ by a few roundings: they count as equal.
_ALIKE = 2.0**-50

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

    def tally(mistake: _Price, query: _Price, share: float = 1.0) -> _Tally:
        def look(part: slice) -> tuple[float, ...]:
            return _look(game, piece(part, share), mistake, query)

        return _tally(game, over(game.n, CHUNK, look, threads_for(game.n, None)), mistake, query)

    tau = lam = float("inf")
    if game.n >= MANY:
        tau, lam = max(0.0, float(solution.threshold)), float(solution.level)
        lam = max(0.0 if game.abstain else -game.largest_stake, lam)
    error = game.scale / game.budget * _ALIKE
    found = tally(_of_a_mistake(game, tau, tau * _ALIKE), _of_a_query(game, lam, error))
    short = not game.abstain and found.spent < game.budget * (1 - _ALIKE)
    if short or not found.is_finite:  # what is to be filled up needs all points at once
        return None
    share = m / found.made if found.made > m else 1.0
    if share < 1 - _ALIKE or not found.splits:
        prices = _selected(game, (piece(part, share) for part in game.parts()))
        found = tally(*prices, share)._replace(violation=found.violation)
    return found.bounds(game)


def _selected(game: Any, pieces: Iterable[Piece]) -> tuple[_Price, _Price]:
    """The prices of a mistake and a query: the least bite and robust gain that are counted in."""
    bite, robust = np.empty(game.n), np.empty(game.n)
    start = 0
    for g, s, q, l in pieces:
        part = slice(start, start + len(g))
        np.multiply(_allowed(game, g, q)[0], s, out=bite[part])
        np.subtract(g, s * np.clip(l, 0.0, 1.0), out=robust[part])
        start = part.stop
    lam = _least_of(robust, game.budget) if game.capped else np.inf
    return _of_a_mistake(game, _least_of(bite, game.mistakes)), _of_a_query(game, lam)


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
    # Roundings of n bites are not to be added up.
    prices = _of_a_mistake(game, threshold, threshold * _ALIKE), _of_a_query(game, level)
    found = _tally(game, (_look(game, piece, *prices) for piece in pieces), *prices)
    return found.bounds(game) if found.is_finite else _nowhere()


class _Price(NamedTuple):
    r"""A price that may split an amount of points off the others.

    The amount times the price, and what values pass it by, is no less than the largest values that
    add up to the amount.  It is their sum if no more points are above the price, and no fewer at it
    or above; values between `low` and `high` count as at it.
    """

    amount: float
    low: float
    high: float

    def look(self, values: Array, largest: float) -> tuple[float, float, float]:
        """How many values are at it or above, how many above, and what these pass it by."""
        n_at_least = np.count_nonzero(values >= self.low)
        if largest <= self.high:
            return n_at_least, 0, 0.0
        n_above = np.count_nonzero(values > self.high)
        values -= self.high  # they are looked at no more
        return n_at_least, n_above, float(np.maximum(values, 0.0, out=values).sum())

    def total(self, passed: float) -> float:
        return (self.amount * self.high if self.amount else 0.0) + passed


def _of_a_mistake(game: Any, threshold: float, error: float = 0.0) -> _Price:
    m = game.mistakes
    return _Price(m, threshold - error, threshold + error) if m else _Price(m, np.inf, np.inf)


def _of_a_query(game: Any, level: float, error: float = 0.0) -> _Price:
    lam = max(0.0, level) if game.abstain else level
    # Who may abstain counts what is negative as nothing, so all points are at a price of nothing.
    low = -np.inf if game.abstain and lam <= error else lam - error
    return _Price(game.budget, low, lam + error)


class _Tally(NamedTuple):
    """Sums and extremes over all points."""

    earned: float
    spent: float
    made: float
    shaved: float
    most_lost: float
    most_earned: float
    best: float  # robust gain
    largest: float  # gain, or stake if the budget must be spent
    violation: float
    splits: bool  # whether both prices split off what they should
    is_finite: bool

    def bounds(self, game: Any) -> Bounds:
        m, b, spent = game.mistakes, game.budget, self.spent
        # Scaled down by f, q loses f times as much.
        lower = min(1.0, b / spent) * (self.earned - self.most_lost) if spent > 0 else 0.0
        if not game.abstain and spent < b:  # what is still to be spent costs at most a stake
            lower -= (b - spent) * self.largest
        upper = b * (max(0.0, self.best) if game.abstain else self.best)
        if game.capped:
            upper = min(upper, self.most_earned)
        if self.made > m:
            # l scaled down by f leaves (1 - f)*s*l more of each gain, and no more than the gain.
            more = min(self.shaved if game.capped else b * self.shaved, b * self.largest - upper)
            upper += (1 - m / self.made) * max(0.0, more)
        return Bounds(lower, upper, self.violation, b * self.largest)


def _clipped(values: Array, most: float) -> tuple[Array, float]:
    """Probabilities between zero and a bound, and how far outside they were."""
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= most:
        return values, 0.0
    return np.clip(values, 0.0, most), max(-low, high - most)


def _allowed(game: Any, gains: Array, q: Array) -> tuple[Array, float, float]:
    """Inclusion probabilities that obey the cap, what they spend, and how far outside they were."""
    q, outside = _clipped(q, 1.0 if game.capped else np.inf)
    spent = float(q.sum())
    if game.abstain and not gains.min() > 0:  # a point without gain can only cost
        q = np.where(gains > 0, q, 0.0)
    return q, spent, outside


def _look(game: Any, piece: Piece, mistake: _Price, query: _Price) -> tuple[float, ...]:
    """Sums over some points, and then their extremes."""
    g, s, raw_q, raw_l = piece
    q, asked, outside_q = _allowed(game, g, raw_q)
    l, outside_l = _clipped(raw_l, 1.0)
    work = q * g
    earned = work.sum()  # pairwise, and not by as many threads as there are
    spent = asked if q is raw_q else q.sum()
    bite = np.multiply(q, s, out=work)
    hardest, bitten = float(bite.max()), bite.sum()
    bites = mistake.look(bite, hardest)
    shaved = np.multiply(s, l, out=work)
    taken = shaved.sum()
    robust = np.subtract(g, shaved, out=work)
    best = float(robust.max())
    left = query.look(robust, best) if game.capped else (query.amount, 0, 0.0)
    sums = (earned, spent, asked, l.sum(), taken, bitten, *bites, *left)
    outside = max(outside_q, outside_l)
    return *map(float, sums), best, float((g if game.abstain else s).max()), outside, hardest


def _tally(
    game: Any, rows: Iterable[tuple[float, ...]], mistake: _Price, query: _Price
) -> _Tally:
    *sums, best, largest, outside, hardest = zip(*rows, strict=True)
    earned, spent, asked, made, shaved, bitten, *counts = map(_total, sums)
    n_bites, n_over, over_all, n_left, n_richer, surplus = counts
    m, b = game.mistakes, game.budget
    excess = (asked - b) / max(b, TINY)
    violations = (excess if game.abstain else abs(excess), (made - m) / max(1.0, m), *outside)
    # Minima and maxima of Python would pass over what is no number.
    numbers = (earned, spent, asked, made, shaved, bitten, *best, *hardest)
    return _Tally(
        earned,
        spent,
        made,
        shaved,
        min(mistake.total(over_all), bitten),
        query.total(surplus),
        max(best),
        max(largest),
        max(0.0, *violations),
        n_over <= m <= n_bites and n_richer <= b <= n_left,
        all(map(isfinite, numbers)),
    )


def _total(parts: Sequence[float]) -> float:
    """Sum of sums of chunks, rounded once; what is no number stays none."""
    return fsum(parts) if all(map(isfinite, parts)) else float(np.sum(parts))


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
