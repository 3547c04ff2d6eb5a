"""Laws of the designs, listed whole: first and second-order probabilities are exact."""

from fractions import Fraction

import numpy as np
import pytest

from radsim import DESIGNS, Game, sample, solve
from radsim.sampling import joint_inclusion, law, sample_counts
from radsim.sampling.audit import audit, audit_law, successive_law, successive_sampling
from radsim.sampling.conditional_poisson import calibrate, coins
from radsim.sampling.design import Law, open_points

POOLS = {
    "whole": [0.75, 0.5, 0.25, 0.5],
    "not whole": [0.9, 0.8, 0.35, 0.2],
    "sure and out": [1.0, 0.6, 0.0, 0.4],
    "ties": [0.5, 0.5, 0.5, 0.5],
    "near the ends": [1 - 1e-9, 1e-9, 0.5, 0.5],
}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("pool", POOLS)
def test_law_has_the_promised_probabilities(design, pool):
    q = np.array(POOLS[pool])
    found = law(q, design)
    assert found.probability.sum() == pytest.approx(1, abs=1e-12)
    assert found.inclusion() == pytest.approx(q, abs=1e-11)
    row = DESIGNS[design]
    if row.fixed_size and not row.with_replacement:
        sizes = set(found.outcomes.sum(axis=1).tolist())
        assert sizes <= {int(np.floor(q.sum() + 1e-9)), int(np.ceil(q.sum() - 1e-9))}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("pool", POOLS)
def test_second_order_probabilities_against_enumeration(design, pool):
    q = np.array(POOLS[pool])
    pairs = law(q, design).joint()
    np.fill_diagonal(pairs, q)
    assert joint_inclusion(q, design) == pytest.approx(pairs, abs=1e-9)


@pytest.mark.parametrize("design", ["conditional_poisson", "sampford"])
def test_second_order_probabilities_of_random_pools(design):
    rng = np.random.default_rng(1)
    for n in (5, 8, 12):
        q = rng.dirichlet(np.ones(n)) * 3
        q = np.minimum(q, 0.97)
        q *= round(q.sum()) / q.sum() if q.max() * round(q.sum()) / q.sum() < 1 else 1 / q.sum()
        listed = law(q, design).joint()
        np.fill_diagonal(listed, q)
        assert np.abs(joint_inclusion(q, design) - listed).max() <= 1e-9


@pytest.mark.parametrize("n", [10, 300, 5000])
def test_conditional_poisson_is_calibrated_to_1e12(n):
    rng = np.random.default_rng(n)
    q = np.clip(rng.beta(0.4, 2, n), 1e-6, 0.99)
    q *= max(1, round(q.sum())) / q.sum()
    q = np.minimum(q, 0.995)
    q *= round(q.sum()) / q.sum()
    # Another way to the law of the number of heads: its characteristic function, at M angles.
    b, p = round(q.sum()), coins(calibrate(q))[1]
    m = int(40 * np.sqrt(np.sum(p * (1 - p)))) + 65 | 1  # odd, so that no factor vanishes
    wave = np.exp(2j * np.pi * np.arange(m) / m)[:, None]
    factor = 1 - p + wave * p
    mass = np.prod(factor, axis=1) * wave[:, 0] ** -b
    pi = (mass @ (wave * p / factor)).real / mass.sum().real
    assert np.max(np.abs(pi / q - 1)) <= 1e-12


def test_the_law_is_that_of_the_draws():
    """The listed law and the drawing code are written apart; frequencies must meet."""
    q = np.array([0.7, 0.5, 0.45, 0.35])
    for design in DESIGNS:
        found = law(q, design)
        drawn = sample_counts(q, design, rng=np.random.default_rng(3), size=40_000)
        index = {tuple(row): k for k, row in enumerate(found.outcomes.tolist())}
        seen = np.zeros(len(found.probability))
        for row, times in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True):
            seen[index[tuple(row.tolist())]] = times
        # Hoeffding over all outcomes of all designs at level 1e-9.
        radius = np.sqrt(np.log(2 * 1e4 / 1e-9) / (2 * 40_000))
        assert np.abs(seen / 40_000 - found.probability).max() <= radius, design


def test_weighted_draws_one_by_one_miss_exactly():
    q = np.array([0.9, 0.6, 0.5])
    finding = audit_law(q, successive_law(q))
    # By hand: p = q/2 = (.45, .3, .25); P(0 in) = .45 + .3*.45/.7 + .25*.45/.75.
    assert finding.found == pytest.approx(0.45 + 0.3 * 0.45 / 0.7 + 0.25 * 0.45 / 0.75)
    assert finding.status == "VIOLATED"
    drawn = successive_sampling(q, rng=np.random.default_rng(0), size=30_000)
    assert drawn.mean(axis=0) == pytest.approx(successive_law(q).inclusion(), abs=0.02)


def test_audit_refuses_what_is_no_design():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="design = 'magic'"):
        audit([0.5, 0.5], "magic", rng=rng)
    with pytest.raises(ValueError, match=r"draws must have shape \(256, 2\), got \(256, 3\)"):
        audit([0.5, 0.5], lambda q, rng, size: np.zeros((size, 3)), rng=rng)
    never = audit([0.5, 1.0], lambda q, rng, size: np.zeros((size, 2)), rng=rng)
    assert never.status == "VIOLATED"
    assert never.worst_point == 1
    two = Law(np.array([[1, 0], [0, 1]]), np.array([0.5, 0.4]))
    assert audit_law([0.5, 0.4], two).status == "VIOLATED"  # probabilities do not sum to one


