r"""Hedge for the learner against the best-responding teacher, in a constrained game (S6)."""

from __future__ import annotations

import numpy as np

from radsim.constrained import ConstrainedGame
from radsim.game import Array
from radsim.solution import Solution
from radsim.solvers.hedge import doubled
from radsim.solvers.rounding import rounded

__all__ = ["solve_value"]


def solve_value(game: ConstrainedGame, *, gap: float = 0.02, max_steps: int = 400_000) -> Solution:
    r"""Averages of exponentiated gradients on the budget's shares and of the replies to them.

    The learner moves shares :math:`x_i = c_i q_i/b` of the budget; with T steps of size
    :math:`\sqrt{8 \ln n/T}` the duality gap of the averages is at most
    :math:`b\,w \sqrt{\ln n/(2T)}`, w the range of :math:`(g_i - s_i l_i)/c_i`.  The horizon is
    doubled, and the play starts afresh, until the certified gap is small enough.

    Parameters
    ----------
    game : ConstrainedGame
    gap : float
        Requested duality gap relative to the game's scale.
    max_steps : int
        Most steps of one horizon.

    Raises
    ------
    SolveError
        If the gap is not reached.

    References
    ----------
    Theory page: S6, A1; cf. the exponentiated gradient of S. Sagawa et al., "Distributionally
    robust neural networks", ICLR 2020.

    Examples
    --------
    >>> from radsim.constrained import ConstrainedGame
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> solution = solve_value(game, gap=0.01)
    >>> bool(solution.certificate.gap <= solution.stats["bound"])
    True
    """
    g, s, c = game.gains, game.stakes, game.costs
    top = c / game.budget if game.capped else np.full(game.n, np.inf)
    high, low = float(np.max(g / c)), float(np.min((g - s * game.limits) / c))
    # Abstaining is one more share, worth nothing and never wrong, that can hold the whole budget.
    if game.abstain:
        top = np.append(top, np.inf)
        high, low = max(high, 0.0), min(low, 0.0)
    width = (high - low) or 1.0
    choices = max(2, len(top))

    def play(horizon: int) -> Solution:
        rate = np.sqrt(8 * np.log(choices) / horizon) / width
        score, q_sum, l_sum = np.zeros(len(top)), np.zeros(game.n), np.zeros(game.n)
        for _ in range(horizon):
            x = _project(np.exp(np.maximum(rate * (score - score.max()), -700)), top)
            q = x[: game.n] * game.budget / c
            bite = q * s
            l = np.where(bite > 0, game.costliest_mistakes(bite), 0.0)
            score[: game.n] += (g - s * l) / c
            q_sum += q
            l_sum += l
        bound = game.budget * width * float(np.sqrt(np.log(choices) / (2 * horizon)))
        stats = {"steps": horizon, "bound": bound, "gap": gap, "max_steps": max_steps}
        l = l_sum / horizon
        level = float(np.max((g - s * l) / c))
        return rounded(game, "hedge", q_sum / horizon, l, level, stats)

    return doubled(play, game, gap, max_steps)


def _project(weights: Array, top: Array) -> Array:
    """Shares in proportion to the weights, at most `top`, that sum to one."""
    x = weights / weights.sum()
    full = np.zeros(len(x), dtype=bool)
    while True:
        over = (x > top) & ~full
        if not over.any():
            return x
        full |= over
        x[full] = top[full]
        rest = float(weights[~full].sum())
        if rest <= 0:
            return x
        x[~full] = max(0.0, 1 - float(top[full].sum())) * weights[~full] / rest
