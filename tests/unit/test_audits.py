"""Audits (N8): estimates, bounds by hand, the alarm, and what is refused."""

from itertools import combinations

import numpy as np
import pytest

from radsim.extensions import (
    audit_evidence,
    audit_loss,
    audited_use,
    least_audit_loss,
    least_blind_loss,
    stage_errors,
    two_use_loss,
)


def _all_draws(gains, stakes, uses, wrong, a):
    """What the kept use falls short of the best, for every set of checks."""
    worth = np.array([w @ (gains - stakes * wrong) for w in uses])
    lost = []
    for checked in combinations(range(len(gains)), a):
        found = audited_use(gains, stakes, uses, checked, wrong[list(checked)], error=0.2)
        lost.append(worth.max() - worth[found.index])
    return np.array(lost), found.loss


def test_estimates_are_unbiased_over_all_draws():
    rng = np.random.default_rng(0)
    g, wrong = rng.random(6), np.array([1, 0, 1, 1, 0, 0], dtype=bool)
    s, uses = g + 1, [np.ones(6), rng.random(6)]
    each = [audited_use(g, s, uses, c, wrong[list(c)]).estimates for c in combinations(range(6), 3)]
    truth = [w @ (g - s * wrong) for w in uses]
    np.testing.assert_allclose(np.mean(each, axis=0), truth)


@pytest.mark.parametrize("a", [1, 3, 5, 8])
def test_the_bound_holds_for_every_teacher_of_a_small_game(a):
    """All 256 teachers, all draws: no share of draws above the bound is larger than the error."""
    g = np.array([1.0, 0.9, 0.8, 0.7, 0.5, 0.4, 0.3, 0.2])
    half = (np.arange(8) % 2).astype(float)
    uses = [np.ones(8), np.zeros(8), half]
    for code in range(256):
        wrong = np.array([code >> i & 1 for i in range(8)], dtype=bool)
        lost, bound = _all_draws(g, g + 1, uses, wrong, a)
        assert np.mean(lost > bound + 1e-12) <= 0.2
        if a == 8:
            assert bound == 0 and lost.max() == 0


def test_the_exact_bound_of_two_uses_by_enumeration():
    b, a, error = 9, 3, 0.1
    ones, lost = np.ones(b), []
    for k in range(b + 1):
        found, _ = _all_draws(ones, 2 * ones, [ones, 0 * ones], np.arange(b) < k, a)
        # A loss of this teacher has one size; the bound is the largest that is likelier than error.
        lost += [found.max()] if np.mean(found > 0) > error else []
    assert two_use_loss(b, a, error) == max(lost)
    assert two_use_loss(b, a, error) <= audit_loss(b, a, 2.0, error)


def test_bounds_have_their_order():
    for b in (40, 400):
        for a in (1, 4, 16):
            low, exact = least_audit_loss(b, a), two_use_loss(b, a, 0.05)
            assert 0 < low < exact <= audit_loss(b, a, 2.0, 0.05)
    assert audit_loss(10, 4, 1.0, 0.1, n_uses=1) == 0.0
    assert least_blind_loss(3.0, 6.0) == pytest.approx(2.0)
    assert least_blind_loss(0.0, 0.0) == 0.0
    assert stage_errors(0.05, 400).sum() < 0.05


def test_the_lower_bound_is_below_the_best_rule():
    """Two teachers of independent mistakes: the exact loss of the best rule is not below it."""
    from scipy import stats

    for b, a in ((20, 1), (40, 9), (200, 25)):
        edge = 1 / (4 * np.sqrt(a))
        x = np.arange(a + 1)
        p, q = (stats.binom.pmf(x, a, 0.5 + sign * edge) for sign in (-1, 1))
        # Half and half, the best rule errs with half the smaller of the two, whatever it sees.
        bayes = 2 * edge * (b - a) * 0.5 * np.minimum(p, q).sum()
        assert bayes >= least_audit_loss(b, a) * (1 - 1e-12)


def test_evidence_is_one_in_the_mean_at_its_border():
    r = np.array([0.1, 0.4, 0.7, 0.5])
    mean = 0.0
    for code in range(16):
        x = np.array([code >> i & 1 for i in range(4)], dtype=bool)
        mean += np.prod(np.where(x, r, 1 - r)) * np.exp(audit_evidence(r, x)[-1])
    assert mean == pytest.approx(1.0)
    better = 0.5 * r
    mean = 0.0
    for code in range(16):
        x = np.array([code >> i & 1 for i in range(4)], dtype=bool)
        mean += np.prod(np.where(x, better, 1 - better)) * np.exp(audit_evidence(r, x)[-1])
    assert mean < 1.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"checked": [0, 0]}, "each once"),
        ({"checked": [0, 9]}, "must name places in"),
        ({"wrong": [True]}, "wrong"),
        ({"uses": [[1, 1, 2]]}, r"uses\[0, 2\] = 2"),
        ({"uses": [[1, 1]]}, "rows of 2 weights"),
        ({"error": 0.0}, "error"),
    ],
)
def test_what_cannot_be_is_refused(change, words):
    given = {
        "gains": [1, 1, 1],
        "stakes": [2, 2, 2],
        "uses": [[1, 1, 1], [0, 0, 0]],
        "checked": [0, 1],
        "wrong": [True, False],
        "error": 0.1,
    } | change
    with pytest.raises(ValueError, match=words):
        audited_use(**given)
