r"""The largest values of a stream that is too long to be kept, and is read again instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, fsum

import numpy as np

from radsim.door import Array

__all__ = ["Largest", "settle"]

# Different values that are kept; more of them are told apart in one more pass.
KEPT = 1 << 20
# Bits of a float that a pass looks at: 15 of them first, for no value has a sign.
_DIGIT = 16


class Largest:
    r"""Search for the k largest of non-negative values: their sum, and where they begin.

    .. math:: T_k(x) = \sum_{x_i > t} x_i + (k - |\{x_i > t\}|)\, t,

    with t the largest value but :math:`\lceil k\rceil - 1`.  Floats that are not negative are in
    the order of their bits, so a pass counts them by their leading bits and the next one looks only
    at those that share t's, until few different ones are left: two passes in most cases, four at
    the most, whatever the values are.

    Parameters
    ----------
    k : float
        In [0, n]; of the last value a fraction.

    Attributes
    ----------
    total : float
        :math:`T_k`, once the search has ended.
    value : float
        t, infinite for k = 0.
    above : int
        How many values are above t.

    Examples
    --------
    >>> found = Largest(2.5)
    >>> settle([found], lambda: ((x,) for x in np.array([[4, 1, 3], [2, 3, 0]], dtype=float)))
    >>> found.total, found.value, found.above
    (8.5, 3.0, 1)
    """

    def __init__(self, k: float) -> None:
        self.k = k
        self.total, self.value, self.above = 0.0, np.inf, 0
        # What is looked at: values whose bits are `_base` but for the last `_free` ones.
        self._base, self._free = 0, 63
        self._start(0)
        self.settled = k == 0

    def _start(self, n_inside: int) -> None:
        self._counts = np.zeros(1 << min(_DIGIT, self._free), dtype=np.int64)
        self._sums: list[float] = []
        self._few = 0 < n_inside <= KEPT
        self._kept: list[tuple[Array, Array]] | None = [] if n_inside else None
        self._n_kept = 0

    def take(self, values: Array) -> None:
        """Look at some values; one pass is all of them."""
        values = values + 0.0  # -0.0 has a sign
        bits = values.view(np.uint64)
        if self._free < 63:
            top = np.uint64(self._base + (1 << self._free))
            self._sums.append(float(values[bits >= top].sum()))
            inside = (bits >= np.uint64(self._base)) & (bits < top)
            values, bits = values[inside], bits[inside]
        if self._kept is not None:
            self._keep(values)
        if not self._few:
            digits = (bits - np.uint64(self._base)) >> np.uint64(max(0, self._free - _DIGIT))
            self._counts += np.bincount(digits.astype(np.int64), minlength=len(self._counts))

    def _keep(self, values: Array) -> None:
        assert self._kept is not None
        if len(values):
            self._kept.append(np.unique(values, return_counts=True))
            self._n_kept += len(self._kept[-1][0])
        if self._n_kept > KEPT and len(self._kept) > 1:
            found = self._merged()
            self._kept, self._n_kept = [found], len(found[0])
            # Or every chunk would merge them again; so few free bits leave few different ones.
            if 2 * self._n_kept > KEPT and self._free > _DIGIT:
                self._kept = None

    def _merged(self) -> tuple[Array, Array]:
        assert self._kept is not None
        values, place = np.unique(np.concatenate([x for x, _ in self._kept]), return_inverse=True)
        counts = np.concatenate([c for _, c in self._kept])
        merged = np.zeros(len(values), dtype=np.int64)
        np.add.at(merged, place, counts)
        return values, merged

    def turn(self) -> None:
        """End a pass: settle, or say what the next one looks at."""
        rank = ceil(self.k) - self.above
        if self._kept is not None:
            values, counts = self._merged()
            values, reached = values[::-1], np.cumsum(counts[::-1])
            place = int(np.searchsorted(reached, rank))
            self.value = float(values[place])
            before = int(reached[place - 1]) if place else 0
            self.above += before
            inside = float((values[:place] * counts[::-1][:place]).sum())
            self.total = fsum([*self._sums, inside, (self.k - self.above) * self.value])
            self.settled = True
            return
        reached = np.cumsum(self._counts[::-1])
        place = int(np.searchsorted(reached, rank))
        digit, self._free = len(reached) - 1 - place, max(0, self._free - _DIGIT)
        self._base += digit << self._free
        self.above += int(reached[place - 1]) if place else 0
        self._start(int(self._counts[digit]))


def settle(searches: Sequence[Largest], passes: Callable[[], Iterable[Sequence[Array]]]) -> None:
    """Read until all searches have ended, at least once; each pass gives them values, a piece each.

    Parameters
    ----------
    searches : sequence of Largest
    passes : callable
        () -> iterable over pieces: for each search, its values of some points.
    """
    while True:
        for values in passes():
            for search, some in zip(searches, values, strict=True):
                if not search.settled:
                    search.take(some)
        for search in searches:
            if not search.settled:
                search.turn()
        if all(search.settled for search in searches):
            return
