r"""Sensitivity: what inclusion probabilities still guarantee when m or the gains were wrong.

The functions that start from inclusion probabilities serve any selector and solve nothing;
:func:`price_of_not_knowing` and :func:`value_in_budget` solve the game again and again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from radsim.door import Array, array, inside, steady, typed
from radsim.game import Count, Game
from radsim.payoffs import strategy
from radsim.solvers import solve

__all__ = [
    "PiecewiseLinear",
    "guarantee_in_error",
    "guarantee_in_mistakes",
    "price_of_not_knowing",
    "prices_of_curves",
    "value_in_budget",
]


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """A piecewise linear function by its break points; callable within them.

    Attributes
    ----------
    x, y : ndarray, shape (k,)
        Break points (both ends among them), rising, and the values there.

    Examples
    --------
    >>> line = PiecewiseLinear(np.array([0.0, 2.0]), np.array([1.0, 0.0]))
    >>> line([0, 1, 2]).tolist()
    [1.0, 0.5, 0.0]
    """

    x: Array
    y: Array

    def __call__(self, at: ArrayLike) -> Array:
        """Values at `at`, of its shape.

        Raises
        ------
        ValueError
            If a point lies outside the break points.
        """
        return np.interp(array(at, "at", low=self.x[0], high=self.x[-1]), self.x, self.y)


@steady
def guarantee_in_mistakes(game: Game, q: ArrayLike) -> PiecewiseLinear:
    r"""Exact guarantee of q as a function of the true number of mistakes.

    .. math:: W(q; m) = \sum_i q_i g_i - T_m(q s),

    convex, nonincreasing and piecewise linear in m: it bends only at the whole m at which the
    sorted :math:`q_i s_i` fall.  For the solution of V1 they are all 1/H on S, so the only bend is
    at :math:`k = |S|`, and :math:`W = (\sum_S g_i/s_i - \min(m, k))/H`.

    Parameters
    ----------
    game : Game
        Its `mistakes` is not used.
    q : array_like, shape (n,)
        Inclusion probabilities, such as the solution for a guess of m.

    Returns
    -------
    PiecewiseLinear
        Of m in [0, n].  Stakes that differ by rounding only (relative 1e-12) count as equal.

    Raises
    ------
    ValueError
        If q has another shape.

    References
    ----------
    Theory page: V5.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> game = Game([1, 0.5, 0.25], mistakes=1, harm=0)
    >>> curve = guarantee_in_mistakes(game, solve(game).inclusion)
    >>> curve.x.tolist(), curve.y.round(12).tolist()
    ([0.0, 2.0, 3.0], [0.666666666667, 0.0, 0.0])
    """
    q = inside(strategy(typed(game, Game, "game"), q, "q").astype(np.float64), "q", low=-np.inf)
    bite = np.sort(q * game.stakes)[::-1]
    y = float(np.sum(q * game.gains)) - np.concatenate(([0.0], np.cumsum(bite)))
    bend = np.abs(np.diff(bite)) > 1e-12 * bite[0]
    keep = np.concatenate(([True], bend, [True]))
    return PiecewiseLinear(np.flatnonzero(keep).astype(np.float64), y[keep])


@steady
def price_of_not_knowing(game: Game, guesses: ArrayLike, truths: ArrayLike) -> pd.DataFrame:
    r"""Guarantee lost by solving for a guess :math:`\hat m` of the number of mistakes.

    .. math:: V(m) - W(\hat q; m) \ge 0,

    with :math:`\hat q` the max-min solution for :math:`\hat m`; zero where the guess is right.
    A guess that leaves no positive guarantee asks nothing and loses all of V(m).

    Parameters
    ----------
    game : Game
        Its `mistakes` is not used.
    guesses, truths : array_like
        Numbers of mistakes in [0, n].

    Returns
    -------
    pandas.DataFrame
        A row for every pair: `guess`, `truth`, `value` V(m), `guarantee` W, `price`.

    Raises
    ------
    ValueError
        If a number of mistakes is out of range.

    References
    ----------
    Theory page: V5, V7.

    Examples
    --------
    >>> frame = price_of_not_knowing(Game([1, 0.5, 0.25], mistakes=1, harm=0), [1, 2], [1, 2])
    >>> frame["price"].round(12).tolist()
    [0.0, 0.142857142857, 0.047619047619, 0.0]
    """
    most = typed(game, Game, "game").n
    guesses, truths = array(guesses, "guesses", high=most), array(truths, "truths", high=most)
    curves = [
        (m, guarantee_in_mistakes(game, solve(game.replace(mistakes=Count(m))).inclusion))
        for m in guesses.ravel().tolist()
    ]
    return prices_of_curves(game, curves, truths)


def prices_of_curves(
    game: Game, curves: Iterable[tuple[float, PiecewiseLinear]], truths: Array
) -> pd.DataFrame:
    """`price_of_not_knowing` of guesses whose `guarantee_in_mistakes` is known.

    Parameters
    ----------
    game : Game
    curves : iterable of (guess, PiecewiseLinear)
    truths : ndarray

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        If a truth is no count of mistakes of the game.

    Examples
    --------
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> curve = guarantee_in_mistakes(game, solve(game).inclusion)
    >>> found = prices_of_curves(game, [(1.0, curve)], np.array([0.0, 1.0]))
    >>> found["price"].round(6).tolist()
    [0.571429, 0.0]
    """
    value = {m: solve(game.replace(mistakes=Count(m))).value for m in truths.ravel().tolist()}
    rows = []
    for guess, curve in curves:
        for truth, best in value.items():
            worst = float(curve(truth))
            rows.append((guess, truth, best, worst, best - worst))
    return pd.DataFrame(rows, columns=["guess", "truth", "value", "guarantee", "price"])


@steady
def guarantee_in_error(game: Game, q: ArrayLike, errors: ArrayLike) -> Array:
    r"""Exact guarantee of q when gains and harms are known up to a relative error e.

    If :math:`|g_i - \hat g_i| \le e \hat g_i` and :math:`|h_i - \hat h_i| \le e \hat h_i`, the
    worst case of all such games is met by the lowest gains and the highest harms:

    .. math:: (1 - e) \sum_i q_i \hat g_i
              - T_m\big(q_i ((1 - e) \hat g_i + (1 + e) \hat h_i)\big).

    It is concave in e and at least the bound of V6.  If only games with harms :math:`c g_i` are
    meant, it is still exact at whole m, as then the marked points' harms and the other points'
    gains are all that enters: it is V6's :math:`V - e (k + (c - 1) m)/H'` for a solution with
    k points and :math:`m \le k`.  At fractional m it is a lower bound for these: the gain of the
    point that is marked in part cannot be low while its harm is high.

    Parameters
    ----------
    game : Game
        With the estimated gains and harms.
    q : array_like, shape (n,)
    errors : array_like
        Relative errors e in [0, 1].

    Returns
    -------
    ndarray
        Of the shape of `errors`.

    Raises
    ------
    ValueError
        If q has another shape or an error is outside [0, 1].

    References
    ----------
    Theory page: V6.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> guarantee_in_error(game, solve(game).inclusion, [0, 0.1]).round(12).tolist()
    [0.142857142857, 0.1]
    """
    q = inside(strategy(typed(game, Game, "game"), q, "q").astype(np.float64), "q", low=-np.inf)
    e = array(errors, "errors", high=1)
    whole = int(game.mistakes)
    out = []
    for x in e.ravel():
        bite = -(q * ((1 - x) * game.gains + (1 + x) * game.harms))
        if whole < game.n:
            bite.partition(whole)  # the largest first
        taken = -float(bite[:whole].sum())
        if whole < game.n:
            taken -= (game.mistakes - whole) * float(bite[whole])
        out.append((1 - x) * float(np.sum(q * game.gains)) - taken)
    return np.array(out).reshape(e.shape)


@steady
def value_in_budget(game: Game, budgets: ArrayLike) -> pd.DataFrame:
    r"""Value of every budget, and its slope.

    .. math:: V_b = \min_{\lambda \ge 0}\; b \lambda + f(\lambda)

    is concave and piecewise linear in b with slope :math:`\lambda`, the water level, and at most
    :math:`b \lambda_1`, the value with replacement.

    Parameters
    ----------
    game : Game
        Its `budget` is not used.
    budgets : array_like
        In (0, n]; any positive number unless capped.

    Returns
    -------
    pandas.DataFrame
        A row for every budget: `budget`, `value`, `level` (a slope of the value there, from the
        right or the left where it bends), `uncapped` (the value with replacement).

    Raises
    ------
    ValueError
        If a budget is out of range.

    References
    ----------
    Theory page: V3, V3a.

    Examples
    --------
    >>> frame = value_in_budget(Game([10, 3, 2], mistakes=1, harm=0), [1, 2])
    >>> frame[["value", "level", "uncapped"]].round(3).to_numpy().tolist()
    [[2.308, 2.308, 2.308], [4.4, 2.0, 4.615]]
    """
    most = game.n if typed(game, Game, "game").capped else np.inf
    b = array(budgets, "budgets", high=most, open_low=True)
    single = float(solve(game.replace(budget=1, capped=False)).value)
    rows = []
    for budget in b.ravel().tolist():
        solution = solve(game.replace(budget=budget))
        rows.append((budget, solution.value, solution.level, budget * single))
    return pd.DataFrame(rows, columns=["budget", "value", "level", "uncapped"])
