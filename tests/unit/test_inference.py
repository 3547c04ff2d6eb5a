"""Tail bounds by hand, and the hypergeometric bound against its definition."""

import numpy as np
import pytest
from scipy import stats

from radsim.inference import mistakes_upper_bound
from radsim.sampling.tails import (
    bernstein_tail,
    design_tails,
    empirical_bernstein_radius,
    hoeffding_tail,
    negative_association_tail,
    strongly_rayleigh_tail,
)


def test_formulas_by_hand():
    assert hoeffding_tail(0.5, 10, 2) == pytest.approx(np.exp(-2 * 10 * 0.25 / 4))
    assert bernstein_tail(0.5, 10, 0.3, 2) == pytest.approx(np.exp(-2.5 / (0.6 + 2 / 3)))
    x = [0.0, 1.0, 1.0]
    log = np.log(2 / 0.1)
    radius = np.sqrt(2 * (1 / 3) * log / 3) + 7 * log / 6
    assert empirical_bernstein_radius(x, 1, 0.1) == pytest.approx(radius)
    assert strongly_rayleigh_tail(2.0, [1, 3], 3) == pytest.approx(np.exp(-4 / (8 * 3)))


def test_weights_of_both_signs_need_a_fixed_size():
    assert negative_association_tail(1.0, [-1, 2], fixed_size=False) == 1.0
    # Shifted to (0, 3) or to (-3, 0).
    assert negative_association_tail(1.0, [-1, 2], fixed_size=True) == pytest.approx(np.exp(-2 / 9))


def test_what_does_not_vary_has_no_tail():
    assert hoeffding_tail(0.1, 5, 0) == 0.0
    assert hoeffding_tail(0.0, 5, 0) == 1.0
    assert negative_association_tail(0.1, [], fixed_size=True) == 0.0
    assert design_tails(0.1, [1.0, 0.0], [3, 4], "pivotal")["negative association"] == 0.0


def test_independent_coins_allow_weights_of_both_signs():
    found = design_tails(1.0, [0.5, 0.5], [-1, 2], "poisson")
    assert found == {"Hoeffding": pytest.approx(np.exp(-2 / 5))}


@pytest.mark.parametrize(("n", "v"), [(30, 10), (12, 25), (0, 5), (7, 0)])
@pytest.mark.parametrize("delta", [0.01, 0.2])
def test_hypergeometric_bound_is_the_largest_count_not_refuted(n, v, delta):
    for k in range(v + 1):
        bound = mistakes_upper_bound(n, v, k, delta)
        kept = [
            total
            for total in range(k, k + n + 1)
            if stats.hypergeom.cdf(k, n + v, total, v) > delta or total == k
        ]
        assert bound == max(kept) - k


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((10, 5, 6, 0.1), r"n_wrong = 6 must be a whole number in \[0, 5\]"),
        ((-1, 5, 1, 0.1), "n_pool = -1"),
        ((10, 5, 1, 1.0), "delta = 1.0"),
        ((10, 5, 1, float("nan")), "delta = nan"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        mistakes_upper_bound(*arguments)
