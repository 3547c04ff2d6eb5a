r"""Selectors and selections: what a selector takes, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.data.gains import gains_from_probabilities
from radsim.data.instances import Instance
from radsim.door import (
    Array,
    checked,
    each_of,
    floats,
    generator,
    names,
    number,
    steady,
    typed,
    vector,
)
from radsim.sampling import sample

__all__ = [
    "Selection",
    "Selector",
    "ask",
    "drawn",
    "fits",
    "inclusion_on",
    "select_on",
]


@dataclass(frozen=True, eq=False)
class Selection:
    """Points that a selector queries, with their inclusion probabilities if it knows them.

    Attributes
    ----------
    indices : ndarray of int, shape (b,)
        In the order in which they were picked, or sorted if they were drawn at once.
    inclusion : ndarray, shape (n,), or None
        Exact probability of each point to be among them; None if the procedure knows none.
    info : mapping
        What the selector has to say.

    Examples
    --------
    >>> from radsim import select
    >>> found = select("margin", [1, 0.5, 0.25], 1, rng=0)
    >>> found.indices.tolist(), found.inclusion.tolist()
    ([0], [1.0, 0.0, 0.0])
    """

    indices: Array
    inclusion: Array | None = None
    info: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        floats(self.indices, "indices")
        if self.inclusion is not None:
            floats(self.inclusion, "inclusion")
        checked(self, info=Mapping)


@dataclass(frozen=True)
class Selector:
    """Selector, a row of `SELECTORS` or your own: the rule, and the data that it takes.

    Attributes
    ----------
    select : callable
        ``(data, budget, *, rng, **rest)`` -> `Selection`, or the indices alone.
    takes : tuple of str
        The data: the first is given by position, the others by these names.  "gains",
        "probabilities", "embeddings"; of a game "mistakes", "harms", "capped", "abstain"; "wrong"
        (the mistakes themselves, which only the oracle may see).
    says : str
        The rule in a line, with its source.
    inclusion : callable, optional
        ``(data, budget, **rest)`` -> exact inclusion probabilities, nothing being drawn.

    Examples
    --------
    >>> def largest(gains, budget, *, rng):
    ...     return np.argsort(-gains, kind="stable")[: int(budget)]
    >>> Selector(largest, says="the b largest gains").takes
    ('gains',)
    """

    select: Callable[..., Any]
    takes: tuple[str, ...] = ("gains",)
    says: str = ""
    inclusion: Callable[..., Array] | None = None

    def __post_init__(self) -> None:
        checked(self, select=Callable, says=str, inclusion=(Callable, NoneType))
        names(self.takes, "takes")

    def options(self) -> dict[str, bool]:
        """What it takes beside data, budget and rng, read off its signature, and whether it must.

        From each name to whether it cannot do without.
        """
        rules = signature(self.inclusion or self.select).parameters
        names = {
            name: rule.default is Parameter.empty
            for name, rule in rules.items()
            if rule.kind is Parameter.KEYWORD_ONLY and name != "rng"
        }
        return names if self.inclusion is None else names | {"design": False}


def drawn(inclusion: Callable[..., Array]) -> Callable[..., Selection]:
    """Return the selector that draws from a formula's inclusion probabilities by a design."""

    def select(
        data: ArrayLike,
        budget: float,
        *,
        rng: np.random.Generator | int,
        design: str | None = None,
        **rest: Any,
    ) -> Selection:
        q = inclusion(data, budget, **rest)
        name = ("pivotal" if rest.get("capped", True) else "iid") if design is None else design
        return Selection(sample(q, name, rng=rng), q, {"design": name})

    return select


@steady
def ask(
    selector: Selector,
    data: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    options: Mapping[str, Any],
) -> Any:
    """Call a selector with those options that are not None.

    Raises
    ------
    ValueError
        If it takes no such option, saying which it takes, or lacks one that it needs.
    """
    given = {name: value for name, value in options.items() if value is not None}
    known = selector.options()
    for name, value in given.items():
        if name not in known:
            raise ValueError(
                f"{name} = {value!r} is no option of this selector; "
                f"it takes {', '.join(known) or 'none'}"
            )
    for name, needed in known.items():
        if needed and name not in given:
            raise ValueError(f"{name} must be given: this selector needs it")
    return selector.select(data, budget, rng=generator(rng), **given)


