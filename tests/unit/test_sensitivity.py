"""Wrong m, wrong gains, and the paths between the objectives."""

import numpy as np
import pytest

from radsim import Game, draw_instance, solve, worst_case
from radsim.analysis import (
    guarantee_in_error,
    guarantee_in_mistakes,
    insurance,
    price_of_not_knowing,
    trade_off,
    value_in_budget,
)
from radsim.game import Count

GAME = Game([9, 7, 4, 4, 1, 1, 1], 3)


def test_guarantee_in_mistakes_is_the_worst_case_at_every_m():
    rng = np.random.default_rng(0)
    for seed in range(100):
        game = draw_instance(rng=np.random.default_rng([1, seed])).game
        q = solve(game).inclusion
        curve = guarantee_in_mistakes(game, q)
        for m in (0, game.n, *rng.uniform(0, game.n, 5)):
            wanted = worst_case(game.replace(mistakes=Count(m)), q)[0]
            tol = 1e-11 * game.budget * game.stakes.max()
            assert curve(m) == pytest.approx(wanted, abs=tol)


def test_the_bends_of_v5():
    for m in (1, 2, 3):
        solution = solve(GAME.replace(mistakes=Count(m)))
        on = solution.inclusion > 0
        k, density = int(on.sum()), float(np.sum(1 / GAME.stakes[on]))
        curve = guarantee_in_mistakes(GAME, solution.inclusion)
        assert curve.x.tolist() == sorted({0, k, GAME.n})
        reached = float(np.sum(GAME.gains[on] / GAME.stakes[on]))
        assert curve.y == pytest.approx([(reached - min(x, k)) / density for x in curve.x])
    capped = Game([10, 3, 2], 1, budget=2, harm=0)
    assert guarantee_in_mistakes(capped, solve(capped).inclusion).x.tolist() == [0, 2, 3]
    with pytest.raises(ValueError, match=r"at = 9.0 must be in \[0, 7\]"):
        curve(9.0)


def test_price_is_zero_for_the_right_guess_and_never_negative():
    frame = price_of_not_knowing(GAME, range(8), range(8))
    assert len(frame) == 64
    assert frame["price"].min() >= -1e-12
    right = frame[frame["guess"] == frame["truth"]]
    assert right["price"].abs().max() <= 1e-12
    assert frame["price"].max() > 1


def test_guarantee_in_error_is_met_and_never_undercut():
    rng = np.random.default_rng(2)
    for seed in range(60):
        game = draw_instance(rng=np.random.default_rng([2, seed])).game
        q = solve(game).inclusion
        for e in (0.0, 0.1, 0.7):
            bound = float(guarantee_in_error(game, q, e))
            tol = 1e-11 * game.budget * game.stakes.max()
            lowest = game.replace(gains=(1 - e) * game.gains, harms=(1 + e) * game.harms)
            assert worst_case(lowest, q)[0] == pytest.approx(bound, abs=tol)
            for _ in range(10):
                signs = rng.uniform(-1, 1, (2, game.n))
                truth = game.replace(
                    gains=(1 + e * signs[0]) * game.gains, harms=(1 + e * signs[1]) * game.harms
                )
                assert worst_case(truth, q)[0] >= bound - tol
    with pytest.raises(ValueError, match=r"errors\[1\] = 1.5"):
        guarantee_in_error(GAME, np.zeros(7), [0, 1.5])


@pytest.mark.parametrize("c", [0.0, 0.5, 1.0, 2.0])
def test_v6_for_proportional_harm_is_exact(c):
    # The worst game of the box is itself proportional: lower gains where nothing is marked,
    # higher ones where a mark turns them into harm.
    game = Game([9, 7, 4, 4, 1, 1, 1], 1, harm=c)
    solution = solve(game)
    q, e, m = solution.inclusion, 0.1, 1
    on = q > 0
    k, h = int(on.sum()), float(np.sum(1 / game.gains[on]))
    bound = solution.value - e * (k + (c - 1) * m) / h
    assert guarantee_in_error(game, q, e) == pytest.approx(bound, rel=1e-12)
    marked = worst_case(game, q)[1] > 0
    truth = game.replace(gains=game.gains * np.where(marked, 1 + e, 1 - e), harm=c)
    assert payoff_of(truth, q, marked) == pytest.approx(bound, rel=1e-12)


