r"""Chapter 8 of the theory, N4 and N5: errors of any size, and several teachers at a price.

Each claim derives its game from the one it is given, with the generator it is given.  The formulas
are written down here as the theory states them; what they are set against is a linear program that
knows neither the envelope nor that one teacher will do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.constrained import ConstrainedGame
from radsim.extensions import Damage, Market, route, solve_deviations, vote
from radsim.game import Array, Game
from radsim.payoffs import worst_case
from radsim.solvers import solve
from radsim.teachers import aggregate_wrong

__all__ = ["DEVIATION_CLAIMS", "draw_damage", "draw_market"]


def draw_damage(rng: np.random.Generator, *, convex: bool = False) -> Damage:
    """Draw a damage profile of two to five points: any, or one that is nowhere concave."""
    k = int(rng.integers(0, 4))
    sizes = np.concatenate(([0.0], (np.arange(k) + rng.uniform(0.1, 0.9, k)) / max(1, k), [1.0]))
    rise = rng.random(k + 1) * (rng.random(k + 1) < 0.8)
    rise[-1] += 0.1
    if convex:
        rise = np.sort(rise / np.diff(sizes)) * np.diff(sizes)
    damages = np.minimum(1, np.cumsum(rise) / rise.sum())
    damages[-1] = 1
    return Damage(sizes, np.concatenate(([0.0], damages)))


def draw_market(game: Game, rng: np.random.Generator) -> Market:
    """Draw one to three teachers for the pool of a game: prices, whole or fractional mistakes."""
    most = min(3, max(1, 24 // game.n))  # all pairs are solved in fractions too
    k = int(rng.integers(1, most + 1))
    mistakes = rng.random(k) * game.n * rng.random()
    if rng.random() < 0.5:
        mistakes = np.floor(mistakes)
    prices = [rng.uniform(0.2, 2, k), np.ones(k), 2.0 ** rng.integers(-1, 3, k)]
    return Market(game.gains, mistakes, prices[int(rng.integers(3))], game.budget, harms=game.harms)


def _interval(game: Game | ConstrainedGame, method: str) -> Interval:
    certificate = solve(game, method=method).certificate
    if not certificate.infeasibility <= 1e-9:
        return float("nan"), float("nan")
    return float(certificate.lower), float(certificate.upper)


def _corners(x: Array, y: Array) -> tuple[Array, Array]:
    """Points of a profile that lie above every chord of two others, up to the first of damage 1."""
    keep = [
        j
        for j in range(len(x))
        if not any(
            y[j] <= y[i] + (x[j] - x[i]) / (x[k] - x[i]) * (y[k] - y[i])
            for i, k in itertools.combinations(range(len(x)), 2)
            if i < j < k
        )
    ]
    keep = keep[: 1 + next(a for a, j in enumerate(keep) if y[j] == 1)]
    return x[keep], y[keep]


def _soft_level(game: Game, damage: Damage) -> float:
    """Root lam >= 0 of sum psi((g - lam)+ / s) = m, else 0, between the places where it bends."""
    g, s = game.gains[game.gains > 0], game.stakes[game.gains > 0]
    x, y = _corners(damage.sizes, damage.damages)

    def used(lam: float) -> float:
        return float(np.sum(np.interp(np.maximum(0, g - lam) / s, y, x)))

    bends = np.unique(np.concatenate(([0.0], np.ravel(g - np.multiply.outer(y, s)))))
    bends = bends[bends >= 0]
    for low, high in itertools.pairwise(bends):
        before, after = used(low), used(high)
        if before >= game.mistakes >= after and before > after:
            at = float(low + (before - game.mistakes) / (before - after) * (high - low))
            if game.mistakes > 0 or high == bends[-1]:
                return at
    return 0.0


def _any_size(game: Game, damage: Damage) -> Interval:
    """Enclosure of the value over all laws on the sizes of the profile, by HiGHS's two strategies.

    Variables q, the price y of a mistake, and what each point loses: at least
    q_i s_i phi(x_k) - y x_k for every size x_k.
    """
    from scipy import sparse
    from scipy.optimize import linprog

    n, m, b = game.n, game.mistakes, game.budget
    g, s, unit = game.normalised()
    x, y = damage.sizes[1:], damage.damages[1:]
    k, point = len(x), np.arange(n)
    lost = sparse.hstack(
        (
            sparse.kron(y[:, None], sparse.diags(s)),
            -np.repeat(x, n)[:, None],
            -sparse.kron(np.ones((k, 1)), sparse.identity(n)),
        )
    )
    spent = sparse.csr_matrix((np.ones(n), (np.zeros(n, dtype=int), point)), shape=(1, 2 * n + 1))
    found = linprog(
        np.concatenate((-g, [m], np.ones(n))),
        A_ub=sparse.vstack((lost, spent)).tocsr(),
        b_ub=np.append(np.zeros(k * n), b),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status != 0:
        return float("nan"), float("nan")
    q, price = np.maximum(0, found.x[:n]), max(0.0, float(found.x[n]))
    q *= min(1.0, b / max(float(q.sum()), 1e-300))
    worst = np.max(np.multiply.outer(y, q * s) - price * x[:, None], axis=0)
    lower = float(q @ g) - price * m - float(np.maximum(0, worst).sum())
    law = np.maximum(0, -found.ineqlin.marginals[:-1]).reshape(k, n)
    law /= np.maximum(1, law.sum(axis=0))
    law *= min(1.0, m / max(float(x @ law.sum(axis=1)), 1e-300))
    upper = b * max(0.0, float(np.max(g - s * (y @ law))))
    return unit * lower, unit * upper


def _n4(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    soft = game.replace(capped=False)
    b, scale = soft.budget, soft.scale
    plain = _interval(soft, method)
    damage, bent = draw_damage(rng), draw_damage(rng, convex=True)
    bound, value = b * _soft_level(soft, damage), _any_size(soft, damage)
    yield Comparison("V = b lam, by the concave envelope", "tight", bound, value, scale)
    own = solve_deviations(soft, damage).certificate.interval
    yield Comparison("mixtures of two sizes hold it", "tight", bound, own, scale)
    yield Comparison("at most the plain game", "upper", plain[1], value, scale)
    # A convex profile has a straight envelope: the formula of V1.
    straight = b * _soft_level(soft, Damage([0, 1], [0, 1]))
    label = "convex damage: the level of V1"
    yield Comparison(label, "tight", straight, _any_size(soft, bent), scale)
    yield Comparison("the plain game: the level of V1", "tight", straight, plain, scale)


def _priced_level(market: Market, t: int) -> float:
    """Root lam of sum (g - c lam)+ / s = m of one teacher, over prefixes; at least 0."""
    on = market.gains > 0
    g, s = market.gains[on], (market.gains + market.harms)[on]
    order = np.argsort(-g, kind="stable")
    ratio = np.cumsum((g / s)[order]) - market.mistakes[t]
    return max(0.0, float(np.max(ratio / (market.prices[t] * np.cumsum(1 / s[order])))))


def _market_value(market: Market) -> float:
    return market.budget * max(_priced_level(market, t) for t in range(market.n_teachers))


def _majority_bound(size: int, each: int) -> int:
    """Most points on which a majority of so many teachers can be wrong."""
    return size * each // ((size + 1) // 2)


def _heaped(size: int, each: int) -> float:
    """Points on which a majority is wrong if the mistakes are dealt out in turn, half a point."""
    half = (size + 1) // 2
    n = size * each // half + 1
    wrong = np.zeros((size, n), dtype=bool)
    for point in range(n - 1):
        wrong[np.arange(point * half, (point + 1) * half) % size, point] = True
    assert wrong.sum(axis=1).max(initial=0) <= each
    answers = np.stack((1.0 - wrong, wrong.astype(float)), axis=2)
    return float(aggregate_wrong(answers, np.zeros(n, dtype=int), "majority").sum())


def _n5(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    market = draw_market(game, rng)
    union, bound = market.union, _market_value(market)
    value, scale = _interval(union, method), union.scale
    yield Comparison("V = b max lam_t", "tight", bound, value, scale)
    found = route(market)
    alone = worst_case(union, found.inclusion.ravel())[0]
    yield Comparison("one teacher is asked", "tight", bound, (alone,) * 2, scale)
    asked = vote(market)
    judged = _interval(market.game(asked.mistakes), method)
    rate = market.budget / asked.price
    worth = (rate * judged[0], rate * judged[1])
    yield Comparison("a vote is worth no more", "upper", bound, worth, scale)
    size, each = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    wrong = (_heaped(size, each),) * 2
    label = f"a majority of {size} errs so often"
    yield Comparison(label, "tight", float(_majority_bound(size, each)), wrong, float(each))
    yield Comparison("no less than one of them", "lower", float(each), wrong, float(each))


def _applies(game: Game) -> bool:
    return game.abstain and bool(np.any(game.gains > 0))


DEVIATION_CLAIMS = (
    Claim(
        "N4",
        "errors of any size: V = b lam, by the damage's concave envelope",
        "tight",
        _applies,
        _n4,
    ),
    Claim(
        "N5",
        "priced teachers: V = b max lam_t, one is enough, a vote is no better",
        "tight",
        _applies,
        _n5,
    ),
)
