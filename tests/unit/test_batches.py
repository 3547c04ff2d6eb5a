"""Batches of small games are the games solved one by one."""

import numpy as np
import pytest

from radsim import Game, solve, solve_many
from radsim.game import Count


@pytest.mark.parametrize("kernels", ["numpy", "numba"])
@pytest.mark.parametrize("seed", range(40))
def test_each_row_is_certified_and_equal(seed, kernels):
    if kernels == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    rng = np.random.default_rng(seed)
    n, count = int(rng.choice([1, 3, 10, 200, 400])), 12
    gains = [
        rng.random((count, n)),
        rng.integers(0, 3, (count, n)) * 1.0,
        1 + rng.pareto(1.1, (count, n)),
        np.ones((count, n)),
        rng.random((count, n)) * 2.0**-1000,
    ][seed % 5]
    harms = None if rng.random() < 0.5 else rng.random((count, n)) * gains.max()
    mistakes = np.minimum(rng.choice([0, 1, 0.5, n / 4, n / 2, n], count), n)
    budget = np.minimum(rng.choice([1, 0.5, n / 3 + 0.1, n], count), n)
    harm, rules = float(rng.choice([0, 1, 0.3])), {"capped": seed % 2 == 0, "abstain": seed % 3 > 0}
    many = solve_many(gains, mistakes, budget, harm, harms=harms, kernels=kernels, **rules)
    for k in range(len(many)):
        assert many[k].certificate.accepts(1e-12)
        game = Game(
            gains[k],
            Count(mistakes[k]),
            budget[k],
            harm,
            harms=None if harms is None else harms[k],
            **rules,
        )
        assert abs(many.value[k] - solve(game).value) <= 1e-12 * game.scale


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match=r"gains\[1, 2\] = -1"):
        solve_many([[1, 2, 3], [1, 2, -1]], 1)
    with pytest.raises(ValueError, match=r"mistakes\[1\] = 4"):
        solve_many([[1, 2, 3], [1, 2, 1]], [1, 4])
    with pytest.raises(ValueError, match=r"budget = 0\.0 must be in"):
        solve_many([[1, 2, 3]], 1, 0)
    with pytest.raises(ValueError, match="two-dimensional"):
        solve_many([1, 2, 3], 1)
    with pytest.raises(ValueError, match="harms must have shape"):
        solve_many([[1, 2, 3]], 1, harms=[[1, 2]])
    with pytest.raises(ValueError, match="kernels = 'c'"):
        solve_many([[1, 2, 3]], 1, kernels="c")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solve_many([1, 2, 3], 1, offsets=[0, 2, 2, 3]), r"offsets\[2\] = 2 must be above"),
        (lambda: solve_many([1, 2, 3], 1, offsets=[0, 2]), r"offsets\[1\] = 2 must be 3"),
        (lambda: solve_many([1, 2, 3], 1, offsets=[1, 3]), r"offsets\[0\] = 1 must be 0"),
        (lambda: solve_many([[1, 2]], 1, offsets=[0, 2]), "one-dimensional with offsets"),
        (lambda: solve_many([1, 2, 3], 1, offsets=[0, 1.5, 3]), r"offsets\[1\] = 1\.5 must be a"),
        (lambda: solve_many([[1, 2], []], 0), r"gains\[1\] has no entries"),
        (lambda: solve_many([[1, 2], [[3]], [4]], 0), r"gains\[1\] must be one-dimensional"),
        (lambda: solve_many([[1, 2], [3, "a", 1]], 0), r"gains\[1\]\[1\] = 'a' must be a number"),
        (lambda: solve_many([[1, 2], [3, 4, -1]], 0), r"gains\[1, 2\] = -1"),
        (lambda: solve_many([[1, 2], [3]], 2), r"mistakes\[1\] = 2\.0 must be at most 1, game 1"),
        (lambda: solve_many([[1, 2], [3]], 1, [2, 2]), r"budget\[1\] = 2\.0 must be at most 1"),
        (lambda: solve_many([[1, 2], [3]], 0, harms=[[1, 2], [3, 4]]), "harms must have shape"),
        (
            lambda: solve_many([[1, 2], [3]], 0, harms=[[1], [2, 3]]),
            r"harms\[0\] has 1 entries, gains\[0\] has 2",
        ),
        (lambda: solve_many([[1, 2], [3]], 0, harms=[[1, 2], [-3]]), r"harms\[1, 0\] = -3"),
        (lambda: solve_many([[1, 2], [3, 1e308, 2]], 0), r"gains\[1, 1\] = 1e\+308 with harm"),
        (lambda: solve_many([[1, 2]], 1, threads=0), "threads = 0 must be"),
    ],
)
def test_what_is_no_batch_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_games_of_different_sizes_are_read_by_number():
    found = solve_many([[1, 0.5, 0.25], [3, 2]], [1, 0.5], harms=[[1, 0.5, 0.25], [3, 2]])
    assert len(found) == 2 and found[1].game.gains.tolist() == [3, 2]
    assert found[-1].game.harms.tolist() == [3, 2]
    assert found.value[0] == pytest.approx(1 / 7)
    with pytest.raises(IndexError):
        found[2]


def test_no_games_are_no_answers():
    assert len(solve_many(np.empty((0, 3)), 1)) == 0
