"""Instances as JSON files, whose floats round-trip exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from radsim.data.instances import Instance
from radsim.door import number
from radsim.game import Count, Game
from radsim.writing import write_whole

__all__ = ["load", "save"]


def save(instance: Instance, path: Path, **extra: Any) -> None:
    """Write an instance as JSON; floats round-trip exactly.

    Parameters
    ----------
    instance : Instance
        Its game and name are kept, labels and features are not.
    path : Path
    **extra
        More entries of the document.

    Raises
    ------
    OSError
        If the file cannot be written; then nothing is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     save(Instance("mine", Game([1, 0.5], mistakes=1)), Path(place, "mine.json"))
    ...     load(Path(place, "mine.json"))[0].game
    Game([1, 0.5], mistakes=1, harms=[1, 0.5])
    """
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

    Parameters
    ----------
    path : Path

    Returns
    -------
    instance : Instance
    index : int
        Place of the instance in the run that saved it, or 0.

    Raises
    ------
    ValueError
        If the file is not such an instance; names the file and what is missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     save(Instance("mine", Game([1, 0.5], mistakes=1)), Path(place, "mine.json"), index=3)
    ...     load(Path(place, "mine.json"))[1]
    3
    """
    try:
        document = json.loads(path.read_text())
        keys = ("gains", "mistakes", "budget", "harms", "capped", "abstain")
        known = {key: document[key] for key in keys}
        game = Game(**known | {"mistakes": Count(number(known["mistakes"], "mistakes"))})
        return Instance(str(document["name"]), game), int(document.get("index", 0))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a saved instance: {error!r}") from error
