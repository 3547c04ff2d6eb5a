r"""Games on pools larger than memory: files and Dask arrays, read in passes of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from radsim.door import Array, flag, generator, number, one_of
from radsim.game import counted
from radsim.sampling.pivotal import tournament
from radsim.solution import Certificate, SolveError
from radsim.solvers.water.chunks import Chunk, Pool
from radsim.solvers.water.closed_form import solve_pool
from radsim.solvers.water.columns import Column, checked_chunks, column_of, points_at
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.rule import Rule

__all__ = ["StoredGame", "StoredSolution", "solve_stored"]


@dataclass(frozen=True, eq=False)
class StoredGame:
    r"""A game whose gains are on disk or in a Dask array, float32 or float64.

    Parameters
    ----------
    gains : numpy.memmap, str, Path or dask.array.Array, shape (n,)
        A path ends in `.npy` or `.parquet`.
    mistakes, budget, harm, capped, abstain, rate
        As in `Game`.
    harms : like gains, optional
    column, harm_column : str
        Of Parquet files.

    Raises
    ------
    ValueError
        Naming the argument; a gain that cannot be is named with its place when it is read.

    Examples
    --------
    >>> import numpy as np, tempfile, os
    >>> from radsim import solve
    >>> path = os.path.join(tempfile.mkdtemp(), "gains.npy")
    >>> np.save(path, np.array([1, 0.5, 0.25], dtype=np.float32))
    >>> solution = solve(StoredGame(path, mistakes=1))
    >>> round(7 * solution.value, 12), solution.certificate.accepts(1e-14)
    (1.0, True)
    """

    kind: ClassVar[str] = "stored"  # which rows of SOLVERS solve it

    gains: Any
    mistakes: Any = None
    budget: float = 1
    harm: float = 1.0
    harms: Any = field(default=None, kw_only=True)
    column: str = field(default="gain", kw_only=True)
    harm_column: str = field(default="harm", kw_only=True)
    capped: bool = field(default=True, kw_only=True)
    abstain: bool = field(default=True, kw_only=True)
    rate: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        n = self._gains.n
        if n == 0:
            raise ValueError("gains has 0 entries, needs at least 1")
        capped, abstain = flag(self.capped, "capped"), flag(self.abstain, "abstain")
        checked = {
            "mistakes": counted(self.mistakes, self.rate, n, depth=2),
            "rate": None,  # said in mistakes
            "budget": number(self.budget, "budget", high=n if capped else np.inf, open_low=True),
            "harm": number(self.harm, "harm"),
            "capped": capped,
            "abstain": abstain,
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self._harms is not None and self._harms.n != n:
            raise ValueError(f"harms has {self._harms.n} entries, gains has {n}")

    @cached_property
    def _gains(self) -> Column:
        return column_of(self.gains, "gains", self.column)

    @cached_property
    def _harms(self) -> Column | None:
        return None if self.harms is None else column_of(self.harms, "harms", self.harm_column)

    @property
    def n(self) -> int:
        """Number of points."""
        return self._gains.n

    def pool(self, kernels: str = "numpy") -> Pool:
        """The pool, one pass an iteration."""
        gains, harms, harm = self._gains, self._harms, self.harm

        def chunks() -> Iterator[Chunk]:
            others = checked_chunks(harms, "harms") if harms is not None else None
            for g in checked_chunks(gains, "gains"):
                h = harm * g if others is None else next(others)
                yield g, h, g + h

        def pick(index: Array) -> Chunk:
            g = points_at(gains, index, "gains")
            h = harm * g if harms is None else points_at(harms, index, "harms")
            return g, h, g + h

        seen: dict[int, Chunk] = {}

        def pick_once(index: Array) -> Chunk:
            # The same places are asked for again by every search.
            if len(index) not in seen:
                seen[len(index)] = pick(index)
            return seen[len(index)]

        multiple = harm if harms is None else None
        return Pool(self.n, chunks, pick_once, multiple, load(kernels))


@dataclass(frozen=True, eq=False)
class StoredSolution:
    r"""Solution of a `StoredGame`: its value, and a rule that is applied chunk by chunk.

    Attributes
    ----------
    game : StoredGame
    value, level, threshold : float
    rule : Rule
        (level, threshold, theta): inclusion probabilities from gains and stakes.
    branch : str
        "water level", "two prices" or "no positive guarantee".
    passes : tuple of str
        What each pass over all the data was for.

    Examples
    --------
    >>> import numpy as np, tempfile, os
    >>> from radsim import solve
    >>> path = os.path.join(tempfile.mkdtemp(), "gains.npy")
    >>> np.save(path, np.array([1, 0.5, 0.25], dtype=np.float32))
    >>> solution = solve(StoredGame(path, mistakes=1))
    >>> [chunk.round(3).tolist() for chunk in solution.inclusion()]
    [[0.143, 0.286, 0.571]]
    """

    game: StoredGame
    value: float
    rule: Rule
    branch: str
    passes: tuple[str, ...]
    method: str = "closed_form"
    objective: str = "value"

    @property
    def level(self) -> float:
        """The price of a query."""
        return self.rule.level

    @property
    def threshold(self) -> float:
        """The price of a mistake."""
        return self.rule.threshold

    def inclusion(self) -> Iterator[Array]:
        """Inclusion probabilities in file order, chunk by chunk: one pass."""
        for g, h, s in self.game.pool().chunks():
            yield self._include(g, h, s)

    def _include(self, g: Array, h: Array, s: Array) -> Array:
        if self.branch == "no positive guarantee":
            return np.zeros(len(g))
        return self.rule.inclusion(g, h, s)

    @cached_property
    def certificate(self) -> Certificate:
        r"""What the two strategies prove, from one pass over the raw data.

        For any t, :math:`T_m(x) \le mt + \sum_i \max(0, x_i - t)`, so with t = tau no sort is
        needed for the learner's side; likewise the teacher's:
        :math:`b\lambda + \sum_i \max(0, g_i - s_i l_i - \lambda)` is above any reply.
        """
        game, lam = self.game, max(0.0, self.level) if self.game.abstain else self.level
        tau = self.threshold
        earned, over, spent, made, surplus = ([] for _ in range(5))
        largest, most, best = 0.0, 0.0, -np.inf
        for g, h, s in game.pool().chunks():
            q, l = self._include(g, h, s), self.rule.mistake_probabilities(g, h, s)
            bite, robust = q * s, g - s * l
            earned.append(float(q @ g))
            over.append(float(np.maximum(0, bite - tau).sum()))
            spent.append(float(q.sum()))
            made.append(float(l.sum()))
            surplus.append(float(np.maximum(0, robust - lam).sum()))
            most = max(most, float(q.max()))
            best = max(best, float(robust.max()))
            largest = max(largest, float((g if game.abstain else s).max()))
        lower = float(np.sum(earned)) - game.mistakes * tau - float(np.sum(over))
        mistakes = float(np.sum(made))
        upper = game.budget * lam + float(np.sum(surplus))
        if not game.capped:
            upper = game.budget * (max(best, 0.0) if game.abstain else best)
        total = float(np.sum(spent)) - game.budget
        wrong = [total if game.abstain else abs(total)]
        wrong[0] /= max(1, game.budget)
        wrong.append((mistakes - game.mistakes) / max(1, game.mistakes))
        if game.capped:
            wrong.append(most - 1)
        return Certificate(
            lower=lower,
            upper=upper,
            value=self.value,
            infeasibility=max(0.0, *wrong),
            scale=game.budget * largest,
        )

    def sample(self, design: str = "systematic", *, rng: np.random.Generator | int) -> Array:
        """Draw one sample in one pass.

        Parameters
        ----------
        design : {"systematic", "pivotal"}
            Systematic in file order, from one random number; or a pivotal tournament in each
            chunk, whose undecided point joins the next chunk's.
        rng : numpy.random.Generator or int

        Returns
        -------
        ndarray of int64
            Sorted indices; b of them, or one of the two neighbours of a b that is not whole.

        Raises
        ------
        ValueError
            If the design is unknown, or a point would be taken more than once.
        """
        one_of(design, ("systematic", "pivotal"), "design")
        rng = generator(rng)
        draw = _Systematic(rng) if design == "systematic" else _Pivotal(rng)
        picked, start = [], 0
        for q in self.inclusion():
            if q.max() > 1 + 1e-9:
                i = int(np.argmax(q))
                raise ValueError(f"inclusion[{start + i}] = {q[i]} must be at most 1")
            picked.append(draw.take(np.minimum(q, 1), start))
            start += len(q)
        picked.append(draw.finish())
        return np.sort(np.concatenate(picked))


class _Systematic:
    """Systematic sampling of a stored pool, chunk by chunk."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.u, self.rest = rng.random(), 0.0

    def take(self, q: Array, start: int) -> Array:
        q = q.copy()
        q[0] += self.rest  # only the fractional part is laid on, so no digits are lost
        ends = np.cumsum(q)
        whole = np.floor(ends)
        marks = whole + (self.u < ends - whole)
        hit = np.flatnonzero(np.diff(marks, prepend=float(self.u < self.rest)) > 0)
        self.rest = float(ends[-1] - whole[-1])
        return hit + start

    def finish(self) -> Array:
        return np.empty(0, dtype=np.int64)


