"""Instances as JSON files, whose floats round-trip exactly."""

from __future__ import annotations

from pathlib import Path

from radsim.data.instances import Instance
from radsim.documents import SavedGame, checked, read_document
from radsim.game import Count, Game
from radsim.writing import write_whole

__all__ = ["instance_of", "load", "save", "saved"]


def saved(instance: Instance, index: int = 0) -> SavedGame:
    """The document of an instance: its game and name, without labels and features.

    Parameters
    ----------
    instance : Instance
    index : int
        Place of the instance in its run.

    Returns
    -------
    SavedGame

    Raises
    ------
    ValueError
        If the name or the index is of another type; names the key and the value.

    Examples
    --------
    >>> saved(Instance("mine", Game([1, 0.5], mistakes=1))).gains
    [1.0, 0.5]
    >>> saved(Instance("mine", Game([1, 0.5], mistakes=1)), -1)
    Traceback (most recent call last):
    ...
    ValueError: index: must be greater than or equal to 0, not -1
    """
    game = instance.game
    found = {
        "name": instance.name,
        "gains": game.gains.tolist(),
        "harms": game.harms.tolist(),
        "mistakes": float(game.mistakes),
        "budget": float(game.budget),
        "capped": bool(game.capped),
        "abstain": bool(game.abstain),
        "index": index,
    }
    return checked(SavedGame, found)


def instance_of(found: SavedGame) -> Instance:
    """The instance of a document.

    Parameters
    ----------
    found : SavedGame

    Returns
    -------
    Instance

    Raises
    ------
    ValueError
        If there is no such game; names the argument.

    Examples
    --------
    >>> instance_of(saved(Instance("mine", Game([1, 0.5], mistakes=1)))).game
    Game([1, 0.5], mistakes=1, harms=[1, 0.5])
    """
    game = Game(
        found.gains,
        Count(found.mistakes),
        found.budget,
        harms=found.harms,
        capped=found.capped,
        abstain=found.abstain,
    )
    return Instance(found.name, game)


def save(instance: Instance, path: Path, *, index: int = 0) -> None:
    """Write an instance as JSON; floats round-trip exactly.

    Parameters
    ----------
    instance : Instance
        Its game and name are kept, labels and features are not.
    path : Path
    index : int
        Place of the instance in the run that saves it.

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
    write_whole(path, saved(instance, index).model_dump_json(indent=1) + "\n")


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
        If the file is not such an instance; names the file, the key and the value.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     save(Instance("mine", Game([1, 0.5], mistakes=1)), Path(place, "mine.json"), index=3)
    ...     load(Path(place, "mine.json"))[1]
    3
    """
    try:
        found = read_document(path, SavedGame)
        return instance_of(found), found.index
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        words = str(error).removeprefix(f"{path}: ")
        raise ValueError(f"{path}: not a saved instance: {words}") from None
