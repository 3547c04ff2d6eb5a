r"""Games on pools larger than memory: files, maps and Dask arrays, read in bounded passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from radsim.door import Array, flag, generator, number, one_of, typed
from radsim.game import counted
from radsim.solution import Certificate
from radsim.solvers.water import levels, prices
from radsim.solvers.water.chunks import Chunk, Pool, places, smaller
from radsim.solvers.water.closed_form import FEW, solve_pool
from radsim.solvers.water.columns import Column, column_of
from radsim.solvers.water.draws import DRAWS, ORDERS, Draw, Inclusion, opened, taken
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.levels import SMALL
from radsim.solvers.water.reading import Reading, Work
from radsim.solvers.water.rule import Rule, scaled
from radsim.tallies import (
    TINY,
    Price,
    at_prices,
    look_at,
    nowhere,
    tally,
)

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

    @cached_property
    def reading(self) -> Reading:
        """How the pool is read."""
        return Reading.of(self._gains, self._harms, self.harm, max(self.n, self.budget))

    @property
    def n(self) -> int:
        """Number of points."""
        return self._gains.n

    def pool(self, kernels: str = "numpy") -> Pool:
        """The pool, one pass an iteration."""
        reading = self.reading
        multiple = self.harm if self._harms is None else None
        spread = reading.spread if reading.at_blocks else None
        loops = load(kernels)
        return Pool(self.n, reading.chunks, reading.pick, multiple, loops, spread=spread)


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
        start, include = 0, self._include
        for chunk in self.game.reading.chunks():
            yield chunk[0], chunk[2], include(chunk, start)
            start += len(chunk[0])

    @cached_property
    def _include(self) -> Callable[[Chunk, int], Array]:
        if self.branch == "no positive guarantee":
            return _nowhere
        if self.branch == "least harm":
            return partial(_at_one_place, self._safest, self.game.budget)
        return partial(_by_rule, self.rule)

    @cached_property
    def _safest(self) -> int:
        """Place of the smallest harm, from one pass."""
        start, least, place = 0, np.inf, 0
        for _, h, _ in self.game.reading.chunks():
            if h.min() < least:
                least, place = float(h.min()), start + int(np.argmin(h))
            start += len(h)
        return place

    @cached_property
    def certificate(self) -> Certificate:
        """What the two strategies prove, from one pass over the raw data."""
        proof, self.__dict__["_opened"] = self._prove()  # which is then known too
        return proof

    @cached_property
    def _opened(self) -> list[float]:
        """For each chunk that is worked on elsewhere, what its open points add up to."""
        return self._prove()[1]

    def _prove(self) -> tuple[Certificate, list[float]]:
        game, unit, rule = self.game, self.rule.unit, replace(self.rule, unit=0)
        prices = at_prices(game, rule.level, rule.threshold)
        rules = SimpleNamespace(capped=game.capped, abstain=game.abstain)
        at_blocks = game.reading.at_blocks
        work = partial(_looked_at, rules, prices, rule, self._include, unit, at_blocks)
        with np.errstate(all="ignore"):
            found = list(game.reading.each(work))
            total = tally(game, (row for row, _ in found), *prices)
            bounds = total.bounds(game) if total.is_finite else nowhere()
            proof = Certificate(
                lower=scaled(bounds.lower, unit),
                upper=scaled(bounds.upper, unit),
                value=self.value,
                infeasibility=bounds.infeasibility,
                scale=scaled(bounds.scale, unit),
            )
        return proof, [total for _, total in found]

    def _probabilities(self) -> Inclusion:
        def each(work: Work, given: Callable[[int, int], Any]) -> Iterator[Any]:
            return self.game.reading.each(partial(_included, work, self._include), given)

        at_blocks = self.game.reading.at_blocks
        return Inclusion(self.game.n, each, (lambda: self._opened) if at_blocks else None)

    def sample(self, design: str = "systematic", *, rng: np.random.Generator | int) -> Array:
        """Draw one sample in one pass.

        Parameters
        ----------
        design : str
            "systematic" in file order, from one random number; "pivotal", a tournament in each
            chunk, whose undecided points fight in file order; "ordered_pivotal", all points fight
            in file order; or "poisson".
        rng : numpy.random.Generator or int

        Returns
        -------
        ndarray of int64
            Sorted indices; b of them, or one of the two neighbours of a b that is not whole
            (Poisson: as many as it comes to).

        Raises
        ------
        ValueError
            If the design is unknown, or a point would be taken more than once.
        """
        names = {"systematic": "ordered_systematic", **{name: name for name in ORDERS}}
        name = names[one_of(design, names, "design")]
        picks = taken(name, self._probabilities(), generator(rng))
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *picks]))

    def draw(self, design: str = "pivotal", *, rng: np.random.Generator | int) -> Draw:
        """Draw one sample of any size in bounded memory, to be read chunk by chunk.

        Parameters
        ----------
        design : str
            A row of `DRAWS`: as in `sample`, where "systematic" in file order is called
            "ordered_systematic", or "iid".
        rng : numpy.random.Generator or int

        Returns
        -------
        Draw

        Raises
        ------
        ValueError
            If the design is unknown, or a point would be taken more than once.
        """
        row = DRAWS[one_of(design, DRAWS, "design")]
        return row(self._probabilities(), generator(rng))


# What the workers do with a chunk or a stretch of chunks: functions that travel.


def _by_rule(rule: Rule, chunk: Chunk, start: int) -> Array:
    return rule.inclusion(*chunk)


def _nowhere(chunk: Chunk, start: int) -> Array:
    return np.zeros(len(chunk[0]))


def _at_one_place(place: int, budget: float, chunk: Chunk, start: int) -> Array:
    q = np.zeros(len(chunk[0]))
    q[start + np.arange(len(q)) == place] = budget
    return q


def _included(
    work: Work,
    include: Callable[[Chunk, int], Array],
    start: int,
    chunks: Iterable[Chunk],
    given: Any,
) -> Iterator[Any]:
    def probabilities() -> Iterator[Array]:
        place = start
        for chunk in chunks:
            yield include(chunk, place)
            place += len(chunk[0])

    return iter(work(start, probabilities(), given))


def _looked_at(
    rules: SimpleNamespace,
    prices: tuple[Price, Price],
    rule: Rule,
    include: Callable[[Chunk, int], Array],
    unit: int,
    totals: bool,
    start: int,
    chunks: Iterable[Chunk],
    given: Any,
) -> Iterator[tuple[tuple[float, ...], float]]:
    for chunk in chunks:
        with np.errstate(all="ignore"):
            q = include(chunk, start)
            start += len(q)
            # Where the data are tiny or huge, in the unit in which they were solved.
            g, _, s = smaller(chunk, unit) if unit else chunk
            if unit and chunk[0].max() > 0 and not g.max() >= TINY:
                g = np.full_like(g, np.nan)  # it is another unit, which proves nothing
            piece = g, s, q, rule.mistake_probabilities(g, s)
            yield look_at(rules, piece, *prices), opened(q) if totals else 0.0


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
    pool, reading, n = game.pool(kernels), game.reading, game.n
    before = len(reading.passes)
    if n > SMALL and game._gains.pick is None:  # whichever samples will be wanted, in one pass
        boxed = {prices.sample_size(n, fast) for fast in (False, True)}
        sizes = {FEW, levels.sample_size(n), *boxed}
        reading.foresee([places(n, size) for size in sorted(sizes)])
    answer = solve_pool(pool, game.mistakes, game.budget, game.capped, game.abstain)
    passes = (*reading.passes[before:], *pool.passes)
    return StoredSolution(game, answer.value, answer.rule, answer.branch, passes)
