"""Damage of every kind, from a seed: to bytes, to JSON, to CSV, and to the files of a folder.

`mutated` is a pure function of bytes and a generator; `spoiled` damages one file of a folder.  Both
say in words what they did, so that a failure names it and its seed makes it again.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Rng = np.random.Generator

# What stands where something else should.
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    3,
    1.5,
    1e308,
    10**20,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "no",
    "0",
    "0; touch X",
    "NaN",
    "--out",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "x" * 5000,
    "\ud800",
    "\u202e\u200b",
    [],
    [[]],
    [1, "a", None],
    {},
    {"a": {"b": []}},
]
CELLS = [
    "",
    "nan",
    "inf",
    "-1",
    "1e999",
    "True",
    "no",
    "VIOLATED ",
    "violated",
    '"',
    "a,b",
    "\x00",
    "é",
]


def _at(rng: Rng, n: int) -> int:
    return int(rng.integers(max(n, 1)))


# --- Bytes ---


def _flip(content: bytes, rng: Rng) -> bytes:
    data = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        if data:
            data[_at(rng, len(data))] ^= 1 << _at(rng, 8)
    return bytes(data)


def _cut(content: bytes, rng: Rng) -> bytes:
    return content[: _at(rng, len(content))]


def _zeros(content: bytes, rng: Rng) -> bytes:
    k = _at(rng, len(content))
    n = int(rng.integers(1, 64))
    return content[:k] + b"\0" * n + content[k + n :]


def _noise(content: bytes, rng: Rng) -> bytes:
    return rng.bytes(int(rng.integers(0, 300)))


def _twice(content: bytes, rng: Rng) -> bytes:
    return content + content


def _empty(content: bytes, rng: Rng) -> bytes:
    return b""


def _encoded(content: bytes, rng: Rng) -> bytes:
    text = content.decode("latin-1")
    return text.encode(["utf-16", "utf-32", "utf-8-sig"][_at(rng, 3)])


BYTES: dict[str, Callable[[bytes, Rng], bytes]] = {
    "bits flipped": _flip,
    "cut off": _cut,
    "zeros inside": _zeros,
    "noise": _noise,
    "written twice": _twice,
    "empty": _empty,
    "another encoding": _encoded,
}


# --- JSON ---


def _places(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, below in pairs:
        found += _places(below, (*way, key))
    return found


def _changed(document: Any, rng: Rng) -> tuple[str, Any]:
    """One place of a document with something else, or gone, or beside something new."""
    document = copy.deepcopy(document)
    places = _places(document)
    if not places or rng.random() < 0.05:
        return "all of it replaced", ODD[_at(rng, len(ODD))]
    # Places near the root as often as the many far from it.
    depth = int(rng.integers(1, 1 + max(map(len, places))))
    near = [way for way in places if len(way) <= depth]
    way = near[_at(rng, len(near))]
    parent = document
    for key in way[:-1]:
        parent = parent[key]
    odd = copy.deepcopy(ODD[_at(rng, len(ODD))])
    kind = _at(rng, 4)
    if kind == 0:
        del parent[way[-1]]
        return f"{way} removed", document
    if kind == 1 and isinstance(parent, dict):
        parent[["more", "seed", "index", "cells", "check", ""][_at(rng, 6)]] = odd
        return f"a key added at {way[:-1]}", document
    if kind == 2:
        deep: Any = odd
        for _ in range([3, 50, 3000][_at(rng, 3)]):
            deep = [deep]
        parent[way[-1]] = deep if rng.random() < 0.3 else [parent[way[-1]]]
        return f"{way} nested", document
    parent[way[-1]] = odd
    return f"{way} = {odd!r:.40}", document


def _dumped(document: Any) -> bytes:
    """As JSON, however deep it is."""
    try:
        return json.dumps(document).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b'{"seed": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"


def _json(content: bytes, rng: Rng) -> tuple[str, bytes]:
    words, document = _changed(json.loads(content), rng)
    text = _dumped(document)
    if rng.random() < 0.1 and text.startswith(b'{"'):
        key = text[1 : text.index(b":")]
        return f"{words}, {key.decode()} twice", b"{" + key + b": 1, " + text[1:]
    return words, text


# --- Text in lines and cells ---


def _lines(content: bytes, rng: Rng) -> tuple[str, bytes]:
    lines = content.decode("utf-8", "replace").splitlines()
    k = _at(rng, len(lines))
    cells = lines[k].split(",")
    j = _at(rng, len(cells))
    kind = _at(rng, 6)
    if kind == 0:
        del lines[k]
        words = f"line {k} removed"
    elif kind == 1:
        lines.insert(k, lines[k])
        words = f"line {k} twice"
    elif kind == 2:
        del cells[j]
        lines[k] = ",".join(cells)
        words = f"cell {j} of line {k} removed"
    elif kind == 3:
        lines[k] += ",more"
        words = f"a cell more in line {k}"
    else:
        cells[j] = CELLS[_at(rng, len(CELLS))]
        lines[k] = ",".join(cells)
        words = f"cell {j} of line {k} is {cells[j]!r}"
    return words, ("\n".join(lines) + "\n").encode()


def mutated(content: bytes, rng: Rng) -> tuple[str, bytes]:
    """What was done, and the damaged bytes; JSON and CSV are damaged in their own ways too.

    Examples
    --------
    >>> mutated(b'{"seed": 1}', np.random.default_rng(0)) == mutated(
    ...     b'{"seed": 1}', np.random.default_rng(0))
    True
    """
    if rng.random() < 0.7:
        try:
            return _json(content, rng)
        except (ValueError, RecursionError):
            if (
                content
                and b"\0" not in content
                and not content.startswith((b"PAR1", b"PK", b"\x89"))
            ):
                return _lines(content, rng)
    name = list(BYTES)[_at(rng, len(BYTES))]
    return name, BYTES[name](content, rng)


# --- Files ---


def _gone(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _secret(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("no-such-file")


def _named(path: Path) -> None:
    path.rename(path.with_name("-rf $(touch X)\n'\" <b>" + path.suffix))


def _copied(path: Path) -> None:
    shutil.copy(path, path.with_name("copy-of-" + path.name))


PLACES: dict[str, Callable[[Path], None]] = {
    "removed": _gone,
    "a folder": _folder,
    "a pipe": _pipe,
    "a link to a device": _device,
    "a link out of the folder": _secret,
    "a link to itself": _circle,
    "a link to nothing": _nowhere,
    "renamed": _named,
    "copied": _copied,
}


def spoiled(folder: Path, rng: Rng) -> str:
    """Damage one file of a folder, and say which and how."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    path = files[_at(rng, len(files))]
    name = path.relative_to(folder)
    if rng.random() < 0.25:
        kind = list(PLACES)[_at(rng, len(PLACES))]
        PLACES[kind](path)
        return f"{name}: {kind}"
    words, content = mutated(path.read_bytes(), rng)
    path.write_bytes(content)
    return f"{name}: {words}"
