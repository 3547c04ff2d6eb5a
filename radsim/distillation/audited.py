r"""The audited selector: part of the trusted labels is spent where the teacher was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from radsim.distillation.error_model import mistake_probabilities, told_profile
from radsim.distillation.guarded import (
    ABSTAINING,
    GUARD,
    Guard,
    guarded_inclusion,
    spread,
)
from radsim.distillation.lessons import Lesson
from radsim.distillation.shifts import SHIFTS, Shifts, shift_posterior, shifted
from radsim.distillation.view import Told, View
from radsim.game import Array
from radsim.selectors import Selection

__all__ = [
    "AUDIT",
    "Audit",
    "at_random",
    "audited",
    "audited_abstaining",
    "audited_inclusion",
    "believed",
    "n_reserved",
    "plausibility",
]


@dataclass(frozen=True)
class Audit:
    """Settings of the audits.

    Attributes
    ----------
    share_of_picks, share_of_trusted : float
        Trusted labels kept back for checks: at most these shares of the budget and of V.
    worse : float
        A shift of the logit beyond this is an adversary's: the odds of a mistake are e times those
        that V shows.
    alarm : float
        Posterior probability of such a shift at which an alarm is raised.
    shifts : Shifts
    """

    share_of_picks: float = 1 / 3
    share_of_trusted: float = 1 / 6
    worse: float = 1.0
    alarm: float = 0.95
    shifts: Shifts = SHIFTS


AUDIT = Audit()


def n_reserved(budget: int, n_trusted: int) -> int:
    """Trusted labels that are kept back for checks.

    Examples
    --------
    >>> n_reserved(45, 300), n_reserved(450, 300), n_reserved(450, 100)
    (15, 50, 16)
    """
    return min(int(budget * AUDIT.share_of_picks), int(n_trusted * AUDIT.share_of_trusted))


def at_random(view: View, rng: np.random.Generator) -> Array:
    """Answers of this batch to check, all sets alike: drawn after they came, blind to them."""
    here = np.flatnonzero(view.told.batches == view.batch)
    return rng.choice(here, min(view.n_checks, len(here)), replace=False)


def _posterior(told: Told, n_batches: int, profile: Array) -> Array:
    seen = told.checked
    return shift_posterior(
        profile[seen], told.wrong[seen], told.batches[seen], n_batches, AUDIT.shifts
    )


def _worse(posterior: Array) -> Array:
    """Probability, batch by batch, that the teacher is worse where it was asked than on V."""
    return np.asarray(posterior[:, AUDIT.shifts.grid > AUDIT.worse].sum(axis=1))


def audited_inclusion(view: View, profile: Array, guard: Guard = GUARD) -> Array:
    r"""Inclusion probabilities of the audited selector.

    Those of `guarded`, with what it has to guess replaced by what checks have shown: the share of
    the adversary is the posterior probability that the teacher is worse where it is asked than on
    V, and its mistakes those that V shows less those expected among the answers so far.

    Parameters
    ----------
    view : View
    profile : ndarray, shape (n,)
    guard : Guard

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Theory page: A5, N8.
    """
    told, rate = view.told, float(view.validation_wrong.mean())
    known = np.where(np.isnan(told.profile), rate, told.profile)
    # The last row is of this batch, of which nothing was checked yet.
    posterior = _posterior(told, view.batch + 1, known)
    share = float(np.clip(_worse(posterior)[view.batch], 0.0, 1.0))
    spent = float(shifted(known, posterior, told.batches, AUDIT.shifts).sum())
    left = rate * (len(profile) + len(known)) - spent
    return guarded_inclusion(view, profile, replace(guard, shares=(share,)), max(0.0, left))


def audited(view: View, rng: np.random.Generator) -> Selection:
    """Choose informative points that are likely right, hedged as far as checks call for it.

    References
    ----------
    Theory page: A5, N8, S1.
    """
    profile = mistake_probabilities(view)
    return spread(view, audited_inclusion(view, profile), profile, rng)


def audited_abstaining(view: View, rng: np.random.Generator) -> Selection:
    """Choose as `audited` does, and leave budget unspent where it is expected to cost.

    References
    ----------
    Theory page: A5, N8, S1.
    """
    profile = mistake_probabilities(view)
    return spread(view, audited_inclusion(view, profile, ABSTAINING), profile, rng)


def plausibility(view: View, told: Told) -> float:
    r"""Share of the teacher's mistakes that name the student's favourites among wrong classes.

    With share :math:`\eta` a mistake on a point of class k names class y with probability
    :math:`\eta\, p_y/(1 - p_k) + (1 - \eta)/(K - 1)`, p the student's; EM from the mistakes on V
    and on checked points, with one mistake of each kind before any was seen.

    Parameters
    ----------
    view : View
    told : Told

    Returns
    -------
    float
        In (0, 1).
    """
    n_classes = view.probabilities.shape[1]
    truth = np.concatenate([view.validation_labels, told.truth[told.checked]])
    named = np.concatenate([view.validation_answers, told.answers[told.checked]]).argmax(axis=1)
    q = np.concatenate([view.validation_probabilities, told.probabilities[told.checked]])
    bad = np.flatnonzero(named != truth)
    kind = q[bad, named[bad]] / np.maximum(1 - q[bad, truth[bad]], 1e-12)
    share = 0.5
    for _ in range(30):
        mine = share * kind / (share * kind + (1 - share) / (n_classes - 1))
        share = float((mine.sum() + 1) / (len(bad) + 2))
    return share


def believed(view: View, rng: np.random.Generator) -> Lesson:
    r"""What to believe of each answer: the posterior of the true class, given all checks.

    With prior p of the student that had not seen the answers, mistake probability r of the profile
    and the shift, and a named class y,

    .. math:: P(k \mid y) \propto p_k \left(1[k = y](1 - r) + 1[k \ne y]\, r\,
        (\eta\, p_y/(1 - p_k) + (1 - \eta)/(K - 1))\right).

    The answer itself, soft or hard, has the weight of its named class; the rest is spread over the
    other classes as the posterior has it.

    References
    ----------
    Theory page: N8; Raykar et al., "Learning from crowds", JMLR 11 (2010), for the posterior.
    """
    told, n_classes = view.told, view.probabilities.shape[1]
    profile = told_profile(view)
    here = _posterior(told, view.n_batches, profile)
    r = np.clip(shifted(profile, here, told.batches, AUDIT.shifts), 1e-6, 1 - 1e-6)
    p = np.clip(told.probabilities, 1e-6, None)
    p = p / p.sum(axis=1, keepdims=True)
    named = told.answers.argmax(axis=1)
    rows = np.arange(len(named))
    eta = plausibility(view, told)
    wrong = eta * p[rows, named][:, None] / (1 - p + 1e-12) + (1 - eta) / (n_classes - 1)
    chance = p * r[:, None] * wrong
    chance[rows, named] = p[rows, named] * (1 - r)
    chance /= chance.sum(axis=1, keepdims=True)
    sure = chance[rows, named]
    rest = chance.copy()
    rest[rows, named] = 0.0
    targets = sure[:, None] * told.answers + rest
    known = np.flatnonzero(told.checked)
    targets[known] = np.eye(n_classes)[told.truth[known]]
    shift = here @ AUDIT.shifts.grid
    worse = _worse(here)
    return Lesson(
        targets,
        np.ones(len(targets)),
        {"alarm": bool(worse.max() > AUDIT.alarm), "shift": float(shift[view.batch])},
    )
