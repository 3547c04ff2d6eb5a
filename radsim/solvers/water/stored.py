r"""Games on pools larger than memory: files, maps and Dask arrays, read in bounded passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from radsim.door import Array, flag, generator, number, one_of, typed
from radsim.game import counted, harms_and_stakes
from radsim.solution import Certificate
from radsim.solvers.water.chunks import Chunk, Pool
from radsim.solvers.water.closed_form import solve_pool
from radsim.solvers.water.columns import Column, checked_chunks, column_of, points_at
from radsim.solvers.water.draws import DRAWS, Draw, Pivotal, Systematic, taken
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.rule import Rule, scaled
from radsim.tallies import Piece, bounds_at_prices

__all__ = ["StoredGame", "StoredSolution", "solve_stored"]


@dataclass(frozen=True, eq=False)
class StoredGame:
    r"""A game whose gains are on disk or in a Dask array, numbers of any type.

    Parameters
    ----------
    gains : numpy.memmap or other ndarray, str, Path, Column or dask.array.Array, shape (n,)
        A path ends in `.npy` or `.parquet`.  A map may be a view, a slice or a copy: what counts
        is what it holds.  A large file that `radsim.data.files.read` has read gives a column.
    mistakes, budget, harm, capped, abstain, rate
        As in `Game`.
    harms : like gains, optional
    column, harm_column : str
        Of Parquet files.

    Raises
    ------
    ValueError
        Naming the argument; a gain that cannot be is named with its place when it is read.  What
        changed between two passes is refused, and named.

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
        typed(self.column, str, "column")
        typed(self.harm_column, str, "harm_column")
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
        most = max(self.n, self.budget)

        def chunks() -> Iterator[Chunk]:
            others = checked_chunks(harms, "harms") if harms is not None else None
            start = 0
            for g in checked_chunks(gains, "gains"):
                h = harm if others is None else next(others)
                yield g, *harms_and_stakes(g, h, most, start.__add__)
                start += len(g)

        def pick(index: Array) -> Chunk:
            g = points_at(gains, index, "gains")
            h = harm if harms is None else points_at(harms, index, "harms")
            return g, *harms_and_stakes(g, h, most, index.__getitem__)

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
        return self.rule.price_of_a_query

    @property
    def threshold(self) -> float:
        """The price of a mistake."""
        return self.rule.price_of_a_mistake

    def inclusion(self) -> Iterator[Array]:
        """Inclusion probabilities in file order, chunk by chunk: one pass."""
        return (q for _, _, q in self.pieces())

    def pieces(self) -> Iterator[tuple[Array, Array, Array]]:
        """Gains, stakes and inclusion probabilities in file order, chunk by chunk: one pass."""
        start = 0
        for chunk in self.game.pool().chunks():
            yield chunk[0], chunk[2], self._include(self.rule, chunk, start)
            start += len(chunk[0])

    def _include(self, rule: Rule, chunk: Chunk, start: int) -> Array:
        q = np.zeros(len(chunk[0]))
        if self.branch == "no positive guarantee":
            return q
        if self.branch == "least harm":
            q[self._safest == start + np.arange(len(q))] = self.game.budget
            return q
        return rule.inclusion(*chunk)

    @cached_property
    def _safest(self) -> int:
        """Place of the smallest harm, from one pass."""
        start, least, place = 0, np.inf, 0
        for _, h, _ in self.game.pool().chunks():
            if h.min() < least:
                least, place = float(h.min()), start + int(np.argmin(h))
            start += len(h)
        return place

    @cached_property
    def certificate(self) -> Certificate:
        """What the two strategies prove, from one pass over the raw data."""
        unit, rule = self.rule.unit, replace(self.rule, unit=0)
        # Where the data are tiny or huge, in the unit in which they were solved.
        pool = self.game.pool().scaled(unit) if unit else self.game.pool()

        def pieces() -> Iterator[Piece]:
            start = 0
            for g, h, s in pool.chunks():
                q = self._include(rule, (g, h, s), start)
                yield g, s, q, rule.mistake_probabilities(g, s)
                start += len(g)

        with np.errstate(all="ignore"):
            found = bounds_at_prices(self.game, pieces(), rule.level, rule.threshold)
            return Certificate(
                lower=scaled(found.lower, unit),
                upper=scaled(found.upper, unit),
                value=self.value,
                infeasibility=found.infeasibility,
                scale=scaled(found.scale, unit),
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
        draw = Systematic(rng) if design == "systematic" else Pivotal(rng)
        return np.sort(np.concatenate(list(taken(draw, self.inclusion()))))

    def draw(self, design: str = "pivotal", *, rng: np.random.Generator | int) -> Draw:
        """Draw one sample of any size in bounded memory, to be read chunk by chunk.

        Parameters
        ----------
        design : str
            A row of `DRAWS`: as in `sample`, where "systematic" in file order is called
            "ordered_systematic", or "poisson", or "iid".
        rng : numpy.random.Generator or int

        Returns
        -------
        Draw

        Raises
        ------
        ValueError
            If the design is unknown, or a point would be taken more than once.
        """
        return DRAWS[one_of(design, DRAWS, "design")](self.game.n, self.inclusion, generator(rng))


def solve_stored(game: StoredGame, *, kernels: str = "numpy") -> StoredSolution:
    r"""Solve a stored game in some four passes and bounded memory.

    A pass for the sample (a few reads for files), one for the level, and one for two prices where
    caps bind.  Without mistakes, or where the data are so small or large that inverses overflow,
    one more finds their range; the latter are then scaled, and searched again.

    Raises
    ------
    SolveError
        If so many points crowd the prices that memory would not stay bounded, or if the answer
        depends on stakes more than 600 powers of ten apart.

    References
    ----------
    Theory page: V1 to V3b.
    """
    pool = game.pool(kernels)
    if pool.n and game._gains.pick is None:
        pool.passes.append("sample")
    answer = solve_pool(pool, game.mistakes, game.budget, game.capped, game.abstain)
    return StoredSolution(game, answer.value, answer.rule, answer.branch, tuple(pool.passes))
