r"""The guarded selector: RAD with an error profile that validation points support."""

from __future__ import annotations

import numpy as np

from radsim.constrained import contaminate
from radsim.distillation.error_model import mistake_probabilities
from radsim.distillation.view import View
from radsim.door import Array, number
from radsim.game import Game
from radsim.sampling import sample
from radsim.selectors import Selection
from radsim.solvers import solve

__all__ = ["guarded", "guarded_inclusion", "trust"]

# A wrong label costs what the best right one earns, whatever its gain.  Measured harms fall with
# the gain, so harm in proportion to it has the wrong slope; a constant is the simplest that has
# not, and the largest gain is the only unit at hand.
HARM = 1.0
# What the adversary may take of a point, as a share of what the point earns in expectation.  A
# teacher whose mistakes V shows to be unrelated to the gain may be just that, or may hide what it
# does on the pool; nothing in V can tell.  A small share is margin: right in the first case, ruin
# in the second.  This one was chosen on the development seeds, where the study now has 0.7 points
# lost to the better of margin and uniform in the first case (gain^0) and 2.1 in the second; it
# allows one and two and a half.
SHARE = 0.35


def trust(rate: float) -> float:
    r"""Weight that `guarded` puts on the error profile, from the error rate on validation points.

    With weight w and mistakes at random, rate :math:`\rho`, A5 has gains
    :math:`(1 - w\rho) g - w \rho h` and stakes :math:`(1 - w)(g + h)`.  A common loss moves no
    choice when the budget is spent, so what counts is :math:`(1 - w)/(1 - w\rho) = \kappa`:

    .. math:: w = \frac{1 - \kappa}{1 - \kappa\rho}, \qquad \kappa = 0.35.

    Parameters
    ----------
    rate : float
        :math:`\rho \in [0, 1]`, the teacher's error rate.

    Examples
    --------
    >>> [round(trust(rate), 3) for rate in (0.0, 0.1, 0.4, 1.0)]
    [0.65, 0.674, 0.756, 1.0]
    """
    return (1 - SHARE) / (1 - SHARE * number(rate, "rate", high=1))


def guarded_inclusion(view: View) -> Array:
    r"""Inclusion probabilities of the guarded selector.

    The max-min solution of the contaminated game (A5) that spends the budget,

    .. math:: \max_q \min_l \sum_i q_i \left(g_i - s_i (w r_i + (1 - w) l_i)\right),
        \qquad s_i = g_i + 1,

    gains in units of the largest one, the adversary's mistakes at most m^ of V, w the `trust` at
    the rate m^/n, and r from :func:`radsim.distillation.error_model.mistake_probabilities`.

    Returns
    -------
    ndarray, shape (n,)
        With sum b.

    References
    ----------
    Theory page: A5.
    """
    gains = view.gains / (float(view.gains.max()) or 1.0)
    n = len(gains)
    m = min(view.mistakes, n)
    game = Game(gains, m, view.budget, harms=np.full(n, HARM), abstain=False)
    known = contaminate(game, mistake_probabilities(view), trust(m / n))
    q = np.clip(solve(known).inclusion, 0.0, 1.0)
    return np.asarray(q * min(1.0, view.budget / float(q.sum())))


def guarded(view: View, rng: np.random.Generator) -> Selection:
    r"""Draw from `guarded_inclusion` so that classes and gains are spread evenly.

    Systematic sampling keeps the inclusion probabilities exactly whatever the order of the points
    (S1).  In the order of the student's first class, its second class and the gain every stretch of
    neighbours gets its share, to within one point.

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
    q = guarded_inclusion(view)
    ranked = np.argsort(-view.probabilities, axis=1, kind="stable")
    order = np.lexsort((view.gains, ranked[:, 1], ranked[:, 0]))
    picks = order[sample(q[order], "systematic", rng=rng)]
    return Selection(np.sort(picks), q, {"design": "systematic"})
