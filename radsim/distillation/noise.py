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

from radsim.door import Array, checked, count, generator

__all__ = [
    "FOLLOWS",
    "NOISES",
    "REPLIES",
    "UNRELATED",
    "Noise",
    "Points",
    "any_other",
    "draw_mistakes",
    "largest",
    "plausible",
    "reply_law",
]

# What mistakes have to do with the gain: the families of the reports.
UNRELATED, FOLLOWS, REPLIES = "unrelated to the gain", "follows the gain", "best response"


@dataclass(frozen=True, eq=False)
class Points:
    """What a noise model may look at, one entry a point: of the pool, then the validation points.

    Attributes
    ----------
    gains : ndarray, shape (k,)
    classes, clusters : ndarray of int, shape (k,)
    reply : ndarray, shape (k,)
        Mistake probability by the average best response, as a function of the gain's rank.
    features : ndarray, shape (k, d)
    probabilities : ndarray, shape (k, K)
        The first student's.
    """

    gains: Array
    classes: Array
    clusters: Array
    reply: Array
    features: Array
    probabilities: Array


Law = Callable[[Points, np.random.Generator], Array]
Named = Callable[[Points, np.random.Generator], Array]


def any_other(points: Points, rng: np.random.Generator) -> Array:
    """Each point's wrong class, all others alike."""
    n_classes = points.probabilities.shape[1]
    return (points.classes + rng.integers(1, n_classes, size=len(points.classes))) % n_classes


def plausible(points: Points, rng: np.random.Generator) -> Array:
    """Each point's wrong class that the student finds the most probable."""
    p = points.probabilities.copy()
    p[np.arange(len(p)), points.classes] = -1.0
    return np.asarray(p.argmax(axis=1))


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
    answers : str
        A row of `radsim.distillation.replies.REPLIES`, if mistakes on the pool answer the
        strategy's very inclusion probabilities, in each round anew as far as the answers are not
        yet given; `law` is then that of the validation points alone.
    patience : float
        Share of the rounds in which such a teacher still errs as on the validation points.
    named : callable
        (points, rng) -> the wrong class that the teacher names where it errs, never the true one.

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
    answers: str = ""
    patience: float = 0.0
    named: Named = any_other

    def __post_init__(self) -> None:
        checked(self, law=Callable, exchangeable=bool, says=str, family=str, uses=str, answers=str)
        checked(self, patience=float, named=Callable)


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
    """Random scores whose m largest are m weighted draws one by one without replacement."""
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


def _middle(points: Points, rng: np.random.Generator) -> Array:
    """The gains nearest the median, by rank."""
    order = np.argsort(points.gains, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = (np.arange(len(order)) + 0.5) / len(order)
    return -np.abs(ranks - 0.5)


def _class_and_gain(points: Points, rng: np.random.Generator) -> Array:
    """Draws in proportion to gain^2, nine times as often in one half of the classes."""
    bad = rng.permutation(int(points.classes.max()) + 1) % 2
    with np.errstate(divide="ignore"):
        return race(2 * np.log(points.gains) + np.log(9.0) * bad[points.classes], rng)


def _direction(points: Points, rng: np.random.Generator) -> Array:
    """The points farthest along a random direction of the features."""
    return np.asarray(points.features @ rng.normal(size=points.features.shape[1]))


def reply_law(points: Points, rng: np.random.Generator) -> Array:
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
        reply_law,
        True,
        "average best response to the strategy, on pool and validation",
        REPLIES,
        "reply",
    ),
    "middle gain": Noise(_middle, True, "the m gains nearest the median", FOLLOWS),
    "class x gain": Noise(
        _class_and_gain, True, "m draws by gain^2, half of the classes nine times as often", FOLLOWS
    ),
    "plausible gain^0": Noise(
        _power(0), True, "m draws at random, the student's favourite wrong class", named=plausible
    ),
    "plausible gain^3": Noise(
        _power(3),
        True,
        "m draws by gain^3, the student's favourite wrong class",
        FOLLOWS,
        named=plausible,
    ),
    "direction": Noise(_direction, True, "the m points farthest along a random direction"),
    "exact best response": Noise(
        reply_law,
        False,
        "best response to q on the pool, the average one on validation",
        REPLIES,
        "reply",
        answers="gain",
    ),
    **{
        name: Noise(_uniform, False, f"{says}; at random on validation", REPLIES, **rest)
        for name, says, rest in (
            (
                "hidden best response",
                "best response to q times the gain on the pool",
                {"answers": "gain"},
            ),
            (
                "hidden by stakes",
                "best response by the strategy's own stakes",
                {"answers": "stakes"},
            ),
            ("hidden by count", "the m largest q on the pool", {"answers": "count"}),
            (
                "hidden plausible",
                "best response to q, the student's favourite wrong class",
                {"answers": "gain", "named": plausible},
            ),
            (
                "patient",
                "half of the rounds at random, then best response to q",
                {"answers": "gain", "patience": 0.5},
            ),
            (
                "stealthy",
                "30 points more errors among the picks than elsewhere",
                {"answers": "stealthy"},
            ),
        )
    },
}


def largest(scores: Array, m: int, rng: np.random.Generator) -> tuple[Array, Array]:
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
    >>> none, nothing = np.zeros(5, int), np.zeros((5, 2))
    >>> points = Points(g, none, none, np.zeros(5), nothing, nothing)
    >>> pool, validation = draw_mistakes(
    ...     NOISES["top-m"].law, points, 3, 2, rng=np.random.default_rng(0)
    ... )
    >>> pool.tolist(), validation.tolist()
    ([True, False, True], [True, False])
    """
    rng, m = generator(rng), count(m, "m", high=n)
    scores = law(points, rng)
    v = len(scores) - n
    pool, chance = largest(scores[:n], m, rng)
    also = rng.random(v)
    if m in (0, n):
        return pool, np.full(v, m == n)
    last = np.lexsort((chance, scores[:n]))[n - m]
    low, luck = scores[last], chance[last]
    rest = scores[n:]
    return pool, (rest > low) | ((rest == low) & (also > luck))
