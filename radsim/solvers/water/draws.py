r"""Samples of stored pools: drawn in one pass over the inclusion probabilities, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import fsum
from typing import Protocol

import numpy as np

from radsim.door import Array
from radsim.sampling.design import MOST, splits
from radsim.sampling.iid import multinomial
from radsim.sampling.pivotal import tournament

__all__ = ["DRAWS", "Draw", "Pivotal", "Poisson", "Systematic", "taken"]

Inclusion = Callable[[], Iterator[Array]]


@dataclass(frozen=True)
class Draw:
    """One sample of a stored pool.

    Attributes
    ----------
    size : int
        How many points were drawn.
    counts : callable
        () -> how often each point was, chunk by chunk as the pool is read; always the same.
    """

    size: int
    counts: Callable[[], Iterator[Array]]


class OnePass(Protocol):
    """A design that sees inclusion probabilities once."""

    def take(self, q: Array, start: int) -> Array:
        """Points that are decided to be in, of this chunk or of one before."""

    def finish(self) -> Array:
        """Those that were still open."""


class Systematic:
    """Systematic sampling in file order, from one random number."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.u, self.rest = rng.random(), 0.0

    def take(self, q: Array, start: int) -> Array:
        """Points that hold one of u, u + 1, ..."""
        q = q.copy()
        q[0] += self.rest  # only the fractional part is laid on, so no digits are lost
        ends = np.cumsum(q)
        whole = np.floor(ends)
        marks = whole + (self.u < ends - whole)
        hit = np.flatnonzero(np.diff(marks, prepend=float(self.u < self.rest)) > 0)
        self.rest = float(ends[-1] - whole[-1])
        return hit + start

    def finish(self) -> Array:
        """Nothing is ever open."""
        return np.empty(0, dtype=np.int64)


class Pivotal:
    """A pivotal tournament in each chunk, whose undecided point joins the next chunk's."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.who, self.p = rng, -1, 0.0

    def take(self, q: Array, start: int) -> Array:
        """Points that are sure, or have won."""
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
        """The point that nobody was left to fight."""
        return np.array([self.who] if self.rng.random() < self.p else [], dtype=np.int64)


class Poisson:
    """Each point for itself."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def take(self, q: Array, start: int) -> Array:
        """Points whose own random number says so."""
        return np.flatnonzero(self.rng.random(len(q)) < q) + start

    def finish(self) -> Array:
        """Nothing is ever open."""
        return np.empty(0, dtype=np.int64)


def taken(design: OnePass, inclusion: Iterable[Array]) -> Iterator[Array]:
    """Points of a sample, some at a time and in no order; what exceeds one is refused."""
    start = 0
    for q in inclusion:
        if q.max() > 1 + 1e-9:
            i = int(np.argmax(q))
            raise ValueError(f"inclusion[{start + i}] = {q[i]} must be at most 1")
        yield design.take(np.minimum(q, 1), start)
        start += len(q)
    yield design.finish()


def _once(design: Callable[[np.random.Generator], OnePass]) -> Callable[..., Draw]:
    """A draw that takes each point at most once: one bit a point is kept of it."""

    def draw(n: int, inclusion: Inclusion, rng: np.random.Generator) -> Draw:
        bits, size, lengths = np.zeros(-(-n // 8), dtype=np.uint8), 0, []

        def noted() -> Iterator[Array]:
            for q in inclusion():
                lengths.append(len(q))
                yield q

        for index in taken(design(rng), noted()):
            np.bitwise_or.at(bits, index >> 3, (128 >> (index & 7)).astype(np.uint8))
            size += len(index)

        def counts() -> Iterator[Array]:
            start = 0
            for length in lengths:
                first = start >> 3
                some = np.unpackbits(bits[first : -(-(start + length) // 8)])
                yield some[start & 7 : (start & 7) + length].astype(np.int64)
                start += length

        return Draw(size, counts)

    return draw


def _with_replacement(n: int, inclusion: Inclusion, rng: np.random.Generator) -> Draw:
    """Independent draws: how many fall into each chunk, and there how many on each point.

    Nothing is kept but the numbers of the chunks: a chunk draws anew, always the same.
    """
    sums = np.array([float(q.sum()) for q in inclusion()])
    total = fsum(sums)
    if total > MOST:
        raise ValueError(f"inclusion sums to {total:g}, must be at most {MOST:g}")
    if not total > 0:
        return Draw(0, lambda: (np.zeros(len(q), dtype=np.int64) for q in inclusion()))
    whole, part = splits(total)
    size = whole + int(rng.random() < part)
    shares, seed = multinomial(size, sums, rng), int(rng.integers(1 << 62))

    def counts() -> Iterator[Array]:
        for k, q in enumerate(inclusion()):
            own = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,)))
            yield multinomial(int(shares[k]), q, own)

    return Draw(size, counts)


# As in DESIGNS, where they can be drawn in one pass: (n, inclusion, rng) -> Draw.
DRAWS: dict[str, Callable[..., Draw]] = {
    "pivotal": _once(Pivotal),
    "ordered_systematic": _once(Systematic),
    "poisson": _once(Poisson),
    "iid": _with_replacement,
}
