r"""Chapter 5 of the theory, S1 to S6, and A3: sampled selectors and several teachers.

Nothing is sampled here: on small pools every outcome of a design is listed, so expectations, tails
and coverages are exact numbers.  Larger pools are tested with stated error levels in
tests/statistical.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from radsim.claims.claim import Claim, Comparison, Interval
from radsim.game import Array, Count, Game
from radsim.inference import mistakes_upper_bound
from radsim.payoffs import payoff, worst_case
from radsim.sampling import DESIGNS, law
from radsim.sampling.tails import design_tails, empirical_bernstein_radius
from radsim.solvers import hedge, solve
from radsim.teachers.committee import Committee, aggregate_wrong, committee_bound

__all__ = ["SAMPLED_CLAIMS"]

_LARGEST_N = 5  # of the laws that are listed


def _solve(game: Game, method: str) -> tuple[Array, Interval]:
    solution = solve(game, method=method)
    certificate = solution.certificate
    value = float(certificate.lower), float(certificate.upper)
    return np.asarray(solution.inclusion, dtype=np.float64), value


def _designs(game: Game) -> list[str]:
    """Designs that can carry the game's inclusion probabilities."""
    return [name for name, row in DESIGNS.items() if row.with_replacement != game.capped]


def _random_mistakes(game: Game, rng: np.random.Generator) -> Array:
    """Random feasible mistake probabilities, not a best reply to anything."""
    l = rng.random(game.n)
    return np.asarray(l * min(1.0, game.mistakes / max(float(l.sum()), 1e-300)))


