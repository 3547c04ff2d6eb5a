"""Instances as JSON files, whose floats round-trip exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from radsim.data.instances import Instance
from radsim.door import write_whole
from radsim.game import Game

__all__ = ["load", "save"]


def save(instance: Instance, path: Path, **extra: Any) -> None:
    """Write an instance as JSON; floats round-trip exactly."""
    game = instance.game
    document = {
        "name": instance.name,
        "gains": game.gains.tolist(),
        "harms": game.harms.tolist(),
        "mistakes": game.mistakes,
        "budget": game.budget,
        "capped": game.capped,
        "abstain": game.abstain,
        **extra,
    }
    write_whole(path, json.dumps(document, indent=1) + "\n")


def load(path: Path) -> tuple[Instance, int]:
    """Read an instance that `save` wrote, and its index.

    Raises
    ------
    ValueError
        If the file is not such an instance; names the file and what is missing.
    """
    try:
        document = json.loads(path.read_text())
        keys = ("gains", "mistakes", "budget", "harms", "capped", "abstain")
        game = Game(**{key: document[key] for key in keys})
        return Instance(str(document["name"]), game), int(document.get("index", 0))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a saved instance: {error!r}") from error
