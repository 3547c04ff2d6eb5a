r"""The JSON documents that radsim writes, and what each must hold to be read again.

One model a document.  Nothing is taken for what it is not: no text for a number, no boolean for a
count, no number that is not finite; and a key that radsim does not write is refused, since what
it would have meant is not known.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from radsim.reading import MOST_BYTES, read_json

__all__ = [
    "Address",
    "Document",
    "Manifest",
    "SavedCheck",
    "SavedGame",
    "checked",
    "read_document",
    "read_manifest",
    "read_saved",
    "read_versions",
]

MOST_PLAN = 16 * 2**20  # bytes of a manifest


def _scalar(found: Any) -> Any:
    if found is not None and type(found) not in (bool, int, float, str):
        raise ValueError("must be a number, text, true, false or null")
    return found


Scalar = Annotated[Any, AfterValidator(_scalar)]
Whole = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[a-z_]{1,80}\.csv$")]


class Document(BaseModel):
    """What all documents have in common: strict, frozen, and no keys but their own."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Manifest(Document):
    """What a run was to do: `manifest.json`.

    Attributes
    ----------
    seed : int
    cells : list of dict, optional
        Of a sweep: one flat mapping a cell.
    instances : int, optional
        Of a verification: how many random instances.
    claims : list of str, optional
        Of a verification: ids.
    files : dict, optional
        Of a verification: name of a table -> SHA-256 of what the run wrote.

    Examples
    --------
    >>> checked(Manifest, {"seed": 3, "cells": [{"shift": 0}]}).cells
    [{'shift': 0}]
    """

    seed: Whole
    cells: list[dict[str, Scalar]] | None = None
    instances: Whole | None = None
    claims: list[str] | None = None
    files: dict[FileName, Digest] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Manifest:
        if (self.cells is None) == (self.instances is None):
            raise ValueError("needs cells, as of a sweep, or instances, as of a verification")
        return self


class SavedGame(Document):
    """A game that was saved because something failed on it: `failed-3.json`.

    Attributes
    ----------
    name : str
    gains, harms : list of float
    mistakes, budget : float
    capped, abstain : bool
    index : int
        Place of the game in the run that saved it.
    """

    name: str
    gains: list[float]
    harms: list[float]
    mistakes: float
    budget: float
    capped: bool
    abstain: bool
    index: Whole = 0


class Address(Document):
    """Whose check failed: a row of radsim's tables, or a function of somebody's file.

    Attributes
    ----------
    row : str, optional
        Name in the table.
    file, name, sha256 : str, optional
        Where the function stood, what it was called, and the digest of that file.  They are shown,
        and never used to run anything.
    takes : list of str
        The data that a selector takes.
    """

    row: str | None = None
    file: str | None = None
    name: str | None = None
    sha256: Digest | None = None
    takes: list[str] = []

    @model_validator(mode="after")
    def _is_one_kind(self) -> Address:
        if (self.row is None) == (self.name is None):
            raise ValueError("needs row, or file and name")
        return self


Numbers = list[float]


class SavedCheck(Document):
    """A check of `radsim.testing` that failed, with its smallest failing case.

    Attributes
    ----------
    kind : {"selector", "solver", "design"}
    check, subject, profile, words : str
    address : Address or None
        None if the subject stood in no file.
    seed : int
    game : SavedGame, optional
        Of a selector or a solver.
    probabilities, features, labels : list, optional
        Of a selector: what it takes beside the game, one row a point.
    inclusion : list of float, optional
        Of a design.
    """

    kind: Literal["selector", "solver", "design"]
    check: str
    subject: str
    address: Address | None
    seed: Whole
    profile: str
    words: str = ""
    game: SavedGame | None = None
    probabilities: list[Numbers] | Numbers | None = None
    features: list[Numbers] | None = None
    labels: list[int] | None = None
    inclusion: (
        Annotated[list[Annotated[float, Field(ge=0, le=1e6)]], Field(min_length=1)] | None
    ) = None

    @model_validator(mode="after")
    def _has_its_case(self) -> SavedCheck:
        if (self.kind == "design") != (self.inclusion is not None):
            raise ValueError("a design, and nothing else, needs inclusion")
        if (self.kind == "design") == (self.game is not None):
            raise ValueError("a selector or a solver, and no design, needs a game")
        return self


