"""Planted errors in regret and ratio, each rejected by the check that is meant to see it."""

from dataclasses import replace

import numpy as np
import pytest
from planted import changed, judge

from radsim import CLAIMS, Game, solve
from radsim.mixtures import mixture_of_sets, systematic_mixture

GAME = Game([9, 7, 5, 4, 2, 1, 1], 2, harms=[3, 1, 4, 2, 3, 1, 1])
CLAMPED = Game([4, 2, 1, 0.9], 3, harm=0.02)
V = solve(GAME).value
NAN = float("nan")


def _with(objective="regret", game=GAME, q=None, l=None, **changes):
    good = solve(game, objective)
    if q is not None:
        changes["inclusion"] = np.asarray(q, dtype=float)
    if l is not None:
        changes["mixture"] = systematic_mixture(game, l)
        changes["mistake_probabilities"] = np.asarray(l)
    return replace(good, **changes)


def _insured(t, weight=1.0, game=GAME, over=None):
    """The learner's formula with another t, or with other divisors than the stakes."""
    s = game.stakes if over is None else over
    on = game.gains >= solve(game).value
    y = weight * np.maximum(0, game.gains - t)
    r = (1 - np.sum(y / s)) / np.sum(1 / s[on])
    return (r * on + y) / s


def _shaved(level, game=GAME, over=None):
    s = game.stakes if over is None else over
    return np.minimum(1, np.maximum(0, game.gains - level) / s)


def _j():
    """Position of g_j in the falling gains of GAME."""
    return int(np.flatnonzero(GAME.gains == solve(GAME, "regret").stats["insured_above"])[0])


def _rolled_benchmark():
    mixture = solve(GAME, "regret").mixture
    return _with(mixture=replace(mixture, benchmarks=np.roll(mixture.benchmarks, 1)))


def _independent():
    """Right marginals, but the benchmark does not know the mistakes."""
    l = solve(GAME, "regret").mistake_probabilities
    mixture = systematic_mixture(GAME, l)
    sets, weights = mixture.sets(), mixture.weights
    atoms = [(i, a) for i in set(mixture.benchmarks) for a in range(len(weights))]
    share = {i: weights[mixture.benchmarks == i].sum() for i in set(mixture.benchmarks)}
    return _with(
        mixture=mixture_of_sets(
            [i for i, _ in atoms],
            [sets[a] for _, a in atoms],
            np.array([share[i] * weights[a] for i, a in atoms]),
        )
    )


def _spells(**changes):
    mixture = solve(GAME, "regret").mixture
    return _with(mixture=replace(mixture, **{k: f(mixture) for k, f in changes.items()}))


def _one_mistake_more():
    mixture = solve(GAME, "regret").mixture
    sets = [
        [*points, next(i for i in range(6, -1, -1) if i not in points)] for points in mixture.sets()
    ]
    return _with(mixture=mixture_of_sets(mixture.benchmarks, sets, mixture.weights))


BROKEN = {
    "j one too far": lambda: _with(q=_insured(GAME.gains[_j() + 1])),
    "j one too early": lambda: _with(q=_insured(GAME.gains[_j() - 1])),
    "ratio: j one too far": lambda: _with(
        "ratio", q=_insured(GAME.gains[_j() + 1], solve(GAME, "ratio").value)
    ),
    "ratio: j one too early": lambda: _with(
        "ratio", q=_insured(GAME.gains[_j() - 1], solve(GAME, "ratio").value)
    ),
    "ratio: full insurance": lambda: _with("ratio", q=_insured(GAME.gains[_j()], 1.0)),
    "no insurance": lambda: _with(q=solve(GAME).inclusion),
    "ratio: no insurance": lambda: _with("ratio", q=solve(GAME).inclusion),
    "gains for stakes": lambda: _with(q=_insured(GAME.gains[_j()], over=GAME.gains)),
    "teacher: gains for stakes": lambda: _with(l=_shaved(V, over=GAME.gains)),
    "teacher shaves less": lambda: _with(l=_shaved(1.2 * V)),
    "clamped: V for mu": lambda: _with(game=CLAMPED, l=_shaved(solve(CLAMPED).value, CLAMPED)),
    "clamped: g_j for t_1": lambda: _with(
        game=CLAMPED,
        q=np.maximum(0, _insured(solve(CLAMPED, "ratio").stats["insured_above"], game=CLAMPED)),
    ),
    "benchmarks rolled": _rolled_benchmark,
    "benchmark independent of the mistakes": _independent,
    "one mistake more": _one_mistake_more,
    "no mixture": lambda: _with(mixture=None),
    "ratio: no mixture": lambda: _with("ratio", mixture=None),
    "weights too large": lambda: _spells(weights=lambda x: 1.01 * x.weights),
    "negative weight": lambda: _spells(
        weights=lambda x: x.weights + np.array([-1.0, 1.0, *np.zeros(len(x.weights) - 2)])
    ),
    "NaN weight": lambda: _spells(weights=lambda x: NAN * x.weights),
    "a point twice": lambda: _spells(points=lambda x: np.zeros_like(x.points)),
    "a point that is not there": lambda: _spells(points=lambda x: x.points + 7),
    "a benchmark that is not there": lambda: _spells(benchmarks=lambda x: x.benchmarks + 7),
    "NaN in q": lambda: _with(q=np.full(7, NAN)),
    "value 5 % high": lambda: _with(value=1.05 * solve(GAME, "regret").value),
    "ratio 5 % high": lambda: _with("ratio", value=1.05 * solve(GAME, "ratio").value),
    "budget overspent": lambda: _with(q=1.01 * solve(GAME, "regret").inclusion),
    "value's certificate for the regret": lambda: replace(solve(GAME), objective="regret", value=V),
}


@pytest.mark.parametrize("name", BROKEN)
def test_certificate_rejects(name):
    assert not BROKEN[name]().certificate.accepts(1e-6)


def test_certificate_accepts_what_was_not_broken():
    for objective in ("regret", "ratio"):
        assert _with(objective).certificate.accepts(1e-13)
        assert _with(objective, game=CLAMPED).certificate.accepts(1e-13)
    assert _with(q=_insured(GAME.gains[_j()]), l=_shaved(V)).certificate.accepts(1e-13)
    assert 0 < _j() < 6
    assert solve(CLAMPED, "regret").stats["branch"] == "clamped"


@pytest.mark.parametrize("game", [GAME, CLAMPED])
@pytest.mark.parametrize("claim_id", ["R1", "R2", "R3"])
def test_claims_hold_against_two_independent_routes(claim_id, game):
    for method in ("rational", "linprog"):
        assert judge(CLAIMS[claim_id], game, method=method).status == "HOLDS"


def test_the_identity_without_its_hypothesis_is_violated():
    tight = changed(CLAIMS["R3"], lambda item: item._replace(kind="tight"))
    assert judge(tight, GAME, method="rational").status == "HOLDS"
    assert judge(tight, CLAMPED, method="rational").status == "VIOLATED"


def test_claims_of_regret_know_their_hypotheses():
    for game in (GAME.replace(mistakes=1.5), GAME.replace(budget=2), GAME.replace(mistakes=7)):
        assert judge(CLAIMS["R2"], game).label == "outside the hypotheses"
    scaled = GAME.replace(budget=3.0, capped=False)
    for claim_id in ("R1", "R2", "R3"):
        assert judge(CLAIMS[claim_id], scaled, method="rational").status == "HOLDS"
