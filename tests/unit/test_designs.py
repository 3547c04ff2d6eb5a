"""Laws of the designs, listed whole: first and second-order probabilities are exact."""

import numpy as np
import pytest

from radsim import DESIGNS, sample
from radsim.sampling import joint_inclusion, law, sample_counts
from radsim.sampling.audit import audit, audit_law, successive_law, successive_sampling
from radsim.sampling.conditional_poisson import calibrate, coins
from radsim.sampling.design import Law

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
    with pytest.raises(ValueError, match=r"shape \(256, 3\), needs \(size, 2\)"):
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
