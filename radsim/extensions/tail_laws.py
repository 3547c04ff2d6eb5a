r"""Tails of the realised gain: what the law of a draw adds to its inclusion probabilities."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from radsim.door import Array, count, number, steady, typed, vector
from radsim.game import Game
from radsim.sampling import Law
from radsim.solution import SolveError

__all__ = ["LARGEST_N", "TailLaw", "best_tail_law", "tail_guarantee"]

LARGEST_N = 7
_STEPS = 400


@dataclass(frozen=True, eq=False)
class TailLaw:
    """A law of the draw with what it guarantees in its worst share, and what no law exceeds.

    Attributes
    ----------
    law : Law
    inclusion : ndarray, shape (n,)
        Its inclusion probabilities.
    lower : float
        What the law guarantees, evaluated from the law alone (see `tail_guarantee`).
    upper : float
        More than any law guarantees, by prices that are evaluated over all sets of picks.
    level : float
        Realised gain below which a draw counts as bad.
    teacher : ndarray, shape (k,)
        Probabilities of the sets of m mistakes, in the order of `itertools.combinations`.
    steps : int
        Linear programs that were solved.

    Examples
    --------
    >>> found = best_tail_law(Game([1, 0.5, 0.25], 1), 0.5)
    >>> bool(found.lower <= found.upper)
    True
    """

    law: Law
    inclusion: Array
    lower: float
    upper: float
    level: float
    teacher: Array
    steps: int


def _small(game: Game) -> None:
    if typed(game, Game, "game").n > LARGEST_N:
        raise ValueError(f"game has {game.n} points, tails are enumerated up to {LARGEST_N}")
    if game.mistakes != int(game.mistakes):
        raise ValueError(f"mistakes = {game.mistakes} must be whole: a draw meets a set of them")
    if not game.capped:
        raise ValueError("capped is False: tails are of draws without replacement")


def _realised(game: Game, outcomes: Array) -> Array:
    """Realised robust gain of each outcome (columns) against each set of m mistakes (rows)."""
    n, m = game.n, int(game.mistakes)
    sets = list(combinations(range(n), m))
    wrong = np.zeros((len(sets), n))
    for row, points in zip(wrong, sets, strict=True):
        row[list(points)] = 1.0
    return (game.gains - game.stakes * wrong) @ outcomes.T


def _share(share: float) -> float:
    return number(share, "share", high=1, open_low=True)


@steady
def tail_guarantee(game: Game, law: Law, share: float) -> float:
    r"""Mean realised gain in the worst share of cases that a law of the draw guarantees.

    The teacher draws a set of m mistakes by a law of its own, in ignorance of the picks; the worst
    share a is that of both draws together:

    .. math:: \min_\mu \mathrm{CVaR}_a = \max_\eta \min_l
              \big[\eta - \tfrac1a\,E\max(0, \eta - Z_l)\big].

    Parameters
    ----------
    game : Game
        At most 7 points, whole m, capped.
    law : Law
        Outcomes as rows of counts, with their probabilities.
    share : float
        a, in (0, 1]; at 1 it is the mean.

    Returns
    -------
    float
        By enumeration, without a solver.

    Raises
    ------
    ValueError
        Naming the argument that cannot be.

    References
    ----------
    Theory page: N6; Rockafellar and Uryasev, "Optimization of conditional value-at-risk", 2000.

    Examples
    --------
    >>> from radsim.sampling import law
    >>> game = Game([1, 1, 1, 1], 1, budget=2, harm=0)
    >>> halves = law([0.5] * 4, "systematic")
    >>> tail_guarantee(game, halves, 1), tail_guarantee(game, halves, 0.5)
    (1.5, 1.0)
    """
    _small(game)
    if not isinstance(law, Law) or np.shape(law.outcomes) != (len(law.probability), game.n):
        raise ValueError(f"law must be a Law with outcomes of {game.n} points")
    outcomes = vector(np.ravel(law.outcomes), "law.outcomes").reshape(-1, game.n)
    p = vector(law.probability, "law.probability", len(outcomes), of="law.outcomes")
    if not abs(p.sum() - 1) <= 1e-9:
        raise ValueError(f"law.probability sums to {p.sum():g}, must sum to 1")
    return _tail(_realised(game, outcomes), p, _share(share))[0]


def _tail(realised: Array, p: Array, a: float) -> tuple[float, float]:
    """The guarantee and its level: a concave function of the level, straight between outcomes."""
    levels = np.unique(realised[:, p > 0])

    def guaranteed(levels: Array) -> Array:
        short = np.maximum(0.0, levels[:, None, None] - realised) @ p
        return np.asarray(levels - short.max(axis=1) / a)

    blocks = np.array_split(levels, 1 + len(levels) * realised.size // 4_000_000)
    found = np.concatenate([guaranteed(block) for block in blocks])
    k = int(np.argmax(found))
    best, level = float(found[k]), float(levels[k])
    # Between neighbours each set of mistakes is a line, and the maximum of the least may be where
    # two of them cross.
    for low, high in ((k - 1, k), (k, k + 1)):
        if low < 0 or high == len(levels):
            continue
        ends = levels[[low, high]]
        at = ends[:, None] - (np.maximum(0.0, ends[:, None, None] - realised) @ p) / a
        rise = at[1] - at[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            cross = (at[0][None, :] - at[0][:, None]) / (rise[:, None] - rise[None, :])
        inside = cross[(cross > 0) & (cross < 1)]
        if inside.size:
            least = np.min(at[0] + np.unique(inside)[:, None] * rise, axis=1)
            if least.max() > best:
                level = float(ends[0] + np.unique(inside)[np.argmax(least)] * np.diff(ends)[0])
                best = float(guaranteed(np.array([level]))[0])
    return best, level


def _sets_of_picks(game: Game, q: Array | None) -> Array:
    """Outcomes that a draw may have: of floor or ceiling of the total, or any within budget."""
    n = game.n
    total = game.budget if q is None else float(q.sum())
    near = round(total)
    whole = abs(total - near) <= 1e-9
    sizes = {near} if whole else {int(total), int(total) + 1}
    if q is None and game.abstain:
        sizes = set(range(int(total + 1e-9) + 1))
    rows = [points for size in sorted(sizes) for points in combinations(range(n), size)]
    outcomes = np.zeros((len(rows), n), dtype=np.int64)
    for row, points in zip(outcomes, rows, strict=True):
        row[list(points)] = 1
    return outcomes


class _Program:
    """The best law at a level, and what the prices of its linear program prove of all levels."""

    def __init__(self, realised: Array, outcomes: Array, q: Array | None, a: float) -> None:
        self.realised, self.outcomes, self.q, self.a = realised, outcomes, q, a
        self.proofs: list[tuple[Array, Array]] = []

    def solve(self, level: float) -> Array:
        """The best law at a level; keeps its prices."""
        n_sets, n_picks = self.realised.shape
        short = np.maximum(0.0, level - self.realised) / self.a
        totals = [np.ones(n_picks)]
        right = [1.0]
        if self.q is not None:
            totals += list(self.outcomes.T)
            right += list(self.q)
        result = linprog(
            np.append(np.zeros(n_picks), 1.0),
            A_ub=np.column_stack((short, -np.ones(n_sets))),
            b_ub=np.zeros(n_sets),
            A_eq=np.column_stack((totals, np.zeros(len(totals)))),
            b_eq=right,
            bounds=[(0, None)] * n_picks + [(None, None)],
            method="highs-ds",
        )
        if result.status != 0 or result.x is None:
            raise SolveError(f"best_tail_law: {result.message}")
        teacher = np.maximum(0.0, -result.ineqlin.marginals)
        teacher /= teacher.sum()
        prices = np.zeros(self.outcomes.shape[1])
        if self.q is not None:
            prices = -result.eqlin.marginals[1:]
        self.proofs.append((teacher, prices))
        p = np.maximum(0.0, result.x[:-1])
        return np.asarray(p / p.sum())

    def bound(self, level: float, k: int) -> float:
        """What no law exceeds at a level, by weak duality at the prices of the k-th program."""
        teacher, prices = self.proofs[k]
        short = teacher @ np.maximum(0.0, level - self.realised) / self.a
        paid = 0.0 if self.q is None else float(self.q @ prices)
        return level + paid - float(np.min(short + self.outcomes @ prices))


@steady
def best_tail_law(
    game: Game,
    share: float,
    inclusion: ArrayLike | None = None,
    *,
    gap: float = 1e-3,
    max_steps: int = _STEPS,
) -> TailLaw:
    r"""Best law of the draw for the worst share of cases, at given inclusion probabilities or any.

    At a fixed level :math:`\eta` the best law is a linear program; over levels the search is by
    branch and bound, with bounds that hold whatever the programs said.

    Parameters
    ----------
    game : Game
        At most 7 points, whole m, capped.
    share : float
        a, in (0, 1].
    inclusion : array_like, shape (n,), optional
        Inclusion probabilities that the law must have; without them any that the budget allows.
    gap : float
        Relative to b*max(g), between what the law guarantees and what no law exceeds.
    max_steps : int
        Most linear programs; what they leave open shows in the two bounds.

    Returns
    -------
    TailLaw

    Raises
    ------
    ValueError
        Naming the argument that cannot be.
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    Theory page: N6.

    Examples
    --------
    Four equal points, two picks, one mistake: however the pairs are drawn, the worst half of the
    cases is met by the mistake.

    >>> game = Game([1, 1, 1, 1], 1, budget=2, harm=0)
    >>> found = best_tail_law(game, 0.5, [0.5] * 4)
    >>> round(found.lower, 6), round(found.upper, 6)
    (1.0, 1.0)
    """
    _small(game)
    a, gap = _share(share), number(gap, "gap", open_low=True)
    max_steps = count(max_steps, "max_steps", low=3)
    q = None if inclusion is None else vector(inclusion, "inclusion", game.n, of="gains", high=1)
    outcomes = _sets_of_picks(game, q)
    realised = _realised(game, outcomes)
    unit = float(np.max(np.abs(realised))) or 1.0  # tolerances of HiGHS are absolute
    realised, gap = realised / unit, gap * ((game.scale or 1.0) / unit)
    program = _Program(realised, outcomes, q, a)
    knots = np.unique(realised)
    bounds: dict[float, float] = {}
    best, level, law = -np.inf, float(knots[-1]), np.zeros(len(outcomes))

    def visit(eta: float) -> None:
        nonlocal best, level, law
        p = program.solve(eta)
        bounds[eta] = program.bound(eta, len(program.proofs) - 1)
        found, at = _tail(realised, p, a)
        if found > best:
            best, level, law = found, at, p

    def most(low: float, high: float) -> tuple[float, float]:
        """Bound between two visited levels, and where to look next."""
        up, down = bounds[low], bounds[high]  # slopes lie between 1 - 1/a and 1
        fall = 1 / a - 1
        peak = float(np.clip((down - up + low + fall * high) / (1 + fall), low, high))
        top = min(up + peak - low, down + fall * (high - peak))
        inner = knots[(knots > low) & (knots < high)]
        if inner.size:
            return top, float(inner[np.argmin(np.abs(inner - peak))])
        # Within a cell a bound by prices is convex: it is largest at an end.
        last = range(max(0, len(program.proofs) - 60), len(program.proofs))
        sharp = min(max(program.bound(low, k), program.bound(high, k)) for k in last)
        return min(top, sharp), low / 2 + high / 2

    ends = [float(knots[0]), float(knots[-1])]
    for eta in dict.fromkeys(ends):
        visit(eta)
    open_: list[tuple[float, float, float, float]] = []

    def push(low: float, high: float) -> None:
        top, at = most(low, high)
        heapq.heappush(open_, (-top, low, high, at))

    if ends[0] < ends[1]:
        push(*ends)
    while open_ and -open_[0][0] > best + gap and len(program.proofs) < max_steps:
        _, low, high, at = heapq.heappop(open_)
        if not low < at < high:  # two neighbouring floats
            bounds.setdefault(at, bounds[low])
            break
        visit(at)
        push(low, at)
        push(at, high)
    upper = max([best, *(bounds[eta] for eta in ends), *(-top for top, *_ in open_)])
    kept = law > 0
    found = Law(outcomes[kept], law[kept])
    teacher = program.proofs[-1][0]
    return TailLaw(
        found,
        found.inclusion(),
        unit * best,
        unit * float(upper),
        unit * level,
        teacher,
        len(program.proofs),
    )
