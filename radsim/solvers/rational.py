r"""Solve a game exactly in rational arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from radsim.game import Game
from radsim.solution import Solution, SolveError

__all__ = ["solve_value"]

Q = Fraction


def solve_value(game: Game) -> Solution:
    r"""Exact value and strategies from the dual function, evaluated by its definition.

    Walks the break points of the convex :math:`F(\lambda) = b\lambda + f(\lambda)`: the gains, the
    floors :math:`-h_i`, and the prices at which a whole group of stakes is just shaved.  The
    learner's strategy follows from complementary slackness.  Nothing here is shared with
    `closed_form`.

    Parameters
    ----------
    game : Game
        Floats are dyadic rationals; they are taken exactly.

    Returns
    -------
    Solution
        `value`, `inclusion` and `mistake_probabilities` hold fractions (object arrays).

    Raises
    ------
    SolveError
        If the certificate's gap is not exactly zero (a defect, not a rounding).

    References
    ----------
    Theory page: V1 to V3b.

    Examples
    --------
    >>> from radsim import Game
    >>> solution = solve_value(Game([1, 0.5, 0.25], mistakes=1))
    >>> solution.value, [str(x) for x in solution.inclusion]
    (Fraction(1, 7), ['1/7', '2/7', '4/7'])
    >>> solution.certificate.gap
    Fraction(0, 1)
    """
    g = [Q(x) for x in game.gains]
    h = [Q(x) for x in game.harms]
    s = [a + c for a, c in zip(g, h, strict=True)]
    m, b = Q(game.mistakes), Q(game.budget)
    order = sorted(range(game.n), key=lambda i: -s[i])

    def need(i: int, lam: Q) -> Q:
        return min(Q(1), max(Q(0), g[i] - lam) / s[i]) if s[i] else Q(0)

    def shave(lam: Q) -> list[Q]:
        """Teacher's cheapest reply at price lam: largest stakes first."""
        l, left = [Q(0)] * game.n, m
        for i in order:
            l[i] = min(left, need(i, lam))
            left -= l[i]
        return l

    def dual(lam: Q) -> Q:
        l = shave(lam)
        return b * lam + sum(max(Q(0), g[i] - s[i] * l[i] - lam) for i in range(game.n))

    if game.capped:
        knots = sorted(
            {x for x in [*g, *(-x for x in h)] if x >= 0 or not game.abstain}
            | ({Q(0)} if game.abstain else set())
        )
        lam = _least(dual, knots, lambda lo, hi: _inner(g, h, s, m, order, lo, hi))
        l = shave(lam)
        q = _reply(g, h, s, m, b, lam, l, game.abstain)
    else:
        lam, l, q = _uncapped(g, h, s, m, b, game.abstain)
    threshold = max((q[i] * s[i] for i in range(game.n) if 0 < l[i]), default=Q(0))
    value = sum((q[i] * (g[i] - s[i] * l[i]) for i in range(game.n)), Q(0))
    solution = Solution(
        game=game,
        value=value,
        inclusion=np.array(q, dtype=object),
        mistake_probabilities=np.array(l, dtype=object),
        level=lam,
        threshold=threshold,
        method="rational",
    )
    if not solution.certificate.accepts(rtol=0):
        raise SolveError(f"rational: certificate has gap {solution.certificate.gap}, not 0")
    return solution


def _least(dual: Callable[[Q], Q], knots: list[Q], inner: Callable[[Q, Q], list[Q]]) -> Q:
    """Minimise a convex piecewise linear function: bisect the knots, then look between them."""
    low, high = 0, len(knots) - 1
    while high > low:
        middle = (low + high) // 2
        if dual(knots[middle]) <= dual(knots[middle + 1]):
            high = middle
        else:
            low = middle + 1
    around = [knots[low]]
    if low > 0:
        around += inner(knots[low - 1], knots[low])
    if low + 1 < len(knots):
        around += inner(knots[low], knots[low + 1])
    return min(around, key=dual)


