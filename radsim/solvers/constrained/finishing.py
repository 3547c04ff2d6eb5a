"""Around every approximate route: unit-sized data before it, feasible strategies after."""

from __future__ import annotations

from typing import Any

import numpy as np

from radsim.constrained import ConstrainedGame
from radsim.game import Array
from radsim.solution import Solution

__all__ = ["finish", "unit_size"]


def unit_size(game: ConstrainedGame) -> float:
    """Largest gain, or stake if no gain is positive: what the data are divided by."""
    return float(max(game.gains.max(), 0) or np.abs(game.gains).max() or game.stakes.max() or 1.0)


def _spend(game: ConstrainedGame, q: Array) -> Array:
    """Inclusion probabilities moved into the learner's polytope."""
    top = np.ones(game.n) if game.capped else np.full(game.n, np.inf)
    q = np.clip(q, 0.0, top)
    if game.abstain:
        q = np.where(game.gains > 0, q, 0.0)  # a point without gain can only cost
    spent = float(game.costs @ q)
    if spent > game.budget:
        return q * (game.budget / spent)
    if not game.abstain and spent < game.budget:
        room = top - q if game.capped else np.ones(game.n)
        open_costs = float(game.costs @ room)
        if open_costs > 0:
            q = np.minimum(top, q + room * ((game.budget - spent) / open_costs))
    return q


def _obey(game: ConstrainedGame, l: Array) -> Array:
    """Mistake probabilities moved into the teacher's polytope."""
    l = np.clip(l, 0.0, game.limits)
    for row, most in zip(game.members, game.mistakes, strict=True):
        made = float(l[row].sum())
        if made > most:
            l[row] *= most / made
    return l


def finish(
    game: ConstrainedGame,
    method: str,
    q: Array,
    l: Array,
    level: float,
    stats: dict[str, Any],
) -> Solution:
    """Round strategies into their polytopes and report the middle of what they prove."""
    q, l = _spend(game, np.array(q, dtype=float)), _obey(game, np.array(l, dtype=float))
    draft: dict[str, Any] = dict(
        game=game,
        inclusion=q,
        mistake_probabilities=l,
        level=level,
        threshold=float(np.max(np.where(l > 1e-9, q * game.stakes, 0.0))),
        method=method,
        stats=stats,
    )
    certificate = Solution(value=0.0, **draft).certificate
    return Solution(value=certificate.lower / 2 + certificate.upper / 2, **draft)
