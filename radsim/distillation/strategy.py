r"""Strategy: how a budget of queries is spent, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from radsim.distillation.audited import at_random
from radsim.distillation.lessons import Learn, plain
from radsim.distillation.view import View
from radsim.door import checked, count, number
from radsim.game import Array
from radsim.selectors import Selection

__all__ = ["Choose", "Strategy"]

Choose = Callable[[View, np.random.Generator], Selection]


@dataclass(frozen=True)
class Strategy:
    """Strategy of spending a budget of queries, a row of `STRATEGIES`.

    Attributes
    ----------
    choose : callable
        (view, rng) -> `Selection` of at most ``view.budget`` points of the pool.
    says : str
        The rule in a line.
    source : str
        Where it comes from: a paper, or the claim of the theory.
    reserve : callable
        (total budget, trusted labels besides the labelled points) -> how many of the latter are
        kept back for checks.  The others are validation points.
    check : callable
        (view, rng) -> places in ``view.told`` whose true class is bought, at most ``view.n_checks``
        and of this batch; called after the answers came.
    learn : callable
        (view, rng) -> `Lesson`: what the student is fitted on, called after the checks.
    stages : int
        Batches in which a round is asked: the strategy chooses anew in each, by the same student,
        with what the checks have shown.
    price : float, optional
        None: the teacher is asked.  A number: a trusted labeller is asked instead, who takes so
        many answers' worth for each label, so that fewer points are asked about.

    Examples
    --------
    >>> from radsim.distillation import STRATEGIES
    >>> STRATEGIES["margin"].says
    'the b largest gains'
    """

    choose: Choose
    says: str
    source: str
    reserve: Callable[[int, int], int] = lambda budget, n_trusted: 0
    check: Callable[[View, np.random.Generator], Array] = at_random
    learn: Learn = plain
    stages: int = 1
    price: float | None = None

    def __post_init__(self) -> None:
        checked(self, choose=Callable, says=str, source=str, reserve=Callable, check=Callable)
        checked(self, learn=Callable)
        count(self.stages, "stages", low=1)
        if self.price is not None:
            number(self.price, "price", open_low=True)
