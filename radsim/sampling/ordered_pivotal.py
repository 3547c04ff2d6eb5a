r"""The pivotal method in the order given: one cumulative pass, and two random numbers a pick.

Point after point fights the one that is left of those before.  Laid end to end, probabilities are
cut by the whole numbers; of all fights within one stretch [j - 1, j) only the last survivor
matters, and it is a point of the stretch with probability its length over what lies before the
point k that crosses j.  So a stretch needs one number for its survivor and one for the survivor's
fight with k.  It is the same law as Deville's systematic sampling (Deville 1998; Chauvet, "On a
characterization of ordered pivotal sampling", Bernoulli 18, 2012), of which `joint` makes use.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, floats, inside
from radsim.sampling.design import WHOLE, Law, complements
from radsim.sampling.pivotal import listed

__all__ = [
    "CARRIED",
    "Stretch",
    "draw",
    "fought",
    "joint",
    "last_chance",
    "law",
    "picks",
    "set_aside",
]

# Stands for the point that was left of those before.
CARRIED = -1
# Points laid end to end at a time: digits are kept, and the second-level cache.
_PIECE = 1 << 15


class Stretch(NamedTuple):
    """What the fights of some points in a row have led to, one row a sample.

    `picks`: points that are in, shape (size, k), places among these or `CARRIED`; `left`: the point
    that is undecided, shape (size,); `chance`: its probability.
    """

    picks: Array
    left: Array
    chance: float


def fought(q: Array, rest: float, rng: np.random.Generator, size: int = 1) -> Stretch:
    r"""Let points fight in a row, the first one with what is left of those before.

    With :math:`V_k = rest + q_0 + ... + q_k`, point k crosses j where
    :math:`V_{k-1} < j \le V_k`.  It is in with probability :math:`a/(1 - b)`,
    :math:`a = j - V_{k-1}` and :math:`b = V_k - j`, and the survivor goes on with b; else the
    survivor is in, and k goes on with b.

    Parameters
    ----------
    q : ndarray, shape (n,)
        Strictly between 0 and 1.
    rest : float
        In [0, 1): probability of the point that is carried in.
    rng : numpy.random.Generator
        Gives 2 c + 1 numbers a sample, c the number of crossings.
    size : int

    Returns
    -------
    Stretch

    References
    ----------
    Theory page: S1, S3; Deville and Tille, Biometrika 1998.

    Examples
    --------
    >>> found = fought(np.array([0.5, 0.5, 0.25]), 0.0, np.random.default_rng(0))
    >>> found.picks.shape, found.chance
    ((1, 1), 0.25)
    """
    n, ends = len(q), np.cumsum(q)
    ends += rest
    last = float(ends[-1]) if n else rest
    n_crossed = int(last)
    j = np.arange(1, n_crossed + 1)
    k = np.searchsorted(ends, j)
    before = np.where(k > 0, ends[k - 1], rest) - (j - 1)
    after = ends[k] - j
    u = rng.random((size, 2 * n_crossed + 1))
    # Survivors: where they lie in their stretches, the last of which is still open.
    lies = u[:, n_crossed:] * np.append(before, last - n_crossed)
    point = np.searchsorted(ends, lies + np.arange(n_crossed + 1), side="right")
    first, final = np.append(0, k + 1), np.append(k, n) - 1
    point = np.clip(point, first, np.maximum(first, final))
    is_carried = (lies < np.append(rest, after)) | (first > final)
    # `a <= 1 - b`, and neither is lost where it is small.
    crosser_in = u[:, :n_crossed] * (1 - after) < 1 - before
    # The one that goes on from a crossing is the crosser, unless that one is in.
    point[:, 0] = np.where(is_carried[:, 0], CARRIED, point[:, 0])
    point[:, 1:] = np.where(is_carried[:, 1:], k, point[:, 1:])
    known = np.ones(point.shape, dtype=bool)
    known[:, 1:] = ~(is_carried[:, 1:] & crosser_in)
    known = np.maximum.accumulate(np.where(known, np.arange(n_crossed + 1), 0), axis=1)
    survivor = np.take_along_axis(point, known, axis=1)
    picks = np.where(crosser_in, k, survivor[:, :-1])
    return Stretch(picks, survivor[:, -1], last - n_crossed)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples by the pivotal method in the order given."""
    out = np.zeros((size, len(q)), dtype=np.int64)
    row, left, chance = np.arange(size), np.zeros(size, dtype=np.int64), 0.0
    for start in range(0, len(q), _PIECE):
        found = fought(q[start : start + _PIECE], chance, rng, size)
        picks = np.where(found.picks == CARRIED, left[:, None], found.picks + start)
        out[row[:, None], picks] = 1
        left, chance = np.where(found.left == CARRIED, left, found.left + start), found.chance
    # The total is whole, so what is left of the last point is 0 or 1 but for rounding.
    some = np.flatnonzero(rng.random(size) < chance)
    out[some, left[some]] = 1
    return out


