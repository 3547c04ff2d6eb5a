r"""Exact value and strategies: the learner's linear program by the simplex method on fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from radsim.constrained import ConstrainedGame
from radsim.simplex import maximise
from radsim.solution import Solution, SolveError

__all__ = ["solve_value"]

Q = Fraction


def solve_value(game: ConstrainedGame) -> Solution:
    r"""Exact value and strategies, for any groups, limits and costs.

    Knows none of the closed forms.  A forced budget is an abstaining one with gains
    :math:`g + K c`: for K large enough every unit of the budget is worth spending, and the constant
    K b is not reported.

    Parameters
    ----------
    game : ConstrainedGame
        Floats are dyadic rationals; they are taken exactly.

    Returns
    -------
    Solution
        `value`, `inclusion` and `mistake_probabilities` hold fractions.

    Raises
    ------
    SolveError
        If the certificate's gap is not exactly zero (a defect, not a rounding).

    References
    ----------
    Theory page: A1, A2.

    Examples
    --------
    >>> from radsim.constrained import ConstrainedGame
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> solve_value(game).value
    Fraction(12, 7)
    """
    n, k = game.n, len(game.mistakes)
    g, s, r, c, m = (
        [Q(x) for x in array]
        for array in (game.gains, game.stakes, game.limits, game.costs, game.mistakes)
    )
    b = Q(game.budget)
    lift = Q(0)
    if not game.abstain:
        lift = 1 + max(Q(0), *((s[i] * r[i] - g[i]) / c[i] for i in range(n)))
    zeros = [Q(0)] * (n + k + n)

    def row(entries: dict[int, Q]) -> list[Q]:
        return [entries.get(j, a) for j, a in enumerate(zeros)]

    # Variables q, the prices of the groups' mistakes, and those of the limits.
    rows, bounds = [], []
    for i in range(n):
        prices = {n + a: Q(-1) for a in range(k) if game.members[a, i]}
        rows.append(row({i: s[i], n + k + i: Q(-1)} | prices))
        bounds.append(Q(0))
    rows.append(row(dict(enumerate(c))))
    bounds.append(b)
    if game.capped:
        rows += [row({i: Q(1)}) for i in range(n)]
        bounds += [Q(1)] * n
    profit = [a + lift * d for a, d in zip(g, c, strict=True)] + [-x for x in (*m, *r)]
    x, y = maximise(profit, rows, bounds)
    q, l = np.array(x[:n], dtype=object), np.array(y[:n], dtype=object)
    solution = Solution(
        game=game,
        value=sum((p * a for p, a in zip(profit, x, strict=True)), Q(0)) - lift * b,
        inclusion=q,
        mistake_probabilities=l,
        level=y[n] - lift,
        threshold=max((q[i] * s[i] for i in range(n) if l[i] > 0), default=Q(0)),
        method="rational",
    )
    if not solution.certificate.accepts(rtol=0):
        raise SolveError(f"rational: certificate has gap {solution.certificate.gap}, not 0")
    return solution
