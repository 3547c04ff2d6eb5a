r"""A study of one's own, from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from radsim.distillation.setting import Setting
from radsim.distillation.strategies import strategy_named
from radsim.distillation.study.protocol import CELL, CORE, Study
from radsim.door import count, one_of

__all__ = ["read_study"]

_TOP = ("name", "says", "first_seed", "n_seeds", "strategies", "cells")
_OF_CELLS = (*CELL, "strategies")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _strategies(value: Any, where: str) -> tuple[str, ...]:
    names = _listed(value)
    for name in names:
        if not isinstance(name, str) or "," in name:
            raise ValueError(f"{where}: strategies = {name!r} must be a list of names")
        try:
            strategy_named(name)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    return tuple(dict.fromkeys(names))


def _crossed(block: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """One cell for every combination of the values that a block lists."""
    for key in block:
        one_of(key, _OF_CELLS, f"{where}: key")
    keys = [key for key in CELL if key in block]
    found = []
    for values in product(*(_listed(block[key]) for key in keys)):
        given = dict(zip(keys, values, strict=True))
        part = given.pop(
            "part", "noise" if given.get("teacher", "oracle") == "oracle" else "natural"
        )
        if given.get("teacher", "oracle") != "oracle":
            for key in ("noise", "rate"):
                if key in given:
                    raise ValueError(
                        f"{where}: {key} is the oracle's, and teacher = {given['teacher']!r}"
                    )
            given |= {"noise": None, "rate": 0.0}
        try:
            setting = Setting(**given)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{where}: {error}") from None
        row = {key: getattr(setting, key) for key in CELL if key != "part"}
        # Rows name the number of trusted labels, so that tables can tell them apart.
        row["n_validation"] = 300 if setting.n_validation is None else setting.n_validation
        row["noise"] = setting.noise or ""
        found.append({"part": part} | row)
    return found


def read_study(path: str | Path) -> tuple[str, Study]:
    r"""Read a study from a TOML file: seeds, strategies, and blocks of cells, their lists crossed.

    Parameters
    ----------
    path : str or Path
        Keys `name`, `says`, `first_seed`, `n_seeds`, `strategies`, and tables ``[[cells]]`` with
        the fields of `Setting` (one value each, or a list) and `part`; a block may name its own
        `strategies`.

    Returns
    -------
    name : str
    study : Study

    Raises
    ------
    ValueError
        Naming the file, the block, the key and the value.

    Examples
    --------
    >>> import tempfile
    >>> text = 'n_seeds = 2\n[[cells]]\nnoise = ["gain^0", "gain^3"]\nrate = [0.1, 0.3]\n'
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "mine.toml")
    ...     _ = path.write_text(text)
    ...     name, study = read_study(path)
    >>> name, len(study.cells()), study.cells()[0]["n_seeds"]
    ('mine', 4, 2)
    """
    path = Path(path)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: no TOML: {error}") from None
    for key in given:
        one_of(key, _TOP, f"{path}: key")
    blocks = given.get("cells")
    if not isinstance(blocks, list) or not blocks or not all(isinstance(b, dict) for b in blocks):
        raise ValueError(f"{path}: needs one or more tables [[cells]]")
    name = str(given.get("name", path.stem))
    first = count(given.get("first_seed", 0), f"{path}: first_seed")
    n_seeds = count(given.get("n_seeds", 20), f"{path}: n_seeds", low=1)
    strategies = _strategies(given.get("strategies", list(CORE)), str(path))
    rows: list[dict[str, Any]] = []
    for k, block in enumerate(blocks):
        where = f"{path}: cells {k}"
        mine = strategies
        if "strategies" in block:
            mine = _strategies(block["strategies"], where)
        seeds = {"first_seed": first, "n_seeds": n_seeds}
        named = {"strategies": ",".join(mine)}
        rows += [row | named | seeds for row in _crossed(block, where)]
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        place = tuple(row[key] for key in CELL)
        if place in seen:
            words = ", ".join(f"{key} = {row[key]}" for key in ("data", "noise", "rate", "budget"))
            raise ValueError(f"{path}: a cell stands twice: {words}")
        seen.add(place)
    return name, Study(str(given.get("says", f"A study of {path.name}.")), lambda: rows)
