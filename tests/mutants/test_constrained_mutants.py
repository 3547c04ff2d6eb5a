"""Planted errors in constrained games: the certificate refuses each."""

from dataclasses import replace

import numpy as np
import pytest

from radsim import Game, solve, worst_case
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


def test_greed_is_not_a_best_reply_for_overlapping_groups():
    game = ConstrainedGame([4, 5, 4], [4, 5, 4], [1, 1], 3, groups=[[1, 1, 0], [0, 1, 1]])
    greedy = np.array([0.0, 1.0, 0.0])
    assert worst_case(game, np.ones(3))[0] < float(np.sum(game.gains - game.stakes * greedy)) - 1
