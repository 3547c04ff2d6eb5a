"""Pictures of large pools: small files, nothing left out of a range, small pools as they were."""

import numpy as np
import pandas as pd
import pytest

from radsim import Game, solve
from radsim.plots import PICTURES, thinning, water_level_plot
from radsim.plots.style import plt
from radsim.plots.thinning import MOST, bars, few, n_solved, ranks, thinned, words


def game_of(n):
    rng = np.random.default_rng(0)
    return Game(rng.random(n) ** 2, n // 10, n // 3, harms=rng.random(n))


def test_what_is_thinned_says_so_and_loses_no_extreme(tmp_path):
    game = game_of(6_000)
    solution = solve(game)
    water_level_plot(solution, tmp_path / "level")
    table = pd.read_csv(tmp_path / "level.csv")
    assert list(table["from_rank"][:2]) == [1, 11] and table["to_rank"].iloc[-1] == 6_000
    falling = np.argsort(-game.gains, kind="stable")
    q = solution.inclusion[falling]
    for row in (0, 123, 599):
        part = q[table["from_rank"][row] - 1 : table["to_rank"][row]]
        assert (table["inclusion_least"][row], table["inclusion_most"][row]) == pytest.approx(
            (part.min(), part.max()), rel=1e-12
        )
    assert "600 steps of some 10 points" in (tmp_path / "level.svg").read_text()


def test_a_picture_of_many_points_is_a_small_file(tmp_path):
    game = game_of(50_000)
    for suffix in ("svg", "pdf", "png"):
        path = tmp_path / f"level.{suffix}"
        water_level_plot(solve(game), path)
        assert path.stat().st_size < 800_000


def test_a_small_pool_has_a_bar_a_point():
    n = 7
    assert ranks(n).tolist() == [0.5 + k for k in range(n + 1)] and words(MOST) == ""
    assert thinned({"q": np.arange(n)}).columns.tolist() == ["q"]
    figure, axis = plt.subplots()
    bars(axis, np.arange(1.0, n + 1))
    assert len(axis.patches[0].get_data().values) == n
    plt.close(figure)


def test_steps_are_solid_as_far_as_all_points_reach(monkeypatch):
    monkeypatch.setattr(thinning, "MOST", 4)
    monkeypatch.setattr(thinning, "_STEPS", 2)
    figure, axis = plt.subplots()
    bars(axis, np.array([3.0, 1, 2, 5, 4, 4]), np.array([0, 0.5, 0, 0, 0, 0]), alpha=0.5)
    pale, solid = axis.collections
    assert pale.get_datalim(axis.transData).extents.tolist() == [0.5, 0, 6.5, 5]
    assert solid.get_datalim(axis.transData).extents.tolist() == [0.5, 0, 6.5, 4]
    assert (pale.get_alpha(), solid.get_alpha()) == (0.2, 0.5)
    plt.close(figure)


def test_curves_of_large_pools_are_solved_at_few_places(tmp_path, monkeypatch):
    monkeypatch.setattr(thinning, "_SOLVED", 50 * 3_000)
    assert n_solved(3_000, 401) == 50
    game = game_of(3_000)
    PICTURES["budget"](game, tmp_path / "budget")
    assert len(pd.read_csv(tmp_path / "budget.csv")) == 50
    PICTURES["wrong_mistakes"](game, tmp_path / "m")
    prices = pd.read_csv(tmp_path / "m.csv")
    right = prices[prices["truth"] == prices["guess"]]
    assert len(right) == 3 and right["price"].abs().max() < 1e-9
    assert few(np.arange(10_000)).tolist()[-1] == 9_999 and len(few(np.arange(10_000))) == MOST
