r"""RAD and its rivals under one signature: one row a selector in `SELECTORS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.data.instances import Instance
from radsim.door import Array, Table, floats, generator, one_of, steady, typed
from radsim.payoffs import worst_case
from radsim.selectors import coverage, formulas, herding, procedures, stochastic
from radsim.selectors.draws import Nonsense
from radsim.selectors.guarantee import Guarantee, guarantee_from_draws
from radsim.selectors.selection import (
    Selection,
    Selector,
    ask,
    drawn,
    fits,
    inclusion_on,
    select_on,
)

__all__ = [
    "SELECTORS",
    "Guarantee",
    "Nonsense",
    "Selection",
    "Selector",
    "fits",
    "guarantee_from_draws",
    "inclusion_on",
    "scorecard",
    "select",
    "select_on",
    "selector_of",
]


def _formula(inclusion: Callable[..., Array], says: str, *takes: str) -> Selector:
    return Selector(drawn(inclusion), takes, says, inclusion)


_GAME = ("gains", "mistakes", "harms", "capped", "abstain")
_BOTH = ("probabilities", "embeddings")

SELECTORS: dict[str, Selector] = Table(
    "SELECTORS",
    {
        "rad": _formula(formulas.rad, "the max-min solution", *_GAME),
        "margin": _formula(formulas.margin, "the b largest gains", "gains"),
        "entropy": _formula(formulas.entropy, "the b largest entropies", "probabilities"),
        "softmax": _formula(formulas.softmax, "inclusion ~ exp(g/T)", "gains"),
        "power": _formula(formulas.power, "inclusion ~ g^2", "gains"),
        "uniform": _formula(formulas.uniform, "every point alike: random sampling", "gains"),
        "oracle": _formula(
            formulas.oracle,
            "the b largest robust gains, mistakes known",
            "gains",
            "harms",
            "capped",
            "abstain",
            "wrong",
        ),
        "least_confidence": _formula(
            formulas.least_confidence, "the b smallest largest probabilities", "probabilities"
        ),
        "softmax_top": Selector(
            stochastic.softmax_top, ("gains",), "the b largest g/T + Gumbel (Kirsch et al. 2023)"
        ),
        "power_top": Selector(
            stochastic.power_top, ("gains",), "the b largest 2 log g + Gumbel (Kirsch et al. 2023)"
        ),
        "k_center": Selector(
            procedures.k_center, ("embeddings",), "farthest first (Sener and Savarese 2018)"
        ),
        "badge": Selector(
            procedures.badge, _BOTH, "k-means++ on last-layer gradients (Ash et al. 2020)"
        ),
        "cluster_margin": Selector(
            procedures.cluster_margin,
            _BOTH,
            "smallest margins in turn from their clusters (Citovsky et al. 2021)",
        ),
        "cdal": Selector(
            procedures.cdal,
            ("probabilities",),
            "farthest first in class-wise divergence (Agarwal et al. 2020)",
        ),
        "unixkd": Selector(
            procedures.unixkd,
            ("probabilities",),
            "most uncertain share of random mini-batches (Xu, Liu, Loy 2023)",
        ),
        "m_raru": Selector(
            stochastic.m_raru,
            ("probabilities",),
            "random points accepted as the student doubts (after Luccioli et al. 2025)",
        ),
        "pcoreset": Selector(
            procedures.pcoreset,
            ("probabilities",),
            "farthest first in class probabilities (Kang et al. 2025)",
        ),
        "typiclust": Selector(
            coverage.typiclust, ("embeddings",), "typical points of clusters (Hacohen et al. 2022)"
        ),
        "probcover": Selector(
            coverage.probcover, _BOTH, "balls that cover most points (Yehuda et al. 2022)"
        ),
        "max_herding": Selector(
            coverage.max_herding, ("embeddings",), "bumps that cover the pool (Bae et al. 2024)"
        ),
        "gm_matching": Selector(
            herding.gm_matching,
            ("embeddings",),
            "herding to the geometric median (after Acharya et al. 2025)",
        ),
    },
)


@steady
def select(
    selector: str,
    data: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    mistakes: ArrayLike | None = None,
    harm: float | None = None,
    harms: ArrayLike | None = None,
    capped: bool | None = None,
    abstain: bool | None = None,
    objective: str | None = None,
    groups: ArrayLike | None = None,
    design: str | None = None,
    embeddings: ArrayLike | None = None,
    wrong: ArrayLike | None = None,
    temperature: float | None = None,
    exponent: float | None = None,
    labelled: ArrayLike | None = None,
    start: int | None = None,
    clusters: ArrayLike | None = None,
    surplus: float | None = None,
    minibatch: int | None = None,
) -> Selection:
    r"""Select points to query by a named selector: RAD, or one of its rivals.

    Parameters
    ----------
    selector : str
        A row of `SELECTORS`.
    data : array_like
        What the row takes first: gains, shape (n,), or class probabilities in their place, shape
        (n, C); class probabilities, of two classes shape (n,) too; embeddings, shape (n, d).
    budget : float
        How many points, in (0, n]; whole for procedures.
    rng : numpy.random.Generator or int
    mistakes, harm, harms, capped, abstain, objective, groups : optional
        The game, as in `Game`, `solve` and `ConstrainedGame`: "rad" needs `mistakes`, and `harm` or
        `harms`.
    design : str, optional
        A row of `DESIGNS`, for selectors with inclusion probabilities.
    embeddings : array_like, shape (n, d), optional
        "badge", "cluster_margin" and "probcover" need them.
    wrong : array_like, shape (n,), optional
        The mistakes themselves, for the oracle.
    temperature : float, optional
        Of "softmax" and "softmax_top", in units of the largest gain.
    exponent : float, optional
        Of "power" and "power_top".
    labelled : array_like, optional
        Points that are labelled already, for "k_center", "cdal", "pcoreset", "typiclust",
        "probcover" and "max_herding"; `start` is the first pick of the first three.
    start : int, optional
    clusters : array_like of int, shape (n,), optional
        Of "cluster_margin"; `surplus` is how many low-margin points are clustered, a pick.
    surplus : float, optional
    minibatch : int, optional
        Of "unixkd".

    Returns
    -------
    Selection

    Raises
    ------
    ValueError
        If the selector is unknown or takes no such option, or naming the argument, the place and
        the value.

    Examples
    --------
    >>> p = [[0.9, 0.1], [0.6, 0.4], [0.5, 0.5], [0.8, 0.2]]
    >>> select("margin", p, 2, rng=0).indices.tolist()
    [1, 2]
    >>> select("rad", p, 2, rng=0, mistakes=1).inclusion.round(3).tolist()
    [0.1, 0.5, 0.4, 1.0]
    """
    options = {
        "mistakes": mistakes,
        "harm": harm,
        "harms": harms,
        "capped": capped,
        "abstain": abstain,
        "objective": objective,
        "groups": groups,
        "design": design,
        "embeddings": embeddings,
        "wrong": wrong,
        "temperature": temperature,
        "exponent": exponent,
        "labelled": labelled,
        "start": start,
        "clusters": clusters,
        "surplus": surplus,
        "minibatch": minibatch,
    }
    row = SELECTORS[one_of(selector, SELECTORS, "selector")]
    # Whatever it is that the row takes; what else it must be, the row says.
    points = floats(data, "data")
    if not points.size or not points.ndim:
        raise ValueError(f"data must hold at least one point, got shape {points.shape}")
    return ask(row, points, budget, rng=rng, options=options)


def selector_of(selector: Any) -> Selector:
    """Return a selector as a row: one of `SELECTORS` by its name, a `Selector`, or a function.

    Parameters
    ----------
    selector : callable, Selector or str
        A function takes ``(gains, budget, *, rng)``.

    Returns
    -------
    Selector

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> selector_of("margin").takes
    ('gains',)
    """
    if isinstance(selector, str):
        return SELECTORS[one_of(selector, SELECTORS, "selector")]
    if isinstance(selector, Selector):
        return selector
    if not callable(selector):
        raise ValueError(f"selector = {selector!r} must be a function, a Selector or a name")
    return Selector(selector)


@steady
def scorecard(
    instance: Instance,
    own: Mapping[str, Any] | None = None,
    *,
    rng: np.random.Generator | int = 0,
    error: float = 1e-3,
    draws: int = 100_000,
) -> dict[str, float]:
    r"""Guaranteed worst-case value W(q) of every selector on one instance, your own among them.

    Left out are selectors that need what the instance does not have, those without exact inclusion
    probabilities, and the oracle, which has no worst case: it knows the mistakes.

    Parameters
    ----------
    instance : Instance
    own : mapping, optional
        From a name to a selector of your own, as `selector_of` takes it.  What it claims is not
        believed: one that leaves nothing to chance gets its exact worst case, one that draws the
        lower bound of `guarantee_from_draws`.
    rng : numpy.random.Generator or int
    error : float
        Of each of those bounds.
    draws : int
        Of each of your own.

    Returns
    -------
    dict
        From the selector's name to its guarantee; none exceeds that of "rad".

    Raises
    ------
    ValueError
        If `instance` is no `Instance`, or a selector of your own has a name that is taken, or gives
        what is no selection.

    References
    ----------
    Theory page: V7.

    Examples
    --------
    >>> from radsim import Game
    >>> from radsim.data.instances import Instance
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> def smallest(gains, budget, *, rng):
    ...     return np.argsort(gains, kind="stable")[:budget]
    >>> card = scorecard(three, {"mine": smallest})
    >>> round(7 * card["rad"], 9), card["margin"], card["mine"]
    (1.0, -1.0, -0.25)
    """
    typed(instance, Instance, "instance")
    card = {
        name: float(worst_case(instance.game, inclusion_on(row, instance))[0])
        for name, row in SELECTORS.items()
        if row.inclusion is not None and "wrong" not in row.takes and fits(row, instance)
    }
    for name, mine in typed({} if own is None else own, Mapping, "own").items():
        if name in SELECTORS:
            raise ValueError(f"own: {name!r} is the name of a selector that is known")
        try:
            found = guarantee_from_draws(
                selector_of(mine), instance, rng=generator(rng), error=error, draws=draws
            )
        except ValueError as wrong:
            raise ValueError(f"own[{name!r}]: {wrong}") from None
        card[name] = found.low
    return card
