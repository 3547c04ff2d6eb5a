r"""The two prices of V3 on a sample whose harms are a multiple of its gains, from running sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from radsim.game import Array
from radsim.solvers.water.capped import Box, Points, Sums

__all__ = ["in_proportion"]


def in_proportion(
    gains: Array, ties: Points, base: Sums, unit: float, box: Box
) -> Callable[[float, float], tuple[float, float]]:
    r"""Prices of games on the same points, of which only m and b differ, for who may abstain.

    The order of the stakes :math:`s = cg` is that of the gains, so the points that are shaved to
    the level are the first k, those taken surely the next ones.  With k of them the mistakes say
    what the level is, and the level says what can be spent, ever less as k grows:

    .. math:: \lambda_k = \frac{k/c - m}{\sum_{i \le k} 1/s_i}, \qquad
        b_k = s_k\sum_{i \le k} \frac1{s_i} + |\{i > k : g_i > \lambda_k\}|.

    So the k of a budget is bisected over numbers, not over arrays.

    Parameters
    ----------
    gains : ndarray
        Of single points, in falling order.
    ties : Points
        Beside them, with stakes of the same multiple.
    base : Sums
        Over points beside them that are shaved or taken surely.
    unit : float
        c.
    box : Box
        In which the prices are known to lie.

    Returns
    -------
    callable
        (m, b) -> level and threshold, as good as a sample needs them: they are not checked.

    References
    ----------
    Theory page: V3.
    """
    g, count = gains, np.ones(len(gains))
    if len(ties.g):
        order = np.argsort(-ties.g)
        places = np.searchsorted(-g, -ties.g[order])
        g, count = (np.insert(x, places, y[order]) for x, y in ((g, ties.g), (count, ties.weight)))
    if len(g) and not g[-1] > 0:  # what is worth nothing is left out
        worth = int(np.searchsorted(-g, 0.0))
        g, count = g[:worth], count[:worth]
    falling, stakes, counts = -g, unit * g, np.cumsum(count)
    density = base.density + np.cumsum(count / stakes)
    ratio = base.ratio + counts / unit

    def above(level: float) -> float:
        """How many points are above it."""
        k = int(np.searchsorted(falling, -level))
        return float(counts[k - 1]) if k else 0.0

    def prices(m: float, b: float) -> tuple[float, float]:
        levels = (ratio - m) / density
        # Beyond its highest level the points are below it: there it is that of V1.
        last = int(np.argmax(levels)) if len(levels) else -1
        first = int(np.searchsorted(levels[: last + 1], box.low))
        if first > last:
            return box.low, box.most

        def spent(k: int, threshold: float) -> float:
            sure = max(0.0, above(float(levels[k])) - float(counts[k]))
            return base.sure + sure + threshold * float(density[k])

        left, right = first - 1, last + 1
        while right - left > 1:
            k = (left + right) // 2
            left, right = (k, right) if spent(k, float(stakes[k])) >= b else (left, k)
        if left < first:  # at the lowest level mistakes are left over, or budget is
            return box.low, float(stakes[first])
        level, lower = float(levels[left]), float(stakes[right]) if right <= last else 0.0
        rest = b - spent(left, 0.0)
        if rest >= lower * float(density[left]):
            return level, min(rest / float(density[left]), float(stakes[left]))
        # The next point is shaved by a part, and the level is where the budget ends.
        reached = float(counts[left]) + b - base.sure - lower * float(density[left])
        k = int(np.searchsorted(counts, reached))
        return float(np.clip(g[min(k, len(g) - 1)], level, levels[right])), lower

    return prices
