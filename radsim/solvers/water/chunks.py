r"""Pools read in cache-sized chunks, from memory, files or Dask arrays.

A search needs three things of a pool: its size, a small sample that is never in step with any
pattern of the data, and passes over cache-sized chunks.  It does not matter where the chunks live.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from radsim.cores import over
from radsim.game import Array
from radsim.solvers.water.kernels import Kernels
from radsim.solvers.water.vectorised import NUMPY

__all__ = [
    "CHUNK",
    "Bare",
    "Chunk",
    "Pool",
    "arrays",
    "filled",
    "joined",
    "places",
    "smaller",
    "some",
]

CHUNK = NUMPY.chunk

# Gains, harms and stakes of neighbouring points.
Chunk = tuple[Array, Array, Array]
# The same, or the gains alone where the others are a multiple of them.
Bare = tuple[Array, Array | None, Array | None]
T = TypeVar("T")


@dataclass(frozen=True)
class Pool:
    """A pool that is read in chunks: gains, harms and stakes.

    Attributes
    ----------
    n : int
    chunks : callable
        () -> iterator over `Chunk`, in file order; each call is one pass.
    pick : callable
        Sorted indices -> `Chunk` of those points.
    multiple : float, optional
        c if the harms are c times the gains, to rounding: one array is then enough for V1.
    kernels : Kernels
        The loops over a chunk.
    passes : list
        One entry a pass, for `stats`.
    spread : callable, optional
        (function of a `Bare` chunk) -> what it makes of each, in file order, wherever it runs.
    """

    n: int
    chunks: Callable[[], Iterator[Chunk]]
    pick: Callable[[Array], Chunk]
    multiple: float | None = None
    kernels: Kernels = NUMPY
    passes: list[str] = field(default_factory=list)
    spread: Callable[[Callable[[Bare], Any]], Iterable[Any]] | None = None

    def read(self, purpose: str) -> Iterator[Chunk]:
        """One pass, noted."""
        self.passes.append(purpose)
        return self.chunks()

    def each(self, purpose: str, work: Callable[[Bare], T]) -> Iterable[T]:
        """One pass, noted: what `work` makes of each chunk, in file order.

        It may run on several threads at once, and gets no harms and stakes where these are a
        multiple that it can do without.
        """
        self.passes.append(purpose)
        return map(work, self.chunks()) if self.spread is None else self.spread(work)

    def scaled(self, unit: int) -> Pool:
        """The same pool, its numbers divided by two to that power.

        Its harms are no longer a multiple of its gains: where both are tiny they lost digits.
        """

        return replace(
            self,
            chunks=lambda: (smaller(chunk, unit) for chunk in self.chunks()),
            pick=lambda index: smaller(self.pick(index), unit),
            multiple=None,
            spread=None,
        )

    def whole(self) -> Chunk:
        """All points at once; for pools known to be small."""
        return self.pick(np.arange(self.n))

    def sample(self, size: int) -> tuple[Chunk, float]:
        """Sample the pool: one point of each of `size` equal stretches, always the same ones.

        The places decide how fast a search is, never what it finds, so a fixed seed is right.
        """
        index = places(self.n, size)
        return self.pick(index), len(index) / self.n


def places(n: int, size: int) -> Array:
    """Where a sample of so many of n points is taken: in rising order, always the same."""
    size = min(size, n)
    ends = (np.arange(size + 1, dtype=np.int64) * n) // size
    u = np.random.default_rng(0x5EED).random(size)
    return np.asarray(ends[:-1] + (u * np.diff(ends)).astype(np.int64))


def smaller(chunk: Chunk, unit: int) -> Chunk:
    """A chunk, its numbers divided by two to that power."""
    g, h, s = chunk
    stakes = np.ldexp(s, -unit)
    return np.ldexp(g, -unit), stakes if h is s else np.ldexp(h, -unit), stakes


def filled(chunk: Bare, multiple: float | None) -> Chunk:
    """A chunk with the harms and stakes that were left out."""
    g, h, s = chunk
    if s is None or h is None:
        assert multiple is not None  # or they would have been given
        h = multiple * g
        s = g + h
    return g, h, s


def some(chunk: Bare, index: Array, multiple: float | None) -> list[Array]:
    """Columns of the points of a chunk that are kept, for `joined` to put together."""
    g, h, s = chunk
    if multiple is not None or h is None or s is None:
        return [g[index]]
    stakes = s[index]
    return [g[index], stakes if h is s else h[index], stakes]


def joined(parts: list[list[Array]], multiple: float | None) -> Chunk:
    """One chunk from the points that were kept of several."""
    if not parts:
        return (np.empty(0),) * 3
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    if multiple is None:
        return columns[0], columns[1], columns[2]
    return filled((columns[0], None, None), multiple)


def arrays(
    gains: Array,
    harms: Array | None,
    stakes: Array | None,
    multiple: float | None = None,
    kernels: Kernels = NUMPY,
    threads: int = 1,
) -> Pool:
    """A pool of arrays in memory; without harms the stakes stand in for them.

    With a `multiple` neither is looked at.
    """
    n = len(gains)

    def at(part: slice) -> Bare:
        if multiple is not None or stakes is None:
            return gains[part], None, None
        s = stakes[part]
        return gains[part], s if harms is None else harms[part], s

    def chunks() -> Iterator[Chunk]:
        return (filled(chunk, multiple) for chunk in over(n, CHUNK, at, 1))

    def pick(index: Array) -> Chunk:
        return joined([some(at(slice(None)), index, multiple)], multiple)

    def spread(work: Callable[[Bare], T]) -> Iterable[T]:
        return over(n, kernels.chunk, lambda part: work(at(part)), threads)

    return Pool(n, chunks, pick, multiple, kernels, spread=spread)
