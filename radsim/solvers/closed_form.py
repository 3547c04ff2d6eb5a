r"""Closed forms V1 to V3b, in every regime, by sorting and bisection."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array, Game
from radsim.levels import water_level
from radsim.solution import Solution

__all__ = ["solve_value"]


def solve_value(game: Game) -> Solution:
    r"""Value and both strategies by the water level (V1), or by two prices (V3, V3b).

    Uncapped, or while no inclusion probability exceeds one, the answer is the water level:
    :math:`q_i = b/(s_i H)` on S.  Otherwise the price of a query :math:`\lambda` is bisected over
    the convex :math:`F(\lambda) = b\lambda + f(\lambda)`, whose slope is
    :math:`b - \sum_{g_i > \lambda} \min(1, \tau(\lambda)/s_i)`.

    Parameters
    ----------
    game : Game

    Returns
    -------
    Solution
        `level` is :math:`\lambda`, `threshold` is :math:`\tau`; with value 0 under abstaining the
        inclusion probabilities are all zero: no selection has a positive guarantee.

    Notes
    -----
    O(n log n).  The data are scaled by a power of two that centres their range, so gains from
    1e-300 to 1e300 neither overflow nor lose a digit.

    References
    ----------
    THEORY V1, V2, V3, V3a, V3b.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([10, 3, 2], mistakes=1, budget=2, harm=0)
    >>> solution = solve_value(game)
    >>> round(solution.value, 12), solution.inclusion.round(12).tolist()
    (4.4, [0.3, 1.0, 0.7])
    >>> solution.certificate.accepts(1e-14)
    True
    """
    exponent = centre(game.gains, game.stakes)
    g, h = np.ldexp(game.gains, -exponent), np.ldexp(game.harms, -exponent)
    parts = _solve(g, h, np.ldexp(game.stakes, -exponent), game)
    return Solution(
        game=game,
        value=float(np.ldexp(parts.value, exponent)),
        inclusion=parts.q,
        mistake_probabilities=parts.l,
        level=float(np.ldexp(parts.level, exponent)),
        threshold=float(np.ldexp(parts.threshold, exponent)),
        method="closed_form",
        stats={"branch": parts.branch},
    )


class _Parts(NamedTuple):
    value: float
    q: Array
    l: Array
    level: float
    threshold: float
    branch: str


def centre(gains: Array, stakes: Array) -> int:
    """Exponent of two in the middle of the range of the positive data."""
    positive = [a[a > 0] for a in (gains, stakes)]
    if not positive[1].size:
        return 0
    low = min(float(a.min()) for a in positive if a.size)
    return int(np.frexp(low)[1] + np.frexp(float(stakes.max()))[1]) // 2


def _solve(g: Array, h: Array, s: Array, game: Game) -> _Parts:
    n, m, b = game.n, game.mistakes, game.budget
    # With abstaining a point without gain is never queried; under a forced budget it is a free
    # place to put budget (stake 0) or a place whose label can only cost (stake = harm).
    play = g > 0 if game.abstain else s > 0
    zeros = np.zeros(n)
    if game.abstain and (not play.any() or np.sum(g[play] / s[play]) <= m):
        return _Parts(0.0, zeros, _ratio(g, s, play), 0.0, 0.0, "no positive guarantee")
    if play.any():
        level, support, density = water_level(g[play], s[play], m)
        floor = -float(h.min())
        if level > 0 or (not game.abstain and level >= floor):
            q = zeros.copy()
            q[np.flatnonzero(play)[support]] = (b / density) / s[play][support]
            if not game.capped or q.max() <= 1:
                l = _ratio(np.maximum(0, g - level), s, play)
                return _Parts(b * level, q, l, level, b / density, "water level")
    else:
        floor = 0.0
    if not game.capped:  # forced, and the level would lie below the smallest harm
        q = zeros.copy()
        q[int(np.argmin(h))] = b
        l = _ratio(np.maximum(0, g - floor), s, play)
        return _Parts(b * floor, q, l, floor, 0.0, "least harm")
    return _two_prices(g, h, s, game)


def _ratio(numerator: Array, s: Array, play: Array) -> Array:
    """Mistakes that take `numerator` off each point; at most one a point."""
    with np.errstate(over="ignore"):  # a tiny stake under a huge surplus: one mistake all the same
        return np.minimum(1, np.divide(numerator, s, out=np.zeros(len(s)), where=play))


class _Side(NamedTuple):
    """Capped game at a query price lam, points sorted by stake, largest first."""

    need: Array  # mistakes that bring a point down to lam (or to its floor -h)
    tau: tuple[float, float]  # thresholds that use up the m mistakes


def _two_prices(g0: Array, h0: Array, s0: Array, game: Game) -> _Parts:
    m, b = game.mistakes, game.budget
    order = np.argsort(-s0, kind="stable")
    g, h, s = g0[order], h0[order], s0[order]
    bottom = 0.0 if game.abstain else -np.inf

    def side(lam: float) -> _Side:
        need = _ratio(np.maximum(0, g - lam), s, s > 0)
        used = np.cumsum(need)
        # Both ends of the thresholds allowed: they differ only where `used` meets m exactly.
        first = int(np.searchsorted(used, m * (1 - 1e-15), side="left"))
        after = int(np.searchsorted(used, m * (1 + 1e-15), side="right"))
        high = np.inf if m == 0 else s[first] if first < len(s) else 0.0
        low = s[after] if after < len(s) else 0.0
        return _Side(need, (float(low), float(max(high, low))))

    def share(tau: float) -> Array:
        return np.minimum(1, np.divide(tau, s, out=np.ones(len(s)), where=s > tau))

    def bounds(lam: float, tau: float) -> tuple[Array, Array]:
        """Smallest and largest q that are a best reply at prices lam and tau."""
        part = share(tau)
        low = np.where(g > lam, np.where(-h > lam, 1.0, part), 0.0)
        high = np.where(g >= lam, np.where(-h >= lam, 1.0, part), 0.0)
        return low, high

    def spare(lam: float) -> tuple[float, float]:
        """Range of the budget that can be spent at price lam."""
        low_tau, high_tau = side(lam).tau
        return float(bounds(lam, low_tau)[0].sum()), float(bounds(lam, high_tau)[1].sum())

    knots = np.unique(g[g > 0]) if game.abstain else np.unique(np.concatenate((g, -h)))
    if game.abstain:
        knots = np.concatenate(([0.0], knots))
    # Largest knot at which at least b could be spent: spending falls as the price rises.
    left, right = -1, len(knots)
    lam, found = float(knots[0]), False
    while right - left > 1:
        middle = (left + right) // 2
        low, high = spare(knots[middle])
        if low > b:
            left = middle
        elif high < b and not (middle == 0 and game.abstain):
            right = middle
        else:
            lam, found = float(knots[middle]), True
            break
    if found:
        tau = _between(lam, side(lam).tau, b, bounds, share)
    else:
        ceiling = float(knots[right]) if right < len(knots) else np.inf
        base = float(knots[left]) if left >= 0 else bottom
        middle_price = base + (ceiling - base) / 2
        full = -h >= max(base, -np.inf) if left < 0 else (-h > base)
        mid = (g > base) & ~full
        tau = _fill(np.sort(s[mid])[::-1], b - float(full.sum()))
        heavy = s > tau
        density = float(np.sum(1 / s[mid & heavy]))
        lam = middle_price
        if density > 0:
            rest = m - float(np.sum(full & heavy))
            lam = (float(np.sum(g[mid & heavy] / s[mid & heavy])) - rest) / density
        lam = float(np.clip(lam, base, ceiling))
    q, l = _strategies(lam, tau, g, s, side(lam).need, bounds, game)
    value = float(np.sum(q * (g - s * l)))
    if game.abstain:
        # The same number without cancellation: the price of the budget plus what is not shaved.
        value = b * lam + float(np.sum(np.maximum(0, g - lam - s * l)))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return _Parts(value, q[back], l[back], lam, min(tau, float(s.max())), "two prices")


def _fill(s: Array, total: float) -> float:
    """Threshold tau with sum min(1, tau/s) = total; s is sorted, largest first."""
    n = len(s)
    if total >= n:
        return float(s[0]) if n else 0.0
    inverse = np.cumsum(1 / s)
    # With the k largest stakes below one, tau = (total - (n - k)) / sum_{i <= k} 1/s_i.
    k = np.arange(1, n + 1)
    tau = (total - (n - k)) / inverse
    next_stake = np.append(s[1:], 0.0)
    fits = np.flatnonzero((tau >= next_stake) & (tau <= s * (1 + 1e-12)))
    best = int(fits[0]) if fits.size else int(np.argmax(tau))
    return float((total - (n - 1 - best)) / np.sum(1 / s[: best + 1]))


def _between(lam, ends, b, bounds, share) -> float:  # type: ignore[no-untyped-def]
    """Threshold within `ends` at which exactly b can be spent at price lam."""
    low, high = ends
    if bounds(lam, low)[1].sum() >= b:
        return float(low)
    if bounds(lam, high)[0].sum() <= b:
        return float(high)
    for _ in range(200):
        tau = low + (high - low) / 2
        if not low < tau < high:
            break
        if bounds(lam, tau)[1].sum() >= b:
            high = tau
        else:
            low = tau
    return float(high)


def _strategies(lam, tau, g, s, need, bounds, game) -> tuple[Array, Array]:  # type: ignore[no-untyped-def]
    m, b = game.mistakes, game.budget
    low, high = bounds(lam, tau)
    q = low
    missing = b - float(low.sum())
    room = high - low
    if game.abstain:
        room = np.where((g > 0) & (lam > 0), room, 0.0)
    if missing > 0 and room.sum() > 0:
        q = low + room * min(1.0, missing / float(room.sum()))
    elif missing < 0:
        q = low * (b / float(low.sum()))
    l = np.where(s > tau, need, 0.0)
    rest = m - float(l.sum())
    edge = np.where(s == tau, need, 0.0)
    if rest > 0 and edge.sum() > 0:
        l = l + edge * min(1.0, rest / float(edge.sum()))
    elif rest < 0:
        l = l * (m / float(l.sum()))
    return q, l
