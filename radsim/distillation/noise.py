r"""Noise of the oracle: which points it mislabels, on the pool and on the validation points.

Every law gives the points of both a score.  The m largest scores of the pool are its mistakes,
exactly m of them, and a validation point is one if its score beats the lowest of those.  So when
the scores of both come from one law, validation and pool are exchangeable but for the choice of the
stop, and the number of validation mistakes varies as it does for a real teacher.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from radsim.door import Array, checked, count, generator, vector

__all__ = [
    "FOLLOWS",
    "NOISES",
    "REPLIES",
    "UNRELATED",
    "Noise",
    "Points",
    "average_reply",
    "best_reply",
    "by_rank",
    "draw_mistakes",
]

N_STEPS = 8  # of fictitious play: an eighth of the mistakes is then moved by one reply
N_BINS = 40  # of the gain's rank, in which an average reply is constant

# What mistakes have to do with the gain: the families of the reports.
UNRELATED, FOLLOWS, REPLIES = "unrelated to the gain", "follows the gain", "best response"


@dataclass(frozen=True, eq=False)
class Points:
    """What a noise model may look at: gains, classes, clusters and replies, one entry a point.

    Attributes
    ----------
    gains : ndarray
    classes, clusters : ndarray of int
    reply : ndarray
        Mistake probability by the average best response, as a function of the gain's rank.
    """

    gains: Array
    classes: Array
    clusters: Array
    reply: Array


Law = Callable[[Points, np.random.Generator], Array]


@dataclass(frozen=True)
class Noise:
    """Noise model of the oracle, a row of `NOISES`: which points it mislabels.

    Attributes
    ----------
    law : callable
        (`Points` of pool and validation together, rng) -> scores; the highest are mistakes.
    exchangeable : bool
        Whether mistakes on validation points and on the pool follow one law.
    says : str
    family : {UNRELATED, FOLLOWS, REPLIES}
        Under which it is drawn in reports.
    uses : {"", "clusters", "reply"}
        What the law needs of the points besides gains and classes.
    answers : bool
        Whether mistakes on the pool answer the strategy's very inclusion probabilities, in each
        round anew as far as the answers are not yet given; `law` is then that of the validation
        points alone.

    Examples
    --------
    >>> NOISES["cluster"].family, NOISES["cluster"].uses
    ('unrelated to the gain', 'clusters')
    """

    law: Law
    exchangeable: bool
    says: str
    family: str = UNRELATED
    uses: str = ""
    answers: bool = False

    def __post_init__(self) -> None:
        checked(self, law=Callable, exchangeable=bool, says=str, family=str, uses=str, answers=bool)


def _uniform(points: Points, rng: np.random.Generator) -> Array:
    return rng.random(len(points.gains))


def _blocks(names: Array, rng: np.random.Generator) -> Array:
    """Scores that mislabel whole blocks of points, in random order."""
    order = rng.permutation(int(names.max()) + 1)
    return np.asarray(order[names], dtype=np.float64)


def _class(points: Points, rng: np.random.Generator) -> Array:
    return _blocks(points.classes, rng)


def _cluster(points: Points, rng: np.random.Generator) -> Array:
    return _blocks(points.clusters, rng)


def race(log_rates: Array, rng: np.random.Generator) -> Array:
    """Random scores whose m largest are m weighted draws one by one without replacement.

    The m first rings are m weighted draws one by one without replacement.
    """
    return log_rates + rng.gumbel(size=len(log_rates))


def _power(exponent: int) -> Law:
    def law(points: Points, rng: np.random.Generator) -> Array:
        if exponent == 0:
            return race(np.zeros(len(points.gains)), rng)
        with np.errstate(divide="ignore"):
            return race(exponent * np.log(points.gains), rng)

    return law


def _top(points: Points, rng: np.random.Generator) -> Array:
    return points.gains


def _reply(points: Points, rng: np.random.Generator) -> Array:
    """Scores under which point i is wrong with about its reply probability."""
    with np.errstate(divide="ignore"):
        return race(np.log(-np.log1p(-np.minimum(points.reply, 1 - 1e-12))), rng)


NOISES: dict[str, Noise] = {
    "uniform": Noise(_uniform, True, "m points at random"),
    "class": Noise(_class, True, "whole classes, the last one in part"),
    "cluster": Noise(_cluster, True, "whole clusters, the last one in part", uses="clusters"),
    "gain^0": Noise(_power(0), True, "m draws in proportion to gain^0"),
    **{
        f"gain^{a}": Noise(_power(a), True, f"m draws in proportion to gain^{a}", FOLLOWS)
        for a in range(1, 5)
    },
    "top-m": Noise(_top, True, "the m largest gains", FOLLOWS),
    "shared best response": Noise(
        _reply,
        True,
        "average best response to the strategy, on pool and validation",
        REPLIES,
        "reply",
    ),
    "exact best response": Noise(
        _reply,
        False,
        "best response to q on the pool, the average one on validation",
        REPLIES,
        "reply",
        answers=True,
    ),
    "hidden best response": Noise(
        _uniform,
        False,
        "best response to q on the pool, at random on validation",
        REPLIES,
        answers=True,
    ),
}


def _largest(scores: Array, m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Mask of the m largest scores, ties broken at random, and the tie-breakers."""
    chance = rng.random(len(scores))
    wrong = np.zeros(len(scores), dtype=bool)
    wrong[np.lexsort((chance, scores))[len(scores) - m :]] = True
    return wrong, chance


def draw_mistakes(
    law: Law, points: Points, n: int, m: int, *, rng: np.random.Generator | int
) -> tuple[Array, Array]:
    """Exactly m mistakes on the pool, and the validation points that the same law mislabels.

    Parameters
    ----------
    law : callable
    points : Points
        The pool's n points, then the validation points.
    n, m : int
    rng : numpy.random.Generator or int

    Returns
    -------
    pool : ndarray of bool, shape (n,)
    validation : ndarray of bool, shape (v,)

    Examples
    --------
    >>> import numpy as np
    >>> g = np.array([0.9, 0.1, 0.5, 0.8, 0.2])
    >>> points = Points(g, np.zeros(5, int), np.zeros(5, int), np.zeros(5))
    >>> pool, validation = draw_mistakes(
    ...     NOISES["top-m"].law, points, 3, 2, rng=np.random.default_rng(0)
    ... )
    >>> pool.tolist(), validation.tolist()
    ([True, False, True], [True, False])
    """
    rng, m = generator(rng), count(m, "m", high=n)
    scores = law(points, rng)
    v = len(scores) - n
    pool, chance = _largest(scores[:n], m, rng)
    also = rng.random(v)
    if m in (0, n):
        return pool, np.full(v, m == n)
    last = np.lexsort((chance, scores[:n]))[n - m]
    low, luck = scores[last], chance[last]
    rest = scores[n:]
    return pool, (rest > low) | ((rest == low) & (also > luck))


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
    bite = vector(q, "q", len(gains)) * gains
    return _largest(np.round(bite / (float(bite.max()) or 1.0), 9), m, rng)[0]


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
        points = Points(both, none, none, reply)
        _, wrong = draw_mistakes(_reply, points, n, m, rng=rng)
        total_q += inclusion(wrong, rng)
        total_l += best_reply(gains, total_q, m, rng=rng)
        reply = by_rank(gains, total_l / total_l.sum() * m, both)
    return reply
