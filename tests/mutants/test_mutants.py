"""Planted errors, each rejected by the check that is meant to see it."""

from dataclasses import replace

import numpy as np
import pytest
from planted import judge

from radsim import (
    CLAIMS,
    Certificate,
    Claim,
    Comparison,
    Game,
    Solution,
    solve,
    worst_case,
)
from radsim.claims.claim import Verdict

GAME = Game([9, 7, 4, 4, 1, 1, 1], 2, harms=[9, 1, 4, 2, 3, 1, 1])
CAPPED = Game([10, 3, 2], 1, budget=2, harm=0)
NAN = float("nan")


def _with(q=None, l=None, value=None, game=GAME):
    good = solve(game)
    return replace(
        good,
        inclusion=good.inclusion if q is None else np.asarray(q, dtype=float),
        mistake_probabilities=good.mistake_probabilities if l is None else np.asarray(l, float),
        value=good.value if value is None else value,
    )


def _normal(weights):
    return weights / weights.sum()


def _doubled_mistakes():
    other = solve(GAME.replace(mistakes=1))
    return _with(other.inclusion, other.mistake_probabilities, other.value)


def _support_one_short():
    q = solve(GAME).inclusion.copy()
    q[np.flatnonzero(q)[-1]] = 0
    return _with(_normal(q))


BROKEN = {
    "m for D*m": _doubled_mistakes,
    "p ~ g": lambda: _with(_normal(GAME.gains)),
    "p ~ 1/g for 1/s": lambda: _with(_normal((solve(GAME).inclusion > 0) / GAME.gains)),
    "support one short": _support_one_short,
    "stakes for gains": lambda: _with(
        l=np.minimum(1, np.maximum(0, GAME.stakes - solve(GAME).level) / GAME.stakes)
    ),
    "l without the stake": lambda: _with(
        l=np.minimum(1, np.maximum(0, GAME.gains - solve(GAME).level) / GAME.gains)
    ),
    "q rolled": lambda: _with(np.roll(solve(GAME).inclusion, 1)),
    "NaN in q": lambda: _with(np.full(GAME.n, NAN)),
    "NaN in l": lambda: _with(l=np.full(GAME.n, NAN)),
    "NaN value": lambda: _with(value=NAN),
    "value 5 % high": lambda: _with(value=1.05 * solve(GAME).value),
    "budget overspent": lambda: _with(1.01 * solve(GAME).inclusion),
    "negative probability": lambda: _with(solve(GAME).inclusion - 1e-3),
    "too many mistakes": lambda: _with(l=1.01 * solve(GAME).mistake_probabilities),
    "cap ignored": lambda: _with([0.3, 1.7, 0], game=CAPPED),
    "prefix rule, no fractional point": lambda: _with([0.3, 1, 0], game=CAPPED),
}


@pytest.mark.parametrize("name", BROKEN)
def test_certificate_rejects(name):
    assert not BROKEN[name]().certificate.accepts(1e-6)


def test_certificate_accepts_what_was_not_broken():
    assert _with().certificate.accepts(1e-13)
    assert _with(game=CAPPED).certificate.accepts(1e-13)


@pytest.mark.parametrize("slot", ["lower", "upper", "value", "infeasibility", "scale"])
def test_certificate_never_accepts_nan(slot):
    numbers = dict(lower=1.0, upper=1.0, value=1.0, infeasibility=0.0, scale=1.0)
    assert Certificate(**numbers).accepts()
    assert not Certificate(**(numbers | {slot: NAN})).accepts()


def test_concave_in_m_is_violated():
    def compare(game, method, rng):
        values = [float(solve(game.replace(mistakes=m), method=method).value) for m in (1, 2, 3)]
        yield Comparison("concave", "lower", (values[0] + values[2]) / 2, (values[1],) * 2, 1.0)

    claim = Claim("V4-", "concave in m", "lower", lambda game: True, compare)
    assert judge(claim, Game([9, 7, 4, 4, 1, 1, 1], 2), method="rational").status == "VIOLATED"


def test_a_wide_enclosure_is_undecided():
    claim = Claim(
        "wide",
        "",
        "tight",
        lambda game: True,
        lambda game, method, rng: [Comparison("", "tight", 1.0, (0.5, 1.5), 1.0)],
    )
    assert judge(claim, GAME).status == "UNDECIDED"
    nan = replace(
        claim, compare=lambda game, method, rng: [Comparison("", "tight", 1.0, (NAN, NAN), 1.0)]
    )
    assert judge(nan, GAME).status == "UNDECIDED"
    outside: Verdict = judge(CLAIMS["V3b"], GAME)
    assert outside.label == "outside the hypotheses"


def test_v2_alone_is_wrong_under_a_forced_budget():
    # max_k of the ratios is -30/19 here; the value is -1.
    game = Game([10, 10, 5, 2, 1], 4, abstain=False)
    ratio = (np.arange(1, 6) - 8) / np.cumsum(1 / game.gains)
    assert ratio.max() == pytest.approx(-30 / 19)
    assert solve(game, method="rational").value == -1


def test_solution_type_carries_both_strategies():
    solution = solve(GAME)
    assert isinstance(solution, Solution)
    assert worst_case(GAME, solution.inclusion)[0] == pytest.approx(solution.value, rel=1e-13)
