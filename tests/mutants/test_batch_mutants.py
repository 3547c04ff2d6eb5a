"""Wrong batches: each game is certified by itself, and the wrong ones are named."""

from types import SimpleNamespace

import numpy as np
import pytest

from radsim import UncertifiedError, solve_many
from radsim.solvers.water import batches
from radsim.solvers.water.proofs import Certificates, row_bounds

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


def _spoilt(spoil):
    right = batches.solve_capped

    def solve(out, g, s, offsets, m, b, *, abstain):
        found = right(out, g, s, offsets, m, b, abstain=abstain)
        return spoil(out, found, offsets)

    return solve


def _caps_of_the_next(out, found, offsets):
    return found._replace(threshold=np.roll(found.threshold, 1))


def _one_tangent(out, found, offsets):
    out *= 0.99  # as if the mean of the two replies did not spend the budget
    return found


def _level_of_the_next(out, found, offsets):
    return found._replace(level=np.roll(found.level, 1))


def _taken_surely(out, found, offsets):
    out[out > 0] = 1.0
    return found


CAPPED = {
    "threshold of the next": _caps_of_the_next,
    "one tangent": _one_tangent,
    "level of the next": _level_of_the_next,
    "all taken surely": _taken_surely,
}


@pytest.mark.parametrize("spoil", CAPPED)
def test_wrong_answers_where_caps_bind_are_refused(spoil, monkeypatch):
    gains, budget = _games(), SIZES / 2
    monkeypatch.setattr(batches, "solve_capped", _spoilt(CAPPED[spoil]))
    bad = solve_many(gains, 3, budget, certify=False)
    q, o = bad.inclusion, bad.offsets
    bounds = row_bounds(
        *(bad.gains, 2 * bad.gains, q, o, bad.level, bad.threshold, bad.mistakes, bad.budget),
        capped=True,
        abstain=True,
    )
    assert not Certificates(*bounds[:2], bad.value, *bounds[2:]).accepts(1e-9).any()
    if spoil in ("one tangent", "all taken surely"):  # the rest asks for both strategies anew
        with pytest.raises(UncertifiedError, match="game 0: "):
            solve_many(gains, 3, budget)


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