def test_many_samples_at_once_equal_their_shape():
    q = np.full(50, 0.2)
    for design, row in DESIGNS.items():
        rng = np.random.default_rng(1)
        if row.fixed_size or row.with_replacement:
            assert sample(q, design, rng=rng, size=7).shape == (7, 10)
        else:
            with pytest.raises(ValueError, match="differ in size"):
                sample(q, design, rng=rng, size=7)


E_53 = 2.0**-53
ENDS = {
    "sure and tiny": [1.0, 1e-12],
    "alone": [1e-10],
    "alone and tinier": [1e-300],
    "nearly sure": [1 - E_53, E_53],
    "all nearly sure": [1 - E_53, 1 - E_53, 2 * E_53],
    "a tiny third": [1e-300, 0.5, 0.5],
    "decades": [1e-300, 1e-200, 1e-100],
    "below the rounding of a total": [0.3, 1e-17, 0.7],
    "nearly sure and fractions": [1 - 1e-12, 4e-13, 6e-13],
    "nearly whole": [0.5, 0.5 + 5e-10],
    "both ends": [0.1, 0.9, 1e-20, 1 - 1e-15, 0.5],
}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("pool", ENDS)
def test_laws_are_exact_at_both_ends(design, pool):
    """In fractions: relative to q, and near one to the spacing of floats."""
    q, found = ENDS[pool], law(ENDS[pool], design)
    chances = list(map(Fraction, found.probability.tolist()))
    for x, column in zip(q, found.outcomes.T.tolist(), strict=True):
        included = sum(p * k for p, k in zip(chances, column, strict=True))
        assert abs(included - Fraction(x)) <= Fraction(x) * Fraction(1, 10**13)
    pairs = found.joint()
    np.fill_diagonal(pairs, q)
    assert joint_inclusion(q, design) == pytest.approx(pairs, rel=1e-9, abs=0)
    drawn = sample_counts(q, design, rng=0, size=200)
    assert set(map(tuple, drawn.tolist())) <= set(map(tuple, found.outcomes.tolist()))
    assert audit(q, design, rng=0, max_draws=500).status == "HOLDS"
    listed = successive_law(np.minimum(q, 1))
    assert listed.outcomes.sum(axis=1).tolist() == [round(sum(q))] * len(listed.outcomes)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_tiny_total_is_drawn_as_often_as_it_says(design):
    """At 1e-3 of a total below one that is open, and beside sure points; Hoeffding at 1e-9."""
    for q in ([1e-3], [1.0, 1e-3], [4e-4, 6e-4]):
        mean = sample_counts(q, design, rng=1, size=200_000).mean(axis=0)
        assert np.abs(mean - q).max() <= np.sqrt(np.log(2e3 / 1e-9) / (2 * 200_000)) / 4
        assert mean[-1] > 0


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("q", [[0.5, 0.5], [1.0, 0.5, 0.3, 0.0], [1.0], [0.0], [1e-12], []])
def test_no_samples_are_none(design, q):
    assert sample_counts(q, design, rng=0, size=0).shape == (0, len(q))
    assert sample(q, design, rng=0, size=0).shape == (0, round(sum(q)))
    row = DESIGNS[design]
    part = open_points(np.array(q), row).q
    if len(part):
        assert row.draw(part, rng=np.random.default_rng(0), size=0).shape == (0, len(part))


def test_counts_beyond_small_integers():
    """70,000 expected counts, as sums, squares and laws have them too."""
    q = [70_000.0, 32_768.0]
    drawn = sample_counts(q, "iid", rng=0, size=3)
    assert drawn.dtype == np.int64
    assert drawn.sum(axis=1).tolist() == [102_768] * 3
    assert np.abs(drawn / q - 1).max() < 0.02
    assert sample(q, "iid", rng=0, size=2).shape == (2, 102_768)
    found = law(q, "iid")
    assert found.inclusion() == pytest.approx(q, rel=1e-12)
    assert (found.outcomes.sum(axis=1) == 102_768).all()
    assert found.outcomes.min() == 0
    n, p = 102_768, 70_000 / 102_768
    assert found.joint()[0, 0] == pytest.approx(n * p * (1 - p) + (n * p) ** 2, rel=1e-12)
    assert found.joint()[0, 1] == pytest.approx(n * (n - 1) * p * (1 - p), rel=1e-12)
    assert joint_inclusion(q, "iid")[0, 1] == pytest.approx(n * (n - 1) * p * (1 - p), rel=1e-12)


def test_a_large_budget_without_caps_is_drawn_whole():
    game = Game([1.0, 1.0], 0, 140_000, capped=False)
    picks = sample(solve(game).inclusion, "iid", rng=0)
    assert len(picks) == 140_000
    assert np.bincount(picks).min() > 69_000


@pytest.mark.parametrize("design", DESIGNS)
def test_counts_are_wide_enough_for_products(design):
    q = np.full(3, 1 / 3)
    part = open_points(q, DESIGNS[design]).q
    counts = DESIGNS[design].draw(part, rng=np.random.default_rng(0), size=200_000)
    for found in (counts, sample_counts(q, design, rng=0, size=200_000), law(q, design).outcomes):
        assert found.dtype == np.int64
    assert (counts.T @ counts).trace() == (counts**2).sum() > 2**16


def test_laws_with_too_many_outcomes_are_not_listed():
    with pytest.raises(ValueError, match=r"sums to 4000: 10682\d+ outcomes, and 1000000 are list"):
        law([1000.0] * 4, "iid")
    assert audit([1000.0] * 4, "iid", rng=0, max_draws=300).exact is False
    with pytest.raises(ValueError, match=r"inclusion\[0\] = 1e\+300 must be in"):
        sample([1e300], "iid", rng=0)
    with pytest.raises(ValueError, match=r"sums to 1.6e\+16, must be at most 9.0072e\+15"):
        sample_counts([8e15, 8e15], "iid", rng=0)