def fits(selector: Selector, instance: Instance) -> bool:
    """Whether the instance has all that the selector takes, other than the teacher's mistakes.

    Parameters
    ----------
    selector : Selector
    instance : Instance

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If it is no selector or no instance, or takes what no instance holds.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> fits(SELECTORS["margin"], three), fits(SELECTORS["badge"], three)
    (True, False)
    """
    return all(data is not None for name, data in _data(selector, instance) if name != "wrong")


def _data(
    selector: Selector, instance: Instance, wrong: Array | None = None
) -> list[tuple[str, Any]]:
    game, takes = (
        typed(instance, Instance, "instance").game,
        typed(selector, Selector, "selector").takes,
    )
    wrong = None if wrong is None else vector(wrong, "wrong", game.n, high=1)
    known = {
        "gains": game.gains,
        "probabilities": instance.probabilities,
        "embeddings": instance.features,
        "mistakes": game.mistakes,
        "harms": game.harms,
        "capped": game.capped,
        "abstain": game.abstain,
        "wrong": wrong,
    }
    return [(name, known[name]) for name in each_of(takes, known, "takes")]


def _arguments(
    selector: Selector, instance: Instance, wrong: Array | None
) -> tuple[Any, float, dict[str, Any]]:
    data, game = _data(selector, instance, wrong), instance.game
    for name, value in data:
        if value is None:
            raise ValueError(f"instance {instance.name!r} has no {name}")
    # A selector that knows of no draws with replacement cannot ask about a point twice.
    once = game.capped or "capped" not in selector.takes
    budget = min(game.budget, float(game.n)) if once else game.budget
    budget = int(budget) if float(budget).is_integer() else budget
    return data[0][1], budget, dict(data[1:])


@steady
def select_on(
    selector: Selector,
    instance: Instance,
    *,
    rng: np.random.Generator | int,
    wrong: Array | None = None,
) -> Any:
    """Call a selector with what it takes from an instance.

    Parameters
    ----------
    selector : Selector
    instance : Instance
    rng : numpy.random.Generator or int
    wrong : ndarray, shape (n,), optional
        The teacher's mistakes, for the oracle.

    Returns
    -------
    Selection
        Or whatever the selector returns: indices alone, say.

    Raises
    ------
    ValueError
        If the instance lacks what the selector takes.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> select_on(SELECTORS["margin"], three, rng=0).indices.tolist()
    [0]
    """
    first, budget, rest = _arguments(selector, instance, wrong)
    return selector.select(first, budget, rng=generator(rng), **rest)


@steady
def inclusion_on(selector: Selector, instance: Instance, wrong: Array | None = None) -> Array:
    """Inclusion probabilities of a selector on an instance.

    Parameters
    ----------
    selector : Selector
    instance : Instance
    wrong : ndarray, shape (n,), optional
        The teacher's mistakes, for the oracle.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If it knows none, or the instance lacks what it takes.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> (7 * inclusion_on(SELECTORS["rad"], three)).round(9).tolist()
    [1.0, 2.0, 4.0]
    """
    first, budget, rest = _arguments(selector, instance, wrong)
    inclusion = selector.inclusion
    if inclusion is None:
        raise ValueError("selector knows no inclusion probabilities")
    return inclusion(first, budget, **rest)


def as_gains(values: ArrayLike) -> Array:
    """Gains as they are; class probabilities, shape (n, C), as one minus their margin."""
    given = floats(values, "gains")
    if given.ndim == 2 and given.shape[1] == 1:
        raise ValueError(
            f"gains must be one-dimensional, got shape {given.shape}; of probabilities of class 1 "
            "make them with gains_from_probabilities"
        )
    if given.ndim == 2:
        return gains_from_probabilities(given, "margin")
    return vector(given, "gains", least=1)


def as_budget(budget: float, n: int) -> float:
    """A budget in (0, n]."""
    return number(budget, "budget", high=n, open_low=True)