def _s1(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    q, value = _solve(game, method)
    replies = {"worst l": worst_case(game, q)[1], "random l": _random_mistakes(game, rng)}
    for design in _designs(game):
        outcomes, probability = law(q, design)
        for label, l in replies.items():
            expected = float(probability @ (outcomes @ (game.gains - game.stakes * l)))
            bound, scale = payoff(game, q, l), _scale(game)
            yield Comparison(
                f"E over {design} = U(q, l), {label}", "tight", bound, (expected,) * 2, scale
            )
            yield Comparison(
                f"E over {design} >= V, {label}", "lower", value[0], (expected,) * 2, scale
            )


def _scale(game: Game) -> float:
    return game.budget * float(game.stakes.max()) or 1.0


def _tails(game: Game, q: Array, design: str, l: Array) -> Iterator[Comparison]:
    """Compare the exact tail of the payoff with every bound, at each value below the mean."""
    weights = game.gains - game.stakes * l
    outcomes, probability = law(q, design)
    total = outcomes @ weights
    mean, slack = float(q @ weights), 1e-12 * _scale(game)
    for z in np.unique(total[total <= mean + slack]):
        tail = float(probability[total <= z + slack].sum())
        deviation = max(0.0, mean - float(z) - slack)
        for name, bound in design_tails(deviation, q, weights, design).items():
            yield Comparison(f"{design}, {name}", "upper", bound, (tail,) * 2, 1.0)


def _s2(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    game = game.replace(budget=max(1.0, round(game.budget)), capped=False)
    q, _ = _solve(game, method)
    l = worst_case(game, q)[1]
    yield from _tails(game, q, "iid", l)
    yield from _tails(game, q, "iid", _random_mistakes(game, rng))
    b = int(game.budget)
    if b < 2 or not q.sum() > 0:
        return
    weights = game.gains - game.stakes * l
    width, mean = float(np.ptp(weights[q > 0])), float(q @ weights) / b
    outcomes, probability = law(q, "iid")
    for delta in (0.05, 0.5):
        missed = 0.0
        for row, chance in zip(outcomes, probability, strict=True):
            draws = np.repeat(weights, row)
            radius = empirical_bernstein_radius(draws, width, delta)
            missed += chance * float(draws.mean() - radius > mean + 1e-12 * _scale(game))
        yield Comparison("empirical Bernstein misses", "upper", delta, (missed,) * 2, 1.0)


def _s3(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    q, _ = _solve(game, method)
    for design, row in DESIGNS.items():
        if not row.associated:
            continue
        for l in (worst_case(game, q)[1], _random_mistakes(game, rng)):
            yield from _tails(game, q, design, l)
        pairs = law(q, design).joint()
        np.fill_diagonal(pairs, 0)
        excess = float(np.max(pairs - np.outer(q, q) + np.diag(q * q)))
        yield Comparison(f"{design}: no positive covariance", "upper", 0.0, (excess,) * 2, 1.0)


def _s4(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    n, v = 10 * game.n, int(rng.integers(1, 41))
    delta = float(rng.choice([0.01, 0.05, 0.3]))
    found = np.arange(v + 1)
    bounds = np.array([mistakes_upper_bound(n, v, int(k), delta) for k in found])
    # Just above what each count allows the coverage is least; some other totals besides.
    critical = np.minimum(bounds + found + 1, n + v)
    for total in np.unique(np.concatenate((critical, rng.integers(0, n + v + 1, 10)))):
        chance = stats.hypergeom.pmf(found, n + v, int(total), v)
        covered = float(chance[total - found <= bounds].sum())
        label = f"coverage, {total} mistakes among {n} + {v}, delta {delta:g}"
        yield Comparison(label, "lower", 1 - delta, (covered,) * 2, 1.0)
    # Whatever the bound allows keeps the guarantee that was computed for it.
    q, value = _solve(game, method)
    for m in (0.0, game.mistakes / 2, game.mistakes):
        worst = worst_case(game.replace(mistakes=Count(m)), q)[0]
        yield Comparison(
            "W at m' <= m is at least V", "lower", value[0], (worst,) * 2, _scale(game)
        )


def _s5(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    # Two rounds; what is asked in the second depends on what was drawn in the first.
    q, value = _solve(game, method)
    l = worst_case(game, q)[1]
    outcomes, probability = law(q, "pivotal")
    expected, promised = 0.0, 0.0
    fresh = rng.uniform(0.5, 1.0, game.n)
    for row, chance in zip(outcomes, probability, strict=True):
        rest = row == 0
        expected += chance * float(row @ (game.gains - game.stakes * l))
        promised += chance * value[0]
        if rest.any():
            m = min(game.mistakes, float(rest.sum()))
            b = min(game.budget, float(rest.sum()))
            shrunk = (game.gains * fresh)[rest] * (1 + row.sum()) / (1 + game.n)
            later = game.replace(gains=shrunk, harms=game.harms[rest], mistakes=m, budget=b)
            q2, value2 = _solve(later, method)
            expected += chance * payoff(later, q2, worst_case(later, q2)[1])
            promised += chance * value2[0]
    scale = 2 * _scale(game)
    yield Comparison("two rounds earn V_1 + E V_2", "lower", promised, (expected,) * 2, scale)


def _s6(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    single = game.replace(budget=1)
    for gap in (1e9, 0.1):  # one horizon, and as many doublings as a gap of 10 % takes
        solution = hedge.solve_value(single, gap=gap)
        measured = float(solution.certificate.gap)
        bound, steps = float(solution.stats["bound"]), solution.stats["steps"]
        yield Comparison(f"gap after {steps} steps", "upper", bound, (measured,) * 2, _scale(game))


def _a3(game: Game, method: str, rng: np.random.Generator) -> Iterator[Comparison]:
    n, n_classes = 10 * game.n, 3
    truth = rng.integers(n_classes, size=n)
    for _ in range(5):
        size = int(rng.integers(1, 8))
        f = int(rng.integers(0, (size + 1) // 2))
        honest = tuple(int(m) for m in rng.integers(0, n // 2 + 1, size - f))
        bound = committee_bound(honest, f)
        for aggregate, confidence in (("majority", 0.4), ("median", 0.6), ("median", 1.0)):
            committee = Committee(honest, f, aggregate, confidence)
            soft = committee.soft_labels(truth, n_classes, rng)
            made = float(aggregate_wrong(soft, truth, aggregate).sum())
            yield Comparison(
                f"{aggregate}, K = {size}, f = {f}", "upper", float(bound), (made,) * 2, n
            )
    # The most that the bound allows: honest mistakes heaped up on the same points.
    half = (size + 1) // 2 - f
    made_sum, honest_n = 0, size - f
    wrong = np.zeros((honest_n, n), dtype=bool)
    for point in range(n):
        heap = np.arange(made_sum, made_sum + half) % honest_n
        if (wrong.sum(axis=1)[heap] >= np.array(honest)[heap]).any():
            break
        wrong[heap, point] = True
        made_sum += half
    votes = np.where(wrong, (truth + 1) % n_classes, truth)
    votes = np.vstack((votes, np.tile((truth + 1) % n_classes, (f, 1))))
    heaped = np.eye(n_classes)[votes]
    for aggregate in ("majority", "median"):
        made = float(aggregate_wrong(heaped, truth, aggregate).sum())
        label = f"heaped, {aggregate}, K = {size}, f = {f}"
        yield Comparison(label, "upper", float(committee_bound(honest, f)), (made,) * 2, n)


def _small(game: Game) -> bool:
    return game.n <= _LARGEST_N


SAMPLED_CLAIMS = (
    Claim("S1", "a design with probabilities q earns U(q, l) >= V", "tight", _small, _s1),
    Claim("S2", "tails of draws with replacement", "upper", _small, _s2),
    Claim(
        "S3",
        "tails of designs without replacement",
        "upper",
        lambda game: _small(game) and game.capped,
        _s3,
    ),
    Claim("S4", "m from validation points covers at 1 - delta", "lower", lambda game: True, _s4),
    Claim(
        "S5",
        "rounds add up",
        "lower",
        lambda game: _small(game) and game.capped and game.abstain,
        _s5,
    ),
    Claim("S6", "gap of Hedge's averages", "upper", lambda game: game.n <= 30, _s6),
    Claim(
        "A3",
        "majority of K teachers; lower median if the correct ones are above 1/2",
        "upper",
        lambda game: True,
        _a3,
    ),
)
