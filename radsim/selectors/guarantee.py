r"""What any selector guarantees, from its draws alone: an interval for its worst case W(q).

Nothing is believed but the draws.  *From below*: the least average over all sets of mistakes
bounds the least mean (:func:`radsim.intervals.least_mean`), and so does the least value over the
box of all inclusion probabilities that the draws allow.  *From above*: the mistakes that were worst
so far are tried on draws that came later, and cannot have been fitted to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from radsim.data.instances import Instance
from radsim.door import Array, count, generator, number, steady, typed
from radsim.game import Game
from radsim.intervals import least_mean, lower_mean, share_intervals
from radsim.payoffs import payoff, top, worst_case
from radsim.selectors.draws import draw_picks, sure_picks
from radsim.selectors.selection import Selector

__all__ = ["Guarantee", "guarantee_from_draws", "least_in_box", "payoff_support"]

# Draws of the first look; each later one doubles all draws so far.
_FIRST = 500
# What a look tells: from below twice, from above, against a teacher that errs anywhere.
_PARTS = 4


@dataclass(frozen=True, eq=False)
class Guarantee:
    """What a selector guarantees on a pool, as far as its draws tell.

    Attributes
    ----------
    low, high : float
        They hold the worst case W(q), but for the error.
    estimate : float
        Worst case of the observed frequencies; its mean is at most W(q).
    typical : (float, float)
        Interval of the mean against a teacher that makes its m mistakes anywhere, at random.
    mistakes : ndarray, shape (n,)
        The worst mistakes that were found: what `high` was tested with.
    tested : float
        Mean earned against them, on fresh draws.
    inclusion, inclusion_low, inclusion_high : ndarray, shape (n,)
        Frequencies of the points, and intervals that hold all inclusion probabilities at once.
    n_draws, n_fresh : int
        Draws in all, and those on which the mistakes were tested.
    exact : bool
        The selector leaves nothing to chance: low = high = W(q).
    level : float
        Error that each single bound was given.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> three = Instance("three", Game([1, 0.5, 0.25], mistakes=1))
    >>> found = guarantee_from_draws(SELECTORS["margin"], three, rng=0)
    >>> found.exact, found.low, found.mistakes.tolist()
    (True, -1.0, [1.0, 0.0, 0.0])
    """

    low: float
    high: float
    estimate: float
    typical: tuple[float, float]
    mistakes: Array
    tested: float
    inclusion: Array
    inclusion_low: Array
    inclusion_high: Array
    n_draws: int
    n_fresh: int
    exact: bool
    level: float


@steady
def least_in_box(
    game: Game, low: Array, high: Array, size: tuple[float, float] = (0.0, np.inf)
) -> float:
    r"""Lower bound of W(q) over all q in a box whose sum is in an interval.

    .. math:: \max_\mu \Big[\mu A + \min_{l} \sum_i \min_{q_i} q_i (g_i - \mu - s_i l_i)\Big]

    with A the least sum (the largest where :math:`\mu < 0`).  Every :math:`\mu` gives a bound: the
    sum of the points that are right, less the m largest differences that a mistake makes.

    Parameters
    ----------
    game : Game
    low, high : ndarray, shape (n,)
    size : (float, float)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If `game` is no `Game`.

    Examples
    --------
    >>> q = np.array([1 / 7, 2 / 7, 4 / 7])
    >>> round(7 * least_in_box(Game([1, 0.5, 0.25], mistakes=1), q, q, (1, 1)), 9)
    1.0
    """
    g, s = typed(game, Game, "game").gains, game.stakes

    def bound(price: float) -> float:
        total = size[0] if price > 0 else size[1]
        right, wrong = g - price, g - price - s
        value = np.minimum(low * right, high * right)
        lost = value - np.minimum(low * wrong, high * wrong)
        spent = price * total if price else 0.0
        return float(spent + value.sum() - lost @ top(lost, min(game.mistakes, game.n)))

    # Concave in the price: a ternary search by golden sections.
    a, b = (-float(s.max()) if np.isfinite(size[1]) else 0.0), float(g.max())
    best = bound(0.0)
    golden = (np.sqrt(5) - 1) / 2
    x, y = b - golden * (b - a), a + golden * (b - a)
    fx, fy = bound(x), bound(y)
    for _ in range(40):
        best = max(best, fx, fy)
        if fx < fy:
            a, x, fx = x, y, fy
            y = a + golden * (b - a)
            fy = bound(y)
        else:
            b, y, fy = y, x, fx
            x = b - golden * (b - a)
            fx = bound(x)
    return best


def payoff_support(game: Game) -> tuple[float, float]:
    """Interval that holds what any sample of the budget's size earns, whatever the mistakes.

    Parameters
    ----------
    game : Game

    Returns
    -------
    low, high : float

    Raises
    ------
    AttributeError
        If it is no game.

    Examples
    --------
    >>> payoff_support(Game([1, 0.5, 0.25], mistakes=1, budget=2))
    (-1.0, 1.5)
    """
    most = int(np.ceil(game.budget))
    harms, gains = np.sort(game.harms)[::-1], np.sort(game.gains)[::-1]
    return -float(harms[: int(min(most, np.ceil(game.mistakes)))].sum()), float(gains[:most].sum())


def _totals(draws: int) -> list[int]:
    """Draws in all at each look; the first only finds mistakes to try."""
    found = [max(1, min(_FIRST, draws // 2))]
    while found[-1] < draws:
        found.append(min(2 * found[-1], draws))
    return found


@steady
def guarantee_from_draws(
    selector: Selector,
    instance: Instance,
    *,
    rng: np.random.Generator | int,
    error: float = 1e-3,
    draws: int = 100_000,
    settled: Callable[[float, float], bool] = lambda low, high: False,
    patience: float = 10.0,
    progress: Callable[[int], object] = lambda n: None,
) -> Guarantee:
    r"""Estimate what a selector guarantees on a pool, from its draws alone.

    The draws double from look to look until `settled`, or all are used up.  The error is shared out
    evenly among the looks, and in each among two bounds from below, one from above, and the
    interval against a teacher that errs anywhere.

    Parameters
    ----------
    selector : Selector
    instance : Instance
        With a game in which no point is queried twice.
    rng : numpy.random.Generator or int
    error : float
        Probability that anything that is said is wrong.
    draws : int
        Most draws, at least 2.
    settled : callable
        (low, high) -> whether they are close enough.
    patience : float
        Seconds that the selector may think about one answer.
    progress : callable
        Called with the number of draws so far.

    Returns
    -------
    Guarantee

    Raises
    ------
    Nonsense
        If an answer is no selection.
    ValueError
        If the game is uncapped, or a number is outside its range.

    References
    ----------
    Theory page: V7.

    Examples
    --------
    >>> from radsim import SELECTORS, Game
    >>> pool = Instance("pool", Game([1, 0.5, 0.25, 0.25], mistakes=1))
    >>> found = guarantee_from_draws(SELECTORS["uniform"], pool, rng=0, draws=20_000)
    >>> found.low < 0.0 < found.high  # W(q) = 2/4 - 2/4
    True
    """
    game = typed(typed(instance, Instance, "instance").game, Game, "instance.game")
    if not game.capped:
        raise ValueError("instance.game is uncapped: only samples without repeats are attacked")
    typed(selector, Selector, "selector")
    error = number(error, "error", high=1, open_low=True, open_high=True)
    draws, rng = count(draws, "draws", low=2), generator(rng)
    patience = number(patience, "patience", open_low=True)
    typed(settled, Callable, "settled")
    typed(progress, Callable, "progress")
    sure = sure_picks(selector, instance, patience=patience)
    if sure is not None:
        return _exact(game, sure)
    return _drawn(
        draw_picks(selector, instance, draws, rng=rng, patience=patience),
        game,
        _totals(draws),
        error,
        (0.0 if "abstain" in selector.takes and game.abstain else float(np.floor(game.budget))),
        settled,
        progress,
    )


def _anywhere(game: Game) -> Array:
    """Mistakes of a teacher that makes as many, at random."""
    return np.full(game.n, min(1.0, game.mistakes / game.n))


def _exact(game: Game, picks: Array) -> Guarantee:
    q = np.zeros(game.n)
    q[picks] = 1
    value, l = worst_case(game, q)
    typical = float(payoff(game, q, _anywhere(game)))
    value = float(value)
    return Guarantee(value, value, value, (typical, typical), l, value, q, q, q, 1, 1, True, 0.0)


def _drawn(
    rows: Iterator[Array],
    game: Game,
    totals: list[int],
    error: float,
    least_size: float,
    settled: Callable[[float, float], bool],
    progress: Callable[[int], object],
) -> Guarantee:
    n, level = game.n, error / max(1, len(totals) - 1) / _PARTS
    support, sizes_in = payoff_support(game), (least_size, float(np.ceil(game.budget)))
    hits = np.zeros(n, dtype=np.int64)
    sizes: list[float] = []
    usual: list[float] = []
    robust, common = game.gains, game.gains - game.stakes * _anywhere(game)
    l = np.zeros(n)
    low, high = support
    for k, total in enumerate(totals):
        fresh = []
        for row in (next(rows) for _ in range(total - len(sizes))):
            hits[row] += 1
            sizes.append(float(len(row)))
            usual.append(float(common[row].sum()))
            fresh.append(float(robust[row].sum()))
            progress(len(sizes))
        q = hits / total
        estimate, worst = worst_case(game, q)
        if k == 0:
            l, robust = worst, game.gains - game.stakes * worst
            continue
        box = share_intervals(hits, total, error=level / 2)
        size = (sizes_in[0], sizes_in[1])
        if size[0] < size[1]:
            size = (
                lower_mean(sizes, sizes_in, error=level / 4),
                -lower_mean(np.negative(sizes), (-size[1], -size[0]), error=level / 4),
            )
        low = max(
            low,
            least_mean(float(estimate), total, support, error=level),
            least_in_box(game, *box, size),
        )
        upper = -lower_mean(np.negative(fresh), (-support[1], -support[0]), error=level)
        high, tested, tried, n_fresh = min(high, upper), float(np.mean(fresh)), l, len(fresh)
        if low > high or settled(low, high) or total == totals[-1]:
            break
        l, robust = worst, game.gains - game.stakes * worst
    typical = (
        lower_mean(usual, support, error=level / 2),
        -lower_mean(np.negative(usual), (-support[1], -support[0]), error=level / 2),
    )
    return Guarantee(
        low + 0.0,
        max(low, high) + 0.0,
        float(estimate),
        typical,
        tried,
        tested,
        q,
        *box,
        len(sizes),
        n_fresh,
        False,
        level,
    )
