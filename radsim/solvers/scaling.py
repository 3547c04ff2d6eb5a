"""Around every approximate solver: unit-sized data before it, feasible strategies after."""

from __future__ import annotations

from typing import Any

import numpy as np

from radsim.game import Array, Game
from radsim.solution import Solution

__all__ = ["finish", "normalised"]


def normalised(game: Game) -> tuple[Array, Array, float]:
    """Gains and stakes divided by the largest gain (harm if all gains are zero), and that unit."""
    unit = float(game.gains.max() or game.harms.max() or 1.0)
    g, h = game.gains / unit, game.harms / unit
    return g, g + h, unit


def _shrink(x: Array, total: float, top: float) -> Array:
    x = np.clip(x, 0.0, top)
    return x * (total / x.sum()) if x.sum() > total else x


def finish(
    game: Game,
    method: str,
    unit: float,
    q: Array,
    l: Array,
    level: float,
    threshold: float,
    stats: dict[str, Any],
    **extra: Any,
) -> Solution:
    """Round strategies into their polytopes and report the middle of what they prove."""
    top = 1.0 if game.capped else np.inf
    q = np.asarray(q, dtype=float)
    if game.abstain:
        q = np.where(game.gains > 0, q, 0.0)  # a point without gain can only cost
    q = _shrink(q, game.budget, top)
    if not game.abstain and q.sum() < game.budget:
        room = top - q if game.capped else np.ones(game.n)
        q = np.minimum(top, q + room * ((game.budget - q.sum()) / room.sum()))
    if "reply" not in extra:
        l = _shrink(np.asarray(l, dtype=float), game.mistakes, 1.0)
    draft: dict[str, Any] = dict(
        game=game,
        inclusion=q,
        mistake_probabilities=l,
        level=level * unit,
        threshold=threshold * unit,
        method=method,
        stats=stats,
    )
    certificate = Solution(value=0.0, **draft, **extra).certificate
    return Solution(value=certificate.lower / 2 + certificate.upper / 2, **draft, **extra)
