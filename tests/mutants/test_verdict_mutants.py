"""What fools a property test: a check that never fails, and a strategy that ignores what is fixed.

The checks below take the function under test: the genuine one passes, each planted one is caught.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.errors import HypothesisException

from radsim import CLAIMS, Claim, Comparison, Game, draw_instance, solve
from radsim.claims import Verdict
from radsim.testing import check_claim, claims, games, instances

FALSE = ("V >= max(g)", "V == 0", "V >= mean(g)")
GAME = Game([3, 2, 1], mistakes=1)


def _half(game, method, rng):
    found = solve(game, method=method).certificate.interval
    yield Comparison("V <= max g / 9", "upper", game.gains.max() / 9, found, game.scale)


NINTH = Claim("M9", "V is at most a ninth of the largest gain", "upper", lambda game: True, _half)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "FOLDER", tmp_path / "failures")


def fails_where_it_must(check):
    """False statements and claims fail, true ones and those that do not apply do not."""
    for wrong in (*FALSE, NINTH):
        try:
            check(wrong, GAME)
        except AssertionError as error:
            assert "g = (3, 2, 1), c = 1, m = 1" in str(error)
            assert repr(GAME) in str(error) and "replay: " in str(error)
            continue
        pytest.fail(f"{wrong} passes")
    for right in ("V <= b*max(g)", "V2"):
        assert check(right, GAME).status == "HOLDS"
    assert check("V1", GAME.replace(budget=2)).status == "UNDECIDED"
    assert check("V >= max(g)", GAME, where="m == 0").status == "UNDECIDED"


def test_the_check_of_a_claim_fails_where_it_must():
    fails_where_it_must(check_claim)


def never(claim, game, where=""):
    return Verdict(str(claim), "HOLDS", "", 0.0, (0.0, 0.0), 0.0, 1)


def ever(claim, game, where=""):
    raise AssertionError(f"g = (3, 2, 1), c = 1, m = 1 {game!r} replay: ")


def deaf_to_conditions(claim, game, where=""):
    return check_claim(claim, game)


def mute(claim, game, where=""):
    try:
        return check_claim(claim, game, where=where)
    except AssertionError:
        raise AssertionError("false") from None


@pytest.mark.parametrize("mutant", [never, ever, deaf_to_conditions, mute])
def test_a_check_that_does_not_would_be_seen(mutant):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        fails_where_it_must(mutant)


# --- strategies and draws keep what is fixed ---

FIXED = (
    {"n": 3},
    {"n": (2, 4)},
    {"harm": 1},
    {"harm": 0.5},
    {"budget": 1},
    {"budget": 2.5},
    {"budget": "whole"},
    {"mistakes": 0},
    {"mistakes": 2},
    {"mistakes": "whole"},
    {"capped": True},
    {"abstain": False},
    {"ties": True},
    {"ties": False},
    {"n": (2, 8), "harm": 1, "budget": 1, "mistakes": "whole", "ties": True, "abstain": True},
)


def kept(game, fixed):
    """Whether a game is as it was fixed."""
    n = fixed.get("n", (1, 99))
    low, high = n if isinstance(n, tuple) else (n, n)
    good = low <= game.n <= high
    for name in ("budget", "mistakes"):
        value, found = fixed.get(name), getattr(game, name)
        good &= value is None or (found == int(found) if value == "whole" else found == value)
    for name in ("capped", "abstain"):
        good &= name not in fixed or getattr(game, name) is fixed[name]
    if "harm" in fixed:
        good &= np.array_equal(game.harms, fixed["harm"] * game.gains)
    if fixed.get("ties") is not None:
        good &= (len(set(game.gains.tolist())) < game.n) is fixed["ties"]
    return bool(good)


def keeps(strategy, fixed):
    @settings(max_examples=60, database=None, derandomize=True)
    @given(strategy(**fixed))
    def every(game):
        assert kept(game, fixed), game

    every()


@pytest.mark.parametrize("fixed", FIXED, ids=str)
def test_a_strategy_keeps_what_is_fixed(fixed):
    keeps(games, fixed)
    keeps(lambda **rest: instances(**rest).map(lambda found: found.game), fixed)


@pytest.mark.parametrize("name", sorted({name for fixed in FIXED for name in fixed}))
def test_a_strategy_that_ignores_a_parameter_would_be_seen(name):
    def deaf(**fixed):
        return games(**{key: value for key, value in fixed.items() if key != name})

    caught = 0
    for fixed in FIXED:
        if name in fixed:
            try:
                keeps(deaf, fixed)
            except (AssertionError, HypothesisException):
                caught += 1
    assert caught


@pytest.mark.parametrize("seed", range(40))
def test_a_drawn_instance_keeps_what_is_fixed(seed):
    fixed = {"harm": 1, "budget": 2, "mistakes": 1.5, "capped": True, "abstain": False}
    found = draw_instance(rng=seed, family="ties", **fixed)
    assert kept(found.game, fixed) and found.name == "ties/proportional"
    # What is not fixed is drawn as it was.
    free, half = draw_instance(rng=seed).game, draw_instance(rng=seed, abstain=True).game
    assert half.replace(abstain=free.abstain).digest() == free.digest() and half.abstain


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"n": 0}, "n = 0"),
        ({"n": (5, 2)}, "n = "),
        ({"n": (1, 2, 3)}, "n = "),
        ({"n": 2, "mistakes": 3}, "mistakes = 3 must be at most 2"),
        ({"n": 2, "budget": 3}, "budget = 3 must be at most 2"),
        ({"budget": 0}, "budget"),
        ({"budget": "some"}, "budget"),
        ({"harm": -1}, "harm"),
        ({"n": 1, "ties": True}, "ties"),
        ({"ties": 1}, "ties"),
    ],
)
def test_what_no_game_has_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        games(**options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"budget": 13}, "budget"),
        ({"mistakes": -1}, "mistakes"),
        ({"family": "mine"}, "family"),
        ({"harm": np.nan}, "harm"),
        ({"capped": 1}, "capped"),
    ],
)
def test_what_no_instance_has_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        draw_instance(rng=0, **options)


def test_a_claim_without_an_address_says_so():
    local = Claim("L", "", "upper", lambda game: True, _half)
    with pytest.raises(AssertionError, match="give claim L a name in a module"):
        check_claim(local, GAME)


@pytest.mark.parametrize("wrong", ["V99", "V >=", "", 3])
def test_what_is_no_claim_is_refused(wrong):
    with pytest.raises(ValueError):
        check_claim(wrong, GAME)
    with pytest.raises(ValueError, match="where"):
        check_claim(CLAIMS["V1"], GAME, where="m == 0")
