"""From a learner's p and a teacher's marginals to a solution with an explicit joint mixture."""

from __future__ import annotations

from typing import Any

import numpy as np

from radsim.game import Array, Game, number_like
from radsim.hindsight import systematic_mixture
from radsim.solution import Solution

__all__ = ["need_positive_value", "positive_value", "solution_of", "solution_of_rounded"]


def positive_value(game: Game) -> bool:
    """Whether some selection has a positive guarantee against m mistakes."""
    play = game.gains > 0
    return bool(np.sum(game.gains[play] / game.stakes[play]) > game.mistakes)


def need_positive_value(game: Game, why: str) -> None:
    """Refuse a forced budget without a positive guarantee, saying why."""
    if not game.abstain and not positive_value(game):
        raise ValueError(
            f"mistakes = {game.mistakes} leaves no positive guarantee and abstain is False: {why}"
        )


def solution_of(
    game: Game, objective: str, method: str, value: Any, q: Array, l: Array, stats: dict[str, Any]
) -> Solution:
    """Solution for marginals l, with the systematic joint law; exact when q and l are."""
    mixture = systematic_mixture(game, l)
    l = mixture.marginals(game.n)
    g, s = game.numbers(q)
    m = number_like(game.mistakes, q)
    robust = g - s * l
    bite = np.sort(q * s)[::-1]
    whole = int(m)
    return Solution(
        game=game,
        objective=objective,
        value=value,
        inclusion=q,
        mistake_probabilities=l,
        level=max(np.max(robust), robust[0] * 0) if game.abstain else np.max(robust),
        threshold=bite[whole] if whole < game.n else bite[0] * 0,
        method=method,
        stats=stats,
        mixture=mixture,
    )


def solution_of_rounded(
    game: Game, objective: str, method: str, q: Array, l: Array, stats: dict[str, Any]
) -> Solution:
    """Round the strategies of an approximate solver into their sets; report the middle."""
    q = np.maximum(0.0, np.asarray(q, dtype=float))
    if game.abstain:
        q = np.where(game.gains > 0, q, 0.0)
    total = float(q.sum())
    if total > game.budget or (not game.abstain and total > 0):
        q = q * (game.budget / total)
    l = np.clip(np.asarray(l, dtype=float), 0.0, 1.0)
    if l.sum() > game.mistakes:
        l = l * (game.mistakes / l.sum())
    draft = solution_of(game, objective, method, 0.0, q, l, stats)
    proof = draft.certificate
    value = float(proof.lower) / 2 + float(proof.upper) / 2
    return solution_of(game, objective, method, value, q, l, stats)
