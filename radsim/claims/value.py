r"""Chapter 2 of the theory, V1 to V7: the value of the game.

Each formula is written down here as the theory states it and set against an enclosure of the value
that another route computed and certified.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from radsim.claims.claim import Claim, Comparison, Interval, Kind
from radsim.door import steady
from radsim.game import Array, Count, Game
from radsim.payoffs import best_response, worst_case
from radsim.solvers import solve

__all__ = ["VALUE_CLAIMS"]


def _interval(game: Game, method: str) -> Interval:
    certificate = solve(game, method=method).certificate
    if not certificate.infeasibility <= 1e-9:
        return float("nan"), float("nan")
    return float(certificate.lower), float(certificate.upper)


def _positive(game: Game) -> Game:
    """The points with positive gain, on which the formulas are stated."""
    keep = game.gains > 0
    return Game(
        game.gains[keep],
        min(game.mistakes, float(keep.sum())),
        min(game.budget, float(keep.sum())) if game.capped else game.budget,
        harms=game.harms[keep],
        capped=game.capped,
        abstain=game.abstain,
    )


@steady
def _has_level(game: Game) -> bool:
    g, s = game.gains[game.gains > 0], game.stakes[game.gains > 0]
    return bool(g.size and np.sum(g / s) > game.mistakes)


def _single(game: Game) -> bool:
    return game.budget == 1 or not game.capped


def _proportional(game: Game) -> float | None:
    """The multiple c if harms are c*g, else None."""
    keep = game.gains > 0
    if not keep.any() or np.any(game.harms[~keep] > 0):
        return None
    multiples = game.harms[keep] / game.gains[keep]
    c = float(multiples[0])
    return c if np.allclose(multiples, c, rtol=1e-14, atol=0) else None


def _prefix(game: Game) -> tuple[Array, Array, Array, Array]:
    """Gains and stakes sorted by gain, the ratios of V2 and the prefix sums of 1/s."""
    order = np.argsort(-game.gains, kind="stable")
    g, s = game.gains[order], game.stakes[order]
    total = np.cumsum(1 / s)
    return g, s, (np.cumsum(g / s) - game.mistakes) / total, total


def _v1(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    game = _positive(game)
    g, _s, ratio, total = _prefix(game)
    k = int(np.argmax(ratio))
    lam, density = float(ratio[k]), float(total[k])
    on = game.gains >= g[k]
    p = np.where(on, 1 / (game.stakes * density), 0.0)
    p = p / p.sum()
    l = np.minimum(1, np.maximum(0, game.gains - lam) / game.stakes)
    single = game.replace(budget=1)
    scale = single.scale
    yield Comparison("W(p) = lam", "tight", lam, (worst_case(single, p)[0],) * 2, scale)
    yield Comparison("U(., l) <= lam", "tight", lam, (best_response(single, l)[0],) * 2, scale)
    value = _interval(game, method)
    yield Comparison("V = b lam", "tight", game.budget * lam, value, game.scale)


def _v2(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    game = _positive(game)
    _g, _s, ratio, _ = _prefix(game)
    value = _interval(game, method)
    bound = game.budget * float(ratio.max())
    yield Comparison("V = b max_k ratio", "tight", bound, value, game.scale)
    top = int(np.argmax(ratio))
    scale = float(np.abs(ratio).max())
    for k in range(len(ratio) - 1):
        kind: Kind = "lower" if k < top else "upper"
        after = (float(ratio[k + 1]),) * 2
        yield Comparison(f"unimodal at {k + 1}", kind, float(ratio[k]), after, scale)


def _dual(game: Game, lam: float) -> float:
    """F(lam) of V3 and V3b by its definition."""
    g, s = game.gains, game.stakes
    left, total = game.mistakes, 0.0
    for i in np.argsort(-s, kind="stable"):
        need = min(1.0, max(0.0, g[i] - lam) / s[i]) if s[i] > 0 else 0.0
        made = min(left, need)
        left -= made
        total += max(0.0, g[i] - s[i] * made - lam)
    return game.budget * lam + total


def _knots(game: Game) -> Array:
    """Prices at which F can bend: gains, floors, and a stake prefix that uses up m exactly."""
    g, s = game.gains, game.stakes
    ends = np.unique(np.concatenate(([0.0], g, -game.harms)))
    inner = []
    for lo, hi in itertools.pairwise(ends):
        ratio = inverse = full = 0.0
        for i in np.argsort(-s, kind="stable"):
            if s[i] <= 0 or g[i] <= lo:
                continue
            if -game.harms[i] >= hi:
                full += 1
            else:
                ratio, inverse = ratio + g[i] / s[i], inverse + 1 / s[i]
            if inverse > 0:
                lam = (ratio + full - game.mistakes) / inverse
                if lo < lam < hi:
                    inner.append(lam)
    return np.concatenate((ends, inner))


def _v3(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    value = _interval(game, method)
    prices = _knots(game)
    prices = prices[prices >= 0]
    duals = np.array([_dual(game, float(lam)) for lam in prices])
    yield Comparison("V = min F(lam), lam >= 0", "tight", float(duals.min()), value, game.scale)


def _v3a(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    inner = _positive(game)
    _g, s, ratio, total = _prefix(inner)
    k = int(np.argmax(ratio))
    value = _interval(game, method)
    binds = game.budget > float(s[: k + 1].min() * total[k]) * (1 + 1e-12)
    bound = game.budget * float(ratio[k])
    yield Comparison("V_b against b lam", "upper" if binds else "tight", bound, value, game.scale)
    half, third = game.replace(budget=game.budget / 2), game.replace(budget=game.budget / 4)
    middle, low = _interval(half, method), _interval(third, method)
    yield Comparison("nondecreasing in b", "lower", middle[0], value, game.scale)
    # Concave through (b/4, b/2, b): V(b/2) >= (2 V(b/4) + V(b)) / 3.
    yield Comparison("concave in b", "lower", (2 * low[0] + value[0]) / 3, middle, game.scale)


def _v3b(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    value = _interval(game, method)
    if game.capped:
        bound = min(_dual(game, float(lam)) for lam in _knots(game))
    else:
        keep = game.stakes > 0
        ratio = (
            _prefix(
                game.replace(
                    gains=game.gains[keep],
                    harms=game.harms[keep],
                    mistakes=min(game.mistakes, float(keep.sum())),
                )
            )[2]
            if keep.any()
            else np.array([-np.inf])
        )
        bound = game.budget * max(float(ratio.max()), -float(game.harms.min()))
    yield Comparison("V = min F(lam), all lam", "tight", bound, value, game.scale)
    c = _proportional(game)
    m = game.mistakes
    if c is not None and game.budget == 1 and m >= 1 and m == int(m) and np.all(game.gains > 0):
        big = (1 + c) * m
        if big >= game.n:
            least = -c * float(game.gains.min())
            bound = max((game.n - big) / float(np.sum(1 / game.gains)), least)
            label = "V = max((n - M)/H', -c min g)"
            yield Comparison(label, "tight", bound, value, game.scale)


def _v4(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    value = _interval(game, method)
    scale = game.scale or 1.0
    # m: nonincreasing and convex.
    step = min(game.mistakes, game.n - game.mistakes) / 2
    if step > 0:
        less = _interval(game.replace(mistakes=Count(game.mistakes - step)), method)
        more = _interval(game.replace(mistakes=Count(game.mistakes + step)), method)
        yield Comparison("nonincreasing in m", "upper", less[1], value, scale)
        yield Comparison("convex in m", "upper", (less[1] + more[1]) / 2, value, scale)
        if _has_level(game) and _single(game):
            yield from _slope_in_m(game, step, more)
    # Harms, scaling, order, one more point.
    harsher = game.harms * rng.uniform(1, 2, game.n)
    after = _interval(game.replace(harms=harsher), method)
    yield Comparison("nonincreasing in h", "upper", value[1], after, scale)
    r = float(2.0 ** rng.integers(-20, 20))
    scaled = _interval(game.replace(gains=r * game.gains, harms=r * game.harms), method)
    yield Comparison("V(rg, rh) = r V", "tight", r * sum(value) / 2, scaled, r * scale)
    order = rng.permutation(game.n)
    moved = game.replace(gains=game.gains[order], harms=game.harms[order])
    bound = sum(value) / 2
    yield Comparison("order irrelevant", "tight", bound, _interval(moved, method), scale)
    point = float(rng.uniform(0, game.gains.max()))
    larger = game.replace(
        gains=np.append(game.gains, point), harms=np.append(game.harms, rng.uniform(0, 2) * point)
    )
    yield Comparison("a point never hurts", "lower", value[0], _interval(larger, method), scale)
    c = _proportional(game)
    if c is None:
        return
    low, high = c / 2, c + 0.5
    weight = (high - c) / (high - low)
    ends = [_interval(game.replace(harm=x), method) for x in (low, high)]
    chord = weight * ends[0][1] + (1 - weight) * ends[1][1]
    yield Comparison("convex in c", "upper", chord, value, scale)
    up = game.gains * rng.uniform(1, 1.5, game.n)
    higher = game.replace(gains=up, harm=c)
    raised = _interval(higher, method)
    yield Comparison("nondecreasing in g", "lower", value[0], raised, scale)
    if game.budget == 1:
        bound = value[1] + float(np.max(up - game.gains))
        yield Comparison("Lipschitz in g", "upper", bound, raised, scale)


def _slope_in_m(game: Game, step: float, more: Interval) -> Iterator[Comparison]:
    """Comparisons of V4 on the slope in m: the tangent lies below V, the support grows with m."""
    here = _positive(game)
    g, _s, ratio, total = _prefix(here)
    k = int(np.argmax(ratio))
    tangent = game.budget * float(ratio[k] - step / total[k])
    if game.abstain:
        yield Comparison("tangent in m", "lower", tangent, more, game.scale)
    after = _prefix(here.replace(mistakes=Count(min(here.n, here.mistakes + step))))[2]
    n_above = [float(np.sum(g > r.max())) for r in (ratio, after)]
    yield Comparison("k* nondecreasing in m", "lower", n_above[0], (n_above[1],) * 2, 1.0)


def _v5(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    game = _positive(game.replace(budget=1))
    g, _s, ratio, _total = _prefix(game)
    k = int(np.argmax(ratio))
    on = game.gains >= g[k]
    density = float(np.sum(1 / game.stakes[on]))
    p = np.where(on, 1 / (game.stakes * density), 0.0)
    reached = float(np.sum(game.gains[on] / game.stakes[on]))
    for m in (0.0, float(rng.uniform(0, game.n)), float(game.n)):
        bound = (reached - min(m, float(on.sum()))) / density
        measured = worst_case(game.replace(mistakes=Count(m)), p)[0]
        yield Comparison(f"worst case at m = {m:.3g}", "tight", bound, (measured,) * 2, game.scale)


def _v6(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    # The game holds the estimates; the truth is drawn within the error e of them.
    game = _positive(game.replace(budget=1))
    g, _s, ratio, _total = _prefix(game)
    k = int(np.argmax(ratio))
    on = game.gains >= g[k]
    density = float(np.sum(1 / game.stakes[on]))
    p = np.where(on, 1 / (game.stakes * density), 0.0)
    reached = float(np.sum(game.gains[on] / game.stakes[on]))
    value = (reached - game.mistakes) / density
    c = _proportional(game)
    for e in (0.01, 0.2):
        for sign in (rng.uniform(-1, 1, game.n), np.full(game.n, -1.0)):
            gains = game.gains * (1 + e * sign)
            if c is not None:
                truth = game.replace(gains=gains, harm=c)
                bound = value - e * (on.sum() + (c - 1) * game.mistakes) * (1 + c) ** -1 / density
            else:
                stakes = game.stakes * (1 + e * np.abs(sign))
                truth = game.replace(gains=gains, harms=np.maximum(0, stakes - gains))
                bound = value - e * (reached + game.mistakes) / density
            measured = worst_case(truth, p)[0]
            yield Comparison(f"error {e}", "lower", float(bound), (measured,) * 2, game.scale)


def _v7(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    value = _interval(game, method)
    n, b = game.n, game.budget
    top = best_response(game.replace(abstain=False), np.zeros(n))[1]
    tilt = np.exp(3 * game.gains / (game.gains.max() or 1.0))
    rivals = {
        "margin": top,
        "uniform": np.full(n, b / n),
        "softmax": b * tilt / tilt.sum(),
        "random": b * rng.dirichlet(np.ones(n)),
    }
    for name, q in rivals.items():
        if game.capped:
            q = np.minimum(1, q)
            if not game.abstain and q.sum() < b:
                q = q + (1 - q) * (b - q.sum()) / (n - q.sum())
        worst = worst_case(game, q)[0]
        yield Comparison(f"W({name}) <= V", "lower", worst, value, game.scale)
    if b == 1:
        s = np.sort(game.stakes)[::-1]
        whole = int(game.mistakes)
        top_sum = s[:whole].sum() + ((game.mistakes - whole) * s[whole] if whole < n else 0)
        bound = float((game.gains.sum() - top_sum) / n)
        measured = worst_case(game, np.full(n, 1 / n))[0]
        yield Comparison("W(uniform)", "tight", bound, (measured,) * 2, game.scale)
    if game.mistakes >= b and b == int(b) and game.capped:
        bound = -float(game.harms[top > 0].sum())
        measured = worst_case(game, top)[0]
        scale = b * float(game.stakes.max())
        yield Comparison("deterministic choice", "tight", bound, (measured,) * 2, scale)


def _gains(game: Game) -> bool:
    return bool(game.gains.max() > 0)


VALUE_CLAIMS = (
    Claim(
        "V1",
        "water level: saddle point, V = b lam",
        "tight",
        lambda game: _single(game) and _has_level(game),
        _v1,
    ),
    Claim(
        "V2",
        "prefix form: V = b max_k ratio, unimodal in k",
        "tight",
        lambda game: _single(game) and _has_level(game),
        _v2,
    ),
    Claim(
        "V3",
        "capped: V_b = min over lam >= 0 of F(lam)",
        "tight",
        lambda game: game.capped and game.abstain and _gains(game),
        _v3,
    ),
    Claim(
        "V3a",
        "V_b <= b lam, equal while no cap binds; concave in b",
        "upper",
        lambda game: game.capped and game.abstain and _has_level(game),
        _v3a,
    ),
    Claim(
        "V3b",
        "forced budget: V_b = min over all lam of F(lam)",
        "tight",
        lambda game: not game.abstain and _gains(game),
        _v3b,
    ),
    Claim(
        "V4",
        "shape in m, h, g, c, scale and order",
        "upper",
        lambda game: game.abstain and _gains(game),
        _v4,
    ),
    Claim("V5", "wrong m: exact worst case", "tight", _has_level, _v5),
    Claim("V6", "wrong gains: guarantee within error e", "lower", _has_level, _v6),
    Claim("V7", "no feasible q guarantees more than V", "upper", _gains, _v7),
)
