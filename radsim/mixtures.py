r"""The teacher's mixed strategies for regret and ratio: laws on benchmarks and mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, steady, typed, vector, whole
from radsim.game import Game
from radsim.hindsight import NOBODY, by_gain, many_benchmarks
from radsim.payoffs import number_like, strategy

__all__ = [
    "Mixture",
    "benchmark_value",
    "best_benchmarks",
    "blend",
    "mixture_infeasibility",
    "mixture_of_sets",
    "systematic_mixture",
]

_ONE = 2**52  # float marginals are cut to multiples of 1/_ONE: their sums are then exact


@dataclass(frozen=True, eq=False)
class Mixture:
    """The teacher's mixed strategy for regret and ratio: a law on benchmark points and mistakes.

    Atom a has weight `weights[a]` and benchmark `benchmarks[a]`; its mistakes are the points of
    all spells e with `starts[e] <= a < stops[e]`.  Neighbouring atoms of a systematic sample share
    all but one of their mistakes, so spells keep n + 1 atoms of m mistakes each in O(n) memory.

    Attributes
    ----------
    weights : ndarray, shape (k,)
    benchmarks : ndarray of int, shape (k,)
        -1: none, all points are wrong and the learner may abstain.  Where the benchmark is the best
        b points, the first of them.
    points, starts, stops : ndarray of int, shape (r,)
        The spells.

    Examples
    --------
    >>> mixture_of_sets([1, 0], [[0], [1]], [0.25, 0.75]).sizes().tolist()
    [1, 1]
    """

    weights: Array
    benchmarks: Array
    points: Array
    starts: Array
    stops: Array

    def marginals(self, n: int) -> Array:
        """Probability that each of n points is mislabelled."""
        ends = np.concatenate(([self.weights[0] * 0], np.cumsum(self.weights)))
        l = np.full(n, ends[0])
        np.add.at(l, self.points, ends[self.stops] - ends[self.starts])
        return l

    def sizes(self) -> Array:
        """Number of mistakes of every atom."""
        steps = np.zeros(len(self.weights) + 1, dtype=int)
        np.add.at(steps, self.starts, 1)
        np.add.at(steps, self.stops, -1)
        return np.cumsum(steps)[:-1]

    def sets(self) -> list[list[int]]:
        """The mistakes of every atom, sorted; O(k m) numbers."""
        found: list[list[int]] = [[] for _ in self.weights]
        for point, start, stop in zip(self.points, self.starts, self.stops, strict=True):
            for a in range(start, stop):
                found[a].append(int(point))
        return [sorted(points) for points in found]


@steady
def mixture_of_sets(
    benchmarks: Sequence[int], sets: Sequence[Sequence[int]], weights: ArrayLike
) -> Mixture:
    """Make a mixture from explicit sets of mistakes.

    Parameters
    ----------
    benchmarks : sequence of int, length k
        Benchmark point of each atom; -1: none.
    sets : sequence of k sequences of int
        Mistakes of each atom.
    weights : array_like, shape (k,)
        Probability of each atom.

    Returns
    -------
    Mixture

    Examples
    --------
    >>> mixture_of_sets([1, 0], [[0], [1]], [0.25, 0.75]).marginals(2).tolist()
    [0.25, 0.75]
    """
    named = whole(benchmarks, "benchmarks", low=NOBODY)
    k = len(named)
    if len(typed(sets, Sequence, "sets")) != k:
        raise ValueError(f"sets has {len(sets)} entries, benchmarks has {k}")
    share = vector(weights, "weights", k, of="benchmarks")
    if isinstance(weights, Sequence | np.ndarray) and all(isinstance(x, Fraction) for x in weights):
        share = np.array(weights, dtype=object)
    rows = [
        (i, a)
        for a, points in enumerate(sets)
        for i in whole(points, f"sets[{a}]", low=-np.inf).tolist()
    ]
    points, starts = np.array(rows, dtype=int).reshape(-1, 2).T
    return Mixture(share, named, points, starts, starts + 1)


@steady
def systematic_mixture(game: Game, l: ArrayLike) -> Mixture:
    r"""Make the joint law with marginals l under which the expected benchmark is largest.

    Systematic sampling of the mistakes, points in order of falling gain: lay intervals of lengths
    :math:`l_i` end to end; at offset v point i is wrong iff its interval holds :math:`v + z` for
    some whole z.  The benchmark is the first point that is right.  The complements
    :math:`1 - l_i` tile the first unit in the same order, so
    :math:`P(I = i) = 1 - l_i` for i < j and the rest falls on j, the first index with
    :math:`\sum_{i \le j} (1 - l_i) \ge 1`; no law with these marginals can do better, as
    :math:`P(I = i) \le 1 - l_i` and :math:`\sum_i P(I = i) = 1`.

    Parameters
    ----------
    game : Game
    l : array_like, shape (n,)
        Mistake probabilities in [0, 1] with :math:`\sum_i l_i \le m`.  Floats are cut to
        multiples of 2^-52, so that no atom has more than m mistakes.

    Returns
    -------
    Mixture
        At most n + 1 atoms of at most m mistakes (exactly m if the l sum to m).

    References
    ----------
    Theory page: R2, lower bound; Madow, "On the theory of systematic sampling II", 1949.

    Examples
    --------
    >>> mixture = systematic_mixture(Game([4, 2, 1], mistakes=1), [0.5, 0.25, 0.25])
    >>> mixture.benchmarks.tolist(), mixture.sets(), mixture.weights.tolist()
    ([1, 0, 0], [[0], [1], [2]], [0.5, 0.25, 0.25])
    """
    l = strategy(typed(game, Game, "game"), l, "l")
    order = by_gain(game)
    one: Any
    if l.dtype == object:
        parts, one = l[order], Fraction(1)
    else:
        parts, one = _cut(l[order], int(game.mistakes)), np.uint64(_ONE)
    # Unsigned sums wrap around modulo 2^64, a multiple of `one`: remainders stay exact.
    high = np.cumsum(parts) % one
    low = np.concatenate(([one * 0], high[:-1])).astype(high.dtype)
    edges = np.unique(np.concatenate((high, np.array([one * 0, one], dtype=high.dtype))))
    wrong = parts > 0
    wraps = wrong & (high <= low)
    top = np.full(len(high), one)
    spells = [
        (order[mask], np.searchsorted(edges, start[mask]), np.searchsorted(edges, stop[mask]))
        for mask, start, stop in (
            (wrong & ~wraps, low, high),
            (wraps, low, top),
            (wraps & (high > 0), low * 0, high),
        )
    ]
    points, starts, stops = (np.concatenate(column) for column in zip(*spells, strict=True))
    # Few points reach into the first unit; beyond it their sums might overflow.
    head = int(np.searchsorted(np.cumsum((one - parts) / one), 2)) + 1
    right = np.cumsum((one - parts)[:head])
    first = np.searchsorted(right, one - edges[1:], side="right")
    idle = NOBODY if game.abstain else int(np.argmin(game.harms))
    gaps = np.diff(edges)
    weights = gaps if l.dtype == object else gaps.astype(np.float64) / _ONE
    return Mixture(
        weights, np.append(order, idle)[np.minimum(first, game.n)], points, starts, stops
    )


def _cut(l: Array, m: int) -> Array:
    """Marginals as whole multiples of 1/_ONE that sum to at most m."""
    with np.errstate(invalid="ignore"):
        parts = np.floor(np.clip(np.nan_to_num(l), 0, 1) * _ONE).astype(np.int64)
    # Two exact halves: one sum of 2^52 times n could overflow.
    excess = (int(np.sum(parts >> 26)) << 26) + int(np.sum(parts & (2**26 - 1))) - m * _ONE
    for i in np.argsort(-parts, kind="stable"):
        if excess <= 0:
            break
        taken = min(excess, int(parts[i]))
        parts[i] -= taken
        excess -= taken
    return parts.astype(np.uint64)


@steady
def blend(parts: Sequence[Mixture], shares: ArrayLike) -> Mixture:
    """Make one mixture of several: first one of them is drawn, then an atom of it.

    Parameters
    ----------
    parts : sequence of Mixture, length k
    shares : array_like, shape (k,)
        Probability of each.

    Returns
    -------
    Mixture

    Examples
    --------
    >>> one, other = mixture_of_sets([1], [[0]], [1.0]), mixture_of_sets([0], [[]], [1.0])
    >>> blend([one, other], [0.25, 0.75]).marginals(2).tolist()
    [0.25, 0.0]
    """
    for a, part in enumerate(typed(parts, Sequence, "parts")):
        typed(part, Mixture, f"parts[{a}]")
    weights = vector(shares, "shares", len(parts), of="parts", least=1)
    before = np.concatenate(([0], np.cumsum([len(part.weights) for part in parts])))
    rows = list(zip(parts, weights.tolist(), before.tolist(), strict=False))
    return Mixture(
        np.concatenate([share * part.weights for part, share, _ in rows]),
        np.concatenate([part.benchmarks for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.starts + start for part, _, start in rows]),
        np.concatenate([part.stops + start for part, _, start in rows]),
    )


def _of_a_game(game: Game, mixture: Mixture) -> None:
    typed(game, Game, "game")
    typed(mixture, Mixture, "mixture")


@steady
def benchmark_value(game: Game, mixture: Mixture) -> Any:
    r"""Expected benchmark :math:`b\,E[g_I - s_I l_I]` of a mixture.

    Where the benchmark is the best b points, that of its mistakes (see `best_benchmarks`).

    Parameters
    ----------
    game : Game
    mixture : Mixture

    Returns
    -------
    float
        A fraction if the weights are fractions.

    Examples
    --------
    >>> game = Game([4, 2, 1], mistakes=1)
    >>> benchmark_value(game, systematic_mixture(game, [0.5, 0.25, 0.25]))
    3.0
    """
    _of_a_game(game, mixture)
    if many_benchmarks(game):
        return best_benchmarks(game, mixture)
    g, s = game.numbers(mixture.weights)
    b = number_like(game.budget, mixture.weights)
    marked = np.zeros(len(mixture.weights), dtype=bool)
    own: dict[int, list[int]] = {}
    for a, i in enumerate(mixture.benchmarks):
        own.setdefault(int(i), []).append(a)
    for point, start, stop in zip(mixture.points, mixture.starts, mixture.stops, strict=True):
        atoms = own.get(int(point))
        if atoms is not None:
            inside = np.asarray(atoms)
            marked[inside[(start <= inside) & (inside < stop)]] = True
    somebody = mixture.benchmarks != NOBODY
    i = mixture.benchmarks[somebody]
    earned = g[i] - np.where(marked[somebody], s[i], s[i] * 0)
    total = b * np.sum(mixture.weights[somebody] * earned)
    return total if mixture.weights.dtype == object else float(total)


@steady
def best_benchmarks(game: Game, mixture: Mixture) -> Any:
    """Expected benchmark of a mixture's mistakes, whatever points it names: at least its own.

    Examples
    --------
    >>> game = Game([4, 2, 1], mistakes=1)
    >>> best_benchmarks(game, mixture_of_sets([1, 2], [[0], []], [0.5, 0.5]))
    3.0
    """
    _of_a_game(game, mixture)
    g, s = game.numbers(mixture.weights)
    b = number_like(game.budget, mixture.weights)
    total: Any = b * 0
    if many_benchmarks(game):
        # No wrong point earns anything, and m mistakes leave b right ones.
        order, most = by_gain(game).tolist(), int(game.budget)
        for weight, wrong in zip(mixture.weights, mixture.sets(), strict=True):
            spoilt = set(wrong)
            right = [i for i in order[: most + len(spoilt)] if i not in spoilt]
            total = total + weight * np.sum(g[right[:most]])
        return total if mixture.weights.dtype == object else float(total)
    for weight, wrong in zip(mixture.weights, mixture.sets(), strict=True):
        earned = g.copy()
        earned[wrong] = (g - s)[wrong]
        best = max(earned)
        total = total + weight * (max(best, best * 0) if game.abstain else best)
    return b * total if mixture.weights.dtype == object else float(b * total)


@steady
def mixture_infeasibility(game: Game, mixture: Mixture) -> Any:
    """Largest violation of what weights must be: non-negative, with sum one.

    Infinite where an atom has more than m mistakes, or one twice, or an index does not exist.
    """
    _of_a_game(game, mixture)
    n, k = game.n, len(mixture.weights)
    order = np.lexsort((mixture.starts, mixture.points))
    point, start, stop = (x[order] for x in (mixture.points, mixture.starts, mixture.stops))
    overlap = (point[1:] == point[:-1]) & (start[1:] < stop[:-1])
    lowest = NOBODY if game.abstain else 0
    sound = (
        not overlap.any()
        and np.all((mixture.points >= 0) & (mixture.points < n))
        and np.all((mixture.benchmarks >= lowest) & (mixture.benchmarks < n))
        and np.all((start >= 0) & (start <= stop) & (stop <= k))
    )
    if not sound or np.max(mixture.sizes()) > game.mistakes:
        return float("inf")
    weights = mixture.weights
    worst = [np.max(-weights), abs(np.sum(weights) - 1)]
    if weights.dtype != object and np.isnan(weights).any():
        return float("nan")
    return max(worst[0] * 0, *worst)
