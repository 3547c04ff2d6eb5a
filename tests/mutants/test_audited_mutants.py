"""Audits that look at the answers, shifts of another law, students that saw what they judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from distilled import by_heart
from switches import SMALL, enumerated
from views import having_told, view_of

from radsim.distillation.audited import at_random
from radsim.distillation.case import cross_fitted
from radsim.distillation.shifts import shift_posterior
from radsim.distillation.view import View
from radsim.game import Array

B, K = 40, 3


def _view() -> View:
    """Forty answers, sixteen of them wrong and given with less confidence; ten may be checked."""
    chance = np.random.default_rng(53)
    labels = chance.integers(K, size=200)
    x = 2 * np.eye(K, 4)[labels] + chance.normal(size=(200, 4))
    view = replace(view_of(x, labels, 80, 80, B), n_checks=10)
    picks = np.arange(B)
    wrong = picks % 5 < 2
    named = np.eye(K)[(labels[picks] + wrong) % K]
    return having_told(view, picks, np.where(wrong[:, None], 0.7 * named + 0.1, named), profile=0.4)


TRUTH = np.random.default_rng(53).integers(K, size=200)[:B]


def _wrong(view: View) -> Array:
    return view.told.answers.argmax(axis=1) != TRUTH


def is_blind(check) -> bool:
    """Whether as many checked answers are wrong as of all: Hoeffding over 400 audits, at 1e-9."""
    view = _view()
    wrong = _wrong(view)
    shares = [wrong[check(view, np.random.default_rng([59, seed]))].mean() for seed in range(400)]
    return bool(abs(np.mean(shares) - wrong.mean()) < np.sqrt(np.log(2e9) / 800))


def only(right: bool):
    def check(view, rng):
        return rng.choice(np.flatnonzero(_wrong(view) != right), view.n_checks, replace=False)

    return check


def least_confident(view, rng):
    said = view.told.answers.max(axis=1) + 1e-3 * rng.random(B)
    return np.argsort(said)[: view.n_checks]


def favouring(view, rng):
    """Wrong answers three times as often as right ones."""
    weight = np.where(_wrong(view), 3.0, 1.0)
    return rng.choice(B, view.n_checks, replace=False, p=weight / weight.sum())


def test_audits_at_random_are_blind():
    assert is_blind(at_random)


@pytest.mark.parametrize("check", [only(True), only(False), least_confident, favouring])
def test_audits_that_look_at_the_answers_are_not(check):
    assert not is_blind(check)


def meets_the_enumeration(posterior) -> bool:
    """Whether a posterior is the sum over all patterns of switches, on three small cases."""
    for seed in range(3):
        rng = np.random.default_rng([61, seed])
        seen = rng.uniform(0.1, 0.9, 9), rng.random(9) < 0.6, np.repeat(np.arange(3), 3)
        found = posterior(*seen, 3, SMALL)
        if not np.allclose(found, enumerated(*seen, 3, SMALL), rtol=0, atol=1e-9):
            return False
    return True


def filtered(profile, wrong, rounds, n_rounds, shifts):
    """Of each round by the checks up to it, not by those that came after."""
    rows = []
    for t in range(n_rounds):
        seen = rounds <= t
        rows.append(shift_posterior(profile[seen], wrong[seen], rounds[seen], n_rounds, shifts)[t])
    return np.array(rows)


SHIFT_MUTANTS = {
    "right for wrong": lambda r, wrong, *rest: shift_posterior(r, ~wrong, *rest),
    "no shift twice as likely": lambda *given: shift_posterior(
        *given[:-1], replace(given[-1], none=0.8)
    ),
    "rounds alike": lambda *given: shift_posterior(*given[:-1], replace(given[-1], switch=1e-9)),
    "rounds apart": lambda *given: shift_posterior(
        *given[:-1], replace(given[-1], switch=1 - 1e-9)
    ),
    "rounds in reverse": lambda *given: shift_posterior(*given)[::-1],
    "by what came before": filtered,
}


def test_the_posterior_meets_the_enumeration():
    assert meets_the_enumeration(shift_posterior)


@pytest.mark.parametrize("name", SHIFT_MUTANTS)
def test_another_posterior_does_not(name):
    assert not meets_the_enumeration(SHIFT_MUTANTS[name])


def leaks(crossed) -> bool:
    """Whether predictions on V are by a student that was fitted on the point."""
    rng = np.random.default_rng(67)
    x, t = rng.normal(size=(31, 2)), np.eye(K)[rng.integers(K, size=31)]
    known = x[:8], t[:8], np.ones(8)
    return not np.allclose(crossed(by_heart, known, (x[8:], t[8:]), seed=0), 1 / K)


def fitted_on_all(fit, known, validation, *, seed):
    x, t = (np.concatenate([a, b]) for a, b in zip(known[:2], validation, strict=True))
    return fit(x, t, rng=np.random.default_rng(seed)).probabilities(validation[0])


def one_fold_too_few(fit, known, validation, *, seed):
    """The last point is judged by a student that was fitted on it."""
    found = cross_fitted(fit, known, validation, seed=seed)
    found[-1:] = fitted_on_all(fit, known, validation, seed=seed)[-1:]
    return found


def test_cross_fitted_predictions_do_not_leak():
    assert not leaks(cross_fitted)


@pytest.mark.parametrize("crossed", [fitted_on_all, one_fold_too_few])
def test_predictions_on_what_was_learnt_do(crossed):
    assert leaks(crossed)
