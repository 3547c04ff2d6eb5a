r"""Balance: how far to trust an error profile when the adversary may be right after all (A5)."""

from __future__ import annotations

import numpy as np

from radsim.constrained import contaminate
from radsim.game import Array, Game
from radsim.payoffs import payoff, worst_case
from radsim.solvers import solve

__all__ = ["balanced_weight"]


def balanced_weight(game: Game, profile: Array) -> float:
    r"""The weight at which both teachers of A5 cost the learner alike, for what they could.

    With q(w) the solution at weight w, the profile's payoff rises from q(0) to q(1) and the worst
    case falls.  The weight is where the share lost of the one rise equals the share lost of the
    other: found by bisection to 1/64, finer than the curves' own steps.

    Parameters
    ----------
    game : Game
    profile : ndarray, shape (n,)
        Mistake probabilities.

    Returns
    -------
    float
        In [0, 1].

    References
    ----------
    Theory page: A5.

    Examples
    --------
    >>> game = Game([4, 3, 2, 1], mistakes=1, harm=1)
    >>> 0 < balanced_weight(game, np.array([0.9, 0.1, 0.0, 0.0])) <= 1
    True
    """

    def paid(weight: float) -> tuple[float, float]:
        q = np.clip(solve(contaminate(game, profile, weight)).inclusion, 0.0, 1.0)
        return payoff(game, q, profile), worst_case(game, q)[0]

    (low_known, high_worst), (high_known, low_worst) = paid(0.0), paid(1.0)
    known, worst = high_known - low_known, high_worst - low_worst
    if not (known > 0 and worst > 0):  # one solution serves both
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(6):
        middle = (low + high) / 2
        now = paid(middle)
        if (high_known - now[0]) / known > (high_worst - now[1]) / worst:
            low = middle
        else:
            high = middle
    return (low + high) / 2
