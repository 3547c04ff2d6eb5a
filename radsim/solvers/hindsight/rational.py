r"""Exact regret and ratio in rational arithmetic, from the teacher's side."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from radsim.game import Game
from radsim.hindsight import check_benchmarks, many_benchmarks
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import need_positive_value, solution_of

__all__ = ["solve_hindsight"]

Q = Fraction


def solve_hindsight(game: Game, *, objective: str) -> Solution:
    r"""Exact value and strategies by a search over what the teacher lets a query earn.

    If every query earns at most :math:`\mu`, the teacher marks at least
    :math:`l_i(\mu) = \max(0, g_i - \mu)/s_i`, which takes :math:`\mu` from V upwards, and the
    best expected benchmark is

    .. math:: G(\mu) = \max\{\textstyle\sum_i w_i g_i : 0 \le w_i \le 1 - l_i(\mu),\
              \sum_i w_i \le 1\}.

    G is concave and piecewise linear: the regret is :math:`\max_{\mu \ge V} [G(\mu) - \mu]`, the
    ratio :math:`\min_{\mu \ge V} \mu/G(\mu)`.  The knots are the gains and the :math:`\mu` at
    which a prefix of the sorted points uses up :math:`\sum w = 1`; all are evaluated by the
    definition of G.  The learner's insurance follows from complementary slackness.

    Parameters
    ----------
    game : Game
        Whole m; budget at most one unless uncapped; floats are taken exactly.
    objective : {"regret", "ratio"}

    Returns
    -------
    Solution
        Of fractions, its mixture too.

    Raises
    ------
    ValueError
        If regret or ratio is not defined, or a forced budget leaves no positive guarantee.
    SolveError
        If the certificate's gap is not exactly zero (a defect, not a rounding).

    References
    ----------
    Theory page: R1, R2.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution = solve_hindsight(game, objective="regret")
    >>> solution.value, [str(x) for x in solution.inclusion], solution.certificate.gap
    (Fraction(9, 14), ['5/14', '3/14', '3/7'], Fraction(0, 1))
    """
    check_benchmarks(game, objective)
    if many_benchmarks(game):
        raise ValueError(
            f"budget = {game.budget} must be at most 1 for the exact regret of a capped game; "
            "method='linprog' or 'enumeration' takes more"
        )
    g, h = [Q(x) for x in game.gains], [Q(x) for x in game.harms]
    s = [a + c for a, c in zip(g, h, strict=True)]
    m, b = int(game.mistakes), Q(game.budget)
    order = sorted((i for i in range(game.n) if g[i]), key=lambda i: -g[i])
    need_positive_value(game, f"the {objective} has no exact route there, see method='linprog'")
    value = _value(g, s, order, m)

    def marks(mu: Q) -> list[Q]:
        return [max(Q(0), g[i] - mu) / s[i] if s[i] else Q(0) for i in range(game.n)]

    def benchmark(mu: Q) -> tuple[Q, Q]:
        """G(mu), and the gain of the last benchmark point that it uses."""
        l, left, total, last = marks(mu), Q(1), Q(0), Q(0)
        for i in order:
            w = min(left, 1 - l[i])
            left, total = left - w, total + w * g[i]
            if left == 0:
                return total, g[i]
        return total, last

    knots = sorted(x for x in {value, *g, *_full(g, h, s, order)} if x >= value)
    if objective == "ratio":
        best = min(knots, key=lambda mu: mu / benchmark(mu)[0] if benchmark(mu)[0] else Q(2))
        result = weight = best / benchmark(best)[0]
    else:
        best = max(knots, key=lambda mu: benchmark(mu)[0] - mu)
        result, weight = b * (benchmark(best)[0] - best), Q(1)
    t = benchmark(best)[1]
    if best > value:  # the level costs nothing: all of p is insurance
        t = _unit_level(g, s, order)
    y = [max(Q(0), x - t) for x in g]
    support = [i for i in order if g[i] >= value] if value > 0 else []
    insured = sum((y[i] / s[i] for i in order), Q(0))
    r = (1 - weight * insured) / sum((1 / s[i] for i in support), Q(0)) if support else Q(0)
    p = [Q(0)] * game.n
    for i in order:
        p[i] = weight * y[i] / s[i]
    for i in support:
        p[i] += r / s[i]
    solution = solution_of(
        game,
        objective,
        "rational",
        result,
        np.array([b * x for x in p], dtype=object),
        np.array(marks(best), dtype=object),
        {"insured_above": t, "weight": weight},
    )
    if not solution.certificate.accepts(rtol=0):
        raise SolveError(f"rational: certificate has gap {solution.certificate.gap}, not 0")
    return solution


def _value(g: list[Q], s: list[Q], order: list[int], m: int) -> Q:
    """V2, or 0 when no selection has a positive guarantee."""
    best, top, bottom = None, Q(0), Q(0)
    for i in order:
        top, bottom = top + g[i] / s[i], bottom + 1 / s[i]
        ratio = (top - m) / bottom
        best = ratio if best is None else max(best, ratio)
    return max(Q(0), best) if best is not None else Q(0)


def _full(g: list[Q], h: list[Q], s: list[Q], order: list[int]) -> list[Q]:
    """Levels mu at which 1 - l(mu) sums to one over a prefix of the points, all above mu."""
    out, harm, inverse = [], Q(0), Q(0)
    for i in order:
        harm, inverse = harm + h[i] / s[i], inverse + 1 / s[i]
        out.append((1 - harm) / inverse)
    return out


def _unit_level(g: list[Q], s: list[Q], order: list[int]) -> Q:
    """Level above which the gains take exactly one mistake."""
    top, bottom = Q(0), Q(0)
    best = Q(0)
    for i in order:
        top, bottom = top + g[i] / s[i], bottom + 1 / s[i]
        best = max(best, (top - 1) / bottom)
    return best
