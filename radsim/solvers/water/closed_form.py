r"""Solve a game in closed form (V1 to V3b), without sorting the pool."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from sys import float_info
from typing import NamedTuple

import numpy as np

from radsim.cores import threads_for
from radsim.door import count
from radsim.game import Array, Game
from radsim.solution import Solution, SolveError
from radsim.solvers.water.chunks import Chunk, Pool, arrays
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.kernels import Kernels
from radsim.solvers.water.levels import SMALL, Level, find_level
from radsim.solvers.water.prices import find_prices
from radsim.solvers.water.rule import Rule, scaled

__all__ = ["FEW", "TINY", "Answer", "Extent", "solve_pool", "solve_value"]

# Numbers below are suspected of having lost digits to underflow.
TINY = 1e-290
# Points that tell whether the caps bind.
FEW = SMALL // 4
# The inverse of anything smaller overflows.
LEAST = 1 / float_info.max


def solve_value(game: Game, *, kernels: str = "numpy", threads: int | None = None) -> Solution:
    r"""Value and both strategies by the water level (V1), or by two prices (V3, V3b).

    Uncapped, or while no inclusion probability exceeds one, the answer is the water level:
    :math:`q_i = b/(s_i H)` on S.  Otherwise the prices :math:`\lambda` of a query and :math:`\tau`
    of a mistake are searched, the minimisers of the convex
    :math:`F(\lambda) = b\lambda + f(\lambda)` with slope
    :math:`b - \sum_{g_i > \lambda} \min(1, \tau(\lambda)/s_i)`.  The brackets of V3 need
    :math:`m \le \sum_i g_i/s_i`; beyond no threshold meets them, and an abstainer asks nothing.

    Parameters
    ----------
    game : Game
    kernels : {"numpy", "numba"}
        The loops: NumPy's, or compiled on first use (`pip install radsim[fast]`), which pays for
        itself from some ten solutions of a million points on.
    threads : int, optional
        On which the passes run; unless given, one below a million points, and else all processors
        that the process may use, at most OMP_NUM_THREADS.  The answer is the same to the last bit.

    Returns
    -------
    Solution
        `level` is :math:`\lambda`, `threshold` is :math:`\tau`; with value 0 under abstaining the
        inclusion probabilities are all zero: no selection has a positive guarantee.  Both
        strategies are worked out when they are read.

    Raises
    ------
    SolveError
        If the answer depends on stakes more than 600 powers of ten apart.

    Notes
    -----
    O(n): one pass for the level (`find_level`), one more for two prices (`find_prices`).  Data so
    small or large that an inverse overflows are scaled by a power of two that centres their range,
    so gains from 1e-300 to 1e300 neither overflow nor lose a digit.

    References
    ----------
    Theory page: V1, V2, V3, V3a, V3b.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([10, 3, 2], mistakes=1, budget=2, harm=0)
    >>> solution = solve_value(game)
    >>> round(solution.value, 12), solution.inclusion.round(12).tolist()
    (4.4, [0.3, 1.0, 0.7])
    >>> solution.certificate.accepts(1e-14)
    True
    """
    cores = threads_for(game.n, None if threads is None else count(threads, "threads", low=1))
    loaded = load(kernels)  # which refuses what is no name
    # NumPy's loops hold the interpreter's lock between calls: their passes are no faster on two.
    alone = kernels == "numpy" and threads is None
    pool = _pool(game, loaded, 1 if alone else cores)
    answer = solve_pool(pool, game.mistakes, game.budget, game.capped, game.abstain)
    rule = answer.rule
    return Solution(
        game=game,
        value=answer.value,
        inclusion=partial(_inclusion, game, rule, answer.branch, kernels, cores),
        mistake_probabilities=partial(_mistakes, game, rule, cores),
        level=rule.price_of_a_query,
        threshold=rule.price_of_a_mistake,
        method="closed_form",
        stats={
            "kernels": kernels,
            "threads": cores,
            "branch": answer.branch,
            "passes": len(pool.passes),
        },
    )


def _pool(game: Game, loops: Kernels, threads: int) -> Pool:
    if game.multiple is not None:  # no array but the gains is looked at
        return arrays(game.gains, None, None, game.multiple, loops, threads)
    harms = None if game.abstain else game.harms  # what an abstainer never looks at
    return arrays(game.gains, harms, game.stakes, None, loops, threads)


def _inclusion(game: Game, rule: Rule, branch: str, kernels: str, threads: int) -> Array:
    if branch == "no positive guarantee":
        return np.zeros(game.n)
    if branch == "least harm":
        q = np.zeros(game.n)
        q[int(np.argmin(game.harms))] = game.budget
        return q
    loops = load(kernels)
    if rule.level > 0 and game.multiple is not None and not rule.unit:  # one array less to read
        # Some microseconds faster than `replace`.
        threshold = rule.threshold / (1 + game.multiple)
        rule = Rule(rule.level, threshold, rule.theta, rule.edge, rule.capped, rule.shaved)
        return rule.inclusion(game.gains, game.gains, game.gains, loops, threads)
    return rule.inclusion(game.gains, game.harms, game.stakes, loops, threads)


def _mistakes(game: Game, rule: Rule, threads: int) -> Array:
    stakes = game.stakes if game.multiple is None else None
    l = rule.mistake_probabilities(game.gains, stakes, game.multiple, threads)
    with np.errstate(under="ignore"):
        total = float(l.sum())
        # The level is a float, so a million shaved points can miss m by a million of its roundings.
        return l * (game.mistakes / total) if total > game.mistakes else l


class Answer(NamedTuple):
    """The answer of a search: value, strategies as a rule, and which regime it is.

    `sound` is False if the data were too small or too large for their inverses.
    """

    value: float
    rule: Rule
    branch: str
    sound: bool


def solve_pool(pool: Pool, m: float, b: float, capped: bool, abstain: bool) -> Answer:
    """Solve the game on a pool, wherever its chunks are.

    Raises
    ------
    SolveError
        If the answer depends on stakes more than 600 powers of ten apart, or if more points crowd
        the prices than memory is meant for.
    """
    answer = _search(pool, m, b, capped, abstain)
    if answer.sound and answer.rule.threshold < np.inf:
        return answer
    extent = Extent.of(pool.read("range"))
    unit = 0 if answer.sound else extent.centre(min(b, 1.0))
    if unit:
        answer = _search(pool.scaled(unit), m, b, capped, abstain)
    if not answer.sound and scaled(extent.stake, -unit) < LEAST:
        raise SolveError(
            f"closed_form: stakes from {extent.stake} to {extent.most} "
            "are more than 600 powers of ten apart; method='rational' solves small games"
        )
    rule = replace(answer.rule, unit=unit)
    if not rule.threshold < np.inf:  # all that it says is that every stake is below it
        rule = replace(rule, threshold=scaled(extent.most, -unit))
    return answer._replace(rule=rule, value=scaled(answer.value, unit))


def _search(pool: Pool, m: float, b: float, capped: bool, abstain: bool) -> Answer:
    if capped and b > 1 and pool.n > SMALL and _expected_to_bind(pool, m, b):
        return _by_prices(pool, m, b, abstain)
    found = find_level(pool, m)
    level, density = found.level, found.density
    sound = TINY < density < np.inf and (level == 0 or abs(level) > TINY)
    # With abstaining a level at or below zero means that every gain can be shaved to nothing.
    if abstain and not level > 0:
        rule = Rule(0.0, 0.0, shaved=True)
        return Answer(0.0, rule, "no positive guarantee", sound)
    floor = -np.inf
    if level <= 0:
        floor = -min(float(h.min()) for _, h, _ in pool.read("least harm"))
    if density > 0 and (level > 0 or level >= floor):
        tau = b / density
        binds = capped and _binds(pool, tau, found)
        if not binds or b <= 1:  # a rounding, then
            rule = Rule(level, tau, float(found.closed), capped=binds, shaved=True)
            return Answer(b * level, rule, "water level", sound and tau > TINY)
    if not capped or b <= 1:  # forced, and the level would lie below the smallest harm
        rule = Rule(floor, 0.0, shaved=True)
        return Answer(b * floor, rule, "least harm", sound)
    answer = _by_prices(pool, m, b, abstain)
    return answer._replace(sound=answer.sound and sound)


def _by_prices(pool: Pool, m: float, b: float, abstain: bool) -> Answer:
    prices = find_prices(pool, m, b, abstain)
    if prices is None:
        raise SolveError("closed_form: too many points crowd the prices to be kept in memory")
    rule = Rule(prices.level, prices.threshold, prices.theta, prices.edge)
    numbers = (prices.value, prices.level, prices.threshold)
    sound = all(x == 0 or TINY < abs(x) for x in numbers) and not np.isnan(prices.value)
    return Answer(prices.value, rule, "two prices", sound)


def _expected_to_bind(pool: Pool, m: float, b: float) -> bool:
    """Whether a sample says that the caps bind: then the level alone need not be looked for.

    The two prices are right in either case, so a wrong guess costs one pass.
    """
    (g, h, s), part = pool.sample(FEW)
    sample = arrays(g, h, s)
    with np.errstate(all="ignore"):
        found = find_level(sample, part * m)
        if not found.level > 0 or not found.density > 0:
            return False
        over = found.support(g) & (s < part * b / found.density)
    return int(over.sum()) > 50


def _binds(pool: Pool, tau: float, found: Level) -> bool:
    """Whether some point of the support would be taken more than surely."""
    # Stakes are at least gains, and those are above the level.
    if tau <= found.level * (1 + (pool.multiple or 0)) * (1 - 1e-15):
        return False
    return any(bool(((s < tau) & found.support(g)).any()) for g, _, s in pool.read("caps"))


class Extent(NamedTuple):
    """How far the data reach: smallest positive gain or stake, smallest and largest stake."""

    least: float
    stake: float
    most: float

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> Extent:
        """Of some chunks; a smallest one is infinite where none is positive."""
        least = stake = np.inf
        most = 0.0
        for g, _, s in chunks:
            stake = min(stake, float(s[s > 0].min(initial=np.inf)))
            least = min(least, stake, float(g[g > 0].min(initial=np.inf)))
            most = max(most, float(s.max()))
        return cls(least, stake, most)

    def centre(self, budget: float) -> int:
        """Exponent of two in the middle of the range of the positive data and of what is paid."""
        if not self.most:
            return 0
        highest = int(np.frexp(self.most)[1])
        # The threshold is some stake's share of a budget below one.
        lowest = int(np.frexp(self.least)[1]) + int(np.frexp(budget)[1])
        # What is largest must stay finite, and so must its sum over the points.
        return max((lowest + highest) // 2, highest - 1_000)
