r"""The guarded selector: expected robust gain, hedged against a teacher that V does not show."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, rankdata

from radsim.constrained import contaminate
from radsim.distillation.view import View
from radsim.game import Array, Game
from radsim.profiles import error_profile
from radsim.sampling import sample
from radsim.selectors import Selection
from radsim.solvers import solve

__all__ = ["evidence_weight", "guarded"]


def evidence_weight(view: View) -> float:
    r"""Weight of the validation points' error profile: 1/2 plus half the evidence for it.

    The evidence is :math:`1 - p`, p the two-sided p-value of the rank-sum test that the gains of
    mistaken and correct validation points have one law.  Mistakes that follow the gain are visible
    in V: a teacher who shows them is taken at its word, one who shows nothing may hide something.

    Returns
    -------
    float
        In [1/2, 1).
    """
    wrong = view.validation_wrong
    v, k = len(wrong), int(wrong.sum())
    if k in (0, v):
        return 0.5
    ranks = rankdata(view.validation_gains)
    spread = float(np.sqrt(k * (v - k) * (v + 1) / 12))
    z = (float(ranks[wrong].sum()) - k * (v + 1) / 2) / spread
    return float(0.5 + 0.5 * (1 - 2 * norm.sf(abs(z))))


def _profile(view: View) -> Array:
    wrong = view.validation_wrong.astype(np.float64)
    return error_profile(view.gains, view.validation_gains, wrong).probabilities


def guarded(view: View, rng: np.random.Generator) -> Selection:
    """Contaminated game (A5) with weight 0.8, harm 1."""
    gains = view.gains / (float(view.gains.max()) or 1.0)
    n = len(gains)
    game = Game(gains, min(view.mistakes, n), view.budget, harms=np.ones(n), abstain=False)
    q = solve(contaminate(game, _profile(view), 0.8)).inclusion
    q = np.clip(q, 0, 1)
    return Selection(sample(q, "pivotal", rng=rng), q, {"design": "pivotal"})