def read_saved(
    path: str | os.PathLike[str], inside: Path | None = None, most: int = MOST_BYTES
) -> SavedGame | SavedCheck:
    """Read what was saved when something failed: a game, or a check.

    Parameters
    ----------
    path : str or path
    inside : path, optional
        Folder that links may not lead out of.
    most : int
        Bytes; a larger file is refused.

    Returns
    -------
    SavedGame or SavedCheck

    Raises
    ------
    ValueError
        In one line that names the path, the key and its value.
    OSError
        If there is no such file, or it may not be read.

    Examples
    --------
    >>> read_saved("/dev/zero")
    Traceback (most recent call last):
    ...
    ValueError: /dev/zero: no regular file
    """
    found = read_json(path, most, inside)
    try:
        if isinstance(found, dict) and "check" in found:
            return checked(SavedCheck, _nested(found))
        return checked(SavedGame, found)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)}: not a saved failure: {error}") from None


def _nested(found: dict[str, Any]) -> dict[str, Any]:
    """With the game in an entry of its own; in older files its entries stand among the others."""
    if "gains" not in found or "game" in found:
        return found
    game = {key: found[key] for key in SavedGame.model_fields if key in found}
    return {key: x for key, x in found.items() if key not in game} | {"game": game}


Versions = list[dict[str, str]]
Shape = TypeVar("Shape")


def checked(shape: type[Shape], found: Any) -> Shape:
    """What was read from JSON as one of the documents.

    Parameters
    ----------
    shape : type
        A document, or any type that pydantic knows.
    found : object
        Of dicts, lists, str, int, float, bool and None.

    Returns
    -------
    shape

    Raises
    ------
    ValueError
        In one line that names the key and its value.

    Examples
    --------
    >>> checked(Manifest, {"seed": "0; touch X"})
    Traceback (most recent call last):
    ...
    ValueError: seed: must be a valid integer, not '0; touch X'
    """
    try:
        return TypeAdapter(shape).validate_python(found, strict=True)
    except ValidationError as error:
        raise ValueError(_words(error)) from None


def _words(error: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    head = f"{place[:200]}: " if place else ""
    kind, value = first["type"], first["input"]
    if kind == "missing":
        return f"{head}is missing"
    if kind == "extra_forbidden":
        return f"{head}is not known"
    words = first["msg"].replace("Input should be", "must be").replace("Value error, ", "")
    words = words.replace(f" dictionary or instance of {error.title}", " object")
    if isinstance(value, dict):
        return f"{head}{words}" if kind == "value_error" else f"{head}{words}, not an object"
    return f"{head}{words}, not {'a list' if isinstance(value, list) else f'{value!r:.60}'}"


def read_document(
    path: str | os.PathLike[str],
    shape: type[Shape],
    most: int = MOST_BYTES,
    inside: Path | None = None,
) -> Shape:
    """Read a JSON file as one of the documents; see `radsim.reading` for which files are read.

    Parameters
    ----------
    path : str or path
    shape : type
        A document, or any type that pydantic knows.
    most : int
        Bytes; a larger file is refused.
    inside : path, optional
        Folder that links may not lead out of.

    Returns
    -------
    shape

    Raises
    ------
    ValueError
        In one line that names the path, the key and its value.
    OSError
        If there is no such file, or it may not be read.

    Examples
    --------
    >>> read_document("/dev/zero", Manifest)
    Traceback (most recent call last):
    ...
    ValueError: /dev/zero: no regular file
    """
    found = read_json(path, most, inside)
    try:
        return checked(shape, found)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from None


def read_manifest(folder: Path) -> Manifest:
    """Read the `manifest.json` of a run's folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Manifest

    Raises
    ------
    ValueError
        In one line that names the file, the key and its value.
    OSError
        If there is none, or it may not be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "manifest.json").write_text('{"seed": 4, "cells": [{}]}')
    ...     read_manifest(Path(place)).seed
    4
    """
    return read_document(folder / "manifest.json", Manifest, MOST_PLAN, folder)


def read_versions(folder: Path) -> Versions:
    """Read the `versions.json` of a run's folder; none if it is not there.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of dict
        Name of a library -> its version, once an environment.

    Raises
    ------
    ValueError
        In one line that names the file and what is wrong.
    OSError
        If it may not be read.

    Examples
    --------
    >>> read_versions(Path("no-such-folder"))
    []
    """
    try:
        return read_document(folder / "versions.json", Versions, MOST_PLAN, folder)
    except FileNotFoundError:
        return []
