"""A pool and selectors of somebody's own, beside those that a simulation knows."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

import numpy as np

from radsim.addresses import file_of, loaded
from radsim.data.instances import Instance
from radsim.door import checked, names
from radsim.reading import read_bytes
from radsim.selectors import Selector, selector_of

__all__ = ["NOTHING", "Own"]


@dataclass(frozen=True, eq=False)
class Own:
    """What a simulation is given beside its tables; its names stand in the cells.

    Attributes
    ----------
    pool : Instance, optional
        Its name is what the cells call it.
    selectors : tuple of str
        Addresses, ``FILE.py:NAME`` or ``MODULE:NAME``.  The code there is run, in every process
        that computes a cell; no manifest can name one, they are what this very call names.
    digest : str
        Short SHA-256 of the pool's numbers and of the selectors' files; empty of nothing.

    Examples
    --------
    >>> from radsim import Game
    >>> mine = Own(Instance("mine", Game([1, 0.5], mistakes=1)))
    >>> list(mine.instances), mine.digest == Own(mine.pool).digest
    (['mine'], True)
    """

    pool: Instance | None = None
    selectors: tuple[str, ...] = ()
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        checked(self, pool=(Instance, NoneType))
        object.__setattr__(self, "selectors", names(self.selectors, "selectors"))
        for name in (*self.instances, *self.selectors):
            if "," in name:
                raise ValueError(f"{name!r} holds a comma, which tells names apart")
        object.__setattr__(self, "digest", _digest(self.pool, self.selectors))

    @property
    def instances(self) -> Mapping[str, Instance]:
        """The pool by its name, if there is one."""
        return {} if self.pool is None else {self.pool.name: self.pool}

    def check(self, digest: str, taken: Collection[str]) -> None:
        """Refuse another pool or other code than a cell was planned with, and names that are taken.

        Raises
        ------
        ValueError
            In words for who runs the cell.
        """
        if digest != self.digest:
            words = "must be named again" if digest and not self.digest else "is not what it was"
            raise ValueError(f"the pool or selector of your own that the run was made with {words}")
        if self.digest != _digest(self.pool, self.selectors):
            raise ValueError("a selector of your own has changed since the run began")
        for name in (*self.instances, *self.selectors):
            if name in taken:
                raise ValueError(f"{name!r} is the name of one that is known")

    def selector(self, address: str) -> Selector:
        """The selector at an address; its code is run, once a process."""
        return _selector(address, self.digest)


def _digest(pool: Instance | None, selectors: tuple[str, ...]) -> str:
    if pool is None and not selectors:
        return ""
    digest = hashlib.sha256()
    if pool is not None:
        game = pool.game
        numbers = [game.gains, game.harms, np.array([game.mistakes, game.budget])]
        numbers += [] if pool.probabilities is None else [np.asarray(pool.probabilities)]
        for part in numbers:
            digest.update(repr(part.shape).encode() + np.ascontiguousarray(part).tobytes())
    for address in selectors:
        try:
            digest.update(address.encode() + read_bytes(file_of(address, "--selector")))
        except OSError as error:
            raise ValueError(f"--selector {address}: {error.strerror}") from None
    return digest.hexdigest()[:16]


@functools.cache
def _selector(address: str, digest: str) -> Selector:
    # By the digest: what changed within a process is loaded anew.
    found: Any = loaded(address, "--selector")
    return selector_of(found)


NOTHING = Own()
