r"""Calls of a selector under test, and the pools made for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from radsim.data.instances import Instance
from radsim.game import Array, Game
from radsim.selectors import Selection, Selector, select_on

__all__ = ["ask", "expected", "filled"]


def ask(selector: Selector, instance: Instance, rng: int | np.random.Generator) -> Selection:
    """Call the selector on copies; indices alone become a selection that claims nothing."""
    found = select_on(_on_copies(selector), instance, rng=np.random.default_rng(rng))
    if isinstance(found, Selection):
        q = None if found.inclusion is None else np.asarray(found.inclusion)
        return Selection(np.asarray(found.indices), q, found.info)
    return Selection(np.asarray(found))


def _on_copies(selector: Selector) -> Selector:
    """A selector that writes into its input does so in copies: one check alone looks for that."""

    def select(data: Any, budget: float, **rest: Any) -> Any:
        free = {name: _copy(value) for name, value in rest.items()}
        return selector.select(_copy(data), budget, **free)

    return replace(selector, select=select)


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def expected(selector: Selector, instance: Instance, seed: int) -> Array | None:
    """Inclusion probabilities: those claimed, or zeros and ones if the generator is not used."""
    rng = np.random.default_rng(seed)
    before = rng.bit_generator.state
    found = ask(selector, instance, rng)
    if found.inclusion is not None:
        return np.asarray(found.inclusion, dtype=np.float64)
    if rng.bit_generator.state != before:
        return None
    q = np.zeros(instance.game.n)
    q[found.indices] = 1
    return q


def filled(selector: Selector, game: Game, name: str, seed: int = 0) -> Instance:
    """A game's instance with what the selector takes: two classes whose margin makes the gains."""
    rng = np.random.default_rng(seed)
    share = game.gains / (2 * (float(game.gains.max()) or 1.0))
    probabilities = None
    if "probabilities" in selector.takes:
        probabilities = np.column_stack((1 - share, share))
    features = rng.normal(size=(game.n, 2)) if "embeddings" in selector.takes else None
    return Instance(name, game, features=features, probabilities=probabilities)
