r"""Calls of a selector under test, and the pools made for it."""

from __future__ import annotations

import numpy as np

from radsim.data.instances import Instance
from radsim.game import Array, Game
from radsim.intervals import share_intervals
from radsim.selectors import Selection, Selector, select_on
from radsim.selectors.draws import on_copies

__all__ = ["ask", "drawn_between", "expected", "filled"]


def ask(selector: Selector, instance: Instance, rng: int | np.random.Generator) -> Selection:
    """Call the selector on copies; indices alone become a selection that claims nothing."""
    found = select_on(on_copies(selector), instance, rng=np.random.default_rng(rng))
    if isinstance(found, Selection):
        q = None if found.inclusion is None else np.asarray(found.inclusion)
        return Selection(np.asarray(found.indices), q, found.info)
    return Selection(np.asarray(found))


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


def drawn_between(
    selector: Selector,
    instance: Instance,
    n_draws: int,
    *,
    rng: np.random.Generator,
    error: float,
) -> tuple[Array, Array]:
    """Intervals that hold all inclusion probabilities at once, from draws alone."""
    hits = np.zeros(instance.game.n, dtype=np.int64)
    for _ in range(n_draws):
        np.add.at(hits, ask(selector, instance, rng).indices, 1)
    return share_intervals(hits, n_draws, error=error)


def filled(selector: Selector, game: Game, name: str, seed: int = 0) -> Instance:
    """A game's instance with what the selector takes: two classes whose margin makes the gains."""
    rng = np.random.default_rng(seed)
    share = game.gains / (2 * (float(game.gains.max()) or 1.0))
    probabilities = None
    if "probabilities" in selector.takes:
        probabilities = np.column_stack((1 - share, share))
    features = rng.normal(size=(game.n, 2)) if "embeddings" in selector.takes else None
    return Instance(name, game, features=features, probabilities=probabilities)
