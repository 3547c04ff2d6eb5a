"""Rounding of approximate solutions: strategies are moved into their polytopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from radsim.feasible import fit_inclusion, fit_mistakes
from radsim.game import Array, Game
from radsim.mixtures import Mixture, systematic_mixture
from radsim.payoffs import AnyGame, number_like
from radsim.restriction import Restriction
from radsim.solution import Solution

__all__ = [
    "need_positive_value",
    "positive_value",
    "rounded",
    "rounded_hindsight",
    "solution_of",
]


def rounded(
    game: AnyGame,
    method: str,
    q: Array,
    l: Array,
    level: float,
    stats: dict[str, Any],
    *,
    threshold: float | None = None,
    restriction: Restriction | None = None,
) -> Solution:
    """Solution of approximate strategies, moved into their polytopes; its value is the middle of
    what they prove.

    A restricted teacher's l is moved into that smaller set.
    """
    q = fit_inclusion(game, q)
    l = fit_mistakes(game, l) if restriction is None else restriction.fit(l)[0]
    if threshold is None:
        threshold = float(np.max(np.where(l > 1e-9, q * game.stakes, 0.0)))
    draft: dict[str, Any] = dict(
        game=game,
        inclusion=q,
        mistake_probabilities=l,
        level=level,
        threshold=threshold,
        method=method,
        stats=stats,
        restriction=restriction,
    )
    certificate = Solution(value=0.0, **draft).certificate
    return Solution(value=certificate.lower / 2 + certificate.upper / 2, **draft)


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
    game: Game,
    objective: str,
    method: str,
    value: Any,
    q: Array,
    l: Array,
    stats: dict[str, Any],
    *,
    mixture: Mixture | None = None,
) -> Solution:
    """Solution for marginals l, with the systematic joint law; exact where q or l are.

    A mixture that is given stands in place of the systematic one.
    """
    mixture = systematic_mixture(game, l) if mixture is None else mixture
    l = mixture.marginals(game.n).astype(q.dtype)
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


def rounded_hindsight(
    game: Game, objective: str, method: str, q: Array, l: Array, stats: dict[str, Any]
) -> Solution:
    """The same for regret and ratio, with the systematic joint law of the mistakes."""
    q, l = fit_inclusion(game, q), fit_mistakes(game, l)
    proof = solution_of(game, objective, method, 0.0, q, l, stats).certificate
    value = float(proof.lower) / 2 + float(proof.upper) / 2
    return solution_of(game, objective, method, value, q, l, stats)
