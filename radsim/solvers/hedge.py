r"""Solve a game by Hedge against best responses (S6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from radsim.door import count, number
from radsim.game import Game
from radsim.greedy import shares
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import rounded

__all__ = ["doubled", "solve_value"]


def doubled(play: Callable[[int], Solution], game: Any, gap: float, max_steps: int) -> Solution:
    """Play afresh over doubled horizons until the certified gap, relative to the scale, is small.

    Raises
    ------
    ValueError
        If `gap` is not positive or `max_steps` no count.
    SolveError
        If it is not after `max_steps` steps.
    """
    gap, max_steps = number(gap, "gap", open_low=True), count(max_steps, "max_steps", low=1)
    horizon = 256
    while True:
        solution = play(horizon)
        if solution.certificate.accepts(gap):
            return solution
        if horizon >= max_steps:
            reached = float(solution.certificate.gap)
            raise SolveError(f"hedge: gap {reached:.2e} after {horizon} steps, wanted {gap:.2e}")
        horizon *= 2


def solve_value(game: Game, *, gap: float = 0.02, max_steps: int = 400_000) -> Solution:
    r"""Averages of multiplicative weights and of the replies to them.

    With the step :math:`\sqrt{8 \ln n / T}` over T steps the duality gap of the averages is at most
    :math:`(\max g + \max h)\sqrt{\ln n/(2T)}` for b = 1.  The horizon is doubled, and the play
    starts afresh, until the certified gap is small enough.

    Parameters
    ----------
    game : Game
    gap : float
        Requested duality gap relative to b*max(g) (forced budget: b*max(s)).
    max_steps : int
        Most steps of one horizon.

    Raises
    ------
    SolveError
        If the gap is not reached.

    References
    ----------
    Theory page: S6.

    Examples
    --------
    >>> from radsim import Game
    >>> solution = solve_value(Game([1, 0.5, 0.25], mistakes=1), gap=0.01)
    >>> bool(solution.certificate.gap <= 0.01)
    True
    """
    g, s, unit = game.normalised()
    n, m, b = game.n, game.mistakes, game.budget
    # Abstaining is one more point, worth nothing and never wrong, that can hold the whole budget.
    if game.abstain:
        g, s = np.append(g, 0.0), np.append(s, 0.0)
    capped = np.full(len(g), game.capped)
    capped[n:] = False
    width = float(g.max() + (s - g).max()) or 1.0
    whole, part = int(m), m - int(m)

    def play(horizon: int) -> Solution:
        rate = np.sqrt(8 * np.log(max(2, len(g))) / horizon) / width
        score, q_sum, l_sum = np.zeros(len(g)), np.zeros(len(g)), np.zeros(len(g))
        for _ in range(horizon):
            q = shares(np.exp(np.maximum(rate * (score - score.max()), -700)), b, capped)
            l = np.zeros(len(g))
            bite = q * s
            order = np.argsort(-bite)
            l[order[:whole]] = 1.0
            if part:
                l[order[whole]] = part
            l[bite <= 0] = 0.0
            score += g - s * l
            q_sum += q
            l_sum += l
        q, l = q_sum[:n] / horizon, l_sum[:n] / horizon
        bound = width * np.sqrt(np.log(max(2, len(g))) / (2 * horizon))
        stats = {"steps": horizon, "bound": bound * unit, "gap": gap, "max_steps": max_steps}
        level = float(np.max(g[:n] - s[:n] * l))
        threshold = float(np.max(q * s[:n])) * unit
        return rounded(game, "hedge", q, l, level * unit, stats, threshold=threshold)

    return doubled(play, game, gap, max_steps)
