r"""Tables of rows by name, which answer an unknown name with the nearest that they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["Table", "UnknownName", "nearest"]

# Names that are alike to this are offered, and so many of them at most.
_ALIKE, _OFFERED = 0.5, 3


class UnknownName(KeyError):
    """A name that a table does not have; the message is shown as it is, without quotes."""

    __str__ = Exception.__str__


def nearest(name: Any, known: Any) -> list[Any]:
    """Up to three of the names known that are written most like a name, whatever the case.

    Examples
    --------
    >>> nearest("pivotl", ("iid", "pivotal", "poisson")), nearest("RAD", ("rad", "margin"))
    (['pivotal'], ['rad'])
    """
    from difflib import SequenceMatcher  # slow to import, and for slips alone

    def alike(other: Any) -> float:
        return SequenceMatcher(None, str(name).lower(), str(other).lower()).ratio()

    near = sorted(known, key=lambda other: -alike(other))
    best = alike(near[0]) if near else 0.0
    # One that is far better than the rest is meant alone.
    return [x for x in near[:_OFFERED] if alike(x) >= max(_ALIKE, best - 0.2)]


class Table(dict[K, V]):
    """A dict of rows, whose KeyError names the table, near names and all there are.

    Parameters
    ----------
    name : str
        As a user writes the table.
    rows : mapping

    Examples
    --------
    >>> designs = Table("DESIGNS", {"pivotal": 1, "iid": 2})
    >>> designs["iid"]
    2
    >>> designs["pivotl"]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    radsim.door.tables.UnknownName: DESIGNS has no 'pivotl': did you mean 'pivotal'? It has ...
    """

    def __init__(self, name: str, rows: Mapping[K, V]) -> None:
        super().__init__(rows)
        self.name = name

    def __missing__(self, key: Any) -> V:
        near = " or ".join(map(repr, nearest(key, self)))
        meant = f": did you mean {near}? It has " if near else "; it has "
        raise UnknownName(f"{self.name} has no {key!r}{meant}{', '.join(map(repr, self))}")
