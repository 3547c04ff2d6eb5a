"""Planted faults of audits (N8): an audit that looks at the answers first, and bounds times .8."""

import numpy as np
import pytest
from scipy import stats

from radsim.extensions import audit_evidence, audited_use, two_use_loss

B, A, ERROR, N_DRAWS = 80, 20, 0.05, 4000
# An exact binomial test at 1e-9 says that a share of draws is above the error.
TOO_MANY = stats.binom.isf(1e-9, N_DRAWS, ERROR)


def _blind(wrong, rng):
    return rng.choice(B, A, replace=False)


def _only(value):
    """Checks answers that are right, or wrong, where there are any."""

    def look(wrong, rng):
        order = rng.permutation(B)
        return order[np.argsort(wrong[order] != value, kind="stable")][:A]

    return look


def _above(look, bound, seed=0):
    """The largest number of draws above a bound, over teachers, of the rule with two uses."""
    rng, g, worst = np.random.default_rng(seed), np.ones(B), 0
    for k in range(0, B + 1, 2):
        wrong = np.arange(B) < k
        best = max(0.0, B - 2.0 * k)
        lost = []
        for _ in range(N_DRAWS // 20):
            checked = look(wrong, rng)
            found = audited_use(g, 2 * g, [g, 0 * g], checked, wrong[checked], error=ERROR)
            lost.append(best - (B - 2.0 * k if found.index == 0 else 0.0))
        worst = max(worst, int((np.array(lost) > bound).sum()))
    return worst, N_DRAWS // 20


def test_a_blind_audit_keeps_the_exact_bound():
    above, n = _above(_blind, two_use_loss(B, A, ERROR))
    assert above <= stats.binom.isf(1e-9 / (B // 2 + 1), n, ERROR)


@pytest.mark.parametrize("value", [True, False])
def test_an_audit_that_looks_at_the_answers_first_is_caught(value):
    above, n = _above(_only(value), two_use_loss(B, A, ERROR))
    assert above > stats.binom.isf(1e-9 / (B // 2 + 1), n, ERROR)


@pytest.mark.parametrize("a", [5, 20, 40])
def test_the_bound_times_eight_tenths_is_caught(a):
    """Exactly: some teacher makes the rule fall short by more, likelier than the error."""
    bound = two_use_loss(B, a, ERROR)

    def likeliest(limit):
        worst = 0.0
        for k in range(B + 1):
            if abs(B - 2 * k) > limit:
                keeps = stats.hypergeom.cdf(np.ceil(a / 2) - 1, B, k, a)
                worst = max(worst, 1 - keeps if B > 2 * k else keeps)
        return worst

    assert likeliest(bound) <= ERROR < likeliest(0.8 * bound)


def test_evidence_that_forgets_what_it_expected_is_caught():
    """Against a flat guess of .1 a teacher that errs as its profile says is called worse."""
    rng = np.random.default_rng(3)
    r = np.linspace(0.1, 0.9, 40)
    right = sum(audit_evidence(r, rng.random(40) < r).max() > np.log(20) for _ in range(400))
    forgot = sum(
        audit_evidence(np.full(40, 0.1), rng.random(40) < r).max() > np.log(20) for _ in range(400)
    )
    assert right <= stats.binom.isf(1e-9, 400, 0.05) < forgot
