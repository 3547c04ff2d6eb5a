"""Planted errors in designs, bounds and teachers, each rejected by a named check."""

from dataclasses import replace

import numpy as np
import pytest
from planted import changed, judge, scaled

from radsim import CLAIMS, DESIGNS, Game
from radsim.claims import sampled
from radsim.inference import mistakes_upper_bound
from radsim.sampling import law, pivotal
from radsim.sampling.audit import audit_law
from radsim.sampling.design import Law
from radsim.sampling.tails import design_tails
from radsim.teachers import Committee, committee_bound

GAME = Game([1, 0.9, 0.6, 0.5], 1, 2)


def test_the_claims_hold_before_anything_is_planted():
    for name in ("S1", "S2", "S3", "S4", "S5", "S6", "A3"):
        assert judge(CLAIMS[name], GAME, method="rational").status == "HOLDS", name


def _lopsided(q):
    """The first point takes a twentieth of the second one's share."""
    found = pivotal.law(q)
    outcomes = found.outcomes.copy()
    moved = np.concatenate((outcomes, outcomes))
    swap = (outcomes[:, 0] == 0) & (outcomes[:, 1] == 1)
    moved[: len(outcomes)][swap, 0], moved[: len(outcomes)][swap, 1] = 1, 0
    weight = np.concatenate((0.05 * found.probability, 0.95 * found.probability))
    return Law(moved, weight)


def test_biased_pivotal_breaks_s1(monkeypatch):
    monkeypatch.setitem(DESIGNS, "pivotal", replace(DESIGNS["pivotal"], law=_lopsided))
    q = np.array([0.5, 0.7, 0.4, 0.4])
    assert audit_law(q, law(q, "pivotal")).status == "VIOLATED"
    assert judge(CLAIMS["S1"], GAME, method="rational").status == "VIOLATED"


def test_hypergeometric_bound_one_off_breaks_s4(monkeypatch):
    monkeypatch.setattr(
        sampled, "mistakes_upper_bound", lambda *a: max(0, mistakes_upper_bound(*a) - 1)
    )
    assert judge(CLAIMS["S4"], GAME, method="rational").status == "VIOLATED"


def test_positive_association_breaks_s3(monkeypatch):
    """Both pairs in or out together: marginals are right, covariances are not."""

    def paired(q):
        return Law(np.array([[1, 1, 0, 0], [0, 0, 1, 1]]), np.array([0.5, 0.5]))

    monkeypatch.setitem(DESIGNS, "pivotal", replace(DESIGNS["pivotal"], law=paired))
    game = Game([1, 1, 1, 1], 1, 2)  # q = 1/2 each
    assert judge(CLAIMS["S1"], game, method="rational").status == "HOLDS"
    assert judge(CLAIMS["S3"], game, method="rational").status == "VIOLATED"


@pytest.mark.parametrize("claim", ["S2", "S3"])
def test_tail_bounds_of_a_too_large_deviation_are_violated(monkeypatch, claim):
    monkeypatch.setattr(
        sampled, "design_tails", lambda t, q, w, design: design_tails(2.5 * t, q, w, design)
    )
    assert judge(CLAIMS[claim], GAME, method="rational").status == "VIOLATED"


@pytest.mark.parametrize(
    ("claim", "factor", "game"),
    [
        ("S1", 1.05, GAME),
        ("S2", 0.9, Game([1, 1, 1], 3, 1)),
        ("S5", 1.1, GAME),
        ("A3", 0.9, GAME),
    ],
)
def test_scaled_bounds_are_violated(claim, factor, game):
    assert judge(scaled(claim, factor), game, method="rational").status == "VIOLATED"


def test_s6_a_bound_that_shrinks_too_fast_is_violated():
    """The gap of a long game exceeds the bound with 1/T in place of its square root."""
    false = changed("S6", lambda item: item._replace(bound=item.bound**2 / 100))
    assert judge(false, GAME, method="rational").status == "VIOLATED"


def test_a_committee_with_one_mistake_more_exceeds_the_bound():
    """K = 3, f = 1: every honest mistake counts, so the bound is met and one more breaks it."""
    bound = committee_bound([5, 0], 1)
    rng, truth = np.random.default_rng(0), np.zeros(50, dtype=int)
    from radsim.teachers import aggregate_wrong

    def made(first):
        soft = Committee((first, 0), 1).soft_labels(truth, 2, rng)
        return aggregate_wrong(soft, truth, "majority").sum()

    assert made(5) == bound
    assert made(6) > bound