def set_aside(q: Array) -> tuple[Array, Array | None, Array]:
    """Points of a piece that fight, their places (None: all), and the places of the sure ones."""
    if len(q) and q.min() > 0 and q.max() < 1:
        return q, None, np.empty(0, dtype=np.int64)
    index = np.flatnonzero((q > 0) & (q < 1))
    return q[index], index, np.flatnonzero(q >= 1)


def picks(inclusion: ArrayLike, *, rng: np.random.Generator) -> Array:
    r"""Draw one sample as sorted places, without a copy or an array of counts: one pass.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
        :math:`q`, each in [0, 1], of any sum: of one that is not whole its floor or ceiling is
        drawn.
    rng : numpy.random.Generator
        Gives two numbers a pick and one a piece of 32,768 points.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    ValueError
        If a probability is outside its range, naming it.

    Examples
    --------
    >>> picks([1, 0.5, 0.5, 0], rng=np.random.default_rng(0)).shape
    (2,)
    """
    q = floats(inclusion, "inclusion")
    if q.ndim != 1:
        raise ValueError(f"inclusion must be one-dimensional, got shape {q.shape}")
    found, left, chance, n_sure = [np.empty(0, dtype=np.int64)], 0, 0.0, 0
    for start in range(0, len(q), _PIECE):
        piece = q[start : start + _PIECE]
        inside(piece, "inclusion", first=start, high=1, slack=1e-9)
        part, index, sure = set_aside(piece)
        place = np.arange(len(part)) if index is None else index
        stretch = fought(part, chance, rng)
        won = stretch.picks[0]
        here = place[won[won != CARRIED]] + start
        found += [sure + start, here, np.full(len(won) - len(here), left)]
        n_sure, chance = n_sure + len(sure), stretch.chance
        if stretch.left[0] != CARRIED:
            left = int(place[stretch.left[0]]) + start
    chosen = np.concatenate(found)
    if rng.random() < last_chance(len(chosen) - n_sure, n_sure, chance):
        chosen = np.append(chosen, left)
    return np.sort(chosen)


def last_chance(n_open: int, n_sure: int, chance: float) -> float:
    """The last point's probability: zero or one if the total is whole to rounding."""
    total = n_open + chance
    whole = max(1, round(total))
    return float(whole - n_open) if abs(total - whole) <= WHOLE * (total + n_sure) else chance


def law(q: Array) -> Law:
    """All outcomes, fight by fight."""
    return listed(q, np.arange(len(q))[None], lambda width: 1)


def joint(q: Array) -> Array:
    r"""Second-order probabilities in O(n b), by Deville's scheme: one point from each stretch.

    The point k that crosses j was taken in its first stretch with probability a; else it is taken
    in the next one with :math:`b/(1 - a)`.  All other points of a stretch share what is left as
    they are long.  So of all that went before only one bit counts: whether k was taken.
    """
    gaps = complements(q).tolist()
    part = [
        1 - Fraction(gap) if x > 0.5 else Fraction(x)
        for x, gap in zip(q.tolist(), gaps, strict=True)
    ]
    # The total is whole to rounding, which the point can bear that is most open.
    total, widest = round(sum(part)), int(np.argmax(q * (1 - q)))
    part[widest] += total - sum(part, Fraction())
    ends = list(accumulate(part))
    starts = [Fraction(), *ends[:-1]]
    home = np.array([int(x) for x in starts])
    here = [
        min(end, Fraction(int(start) + 1)) - start for start, end in zip(starts, ends, strict=True)
    ]
    n = len(q)
    pairs = np.zeros((n, n))
    # For each point: were it in, is the last crosser in by its first part, or not?
    taken, missed = np.zeros(n), np.zeros(n)
    a = b = Fraction()
    crosser = -1
    for stretch in range(total):
        inside = np.flatnonzero(home == stretch)
        share = np.array([float(here[i] / (1 - b)) for i in inside])
        again, other = float(b / (1 - a)), float(max(Fraction(), 1 - a - b) / (1 - a))
        free, blocked = taken + other * missed, again * missed
        if crosser >= 0:  # is itself in by one of its parts
            free[crosser] = taken[crosser]
            blocked[crosser] = missed[crosser]
            column = again * missed * q
            column[crosser] = 0.0
            pairs[:, crosser] += column
        pairs[:, inside] += np.outer(q * free, share)
        crosser = int(inside[-1])
        unshared = float((1 - b - here[crosser]) / (1 - b))
        taken, missed = free * share[-1], blocked + free * unshared
        a, b = here[crosser], part[crosser] - here[crosser]
        missed[inside] = 1.0
        taken[crosser], missed[crosser] = float(a / (a + b)), float(b / (a + b))
    found = np.triu(pairs, 1)
    return np.asarray(found + found.T + np.diag(q))
