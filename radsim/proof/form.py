"""The file of a proof: its fields, and how each is written and read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, one_of, typed
from radsim.game import Count, Game
from radsim.sampling import DESIGNS

__all__ = [
    "FORMAT",
    "MOST_BYTES",
    "MOST_CHECKED",
    "MOST_PROVED",
    "VERSION",
    "Proof",
    "read_proof",
    "text_of",
    "written",
]

FORMAT, VERSION = "radsim proof", 2
# Of a file, and the points of its game, of which each takes some fifty.
MOST_BYTES, MOST_PROVED = 1 << 28, 5_000_000
# Checked points of which the bound on the mistakes is worked out again in whole numbers.
MOST_CHECKED = 100_000


@dataclass(frozen=True, eq=False)
class Proof:
    r"""What a proof file holds, read and well-formed, and not yet checked.

    Attributes
    ----------
    digest : str
        `Game.digest` of the game.
    mistakes, budget : float
    capped, abstain : bool
    harm : tuple
        ("multiple", c), ("constant", h) or ("column", name).
    value, lower, upper : str
        The largest float that is no larger than the guarantee; the guarantee :math:`W(q)`;
        :math:`\max_q U(q, l)`.  All exact, as written.
    inclusion, mistake_probabilities : ndarray, shape (n,)
        :math:`q`, which the picks are drawn from, and :math:`l`.
    design, seed : str, int
        Of the draw.
    picks : tuple of int
        Rows, counted from 0.
    validation : tuple, optional
        Points checked, those that were wrong, and delta: where the number of mistakes is from.
    ids : tuple of tuple of str
        Columns that identify the picks: the name of each, and then one text a pick.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> from radsim.proof import prove
    >>> solution, text = prove(solve(Game([1, 0.5, 0.25], mistakes=1)), ("multiple", 1.0))
    >>> proof = read_proof(text)
    >>> proof.mistakes, proof.design, proof.picks
    (1.0, 'pivotal', (2,))
    """

    digest: str
    mistakes: float
    budget: float
    capped: bool
    abstain: bool
    harm: tuple[str, Any]
    value: str
    lower: str
    upper: str
    inclusion: Array
    mistake_probabilities: Array
    design: str
    seed: int
    picks: tuple[int, ...]
    validation: tuple[int, int, float] | None
    ids: tuple[tuple[str, ...], ...]

    def game(self, gains: ArrayLike, harms: ArrayLike | None = None) -> Game:
        """The game of these gains under the rules of the proof; `harms` where a column holds them.

        Examples
        --------
        >>> from radsim import Game, solve
        >>> from radsim.proof import prove
        >>> _, text = prove(solve(Game([1, 0.5], mistakes=1)), ("multiple", 1.0))
        >>> read_proof(text).game([3, 2])
        Game([3, 2], mistakes=1)
        """
        kind, amount = self.harm
        if harms is None and kind == "constant":
            harms = np.full(np.shape(gains), amount)
        if harms is None and kind == "column":
            raise ValueError(f"harms are needed: those of column {amount!r}")
        return Game(
            gains,
            Count(self.mistakes),
            self.budget,
            amount if kind == "multiple" else 1.0,
            harms=harms,
            capped=self.capped,
            abstain=self.abstain,
        )


def written(x: float | Fraction) -> str:
    """A number m*2^e as text, m odd and in hexadecimal: exact, and one text a number.

    Examples
    --------
    >>> written(0.0), written(3.0), written(-0.1)
    ('0x0p0', '0x3p0', '-0xccccccccccccdp-55')
    >>> float.fromhex(written(0.1)) == 0.1
    True
    """
    top, bottom = x.as_integer_ratio()
    shift = (top & -top).bit_length() - 1 if top else 0
    return f"{top >> shift:#x}p{shift + 1 - bottom.bit_length()}"


# Everything strictly from here, so that a proof has one reading in every language.

_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _packed(text: str) -> str:
    return re.sub("[ \t\r\n]+", "", text)


def _malformed(name: str, value: Any, rule: str) -> ValueError:
    text = f"{value!r}"
    return ValueError(f"{name} is {text if len(text) < 80 else text[:77] + '...'}, not {rule}")


def _exactly(right: Any) -> Callable[[str, Any], Any]:
    def read(name: str, value: Any) -> Any:
        if type(value) is not type(right) or value != right:
            raise _malformed(name, value, repr(right))
        return value

    return read


def _matching(pattern: str, rule: str) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if type(value) is not str or not re.fullmatch(pattern, value):
            raise _malformed(name, value, rule)
        return value

    return read


def _boolean(name: str, value: Any) -> bool:
    if type(value) is not bool:
        raise _malformed(name, value, "true or false")
    return value


def _float(name: str, value: Any) -> float:
    try:
        found = float.fromhex(value)
        if written(found) == value:
            return found
    except (TypeError, ValueError, OverflowError):
        pass
    raise _malformed(name, value, "a double written as 0xMp±E, M odd")


def _list(name: str, value: Any, entry: Callable[[str, Any], Any]) -> list[Any]:
    if type(value) is not list:
        raise _malformed(name, value, "a list")
    return [entry(f"{name}[{k}]", x) for k, x in enumerate(value)]


def _floats(name: str, value: Any) -> Array:
    found = np.array(_list(name, value, _float), dtype=float)
    found.flags.writeable = False
    return found


def _row(name: str, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise _malformed(name, value, "the number of a row, from 0")
    return value


def _validation(name: str, value: Any) -> tuple[int, int, float] | None:
    rule = f"null, or points checked (at most {MOST_CHECKED}), those wrong, and delta"
    if value is None:
        return None
    if type(value) is not list or len(value) != 3 or {type(x) for x in value[:2]} != {int}:
        raise _malformed(name, value, rule)
    delta = _float(f"{name}[2]", value[2])
    if not (0 <= value[1] <= value[0] <= MOST_CHECKED and 0 < delta < 1):
        raise _malformed(name, value, rule)
    return value[0], value[1], delta


def _texts(name: str, value: Any) -> tuple[str, ...]:
    found = _list(name, value, _matching("(?s:.*)", "a text"))
    if not found:
        raise _malformed(name, value, "a name and one text a pick")
    return tuple(found)


def _harm(name: str, value: Any) -> tuple[str, Any]:
    kinds: dict[Any, Any] = {"multiple": _float, "constant": _float, "column": _matching(".*", "")}
    if type(value) is not list or len(value) != 2 or value[0] not in [*kinds]:
        raise _malformed(name, value, '["multiple", c], ["constant", h] or ["column", name]')
    return value[0], kinds[value[0]](f"{name}[1]", value[1])


_EXACT = _matching(r"-?0x[0-9a-f]+p-?\d+", "an exact number written as 0xMp±E")

FIELDS: dict[str, Callable[[str, Any], Any]] = {
    "format": _exactly(FORMAT),
    "version": _exactly(VERSION),
    "digest": _matching("[0-9a-f]{64}", "64 hexadecimal digits"),
    "mistakes": _float,
    "budget": _float,
    "capped": _boolean,
    "abstain": _boolean,
    "harm": _harm,
    "value": _EXACT,
    "lower": _EXACT,
    "upper": _EXACT,
    "inclusion": _floats,
    "mistake_probabilities": _floats,
    "design": lambda name, value: one_of(value, DESIGNS, name),
    "seed": _matching("0|[1-9][0-9]{0,37}", "a whole number of at most 38 digits, as text"),
    "picks": partial(_list, entry=_row),
    "validation": _validation,
    "ids": partial(_list, entry=_texts),
}


def text_of(fields: dict[str, Any]) -> str:
    """Write the fields of a proof, one a line.

    Examples
    --------
    >>> print(text_of({"capped": True, "picks": [1, 2]}), end="")
    {
    "capped": true,
    "picks": [1,2]
    }
    """
    lines = (f"{_json(name)}: {_json(value)}" for name, value in fields.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_proof(text: str | bytes) -> Proof:
    """Read a proof, strictly: all fields, no others, each in the one way in which it is written.

    Only spaces, ends of lines and the order of the fields are free.

    Parameters
    ----------
    text : str or bytes
        JSON; bytes are UTF-8.

    Returns
    -------
    Proof

    Raises
    ------
    ValueError
        In one line, naming the field that cannot be and its value.

    Examples
    --------
    >>> read_proof('{"format": "radsim proof", "format": "radsim proof"}')
    Traceback (most recent call last):
    ...
    ValueError: not written as a proof is: a key stands twice, or a number or text has another form
    """
    if len(typed(text, (str, bytes), "text")) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    try:
        text = text.decode() if isinstance(text, bytes) else text
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not readable as JSON: {error}") from None
    if _packed(_json(found)) != _packed(text):
        raise ValueError(
            "not written as a proof is: a key stands twice, or a number or text has another form"
        )
    if type(found) is not dict:
        raise ValueError("not a proof: no JSON object")
    for names, words in (
        ([name for name in found if name not in FIELDS], "is not known"),
        ([name for name in FIELDS if name not in found], "is missing"),
    ):
        if names:
            raise ValueError(f"field {names[0][:80]!r} {words}")
    fields = {name: read(name, found[name]) for name, read in FIELDS.items()}
    del fields["format"], fields["version"]
    fields |= {"seed": int(fields["seed"]), "picks": tuple(fields["picks"])}
    fields["ids"] = tuple(fields["ids"])
    return Proof(**fields)
