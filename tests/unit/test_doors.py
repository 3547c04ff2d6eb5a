"""Three doors, one game: what `Game` refuses or solves, stored games and batches do likewise."""

import numpy as np
import pytest

from radsim import Game, StoredGame, solve, solve_many
from radsim.game import Count

TINIEST = 5e-324
POOLS = {
    "plain": [1, 0.5, 0.25],
    "tied": [2, 2, 2, 1, 1],
    "zeros": [0, 0, 1, 0],
    "nothing": [0, 0, 0],
    "one point": [3],
    "tiny": [1e-300, 3e-300, 2e-300],
    "subnormal": [5e-320, 2e-320, 9e-320],
    "tiniest": [TINIEST] * 3,
    "huge": [1e306, 5e305, 2e306],
    "far apart": [1e150, 1, 1e-150],
    "above one": [9, 7, 4, 4, 1, 1, 1],
}
REFUSED = {
    "too large": ([1, 1e308], {}),
    "too large a harm": ([1, 2], {"harm": 1e308}),
    "too large a sum": ([1e308, 1e308], {"harm": 0}),
    "not a number": ([1, np.nan], {}),
    "infinite": ([1, np.inf], {}),
    "negative": ([1, -1e-300], {}),
    "mistakes": ([1, 1], {"mistakes": 3}),
    "mistakes below zero": ([1, 1], {"mistakes": -1}),
    "mistakes not a number": ([1, 1], {"mistakes": np.nan}),
    "no budget": ([1, 1], {"budget": 0}),
    "budget": ([1, 1], {"budget": 3}),
    "infinite budget": ([1, 1], {"budget": np.inf, "capped": False}),
    "huge budget": ([1, 1], {"budget": 1e308, "capped": False}),
    "harm": ([1, 1], {"harm": np.inf}),
    "harms": ([1, 1], {"harms": [1, -1]}),
    "too large harms": ([1, 1], {"harms": [1, 1.7e308]}),
    "harms of another length": ([1, 1], {"harms": [1, 1, 1]}),
    "capped": ([1, 1], {"capped": 2}),
}
RULES = [{"capped": c, "abstain": a} for c in (True, False) for a in (True, False)]


@pytest.fixture
def stored(tmp_path):
    def make(gains, **arguments):
        for name, values in {"gains": gains, "harms": arguments.get("harms")}.items():
            if values is not None:
                np.save(tmp_path / f"{name}.npy", np.asarray(values, dtype=float))
        if arguments.get("harms") is not None:
            arguments["harms"] = tmp_path / "harms.npy"
        return StoredGame(tmp_path / "gains.npy", **arguments)

    return make


def batch(gains, harms=None, **arguments):
    return solve_many([gains], harms=None if harms is None else [harms], **arguments)


def games(n):
    for m in {0, 1e-12, 1, 1.5, n / 2, n}:
        if m <= n:
            for b in {1e-300, 1e-12, 0.5, 1, n / 2, n}:
                for rules in RULES:
                    yield {"mistakes": Count(m), "budget": b, **rules}


@pytest.mark.parametrize("harm", [0.0, 1.0, 1e9, "least", "mixed"])
@pytest.mark.parametrize("pool", POOLS)
def test_what_one_door_solves_all_solve(pool, harm, stored):
    gains = np.array(POOLS[pool], dtype=float)
    if pool == "huge" and harm == 1e9:
        harm = 10.0
    harms = {
        "least": np.full(len(gains), TINIEST),
        "mixed": gains.max() * np.arange(len(gains)),
    }.get(harm)
    harm = {"harms": harms} if harms is not None else {"harm": harm}
    for arguments in games(len(gains)):
        game = Game(gains, **harm, **arguments)
        asked = game.scale >= 1e-290
        whole = solve(game, certify=asked)
        one = solve(stored(gains, **harm, **arguments), certify=asked)
        many = batch(gains, certify=asked, **harm, **arguments)
        q = np.concatenate(list(one.inclusion()))
        # What is subnormal is rounded to whole multiples of the tiniest float.
        slack = 1e-12 * game.scale + 4 * game.n * TINIEST
        for answer in (whole, one, many[0]):
            proof = answer.certificate
            assert proof.accepts(1e-12) or not asked, game
            assert proof.lower - slack <= whole.value <= proof.upper + slack, game
            assert proof.gap <= slack, game
            assert proof.infeasibility * game.scale <= slack, game
            assert abs(answer.value - whole.value) <= slack, game
            assert np.isfinite((answer.level, answer.threshold)).all(), game
        assert q.shape == whole.inclusion.shape


def words(error):
    """A refusal's argument, and what stands behind it: places and ranges are each door's own."""
    text = str(error)
    return text.split()[0].split("[")[0]


@pytest.mark.parametrize("case", REFUSED)
def test_what_one_door_refuses_all_refuse(case, stored):
    gains, arguments = REFUSED[case]
    arguments = {"mistakes": 1, **arguments}
    with pytest.raises(ValueError) as by_game:
        Game(gains, **arguments)
    with pytest.raises(ValueError) as by_stored:
        solve(stored(gains, **arguments))
    with pytest.raises(ValueError) as by_many:
        batch(gains, **arguments)
    assert words(by_game.value) == words(by_stored.value) == words(by_many.value)


def test_the_place_is_that_of_the_whole_pool(stored):
    gains = np.ones(100_000)
    gains[70_000] = 1e308
    harms = np.ones(100_000)
    harms[80_001] = -2
    with pytest.raises(ValueError, match=r"gains\[70000\] = 1e\+308 with harm 1e\+308 is too"):
        solve(stored(gains, mistakes=1))
    with pytest.raises(ValueError, match=r"harms\[80001\] = -2"):
        solve(stored(np.ones(100_000), mistakes=1, harms=harms))
    with pytest.raises(ValueError, match=r"gains\[2, 1\] = 1e\+308 with harm 1e\+308 is too"):
        solve_many([[1, 2], [3, 4], [5, 1e308]], 1)


@pytest.mark.parametrize("mistakes", [0, 100, 30_000.5, 60_000])
@pytest.mark.parametrize("budget", [1, 20_000, 60_000])
@pytest.mark.parametrize("unit", [1e-310, 1e-300, 1.0, 1e300])
def test_pools_of_many_chunks_in_any_unit(unit, budget, mistakes, stored):
    gains = unit * np.random.default_rng(7).integers(0, 2**20, 60_000) / 2**20
    for abstain in (True, False):
        game = Game(gains, mistakes, budget, abstain=abstain)
        one = solve(stored(gains, mistakes=mistakes, budget=budget, abstain=abstain))
        assert one.certificate.accepts(1e-12)
        assert abs(one.value - solve(game).value) <= 1e-12 * game.scale
