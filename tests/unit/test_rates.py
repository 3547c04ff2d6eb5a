"""The two ways in for m: a count and a rate; what could be either is asked about."""

import warnings

import numpy as np
import pytest

from radsim import (
    ConstrainedGame,
    Game,
    Instance,
    StoredGame,
    constrain,
    mistakes_from_rate,
    select,
    solve,
    solve_many,
)
from radsim.adapters import select_from_probabilities
from radsim.data.saved import load, save

GAINS = [5, 3, 2]


def _stored(tmp_path, *given, **more):
    np.save(tmp_path / "gains.npy", np.array(GAINS, dtype=float))
    return StoredGame(tmp_path / "gains.npy", *given, **more)


def test_a_rate_is_that_share_of_the_points(tmp_path):
    assert Game(GAINS, rate=0.5).mistakes == 1.5
    assert _stored(tmp_path, rate=0.5).mistakes == 1.5
    assert Game(GAINS, 1).replace(rate=1).mistakes == 3
    assert solve(_stored(tmp_path, rate=0.5)).value == pytest.approx(
        solve(Game(GAINS, 1.5)).value, rel=1e-14
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "mistakes must be given, or rate"),
        ({"mistakes": 1, "rate": 0.5}, "got mistakes = 1 and rate = 0.5"),
        ({"rate": 1.5}, "rate = 1.5"),
        ({"rate": float("nan")}, "rate = nan"),
        ({"rate": "12%"}, "rate = '12%'"),
    ],
)
def test_one_of_the_two_and_a_share(given, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        Game(GAINS, **given)
    with pytest.raises(ValueError, match=words):
        _stored(tmp_path, **given)


DOORS = {
    "Game": lambda tmp_path: Game(GAINS, 0.12),
    "replace": lambda tmp_path: Game(GAINS, 1).replace(mistakes=0.12),
    "StoredGame": lambda tmp_path: _stored(tmp_path, 0.12),
    "ConstrainedGame": lambda tmp_path: ConstrainedGame(GAINS, GAINS, 0.12),
    "constrain": lambda tmp_path: constrain(Game(GAINS, 1), mistakes=0.12),
    "solve_many": lambda tmp_path: solve_many([GAINS], 0.12),
    "select": lambda tmp_path: select("rad", GAINS, 1, rng=0, mistakes=0.12),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_number_between_0_and_1_warns_at_every_door(door, tmp_path):
    with pytest.warns(UserWarning, match=r"mistakes = 0\.12 is read as a count"):
        DOORS[door](tmp_path)


def test_the_warning_points_at_the_caller(tmp_path):
    for name in ("Game", "StoredGame", "ConstrainedGame", "solve_many"):
        with pytest.warns(UserWarning) as said:
            DOORS[name](tmp_path)
        assert said[0].filename == __file__, name


def test_what_is_known_to_be_a_count_does_not_warn(tmp_path):
    game = Game(GAINS, mistakes_from_rate(0.12, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for m in (0, 1, 1.5, 3):
            Game(GAINS, m)
        again = game.replace(budget=2)
        assert again.mistakes == game.mistakes == 0.12 * 3
        constrain(game)
        assert solve_many([GAINS], [0.12])[0].certificate.accepts()
        save(Instance("x", game), tmp_path / "x.json", index=0)
        assert load(tmp_path / "x.json")[0].game.mistakes == game.mistakes
        select_from_probabilities([[0.6, 0.4], [0.5, 0.5]], 1, rng=0, mistake_rate=0.1)
