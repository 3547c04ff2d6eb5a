"""Planted errors in constrained games: the certificate or the claim refuses each."""

from dataclasses import replace

import numpy as np
import pytest
from planted import judge, scaled

import radsim.claims.constrained as chapter
from radsim import CLAIMS, Game, solve, worst_case
from radsim.constrained import ConstrainedGame, contaminate

GROUPED = ConstrainedGame(
    [9, 7, 4, 4, 3, 1], [18, 8, 8, 6, 6, 2], [1, 0.5], 2, groups=[0, 0, 1, 1, 1, 0]
)
LIMITED = ConstrainedGame([9, 7, 4, 4], [10, 7, 3, 6], 2, limits=[0.3, 1, 0.8, 0.5], capped=False)
PRICED = ConstrainedGame([9, 7, 4, 4], [10, 7, 3, 6], 1, 2, costs=[3, 1, 0.5, 1])
GAME = Game([9, 7, 4, 4, 1], 1.5, 2, harms=[9, 1, 4, 2, 3])
PROFILE = [0.6, 0.3, 0.2, 0.1, 0.0]
NAN = float("nan")


def _as(game, other):
    """The solution of one game, claimed for another."""
    return replace(solve(other), game=game)


def _with(game, **changes):
    return replace(solve(game), **changes)


def _gains_for_stakes():
    good = solve(GROUPED)
    l = np.maximum(0, GROUPED.gains - good.level) / GROUPED.gains
    return replace(good, mistake_probabilities=np.minimum(l, GROUPED.limits))


BROKEN = {
    "groups merged": lambda: _as(GROUPED, GROUPED.replace(groups=None, mistakes=1.5)),
    "groups swapped": lambda: _as(GROUPED, GROUPED.replace(mistakes=[0.5, 1])),
    "limits ignored": lambda: _as(LIMITED, LIMITED.replace(limits=np.ones(4))),
    "limits on the wrong points": lambda: _as(
        LIMITED, LIMITED.replace(limits=LIMITED.limits[::-1])
    ),
    "gains for stakes": _gains_for_stakes,
    "stakes for gains": lambda: _as(LIMITED, LIMITED.replace(gains=LIMITED.stakes)),
    "costs ignored": lambda: _as(PRICED, PRICED.replace(costs=np.ones(4))),
    "costs inverted": lambda: _as(PRICED, PRICED.replace(costs=1 / PRICED.costs)),
    "cap ignored": lambda: _as(PRICED, PRICED.replace(capped=False)),
    "weight on the wrong side": lambda: _as(
        contaminate(GAME, PROFILE, 0.2), contaminate(GAME, PROFILE, 0.8)
    ),
    "profile forgotten": lambda: _as(
        contaminate(GAME, PROFILE, 0.2), contaminate(GAME, np.zeros(5), 0.2)
    ),
    "stakes kept whole": lambda: _as(
        contaminate(GAME, PROFILE, 0.2), contaminate(GAME, PROFILE, 0.2).replace(stakes=GAME.stakes)
    ),
    "value 5 % high": lambda: _with(GROUPED, value=1.05 * solve(GROUPED).value),
    "budget overspent": lambda: _with(GROUPED, inclusion=1.01 * solve(GROUPED).inclusion),
    "one group over its mistakes": lambda: _with(
        GROUPED, mistake_probabilities=solve(GROUPED).mistake_probabilities * [1, 1, 1.1, 1.1, 1, 1]
    ),
    "NaN in q": lambda: _with(GROUPED, inclusion=np.full(6, NAN)),
    "NaN in l": lambda: _with(GROUPED, mistake_probabilities=np.full(6, NAN)),
    "NaN value": lambda: _with(GROUPED, value=NAN),
}


@pytest.mark.parametrize("name", BROKEN)
def test_certificate_rejects(name):
    assert not BROKEN[name]().certificate.accepts(1e-6)


@pytest.mark.parametrize(
    "game",
    [GROUPED, LIMITED, PRICED, contaminate(GAME, PROFILE, 0.2)],
    ids=lambda game: str(game.n),
)
def test_certificate_accepts_what_was_not_broken(game):
    assert solve(game).certificate.accepts(1e-13)


@pytest.mark.parametrize("slot", ["inclusion", "mistake_probabilities"])
def test_overlapping_groups_never_accept_nan(slot):
    game = GROUPED.replace(groups=[[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1]])
    good = solve(game, method="linprog")
    assert good.certificate.accepts(1e-9)
    assert not replace(good, **{slot: np.full(6, NAN)}).certificate.accepts(1e-6)


@pytest.mark.parametrize("claim_id", ["A1", "A2", "A4", "A5"])
@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_false_claims_are_violated(claim_id, factor):
    assert judge(CLAIMS[claim_id], GAME, method="rational").status == "HOLDS"
    assert judge(scaled(claim_id, factor), GAME, method="rational").status == "VIOLATED"


def _violated(claim_id):
    found = [judge(CLAIMS[claim_id], GAME, method="rational", rng=seed) for seed in range(12)]
    return any(verdict.status == "VIOLATED" for verdict in found)


@pytest.mark.parametrize(
    "broken",
    [
        lambda game, r, w: contaminate(game, r, 1 - w),
        lambda game, r, w: contaminate(game, r, w).replace(stakes=game.stakes),
        lambda game, r, w: contaminate(game, r, w).replace(gains=game.gains - w * game.gains * r),
    ],
    ids=["weight on the wrong side", "whole stakes", "gains for stakes"],
)
def test_a5_sees_a_wrong_contamination(monkeypatch, broken):
    assert not _violated("A5")
    monkeypatch.setattr(chapter, "contaminate", broken)
    assert _violated("A5")


@pytest.mark.parametrize(
    ("claim_id", "name", "broken"),
    [
        # The largest single group under a cap: the price couples the groups.
        ("A1", "_capped_value", lambda game: chapter._uncapped_value(game)),
        # The sum of the groups' values where the budget is shared.
        (
            "A1",
            "_uncapped_value",
            lambda game: (
                game.budget
                * sum(
                    max(0.0, chapter._level(game.gains[row], game.stakes[row], m))
                    for row, m in zip(game.members, game.mistakes, strict=True)
                )
            ),
        ),
        # Without what the limits protect, the water level alone.
        (
            "A2",
            "_uncapped_value",
            lambda game: (
                game.budget
                * max(0.0, chapter._level(game.gains, game.stakes, float(game.mistakes[0])))
            ),
        ),
    ],
    ids=["levels under a cap", "groups added up", "limits forgotten"],
)
def test_claims_see_a_wrong_formula(monkeypatch, claim_id, name, broken):
    assert not _violated(claim_id)
    monkeypatch.setattr(chapter, name, broken)
    assert _violated(claim_id)


def test_greed_is_not_a_best_reply_for_overlapping_groups():
    game = ConstrainedGame([4, 5, 4], [4, 5, 4], [1, 1], 3, groups=[[1, 1, 0], [0, 1, 1]])
    greedy = np.array([0.0, 1.0, 0.0])
    assert worst_case(game, np.ones(3))[0] < float(np.sum(game.gains - game.stakes * greedy)) - 1
