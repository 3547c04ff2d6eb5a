r"""The guarded selector: RAD with an error profile that validation points support."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from radsim.constrained import contaminate
from radsim.distillation.error_model import mistake_probabilities
from radsim.distillation.view import View
from radsim.door import Array, number
from radsim.game import Count, Game
from radsim.sampling import sample
from radsim.selectors import Selection
from radsim.solvers import solve

__all__ = [
    "ABSTAINING",
    "GUARD",
    "Guard",
    "guarded",
    "guarded_abstaining",
    "guarded_inclusion",
    "spread",
    "trust",
]


@dataclass(frozen=True)
class Guard:
    """Settings of the guarded selector.

    Attributes
    ----------
    harm : float
        Of a wrong label, in units of the largest gain: it costs what the best right label earns,
        whatever its own gain.  Measured harms fall with the gain, so harm in proportion to it has
        the wrong slope; a constant is the simplest that has not.
    shares : tuple of float
        What the adversary may take of a point, as a share of what it earns in expectation.  It is
        not known and cannot be learned from validation points, so it is taken to be anything in
        (0, 1] alike: inclusion probabilities are averaged over shares that are evenly spaced.  One
        share alone has a cliff, an error rate above which the b largest gains are taken surely; the
        average has none.
    abstain : bool
        Whether budget may be left unspent where a query is expected to cost more than it earns.
    """

    harm: float = 1.0
    shares: tuple[float, ...] = (0.1, 0.3, 0.5, 0.7, 0.9)
    abstain: bool = False


GUARD = Guard()
ABSTAINING = Guard(abstain=True)


def trust(rate: float, share: float) -> float:
    r"""Weight on the error profile at which the adversary's stake is a given share of the earnings.

    With weight w and mistakes at random, rate :math:`\rho`, A5 has gains
    :math:`(1 - w\rho) g - w \rho h` and stakes :math:`(1 - w)(g + h)`.  A common loss moves no
    choice when the budget is spent, so what counts is :math:`(1 - w)/(1 - w\rho) = \kappa`:

    .. math:: w = \frac{1 - \kappa}{1 - \kappa\rho}.

    Parameters
    ----------
    rate : float
        :math:`\rho \in [0, 1]`, the teacher's error rate.
    share : float
        :math:`\kappa \in [0, 1]`.

    Examples
    --------
    >>> [round(trust(rate, 0.35), 3) for rate in (0.0, 0.1, 0.4, 1.0)]
    [0.65, 0.674, 0.756, 1.0]
    """
    share = number(share, "share", high=1)
    if share == 1:
        return 0.0
    return (1 - share) / (1 - share * number(rate, "rate", high=1))


def guarded_inclusion(
    view: View, profile: Array, guard: Guard = GUARD, mistakes: float | None = None
) -> Array:
    r"""Inclusion probabilities of the guarded selector.

    The average over shares :math:`\kappa` of the max-min solutions of contaminated games (A5),

    .. math:: \max_q \min_l \sum_i q_i \left(g_i - s_i (w r_i + (1 - w) l_i)\right),
        \qquad s_i = g_i + h,

    gains in units of the largest one, the adversary's mistakes at most m, w the `trust` at
    the rate m/n and the share.

    Parameters
    ----------
    view : View
    profile : ndarray, shape (n,)
        Mistake probabilities r, as :func:`radsim.distillation.error_model.mistake_probabilities`
        has them.
    guard : Guard
    mistakes : float, optional
        m; None: as seen on V.

    Returns
    -------
    ndarray, shape (n,)
        With sum at most b.

    References
    ----------
    Theory page: A5.
    """
    gains = view.gains / (float(view.gains.max()) or 1.0)
    n = len(gains)
    m = Count(min(view.mistakes if mistakes is None else mistakes, n))
    harms = np.full(n, guard.harm)
    game = Game(gains, m, view.budget, harms=harms, abstain=guard.abstain)
    total = np.zeros(n)
    for share in guard.shares:
        known = contaminate(game, profile, trust(m / n, share))
        total += np.clip(solve(known).inclusion, 0.0, 1.0)
    q = total / len(guard.shares)
    return np.asarray(q * min(1.0, view.budget / max(float(q.sum()), 1e-300)))


def spread(view: View, q: Array, profile: Array, rng: np.random.Generator) -> Selection:
    """Draw from inclusion probabilities so that classes and gains are spread evenly.

    Systematic sampling keeps the inclusion probabilities exactly whatever the order of the points
    (S1).  In the order of the student's first class, its second class and the gain every stretch of
    neighbours gets its share, to within one point.

    References
    ----------
    Theory page: S1.
    """
    ranked = np.argsort(-view.probabilities, axis=1, kind="stable")
    order = np.lexsort((view.gains, ranked[:, 1], ranked[:, 0]))
    picks = order[sample(q[order], "ordered_systematic", rng=rng)]
    stakes = view.gains / (float(view.gains.max()) or 1.0) + GUARD.harm
    return Selection(np.sort(picks), q, {"profile": profile, "stakes": stakes})


def guarded(view: View, rng: np.random.Generator) -> Selection:
    """Choose points that are informative and likely right, hedged against what V cannot show.

    Parameters
    ----------
    view : View
    rng : numpy.random.Generator

    Returns
    -------
    Selection

    References
    ----------
    Theory page: A5, S1.
    """
    profile = mistake_probabilities(view)
    return spread(view, guarded_inclusion(view, profile), profile, rng)


def guarded_abstaining(view: View, rng: np.random.Generator) -> Selection:
    """Choose as `guarded` does, and leave budget unspent where it is expected to cost.

    References
    ----------
    Theory page: A5, S1.
    """
    profile = mistake_probabilities(view)
    return spread(view, guarded_inclusion(view, profile, ABSTAINING), profile, rng)
