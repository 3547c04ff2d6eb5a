"""A game's repr makes the same game again, and its digest is that of its numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.vendor.pretty import pretty

from radsim import ConstrainedGame, Game
from radsim.game import Count
from radsim.testing import games

NASTY = [0.1 + 0.2, 1e22, 5e-324, 1e300, -0.0, 1 / 3, 123456789012345678]
GAMES = {
    "nasty floats": Game(NASTY, 1.5, 0.1, 0.3),
    "harms of their own": Game([1, 2], 0, harms=[1e-300, 7]),
    "harms of a view, float32": Game(np.arange(8, dtype=np.float32)[::-2], 1, harm=0),
    "with replacement, forced": Game([3, 1], 1, 4.5, capped=False, abstain=False),
    "groups, limits, costs": ConstrainedGame(
        [-1, 2], [3, 0], [1, 0.5], 0.7, groups=[0, 1], total=1, limits=[0.1, 1], costs=[1, 1e-9]
    ),
}


@pytest.mark.parametrize("name", GAMES)
def test_a_repr_can_be_pasted_back(name):
    game = GAMES[name]
    again = eval(repr(game))
    assert again.digest() == game.digest()
    assert repr(again) == repr(game)


@pytest.mark.parametrize("m", [1e-12, 0.1, 0.25, 1 / 3, 0.5, 0.7])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 10])
def test_a_repr_of_less_than_one_mistake_does_not_warn(m, n):
    game = Game(range(n), Count(m))
    assert eval(repr(game)).digest() == game.digest()


# Some counts below one are no rate times n in floats.
@pytest.mark.filterwarnings("ignore:mistakes = ")
@given(games())
def test_a_drawn_game_can_be_pasted_back(game):
    assert eval(repr(game)).digest() == game.digest()
    assert pretty(game) == repr(game)  # as Hypothesis prints it


def test_every_number_of_a_game_is_in_its_digest():
    game = Game([3, 1], 1, 1.5, harms=[1, 3])
    others = [
        Game([1, 3], 1, 1.5, harms=[3, 1]),
        game.replace(mistakes=1.5, budget=1),
        game.replace(capped=False),
        game.replace(abstain=False),
        game.replace(harms=[1, np.nextafter(3, 4)]),
        game.replace(harm=1),
    ]
    assert len({one.digest() for one in [game, *others]}) == 1 + len(others)
    assert Game([3, 1], 1, harm=1).digest() == Game([3, 1], 1, harms=[3, 1]).digest()
