"""Planted errors in designs, bounds and teachers, each rejected by a named check."""

from dataclasses import replace

import numpy as np
from claims import HALVES, lopsided, paired
from planted import judge

from radsim import CLAIMS, DESIGNS
from radsim.sampling import law
from radsim.sampling.audit import audit_law
from radsim.teachers import Committee, committee_bound


def test_biased_pivotal_fails_the_audit(monkeypatch):
    q = np.array([0.5, 0.7, 0.4, 0.4])
    assert audit_law(q, law(q, "pivotal")).status == "HOLDS"
    monkeypatch.setitem(DESIGNS, "pivotal", replace(DESIGNS["pivotal"], law=lopsided))
    assert audit_law(q, law(q, "pivotal")).status == "VIOLATED"


def test_positive_association_keeps_s1(monkeypatch):
    """Both pairs in or out together: marginals are right, so that S3 alone sees it."""
    monkeypatch.setitem(DESIGNS, "pivotal", replace(DESIGNS["pivotal"], law=paired))
    assert judge(CLAIMS["S1"], HALVES, method="rational").status == "HOLDS"
    assert judge(CLAIMS["S3"], HALVES, method="rational").status == "VIOLATED"


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
