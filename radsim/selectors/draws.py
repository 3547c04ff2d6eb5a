r"""Draws of any selector, its own author's too: each answer is held to what a selection is."""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Array, generator, steady
from radsim.game import Game
from radsim.selectors.selection import Selection, Selector, select_on

__all__ = ["Nonsense", "draw_picks", "on_copies", "sure_picks"]

# So many answers alike, no generator touched: the selector leaves nothing to chance.
_ALIKE = 16


class Nonsense(ValueError):
    """An answer that is no selection: which draw, and what is wrong with it, in one line."""


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def on_copies(selector: Selector) -> Selector:
    """The selector, such that what it writes into its input it writes into copies.

    Parameters
    ----------
    selector : Selector

    Returns
    -------
    Selector

    Raises
    ------
    TypeError
        If it is no selector.

    Examples
    --------
    >>> def careless(gains, budget, *, rng):
    ...     gains[:] = 0
    ...     return [0]
    >>> on_copies(Selector(careless)).select(np.ones(2), 1, rng=0)
    [0]
    """

    def select(data: Any, budget: float, **rest: Any) -> Any:
        free = {k: x.copy() if isinstance(x, np.ndarray) else x for k, x in rest.items()}
        return selector.select(
            data.copy() if isinstance(data, np.ndarray) else data, budget, **free
        )

    return replace(selector, select=select)


def _in_time(call: Callable[[], Any], n: int, patience: float) -> Iterator[Any]:
    """What so many calls give, from a thread that is left behind if one of them does not end."""
    answers: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        for _ in range(n):
            if stopped.is_set():
                return
            try:
                answers.put(("", call()))
            except BaseException as error:  # exits too: the code is not ours
                answers.put((f"raises {type(error).__name__}: {error}", None))
                return

    threading.Thread(target=work, daemon=True).start()
    try:
        for k in range(n):
            try:
                words, found = answers.get(timeout=min(patience, threading.TIMEOUT_MAX))
            except queue.Empty:
                words, found = f"gives no answer in {patience:g} s", None
            if words:
                raise Nonsense(f"draw {k + 1}: the selector {words}")
            yield found
    finally:
        stopped.set()


def _row(game: Game, found: Any, k: int, may_be_fewer: bool) -> Array:
    """The indices of one answer."""

    def refused(words: str) -> Nonsense:
        return Nonsense(f"draw {k + 1}: {words}")

    try:
        picks = np.asarray(found.indices if isinstance(found, Selection) else found)
    except ValueError:
        raise refused(f"{found!r} is no row of indices") from None
    if picks.ndim != 1 or (picks.size and picks.dtype.kind not in "iu"):
        raise refused(f"picks are {picks.dtype} of shape {picks.shape}, not a row of indices")
    outside = picks[(picks < 0) | (picks >= game.n)]
    if outside.size:
        raise refused(f"pick {outside[0]} is not an index in [0, {game.n})")
    row = picks.astype(np.intp)
    ordered = np.sort(row)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if twice.size:
        raise refused(f"point {twice[0]} is picked twice")
    least, most = int(np.floor(game.budget)), int(np.ceil(game.budget))
    if len(row) > most or (len(row) < least and not may_be_fewer):
        raise refused(f"{len(row)} points are picked, the budget is {game.budget:g}")
    return row


def draw_picks(
    selector: Selector,
    instance: Instance,
    n: int,
    *,
    rng: np.random.Generator | int,
    patience: float = 10.0,
) -> Iterator[Array]:
    r"""Draw from a selector on copies of its input, and hold each answer to what a selection is.

    Parameters
    ----------
    selector : Selector
    instance : Instance
    n : int
        How many answers.
    rng : numpy.random.Generator or int
    patience : float
        Seconds that it may think about one answer.

    Returns
    -------
    iterator of ndarray of int

    Raises
    ------
    Nonsense
        If an answer is of the wrong size or type, out of range, names a point twice, does not come,
        or the selector raises.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> [row.tolist() for row in draw_picks(SELECTORS["margin"], three, 2, rng=0)]
    [[0], [0]]
    """
    rng = generator(rng)
    copied, fewer = on_copies(selector), "abstain" in selector.takes and instance.game.abstain
    answers = _in_time(lambda: select_on(copied, instance, rng=rng), n, patience)
    for k, found in enumerate(answers):
        yield _row(instance.game, found, k, fewer)


def _states(rng: np.random.Generator) -> tuple[Any, ...]:
    old = np.random.get_state(legacy=False)  # noqa: NPY002 - a state that is watched
    return (
        rng.bit_generator.state,
        old["state"]["pos"],
        bytes(old["state"]["key"]),
        random.getstate(),
    )


@steady
def sure_picks(selector: Selector, instance: Instance, *, patience: float = 10.0) -> Array | None:
    r"""Picks of a selector that leaves nothing to chance; None if it draws.

    It is asked with several generators; all answers must be alike, and neither the generator nor
    NumPy's or Python's global one may be touched.  One that takes its chance from elsewhere, a
    clock say, and answers alike so often, is not told apart.

    Parameters
    ----------
    selector : Selector
    instance : Instance
    patience : float
        As in `draw_picks`.

    Returns
    -------
    ndarray of int, or None

    Raises
    ------
    Nonsense
        As `draw_picks`.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> sure_picks(SELECTORS["margin"], three), sure_picks(SELECTORS["uniform"], three)
    (array([0]), None)
    """
    first: Array | None = None
    for seed in range(_ALIKE):
        rng = np.random.default_rng(seed)
        before = _states(rng)
        (row,) = draw_picks(selector, instance, 1, rng=rng, patience=patience)
        if _states(rng) != before:
            return None
        if first is not None and not np.array_equal(np.sort(first), np.sort(row)):
            return None
        first = row if first is None else first
    return first