def _inner(g: list[Q], h: list[Q], s: list[Q], m: Q, order: list[int], lo: Q, hi: Q) -> list[Q]:
    """Prices in (lo, hi) at which the k largest stakes use exactly m mistakes."""
    out, ratio, inverse, ones = [], Q(0), Q(0), Q(0)
    for i in order:
        if not s[i] or g[i] <= lo:
            continue
        if -h[i] >= hi:
            ones += 1
        else:
            ratio, inverse = ratio + g[i] / s[i], inverse + 1 / s[i]
        if inverse:
            lam = (ratio + ones - m) / inverse
            if lo < lam < hi:
                out.append(lam)
    return out


def _reply(
    g: list[Q], h: list[Q], s: list[Q], m: Q, b: Q, lam: Q, l: list[Q], abstain: bool
) -> list[Q]:
    """Learner's q at price lam, by complementary slackness with the shaving l.

    A threshold tau must let exactly b be spent (or less, at price 0 with abstaining); what can be
    spent at tau is nondecreasing in tau, piecewise linear with the stakes as knots.
    """
    n = len(g)

    def bounds(tau: Q) -> tuple[list[Q], list[Q]]:
        low, high = [], []
        for i in range(n):
            robust = g[i] - s[i] * l[i]
            part = min(Q(1), tau / s[i]) if s[i] else Q(1)
            least = part if l[i] == 1 else (part if l[i] > 0 else Q(0))
            most = Q(1) if l[i] == 1 else part
            low.append(most if robust > lam else least if robust == lam else Q(0))
            high.append(most if robust >= lam else Q(0))
            if robust < lam:
                low[i] = high[i] = Q(0)
            if l[i] > 0 and low[i] < part:
                low[i] = part
            if robust > lam:
                low[i] = Q(1) if l[i] == 1 or part == 1 else part
                high[i] = low[i]
        return low, high

    # Thresholds that leave l a best reply: unshaved rich points ask tau >= s, half-shaved tau <= s.
    at_least = [s[i] for i in range(n) if l[i] < 1 and g[i] - s[i] * l[i] > lam]
    at_most = [s[i] for i in range(n) if l[i] > 0]
    floor = max(at_least, default=Q(0))
    ceiling = min(at_most, default=max(s))
    if sum(l, Q(0)) < m:
        floor = ceiling = Q(0)
    ceiling = max(ceiling, floor)
    knots = sorted({floor, ceiling, *(x for x in s if floor < x < ceiling)})
    spend = [(sum(bounds(t)[0], Q(0)), sum(bounds(t)[1], Q(0))) for t in knots]
    tau = knots[0]
    for k, t in enumerate(knots):
        tau = t
        if spend[k][1] >= b:
            if k and spend[k][0] > b:  # crossed inside the last piece, where spending is linear
                left = spend[k - 1][1]
                step = (b - left) / (spend[k][0] - left)
                tau = knots[k - 1] + step * (t - knots[k - 1])
            break
    low, high = bounds(tau)
    missing, room = b - sum(low, Q(0)), sum(high, Q(0)) - sum(low, Q(0))
    if abstain and lam == 0:
        missing = min(missing, Q(0))
    if missing > 0 and room > 0:
        part = min(Q(1), missing / room)
        return [a + part * (c - a) for a, c in zip(low, high, strict=True)]
    return low


def _uncapped(
    g: list[Q], h: list[Q], s: list[Q], m: Q, b: Q, abstain: bool
) -> tuple[Q, list[Q], list[Q]]:
    """Prefix form V2: the largest ratio over prefixes of the sorted gains."""
    n = len(g)
    play = sorted((i for i in range(n) if s[i] and (g[i] or not abstain)), key=lambda i: -g[i])
    best, support, top, bottom = None, 0, Q(0), Q(0)
    for k, i in enumerate(play, start=1):
        top, bottom = top + g[i] / s[i], bottom + 1 / s[i]
        if best is None or (top - m) / bottom > best:
            best, support = (top - m) / bottom, k
    floor = Q(0) if abstain else -min(h)
    q = [Q(0)] * n
    if (best is not None and best > floor) or (best == floor and not abstain):
        assert best is not None
        lam = best
        density = sum((1 / s[i] for i in play[:support]), Q(0))
        for i in play[:support]:
            q[i] = b / (s[i] * density)
    else:
        lam = floor
        if not abstain:
            q[min(range(n), key=lambda i: h[i])] = b
    l = [min(Q(1), max(Q(0), g[i] - lam) / s[i]) if s[i] else Q(0) for i in range(n)]
    return lam, l, q
