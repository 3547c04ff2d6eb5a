r"""Replies of a teacher that knows the strategy: where it errs on the pool, given q."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from radsim.distillation.noise import Points, draw_mistakes, largest, reply_law
from radsim.door import Array, count, generator, vector

__all__ = ["REPLIES", "Asked", "average_reply", "best_reply", "by_rank"]

N_STEPS = 8  # of fictitious play: an eighth of the mistakes is then moved by one reply
N_BINS = 40  # of the gain's rank, in which an average reply is constant
STEALTH = 0.3  # errors of a stealthy teacher among the picks, beyond its rate


@dataclass(frozen=True, eq=False)
class Asked:
    """What a teacher that answers the strategy knows: all but the draw.

    Attributes
    ----------
    gains, inclusion, stakes : ndarray, shape (n,)
        Stakes are the strategy's own, or the gains where it names none.
    budget : int
    """

    gains: Array
    inclusion: Array
    stakes: Array
    budget: int


Reply = Callable[[Asked, int, np.random.Generator], Array]


def _bites(q: Array, stakes: Array) -> Array:
    """What a mistake costs, in units of the largest; equal if it is to nine digits."""
    bite = q * stakes
    return np.asarray(np.round(bite / (float(bite.max(initial=0.0)) or 1.0), 9))


def best_reply(gains: Array, q: Array, m: int, *, rng: np.random.Generator | int) -> Array:
    r"""The m mistakes that cost a learner with inclusion probabilities q most: top :math:`q_i s_i`.

    Harm is taken in proportion to the gain, so the stakes rank as the gains.  Ties, to nine digits,
    are broken at random: an equilibrium strategy leaves the teacher indifferent.

    Examples
    --------
    >>> import numpy as np
    >>> g, q = np.array([4.0, 2.0, 1.0]), np.array([0.25, 1.0, 0.5])
    >>> best_reply(g, q, 1, rng=np.random.default_rng(0)).tolist()
    [False, True, False]
    """
    rng, m = generator(rng), count(m, "m", high=len(gains))
    return largest(_bites(vector(q, "q", len(gains)), gains), m, rng)[0]


def by_rank(gains: Array, values: Array, at: Array) -> Array:
    """Average values in bins of the gain's rank, and read them off at other gains.

    Examples
    --------
    >>> import numpy as np
    >>> by_rank(np.array([1.0, 3.0]), np.array([0.2, 0.6]), np.array([0.5, 2.0, 9.0])).tolist()
    [0.2, 0.6, 0.6]
    """
    parts = np.array_split(np.argsort(gains, kind="stable"), min(N_BINS, len(gains)))
    ends = np.array([gains[part[-1]] for part in parts])
    means = np.array([values[part].mean() for part in parts])
    return np.asarray(means[np.minimum(np.searchsorted(ends, at), len(parts) - 1)])


def average_reply(
    inclusion: Callable[[Array, np.random.Generator], Array],
    gains: Array,
    validation_gains: Array,
    m: int,
    *,
    rng: np.random.Generator | int,
) -> Array:
    """Average best response to a strategy by fictitious play, on pool and validation points.

    The strategy may look at the validation mistakes, which follow the same reply.  In each of eight
    steps they are drawn from the average reply so far, the strategy answers, and the teacher
    replies to the strategy's average.  Averages are functions of the gain's rank.

    Parameters
    ----------
    inclusion : callable
        (validation mistakes, rng) -> inclusion probabilities of the pool, shape (n,).
    gains, validation_gains : ndarray, shape (n,) and (v,)
    m : int
    rng : numpy.random.Generator or int

    Returns
    -------
    ndarray, shape (n + v,)
        The pool's part sums to m.

    Examples
    --------
    >>> import numpy as np
    >>> g = np.arange(1.0, 5)
    >>> margin = lambda wrong, rng: np.array([0.0, 0, 1, 1])
    >>> average_reply(margin, g, g, 2, rng=np.random.default_rng(0)).tolist()
    [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    """
    n, rng = len(gains), generator(rng)
    both = np.concatenate([gains, validation_gains])
    none = np.zeros(len(both), dtype=np.intp)
    reply = np.full(len(both), m / n)
    total_q, total_l = np.zeros(n), np.zeros(n)
    for _ in range(N_STEPS):
        points = Points(both, none, none, reply, both[:, None], both[:, None])
        _, wrong = draw_mistakes(reply_law, points, n, m, rng=rng)
        total_q += inclusion(wrong, rng)
        total_l += best_reply(gains, total_q, m, rng=rng)
        reply = by_rank(gains, total_l / total_l.sum() * m, both)
    return reply


def _by_count(asked: Asked, m: int, rng: np.random.Generator) -> Array:
    return largest(np.round(asked.inclusion, 9), m, rng)[0]


def _stealthy(asked: Asked, m: int, rng: np.random.Generator) -> Array:
    """Mistakes at random, more often on the points that are the most likely to be asked about.

    The b points with the largest bite q*g have the error rate of the pool and `STEALTH` more, as
    far as m allows; the rest have what is left, so that the pool's rate is what it was.
    """
    n = len(asked.gains)
    likely = largest(_bites(asked.inclusion, asked.gains), min(asked.budget, n), rng)[0]
    among = min(m, round((m / n + STEALTH) * int(likely.sum())), int(likely.sum()))
    wrong = np.zeros(n, dtype=bool)
    wrong[rng.choice(np.flatnonzero(likely), among, replace=False)] = True
    rest = np.flatnonzero(~likely)
    left = min(m - among, len(rest))
    wrong[rng.choice(rest, left, replace=False)] = True
    return wrong


REPLIES: dict[str, Reply] = {
    "gain": lambda asked, m, rng: best_reply(asked.gains, asked.inclusion, m, rng=rng),
    "stakes": lambda asked, m, rng: best_reply(asked.stakes, asked.inclusion, m, rng=rng),
    "count": _by_count,
    "stealthy": _stealthy,
}
