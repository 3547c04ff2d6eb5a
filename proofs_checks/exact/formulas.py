"""The formulas of the theory in fractions, written from their statements alone: no solver in here.

Gains, stakes, limits and budgets are fractions (or any exact numbers).  Bad data is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

Q = Fraction
Numbers = Sequence[Q]
Group = tuple[Sequence[int], Q]  # its points and its number of mistakes


def total(values: Iterable[Q]) -> Q:
    return sum(values, Q(0))


def part(x: Q) -> Q:
    """Positive part."""
    return max(x, Q(0))


def water_level(g: Numbers, s: Numbers, m: Q) -> Q:
    """V1: the root of phi(lam) = sum max(0, g - lam)/s = m, at least 0; max g for m = 0.

    Walks down the gains to the piece on which phi crosses m.
    """
    play = [i for i in range(len(g)) if g[i] > 0]
    knots = sorted({g[i] for i in play} | {Q(0)}, reverse=True)

    def phi(lam: Q) -> Q:
        return total(part(g[i] - lam) / s[i] for i in play)

    above = knots[0]
    for below in knots[1:]:
        if phi(below) >= m:
            if m == 0:
                return above
            high, low = phi(below), phi(above)
            return above + (m - low) / (high - low) * (below - above)
        above = below
    return Q(0)


def prefix_ratios(g: Numbers, s: Numbers, m: Q) -> list[Q]:
    """V2: F_k for k = 1, 2, ..., gains sorted descending."""
    order = sorted((i for i in range(len(g)) if g[i] > 0), key=lambda i: -g[i])
    tops = accumulate(g[i] / s[i] for i in order)
    bottoms = accumulate(1 / s[i] for i in order)
    return [(top - m) / bottom for top, bottom in zip(tops, bottoms, strict=True)]


def saddle_point(g: Numbers, s: Numbers, lam: Q) -> tuple[list[Q], list[Q]]:
    """V1: p_i = 1/(s_i H) on S = {g >= lam}, l_i = max(0, g_i - lam)/s_i, for lam > 0."""
    density = total(1 / s[i] for i in range(len(g)) if g[i] >= lam)
    p = [1 / (s[i] * density) if g[i] >= lam else Q(0) for i in range(len(g))]
    return p, [part(g[i] - lam) / s[i] if s[i] else Q(0) for i in range(len(g))]


class Bracket(NamedTuple):
    """V3: the two prices, both strategies and the value; `met` unless b or m is too large."""

    met: bool
    lam: Q
    tau: Q
    q: list[Q]
    l: list[Q]
    value: Q


def share(tau: Q, s: Q) -> Q:
    return min(Q(1), tau / s) if s else Q(1)


def brackets(g: Numbers, s: Numbers, m: Q, b: Q) -> Bracket:
    """V3: try every pair (lam, tau) at which a bracket can begin or end; take one in both.

    If there is none, budget may be left at lam = 0 and mistakes at tau = 0.
    """
    n = range(len(g))

    def need(i: int, lam: Q) -> Q:
        return part(g[i] - lam) / s[i] if s[i] else Q(0)

    prices = {Q(0), *g}
    for edge in set(s):  # sum over stakes >= edge of (g - lam)/s = m, k of them above lam
        heavy = sorted((i for i in n if s[i] >= edge and s[i]), key=lambda i: -g[i])
        a = h = Q(0)
        for i in heavy:
            a, h = a + g[i] / s[i], h + 1 / s[i]
            prices.add((a - m) / h)
    left_over = None
    for lam in sorted(x for x in prices if x >= 0):
        rich, fair = [i for i in n if g[i] > lam], [i for i in n if g[i] >= lam and g[i] > 0]
        for tau in sorted({Q(0), *s, *thresholds(rich, s, b), *thresholds(fair, s, b)}):
            made = total(need(i, lam) for i in n if s[i] > tau)
            could = total(need(i, lam) for i in n if s[i] >= tau)
            spent = total(share(tau, s[i]) for i in rich)
            spendable = total(share(tau, s[i]) for i in fair)
            met = made <= m <= could and spent <= b <= spendable
            at_zero = (m <= could or tau == 0) and (b <= spendable or lam == 0)
            if not met and (left_over or made > m or spent > b or not at_zero):
                continue
            theta = min(Q(1), (b - spent) / (spendable - spent)) if spendable > spent else Q(0)
            edge_share = min(Q(1), (m - made) / (could - made)) if could > made else Q(0)
            q = [share(tau, s[i]) * (1 if g[i] > lam else theta * (i in fair)) for i in n]
            l = [need(i, lam) * (1 if s[i] > tau else edge_share if s[i] == tau else 0) for i in n]
            found = Bracket(met, lam, tau, q, l, total(q[i] * g[i] for i in n) - tau * m)
            if met:
                return found
            left_over = found
    if left_over is None:
        raise AssertionError(f"no pair of prices in both brackets: {g}, {s}, m = {m}, b = {b}")
    return left_over


def thresholds(points: Sequence[int], s: Numbers, b: Q) -> set[Q]:
    """The tau with sum over the points of min(1, tau/s) = b, if there is one."""
    stakes = sorted((s[i] for i in points if s[i]), reverse=True)
    free = len(points) - len(stakes)
    found, inverse = set(), Q(0)
    for k, edge in enumerate(stakes, start=1):
        inverse += 1 / edge
        tau = (b - free - (len(stakes) - k)) / inverse  # the k largest stakes below one
        if 0 <= tau <= edge and all(x <= tau for x in stakes[k:]):
            found.add(tau)
    return found


def full_budget(g: Numbers, s: Numbers, m: Q) -> Q:
    """V3: b0 = sum min(1, tau0/s) over g > 0, tau0 the largest threshold at lam = 0."""
    play = sorted((i for i in range(len(g)) if g[i] > 0), key=lambda i: -s[i])
    made = Q(0)
    for i in play:
        made += g[i] / s[i]
        if made >= m:
            return total(share(s[i], s[j]) for j in play)
    return Q(0)


def least_price(
    g: Numbers, s: Numbers, r: Numbers, groups: Sequence[Group], b: Q, forced: bool = False
) -> Q:
    """V3, V3b, A1, A2: min of F(lam) = b lam + sum over groups of f_G(lam), at its kinks.

    f_G leaves what the teacher cannot shave: largest stakes first, point i by at most
    min(r_i, max(0, g_i - lam)/s_i) mistakes.  lam >= 0, or any real when the budget is forced.
    """

    def need(i: int, lam: Q) -> Q:
        return min(r[i], part(g[i] - lam) / s[i]) if s[i] else Q(0)

    ends = {*g, *(g[i] - s[i] * r[i] for i in range(len(g)))}
    orders = [(sorted(points, key=lambda i: -s[i]), m) for points, m in groups]
    kinks, knots = set(ends), sorted(ends)
    for order, m in orders:
        for k in range(1, len(order) + 1):
            first = order[:k]
            used = [total(need(i, lam) for i in first) for lam in knots]
            for x, y, at, after in zip(knots, knots[1:], used, used[1:], strict=False):
                if after < m < at:
                    kinks.add(x + (at - m) / (at - after) * (y - x))

    def f(order: Sequence[int], m: Q, lam: Q) -> Q:
        left, surplus = m, Q(0)
        for i in order:
            taken = min(left, need(i, lam))
            left -= taken
            surplus += part(g[i] - s[i] * taken - lam)
        return surplus

    prices = kinks if forced else {x for x in kinks if x > 0} | {Q(0)}
    return min(b * lam + total(f(order, m, lam) for order, m in orders) for lam in prices)


class Hindsight(NamedTuple):
    """R1 and R2: j (0 the first), t and whether it is clamped, and the two optima."""

    j: int
    t: Q
    clamped: bool
    expected: Q  # E(g_j)
    ratio: Q
    regret: Q


def shifted(g: Numbers, s: Numbers, value: Q, t: Q) -> Q:
    """E(t) = t + sum max(0, g - t) (h + V)/s."""
    return t + total(
        part(g[i] - t) * (s[i] - g[i] + value) / s[i] for i in range(len(g)) if g[i] > 0
    )


def in_hindsight(g: Numbers, s: Numbers, value: Q) -> Hindsight:
    """R1, R2 for V > 0."""
    order = sorted((i for i in range(len(g)) if g[i] > 0), key=lambda i: -g[i])
    shares = list(accumulate((s[i] - g[i] + value) / s[i] for i in order))
    j = next(k for k, x in enumerate(shares) if x >= 1)
    low = g[order[j]]
    unit = water_level(g, s, Q(1))
    t = max(low, unit)
    expected = shifted(g, s, value, low)
    return Hindsight(j, t, unit > low, expected, value / expected, shifted(g, s, value, t) - value)


def insured(g: Numbers, s: Numbers, value: Q, t: Q, weight: Q) -> list[Q]:
    """R1, R2: p_i s_i = r + weight*max(0, g_i - t) on S = {g >= V}, r fixed by sum p = 1."""
    on = [i for i in range(len(g)) if g[i] >= value and g[i] > 0]
    density = total(1 / s[i] for i in on)
    spread = weight * total(part(g[i] - t) / s[i] for i in on)
    r = (1 - spread) / density
    return [(r + weight * part(g[i] - t)) / s[i] if i in set(on) else Q(0) for i in range(len(g))]
