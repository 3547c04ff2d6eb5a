"""One pass takes an array into the house: copied, checked, measured, chunk by chunk."""

import re

import numpy as np
import pytest

from radsim import Game, solve
from radsim.door import CHUNK, array, matrix, taken, vector

EDGES = [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 1]


@pytest.mark.parametrize("n", EDGES)
@pytest.mark.parametrize("kind", ["f8", "f4", "f2", "i8", "u1", "?", ">f8", "g"])
def test_any_numbers_come_out_as_float64(n, kind):
    given = (np.random.default_rng(n).random(n) * 100).astype(kind)
    before = given.copy()
    found = taken(given, "gains")
    assert found.values.dtype == np.float64 and not found.values.flags.writeable
    assert not np.shares_memory(found.values, given)
    assert np.array_equal(found.values, given.astype(float))
    assert found.least == found.values.min() and found.most == found.values.max()
    assert given.flags.writeable and np.array_equal(given, before)


@pytest.mark.parametrize("n", EDGES)
@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf, -np.inf, -5e-324])
def test_the_first_wrong_entry_is_named_wherever_it_is(n, wrong):
    for place in {0, n // 2, n - 1}:
        given = np.ones(n)
        given[place] = wrong
        given[place + 1 :] = np.nan  # later ones are not named
        words = re.escape(f"gains[{place}] = {wrong} must be finite and non-negative")
        for copy in (True, False):
            with pytest.raises(ValueError, match=f"^{words}$"):
                Game(given, mistakes=0, copy=copy)
        with pytest.raises(ValueError, match=f"^{words.replace('gains', 'harms')}$"):
            Game(np.ones(n), mistakes=0, harms=given)


def test_a_wrong_entry_of_a_table_is_named_in_any_chunk():
    table = np.ones((3_000, 30))
    table[2_999, 7] = np.nan
    with pytest.raises(ValueError, match=r"embeddings\[2999, 7\] = nan must be finite"):
        matrix(table, "embeddings")
    with pytest.raises(ValueError, match=r"x\[2, 0, 1\] = -1.0"):
        array(np.where(np.arange(12).reshape(3, 2, 2) == 9, -1.0, 0.0), "x")
    wide = np.ones((2, 3 * CHUNK)).T
    assert np.array_equal(matrix(wide, "x"), wide) and matrix(wide, "x").flags.c_contiguous


@pytest.mark.parametrize("n", EDGES)
def test_minus_zero_becomes_zero(n):
    given = np.full(n, 0.5)
    given[n - 1] = -0.0
    found = vector(given, "gains")
    assert not np.signbit(found).any() and np.signbit(given[n - 1])
    assert not np.signbit(vector([-1.0, -0.0, 1.0], "x", low=-np.inf)).tolist()[1]


def test_what_is_out_by_a_rounding_is_brought_back_in_every_chunk():
    given = np.full(CHUNK + 2, 0.5)
    given[[0, -1]] = 1 + 1e-9, -1e-9
    found = taken(given, "p", high=1, slack=1e-6)
    assert (found.least, found.most) == (0, 1) == (found.values.min(), found.values.max())


def test_numbers_too_large_for_a_float_are_infinite_and_refused():
    if np.finfo(np.longdouble).max > np.finfo(float).max:
        given = np.ones(CHUNK + 1, dtype=np.longdouble)
        given[-1] = np.longdouble("1e400")
        with pytest.raises(ValueError, match=rf"gains\[{CHUNK}\] = inf must be finite"):
            vector(given, "gains")


@pytest.mark.parametrize("n", EDGES)
@pytest.mark.parametrize("step", [1, 2, -1])
def test_a_view_is_read_only_and_the_array_stays_its_owners(n, step):
    whole = np.random.default_rng(n).random(2 * n)
    gains = whole[::step][:n]
    harms = np.ones(n)
    game = Game(gains, rate=0.25, harms=harms, copy=False)
    for mine, its in ((gains, game.gains), (harms, game.harms)):
        assert np.shares_memory(mine, its) and not its.flags.writeable
        assert mine.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            its[0] = 1
    assert game.digest() == Game(gains, rate=0.25, harms=harms).digest()


@pytest.mark.parametrize("budget", [1, 40, 500])
def test_answers_on_a_view_are_those_on_a_copy(budget):
    whole = np.random.default_rng(0).random((70_000, 3))
    one, other = (solve(Game(whole[:, 1], 7_000, budget, copy=c)) for c in (True, False))
    assert one.value == other.value and np.array_equal(one.inclusion, other.inclusion)
    assert one.certificate == other.certificate


@pytest.mark.parametrize(
    ("gains", "words"),
    [
        (np.ones(3, dtype=np.float32), "gains must be an array of float64 with copy=False, got fl"),
        ([1, 2], "gains must be an array of float64 with copy=False, got int64"),
        (np.ones(3, dtype=">f8"), "gains must be an array of float64 with copy=False, got >f8"),
        (np.ones((2, 2)), r"gains must be one-dimensional, got shape \(2, 2\)"),
        (np.array([1, -0.0]), r"gains\[1\] = -0.0 must be 0.0 with copy=False, which changes not"),
        (np.append(np.zeros(CHUNK + 1), -0.0), rf"gains\[{CHUNK + 1}\] = -0.0 must be 0.0"),
    ],
)
def test_what_would_have_to_be_copied_is_refused(gains, words):
    with pytest.raises(ValueError, match=words):
        Game(gains, mistakes=0, copy=False)


def test_a_mapped_file_is_taken_as_it_is(tmp_path):
    np.save(tmp_path / "gains.npy", np.random.default_rng(0).random(1_000))
    mapped = np.load(tmp_path / "gains.npy", mmap_mode="r")
    game = Game(mapped, mistakes=100, copy=False)
    assert np.shares_memory(game.gains, mapped) and solve(game).value > 0


def test_copy_is_a_flag():
    with pytest.raises(ValueError, match="copy = 'no' must be True or False"):
        Game([1.0], mistakes=0, copy="no")
