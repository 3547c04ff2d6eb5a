r"""Closed forms R1 and R2: the max-min solution plus an insurance on the highest gains."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from radsim.game import Array, Game
from radsim.hindsight import check_benchmarks, many_benchmarks
from radsim.payoffs import exact
from radsim.solution import Solution
from radsim.solvers.hindsight.places import solve_places
from radsim.solvers.rounding import need_positive_value, positive_value, solution_of
from radsim.solvers.water.closed_form import Extent
from radsim.solvers.water.levels import level_of

__all__ = ["solve_hindsight"]

# Stakes this many times what the answer is measured against ask for weights finer than 2^-52 ...
_COARSE = 1e4
# ... which this many points can be given: fractions are slow.
_FEW = 50_000


def solve_hindsight(game: Game, *, objective: str) -> Solution:
    r"""Regret (R2) or competitive ratio (R1) from the water level V, in O(n log n).

    With gains in falling order let j be the first index with
    :math:`\sum_{i \le j} (h_i + V)/s_i \ge 1` and :math:`t_1` the water level at one mistake.
    The learner plays :math:`p_i s_i = r + \kappa \max(0, g_i - t)` on S: :math:`\kappa = 1` and
    :math:`t = \max(g_j, t_1)` for the regret, :math:`\kappa = \rho^*` and :math:`t = g_j` for the
    ratio.  The teacher shaves every gain down to V, or to

    .. math:: \mu = \Big(1 - \sum_{g_i > t} h_i/s_i\Big) \Big/ \sum_{g_i > t} 1/s_i \ge V

    if :math:`t = t_1 > g_j` (then r = 0: all of p is insurance), and draws its mistakes
    systematically in order of gain.

    Parameters
    ----------
    game : Game
        As `check_benchmarks` has it.  No closed form is known for a capped budget above one: then
        the linear program answers, and the solution's `method` says so.
    objective : {"regret", "ratio"}

    Returns
    -------
    Solution
        `stats`: `insured_above` is t, `weight` is :math:`\kappa`, `branch` is "benchmark"
        (t = g_j) or "clamped" (t = t_1).

    Raises
    ------
    ValueError
        If regret or ratio is not defined, or a forced budget leaves no positive guarantee.

    Notes
    -----
    Where V = 0 and the learner may abstain, the same formulas hold with V = 0, r = 0 and
    :math:`g_j = 0` if no j exists: the regret is met by the insurance alone, and the ratio is 0,
    met by asking nothing.

    The weights of the mixture are multiples of 2^-52, so its side of the certificate is exact to
    some 1e-16 max(s).  Where that is coarse beside max(g), or for the ratio beside V, they are
    fractions, of points that are almost surely right or almost surely wrong alike.

    References
    ----------
    Theory page: R1, R2.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> found = [solve_hindsight(game, objective=name) for name in ("regret", "ratio")]
    >>> [round(solution.value, 12) for solution in found]
    [0.642857142857, 0.181818181818]
    >>> [solution.certificate.accepts(1e-14) for solution in found]
    [True, True]
    """
    check_benchmarks(game, objective)
    if many_benchmarks(game):
        return solve_places(game)
    need_positive_value(game, f"the {objective} has no closed form there, see method='linprog'")
    positive = positive_value(game)
    exponent = Extent.of([(game.gains, game.harms, game.stakes)]).centre(1.0)
    play = game.gains > 0
    zeros = np.zeros(game.n)
    stats = {"branch": "benchmark", "insured_above": 0.0, "weight": 1.0}
    if not play.any():
        return solution_of(game, objective, "closed_form", 0.0, zeros, zeros.copy(), stats)
    g, h, s = (np.ldexp(a[play], -exponent) for a in (game.gains, game.harms, game.stakes))
    m, b = int(game.mistakes), game.budget
    level, support, density = level_of(g, s, m) if positive else (0.0, g > 0, 1.0)
    if positive and m > 0:
        level = _refined(g, h, s, support, m)
    order = np.argsort(-g, kind="stable")
    with np.errstate(over="ignore"):  # beyond one it does not matter how far
        share = (h + level) / s
    j = int(np.searchsorted(np.cumsum(share[order]), 1.0))
    t = float(g[order[min(j, m)]]) if j < len(g) or positive else 0.0
    mu = level
    if objective == "regret" and m >= 1 and np.sum(g / s) > 1:
        first = level_of(g, s, 1).level
        if first > t:
            t = first
            top = g > t
            mu = max(level, float((1 - np.sum(h[top] / s[top])) / np.sum(1 / s[top])))
            stats["branch"] = "clamped"
    y = np.maximum(0, g - t)
    insured = float(np.sum(y / s))
    top = y > 0
    back = float(np.sum(y[top] * share[top]))
    weight = 1.0
    if objective == "ratio":
        weight = level / (t + back)
        value = weight
    elif stats["branch"] == "clamped":  # sum y/s = 1: the level cancels
        value = float(np.ldexp(b * (t + np.sum(y * (h / s))), exponent))
    else:
        value = float(np.ldexp(b * ((t - level) + back), exponent))
    r = max(0.0, 1 - weight * insured) / density if positive and stats["branch"] != "clamped" else 0
    p = (np.where(support, r, 0.0) + weight * y) / s
    if positive:
        p /= p.sum()
    q, l = zeros, zeros.copy()
    q[play] = b * p
    l[play] = np.minimum(1, np.maximum(0, g - mu) / s)
    wrong = g > mu
    fine = _COARSE * (mu if objective == "ratio" else float(g.max()))
    if wrong.any() and mu > 0 and s[wrong].max() > fine and wrong.sum() <= _FEW:
        l = exact(zeros)
        l[np.flatnonzero(play)[wrong]] = _exact_mistakes(g[wrong], h[wrong], s[wrong], mu, m)
    stats |= {"insured_above": float(np.ldexp(t, exponent)), "weight": weight}
    return solution_of(game, objective, "closed_form", value, q, l, stats)


def _refined(g: Array, h: Array, s: Array, support: Array, m: int) -> float:
    """The level of a support once more, without cancellation between whole mistakes and m."""
    g, h, s = g[support], h[support], s[support]
    near = g > h  # g/s is one minus h/s
    parts = np.where(near, -h / s, g / s)
    return math.fsum([int(near.sum()) - m, *parts]) / math.fsum(1 / s)


def _exact_mistakes(g: Array, h: Array, s: Array, mu: float, m: int) -> Array:
    """Mistakes that shave gains down to mu, precise near one as near zero, m of them at most."""
    wrong, right = (g - mu) / s, (h + mu) / s
    near = np.minimum(wrong, right)  # to zero or to one, a float with all its digits
    steps = exact(near)
    l = np.where(wrong <= right, steps, 1 - steps)
    over = np.sum(l) - m
    if over > 0:  # some roundings of the steps, and taken off in proportion to them
        l = l - steps * Fraction(float(over / np.sum(steps)) * (1 + 1e-15))
    return np.array(l, dtype=object)
