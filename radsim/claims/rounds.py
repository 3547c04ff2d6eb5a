r"""Chapter 8 of the theory, N1 and N2: rounds with one budget of mistakes, known or not.

Each claim derives rounds from the game it is given, with the generator it is given.  What the
closed form says is set against the linear program of all rounds together, which knows no price, and
against the values of single rounds that another solver certified.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.extensions import PriceHedge, RoundsGame, certify_rounds, solve_rounds
from radsim.game import Array, Count, Game
from radsim.solvers import solve

__all__ = ["ROUNDS_CLAIMS", "draw_rounds", "union_interval"]

# Rounds that Hedge plays.
_ROUNDS = 30


def draw_rounds(game: Game, rng: np.random.Generator) -> RoundsGame:
    """Draw one or two rounds: the pool of the game, and a part of it with other gains.

    Budgets and mistakes are whole, fractional, none or all.
    """
    gains, harms, budgets = [game.gains], [game.harms], [min(game.budget, game.n)]
    for _ in range(int(rng.integers(2))):
        part = rng.permutation(game.n)[: int(rng.integers(1, game.n + 1))]
        factor = float(rng.uniform(0.2, 2))
        gains.append(factor * game.gains[part])
        harms.append(game.harms[rng.permutation(part)])
        budgets.append(float(rng.choice([1, len(part), rng.uniform(0.1, 1) * len(part)])))
    n = sum(map(len, gains))
    part_of = float(rng.random() * n / 2)
    mistakes = [game.mistakes, part_of, np.floor(part_of), 0.0][int(rng.integers(4))]
    return RoundsGame(gains, Count(mistakes), budgets, harms=harms)


def union_interval(game: RoundsGame) -> Interval:
    r"""Interval of the value by the linear program of all rounds together, with HiGHS.

    .. math:: \max\ \sum q \cdot g - M y - \sum v \quad\text{subject to}\quad
        s^t_i q^t_i \le y + v^t_i,\ \textstyle\sum_i q^t_i \le b_t.

    Its solution and its dual variables are strategies, evaluated again from the rounds.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    g, s = np.concatenate(game.gains), np.concatenate(game.stakes)
    unit = float(s.max())
    if not unit > 0:
        return 0.0, 0.0
    n, ends = len(g), np.cumsum(game.sizes)[:-1]
    member = np.repeat(np.arange(game.n_rounds), game.sizes)
    rows = sparse.bmat(
        [
            [sparse.diags(s / unit), -sparse.eye(n), np.full((n, 1), -1.0)],
            [sparse.csr_matrix((np.ones(n), (member, np.arange(n)))), None, None],
        ],
        format="csr",
    )
    found = linprog(
        np.concatenate((-g / unit, np.ones(n), [float(game.mistakes)])),
        A_ub=rows,
        b_ub=np.concatenate((np.zeros(n), game.budget)),
        bounds=[(0, 1)] * n + [(0, None)] * (n + 1),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.x is None:
        return float("nan"), float("nan")
    q, l = np.split(found.x[:n], ends), np.split(-found.ineqlin.marginals[:n], ends)
    proof = certify_rounds(game, q, l, -unit * float(found.fun))
    return float(proof.lower), float(proof.upper)


def _value(game: RoundsGame) -> float:
    return solve_rounds(game).value


def _split(game: RoundsGame) -> Array:
    """How the closed form's teacher splits the mistakes."""
    return solve_rounds(game).split


def _sum_of_rounds(game: RoundsGame, split: Array) -> Interval:
    """Interval of the sum of V_t(m_t), by a certificate of each round."""
    low = high = 0.0
    for t, m in enumerate(split):
        proof = solve(game.round(t, max(0.0, float(m)))).certificate
        low, high = low + float(proof.lower), high + float(proof.upper)
    return low, high


def _n1(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    rounds = draw_rounds(game, rng)
    value, scale = _value(rounds), rounds.scale
    yield Comparison(
        "max of sum A_t(tau) - tau M = LP of all rounds",
        "tight",
        value,
        union_interval(rounds),
        scale,
    )
    yield Comparison(
        "sum of V_t(m_t) at the split",
        "tight",
        value,
        _sum_of_rounds(rounds, _split(rounds)),
        scale,
    )
    # Any other split of the mistakes is no better for the teacher.
    parts = rng.dirichlet(np.ones(rounds.n_rounds)) * rounds.mistakes
    yield Comparison(
        "sum of V_t(m_t) at another split",
        "lower",
        value,
        _sum_of_rounds(rounds, parts),
        scale,
    )
    single = RoundsGame([game.gains], Count(game.mistakes), game.budget, harms=[game.harms])
    alone = solve(game, method=method).certificate
    met = alone.interval if alone.infeasibility <= 1e-9 else (float("nan"),) * 2
    yield Comparison("one round is V3", "tight", _value(single), met, game.scale)


def _costs(hedge: PriceHedge) -> float:
    """What not knowing the mistakes may cost."""
    return hedge.loss


def _replies(q: Array, s: Array, most: float) -> Array:
    """The most harmful mistakes against q, so many as bite and the teacher likes to make."""
    l = np.zeros(len(q))
    order = np.argsort(-q * s, kind="stable")[: int(np.ceil(most))]
    l[order] = q[order] > 0
    return l


def _n2(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    gain, harm = float(game.gains.max()), float(game.harms.max())
    hedge = PriceHedge(
        _ROUNDS, game.n, game.budget, largest_gain=gain, largest_harm=harm, tolerance=0.2
    )
    every, made, total = [], [], 0.0
    for _ in range(_ROUNDS):
        g = game.gains * (rng.random(game.n) < 0.8)
        q = hedge.inclusion(g, harms=game.harms)
        l = _replies(q, g + game.harms, rng.integers(0, 2) * game.mistakes)
        total += float(q @ (g - (g + game.harms) * l))
        hedge = hedge.after(g, l, harms=game.harms)
        every.append(g)
        made.append(float(l.sum()))
    rounds = RoundsGame(every, Count(sum(made)), game.budget, harms=[game.harms] * _ROUNDS)
    known = _value(rounds)
    label = f"Hedge over {len(hedge.prices)} prices, {_ROUNDS} rounds"
    yield Comparison(label, "lower", known - _costs(hedge), (total, total), rounds.scale)


def _applies(game: Game) -> bool:
    return game.capped and game.abstain and bool(np.any(game.gains > 0))


ROUNDS_CLAIMS = (
    Claim("N1", "rounds with one budget of mistakes: one price", "tight", _applies, _n1),
    Claim("N2", "rounds with unknown mistakes: Hedge over prices", "lower", _applies, _n2),
)
