r"""A rigorous interval for the value, from the floats that a solver returned.

Floats are integers times a power of two, so feasibility, payoffs and best replies can be worked out
in integers, without any rounding.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from numbers import Rational
from operator import add, mul

import numpy as np

from radsim.door import floats, inside, number, steady, typed
from radsim.game import Array, Game
from radsim.payoffs import exact
from radsim.solution import Certificate, Solution, certify

__all__ = ["enclose"]


@steady
def enclose(solution: Solution) -> Certificate:
    r"""Enclose the true value by a certificate without rounding: lower and upper are fractions.

    Each strategy is first made exactly feasible: clipped, then scaled down if it sums to too much;
    budget that must be spent and is not goes to all points in proportion to their room.  What the
    two then earn against exact best replies encloses the value of the game, whatever the solution
    was worth:

    .. math:: W(q) \le V \le \max_{q'} U(q', l).

    Parameters
    ----------
    solution : Solution
        Of any game and objective, with strategies of floats or fractions from any method.

    Returns
    -------
    Certificate
        `lower` and `upper` enclose the value; `interval` gives them as floats, rounded outward.
        For `closed_form` the gap is some 1e-15 of `scale`.

    Raises
    ------
    ValueError
        If a strategy or the value is not finite (names the index and the value), or if the
        teacher's mistakes are further restricted by convex constraints.

    Notes
    -----
    For the value of a `Game` integer arithmetic only, O(n log n): n = 100,000 in well under two
    seconds.  The stakes are the exact sums g + h, not their roundings.  Other games and objectives
    take some ten times as long: fractions.

    References
    ----------
    Theory page: the game; V1, V3 and V3b for the strategies.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from radsim import Game, enclose, solve
    >>> proof = enclose(solve(Game([1, 0.5, 0.25], mistakes=1)))
    >>> proof.lower <= Fraction(1, 7) <= proof.upper, proof.accepts(1e-15)
    (True, True)
    """
    game = typed(solution, Solution, "solution").game
    if solution.restriction is not None:
        raise ValueError("solution of a teacher restricted by convex constraints has no enclosure")
    q = _finite(solution.inclusion, "inclusion", game.n)
    l = _finite(solution.mistake_probabilities, "mistake_probabilities", game.n)
    number(solution.value, "value", low=-np.inf)
    if (game.kind, solution.objective) == ("plain", "value") and object not in (q.dtype, l.dtype):
        data, unit = _dyadic(np.concatenate((game.gains, game.harms)))
        g, h = data[: game.n], data[game.n :]
        s = list(map(add, g, h))
        return Certificate(
            lower=unit * _guarantee(game, g, s, q),
            upper=unit * _best_reply(game, g, s, l),
            value=Fraction(solution.value),
            infeasibility=Fraction(0),
            scale=Fraction(game.scale),
        )
    mixture = solution.mixture
    if mixture is not None:
        weights = _finite(mixture.weights, "mixture.weights", len(mixture.weights))
        mixture = replace(mixture, weights=exact(weights))
    proof = certify(
        replace(
            solution,
            value=Fraction(solution.value),
            inclusion=exact(q),
            mistake_probabilities=exact(l),
            mixture=mixture,
        )
    )
    return replace(proof, infeasibility=Fraction(0))


def _finite(values: Array, name: str, n: int) -> Array:
    """A strategy that can be evaluated: fractions as they are, anything else as finite floats."""
    found = np.asarray(values)
    rational = found.dtype == object and all(isinstance(x, Rational) for x in found.flat)
    checked = inside(floats(values, name, (n,)), name, low=-np.inf)
    return found if rational else checked


def _dyadic(values: Array) -> tuple[list[int], Fraction]:
    """Integers a and a power of two u such that the values are a*u, exactly."""
    fraction, exponent = np.frexp(values)
    mantissa = np.ldexp(fraction, 53).astype(np.int64)
    least = int(exponent[mantissa != 0].min()) if mantissa.any() else 0
    shift = np.where(mantissa != 0, exponent - least, 0)
    integers = [a << k for a, k in zip(mantissa.tolist(), shift.tolist(), strict=True)]
    return integers, Fraction(2) ** (least - 53)


def _sum_of_top(values: list[int], amount: Fraction) -> Fraction:
    """Sum of the `amount` largest, the last one by its fraction."""
    whole = int(amount)
    top = sorted(values, reverse=True)[: whole + 1]
    part = (amount - whole) * top[whole] if whole < len(top) else Fraction(0)
    return sum(top[:whole]) + part


def _guarantee(game: Game, g: list[int], s: list[int], q: Array) -> Fraction:
    """W of the design, made feasible, in the unit of g and s."""
    b, n = Fraction(game.budget), game.n
    designs, unit = _dyadic(np.clip(q, 0, 1 if game.capped else None))
    spent = unit * sum(designs)
    factor = min(Fraction(1), b / spent) if spent else Fraction(1)
    if spent < b and not game.abstain:
        # Room is 1 - q under the cap and 1 without: q + (b - spent)/room * (1 - q), or * 1.
        # The new design is (old*a + c)*factor, still in integers: one unit is 1/unit of them.
        room = n - spent if game.capped else Fraction(n)
        old, one = (n - b if game.capped else room), (b - spent) / unit
        common = old.denominator * one.denominator
        a, c = int(old * common), int(one * common)
        designs = [a * x + c for x in designs]
        factor = 1 / (room * common)
    earned = sum(map(mul, designs, g))
    lost = _sum_of_top(list(map(mul, designs, s)), Fraction(game.mistakes))
    return factor * unit * (earned - lost)


def _best_reply(game: Game, g: list[int], s: list[int], l: Array) -> Fraction:
    """What the learner can earn against the mistakes, made feasible, in the unit of g and s."""
    m, b = Fraction(game.mistakes), Fraction(game.budget)
    mistakes, unit = _dyadic(np.clip(l, 0, 1))
    made = unit * sum(mistakes)
    factor = unit * (m / made if made > m else 1)
    up, down = factor.numerator, factor.denominator
    robust = [down * x - up * y * z for x, y, z in zip(g, s, mistakes, strict=True)]
    if game.abstain:
        robust = [max(0, x) for x in robust]
    return (_sum_of_top(robust, b) if game.capped else b * max(robust)) / down
