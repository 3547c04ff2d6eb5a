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
