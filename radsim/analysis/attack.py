r"""A verdict on a selector of anyone's: what it guarantees beside uniform sampling and RAD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Array, number, steady, typed
from radsim.game import Game
from radsim.intervals import least_mean
from radsim.payoffs import payoff, worst_case
from radsim.selectors import (
    SELECTORS,
    Guarantee,
    Nonsense,
    guarantee_from_draws,
    inclusion_on,
    selector_of,
)
from radsim.selectors.guarantee import payoff_support
from radsim.solvers import solve

__all__ = ["Attack", "attack"]

Status = Literal["acceptable", "below uniform", "undecided", "broken"]

# Share of the most that could be earned by which a guarantee may miss uniform's and still pass:
# without it, uniform sampling itself could never be told from what is below it.
TOLERANCE = 0.02


@dataclass(frozen=True, eq=False)
class Attack:
    """Verdict on a selector, and what it rests on.

    Attributes
    ----------
    status : {"acceptable", "below uniform", "undecided", "broken"}
        "acceptable": the guarantee is at least uniform sampling's less `tolerance`; "below
        uniform": it is below uniform sampling's; "broken": an answer was no selection.
    words : str
        The verdict in a sentence.
    guarantee : Guarantee or None
        Of the selector, from its draws; None if it is broken.
    rivals : dict
        From "uniform", "margin" and "rad" to their exact guarantee and what each earns on average
        against a teacher that makes as many mistakes anywhere, at random.
    tolerance, error : float
        The tolerance in the unit of the gains; the probability that anything said is wrong.
    needed : int or None
        About how many draws would decide, if it is undecided; None if no number is known to.

    Examples
    --------
    >>> def largest(gains, budget, *, rng):
    ...     return np.argsort(-gains, kind="stable")[:budget]
    >>> found = attack(largest, Game([1, 0.5, 0.25], mistakes=1), rng=0)
    >>> found.status, found.broken_by.tolist()
    ('below uniform', [0])
    """

    status: Status
    words: str
    guarantee: Guarantee | None
    rivals: dict[str, tuple[float, float]]
    tolerance: float
    error: float
    needed: int | None = None

    @property
    def broken_by(self) -> Array:
        """Points on which the worst teacher that was found is wrong, the likeliest picks first."""
        if self.guarantee is None:
            return np.zeros(0, dtype=np.intp)
        wrong = np.flatnonzero(self.guarantee.mistakes > 0)
        return wrong[np.argsort(-self.guarantee.inclusion[wrong], kind="stable")]


def _rivals(instance: Instance) -> dict[str, tuple[float, float]]:
    game = instance.game
    anywhere = np.full(game.n, min(1.0, game.mistakes / game.n))
    found = {}
    for name in ("uniform", "margin", "rad"):
        q = inclusion_on(SELECTORS[name], instance)
        found[name] = float(worst_case(game, q)[0]), float(payoff(game, q, anywhere))
    # Rounding may put a rival above the value, which nothing exceeds.
    value = float(solve(game).value)
    return {name: (min(least, value), usual) for name, (least, usual) in found.items()}


def _needed(found: Guarantee, game: Game, least: float, uniform: float) -> int | None:
    """Draws after which a bound would be beyond its mark, if the best guess so far is right."""
    n = float(found.n_draws)
    if found.estimate > least:
        support = payoff_support(game)
        while least_mean(found.estimate, int(n), support, error=found.level) < least:
            n *= 1.1
            if n > 1e12:
                return None
    else:
        # Frequencies that are hardly known make the estimate too low: then what was tested counts.
        below = found.tested < uniform
        gap = uniform - found.tested if below else found.tested - least
        width = found.high - found.tested if below else found.tested - found.low
        if gap <= 0:
            return None
        # Fresh draws are half of all; a width shrinks with the root of their number.
        n = max(n, 2 * found.n_fresh * (width / gap) ** 2)
    return int(float(f"{n:.2g}"))  # it is a forecast: two digits


def _words(status: Status, found: Guarantee, uniform: float, tolerance: float) -> str:
    interval = (
        f"{found.low:.4g}" if found.exact else f"between {found.low:.4g} and {found.high:.4g}"
    )
    beside = {
        "acceptable": "at least" if found.low >= uniform else "at least, up to the tolerance,",
        "below uniform": "below",
        "undecided": "not yet told from",
    }[status]
    return f"{status}: its guarantee is {interval}, {beside} the {uniform:.4g} of uniform sampling"


@steady
def attack(
    selector: Any,
    pool: Instance | Game,
    *,
    rng: np.random.Generator | int,
    error: float = 1e-3,
    draws: int = 100_000,
    tolerance: float = TOLERANCE,
    patience: float = 10.0,
    progress: Callable[[int], object] = lambda n: None,
) -> Attack:
    r"""Find the teacher that hurts a selector most, and judge its guarantee beside uniform's.

    The selector is only called: its inclusion probabilities are estimated from its draws, bounded,
    and the mistakes that are worst for them are tested on fresh draws, until the verdict stands or
    the draws are used up.  A selector that leaves nothing to chance is judged exactly.

    Parameters
    ----------
    selector : callable, Selector or str
        ``(gains, budget, *, rng)`` -> indices; a `Selector` says what else it takes; a name is a
        row of `SELECTORS`.
    pool : Instance or Game
        With gains, harms, mistakes and budget; no point is queried twice.
    rng : numpy.random.Generator or int
    error : float
        Probability that the verdict, or an interval, is wrong.
    draws : int
        Most draws.
    tolerance : float
        Share of the largest possible total by which the guarantee may miss uniform sampling's.
    patience : float
        Seconds that the selector may think about one answer.
    progress : callable
        Called with the number of draws so far.

    Returns
    -------
    Attack

    Raises
    ------
    ValueError
        If the pool is neither, its game is uncapped, or a number is outside its range.

    References
    ----------
    Theory page: V7.

    Examples
    --------
    >>> def softmax(gains, budget, *, rng):
    ...     p = np.exp(gains / 0.2)
    ...     return rng.choice(len(gains), budget, replace=False, p=p / p.sum())
    >>> found = attack(softmax, Game([1, 0.5, 0.5, 0.4], mistakes=1), rng=0)
    >>> found.status, round(found.rivals["uniform"][0], 9)
    ('below uniform', 0.1)
    """
    instance = Instance("pool", pool) if isinstance(pool, Game) else typed(pool, Instance, "pool")
    typed(progress, Callable, "progress")
    tolerance = number(tolerance, "tolerance") * instance.game.scale
    row = selector_of(selector)
    rivals = _rivals(instance)
    uniform = rivals["uniform"][0]
    # Rounding of a sum of that size is no fault.
    slack = 1e-9 * instance.game.scale

    def status(low: float, high: float) -> Status:
        if high < uniform - slack:
            return "below uniform"
        return "acceptable" if low >= uniform - max(tolerance, slack) else "undecided"

    try:
        found = guarantee_from_draws(
            row,
            instance,
            rng=rng,
            error=error,
            draws=draws,
            settled=lambda low, high: status(low, high) != "undecided",
            patience=patience,
            progress=progress,
        )
    except Nonsense as wrong:
        return Attack("broken", f"broken: {wrong}", None, rivals, tolerance, error)
    reached = status(found.low, found.high)
    needed = None
    if reached == "undecided":
        needed = _needed(found, instance.game, uniform - tolerance, uniform)
    words = _words(reached, found, uniform, tolerance)
    return Attack(reached, words, found, rivals, tolerance, error, needed)
