"""Wrong batches: each game is certified by itself, and the wrong ones are named."""

from types import SimpleNamespace

import numpy as np
import pytest

from radsim import UncertifiedError, solve_many
from radsim.solvers.water import batches

SIZES = np.array([30, 40, 50, 35, 60])


def _games():
    return [np.random.default_rng(n).random(n) for n in SIZES]


def _planted(monkeypatch, spoil):
    right = batches.load("numpy").rows

    def rows(out, g, s, offsets, mistakes, budgets, room):
        given = (out, g, s, offsets, mistakes, budgets, room)
        return spoil(right, given)

    monkeypatch.setattr(batches, "load", lambda kernels: SimpleNamespace(rows=rows))


def _the_next_games_answer(right, given):
    out, _, _, offsets, *_ = given
    level, density, total, most = right(*given)
    parts = np.split(out.copy(), offsets[1:-1])
    out[:] = np.concatenate(
        [np.resize(parts[(k + 1) % len(parts)], len(parts[k])) for k in range(len(parts))]
    )
    return np.roll(level, -1), np.roll(density, -1), total, most


def _without_caps(right, given):
    level, density, total, most = right(*given)
    return level, density, total, np.zeros_like(most)


def _the_neighbours_place(right, given):
    found = right(*given)
    given[0][:] = np.roll(given[0], 1)
    return found


def _mistakes_of_the_first(right, given):
    out, g, s, offsets, mistakes, budgets, room = given
    return right(out, g, s, offsets, np.full_like(mistakes, mistakes[0]), budgets, room)


def _one_game_only(right, given):
    out, *_, offsets, _, _, _ = given
    found = right(*given)
    out[offsets[3] : offsets[4]] *= 0.999
    return found


WRONG = {
    "the next game's answer": _the_next_games_answer,
    "the neighbour's place": _the_neighbours_place,
    "m of the first game": _mistakes_of_the_first,
    "one game of five": _one_game_only,
}


@pytest.mark.parametrize("spoil", WRONG)
def test_a_wrong_batch_is_refused_and_its_games_named(spoil, monkeypatch):
    gains, mistakes = _games(), SIZES / 10
    good = solve_many(gains, mistakes, 1)
    _planted(monkeypatch, WRONG[spoil])
    bad = solve_many(gains, mistakes, 1, certify=False)
    wrong = [k for k in range(5) if not np.array_equal(bad[k].inclusion, good[k].inclusion)]
    assert wrong
    assert not bad.certificates.accepts()[wrong].any()
    right = [k for k in range(5) if k not in wrong]
    assert bad.certificates.accepts()[right].all()
    with pytest.raises(UncertifiedError, match=rf"game {wrong[0]}: ") as caught:
        solve_many(gains, mistakes, 1)
    if len(wrong) > 1:
        assert f"of 5 games: {', '.join(map(str, wrong))}" in str(caught.value)


def test_lost_caps_are_refused(monkeypatch):
    gains, budget = _games(), SIZES / 2
    assert (solve_many(gains, 3, budget).inclusion <= 1).all()
    _planted(monkeypatch, _without_caps)
    bad = solve_many(gains, 3, budget, certify=False)
    assert (np.maximum.reduceat(bad.inclusion, bad.offsets[:-1]) > 1).all()
    assert not bad.certificates.accepts().any()
    with pytest.raises(UncertifiedError, match=r"game 0: .* 5 of 5 games: 0, 1, 2, 3, 4"):
        solve_many(gains, 3, budget)
    solve_many(gains, 3, budget, capped=False)
