"""A game written down: as the call that makes it again, and as a digest of its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from radsim.door import Array

__all__ = ["digest_of", "shown", "written"]

# A game of more points than this is shown by their number.
SHOWN = 20
DEFAULTS = {"budget": 1, "harm": 1, "capped": True, "abstain": True}


def written(number: float) -> str:
    """A number as it would be typed: whole ones without a point, all others to the last digit."""
    value = float(number)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def shown(game: Any, arguments: dict[str, Any]) -> str:
    """The call that makes a game again; of a large one its size and digest instead."""
    name = type(game).__name__
    if game.n > SHOWN:
        return f"<{name} of {game.n} points, digest {game.digest()[:12]}>"
    words: list[str] = []
    for key, value in arguments.items():
        if key in DEFAULTS and np.array_equal(value, DEFAULTS[key]):
            continue
        if isinstance(value, bool):
            text = str(value)
        elif np.ndim(value) == 0:
            text = written(value)
        elif np.ndim(value) == 1:
            text = f"[{', '.join(map(written, value))}]"
        else:
            text = str(np.asarray(value, dtype=int).tolist())
        words.append(f"{key}={text}" if words else text)
    return f"{name}({', '.join(words)})"


def digest_of(kind: str, n: int, rules: tuple[Any, ...], *columns: Iterable[Array]) -> str:
    """SHA-256 of a kind of game, its numbers and its arrays in pieces, their bytes in one order."""
    found = hashlib.sha256(f"radsim {kind} game {n}\n".encode())
    for pieces in ([rules], *columns):
        for values in pieces:
            found.update(np.ravel(np.asarray(values, dtype="<f8")).data)
    return found.hexdigest()