def test_at_fractional_m_proportional_harm_is_only_bounded():
    # One point, half a mistake, c = 1: gain and harm cancel, whatever the gain is.
    game, q, e = Game([1], Count(0.5)), [1.0], 0.1
    assert guarantee_in_error(game, q, e) == pytest.approx(-e, rel=1e-12)
    for gain in (1 - e, 1, 1 + e):
        assert worst_case(game.replace(gains=[gain], harm=1), q)[0] == 0
    # In the box of gains and harms, the bound is met.
    lowest = game.replace(gains=[1 - e], harms=[1 + e])
    assert worst_case(lowest, q)[0] == pytest.approx(-e, rel=1e-12)


def payoff_of(game, q, marked):
    return float(np.sum(q * (game.gains - game.stakes * marked)))


def test_trade_off_ends_at_the_solutions_and_is_straight():
    frame = trade_off(GAME, 11)
    assert frame["value"].iloc[0] == pytest.approx(solve(GAME).value)
    assert frame["regret"].iloc[-1] == pytest.approx(solve(GAME, "regret").value)
    for column in ("value", "regret"):
        assert np.diff(frame[column], 2) == pytest.approx(np.zeros(9), abs=1e-12)
    assert frame["value"].is_monotonic_decreasing
    assert frame["regret"].is_monotonic_decreasing
    nothing = trade_off(Game([1, 0.5], 2), 3)
    assert nothing["ratio"].isna().all()
    with pytest.raises(ValueError, match="n_points = 1"):
        trade_off(GAME, 1)


def test_insurance_path_has_the_stated_value_and_regret():
    for game in (GAME, Game([8, 4, 2, 1], 3, harm=0.05), Game([8, 4, 2, 1], 1, 3.0, capped=False)):
        value = solve(game).value / game.budget
        frame = insurance(game, 9)
        for row in frame.itertuples():
            t = row.insured_above
            y = np.maximum(0, game.gains - t)
            e = t + float(np.sum(y * (game.harms + value) / game.stakes))
            assert row.value == pytest.approx(game.budget * (value - (e - t)), abs=1e-11)
            assert row.regret == pytest.approx(game.budget * (e - value), abs=1e-11)
        assert frame["regret"].iloc[-1] == pytest.approx(solve(game, "regret").value)
    with pytest.raises(ValueError, match="no positive guarantee"):
        insurance(Game([1, 0.5], 2))


def test_insurance_dominates_the_segment():
    game = Game([8, 7, 5, 4, 2, 1], 3, harm=0.05)
    path, segment = insurance(game).sort_values("regret"), trade_off(game)
    better = np.interp(segment["regret"], path["regret"], path["value"]) - segment["value"]
    assert better.min() >= -1e-9
    assert better.max() > 0.05


def test_the_level_is_a_slope_of_the_value_in_the_budget():
    seen = 0
    for seed in range(60):
        game = draw_instance(rng=np.random.default_rng([7, seed])).game
        game = game.replace(budget=1, capped=True, abstain=True)
        curve = value_in_budget(game, np.linspace(0.1, 1, 12) * game.n)
        b, value, level = (curve[name].to_numpy() for name in ("budget", "value", "level"))
        tangents = value + level * (b[:, None] - b)
        tol = 1e-11 * game.n * game.stakes.max()
        assert np.all(value[:, None] <= tangents + tol)
        assert np.all(value <= curve["uncapped"] + tol)
        seen += len(set(np.round(level / level[0], 9))) > 1 if level[0] > 0 else 0
    assert seen > 10  # games in which the slope does fall


def test_value_in_budget_refuses_what_cannot_be_asked():
    with pytest.raises(ValueError, match=r"budgets\[1\] = 9"):
        value_in_budget(GAME, [1, 9])