class _Pivotal:
    """Pivotal sampling of a stored pool, chunk by chunk."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.who, self.p = rng, -1, 0.0

    def take(self, q: Array, start: int) -> Array:
        sure = np.flatnonzero(q == 1) + start
        index = np.flatnonzero((q > 0) & (q < 1))
        if not len(index):
            return sure
        part, place = q[index], index + start
        if 0 < self.p < 1:
            part, place = np.append(part, self.p), np.append(place, self.who)
        drawn, last, p = tournament(part, self.rng, 1)
        self.who, self.p = int(place[last[0]]), float(p[0])
        chosen = place[np.flatnonzero(drawn[0])]
        if self.p > 1 - 1e-9:  # rounding apart, decided
            chosen, self.p = np.append(chosen, self.who), 0.0
        elif self.p < 1e-9:
            self.p = 0.0
        return np.concatenate((sure, chosen))

    def finish(self) -> Array:
        return np.array([self.who] if self.rng.random() < self.p else [], dtype=np.int64)


def solve_stored(game: StoredGame, *, kernels: str = "numpy") -> StoredSolution:
    r"""Solve a stored game in at most four passes and bounded memory.

    A pass for the sample (a few reads for files), one for the level, and one for two prices where
    caps bind.

    Raises
    ------
    SolveError
        If so many points crowd the prices that memory would not stay bounded, or if a forced
        budget leaves only the point of least harm.

    References
    ----------
    Theory page: V1 to V3b.
    """
    pool = game.pool(kernels)
    if pool.n and game._gains.pick is None:
        pool.passes.append("sample")
    answer = solve_pool(pool, game.mistakes, game.budget, game.capped, game.abstain)
    nothing = answer.branch == "no positive guarantee"
    if answer.branch == "least harm" or not (answer.sound or nothing):
        raise SolveError(f"closed_form: {answer.branch} needs the game in memory")
    return StoredSolution(game, answer.value, answer.rule, answer.branch, tuple(pool.passes))
