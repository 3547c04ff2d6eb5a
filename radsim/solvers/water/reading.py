r"""How a stored pool is read: chunk by chunk as it comes, or by work that is sent to its blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from radsim.data.dask_columns import aligned, block_work, same_blocks
from radsim.door import Array, floats, inside
from radsim.payoffs import harms_and_stakes
from radsim.solvers.water import columns
from radsim.solvers.water.chunks import Chunk
from radsim.solvers.water.columns import Column, checked_chunks, points_at

__all__ = ["Reading", "Work"]

# (place of the first point, chunks of a stretch, what is given for it) -> what it makes of them.
Work = Callable[[int, Iterable[Any], Any], Iterable[Any]]


@dataclass(frozen=True, eq=False)
class Reading:
    """A stored pool as chunks of gains, harms and stakes.

    Attributes
    ----------
    gains : Column
    harms : Column or None
    harm : float
        Multiple of the gain, without harms.
    most : float
        Of points or queries, whose stakes are to have a finite sum.
    blocks : tuple of dask.array.Array
        Gains and harms, if work can be sent to them.
    passes : list of str
        Those over all points for some of them.
    """

    gains: Column
    harms: Column | None
    harm: float
    most: float
    blocks: tuple[Any, ...] = ()
    passes: list[str] = field(default_factory=list)
    _seen: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _picked: dict[int, Chunk] = field(default_factory=dict)

    @classmethod
    def of(cls, gains: Column, harms: Column | None, harm: float, most: float) -> Reading:
        """The reading of some columns, at their blocks if they have such."""
        found = cls(gains, harms, harm, most)
        if gains.array is None or (harms is not None and harms.array is None):
            return found
        first = aligned(gains.array, columns.CHUNK)
        rest = () if harms is None else (same_blocks(first, harms.array),)
        return replace(found, blocks=(first, *rest))

    @property
    def at_blocks(self) -> bool:
        """Whether work is sent to the blocks."""
        return bool(self.blocks)

    def chunks(self) -> Iterator[Chunk]:
        """One pass over all points."""
        others = None if self.harms is None else checked_chunks(self.harms, "harms")
        start = 0
        for g in checked_chunks(self.gains, "gains"):
            h = self.harm if others is None else next(others)
            yield g, *harms_and_stakes(g, h, self.most, start.__add__)
            start += len(g)

    def pick(self, index: Array) -> Chunk:
        """Points at some places, given in rising order."""
        # The same places are asked for again by every search.
        if len(index) not in self._picked:
            self.foresee([index])
        return self._picked[len(index)]

    def foresee(self, wanted: list[Array]) -> None:
        """Read the points at some lists of places at once, which are known to be asked for."""
        index = wanted[0] if len(wanted) == 1 else np.unique(np.concatenate(wanted))
        points = self._pick(index)
        for one in wanted:
            some = np.searchsorted(index, one)
            g, h, s = (column[some] for column in points)
            self._picked[len(one)] = g, h, s

    def _pick(self, index: Array) -> Chunk:
        if self.blocks or self.gains.pick is None:
            self.passes.append("sample")
        if self.blocks:
            found = list(self._at_blocks(_picked, partial(_places, index)))
            g = np.concatenate([x[0] for x in found])
            h = self.harm if self.harms is None else np.concatenate([x[1] for x in found])
        else:
            g = points_at(self.gains, index, "gains")
            h = self.harm if self.harms is None else points_at(self.harms, index, "harms")
        return g, *harms_and_stakes(g, h, self.most, index.__getitem__)

    def each(self, work: Work, given: Callable[[int, int], Any] | None = None) -> Iterator[Any]:
        """One pass: what work makes of each stretch of chunks, in file order.

        A stretch is a block that the work is sent to, or the whole pool where it is read here.
        `given(start, stop)` is what the work on a stretch is given besides.
        """
        if not self.blocks:
            return iter(work(0, self.chunks(), given and given(0, self.gains.n)))
        send = partial(_worked, work, self.harm, self.most)
        return (x for found in self._at_blocks(send, given) for x in found)

    def spread(self, work: Callable[[Chunk], Any]) -> Iterator[Any]:
        """One pass: what work makes of each chunk, in file order."""
        return self.each(partial(_mapped, work))

    def _at_blocks(
        self, work: Callable[..., Any], given: Callable[[int, int], Any] | None
    ) -> Iterator[Any]:
        return block_work(self.blocks, work, given, self._seen, "gains")

    def __reduce__(self) -> tuple[Any, ...]:
        # Work that knows of its pool is sent without it.
        nothing = Column(0, lambda: iter(()), None)
        return Reading, (nothing, None, self.harm, self.most)


def _mapped(work: Callable[[Chunk], Any], start: int, chunks: Iterable[Chunk], given: Any) -> Any:
    return map(work, chunks)


def _checked(start: int, *blocks: Array) -> list[Array]:
    return [
        inside(floats(block, name, first=start), name, first=start)
        for name, block in zip(("gains", "harms"), blocks, strict=False)
    ]


def _chunks_of(harm: float, most: float, start: int, blocks: list[Array]) -> Iterator[Chunk]:
    """Chunks of a block, which begins at a whole multiple of one."""
    g, *others = blocks
    for k in range(0, len(g), columns.CHUNK):
        part = slice(k, k + columns.CHUNK)
        h = others[0][part] if others else harm
        yield g[part], *harms_and_stakes(g[part], h, most, (start + k).__add__)


def _worked(
    work: Work, harm: float, most: float, start: int, given: Any, *blocks: Array
) -> list[Any]:
    with np.errstate(all="ignore"):  # which does not travel
        return list(work(start, _chunks_of(harm, most, start, _checked(start, *blocks)), given))


def _places(index: Array, start: int, stop: int) -> Array:
    first, last = np.searchsorted(index, (start, stop))
    return index[first:last] - start


def _picked(start: int, given: Array, *blocks: Array) -> list[Array]:
    return [block[given] for block in _checked(start, *blocks)]
