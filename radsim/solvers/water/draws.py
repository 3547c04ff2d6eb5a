r"""Samples of stored pools: drawn in one pass over the inclusion probabilities, chunk by chunk.

A chunk is drawn from by itself, with random numbers of its own that its place gives it, and leaves
one point open at most; the open ones are joined in file order.  So it does not matter where a chunk
is drawn from, nor how often.  Designs in file order must know what fraction of a pick the chunks
before have left, which where chunks are drawn from apart is one more pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import fsum
from typing import Any, NamedTuple

import numpy as np

from radsim.door import Array
from radsim.sampling.design import MOST, splits
from radsim.sampling.iid import multinomial
from radsim.sampling.ordered_pivotal import CARRIED, fought, last_chance, set_aside
from radsim.sampling.pivotal import tournament
from radsim.solvers.water import columns

__all__ = ["DRAWS", "ORDERS", "Draw", "Inclusion", "Order", "Part", "opened", "taken"]


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


class Inclusion(NamedTuple):
    """Inclusion probabilities of a stored pool, wherever they are.

    Attributes
    ----------
    n : int
    each : callable
        (work, given) -> iterator over what `work(start, chunks, given(start, stop))` yields for
        each stretch of chunks, in file order; one pass.
    opened : callable, optional
        () -> for each chunk, the fraction of a pick that those before have left, where it cannot be
        known as the pool is read.
    """

    n: int
    each: Callable[..., Iterator[Any]]
    opened: Callable[[], list[float]] | None = None


class Part(NamedTuple):
    """What was drawn from a chunk: its sure points, the others, and one that is open.

    `CARRIED` stands for the point that the chunks before have left open.
    """

    sure: Array
    picks: Array
    left: int
    chance: float


# (q of the points that are open, fraction left before, generator of this chunk, number of the
# whole draw) -> places among these.
Order = Callable[[Array, float, np.random.Generator, float], tuple[Array, int, float]]


def _pivotal(q: Array, rest: float, rng: np.random.Generator, u: float) -> tuple[Array, int, float]:
    drawn, last, p = tournament(q, rng, 1)
    return np.flatnonzero(drawn[0]), int(last[0]), float(p[0])


def _ordered_pivotal(
    q: Array, rest: float, rng: np.random.Generator, u: float
) -> tuple[Array, int, float]:
    found = fought(q, rest, rng)
    return found.picks[0], int(found.left[0]), found.chance


def _systematic(
    q: Array, rest: float, rng: np.random.Generator, u: float
) -> tuple[Array, int, float]:
    """Points that hold one of u, u + 1, ..."""
    ends = np.cumsum(q)
    ends += rest  # only the fractional part is laid on, so no digits are lost
    whole = np.floor(ends)
    marks = whole + (u < ends - whole)
    return np.flatnonzero(np.diff(marks, prepend=float(u < rest)) > 0), CARRIED, 0.0


def _poisson(q: Array, rest: float, rng: np.random.Generator, u: float) -> tuple[Array, int, float]:
    return np.flatnonzero(rng.random(len(q)) < q), CARRIED, 0.0


# Whether what is left before a chunk matters in it.
ORDERS: dict[str, tuple[Order, bool]] = {
    "pivotal": (_pivotal, False),
    "ordered_pivotal": (_ordered_pivotal, True),
    "ordered_systematic": (_systematic, True),
    "poisson": (_poisson, False),
}


def opened(q: Array) -> float:
    """What the open points of a chunk add up to, as designs in file order add them."""
    part = set_aside(q)[0]
    return float(np.cumsum(part)[-1]) if len(part) else 0.0


def _onward(rest: float, total: float) -> float:
    return (total + rest) % 1.0


def _parts(
    order: Order, seed: int, u: float, start: int, chunks: Iterable[Array], rest: float
) -> Iterator[Part]:
    """Draw from the chunks of a stretch, one after the other."""
    for q in chunks:
        if q.max() > 1 + 1e-9:
            i = int(np.argmax(q))
            raise ValueError(f"inclusion[{start + i}] = {q[i]} must be at most 1")
        part, index, sure = set_aside(np.minimum(q, 1))
        if not len(part):
            yield Part(sure + start, part.astype(np.int64), CARRIED, rest)
        else:
            own = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(start,)))
            picks, left, chance = order(part, rest, own, u)
            place = np.append(np.arange(len(part)) if index is None else index, -1) + start
            place[-1] = CARRIED
            yield Part(sure + start, place[picks], int(place[left]), chance)
            rest = _onward(rest, opened(part))
        start += len(q)


def taken(design: str, inclusion: Inclusion, rng: np.random.Generator) -> Iterator[Array]:
    """Points of a sample, some at a time and in no order; what exceeds one is refused."""
    order, in_order = ORDERS[design]
    seed, u = int(rng.integers(1 << 62)), float(rng.random())
    given: Callable[[int, int], float] = _nothing
    if in_order and inclusion.opened is not None:
        rests = np.array([0.0, *inclusion.opened()])
        for k in range(1, len(rests)):
            rests[k] = _onward(rests[k - 1], rests[k])
        given = partial(_rest_at, rests)
    left, chance, n_open, n_sure = CARRIED, 0.0, 0, 0
    for part in inclusion.each(partial(_parts, order, seed, u), given):
        picks = np.where(part.picks == CARRIED, left, part.picks)
        n_sure, n_open = n_sure + len(part.sure), n_open + len(picks)
        yield np.concatenate((part.sure, picks))
        if design == "pivotal":
            left, chance, won = _met(left, chance, part.left, part.chance, rng)
            n_open += len(won)
            yield won
        elif design == "ordered_pivotal":
            left, chance = left if part.left == CARRIED else part.left, part.chance
    if left != CARRIED and rng.random() < last_chance(n_open, n_sure, chance):
        yield np.array([left])


def _nothing(start: int, stop: int) -> float:
    return 0.0


def _rest_at(rests: Array, start: int, stop: int) -> float:
    return float(rests[start // columns.CHUNK])


def _met(i: int, p: float, j: int, q: float, rng: np.random.Generator) -> tuple[int, float, Array]:
    """Two open points fight: who goes on, with what, and who is in."""
    nobody = np.empty(0, dtype=np.int64)
    if i == CARRIED or j == CARRIED or not p > 0 or not q > 0:
        return (i, p, nobody) if j == CARRIED or (i != CARRIED and p > 0) else (j, q, nobody)
    a, u = p + q, rng.random()
    if a < 1:
        return (i if u * a < p else j), a, nobody
    on, other = (i, j) if u * (2 - a) < 1 - p else (j, i)
    return on, a - 1, np.array([other])


def _once(design: str) -> Callable[[Inclusion, np.random.Generator], Draw]:
    """A draw that takes each point at most once: one bit a point is kept of it."""

    def draw(inclusion: Inclusion, rng: np.random.Generator) -> Draw:
        n, length = inclusion.n, columns.CHUNK
        bits, size = np.zeros(-(-n // 8), dtype=np.uint8), 0
        for index in taken(design, inclusion, rng):
            np.bitwise_or.at(bits, index >> 3, (128 >> (index & 7)).astype(np.uint8))
            size += len(index)

        def counts() -> Iterator[Array]:
            for start in range(0, n, length):
                stop = min(n, start + length)
                some = np.unpackbits(bits[start >> 3 : -(-stop // 8)])
                yield some[start & 7 : (start & 7) + stop - start].astype(np.int64)

        return Draw(size, counts)

    return draw


def _sums(start: int, chunks: Iterable[Array], given: float) -> Iterator[float]:
    return (float(q.sum()) for q in chunks)


def _shared(seed: int, start: int, chunks: Iterable[Array], shares: Array) -> Iterator[Array]:
    for share, q in zip(shares.tolist(), chunks, strict=True):
        own = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(start,)))
        yield multinomial(share, q, own)
        start += len(q)


def _with_replacement(inclusion: Inclusion, rng: np.random.Generator) -> Draw:
    """Independent draws: how many fall into each chunk, and there how many on each point.

    Nothing is kept but the numbers of the chunks: a chunk draws anew, always the same.
    """
    sums = np.array(list(inclusion.each(_sums, _nothing)))
    total = fsum(sums)
    if total > MOST:
        raise ValueError(f"inclusion sums to {total:g}, must be at most {MOST:g}")
    size, shares = 0, np.zeros(len(sums), dtype=np.int64)
    if total > 0:
        whole, part = splits(total)
        size = whole + int(rng.random() < part)
        shares = multinomial(size, sums, rng)
    seed, length = int(rng.integers(1 << 62)), columns.CHUNK

    def given(start: int, stop: int) -> Array:
        return shares[start // length : -(-stop // length)]

    return Draw(size, lambda: inclusion.each(partial(_shared, seed), given))


# As in DESIGNS, where they can be drawn in one pass: (inclusion, rng) -> Draw.
DRAWS: dict[str, Callable[[Inclusion, np.random.Generator], Draw]] = {
    **{name: _once(name) for name in ORDERS},
    "iid": _with_replacement,
}
